"""What the reader makes of text: plain values that can be compared without NumPy."""

from fractions import Fraction
from typing import TypeAlias

import msgspec


class UnreadableError(Exception):
    """A text cannot be read as one value; the message says what is in the way.

    `understood` is the part that could be read, if any.
    """

    def __init__(self, message: str, understood: str = "") -> None:
        super().__init__(message)
        self.understood = understood


class Number(msgspec.Struct, frozen=True):
    """A real number, exactly as written; `special` is "nan", "inf" or "-inf" instead.

    `whole`: written as an integer. `exponent`: written with one. `exact`: an integer or
    arithmetic on integers, so that the value is meant to the last digit.
    """

    value: Fraction
    text: str
    whole: bool = False
    exponent: bool = False
    exact: bool = False
    special: str = ""


class Complex(msgspec.Struct, frozen=True):
    """A complex number by its two parts."""

    real: Number
    imag: Number


class Truth(msgspec.Struct, frozen=True):
    """A boolean."""

    value: bool


class Text(msgspec.Struct, frozen=True):
    """A quoted string, a date, or bytes where `raw`."""

    value: str
    raw: bool = False


class Word(msgspec.Struct, frozen=True):
    """A bare name: `None`, `NaT`, `masked`, or a word whose meaning depends on the type."""

    name: str


class Group(msgspec.Struct, frozen=True):
    """Values in a row; `bracket` is the opening one, empty for values without brackets."""

    items: "tuple[Value, ...]"
    bracket: str = ""


class Typed(msgspec.Struct, frozen=True):
    """What stands in `array(...)`, with the `dtype=` and `shape=` that were written."""

    value: "Value"
    dtype: str = ""
    shape: tuple[int, ...] | None = None


Value: TypeAlias = Number | Complex | Truth | Text | Word | Group | Typed

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SHOWN = 200


def bare(value: Value) -> Value:
    """The value without the `array(...)` around it."""
    return value.value if isinstance(value, Typed) else value


def show(value: Value, bracket: str = "[") -> str:
    """The value as one line of text, cut where it is long; bare rows get `bracket`."""
    text = _show(value, bracket)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _show(value: Value, bracket: str) -> str:
    match value:
        case Number():
            return show_number(value)
        case Complex(real, imag):
            sign = "" if show_number(imag).startswith("-") else "+"
            return f"({show_number(real)}{sign}{show_number(imag)}j)"
        case Truth(truth):
            return str(truth)
        case Text(text, raw):
            return ("b" if raw else "") + repr(text)
        case Word(name):
            return name
        case Typed(inner, dtype):
            return _show(inner, bracket) + (f" with dtype {dtype}" if dtype else "")
        case Group(items, opening):
            opening = opening or bracket
            inside = ", ".join(_show(item, opening) for item in items[:_SHOWN])
            comma = "," if opening == "(" and len(items) == 1 else ""
            return f"{opening}{inside}{comma}{_CLOSING[opening]}"


def show_number(number: Number) -> str:
    """The number as it was written, without decoration such as `1_000`."""
    if number.special:
        return number.special
    if number.value.denominator == 1 and number.exact:
        return str(number.value.numerator)
    return number.text
