"""A family about the dtype of a reduction."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np


_REDUCED = {
    "sum-keeps-the-dtype": "Sums and products of small integers use the default integer.",
    "unsigned-sums-are-signed": "Unsigned integers are added up in an unsigned dtype.",
    "integers-have-integer-means": "A mean is a quotient; floats keep their dtype and integers "
    "give `float64`.",
    "reductions-keep-small-dtypes": "Means of integers are computed in `float64`, whatever their "
    "size.",
    "means-are-always-float64": "Only integers and Booleans give `float64`; floats keep their "
    "dtype.",
    "all-reductions-widen": "Floats are added up and returned in their own dtype.",
    "everything-becomes-float64": "Only a quotient of integers needs `float64`; nothing else asks "
    "for it.",
    "max-gives-a-position": "`max` and `min` give an element; `argmax` gives its position.",
    "positions-have-the-dtype-of-the-array": "A position is an index, and indices are `int64`.",
    "any-counts": "`any` and `all` answer yes or no: a Boolean.",
    "any-gives-an-element": "`any` and `all` answer yes or no, unlike Python's `or`.",
}
_INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32")
_SUMS = ("sum", "prod", "cumsum")
_MEANS = ("mean", "std", "var")
_PICKS = ("max", "min", "ptp")
_ARGS = ("argmax", "argmin")
_TESTS = ("any", "all")
_LEVELS = {
    1: (*_SUMS[:2], "mean", "max", "min"),
    2: (*_SUMS, *_MEANS, *_PICKS[:2], *_ARGS),
    3: (*_SUMS, *_MEANS, *_PICKS, *_ARGS, *_TESTS),
}


def _reduced(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        dtype = one_of(rng, ("bool", "bool", *_INTEGERS, "float16", "float32"))
        name = one_of(rng, _LEVELS[level])
        elements = [int(one) for one in rng.permutation(range(1, 12))[:4]]
        if name == "ptp" and dtype == "bool":
            continue
        call = f"np.{name}(a)"
        result = str(getattr(np, name)(np.ones(3, dtype=dtype)).dtype)
        wrong = options(_named(result), _reduced_models(name, dtype), _REDUCED)
        if enough(wrong):
            break
    written = f"{elements}, dtype=np.{dtype}"
    if dtype == "bool":
        written = str([element % 2 == 0 for element in elements])
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="dtype",
        stem=f"Which dtype does `{call}` give for an array of `{dtype}`?",
        code=f"a = np.array({written})\nr = {call}",
        answer="r.dtype",
        wrong=wrong,
        hint="Does it add up, divide, pick an element, name a position, or answer yes or no?",
        rule="Sums of small integers are wide, means of integers are `float64`, floats keep their "
        "dtype, and picks keep any.",
        why=_reduced_told(call, name, dtype, result),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{name}.html",
        follow_up=(
            FollowUp(
                "How do you choose the dtype of a sum?",
                "With `dtype`: `a.sum(dtype=np.float64)` adds up in it and returns it.",
            ),
            FollowUp(
                "Why does `float16` need care?",
                "Its largest number is 65504, so a sum kept in `float16` soon becomes inf.",
            ),
        ),
    )


def _reduced_models(name: str, dtype: str) -> Iterator[Wrong]:
    is_float = dtype.startswith("float")
    if name in _SUMS:
        yield Wrong("sum-keeps-the-dtype", _named(dtype))
        if dtype.startswith("uint"):
            yield Wrong("unsigned-sums-are-signed", _named("int64"))
        yield Wrong("everything-becomes-float64", _named("float64"))
        yield Wrong("all-reductions-widen", _named("float32" if is_float else "int64"))
    elif name in _MEANS:
        yield Wrong("means-are-always-float64", _named("float64"))
        yield Wrong("reductions-keep-small-dtypes", _named(dtype))
        yield Wrong("integers-have-integer-means", _named("int64"))
    elif name in _PICKS:
        yield Wrong("max-gives-a-position", _named("int64"))
        yield Wrong("everything-becomes-float64", _named("float64"))
    elif name in _ARGS:
        yield Wrong("positions-have-the-dtype-of-the-array", _named(dtype))
        yield Wrong("everything-becomes-float64", _named("float64"))
    else:
        yield Wrong("any-counts", _named("int64"))
        yield Wrong("any-gives-an-element", _named(dtype))
        yield Wrong("everything-becomes-float64", _named("float64"))


def _named(dtype: str) -> str:
    return f"np.dtype('{dtype}')"


def _reduced_told(call: str, name: str, dtype: str, result: str) -> str:
    if name in _SUMS and not dtype.startswith("float"):
        reason = (
            "A sum of many small numbers soon leaves the range of a small dtype. So sums, products "
            "and running sums of integers narrower than the default integer, and of Booleans, are "
            "computed in the default integer: signed for signed, unsigned for unsigned."
        )
    elif name in _SUMS or (name in _MEANS and dtype.startswith("float")):
        reason = (
            "Floats are not widened: the result has the dtype of the array. `mean` of `float16` "
            "adds up in `float32` on the way and rounds back at the end."
        )
    elif name in _MEANS:
        reason = (
            "A quotient of integers is seldom an integer. Means, variances and deviations of "
            "integers and Booleans are computed in `float64` and returned in it."
        )
    elif name in _PICKS:
        reason = (
            "The result is an element of the array, or a difference of two, so no other dtype is "
            "needed, and none is taken."
        )
    elif name in _ARGS:
        reason = (
            "The result is a position in the array, whatever the array holds. Positions have the "
            "dtype `np.intp`, which is `int64` on a 64-bit system."
        )
    else:
        reason = "The result says whether any or all elements count as true: one Boolean."
    return (
        f"`{call}` gives `{result}`. {reason}\n\n"
        "Ask what the function does with the elements. Adding up needs room, dividing needs "
        "fractions, picking needs neither. Then the dtypes follow: `int64` or `uint64` for sums of "
        "small integers, `float64` for their means, the same dtype for `max` and for all floats, "
        "`np.intp` for positions.\n\n"
        "The rule does not hold between two arrays: `a + a` of `int8` stays `int8` and wraps "
        "around, though `a.sum()` does not. For long sums of `float32` pass `dtype=np.float64`."
    )


reduce_dtype = Family(
    id="dtype-of-a-reduction",
    topic="dtypes",
    level=2,
    kind="predict",
    title="The dtype that a sum, a mean or a maximum gives",
    make=_reduced,
    beliefs=tuple(_REDUCED),
)
