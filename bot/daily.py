"""The daily question comes and goes: one short tick plans what is due and closes what is over.

The tick only writes down what is to happen; `bot.delivery` makes it visible.
"""

import logging
from datetime import date, datetime, time
from functools import partial

import msgspec

from bot import picker
from bot.cards.guide import few_fresh_card
from bot.crowd import CROWD, post_at
from bot.drafts import Draft, Drafts, Ready, make
from bot.errors import StorageError
from bot.model import Post, Tenant
from bot.quiz.desk import Desk, local_day
from bot.quiz.today import tell_managers
from bot.schedule import Schedule, closing, pick_due
from bot.store import answers, outbox, people, posts, schedules, withheld
from bot.store.people import Visit
from bot.store.posts import Over
from bot.store.schedules import Minute, Plan
from bot.store.sqlite import Connection
from bot.upcoming import begin

log = logging.getLogger(__name__)


async def tick(
    desk: Desk, platforms: frozenset[str], now: datetime, drafts: Drafts | None = None
) -> None:
    """Close what is over, then plan what is due, so that a reveal comes before a question."""
    await close_due(desk, now)
    await plan_due(desk, platforms, now, drafts)


async def close_due(desk: Desk, now: datetime) -> int:
    """Close the dailies whose time has come; gives how many were looked at."""
    seen: set[int] = set()
    while found := [
        over for over in posts.due_to_close(desk.database.read, now) if over.post_id not in seen
    ]:
        seen.update(over.post_id for over in found)
        try:
            closed = await desk.database.awrite(partial(_close_all, overs=found, now=now))
        except StorageError:
            raise  # it is no daily's fault
        except Exception:
            log.exception("dailies could not be closed together; they are closed one by one")
            closed = await _close_alone(desk, found, now)
        for post_id in closed:
            log.info("post %d is closed", post_id, extra={"post": post_id})
    return len(seen)


def _close_all(conn: Connection, *, overs: list[Over], now: datetime) -> list[int]:
    return [over.post_id for over in overs if close(conn, over, now)]


async def _close_alone(desk: Desk, overs: list[Over], now: datetime) -> list[int]:
    """Close dailies one by one; whatever is wrong with one, the others are closed."""
    closed = []
    for over in overs:
        try:
            if await desk.database.awrite(partial(close, over=over, now=now)):
                closed.append(over.post_id)
        except StorageError:
            raise
        except Exception:
            log.exception("post %d: not closed", over.post_id, extra={"post": over.post_id})
    return closed


def close(conn: Connection, over: Over, now: datetime) -> bool:
    """Close one daily and plan its reveal and its thread; false when it was closed already."""
    if not posts.close(conn, over.post_id, now):
        return False
    answers.clear_spent(conn, over.post_id)
    sent = outbox.message(conn, over.post_id, "question")
    if sent is not None and sent[0] not in {"skipped", "failed"}:
        outbox.add(conn, over.post_id, "close", over.platform, now)
        outbox.add(conn, over.post_id, "explain", over.platform, now)
    return True


async def plan_due(
    desk: Desk, platforms: frozenset[str], now: datetime, drafts: Drafts | None = None
) -> int:
    """Plan the dailies that are due on these platforms; gives how many were looked at."""
    read = desk.database.read
    crowded = schedules.crowded(read, platforms, now, CROWD)
    seen: set[int] = set()
    while found := [
        plan for plan in schedules.due(read, platforms, now) if plan.channel_id not in seen
    ]:
        seen.update(plan.channel_id for plan in found)
        stored: dict[int, int | None] = {}
        if drafts is not None:
            ready = [one for plan in found if (one := drafts.take(plan, now)) is not None]
            stored = await _store(desk, ready, crowded, now)
        for channel_id, post_id in stored.items():
            _log_planned(channel_id, post_id)
        for plan in found:
            if plan.channel_id not in stored:
                await _plan_alone(desk, plan, crowded, now)
    return len(seen)


async def _store(
    desk: Desk, ready: list[Ready], crowded: frozenset[Minute], now: datetime
) -> dict[int, int | None]:
    """Store the dailies that were made ahead; gives the channels that are done, and their posts.

    None where a channel's date had its daily already.
    """

    def store(conn: Connection) -> dict[int, int | None]:
        return {
            one.plan.channel_id: _store_one(conn, one, crowded, now)
            for one in ready
            if _still_fits(conn, one)
        }

    try:
        return await desk.database.awrite(store)
    except StorageError:
        raise
    except Exception:
        log.exception("dailies made ahead were not stored; they are made anew")
        return {}


def _log_planned(channel_id: int, post_id: int | None) -> None:
    if post_id is None:
        log.info("channel %d has had its daily of this date", channel_id)
    else:
        log.info("channel %d: post %d is planned", channel_id, post_id, extra={"post": post_id})


def _still_fits(conn: Connection, ready: Ready) -> bool:
    """Whether nothing has changed since a daily was made ahead."""
    return schedules.row(conn, ready.plan.channel_id) == ready.row and not withheld.is_open(
        conn, ready.tenant.id, ready.draft.question.source
    )


def _store_one(
    conn: Connection, ready: Ready, crowded: frozenset[Minute], now: datetime
) -> int | None:
    """Store and queue a daily made ahead."""
    plan, due = ready.plan, ready.due
    schedules.advance(conn, plan.channel_id, due.next_date, due.next_at)
    return _add(
        conn,
        ready.draft,
        plan.channel_id,
        ready.tenant,
        on=due.post,
        now=now,
        closes_at=ready.closes_at,
        post_at=post_at(crowded, ready.tenant.platform, plan, now),
    )


async def _plan_alone(desk: Desk, plan: Plan, crowded: frozenset[Minute], now: datetime) -> None:
    """Plan one channel's daily; whatever is wrong with its plan, the others have theirs."""
    try:
        await _plan_due(desk, plan, crowded, now)
    except StorageError:
        raise  # it is not this plan's fault
    except Exception:
        log.exception("channel %d: no daily could be planned", plan.channel_id)


async def _plan_due(desk: Desk, plan: Plan, crowded: frozenset[Minute], now: datetime) -> None:
    if plan.next_date is None:
        return
    due = pick_due(plan.schedule, plan.next_date, now)
    for skipped in due.skipped:
        log.warning("channel %d: the daily of %s was skipped", plan.channel_id, skipped)
    if due.post is not None and await add(desk, plan, due.post, now, crowded) is None:
        log.info("channel %d has no new daily for %s", plan.channel_id, due.post)
    await desk.database.awrite(partial(_advance, looked_at=plan, now=now))


def _advance(conn: Connection, *, looked_at: Plan, now: datetime) -> None:
    """Switch a plan to its next date, unless a manager has meanwhile set another."""
    plan = schedules.get(conn, looked_at.channel_id)
    if plan is None or plan.next_date is None or plan.next_post_at != looked_at.next_post_at:
        return
    # Its days may have changed all the same, while the question was being made.
    due = pick_due(plan.schedule, plan.next_date, now)
    schedules.advance(conn, plan.channel_id, due.next_date, due.next_at)


async def add(
    desk: Desk,
    plan: Plan,
    on: date,
    now: datetime,
    crowded: frozenset[Minute] = frozenset(),
) -> Post | None:
    """Make the daily of a channel's date and queue it.

    None when that date has one already, or when the bank holds no question for the plan.
    """
    read = desk.database.read
    tenant, _ = people.channel(read, plan.channel_id)
    # Another channel of the team may have taken a question while this one was being made.
    while on not in posts.daily_dates(read, plan.channel_id, on):
        draft = await make(desk, plan, tenant.id, on)
        if draft is None:
            log.error("channel %d: the bank holds no question for its plan", plan.channel_id)
            return None
        insert = partial(
            _insert, plan=plan, tenant=tenant, draft=draft, on=on, now=now, crowded=crowded
        )
        post = await desk.database.awrite(insert)
        if post is not None:
            _log_planned(plan.channel_id, post.id)
            if draft.fresh < picker.FEW_FRESH and not plan.warned:
                await tell_managers(desk, tenant, plan.channel_id, few_fresh_card(draft.fresh))
            return post
    return None


def _insert(  # a plan, its question and the moment
    conn: Connection,
    *,
    plan: Plan,
    tenant: Tenant,
    draft: Draft,
    on: date,
    now: datetime,
    crowded: frozenset[Minute],
) -> Post | None:
    """Store and queue a daily; None when its date or its question is taken."""
    if withheld.is_open(conn, tenant.id, draft.question.source):
        return None
    post_id = _add(
        conn,
        draft,
        plan.channel_id,
        tenant,
        on=on,
        now=now,
        closes_at=closing(plan.schedule, on, now),
        post_at=post_at(crowded, tenant.platform, plan, now),
    )
    if post_id is None:
        return None
    if draft.fresh < picker.FEW_FRESH and not plan.warned:
        schedules.set_warned(conn, plan.channel_id, now)
    return posts.get(conn, post_id, tenant.id)


def _add(  # noqa: PLR0913  # one argument a thing that is stored
    conn: Connection,
    draft: Draft,
    channel_id: int,
    tenant: Tenant,
    *,
    on: date | None,
    now: datetime,
    closes_at: datetime,
    post_at: datetime,
) -> int | None:
    post_id = posts.add(
        conn,
        draft.question,
        "daily",
        tenant_id=tenant.id,
        channel_id=channel_id,
        now=now,
        number=posts.next_number(conn, channel_id),
        on=on,
        closes_at=closes_at,
        one_tap=draft.one_tap,
    )
    if post_id is not None:
        outbox.add(conn, post_id, "question", tenant.platform, post_at)
    return post_id


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
