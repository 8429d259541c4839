"""When a missed question comes back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory import Recall, after, recall_of

START = dt.date(2026, 6, 1)

histories = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=20)
"""Days since the answer before, and whether it was right."""


def dated(history: list[tuple[int, bool]]) -> list[tuple[dt.date, bool]]:
    """The same with dates, from START on."""
    day, answers = START, []
    for days, right in history:
        day += dt.timedelta(days=days)
        answers.append((day, right))
    return answers


def due_days(*answers: tuple[int, bool]) -> int | None:
    """The day, counted from START, on which the question is due after these answers."""
    recall = recall_of((START + dt.timedelta(days=day), right) for day, right in answers)
    return (recall.due - START).days if recall else None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        ([(0, True)], None),
        ([(0, False)], 1),
        ([(0, False), (1, True)], 3),
        ([(0, False), (1, True), (3, True)], 7),
        ([(0, False), (1, True), (3, True), (7, True)], None),
        ([(0, False), (5, True), (7, True)], 21),
        ([(0, False), (30, True)], 33),
        ([(0, False), (30, True), (32, True)], 33),
        ([(0, False), (30, True), (33, True)], None),
        ([(0, False), (1, True), (4, True)], None),
        ([(0, False), (1, True), (3, False)], 4),
        ([(0, False), (1, True), (3, False), (4, True)], 6),
        ([(0, False), (0, True)], 1),
        ([(0, False), (0, True), (3, True)], 7),
        ([(0, False), (1, True), (4, True), (9, False)], 10),
    ],
)
def test_when_a_question_is_due(answers: list[tuple[int, bool]], expected: int | None) -> None:
    """1, 3, 7 and 21 days after a miss, until right on two days at least 3 apart."""
    assert expected == due_days(*answers)


@given(histories)
def test_a_question_never_missed_is_never_in_review(history: list[tuple[int, bool]]) -> None:
    """However often it was right, a question without a miss does not come back."""
    assert recall_of((day, True) for day, _ in dated(history)) is None


@given(histories)
def test_a_question_in_review_is_due_after_its_last_answer(
    history: list[tuple[int, bool]],
) -> None:
    """A question is never due again on the day it was answered, nor later than in 21 days."""
    answers = dated(history)
    recall = recall_of(answers)
    if recall:
        wait = (recall.due - answers[-1][0]).days
        assert 1 <= wait <= 21


@given(histories)
def test_review_ends_just_when_two_right_days_are_three_apart(
    history: list[tuple[int, bool]],
) -> None:
    """A look at all the answers since the last miss tells the same as the fold."""
    answers = dated(history)
    misses = [place for place, (_, right) in enumerate(answers) if not right]
    since = answers[misses[-1] + 1 :] if misses else []
    missed = answers[misses[-1]][0] if misses else None
    days = [day for day, _ in since if day != missed]
    ended = not misses or (len(days) > 1 and (days[-1] - days[0]).days >= 3)

    assert ended == (recall_of(answers) is None)


@given(histories)
def test_a_miss_starts_again_whatever_came_before(history: list[tuple[int, bool]]) -> None:
    """The state after a miss is that of a first miss."""
    day = START + dt.timedelta(days=400)

    assert Recall(day, day + dt.timedelta(days=1)) == after(
        recall_of(dated(history)), right=False, day=day
    )


@given(histories)
def test_answering_whenever_it_is_due_soon_ends_the_review(
    history: list[tuple[int, bool]],
) -> None:
    """From any state three right answers on the days it is due are enough."""
    recall = recall_of(dated(history))
    for _ in range(3):
        if recall:
            recall = after(recall, right=True, day=recall.due)

    assert recall is None
