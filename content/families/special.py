"""Families about NaN and infinity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, is_chosen, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_ENOUGH = 2
"""So many wrong options at least."""

_WORDS = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}


def _float(value: float) -> str:
    """A float as an expression."""
    return _WORDS.get(repr(float(value)), repr(float(value)))


def _floats(values: "np.ndarray") -> str:
    """An array of floats as an expression."""
    return f"np.array([{', '.join(map(_float, values))}])"


# --- reductions with NaN --------------------------------------------------------------------

_NAN = {
    "reductions-skip-nan": "Plain reductions don't skip NaN; only the `nan…` functions do.",
    "nan-becomes-zero": "NaN is not taken as 0: it spreads, or its place is left out.",
    "nan-always-spreads": "The `nan…` functions leave NaN out, and `sort` puts it last.",
    "nanmean-divides-by-all": "`nanmean` divides by the number of values that are left.",
    "gaps-are-removed-first": "Positions count in the array as it is, NaN included.",
    "positions-count-from-one": "Positions are counted from 0.",
    "every-nan-is-unique": "`np.unique` puts all NaN together, so they count once.",
    "unique-drops-nan": "`np.unique` keeps one NaN as a value of its own.",
}
_NAN_WAYS = (
    ("np.nansum(x)", "np.nanmax(x)", "np.sum(x)", "np.nanmean(x)"),
    ("np.argmax(x)", "np.nanmin(x)", "np.max(x)"),
    ("np.nanargmax(x)", "np.sort(x)[0]", "np.unique(x).size", "np.nanargmin(x)"),
)
_NAN_TOLD = {
    "sum": "Every sum with NaN is NaN, so one gap is enough.",
    "max": "`max` passes NaN on: who doesn't know one number can't name the largest.",
    "nansum": "`nansum` adds what is there.",
    "nanmax": "`nanmax` compares what is there.",
    "nanmin": "`nanmin` compares what is there.",
    "nanmean": "`nanmean` adds what is there, and divides by how many that are.",
    "argmax": "`argmax` agrees with `max`: the maximum is NaN, and this is where the first NaN is.",
    "nanargmax": "`nanargmax` leaves NaN out of the comparison, and still counts its place.",
    "nanargmin": "`nanargmin` leaves NaN out of the comparison, and still counts its place.",
    "sort": "Sorting puts NaN at the end, so the first element is the smallest number.",
    "unique": "`unique` treats all NaN as equal, although `np.nan == np.nan` is false.",
}


def _nan(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ways = [way for group in _NAN_WAYS[:level] for way in group]
    for _ in range(TRIES):
        x = (rng.permutation(range(1, 13))[: int(rng.integers(4, 7))] * 2.0) - 10 * (level > 1)
        gaps = rng.permutation(len(x))[: 1 + (level > 1)]
        x[gaps] = np.nan
        way = one_of(rng, ways)
        key, models = _nan_models(way, x)
        wrong = options(key, models, _NAN)
        is_rare = key == "np.nan" and is_chosen(rng, 0.5)
        if len(wrong) >= _ENOUGH and not is_rare:
            break
    name = way.removeprefix("np.").split("(")[0]
    return Item(
        topic="floats",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=f"What does `{way}` give with a gap in `x`?",
        code=f"x = {_floats(x)}\nr = {way}",
        answer="r",
        wrong=wrong,
        hint="Does this function leave NaN out, put it last, or pass it on?",
        rule="Plain reductions pass NaN on, the `nan…` functions leave it out; sorting puts it "
        "last, and `unique` keeps one.",
        why=(
            f"`r` is {key.removeprefix('np.')}. {_NAN_TOLD[name]}\n\n"
            "NaN stands for a number that is not known, and arithmetic with it is not known "
            "either. So `sum`, `mean`, `max`, `min` and `std` give NaN as soon as there is one: a "
            "gap doesn't go unseen. `argmax` and `argmin` give the place of the first NaN then.\n\n"
            "`nansum`, `nanmean`, `nanmax`, `nanargmax` and their like leave the gaps out. What "
            "they divide by, or count, is what is left. Positions always belong to the whole "
            "array. Choose them where gaps are expected, and count the gaps with "
            "`np.isnan(x).sum()` all the same."
        ),
        docs="https://numpy.org/doc/stable/user/misc.html",
        follow_up=(
            FollowUp(
                "What does `np.nanmean` give if all are NaN?",
                "NaN, and a RuntimeWarning: the mean of an empty slice.",
            ),
            FollowUp(
                "How do you find NaN?",
                "With `np.isnan(x)`; `x == np.nan` is false everywhere.",
            ),
        ),
    )


def _nan_models(way: str, x: "np.ndarray") -> tuple[str, list[Wrong]]:
    """The key, and what each misconception answers."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = way.removeprefix("np.").split("(")[0]
    rest, zeros = x[~np.isnan(x)], np.nan_to_num(x)
    plain = name.removeprefix("nan")
    if name == "sort":
        key = _float(rest.min())
        return key, [
            Wrong("nan-always-spreads", "np.nan"),
            Wrong("nan-becomes-zero", _float(np.sort(zeros)[0])),
        ]
    if name == "unique":
        return str(len(rest) + 1), [
            Wrong("every-nan-is-unique", str(len(x))),
            Wrong("unique-drops-nan", str(len(rest))),
        ]
    if plain.startswith("arg"):
        is_nan_aware = name != plain
        kept, first = int(getattr(np, "nan" + plain)(x)), int(np.isnan(x).argmax())
        wrong = [
            Wrong("nan-always-spreads", str(first))
            if is_nan_aware
            else Wrong("reductions-skip-nan", str(kept)),
            Wrong("gaps-are-removed-first", str(int(getattr(np, plain)(rest)))),
            Wrong("positions-count-from-one", str((kept if is_nan_aware else first) + 1)),
        ]
        return str(kept if is_nan_aware else first), wrong
    kept_value = _float(getattr(np, plain)(rest))
    zero_value = _float(round(float(getattr(np, plain)(zeros)), 3))
    if name == plain:
        wrong = [Wrong("reductions-skip-nan", kept_value), Wrong("nan-becomes-zero", zero_value)]
        return "np.nan", wrong
    belief = "nanmean-divides-by-all" if plain == "mean" else "nan-becomes-zero"
    wrong = [Wrong("nan-always-spreads", "np.nan"), Wrong(belief, zero_value)]
    is_short = plain != "mean" or float(rest.mean()).is_integer()
    return kept_value, wrong if is_short else []


nan_reductions = Family(
    id="nan-in-reductions",
    topic="floats",
    level=2,
    kind="predict",
    title="What a reduction, a sort or `unique` makes of NaN",
    make=_nan,
    beliefs=tuple(_NAN),
)

# --- infinities -----------------------------------------------------------------------------

_INF = {
    "dividing-by-zero-raises": "Arrays of floats give inf or NaN with a warning, no exception.",
    "dividing-by-zero-gives-nan": "A nonzero number by 0 is infinite; only 0 by 0 is NaN.",
    "zero-by-zero-is-infinite": "0 by 0 has no value, not even an infinite one: it is NaN.",
    "infinity-has-no-sign": "Infinity has a sign: inf and -inf are two values.",
    "infinity-minus-itself-is-zero": "inf minus inf has no value: it is NaN.",
    "infinity-times-zero-is-zero": "inf times 0 has no value: it is NaN.",
    "infinities-cancel": "inf by inf has no value: it is NaN, not 1.",
    "one-over-infinity-is-nan": "A finite number by inf is 0.",
}


def _inf(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        sign = one_of(rng, ("/", "/", "*", "-")) if level > 1 else "/"
        extra = {1: [0.0], 2: [0.0, np.inf], 3: [0.0, np.inf, -np.inf]}[level]
        pool = np.array([*extra, *extra, *rng.permutation(range(1, 9))[:2], -2.0, -5.0])
        a, b = rng.permutation(pool)[:3], rng.permutation(pool)[:3]
        if level == 1:
            b = np.where(rng.permutation(3) > 0, 0.0, b)
        a, b = a + 0.0, b + 0.0
        with np.errstate(all="ignore"):
            result = {"/": np.divide, "*": np.multiply, "-": np.subtract}[sign](a, b) + 0.0
        wrong = options(_floats(result), _inf_models(a, b, sign, result), _INF)
        is_special = not np.isfinite(result).all() and len(set(map(str, result))) > 1
        if len(wrong) >= _ENOUGH and is_special:
            break
    return Item(
        topic="floats",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What are the values of `a {sign} b`?",
        code=f"a = {_floats(a)}\nb = {_floats(b)}\nr = a {sign} b",
        answer="r + 0.0",
        wrong=wrong,
        hint="Element by element: is there a limit, with a sign, or is it undetermined?",
        rule="A nonzero number by 0 is inf with a sign; 0 / 0, inf - inf, inf * 0 and inf / inf "
        "are NaN. No exception is raised.",
        why=_inf_told(a, b, sign, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.errstate.html",
        follow_up=(
            FollowUp(
                "How do you turn the warnings into exceptions?",
                'With `np.errstate(divide="raise", invalid="raise")` around the code.',
            ),
            FollowUp(
                "What do integers give when divided by 0 with `//`?",
                "0, with a RuntimeWarning: an integer dtype has no inf and no NaN.",
            ),
        ),
    )


def _inf_models(
    a: "np.ndarray", b: "np.ndarray", sign: str, result: "np.ndarray"
) -> Iterator[Wrong]:
    """What each misconception makes of the operation."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    lost = np.isnan(result)
    if sign == "-":
        yield Wrong("infinity-minus-itself-is-zero", _floats(np.where(lost, 0.0, result)))
    if sign == "*":
        yield Wrong("infinity-times-zero-is-zero", _floats(np.where(lost, 0.0, result)))
    if sign == "/":
        nil = b == 0
        both = np.isinf(a) & np.isinf(b)
        yield Wrong("dividing-by-zero-gives-nan", _floats(np.where(nil, np.nan, result)))
        yield Wrong("zero-by-zero-is-infinite", _floats(np.where(lost & nil, np.inf, result)))
        yield Wrong("infinities-cancel", _floats(np.where(both, np.sign(a) * np.sign(b), result)))
        over = np.isinf(b) & np.isfinite(a)
        yield Wrong("one-over-infinity-is-nan", _floats(np.where(over, np.nan, result)))
    yield Wrong("infinity-has-no-sign", _floats(np.where(np.isinf(result), abs(result), result)))
    if sign == "/" and (b == 0).any():
        yield Wrong("dividing-by-zero-raises", raises="ZeroDivisionError")


def _inf_told(a: "np.ndarray", b: "np.ndarray", sign: str, result: "np.ndarray") -> str:
    lines = "\n".join(
        f"- `{x:g} {sign} {y:g}` is {z:g}" for x, y, z in zip(a, b, result, strict=True)
    )
    return (
        f"Element by element:\n\n{lines}\n\n"
        "Floats follow IEEE 754. Where the result grows beyond all bounds it is inf, with the "
        "sign that the operands give. Where there is no value that one could name, it is NaN: "
        "0 / 0, inf / inf, inf * 0, and inf - inf. A finite number divided by inf is 0.\n\n"
        "Python's own floats raise ZeroDivisionError instead. NumPy goes on with the other "
        "elements and gives a RuntimeWarning where it divides by zero or finds an invalid "
        "operation; `np.errstate` silences it, or makes an exception of it. Find the places with "
        "`np.isfinite(r)`."
    )


infinities = Family(
    id="infinite-results",
    topic="floats",
    level=2,
    kind="predict",
    title="Arithmetic with zero and infinity",
    make=_inf,
    beliefs=tuple(_INF),
)
