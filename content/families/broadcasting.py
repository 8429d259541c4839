"""Families about broadcasting."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Shape,
    Wrong,
    broadcast,
    enough,
    is_chosen,
    lined_up,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "left-aligned-shapes": "That lines the shapes up from the left; NumPy starts at the last axis.",
    "larger-size-wins": "Only a size of 1 stretches; two other sizes must be equal.",
    "the-first-operand-wins": "The first operand does not decide: either side may stretch.",
    "ranks-must-match": "The numbers of axes may differ: a missing axis counts as 1.",
    "ones-stay": "A 1 does not stay: it stretches to the size that it faces.",
    "only-equal-shapes": "Shapes need not be equal: a 1 fits every size.",
}


def _broadcast_shape(rng: "np.random.Generator", level: int) -> Item:
    names = ("a", "b", "c")[: 3 if level == 3 else 2]  # noqa: PLR2004  # levels are 1 to 3
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    for _ in range(TRIES):
        shapes = _draw(rng, level, len(names))
        result = broadcast(*shapes)
        key = "ValueError" if result is None else str(result)
        wrong = options(key, _models(shapes), _REASONS)
        tempts = result not in shapes and _stretches(shapes)
        if (result is None) is fails and enough(wrong) and tempts:
            break
    code = [f"{name} = np.ones({shape})" for name, shape in zip(names, shapes, strict=True)]
    return Item(
        topic="broadcasting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `result`, or does it raise an error?",
        code="\n".join([*code, f"result = {' + '.join(names)}"]),
        answer="result.shape",
        picture=(*names, "result"),
        raises="ValueError" if result is None else None,
        wrong=wrong,
        hint="Write the shapes under each other with their last axes in line.",
        rule="Shapes are compared from the last axis: sizes fit when they are equal or one is 1, "
        "and a missing axis counts as 1.",
        why=_explained(names, shapes, result),
        docs="https://numpy.org/doc/stable/user/basics.broadcasting.html",
        covers=(5,),
        follow_up=(
            FollowUp(
                "Does broadcasting copy the smaller array?",
                "No: the stretched axis gets stride 0, so the same memory is read again.",
            ),
            FollowUp(
                "How do you ask for the shape without making arrays?",
                "`np.broadcast_shapes` takes the shapes and returns the common one or raises.",
            ),
        ),
    )


def _draw(rng: "np.random.Generator", level: int, count: int) -> list[Shape]:
    """Shapes of which some axes are 1, some are missing and perhaps one does not fit."""
    depth = int(rng.integers(2, 3 if level == 1 else 5))
    full = sizes(rng, depth)
    shapes = []
    for _ in range(count):
        kept = full[int(rng.integers(0, depth)) :]
        ones = rng.random(len(kept)) < 0.35  # noqa: PLR2004  # about one axis in three
        shape = [1 if one else size for size, one in zip(kept, ones, strict=True)]
        if is_chosen(rng, 0.25):
            shape[int(rng.integers(len(shape)))] = int(rng.integers(2, 7))
        shapes.append(tuple(shape))
    return shapes


def _stretches(shapes: list[Shape]) -> bool:
    """Whether some axis is 1 or missing: two full shapes that differ are no question."""
    return len(set(map(len, shapes))) > 1 or any(1 in shape for shape in shapes)


def _models(shapes: list[Shape]) -> Iterator[Wrong]:
    """What each misconception makes of the shapes."""
    depth = max(map(len, shapes))
    left = [shape + (1,) * (depth - len(shape)) for shape in shapes]
    right = [(1,) * (depth - len(shape)) + shape for shape in shapes]
    same = len(set(shapes)) == 1
    ranks = len(set(map(len, shapes))) == 1
    yield shaped("left-aligned-shapes", broadcast(*left))
    yield shaped("larger-size-wins", [max(column) for column in zip(*right, strict=True)])
    if not ranks:
        yield shaped("ranks-must-match", None)
    yield shaped("the-first-operand-wins", shapes[0])
    yield shaped("ones-stay", [min(column) for column in zip(*right, strict=True)])
    if not same:
        yield shaped("only-equal-shapes", None)


def _explained(names: tuple[str, ...], shapes: list[Shape], result: Shape | None) -> str:
    if result is not None:
        told = f"The shape is `{result}`."
        picture = lined_up([*names, "result"], [*shapes, result])
        after = "Each column holds equal sizes or a 1, and the 1 stretches."
    else:
        told = "It raises `ValueError`."
        picture = lined_up(names, shapes)
        depth, at = _clash(shapes)
        clash = sorted({shape[at] for shape in shapes if len(shape) >= depth} - {1})
        said = " and ".join(map(str, clash))
        after = f"In column {depth} from the right {said} face each other, and neither is 1."
    return (
        f"{told} Write the shapes with their last axes in line:\n\n{picture}\n\n{after}\n\n"
        "A missing axis counts as 1; it is always missing on the left. To line an axis up "
        "elsewhere, place it yourself: `a[:, None]` adds an axis of size 1 behind the first."
    )


def _clash(shapes: list[Shape]) -> tuple[int, int]:
    """The first column from the right whose sizes do not fit: its depth and its index."""
    for depth in range(1, max(map(len, shapes)) + 1):
        column = {shape[-depth] for shape in shapes if len(shape) >= depth} - {1}
        if len(column) > 1:
            return depth, -depth
    message = "the shapes fit"
    raise ValueError(message)


broadcast_shape = Family(
    id="broadcast-shape",
    topic="broadcasting",
    level=2,
    kind="predict",
    title="The shape of a sum of arrays, or an error",
    make=_broadcast_shape,
    beliefs=tuple(_REASONS),
    covers=(5,),
    may_fail=True,
)
