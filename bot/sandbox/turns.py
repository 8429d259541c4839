"""Whose answer is run next: that of who has had the least; whoever sends many waits longest."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager

from bot.sandbox.job import Busy

EACH = 3
"""Answers of one member that may wait or run at a time."""

MOST = 300
"""Answers of all members that may wait: what is run in about a second."""


class Turns:
    """Lets `at_once` in at a time, and of those who wait first who has had the shortest turns.

    Scheduling by least attained service: several members whose answers take long do not keep
    those waiting whose answers do not. What somebody has had is forgotten when nobody is there.
    `clock` gives seconds.
    """

    def __init__(
        self,
        at_once: int,
        each: int = EACH,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = at_once
        self._each = each
        self._most = most
        self._clock = clock
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._count: dict[Hashable, int] = {}
        """Turns that members wait for or have."""
        self._had: dict[Hashable, float] = {}
        """Seconds of the turns that members have had."""

    @asynccontextmanager
    async def of(self, member: Hashable) -> AsyncIterator[None]:
        """Wait for the member's turn, and keep it within the block; raises Busy."""
        if self._count.get(member, 0) >= self._each:
            message = (
                "Your last answers are still being run. Wait a second, then send this one again."
            )
            raise Busy(message)
        if sum(map(len, self._waiting.values())) >= self._most:
            message = (
                "Many answers are being run right now. Wait a few seconds, then send it again."
            )
            raise Busy(message)
        self._count[member] = self._count.get(member, 0) + 1
        try:
            await self._enter(member)
            begun = self._clock()
            try:
                yield
            finally:
                self._had[member] = self._had.get(member, 0.0) + self._clock() - begun
                self._leave()
        finally:
            self._count[member] -= 1
            if not self._count[member]:
                del self._count[member]
            if not self._count:
                self._had.clear()

    async def _enter(self, member: Hashable) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(member, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._leave()  # it was given a turn that it does not take
            elif turn in self._waiting.get(member, ()):
                self._waiting[member].remove(turn)
                if not self._waiting[member]:
                    del self._waiting[member]
            raise

    def _leave(self) -> None:
        """Give the turn to the member who has had the least, or of several the longest wait."""
        while self._waiting:
            member = min(self._waiting, key=self._has_had)
            turns = self._waiting.pop(member)
            turn = turns.popleft()
            if turns:
                self._waiting[member] = turns  # behind everybody else
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _has_had(self, member: Hashable) -> tuple[float, int]:
        """Seconds of turns, then the turns that somebody who waits has or is just giving back."""
        return self._had.get(member, 0.0), self._count[member] - len(self._waiting[member])
