"""The bot at work for days: a tick every few seconds on the platforms that it holds."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from bot import daily, scheduler
from bot.clock import Clock
from bot.delivery import Workers
from bot.drafts import Drafts
from bot.errors import DeliveryError, SettingError, StorageError
from bot.ports import Connection
from bot.quiz.desk import Desk
from bot.store import dailies, leases
from bot.store.sqlite import Connection as Sqlite
from bot.upcoming import derive_again

log = logging.getLogger(__name__)

State = Literal["served", "connecting", "elsewhere", "given up"]
STATES: tuple[State, ...] = get_args(State)
"""A platform is served here, connecting, perhaps served by another process, or set up wrongly."""

PATIENCE = 5.0
"""Seconds that a tick waits for a platform to connect; then the others have their turn."""

FINISHING = 1.5
"""Seconds that what is being sent has to end when the process is told to stop."""

RECOUNTED = timedelta(hours=1)
"""A daily that was answered so lately may show too few; an hour is longer than any restart."""


class Service:
    """Plans, closes and delivers dailies on the platforms whose lease this process holds.

    `owner` names the process. Two services on one database share nothing but the database:
    each platform is served by one of them, and by the other when that one dies. A platform
    with a connection is served while it is connected.
    """

    def __init__(
        self,
        desk: Desk,
        owner: str,
        clock: Clock,
        connections: Mapping[str, Connection] | None = None,
    ) -> None:
        self._desk = desk
        self._owner = owner
        self._clock = clock
        self._connections = connections or {}
        self._held: frozenset[str] = frozenset()
        self._elsewhere: frozenset[str] = frozenset()
        self._connected: set[str] = set()
        self._connecting: dict[str, asyncio.Task[None]] = {}
        self._hopeless: dict[str, SettingError] = {}
        self._seen: datetime | None = None
        self._over = asyncio.Event()
        self._ending = False
        self._working = asyncio.Lock()
        self._workers = Workers(desk, owner, clock)
        self._drafts = Drafts(desk)
        desk.wake = self._workers.wake
        self._worked = clock.steady()

    async def work(self) -> None:
        """One tick, which waits for no message; a failure is logged, and the next one works."""
        async with self._working:
            try:
                await self._tick()
                self._worked = self._clock.steady()
            except Exception:
                log.exception("a tick failed; the next one tries again")

    async def _tick(self) -> None:
        held = await self._renewed()
        for name in sorted(self._held - held):
            log.warning("another process serves %s now", name)
        others = self._desk.relays.keys() - held - self._hopeless.keys()
        if others != self._elsewhere:
            for name in sorted(others - self._elsewhere):
                log.info("another process serves %s, or did a minute ago; waiting for it", name)
            self._elsewhere = frozenset(others)
        self._held = held
        served = await self._reached()
        if served:
            now = self._clock.now()
            if self._seen is None or now < self._seen or now.date() != self._seen.date():
                await derive_again(self._desk.database, now)
            self._seen = now
            await daily.tick(self._desk, served, now, self._drafts)
        self._workers.serve(frozenset() if self._ending else served)

    async def rest(self) -> None:
        """Return once nothing that is due here is still to be delivered."""
        await self._workers.rest()

    def silent(self) -> float:
        """Seconds since the last tick that worked, or since the beginning."""
        return self._clock.steady() - self._worked

    def states(self) -> dict[str, State]:
        """How each platform is."""
        return {name: self._state(name) for name in sorted(self._desk.relays)}

    def _state(self, name: str) -> State:
        if name in self._hopeless:
            return "given up"
        if name not in self._held:
            return "elsewhere"
        is_up = name not in self._connections or name in self._connected
        return "served" if is_up else "connecting"

    async def prepare(self) -> None:
        """Make the questions that will be due soon."""
        try:
            await self._drafts.prepare(self._held, self._clock.now())
        except Exception:
            log.exception("no question was made ahead; those that are due are made then")

    async def renew(self) -> None:
        """Keep the leases while a tick takes long, as where a platform is slow to answer."""
        held = sorted(self._held - self._hopeless.keys())
        steady = self._clock.steady()

        def take(conn: Sqlite) -> None:
            for name in held:
                leases.take(conn, name, self._owner, steady)

        try:
            await self._desk.database.awrite(take)
        except StorageError as error:
            log.warning("leases were not renewed: %s", error)

    async def _renewed(self) -> frozenset[str]:
        steady = self._clock.steady()
        wanted = sorted(self._desk.relays.keys() - self._hopeless.keys())
        return await self._desk.database.awrite(
            lambda conn: frozenset(
                name for name in wanted if leases.take(conn, name, self._owner, steady)
            )
        )

    async def _reached(self) -> frozenset[str]:
        """Those held platforms that can be served now; others go on connecting meanwhile."""
        for name in sorted(self._connected):
            is_held = name in self._held
            if is_held and await self._connections[name].is_up():
                continue
            if is_held:
                log.warning("%s is not heard any more and is connected anew", name)
            self._connected.discard(name)
            await self._connections[name].close()
        for name in self._held & self._connections.keys() - self._connected:
            if name not in self._connecting and not self._ending:
                self._connecting[name] = asyncio.create_task(self._connect(name))
        if self._connecting:
            await asyncio.wait(self._connecting.values(), timeout=PATIENCE)
        return self._held - (self._connections.keys() - self._connected)

    async def _connect(self, name: str) -> None:
        connection = self._connections[name]
        try:
            await connection.connect()
        except SettingError as error:
            await self._give_up(name, error)
        except DeliveryError as error:
            log.warning("%s cannot be reached (%s); the next tick tries again", name, error)
        except Exception:
            log.exception("%s: not connected; the next tick tries again", name)
        else:
            self._connected.add(name)
            self._recount(name)
        finally:
            del self._connecting[name]
            if name not in self._connected:
                await connection.close()

    def _recount(self, name: str) -> None:
        """Show the counts that a process may have left behind when it died amid answers."""
        counter, now = self._desk.counter, self._clock.now()
        if counter is not None:
            read = self._desk.database.read
            for post in dailies.answered_lately(read, name, now, now - RECOUNTED):
                counter.changed(post)

    async def _give_up(self, name: str, error: SettingError) -> None:
        """A setting that is wrong stays wrong until the process is started again."""
        self._hopeless[name] = error
        await self._desk.database.awrite(lambda conn: leases.release(conn, name, self._owner))
        if self._hopeless.keys() >= self._desk.relays.keys():
            self._over.set()  # and `run` raises it
        else:
            log.error("%s", error)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end what is under way and let go.

        Raises the SettingError where no platform is left that could ever be served.
        """
        first = asyncio.create_task(self.work())
        jobs = scheduler.start(self.work, self.renew, self.prepare)
        waiting = [asyncio.ensure_future(event.wait()) for event in (stop, self._over)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ending = True
            for one in waiting:
                one.cancel()
            jobs.remove_all_jobs()
            await self._finish()
            jobs.shutdown()  # cancels what still runs
            first.cancel()
            async with self._working:
                await self._hang_up()
                await self._desk.database.awrite(self._let_go)
        if self._over.is_set():
            raise next(iter(self._hopeless.values()))

    async def _finish(self) -> None:
        """Let the tick and the messages that are under way end, unless a platform takes too long.

        A message whose reply is not waited for keeps its lease, and is looked for afterwards.
        """
        are_sent, is_planned = await asyncio.gather(
            self._workers.end(FINISHING), self._planned(FINISHING)
        )
        if not (are_sent and is_planned):
            log.warning("what is being sent is broken off; the next start sees whether it arrived")

    async def _planned(self, patience: float) -> bool:
        """Whether the tick that is under way ends within so many seconds."""
        try:
            async with asyncio.timeout(patience), self._working:
                return True
        except TimeoutError:
            return False

    async def _hang_up(self) -> None:
        """Have no platform's events any more, whatever one of them says to it."""
        connecting = [*self._connecting.values()]
        for task in connecting:
            task.cancel()
        await asyncio.gather(*connecting, return_exceptions=True)
        names = sorted(self._connected)
        ended = await asyncio.gather(
            *(self._connections[name].hang_up() for name in names), return_exceptions=True
        )
        for name, error in zip(names, ended, strict=True):
            if isinstance(error, BaseException):
                log.error("%s was not hung up", name, exc_info=error)

    def _let_go(self, conn: Sqlite) -> None:
        for name in self._held:
            leases.release(conn, name, self._owner)
