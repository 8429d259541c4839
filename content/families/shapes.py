"""Families about reshaping, transposing, joining and repeating."""

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

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

# --- reshape with -1 ------------------------------------------------------------------------

_RESHAPE = {
    "minus-one-keeps-an-axis": "`-1` is worked out from all elements; no axis of `a` is kept.",
    "minus-one-takes-the-rest": "`-1` stands where it is written; the other sizes are as given.",
    "reshape-pads-or-cuts": "`reshape` never adds or drops elements: the product must be the same.",
    "minus-one-must-fit-an-axis": "The new sizes need not be sizes of `a`; their product counts.",
}


def _reshape(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    for _ in range(TRIES):
        shape = tuple(sizes(rng, 2 if level == 1 else 3, 2, 8))
        count = level if level < 3 else int(rng.integers(2, 4))  # noqa: PLR2004  # the last level
        given = [int(size) for size in rng.integers(2, 7, count)]
        at = int(rng.integers(0, count + 1))
        result = _filled(prod(shape), given, at)
        target = (*given[:at], -1, *given[at:])
        key = "ValueError" if result is None else str(result)
        wrong = options(key, _reshape_models(shape, given, at, result), _RESHAPE)
        is_new = result is None or (sorted(result) != sorted(shape) and 1 not in result)
        if (result is None) is fails and is_new and enough(wrong):
            break
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `b`, or does it raise an error?",
        code=f"a = np.zeros({shape})\nb = a.reshape({', '.join(map(str, target))})",
        answer="b.shape",
        picture=("a", "b"),
        raises="ValueError" if result is None else None,
        wrong=wrong,
        hint="How many elements has `a`, and how many do the given sizes account for?",
        rule="`-1` stands for the one size that makes the number of elements come out; where none "
        "does, `reshape` raises ValueError.",
        why=_reshape_told(shape, given, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
        covers=(7,),
        follow_up=(
            FollowUp(
                "What does `a.reshape(-1)` give?",
                "A flat array of all elements, a view where the strides allow it.",
            ),
            FollowUp(
                "Why may `-1` stand only once?",
                "With two unknown sizes the number of elements would not settle either of them.",
            ),
        ),
    )


def _filled(total: int, given: list[int], at: int) -> Shape | None:
    """The shape with the size that `-1` stands for; None where there is none."""
    size, left = divmod(total, prod(given))
    return None if left or not size else (*given[:at], size, *given[at:])


def _reshape_models(
    shape: Shape, given: list[int], at: int, result: Shape | None
) -> Iterator[Wrong]:
    kept = shape[min(at, len(shape) - 1)]
    yield shaped("minus-one-keeps-an-axis", (*given[:at], kept, *given[at:]))
    if result is not None:
        yield shaped("minus-one-takes-the-rest", (*given, result[at]))
        yield shaped("minus-one-must-fit-an-axis", None)
    rounded = -(-prod(shape) // prod(given))
    yield shaped("reshape-pads-or-cuts", (*given[:at], rounded, *given[at:]))
    if result is None and rounded > 1:
        yield shaped("reshape-pads-or-cuts", (*given[:at], rounded - 1, *given[at:]))


def _reshape_told(shape: Shape, given: list[int], result: Shape | None) -> str:
    total, known = prod(shape), prod(given)
    sizes_ = " · ".join(map(str, given))
    if result is None:
        told = (
            f"It raises `ValueError`. `a` has {total} elements, the given sizes account for "
            f"{sizes_} = {known}, and {total} is no multiple of {known}."
        )
    else:
        told = (
            f"The shape is `{result}`. `a` has {total} elements, the given sizes account for "
            f"{sizes_} = {known}, and {total} / {known} = {total // known} is what `-1` stands for."
        )
    return (
        f"{told}\n\n`reshape` keeps the elements and their order, and only tells anew how they are "
        "cut into axes. So the sizes of `a` themselves do not matter, their product does. Nothing "
        "is padded and nothing is dropped: for that there are `np.pad` and slices.\n\n"
        "Write `-1` for the size that depends on the data, such as the number of rows, and the "
        "others as numbers: `x.reshape(-1, 3)` says that three values belong together, and fails "
        "at once where they do not."
    )


reshape_minus_one = Family(
    id="reshape-minus-one",
    topic="shapes",
    level=1,
    kind="predict",
    title="The shape that -1 makes, or an error",
    make=_reshape,
    beliefs=tuple(_RESHAPE),
    covers=(7,),
    may_fail=True,
)

# --- transposing ----------------------------------------------------------------------------

_TRANSPOSE = {
    "transpose-takes-the-inverse": "Axis i of the result is axis `axes[i]` of `a`, not vice versa.",
    "moveaxis-swaps": "`moveaxis` takes one axis out and puts it in; the others keep their order.",
    "t-swaps-the-last-two": "`.T` reverses all axes; `.mT` swaps the last two.",
    "mt-reverses-all-axes": "`.mT` swaps the last two axes alone; `.T` reverses all of them.",
    "swapaxes-moves": "`swapaxes` exchanges two axes; the others stay where they are.",
    "axes-count-from-one": "Axes are counted from 0; the last one is -1.",
    "transposing-keeps-the-shape": "Transposing moves the sizes along with their axes.",
}


def _transpose(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        depth = 3 if level < 3 else 4  # noqa: PLR2004  # the last level
        shape = tuple(sizes(rng, depth, 2, 7))
        ways = ("transpose", "swapaxes", "moveaxis", ".T", ".mT")
        way = one_of(rng, ways[:1] + ways[3:4] if level == 1 else ways)
        call, axes = _drawn_axes(rng, way, depth)
        result = tuple(shape[axis] for axis in axes)
        wrong = options(str(result), _transpose_models(way, call, shape, axes), _TRANSPOSE)
        if result != shape and enough(wrong):
            break
    code = f"a = np.zeros({shape})\nb = {call}"
    assert np.zeros(shape).transpose(axes).shape == result  # noqa: S101  # the model is NumPy's
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `b`?",
        code=code,
        answer="b.shape",
        picture=("a", "b"),
        wrong=wrong,
        hint="Say for each axis of the result which axis of `a` it was.",
        rule="`transpose(axes)`: axis i of the result is axis `axes[i]` of the array; `.T` "
        "reverses all, `moveaxis` moves one, `swapaxes` exchanges two.",
        why=_transpose_told(shape, axes, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.transpose.html",
        covers=(18, 35),
        follow_up=(
            FollowUp(
                "Does any of them copy?",
                "No: each gives a view with the same strides in another order.",
            ),
            FollowUp(
                "How do you turn a batch of images from height, width, channel to channel first?",
                "`np.moveaxis(images, -1, 1)`, or `images.transpose(0, 3, 1, 2)`.",
            ),
        ),
    )


def _drawn_axes(rng: "np.random.Generator", way: str, depth: int) -> tuple[str, Shape]:
    """A call, and for each axis of its result the axis of `a` that it was."""
    order = [*range(depth)]
    first, second = (int(axis) for axis in rng.permutation(depth)[:2])
    if way == "transpose":
        axes = tuple(int(axis) for axis in rng.permutation(depth))
        return f"a.transpose({', '.join(map(str, axes))})", axes
    if way == ".T":
        return "a.T", tuple(reversed(order))
    if way == ".mT":
        return "a.mT", (*order[:-2], order[-1], order[-2])
    if way == "swapaxes":
        order[first], order[second] = order[second], order[first]
        return f"a.swapaxes({first}, {second})", tuple(order)
    order.remove(first)
    order.insert(second, first)
    return f"np.moveaxis(a, {first}, {second})", tuple(order)


def _transpose_models(way: str, call: str, shape: Shape, axes: Shape) -> Iterator[Wrong]:
    depth = len(shape)
    if way == "transpose":
        inverse = sorted(range(depth), key=axes.__getitem__)
        yield shaped("transpose-takes-the-inverse", [shape[axis] for axis in inverse])
        shifted = [(axis - 1) % depth for axis in axes]
        yield shaped("axes-count-from-one", [shape[axis] for axis in shifted])
    numbers = [int(sign) for sign in call if sign.isdigit()]
    if way in {"swapaxes", "moveaxis"}:
        source, target = numbers
        swapped, moved = [*shape], [*shape]
        swapped[source], swapped[target] = swapped[target], swapped[source]
        moved.insert(target, moved.pop(source))
        belief, other = ("moveaxis-swaps", swapped), ("swapaxes-moves", moved)
        yield shaped(*(belief if way == "moveaxis" else other))
        if source and target:
            shifted = [*shape]
            shifted[source - 1], shifted[target - 1] = shifted[target - 1], shifted[source - 1]
            yield shaped("axes-count-from-one", shifted)
    if way == ".T":
        yield shaped("t-swaps-the-last-two", (*shape[:-2], shape[-1], shape[-2]))
    if way == ".mT":
        yield shaped("mt-reverses-all-axes", tuple(reversed(shape)))
    yield shaped("transposing-keeps-the-shape", shape)


def _transpose_told(shape: Shape, axes: Shape, result: Shape) -> str:
    lines = "\n".join(
        f"- axis {place} of `b` is axis {axis} of `a`, of size {shape[axis]}."
        for place, axis in enumerate(axes)
    )
    return (
        f"The shape is `{result}`:\n\n{lines}\n\n"
        "All these functions give a view: no element moves, only shape and strides are written in "
        "another order. They differ in how the order is named. `transpose` takes the whole order, "
        "read as “from where”; without arguments it reverses it, and so does `.T`. `swapaxes` "
        "exchanges two axes. `moveaxis` takes one axis out and puts it back elsewhere, and the "
        "axes between move up by one. `.mT`, new in NumPy 2.0, transposes each matrix of a stack.\n"
        "\n`moveaxis` is easiest to read, as it names the one axis that matters."
    )


transpose_axes = Family(
    id="transpose-axes",
    topic="shapes",
    level=2,
    kind="predict",
    title="The shape after transposing, moving or swapping axes",
    make=_transpose,
    beliefs=tuple(_TRANSPOSE),
    covers=(18, 35),
)
