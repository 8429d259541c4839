"""A family about masks for some of the axes."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Shape,
    Wrong,
    enough,
    is_chosen,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "a-mask-keeps-the-shape": "A mask never keeps the places where it is false.",
    "a-mask-needs-every-axis": "A mask may cover the first axes alone; the others are kept.",
    "a-mask-has-one-axis": "A mask of several axes stands for as many of the array.",
    "a-mask-always-flattens": "Only the axes that the mask covers are joined to one.",
    "the-masked-axes-stay": "All axes that a mask covers become one: the places that are true.",
    "a-mask-says-what-goes": "`True` selects; here the places with `False` were counted.",
    "a-mask-may-be-shorter": "A mask has to be as long as the axis that it indexes.",
    "a-mask-finds-its-axis": "A mask stands for the axis at its place, whatever its length.",
    "two-masks-make-a-grid": "Two masks become lists of positions, which are read in pairs.",
    "two-masks-are-pairs": "`np.ix_` and two steps make a grid of rows and columns.",
    "two-masks-must-overlap": "The positions are paired, not compared.",
}


class _Case(msgspec.Struct, frozen=True):
    """Masks in front of the index, the shape (None for `IndexError`), and what people expect."""

    masks: "tuple[np.ndarray, ...]"
    written: str
    result: Shape | None
    wrong: tuple[Wrong, ...]
    told: str


def _axis_mask(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = (_rows, _columns, _table, _two)[: level + 1]
    refused = (_misplaced, _uneven)[: 2 if level > 1 else 1]
    for _ in range(TRIES):
        shape = tuple(sizes(rng, 3 if level > 1 and is_chosen(rng, 0.5) else 2, 2, 5))
        pool = refused if fails else makers
        case = pool[int(rng.integers(len(pool)))](rng, shape)
        key = "IndexError" if case.result is None else str(case.result)
        wrong = options(key, case.wrong, _REASONS)
        if enough(wrong) and case.result != shape:
            break
    names = ("m",) if len(case.masks) == 1 else ("r", "c")
    given = "\n".join(
        f"{name} = np.array({_written(mask)}, dtype=bool)"
        for name, mask in zip(names, case.masks, strict=True)
    )
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What shape does `{case.written}` have with "
        f"{'this mask' if len(case.masks) == 1 else 'these masks'}, or does it raise an error?",
        code=f"a = np.zeros({shape})\n{given}\nb = {case.written}",
        answer="b.shape",
        raises="IndexError" if case.result is None else None,
        wrong=wrong,
        hint="Which axes does the mask stand for, and how often is it true?",
        rule="A mask stands for as many axes as it has and must fit them; they become one axis, "
        "with an entry for each true place.",
        why=(
            f"{case.told}\n\n"
            "Read a mask as the positions where it is true: `a[m]` is `a[np.nonzero(m)]`, one "
            "index list for each axis of the mask. All the rest follows. The axes of the mask are "
            "joined to one, whose length is the number of true places; axes behind it have no "
            "index and are kept whole; and two masks in one index are two lists, which are read "
            "in pairs.\n\n"
            "The mask has to fit the axes at its place exactly, or `IndexError` is raised. So a "
            "mask for the columns needs a colon in front, `a[:, m]`, and a choice of rows and "
            "columns together needs `np.ix_(r, c)`, which takes masks too."
        ),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html#boolean-array-indexing",
        covers=(17,),
        follow_up=(
            FollowUp(
                "How do you select the rows in which some element is negative?",
                "`a[(a < 0).any(axis=1)]`: the mask has one entry for each row.",
            ),
            FollowUp(
                "Is `a[m]` a view?",
                "No, reading with a mask copies; `a[m] = 0` writes into `a` itself.",
            ),
        ),
    )


def _mask(rng: "np.random.Generator", *shape: int) -> "np.ndarray":
    """A mask that is neither all true nor all false."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    size = int(np.prod(shape))
    count = int(rng.integers(1, size))
    return (rng.permutation(size) < count).reshape(shape)


def _rows(rng: "np.random.Generator", shape: Shape) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    mask = _mask(rng, shape[0])
    count, rest = int(mask.sum()), shape[1:]
    return _Case(
        (mask,),
        "a[m]",
        (count, *rest),
        (
            Wrong("a-mask-needs-every-axis", raises="IndexError"),
            shaped("a-mask-says-what-goes", (shape[0] - count, *rest)),
            shaped("a-mask-always-flattens", (count * int(np.prod(rest)),)),
            shaped("a-mask-keeps-the-shape", shape),
        ),
        f"The shape is `{(count, *rest)}`: the mask covers axis 0 and is true {_often(count)}; "
        "what lies behind is kept whole.",
    )


def _columns(rng: "np.random.Generator", shape: Shape) -> _Case:
    mask = _mask(rng, shape[1])
    count = int(mask.sum())
    result = (shape[0], count, *shape[2:])
    return _Case(
        (mask,),
        "a[:, m]",
        result,
        (
            Wrong("a-mask-needs-every-axis", raises="IndexError"),
            shaped("a-mask-says-what-goes", (shape[0], shape[1] - count, *shape[2:])),
            shaped("a-mask-always-flattens", (shape[0] * count,)),
            shaped("a-mask-keeps-the-shape", shape),
        ),
        f"The shape is `{result}`: the colon keeps axis 0, and the mask for axis 1 is true "
        f"{_often(count)}.",
    )


def _table(rng: "np.random.Generator", shape: Shape) -> _Case:
    mask = _mask(rng, *shape[:2])
    count, rest = int(mask.sum()), shape[2:]
    touched = (int(mask.any(axis=1).sum()), int(mask.any(axis=0).sum()))
    return _Case(
        (mask,),
        "a[m]",
        (count, *rest),
        (
            Wrong(
                "a-mask-needs-every-axis" if rest else "a-mask-has-one-axis", raises="IndexError"
            ),
            shaped("a-mask-keeps-the-shape", shape),
            shaped("the-masked-axes-stay", (*touched, *rest)),
            *([shaped("a-mask-always-flattens", (count * rest[0],))] if rest else []),
            shaped("a-mask-says-what-goes", (mask.size - count, *rest)),
        ),
        f"The shape is `{(count, *rest)}`: the mask covers the first two axes, which become one "
        f"with an entry for each true place, of which there {_are(count)}."
        + (f" The last axis, of size {rest[0]}, is kept." if rest else ""),
    )


def _two(rng: "np.random.Generator", shape: Shape) -> _Case:
    rows, columns = _mask(rng, shape[0]), _mask(rng, shape[1])
    first, second, rest = int(rows.sum()), int(columns.sum()), shape[2:]
    written = "a[np.ix_(r, c)]" if is_chosen(rng, 0.5) else "a[r][:, c]"
    if first == second and is_chosen(rng, 0.8):
        return _Case(
            (rows, columns),
            "a[r, c]",
            (first, *rest),
            (
                shaped("two-masks-make-a-grid", (first, second, *rest)),
                Wrong("two-masks-must-overlap", raises="IndexError"),
                shaped("a-mask-keeps-the-shape", shape),
            ),
            f"The shape is `{(first, *rest)}`: both masks are true {_often(first)}, and their "
            "positions are read in pairs.",
        )
    return _Case(
        (rows, columns),
        written,
        (first, second, *rest),
        (
            Wrong("two-masks-are-pairs", raises="IndexError"),
            shaped("a-mask-says-what-goes", (shape[0] - first, shape[1] - second, *rest)),
            shaped("a-mask-always-flattens", (first * second, *rest)),
            shaped("a-mask-keeps-the-shape", shape),
        ),
        f"The shape is `{(first, second, *rest)}`: {first} of the rows, and of each {second} of "
        "the columns.",
    )


def _misplaced(rng: "np.random.Generator", shape: Shape) -> _Case:
    """A mask for axis 1 at the place of axis 0, or the other way round."""
    ahead = is_chosen(rng, 0.5)
    mask = _mask(rng, shape[0] if ahead else shape[1])
    count = int(mask.sum())
    cut = (shape[0], count, *shape[2:]) if ahead else (count, *shape[1:])
    found = (count, *shape[1:]) if ahead else (shape[0], count, *shape[2:])
    wrong = [shaped("a-mask-finds-its-axis", found)]
    if mask.size < shape[1 if ahead else 0]:
        wrong.append(shaped("a-mask-may-be-shorter", cut))
    wrong.append(shaped("a-mask-keeps-the-shape", shape))
    wrong.append(shaped("a-mask-always-flattens", (count,)))
    axis = 1 if ahead else 0
    return _Case(
        (mask,),
        "a[:, m]" if ahead else "a[m]",
        None,
        tuple(wrong),
        f"It raises `IndexError`: the mask stands for axis {axis}, which has {shape[axis]} places, "
        f"and has {mask.size} entries.",
    )


def _uneven(rng: "np.random.Generator", shape: Shape) -> _Case:
    """Two masks that are true a different number of times, as a pair."""
    rows, columns = _mask(rng, shape[0]), _mask(rng, shape[1])
    first, second, rest = int(rows.sum()), int(columns.sum()), shape[2:]
    if first == second or 1 in {first, second}:
        return _misplaced(rng, shape)
    return _Case(
        (rows, columns),
        "a[r, c]",
        None,
        (
            shaped("two-masks-make-a-grid", (first, second, *rest)),
            shaped("a-mask-keeps-the-shape", shape),
            shaped("a-mask-always-flattens", (first * second, *rest)),
        ),
        f"It raises `IndexError`: the masks stand for {first} and {second} positions, which would "
        "have to be read in pairs.",
    )


def _written(mask: "np.ndarray") -> str:
    """A mask as zeros and ones, each row of a table on a line of its own."""
    rows = str(mask.astype(int).tolist())
    return rows.replace("], ", "],\n              ")


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _are(count: int) -> str:
    return "is one" if count == 1 else f"are {count}"


axis_mask = Family(
    id="mask-of-axes",
    topic="fancy",
    level=2,
    kind="predict",
    title="The shape that a mask of some axes selects",
    make=_axis_mask,
    beliefs=tuple(_REASONS),
    covers=(17,),
    may_fail=True,
)
