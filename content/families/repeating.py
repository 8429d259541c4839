"""Families about repeating what an array holds."""

from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REPEAT = {
    "tile-repeats-each-element": "`tile` repeats the whole array; `repeat` repeats each element.",
    "repeat-repeats-the-array": "`repeat` repeats each element; `tile` repeats the whole array.",
    "repeat-keeps-the-axes": "Without `axis`, `repeat` works on the flattened array.",
    "tile-flattens": "`tile` keeps the axes and lays whole copies side by side.",
    "the-other-axis-is-repeated": "`axis=0` repeats rows, `axis=1` repeats within each row.",
    "one-count-serves-all": "A list of counts has one for each element.",
}


def _repeat(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        flat = [int(value) for value in rng.permutation(range(1, 10))[: 4 if level > 1 else 3]]
        a = np.array(flat if level == 1 else [flat[:2], flat[2:]])
        call, wrong_models = _drawn_repeat(rng, level, a)
        result = eval_call(call, a)
        wrong = options(listed(result), wrong_models, _REPEAT)
        if enough(wrong) and result.size <= 16:  # noqa: PLR2004  # a phone's width
            break
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `b`?",
        code=f"a = np.array({a.tolist()})\nb = np.{call}",
        answer="b",
        wrong=wrong,
        hint="What is repeated: each element, each row, or the array as a whole?",
        rule="`np.repeat` repeats each element and flattens unless `axis` is given; `np.tile` lays "
        "whole copies of the array side by side.",
        why=_repeat_told(call, result.tolist()),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.repeat.html",
        covers=(47,),
        follow_up=(
            FollowUp(
                "How do you make a checkerboard of 8 × 8?",
                "`np.tile([[0, 1], [1, 0]], (4, 4))`.",
            ),
            FollowUp(
                "When do you need neither of them?",
                "In arithmetic: broadcasting repeats without copying anything.",
            ),
        ),
    )


def eval_call(call: str, a: "np.ndarray") -> "np.ndarray":
    """What `np.tile` or `np.repeat` makes of an array, by the call as it is written."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name, _, arguments = call.rstrip(")").partition("(a, ")
    counts, _, axis = arguments.partition(", axis=")
    numbers = [int(part) for part in counts.strip("([])").split(",") if part.strip()]
    times = numbers[0] if counts[:1] not in "([" else numbers
    if name == "tile":
        return np.tile(a, times)
    return np.repeat(a, times, axis=int(axis) if axis else None)


def _drawn_repeat(
    rng: "np.random.Generator", level: int, a: "np.ndarray"
) -> tuple[str, list[Wrong]]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    times = int(rng.integers(2, 4))
    way = one_of(rng, ("tile", "repeat") if level == 1 else ("tile", "repeat", "axis", "counts"))
    if way == "tile" and level > 1:
        rows, columns = (1, 2) if is_chosen(rng, 0.5) else (2, 1)
        return f"tile(a, ({rows}, {columns}))", [
            Wrong("tile-repeats-each-element", listed(a.repeat(rows, 0).repeat(columns, 1))),
            Wrong("the-other-axis-is-repeated", listed(np.tile(a, (columns, rows)))),
            Wrong("tile-flattens", listed(np.tile(a.ravel(), rows * columns))),
        ]
    if way == "tile":
        return f"tile(a, {times})", [
            Wrong("tile-repeats-each-element", listed(np.repeat(a, times))),
            Wrong("the-other-axis-is-repeated", listed(np.tile(a, (times, 1)))),
        ]
    if way == "repeat":
        return f"repeat(a, {times})", [
            Wrong("repeat-repeats-the-array", listed(np.tile(a.ravel(), times))),
            Wrong("repeat-keeps-the-axes", listed(np.repeat(np.atleast_2d(a), times, axis=-1))),
            Wrong("the-other-axis-is-repeated", listed(np.repeat(np.atleast_2d(a), times, axis=0))),
        ]
    axis = int(rng.integers(0, 2))
    if way == "axis":
        return f"repeat(a, {times}, axis={axis})", [
            Wrong("the-other-axis-is-repeated", listed(np.repeat(a, times, axis=1 - axis))),
            Wrong("repeat-repeats-the-array", listed(np.concatenate([a] * times, axis=axis))),
            Wrong("repeat-keeps-the-axes", listed(np.repeat(a, times))),
        ]
    counts = [1, int(rng.integers(2, 4))]
    return f"repeat(a, {counts}, axis={axis})", [
        Wrong("one-count-serves-all", listed(np.repeat(a, counts[1], axis=axis))),
        Wrong("the-other-axis-is-repeated", listed(np.repeat(a, counts, axis=1 - axis))),
        Wrong("repeat-repeats-the-array", listed(np.concatenate([a, a], axis=axis))),
    ]


def _repeat_told(call: str, result: list[object]) -> str:
    return (
        f"`np.{call}` gives `{result}`.\n\n"
        "`np.repeat` takes the elements, or along an `axis` the rows or columns, one after the "
        "other and writes each of them several times before it goes on. Without `axis` it flattens "
        "the array first. A list of counts says for each one how often.\n\n"
        "`np.tile` takes the array as one tile and lays copies of it next to each other: a number "
        "along the last axis, a tuple along all axes, the first number counting tiles downwards.\n"
        "\nBoth copy. To combine a vector with each row of a table nothing has to be repeated: "
        "broadcasting stretches it without a copy, and `np.broadcast_to` shows how."
    )


tile_repeat = Family(
    id="tile-or-repeat",
    topic="shapes",
    level=2,
    kind="predict",
    title="What tile and repeat make of an array",
    make=_repeat,
    beliefs=tuple(_REPEAT),
    covers=(47,),
)
