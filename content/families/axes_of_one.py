"""A family about adding and removing axes of length 1."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

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
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "impossible-squeezes-are-ignored": "An axis that is named must have length 1.",
    "squeeze-takes-the-first": "`squeeze` removes axes of length 1 and drops no element.",
    "squeeze-always-takes-all": "With `axis`, only the axes named are removed.",
    "a-squeeze-takes-all-or-none": "One of several axes of length 1 may be removed by its number.",
    "squeeze-takes-one-axis": "Without `axis`, all axes of length 1 are removed.",
    "squeeze-needs-an-axis": "Without `axis`, it removes whatever has length 1.",
    "new-axes-come-in-front": "Each number names a place in the result.",
    "places-are-those-of-the-old-shape": "The numbers are places in the result, with all new axes.",
    "a-new-axis-needs-an-old-place": "The places may lie behind the old axes: they are places in "
    "the result.",
    "atleast-adds-behind": "`atleast_2d` adds its axis in front, so a vector becomes a row.",
    "atleast-3d-adds-in-front": "`atleast_3d` adds an axis behind a table.",
    "atleast-always-adds": "It adds axes only where there are too few.",
    "atleast-raises-for-more": "With enough axes, the array comes back as it is.",
}


class _Case(msgspec.Struct, frozen=True):
    """A shape, what is done with it, and what comes of it; None for `ValueError`."""

    shape: Shape
    written: str
    result: Shape | None
    wrong: tuple[Wrong, ...]
    told: str


def _axes(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = (_squeeze, _expand, _atleast)[: 3 if level > 1 else 2]
    for _ in range(TRIES):
        case = _refused(rng) if fails else makers[int(rng.integers(len(makers)))](rng, level)
        key = "ValueError" if case.result is None else str(case.result)
        wrong = options(key, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of `{case.written}`, or does it raise an error?",
        code=f"a = np.zeros({case.shape})\nb = {case.written}",
        answer="b.shape",
        picture=("a", "b"),
        raises="ValueError" if case.result is None else None,
        wrong=wrong,
        hint="Which axes have length 1, and which places are named?",
        rule="`squeeze` removes axes of length 1, and raises if a named one is longer; "
        "`expand_dims` adds axes at places of the result.",
        why=(
            f"{case.told}\n\n"
            "An axis of length 1 holds no more elements than none; it tells how an array lines up "
            "with others. `expand_dims`, or `None` in an index, adds one, so that a vector becomes "
            "a column or a single image a batch. `squeeze` takes them away. Both give a view, as "
            "only shape and strides change.\n\n"
            "Name the axis when you squeeze: without it a batch that happens to hold one sample "
            "loses its axis too, and the error comes much later. With it, `squeeze` checks what "
            "you believe, and raises `ValueError` if the axis has another length."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy."
        + ("expand_dims.html" if "expand" in case.written else "squeeze.html"),
        follow_up=(
            FollowUp(
                "Which index does the same as `np.expand_dims(a, 1)`?",
                "`a[:, None]`: `None` stands at the place of the new axis.",
            ),
            FollowUp(
                "How do reductions keep an axis of length 1?",
                "With `keepdims=True`, so that the result broadcasts against the whole.",
            ),
        ),
    )


def _shape(rng: "np.random.Generator", ones: int, others: int) -> Shape:
    """Axes of length 1 among others, in any order."""
    drawn = [1] * ones + [int(size) for size in rng.permutation(range(2, 7))[:others]]
    return tuple(drawn[int(place)] for place in rng.permutation(len(drawn)))


def _refused(rng: "np.random.Generator") -> _Case:
    shape = _shape(rng, 1, int(rng.integers(1, 4)))
    axis = one_of(rng, [str(place) for place, size in enumerate(shape) if size > 1])
    place = int(axis)
    named = axis if is_chosen(rng, 0.6) else str(place - len(shape))
    gone = tuple(size for size in shape if size != 1)
    return _Case(
        shape,
        f"np.squeeze(a, axis={named})",
        None,
        (
            shaped("impossible-squeezes-are-ignored", shape),
            shaped("squeeze-takes-the-first", shape[:place] + shape[place + 1 :]),
            shaped("squeeze-always-takes-all", gone),
        ),
        f"It raises `ValueError`: axis {named} has length {shape[place]}, and dropping it would "
        "lose elements.",
    )


def _squeeze(rng: "np.random.Generator", level: int) -> _Case:
    shape = _shape(rng, 2, int(rng.integers(1 if level == 1 else 2, 4)))
    ones = [place for place, size in enumerate(shape) if size == 1]
    first = ones[int(rng.integers(2))]
    gone = tuple(size for size in shape if size != 1)
    one_less = shape[:first] + shape[first + 1 :]
    if is_chosen(rng, 0.5):
        named = str(first) if is_chosen(rng, 0.5) else str(first - len(shape))
        return _Case(
            shape,
            f"np.squeeze(a, axis={named})",
            one_less,
            (
                Wrong("a-squeeze-takes-all-or-none", raises="ValueError"),
                shaped("squeeze-always-takes-all", gone),
                shaped("squeeze-takes-the-first", shape[1:]),
            ),
            f"The shape is `{one_less}`: axis {named} has length 1 and is removed; the other axis "
            "of length 1 stays.",
        )
    return _Case(
        shape,
        "np.squeeze(a)",
        gone,
        (
            Wrong("squeeze-needs-an-axis", raises="ValueError"),
            shaped("squeeze-takes-one-axis", one_less),
            shaped("squeeze-takes-the-first", shape[1:]),
        ),
        f"The shape is `{gone}`: without `axis`, both axes of length 1 are removed.",
    )


def _expand(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    shape = _shape(rng, 0, 2)
    if level == 1:
        place = int(rng.integers(0, 3))
        axis: int | tuple[int, int] = place if is_chosen(rng, 0.5) else place - 3
        told = f"place {axis} of the result gets an axis"
    else:
        axis = tuple(sorted(int(spot) for spot in rng.permutation(4)[:2]))  # type: ignore[assignment]  # two of them
        told = f"places {axis[0]} and {axis[1]} of the result get axes"  # type: ignore[index]  # a pair
    result: Shape = np.expand_dims(np.empty(shape), axis).shape
    count = 1 if level == 1 else 2

    def models() -> Iterator[Wrong]:
        yield Wrong("a-new-axis-needs-an-old-place", raises="AxisError")
        yield shaped("new-axes-come-in-front", (1,) * count + shape)
        if isinstance(axis, tuple):
            old: list[int] = []
            for place, size in enumerate((*shape, 0)):
                old += [1] * axis.count(place)
                old += [size] if size else []
            if len(old) == len(result):
                yield shaped("places-are-those-of-the-old-shape", old)
        else:
            yield shaped("places-are-those-of-the-old-shape", (*shape, 1))

    return _Case(
        shape,
        f"np.expand_dims(a, {axis})",
        result,
        tuple(models()),
        f"The shape is `{result}`: {told} of length 1, and the old axes fill the other places in "
        "their order.",
    )


def _atleast(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    depth = int(rng.integers(1, 4))
    shape = tuple(int(size) for size in rng.permutation(range(2, 9))[:depth])
    name = one_of(rng, ("atleast_2d", "atleast_3d"))
    make = np.atleast_2d if name == "atleast_2d" else np.atleast_3d
    result: Shape = make(np.empty(shape)).shape
    wanted = 2 if name == "atleast_2d" else 3
    missing = max(0, wanted - depth)

    def models() -> Iterator[Wrong]:
        yield Wrong("atleast-raises-for-more", raises="ValueError")
        if name == "atleast_2d":
            yield shaped("atleast-adds-behind", shape + (1,) * missing)
        else:
            yield shaped("atleast-3d-adds-in-front", (1,) * missing + shape)
        yield shaped("atleast-always-adds", (1, *shape))

    how = (
        f"`a` has {depth} axes already, so it comes back as it is."
        if not missing
        else f"`{name}` of an array of {depth} {'axis' if depth == 1 else 'axes'} adds "
        + ("an axis in front." if wanted == 2 else "what is missing around or behind it.")  # noqa: PLR2004  # axes
    )
    told = f"The shape is `{result}`. {how}"
    return _Case(shape, f"np.{name}(a)", result, tuple(models()) if level > 1 else (), told)


squeeze_expand = Family(
    id="squeeze-or-expand",
    topic="shapes",
    level=2,
    kind="predict",
    title="The shape after adding or removing axes of length 1",
    make=_axes,
    beliefs=tuple(_REASONS),
    may_fail=True,
)
