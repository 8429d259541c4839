"""The question of a daily: made when it is due, or ahead, so that a full minute costs little."""

import asyncio
import logging
from datetime import date, datetime, timedelta

import msgspec

from bot import picker
from bot.bank.choices import as_choices, shuffled
from bot.errors import ContentError, UserError
from bot.quiz.desk import Desk
from bot.schedule import Due, closing, pick_due
from bot.store import dailies, people, posts, questions, schedules, withheld
from bot.store.dailies import Daily
from bot.store.questions import Snapshot
from bot.store.schedules import Plan

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=15)
"""So long before its time a question may be made."""

PROMPT = timedelta(minutes=2)
"""A daily that is planned within so long of its time is as it was thought to be."""

TRIES = 20
"""So many questions that cannot be evaluated are passed over before a date is given up."""


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A daily's question, whether one press answers it, and how many fresh ones are left."""

    question: Snapshot
    one_tap: bool
    fresh: int

    def as_daily(self, tenant_id: int, channel_id: int, on: date, closes_at: datetime) -> Daily:
        """What is stored for a channel's date."""
        return Daily(tenant_id, channel_id, on, self.question, self.one_tap, closes_at)


async def make(
    desk: Desk, plan: Plan, tenant_id: int, on: date, without: frozenset[str] = frozenset()
) -> Draft | None:
    """The question of a date, none of `without`; None when the bank holds none for the plan."""
    bank = await desk.bank()
    read = desk.database.read
    history = dailies.history(read, plan.channel_id)
    passed = set(withheld.in_team(read, tenant_id) | without)
    tried = posts.tried(read, plan.channel_id) - passed
    rng = picker.daily_rng(desk.database.secret, plan.channel_id, on)
    for _ in range(TRIES):
        pick = picker.daily(
            desk.askable(bank),
            history,
            rng,
            topics=plan.schedule.topics,
            levels=plan.schedule.levels,
            without=passed | tried,
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
            passed.add(pick.source)
            continue
        if pick.one_tap and question.kind == "predict":
            question = as_choices(question) or question
        one_tap = question.kind in {"single", "bug"}
        return Draft(questions.snapshot(shuffled(question, rng)), one_tap, pick.fresh)
    return None


class Ready(msgspec.Struct, frozen=True, gc=False):
    """All that is to be stored when a plan is due, if its `row` is still the same then."""

    plan: Plan
    row: schedules.Row
    platform: str
    daily: Daily
    due: Due


class Drafts:
    """The questions of the next quarter of an hour, made one at a time while others work."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ready: dict[int, Ready] = {}
        self._sources: dict[int, dict[int, str]] = {}
        """By team and channel, so that no two channels of a team have the same question."""

    async def prepare(self, platforms: frozenset[str], now: datetime) -> None:
        """Make the questions of the dailies that come soon, and forget those that never came."""
        read = self._desk.database.read
        soon = schedules.soon(read, platforms, now, now + AHEAD)
        kept = {*soon, *schedules.soon(read, platforms, now - PROMPT, now)}
        for channel_id in [ident for ident in self._ready if ident not in kept]:
            self._pop(channel_id)
        for channel_id in soon:
            if channel_id in self._ready:
                continue
            try:
                ready = await self._made(channel_id)
            except UserError as error:
                log.warning("channel %d: %s", channel_id, error)
                continue
            if ready is not None:
                self._ready[channel_id] = ready
                sources = self._sources.setdefault(ready.daily.tenant_id, {})
                sources[channel_id] = ready.daily.question.source
            await asyncio.sleep(0)

    def _pop(self, channel_id: int) -> Ready | None:
        ready = self._ready.pop(channel_id, None)
        if ready is not None:
            del self._sources[ready.daily.tenant_id][channel_id]
            if not self._sources[ready.daily.tenant_id]:
                del self._sources[ready.daily.tenant_id]
        return ready

    async def _made(self, channel_id: int) -> Ready | None:
        """What is to be stored when its plan is due; None where that is better seen then."""
        read = self._desk.database.read
        row = schedules.row(read, channel_id)
        plan = schedules.get(read, channel_id)
        if row is None or plan is None or plan.next_date is None or plan.next_post_at is None:
            return None
        tenant, _ = people.channel(read, channel_id)
        others = frozenset(self._sources.get(tenant.id, {}).values())
        due = pick_due(plan.schedule, plan.next_date, plan.next_post_at)
        if due.post is None or due.skipped:
            return None
        draft = await make(self._desk, plan, tenant.id, due.post, others)
        if draft is None or (draft.fresh < picker.FEW_FRESH and not plan.warned):
            return None  # there is something to tell the managers
        closes_at = closing(plan.schedule, due.post, plan.next_post_at)
        daily = draft.as_daily(tenant.id, channel_id, due.post, closes_at)
        return Ready(plan, row, tenant.platform, daily, due)

    def take(self, channel_id: int, row: schedules.Row, now: datetime) -> Ready | None:
        """What was made for a channel's plan that is due, if it still fits; given once."""
        ready = self._pop(channel_id)
        if ready is None or ready.row != row or ready.plan.next_post_at is None:
            return None
        return ready if ready.plan.next_post_at <= now <= ready.plan.next_post_at + PROMPT else None
