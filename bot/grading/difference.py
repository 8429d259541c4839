"""How a result differs from what was asked for: in what it is, before in what it holds."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from bot.bank.evaluate import canonical, same, shown

LONGEST = 160
"""Characters of a value that a sentence has room for."""

Difference = Literal["", "type", "shape", "dtype", "values"]


def difference(expected: object, given: object, *, exact: bool = False) -> Difference:
    """The first thing in which `given` is not what is `expected`; empty where it is.

    The type is array, number or tuple; the dtype is compared by its kind, or whole where it has
    to be `exact`; floats may differ by 1e-9 of their size.
    """
    if isinstance(expected, tuple | list):
        if not isinstance(given, type(expected)) or len(expected) != len(given):
            return "type"
        parts = zip(expected, given, strict=True)
        return next((found for one in parts if (found := difference(*one, exact=exact))), "")
    if isinstance(expected, np.ndarray) != isinstance(given, np.ndarray) or not _is_plain(given):
        return "type"
    a, b = np.asarray(expected), np.asarray(given)
    if a.shape != b.shape:
        return "shape"
    if a.dtype.kind != b.dtype.kind or (exact and a.dtype != b.dtype):
        return "dtype"
    if a.dtype.kind in "mM":
        return "" if _same_times(a, b) else "values"
    return "" if same(expected, given) else "values"


def _same_times(a: np.ndarray, b: np.ndarray) -> bool:
    try:
        return np.array_equal(a, b, equal_nan=True)
    except (OverflowError, TypeError, ValueError):
        return False  # units that cannot be brought together, as days and months


def _is_plain(value: object) -> bool:
    """Whether a value is an array, a number, a date or a text."""
    return isinstance(value, np.ndarray | np.generic | bool | int | float | complex | str)


def told(expected: object, given: object, *, exact: bool = False) -> str:
    """What differs, as the end of a sentence that began with where; empty where nothing does."""
    found = difference(expected, given, exact=exact)
    if found and found != "type" and isinstance(expected, tuple | list):
        for number, (one, other) in enumerate(zip(expected, _parts(given), strict=True), 1):
            if difference(one, other, exact=exact):
                return f"of part {number}, {told(one, other, exact=exact)}"
    match found:
        case "":
            return ""
        case "shape":
            one, other = (str(np.asarray(value).shape) for value in (given, expected))
            return f"its shape is `{one}`, and `{other}` is asked for"
        case "dtype":
            one, other = (str(np.asarray(value).dtype) for value in (given, expected))
            return f"its dtype is `{one}`, and `{other}` is asked for"
        case "type":
            return f"it gives {kind(given)}, and {kind(expected)} is asked for"
    one, other = brief(given), brief(expected)
    if one and other and one != other:
        return f"it gives `{one}`, and `{other}` is asked for"
    return "it gives other values than are asked for"


def _parts(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else ()


def kind(value: object) -> str:
    """What a value is, with its article."""
    if isinstance(value, np.ndarray):
        return "an array"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, np.datetime64 | np.timedelta64):
        return "a date" if isinstance(value, np.datetime64) else "a time span"
    if isinstance(value, int | float | complex | np.number):
        return "a number"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a text"
    other = getattr(value, "kind", "")
    return str(other) or "`None`"


def brief(value: object) -> str:
    """A value on one short line as NumPy prints it; empty where it has no room."""
    try:
        text = _printed(value)
    except ValueError:  # a date without a unit cannot be printed
        return ""
    return text if len(text) <= LONGEST and "`" not in text else ""


def _printed(value: object) -> str:
    if isinstance(value, np.ndarray):
        if value.size > LONGEST:
            return ""
        return shown(value) if value.size else f"an empty array of shape {value.shape}"
    if value is None or _is_plain(value) or isinstance(value, tuple | list):
        return canonical(value)
    return ""
