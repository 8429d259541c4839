"""Typed numbers: equal by value, or the key correctly rounded."""

import struct
from fractions import Fraction

import msgspec

from bot.grading.calls import UNITS
from bot.grading.marks import right, unclear, wrong
from bot.grading.reader import read
from bot.grading.text import trim, unquoted
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
from bot.model import Mark

FEWEST_DIGITS = 3
"""Significant digits that a rounded answer must have."""

_MOST_DIGITS = 18
_PRINTED_DECIMALS = 8
_APPROXIMATE = "≈~∼≃≅"  # noqa: RUF001 - every sign for "about"
_BITS = 8


class How(msgspec.Struct, frozen=True):
    """What is known about a key's numbers beside their digits.

    `cut`: NumPy printed them with eight decimals at most. `width`: the struct code of a
    dtype narrower than a double, in which equal numbers are the same number.
    """

    cut: bool = False
    width: str = ""


PLAIN = How()


def agree(key: Number, answer: Number, how: How = PLAIN, *, rough: bool = False) -> bool:
    """Whether the answer is the key, or the key correctly rounded.

    `rough`: the answer says itself that it is rounded.
    """
    if key.special or answer.special:
        return key.special == answer.special
    if key.value == answer.value:
        return True
    if key.whole:
        return False
    if abs(answer.value - key.value) * 100 > abs(key.value):
        return False
    if how.cut and abs(answer.value - key.value) <= _half_place(key):
        return True
    if _same_double(key, answer) or _same_in(how.width or _guessed_width(key, answer), key, answer):
        return True
    integral = key.value.denominator == 1 and not key.exponent
    if answer.exact and (integral or answer.value.denominator != 1):
        return False
    if integral and not (rough or answer.exponent):
        return False
    return _rounded(key.value, answer.value, _place(answer))


def _rounded(key: Fraction, answer: Fraction, place: Fraction) -> bool:
    """Whether the answer is the key rounded to three digits or more, and to all it writes."""
    for digits in range(FEWEST_DIGITS, _MOST_DIGITS):
        unit = _power_of_ten(_magnitude(key) - digits + 1)
        if (answer / unit).denominator == 1:
            return abs(answer - key) * 2 <= min(unit, place)
    return False


def _magnitude(value: Fraction) -> int:
    """The exponent of the leading decimal digit of a number that is not zero."""
    value = abs(value)
    guess = len(str(value.numerator)) - len(str(value.denominator))
    return guess if value >= _power_of_ten(guess) else guess - 1


def _power_of_ten(exponent: int) -> Fraction:
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def _mantissa(number: Number) -> tuple[str, int]:
    """The decimals after the point, and the exponent, as written."""
    text, _, exponent = number.text.lower().partition("e")
    return text.partition(".")[2], int(exponent or 0)


def _place(answer: Number) -> Fraction:
    """What the last written decimal counts; the zeros that end an integer may only fill it up."""
    if answer.exact:
        return abs(answer.value)
    decimals, exponent = _mantissa(answer)
    return _power_of_ten(exponent - len(decimals))


def is_cut(key: Value) -> bool:
    """Whether a number has as many decimals as NumPy prints in an array."""
    if isinstance(key, Complex):
        return is_cut(key.real) or is_cut(key.imag)
    return isinstance(key, Number) and len(_mantissa(key)[0]) == _PRINTED_DECIMALS


def _half_place(key: Number) -> Fraction:
    return _power_of_ten(_mantissa(key)[1] - _PRINTED_DECIMALS) / 2


def _same_double(key: Number, answer: Number) -> bool:
    try:
        return float(key.value) == float(answer.value)
    except OverflowError:
        return False


def _guessed_width(key: Number, answer: Number) -> str:
    """A fraction may mean what a float32 makes of it, which prints seven to nine digits."""
    digits = len(_mantissa(key)[0].lstrip("0"))
    fraction = answer.exact and answer.value.denominator != 1
    return "f" if fraction and 7 <= digits <= 9 else ""  # noqa: PLR2004 - the digits of a float32


def _same_in(width: str, key: Number, answer: Number) -> bool:
    if not width:
        return False
    try:
        return struct.pack(width, float(key.value)) == struct.pack(width, float(answer.value))
    except OverflowError:
        return False


def interpret(text: str) -> tuple[Value, bool]:
    """The value of a typed number, and whether it says itself that it is rounded.

    Raises UnreadableError for words, percent signs, decimal commas and several numbers.
    """
    text = unquoted(trim(text, ".;,"))
    rough = text[:1] in tuple(_APPROXIMATE)
    text = text.lstrip(_APPROXIMATE + " ").removeprefix("= ")
    if "%" in text:
        raise UnreadableError("I cannot tell whether a percent sign divides by a hundred.")
    if "^" in text:
        raise UnreadableError("Write ** for a power.")
    value = with_unit(text) or read(text, arithmetic=True)
    inner = bare(value)
    if isinstance(inner, Group) and not inner.bracket:
        _refuse_row(inner)
    if isinstance(inner, Word) and inner.name.lower() not in {"none", "nat"}:
        raise UnreadableError("I read a word where a number should be.")
    return value, rough


def with_unit(text: str) -> Text | None:
    """A time span such as "2 days" or "2 D", as a timedelta64 prints it."""
    count, _, unit = text.partition(" ")
    plural = {name: name for name in UNITS.values()} | {n[:-1]: n for n in UNITS.values()}
    unit = UNITS.get(unit.strip()) or plural.get(unit.strip().lower(), "")
    if not unit or not count.lstrip("-").isdigit() or not count.isascii():
        return None
    return Text(f"{count} {unit}")


def _refuse_row(row: Group) -> None:
    numbers = [show(item) for item in row.items if isinstance(bare(item), Number | Complex)]
    if len(numbers) == len(row.items):
        raise UnreadableError(
            "I read several numbers. Write one, with a point for decimals and nothing"
            " between thousands.",
        )
    understood = numbers[0] if len(numbers) == 1 else ""
    raise UnreadableError("I read words beside the number: write the number alone.", understood)


WIDTHS = {
    **dict.fromkeys(("float32", "single", "complex64", "csingle"), "f"),
    **dict.fromkeys(("float16", "half"), "e"),
}
"""Struct codes of the dtypes that are narrower than a double."""


def grade(key: Value, text: str) -> Mark:
    """Grade one typed number against a key that is a number, a date or None."""
    value, rough = interpret(text)
    how = How(width=WIDTHS.get(key.dtype, "")) if isinstance(key, Typed) else PLAIN
    key, answer, shown = bare(key), bare(value), show(bare(value))
    if isinstance(answer, Group):
        return wrong(shown, "One number is asked, not an array or a tuple.")
    if isinstance(answer, Truth):
        if isinstance(key, Truth) and key == answer:
            return right(shown)
        return wrong(shown, "" if isinstance(key, Truth) else "That is a boolean, not a number.")
    if isinstance(answer, Word):
        if isinstance(key, Word) and key.name.lower() == answer.name.lower():
            return right(shown)
        return wrong(shown, "`None` is Python's own object, not a number.")
    if isinstance(answer, Text):
        if isinstance(key, Text):
            return right(shown) if key.value == answer.value else wrong(shown)
        return unclear("I read text where a number should be.")
    if isinstance(key, Text) and isinstance(answer, Number) and key.value.split(" ")[0] == shown:
        return unclear("Add the unit.", shown)
    if matches(key, answer, how, rough=rough):
        return right(shown)
    return wrong(shown, _note(key, answer))


def matches(key: Value, answer: Value, how: How = PLAIN, *, rough: bool = False) -> bool:
    """Whether two numbers, real or complex, agree."""
    match key, answer:
        case Number(), Number():
            return agree(key, answer, how, rough=rough)
        case (Number() | Complex(), Number() | Complex()):
            (one, two), (three, four) = _parts(key), _parts(answer)
            return agree(one, three, how, rough=rough) and agree(two, four, how, rough=rough)
    return False


def _parts(value: Number | Complex) -> tuple[Number, Number]:
    if isinstance(value, Complex):
        return value.real, value.imag
    return value, Number(Fraction(0), "0", whole=True, exact=True)


def _note(key: Value, answer: Value) -> str:
    if not isinstance(key, Number) or not isinstance(answer, Number):
        return "Check the real and the imaginary part." if isinstance(answer, Complex) else ""
    if key.special or answer.special:
        return ""
    asked, given = key.value, answer.value
    if asked and given == -asked:
        return "The sign is wrong."
    if asked and given and (given == _BITS * asked or asked == _BITS * given):
        return "Check the unit: a byte has eight bits."
    if asked and given and abs(given - asked) * 50 <= abs(asked):
        if key.whole or (key.value.denominator == 1 and not key.exponent):
            return "Close, but here the exact number is asked."
        return "Close: round correctly, to at least three significant digits."
    return ""
