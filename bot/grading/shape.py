"""Typed shapes and other tuples: brackets, commas, crosses and spaces mean the same."""

import math
import re

from bot.grading import array
from bot.grading.marks import right, wrong
from bot.grading.reader import read
from bot.grading.text import trim, unquoted
from bot.grading.value import Group, Number, UnreadableError, Value, Word, bare, show
from bot.model import Mark

_CROSS = re.compile(
    r"(?<=[\d.)])\s*(?:[xX×]|(?<!\*)\*(?!\*)|-by-|\bby\b)\s*(?=[-\d(])|(?<=\d)by(?=\d)"
)
_LONG = re.compile(r"(?<=\d)[Ll]\b")
_NOUN = re.compile(
    r"\s+(?:array|matrix|tensor|ndarray|numpy array|shape|shaped|table|grid|vector)\s*$"
    r"|-shaped(?: array)?\s*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:(?:an?|the)\s+)?(?:(?:vector|matrix|tensor|array|ndarray)\s+)?(?=\S)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"(?:(?:torch|tf)\.)?(?:size|tensorshape|shape|dims|dimensions)\s*[:=]?\s*(?=[(\[])",
    re.IGNORECASE,
)
_OF_SHAPE = re.compile(
    r"(?:[a-z]{1,12} ){1,4}(?<=of |as |th )(?:the |a )?shape(?: of)?\s?[:=]?\s?(?=[(\[\d])",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(\d+)\s*rows?\s*(?:,|and|x|×|by|&)?\s*(\d+)\s*col(?:umn)?s?",
    re.IGNORECASE,
)
_SCALAR = re.compile(
    r"(?:an?\s+)?(?:scalar|(?:0|zero)[\s-]?d(?:im(?:s|ension(?:s|al)?)?)?|zero dimensions"
    r"|(?:0|zero)[\s-]dimension(?:s|al)|ndim\s*[:=]?\s*=?\s*0|empty(?: tuple)?|empty shape)"
    r"(?:\s+(?:array|scalar|number|value))?(?:\s*[:,]?\s*\(\s*\))?"
    r"|\(\s*\)[\s,]*\(?(?:an?\s+)?(?:scalar|0-?d)(?: array)?\)?",
    re.IGNORECASE,
)
_AXES = re.compile(
    r"(?:an?\s+)?(?:(\d{1,2})[\s-]?(?:d|dims?|dimensions?|dimensional)|ndim\s*(?:is|[:=])?=?\s*(\d{1,2}))"
    r"(?:\s+array)?",
    re.IGNORECASE,
)
_DTYPE_WIDTHS = (2, 4, 8, 16)


def interpret(text: str) -> Group:
    """The tuple that the text spells; one number is a tuple of one.

    Raises UnreadableError.
    """
    text = unquoted(trim(text))
    introduced = _OF_SHAPE.match(text)
    text = text[introduced.end() :] if introduced else text
    if _SCALAR.fullmatch(text):
        return Group((), "(")
    labelled = _LABELLED.fullmatch(text)
    if labelled:
        text = f"({labelled[1]}, {labelled[2]})"
    text = _WRAPPED.sub("", _NOUN.sub("", _ARTICLE.sub("", text, count=1)), count=1).strip()
    if text.startswith("<") and text.endswith(">"):
        raise UnreadableError("I cannot read these brackets.")
    if "/" in text:
        raise UnreadableError("I cannot read a fraction there.")
    value = bare(read(_LONG.sub("", _uncrossed(text))))
    if isinstance(value, Number):
        return Group((value,), "(")
    if not isinstance(value, Group):
        raise UnreadableError("I cannot read numbers there.")
    while len(value.items) == 1 and value.bracket != "{":
        inner = bare(value.items[0])
        if not isinstance(inner, Group) or value.bracket:
            break
        value = inner
    if value.bracket == "{":
        raise UnreadableError("Curly brackets have no order: write round ones.")
    if any(isinstance(leaf, Word) for leaf in array.leaves(value)):
        raise UnreadableError("I read words beside the numbers.")
    return value


def _uncrossed(text: str) -> str:
    """`3x4`, `3 × 4`, `3*4` and `3 by 4` with commas; where commas stand, a cross is not one."""
    if "," in text:
        return text
    crossed = _CROSS.sub(", ", text)
    if crossed != text and re.search(r"\d\s+[-\d]", _CROSS.sub(",", text)):
        raise UnreadableError("I read more than one shape.")
    return crossed


def _is_flat(value: Group) -> bool:
    return not any(isinstance(bare(item), Group) for item in value.items)


def _numbers(value: Group) -> list[Number] | None:
    numbers = [item for item in map(bare, value.items) if isinstance(item, Number)]
    return numbers if len(numbers) == len(value.items) else None


def grade(key: Value, text: str, *, is_shape: bool) -> Mark:
    """Grade a typed tuple; with `is_shape` also tell size and number of axes from a shape."""
    wanted = bare(key)
    wanted = wanted if isinstance(wanted, Group) else Group((wanted,), "(")
    axes = _AXES.fullmatch(trim(text)) if is_shape else None
    if axes and not _SCALAR.fullmatch(trim(text)):
        return wrong(trim(text), "That is the number of axes, not the length of each.")
    answer = interpret(text)
    if _is_flat(wanted) and wanted.items and not _is_flat(answer):
        if len(answer.items) == 1 and array.equal(wanted, answer.items[0]):
            return wrong(show(answer, "("), "There is a level of brackets too many.")
        raise UnreadableError("I read more than one answer, or brackets in brackets.")
    shown = show(Group(answer.items, "("))
    if array.equal(wanted, answer):
        return right(shown)
    asked, given = _numbers(wanted), _numbers(answer)
    if asked is None or given is None:
        reordered = array.same_elements(array.leaves(wanted), array.leaves(answer))
        return wrong(shown, "Right values, wrong order or grouping." if reordered else "")
    asked_values = [number.value for number in asked]
    given_values = [number.value for number in given]
    if any(n.special or n.value.denominator != 1 for n in (*asked, *given)):
        return wrong(shown)
    note = _shape_note if is_shape else _tuple_note
    return wrong(shown, note([int(v) for v in asked_values], [int(v) for v in given_values]))


def _shape_note(key: list[int], answer: list[int]) -> str:
    if len(answer) == 1 and len(key) != 1:
        size, axes = answer[0] == math.prod(key), answer[0] == len(key)
        if size and axes:
            return "That is one number: the size or the number of axes, not the shape."
        if size:
            return "That is the size, not the shape."
        if axes:
            return "That is the number of dimensions, not the shape."
    if len(key) == len(answer) == 1 == answer[0]:
        return "That is not the length of the axis; is it the number of dimensions?"
    if len(answer) == len(key):
        if sorted(answer) != sorted(key):
            return ""
        if answer == key[::-1]:
            return "That is transposed: the right lengths in the reverse order."
        return "The right lengths, in the wrong order."
    without = [[length for length in lengths if length != 1] for lengths in (key, answer)]
    if without[0] == without[1]:
        if len(key) == 1 and len(answer) == 2:  # noqa: PLR2004 - rows and columns
            return "One axis only: an array of one axis is neither a row nor a column."
        if len(answer) > len(key):
            return "There is an axis of length one too many."
        return "An axis of length one is missing."
    return "Count the axes: there are too " + ("few." if len(answer) < len(key) else "many.")


def _tuple_note(key: list[int], answer: list[int]) -> str:
    if len(key) != len(answer):
        return "There are too " + ("few" if len(answer) < len(key) else "many") + " numbers."
    if sorted(key) == sorted(answer):
        return "Right numbers, wrong order."
    for width in _DTYPE_WIDTHS:
        scaled = [width * number for number in answer]
        if scaled == key:
            return "Those are counts of elements: strides are counted in bytes."
        if sorted(scaled) == sorted(key):
            return "Those are counts of elements, and in another order: strides are bytes."
    return ""
