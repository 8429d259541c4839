"""An answer comes in: graded, stored once, and its verdict shown."""

import hashlib
import hmac
import re
from datetime import datetime

import msgspec

from bot.cards import guide
from bot.cards.question import answer_form, tick_form
from bot.cards.verdict import (
    Verdict,
    asked_card,
    picked_runs,
    self_check_card,
    ticked_card,
    verdict_card,
)
from bot.events import FormSubmit, Invalid, Open, Reply, Show
from bot.memory import after
from bot.model import PICKED, Board, Mark, Post, Question, Submission
from bot.quiz.desk import Desk, local_day
from bot.quiz.session import Session
from bot.sandbox.rules import LONGEST as LONGEST_OF_CODE
from bot.scoring import daily_points, is_fresh, practice_points
from bot.store import answers, boards, people, posts, runs, withheld
from bot.store.people import Visit
from bot.store.sqlite import Connection
from bot.streaks import Streak

LONGEST = 1_000
"""Characters of a typed answer that are read, in a few milliseconds; no key is nearly as long."""

TOO_LONG = f"That is longer than any answer here. Write at most {LONGEST:,} characters."

_POSITION = re.compile(r"[0-9]{1,2}")

ANSWER_FIRST = "Answer it first; then I explain it."
NOTHING_WRITTEN = "There is nothing to read yet. Write your answer first."
TWICE = "You have answered this one; the first answer counts."
NOT_YOURS = "That question is somebody else's practice. `/numpy quiz` gives you your own."
SKIPPED = "You left that question. `/numpy quiz` gives you the next one."
ELSEWHERE = "That question belongs to another channel. Answer it there."
OPEN_NOW = (
    "That question is open as a daily in your team right now, so it waits until that closes. "
    "`/numpy quiz` gives you another."
)
WITHDRAWN = "That question was withdrawn: everyone who had answered gets its full points."


class Stored(msgspec.Struct, frozen=True):
    """What storing an answer led to; `refused` is the sentence when it was not stored."""

    refused: str = ""
    points: int = 0
    streak: Streak | None = None
    first: bool = False


def refusal(conn: Connection, visit: Visit, post: Post) -> str:
    """Why this member cannot answer this post here; empty when they can."""
    if post.kind == "practice" and post.member_id != visit.member.id:
        return NOT_YOURS
    if post.channel_id != visit.channel.id:
        return ELSEWHERE
    if post.kind == "daily":
        return WITHDRAWN if post.voided_at is not None else ""
    if post.kind == "practice" and post.closed_at is not None:
        return SKIPPED
    return OPEN_NOW if post.question.source in withheld.from_member(conn, visit) else ""


def is_over(post: Post, now: datetime) -> bool:
    """Whether an answer received `now` is late: a daily's time is up, or all have seen it."""
    if post.kind == "together":
        return post.closed_at is not None
    return post.closes_at is not None and now >= post.closes_at


def form(desk: Desk, visit: Visit, post: Post, session: str) -> list[Reply]:
    """The form behind **Answer…**."""
    refused = refusal(desk.database.read, visit, post)
    if not refused and answers.get(desk.database.read, post.id, visit.member.id):
        refused = TWICE
    if refused:
        return [Show(guide.notice(refused))]
    return [Open(answer_form(post, session))]


def form_ticks(desk: Desk, visit: Visit, post: Post, session: str) -> list[Reply]:
    """The form to tick one's own key points."""
    refused = _no_ticks(desk, visit, post)
    return [Show(guide.notice(refused)) if refused else Open(tick_form(post, session))]


def _no_ticks(desk: Desk, visit: Visit, post: Post) -> str:
    """Why this member has no key points to tick here; empty when they have."""
    if answers.get(desk.database.read, post.id, visit.member.id) is None:
        return ANSWER_FIRST  # the points are the model answer
    return "" if post.question.points else guide.UNKNOWN_BUTTON


def submission_of(event: FormSubmit) -> Submission:
    """What a form of ours holds; a pick that no form of ours offers becomes -1."""
    picks = event.fields.get("picks", ())
    numbers = tuple(int(pick) if _POSITION.fullmatch(pick) else -1 for pick in picks)
    return Submission("".join(event.fields.get("text", ())), numbers)


async def submit(
    desk: Desk, visit: Visit, post: Post, submission: Submission, session: Session | None
) -> list[Reply]:
    """Grade an answer, store it once, and show the verdict."""
    refused = refusal(desk.database.read, visit, post)
    if refused:
        return [Show(guide.notice(refused))]
    mark = await graded(desk, visit, post, submission)
    if mark.outcome == "unclear":
        field = "picks" if post.question.kind == "several" else "text"
        return [Invalid(field, mark.note, mark.place)]
    kept = "" if mark.outcome == "noted" else typed(post, submission)
    above = asked_card(post, picked_runs(post.question, mark.choice, kept))
    if is_over(post, visit.now):
        if answers.get(desk.database.read, post.id, visit.member.id):
            return [Show(guide.notice(TWICE))]
        return [Show(verdict_card(post, Verdict(mark=mark, late=True)), above=above)]
    stored = await desk.database.awrite(lambda conn: store(conn, desk, visit, post, mark, kept))
    if stored.refused:
        return [Show(guide.notice(stored.refused))]
    desk.tally.answers[post.kind, mark.outcome] += 1
    if post.kind == "daily" and desk.counter is not None:
        desk.counter.changed(post)
    following = session.after() if session else None
    text, has_next = str(following or ""), following is not None
    if mark.outcome == "noted":
        card = self_check_card(post, text, has_next=has_next, first=stored.first)
        return [Show(card, above=above)]
    verdict = Verdict(mark=mark, points=stored.points, streak=stored.streak, first=stored.first)
    return [Show(verdict_card(post, verdict, text, has_next=has_next), above=above)]


async def graded(desk: Desk, visit: Visit, post: Post, submission: Submission) -> Mark:
    """Grade an answer; code is run where it can be, and is compared by its author elsewhere."""
    question, text = post.question, submission.text
    if question.kind != "expression" or not text.strip():
        return marked(question, submission)
    from bot.grading.expression import NOT_RUN, can_grade, grade_expression  # noqa: PLC0415  # as below

    if can_grade(question) and desk.sandbox.proved:
        seed, member = desk.rng.getrandbits(62), (visit.tenant.id, visit.member.id)
        return await grade_expression(question, text, desk.sandbox, member=member, seed=seed)
    if post.kind == "daily":
        return Mark("unclear", note=NOT_RUN)
    return marked(question, submission)


def marked(question: Question, submission: Submission) -> Mark:
    """Grade what a question of this kind takes: picks where it offers some, else text."""
    from bot.grading import grade  # noqa: PLC0415  # 15 ms that no question waits for

    if question.kind in PICKED:
        return grade(question, Submission(picks=submission.picks))
    if not submission.text.strip():
        return Mark("unclear", note=NOTHING_WRITTEN)
    if question.kind == "predict" and len(submission.text) > LONGEST:
        return Mark("unclear", note=TOO_LONG)
    return grade(question, Submission(submission.text))


def typed(post: Post, submission: Submission) -> str:
    """What is kept of an answer: the typed value or the picks, nothing of open answers."""
    if post.question.kind == "open":
        return ""
    if post.question.kind == "expression":
        return people.storable(submission.text.strip()[:LONGEST_OF_CODE])
    if post.question.kind in PICKED:
        return ",".join(map(str, submission.picks))
    return people.storable(submission.text[:200])


def store(conn: Connection, desk: Desk, visit: Visit, post: Post, mark: Mark, text: str) -> Stored:
    """Store an answer and everything that is derived from it, in one transaction."""
    member, question = visit.member.id, post.question
    current = posts.get(conn, post.id, visit.tenant.id)
    refused = WITHDRAWN if current is None else refusal(conn, visit, current)
    if refused:
        return Stored(refused)
    digest = fingerprint(desk.database.secret, post.id, visit.member.platform_id)
    if post.kind == "daily" and answers.is_spent(conn, post.id, digest):
        return Stored(TWICE)
    hinted = answers.is_hinted(conn, post.id, member)
    day = post.date or desk.day(visit)
    points = _points(conn, desk, visit, post, mark, hinted=hinted)
    board = _board(visit, post)
    added = answers.add(
        conn,
        post,
        member,
        mark,
        day=day,
        now=visit.now,
        points=points,
        hinted=hinted,
        board=board,
        text=text,
    )
    if not added:
        return Stored(TWICE)
    boards.add(
        conn,
        tenant_id=visit.tenant.id,
        channel_id=post.channel_id,
        member_id=member,
        kind=post.kind,
        day=day,
        points=points,
        board=board,
    )
    streak = None
    if post.kind == "daily" and post.date is not None:
        posts.set_opened(conn, post.id, visit.now)
        streak = runs.answered(conn, post.channel_id, member, post.date, visit.now)
    if mark.outcome != "noted":
        before = answers.recall(conn, member, question.source)
        then = after(before, right=mark.outcome == "right", day=desk.day(visit))
        if then != before:
            answers.set_recall(conn, member, question.source, then)
    answers.set_shown(conn, member, question.source, visit.now)
    first = not visit.told and people.set_told(conn, member, visit.now)
    return Stored("", points, streak, first)


def fingerprint(secret: bytes, post_id: int, platform_id: str) -> bytes:
    """A keyed hash that tells whether somebody answered a post, and nothing else."""
    return hmac.new(secret, f"spent {post_id} {platform_id}".encode(), hashlib.sha256).digest()


def _board(visit: Visit, post: Post) -> Board:
    if post.kind == "together" or not visit.team:
        return "none"
    return "team" if visit.channel.direct else "channel"


def _points(
    conn: Connection, desk: Desk, visit: Visit, post: Post, mark: Mark, *, hinted: bool
) -> int:
    question = post.question
    if _board(visit, post) == "none" or mark.outcome == "noted":
        return 0
    if post.kind == "daily":
        return daily_points(question.level, mark.share, hinted=hinted)
    if not mark.share:
        return 0
    today = desk.day(visit)
    shown = answers.last_shown(conn, visit.member.id, question.source)
    _, earned = boards.team_day(conn, visit.tenant.id, visit.member.id, today)
    return practice_points(
        question.level,
        mark.share,
        hinted=hinted,
        fresh=is_fresh(shown and local_day(shown, desk.zone(visit)), today),
        earned_today=earned,
    )


def tick(
    desk: Desk, visit: Visit, post: Post, event: FormSubmit, session: Session | None
) -> list[Reply]:
    """Show which key points a member's open answer lacked."""
    refused = _no_ticks(desk, visit, post)
    if refused:
        return [Show(guide.notice(refused))]
    ticked = submission_of(event).picks
    # The answer was counted when it was sent; the round only goes on from here.
    text = str(session or "")
    return [Show(ticked_card(post, ticked, text, has_next=session is not None))]
