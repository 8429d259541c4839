"""A family about what `unique` returns besides the values."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "unique-keeps-the-order": "The values are sorted, and everything goes with that order.",
    "unique-only-sorts": "Each value comes once.",
    "unique-gives-the-last-position": "The index is that of the first occurrence.",
    "first-positions-come-in-order": "The positions go with the sorted values.",
    "the-inverse-belongs-to-the-values": "The inverse has an entry for every element.",
    "the-inverse-is-the-first-position": "The inverse is a position among the values.",
    "unique-counts-belong-to-the-elements": "There is one count for each value.",
    "unique-counts-are-indexed-by-value": "Entry k is the count of value number k, not of k.",
    "unique-returns-the-repeated": "Every value is returned, those that occur once too.",
    "positions-count-from-one": "Positions are counted from 0.",
}
_EXTRAS = {
    "values": "np.unique(a)",
    "index": "np.unique(a, return_index=True)",
    "inverse": "np.unique(a, return_inverse=True)",
    "counts": "np.unique(a, return_counts=True)",
}


def _distinct(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    asked = {1: ("values", "counts"), 2: ("index", "counts"), 3: ("index", "inverse")}[level]
    for _ in range(TRIES):
        a = rng.integers(1, 8, 6)
        name = one_of(rng, asked)
        values, index, inverse, counts = np.unique(
            a, return_index=True, return_inverse=True, return_counts=True
        )
        result = {"values": values, "index": index, "inverse": inverse, "counts": counts}[name]
        wrong = options(listed(result), _models(name, a, values, index, inverse), _REASONS)
        repeats = 3 <= len(values) <= 5  # noqa: PLR2004  # of six elements
        if enough(wrong) and repeats and not np.array_equal(np.sort(index), index):
            break
    line = f"r = {_EXTRAS[name]}" if name == "values" else f"values, r = {_EXTRAS[name]}"
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=_ASKED[name],
        code=f"a = np.array({a.tolist()})\n{line}",
        answer="r",
        wrong=wrong,
        hint="Write down the values as `unique` returns them. What is noted for each of them?",
        rule="`unique` returns the distinct values sorted; index and counts go with them, the "
        "inverse goes with the elements.",
        why=_told(name, a, values, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.unique.html",
        covers=(60,),
        follow_up=(
            FollowUp(
                "How do you get the distinct values in the order of their appearance?",
                "`a[np.sort(index)]`, with the index that `return_index=True` gives.",
            ),
            FollowUp(
                "What is the most frequent value?",
                "`values[counts.argmax()]`; of several the smallest is taken.",
            ),
        ),
    )


_ASKED = {
    "values": "Which values does `np.unique` return?",
    "index": "Which positions does `return_index` give?",
    "inverse": "What does `return_inverse` give?",
    "counts": "What does `return_counts` give?",
}


def _models(
    name: str, a: "np.ndarray", values: "np.ndarray", index: "np.ndarray", inverse: "np.ndarray"
) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    first = np.sort(index)
    counts = np.array([(a == value).sum() for value in values])
    if name == "values":
        yield Wrong("unique-keeps-the-order", listed(a[first]))
        yield Wrong("unique-only-sorts", listed(np.sort(a)))
        yield Wrong("unique-returns-the-repeated", listed(values[counts == 1]))
    elif name == "index":
        last = np.array([np.flatnonzero(a == value)[-1] for value in values])
        yield Wrong("first-positions-come-in-order", listed(first))
        yield Wrong("unique-gives-the-last-position", listed(last))
        yield Wrong("positions-count-from-one", listed(index + 1))
        yield Wrong("the-inverse-is-the-first-position", listed(inverse))
    elif name == "inverse":
        yield Wrong("the-inverse-belongs-to-the-values", listed(index))
        yield Wrong("the-inverse-is-the-first-position", listed(index[inverse]))
        yield Wrong("positions-count-from-one", listed(inverse + 1))
        order = np.argsort(np.argsort(index))
        yield Wrong("unique-keeps-the-order", listed(order[inverse]))
    else:
        in_order = np.array([(a == value).sum() for value in a[first]])
        yield Wrong("unique-keeps-the-order", listed(in_order))
        yield Wrong("unique-counts-belong-to-the-elements", listed(counts[inverse]))
        yield Wrong("unique-counts-are-indexed-by-value", listed(np.bincount(a)))


def _told(name: str, a: "np.ndarray", values: "np.ndarray", result: "np.ndarray") -> str:
    told = {
        "values": "Each value comes once, in ascending order.",
        "index": f"It has one entry for each of the values {values.tolist()}: the position at "
        f"which the value stands for the first time. {values[0]} stands at {result[0]}.",
        "inverse": f"It has one entry for each element of `a`: its position among the values "
        f"{values.tolist()}. The first element, {a[0]}, is value number {result[0]}.",
        "counts": f"It has one entry for each of the values {values.tolist()}: how often it "
        f"occurs. {values[0]} occurs {_times(int(result[0]))}.",
    }[name]
    return (
        f"`r` is `{result.tolist()}`. {told}\n\n"
        "`unique` sorts, and everything that it returns follows from the sorted values. "
        "`return_index` takes you from a value to an element: `a[index]` are the values. "
        "`return_inverse` takes you from an element to its value: `values[inverse]` is `a` again, "
        "which makes it a code for categories. `return_counts` tells how often each value occurs, "
        "and adds up to the number of elements.\n\n"
        "They come in this order behind the values, however you name them. For small whole "
        "numbers `np.bincount` is quicker, and it counts what does not occur as well."
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


unique_counts = Family(
    id="unique-extras",
    topic="sorting",
    level=2,
    kind="predict",
    title="Values, positions, inverse and counts from `unique`",
    make=_distinct,
    beliefs=tuple(_REASONS),
    covers=(60,),
)
