"""What tests of bad days on Slack share: edits of payloads, and days that must end well."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.store import sqlite
from tests.fakes import some_of
from tests.slack_forms import words
from tests.slack_people import Edit
from tests.slack_rules import Json
from tests.slack_state import Message
from tests.slack_team import SlackTeam, buttons
from tests.small_bank import small_bank

Act: TypeAlias = Callable[[SlackTeam, Message], Awaitable[None]]

UNKNOWN_CHOICE = "I do not know that choice: pick from the ones that are shown."
HUGE = "9" * 400
TICKS = "subtract-row-means"
"""A question that is answered in a form, with boxes to tick."""


class Day:
    """A day of a team: `play` begins with an open daily, `live` with nothing but a channel.

    In the end nothing may have been logged as an error, and Slack may have had nothing to
    object to. `source` is the only question there is; without one they are single choices.
    `ping` is how often, in seconds, a broken socket is noticed.
    """

    def __init__(
        self, folder: Path, caplog: pytest.LogCaptureFixture, *, ping: float = 2.0
    ) -> None:
        self.folder, self.caplog, self.ping = folder, caplog, ping

    def play(self, act: Act, source: str = "", *, may_fail: bool = False) -> None:
        """Act below the daily's message."""

        async def begun(team: SlackTeam) -> None:
            await act(team, await team.begin())

        self.live(begun, source, may_fail=may_fail)

    def live(
        self,
        act: Callable[[SlackTeam], Awaitable[None]],
        source: str = "",
        *,
        may_fail: bool = False,
    ) -> None:
        """Act in a workspace that the bot has not connected to; `may_fail` allows errors."""

        async def whole() -> None:
            bank = some_of(source) if source else small_bank()
            async with SlackTeam(self.folder, bank=bank, ping=self.ping) as team:
                await act(team)
                await team.settled()
                assert [] == team.slack.problems

        with self.caplog.at_level(logging.INFO):
            asyncio.run(whole())
        assert may_fail or [] == errors(self.caplog)


@contextmanager
def locked(team: SlackTeam) -> Iterator[None]:
    """Another program holds the database."""
    connection = sqlite.connect(team.folder / "bot.db")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as an error."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


def put(value: object, *path: Any) -> Edit:  # noqa: ANN401  # keys and positions
    """Let a field of a payload hold something else."""

    def edit(payload: Json) -> None:
        inner: Any = payload
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return edit


def without(*names: str) -> Edit:
    """Leave fields of a payload out."""

    def edit(payload: Json) -> None:
        for name in names:
            del payload[name]

    return edit


def first(message: Message) -> str:
    """The id of a message's first button."""
    return str(next(iter(buttons(message.blocks)))["action_id"])


def window(team: SlackTeam, user: str) -> str:
    """What the window says that somebody looks at."""
    view = team.slack.top_view(user)
    assert view is not None
    return words(view.blocks)
