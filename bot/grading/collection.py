"""Typed sets: any order, any brackets, nothing twice."""

import re

from bot.grading import array
from bot.grading.marks import right, wrong
from bot.grading.reader import read
from bot.grading.text import trim
from bot.grading.value import Group, Typed, UnreadableError, Value, bare, show
from bot.model import Mark

_AND = re.compile(r"\s*,?\s*(?:\band\b|&)\s*", re.IGNORECASE)
_BREAK = re.compile(r"[;\n]")
_NOTHING = re.compile(r"(?:the )?empty(?: set)?|∅|set\(\)|\{\s*\}", re.IGNORECASE)


def interpret(text: str) -> Group:
    """The elements that the text lists. Raises UnreadableError."""
    text = trim(text)
    if _NOTHING.fullmatch(text):
        return Group((), "{")
    if "'" not in text and '"' not in text:
        text = _AND.sub(", ", _BREAK.sub(", ", text))
    value = bare(read(text))
    return value if isinstance(value, Group) else Group((value,), "{")


def grade(key: Value, text: str) -> Mark:
    """Grade a typed set, or the elements that may come in any order."""
    wanted = _elements(key)
    answer = interpret(text)
    given = _elements(answer)
    shown = show(Group(tuple(given), "{"))
    if len(given) == 1 and isinstance(given[0], Group) and not _nested(wanted):
        raise UnreadableError("There are brackets in brackets: list the values once.")
    array.check_words(Group(tuple(wanted)), answer)
    if _same(wanted, given):
        return right(shown)
    once = _distinct(given)
    if len(once) < len(given) and len(_distinct(wanted)) == len(wanted):
        if _same(wanted, once):
            return wrong(shown, "Every value once: there are duplicates.")
        return wrong(shown, "There are duplicates, and other values are asked.")
    if len(given) != len(wanted):
        more = "few" if len(given) < len(wanted) else "many"
        return wrong(shown, f"Those are too {more} values.")
    return wrong(shown)


def _elements(value: Value) -> list[Value]:
    value = bare(value)
    return [_inner(item) for item in value.items] if isinstance(value, Group) else [value]


def _inner(item: Value) -> Value:
    return item.value if isinstance(item, Typed) else item


def _nested(values: list[Value]) -> bool:
    return any(isinstance(value, Group) for value in values)


def _same(key: list[Value], answer: list[Value]) -> bool:
    return array.same_elements(key, answer)


def _distinct(values: list[Value]) -> list[Value]:
    ordered = sorted(values, key=array.rank)
    return [
        one for at, one in enumerate(ordered) if not at or not array.equal(ordered[at - 1], one)
    ]
