"""A family about bringing one number to each row, column or batch entry."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import Shape, is_chosen, lined_up, one_of, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "left-aligned-shapes": "Shapes are lined up from the right: this brings the numbers of `v` "
    "to the wrong axis.",
    "a-new-axis-comes-first": "NumPy adds missing axes in front by itself: this axis changes "
    "nothing.",
    "a-new-axis-goes-last": "The new axis has to stand where `v` has none; that is another place.",
    "transpose-makes-a-column": "With one axis there is nothing to reverse: `v.T` has the shape "
    "of `v`.",
    "transposing-back-is-not-needed": "The numbers meet the right axis, and the result lies on its "
    "side.",
    "the-column-gives-the-columns": "A column runs down the rows: it has one number for each row.",
    "one-new-axis-is-enough": "Every axis that `v` lacks behind its own needs a new one.",
    "atleast-2d-makes-a-column": "`np.atleast_2d` adds the axis in front, which makes a row.",
}


class _Case(msgspec.Struct, frozen=True):
    """What `v` has one number for; how it is written rightly and wrongly, `{}` for the sign."""

    what: str
    axes: tuple[int, ...]
    """The axes of `a` that `v` has too."""
    want: str
    """The right result, by a loop."""
    right: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]


_EACH_ROW = "np.array([row {} number for row, number in zip(a, v)])"
_ROWS = _Case(
    "row of `a`",
    (0,),
    _EACH_ROW,
    ("a {} v[:, None]", "a {} v.reshape(-1, 1)", "a {} np.expand_dims(v, 1)", "(a.T {} v).T"),
    (
        ("a {} v", "left-aligned-shapes"),
        ("a {} v[None, :]", "a-new-axis-comes-first"),
        ("a {} v.T", "transpose-makes-a-column"),
        ("a.T {} v", "transposing-back-is-not-needed"),
        ("a {} np.atleast_2d(v)", "atleast-2d-makes-a-column"),
    ),
)
_COLUMNS = _Case(
    "column of `a`",
    (1,),
    "np.array([[one {} number for one, number in zip(row, v)] for row in a])",
    ("a {} v", "a {} v[None, :]", "a {} v.reshape(1, -1)"),
    (
        ("a {} v[:, None]", "the-column-gives-the-columns"),
        ("(a.T {} v).T", "left-aligned-shapes"),
        ("a.T {} v[:, None]", "transposing-back-is-not-needed"),
    ),
)
_ROWS_OF_BATCH = _Case(
    "row of every `a[i]`",
    (0, 1),
    "np.array([[row {} number for row, number in zip(one, w)] for one, w in zip(a, v)])",
    ("a {} v[:, :, None]", "a {} v[..., None]", "a {} np.expand_dims(v, 2)"),
    (
        ("a {} v", "left-aligned-shapes"),
        ("a {} v[:, None]", "a-new-axis-goes-last"),
        ("a {} v[None]", "a-new-axis-comes-first"),
    ),
)
_COLUMNS_OF_BATCH = _Case(
    "column of every `a[i]`",
    (0, 2),
    "np.array([one {} w for one, w in zip(a, v)])",
    ("a {} v[:, None]", "a {} v[:, None, :]", "a {} np.expand_dims(v, 1)"),
    (
        ("a {} v", "left-aligned-shapes"),
        ("a {} v[..., None]", "a-new-axis-goes-last"),
        ("a {} v[None]", "a-new-axis-comes-first"),
    ),
)
_ENTRIES = _Case(
    "`a[i]`",
    (0,),
    _EACH_ROW,
    ("a {} v[:, None, None]", "a {} v.reshape(-1, 1, 1)", "(a.T {} v).T"),
    (
        ("a {} v", "left-aligned-shapes"),
        ("a {} v[:, None]", "one-new-axis-is-enough"),
        ("a {} v[None, None]", "a-new-axis-comes-first"),
    ),
)
_CASES = {
    1: (_ROWS, _ROWS, _COLUMNS),
    2: (_ROWS, _ROWS, _COLUMNS, _ENTRIES),
    3: (_ROWS_OF_BATCH, _COLUMNS_OF_BATCH, _ENTRIES),
}
_VERBS = {"+": "adds it to", "-": "subtracts it from", "*": "multiplies"}


def _per_row(rng: "np.random.Generator", level: int) -> Item:
    case = _CASES[level][int(rng.integers(len(_CASES[level])))]
    depth = 2 if case in {_ROWS, _COLUMNS} else 3
    shape = tuple(sizes(rng, depth, 2, 4))
    if level > 1 and is_chosen(rng, 0.5):
        shape = (int(rng.integers(2, 4 if depth == 2 else 3)),) * depth  # noqa: PLR2004  # axes
    own = tuple(shape[axis] for axis in case.axes)
    count = own[0] if len(own) == 1 else own[0] * own[1]
    v = rng.permutation(range(2, 42, 3))[:count].reshape(own)
    low, high = int(rng.integers(0, 20)), 1
    for size in shape:
        high *= size
    sign = one_of(rng, [*_VERBS])
    spelling = case.right[0] if level == 1 else one_of(rng, case.right)
    pool = case.wrong[: 3 if level == 1 else None]
    picked = rng.permutation(len(pool))[:3]
    wrong = tuple(
        Option(show=pool[i][0].format(sign), belief=pool[i][1], why=_REASONS[pool[i][1]])
        for i in sorted(picked)
    )
    verb = _VERBS[sign]
    object_of = "that" if sign != "*" else "by it that"
    asked = f"Which expression {verb} {object_of} {_noun(case.what)}?"
    return Item(
        topic="broadcasting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="single",
        stem=f"`v` has one number for each {case.what}. {asked}",
        code=(f"a = np.arange({low}, {low + high}).reshape{shape}\nv = np.array({v.tolist()})"),
        right=(Option(show=spelling.format(sign)),),
        wrong=wrong,
        holds=f"np.array_equal(it, {case.want.format(sign)})",
        picture=("a", "v", spelling.format(sign)),
        hint="Write the two shapes under each other, the last axes in line. Which axis lacks `v`?",
        rule="Shapes are lined up from the last axis: where `v` lacks a later axis, give it one of "
        "length 1 there.",
        why=_told(case, shape, own, spelling.format(sign)),
        docs="https://numpy.org/doc/stable/user/basics.broadcasting.html",
        covers=(5,),
        follow_up=(
            FollowUp(
                f"When does the naive `a {sign} v` give a wrong table and no error?",
                "When the lengths happen to agree, as in a square table: test with another shape.",
            ),
            FollowUp(
                "How do you keep the axis when `v` is computed from `a`?",
                "With `keepdims=True`: `a - a.mean(axis=1, keepdims=True)`.",
            ),
        ),
    )


def _noun(what: str) -> str:
    return what.partition(" ")[0] if " " in what else "entry"


def _told(case: _Case, shape: Shape, own: Shape, written: str) -> str:
    placed = tuple(size if axis in case.axes else 1 for axis, size in enumerate(shape))
    bare = " or the shape that `v` has" if case is _COLUMNS else ""
    naive = lined_up(("a", "v"), (shape, own))
    meets = [
        f"the {length} of `v` would meet the {size}"
        for length, size in zip(own, shape[-len(own) :], strict=True)
    ]
    fits = own == shape[-len(own) :]
    if case is _COLUMNS:
        plain = (
            "That is right here, without any help: the numbers lie along the last axis, one for "
            "each column."
        )
    else:
        end = (
            "the lengths agree, so nothing is raised, and the numbers still go to the wrong axis"
            if fits
            else "that raises `ValueError`"
        )
        plain = f"As it stands, {' and '.join(meets)} of `a`: {end}."
    turned = (
        " Transposing twice does the same: `a.T` has its axes in reverse order, so that the first "
        "axis of `a` is the last one for a moment."
        if ".T" in written
        else ""
    )
    return (
        f"`{written}` is right.{turned} The two shapes, with the last axes in line:\n\n{naive}\n\n"
        f"{plain} The numbers belong to {_named(case.axes)} of `a`, so as an operand they need "
        f"the shape `{placed}`{bare}.\n\n"
        "NumPy adds missing axes in front by itself, never behind: `v[None, :]` asks for what "
        "happens anyway. `v[:, None]` adds one behind the first, and `.T` adds none at all. "
        "Whether a wrong spelling raises depends on the lengths alone, so try it with lengths that "
        "differ."
    )


def _named(axes: tuple[int, ...]) -> str:
    names = " and ".join(str(axis) for axis in axes)
    return f"axis {names}" if len(axes) == 1 else f"axes {names}"


per_row = Family(
    id="number-for-each-row",
    topic="broadcasting",
    level=2,
    kind="single",
    title="Bringing one number to each row, column or batch entry",
    make=_per_row,
    beliefs=tuple(_REASONS),
    covers=(5,),
)
