"""Platforms that drop replies, break, hang and ask to wait: nothing early, twice, lost or starved.

The whole run: `STORM=1000 pytest -m "proof or not proof" tests/test_storms.py`.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest

from bot.errors import RetryAfter, Unsure
from bot.events import Card
from bot.ports import Address, MessageRef
from bot.scheduler import TICK_SECONDS
from bot.service import Service
from tests.fakes import World
from tests.jumping import jump
from tests.many import furnish
from tests.small_bank import small_bank
from tests.wire import Wire

STORM = int(os.environ.get("STORM", "1000"))
"""How many calls fail in the long run."""

TEAMS = 60
TIME_OUT = 15.0
A_DAY = 86_400

Fault = Literal["dropped reply", "500", "time-out", "429"]
FAULTS: tuple[Fault, ...] = ("dropped reply", "500", "time-out", "429")


class Storm(Wire):
    """Half of all calls fail in one way, until so many have.

    `early` are the calls that came before the platform had said, `longest` the most seconds that
    one waited longer than it was told to.
    """

    def __init__(self, fault: Fault, left: int) -> None:
        super().__init__()
        self._fault, self._left = fault, left
        self._rng = random.Random(1)
        self._not_before: dict[str, float] = {}
        self.early: list[str] = []
        self.longest = 0.0
        self.failed = 0

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post, or fail before or after it."""
        fails = self._fails(key)
        if fails and not self._arrives():
            raise await self._failure(key)
        ref = await super().post(channel, card, key, thread)
        if fails:
            raise await self._failure(key)
        return ref

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
        """Edit, or fail before or after it."""
        key = f"edit {ref.message}"
        fails = self._fails(key)
        if not fails or self._arrives():
            await super().edit(ref, card, count=count)
        if fails:
            raise await self._failure(key)

    async def find(
        self, channel: Address, key: str, since: datetime, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """Look, or fail."""
        if self._fails(key):
            raise await self._failure(key)
        return await super().find(channel, key, since, thread)

    def _fails(self, key: str) -> bool:
        """Whether this call is to fail; takes note of when it came."""
        now = asyncio.get_running_loop().time()
        allowed = self._not_before.pop(key, now)
        if now < allowed:
            self.early.append(key)
        self.longest = max(self.longest, now - allowed)
        fails = self.failed < self._left and self._rng.random() < 0.5
        self.failed += fails
        return fails

    def _arrives(self) -> bool:
        """Whether a call that fails has an effect all the same."""
        return self._fault != "429" and (self._fault == "dropped reply" or self._rng.random() < 0.5)

    async def _failure(self, key: str) -> Exception:
        if self._fault == "429":
            seconds = self._rng.randint(1, 60)
            self._not_before[key] = asyncio.get_running_loop().time() + seconds
            return RetryAfter(seconds)
        if self._fault == "time-out":
            await asyncio.sleep(TIME_OUT)
        return Unsure(self._fault)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at nine, with the dailies of many teams due; waiting takes no time."""
    with World(tmp_path, bank=small_bank()) as world:
        furnish(world, TEAMS)
        world.wait(hours=1)
        jump(world)
        yield world


async def days(world: World, service: Service, storm: Storm, count: int) -> int:
    """Let days go by until so many calls have failed, and one more; gives how many."""
    loop = asyncio.get_running_loop()
    day = 0
    while storm.failed < count or not day:
        await a_day(world, service)
        day += 1
        await asyncio.sleep(day * A_DAY - loop.time())
    await a_day(world, service)
    await service._workers.end(0)
    return day + 1


async def a_day(world: World, service: Service) -> None:
    """Ticks until everything that the day brought has been sent; half of it is long enough.

    A look and a message both fail half of the time, and waits grow to nine minutes: now and then
    one of thousands has to be tried for hours.
    """
    for _ in range(A_DAY // 2 // TICK_SECONDS):
        await service.work()
        await asyncio.sleep(TICK_SECONDS)
        waiting = world.rows("SELECT 1 FROM outbox WHERE state IN ('pending', 'sending') LIMIT 1")
        if not waiting:
            return
    pytest.fail("half a day was not enough")


@pytest.mark.parametrize("count", [100, pytest.param(STORM, marks=pytest.mark.proof)])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_storm_passes(world: World, fault: Fault, count: int) -> None:
    """Each message stands there once, the same day, and none was tried before it was allowed."""
    storm = Storm(fault, count)
    world.relay = world.desk.relays["memory"] = storm  # type: ignore[index]  # a dict, as in `World`
    service = Service(world.desk, "one", world.clock)
    passed = world.run(days(world, service, storm, count))
    states = Counter(world.rows("SELECT step, state FROM outbox"))
    assert {
        ("question", "posted"): TEAMS * passed,
        ("close", "posted"): TEAMS * (passed - 1),
        ("explain", "posted"): TEAMS * (passed - 1),
    } == states
    keys = Counter(posted.key for posted in storm.posted.values())
    assert (TEAMS * (2 * passed - 1), {1}) == (len(keys), set(keys.values()))
    assert count == storm.failed
    assert [] == storm.early
    # A second for the fraction of one that is not stored, and one for those before it.
    assert storm.longest <= TICK_SECONDS + 2
