"""Ten thousand channels whose daily is due in one minute, next to as many cron jobs."""

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import msgspec
import numpy as np
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import daily
from bot.drafts import Drafts
from bot.planning import plan_due
from tests.bench.result import Result, against
from tests.fakes import PLATFORM, World
from tests.many import furnish

CHANNELS, OF_A_TEAM = 10_000, 10
EARLY = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
NINE = EARLY + timedelta(minutes=10)
HERE = frozenset({PLATFORM})

PROBE = 0.001
"""Seconds between two looks at whether the loop still turns."""


class Pace(msgspec.Struct):
    """How long something took, and for how long the loop stood still meanwhile; in seconds."""

    took: float = 0.0
    stall: float = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Pace]:
    """Measure what is done within."""
    pace, last = Pace(), perf_counter()

    async def probe() -> None:
        nonlocal last
        while True:
            await asyncio.sleep(PROBE)
            now = perf_counter()
            pace.stall = max(pace.stall, now - last - PROBE)
            last = now

    probing = asyncio.create_task(probe())
    await asyncio.sleep(10 * PROBE)
    pace.stall, begun = 0.0, perf_counter()
    last = begun
    yield pace
    pace.took = perf_counter() - begun
    await asyncio.sleep(2 * PROBE)
    probing.cancel()


def planning() -> list[Result]:
    """Plan them with their questions made ahead, and without; then close them all."""
    with tempfile.TemporaryDirectory() as folder:
        ahead = _planned(Path(folder, "ahead"), ahead=True)
        late = _planned(Path(folder, "late"), ahead=False)
    cron = asyncio.run(_cron())
    made, planned, closed = ahead
    return [
        against("planning/seconds", planned.took, cron.took, unit="s", goal="value<0.5"),
        against("planning/stall", planned.stall, cron.stall, unit="s", goal="value<0.05"),
        Result(name="planning/made-ahead", value=made.took, unit="s"),
        Result(name="planning/made-ahead-stall", value=made.stall, unit="s", goal="value<0.05"),
        against("planning/closing", closed.took, cron.took, unit="s"),
        Result(name="planning/closing-stall", value=closed.stall, unit="s", goal="value<0.05"),
        against("planning/nothing-ahead", late[1].took, cron.took, unit="s"),
        Result(name="planning/nothing-ahead-stall", value=late[1].stall, unit="s"),
    ]


def _planned(folder: Path, *, ahead: bool) -> tuple[Pace, Pace, Pace]:
    """What making, planning and closing took."""
    with World(folder, now=EARLY) as world:
        furnish(world, CHANNELS, OF_A_TEAM)
        world.desk.preload()
        assert np.arange(3).sum() == 3  # a process at work has imported it
        drafts = Drafts(world.desk)

        async def play() -> tuple[Pace, Pace, Pace]:
            await world.desk.bank()
            gc.freeze()  # as `numpy-bot run` does
            async with watched() as made:
                if ahead:
                    await drafts.prepare(HERE, EARLY)
            async with watched() as planned:
                await plan_due(world.desk, HERE, NINE, drafts)
            async with watched() as closed:
                await daily.close_due(world.desk, NINE + timedelta(days=1))
            return made, planned, closed

        paces = world.run(play())
        assert [(CHANNELS, CHANNELS)] == world.rows(
            "SELECT count(*), count(closed_at) FROM posts WHERE kind = 'daily'"
        )
        return paces


async def _cron() -> Pace:
    """A job with a CronTrigger for each channel, due in one second, that does nothing."""
    ran, all_ran = 0, asyncio.Event()

    async def work() -> None:
        nonlocal ran
        ran += 1
        if ran == CHANNELS:
            all_ran.set()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.start(paused=True)
    at = datetime.now(UTC) + timedelta(seconds=20)
    trigger = CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone="UTC")
    for _ in range(CHANNELS):
        scheduler.add_job(work, trigger, misfire_grace_time=None)
    scheduler.resume()
    await asyncio.sleep((at.replace(microsecond=0) - datetime.now(UTC)).total_seconds() - 0.1)
    async with watched() as pace:
        await all_ran.wait()
    scheduler.shutdown(wait=False)
    pace.took -= 0.1
    return pace


BENCHMARKS = {"planning": planning}
