"""Reviews: when a question that a member missed comes back.

A miss returns 1, 3, 7 and 21 days after it, and leaves review once the member was right on
two days at least 3 apart. A new miss starts all of it again. An answer before the due day
counts like any other; an overdue question stays due, and the return days that passed
meanwhile are left out. Right answers on the day of the miss count for nothing: the answer
has just been read.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

RETURNS = (1, 3, 7, 21)
"""Days after a miss on which the question returns."""

APART = 3
"""Days between two right answers that end the review."""


class Recall(msgspec.Struct, frozen=True):
    """A question in review: last missed on `missed`, asked again from `due` on.

    `right` is the first day after the miss on which the member was right.
    """

    missed: dt.date
    due: dt.date
    right: dt.date | None = None


def after(recall: Recall | None, *, right: bool, day: dt.date) -> Recall | None:
    """The review after an answer on `day`; None is a question that is not in review."""
    if not right:
        return Recall(day, day + dt.timedelta(days=RETURNS[0]))
    if recall is None or day <= recall.missed:
        return recall
    first = recall.right or day
    if (day - first).days >= APART:
        return None
    return Recall(recall.missed, _due(recall.missed, first, day), first)


def _due(missed: dt.date, first: dt.date, day: dt.date) -> dt.date:
    """The next day of return; past the last one, the first day that can end the review."""
    returns = (missed + dt.timedelta(days=days) for days in RETURNS)
    return next((due for due in returns if due > day), first + dt.timedelta(days=APART))


def recall_of(answers: Iterable[tuple[dt.date, bool]]) -> Recall | None:
    """The review after all answers to a question, as (day, right), oldest first."""
    recall = None
    for day, right in answers:
        recall = after(recall, right=right, day=day)
    return recall
