"""Families about axes and reductions."""

from collections.abc import Iterator
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

_REASONS = {
    "axis-names-what-stays": "`axis` names the axes that go away, not the ones that stay.",
    "keepdims-is-the-default": "Without `keepdims=True` the reduced axes are removed.",
    "keepdims-changes-nothing": "`keepdims=True` leaves each reduced axis with size 1.",
    "axes-count-from-one": "Axes are counted from 0; the last one is -1.",
    "a-reduction-gives-one-number": "With `axis` only those axes are reduced, the others stay.",
}
_FUNCTIONS = ("sum", "mean", "max", "min", "prod", "any", "all", "std")


def _axis_shape(rng: "np.random.Generator", level: int) -> Item:
    for _ in range(TRIES):
        shape = tuple(sizes(rng, level + 1))
        count = int(rng.integers(1, level + 1)) if level > 1 else 1
        axes = tuple(sorted(int(axis) for axis in rng.permutation(len(shape))[:count]))
        keep = level > 1 and is_chosen(rng, 0.4)
        result = _reduced(shape, axes, keep=keep)
        wrong = options(str(result), _models(shape, axes, keep=keep), _REASONS)
        if enough(wrong):
            break
    written = _written(rng, axes, len(shape), level)
    function = one_of(rng, _FUNCTIONS)
    named = ", keepdims=True" if keep else ""
    return Item(
        topic="reductions",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `r`?",
        code=f"a = np.ones({shape})\nr = a.{function}(axis={written}{named})",
        answer="r.shape",
        picture=("a", "r"),
        wrong=wrong,
        hint="Cross out the axes that `axis` names; what is left?",
        rule="A reduction removes the axes that `axis` names; with `keepdims=True` they stay with "
        "size 1.",
        why=_explained(shape, axes, written, result, keep=keep),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
        covers=(14,),
        follow_up=(
            FollowUp(
                "Why keep the reduced axes?",
                "The result then broadcasts against it: `a - a.mean(axis=1, keepdims=True)`.",
            ),
            FollowUp(
                "Which reductions take only one axis?",
                "`argmax` and `argmin`: an index counts along one axis, or through the flat array.",
            ),
        ),
    )


def _reduced(shape: Shape, axes: Shape, *, keep: bool) -> Shape:
    if keep:
        return tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in axes)


def _models(shape: Shape, axes: Shape, *, keep: bool) -> Iterator[Wrong]:
    """What each misconception makes of the axes."""
    others = tuple(axis for axis in range(len(shape)) if axis not in axes)
    yield shaped("axis-names-what-stays", _reduced(shape, others, keep=keep))
    belief = "keepdims-changes-nothing" if keep else "keepdims-is-the-default"
    yield shaped(belief, _reduced(shape, axes, keep=not keep))
    shifted = tuple(axis - 1 for axis in axes if axis)
    if shifted:
        yield shaped("axes-count-from-one", _reduced(shape, shifted, keep=keep))
    yield shaped("a-reduction-gives-one-number", ())


def _written(rng: "np.random.Generator", axes: Shape, depth: int, level: int) -> str:
    """The axes as a person writes them, some counted from the end."""
    names = [axis - depth if level > 1 and is_chosen(rng, 0.4) else axis for axis in axes]
    return str(names[0]) if len(names) == 1 else str(tuple(names))


def _explained(shape: Shape, axes: Shape, written: str, result: Shape, *, keep: bool) -> str:
    gone = " and ".join(f"axis {axis} (size {shape[axis]})" for axis in axes)
    it, place = ("It is", "its place") if len(axes) == 1 else ("They are", "the place of each")
    stays = (
        f"`keepdims=True` leaves a 1 in {place}, so that the result still broadcasts against `a`."
        if keep
        else f"{it} removed; `keepdims=True` would leave a 1 in {place}."
    )
    return (
        f"The shape is `{result}`. `axis={written}` names what is reduced: {gone}. {stays}\n\n"
        "Read `axis` as *along*: the reduction runs along that axis and uses it up. The axes that "
        "are not named keep their sizes and their order. Negative axes count from the end, so -1 "
        "is the last.\n\n"
        "Without `axis` everything is reduced to one number."
    )


axis_shape = Family(
    id="axis-shape",
    topic="reductions",
    level=1,
    kind="predict",
    title="The shape of a reduction along axes",
    make=_axis_shape,
    beliefs=tuple(_REASONS),
    covers=(14,),
)
