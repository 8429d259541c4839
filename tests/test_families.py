"""Every family: right by NumPy, wrong by each misconception; long proofs over 500 seeds."""

import re
from collections import Counter
from functools import cached_property
from itertools import combinations

import numpy as np
import pytest

from bot.bank.bank import Bank
from bot.bank.build import build
from bot.bank.choices import as_choices
from bot.grading import grade_typed
from bot.model import Question
from content.families.registry import Family, load
from content.schema import TOPICS, Item

FAMILIES = {family.id: family for family in load()}
EVERY = sorted(FAMILIES)
OR_ERROR = sorted(family.id for family in FAMILIES.values() if family.may_fail)
FEW, MANY = 45, 500


class Sample:
    """The first instances of a family, the levels in turn."""

    def __init__(self, name: str, count: int) -> None:
        self.family = FAMILIES[name]
        self.drafts = tuple(_draft(self.family, seed) for seed in range(count))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The instances after NumPy has computed their keys."""
        return tuple(
            build(item, source=self.family.id, seed=seed) for seed, item in enumerate(self.drafts)
        )


def _draft(family: Family, seed: int) -> Item:
    level = family.levels[seed % len(family.levels)]
    return family.make(np.random.default_rng(seed), level)


@pytest.fixture(scope="module", params=EVERY)
def few(request: pytest.FixtureRequest) -> Sample:
    """A few instances of each family in turn."""
    return Sample(request.param, FEW)


@pytest.fixture(scope="module", params=EVERY)
def many(request: pytest.FixtureRequest) -> Sample:
    """Many instances of each family in turn."""
    return Sample(request.param, MANY)


@pytest.fixture(scope="module", params=OR_ERROR)
def many_or_error(request: pytest.FixtureRequest) -> Sample:
    """Many instances of each family whose answer may be an error."""
    return Sample(request.param, MANY)


def test_the_families_are_there() -> None:
    """Each of the families that we promise is found."""
    expected = [
        *("argsort-or-rank", "attributes-of-an-array", "axis-shape", "axis-values"),
        *("boolean-mask", "broadcast-shape", "byte-offset", "bytes-of-an-array", "bytes-per-step"),
        *("certain-after-shuffling", "changed-in-numpy-2", "contiguous-or-not"),
        *("convolve-or-correlate", "copies-of-a-transpose", "count-of-pairs"),
        *("days-between-dates", "division-and-remainder", "dot-or-matmul", "dtype-of-a-reduction"),
        *("dtype-that-is-inferred", "edges-of-bins", "einsum-shape", "einsum-value"),
        *("equal-or-close", "equal-random-numbers", "flat-positions", "flip-or-rotate"),
        *("index-grid-shape", "index-pairs-or-grid", "infinite-results", "integer-or-slice"),
        *("join-shape", "limits-of-a-float", "linalg-shapes", "linalg-value"),
        *("linspace-or-arange", "mask-of-axes", "matmul-shape", "methods-of-a-ufunc"),
        *("mixed-index-shape", "nan-in-reductions", "number-for-each-row", "pad-or-roll"),
        *("partition-or-sort", "pattern-of-a-matrix", "percentile-value", "plus-equals-and-names"),
        *("promotion", "python-number-beside-an-array", "repeated-index", "reshape-minus-one"),
        *("reshape-order", "running-results", "searchsorted-side", "set-operations"),
        *("shapes-of-a-model", "slice-length", "slice-shape", "slice-values", "split-sizes"),
        *("squeeze-or-expand", "star-or-at", "strides", "table-values", "take-choose-or-put"),
        *("text-that-is-too-long", "tile-or-repeat", "to-whole-numbers", "transpose-axes"),
        *("unique-extras", "values-that-can-be-drawn", "variance-ddof", "view-or-copy"),
        *("what-a-mask-leaves-out", "where-or-argwhere", "which-error-is-raised", "window-shape"),
        *("words-or-operators", "wrap-around", "write-through-a-second-name"),
    ]
    assert expected == EVERY


def test_an_instance_follows_from_its_seed(few: Sample) -> None:
    """The same seed and level give the same instance."""
    again = tuple(_draft(few.family, seed) for seed in range(FEW))
    assert few.drafts == again


def test_a_few_instances_are_sound(few: Sample) -> None:
    """One option is right and two or more are wrong; the long proof takes more of them."""
    assert_sound(few)


@pytest.mark.proof
def test_many_instances_are_sound(many: Sample) -> None:
    """Whatever the seed."""
    assert_sound(many)


def test_no_two_options_mean_the_same(few: Sample) -> None:
    """They differ by the rules that grade a typed answer, not only in their print."""
    for question in few.questions:
        if question.key is None or question.kind != "predict":
            continue
        for one, other in combinations(question.choices, 2):
            if one.code and other.code:
                mark = grade_typed(question.key.type, one.text, other.text)
                assert "right" != mark.outcome, (question.seed, one.text, other.text)


def assert_sound(sample: Sample) -> None:
    """NumPy finds exactly one option right, or some of several; two others at least are wrong."""
    for question in sample.questions:
        right = [choice for choice in question.choices if choice.right]
        if question.kind == "several":
            assert 2 <= len(right) < len(question.choices)
        else:
            assert 1 == len(right)
        texts = [choice.text for choice in question.choices]
        assert len(texts) == len(set(texts))
        assert sum(not choice.right for choice in question.choices) >= 2


@pytest.mark.proof
def test_every_misconception_fires(many: Sample) -> None:
    """Each declared belief stands behind some option, and no other does."""
    fired = Counter(choice.belief for question in many.questions for choice in question.choices)
    del fired[""]
    assert set(many.family.beliefs) == set(fired)


@pytest.mark.proof
def test_an_error_is_always_offered(many_or_error: Sample) -> None:
    """The options do not tell that an operation is legal by naming no error."""
    for question in many_or_error.questions:
        offered = as_choices(question)
        assert offered is not None
        assert any(not choice.code for choice in offered.choices)


@pytest.mark.proof
def test_the_answer_is_an_error_in_about_a_third(many_or_error: Sample) -> None:
    """Guessing that an operation is legal does not win."""
    errors = sum(item.raises is not None for item in many_or_error.drafts)
    assert 0.25 <= errors / MANY <= 0.40


@pytest.mark.proof
def test_seeds_give_variety(many: Sample) -> None:
    """Hundreds of different instances come from five hundred seeds."""
    seen = {(item.code, item.stem, item.right, item.wrong) for item in many.drafts}
    assert len(seen) >= 200


@pytest.mark.proof
def test_the_key_is_not_an_input(many: Sample) -> None:
    """The right answer seldom stands in the code already."""
    typed = [question for question in many.questions if question.key and not question.key.error]
    given = sum(question.key.text in question.code for question in typed if question.key)
    assert given <= len(typed) * 0.5


def test_a_few_instances_fit_a_phone(few: Sample) -> None:
    """The long proof looks at more of them."""
    assert_fits_a_phone(few)


@pytest.mark.proof
def test_many_instances_fit_a_phone(many: Sample) -> None:
    """Whatever the seed."""
    assert_fits_a_phone(many)


def assert_fits_a_phone(sample: Sample) -> None:
    """Code stays within 24 lines of 72 columns, and a verdict within sixty words."""
    for item in sample.drafts:
        lines = item.code.splitlines()
        assert len(lines) <= 24
        assert max(map(len, lines), default=0) <= 72
        for option in (*item.right, *item.wrong):
            assert len(re.findall(r"\S+", f"{item.rule} {option.why}")) <= 45


def test_an_instance_says_what_it_is_about(few: Sample) -> None:
    """Topic, level, docs, hint, and two follow-up questions are there."""
    assert few.family.topic in TOPICS
    for seed, item in enumerate(few.drafts):
        assert few.family.topic == item.topic
        assert few.family.levels[seed % len(few.family.levels)] == item.level
        assert item.docs.startswith("https://numpy.org/doc/stable/")
        assert item.hint
        assert 2 == len(item.follow_up)


def test_a_belief_has_one_name() -> None:
    """Most beliefs of views and copies are those that hand-written questions name too."""
    written = {belief for entry in Bank.load().entries.values() for belief in entry.beliefs}
    shared = written & set(FAMILIES["view-or-copy"].beliefs)
    assert {
        "slices-are-copies", "fancy-index-is-a-view", "flatten-is-a-view", "reshape-always-copies",
        "transpose-moves-the-data", "np-array-reuses-arrays",
    } <= shared  # fmt: skip


def test_an_error_of_broadcasting_tempts() -> None:
    """Somewhere an axis is 1 or missing, so that not every size has to be equal anyway."""
    for item in Sample("broadcast-shape", MANY).drafts:
        shapes = [re.findall(r"\d+", line) for line in item.code.splitlines()[:-1]]
        assert len(set(map(len, shapes))) > 1 or any("1" in shape for shape in shapes)


def test_a_wrapping_sum_both_wraps_and_stays() -> None:
    """Of three sums one or two leave the range, so that neither rule alone is enough."""
    for item in Sample("wrap-around", MANY).drafts:
        exact = next(option for option in item.wrong if "widened" in option.belief)
        wrapped = sum(not -128 <= int(n) < 256 for n in re.findall(r"-?\d+", exact.answer or ""))
        assert wrapped <= 2
