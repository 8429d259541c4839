"""A family about the dtype of an array and a number beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import SHARE_OF_ERRORS, TRIES, Wrong, enough, is_chosen, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_WEAK = {
    "python-integers-are-int64": "A Python integer is weak: it takes the dtype of the array.",
    "python-floats-are-float64": "A Python float is weak: it takes the size of a float array.",
    "python-numbers-never-change-the-kind": "A Python number gives way in size, not in kind.",
    "scalars-promote-by-value": "Its value plays no part in choosing the dtype.",
    "overflow-always-raises": "The number itself fits the dtype; a sum beyond it wraps around.",
    "mixing-kinds-raises": "Only in-place operations refuse another kind; this makes a new array.",
    "scalars-never-change-the-dtype": "A NumPy scalar is not weak: its dtype counts in full.",
    "weak-numbers-are-cut-off": "A Python integer that the dtype cannot hold raises.",
}
_RANGES = {
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-32768, 32767),
    "uint16": (0, 65535),
}
_FLOATS = ("float16", "float32")
_SMALL = ("bool", "int8", "uint8", "int16")


class _Operand(msgspec.Struct, frozen=True):
    """An array's dtype and elements, and what stands beside it."""

    dtype: str
    elements: tuple[int, ...]
    sign: str
    written: str
    value: int | float | complex
    own: str = ""
    """The dtype of a NumPy scalar; empty for a Python number."""


def _weak(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    for _ in range(TRIES):
        one = _too_large(rng) if fails else _fitting(rng, level)
        result = "" if fails else _dtype_of(one)
        wrong = options(
            _named(result) if result else "OverflowError", _weak_models(one, result), _WEAK
        )
        if enough(wrong):
            break
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="dtype",
        stem=f"What is the dtype of `a {one.sign} {one.written}`, when `a` holds `{one.dtype}`?",
        code=f"a = {_array(one)}\nr = a {one.sign} {one.written}",
        answer="r.dtype",
        raises="OverflowError" if fails else None,
        wrong=wrong,
        hint="Does the number beside the array bring a dtype of its own, and does it fit?",
        rule="A Python number adapts to the array's dtype if its kind allows; an integer that the "
        "dtype cannot hold raises.",
        why=_weak_told(one, result),
        docs="https://numpy.org/doc/stable/reference/arrays.promotion.html",
        follow_up=(
            FollowUp(
                "What happens with `np.float64(2.5)` instead of `2.5`?",
                "A NumPy scalar counts with its dtype, so a `float32` array becomes `float64`.",
            ),
            FollowUp(
                "How was it before NumPy 2.0?",
                "The value decided: 300 made a `uint8` array `uint16`, and 200 left it alone.",
            ),
        ),
    )


def _too_large(rng: "np.random.Generator") -> _Operand:
    dtype = one_of(rng, [*_RANGES])
    low, high = _RANGES[dtype]
    value = high + int(rng.integers(1, 60))
    if is_chosen(rng, 0.3):
        value = low - int(rng.integers(1, 60))
    elements = tuple(int(one) for one in rng.permutation(range(1, 100))[:3])
    return _Operand(dtype, elements, one_of(rng, "+-*"), str(value), value)


def _fitting(rng: "np.random.Generator", level: int) -> _Operand:
    elements = tuple(int(one) for one in rng.permutation(range(60, 127))[:3])
    sign = one_of(rng, "+-*" if level == 1 else "+-*/")
    half = int(rng.integers(1, 40)) + 0.5
    whole = int(rng.integers(60, 120))
    kind = one_of(rng, ("integer", "float", "float", "complex", "scalar")[: level + 2])
    if kind == "integer":
        dtype = one_of(rng, ("bool", *_SMALL, *_FLOATS))
        return _Operand(dtype, elements, sign, str(whole), whole)
    dtype = one_of(rng, (*_SMALL, *_FLOATS))
    if kind == "float":
        return _Operand(dtype, elements, sign, str(half), half)
    if kind == "complex":
        return _Operand(dtype, elements, sign, f"{whole}j", complex(0, whole))
    own = one_of(rng, ("float64", "float32", "int64", "int16"))
    value = half if own.startswith("float") else whole
    return _Operand(dtype, elements, sign, f"np.{own}({value})", value, own)


def _dtype_of(one: _Operand) -> str:
    """The name of the dtype that NumPy gives."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = np.ones(1, dtype=one.dtype)
    other = np.dtype(one.own).type(1) if one.own else type(one.value)(1)
    ufunc = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide}[one.sign]
    return str(ufunc(a, other).dtype)


def _weak_models(one: _Operand, result: str) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    own = one.own or {int: "int64", float: "float64", complex: "complex128"}[type(one.value)]
    strong = str(np.result_type(np.dtype(one.dtype), np.dtype(own)))
    smallest = str(np.result_type(np.dtype(one.dtype), np.min_scalar_type(one.value)))
    if not result:
        yield Wrong("weak-numbers-are-cut-off", _named(one.dtype))
        yield Wrong("scalars-promote-by-value", _named(smallest))
        yield Wrong("python-integers-are-int64", _named(strong))
        return
    if isinstance(one.value, int) and one.dtype in _RANGES and not one.own:
        yield Wrong("overflow-always-raises", raises="OverflowError")
    else:
        yield Wrong("mixing-kinds-raises", raises="TypeError")
    if one.own:
        yield Wrong("scalars-never-change-the-dtype", _named(one.dtype))
        yield Wrong("scalars-promote-by-value", _named(smallest))
        return
    integer = isinstance(one.value, int)
    yield Wrong(
        "python-integers-are-int64" if integer else "python-floats-are-float64", _named(strong)
    )
    yield Wrong("python-numbers-never-change-the-kind", _named(one.dtype))
    yield Wrong("scalars-promote-by-value", _named(smallest))


def _array(one: _Operand) -> str:
    """How the array is written; one of Booleans needs no dtype."""
    if one.dtype == "bool":
        return f"np.array({[element % 2 == 0 for element in one.elements]})"
    return f"np.array({[*one.elements]}, dtype=np.{one.dtype})"


def _named(dtype: str) -> str:
    return f"np.dtype('{dtype}')"


def _weak_told(one: _Operand, result: str) -> str:
    kind = {int: "integer", float: "float", complex: "complex number"}[type(one.value)]
    if not result:
        low, high = _RANGES[one.dtype]
        first = (
            f"It raises `OverflowError`. The Python integer {one.written} is to take the "
            f"dtype `{one.dtype}`, whose range is {low} to {high}, and it does not fit. Only this "
            "number is checked: results beyond the range wrap around without a word."
        )
    elif one.own:
        first = (
            f"`r` is `{result}`. `{one.written}` is a NumPy scalar, and that has a dtype, which "
            f"counts like the dtype of an array: `{one.dtype}` and `{one.own}` are promoted."
        )
    else:
        divided = " `/` always divides as floats." if one.sign == "/" else ""
        first = (
            f"`r` is `{result}`. `{one.written}` is a Python {kind}, which has no dtype of its "
            f"own. Beside an array of `{one.dtype}` it asks for a kind, no more, and the array "
            f"settles the size as far as it can.{divided}"
        )
    return (
        f"{first}\n\n"
        "Python's numbers are *weak* since NumPy 2.0 (NEP 50). An integer beside an integer array "
        "takes its dtype. An integer or a float beside a float array does so too. A float beside "
        "integers lifts them to the default float, `float64`, and a complex number goes to the "
        "complex dtype of the array's precision. NumPy scalars and arrays are strong: they take "
        "part with their dtype, whatever their value.\n\n"
        "So `float32` data stay `float32` in `a * 0.5`, which is what one wants for large arrays. "
        "Where a wider result is meant, write it: `a.astype(np.int64) + 300`."
    )


promote_weak = Family(
    id="python-number-beside-an-array",
    topic="dtypes",
    level=2,
    kind="predict",
    title="The dtype of an array and a Python number",
    make=_weak,
    beliefs=tuple(_WEAK),
    may_fail=True,
)
