"""Families about the order of elements in memory, and the copies that it forces."""

from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import is_chosen, sizes, told
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

# --- contiguous or not ----------------------------------------------------------------------


class _Layout(msgspec.Struct, frozen=True):
    """An expression over a C-ordered table `a`, and the orders in which it has no gaps."""

    show: str
    orders: Literal["C", "F", "CF", ""]
    belief: str
    why: str
    level: int = 1


_LAYOUTS = (
    _Layout("a", "C", "contiguous-means-both-orders", "A new table lies row by row, in C order."),
    _Layout("a.T", "F", "transpose-moves-the-data", "The transpose reads the rows of `a` as "
            "columns."),
    _Layout("a[1:]", "C", "no-slice-is-contiguous", "Neighbouring whole rows have no gaps."),
    _Layout("a[:, 1:]", "", "slices-are-contiguous", "Between its rows lies an element left out."),
    _Layout("a[::2]", "", "slices-are-contiguous", "The rows left out are gaps."),
    _Layout("a[:, ::2]", "", "slices-are-contiguous", "Every second element is a gap."),
    _Layout("a[0]", "CF", "one-axis-has-one-order", "A row lies in one piece, and with one axis "
            "both orders are the same."),
    _Layout("a[:, 0]", "", "a-column-lies-together", "Elements of a column lie a whole row apart."),
    _Layout("a.copy()", "C", "contiguous-means-both-orders", "The method `copy` writes in C "
            "order."),
    _Layout("a.ravel()", "CF", "one-axis-has-one-order", "It has one axis and no gaps, which fits "
            "both orders."),
    _Layout("a.reshape({n}, {m})", "C", "contiguous-means-both-orders", "Row by row, over the same "
            "memory as `a`."),
    _Layout("a[::-1]", "", "reversed-is-contiguous", "A negative stride walks backwards through "
            "memory.", 2),
    _Layout("a.T.copy()", "C", "copies-keep-the-order", "The method `copy` writes in C order by "
            "default.", 2),
    _Layout("np.asfortranarray(a)", "F", "order-is-a-flag-only", "It copies, column by column.", 2),
    _Layout("np.ascontiguousarray(a.T)", "C", "order-is-a-flag-only", "It copies the transpose, "
            "row by row.", 2),
    _Layout("a.flatten()", "CF", "one-axis-has-one-order", "A flat copy has one axis and no gaps.",
            2),
    _Layout("np.zeros(({m}, {n}), order='F')", "F", "contiguous-means-both-orders", "It is laid "
            "out column by column.", 2),
    _Layout("np.swapaxes(a, 0, 1)", "F", "transpose-moves-the-data", "Swapped strides read the "
            "rows of `a` as columns.", 2),
    _Layout("np.copy(a.T)", "F", "copies-are-in-c-order", "The function `np.copy` keeps the order "
            "of its input.", 3),
    _Layout("a.T + 1", "F", "copies-are-in-c-order", "A ufunc keeps the order of its operands.", 3),
    _Layout("a.T[1:]", "", "no-slice-is-contiguous", "It leaves out the first element of each "
            "column.", 3),
    _Layout("a.T[:, 1:]", "F", "no-slice-is-contiguous", "Whole columns side by side have no "
            "gaps.", 3),
    _Layout("a.T[0]", "", "a-column-lies-together", "It is the first column of `a`.", 3),
)  # fmt: skip
_NAMES = {"C": "C-contiguous", "F": "Fortran-contiguous"}
_AMONG = 5


def _contiguous(rng: "np.random.Generator", level: int) -> Item:
    order = "F" if level > 1 and is_chosen(rng, 0.4) else "C"
    rows, columns = sizes(rng, 2, 3, 6)
    pool = [row for row in _LAYOUTS if row.level <= level]
    shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
    count = int(rng.integers(2, 4))
    hits = [row for row in shuffled if order in row.orders][:count]
    misses = [row for row in shuffled if order not in row.orders][: _AMONG - len(hits)]
    right = tuple(_option(row, rows, columns) for row in hits)
    wrong = tuple(_option(row, rows, columns) for row in misses)
    flag = f"{order}_CONTIGUOUS"
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem=f"Which of these are {_NAMES[order]}?",
        code=f"a = np.ones(({rows}, {columns}))",
        holds=f"it.flags['{flag}']",
        right=right,
        wrong=wrong,
        picture=_drawn(right[0], wrong[0]),
        drawing="tape",
        hint="Walk through the elements row by row, or column by column for Fortran order. Is each "
        "one next to the one before it in memory?",
        rule="C-contiguous means row by row without gaps, Fortran-contiguous column by column; one "
        "axis without gaps is both.",
        why=(
            f"These are {_NAMES[order]}:\n\n{told(right)}\n\nThese are not:\n\n{told(wrong)}\n\n"
            "The flags follow from shape and strides. In C order the last axis has the size of an "
            "element as its stride, and each axis before it as many bytes as all axes behind it "
            "span; in Fortran order it is the other way round. A view with gaps is neither, and a "
            "transpose changes one order into the other.\n\n"
            "It matters for speed, as neighbours in memory are read together, and for code in C "
            "or Fortran that takes a pointer. `np.ascontiguousarray` copies if it must."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html",
        covers=(31, 35),
        follow_up=(
            FollowUp(
                "Which loop is faster in C order, over rows or over columns?",
                "Over rows: the elements of a row share cache lines, those of a column do not.",
            ),
            FollowUp(
                "How do you ask for an order when you copy?",
                "`a.copy(order='F')`; `'K'` keeps the order of the input as closely as possible.",
            ),
        ),
    )


def _drawn(*options: Option) -> tuple[str, ...]:
    """What is drawn: the array, and some options beside it."""
    return tuple(dict.fromkeys(("a", *(option.show for option in options if option.show))))


def _option(row: _Layout, rows: int, columns: int) -> Option:
    show = row.show.format(m=rows, n=columns)
    return Option(show=show, belief=row.belief, why=row.why)


flags_contiguous = Family(
    id="contiguous-or-not",
    topic="memory",
    level=2,
    kind="several",
    title="Which results are contiguous in memory",
    make=_contiguous,
    beliefs=tuple(sorted({row.belief for row in _LAYOUTS})),
    covers=(31, 35),
)

# --- copies that a layout forces ------------------------------------------------------------


class _Change(msgspec.Struct, frozen=True):
    """An expression over an array `a` of three axes, and whether it has to copy."""

    show: str
    gives: Literal["view", "copy"]
    belief: str
    why: str
    level: int = 1


_NEVER, _ALWAYS = "reshape-never-copies", "reshape-always-copies"
_CHANGES = (
    _Change("a.reshape(-1)", "view", _ALWAYS, "The elements lie in this order already."),
    _Change("a.reshape({pq}, {r})", "view", _ALWAYS, "The first two axes join without a gap."),
    _Change("a.T.reshape(-1)", "copy", _NEVER, "The order asked for is not that of memory."),
    _Change("a.T", "view", "transpose-moves-the-data", "A transpose reverses strides and no data."),
    _Change("a.T.copy()", "copy", "copy-is-lazy", "`copy` always has memory of its own."),
    _Change("a[0].reshape(-1)", "view", _ALWAYS, "`a[0]` lies in one piece."),
    _Change("a.flatten()", "copy", "flatten-is-a-view", "`flatten` always copies."),
    _Change("a.T.flatten()", "copy", "flatten-is-a-view", "`flatten` always copies."),
    _Change("a[:, 0].reshape(-1)", "copy", _NEVER, "From line to line the step is "
            "longer, so one stride isn't enough."),
    _Change("a.T.ravel(order='F')", "view", "ravel-is-flatten", "Fortran order of the transpose is "
            "the order of memory.", 2),
    _Change("a.ravel(order='F')", "copy", "order-only-changes-reading", "The first axis would have "
            "to run fastest, which memory doesn't do.", 2),
    _Change("a[:, 1:].reshape({p}, -1)", "view", _ALWAYS, "Within each `a[i]` the rest has no gap.",
            2),
    _Change("a[..., 1:].reshape({p}, -1)", "copy", _NEVER, "The element left out is a gap in each "
            "line.", 2),
    _Change("a[..., 0].reshape(-1)", "view", _ALWAYS, "All elements are equally far apart: one "
            "stride is enough.", 3),
    _Change("a[..., None]", "view", _ALWAYS, "A new axis of length 1 moves no data."),
    _Change("a.transpose(0, 2, 1).reshape({p}, -1)", "copy", _NEVER, "The swapped axes can't be "
            "joined in this order.", 2),
    _Change("a.transpose(1, 2, 0).reshape({qr}, {p})", "view", _ALWAYS, "The axes joined are still "
            "neighbours, in their old order.", 3),
    _Change("a.transpose(1, 0, 2).reshape({pq}, {r})", "copy", _NEVER, "The axes joined were "
            "swapped.", 2),
    _Change("a[::-1].reshape({p}, -1)", "view", _ALWAYS, "The reversed axis stays; the others "
            "join.", 3),
    _Change("a[::-1].reshape(-1)", "copy", _NEVER, "Back along one axis and forth along "
            "the others can't be one stride.", 2),
    _Change("np.ascontiguousarray(a)", "view", "ascontiguousarray-always-copies", "`a` is "
            "C-contiguous already, so it comes back itself."),
    _Change("np.ascontiguousarray(a.T)", "copy", "order-is-a-flag-only", "The elements are written "
            "in another order.", 2),
    _Change("np.asfortranarray(a.T)", "view", "ascontiguousarray-always-copies", "`a.T` is in "
            "Fortran order already.", 3),
    _Change("np.moveaxis(a, 0, -1)", "view", "transpose-moves-the-data", "Moving an axis permutes "
            "strides.", 2),
)  # fmt: skip


def _copies(rng: "np.random.Generator", level: int) -> Item:
    shape = sizes(rng, 3, 3, 6)
    pool = [row for row in _CHANGES if row.level <= level]
    shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
    count = int(rng.integers(2, 4))
    hits = [row for row in shuffled if row.gives == "copy"][:count]
    misses = [row for row in shuffled if row.gives == "view"][: _AMONG - len(hits)]
    right = tuple(_changed(row, shape) for row in hits)
    wrong = tuple(_changed(row, shape) for row in misses)
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem="Which of these have to copy the elements of `a`?",
        code=f"a = np.ones({tuple(shape)})",
        holds="not np.shares_memory(a, it)",
        right=right,
        wrong=wrong,
        picture=_drawn(right[0], wrong[0]),
        drawing="tape",
        hint="Could start, shape and strides alone describe the result over the old memory?",
        rule="A reshape is a view if each new axis can be walked with one stride; otherwise it "
        "copies.",
        why=(
            f"These copy:\n\n{told(right)}\n\nThese are views of `a`:\n\n{told(wrong)}\n\n"
            "A view is a start, a shape and one stride for each axis. Transposing and adding axes "
            "always manage with that. Joining two axes needs more: going one step along the first "
            "has to be as far as walking the whole second one, or no single stride can describe "
            "the joined axis. Then `reshape` and `ravel` copy, silently, and a write into the "
            "result does not reach `a`.\n\n"
            "If a copy would be a mistake, say so: since NumPy 2.1 `a.reshape(shape, copy=False)` "
            "raises instead of copying."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
        covers=(16, 35),
        follow_up=(
            FollowUp(
                "How do you find out afterwards?",
                "`np.shares_memory(a, b)`; `.base` may name a temporary copy instead.",
            ),
            FollowUp(
                "What does `a.ravel(order='K')` do?",
                "It reads in the order of memory, and so needs no copy for a transpose.",
            ),
        ),
    )


def _changed(row: _Change, shape: list[int]) -> Option:
    p, q, r = shape
    show = row.show.format(p=p, q=q, r=r, pq=p * q, qr=q * r)
    return Option(show=show, belief=row.belief, why=row.why)


copies_of_a_transpose = Family(
    id="copies-of-a-transpose",
    topic="memory",
    level=3,
    kind="several",
    title="Which changes of shape have to copy",
    make=_copies,
    beliefs=tuple(sorted({row.belief for row in _CHANGES})),
    covers=(16, 35),
)
