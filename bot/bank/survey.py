"""What can only be said of the bank as a whole: twins, the glossary, and how its keys look."""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from bot.bank.beliefs import NAME
from bot.bank.load import Source
from bot.bank.problem import Fault, Problem
from bot.bank.rules import correction_rules
from bot.model import Question
from content.schema import TOPICS, Item, Level

if TYPE_CHECKING:
    from bot.bank.bank import Bank

TWINS = 0.5
"""From this share of common phrases on two questions ask the same thing."""

_PHRASE = 3
_WORD = re.compile(r"\w+|[^\w\s]")


class TopicReport(msgspec.Struct, frozen=True):
    """How a topic's hand-written questions look.

    `longest` of the `choices` with one right option show it as the longest, `errors` of the
    `typed` ask for an exception. `beliefs` is how many misconceptions are named, `uncorrected`
    how many of them the glossary does not hold.
    """

    topic: str
    levels: dict[Level, int]
    titles: tuple[int, ...]
    choices: int
    longest: int
    typed: int
    errors: int
    beliefs: int
    uncorrected: int


def survey(bank: "Bank", questions: Iterable[Question]) -> tuple[TopicReport, ...]:
    """A report on each topic; `questions` are the built ones of `bank`."""
    made = [*questions]
    try:
        known = frozenset(bank.beliefs())
    except Fault:  # `whole` tells it
        known = frozenset()
    return tuple(
        _topic(bank, topic, [question for question in made if question.topic == topic], known)
        for topic in TOPICS
    )


def _topic(
    bank: "Bank", topic: str, questions: list[Question], known: frozenset[str]
) -> TopicReport:
    items = [source.item for source in bank.sources.values() if source.item.topic == topic]
    entries = [entry for entry in bank.entries.values() if entry.topic == topic]
    choices = [question for question in questions if question.kind in {"single", "bug"}]
    typed = [question.key for question in questions if question.key is not None]
    named = {belief for entry in entries for belief in entry.beliefs}
    levels: tuple[Level, ...] = (1, 2, 3)
    return TopicReport(
        topic=topic,
        levels={level: sum(item.level == level for item in items) for level in levels},
        titles=tuple(sorted({title for entry in entries for title in entry.covers})),
        choices=len(choices),
        longest=sum(map(_is_longest, choices)),
        typed=len(typed),
        errors=sum(key.error for key in typed),
        beliefs=len(named),
        uncorrected=len(named - known),
    )


def _is_longest(question: Question) -> bool:
    """Whether the right option is longer than every other."""
    right = max(len(choice.text) for choice in question.choices if choice.right)
    return all(right > len(choice.text) for choice in question.choices if not choice.right)


def twins(sources: Iterable[Source]) -> Iterator[tuple[Source, Source, float]]:
    """Pairs of questions that are nearly the same, with the share of what they have in common.

    That share is the Jaccard index of their phrases of three words (Broder 1997).
    """
    phrases = [(source, _phrases(source.item)) for source in sources]
    for (one, first), (other, second) in combinations(phrases, 2):
        share = len(first & second) / (len(first | second) or 1)
        if share >= TWINS:
            yield one, other, share


def _phrases(item: Item) -> frozenset[tuple[str, ...]]:
    asked = (item.stem, item.code, item.answer or "", item.solution)
    words = _WORD.findall("\n".join(asked).casefold())
    return frozenset(zip(*(words[start:] for start in range(_PHRASE)), strict=False))


def whole(bank: "Bank") -> Iterator[Problem]:
    """The faults that no single question has."""
    for one, other, share in twins(one for one in bank.sources.values() if one.shipped):
        said = f"is {share:.0%} the same as `{one.id}`"
        yield Problem(other.file, 1, "stem", said, "Ask something else, or make them a family.")
    try:
        yield from _glossary(bank)
    except Fault as fault:
        yield Problem(fault.path, 1, "", fault.message, fault.remedy)


def _glossary(bank: "Bank") -> Iterator[Problem]:
    """Every belief of the shipped content has its correction, and no other has one."""
    known, used = bank.beliefs(), set[str]()
    if not known:
        return
    for entry in bank.entries.values():
        used.update(entry.beliefs)
        source = bank.sources.get(entry.id)
        if source is not None and not source.shipped:
            continue
        for slug in entry.beliefs:
            if slug not in known:
                said = f"`{slug}` is not in {NAME}"
                yield Problem(entry.origin, 1, "belief", said, "Add its correction there.")
    for slug, belief in known.items():
        if slug not in used and not bank.skipped:
            yield Problem(NAME, 1, slug, "is named by no question or family", "Take it out.")
        for fault in correction_rules(belief.truth, belief.docs):
            yield Problem(NAME, 1, f"{slug}.{fault.path}", fault.message, fault.remedy)
