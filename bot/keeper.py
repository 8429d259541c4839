"""Daily backups of a bot at work."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from bot.store.rotation import rotate

log = logging.getLogger(__name__)

LOOKED = 600.0
"""Seconds between two looks at whether the day has its backup; one that failed is tried again."""


class Keeper:
    """Keeps the last `kept` daily backups of the database at `path` in a folder.

    Days are those of UTC. Copying takes a thread of its own and reads one state of the data,
    so that nobody waits for it. A failure is logged and tried again.
    """

    def __init__(self, path: Path, folder: Path, kept: int, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._folder = folder
        self._kept = kept
        self._clock = clock
        self._given_up = threading.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; a copy that is under way then is given up."""
        while self._kept and not stop.is_set():
            working = asyncio.create_task(self.work())
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                self._given_up.set()
            await working
            waiting.cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOKED)

    async def work(self) -> None:
        """Write today's backup unless it is there."""
        day = self._clock().date()
        try:
            written = await asyncio.to_thread(
                rotate, self._path, self._folder, day, self._kept, self._given_up.is_set
            )
        except StorageError as error:
            if not self._given_up.is_set():
                log.warning("no daily backup was made: %s", error)
        except Exception:
            log.exception("no daily backup was made; the next look tries again")
        else:
            if written is not None:
                log.info("the day's backup is %s", written)
