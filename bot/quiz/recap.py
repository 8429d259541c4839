"""The end of a round or an evening: how it went, and what to remember of it."""

import asyncio
from datetime import timedelta

from bot.bank.beliefs import Belief
from bot.cards.boards import recap_card
from bot.errors import ContentError
from bot.events import Card
from bot.quiz.desk import Desk
from bot.quiz.session import Session
from bot.store import answers, posts
from bot.store.clock import seconds
from bot.store.people import Visit

REMEMBERED = 3
"""So many corrections are shown at most; more are read by nobody."""

ROUND = timedelta(hours=24)
"""What a member answered longer ago belongs to no round of today's."""


async def of_round(desk: Desk, visit: Visit, session: Session) -> Card:
    """How a round went."""
    begun, number = visit.now - ROUND, session.done
    read, member = desk.database.read, visit.member.id
    tally = answers.last_round(read, member, number, begun)
    fallen = answers.fallen_for(read, member, seconds(begun), latest=number)
    return recap_card(*tally, await _to_remember(desk, fallen))


async def since(desk: Desk, visit: Visit, first: int) -> Card:
    """How it went since an instant, in seconds since 1970."""
    read, member = desk.database.read, visit.member.id
    tally = answers.since(read, member, first)
    return recap_card(*tally, await _to_remember(desk, answers.fallen_for(read, member, first)))


async def _to_remember(desk: Desk, fallen: list[tuple[int, int]]) -> list[Belief]:
    """The corrections of what a member fell for, each once."""
    slugs: dict[str, None] = {}
    for post_id, choice in fallen:
        choices = posts.must_get(desk.database.read, post_id).question.choices
        slugs[choices[choice].belief] = None
    try:
        glossary = await asyncio.to_thread((await desk.bank()).beliefs) if slugs else {}
    except ContentError:
        return []
    return [glossary[slug] for slug in slugs if slug in glossary][:REMEMBERED]
