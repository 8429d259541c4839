"""What answers earn, and the boards made of them."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Standing
from bot.scoring import (
    PRACTICE_CAP,
    Period,
    Score,
    channel_board,
    daily_points,
    is_fresh,
    period,
    practice_points,
    rank,
    team_board,
)

levels = st.integers(1, 3)
shares = st.integers(1, 16).flatmap(
    lambda of: st.integers(0, of).map(lambda ticks: Fraction(ticks, of))
)
days = st.dates(dt.date(2026, 2, 23), dt.date(2026, 3, 8))
scores = st.lists(
    st.builds(
        Score,
        st.integers(1, 4),
        st.integers(1, 3),
        days,
        st.integers(0, 30),
        st.sampled_from(("daily", "practice", "together")),
    ).map(
        # Channel 3 is a direct conversation: only practice happens there.
        lambda score: (
            Score(score.member_id, 3, score.day, score.points, "practice", direct=True)
            if score.channel_id == 3
            else score
        )
    ),
    max_size=30,
)
ALL = (dt.date.min, dt.date.max)


def half_up(exact: Fraction) -> int:
    """The nearest whole number, halves going up."""
    return int(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("level", "share", "hinted", "expected"),
    [
        *((1, 1.0, False, 10), (2, 1.0, False, 20), (3, 1.0, False, 30)),
        *((1, 1.0, True, 5), (3, 1.0, True, 15), (1, 0.0, True, 0)),
        *((1, 1 / 3, False, 3), (1, 2 / 3, False, 7), (1, 1 / 4, False, 3)),
        *((1, 1 / 4, True, 1), (1, 1 / 2, True, 3), (1, 3 / 10, True, 2)),
    ],
)
def test_points_of_a_daily(level: int, share: float, hinted: bool, expected: int) -> None:  # noqa: FBT001 - a case of the table
    """Ten a level, times the share, halved by a hint, rounded once with halves up."""
    assert expected == daily_points(level, share, hinted=hinted)


@given(levels, shares, st.booleans())
def test_points_are_those_of_exact_fractions(level: int, share: Fraction, hinted: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """A share that went through a float earns what the exact fraction earns."""
    exact = 10 * level * share / (2 if hinted else 1)

    assert half_up(exact) == daily_points(level, float(share), hinted=hinted)


@given(levels, st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_more_right_never_earns_less(level: int, one: float, other: float, hinted: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Points grow with the share, from 0 to all; a hint never earns more."""
    less, more = sorted((one, other))
    points = daily_points(level, more, hinted=hinted)

    assert 0 <= daily_points(level, less, hinted=hinted) <= points <= 10 * level
    assert daily_points(level, more, hinted=True) <= points


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_0_to_1_is_refused(share: float) -> None:
    """A share that cannot be is a programming error, not points."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        daily_points(1, share, hinted=False)


@pytest.mark.parametrize(
    ("level", "share", "hinted", "earned", "expected"),
    [
        *((1, 1.0, False, 0, 2), (3, 1.0, False, 0, 6), (2, 1.0, True, 0, 2)),
        *((3, 1.0, False, 4, 2), (3, 1.0, False, 6, 0), (1, 0.0, False, 0, 0)),
        *((3, 0.5, False, 0, 3), (1, 0.5, True, 0, 1), (1, 1.0, False, 9, 0)),
    ],
)
def test_points_of_practice(
    level: int,
    share: float,
    hinted: bool,  # noqa: FBT001 - a case of the table
    earned: int,
    expected: int,
) -> None:
    """Two a level, by the same rules, up to six a day."""
    assert expected == practice_points(level, share, hinted=hinted, fresh=True, earned_today=earned)


def test_practice_of_a_question_just_shown_earns_nothing() -> None:
    """A second try, or one within seven days of the answer, is worth no points."""
    assert 0 == practice_points(3, 1, hinted=False, fresh=False, earned_today=0)


@pytest.mark.parametrize(
    ("shown", "expected"), [(None, True), ("2026-06-01", True), ("2026-06-02", False)]
)
def test_a_question_is_fresh_again_after_seven_days(shown: str | None, expected: bool) -> None:  # noqa: FBT001 - a case of the table
    """Never shown, or shown a week ago, counts."""
    seen = dt.date.fromisoformat(shown) if shown else None

    assert expected == is_fresh(seen, dt.date(2026, 6, 8))


@given(st.lists(st.tuples(levels, shares, st.booleans(), st.booleans())))
def test_a_day_of_practice_never_passes_the_cap(
    tries: list[tuple[int, Fraction, bool, bool]],
) -> None:
    """However much is practised, a day earns six at most, and just six if there is enough."""
    earned = wanted = 0
    for level, share, hinted, fresh in tries:
        earned += practice_points(
            level, float(share), hinted=hinted, fresh=fresh, earned_today=earned
        )
        wanted += half_up(2 * level * share / (2 if hinted else 1)) if fresh else 0

    assert min(PRACTICE_CAP, wanted) == earned


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("week", "2026-03-01", "2026-02-23", "2026-03-01"),
        ("week", "2026-03-02", "2026-03-02", "2026-03-08"),
        ("month", "2026-02-28", "2026-02-01", "2026-02-28"),
        ("month", "2028-02-01", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("all", "2026-12-31", "0001-01-01", "9999-12-31"),
    ],
)
def test_periods_are_calendar_weeks_and_months(
    name: Period, today: str, first: str, last: str
) -> None:
    """A week runs from Monday to Sunday, a month from its first to its last day."""
    found = period(name, dt.date.fromisoformat(today))

    assert (first, last) == tuple(map(str, found))


def test_ties_share_a_rank_by_name_and_use_it_up() -> None:
    """Two with equal points are both first, by name whatever its case; the next is third."""
    rows = [(1, "zoe", 20), (2, "Ann", 5), (3, "Bob", 20), (4, "ann", 5), (5, "cy", 0)]

    assert (
        Standing(1, 3, "Bob", 20),
        Standing(1, 1, "zoe", 20),
        Standing(3, 2, "Ann", 5),
        Standing(3, 4, "ann", 5),
        Standing(5, 5, "cy", 0),
    ) == rank(rows)


@given(st.dictionaries(st.integers(), st.tuples(st.text("aAb", max_size=3), st.integers(0, 9))))
def test_a_rank_counts_those_with_more_points(members: dict[int, tuple[str, int]]) -> None:
    """Every member is on the board once, in the same place whatever the order of the rows."""
    rows = [(member, name, points) for member, (name, points) in members.items()]
    board = rank(rows)

    assert sorted(members) == sorted(line.member_id for line in board)
    assert board == rank(reversed(rows))
    for line in board:
        assert line.rank == 1 + sum(points > line.points for _, _, points in rows)


def test_a_team_counts_the_best_daily_of_a_day() -> None:
    """Two channels' dailies of one day count once for the team, and each for its channel."""
    monday, tuesday = dt.date(2026, 6, 1), dt.date(2026, 6, 2)
    answers = [
        Score(1, 1, monday, 10, "daily"),
        Score(1, 2, monday, 30, "daily"),
        Score(1, 2, tuesday, 20, "daily"),
        Score(1, 1, monday, 4, "practice"),
        Score(1, 9, monday, 2, "practice", direct=True),
        Score(1, 1, monday, 0, "together"),
    ]

    assert {1: 30 + 20 + 4 + 2} == team_board(answers, *ALL)
    assert {1: 10 + 4} == channel_board(answers, 1, *ALL)
    assert {1: 30 + 20} == channel_board(answers, 2, *ALL)
    assert {1: 20} == team_board(answers, tuesday, tuesday)
    assert {} == channel_board(answers, 9, *ALL)


@given(scores)
def test_a_team_has_at_most_what_its_channels_and_messages_have(answers: list[Score]) -> None:
    """Without two dailies on one day the team's board is the sum of all the others."""
    team = team_board(answers, *ALL)
    total: defaultdict[int, int] = defaultdict(int)
    for channel in (1, 2):
        for member, points in channel_board(answers, channel, *ALL).items():
            total[member] += points
    for score in answers:
        total[score.member_id] += score.points if score.direct else 0
    dailies = [(score.member_id, score.day) for score in answers if score.kind == "daily"]

    assert all(0 <= points <= total[member] for member, points in team.items())
    if len(dailies) == len(set(dailies)):
        assert {member: points for member, points in total.items() if member in team} == team


@given(scores)
def test_weeks_add_up_to_everything(answers: list[Score]) -> None:
    """The boards of two weeks together are the board of both, on a team and in a channel."""
    first, second = period("week", dt.date(2026, 2, 23)), period("week", dt.date(2026, 3, 8))
    both = (first[0], second[1])
    for board in (team_board, lambda scores, *span: channel_board(scores, 1, *span)):
        one, two, whole = (board(answers, *span) for span in (first, second, both))
        summed = {member: one.get(member, 0) + two.get(member, 0) for member in {*one, *two}}
        assert summed == whole


@given(scores.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(answers))))
def test_the_order_of_answers_makes_no_difference(orders: tuple[list[Score], list[Score]]) -> None:
    """A board is a matter of the answers alone, not of when each was read."""
    one, other = orders

    assert team_board(one, *ALL) == team_board(other, *ALL)
