"""Families about sorting and searching."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- argsort and ranks ----------------------------------------------------------------------

_ORDER = {
    "argsort-gives-the-values": "`argsort` gives positions; `a[order]` gives the sorted values.",
    "argsort-gives-ranks": "It tells where the smallest is; `order.argsort()` tells the ranks.",
    "ranks-are-the-order": "One `argsort` tells which comes next, two tell each one's rank.",
    "positions-count-from-one": "Positions and ranks are counted from 0.",
    "argsort-is-descending": "`argsort` is ascending; `[::-1]` turns the order round.",
    "minus-reverses-nothing": "Sorting `-a` puts the largest element of `a` first.",
}


def _order(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        a = rng.permutation(range(10, 100))[: 3 + min(level, 2)]
        order, ranks = a.argsort(), a.argsort().argsort()
        way = one_of(rng, ("a.argsort()", "a.argsort().argsort()", "(-a).argsort()")[:level])
        result = {
            "a.argsort()": order,
            "a.argsort().argsort()": ranks,
            "(-a).argsort()": (-a).argsort(),
        }[way]
        wrong = options(listed(result), _order_models(way, a, order, ranks), _ORDER)
        is_plain = np.array_equal(order, ranks) or np.array_equal(np.sort(order), order)
        if enough(wrong) and not is_plain:
            break
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = {way}",
        answer="r",
        wrong=wrong,
        hint="Where in `a` stands the element that comes first when sorted?",
        rule="`a.argsort()` holds the positions that sort `a`: `a[a.argsort()]` is sorted. Applied "
        "twice it gives each element's rank.",
        why=_order_told(way, a, order, ranks, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.argsort.html",
        follow_up=(
            FollowUp(
                "How do you sort a table by its second column?",
                "`table[table[:, 1].argsort()]`: the positions pick whole rows.",
            ),
            FollowUp(
                "What about equal elements?",
                "Their order is settled by `kind='stable'` alone; the default may swap them.",
            ),
        ),
    )


def _order_models(
    way: str, a: "np.ndarray", order: "np.ndarray", ranks: "np.ndarray"
) -> Iterator[Wrong]:
    if way == "a.argsort()":
        yield Wrong("argsort-gives-ranks", listed(ranks))
        yield Wrong("argsort-is-descending", listed(order[::-1]))
        yield Wrong("positions-count-from-one", listed(order + 1))
        yield Wrong("argsort-gives-the-values", listed(a[order]))
    elif way == "(-a).argsort()":
        yield Wrong("minus-reverses-nothing", listed(order))
        yield Wrong("argsort-gives-ranks", listed(len(a) - 1 - ranks))
        yield Wrong("argsort-gives-the-values", listed(a[order][::-1]))
        yield Wrong("positions-count-from-one", listed(order[::-1] + 1))
    else:
        yield Wrong("ranks-are-the-order", listed(order))
        yield Wrong("positions-count-from-one", listed(ranks + 1))
        yield Wrong("argsort-is-descending", listed(len(a) - 1 - ranks))
        yield Wrong("argsort-gives-the-values", listed(a[order]))


def _order_told(
    way: str, a: "np.ndarray", order: "np.ndarray", ranks: "np.ndarray", result: "np.ndarray"
) -> str:
    first, last = int(order[0]), int(order[-1])
    told = {
        "a.argsort()": f"The smallest element, {a[first]}, stands at position {first}, so the "
        f"result begins with {first}; it ends with {last}, where the largest stands.",
        "(-a).argsort()": f"The smallest element of `-a` is the negative of the largest of `a`, "
        f"{a[last]}, which stands at position {last}: the order is descending.",
        "a.argsort().argsort()": f"The first `argsort` gives the order `{order.tolist()}`. The "
        f"second asks where in that order each position stands, which is the rank of each element: "
        f"{a[0]} has rank {ranks[0]}.",
    }[way]
    return (
        f"`r` is `{result.tolist()}`. {told}\n\n"
        "`np.sort` gives values and loses where they came from. `argsort` gives positions, so one "
        "order can be applied to several arrays: `names[order]` and `scores[order]` stay together. "
        "The order and the ranks answer opposite questions. `order[0]` is the position of the "
        "element that comes first; `ranks[0]` is the place that the first element takes.\n\n"
        "For a descending order reverse the result with `[::-1]`, or sort the negated values. From "
        "NumPy 2.5 on `np.sort` has an argument for it, `descending=True`."
    )


argsort_rank = Family(
    id="argsort-or-rank",
    topic="sorting",
    level=2,
    kind="predict",
    title="The order of an array, and the ranks in it",
    make=_order,
    beliefs=tuple(_ORDER),
)

Side = Literal["left", "right"]

# --- searchsorted ---------------------------------------------------------------------------

_SEARCH = {
    "sides-are-swapped": "`left` goes before equal elements, `right` behind them.",
    "searchsorted-finds-the-element": "It gives where to insert, not where an element stands.",
    "nothing-found-is-minus-one": "A value that is not there has a place to be inserted too.",
    "positions-count-from-one": "Positions are counted from 0.",
}


def _search(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        values = np.sort(rng.integers(1, 8, 5 + (level > 1)) * 10)
        inside = int(values[rng.integers(0, len(values))])
        between = int(rng.integers(1, 9) * 10 + 5)
        asked = [inside, between] if level < 3 else [inside, between, int(values[-1])]  # noqa: PLR2004  # the last level
        side: Side = "left" if level == 1 or is_chosen(rng, 0.5) else "right"
        result = np.searchsorted(values, asked, side=side)
        wrong = options(listed(result), _search_models(values, asked, side, result), _SEARCH)
        has_equal = len(set(values.tolist())) < len(values) and (values == inside).sum() > 1
        if enough(wrong) and has_equal and between not in values:
            break
    argument = "" if side == "left" else ", side='right'"
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `places`?",
        code=(
            f"edges = np.array({values.tolist()})\n"
            f"places = np.searchsorted(edges, {asked}{argument})"
        ),
        answer="places",
        wrong=wrong,
        hint="Before which element would each value be inserted, so that all stay sorted?",
        rule="`searchsorted` gives where a value would be inserted into a sorted array: before its "
        "equals, or behind them with `side='right'`.",
        why=_search_told(values, asked, side, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
        follow_up=(
            FollowUp(
                "How many elements of a sorted array lie in the interval from low to high?",
                "`searchsorted(a, high, 'right') - searchsorted(a, low, 'left')`, ends included.",
            ),
            FollowUp(
                "What happens when the array is not sorted?",
                "Nothing is raised: the places are meaningless, as the search halves it blindly.",
            ),
        ),
    )


def _search_models(
    values: "np.ndarray", asked: list[int], side: Side, result: "np.ndarray"
) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    other: Side = "left" if side == "right" else "right"
    swapped = np.searchsorted(values, asked, side=other)
    found = [[*values.tolist()].index(one) if one in values else -1 for one in asked]
    last = [
        len(values) - 1 - [*values.tolist()][::-1].index(one) if one in values else place
        for one, place in zip(asked, result.tolist(), strict=True)
    ]
    yield Wrong("sides-are-swapped", listed(swapped))
    yield Wrong("nothing-found-is-minus-one", f"np.array({found})")
    yield Wrong("positions-count-from-one", listed(result + 1))
    yield Wrong("searchsorted-finds-the-element", f"np.array({last})")


def _search_told(values: "np.ndarray", asked: list[int], side: str, result: "np.ndarray") -> str:
    lines = []
    for one, place in zip(asked, result.tolist(), strict=True):
        equal = int((values == one).sum())
        smaller = int((values < one).sum())
        told = f"{smaller} {'element is' if smaller == 1 else 'elements are'} smaller"
        if equal:
            where = "before" if side == "right" else "after"
            told += f", {equal} equal, to come {where} it"
        lines.append(f"- {one}: {told}, so its place is {place}.")
    return (
        f"`places` is `{result.tolist()}`:\n\n" + "\n".join(lines) + "\n\n"
        "The place of a value is the number of elements that come before it. With `side='left'` "
        "these are the smaller ones, with `side='right'` the smaller and the equal ones. A value "
        "above all others gets the length of the array, which is no valid position in it.\n\n"
        "It is a binary search: about 20 comparisons in a million elements, for each value asked. "
        "`np.digitize` and `np.histogram` put values into bins in the same way."
    )


searchsorted = Family(
    id="searchsorted-side",
    topic="sorting",
    level=2,
    kind="predict",
    title="Where values belong in a sorted array",
    make=_search,
    beliefs=tuple(_SEARCH),
)
