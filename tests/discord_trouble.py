"""What tests of bad days on Discord share: days that must end well."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.store import sqlite
from tests.discord_state import Message
from tests.discord_team import DiscordTeam
from tests.fakes import some_of
from tests.slack_trouble import errors
from tests.small_bank import small_bank

TICKS = "subtract-row-means"
"""A question that is answered in a form, with boxes to tick."""

SHAPE = "readings-minus-offsets"
"""A question whose answer is typed where it is practised."""

Act: TypeAlias = Callable[[DiscordTeam, Message], Awaitable[None]]


class DiscordDay:
    """A day of a team: `play` begins with an open daily, `live` with nothing but a channel.

    In the end nothing may have been logged as an error, and Discord may have had nothing to
    object to. `source` is the only question there is; without one they are single choices.
    """

    def __init__(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.folder, self.caplog = folder, caplog

    def play(self, act: Act, source: str = "", *, may_fail: bool = False) -> None:
        """Act below the daily's message."""

        async def begun(team: DiscordTeam) -> None:
            await act(team, await team.begin())

        self.live(begun, source, may_fail=may_fail)

    def live(
        self,
        act: Callable[[DiscordTeam], Awaitable[None]],
        source: str = "",
        *,
        may_fail: bool = False,
    ) -> None:
        """Act in a server that the bot has not connected to; `may_fail` allows errors."""

        async def whole() -> None:
            bank = some_of(source) if source else small_bank()
            async with DiscordTeam(self.folder, bank=bank) as team:
                await act(team)
                await team.settled()
                assert [] == team.discord.problems

        with self.caplog.at_level(logging.INFO):
            asyncio.run(whole())
        assert may_fail or [] == errors(self.caplog)


@contextmanager
def locked(team: DiscordTeam) -> Iterator[None]:
    """Another program holds the database."""
    connection = sqlite.connect(team.folder / "bot.db")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


def first(message: Message) -> str:
    """The id of a message's first button."""
    return next(iter(message.buttons.values()))


def said(message: Message) -> str:
    """What a message says, without its marks."""
    text = message.text.replace("\\", "").replace("**", "").replace("`", "")
    return re.sub(r"</([^:]+):\d+>", r"/\1", text)


class Hasty:
    """asyncio for discord.py, which waits seconds before it tries a call again."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(_seconds: float) -> None:
        """Wait no time."""
        await asyncio.sleep(0)


async def due(team: DiscordTeam) -> None:
    """Set the daily up; the first one is due with the next tick."""
    await team.tick()
    await team.command("Ada", "schedule", {"time": "09:00", "days": "daily"})
    team.wait(hours=1)


async def days(team: DiscordTeam, ticks: int = 20) -> None:
    """Let some minutes pass."""
    for _ in range(ticks):
        await team.tick()
        team.wait(seconds=20)
