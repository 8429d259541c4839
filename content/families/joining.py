"""Families about joining arrays."""

from typing import TYPE_CHECKING

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Shape,
    Wrong,
    enough,
    is_chosen,
    one_of,
    options,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_JOIN = {
    "stack-joins-along-an-axis": "`stack` makes a new axis; `concatenate` joins along an old one.",
    "concatenate-makes-an-axis": "`concatenate` joins along an axis there is; `stack` makes one.",
    "vstack-joins-vectors-end-to-end": "`vstack` first makes a row of each vector.",
    "hstack-makes-columns": "`hstack` joins vectors end to end; `column_stack` makes columns.",
    "column-stack-makes-rows": "`column_stack` makes a column of each vector; `vstack` makes rows.",
    "other-axes-may-differ": "All axes but the joined one must have equal sizes.",
    "any-shapes-stack": "`stack` takes arrays of one shape only: there is no axis to be longer.",
    "the-new-axis-must-be-there": "`stack` makes the axis that it is given, the last one too.",
    "the-new-axis-comes-first": "The new axis stands at the place that `axis` names.",
    "the-new-axis-comes-last": "The new axis stands at the place that `axis` names, by default 0.",
    "joining-needs-equal-shapes": "Along the joined axis the sizes may differ.",
    "stacking-needs-two-axes": "Vectors are taken too: each becomes a row, or a column.",
    "the-other-axis-is-joined": "Axis 0 counts the rows, so joining along it makes more of them.",
}


def _join(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    for _ in range(TRIES):
        call, shapes, beliefs = _drawn_join(rng, level, fails=fails)
        result = _joined(call, shapes)
        key = "ValueError" if result is None else str(result)
        wrong = options(key, [Wrong(*one) for one in beliefs], _JOIN)
        if (result is None) is fails and enough(wrong):
            break
    names = ("a", "b")
    code = [f"{name} = np.ones({shape})" for name, shape in zip(names, shapes, strict=True)]
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `c`, or does it raise an error?",
        code="\n".join([*code, f"c = np.{call}"]),
        answer="c.shape",
        picture=("a", "b", "c"),
        raises="ValueError" if result is None else None,
        wrong=wrong,
        hint="Does the function make a new axis, or does it lengthen one that is there?",
        rule="`concatenate` lengthens an axis and all others must agree; `stack` puts arrays of "
        "one shape along a new axis.",
        why=_join_told(call, shapes, result),
        docs="https://numpy.org/doc/stable/reference/routines.array-manipulation.html",
        covers=(15, 38),
        follow_up=(
            FollowUp(
                "What does `np.append(a, b)` do without an axis?",
                "It flattens both arrays and joins them, and copies everything each time.",
            ),
            FollowUp(
                "How do you join many arrays in a loop?",
                "Collect them in a list and call `np.concatenate` once at the end.",
            ),
        ),
    )


def _drawn_join(
    rng: "np.random.Generator", level: int, *, fails: bool
) -> tuple[str, list[Shape], list[tuple[str, str, str]]]:
    """A call, its two shapes, and what each misconception answers: belief, value, error."""
    m, n, k, p = sizes(rng, 4, 2, 7)
    way = one_of(rng, ("concatenate", "vectors", "stack")[: level + 1 if level < 3 else 3])  # noqa: PLR2004  # the last level
    if way == "vectors":
        call = one_of(rng, ("vstack", "hstack", "column_stack"))
        other = m if not fails else n
        return f"{call}([a, b])", [(m,), (other,)], _vector_beliefs(call, m, other)
    if way == "stack":
        axis = int(rng.integers(0, 3)) if level > 1 else 0
        second = (m, n) if not fails else (m, k)
        longer = (2 * m, n) if axis == 0 else (m, 2 * n)
        found = [("stack-joins-along-an-axis", str(longer), "")]
        if fails:
            found += [
                ("any-shapes-stack", str(_inserted((m, max(n, k)), axis)), ""),
                ("other-axes-may-differ", str((2 * m, max(n, k))), ""),
            ]
        else:
            found += [
                ("the-new-axis-must-be-there", "", "ValueError"),
                ("the-new-axis-comes-first", str((2, m, n)), ""),
                ("the-new-axis-comes-last", str((m, n, 2)), ""),
            ]
        return f"stack([a, b], axis={axis})", [(m, n), second], found
    axis = int(rng.integers(0, 2))
    one, two = ((m, n), (k, n)) if axis == 0 else ((m, n), (m, k))
    if fails:
        two = (k, p)
    found = [
        ("concatenate-makes-an-axis", str((2, *one)), ""),
        ("joining-needs-equal-shapes", "", "ValueError"),
        ("other-axes-may-differ", str((one[0] + two[0], one[1] + two[1])), ""),
        ("the-other-axis-is-joined", str(_sum(one, two, 1 - axis)), ""),
    ]
    return f"concatenate([a, b], axis={axis})", [one, two], found


def _vector_beliefs(call: str, m: int, n: int) -> list[tuple[str, str, str]]:
    rows, long, columns = (2, max(m, n)), (m + n,), (max(m, n), 2)
    if call == "vstack":
        return [
            ("vstack-joins-vectors-end-to-end", str(long), ""),
            ("stacking-needs-two-axes", "", "ValueError"),
            ("column-stack-makes-rows", str(columns), ""),
            ("other-axes-may-differ", str(rows), ""),
        ]
    if call == "hstack":
        return [
            ("hstack-makes-columns", str(columns), ""),
            ("the-other-axis-is-joined", str(rows), ""),
            ("joining-needs-equal-shapes", "", "ValueError"),
        ]
    return [
        ("column-stack-makes-rows", str(rows), ""),
        ("stacking-needs-two-axes", "", "ValueError"),
        ("vstack-joins-vectors-end-to-end", str(long), ""),
        ("other-axes-may-differ", str(columns), ""),
    ]


def _inserted(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], 2, *shape[axis:])


def _sum(one: Shape, two: Shape, axis: int) -> Shape:
    return tuple(
        size + other if place == axis else max(size, other)
        for place, (size, other) in enumerate(zip(one, two, strict=True))
    )


def _joined(call: str, shapes: list[Shape]) -> Shape | None:
    """The shape that NumPy gives; None where it raises."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name, _, rest = call.partition("(")
    axis = {"axis": int(rest[-2])} if "axis" in rest else {}
    try:
        result: Shape = getattr(np, name)([np.empty(shape, bool) for shape in shapes], **axis).shape
    except ValueError:
        return None
    return result


def _join_told(call: str, shapes: list[Shape], result: Shape | None) -> str:
    name = call.partition("(")[0]
    ways = {
        "concatenate": "`concatenate` lengthens the axis that it is given. Along it the sizes add "
        "up; all others must be equal, as nothing is padded.",
        "stack": "`stack` puts whole arrays side by side along a new axis, of size 2 here, at the "
        "place that `axis` names. So all of them must have the very same shape.",
        "vstack": "`vstack` makes a row, of shape `(1, n)`, of each vector, and joins the rows "
        "along axis 0. So the vectors must be equally long.",
        "hstack": "`hstack` joins vectors along their only axis, end to end; arrays with more axes "
        "it joins along axis 1.",
        "column_stack": "`column_stack` makes a column, of shape `(n, 1)`, of each vector, and "
        "joins the columns along axis 1. So the vectors must be equally long.",
    }
    one, two = shapes
    told = f"The shape is `{result}`." if result else "It raises `ValueError`."
    return (
        f"{told} The shapes are `{one}` and `{two}`. {ways[name]}\n\n"
        "Two questions settle it each time. Is there a new axis afterwards? `stack` makes one, and "
        "`vstack` and `column_stack` make one for vectors. And which axis gets longer? All the "
        "others have to agree, and NumPy neither pads nor broadcasts when it joins.\n\n"
        "Each of these functions copies all elements into a new array. In a loop collect the parts "
        "in a list and join them once."
    )


join_shape = Family(
    id="join-shape",
    topic="shapes",
    level=2,
    kind="predict",
    title="The shape after joining or stacking, or an error",
    make=_join,
    beliefs=tuple(_JOIN),
    covers=(15, 38),
    may_fail=True,
)
