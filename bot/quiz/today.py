"""The channel's question of the day, and what one can see of a question."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from bot import picker
from bot.bank.choices import as_choices, shuffled
from bot.cards import guide
from bot.cards.parts import sentence
from bot.cards.plan import last_line, no_plan_card, week_blocks
from bot.cards.question import closes_line, daily_card, hint_card, together_card
from bot.cards.verdict import (
    Split,
    Verdict,
    answered_card,
    closed_card,
    explain_card,
    picked_runs,
)
from bot.errors import ContentError
from bot.events import Block, Card, Reply, Show, When
from bot.model import Mark, Post, Tenant
from bot.ports import Address
from bot.quiz.answer import ANSWER_FIRST, OPEN_NOW, is_over, refusal
from bot.quiz.desk import Desk
from bot.scoring import period
from bot.store import answers, boards, dailies, people, posts, questions, runs, schedules, withheld
from bot.store.answers import Answer
from bot.store.people import Visit
from bot.store.sqlite import Connection

log = logging.getLogger(__name__)

NO_DAILY = "There is no daily in a private conversation: it comes to a channel."
NO_HINT = "There is no hint for this one."
ONE_IS_OPEN = "There is one to try above. **Reveal** ends it; then there can be another."

REVEALED = 2**31
"""The order of a reveal: after any count."""

PODIUM, MOST_ON_IT = 3, 5
"""Last week's best, and how many fit on the line where ranks are shared."""

TRYING = timedelta(minutes=10)
"""So long a question that is tried together stands alone."""


def daily(desk: Desk, visit: Visit) -> list[Reply]:
    """Today's question here, or this member's verdict again."""
    if visit.channel.direct:
        return [Show(guide.notice(NO_DAILY))]
    read = desk.database.read
    post = dailies.latest(read, visit.channel.id)
    plan = schedules.get(read, visit.channel.id)
    if plan is None and post is None:
        return [Show(no_plan_card())]
    is_open = post is not None and post.closed_at is None and post.voided_at is None
    if post is None or not is_open or is_over(post, visit.now):
        return [Show(_next_one(desk, plan))]
    mine = answers.get(read, post.id, visit.member.id)
    if mine is None:
        return [Show(card_of(desk, read, post))]
    return [Show(_verdict_again(desk, visit, post, mine))]


def _next_one(desk: Desk, plan: schedules.Plan | None) -> Card:
    words = "No question is open here right now."
    if plan is None or plan.next_post_at is None:
        return guide.notice(words + " The daily is paused or off.")
    zone = plan.schedule.zone or desk.settings.timezone
    line = sentence(words + " The next one comes ", When(plan.next_post_at, zone), ".")
    return Card(title="", blocks=(line,), tone="notice")


def _verdict_again(desk: Desk, visit: Visit, post: Post, mine: Answer) -> Card:
    mark = Mark(mine.outcome, mine.share, "", "", mine.choice)
    streak = runs.current(desk.database.read, visit.channel.id, visit.member.id, visit.now)
    verdict = Verdict(mark=mark, points=mine.points, streak=streak)
    closes = closes_line(post.closes_at, desk.zone(visit)) if post.closes_at else None
    picked = picked_runs(post.question, mine.choice, mine.text)
    return answered_card(post, verdict, picked, closes)


def card_of(desk: Desk, conn: Connection, post: Post) -> Card:
    """An open daily as its channel sees it, with the live count."""
    answered, _ = answers.count(conn, post.id)
    _, channel = people.channel(conn, post.channel_id)
    before = None if post.date is None else dailies.before(conn, post.channel_id, post.date)
    lines: list[Block] = []
    why = None
    if before is not None and before.closed_at is not None and before.voided_at is None:
        count, right = answers.count(conn, before.id)
        lines.append(last_line(right, count))
        why = before.id
        lines = [*_last_week(conn, post, before), *lines]
    return daily_card(post, channel.zone or desk.settings.timezone, answered, tuple(lines), why)


def _last_week(conn: Connection, post: Post, before: Post) -> Sequence[Block]:
    """Last week in a few lines, on the first daily of a week."""
    if post.date is None or before.date is None:
        return ()
    monday = period("week", post.date)[0]
    if before.date >= monday:
        return ()
    first, last = period("week", before.date)
    if (monday - last).days != 1:
        return ()
    ranking = boards.ranking(conn, "channel", post.channel_id, boards.span("week", first), 0)
    podium = [line for line in ranking.top if line.rank <= PODIUM][:MOST_ON_IT]
    longest = runs.best_of(conn, post.channel_id, first, last)
    held = [
        daily
        for daily in dailies.between(conn, post.channel_id, first, last)
        if daily.closed_at is not None and daily.voided_at is None
    ]
    split = max(held, key=lambda daily: _evenness(conn, daily), default=None)
    divisive = ""
    if split is not None and _evenness(conn, split) > 0:
        count, right = answers.count(conn, split.id)
        divisive = f"#{split.number}, {right} of {count} got it"
    return week_blocks(podium, longest, divisive)


def _evenness(conn: Connection, post: Post) -> float:
    """How evenly a question split its channel: 1 for half and half, 0 for all alike."""
    answered, right = answers.count(conn, post.id)
    return min(right, answered - right) * 2 / answered if answered > 1 else 0.0


def split_of(conn: Connection, post: Post) -> Split:
    """How the answers to a post fell apart."""
    answered, right = answers.count(conn, post.id)
    groups = tuple(answers.split(conn, post.id))
    return Split(answered, right, groups, tuple(answers.right_ones(conn, post.id)))


def closed(conn: Connection, post: Post) -> Card:
    """A closed daily as its channel sees it."""
    return closed_card(post, split_of(conn, post), title=f"Daily #{post.number} · closed")


async def together(desk: Desk, visit: Visit) -> list[Reply]:
    """A public one-tap question for everybody, without points; one at a time."""
    if posts.is_tried(desk.database.read, visit.channel.id, visit.now - TRYING):
        return [Show(guide.notice(ONE_IS_OPEN))]
    bank = await desk.bank()
    without = set(withheld.from_member(desk.database.read, visit))
    for _ in range(5):
        pick = picker.daily(
            [entry for entry in bank.entries.values() if entry.one_tap],
            (),
            desk.rng,
            without=without,
        )
        if pick is None:
            break
        try:
            question = await desk.question(pick.source, pick.seed, pick.level)
        except ContentError:
            without.add(pick.source)
            continue
        asked = questions.snapshot(shuffled(as_choices(question) or question, desk.rng))

        def add(conn: Connection) -> Post | None:
            if posts.is_tried(conn, visit.channel.id, visit.now - TRYING):
                return None
            post_id = posts.add(
                conn,
                asked,  # noqa: B023  # run before the loop goes on
                "together",
                tenant_id=visit.tenant.id,
                channel_id=visit.channel.id,
                now=visit.now,
                one_tap=True,
            )
            return posts.get(conn, post_id, visit.tenant.id)

        post = await desk.database.awrite(add)
        if post is None:
            return [Show(guide.notice(ONE_IS_OPEN))]
        return [Show(together_card(post, 0), "public")]
    return [Show(guide.notice("There is no question to try right now."))]


async def reveal(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """Show everybody the answer of a question tried together, and how the channel split."""
    read = desk.database.read
    refused = refusal(read, visit, post)
    if post.kind != "together" or not answers.count(read, post.id)[0]:
        refused = ANSWER_FIRST
    if refused:
        return [Show(guide.notice(refused))]
    await desk.database.awrite(lambda conn: posts.close(conn, post.id, visit.now))
    split = split_of(read, post)
    card = closed_card(post, split, title="Tried together", few=1)
    return [Show(card, "replace", order=REVEALED)]


def counted(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """The live count of a question tried together, as long as it is open here."""
    read = desk.database.read
    if post.channel_id != visit.channel.id or posts.must_get(read, post.id).closed_at is not None:
        return []
    answered, _ = answers.count(read, post.id)
    return [Show(together_card(post, answered), "replace", order=answered)]


async def hint(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """Show the hint; from then on the question is worth half."""
    refused = refusal(desk.database.read, visit, post)
    if refused:
        return [Show(guide.notice(refused))]
    if not post.question.hint:
        return [Show(guide.notice(NO_HINT))]
    answered = answers.get(desk.database.read, post.id, visit.member.id) is not None
    halves = not answered and post.kind != "together" and not is_over(post, visit.now)
    if halves:
        await desk.database.awrite(lambda conn: answers.add_hint(conn, post.id, visit.member.id))
    return [Show(hint_card(post, halves=halves))]


async def explain(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """The whole explanation, for whoever answered, or for all once it has closed."""
    if not _may_see(desk, visit, post):
        return [Show(guide.notice(ANSWER_FIRST))]
    source = post.question.source
    await desk.database.awrite(
        lambda conn: answers.set_shown(conn, visit.member.id, source, visit.now)
    )
    return [Show(explain_card(post))]


def _may_see(desk: Desk, visit: Visit, post: Post) -> bool:
    read = desk.database.read
    if answers.get(read, post.id, visit.member.id) is not None:
        return True
    if post.kind == "practice":
        left = post.member_id == visit.member.id and post.closed_at is not None
        return left and post.question.source not in withheld.from_member(read, visit)
    return is_over(post, visit.now) or post.closed_at is not None or post.voided_at is not None


async def report(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """Tell the managers that a member doubts a question."""
    if not _may_see(desk, visit, post):
        return [Show(guide.notice(ANSWER_FIRST))]
    fresh = await desk.database.awrite(
        lambda conn: posts.report(conn, post.id, visit.member.id, visit.now)
    )
    if not fresh:
        return [Show(guide.notice("You have reported this one; thank you."))]
    log.info("post %d is reported", post.id, extra={"post": post.id})
    await tell_managers(desk, visit.tenant, visit.channel.id, guide.report_card(post, visit))
    return [Show(guide.notice("Thank you: the managers will look at it."))]


async def tell_managers(desk: Desk, tenant: Tenant, channel_id: int, card: Card) -> None:
    """Show a card to whoever set up the channel's daily and to the operator's managers."""
    relay = desk.relays.get(tenant.platform)
    if relay is None:
        return
    read = desk.database.read
    ids = {
        manager
        for manager in desk.settings.managers
        if people.member_by_platform_id(read, tenant, manager) is not None
    }
    plan = schedules.get(read, channel_id)
    if plan is not None and plan.set_by is not None:
        found = people.members_of(read, tenant.id, [plan.set_by])
        ids.update(member.platform_id for member in found)
    for manager in sorted(ids):
        await desk.told(relay, Address(tenant.platform_id, manager), card)


async def study_answer(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """The study guide's answer: the question counts as seen and is not asked again today."""
    if post.kind != "practice" or post.member_id != visit.member.id:
        return [Show(guide.notice(ANSWER_FIRST))]
    source = post.question.source

    def see(conn: Connection) -> bool:
        if source in withheld.from_member(conn, visit):
            return False
        posts.close(conn, post.id, visit.now)
        answers.set_shown(conn, visit.member.id, source, visit.now)
        return True

    if not await desk.database.awrite(see):
        return [Show(guide.notice(OPEN_NOW))]
    return [Show(explain_card(post), "replace")]
