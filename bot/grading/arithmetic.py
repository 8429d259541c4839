"""Exact numbers from literals, and bounded arithmetic on them."""

import re
from fractions import Fraction

from bot.grading.value import Number, UnreadableError
from bot.markup import as_typed

_DIGITS = re.compile(r"(\d+(?:_\d+)*)?(?:(\.)(\d+(?:_\d+)*)?)?(?:[eE]([+-]?\d+))?")
_BASED = re.compile(r"0[xXbBoO]")
_LONGEST = 400
_LARGEST_EXPONENT = 400
_MOST_BITS = 4_000

_NOTHING = Fraction(0)


def special(name: str) -> Number:
    """The number "nan", "inf" or "-inf"."""
    return Number(_NOTHING, name, special=name)


def literal(text: str) -> Number:
    """The unsigned number that Python would read from the text.

    Raises UnreadableError for a malformed one and one beyond the range of a double.
    """
    if len(text) > _LONGEST:
        raise UnreadableError("That number has too many digits.")
    if _BASED.match(text):
        return Number(Fraction(int(text, 0)), text, whole=True, exact=True)
    match = _DIGITS.fullmatch(text)
    if not match or not (match[1] or match[3]):
        raise UnreadableError(f"“{as_typed(text[:20])}” is not a number.")
    before = (match[1] or "").replace("_", "")
    after = (match[3] or "").replace("_", "")
    if match[4] is not None and len(match[4].lstrip("+-0")) > 3:  # noqa: PLR2004 - digits
        raise UnreadableError("That number is too large.")
    exponent = int(match[4] or 0)
    if abs(exponent) > _LARGEST_EXPONENT:
        raise UnreadableError("That number is too large.")
    digits, shift = int(before + after), exponent - len(after)
    value = Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)
    whole = not match[2] and match[4] is None
    plain = text.replace("_", "")
    return Number(value, plain, whole=whole, exponent=match[4] is not None, exact=whole)


def combine(sign: str, left: Number, right: Number) -> Number:
    """`left sign right`, worked out exactly.

    Decimals are refused: on them Python rounds, and an exact result would be another one.
    Raises UnreadableError for these, for too large results and for division by zero.
    """
    if sign == "-" and left.value == 0 and left.text == "0":
        return _negative(right)
    if left.special or right.special or not (_integral(left) and _integral(right)):
        raise UnreadableError("Work that out and write one number.")
    text = f"{left.text}{sign}{right.text}"
    result = _worked_out(sign, left.value, right.value)
    if max(result.numerator.bit_length(), result.denominator.bit_length()) > _MOST_BITS:
        raise UnreadableError("That number is too large.")
    return Number(result, text, whole=result.denominator == 1, exact=True)


def _integral(number: Number) -> bool:
    return number.exact or number.value.denominator == 1


def _negative(number: Number) -> Number:
    flipped = {"nan": "nan", "inf": "-inf", "-inf": "inf"}.get(number.special, "")
    if flipped:
        return special(flipped)
    text = number.text[1:] if number.text.startswith("-") else "-" + number.text
    return Number(-number.value, text, number.whole, number.exponent, number.exact)


def _worked_out(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        if right == 0:
            raise UnreadableError("That divides by zero.")
        return left / right
    return _power(left, right)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        raise UnreadableError("Work that out and write one number.")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent.numerator) * bits > _MOST_BITS:
        raise UnreadableError("That number is too large.")
    return Fraction(base ** int(exponent))
