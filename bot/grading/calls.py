"""What a call spells: `array([1, 2])`, `np.float64(3.0)`, `datetime64('2024-01-01')`."""

import re

from bot.grading.arithmetic import combine, literal, special
from bot.grading.value import (
    Complex,
    Group,
    Number,
    Text,
    Typed,
    UnreadableError,
    Value,
    bare,
    show,
)

_ARRAYS = frozenset({"array", "asarray", "ndarray", "tensor", "matrix", "mat", "asanyarray"})
_MASKED = frozenset({"masked_array", "masked_values"})
_SEQUENCES = {"list": "[", "tuple": "(", "size": "(", "set": "{", "frozenset": "{"}
_SCALAR = re.compile(
    r"(?:float|u?int|complex)(?:\d{1,3})?_?|bool_?|str_?|bytes_?|half|single|double|longdouble"
    r"|u?intp|u?intc|u?byte|u?short|u?long|u?longlong|clongdouble|csingle|cdouble|decimal"
)
_NEVER = frozenset("'\"\\?!$&~^@#")
_NARROW = frozenset({"float32", "float16", "single", "half", "complex64", "csingle"})
_PAIR = 2


def call(name: str, values: list[Value], named: dict[str, Value | str]) -> Value:
    """The value of `name(values, ...)`; `named` holds the shape= as a value, others as text.

    Raises UnreadableError for calls that spell no value.
    """
    if name in _ARRAYS or name in _MASKED:
        return _array(values, named, masked=name in _MASKED)
    if named:
        raise _unreadable()
    if name == "print" and len(values) == 1:
        return values[0]
    if name in _SEQUENCES:
        return _sequence(_SEQUENCES[name], values)
    if name in {"datetime64", "timedelta64"} and values:
        return _moment(values)
    if name in {"fraction", "complex"} and len(values) == _PAIR:
        return _pair(name, *values)
    if (_SCALAR.fullmatch(name) or name == "complex") and len(values) == 1:
        value = _scalar(values[0])
        return Typed(value, name) if name in _NARROW else value
    raise _unreadable()


def _unreadable() -> UnreadableError:
    return UnreadableError("I cannot work out that call: write the value.")


def _array(values: list[Value], named: dict[str, Value | str], *, masked: bool) -> Value:
    mask, dtype, shape = named.get("mask"), named.get("dtype", ""), named.get("shape")
    if len(values) != 1 or (mask and not masked):
        raise _unreadable()
    inner = bare(values[0])
    if isinstance(mask, str) and re.search("True|1", mask) and "masked" not in show(inner):
        raise UnreadableError("Write -- for what is masked.")
    lengths = _lengths(shape) if shape is not None and not isinstance(shape, str) else None
    return Typed(inner, dtype if isinstance(dtype, str) else "", lengths)


def _sequence(bracket: str, values: list[Value]) -> Group:
    if not values:
        return Group((), bracket)
    inner = bare(values[0])
    if len(values) > 1 or not isinstance(inner, Group):
        raise _unreadable()
    return Group(inner.items, bracket)


def _pair(name: str, first: Value, second: Value) -> Value:
    if not isinstance(first, Number) or not isinstance(second, Number):
        raise _unreadable()
    return combine("/", first, second) if name == "fraction" else Complex(first, second)


def _lengths(value: Value) -> tuple[int, ...]:
    items = value.items if isinstance(value, Group) else (value,)
    lengths = [item.value for item in items if isinstance(item, Number) and item.whole]
    if len(lengths) != len(items):
        raise UnreadableError("I cannot read the shape= there.")
    return tuple(int(length) for length in lengths)


def _scalar(value: Value) -> Value:
    """What stands in `np.float64(...)`; `float("nan")` and `int("3")` too."""
    value = bare(value)
    if isinstance(value, Group):
        raise _unreadable()
    if isinstance(value, Text) and not value.raw:
        word = value.value.strip().lower()
        sign, bare_word = word[:1] == "-", word.lstrip("+-")
        if bare_word in {"nan", "inf", "infinity"}:
            found = special(bare_word[:3])
            return combine("-", literal("0"), found) if sign else found
    return value


def _moment(values: list[Value]) -> Value:
    """`datetime64('2024-01-01')` is its text, `timedelta64(2, 'D')` is "2 days"."""
    first = values[0]
    if isinstance(first, Text):
        return Text(first.value)
    unit = values[1] if len(values) > 1 else None
    if not isinstance(first, Number) or (unit and not isinstance(unit, Text)):
        raise _unreadable()
    if first.value.denominator != 1:
        raise _unreadable()
    count = first.value.numerator
    return Text(f"{count} {UNITS.get(unit.value, unit.value)}") if isinstance(unit, Text) else first


UNITS = {
    "Y": "years",
    "M": "months",
    "W": "weeks",
    "D": "days",
    "h": "hours",
    "m": "minutes",
    "s": "seconds",
    "ms": "milliseconds",
    "us": "microseconds",
    "ns": "nanoseconds",
}
"""NumPy's time units by code, as a timedelta64 prints them."""
