"""The daily question comes and goes: one short tick plans what is due and closes what is over.

The tick only writes down what is to happen; `bot.delivery` makes it visible. This is the
one file that knows the scheduler.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from bot import picker
from bot.bank.choices import as_choices, shuffled
from bot.cards.guide import few_fresh_card
from bot.errors import ContentError, StorageError
from bot.model import Post, Question, Tenant
from bot.quiz.desk import Desk, local_day
from bot.quiz.today import tell_managers
from bot.schedule import Schedule, closing, pick_due
from bot.store import answers, outbox, people, posts, schedules, withheld
from bot.store.people import Visit
from bot.store.schedules import Plan
from bot.store.sqlite import Connection
from bot.upcoming import begin

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

TICK_SECONDS = 20
"""A short tick also bounds what a jump of the clock can do."""

TRIES = 20
"""So many questions that cannot be evaluated are passed over before a date is given up."""


async def tick(desk: Desk, platforms: frozenset[str], now: datetime) -> None:
    """Close what is over, then plan what is due, so that a reveal comes before a question."""
    await close_due(desk, now)
    await plan_due(desk, platforms, now)


async def close_due(desk: Desk, now: datetime) -> int:
    """Close the dailies whose time has come; gives how many."""
    closed = 0
    while found := posts.due_to_close(desk.database.read, now):
        for post in found:
            await desk.database.awrite(partial(close, post=post, now=now))
        closed += len(found)
    return closed


def close(conn: Connection, post: Post, now: datetime) -> None:
    """Close one daily and plan its reveal and its thread."""
    if not posts.close(conn, post.id, now):
        return
    answers.clear_spent(conn, post.id)
    sent = outbox.message(conn, post.id, "question")
    if sent is None or sent[0] in {"skipped", "failed"}:
        return
    tenant, _ = people.channel(conn, post.channel_id)
    outbox.add(conn, post.id, "close", tenant.platform, now)
    outbox.add(conn, post.id, "explain", tenant.platform, now)


async def plan_due(desk: Desk, platforms: frozenset[str], now: datetime) -> int:
    """Plan the dailies that are due on these platforms; gives how many were looked at."""
    seen: set[int] = set()
    while found := [
        plan
        for plan in schedules.due(desk.database.read, platforms, now)
        if plan.channel_id not in seen
    ]:
        for plan in found:
            seen.add(plan.channel_id)
            try:
                await _plan_due(desk, plan, now)
            except StorageError:
                raise  # it is not this plan's fault
            except Exception:
                # Whatever is wrong with one channel's plan, the others have their daily.
                log.exception("channel %d: no daily could be planned", plan.channel_id)
    return len(seen)


async def _plan_due(desk: Desk, plan: Plan, now: datetime) -> None:
    if plan.next_date is None:
        return
    due = pick_due(plan.schedule, plan.next_date, now)
    for skipped in due.skipped:
        log.warning("channel %d: the daily of %s was skipped", plan.channel_id, skipped)
    if due.post is not None and await add(desk, plan, due.post, now) is None:
        log.info("channel %d has no new daily for %s", plan.channel_id, due.post)
    await desk.database.awrite(partial(_advance, looked_at=plan, now=now))


def _advance(conn: Connection, *, looked_at: Plan, now: datetime) -> None:
    """Switch a plan to its next date, unless a manager has meanwhile set another."""
    plan = schedules.get(conn, looked_at.channel_id)
    if plan is None or plan.next_date is None or plan.next_post_at != looked_at.next_post_at:
        return
    # Its days may have changed all the same, while the question was being made.
    due = pick_due(plan.schedule, plan.next_date, now)
    following = msgspec.structs.replace(
        plan, state="on", paused_until=None, next_date=due.next_date, next_post_at=due.next_at
    )
    schedules.put(conn, following)


class _Made(msgspec.Struct, frozen=True):
    """A daily's question, whether one press answers it, and how many fresh ones are left."""

    question: Question
    one_tap: bool
    fresh: int


async def add(desk: Desk, plan: Plan, on: date, now: datetime) -> Post | None:
    """Make the daily of a channel's date and queue it.

    None when that date has one already, or when the bank holds no question for the plan.
    """
    read = desk.database.read
    tenant, _ = people.channel(read, plan.channel_id)
    # Another channel of the team may have taken a question while this one was being made.
    while on not in posts.daily_dates(read, plan.channel_id, on):
        made = await _question(desk, plan, tenant.id, on)
        if made is None:
            log.error("channel %d: the bank holds no question for its plan", plan.channel_id)
            return None
        insert = partial(_insert, plan=plan, tenant=tenant, made=made, on=on, now=now)
        post = await desk.database.awrite(insert)
        if post is not None:
            if made.fresh < picker.FEW_FRESH and not plan.warned:
                await tell_managers(desk, tenant, plan.channel_id, few_fresh_card(made.fresh))
            return post
    return None


def _insert(
    conn: Connection, *, plan: Plan, tenant: Tenant, made: _Made, on: date, now: datetime
) -> Post | None:
    """Store and queue a daily; None when its date or its question is taken."""
    if made.question.source in withheld.in_team(conn, tenant.id):
        return None
    post_id = posts.add(
        conn,
        made.question,
        "daily",
        tenant_id=tenant.id,
        channel_id=plan.channel_id,
        now=now,
        number=posts.next_number(conn, plan.channel_id),
        on=on,
        closes_at=closing(plan.schedule, on, now),
        one_tap=made.one_tap,
    )
    if post_id is None:
        return None
    outbox.add(conn, post_id, "question", tenant.platform, now)
    if made.fresh < picker.FEW_FRESH and not plan.warned:
        schedules.set_warned(conn, plan.channel_id, now)
    return posts.get(conn, post_id, tenant.id)


async def _question(desk: Desk, plan: Plan, tenant_id: int, on: date) -> _Made | None:
    """The question of a date; None when the bank holds none for the plan."""
    bank = await desk.bank()
    read = desk.database.read
    history = posts.history(read, plan.channel_id)
    without = set(withheld.in_team(read, tenant_id))
    tried = posts.tried(read, plan.channel_id) - without
    rng = picker.daily_rng(desk.database.secret, plan.channel_id, on)
    for _ in range(TRIES):
        pick = picker.daily(
            bank.entries.values(),
            history,
            rng,
            topics=plan.schedule.topics,
            levels=plan.schedule.levels,
            without=without | tried,
        )
        if pick is None and tried:
            tried = set()  # rather a question that some have tried than none
            continue
        if pick is None:
            return None
        try:
            question = await desk.question(pick.source, pick.seed, pick.level)
        except ContentError:
            log.exception("%s cannot be asked and is passed over", pick.source)
            without.add(pick.source)
            continue
        if pick.one_tap and question.kind == "predict":
            question = as_choices(question) or question
        return _Made(shuffled(question, rng), question.kind in {"single", "bug"}, pick.fresh)
    return None


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
    latest = posts.latest_daily(read, visit.channel.id)
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
