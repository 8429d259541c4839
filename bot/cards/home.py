"""A member's own page with the bot, on platforms that have one."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.cards.boards import due_line, mastery_table
from bot.cards.parts import ident, many, ordinal, sentence, text
from bot.events import Block, Bullets, Button, Card, Room, Run, Text, When
from bot.model import Standing
from bot.streaks import Streak
from content.schema import TOPICS

_QUIZ = Button(ident("card", "quiz"), "Quiz me", "main")


class Corner(msgspec.Struct, frozen=True, kw_only=True):
    """How a member stands in one channel.

    `number` is the open daily there, if one is open, and `points` what the member's answer to
    it earned, None before they answer. `until` is when that daily closes, or else when the
    next one comes.
    """

    channel: str
    zone: str
    streak: Streak
    number: int = 0
    points: int | None = None
    until: datetime | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a member's page tells; `mastery` is topic, graded answers, right ones."""

    corners: tuple[Corner, ...]
    standing: Standing | None
    due: int
    in_review: int
    mastery: tuple[tuple[str, int, int], ...]


def first_page_card() -> Card:
    """The page of somebody who has not met the bot."""
    return Card(
        title="NumPy, one question a day",
        blocks=(
            text(
                "Your team answers one NumPy interview question a day in its channel, everybody "
                "for themselves, and learns at once why an answer is right or wrong. Here you "
                "practise alone, whenever you like."
            ),
            sentence("To bring the daily to a channel, type `/numpy` there."),
        ),
        buttons=(_QUIZ, *_topics()),
    )


def page_card(page: Page) -> Card:
    """Today's state, streaks, the rank in the team, what is due, and the topics."""
    body: list[Block] = [Bullets(tuple(map(_corner, page.corners)))] if page.corners else []
    body.append(text(_rank(page.standing)))
    body.append(text(due_line(page.due, page.in_review)))
    if page.mastery:
        body.append(mastery_table(page.mastery))
    body.append(text("Practise, or open a topic of the study guide:"))
    buttons = [_QUIZ]
    if page.due:
        buttons.append(Button(ident("card", "review"), "Review now"))
    return Card(title="You and NumPy", blocks=tuple(body), buttons=(*buttons, *_topics()))


def _topics() -> tuple[Button, ...]:
    return tuple(Button(ident("card", "topic", topic, 0), title) for topic, title in TOPICS.items())


def _corner(corner: Corner) -> tuple[Run, ...]:
    found: list[Run] = [Room(corner.channel), Text(": ")]
    streak = corner.streak
    if corner.number:
        answered = "waits for your answer"
        if corner.points is not None:
            earned = f"+{many(corner.points, 'point')}" if corner.points else "no points"
            answered = f"answered, {earned}"
        found.append(Text(f"daily #{corner.number} {answered}"))
        ending = ", open until "
    else:
        found.append(Text("no question is open"))
        ending = ", the next one comes "
    if corner.until is not None:
        found += [Text(ending), When(corner.until, corner.zone)]
    found.append(Text(f". Streak {streak.current}, best {streak.best}."))
    return tuple(found)


def _rank(standing: Standing | None) -> str:
    if standing is None:
        return "You have no points this week yet."
    points = many(standing.points, "point")
    return f"This week you are {ordinal(standing.rank)} in your team, with {points}."


def corners_first(corners: Sequence[Corner]) -> tuple[Corner, ...]:
    """The channels whose daily still waits for the member first."""
    return tuple(sorted(corners, key=lambda one: not one.number or one.points is not None))
