"""Families about basic indexing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Shape, Wrong, enough, is_chosen, options, shaped, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    from types import EllipsisType

    import numpy as np

    Part = int | slice | EllipsisType | None

_REASONS = {
    "an-integer-keeps-its-axis": "An integer takes its axis away; a slice of length 1 keeps it.",
    "a-new-axis-goes-last": "`None` puts the new axis where it stands in the index.",
    "ellipsis-is-one-axis": "`...` stands for as many full slices as are needed.",
    "the-step-is-ignored": "A step keeps only every so many elements, rounded up.",
    "the-stop-is-included": "The stop of a slice is not included.",
}


def _slice_shape(rng: "np.random.Generator", level: int) -> Item:
    for _ in range(TRIES):
        shape = tuple(sizes(rng, int(rng.integers(2, 4 if level == 1 else 5)), 3, 8))
        index = _index(rng, level, shape)
        result = _shape(shape, index)
        wrong = options(str(result), _models(shape, index), _REASONS)
        if enough(wrong) and result != shape and 0 not in result:
            break
    return Item(
        topic="indexing",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `part`?",
        code=f"a = np.zeros({shape})\npart = a[{', '.join(map(_written, index))}]",
        answer="part.shape",
        wrong=wrong,
        hint="Go through the index from the left and say what each part does to its axis.",
        rule="An integer removes its axis, a slice keeps it, `None` adds one of size 1, and `...` "
        "stands for all full slices in between.",
        why=_explained(shape, index, result),
        docs="https://numpy.org/doc/stable/user/basics.indexing.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "How do you pick one row and keep two axes?",
                "With a slice of length 1, `a[1:2]`, or a list, `a[[1]]`.",
            ),
            FollowUp(
                "Does a slice copy?",
                "No: basic indexing gives a view of the same memory.",
            ),
        ),
    )


def _index(rng: "np.random.Generator", level: int, shape: Shape) -> "list[Part]":
    """An index with an integer and a slice at least; higher levels add `None` and `...`."""
    parts: list[Part] = [_slice(rng, size, level) for size in shape]
    parts[int(rng.integers(len(parts)))] = int(rng.integers(-2, 3))
    keep = len(parts) - int(is_chosen(rng, 0.4))
    parts = parts[:keep]
    if level > 1 and len(parts) > 1 and is_chosen(rng, 0.5):
        cut = int(rng.integers(1, len(parts)))
        gone = int(rng.integers(0, 2))
        parts[cut : cut + gone] = [Ellipsis]
    if level > 1:
        parts.insert(int(rng.integers(0, len(parts))), None)
    return parts


def _slice(rng: "np.random.Generator", size: int, level: int) -> slice:
    kind = int(rng.integers(0, 4))
    if kind == 0:
        return slice(None)
    if kind == 1:
        return slice(None, None, int(rng.integers(2, 4)))
    start = int(rng.integers(0, size - 1))
    stop = int(rng.integers(start + 1, size))
    if kind == 2 or level == 1:  # noqa: PLR2004  # one of four kinds
        return slice(start, stop)
    return slice(None, None, -2)


def _shape(shape: Shape, index: "Sequence[Part]") -> Shape:
    """The shape that NumPy gives."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    result: Shape = np.empty(shape, dtype=bool)[tuple(index)].shape
    return result


def _models(shape: Shape, index: "Sequence[Part]") -> Iterator[Wrong]:
    """What each misconception makes of the index."""
    one = [slice(0, 1) if isinstance(part, int) else part for part in index]
    yield shaped("an-integer-keeps-its-axis", _shape(shape, one))
    if None in index:
        without = [part for part in index if part is not None]
        yield shaped("a-new-axis-goes-last", (*_shape(shape, without), 1))
    if Ellipsis in index:
        single = [slice(None) if part is Ellipsis else part for part in index]
        if sum(part is not None for part in single) <= len(shape):
            short = _shape(shape, single)
            missing = len(shape) - sum(part is not None for part in single)
            yield shaped("ellipsis-is-one-axis", short[: len(short) - missing])
    whole = [_without_step(part) for part in index]
    yield shaped("the-step-is-ignored", _shape(shape, whole))
    yield shaped("the-stop-is-included", _shape(shape, [_with_stop(part) for part in index]))


def _without_step(part: "Part") -> "Part":
    if isinstance(part, slice) and part.step is not None:
        return slice(None) if part.step < 0 else slice(part.start, part.stop)
    return part


def _with_stop(part: "Part") -> "Part":
    if isinstance(part, slice) and part.stop is not None:
        return slice(part.start, part.stop + 1, part.step)
    return part


def _written(part: "Part") -> str:
    if part is Ellipsis:
        return "..."
    if not isinstance(part, slice):
        return str(part)
    start, stop, step = ("" if edge is None else str(edge) for edge in _edges(part))
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


def _edges(part: slice) -> tuple[int | None, int | None, int | None]:
    return part.start, part.stop, part.step


def _explained(shape: Shape, index: "Sequence[Part]", result: Shape) -> str:
    axis, lines = 0, []
    spread = len(shape) - sum(isinstance(part, (int, slice)) for part in index)
    for part in index:
        if part is None:
            lines.append("- `None` adds an axis of size 1.")
            continue
        if part is Ellipsis:
            kept = _axes(range(axis, axis + spread))
            axis += spread
            lines.append(f"- `...` keeps {kept}." if spread else "- `...` covers no axis here.")
            continue
        before = shape[axis]
        if isinstance(part, slice):
            after = len(range(before)[part])
            size = f"{before} becomes {after}" if before != after else f"all {before}"
            lines.append(f"- `{_written(part)}` keeps axis {axis}: {size}.")
        else:
            lines.append(f"- `{part}` removes axis {axis}.")
        axis += 1
    if axis < len(shape):
        lines.append(f"- The index does not mention {_axes(range(axis, len(shape)))}: kept whole.")
    steps = "\n".join(lines)
    return (
        f"The shape is `{result}`. From the left:\n\n{steps}\n\n"
        "A slice keeps ceil((stop - start) / step) elements, and never its stop. An integer "
        "and a slice of length 1 pick the same numbers, but only the slice keeps the axis, which "
        "matters as soon as the result meets another array.\n\n"
        "All of this is basic indexing: `part` is a view of `a`, and writing into it changes `a`."
    )


def _axes(axes: range) -> str:
    """Which axes, in words."""
    return f"{'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}"


slice_shape = Family(
    id="slice-shape",
    topic="indexing",
    level=2,
    kind="predict",
    title="The shape of a slice with integers, steps, `None` and `...`",
    make=_slice_shape,
    beliefs=tuple(_REASONS),
    covers=(18,),
)
