"""What tests of bad days on Discord share: days that must end well."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.bank.bank import Bank
from tests import trouble
from tests.discord_state import Message
from tests.discord_team import DiscordTeam

TICKS = "subtract-row-means"
"""A question that is answered in a form, with boxes to tick."""

SHAPE = "readings-minus-offsets"
"""A question whose answer is typed where it is practised."""

Act: TypeAlias = Callable[[DiscordTeam, Message], Awaitable[None]]


class DiscordDay(trouble.Day[DiscordTeam, Message]):
    """A day on Discord."""

    def team(self, bank: Bank) -> DiscordTeam:
        """A team on Discord."""
        return DiscordTeam(self.folder, bank=bank)

    def problems(self, team: DiscordTeam) -> list[str]:
        """What Discord objects to."""
        return team.discord.problems


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
