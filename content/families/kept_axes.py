"""A family about the axes that stay after an integer, a slice or a list of one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from content.families.parts import (
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

Part = int | slice | list[int]

_KEPT = {
    "an-integer-keeps-its-axis": "An integer takes its axis away; a slice of length 1 keeps it.",
    "a-slice-of-one-drops-its-axis": "A slice keeps its axis, even where one element is left.",
    "a-list-of-one-is-an-integer": "A list keeps an axis, with its own length, also of one entry.",
    "the-first-slice-is-for-columns": "The first part of the index belongs to axis 0, the rows.",
}


def _kept(rng: "np.random.Generator", level: int) -> Item:
    for _ in range(TRIES):
        shape = tuple(sizes(rng, 2 if level == 1 else 3, 2, 6))
        index = _one_each(rng, shape, level)
        result = _taken(shape, index)
        wrong = options(str(result), _kept_models(shape, index), _KEPT)
        if enough(wrong):
            break
    written = f"a[{', '.join(map(_written, index))}]"
    return Item(
        topic="indexing",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of `{written}`?",
        code=f"a = np.zeros({shape})\npart = {written}",
        answer="part.shape",
        wrong=wrong,
        hint="Each part of the index picks one position. Which of them keep their axis?",
        rule="An integer removes its axis; a slice or a list of one position keeps it, with "
        "length 1.",
        why=_kept_told(shape, index, written, result),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "Why would you keep an axis of length 1?",
                "So that the part still broadcasts against the whole: `a - a[:, :1]` fits.",
            ),
            FollowUp(
                "Which of these spellings copy?",
                "Those with a list; integers and slices alone give a view.",
            ),
        ),
    )


def _one_each(rng: "np.random.Generator", shape: Shape, level: int) -> list[Part]:
    """One position on some axes: as an integer, a slice or a list; the others are whole."""
    parts: list[Part] = [slice(None)] * len(shape)
    chosen = [int(axis) for axis in rng.permutation(len(shape))[: 1 if level == 1 else 2]]
    has_list = False
    for axis in chosen:
        place = int(rng.integers(shape[axis] - 1))
        way = one_of(rng, ("integer", "slice", "list"))
        if way == "list" and axis == chosen[0]:
            parts[axis], has_list = [place], True
        elif way == "slice" or has_list:
            parts[axis] = slice(place, place + 1)
        else:
            parts[axis] = place
    while len(parts) > 1 and parts[-1] == slice(None) and is_chosen(rng, 0.6):
        parts.pop()
    return parts


def _taken(shape: Shape, index: Sequence[Part]) -> Shape:
    """The shape that NumPy gives."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    result: Shape = np.empty(shape, dtype=bool)[tuple(index)].shape
    return result


def _kept_models(shape: Shape, index: list[Part]) -> Iterator[Wrong]:
    one = [slice(part, part + 1) if isinstance(part, int) else part for part in index]
    yield shaped("an-integer-keeps-its-axis", _taken(shape, one))
    gone = [part.start if _is_one(part) else part for part in index]  # type: ignore[union-attr]  # a slice
    yield shaped("a-slice-of-one-drops-its-axis", _taken(shape, gone))
    plain = [part[0] if isinstance(part, list) else part for part in index]
    yield shaped("a-list-of-one-is-an-integer", _taken(shape, plain))
    whole = [*index, slice(None)][: len(shape)]
    swapped = [whole[1], whole[0], *whole[2:]]
    turned = (shape[1], shape[0], *shape[2:])
    if _taken(turned, swapped) != _taken(shape, index):
        yield shaped("the-first-slice-is-for-columns", _taken_swapped(shape, swapped))


def _taken_swapped(shape: Shape, index: list[Part]) -> Shape:
    """The shape when the first two parts go to each other's axis, positions cut to fit."""
    fitted: list[Part] = []
    for size, part in zip(shape, index, strict=False):
        if isinstance(part, int):
            fitted.append(min(part, size - 1))
        elif isinstance(part, list):
            fitted.append([min(part[0], size - 1)])
        else:
            fitted.append(slice(0, 1) if _is_one(part) else part)
    return _taken(shape, fitted)


def _is_one(part: Part) -> bool:
    return isinstance(part, slice) and part.start is not None


def _written(part: Part) -> str:
    if not isinstance(part, slice):
        return str(part)
    return f"{part.start}:{part.stop}" if part.start is not None else ":"


def _kept_told(shape: Shape, index: list[Part], written: str, result: Shape) -> str:
    lines = []
    for axis, size in enumerate(shape):
        part = index[axis] if axis < len(index) else slice(None)
        shown = f"`{_written(part)}`"
        if isinstance(part, int):
            lines.append(f"- Axis {axis}: the integer {shown} removes it.")
        elif isinstance(part, list):
            lines.append(f"- Axis {axis}: the list {shown} has one entry, which gives length 1.")
        elif _is_one(part):
            lines.append(f"- Axis {axis}: the slice {shown} keeps it, with length 1.")
        else:
            lines.append(f"- Axis {axis}: taken whole, so its {size} stay.")
    return (
        f"`{written}` has the shape `{result}`:\n\n" + "\n".join(lines) + "\n\n"
        "The same elements can be picked in several ways, and the shapes differ. An integer asks "
        "for one thing along its axis, so that axis is gone: a row of a table is a vector, not a "
        "table with one row. A slice or a list asks for several things, and one is a number of "
        "things too. The difference is silent until the part meets another array: a vector of n "
        "elements broadcasts as a row, a column `(n, 1)` as a column.\n\n"
        "Parts that are left out at the end count as `:`."
    )


integer_or_slice = Family(
    id="integer-or-slice",
    topic="indexing",
    level=1,
    kind="predict",
    title="Which axes stay after an integer, a slice or a list of one",
    make=_kept,
    beliefs=tuple(_KEPT),
    covers=(18,),
)
