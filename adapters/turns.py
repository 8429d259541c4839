"""Who edits a public message next, where many press on it at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from cachetools import TTLCache

SETTLED = 900.0
"""Seconds after which no reply to a press is under way any more."""


class _Turn:
    """What stands in one message."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.order = 0


class Turns:
    """One edit of a message at a time, and none that is older than what stands there.

    `timer` counts seconds.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._turns: TTLCache[tuple[str, str], _Turn] = TTLCache(1_000, SETTLED, timer=timer)

    @asynccontextmanager
    async def take(self, channel: str, message: str, order: int) -> AsyncIterator[bool]:
        """Wait for one's turn; tells whether nothing later stands in the message by now."""
        turn = self._turns.setdefault((channel, message), _Turn())
        async with turn.lock:
            is_due = order >= turn.order
            turn.order = max(turn.order, order)
            yield is_due
