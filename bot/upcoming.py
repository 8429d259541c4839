"""Which daily comes next, derived from a plan, the zone data and the time of day."""

import asyncio
import logging
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from bot.errors import UserError
from bot.schedule import occurrences, read_zones_anew
from bot.store import dailies, schedules
from bot.store.database import Database
from bot.store.schedules import Plan
from bot.store.sqlite import Connection

log = logging.getLogger(__name__)

A_FEW = 50
"""So many plans are looked at, in a few milliseconds, before others have their turn."""


def begin(plan: Plan, now: datetime, taken: frozenset[date] = frozenset()) -> Plan:
    """A plan switched on: its next date is the first one that is later than now and not taken."""
    # Where the clocks are behind UTC, or leave an hour out, a date can be older than UTC's.
    first = max(now.date() - timedelta(days=2), plan.paused_until or date.min)
    for day, at in occurrences(plan.schedule, first):
        if at > now and day not in taken:
            return msgspec.structs.replace(plan, next_date=day, next_post_at=at)
    message = f"channel {plan.channel_id}: the schedule never comes round"
    raise RuntimeError(message)


async def derive_again(database: Database, now: datetime) -> int:
    """Derive every plan's next date and instant anew; gives how many were not as they should be.

    They are derived from the zone data and the time of day, and either may have been wrong.
    """
    read_zones_anew()
    changed = 0
    last = 0
    while plans := schedules.coming(database.read, last, A_FEW):
        last = plans[-1].channel_id
        for plan in plans:
            try:
                if _derived(database.read, plan, now) != plan:
                    changed += await database.awrite(partial(_derive, looked_at=plan, now=now))
            except UserError as error:
                log.warning("channel %d: %s", plan.channel_id, error)
        await asyncio.sleep(0)
    return changed


def _derived(conn: Connection, plan: Plan, now: datetime) -> Plan:
    """The plan with its next date as it should be; one that is due stays as it is."""
    if plan.next_date is None or plan.next_post_at is None or plan.next_post_at <= now:
        return plan
    taken = dailies.dates(conn, plan.channel_id, now.date() - timedelta(days=2))
    following = begin(plan, now, taken)
    # The date that was to come may be due by now, and is not passed over for that.
    day, at = next(occurrences(plan.schedule, plan.next_date))
    if following.next_post_at is not None and at < following.next_post_at and day not in taken:
        return msgspec.structs.replace(plan, next_date=day, next_post_at=at)
    return following


def _derive(conn: Connection, *, looked_at: Plan, now: datetime) -> bool:
    """Store what follows from a plan, unless somebody has meanwhile changed it."""
    plan = schedules.get(conn, looked_at.channel_id)
    if plan != looked_at:
        return False
    derived = _derived(conn, plan, now)
    schedules.put(conn, derived)
    log.info("channel %d: the next daily comes at %s", plan.channel_id, derived.next_post_at)
    return True
