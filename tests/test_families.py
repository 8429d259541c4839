"""Every family over five hundred seeds: right by NumPy, wrong by each misconception."""

import re
from collections import Counter
from functools import cache

import numpy as np
import pytest

from bot.bank.bank import Bank
from bot.bank.build import build
from bot.bank.choices import as_choices
from bot.model import Question
from content.families.registry import Family, load
from content.schema import TOPICS, Item

FAMILIES = {family.id: family for family in load()}
SEEDS = range(500)
OR_ERROR = sorted(family.id for family in FAMILIES.values() if family.may_fail)


@cache
def drafts(name: str) -> tuple[Item, ...]:
    """Five hundred instances, the levels in turn."""
    family = FAMILIES[name]
    return tuple(_draft(family, seed) for seed in SEEDS)


def _draft(family: Family, seed: int) -> Item:
    level = family.levels[seed % len(family.levels)]
    return family.make(np.random.default_rng(seed), level)


@cache
def questions(name: str) -> tuple[Question, ...]:
    """The same instances after NumPy has computed their keys."""
    return tuple(build(item, source=name, seed=seed) for seed, item in enumerate(drafts(name)))


every_family = pytest.mark.parametrize("name", sorted(FAMILIES))


def test_the_families_are_there() -> None:
    """Each of the families that we promise is found."""
    expected = [
        *("argsort-or-rank", "axis-shape", "axis-values", "boolean-mask", "broadcast-shape"),
        *("division-and-remainder", "einsum-value", "index-pairs-or-grid", "join-shape"),
        *("matmul-shape", "mixed-index-shape", "percentile-value", "promotion"),
        *("repeated-index", "reshape-minus-one", "running-results", "searchsorted-side"),
        *("set-operations", "slice-shape", "star-or-at", "strides", "tile-or-repeat"),
        *("to-whole-numbers", "transpose-axes", "variance-ddof", "view-or-copy", "wrap-around"),
    ]
    assert expected == sorted(FAMILIES)


@every_family
def test_an_instance_follows_from_its_seed(name: str) -> None:
    """The same seed and level give the same instance."""
    again = tuple(_draft(FAMILIES[name], seed) for seed in range(50))
    assert drafts(name)[:50] == again


@every_family
def test_numpy_finds_the_declared_answers_right(name: str) -> None:
    """Exactly one option of a typed or single choice is right, and of several some are."""
    for question in questions(name):
        right = [choice for choice in question.choices if choice.right]
        if question.kind == "several":
            assert 2 <= len(right) < len(question.choices)
        else:
            assert 1 == len(right)


@every_family
def test_at_least_two_wrong_options_survive(name: str) -> None:
    """An instance offers two computed mistakes or more, all different."""
    for question in questions(name):
        texts = [choice.text for choice in question.choices]
        assert len(texts) == len(set(texts))
        assert sum(not choice.right for choice in question.choices) >= 2


@every_family
def test_every_misconception_fires(name: str) -> None:
    """Each declared belief stands behind some option, and no other does."""
    fired = Counter(choice.belief for question in questions(name) for choice in question.choices)
    del fired[""]
    assert set(FAMILIES[name].beliefs) == set(fired)


@pytest.mark.parametrize("name", OR_ERROR)
def test_an_error_is_always_offered(name: str) -> None:
    """The options do not tell that an operation is legal by naming no error."""
    for question in questions(name):
        offered = as_choices(question)
        assert offered is not None
        assert any(not choice.code for choice in offered.choices)


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
    for item in drafts("broadcast-shape"):
        shapes = [re.findall(r"\d+", line) for line in item.code.splitlines()[:-1]]
        assert len(set(map(len, shapes))) > 1 or any("1" in shape for shape in shapes)


@pytest.mark.parametrize("name", OR_ERROR)
def test_the_answer_is_an_error_in_about_a_third(name: str) -> None:
    """Guessing that an operation is legal does not win."""
    errors = sum(item.raises is not None for item in drafts(name))
    assert 0.25 <= errors / len(SEEDS) <= 0.40


@every_family
def test_seeds_give_variety(name: str) -> None:
    """Hundreds of different instances come from five hundred seeds."""
    seen = {(item.code, item.stem, item.right, item.wrong) for item in drafts(name)}
    assert len(seen) >= 200


@every_family
def test_the_key_is_not_an_input(name: str) -> None:
    """The right answer seldom stands in the code already."""
    typed = [question for question in questions(name) if question.key and not question.key.error]
    given = sum(question.key.text in question.code for question in typed if question.key)
    assert given <= len(typed) * 0.5


@every_family
def test_an_instance_fits_a_phone(name: str) -> None:
    """Code stays within 24 lines of 72 columns, and a verdict within sixty words."""
    for item in drafts(name):
        lines = item.code.splitlines()
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 72
        for option in (*item.right, *item.wrong):
            assert len(re.findall(r"\S+", f"{item.rule} {option.why}")) <= 45


@every_family
def test_an_instance_says_what_it_is_about(name: str) -> None:
    """Topic, level, docs, hint, and two follow-up questions are there."""
    family = FAMILIES[name]
    assert family.topic in TOPICS
    for seed, item in enumerate(drafts(name)[:20]):
        assert family.topic == item.topic
        assert family.levels[seed % len(family.levels)] == item.level
        assert item.docs.startswith("https://numpy.org/doc/stable/")
        assert item.hint
        assert 2 == len(item.follow_up)


def test_a_wrapping_sum_both_wraps_and_stays() -> None:
    """Of three sums one or two leave the range, so that neither rule alone is enough."""
    for item in drafts("wrap-around"):
        exact = next(option for option in item.wrong if "widened" in option.belief)
        wrapped = sum(not -128 <= int(n) < 256 for n in re.findall(r"-?\d+", exact.answer or ""))
        assert wrapped <= 2
