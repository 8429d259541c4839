"""Where many channels share a minute, as nine o'clock, each has its own second of it."""

from datetime import datetime, timedelta

from bot.store.schedules import Minute, Plan

CROWD = 50
"""With more channels of a platform than these due in a minute, they are spread."""

SPREAD = 60
"""Seconds over which they are spread."""

_GOLDEN = 0x9E3779B1
"""2**32 divided by the golden ratio: its multiples spread evenly (Knuth, TAOCP 3, 6.4)."""


def post_at(crowded: frozenset[Minute], platform: str, plan: Plan, now: datetime) -> datetime:
    """When the daily of a plan that is due is posted: now, or at its channel's own second."""
    planned = plan.next_post_at
    if planned is None or (platform, int(planned.timestamp()) // 60) not in crowded:
        return now
    return max(now, planned + timedelta(seconds=delay(plan.channel_id)))


def delay(channel_id: int) -> int:
    """A channel's seconds, from 0 to 59, always the same."""
    return (channel_id * _GOLDEN % 2**32) * SPREAD >> 32
