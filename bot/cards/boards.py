"""Leaderboards, a member's own progress, and what is due for review."""

from collections.abc import Sequence
from datetime import date

import msgspec

from bot.bank.beliefs import Belief
from bot.cards.parts import ident, many, ordinal, sentence, small, text
from bot.events import Block, Bullets, Button, Card, Link, Run, Table, Text
from bot.markup import runs
from bot.model import Standing
from bot.store.boards import Ranking, Scope
from bot.streaks import Streak
from content.schema import TOPICS

PERIOD_WORDS = {"week": "this week", "month": "this month", "all": "all time"}
SCOPE_WORDS = {"channel": "this channel", "team": "the whole team"}


def leaderboard_card(
    ranking: Ranking, period: str, scope: Scope, *, hidden: bool = False, shared: bool = False
) -> Card:
    """The top ten and the asking member's own rank; a shared one shows the top alone."""
    body: list[Block] = []
    if ranking.top:
        body.append(_table(ranking.top))
    else:
        body.append(text("Nobody has points yet. Be the first: answer today's question."))
    own = ranking.own
    if not shared and hidden:
        body.append(sentence("You left the leaderboards. `/numpy privacy` takes you back."))
    elif not shared and own is not None and own not in ranking.top:
        body.append(
            text(f"You: {ordinal(own.rank)} of {ranking.size}, {many(own.points, 'point')}")
        )
    elif not shared and own is None and ranking.top:
        body.append(text("You have no points here yet."))
    share = Button(ident("replace", "share", period, scope), "Share")
    return Card(
        title=f"Leaderboard · {PERIOD_WORDS[period]} · {SCOPE_WORDS[scope]}",
        blocks=tuple(body),
        buttons=() if shared or not ranking.top else (share,),
    )


def _table(lines: Sequence[Standing]) -> Table:
    rows = tuple((str(line.rank), line.name, str(line.points)) for line in lines)
    return Table(("#", "Name", "Points"), rows, right=(0, 2))


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A member's progress. `mastery` is topic, graded answers, right ones."""

    points_here: int
    points_team: int
    streak: Streak
    mastery: tuple[tuple[str, int, int], ...]
    due: int
    in_review: int
    missed: tuple[str, ...]
    team: bool = True


def me_card(progress: Progress) -> Card:
    """Points, accuracy, streaks, mastery by topic, what is due and what was missed."""
    answered = sum(count for _, count, _ in progress.mastery)
    right = sum(count for _, _, count in progress.mastery)
    if not answered:
        return Card(
            title="You",
            blocks=(sentence("Nothing answered yet. Start with `/numpy quiz`."),),
            buttons=(Button(ident("card", "quiz"), "Quiz me", "main"),),
        )
    streak = progress.streak
    lines = [
        f"{many(progress.points_here, 'point')} here, {progress.points_team} in the whole team",
        f"{right} of {many(answered, 'answer')} right ({round(100 * right / answered)} %)",
        f"Streak {streak.current}, best {streak.best}, {many(streak.freezes, 'freeze')} kept",
    ]
    if not progress.team:
        lines = lines[1:2]  # no board and no daily, so neither points nor a streak
    body: list[Block] = [Bullets(tuple((Text(line),) for line in lines))]
    body.append(mastery_table(progress.mastery))
    if progress.missed:
        body.append(text("Missed last:"))
        body.append(Bullets(tuple((Text(title),) for title in progress.missed)))
    body.append(text(due_line(progress.due, progress.in_review)))
    buttons = [Button(ident("card", "quiz"), "Quiz me", "main")]
    if progress.due:
        buttons.insert(0, Button(ident("card", "review"), "Review now", "main"))
    return Card(title="You", blocks=tuple(body), buttons=tuple(buttons))


def mastery_table(mastery: Sequence[tuple[str, int, int]]) -> Table:
    """How many answers of each topic were right; `mastery` is topic, graded answers, right ones."""
    rows = tuple(
        (TOPICS.get(topic, topic), f"{good}/{count}", _bar(good, count))
        for topic, count, good in mastery
    )
    return Table(("Topic", "Right", "Mastery"), rows, right=(1,))


def _bar(good: int, count: int) -> str:
    filled = round(8 * good / count)
    return "█" * filled + "░" * (8 - filled)


def due_line(due: int, in_review: int) -> str:
    """What waits in a member's reviews."""
    if not in_review:
        return "Nothing to review."
    return f"{many(in_review, 'question')} in review, {due} due today."


def review_card(due: Sequence[str], later: Sequence[date | None]) -> Card:
    """The missed questions that are due, by title, and when the others come, if that is known."""
    if not due and not later:
        return Card(
            title="Review", blocks=(text("Nothing to review: what you miss comes back here."),)
        )
    body: list[Block] = []
    if due:
        body += [text(f"Due now: {len(due)}"), Bullets(tuple((Text(line),) for line in due[:10]))]
    if later:
        days = [day for day in later if day is not None]
        nearest = f", the next on {min(days).isoformat()}" if days else ""
        body.append(small(f"{len(later)} more to come{nearest}"))
    buttons = (Button(ident("card", "review"), "Review now", "main"),) if due else ()
    return Card(title="Review", blocks=tuple(body), buttons=buttons)


def recap_card(right: int, graded: int, points: int, remember: Sequence[Belief] = ()) -> Card:
    """The end of a practice round; what only the member can judge is not counted.

    `remember` are the corrections of what the member believed in the round.
    """
    if not graded:
        return Card(title="See you soon", blocks=(text("Nothing was graded this time."),))
    body: list[Block] = [
        text(f"{right} of {many(graded, 'answer')} right, {many(points, 'point')}.")
    ]
    if remember:
        body.append(text("To remember:"))
        body.append(Bullets(tuple((*runs(one.truth), *_read_on(one.docs)) for one in remember)))
    return Card(
        title="That was the round",
        blocks=tuple(body),
        buttons=(Button(ident("card", "quiz"), "Another round", "main"),),
    )


def _read_on(url: str) -> tuple[Run, ...]:
    return Text(" "), Link("Docs", url)
