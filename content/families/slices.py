"""Families about the elements and the length of a one-dimensional slice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, options, shaped
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- elements -------------------------------------------------------------------------------

_VALUES = {
    "the-stop-is-included": "The stop of a slice is left out, forwards and backwards.",
    "the-step-is-ignored": "The step takes every so many elements, not each of them.",
    "the-array-is-reversed-first": "Start and stop are positions in `a` as it is, also with a "
    "negative step.",
    "minus-one-is-the-last-but-one": "`-1` is the last position, so `-k` is k before the end.",
    "a-slice-must-lie-in-range": "The limits of a slice are cut to the axis; nothing is raised.",
    "steps-start-at-zero": "The steps are counted from the start of the slice, not from 0.",
}


def _values(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        size, low = int(rng.integers(6, 11)), int(rng.integers(1, 9)) * 10
        a = np.arange(low, low + size)
        part = _part(rng, size, level)
        result = a[part]
        wrong = options(listed(result), _values_models(a, part), _VALUES)
        if enough(wrong) and 2 <= len(result) < size - 1:  # noqa: PLR2004  # neither one nor all
            break
    written = _written(part)
    return Item(
        topic="indexing",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"Which elements does `a[{written}]` pick?",
        code=f"a = np.arange({low}, {low + size})\nr = a[{written}]",
        answer="r",
        wrong=wrong,
        hint="Which position is the first, and how far is it to the next? Which one stops it?",
        rule="A slice begins at its start, goes on by its step, and stops before its stop.",
        why=_values_told(a, part, written),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        follow_up=(
            FollowUp(
                "How do you reverse an array?",
                "With `a[::-1]`: without limits, a negative step runs from the last to the first.",
            ),
            FollowUp(
                "What is `a[2:8:-1]`?",
                "Empty: with a negative step the start has to lie behind the stop.",
            ),
        ),
    )


def _part(rng: "np.random.Generator", size: int, level: int) -> slice:
    """A slice; backwards from level 2 on, with limits outside the axis at level 3."""
    start, stop = sorted(int(place) for place in rng.permutation(size)[:2])
    step = int(rng.integers(1, 4))
    if level > 1 and is_chosen(rng, 0.6):
        start, stop, step = stop, start, -step
    first: int | None = start
    last: int | None = stop
    if level > 2 and is_chosen(rng, 0.4):  # noqa: PLR2004  # the last level
        beyond = size + int(rng.integers(1, 4))
        first, last = (beyond, last) if step < 0 else (first, beyond)
    elif is_chosen(rng, 0.5):
        first, last = (start - size, last) if is_chosen(rng, 0.5) else (first, stop - size)
    if level > 1 and is_chosen(rng, 0.2):
        last = None
    return slice(first, last, step)


def _values_models(a: "np.ndarray", part: slice) -> Iterator[Wrong]:
    size, step = len(a), part.step
    limits = [limit for limit in (part.start, part.stop) if limit is not None]
    places = range(size)[part]
    if any(limit > size for limit in limits):
        yield Wrong("a-slice-must-lie-in-range", raises="IndexError")
    if step < 0:
        yield Wrong("the-array-is-reversed-first", listed(a[::-1][part.start : part.stop : -step]))
    if any(limit < 0 for limit in limits):
        moved = [
            limit if limit is None or limit >= 0 else max(limit + size - 1, 0)
            for limit in (part.start, part.stop)
        ]
        yield Wrong("minus-one-is-the-last-but-one", listed(a[moved[0] : moved[1] : step]))
    if part.stop is not None:
        stop = part.stop % size if abs(part.stop) <= size else size
        if places and 0 <= places[-1] + step < size:
            reached = range(places[0], stop + _sign(step), step)
            yield Wrong("the-stop-is-included", listed(a[list(reached)]))
    if abs(step) > 1:
        yield Wrong("the-step-is-ignored", listed(a[part.start : part.stop : _sign(step)]))
        between = range(size)[part.start : part.stop : _sign(step)]
        yield Wrong(
            "steps-start-at-zero", listed(a[[place for place in between if place % step == 0]])
        )


def _sign(step: int) -> int:
    return 1 if step > 0 else -1


def _written(part: slice) -> str:
    start, stop = ("" if limit is None else str(limit) for limit in (part.start, part.stop))
    return f"{start}:{stop}" + ("" if part.step == 1 else f":{part.step}")


def _values_told(a: "np.ndarray", part: slice, written: str) -> str:
    size = len(a)
    places = [*range(size)[part]]
    notes = []
    for name, limit in (("start", part.start), ("stop", part.stop)):
        if limit is not None and limit < 0:
            notes.append(f"The {name} `{limit}` is position {limit + size}, counted from the end.")
        elif limit is not None and limit > size:
            end = "its last element" if name == "start" else "its end"
            notes.append(f"The {name} {limit} lies outside the array and is cut to {end}.")
    if part.stop is None:
        notes.append(f"Without a stop it runs to the {'last' if part.step > 0 else 'first'} one.")
    how = "forwards" if part.step > 0 else "backwards"
    return (
        f"`r` is `{a[part].tolist()}`. `a[{written}]` runs {how} by {abs(part.step)} and takes "
        f"the positions {', '.join(map(str, places))}. {' '.join(notes)}\n\n"
        "The first position is the start itself, each next one adds the step, and the stop is "
        "never reached. With a negative step the same holds in the other direction: the start is "
        "the rightmost position, the one named first, and the stop is left out at the left end. "
        "Positions below 0 count from the end, `-1` being the last. Limits outside the axis are "
        "cut to it, where a single index would raise `IndexError`.\n\n"
        "Whatever the step, the result is a view: NumPy moves the start and multiplies the stride."
    )


slice_values = Family(
    id="slice-values",
    topic="indexing",
    level=1,
    kind="predict",
    title="Which elements a slice picks, forwards and backwards",
    make=_values,
    beliefs=tuple(_VALUES),
)

# --- length ---------------------------------------------------------------------------------

_LENGTH = {
    "a-slice-length-rounds-down": "The start is taken too, so the quotient is rounded up.",
    "the-stop-is-included": "The stop is left out, so it does not count.",
    "limits-are-not-cut": "A limit outside the axis is cut to it before anything is counted.",
    "a-slice-must-lie-in-range": "The limits of a slice are cut to the axis; nothing is raised.",
    "the-step-is-ignored": "A step of k leaves about one in k elements.",
    "the-step-divides-the-whole-axis": "What lies between start and stop is divided, not the axis.",
}


def _length(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        size, step = int(rng.integers(12, 100)), int(rng.integers(2, 8))
        start, stop = sorted(int(place) for place in rng.integers(0, size, 2))
        first, last = start, stop
        if level > 1 and is_chosen(rng, 0.5):
            last = size + int(rng.integers(2, 20)) if is_chosen(rng, 0.5) else stop - size
        if level > 2:  # noqa: PLR2004  # the last level
            first, last, step = (stop, start, -step) if is_chosen(rng, 0.5) else (start, last, step)
        part = slice(first, last, step)
        result = np.zeros(size)[part].shape
        wrong = options(str(result), _length_models(size, part), _LENGTH)
        if enough(wrong) and result[0] > 2 and abs(stop - start) % step:  # noqa: PLR2004  # many
            break
    written = _written(part)
    return Item(
        topic="indexing",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of `a[{written}]`, from {size} elements?",
        code=f"a = np.zeros({size})\npart = a[{written}]",
        answer="part.shape",
        wrong=wrong,
        hint="How far is it from start to stop, and how many steps begin within that distance?",
        rule="A slice holds ceil((stop - start) / step) elements, once its limits are cut to the "
        "axis.",
        why=_length_told(size, part, written, result[0]),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        follow_up=(
            FollowUp(
                "How does plain Python tell the length of a slice?",
                "`len(range(size)[start:stop:step])` counts it without making an array.",
            ),
            FollowUp(
                "How long is `a[::k]`?",
                "`ceil(len(a) / k)`, written in integers as `-(-len(a) // k)`.",
            ),
        ),
    )


def _length_models(size: int, part: slice) -> Iterator[Wrong]:
    start, stop, _ = part.indices(size)
    distance, pace = abs(stop - start), abs(part.step)
    if part.stop > size:
        yield Wrong("a-slice-must-lie-in-range", raises="IndexError")
        yield shaped("limits-are-not-cut", (-(-(part.stop - start) // pace),))
    yield shaped("a-slice-length-rounds-down", (distance // pace,))
    yield shaped("the-stop-is-included", (-(-(distance + 1) // pace),))
    yield shaped("the-step-divides-the-whole-axis", (-(-size // pace),))
    yield shaped("the-step-is-ignored", (distance,))


def _length_told(size: int, part: slice, written: str, count: int) -> str:
    start, stop, step = part.indices(size)
    distance, pace = abs(stop - start), abs(step)
    places = range(size)[part]
    cut = ""
    if part.stop > size:
        cut = f"The stop {part.stop} is cut to {size}. "
    elif part.stop < 0:
        cut = f"The stop {part.stop} is position {stop}, counted from the end. "
    return (
        f"The shape is `({count},)`. {cut}From {start} to {stop} it is {distance} positions, and "
        f"{distance} / {pace} is {distance / pace:.2f}, which is rounded up to {count}.\n\n"
        f"The positions taken by `a[{written}]` are {places[0]}, {places[1]}, … {places[-1]}. The "
        f"next one would be {places[-1] + step}, which does not come before the stop.\n\n"
        "Rounding up is what people miss: each step has one element at its beginning, so even a "
        "step that is not complete adds one. The stop does not count, and limits outside the axis "
        "are cut to it. The same rule gives the length of `range`, of `np.arange` with integers, "
        "and, with the window as the step, the number of blocks that cover an array.\n\n"
        "`len(part)` or `part.shape` tells it without thinking, and costs nothing: a slice is a "
        "view."
    )


slice_length = Family(
    id="slice-length",
    topic="indexing",
    level=2,
    kind="predict",
    title="How many elements a slice with a step holds",
    make=_length,
    beliefs=tuple(_LENGTH),
)
