"""Streaks and the freezes that save them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.streaks import Event, Streak, advance, event_of, streak_of

LETTERS: dict[str, Event] = {"a": "answered", "m": "missed", "x": "exempt"}

# Mostly answers, or no streak would live to earn a freeze.
histories = st.lists(st.sampled_from("aaaaaaaaamx"), max_size=80).map("".join)


def fold(history: str) -> Streak:
    """The streak after a history of letters."""
    return streak_of(LETTERS[letter] for letter in history)


def naive(history: str) -> Streak:
    """The rules again, in the plainest words: one look at the whole history at each step."""
    freezes = current = best = 0
    saves: list[int] = []
    kept = history.replace("x", "")
    for place, letter in enumerate(kept):
        before = kept[:place]
        if letter == "a":
            current += 1
            best = max(best, current)
            row = place + 1 - (before.rfind("m") + 1)
            freezes = min(2, freezes + 1) if row in range(7, 700, 7) else freezes
        elif freezes:
            freezes -= 1
            saves.append(place)
        else:
            current = 0
    run = len(kept) - (kept.rfind("m") + 1)
    gap_ends = len(kept) if run == 0 else len(kept) - 1
    gap_starts = kept[:gap_ends].rstrip("m")
    used = sum(len(gap_starts) <= place < gap_ends for place in saves)
    return Streak(current, best, freezes, run, used)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("", Streak()),
        ("aaa", Streak(current=3, best=3, run=3)),
        ("aam", Streak(best=2)),
        ("aama", Streak(current=1, best=2, run=1)),
        ("aaxxa", Streak(current=3, best=3, run=3)),
        ("a" * 7, Streak(current=7, best=7, freezes=1, run=7)),
        ("a" * 21, Streak(current=21, best=21, freezes=2, run=21)),
        ("a" * 7 + "m", Streak(current=7, best=7, run=0, used=1)),
        ("a" * 7 + "ma", Streak(current=8, best=8, run=1, used=1)),
        ("a" * 7 + "maa", Streak(current=9, best=9, run=2)),
        ("a" * 14 + "mma", Streak(current=15, best=15, run=1, used=2)),
        ("a" * 14 + "mmma", Streak(current=1, best=14, run=1, used=2)),
        ("a" * 6 + "m" + "a" * 6, Streak(current=6, best=6, run=6)),
        ("a" * 6 + "x" + "a", Streak(current=7, best=7, freezes=1, run=7)),
    ],
)
def test_histories(history: str, expected: Streak) -> None:
    """Answers count, exempt days do not, seven in a row save one miss, two at most are kept."""
    assert expected == fold(history)


@given(histories)
def test_the_fold_agrees_with_the_rules_in_plain_words(history: str) -> None:
    """Step by step or from the whole history, the streak is the same."""
    assert naive(history) == fold(history)


@given(histories, histories)
def test_a_fold_can_go_on_from_any_point(before: str, after: str) -> None:
    """A stored streak and the events since make the same as all the events."""
    streak = fold(before)
    for letter in after:
        streak = advance(streak, LETTERS[letter])

    assert fold(before + after) == streak


@given(histories)
def test_a_streak_stays_within_its_bounds(history: str) -> None:
    """A streak is no longer than the best one, the best no longer than the answers."""
    streak = fold(history)

    assert 0 <= streak.run <= streak.current <= streak.best <= history.count("a")
    assert 0 <= streak.freezes <= 2
    assert 0 <= streak.used <= 2


@given(histories)
def test_exempt_dailies_change_nothing(history: str) -> None:
    """A history without its exempt dailies makes the same streak."""
    assert fold(history.replace("x", "")) == fold(history)


@given(histories, st.data())
def test_an_answer_more_never_shortens_a_streak(history: str, data: st.DataObject) -> None:
    """Had a member answered one of the missed dailies, no streak would be shorter."""
    missed = [place for place, letter in enumerate(history) if letter == "m"]
    place = data.draw(st.sampled_from(missed or [0]))
    better = fold(history[:place] + "a" + history[place + 1 :])

    assert better.best >= fold(history).best
    assert better.current >= fold(history).current


OPENED = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("answered", "voided", "hours", "passed", "expected"),
    [
        (True, False, 24, 1, "answered"),
        (True, True, 24, 30, "answered"),
        (False, True, 24, 1, "exempt"),
        (False, False, 24, 23, None),
        (False, False, 24, 24, "missed"),
        (False, False, 8, 9, "missed"),
        (False, False, 7, 9, "exempt"),
        (False, False, 7, 6, None),
    ],
)
def test_what_a_daily_means_for_a_streak(
    answered: bool,  # noqa: FBT001 - a case of the table
    voided: bool,  # noqa: FBT001 - the same
    hours: int,
    passed: int,
    expected: Event | None,
) -> None:
    """Withdrawn ones and those open for less than 8 h break nothing; open ones are undecided."""
    found = event_of(
        answered=answered,
        voided=voided,
        opened=OPENED,
        closes=OPENED + dt.timedelta(hours=hours),
        now=OPENED + dt.timedelta(hours=passed),
    )

    assert expected == found
