"""Families about values along an axis, and running results."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- values along an axis -------------------------------------------------------------------

_AXIS = {
    "axis-names-what-stays": "`axis` names the axis that goes away: axis 0 runs down the rows.",
    "a-reduction-gives-one-number": "With `axis` only that axis is reduced.",
    "cumulative-means-the-total": "`cumsum` keeps every step of the sum, not the last one alone.",
    "the-total-is-cumulative": "`sum` gives the total alone; `cumsum` keeps every step.",
    "argmax-gives-the-value": "`argmax` gives where the largest element stands, not its value.",
}


def _axis_value(rng: "np.random.Generator", level: int) -> Item:

    for _ in range(TRIES):
        a = rng.permutation(range(1, 13))[:6].reshape(2, 3)
        name = one_of(rng, ("sum", "max", "cumsum", "argmax")[: level + 1])
        axis = int(rng.integers(0, 2))
        result = getattr(a, name)(axis=axis)
        wrong = options(listed(result), _axis_models(a, name, axis), _AXIS)
        if enough(wrong) and len(set(result.ravel().tolist())) > 1:
            break
    written = str(axis) if level < 3 or axis == 0 else "-1"  # noqa: PLR2004  # the last level
    return Item(
        topic="reductions",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = a.{name}(axis={written})",
        answer="r",
        picture=("a", "r"),
        drawing="axis 0" if axis == 0 else "axis 1",
        wrong=wrong,
        hint="Along which direction are elements taken together, and what is left of it?",
        rule="`axis` is the direction along which elements are taken together: 0 runs down the "
        "rows, 1 runs along each row.",
        why=_axis_told(a, name, axis, result),
        docs="https://numpy.org/doc/stable/reference/routines.statistics.html",
        covers=(14, 28),
        follow_up=(
            FollowUp(
                "Which `axis` gives one number for each row?",
                "1, or -1: the columns are taken together, and the rows are left.",
            ),
            FollowUp(
                "How does pandas say it?",
                "In the same way: `df.sum(axis=0)` is one number for each column.",
            ),
        ),
    )


def _axis_models(a: "np.ndarray", name: str, axis: int) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    yield Wrong("axis-names-what-stays", listed(getattr(a, name)(axis=1 - axis)))
    if name == "cumsum":
        yield Wrong("cumulative-means-the-total", listed(a.sum(axis=axis)))
    elif name == "sum":
        yield Wrong("the-total-is-cumulative", listed(a.cumsum(axis=axis)))
    elif name == "argmax":
        yield Wrong("argmax-gives-the-value", listed(a.max(axis=axis)))
    whole = getattr(a, name)()
    if name != "cumsum":
        yield Wrong("a-reduction-gives-one-number", listed(np.asarray(whole)))


def _axis_told(a: "np.ndarray", name: str, axis: int, result: "np.ndarray") -> str:
    groups = a.T.tolist() if axis == 0 else a.tolist()
    what = "column" if axis == 0 else "row"
    each = ", ".join(f"`{group}`" for group in groups)
    kept = (
        "`cumsum` keeps every step of the sum, so the shape stays as it is"
        if name == "cumsum"
        else f"one value is left of each {what}"
    )
    return (
        f"`r` is `{result.tolist()}`. With `axis={axis}` each {what} is taken together: {each}; "
        f"{kept}.\n\n"
        "Read `axis` as the axis that the operation walks along. Axis 0 counts the rows, so "
        "walking along it goes down a column. Those who read it as “for each row” get the other "
        "direction, which goes unnoticed whenever the table is square.\n\n"
        "A check that costs nothing is the shape: after a reduction along `axis` its size is "
        "missing from the shape. Add `keepdims=True` when the result has to broadcast against the "
        "array, as in `a / a.sum(axis=1, keepdims=True)`."
    )


axis_value = Family(
    id="axis-values",
    topic="reductions",
    level=1,
    kind="predict",
    title="Sums, maxima and running sums along an axis",
    make=_axis_value,
    beliefs=tuple(_AXIS),
    covers=(14, 28),
)

# --- running sums and differences -----------------------------------------------------------

_RUNNING = {
    "diff-keeps-the-length": "A difference needs two neighbours, so each `diff` is one shorter.",
    "diff-is-earlier-minus-later": "`diff` takes each element from the one after it.",
    "n-is-the-distance": "`n=2` takes differences of differences, not of elements two apart.",
    "cumulative-means-the-total": "Every step of the running result is kept.",
    "cumprod-adds": "`cumprod` multiplies; `cumsum` adds.",
    "cumsum-multiplies": "`cumsum` adds; `cumprod` multiplies.",
    "cumsum-starts-from-zero": "The first element of `cumsum` is the first element of the array.",
}


def _running(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ways = ("np.cumsum(a)", "np.diff(a)", "np.cumprod(a)", "np.diff(a, n=2)")
    for _ in range(TRIES):
        written = one_of(rng, ways[: level + 1])
        high = 5 if "prod" in written else 20
        a = rng.integers(1, high, 4 if "n=2" not in written else 5)
        result = {
            "np.cumsum(a)": np.cumsum(a),
            "np.diff(a)": np.diff(a),
            "np.cumprod(a)": np.cumprod(a),
            "np.diff(a, n=2)": np.diff(a, n=2),
        }[written]
        wrong = options(listed(result), _running_models(written, a), _RUNNING)
        if enough(wrong) and len(set(result.tolist())) > 1:
            break
    return Item(
        topic="reductions",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = {written}",
        answer="r",
        picture=("a", "r"),
        drawing="axis 1",
        wrong=wrong,
        hint="How many elements has the result, and what is the first of them made of?",
        rule="`cumsum` and `cumprod` keep every step and the length; `diff` takes each element "
        "from the next one and is one shorter.",
        why=_running_told(written, a, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.diff.html",
        covers=(28,),
        follow_up=(
            FollowUp(
                "How do you undo `np.diff`?",
                "`np.concatenate([[a[0]], np.diff(a)]).cumsum()`: the first element was lost.",
            ),
            FollowUp(
                "How do you get a moving sum of three from `cumsum`?",
                "Take differences of the running sum that lie three places apart.",
            ),
        ),
    )


def _running_models(written: str, a: "np.ndarray") -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if written.startswith("np.cum"):
        added = "sum" in written
        own, other = (np.cumsum, np.cumprod) if added else (np.cumprod, np.cumsum)
        yield Wrong("cumsum-multiplies" if added else "cumprod-adds", listed(other(a)))
        yield Wrong("cumulative-means-the-total", listed(own(a)[-1:]))
        if added:
            yield Wrong("cumsum-starts-from-zero", listed(np.cumsum(a) - a))
        return
    order = 2 if "n=2" in written else 1
    yield Wrong(
        "diff-is-earlier-minus-later", listed(-np.diff(a) if order == 1 else -np.diff(a, 2))
    )
    if order == 2:  # noqa: PLR2004  # differences of differences
        yield Wrong("n-is-the-distance", listed(a[2:] - a[:-2]))
    padded = np.concatenate([[0] * order, np.diff(a, order)])
    yield Wrong("diff-keeps-the-length", listed(padded))


def _running_told(written: str, a: "np.ndarray", result: "np.ndarray") -> str:
    first = [int(value) for value in a[:3]]
    told = {
        "np.cumsum(a)": f"It begins with {first[0]}, then {first[0]} + {first[1]}, then that plus "
        f"{first[2]}, and ends with the sum of all.",
        "np.cumprod(a)": f"It begins with {first[0]}, then {first[0]} · {first[1]}, then that "
        f"times {first[2]}, and ends with the product of all.",
        "np.diff(a)": f"It begins with {first[1]} - {first[0]}, then {first[2]} - {first[1]}.",
        "np.diff(a, n=2)": f"The differences are `{[int(d) for d in a[1:] - a[:-1]]}`, and the "
        "result holds the differences of these.",
    }[written]
    return (
        f"`r` is `{result.tolist()}`. {told}\n\n"
        "`cumsum` and `cumprod` keep every intermediate result, so they are as long as the array "
        "and end with its sum or product. `diff` compares neighbours: the later element minus the "
        "earlier one. Between n elements there are n - 1 gaps, so the result is one shorter, and "
        "one more for every further difference that `n` asks for.\n\n"
        "The two undo each other but for the first element, which no difference remembers. With "
        "`prepend=` and `append=` values `diff` keeps the length."
    )


running = Family(
    id="running-results",
    topic="reductions",
    level=1,
    kind="predict",
    title="Running sums and products, and differences",
    make=_running,
    beliefs=tuple(_RUNNING),
    covers=(28,),
)
