"""A member's own page: how they stand in all their channels."""

from bot.cards.home import Corner, Page, corners_first, first_page_card, page_card
from bot.events import Card, Reply, Show
from bot.quiz.answer import is_over
from bot.quiz.desk import Desk
from bot.quiz.practice import due
from bot.store import answers, boards, dailies, people, runs, schedules
from bot.store.people import Visit
from bot.store.sqlite import Connection

MOST_CHANNELS = 8
"""So many channels fit on a page; most members play in one or two."""


def first_page() -> Card:
    """The page of somebody who has not met the bot: nothing is read or stored."""
    return first_page_card()


async def page(desk: Desk, visit: Visit) -> list[Reply]:
    """Today's state, streaks, rank, reviews and topics."""

    def read(conn: Connection) -> Page:
        span = boards.span("week", desk.day(visit))
        ranking = boards.ranking(conn, "team", visit.tenant.id, span, visit.member.id)
        ids = runs.channels(conn, visit.member.id, MOST_CHANNELS)
        return Page(
            corners=corners_first([_corner(desk, conn, visit, ident) for ident in ids]),
            standing=ranking.own,
            due=len(due(desk, visit, conn)),
            in_review=len(answers.reviews(conn, visit.member.id)),
            mastery=tuple(answers.mastery(conn, visit.member.id)),
        )

    return [Show(page_card(await desk.database.reading(read)))]


def _corner(desk: Desk, conn: Connection, visit: Visit, channel_id: int) -> Corner:
    _, channel = people.channel(conn, channel_id)
    streak = runs.current(conn, channel_id, visit.member.id, visit.now)
    zone = channel.zone or desk.settings.timezone
    post = dailies.latest(conn, channel_id)
    is_open = post is not None and post.closed_at is None and post.voided_at is None
    if post is not None and is_open and not is_over(post, visit.now):
        mine = answers.get(conn, post.id, visit.member.id)
        return Corner(
            channel=channel.platform_id,
            zone=zone,
            streak=streak,
            number=post.number,
            points=mine.points if mine else None,
            until=post.closes_at,
        )
    plan = schedules.get(conn, channel_id)
    until = plan.next_post_at if plan is not None and plan.state == "on" else None
    return Corner(channel=channel.platform_id, zone=zone, streak=streak, until=until)
