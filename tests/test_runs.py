"""Streaks and last week, as verdicts and dailies tell them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.markup import words
from tests.fakes import World, card, some_of
from tests.reference import check_streaks


@pytest.fixture
def simple(tmp_path: Path) -> Iterator[World]:
    """A team whose dailies are always the same two easy ones."""
    with World(tmp_path, bank=some_of("list-times-two", "len-of-an-array")) as world:
        yield world


def streak(world: World, who: str) -> str:
    """The streak's line in the verdict on the latest daily."""
    verdict = words(card(world.answer(who, world.daily_of())))
    return next(line for line in verdict.splitlines() if line.startswith("Streak"))


def next_day(world: World, days: int = 1) -> None:
    """Let days pass, with all that is due on each."""
    for _ in range(days):
        world.wait(days=1)
        world.tick()


def test_a_streak_counts_dailies_in_a_row_right_or_wrong(simple: World) -> None:
    """A miss begins it anew."""
    simple.begin()
    assert "Streak 1." == streak(simple, "Bea")
    next_day(simple)
    assert "Streak 2, your best." == streak(simple, "Bea")
    next_day(simple, 2)
    assert "Streak 1." == streak(simple, "Bea")
    assert "Streak 1, best 2" in words(card(simple.say("Bea", "me")))
    next_day(simple)
    assert "Streak 1, best 2" in words(card(simple.say("Bea", "me")))
    next_day(simple)
    assert "Streak 0, best 2" in words(card(simple.say("Bea", "me")))


def test_seven_in_a_row_earn_a_freeze_that_applies_itself(simple: World) -> None:
    """The next verdict says so, once."""
    simple.begin()
    for _ in range(7):
        last = streak(simple, "Bea")
        next_day(simple)
    assert "Streak 7, your best." == last
    assert "1 freeze kept" in words(card(simple.say("Bea", "me")))
    next_day(simple)
    assert "Streak 8, kept by 1 freeze, your best." == streak(simple, "Bea")
    next_day(simple)
    assert "Streak 9, your best." == streak(simple, "Bea")
    check_streaks(simple)


def test_days_without_a_daily_and_withdrawn_ones_break_nothing(simple: World) -> None:
    """A weekend, and a faulty question that a member had not answered."""
    simple.begin("09:00 UTC mon-fri")
    streak(simple, "Bea")
    next_day(simple)
    simple.say("Ada", "schedule void")
    next_day(simple)
    assert "Streak 2, your best." == streak(simple, "Bea")
    for _ in range(2):
        next_day(simple)
        streak(simple, "Bea")
    next_day(simple, 3)
    assert "Streak 5, your best." == streak(simple, "Bea")
    check_streaks(simple)


def test_a_daily_that_was_open_for_less_than_eight_hours_breaks_nothing(simple: World) -> None:
    """Nobody had a fair chance to answer it."""
    simple.begin("09:00 UTC daily closes 7h")
    streak(simple, "Bea")
    next_day(simple, 3)
    assert "Streak 2, your best." == streak(simple, "Bea")
    simple.say("Ada", "schedule closes 8h")
    next_day(simple, 2)
    assert "Streak 1." == streak(simple, "Bea")


def test_a_daily_that_is_still_open_is_not_missed_yet(simple: World) -> None:
    """The next one may be posted early: either may be answered first."""
    simple.begin()
    streak(simple, "Bea")
    next_day(simple)
    streak(simple, "Bea")
    still_open = simple.daily_of()
    simple.wait(hours=23)
    simple.say("Ada", "schedule now")
    simple.tick()
    assert simple.daily_of().id != still_open.id
    assert "Streak 1." == streak(simple, "Cem")
    assert "Streak 3, your best." == streak(simple, "Bea")
    late = card(simple.answer("Cem", still_open))
    assert "Streak 2, your best." in words(late)
    check_streaks(simple)


def test_the_one_that_was_left_open_breaks_it_when_it_closes(simple: World) -> None:
    """Although a later one was answered meanwhile."""
    simple.begin()
    streak(simple, "Bea")
    next_day(simple)
    simple.wait(hours=23)
    simple.say("Ada", "schedule now")
    simple.tick()
    assert "Streak 2, your best." == streak(simple, "Bea")
    simple.wait(hours=1)
    simple.tick()
    assert "Streak 1, best 1" in words(card(simple.say("Bea", "me")))
    check_streaks(simple)
    next_day(simple)
    assert "Streak 2, your best." == streak(simple, "Bea")
    check_streaks(simple)


def test_an_early_daily_tells_nothing_of_the_one_still_open(simple: World) -> None:
    """How many were right is known at closing; last week is told without it, too."""
    simple.begin("09:00 UTC mon-fri")
    simple.answer("Bea", simple.daily_of())
    simple.wait(hours=23)
    simple.say("Ada", "schedule now")
    simple.tick()
    assert "Last one" not in words(card(simple.say("Cem", "daily")))
    simple.wait(hours=1)
    simple.tick()
    assert "Last one: 1 of 1 got it" in words(card(simple.say("Cem", "daily")))


def test_the_weeks_first_daily_shows_last_week_all_day(simple: World) -> None:
    """Podium, longest streak and what split the team stay as they were, whoever answers."""
    simple.begin("09:00 UTC mon-fri")
    for _ in range(4):
        simple.answer("Bea", simple.daily_of())
        simple.answer("Cem", simple.daily_of(), right=False)
        next_day(simple)
    simple.answer("Cem", simple.daily_of())
    next_day(simple, 3)
    before = _last_week(simple)
    assert "- Last week: 1st Bea (40), 2nd Cem (10)\n- Longest streak: Cem (5)" in before
    assert "- It split the team: #1, 1 of 2 got it" in before
    simple.answer("Cem", simple.daily_of())
    assert before == _last_week(simple)
    next_day(simple)
    assert "Last week" not in words(card(simple.say("Dan", "daily")))


def _last_week(world: World) -> str:
    lines = words(card(world.say("Dan", "daily"))).splitlines()
    return "\n".join(line for line in lines if line.startswith("- "))


@pytest.mark.parametrize(("answered", "named"), [(4, False), (5, True)])
def test_under_five_answers_only_how_many_were_right_is_told(
    simple: World, answered: int, *, named: bool
) -> None:
    """With more, the split by belief and who got it."""
    post = simple.begin()
    for who in ("Bea", "Cem", "Dan", "Eve")[: answered - 1]:
        simple.answer(who, post)
    simple.answer("Zoe", post, right=False)
    next_day(simple)
    closed = words(simple.relay.posted["m1"].card)
    assert f"{answered - 1} of {answered} got it." in closed
    assert named == ("Right: Bea" in closed) == (f"1 of {answered}:" in closed)
    assert "Zoe" not in closed


def test_a_tie_last_week_is_shared(simple: World) -> None:
    """Two with the same points stand on the same place, and both have the longest streak."""
    simple.begin("09:00 UTC mon-fri")
    for _ in range(5):
        for who in ("Bea", "Cem"):
            simple.answer(who, simple.daily_of())
        next_day(simple)
    next_day(simple, 2)
    expected = "- Last week: 1st Bea (50), 1st Cem (50)\n- Longest streak: Bea, Cem (5)"
    assert _last_week(simple).startswith(expected)
