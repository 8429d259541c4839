"""What an answer earns, and the boards that are made of the answers.

Points are worked out in whole numbers and rounded once, at the very end: the question's
points, times the share, halved by a hint, then rounded with halves going up.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from bot.model import PostKind, Standing

DAILY = 10
"""Points of a daily per level."""

PRACTICE = 2
"""Points of a practice question per level."""

PRACTICE_CAP = 6
"""Points that practice earns at most, per member, tenant and day."""

FRESH_DAYS = 7
"""Days after which a question whose answer was shown earns practice points again."""

Period = Literal["week", "month", "all"]

# Every share of up to 16 right options is a whole number of these parts.
_PARTS = math.lcm(*range(1, 17))


def daily_points(level: int, share: float, *, hinted: bool) -> int:
    """Points of a daily answer that earned `share` (0 to 1) of its question.

    A withdrawn daily gives everybody who answered a share of 1, without a hint.
    """
    return _points(DAILY * level, share, hinted=hinted)


def practice_points(
    level: int, share: float, *, hinted: bool, fresh: bool, earned_today: int
) -> int:
    """Points of a practice answer that earned `share` (0 to 1) of its question.

    Only a first try at a `fresh` question (see `is_fresh`) earns anything, and together
    with what practice `earned_today` never more than the day's cap.
    """
    left = max(0, PRACTICE_CAP - earned_today)
    return min(left, _points(PRACTICE * level, share, hinted=hinted)) if fresh else 0


def is_fresh(shown: dt.date | None, day: dt.date) -> bool:
    """Whether practice of a question whose answer was last shown on `shown` counts on `day`."""
    return shown is None or (day - shown).days >= FRESH_DAYS


def _points(full: int, share: float, *, hinted: bool) -> int:
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    whole = 2 * _PARTS if hinted else _PARTS
    return (2 * full * round(share * _PARTS) + whole) // (2 * whole)


def period(name: Period, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of the calendar week (from Monday) or month around `today`."""
    if name == "week":
        monday = today - dt.timedelta(days=today.weekday())
        return monday, monday + dt.timedelta(days=6)
    if name == "month":
        following = today.replace(day=28) + dt.timedelta(days=4)
        return today.replace(day=1), following - dt.timedelta(days=following.day)
    return dt.date.min, dt.date.max


def rank(rows: Iterable[tuple[int, str, int]]) -> tuple[Standing, ...]:
    """The board of (member id, name, points): ties share a rank, by name, and use it up.

    Ranks run 1, 1, 3. Members of one name keep the order of their ids.
    """
    standings: list[Standing] = []
    ordered = sorted(rows, key=lambda row: (-row[2], row[1].casefold(), row[0]))
    for place, (member, name, points) in enumerate(ordered, start=1):
        tied = standings and standings[-1].points == points
        standings.append(Standing(standings[-1].rank if tied else place, member, name, points))
    return tuple(standings)


class Score(msgspec.Struct, frozen=True):
    """What one stored answer adds to the boards; `direct` if given in a direct message."""

    member_id: int
    channel_id: int
    day: dt.date
    points: int
    kind: PostKind
    direct: bool = False


def channel_board(
    scores: Iterable[Score], channel_id: int, first: dt.date, last: dt.date
) -> Mapping[int, int]:
    """Points by member from `first` to `last`: the channel's dailies and practice begun there."""
    totals: defaultdict[int, int] = defaultdict(int)
    for score in _counting(scores, first, last):
        if score.channel_id == channel_id and not score.direct:
            totals[score.member_id] += score.points
    return dict(totals)


def team_board(scores: Iterable[Score], first: dt.date, last: dt.date) -> Mapping[int, int]:
    """Points by member from `first` to `last`, over the scores of one whole tenant.

    Of the dailies that a member answered for one day, in several channels, the best counts;
    practice counts wherever it was, in direct messages too.
    """
    totals: defaultdict[int, int] = defaultdict(int)
    best: defaultdict[tuple[int, dt.date], int] = defaultdict(int)
    for score in _counting(scores, first, last):
        if score.kind == "practice":
            totals[score.member_id] += score.points
        else:
            key = score.member_id, score.day
            best[key] = max(best[key], score.points)
    for (member, _), points in best.items():
        totals[member] += points
    return dict(totals)


def _counting(scores: Iterable[Score], first: dt.date, last: dt.date) -> Iterable[Score]:
    return (score for score in scores if first <= score.day <= last and score.kind != "together")
