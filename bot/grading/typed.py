"""Grades a typed answer by value: reads it, reads the key, compares."""

import re
from functools import lru_cache

import msgspec

from bot.grading import array, collection, dtype, number, raised, shape, truth
from bot.grading.arithmetic import literal
from bot.grading.claims import Claim, interpret, key_claim
from bot.grading.marks import names, right, unclear, wrong
from bot.grading.reader import read
from bot.grading.text import LONGEST, clean, trim, unquoted, without_prefix
from bot.grading.value import Group, Text, Truth, UnreadableError, Value, Word, bare
from bot.model import Mark
from content.schema import AnswerType

_EXAMPLES: dict[AnswerType, tuple[str, str]] = {
    "shape": ("(2, 5)", "(6, 7)"),
    "tuple": ("(24, 8)", "(60, 12)"),
    "dtype": ("uint16", "complex64"),
    "array": ("[[7, 8], [9, 6]]", "[[0.5, 7], [8, 9]]"),
    "number": ("0.125", "2.75"),
    "bool": ("True", "False"),
    "set": ("{7, 9}", "{6, 8}"),
    "error": ("KeyError", "OSError"),
}
_HEDGE = re.compile(r"\b(?:or|either|maybe|perhaps|probably|possibly|versus|vs)\b", re.IGNORECASE)
_INSTEAD = "It raises an error instead."


def grade_typed(type: AnswerType, key: str, answer: str) -> Mark:  # noqa: A002 - the contract's name
    """Grade what a member typed against the key as NumPy prints it.

    `key` is a value's `str` or `repr`, the name of an exception class, or `error` for any.
    The outcome is "right", "wrong" with a note about this very answer where there is
    something to say (never the key), or "unclear", which costs nothing and says how to
    write the answer. Never raises for any `answer`.
    """
    if len(answer) > LONGEST:
        return _unclear(type, key, "That is too long to read.")
    text = clean(answer)
    if not text:
        return _unclear(type, key, "There is nothing to read.")
    try:
        mark = _graded(type, clean(key), text)
    except UnreadableError as error:
        reason = "I can take one answer only." if _HEDGE.search(text) else str(error)
        return _unclear(type, key, reason, error.understood)
    if mark.outcome == "unclear":
        return _unclear(type, key, mark.note, mark.understood)
    if mark.outcome == "wrong" and key.strip() != "error" and names(mark.note, key.strip()):
        return msgspec.structs.replace(mark, note="")
    return mark


def _unclear(type_: AnswerType, key: str, reason: str, understood: str = "") -> Mark:
    first, second = _EXAMPLES[type_]
    example = second if _is_right(type_, key, first) else first
    if not reason.endswith((".", ":", "?")):
        reason += "."
    if type_ == "bool":
        return unclear(f"{reason} Write `True` or `False`.", understood)
    return unclear(f"{reason} Write it like `{example}`.", understood)


def _is_right(type_: AnswerType, key: str, text: str) -> bool:
    try:
        return _graded(type_, clean(key), text).outcome == "right"
    except UnreadableError:
        return False


def _graded(type_: AnswerType, key: str, text: str) -> Mark:
    asked = _key_claim(type_, key)
    if type_ == "error" and asked:
        return _graded_class(asked, _claimed_text(text))
    said = None if text[:1] in tuple("[{'\"") and not asked else interpret(text)
    text = without_prefix(text, names=type_ not in {"dtype", "bool", "error"})
    if said is None:
        said = interpret(text)
    if asked:
        if said:
            return raised.grade_value(asked, said)
        return wrong(_understood(type_, text), _INSTEAD)
    if said and said.raises:
        return wrong(str(said), "It does not raise an error.")
    if said:
        raise UnreadableError("I read that it does not raise; what is the result?")
    return _graded_value(type_, key, text)


def _graded_class(key: Claim, text: str) -> Mark:
    """Grade the name of an exception, or a value that was typed instead."""
    try:
        return raised.grade_class(key, text)
    except UnreadableError:
        value = _any_value(text) if key.raises else ""
        if not value:
            raise
        return wrong(value, _INSTEAD)


def _any_value(text: str) -> str:
    """How the text reads as a shape, an array, a boolean or a dtype, if it is one."""
    kinds: tuple[AnswerType, ...] = ("shape", "array", "bool", "dtype")
    for kind in kinds:
        try:
            return _understood(kind, text) if len(text) > 1 or text.isdecimal() else ""
        except UnreadableError:
            continue
    return ""


def _key_claim(type_: AnswerType, key: str) -> Claim | None:
    plain = unquoted(key)
    if type_ == "error" and plain.lower() in {"none", "no error", "no exception"}:
        return Claim(raises=False)
    if key[:1] in tuple("[{'\"") and type_ != "error":
        return None
    claim = key_claim(plain)
    return claim if claim and (claim.raises or type_ == "error") else None


def _claimed_text(text: str) -> str:
    """The text, or what follows an opening such as `answer:` when only that can be read."""
    return text if key_claim(text) else without_prefix(text)


def _understood(type_: AnswerType, text: str) -> str:
    """How a value reads where the key is an error. Raises UnreadableError."""
    match type_:
        case "dtype":
            return dtype.interpret(text)
        case "bool":
            return truth.grade(Truth(value=True), text).understood
        case "shape" | "tuple":
            return shape.grade(Group((), "("), text, is_shape=type_ == "shape").understood
        case "set":
            return collection.grade(Group((), "{"), text).understood
        case "array":
            return array.grade(Group((), "["), text).understood
    return number.grade(literal("1"), text).understood


def _graded_value(type_: AnswerType, key: str, text: str) -> Mark:
    if type_ == "dtype":
        return dtype.grade(dtype.interpret(key), text)
    value = _key_value(key)
    if isinstance(value, Text) and not value.raw and " ".join(text.split()) == value.value:
        return right(text)
    if type_ == "number" and isinstance(value, Text) and key[:1] in tuple("'\""):
        return _printed(value, text)
    return _compared(type_, value, text)


@lru_cache(maxsize=64)
def _key_value(key: str) -> Value:
    """The key's value; what is none, such as a string's own characters, is text."""
    try:
        value = number.with_unit(key) or read(key)
    except UnreadableError:
        return Text(" ".join(key.split()))
    words = [leaf for leaf in array.leaves(value) if isinstance(leaf, Word)]
    if all(word.name.lower() in array.KNOWN for word in words):
        return value
    return (
        value
        if isinstance(bare(value), Group) and key[:1] in tuple("[({")
        else Text(" ".join(key.split()))
    )


def _compared(type_: AnswerType, key: Value, text: str) -> Mark:
    """Compare by what the key is: a question may ask a tuple of booleans as a `bool`."""
    plain = bare(key)
    if type_ == "set":
        return collection.grade(key, text)
    if type_ in {"shape", "tuple"}:
        return shape.grade(key, text, is_shape=type_ == "shape")
    if type_ == "array":
        return array.grade(key, text)
    if isinstance(plain, Group):
        return shape.grade(key, text, is_shape=False)
    if isinstance(plain, Truth):
        return truth.grade(plain, text)
    return number.grade(plain, text)


def _printed(key: Text, text: str) -> Mark:
    """A quoted key is text that is printed: its value alone is not enough."""
    shown = unquoted(trim(text, ""))
    if shown == key.value:
        return right(shown)
    try:
        mark = number.grade(read(key.value), text)
    except UnreadableError:
        return number.grade(key, text)
    if mark.outcome != "right":
        return mark
    return wrong(shown, "The value is right, but not the text that is printed.")
