"""Families about indexing with lists of positions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import (
    TRIES,
    Wrong,
    enough,
    is_chosen,
    listed,
    one_of,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- pairs or a grid ------------------------------------------------------------------------

_PAIRS = {
    "index-lists-make-a-grid": "Two lists are read in pairs; `np.ix_` makes a grid of them.",
    "ix-reads-pairs": "`np.ix_` takes every row with every column; two bare lists are pairs.",
    "columns-come-first": "The first list is for axis 0, the rows.",
    "an-index-list-flattens": "`np.ix_` keeps two axes: one for the rows, one for the columns.",
    "chained-lists-are-pairs": "`a[rows]` is a table first, of which `[:, columns]` takes columns.",
}


def _pairs(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        height, width = sizes(rng, 2, 3, 5)
        a = np.arange(height * width).reshape(height, width)
        rows, columns = _positions(rng, height, 2), _positions(rng, width, 2)
        way = one_of(rng, ("pairs", "grid", "chain")[: max(1, level)])
        pairs, grid = a[rows, columns], a[np.ix_(rows, columns)]
        result = pairs if way == "pairs" else grid
        wrong = options(listed(result), _pair_models(way, a, rows, columns), _PAIRS)
        if enough(wrong) and rows != columns:
            break
    written = {
        "pairs": f"a[{rows}, {columns}]",
        "grid": f"a[np.ix_({rows}, {columns})]",
        "chain": f"a[{rows}][:, {columns}]",
    }[way]
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.arange({height * width}).reshape({height}, {width})\nr = {written}",
        answer="r",
        wrong=wrong,
        hint="Does each row meet each column, or the first row the first column and so on?",
        rule="Index lists for several axes broadcast against each other and are read in pairs; "
        "`np.ix_` makes every row meet every column.",
        why=_pairs_told(way, rows, columns, result),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "What is the shape of `a[rows[:, None], columns]` for two index arrays?",
                "`(len(rows), len(columns))`: a column and a row of indices broadcast to a grid.",
            ),
            FollowUp(
                "Does `a[rows, columns] = 0` change `a`?",
                "Yes: an assignment writes into `a`; only reading with lists makes a copy.",
            ),
        ),
    )


def _positions(rng: "np.random.Generator", size: int, count: int) -> list[int]:
    return [int(place) for place in rng.permutation(size)[:count]]


def _pair_models(way: str, a: "np.ndarray", rows: list[int], columns: list[int]) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    pairs, grid = a[rows, columns], a[np.ix_(rows, columns)]
    turned = a.T
    if way == "pairs":
        yield Wrong("index-lists-make-a-grid", listed(grid))
        if max(columns) < a.shape[0] and max(rows) < a.shape[1]:
            yield Wrong("columns-come-first", listed(turned[rows, columns]))
        yield Wrong("index-lists-make-a-grid", listed(grid.T))
    elif way == "grid":
        yield Wrong("ix-reads-pairs", listed(pairs))
        yield Wrong("columns-come-first", listed(grid.T))
        yield Wrong("an-index-list-flattens", listed(grid.ravel()))
    else:
        yield Wrong("chained-lists-are-pairs", listed(pairs))
        yield Wrong("columns-come-first", listed(grid.T))
        yield Wrong("an-index-list-flattens", listed(grid.ravel()))


def _pairs_told(way: str, rows: list[int], columns: list[int], result: "np.ndarray") -> str:
    told = {
        "pairs": f"The lists are read side by side: element ({rows[0]}, {columns[0]}), then "
        f"({rows[1]}, {columns[1]}). Two lists of length 2 give two elements.",
        "grid": f"`np.ix_` makes a column and a row of the lists, which broadcast: rows {rows[0]} "
        f"and {rows[1]}, and of each the columns {columns[0]} and {columns[1]}.",
        "chain": f"`a[{rows}]` is a table of two whole rows, and `[:, {columns}]` takes two "
        "columns of it.",
    }[way]
    return (
        f"`r` is `{result.tolist()}`. {told}\n\n"
        "The rule behind it is broadcasting. Index arrays for several axes are broadcast against "
        "each other like operands, and the result has their common shape. Equal lengths are "
        "therefore read in pairs; a column of rows and a row of columns make a grid, which is all "
        "that `np.ix_` does.\n\n"
        "Slices do not take part in that: `a[1:3, 0:2]` is a block, as each slice keeps its own "
        "axis. People who come from MATLAB or R expect the block from lists too, and get pairs or, "
        "where the lengths differ, an `IndexError`."
    )


fancy_pairs = Family(
    id="index-pairs-or-grid",
    topic="fancy",
    level=2,
    kind="predict",
    title="Two index lists: pairs, or a grid",
    make=_pairs,
    beliefs=tuple(_PAIRS),
    covers=(18,),
)

# --- the shape of a mixed index -------------------------------------------------------------

_MIXED = {
    "index-axes-stay-in-place": "Separated by a slice, the lists' common axis goes to the front.",
    "index-axes-always-go-first": "Next to each other, the lists' axis stays in their place.",
    "each-list-keeps-an-axis": "Lists broadcast together: they share one axis.",
    "index-lists-remove-axes": "A list of positions leaves an axis, as long as the list.",
}


def _mixed(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        shape = tuple(sizes(rng, 3 if level == 1 else 4, 3, 7))
        count = int(rng.integers(2, 4 if level > 1 else 3))
        lists = 1 if level == 1 else 2
        places = sorted(int(place) for place in rng.permutation(len(shape))[:lists])
        if level == 3 and places[1] - places[0] == 1 and is_chosen(rng, 0.8):  # noqa: PLR2004  # the last level
            continue
        index: list[slice | list[int]] = [slice(None)] * len(shape)
        for place in places:
            index[place] = _positions(rng, min(shape), count)
        result = np.empty(shape, bool)[tuple(index)].shape
        wrong = options(str(result), _mixed_models(shape, places, count), _MIXED)
        if enough(wrong) and count not in shape:
            break
    written = ", ".join(":" if isinstance(part, slice) else str(part) for part in index)
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `r`?",
        code=f"a = np.zeros({shape})\nr = a[{written}]",
        answer="r.shape",
        wrong=wrong,
        hint="The lists together leave one axis. Are they next to each other?",
        rule="Index lists broadcast to one axis; it stands where they stood if they are "
        "neighbours, and in front if a slice separates them.",
        why=_mixed_told(shape, places, count, result),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "How do you avoid having to remember it?",
                "Index in two steps, or use `np.ix_` or `np.take(a, places, axis=…)`.",
            ),
            FollowUp(
                "Does an integer beside a list count as a list?",
                "Yes: it broadcasts with them, and in `a[0, :, [1, 2]]` the list's axis comes "
                "first.",
            ),
        ),
    )


def _mixed_models(shape: tuple[int, ...], places: list[int], count: int) -> Iterator[Wrong]:
    kept = [size for place, size in enumerate(shape) if place not in places]
    stays = [*kept[: places[0]], count, *kept[places[0] :]]
    yield shaped("index-axes-stay-in-place", stays)
    yield shaped("index-axes-always-go-first", [count, *kept])
    each = [count if place in places else size for place, size in enumerate(shape)]
    yield shaped("each-list-keeps-an-axis", each)
    yield shaped("index-lists-remove-axes", kept)


def _mixed_told(
    shape: tuple[int, ...], places: list[int], count: int, result: tuple[int, ...]
) -> str:
    if len(places) == 1:
        told = (
            f"The list stands for axis {places[0]}, of size {shape[places[0]]}, and puts an axis "
            f"of its own length, {count}, in its place. The slices keep their axes."
        )
    elif places[1] - places[0] == 1:
        told = (
            f"The two lists broadcast to one axis of length {count}. They are neighbours, so that "
            f"axis takes their place, as axis {places[0]} of the result."
        )
    else:
        told = (
            f"The two lists broadcast to one axis of length {count}. A slice stands between them, "
            "so there is no one place for it, and it goes to the front."
        )
    return (
        f"The shape is `{result}`. {told}\n\n"
        "An index of lists and slices is read in two parts. The lists are broadcast together as in "
        "arithmetic: they give one axis between them, not one each, since they name points and no "
        "grid. The axes under slices remain as they are. What is left to settle is where the "
        "lists' axis stands, and the rule depends on whether they are next to each other.\n\n"
        "That rule surprises nearly everybody. In code that others read, index in two steps, "
        "`a[:, rows][..., columns]`, or say what you mean with `np.ix_` or `np.take`."
    )


mixed_index = Family(
    id="mixed-index-shape",
    topic="fancy",
    level=3,
    kind="predict",
    title="The shape of an index with lists and slices",
    make=_mixed,
    beliefs=tuple(_MIXED),
    covers=(18,),
)
