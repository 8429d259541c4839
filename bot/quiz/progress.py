"""Boards, a member's own progress, reviews, and their data."""

from datetime import date

import msgspec

from bot.cards import guide
from bot.cards.boards import (
    Progress,
    leaderboard_card,
    me_card,
    review_card,
)
from bot.commands import Leaderboard
from bot.events import Card, Reply, Show
from bot.markup import plain, runs
from bot.quiz.answer import fingerprint
from bot.quiz.desk import Desk
from bot.quiz.practice import due
from bot.store import answers, boards, people
from bot.store import runs as streaks
from bot.store.people import Visit
from bot.store.sqlite import Connection

MISSED = 3

NO_TEAM = "There is no team behind this conversation, so there are no boards. Ask in a channel."


def leaderboard(desk: Desk, visit: Visit, asked: Leaderboard) -> list[Reply]:
    """A board, with a button that shares it."""
    if not visit.team:
        return [Show(guide.notice(NO_TEAM))]
    return [Show(_board(desk, visit, asked))]


def share(desk: Desk, visit: Visit, asked: Leaderboard) -> list[Reply]:
    """Show a board to everybody, and take the button off the private one."""
    if not visit.team:
        return [Show(guide.notice(NO_TEAM))]
    private = msgspec.structs.replace(_board(desk, visit, asked), buttons=())
    return [Show(private, "replace"), Show(_board(desk, visit, asked, shared=True), "public")]


def _board(desk: Desk, visit: Visit, asked: Leaderboard, *, shared: bool = False) -> Card:
    # What is earned in a private conversation counts for the team alone.
    scope: boards.Scope = "team" if visit.channel.direct else asked.scope
    place = visit.channel.id if scope == "channel" else visit.tenant.id
    span = boards.span(asked.period, desk.day(visit))
    ranking = boards.ranking(desk.database.read, scope, place, span, visit.member.id)
    return leaderboard_card(ranking, asked.period, scope, hidden=visit.member.hidden, shared=shared)


async def me(desk: Desk, visit: Visit) -> list[Reply]:
    """A member's own progress."""

    def read(conn: Connection) -> tuple[Progress, list[str]]:
        here, team = boards.points_of(conn, visit.member.id, visit.tenant.id, visit.channel.id)
        progress = Progress(
            points_here=here,
            points_team=team,
            streak=streaks.current(conn, visit.channel.id, visit.member.id, visit.now),
            mastery=tuple(answers.mastery(conn, visit.member.id)),
            due=len(due(desk, visit, conn)),
            in_review=len(answers.reviews(conn, visit.member.id)),
            missed=(),
            team=visit.team,
        )
        return progress, answers.missed(conn, visit.member.id, MISSED)

    progress, missed = await desk.database.reading(read)
    titles = tuple(await _titles(desk, missed)) if missed else ()
    return [Show(me_card(msgspec.structs.replace(progress, missed=titles)))]


async def _titles(desk: Desk, sources: list[str]) -> list[str]:
    entries = (await desk.bank()).entries
    return [
        plain(runs(entries[source].title)) if source in entries else source for source in sources
    ]


async def review(desk: Desk, visit: Visit) -> list[Reply]:
    """What a member missed and when it comes back."""
    today = desk.day(visit)

    def read(conn: Connection) -> tuple[list[str], list[date | None]]:
        now = due(desk, visit, conn)
        rows = answers.reviews(conn, visit.member.id)
        # What is due but held back comes nobody knows when.
        later = [day if day > today else None for source, day in rows if source not in now]
        return now, later

    now, later = await desk.database.reading(read)
    return [Show(review_card(await _titles(desk, now) if now else [], later))]


async def export(desk: Desk, visit: Visit) -> list[Reply]:
    """Everything that is stored about a member."""
    found = await desk.database.reading(lambda conn: people.export(conn, visit.member.id))
    data = msgspec.json.format(msgspec.json.encode(found), indent=2)
    return [Show(guide.export_card(data))]


async def hide(desk: Desk, visit: Visit, *, hidden: bool) -> list[Reply]:
    """Leave the leaderboards, or come back."""
    await desk.database.awrite(lambda conn: people.set_hidden(conn, visit.member.id, hidden=hidden))
    return [Show(guide.privacy_card(hidden=hidden, team=visit.team), "replace")]


async def forget(desk: Desk, visit: Visit) -> list[Reply]:
    """Delete a member."""

    def delete(conn: Connection) -> None:
        spent = [
            (post_id, fingerprint(desk.database.secret, post_id, visit.member.platform_id))
            for post_id in answers.open_answered(conn, visit.member.id)
        ]
        people.forget(conn, visit.member.id, spent)

    await desk.database.awrite(delete)
    return [Show(guide.notice("Done: everything about you is deleted."), "replace")]
