"""What a team at play has in common on every loopback platform: time, the database, the bot."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from bot.bank.bank import Bank
from bot.config import Settings
from bot.live import LiveCount, relay_edit
from bot.model import Post
from bot.ports import Connection, Relay
from bot.quiz.desk import Desk
from bot.service import Service
from bot.store import posts
from tests.databases import open_copy
from tests.fakes import MONDAY, SetClock, shipped_bank

T = TypeVar("T")


class Timer:
    """Seconds that pass when somebody sleeps, and only then."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.seconds += seconds
        await asyncio.sleep(0)


class App(Connection, Protocol):
    """A platform's connection that tells what it works on."""

    @property
    def busy(self) -> frozenset[asyncio.Task[Any]]:
        """What is being worked on."""


A = TypeVar("A", bound=App)
R = TypeVar("R", bound=Relay)


class Team(ABC, Generic[A, R]):
    """The whole bot in this process on one platform, with a clock of its own.

    It connects with the first `tick`.
    """

    platform: str
    app: A
    relay: R

    def __init__(
        self, folder: Path, *, bank: Bank | None = None, settings: Settings | None = None
    ) -> None:
        self.folder = folder
        self.now = MONDAY
        self.timer = Timer()
        self.bank = bank or shipped_bank()
        self.settings = settings or Settings()
        self.processes: list[Service] = []

    @abstractmethod
    def start(self, **changes: Any) -> None:  # noqa: ANN401  # as in the platform's settings
        """Begin a process of the bot; `changes` are other settings than the usual."""

    @abstractmethod
    async def _open(self) -> None:
        """Begin the platform."""

    @abstractmethod
    async def _shut(self) -> None:
        """End the platform."""

    async def __aenter__(self) -> Self:
        await self._open()
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()
        await self._shut()

    def furnish_desk(self, relay: R) -> Desk:
        """The desk of a process that begins."""
        self.relay = relay
        relay.calls_a_second = 1000  # its pace is measured in true seconds, for which nobody waits
        self.database = open_copy(self.settings, self.folder / "bot.db")
        self.desk = Desk(
            database=self.database,
            load_bank=lambda: self.bank,
            settings=self.settings,
            relays={self.platform: relay},
            rng=random.Random(1),
        )
        self.live = LiveCount(relay_edit(self.desk), sleep=self.timer.sleep, clock=self.timer)
        self.desk.counter = self.live
        return self.desk

    def serve(self, app: A) -> None:
        """Have the platform served by this process."""
        self.app = app
        for dead in self.processes:
            for task in dead._workers._tasks:
                task.cancel()
        clock = SetClock(lambda: self.now)
        self.processes.append(Service(self.desk, "test", clock, {self.platform: app}))

    @property
    def service(self) -> Service:
        """The process that lives."""
        return self.processes[-1]

    async def end(self) -> None:
        """End the process of the bot cleanly."""
        await self.service._workers.end(0)
        await self.app.hang_up()
        await self.live.close()
        await self.app.close()
        self.database.close()

    # --- time -----------------------------------------------------------------------------

    def seconds(self) -> float:
        """The time as platforms count it."""
        return self.now.timestamp()

    def wait(self, **delta: float) -> None:
        """Let time pass: `wait(hours=3)`."""
        self.now += timedelta(**delta)
        self.timer.seconds += timedelta(**delta).total_seconds()

    async def tick(self) -> None:
        """One tick of the service and everything that it makes due."""
        await self.service.work()
        await self.service.rest()

    async def settled(self) -> None:
        """Wait until everything that came in is done."""
        while self.app.busy:
            await asyncio.wait(self.app.busy)

    async def does(self, act: Coroutine[Any, Any, T]) -> T:
        """Let somebody do something, and wait until the bot has done its part."""
        done = await act
        await self.settled()
        return done

    # --- what is stored -------------------------------------------------------------------

    def post(self, post_id: int) -> Post:
        """A post as it stands in the database."""
        return posts.must_get(self.database.read, post_id)

    def posted_as(self, message: str) -> Post:
        """The post that a daily's message shows, by the platform's id of it."""
        found = self.rows(
            "SELECT post_id FROM outbox WHERE step = 'question' AND message = ?", message
        )
        return self.post(found[0][0])

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The messages to deliver and how far each is."""
        return self.rows("SELECT step, state FROM outbox ORDER BY id")

    @property
    def stored(self) -> int:
        """How many answers are stored."""
        return int(self.rows("SELECT count(*) FROM answers")[0][0])

    def rows(self, sql: str, *bound: object) -> list[tuple[Any, ...]]:
        """What a query finds in the database."""
        return self.database.read.execute(sql, bound).fetchall()
