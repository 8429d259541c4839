"""Typed arrays: the same elements in the same nesting, whatever the brackets."""

import re
from fractions import Fraction

from bot.grading import dtype, number
from bot.grading.marks import right, unclear, wrong
from bot.grading.reader import read
from bot.grading.text import trim
from bot.grading.value import (
    Complex,
    Group,
    Number,
    Text,
    Truth,
    Typed,
    UnreadableError,
    Value,
    Word,
    bare,
    show,
)
from bot.markup import as_typed
from bot.model import Mark

_TRAILING_DTYPE = re.compile(r"(.*[\])])[\s,]{1,9}dtype\s?[=:]\s?([^\s,()]{1,40})", re.DOTALL)
_YES = frozenset({"t", "yes", "y"})
_NO = frozenset({"f", "no", "n"})
KNOWN = frozenset({"none", "nat", "masked"})
"""Words that are values themselves."""

_DEEPEST = 40


def interpret(text: str) -> Value:
    """The array that the text spells. Raises UnreadableError."""
    text = trim(text)
    trailing = _TRAILING_DTYPE.fullmatch(text)
    value = read(trailing[1] if trailing else text)
    if trailing:
        value = Typed(bare(value), trailing[2])
    inner = bare(value)
    if isinstance(inner, Group) and inner.bracket == "{":
        raise UnreadableError("A set has no order: write the values in square brackets.")
    return value


def grade(key: Value, text: str) -> Mark:
    """Grade a typed array against a key that was read from what NumPy printed."""
    value = interpret(text)
    wanted, given, shown = bare(key), bare(value), show(value)
    check_words(wanted, given)
    if _empty(wanted) and _empty(given):
        return _empty_mark(key, value, shown)
    if isinstance(value, Typed) and value.shape is not None and value.shape != shape(given):
        raise UnreadableError("The shape= does not fit the values.")
    how = _how(key)
    if not equal(wanted, given, how):
        if _bits_for_bools(wanted, given):
            return unclear("Write `True` and `False` instead of ones and zeros.", shown)
        return wrong(shown, _note(wanted, given))
    if isinstance(value, Typed) and value.dtype and not _dtype_fits(key, value.dtype):
        return wrong(shown, "The values are right, but not the dtype that you wrote.")
    return right(shown)


def _how(key: Value) -> number.How:
    """What the key's print says about its numbers."""
    width = number.WIDTHS.get(_dtype(key), "")
    return number.How(cut=any(map(number.is_cut, leaves(key))), width=width)


def equal(key: Value, answer: Value, how: number.How = number.PLAIN) -> bool:
    """Whether two values have the same nesting and agreeing elements."""
    key, answer = bare(key), bare(answer)
    match key, answer:
        case Group(), Group():
            return len(key.items) == len(answer.items) and all(
                equal(one, two, how) for one, two in zip(key.items, answer.items, strict=True)
            )
        case Truth(), Word():
            return answer.name.lower() in (_YES if key.value else _NO)
        case Word(), Text():
            return key.name == answer.value == "NaT"
        case Text(), Word():
            return not key.raw and key.value == answer.name
        case Word(), Word():
            return key.name.lower() == answer.name.lower()
        case (Number() | Complex(), Number() | Complex()):
            return number.matches(key, answer, how)
        case (Truth(), Truth()) | (Text(), Text()):
            return key == answer
    return False


def leaves(value: Value) -> list[Value]:
    """The elements, in order, without their nesting."""
    value = bare(value)
    if not isinstance(value, Group):
        return [value]
    found: list[Value] = []
    for item in map(bare, value.items):
        if isinstance(item, Group):
            found += leaves(item)
        else:
            found.append(item)
    return found


def shape(value: Value) -> tuple[int, ...]:
    """The lengths of the nesting, along the first elements."""
    lengths: list[int] = []
    value = bare(value)
    while isinstance(value, Group) and len(lengths) < _DEEPEST:
        lengths.append(len(value.items))
        value = bare(value.items[0]) if value.items else Text("")
    return tuple(lengths)


def same_elements(key: list[Value], answer: list[Value]) -> bool:
    """Whether the elements agree in some order."""
    if len(key) != len(answer):
        return False
    return all(map(equal, sorted(key, key=rank), sorted(answer, key=rank)))


def rank(leaf: Value) -> tuple[str, Fraction, str]:
    """A place in an order in which equal numbers meet, and equal texts."""
    if isinstance(leaf, Number):
        return ("number " + leaf.special, leaf.value, "")
    if isinstance(leaf, Complex):
        return ("complex", leaf.real.value, str(leaf.imag.value))
    if isinstance(leaf, Text | Word):
        return ("text", Fraction(0), leaf.value if isinstance(leaf, Text) else leaf.name)
    return ("other", Fraction(0), show(leaf))


def check_words(key: Value, answer: Value) -> None:
    """Refuse words that no element of such a key can be."""
    wanted = next(iter(leaves(key)), None)
    if any(isinstance(leaf, Text) for leaf in leaves(key)):
        return
    known = KNOWN | (_YES | _NO if isinstance(wanted, Truth) else frozenset())
    for leaf in leaves(answer):
        if isinstance(leaf, Word) and leaf.name.lower() not in known:
            raise UnreadableError(f"I cannot read “{as_typed(leaf.name[:20])}” as a value.")


def _empty(value: Value) -> bool:
    return isinstance(value, Group) and not leaves(value)


def _empty_mark(key: Value, value: Value, shown: str) -> Mark:
    """Without elements only the shape is left to compare, where it was written."""
    wanted, given = (
        item.shape if isinstance(item, Typed) and item.shape is not None else shape(item)
        for item in (key, value)
    )
    unsaid = not isinstance(value, Typed) or value.shape is None
    if wanted != given and not (unsaid and given == (0,)):
        return wrong(shown, "It is empty, but of another shape.")
    if isinstance(value, Typed) and value.dtype and not _dtype_fits(key, value.dtype):
        return wrong(shown, "It is empty, but not of the dtype that you wrote.")
    return right(shown)


def _bits_for_bools(key: Value, answer: Value) -> bool:
    given = leaves(answer)
    return (
        all(isinstance(leaf, Truth) for leaf in leaves(key))
        and bool(given)
        and all(isinstance(leaf, Number) and leaf.value in {0, 1} for leaf in given)
        and shape(key) == shape(answer)
    )


def _dtype_fits(key: Value, written: str) -> bool:
    """Whether the dtype that was written is the key's, as far as the key shows it."""
    given = dtype.interpret(written)
    if shown := _dtype(key):
        return given == shown
    kinds = {_kind(leaf) for leaf in leaves(key)}
    if not kinds:
        return True
    exact = isinstance(key, Typed)
    if kinds <= {"int"}:
        return given == "int64" if exact else given.removeprefix("u").startswith("int")
    if kinds <= {"int", "float"}:
        return given == "float64" if exact else given.startswith(("float", "longdouble", ">float"))
    if "complex" in kinds:
        return given == "complex128" if exact else "complex" in given or given == "clongdouble"
    if kinds == {"bool"}:
        return given == "bool"
    return True


def _dtype(value: Value) -> str:
    """The dtype that stands in a key, as far as it can be read."""
    if not isinstance(value, Typed) or not value.dtype:
        return ""
    try:
        return dtype.interpret(value.dtype)
    except UnreadableError:
        return ""


def _kind(leaf: Value) -> str:
    match leaf:
        case Number(whole=True):
            return "int"
        case Number():
            return "float"
        case Complex():
            return "complex"
        case Truth():
            return "bool"
    return "other"


def _note(key: Value, answer: Value) -> str:
    wanted, given = leaves(key), leaves(answer)
    asked, got = shape(key), shape(answer)
    numbers = "numbers" if all(isinstance(leaf, Number | Complex) for leaf in wanted) else "values"
    if len(wanted) == len(given) and all(map(equal, wanted, given)):
        if len(asked) != len(got):
            where = "too few" if len(got) < len(asked) else "too many"
            return f"Right {numbers}, but {where} levels of brackets: count the axes."
        return f"Right {numbers}, but grouped into rows of another length."
    if _is_transposed(key, answer):
        return "That is transposed: rows and columns are swapped."
    if same_elements(wanted, given):
        return f"Right {numbers}, wrong order."
    if all(isinstance(leaf, Truth) for leaf in given) and not any(
        isinstance(leaf, Truth) for leaf in wanted
    ):
        return "Those are booleans, not numbers."
    if len(wanted) != len(given):
        more = "few" if len(given) < len(wanted) else "many"
        return f"Those are too {more} {numbers}."
    if asked == got and all(
        isinstance(one, Number) and isinstance(two, Number) and _near(one, two)
        for one, two in zip(wanted, given, strict=True)
    ):
        return "Close: round correctly, to at least three significant digits."
    return ""


def _near(key: Number, answer: Number) -> bool:
    if key.special or answer.special or key.whole:
        return equal(key, answer)
    return abs(key.value - answer.value) * 50 <= abs(key.value)


def _is_transposed(key: Value, answer: Value) -> bool:
    if not isinstance(key, Group) or not isinstance(answer, Group):
        return False
    rows = [item.items for item in map(bare, answer.items) if isinstance(item, Group)]
    if len(rows) != len(answer.items) or not rows or len({len(row) for row in rows}) != 1:
        return False
    return equal(key, Group(tuple(Group(column, "[") for column in zip(*rows, strict=True)), "["))
