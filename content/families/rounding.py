"""Families about cutting off, rounding, and dividing whole numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- to whole numbers -----------------------------------------------------------------------

_WHOLE = {
    "astype-rounds": "`astype(int)` cuts the fraction off; `np.round` rounds.",
    "astype-rounds-down": "Cutting off goes towards zero; `np.floor` goes down.",
    "round-cuts-off": "`np.round` takes the nearest whole number; `astype(int)` cuts off.",
    "halves-round-up": "A half goes to the even neighbour, so 2.5 becomes 2.",
    "floor-cuts-off": "`np.floor` goes down, also below zero; `np.trunc` cuts off.",
    "ceil-rounds": "`np.ceil` goes up, however small the fraction.",
}


def _whole(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        tenths = rng.permutation([*range(-38, 0), *range(1, 39)])[:3]
        a = tenths / 10
        if level > 1:
            a[0] = int(rng.integers(-3, 4)) + 0.5
        ways = ("a.astype(int)", "np.round(a)", "np.floor(a)", "np.ceil(a)")
        written = one_of(rng, ways[: level + 1])
        result = {
            "a.astype(int)": a.astype(int),
            "np.round(a)": np.round(a),
            "np.floor(a)": np.floor(a),
            "np.ceil(a)": np.ceil(a),
        }[written]
        wrong = options(listed(result), _whole_models(written, a, result), _WHOLE)
        is_mixed = a.min() < 0 < a.max() and 0 not in tenths % 10 and 0 not in result
        if enough(wrong) and is_mixed and len(set(result.tolist())) == 3:  # noqa: PLR2004  # of three
            break
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = {written}",
        answer="r",
        wrong=wrong,
        hint="Towards zero, down, up, or to the nearest one? Look at the negative number.",
        rule="`astype(int)` cuts off towards zero, `floor` goes down, `ceil` up, and `np.round` "
        "takes the nearest, halves to the even one.",
        why=_whole_told(a, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.round.html",
        covers=(6,),
        follow_up=(
            FollowUp(
                "What is the dtype of `np.floor(a)`?",
                "That of `a`, float64 here: these functions round and do not change to integers.",
            ),
            FollowUp(
                "How do you round to integers?",
                "In two steps: `np.round(a).astype(int)`, or `np.rint(a).astype(int)`.",
            ),
        ),
    )


def _whole_models(written: str, a: "np.ndarray", result: "np.ndarray") -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    def like(values: "np.ndarray") -> str:
        return listed((values + 0.0).astype(result.dtype))  # no -0

    up = np.floor(a + 0.5)
    if written == "a.astype(int)":
        yield Wrong("astype-rounds", like(np.round(a)))
        yield Wrong("astype-rounds-down", like(np.floor(a)))
    elif written == "np.round(a)":
        yield Wrong("halves-round-up", like(up))
        yield Wrong("round-cuts-off", like(np.trunc(a)))
        yield Wrong("round-cuts-off", like(np.floor(a)))
    elif written == "np.floor(a)":
        yield Wrong("floor-cuts-off", like(np.trunc(a)))
        yield Wrong("astype-rounds", like(np.round(a)))
    else:
        yield Wrong("ceil-rounds", like(np.round(a)))
        yield Wrong("floor-cuts-off", like(np.trunc(a)))


def _whole_told(a: "np.ndarray", result: "np.ndarray") -> str:
    pairs = "\n".join(
        f"- {value:g} becomes {kept:g}." for value, kept in zip(a.tolist(), result, strict=True)
    )
    return (
        f"`r` is `{result.tolist()}`:\n\n{pairs}\n\n"
        "There are four directions. `astype(int)` cuts the fraction off, which is towards zero and "
        "the same as `np.trunc`. `np.floor` goes down and `np.ceil` up, and they differ from it "
        "below or above zero. `np.round` and `np.rint` take the nearest whole number. A number in "
        "the middle goes to the even neighbour, so that in a long list the errors cancel: 0.5 "
        "becomes 0, 1.5 and 2.5 become 2. Python's own `round` does the same.\n\n"
        "Only `astype` changes the dtype; the others give floats with nothing behind the point."
    )


whole_numbers = Family(
    id="to-whole-numbers",
    topic="dtypes",
    level=1,
    kind="predict",
    title="From floats to whole numbers",
    make=_whole,
    beliefs=tuple(_WHOLE),
    covers=(6,),
)

# --- floor division and remainder -----------------------------------------------------------

_DIVISION = {
    "floor-division-cuts-off": "`//` goes down, not towards zero, so -7 // 2 is -4.",
    "remainder-has-the-sign-of-the-dividend": "`%` has the sign of the divisor; `np.fmod` that "
    "of the dividend.",
    "fmod-has-the-sign-of-the-divisor": "`np.fmod` has the sign of the dividend; `%` that of "
    "the divisor.",
    "floor-division-gives-floats": "For integers `//` gives integers; `/` gives floats.",
    "remainder-is-the-quotient": "`%` is what is left over; `//` how often it goes.",
}


def _division(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        a = rng.integers(-20, 21, 3)
        b = int(rng.integers(2, 7)) * (1 if level < 3 or rng.random() < 0.5 else -1)  # noqa: PLR2004  # the last level
        written = one_of(rng, ("a // {b}", "a % {b}", "np.fmod(a, {b})")[: max(2, level)])
        result = {
            "a // {b}": a // b,
            "a % {b}": a % b,
            "np.fmod(a, {b})": np.fmod(a, b),
        }[written]
        wrong = options(listed(result), _division_models(written, a, b), _DIVISION)
        is_mixed = a.min() < 0 < a.max() and 0 not in a % b
        if enough(wrong) and is_mixed and len(set(result.tolist())) > 1:
            break
    return Item(
        topic="ufuncs",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = {written.format(b=b)}",
        answer="r",
        wrong=wrong,
        hint="Which whole number lies next below the exact quotient, also for the negative one?",
        rule="`//` rounds the quotient down and `%` is what is left, with the sign of the divisor; "
        "`np.fmod` has the sign of the dividend.",
        why=_division_told(written.format(b=b), a, b, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.remainder.html",
        covers=(9,),
        follow_up=(
            FollowUp(
                "Why is `%` handy for positions on a circle?",
                "With a positive divisor n it is from 0 to n - 1, also for negative numbers.",
            ),
            FollowUp(
                "What does `np.array([1, 2]) // 0` do?",
                "For integers it gives 0 with a RuntimeWarning; floats give inf or nan.",
            ),
        ),
    )


def _division_models(written: str, a: "np.ndarray", b: int) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    cut = np.trunc(a / b).astype(int)
    if written == "a // {b}":
        yield Wrong("floor-division-cuts-off", listed(cut))
        yield Wrong("floor-division-gives-floats", listed(np.round(a / b, 2)))
    elif written == "a % {b}":
        yield Wrong("remainder-has-the-sign-of-the-dividend", listed(np.fmod(a, b)))
        yield Wrong("remainder-is-the-quotient", listed(a // b))
    else:
        yield Wrong("fmod-has-the-sign-of-the-divisor", listed(a % b))
        yield Wrong("remainder-is-the-quotient", listed(cut))


def _division_told(written: str, a: "np.ndarray", b: int, result: "np.ndarray") -> str:
    lines = "\n".join(
        f"- {value} = {value // b} · {b} {'+' if value % b >= 0 else '-'} {abs(value % b)}"
        for value in a.tolist()
    )
    fmod = (
        "\n\n`np.fmod` takes the quotient cut off towards zero instead, so what is left has the "
        "sign of the number that is divided."
        if "fmod" in written
        else ""
    )
    return (
        f"`{written}` is `{result.tolist()}`. Rounded down, the quotients and what is left are\n\n"
        f"{lines}{fmod}\n\n"
        "`//` rounds down, also below zero, as Python's own does; C, Java and many others cut off "
        "towards zero. `%` belongs to it: `a == (a // b) * b + a % b` always holds, so the "
        "remainder has the sign of the divisor.\n\n"
        "For integers both stay integers. `np.divmod(a, b)` gives the two at once, and `np.fmod` "
        "is there for those who need C's remainder."
    )


division = Family(
    id="division-and-remainder",
    topic="ufuncs",
    level=2,
    kind="predict",
    title="Whole quotients and remainders, with negative numbers",
    make=_division,
    beliefs=tuple(_DIVISION),
    covers=(9,),
)
