"""What an adapter works on beside what it listens to."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

DRAINING = 2.0
"""Seconds that what came in has left when the bot ends; many a supervisor kills after ten."""


class Tasks:
    """The tasks of one platform, none of which is lost when the bot ends."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._busy: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> frozenset[asyncio.Task[Any]]:
        """What is being worked on."""
        return frozenset(self._busy)

    def add(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin to work on something; whoever awaits the task has its error."""
        task = asyncio.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return task

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin to work on something that nobody awaits; an error is logged."""
        return self.add(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("something that came from %s was not finished", self._platform)

    async def end(self) -> None:
        """Give what is under way a moment to end, then break it off."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=DRAINING)
        left = [*self._busy]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
