"""Families about spread and percentiles."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- variance -------------------------------------------------------------------------------

_SPREAD = {
    "the-default-is-ddof-one": "NumPy divides by n unless `ddof=1` is given; pandas by n - 1.",
    "ddof-is-ignored": "`ddof=1` divides by n - 1 instead of n.",
    "std-is-the-variance": "`std` is the square root of the variance.",
    "var-is-the-deviation": "`var` is the mean square; `std` is its square root.",
    "ddof-is-added": "`ddof` is subtracted from n, not added to it.",
    "deviations-are-absolute": "The deviations are squared, not taken by their size.",
}


def _spread(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(10 * TRIES):  # few variances are short
        a = np.sort(rng.integers(0, 13, 4 if level == 1 else 5))
        name = "var" if level == 1 else one_of(rng, ("var", "std"))
        ddof = 0 if level == 1 else int(rng.integers(0, 2))
        count, total = len(a), sum(a.tolist())
        squares = sum(n * n for n in a.tolist()) - total**2 / count
        result = _spread_of(squares, count, ddof, name)
        exact = [result, _spread_of(squares, count, 1 - ddof, "var"), total / count]
        is_short = all(abs(value * 4 - round(value * 4)) < 1e-9 for value in exact)  # noqa: PLR2004  # a quarter
        models = _spread_models(a, squares, name, ddof) if is_short else ()
        wrong = options(_number(result), models, _SPREAD)
        if enough(wrong) and len(set(a.tolist())) > 2:  # noqa: PLR2004  # not two values in turn
            break
    argument = f"ddof={ddof}" if ddof else ""
    return Item(
        topic="reductions",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = a.{name}({argument})",
        answer="r",
        wrong=wrong,
        hint="Take the mean, square what each element differs by, add up. By what is it divided?",
        rule="`var` divides the sum of squared deviations by `n - ddof`, and `ddof` is 0 by "
        "default; `std` is its square root.",
        why=_spread_told(a, squares, name, ddof, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.var.html",
        covers=(21, 26),
        follow_up=(
            FollowUp(
                "When do you want `ddof=1`?",
                "When the data are a sample, and the spread of what it came from is meant.",
            ),
            FollowUp(
                "What does `df['x'].std()` of pandas divide by?",
                "By n - 1: its default is `ddof=1`, so it differs from `np.std` of the same.",
            ),
        ),
    )


def _spread_of(squares: float, count: int, ddof: int, name: str) -> float:
    variance = squares / (count - ddof)
    return variance if name == "var" else variance**0.5


def _number(value: float) -> str:
    return repr(float(value))


def _spread_models(a: "np.ndarray", squares: float, name: str, ddof: int) -> Iterator[Wrong]:
    count = len(a)
    other = _spread_of(squares, count, 1 - ddof, name)
    yield Wrong("ddof-is-ignored" if ddof else "the-default-is-ddof-one", _rounded(other))
    swapped = _spread_of(squares, count, ddof, "std" if name == "var" else "var")
    belief = "var-is-the-deviation" if name == "var" else "std-is-the-variance"
    yield Wrong(belief, _rounded(swapped))
    if ddof:
        yield Wrong("ddof-is-added", _rounded(_spread_of(squares, count, -1, name)))
    yield Wrong("deviations-are-absolute", _rounded(float(abs(a - a.mean()).mean())))


def _rounded(value: float) -> str:
    return repr(round(value, 3))


def _spread_told(a: "np.ndarray", squares: float, name: str, ddof: int, result: float) -> str:
    count = len(a)
    root = f", and `std` is the square root of {squares / (count - ddof):g}" * (name == "std")
    return (
        f"`r` is {result:g}. The mean is {a.mean():g}, the squared deviations add up to "
        f"{squares:g}, and they are divided by {count - ddof}, which is n{' - 1' * ddof}{root}.\n\n"
        "`ddof` stands for “delta degrees of freedom”. With `ddof=0` the result describes these "
        "very numbers. With `ddof=1` it estimates the spread of what they were drawn from: the "
        "mean was taken from the same numbers, which makes the deviations a little too small, and "
        "dividing by n - 1 makes up for it in the variance.\n\n"
        "NumPy's default is 0, that of pandas and R is 1. In small samples the difference is "
        "large, so say which one you mean."
    )


variance = Family(
    id="variance-ddof",
    topic="reductions",
    level=2,
    kind="predict",
    title="Variance and standard deviation, with and without ddof",
    make=_spread,
    beliefs=tuple(_SPREAD),
    covers=(21, 26),
)

# --- percentiles ----------------------------------------------------------------------------

_PERCENTILE = {
    "the-nearest-rank-is-taken": "Between two elements NumPy interpolates by default.",
    "a-percentile-is-a-position": "The result is a value between elements, not a position.",
    "a-percentile-is-a-share-of-the-range": "The share is one of elements, not of the range.",
    "positions-count-from-one": "The smallest element is the 0th percentile, at position 0.",
}


def _percentile(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        count = 5 if level < 3 else int(rng.integers(4, 7))  # noqa: PLR2004  # the last level
        a = rng.permutation(range(1, 25))[:count] * 2
        q = int(one_of(rng, ("25", "50", "75") if level == 1 else ("10", "20", "30", "40", "90")))
        place = (count - 1) * q / 100
        result = float(np.percentile(a, q))
        wrong = options(_number(result), _percentile_models(a, q, place), _PERCENTILE)
        between = place != int(place)
        is_short = abs(result * 20 - round(result * 20)) < 1e-9  # noqa: PLR2004  # twentieths
        if enough(wrong) and is_short and (between or level == 1):
            break
    return Item(
        topic="reductions",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = np.percentile(a, {q})",
        answer="r",
        wrong=wrong,
        hint="Sort. The smallest is at 0 %, the largest at 100 %: where does the share fall?",
        rule="The q-th percentile lies at position `(n - 1) * q / 100` of the sorted elements, and "
        "between two of them it is interpolated.",
        why=_percentile_told(a, q, place, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.percentile.html",
        covers=(25,),
        follow_up=(
            FollowUp(
                "How do you get an element of the array in any case?",
                "With `method='lower'`, `'higher'` or `'nearest'`.",
            ),
            FollowUp(
                "What is the difference from `np.quantile`?",
                "The scale alone: `np.quantile` takes 0.25 where `np.percentile` takes 25.",
            ),
        ),
    )


def _percentile_models(a: "np.ndarray", q: int, place: float) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    nearest = ordered[min(int(np.ceil(len(a) * q / 100)) - 1, len(a) - 1)]
    yield Wrong("the-nearest-rank-is-taken", _number(nearest))
    span = ordered[0] + (ordered[-1] - ordered[0]) * q / 100
    yield Wrong("a-percentile-is-a-share-of-the-range", _rounded(float(span)))
    yield Wrong("a-percentile-is-a-position", _rounded(place))
    shifted = max(place - 1, 0.0)
    low = int(shifted)
    high = min(low + 1, len(a) - 1)
    value = ordered[low] + (ordered[high] - ordered[low]) * (shifted - low)
    yield Wrong("positions-count-from-one", _rounded(float(value)))


def _percentile_told(a: "np.ndarray", q: int, place: float, result: float) -> str:
    ordered = sorted(a.tolist())
    low = int(place)
    told = f"which is where {ordered[low]} stands"
    if place != low:
        share = round(place - low, 2)
        told = (
            f"which lies {share:g} of the way from {ordered[low]} to {ordered[low + 1]}: "
            f"{ordered[low]} + {share:g} · {ordered[low + 1] - ordered[low]} = {result:g}"
        )
    return (
        f"`r` is {result:g}. Sorted, the elements are `{ordered}`. With {len(ordered)} of them the "
        f"position is ({len(ordered)} - 1) · {q} / 100 = {place:g}, {told}.\n\n"
        "The smallest element is the 0th percentile and the largest the 100th; the others are "
        "spread evenly between them. Where the position falls between two elements, NumPy draws a "
        "straight line, which is `method='linear'`, the default. Statistics knows nine such "
        "methods, and other programs choose others, so small samples may differ between tools.\n\n"
        "The median is the 50th percentile; with an even number of elements it is the mean of the "
        "two in the middle."
    )


percentile = Family(
    id="percentile-value",
    topic="reductions",
    level=2,
    kind="predict",
    title="A percentile of a few numbers",
    make=_percentile,
    beliefs=tuple(_PERCENTILE),
    covers=(25,),
)
