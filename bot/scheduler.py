"""Wakes the bot every few seconds. This is the one file that knows the scheduler."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 20
"""A short tick also bounds what a jump of the clock can do."""


def start(*works: Callable[[], Awaitable[None]]) -> "AsyncIOScheduler":
    """Run each of `works` every few seconds from now on, one run at a time, never missed."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415  # 60 ms that only `run` spends

    scheduler = AsyncIOScheduler(timezone="UTC")
    for work in works:
        scheduler.add_job(
            work,
            "interval",
            seconds=TICK_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler
