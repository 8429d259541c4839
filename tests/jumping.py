"""An event loop on which waiting takes no time: where nothing else is to do, its clock jumps."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.model import Question
from bot.store.sqlite import Connection
from tests.fakes import SetClock, World

T = TypeVar("T")


class JumpingLoop(asyncio.SelectorEventLoop):
    """Time passes only while everybody waits for it, and then at once.

    `elsewhere` counts what other threads do for us, which takes no time either.
    """

    passed = 0.0
    elsewhere = 0
    _ready: Any
    _scheduled: Any
    _timer_cancelled_count: int

    def time(self) -> float:
        """Seconds that passed so far."""
        return self.passed

    async def waits_for(self, work: Awaitable[T]) -> T:
        """Let no time pass until another thread has done its work."""
        self.elsewhere += 1
        try:
            return await work
        finally:
            self.elsewhere -= 1

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1
        if not (self._ready or self.elsewhere) and self._scheduled:
            self.passed = max(self.passed, self._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]  # the standard library's, not in its types


def jump(world: World) -> None:
    """Have a team's time pass as the loop's does, from the present moment on."""
    world._runner.close()
    loop = JumpingLoop()
    world._runner = asyncio.Runner(loop_factory=lambda: loop)
    begun = world.now

    def now() -> datetime:
        return begun + timedelta(seconds=loop.passed)

    world.clock = SetClock(now)
    write, make = world.database.awrite, world.desk.question

    def awrite(fn: Callable[[Connection], T]) -> Coroutine[object, object, T]:
        return loop.waits_for(write(fn))

    def question(source: str, *given: int | None) -> Coroutine[object, object, Question]:
        return loop.waits_for(make(source, *given))

    world.database.awrite = awrite  # type: ignore[assignment,method-assign]  # of this one alone
    world.desk.question = question  # type: ignore[assignment,method-assign]  # the same
    world.run(world.desk.bank())
