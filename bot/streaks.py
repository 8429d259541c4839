"""Streaks: the scheduled dailies of a channel that a member answered in a row.

A streak is a fold over the channel's dailies in the order of their dates. Seven answers in
a row, none missed, earn a freeze; two are kept at most; a miss uses one up and leaves the
streak as it is.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

FREEZE_RUN = 7
"""Dailies answered without a miss that earn a freeze."""

FREEZES = 2
"""Freezes that are kept at most."""

SHORT = dt.timedelta(hours=8)
"""A daily that was open for less time than this breaks no streak."""

Event = Literal["answered", "missed", "exempt"]


class Streak(msgspec.Struct, frozen=True):
    """How a member stands in one channel.

    `current` and `best` count answered dailies, `freezes` are in store, `run` counts the
    answers since the last miss, frozen or not. `used` is how many freezes applied
    themselves in the latest gap between two answers: after an answer the verdict names them,
    one answer later they are forgotten.
    """

    current: int = 0
    best: int = 0
    freezes: int = 0
    run: int = 0
    used: int = 0


def event_of(
    *,
    answered: bool,
    voided: bool,
    opened: dt.datetime,
    closes: dt.datetime,
    now: dt.datetime,
) -> Event | None:
    """What a daily means for a member's streak; None as long as it can still be answered."""
    if answered:
        return "answered"
    if voided:
        return "exempt"
    if now < closes:
        return None
    return "exempt" if closes - opened < SHORT else "missed"


def advance(streak: Streak, event: Event) -> Streak:
    """The streak after one more daily."""
    if event == "answered":
        return _answered(streak)
    if event == "missed":
        return _missed(streak)
    return streak


def _answered(streak: Streak) -> Streak:
    current, run = streak.current + 1, streak.run + 1
    earned = run % FREEZE_RUN == 0
    return Streak(
        current=current,
        best=max(streak.best, current),
        freezes=min(FREEZES, streak.freezes + earned),
        run=run,
        used=0 if streak.run else streak.used,
    )


def _missed(streak: Streak) -> Streak:
    used = 0 if streak.run else streak.used
    if streak.freezes:
        return msgspec.structs.replace(streak, freezes=streak.freezes - 1, run=0, used=used + 1)
    return msgspec.structs.replace(streak, current=0, run=0, used=used)


def streak_of(events: Iterable[Event]) -> Streak:
    """The streak after all of a channel's dailies, oldest first."""
    streak = Streak()
    for one in events:
        streak = advance(streak, one)
    return streak
