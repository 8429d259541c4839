"""What is due is planned: each channel's question of the date, stored and queued to be sent."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

import msgspec

from bot import picker
from bot.cards.guide import few_fresh_card
from bot.crowd import CROWD, post_at
from bot.drafts import Draft, Drafts, Ready, make
from bot.errors import StorageError
from bot.model import Post, Tenant
from bot.quiz.desk import Desk
from bot.quiz.today import tell_managers
from bot.schedule import closing, pick_due
from bot.store import dailies, outbox, people, posts, schedules, withheld
from bot.store.dailies import Daily
from bot.store.outbox import Planned
from bot.store.schedules import Minute, Plan, Row
from bot.store.sqlite import Connection

log = logging.getLogger(__name__)


class _Coming(msgspec.Struct, frozen=True, gc=False):
    """A daily that is to be stored, and when and where it is to be posted."""

    daily: Daily
    platform: str
    at: datetime


async def plan_due(
    desk: Desk, platforms: frozenset[str], now: datetime, drafts: Drafts | None = None
) -> int:
    """Plan the dailies that are due on these platforms; gives how many were looked at."""
    read = desk.database.read
    crowded = schedules.crowded(read, platforms, now, CROWD)
    seen = 0
    found, place = schedules.due(read, platforms, now)
    while found:
        seen += len(found)
        stored: dict[int, int | None] = {}
        if drafts is not None:
            taken = [drafts.take(channel_id, row, now) for channel_id, row in found.items()]
            ready = [one for one in taken if one is not None]
            stored = await _store_ready(desk, ready, crowded, now)
        for channel_id, post_id in stored.items():
            _log_planned(channel_id, post_id)
        for channel_id, row in found.items():
            if channel_id not in stored:
                await _plan_alone(desk, channel_id, row, crowded, now)
        # Not from the beginning: what cannot be planned stays due, and holds nobody up.
        found, place = schedules.due(read, platforms, now, place)
    return seen


async def _store_ready(
    desk: Desk, ready: list[Ready], crowded: frozenset[Minute], now: datetime
) -> dict[int, int | None]:
    """Store the dailies that were made ahead; gives the channels that are done, and their posts.

    None where a channel's date had its daily already.
    """
    if not ready:
        return {}
    try:
        store = partial(_store, ready=ready, crowded=crowded, now=now)
        return await desk.database.awrite(store)
    except StorageError:
        raise
    except Exception:
        log.exception("dailies made ahead were not stored; they are made anew")
        return {}


def _store(
    conn: Connection, *, ready: list[Ready], crowded: frozenset[Minute], now: datetime
) -> dict[int, int | None]:
    """Store and queue those dailies made ahead that still fit."""
    fit = _fitting(conn, ready)
    schedules.advance(
        conn, [(one.plan.channel_id, one.due.next_date, one.due.next_at) for one in fit]
    )
    coming = [
        _Coming(one.daily, one.platform, post_at(crowded, one.platform, one.plan, now))
        for one in fit
    ]
    ids = _add(conn, coming, now)
    return {one.plan.channel_id: post_id for one, post_id in zip(fit, ids, strict=True)}


def _fitting(conn: Connection, ready: list[Ready]) -> list[Ready]:
    """Those whose plan is as it was, and whose question nobody in the team has open."""
    rows = schedules.rows(conn, [one.plan.channel_id for one in ready])
    taken = withheld.in_teams(conn, sorted({one.daily.tenant_id for one in ready}))
    fit = []
    for one in ready:
        asked = one.daily.tenant_id, one.daily.question.source
        if rows.get(one.plan.channel_id) == one.row and asked not in taken:
            taken.add(asked)
            fit.append(one)
    return fit


def _add(conn: Connection, coming: Sequence[_Coming], now: datetime) -> list[int | None]:
    """Store and queue dailies; None for a channel whose date has one already."""
    ids = dailies.add(conn, [one.daily for one in coming], now)
    outbox.add(
        conn,
        [
            Planned(post_id, "question", one.platform, one.at)
            for one, post_id in zip(coming, ids, strict=True)
            if post_id is not None
        ],
    )
    return ids


def _log_planned(channel_id: int, post_id: int | None) -> None:
    if post_id is None:
        log.info("channel %d has had its daily of this date", channel_id)
    else:
        log.info("channel %d: post %d is planned", channel_id, post_id, extra={"post": post_id})


async def _plan_alone(
    desk: Desk, channel_id: int, row: Row, crowded: frozenset[Minute], now: datetime
) -> None:
    """Plan one channel's daily; whatever is wrong with its plan, the others have theirs."""
    try:
        await _plan_due(desk, schedules.read(row), crowded, now)
    except StorageError:
        raise  # it is not this plan's fault
    except Exception:
        log.exception("channel %d: no daily could be planned", channel_id)


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
    schedules.advance(conn, [(plan.channel_id, due.next_date, due.next_at)])


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
    while on not in dailies.dates(read, plan.channel_id, on):
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


def _insert(
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
    daily = draft.as_daily(tenant.id, plan.channel_id, on, closing(plan.schedule, on, now))
    at = post_at(crowded, tenant.platform, plan, now)
    (post_id,) = _add(conn, [_Coming(daily, tenant.platform, at)], now)
    if post_id is None:
        return None
    if draft.fresh < picker.FEW_FRESH and not plan.warned:
        schedules.set_warned(conn, plan.channel_id, now)
    return posts.get(conn, post_id, tenant.id)
