"""Families about dtypes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- promotion --------------------------------------------------------------------

SHARE_OF_KNOWN = 0.25
"""So many of the draws whose result is one of the operands' dtypes are kept."""

_POOLS = {
    1: ("bool", "int16", "int32", "int64", "float16", "float32", "float64", "complex128"),
    2: ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "float32", "float64"),
    3: (
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "float32", "float64", "complex64", "complex128",
    ),
}  # fmt: skip
_REASONS = {
    "the-larger-operand-wins": "The result must hold both; width alone does not decide.",
    "floats-win-over-integers": "A narrow float gives way to a wider one for large integers.",
    "the-first-operand-wins": "Both operands count alike; their order does not matter.",
    "everything-becomes-float64": "The result is the smallest common dtype, not always float64.",
    "integers-stay-integers": "No integer dtype holds both ranges, so the result is a float.",
    "unsigned-stays-unsigned": "Negative numbers must fit as well: the result is signed.",
}


def _promotion(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        names = [_POOLS[level][int(i)] for i in rng.permutation(len(_POOLS[level]))[:2]]
        first, second = map(np.dtype, names)
        result = np.result_type(first, second)
        models = [Wrong(model.belief, model.answer) for model in _promoted(first, second)]
        wrong = options(_dtype(result), models, _REASONS)
        known = result in {first, second} and not is_chosen(rng, SHARE_OF_KNOWN)
        if enough(wrong) and not known:
            break
    sign = one_of(rng, ("+", "*"))
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="dtype",
        stem=f"What is the dtype of `a {sign} b`?",
        code=f"a = {_ones(rng, first)}\nb = {_ones(rng, second)}",
        answer=f"(a {sign} b).dtype",
        wrong=wrong,
        hint="What must the result have room for: signs, fractions, how many bits?",
        rule="Two dtypes are promoted to the smallest one that both can be cast to safely; the "
        "values do not matter.",
        why=_promotion_told(first, second, result),
        docs="https://numpy.org/doc/stable/reference/arrays.promotion.html",
        covers=(6,),
        follow_up=(
            FollowUp(
                "How do you ask for the promoted dtype without computing?",
                "`np.result_type(a, b)`, or `np.promote_types` for two dtypes.",
            ),
            FollowUp(
                "What changes if `b` is a Python number?",
                "It is weak: it takes the dtype of `a` unless its kind (float beside integers, "
                "say) is higher.",
            ),
        ),
    )


def _ones(rng: "np.random.Generator", dtype: "np.dtype") -> str:
    """The source of an array of that dtype, of two or three small numbers."""
    if dtype.kind == "b":
        return "np.array([True, False])"
    values = [int(value) for value in rng.integers(1, 10, 2)]
    return f"np.array({values}, dtype=np.{dtype.name})"


def _dtype(dtype: "np.dtype") -> str:
    return f"np.dtype('{dtype.name}')"


def _promoted(first: "np.dtype", second: "np.dtype") -> Iterator[Wrong]:
    """What each misconception promotes the dtypes to."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    small, large = sorted((first, second), key=lambda dtype: dtype.itemsize)
    kinds = {first.kind, second.kind}
    if small.itemsize != large.itemsize:
        yield Wrong("the-larger-operand-wins", _dtype(large))
    if kinds & set("fc") and kinds & set("iu"):
        floating = first if first.kind in "fc" else second
        yield Wrong("floats-win-over-integers", _dtype(floating))
    if kinds == {"i", "u"}:
        unsigned, signed = (first, second) if first.kind == "u" else (second, first)
        if np.result_type(first, second).kind == "f":
            yield Wrong("integers-stay-integers", _dtype(signed))
        yield Wrong("unsigned-stays-unsigned", _dtype(unsigned))
    yield Wrong("everything-becomes-float64", _dtype(np.dtype("float64")))
    yield Wrong("the-first-operand-wins", _dtype(first))


def _promotion_told(first: "np.dtype", second: "np.dtype", result: "np.dtype") -> str:
    return (
        f"The dtype is `{result.name}`: the smallest to which both `{first.name}` and "
        f"`{second.name}` can be cast safely.\n\n{_because(first, second, result)}\n\n"
        "Only the dtypes decide, never the values, however small they are. NumPy knows the dtype "
        "of the result before it computes, so the same code gives the same dtype on any data. "
        "Where memory matters, cast one operand with `astype` first, and say in the code why that "
        "is safe."
    )


def _because(first: "np.dtype", second: "np.dtype", result: "np.dtype") -> str:
    kinds = {first.kind, second.kind}
    if "b" in kinds:
        return "A Boolean fits into every other numeric dtype, so the other one stays."
    if kinds == {"i", "u"} and result.kind == "f":
        return (
            "No integer dtype holds both the negative numbers of one and the large ones of "
            "`uint64`, so NumPy settles for `float64`, although it rounds large integers."
        )
    if kinds == {"i", "u"}:
        return "A signed integer needs one bit more than an unsigned one to hold its values."
    if kinds & set("iu") and kinds & set("fc"):
        return (
            "Integers of 8 bits are exact in `float16`, of 16 bits in `float32`; wider ones go to "
            "`float64` (or the complex dtype made of it)."
        )
    if kinds == {"f", "c"}:
        return "A complex dtype holds two floats; they must be as wide as the float operand."
    return "Of two dtypes of one kind the wider one holds the values of both."


promotion = Family(
    id="promotion",
    topic="dtypes",
    level=2,
    kind="predict",
    title="The dtype of a sum or product of two arrays",
    make=_promotion,
    beliefs=tuple(_REASONS),
    covers=(6,),
)

# --- wrap-around ------------------------------------------------------------------

_WRAP_REASONS = {
    "integers-saturate": "NumPy integers do not stop at the ends of their range; they wrap around.",
    "small-integers-are-widened": "Two arrays of one dtype give that dtype, whatever the values.",
    "overflow-always-raises": "Integer arrays overflow without an error or a warning.",
}
_SIGNS = ("+", "-", "*")


def _wraparound(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        dtype = "uint8" if level == 1 else one_of(rng, ("uint8", "int8"))
        sign = one_of(rng, _SIGNS[:level])
        low, high = (0, 256) if dtype == "uint8" else (-128, 128)
        a = rng.integers(low, high, 3)
        b = rng.integers(2, 6, 3) if sign == "*" else rng.integers(max(low, -60), min(high, 120), 3)
        exact = {"+": a + b, "-": a - b, "*": a * b}[sign]
        result = exact.astype(dtype)
        wraps = int((exact != result).sum())
        wrong = options(listed(result), _wrapped(exact, low, high), _WRAP_REASONS)
        if 1 <= wraps <= 2 and enough(wrong) and len(set(result.tolist())) == 3:  # noqa: PLR2004  # of three
            break
    size = high - low
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What are the values of `a {sign} b`?",
        code=(
            f"a = np.array({a.tolist()}, dtype=np.{dtype})\n"
            f"b = np.array({b.tolist()}, dtype=np.{dtype})"
        ),
        answer=f"a {sign} b",
        wrong=wrong,
        hint=f"`{dtype}` holds the numbers from {low} to {high - 1}.",
        rule=f"Integer arrays wrap around: results are taken modulo {size} into the range of the "
        "dtype, without a warning.",
        why=_wraparound_told(np.dtype(dtype), exact.tolist(), result.tolist(), size),
        docs="https://numpy.org/doc/stable/user/basics.types.html",
        covers=(6, 34),
        follow_up=(
            FollowUp(
                "Does a NumPy scalar wrap as quietly?",
                "It wraps too, but `np.uint8(200) + np.uint8(100)` gives a RuntimeWarning.",
            ),
            FollowUp(
                "How do you add images without wrapping?",
                "Convert to a wider dtype, add, clip to the range, and convert back.",
            ),
        ),
    )


def _wrapped(exact: "np.ndarray", low: int, high: int) -> Iterator[Wrong]:
    """What each misconception makes of the exact results."""
    yield Wrong("integers-saturate", listed(exact.clip(low, high - 1)))
    yield Wrong("small-integers-are-widened", listed(exact))
    yield Wrong("overflow-always-raises", raises="OverflowError")


def _wraparound_told(dtype: "np.dtype", exact: list[int], result: list[int], size: int) -> str:
    lines = "\n".join(
        f"- {value} is in the range and stays."
        if value == kept
        else f"- {value} becomes {kept}: {abs(value - kept) // size} times {size} away."
        for value, kept in zip(exact, result, strict=True)
    )
    return (
        f"The values are `{result}`. The exact results are `{exact}`, and `{dtype.name}` keeps "
        f"them modulo {size}:\n\n{lines}\n\n"
        "NumPy neither widens the dtype nor stops at the end of its range, and for arrays it does "
        "not warn: checking every element would cost as much as the operation. Use a dtype that "
        "holds the results, such as `a.astype(np.int64)`, before you compute."
    )


wraparound = Family(
    id="wrap-around",
    topic="dtypes",
    level=2,
    kind="predict",
    title="Integer arithmetic that leaves the range of its dtype",
    make=_wraparound,
    beliefs=tuple(_WRAP_REASONS),
    covers=(6, 34),
)
