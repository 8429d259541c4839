"""Runs answers for everybody: one at a time or a few, each in a process of its own."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.sandbox.job import Broken, Job, Outcome, Run
from bot.sandbox.process import Process
from bot.sandbox.turns import Turns

if TYPE_CHECKING:
    from bot.sandbox.client import Call, Client

T = TypeVar("T")

log = logging.getLogger(__name__)

NEEDS = (
    "It takes Linux 5.3 or later, seccomp (which a container may switch off) and libseccomp 2; "
    "all else works without. `numpy-bot sandbox check` tries again"
)
"""What to do about a `why_not`, for the operator."""

AGAIN_SECONDS = 10.0
"""After a failure nobody starts it anew for so long."""


TURN_SECONDS = 0.2
"""A turn in which jobs have lasted for longer has no other, so that the next one begins."""


class Sandbox:
    """Runs jobs, fairly. Usable after `open`, as long as `why_not` is empty."""

    def __init__(self) -> None:
        self._begun: Process | None = None
        self._client: Client | None = None
        self._opening = asyncio.Lock()
        at_once = max(2, min(4, os.cpu_count() or 2))
        self._turns = Turns(at_once)
        # Not the threads that everything else shares: each of these waits for a process.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="answers")
        self._failed_at = float("-inf")
        self._closed = False
        self.why_not = "it has not been tried yet"
        """Why no answer can be run, in words for the operator; empty where they can."""
        self.tried = False
        """Whether `open` has come to an end."""
        self.proved = False
        """Whether it has ever worked; then what is wrong now may pass."""

    @property
    def landlock(self) -> int:
        """The version of Landlock that keeps files away, beside seccomp; 0 for none."""
        return self._client.landlock if self._client else 0

    def begin(self) -> None:
        """Have its process get ready ahead of `open`, once; for any thread."""
        is_late = self._begun is not None or self._opening.locked() or self.tried or self._closed
        if sys.platform == "linux" and not is_late:
            with suppress(Broken):  # `open` tells
                self._begun = Process()

    async def open(self, *, quick: bool = False) -> None:
        """Start it and have it prove itself; `why_not` tells what is wrong.

        A `quick` start leaves out the half second that proves the limit of time.
        """
        async with self._opening:
            await self._open(quick=quick)

    async def _open(self, *, quick: bool) -> None:
        if self._closed or (self._client is not None and not self._client.broken):
            return
        try:
            client = await self._started(quick=quick)
        except Broken as error:
            self._failed_at = time.monotonic()
            self.why_not, self.tried = str(error), True
            return
        if self._closed:
            client.close()
            return
        self._client, self.why_not, self.tried, self.proved = client, "", True, True

    async def _started(self, *, quick: bool) -> "Client":
        if sys.platform != "linux":
            message = "only Linux can lock a process up: run the bot in a container, or in WSL2"
            raise Broken(message)
        from bot.sandbox.client import Client  # noqa: PLC0415  # imports NumPy
        from bot.sandbox.selftest import faults  # noqa: PLC0415  # the same

        begun, self._begun = self._begun, None
        client = await Client.start(begun)
        try:
            found = await asyncio.to_thread(faults, client, quick=quick)
        except BaseException:
            client.close()
            raise
        if found:
            client.close()
            raise Broken(f"the self-test failed: {found[0]}")
        return client

    async def turn(self, member: Hashable, task: Callable[[Run], T]) -> T:
        """Have a task done in a thread, in the member's turn; what it is given runs jobs.

        Once more from its beginning, where the process that runs them breaks half-way. Raises
        Busy, Broken where nothing can be run now, and what the task raises.
        """
        async with self._turns.of(member):
            try:
                return await self._done(task)
            except Broken:
                return await self._done(task)

    async def _done(self, task: Callable[[Run], T]) -> T:
        from bot.sandbox.client import Call  # noqa: PLC0415  # imports NumPy

        client, call = await self._working(), Call()
        run = partial(_run, client, call)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, task, run)
        finally:
            call.hang_up("nobody waits for it any more")

    async def run(self, job: Job, member: Hashable) -> Outcome:
        """Run a job in the member's turn; raises Busy, or Broken where nothing can be run now."""
        return await self.turn(member, lambda run: run(job))

    async def _working(self) -> "Client":
        """The client, started anew where the last one broke; raises Broken."""
        if self._client is None or self._client.broken:
            async with self._opening:  # others may have tried meanwhile
                if time.monotonic() - self._failed_at < AGAIN_SECONDS:
                    raise Broken(self.why_not)
                await self._open(quick=True)
            if self.why_not:
                log.warning("answers in code cannot be run: %s. %s", self.why_not, NEEDS)
        if self._client is None or self._client.broken:
            raise Broken(self.why_not or "it was closed")
        return self._client

    def close(self) -> None:
        """End it; may be repeated."""
        self._closed = True
        self.why_not = "it was closed"
        if self._begun is not None:
            self._begun.end()
        if self._client is not None:
            self._client.close()
        self._threads.shutdown(wait=False)


def _run(client: "Client", call: "Call", job: Job) -> Outcome:
    """Run a job, in a thread that may wait; raises Broken."""
    from bot.sandbox.messages import message_of, outcome_of  # noqa: PLC0415  # imports NumPy

    if call.took > TURN_SECONDS:
        raise Broken("its turn is over")
    begun = time.monotonic()
    try:
        return outcome_of(client.run(message_of(job), call), len(job.cases))
    finally:
        call.took += time.monotonic() - begun
