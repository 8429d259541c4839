"""Answers in code: graded by running them, and told what came out."""

import sys
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.evaluate import same
from bot.bank.examples import examples
from bot.grading.difference import brief, difference, told
from bot.grading.expression import (
    ENDED,
    NOT_RUN,
    _snippet,
    can_grade,
    grade_expression,
    rules_of,
)
from bot.model import Mark, Question
from bot.sandbox.job import Broken, Busy, Job, Killed, Outcome, Run
from tests.boxes import Box, opened
from tests.fakes import shipped_bank

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")

T = TypeVar("T")

COLUMN, SWAP, PUZZLE = "make-it-a-column", "two-rows-swapped", "identity-from-a-range"
ADULTS = "names-of-the-adults"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox for all questions."""
    with opened() as box:
        yield box


@cache
def in_code() -> tuple[str, ...]:
    """The ids of all questions that are answered in code."""
    return tuple(e.id for e in shipped_bank().entries.values() if e.kind == "expression")


def question(ident: str) -> Question:
    """A question of the bank."""
    return shipped_bank().question(ident)


def graded(box: Box, ident: str, text: str, seed: int = 11) -> Mark:
    """How a text is graded."""
    return box.wait(grade_expression(question(ident), text, box.sandbox, member="m", seed=seed))


def test_the_bank_has_questions_in_code() -> None:
    """Of all three kinds: an expression, a few steps, a puzzle."""
    questions = [question(ident) for ident in in_code()]
    assert 58 == len(questions)
    assert all(map(can_grade, questions))
    assert 3 <= sum(bool(one.head) for one in questions)
    assert 3 <= sum(bool(one.only) for one in questions)


@pytest.mark.parametrize("ident", in_code())
def test_right_spellings_are_right_and_wrong_ones_wrong(box: Box, ident: str) -> None:
    """The reference, at least three others, and each wrong solution, on inputs nobody has seen."""
    item = shipped_bank().sources[ident].item
    assert len(item.also) >= 3
    for text in (item.solution, *item.also):
        assert "right" == graded(box, ident, text).outcome, text
    for option in item.wrong:
        mark = graded(box, ident, option.answer or "")
        assert "wrong" == mark.outcome, option.answer
        assert mark.note


def test_a_known_mistake_is_recognised(box: Box) -> None:
    """Whatever it is spelled like: the belief behind it is what the verdict speaks to."""
    mark = graded(box, COLUMN, "x[None]")
    assert mark.choice is not None
    assert "x[np.newaxis]" == question(COLUMN).choices[mark.choice].text
    assert graded(box, COLUMN, "x * 2").choice is None


NOTES = {
    "x.T": "On the example its shape is `(4,)`, and `(4, 1)` is asked for.",
    "x[:, None] * 1.0": "On the example its dtype is `float64`, and `int64` is asked for.",
    "x[:, None] + 1": "On the example it gives `[[4] [2] [5] [2]]`, and `[[3] [1] [4] [1]]` is",
    "x.tolist()": "On the example it gives a list, and an array is asked for.",
    "(x, x)": "On the example it gives a tuple of 2, and an array is asked for.",
    "True": "On the example it gives True or False, and an array is asked for.",
    "x.dtype": "On the example it gives a dtype, and an array is asked for.",
    "x[9]": "On the example it raises `IndexError` (index 9 is out of bounds for axis 0 with",
    "np.linalg.matrix_power(np.ones((999, 999)), 10**9)": "It takes too long",
    "np.zeros(10**9)": "It takes too much memory",
}


@pytest.mark.parametrize("text", NOTES)
def test_a_wrong_answer_is_told_what_came_out(box: Box, text: str) -> None:
    """On the example that everybody sees."""
    mark = graded(box, COLUMN, text)
    assert "wrong" == mark.outcome
    assert mark.note.startswith(NOTES[text])


def test_right_on_the_example_alone_is_shown_another(box: Box) -> None:
    """An input that can be followed by hand, and that is none of the hidden ones."""
    mark = graded(box, COLUMN, "x.reshape(4, 1)", seed=11)
    assert "wrong" == mark.outcome
    assert mark.note.startswith("It is right on the example, but not in general: with `x = [")
    hidden = examples(_snippet(question(COLUMN)), 11)
    for case in hidden:
        assert f"`x = {case.inputs['x']}`" not in mark.note


def test_every_answer_meets_other_inputs() -> None:
    """What one has been shown helps nobody with the next."""
    snippet = _snippet(question("softmax-of-each-row"))
    first, again, other = (examples(snippet, seed)[1].inputs["x"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)  # type: ignore[arg-type]
    assert not np.array_equal(first, other)  # type: ignore[arg-type]


def test_a_changed_input_is_told(box: Box) -> None:
    """The result may be right: the caller's array is not what it was."""
    text = "def solve(table, i, j):\n    table[[i, j]] = table[[j, i]]\n    return table"
    mark = graded(box, SWAP, text)
    assert ("wrong", True) == (mark.outcome, "changes its input `table`" in mark.note)


def test_what_is_not_allowed_costs_nothing(box: Box) -> None:
    """It is unclear, and says where and what to write instead."""
    mark = graded(box, COLUMN, "x.reshape((-1, 1)")
    assert ("unclear", "x.reshape((-1, 1)\n         ^") == (mark.outcome, mark.place)
    assert "was never closed" in mark.note
    assert "`np.zeros`" in graded(box, COLUMN, "np.empty(3)").note
    assert "Begin with `def solve(table, i, j):`" in graded(box, SWAP, "def f(x): return x").note
    assert "This puzzle does without `np.eye`" in graded(box, PUZZLE, "np.eye(n, dtype=int)").note
    assert "The fields are `'age'`, `'name'`." == graded(box, ADULTS, "people['agee']").note


def test_a_chat_s_marks_are_no_fault(box: Box) -> None:
    """Pasted with a fence, or typed on a telephone."""
    assert "right" == graded(box, COLUMN, "```python\nx[:, None]\n```").outcome
    assert "right" == graded(box, ADULTS, "people[“name”][people[“age”] >= 18]").outcome


class Failing:
    """A runner that runs nothing."""

    def __init__(self, end: Exception | Killed) -> None:
        self.end = end

    async def turn(self, member: Hashable, task: Callable[[Run], T]) -> T:
        """Refuse, or tell that it was killed."""
        assert member
        if isinstance(self.end, Killed):
            end = self.end
            return task(lambda _: end)
        raise self.end


def test_what_cannot_be_run_costs_nothing(box: Box) -> None:
    """The service is at fault, or the member is too quick; the sentence says which."""
    for end, note in (
        (Broken("gone"), NOT_RUN),
        (Busy("Wait a second."), "Wait a second."),
        (Killed("crash"), ENDED),
        (Killed("forbidden"), ENDED),
    ):
        work = grade_expression(question(COLUMN), "x", Failing(end), member="m", seed=1)
        assert Mark("unclear", note=note) == box.wait(work)


def test_rules_are_read_off_the_question() -> None:
    """The names that its code defines, functions apart, and its fields."""
    rules = rules_of(question("largest-of-each-window"))
    assert (("x", "k"), frozenset({"windows"})) == (rules.inputs, rules.functions)
    assert {"name", "age"} == rules_of(question(ADULTS)).fields
    assert rules_of(question(SWAP)).steps
    assert {"np.arange"} == rules_of(question(PUZZLE)).only
    assert ("a", "b", "c") == rules_of(question("largest-of-three-arrays")).inputs


DIFFERENCES: list[tuple[object, object, str]] = [
    (np.zeros(3), np.zeros(3), ""),
    (np.zeros(3), np.zeros((1, 3)), "shape"),
    (np.zeros(0), np.zeros((0, 4)), "shape"),
    (np.zeros(3), 0.0, "type"),
    (np.float64(1), np.array(1.0), "type"),
    (np.float64(1), 1.0, ""),
    (1, True, "dtype"),
    (np.zeros(3), np.zeros(3, int), "dtype"),
    (np.zeros(3, "u1"), np.zeros(3, "i1"), "dtype"),
    (np.zeros(3, "f8"), np.zeros(3, "f4"), ""),
    (np.array([1.0, np.nan]), np.array([1.0, np.nan]), ""),
    (np.array([1.0, np.nan]), np.array([np.nan, np.nan]), "values"),
    (np.array([1.0]), np.array([1.0 + 1e-10]), ""),
    (np.array([1.0]), np.array([1.0 + 1e-8]), "values"),
    (np.array([1]), np.array([2]), "values"),
    (np.array(["NaT"], "M8[D]"), np.array(["NaT"], "M8[D]"), ""),
    (np.array([1], "m8[D]"), np.array([1], "m8[M]"), "values"),
    (np.array(["2020"], "M8[D]"), np.datetime64(1, "as"), "type"),
    (np.array(["a"]), np.array(["b"]), "values"),
    ((1, 2), (1, 2), ""),
    ((1, 2), [1, 2], "type"),
    ((1, 2), (1, 2, 3), "type"),
    ((np.zeros(2), 1), (np.zeros(3), 1), "shape"),
    (np.zeros(3), None, "type"),
]


@pytest.mark.parametrize(("expected", "given_", "found"), DIFFERENCES, ids=str)
def test_results_are_compared_as_types_shapes_dtypes_and_values(
    expected: object, given_: object, found: str
) -> None:
    """The first difference is told, and nothing is equal by broadcasting."""
    assert found == difference(expected, given_)
    assert bool(found) == bool(told(expected, given_))


def test_a_date_without_a_unit_is_no_bother() -> None:
    """NumPy can't print it; a wrong answer is all that it is."""
    dates, strange = np.array(["2020"], "M8[D]"), np.ones(1).astype("M8")
    assert "it gives other values than are asked for" == told(dates, strange)
    assert "" == brief(strange)


def test_an_exact_dtype_is_compared_whole() -> None:
    """Where the question is about it."""
    assert "dtype" == difference(np.zeros(3), np.zeros(3, "f4"), exact=True)
    assert "of part 2, its shape is `(3,)`, and `(2,)` is asked for" == told(
        (1, np.zeros(2)), (1, np.zeros(3))
    )


@given(st.lists(st.integers(-3, 3), max_size=3), st.lists(st.integers(-3, 3), max_size=3))
def test_the_check_and_the_grader_agree(one: list[int], other: list[int]) -> None:
    """What proves the bank calls the same results equal."""
    for a, b in ((one, other), (np.array(one), np.array(other)), (tuple(one), tuple(other))):
        assert same(a, b) == (difference(a, b) == "")


class Once:
    """A runner that breaks after the first job."""

    def __init__(self, box: Box) -> None:
        self.box, self.jobs = box, 0

    async def turn(self, member: Hashable, task: Callable[[Run], T]) -> T:
        """Run the first one."""

        def once(run: Run) -> T:
            def first(job: Job) -> Outcome:
                self.jobs += 1
                if self.jobs > 1:
                    raise Broken(NOT_RUN)
                return run(job)

            return task(first)

        return await self.box.sandbox.turn(member, once)


def test_a_wrong_answer_is_wrong_without_its_demonstration(box: Box) -> None:
    """Nobody gets another try because nothing more could be run."""
    text = "x.reshape(4, 1)"
    mark = box.wait(grade_expression(question(COLUMN), text, Once(box), member="m", seed=11))
    assert ("wrong", "It is right on the example, but not in general.") == (mark.outcome, mark.note)
