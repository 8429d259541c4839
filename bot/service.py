"""The bot at work for days: a tick every few seconds on the platforms that it holds."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot import daily, delivery
from bot.quiz.desk import Desk
from bot.store import leases
from bot.store.sqlite import Connection

log = logging.getLogger(__name__)


class Service:
    """Plans, closes and delivers dailies on the platforms whose lease this process holds.

    `owner` names the process. Two services on one database share nothing but the database:
    each platform is served by one of them, and by the other when that one dies.
    """

    def __init__(self, desk: Desk, owner: str, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._owner = owner
        self._clock = clock
        self._held: frozenset[str] = frozenset()
        self._working = asyncio.Lock()

    async def work(self) -> None:
        """One tick; a failure is logged, and the next tick tries again."""
        async with self._working:
            try:
                await self._tick()
            except Exception:
                log.exception("a tick failed; the next one tries again")

    async def _tick(self) -> None:
        self._held = await self._renewed()
        if self._held:
            await daily.tick(self._desk, self._held, self._clock())
            await delivery.deliver(self._desk, self._held, self._owner, self._clock)

    async def _renewed(self) -> frozenset[str]:
        now = self._clock()
        wanted = sorted(self._desk.relays)
        held = await self._desk.database.awrite(
            lambda conn: frozenset(
                name for name in wanted if leases.take(conn, name, self._owner, now)
            )
        )
        for name in sorted(held ^ self._held):
            log.info("%s %s", "serving" if name in held else "no longer serving", name)
        return held

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end the tick that is under way and let go."""
        await self.work()
        scheduler = daily.start(self.work)
        try:
            await stop.wait()
        finally:
            scheduler.remove_all_jobs()
            # Shutting down cancels what runs, and a message that is being sent could go out twice.
            async with self._working:
                scheduler.shutdown()
                await self._desk.database.awrite(self._let_go)

    def _let_go(self, conn: Connection) -> None:
        for name in self._held:
            leases.release(conn, name, self._owner)
