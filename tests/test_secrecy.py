"""What a member sees before answering holds no key, and every card keeps the platforms' limits."""

import random
import re
from collections.abc import Iterator
from functools import cache

import msgspec
import pytest

from adapters.looks import two_lines
from bot.bank.choices import as_choices, shuffled
from bot.cards.parts import prompt_of
from bot.cards.question import (
    EXAMPLES,
    answer_form,
    daily_card,
    hint_card,
    practice_card,
    study_card,
    tick_form,
    together_card,
)
from bot.cards.verdict import (
    Split,
    Verdict,
    closed_card,
    explain_card,
    self_check_card,
    ticked_card,
    verdict_card,
)
from bot.events import Card, Code, Form
from bot.markup import words
from bot.model import Choice, Key, Mark, Post, Prompt, Question
from bot.quiz.session import Session
from bot.streaks import Streak
from content.families.registry import load
from content.schema import FollowUp
from tests.fakes import MONDAY, shipped_bank

PICKED = ("single", "bug", "several")
SESSION = str(Session(topic="fundamentals", level=3, done=999_999, total=50, review=True))
"""The longest there is."""
LONG_ID = 10**15
SEEDS = (0, 7)
VERDICT_WORDS = 60
MANY = 200


@cache
def questions() -> tuple[Question, ...]:
    """Every shipped question, two instances of each family and level, and all as they are asked."""
    bank = shipped_bank()
    found = [bank.question(e.id) for e in bank.entries.values() if not e.family]
    found += [
        bank.question(entry.id, seed, level)
        for entry in bank.entries.values()
        if entry.family
        for level in entry.levels
        for seed in SEEDS
    ]
    tapped = [choices for choices in map(as_choices, found) if choices is not None]
    rng = random.Random(1)
    return tuple(shuffled(question, rng) for question in (*found, *tapped))


def post_of(question: Question, ident: int = 7) -> Post:
    """The question asked somewhere."""
    return Post(
        id=ident, tenant_id=70_707, channel_id=80_808, kind="daily", question=question,
        number=98_765, created_at=MONDAY, closes_at=MONDAY,
    )  # fmt: skip


def asked(post: Post) -> Iterator[Card | Form]:
    """Everything that shows a question before it is answered."""
    yield daily_card(post, "UTC", 3)
    yield practice_card(post, SESSION, "2 of 5", again=True)
    yield study_card(post)
    yield together_card(post, 2)
    yield answer_form(post, SESSION)


def twin(question: Question) -> Question:
    """The same question with another key: whatever a member may not know is different."""
    is_picked = question.kind in PICKED
    choices = tuple(
        Choice(one.text if is_picked else "else", not one.right, one.code, "a-belief", "So.")
        for one in question.choices
    )
    return msgspec.structs.replace(
        question,
        source="another",
        version=99,
        seed=4711,
        family=not question.family,
        choices=choices,
        key=question.key and Key(question.key.type, "4711", not question.key.error),
        rule="Another rule.",
        why="Another why.",
        docs="https://numpy.org/elsewhere",
        follow_up=(FollowUp("Ask?", "Answer."),),
        numpy="9.9",
        picture="a picture",
        solution="another",
        model="Another model.",
        points=("One.", "Two."),
        companion="another",
        hint=question.hint and "Another hint.",
    )


def test_a_question_looks_the_same_whatever_its_key_is() -> None:
    """Text, labels, ids of buttons and forms, values and placeholders: none depends on the key."""
    for question in questions():
        cards = list(asked(post_of(question)))
        assert cards == list(asked(post_of(twin(question)))), question.source


def test_a_prompt_never_holds_the_key() -> None:
    """It is made of what is shown, and the same for another key."""
    fields = "topic level kind type stem code options has_hint head only"
    assert tuple(fields.split()) == Prompt.__struct_fields__
    for question in questions():
        assert prompt_of(question) == prompt_of(twin(question))


def test_ids_name_a_post_a_position_and_a_round() -> None:
    """Nothing else stands in them."""
    session = re.escape(SESSION)
    allowed = re.compile(
        rf"answer:pick:7:\d:({session})?|form:answer:7:({session})?|card:hint:7"
        rf"|replace:skip:7:{session}|replace:answer:7|replace:reveal:7"
    )
    for question in questions():
        for shown in asked(post_of(question)):
            ids = [shown.id] if isinstance(shown, Form) else [one.id for one in shown.buttons]
            for ident in ids:
                assert allowed.fullmatch(ident), ident
            if isinstance(shown, Form):
                values = [value for field in shown.fields for value, _ in field.options]
                assert [str(index) for index in range(len(values))] == values


def test_a_typed_answer_stands_nowhere_but_in_the_question() -> None:
    """Neither an example nor a placeholder happens to be somebody's key."""
    for question in questions():
        if question.key is None or question.kind != "predict" or question.key.type == "bool":
            continue
        given = f"{question.stem}\n{question.code}"
        key = re.compile(rf"(?<![\w.]){re.escape(question.key.text)}(?![\w.])")
        for shown in asked(post_of(question)):
            if not key.search(given):
                assert not key.search(_typed_around(shown)), (question.source, question.key.text)


def _typed_around(shown: Card | Form) -> str:
    """What a card or form says beside its ids, counts and titles."""
    if isinstance(shown, Form):
        return "\n".join(f"{field.label}\n{field.placeholder}" for field in shown.fields)
    small = [block for block in shown.blocks if not getattr(block, "small", False)]
    typed = [
        block for block in shown.blocks if words(Card(title="", blocks=(block,)))[:5] == "Type "
    ]
    labels = "\n".join(button.label for button in shown.buttons)
    return words(Card(title="", blocks=(*small, *typed))) + "\n" + labels


def test_the_right_option_stands_in_any_place() -> None:
    """Each position is taken about equally often."""
    for question in questions():
        if question.kind not in PICKED:
            continue
        size, trials = len(question.choices), 300
        right = sum(choice.right for choice in question.choices)
        counts = [0] * size
        for seed in range(trials):
            for index, choice in enumerate(shuffled(question, random.Random(seed)).choices):
                counts[index] += choice.right
        expected = trials * right / size
        if right < size:
            assert all(0.6 * expected < count < 1.4 * expected for count in counts), counts


def verdicts(question: Question) -> Iterator[Card]:
    """Every verdict on a question, at its longest: the best streak, kept by two freezes."""
    if question.kind == "several":
        marks = [Mark("wrong"), Mark("partly", share=0.5), Mark("right", share=1.0)]
    else:
        marks = [
            Mark("right" if choice.right else "wrong", share=float(choice.right), choice=index)
            for index, choice in enumerate(question.choices)
        ]
    streak = Streak(current=120, best=120, used=2)
    for mark in marks:
        points = 0 if mark.outcome == "wrong" else 30
        verdict = Verdict(mark=mark, points=points, streak=streak)
        yield verdict_card(post_of(question, LONG_ID), verdict, SESSION, has_next=True)


@pytest.mark.parametrize("kind", ["single", "several", "bug", "predict"])
def test_a_verdict_has_at_most_sixty_words(kind: str) -> None:
    """For every answer to every shipped question, without its picture and code."""
    long = {}
    for question in questions():
        for card in verdicts(question) if question.kind == kind else ():
            kept = tuple(block for block in card.blocks if not isinstance(block, Code))
            count = len(words(msgspec.structs.replace(card, blocks=kept)).split())
            if count > VERDICT_WORDS:
                long[question.source] = count
    assert {} == long


def _instances(name: str) -> Iterator[Question]:
    """The first instances of a family, the levels in turn."""
    bank = shipped_bank()
    levels = bank.entries[name].levels
    for seed in range(MANY):
        yield bank.question(name, seed, levels[seed % len(levels)])


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(family.id for family in load()))
def test_instances_keep_their_keys_and_their_verdicts_short(name: str) -> None:
    """Whatever the seed, no example of an answer is the key, and a verdict has sixty words."""
    for question in _instances(name):
        for choice in question.choices:
            if choice.right and question.key is not None:
                shown = re.compile(rf"(?<![\w.]){re.escape(choice.text)}(?![\w.])")
                assert not shown.search(EXAMPLES[question.key.type])
        for card in verdicts(question):
            kept = tuple(block for block in card.blocks if not isinstance(block, Code))
            said = words(msgspec.structs.replace(card, blocks=kept))
            assert len(said.split()) <= VERDICT_WORDS, said


def afterwards(post: Post) -> Iterator[Card | Form]:
    """Everything that shows a question after it was answered."""
    question = post.question
    yield explain_card(post)
    yield hint_card(post, halves=True)
    groups = tuple(
        ("wrong", index, 3) for index, one in enumerate(question.choices) if not one.right
    )
    names = tuple((index, f"Member {index}") for index in range(60))
    yield closed_card(post, Split(70, 60, groups, names), title="Daily #98765 · closed")
    if question.kind in {"open", "expression"}:
        yield self_check_card(post, SESSION, has_next=True, first=True)
        yield ticked_card(post, (), SESSION, has_next=True)
        yield tick_form(post, SESSION)
    else:
        yield from verdicts(question)


def test_every_card_keeps_the_platforms_limits() -> None:
    """Ids of 100 characters, labels of 75, 25 buttons, titles of 250, forms of 10 ticks."""
    for question in questions():
        post = post_of(question, LONG_ID)
        for shown in (*asked(post), *afterwards(post)):
            assert 0 < len(shown.title) <= 250
            if isinstance(shown, Form):
                assert len(shown.id) <= 100
                assert all(len(field.label) <= 45 for field in shown.fields)
                assert all(len(field.placeholder) <= 100 for field in shown.fields)
                labels = [label for field in shown.fields for _, label in field.options]
                assert len(labels) <= 10
                assert all(label.strip() for label in labels)
                # Two lines of 75 hold each of them whole.
                assert all(len(two_lines(label, 75)[1]) <= 75 for label in labels)
                continue
            assert len(shown.buttons) <= 25
            assert len({button.id for button in shown.buttons}) == len(shown.buttons)
            for button in shown.buttons:
                assert len(button.id) <= 100
                assert 0 < len(button.label) <= 75
