"""A family about the shape that two lists of positions select."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Shape,
    Wrong,
    enough,
    is_chosen,
    one_of,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "ix-reads-pairs": "`np.ix_` makes a grid, so its lists may differ in length.",
    "chained-lists-are-pairs": "Each pair of brackets reads one list, so nothing has to be paired.",
    "columns-come-first": "The list of rows comes first, and so does its axis.",
    "an-index-list-flattens": "Rows and columns keep an axis each.",
    "index-lists-make-a-grid": "Bare lists are read in pairs, not as rows and columns of a grid.",
    "index-lists-must-be-equally-long": "Lists broadcast: one position goes with all of the other "
    "list.",
    "the-shorter-list-decides": "The longer list is never cut to the length of the shorter.",
    "the-shorter-list-is-repeated": "Only a list of length 1 is repeated.",
    "a-column-of-indices-is-refused": "Index arrays of any shapes that broadcast are fine.",
    "each-list-keeps-an-axis": "The two are broadcast to one common shape first.",
    "the-order-in-the-index-decides": "The broadcast shape of the two decides, not which is first.",
    "uncovered-axes-are-dropped": "The last axis has no list, so it is kept whole.",
}


class _Case(msgspec.Struct, frozen=True):
    """How the lists are used, the shape (None for `IndexError`), and what people expect."""

    written: str
    result: Shape | None
    wrong: tuple[Wrong, ...]
    told: str
    arrays: bool = False
    """Whether the positions come as arrays, so that they can be turned into columns."""


def _grid(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = (_open_mesh, _chained, _one_of_them, _columns)[: level + 2]
    for _ in range(TRIES):
        shape = tuple(sizes(rng, 3 if level > 1 and is_chosen(rng, 0.4) else 2, 4, 9))
        lengths = [int(size) for size in rng.permutation(range(2, 5))[:2]]
        maker = _refused if fails else makers[int(rng.integers(len(makers)))]
        if maker is _one_of_them:
            lengths[int(rng.integers(2))] = 1
        case = maker(rng, lengths[0], lengths[1], shape[2:])
        key = "IndexError" if case.result is None else str(case.result)
        wrong = options(key, case.wrong, _REASONS)
        if enough(wrong):
            break
    rows, columns = (
        sorted(int(place) for place in rng.permutation(size)[:length])
        for size, length in zip(shape[:2], lengths, strict=True)
    )
    given = "r = np.array({})\nc = np.array({})" if case.arrays else "r = {}\nc = {}"
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of `{case.written}`, or does it raise an error?",
        code=f"a = np.zeros({shape})\n{given.format(rows, columns)}\nb = {case.written}",
        answer="b.shape",
        raises="IndexError" if case.result is None else None,
        wrong=wrong,
        hint="Does every row meet every column here, or are the two read side by side?",
        rule="Two bare index lists broadcast and are read in pairs; `np.ix_`, a column of rows, or "
        "two steps make a grid.",
        why=(
            f"{case.told}\n\n"
            "Index lists for the first axes are broadcast against each other like operands of a "
            "sum, and the result has their common shape, followed by the axes that have no index. "
            "Two flat lists therefore have to be equally long, or one of them holds a single "
            "position. To take every row with every column, one of the two has to be a column: "
            "`np.ix_(r, c)` makes the shapes `(len(r), 1)` and `(1, len(c))`, and `a[r][:, c]` "
            "needs no broadcasting, as it indexes twice.\n\n"
            "The two-step form copies all columns of the chosen rows before it picks some of them, "
            "and it cannot be assigned to: `a[r][:, c] = 0` writes into that copy. `np.ix_` can do "
            "both."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.ix_.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "What does `np.ix_` return?",
                "A tuple of index arrays, one for each list, which broadcast to the grid.",
            ),
            FollowUp(
                "When is a pair of slices better?",
                "When the rows and columns are evenly spaced: `a[1:3, ::2]` is a view, no copy.",
            ),
        ),
    )


def _open_mesh(rng: "np.random.Generator", rows: int, columns: int, rest: Shape) -> _Case:
    del rng
    return _Case(
        "a[np.ix_(r, c)]",
        (rows, columns, *rest),
        (
            Wrong("ix-reads-pairs", raises="IndexError"),
            shaped("columns-come-first", (columns, rows, *rest)),
            *([shaped("uncovered-axes-are-dropped", (rows, columns))] if rest else []),
            shaped("an-index-list-flattens", (rows * columns, *rest)),
        ),
        f"The shape is `{(rows, columns, *rest)}`: {rows} rows, and of each {columns} columns."
        f"{_kept(rest)}",
    )


def _chained(rng: "np.random.Generator", rows: int, columns: int, rest: Shape) -> _Case:
    del rng
    return _Case(
        "a[r][:, c]",
        (rows, columns, *rest),
        (
            Wrong("chained-lists-are-pairs", raises="IndexError"),
            shaped("columns-come-first", (columns, rows, *rest)),
            *([shaped("uncovered-axes-are-dropped", (rows, columns))] if rest else []),
            shaped("an-index-list-flattens", (rows * columns, *rest)),
        ),
        f"The shape is `{(rows, columns, *rest)}`: `a[r]` holds {rows} whole rows, and `[:, c]` "
        f"takes {columns} columns of all of them.{_kept(rest)}",
    )


def _one_of_them(rng: "np.random.Generator", rows: int, columns: int, rest: Shape) -> _Case:
    del rng
    longer = max(rows, columns)
    which, other = ("row", "column") if rows == 1 else ("column", "row")
    return _Case(
        "a[r, c]",
        (longer, *rest),
        (
            Wrong("index-lists-must-be-equally-long", raises="IndexError"),
            shaped("index-lists-make-a-grid", (rows, columns, *rest)),
            shaped("the-shorter-list-decides", (1, *rest)),
        ),
        f"The shape is `{(longer, *rest)}`: the lists broadcast, so the only {which} goes with "
        f"each {other}, which makes {longer} pairs.{_kept(rest)}",
    )


def _columns(rng: "np.random.Generator", rows: int, columns: int, rest: Shape) -> _Case:
    written = one_of(rng, ("a[r[:, None], c]", "a[r, c[:, None]]"))
    turned = written == "a[r, c[:, None]]"
    result = (columns, rows) if turned else (rows, columns)
    apart = (rows, columns, 1) if turned else (rows, 1, columns)
    name = "c" if turned else "r"
    return _Case(
        written,
        (*result, *rest),
        (
            shaped(
                "the-order-in-the-index-decides" if turned else "columns-come-first",
                (*result[::-1], *rest),
            ),
            Wrong("a-column-of-indices-is-refused", raises="IndexError"),
            shaped("each-list-keeps-an-axis", (*apart, *rest)),
        ),
        f"The shape is `{(*result, *rest)}`: `{name}[:, None]` has the shape "
        f"`({result[0]}, 1)`, which broadcasts with `({result[1]},)` to `{result}`.{_kept(rest)}",
        arrays=True,
    )


def _refused(rng: "np.random.Generator", rows: int, columns: int, rest: Shape) -> _Case:
    del rng
    return _Case(
        "a[r, c]",
        None,
        (
            shaped("index-lists-make-a-grid", (rows, columns, *rest)),
            shaped("the-shorter-list-decides", (min(rows, columns), *rest)),
            shaped("the-shorter-list-is-repeated", (max(rows, columns), *rest)),
        ),
        f"It raises `IndexError`: the lists have {rows} and {columns} positions, which do not "
        "broadcast, so there is no way to pair them.",
    )


def _kept(rest: Shape) -> str:
    return f" The last axis, of size {rest[0]}, has no index and is kept." if rest else ""


index_grid = Family(
    id="index-grid-shape",
    topic="fancy",
    level=2,
    kind="predict",
    title="The shape that lists of rows and columns select",
    make=_grid,
    beliefs=tuple(_REASONS),
    covers=(18,),
    may_fail=True,
)
