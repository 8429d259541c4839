"""Backups while a whole team answers, each restored: whole, and with all that was confirmed before.

The whole run: `BACKUPS=50 pytest -m proof tests/test_backups_under_load.py`.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.events import Command, Press
from bot.store import LATEST
from bot.store.backup import backup
from bot.store.restore import restore
from tests.fakes import World, _person, card
from tests.reference import check_boards, check_recomputation, check_streaks
from tests.small_bank import small_bank

BACKUPS = int(os.environ.get("BACKUPS", "10"))
MEMBERS = 64


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at nine, with a daily that everybody may answer."""
    with World(tmp_path / "home", bank=small_bank()) as world:
        world.begin()
        yield world


class Load:
    """A team that answers the daily and then practises, all at once, without end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.confirmed: set[tuple[int, str]] = set()
        self.begun = asyncio.Event()

    async def play(self, who: str) -> None:
        """One member at it."""
        world = self._world
        daily = world.daily_of()
        await self._answer(who, daily.id)
        while True:
            event = Command(place=world.place(), person=_person(who), at=world.now, text="quiz")
            asked = card(await world.bot.handle(event)).post_id
            if asked is not None:
                await self._answer(who, asked)

    async def _answer(self, who: str, post: int) -> None:
        world = self._world
        button = f"answer:pick:{post}:0:"
        await world.bot.handle(
            Press(place=world.place(), person=_person(who), at=world.now, button=button)
        )
        self.confirmed.add((post, who))
        self.begun.set()


def check(path: Path, world: World, confirmed: set[tuple[int, str]]) -> int:
    """Look at a restored database; gives how many answers it holds."""
    with World(path.parent, bank=small_bank(), now=world.now) as restored:
        assert "ok" == restored.database.finding()
        stored = restored.rows(
            "SELECT post_id, platform_id FROM answers a JOIN members m ON m.id = a.member_id"
        )
        assert set() == confirmed - set(stored)
        check_boards(restored)
        check_streaks(restored)
        check_recomputation(restored)
        return len(stored)


@pytest.mark.parametrize("count", [2, pytest.param(BACKUPS, marks=pytest.mark.proof)])
def test_a_backup_under_load_is_whole(tmp_path: Path, world: World, count: int) -> None:
    """Nobody waits for it, and its boards are those of its answers."""
    load = Load(world)
    sizes = list[int]()

    async def act() -> None:
        playing = [asyncio.create_task(load.play(f"m{number}")) for number in range(MEMBERS)]
        await load.begun.wait()
        for number in range(count):
            before = set(load.confirmed)
            target = tmp_path / "copy.db"
            await asyncio.to_thread(backup, world.database.path, target, overwrite=True)
            at = tmp_path / f"restored{number}" / "bot.db"
            at.parent.mkdir()
            await asyncio.to_thread(restore, target, at, LATEST, world.now)
            sizes.append(await asyncio.to_thread(check, at, world, before))
            assert not any(one.done() for one in playing)
        for one in playing:
            one.cancel()
        await asyncio.gather(*playing, return_exceptions=True)

    world.run(act())
    assert sizes == sorted(set(sizes))
    assert sizes[-1] >= MEMBERS
