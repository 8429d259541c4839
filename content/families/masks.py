"""Families about masks, and about writing through repeated indices."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REPEATED = {
    "repeated-indices-accumulate": "Each element is read once, before any of them is written.",
    "add-at-counts-once": "`np.add.at` carries out every addition, repeated ones too.",
    "fancy-assignment-hits-a-copy": "What is written goes into the array; reading makes a copy.",
    "the-first-value-stays": "Of several values for one position the last one stays.",
    "the-values-are-summed": "Values are assigned one after the other, and nothing is added.",
}


def _repeated(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        start = rng.integers(0, 10, 4) if level > 1 else np.zeros(4, dtype=int)
        places = [int(place) for place in rng.integers(0, 4, 3 + (level > 2))]  # noqa: PLR2004  # the last level
        step = int(rng.integers(1, 6)) if level > 1 else 1
        values = [int(value) for value in rng.permutation(range(10, 60))[: len(places)]]
        way = one_of(rng, ("add", "at", "set")[: max(2, level)])
        result = _after(way, start, places, step, values)
        wrong = options(
            listed(result), _repeated_models(way, start, places, step, values), _REPEATED
        )
        if enough(wrong) and len(set(places)) < len(places) and len(set(places)) > 1:
            break
    line = {
        "add": f"a[{places}] += {step}",
        "at": f"np.add.at(a, {places}, {step})",
        "set": f"a[{places}] = {values}",
    }[way]
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What does `a` hold at the end?",
        code=f"a = np.array({start.tolist()})\n{line}",
        answer="a",
        wrong=wrong,
        hint="Which elements are read, and when is each of them written?",
        rule="`a[places] += x` reads all elements, adds, then writes them, so a repeated place "
        "counts once; `np.add.at` counts each.",
        why=_repeated_told(way, places, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html",
        follow_up=(
            FollowUp(
                "What is the usual way to count positions?",
                "`np.bincount(places, minlength=4)`, and with `weights=` it adds values up.",
            ),
            FollowUp(
                "Do other ufuncs have `at`?",
                "Yes, such as `np.maximum.at`, which keeps the largest value for each position.",
            ),
        ),
    )


def _after(
    way: str, start: "np.ndarray", places: list[int], step: int, values: list[int]
) -> "np.ndarray":
    """What the array holds after the line has run."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = start.copy()
    if way == "add":
        a[places] += step
    elif way == "at":
        np.add.at(a, places, step)
    else:
        a[places] = values
    return a


def _repeated_models(
    way: str, start: "np.ndarray", places: list[int], step: int, values: list[int]
) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if way == "set":
        yield Wrong(
            "the-first-value-stays", listed(_after(way, start, places[::-1], 0, values[::-1]))
        )
        summed = start.copy()
        summed[places] = 0
        np.add.at(summed, places, values)
        yield Wrong("the-values-are-summed", listed(summed))
    else:
        other = "at" if way == "add" else "add"
        belief = "repeated-indices-accumulate" if way == "add" else "add-at-counts-once"
        yield Wrong(belief, listed(_after(other, start, places, step, values)))
    yield Wrong("fancy-assignment-hits-a-copy", listed(start))


def _repeated_told(way: str, places: list[int], result: "np.ndarray") -> str:
    double = next(place for place in places if places.count(place) > 1)
    told = {
        "add": f"Position {double} is named more than once, and counts once: all elements are read "
        "first, then the sums are written, the same sum each time.",
        "at": f"Position {double} is named more than once, and `np.add.at` carries out each of "
        "these additions, one after the other.",
        "set": f"Position {double} is named more than once: the values are written in turn, and "
        "the last of them stays.",
    }[way]
    return (
        f"`a` is `{result.tolist()}`. {told}\n\n"
        "Python turns `a[places] += x` into three steps: it takes `a[places]`, a new array with "
        "one element for each position, adds to it, and assigns the sums to `a[places]`. Every "
        "occurrence of a position starts from the same old value, so nothing accumulates.\n\n"
        "The array itself is changed all the same: reading with a list copies, but an assignment "
        "writes into the array. To count occurrences use `np.bincount`, and `np.add.at` where the "
        "positions have several axes or the values are added to what is there."
    )


repeated_index = Family(
    id="repeated-index",
    topic="fancy",
    level=2,
    kind="predict",
    title="Adding to, or writing at, positions that repeat",
    make=_repeated,
    beliefs=tuple(_REPEATED),
)

# --- masks ----------------------------------------------------------------------------------

_MASKS = {
    "a-mask-keeps-the-shape": "A mask picks elements into one axis; `np.where` keeps the shape.",
    "a-mask-gives-positions": "A mask picks the elements; `np.flatnonzero` gives their positions.",
    "not-is-ignored": "`~` turns the mask round: what was false is picked.",
    "and-means-or": "`&` picks where both conditions hold, `|` where at least one does.",
    "or-means-and": "`|` picks where at least one condition holds, `&` where both do.",
}


def _masks(rng: "np.random.Generator", level: int) -> Item:

    for _ in range(TRIES):
        a = rng.permutation(range(1, 20))[:6].reshape(2, 3)
        low = int(rng.integers(5, 14))
        even, large = a % 2 == 0, a > low
        ways = {
            "a > {low}": (large, large),
            "~(a > {low})": (~large, large),
            "(a > {low}) & (a % 2 == 0)": (large & even, large | even),
            "(a > {low}) | (a % 2 == 0)": (large | even, large & even),
        }
        written = one_of(rng, [*ways][: level + 1])
        mask, mistaken = ways[written]
        result = a[mask]
        wrong = options(listed(result), _mask_models(written, a, mask, mistaken), _MASKS)
        if enough(wrong) and 2 <= mask.sum() <= 4:  # noqa: PLR2004  # neither none nor all
            break
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nr = a[{written.format(low=low)}]",
        answer="r",
        wrong=wrong,
        hint="Which elements are picked, in which order, and how many axes can they have?",
        rule="A Boolean mask picks the elements where it is true into a one-dimensional array, row "
        "by row.",
        why=_masks_told(written.format(low=low), mask, result),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        covers=(20, 45),
        follow_up=(
            FollowUp(
                "Why the parentheses around each comparison?",
                "`&` binds tighter than `>`: without them `a > (5 & a) % 2 == 0` is read.",
            ),
            FollowUp(
                "How do you keep the shape?",
                "With `np.where(mask, a, 0)`, or by writing `a[~mask] = 0` into a copy.",
            ),
        ),
    )


def _mask_models(
    written: str, a: "np.ndarray", mask: "np.ndarray", mistaken: "np.ndarray"
) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if written.startswith("~"):
        yield Wrong("not-is-ignored", listed(a[mistaken]))
    if "&" in written:
        yield Wrong("and-means-or", listed(a[mistaken]))
    if "|" in written:
        yield Wrong("or-means-and", listed(a[mistaken]))
    yield Wrong("a-mask-keeps-the-shape", listed(np.where(mask, a, 0)))
    yield Wrong("a-mask-gives-positions", listed(np.flatnonzero(mask)))


def _masks_told(written: str, mask: "np.ndarray", result: "np.ndarray") -> str:
    return (
        f"`r` is `{result.tolist()}`. The mask `{written}` is `{mask.tolist()}`, and "
        f"{int(mask.sum())} of its elements are true.\n\n"
        "A mask of the shape of the array picks single elements, row by row. Any number may "
        "be true, in any place, so the result cannot keep rows and columns: it has one axis. "
        "It is a copy, as with every index that is not made of slices and integers.\n\n"
        "Conditions are combined element by element with `&`, `|` and `~`. The words `and`, `or` "
        "and `not` ask for one truth value of a whole array, which raises `ValueError` as soon as "
        "it has more than one element."
    )


boolean_mask = Family(
    id="boolean-mask",
    topic="fancy",
    level=1,
    kind="predict",
    title="What a Boolean mask picks",
    make=_masks,
    beliefs=tuple(_MASKS),
    covers=(20, 45),
)
