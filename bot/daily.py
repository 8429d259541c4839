"""The daily question comes and goes: one short tick plans what is due and closes what is over.

The tick only writes down what is to happen; `bot.delivery` makes it visible.
"""

import logging
from datetime import datetime, time
from functools import partial

import msgspec

from bot.drafts import Drafts
from bot.errors import StorageError
from bot.planning import add, plan_due
from bot.quiz.desk import Desk, local_day
from bot.schedule import Schedule
from bot.store import answers, dailies, outbox, schedules
from bot.store.dailies import Over
from bot.store.outbox import Planned, Step
from bot.store.people import Visit
from bot.store.schedules import Plan
from bot.store.sqlite import Connection
from bot.upcoming import begin

log = logging.getLogger(__name__)

AFTERWARDS: tuple[Step, ...] = ("close", "explain")
"""The steps that follow once a daily is closed."""


async def tick(
    desk: Desk, platforms: frozenset[str], now: datetime, drafts: Drafts | None = None
) -> None:
    """Close what is over, then plan what is due, so that a reveal comes before a question."""
    await close_due(desk, now)
    await plan_due(desk, platforms, now, drafts)


async def close_due(desk: Desk, now: datetime) -> int:
    """Close the dailies whose time has come; gives how many were looked at."""
    seen = 0
    found = dailies.due_to_close(desk.database.read, now)
    while found:
        seen += len(found)
        try:
            closed = await desk.database.awrite(partial(_close, overs=found, now=now))
        except StorageError:
            raise  # it is no daily's fault
        except Exception:
            log.exception("dailies could not be closed together; they are closed one by one")
            closed = await _close_alone(desk, found, now)
        for post_id in closed:
            log.info("post %d is closed", post_id, extra={"post": post_id})
        # Not from the beginning: what cannot be closed stays due, and holds nobody up.
        found = dailies.due_to_close(desk.database.read, now, found[-1])
    return seen


def _close(conn: Connection, *, overs: list[Over], now: datetime) -> list[int]:
    """Close dailies and plan their reveals and threads; gives those that were not closed yet."""
    newly = dailies.close(conn, [over.post_id for over in overs], now)
    closed = [over for over in overs if over.post_id in newly]
    ids = [over.post_id for over in closed]
    answers.clear_spent(conn, ids)
    sent = outbox.states(conn, ids, "question")
    outbox.add(
        conn,
        [
            Planned(over.post_id, step, over.platform, now)
            for over in closed
            for step in AFTERWARDS
            if sent.get(over.post_id, "skipped") not in {"skipped", "failed"}
        ],
    )
    return ids


async def _close_alone(desk: Desk, overs: list[Over], now: datetime) -> list[int]:
    """Close dailies one by one; whatever is wrong with one, the others are closed."""
    closed: list[int] = []
    for over in overs:
        try:
            closed += await desk.database.awrite(partial(_close, overs=[over], now=now))
        except StorageError:
            raise
        except Exception:
            log.exception("post %d: not closed", over.post_id, extra={"post": over.post_id})
    return closed


async def keep_today(desk: Desk, visit: Visit, schedule: Schedule) -> None:
    """For a place that nobody has to set up: it has this schedule, and always today's daily.

    `now` may be late in the day; a first daily is worth seeing all the same. Whoever sets up
    another schedule, or pauses this one, gets what that says; only this one follows a changed
    zone.
    """
    read = desk.database.read
    await close_due(desk, visit.now)
    plan = schedules.get(read, visit.channel.id)
    moved = plan is not None and plan.schedule.zone != schedule.zone
    if plan is None or (moved and plan.schedule == _moved(schedule, plan.schedule.zone)):
        plan = begin(Plan(visit.channel.id, schedule, "on", set_by=visit.member.id), visit.now)
        begun = plan
        await desk.database.awrite(lambda conn: schedules.put(conn, begun))
    if plan.state != "on" or plan.schedule != schedule:
        await plan_due(desk, frozenset({visit.tenant.platform}), visit.now)
        return
    latest = dailies.latest(read, visit.channel.id)
    today = local_day(visit.now, plan.schedule.zone)
    if latest is None or latest.date is None or latest.date < today:
        await add(desk, plan, today, visit.now)
        again = begin(plan, visit.now, frozenset({today}))
        await desk.database.awrite(lambda conn: schedules.put(conn, again))


def _moved(schedule: Schedule, zone: str) -> Schedule:
    return msgspec.structs.replace(schedule, zone=zone)


def default_schedule(zone: str) -> Schedule:
    """The plan that a channel is offered first."""
    return Schedule(time(9), zone, (0, 1, 2, 3, 4))
