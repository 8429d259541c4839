"""What tests of bad days share on every platform: days that must end well, and broken things."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import pytest

from bot.bank.bank import Bank
from bot.store import sqlite
from tests.fakes import some_of
from tests.small_bank import small_bank

M_co = TypeVar("M_co", covariant=True)


class Playing(Protocol[M_co]):
    """A team that can play a day."""

    folder: Path

    async def __aenter__(self) -> object:
        """Begin."""

    async def __aexit__(self, *_: object) -> None:
        """End."""

    async def settled(self) -> None:
        """Wait until everything that came in is done."""

    async def begin(self) -> M_co:
        """Set the daily up and give its message."""


P = TypeVar("P", bound=Playing[Any])
Message = TypeVar("Message")


class Day(ABC, Generic[P, Message]):
    """A day of a team: `play` begins with an open daily, `live` with nothing but a channel.

    In the end nothing may have been logged as an error, and the platform may have had nothing
    to object to. `source` is the only question there is; without one they are single choices.
    """

    def __init__(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.folder, self.caplog = folder, caplog

    @abstractmethod
    def team(self, bank: Bank) -> P:
        """The team whose day it is."""

    @abstractmethod
    def problems(self, team: P) -> list[str]:
        """What the platform objects to."""

    def play(
        self,
        act: Callable[[P, Message], Awaitable[None]],
        source: str = "",
        *,
        may_fail: bool = False,
    ) -> None:
        """Act below the daily's message."""

        async def begun(team: P) -> None:
            await act(team, await team.begin())

        self.live(begun, source, may_fail=may_fail)

    def live(
        self, act: Callable[[P], Awaitable[None]], source: str = "", *, may_fail: bool = False
    ) -> None:
        """Act where the bot has not connected yet; `may_fail` allows errors."""

        async def whole() -> None:
            team = self.team(some_of(source) if source else small_bank())
            async with team:
                await act(team)
                await team.settled()
                assert [] == self.problems(team)

        with self.caplog.at_level(logging.INFO):
            asyncio.run(whole())
        assert may_fail or [] == errors(self.caplog)


@contextmanager
def locked(team: Playing[object]) -> Iterator[None]:
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


def put(value: object, *path: Any) -> Callable[[dict[str, Any]], None]:  # noqa: ANN401  # keys and positions
    """Let a field of a payload hold something else."""

    def edit(payload: dict[str, Any]) -> None:
        inner: Any = payload
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return edit
