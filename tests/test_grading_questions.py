"""Grading a whole question: picks, typed answers, and the belief behind a wrong one."""

import pytest

from bot.grading import grade, grade_picks
from bot.model import Choice, Key, Mark, Question, Submission
from content.schema import Kind

ONE = (Choice("a", right=False), Choice("b", right=True), Choice("c", right=False))
MANY = (
    Choice("a", right=True),
    Choice("b", right=True),
    Choice("c", right=False),
    Choice("d", right=True),
)


def question(kind: Kind, choices: tuple[Choice, ...] = (), key: Key | None = None) -> Question:
    """A question of a kind, with nothing else to it."""
    return Question(
        source="q",
        topic="broadcasting",
        level=1,
        kind=kind,
        stem="?",
        choices=choices,
        key=key,
        rule="r",
        why="w",
        docs="d",
    )


SHAPE = question(
    "predict",
    (
        Choice("(3, 1)", right=False, code=True, belief="the-first-operand-wins"),
        Choice("(3, 4)", right=True, code=True),
        Choice("It raises `ValueError`", right=False, belief="shapes-must-be-equal"),
    ),
    Key("shape", "(3, 4)"),
)
RAISES = question(
    "predict",
    (Choice("`(4,)`", right=False), Choice("It raises `ValueError`", right=True)),
    Key("shape", "ValueError", error=True),
)


@pytest.mark.parametrize(
    ("picks", "note"),
    [
        ((0, 1), ""),
        ((1, 2), "`a.flatten()`: It copies."),
        ((0,), "`a.T` moves nothing."),
        ((1, 3), ""),
    ],
)
def test_several_picks_meet_the_first_mistaken_belief(picks: tuple[int, ...], note: str) -> None:
    """A wrong tick comes before a missed one; an option of prose is not repeated."""
    choices = (
        Choice("a[0]", right=True, code=True),
        Choice("`a.T`", right=True, why="`a.T` moves nothing."),
        Choice("a.flatten()", right=False, code=True, why="It copies."),
        Choice("a.copy()", right=False, code=True),
    )

    assert note == grade_picks(choices, picks, several=True).note


@pytest.mark.parametrize(
    ("picks", "outcome"),
    [((1,), "right"), ((0,), "wrong"), ((), "unclear"), ((3,), "unclear"), ((0, 1), "unclear")],
)
def test_one_pick_is_right_or_wrong(picks: tuple[int, ...], outcome: str) -> None:
    """A single choice is right when the right one is picked; what no form sends is unclear."""
    assert outcome == grade_picks(ONE, picks, several=False).outcome


def test_a_pick_is_the_choice_of_its_mark() -> None:
    """The mark of a single pick names the choice."""
    assert Mark("wrong", choice=2) == grade_picks(ONE, (2,), several=False)


@pytest.mark.parametrize(
    ("picks", "outcome", "share"),
    [
        ((0, 1, 3), "right", 1.0),
        ((3, 0, 1), "right", 1.0),
        ((0, 1), "partly", 2 / 3),
        ((0, 1, 2, 3), "partly", 2 / 3),
        ((0, 1, 2), "partly", 1 / 3),
        ((0, 2), "wrong", 0.0),
        ((2,), "wrong", 0.0),
        ((), "unclear", 0.0),
        ((0, 0), "unclear", 0.0),
        ((0, -1), "unclear", 0.0),
        ((0, 4), "unclear", 0.0),
    ],
)
def test_wrong_ticks_take_right_ones_back(
    picks: tuple[int, ...], outcome: str, share: float
) -> None:
    """Several-of-many earns right minus wrong ticks, over the right options; never below zero."""
    mark = grade_picks(MANY, picks, several=True)
    assert outcome == mark.outcome
    assert pytest.approx(share) == mark.share


@pytest.mark.parametrize(
    ("asked", "answer", "outcome", "choice"),
    [
        (SHAPE, "3x4", "right", 1),
        (SHAPE, "3 by 1", "wrong", 0),
        (SHAPE, "value error", "wrong", 2),
        (SHAPE, "(7, 7)", "wrong", None),
        (SHAPE, "hm", "unclear", None),
        (RAISES, "mismatch", "right", 1),
        (RAISES, "4,", "wrong", 0),
    ],
)
def test_a_typed_answer_finds_the_belief_behind_it(
    asked: Question, answer: str, outcome: str, choice: int | None
) -> None:
    """A typed answer that equals a known one, by value, carries its position."""
    mark = grade(asked, Submission(answer))
    assert (outcome, choice) == (mark.outcome, mark.choice)


def test_a_typed_question_may_be_asked_with_choices() -> None:
    """Picks of a typed question are graded as picks."""
    assert Mark("right", share=1.0, choice=1) == grade(SHAPE, Submission(picks=(1,)))


@pytest.mark.parametrize(("kind", "picks"), [("single", (1,)), ("bug", (1,)), ("several", (1,))])
def test_questions_with_choices_are_graded_by_picks(kind: Kind, picks: tuple[int, ...]) -> None:
    """Single, several and bug questions look at the picks only."""
    assert "right" == grade(question(kind, ONE), Submission("2", picks)).outcome


@pytest.mark.parametrize("kind", ["open", "expression"])
def test_what_is_not_graded_here_is_noted(kind: Kind) -> None:
    """Open questions and expressions leave without right or wrong."""
    assert Mark("noted") == grade(question(kind), Submission("x"))
