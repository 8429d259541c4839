"""Deliver the outbox: one worker a platform, so many messages at a time, none twice.

A platform that is slow or down holds up no other, and a message that hangs holds up none but
its own channel's. Each row is claimed under a lease; `bot.attempt` looks and sends.
"""

import asyncio
import logging
from functools import partial

from bot.attempt import Attempt
from bot.budget import Budget
from bot.clock import Clock
from bot.quiz.desk import Desk
from bot.store import outbox
from bot.store.outbox import Delivery

log = logging.getLogger(__name__)

AT_ONCE = 20
"""So many messages of a platform are under way at a time."""

CALLS = {"explain": 2}
"""Steps that take more than one call: a thread is begun before anything is written there."""

BLINK = 0.05
"""Seconds that a worker rests at least, where times of day are whole seconds."""


class Worker:
    """Delivers what is due on one platform.

    `owner` names this process. `clock` tells the time as it passes: every lease begins when
    its row is claimed, and a wait that a platform asks for begins with its answer.
    """

    def __init__(self, desk: Desk, platform: str, owner: str, clock: Clock) -> None:
        self._desk, self._platform, self._owner, self._clock = desk, platform, owner, clock
        self._budget: Budget | None = None
        self._under_way: set[asyncio.Task[bool]] = set()
        self._in_vain = 0
        self._is_wanted = True
        self._woken = asyncio.Event()
        self._resting = asyncio.Event()

    async def run(self) -> None:
        """Deliver until told to `stop`, resting while nothing is due."""
        while self._is_wanted:
            try:
                await self.deliver()
                if self._is_wanted and not self._woken.is_set():
                    self._resting.set()
                    await self._pause()
            except Exception:
                log.exception("%s: nothing is delivered until the next tick", self._platform)
                self._resting.set()
                if self._is_wanted:
                    await self._woken.wait()
            self._resting.clear()

    def wake(self) -> None:
        """Look for what is due now, and try a platform again that took nothing."""
        self._in_vain = 0
        self._resting.clear()
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing any more; what is under way may end."""
        self._is_wanted = False
        self._woken.set()

    async def rests(self) -> None:
        """Return once nothing is due and nothing under way."""
        await self._resting.wait()

    async def deliver(self) -> int:
        """Deliver everything that is due now; gives how many steps were tried.

        Each message that is not taken leaves room for one less, until one is. A platform that
        takes none is left alone until somebody wakes the worker.
        """
        tried = 0
        try:
            while True:
                claimed = await self._claimed()
                tried += len(claimed)
                for delivery in claimed:
                    self._under_way.add(asyncio.create_task(self._try(delivery)))
                # Asked once: a moment later it may be none, and nothing would end the pause.
                slow = self._must_slow_down() if self._room() > 0 else 0.0
                if not (self._under_way or slow):
                    return tried
                await self._pause(slow)
        except asyncio.CancelledError:
            for task in self._under_way:
                task.cancel()
            raise
        finally:
            # Where the database fails, a message that is on its way still gets its reply.
            await asyncio.gather(*self._under_way, return_exceptions=True)
            self._under_way.clear()

    def _room(self) -> int:
        """So many more messages may be under way."""
        return AT_ONCE - self._in_vain - len(self._under_way) if self._is_wanted else 0

    def _must_slow_down(self) -> float:
        """Seconds until the platform takes another message of ours without complaint."""
        if self._budget is None:
            rate = self._desk.relays[self._platform].calls_a_second
            self._budget = Budget(asyncio.get_running_loop().time, rate, 1.0)
        return self._budget.wait()

    async def _claimed(self) -> list[Delivery]:
        """As many due steps as may be sent now."""
        self._woken.clear()
        if self._room() < 1 or self._must_slow_down() or self._budget is None:
            return []
        claim = partial(
            outbox.claim,
            platform=self._platform,
            owner=self._owner,
            now=self._clock.now(),
            steady=self._clock.steady(),
            limit=min(self._room(), self._budget.left()),
        )
        claimed = await self._desk.database.awrite(claim)
        for delivery in claimed:
            for _ in range(CALLS.get(delivery.step, 1)):
                self._budget.spend()
        return claimed

    async def _pause(self, slow: float = 0.0) -> None:
        """Wait until a message's fate is known, the next one may be sent, or somebody wakes us.

        `slow` are the seconds until then, where they are known.
        """
        waking = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait(
                {waking, *self._under_way},
                timeout=slow or self._until_next(),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            waking.cancel()
        for task in [task for task in self._under_way if task.done()]:
            self._under_way.remove(task)
            self._in_vain = 0 if task.result() else self._in_vain + 1

    def _until_next(self) -> float | None:
        """Seconds until the next message may be sent; None where only an event changes that."""
        if self._room() < 1:
            return None
        slow = self._must_slow_down()
        if slow:
            return slow
        now = self._clock.now()
        due = outbox.next_due(self._desk.database.read, self._platform, now)
        return None if due is None else max((due - now).total_seconds(), BLINK)

    async def _try(self, delivery: Delivery) -> bool:
        """One attempt and whether it ended; one that breaks is made again after its lease."""
        try:
            return await Attempt(self._desk, delivery, self._owner, self._clock).run()
        except Exception:
            log.exception("%s: not delivered", delivery.key, extra={"post": delivery.post_id})
            return False


async def deliver(desk: Desk, platforms: frozenset[str], owner: str, clock: Clock) -> int:
    """Deliver everything that is due on these platforms; gives how many steps were tried."""
    workers = [Worker(desk, name, owner, clock) for name in sorted(platforms & desk.relays.keys())]
    return sum(await asyncio.gather(*(worker.deliver() for worker in workers)))


class Workers:
    """The workers of the platforms that this process serves."""

    def __init__(self, desk: Desk, owner: str, clock: Clock) -> None:
        self._desk, self._owner, self._clock = desk, owner, clock
        self._serving: dict[str, Worker] = {}
        self._tasks: dict[asyncio.Task[None], Worker] = {}

    def serve(self, platforms: frozenset[str]) -> None:
        """Have what is due on these platforms delivered, and nothing begun on others."""
        for name in self._serving.keys() - platforms:
            self._serving.pop(name).stop()
        for name in sorted(platforms):
            if name in self._serving:
                self._serving[name].wake()
                continue
            worker = self._serving[name] = Worker(self._desk, name, self._owner, self._clock)
            task = asyncio.create_task(worker.run())
            self._tasks[task] = worker
            task.add_done_callback(self._tasks.pop)

    def wake(self) -> None:
        """Look for what is due now."""
        for worker in self._serving.values():
            worker.wake()

    async def rest(self) -> None:
        """Return once nothing is due on any platform that is served, and nothing under way."""
        await asyncio.gather(*(worker.rests() for worker in self._serving.values()))

    async def end(self, patience: float) -> bool:
        """Begin nothing any more; whether all that was under way ended within so many seconds.

        A message whose reply is not waited for keeps its lease, and is looked for afterwards.
        """
        self.serve(frozenset())
        tasks = [*self._tasks]
        if not tasks:
            return True
        _, left = await asyncio.wait(tasks, timeout=patience)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return not left
