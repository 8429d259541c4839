"""Private practice: rounds, reviews, and one more like this."""

from collections.abc import Collection

from bot import picker
from bot.bank.bank import Entry
from bot.bank.choices import shuffled
from bot.cards import guide
from bot.cards.question import practice_card
from bot.commands import Quiz
from bot.errors import ContentError
from bot.events import Reply, Show, To
from bot.model import Post, Question
from bot.quiz import recap
from bot.quiz.desk import Desk
from bot.quiz.session import Session
from bot.store import answers, posts, questions, withheld
from bot.store.people import Visit
from bot.store.sqlite import Connection

NOTHING = "There is no question like that to practise right now. Try `/numpy quiz` alone."
RECENT = 30
"""So many of a member's last practice questions are not asked again, where others are left."""

TRIES = 5
"""So many questions that cannot be evaluated are passed over before a member is told."""


async def start(desk: Desk, visit: Visit, asked: Quiz) -> list[Reply]:
    """Begin a round; a question that was left unanswered today comes first."""
    session = Session(topic=asked.topic, level=asked.level, total=asked.count)
    return await following(desk, visit, session)


async def following(
    desk: Desk, visit: Visit, session: Session, *, replace: bool = False, skipped: str = ""
) -> list[Reply]:
    """The round's next question, or its recap; not the source that was skipped for it."""
    to: To = "replace" if replace else "private"
    if session.is_over:
        return [Show(await recap.of_round(desk, visit, session), to)]
    pending = _pending(desk, visit, session)
    if pending is not None:
        return [Show(practice_card(pending, str(session), session.place, again=True), to)]
    post = await draw(desk, visit, session, skipped=skipped)
    if post is None and session.review:
        words = "Nothing more to review today. What you miss comes back here."
        return [Show(guide.notice(words), to)]
    if post is None:
        return [Show(guide.notice(NOTHING), to)]
    return [Show(practice_card(post, str(session), session.place), to)]


def _pending(desk: Desk, visit: Visit, session: Session) -> Post | None:
    read = desk.database.read
    held = withheld.from_member(read, visit)
    expected = due(desk, visit, read) if session.review else None
    for post in posts.pending_practice(read, visit.member.id, visit.channel.id, visit.now):
        question = post.question
        if (
            question.source not in held
            and (not session.topic or question.topic == session.topic)
            and (not session.level or question.level == session.level)
            and (expected is None or question.source in expected)
        ):
            return post
    return None


def due(desk: Desk, visit: Visit, conn: Connection) -> list[str]:
    """The sources that a member can review now, the longest due first.

    What is open as a daily waits until it closes, what was skipped until the day after.
    """
    today = desk.day(visit)
    waiting = withheld.from_member(conn, visit) | posts.left_lately(
        conn, visit.member.id, visit.now
    )
    return [
        source
        for source, day in answers.reviews(conn, visit.member.id)
        if day <= today and source not in waiting
    ]


async def draw(
    desk: Desk, visit: Visit, session: Session, *, like: Post | None = None, skipped: str = ""
) -> Post | None:
    """Pick, evaluate and store a practice question; None when nothing fits.

    `like` asks for a sibling: the same family with fresh numbers, else the same belief,
    else the same topic. A question that cannot be evaluated is passed over.
    """
    bank = await desk.bank()
    read, member = desk.database.read, visit.member.id
    without = {skipped, *withheld.from_member(read, visit)}
    reviews = due(desk, visit, read)
    if session.review:
        entries = [entry for entry in desk.askable(bank) if entry.id in reviews]
    else:
        entries = desk.askable(bank)
    mastery = {topic: (count, right) for topic, count, right in answers.mastery(read, member)}
    recent = posts.recent_sources(read, member, RECENT)
    for _ in range(TRIES):
        pick = picker.practice(
            entries if like is None else _alike(desk, entries, like, without),
            desk.rng,
            mastery=mastery,
            recent=recent,
            due=reviews,
            topic=session.topic,
            level=session.level,
            without=without,
        )
        if pick is None:
            return None
        try:
            question = await desk.question(pick.source, pick.seed, pick.level)
        except ContentError:
            without.add(pick.source)
            continue
        return await begin(desk, visit, shuffled(question, desk.rng))
    return None


def _alike(desk: Desk, entries: list[Entry], like: Post, without: Collection[str]) -> list[Entry]:
    """The nearest relatives of a question that may be asked."""
    asked = like.question
    beliefs = {choice.belief for choice in asked.choices if choice.belief}
    groups = (
        [entry for entry in entries if entry.family and entry.id == asked.source],
        [entry for entry in entries if beliefs.intersection(entry.beliefs)],
        [entry for entry in entries if entry.topic == asked.topic],
    )
    for group in groups:
        found = [
            entry
            for entry in group
            if entry.id not in without and (entry.family or entry.id != asked.source)
        ]
        if found:
            return [desk.rng.choice(found)]
    return []


async def begin(desk: Desk, visit: Visit, question: Question) -> Post | None:
    """Ask a member a question privately; None when it has just opened as a daily."""
    asked = questions.snapshot(question)

    def add(conn: Connection) -> Post | None:
        if question.source in withheld.from_member(conn, visit):
            return None
        post_id = posts.add(
            conn,
            asked,
            "practice",
            tenant_id=visit.tenant.id,
            channel_id=visit.channel.id,
            member_id=visit.member.id,
            now=visit.now,
        )
        return posts.get(conn, post_id, visit.tenant.id)

    return await desk.database.awrite(add)


async def skip(desk: Desk, visit: Visit, post: Post, session: Session | None) -> list[Reply]:
    """Leave a question for good and go on."""
    await desk.database.awrite(lambda conn: posts.close(conn, post.id, visit.now))
    source = post.question.source
    return await following(desk, visit, session or Session(), replace=True, skipped=source)


async def another(desk: Desk, visit: Visit, post: Post) -> list[Reply]:
    """A question like one that was answered."""
    found = await draw(desk, visit, Session(), like=post)
    if found is None:
        return [Show(guide.notice(NOTHING))]
    return [Show(practice_card(found, "", ""))]
