"""Whose answer is run next: everyone in turn, whoever sends many waits for themselves."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from bot.sandbox.job import Busy

EACH = 3
"""Answers of one member that may wait or run at a time."""

MOST = 300
"""Answers of all members that may wait: what is run in about a second."""


class Turns:
    """Lets `at_once` in at a time, and of those who wait each member in turn."""

    def __init__(self, at_once: int, each: int = EACH, most: int = MOST) -> None:
        self._free = at_once
        self._each = each
        self._most = most
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._count: dict[Hashable, int] = {}

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
            try:
                yield
            finally:
                self._leave()
        finally:
            self._count[member] -= 1
            if not self._count[member]:
                del self._count[member]

    async def _enter(self, member: Hashable) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(member, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was given a turn that it does not take
            raise

    def _leave(self) -> None:
        """Give the turn to the first of the member who has waited longest for one."""
        while self._waiting:
            member = next(iter(self._waiting))
            turns = self._waiting.pop(member)
            turn = turns.popleft()
            if turns:
                self._waiting[member] = turns  # behind everybody else
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
