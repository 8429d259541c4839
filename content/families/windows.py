"""A family about the shape of sliding windows."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Shape, Wrong, enough, is_chosen, options, shaped
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "windows-do-not-overlap": "Each window begins one element after the one before it.",
    "the-window-axis-is-dropped": "Each window is an axis of its own, behind the places.",
    "one-window-fewer": "The last window ends with the last element: n - k + 1 of them.",
    "windows-hang-over-the-ends": "Only whole windows count; none hangs over an end.",
    "the-window-comes-first": "The axes of the places come first, the window's behind them.",
    "places-are-flattened": "The places keep an axis for each axis that the window slides along.",
    "the-window-stands-beside-its-axis": "The new axis goes to the end, wherever the window "
    "slides.",
    "the-window-slides-along-the-other-axis": "It slides along the axis named, and only along it.",
    "the-step-thins-the-windows": "The step leaves out windows; each of them stays whole.",
    "the-step-is-ignored": "With a step of k, only every k-th window is taken.",
    "the-step-rounds-down": "The first window counts too, so the number is rounded up.",
}


class _Case(msgspec.Struct, frozen=True):
    """A shape, what stands in the call and behind it, the result, and what people expect."""

    shape: Shape
    arguments: str
    suffix: str
    result: Shape
    wrong: tuple[Wrong, ...]
    told: str


def _window(rng: "np.random.Generator", level: int) -> Item:
    makers = {1: (_line,), 2: (_line, _along, _table), 3: (_table, _along, _stepped)}[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(str(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of these sliding windows: "
        f"`sliding_window_view(a, {case.arguments}){case.suffix}`?",
        code="from numpy.lib.stride_tricks import sliding_window_view\n\n"
        f"a = np.zeros({case.shape})\nw = sliding_window_view(a, {case.arguments}){case.suffix}",
        answer="w.shape",
        wrong=wrong,
        hint="At how many places does a whole window fit, and where do the window's axes stand?",
        rule="A window of k elements fits at n - k + 1 places of an axis; the window's own axes "
        "stand at the end.",
        why=(
            f"The shape is `{case.result}`. {case.told}\n\n"
            "The windows overlap: each starts one element after its neighbour. Where n elements "
            "are in line, the last window of k starts at n - k, and so there are n - k + 1. The "
            "result has the old axes, shortened to the places, and behind them a new axis for each "
            "axis of the window. A reduction over these gives a moving statistic, such as "
            "`w.mean(axis=-1)`.\n\n"
            "Nothing is copied: the windows are a read-only view in which elements appear again "
            "and again, by strides alone. That costs no memory until something is computed from "
            "it; a copy of the view would be about k times as large as the array."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/"
        "numpy.lib.stride_tricks.sliding_window_view.html",
        covers=(35,),
        follow_up=(
            FollowUp(
                "How do you get windows that don't overlap?",
                "Take every k-th, `w[::k]`, or reshape to `(-1, k)` if k divides the length.",
            ),
            FollowUp(
                "Why is the view read-only?",
                "One element belongs to several windows, so a write would show in all of them; "
                "`writeable=True` allows it.",
            ),
        ),
    )


def _line(rng: "np.random.Generator") -> _Case:
    n, k = int(rng.integers(7, 16)), int(rng.integers(2, 5))
    places = n - k + 1
    wrong = [
        shaped("windows-do-not-overlap", (n // k, k)),
        shaped("one-window-fewer", (n - k, k)),
        shaped("the-window-axis-is-dropped", (places,)),
        shaped("windows-hang-over-the-ends", (n, k)),
        shaped("the-window-comes-first", (k, places)),
    ]
    return _Case(
        (n,),
        str(k),
        "",
        (places, k),
        tuple(wrong[int(place)] for place in rng.permutation(len(wrong))),
        f"{n} elements have {n} - {k} + 1 = {places} windows of {k}.",
    )


def _table(rng: "np.random.Generator") -> _Case:
    height, width = (int(size) for size in rng.permutation(range(5, 10))[:2])
    p, q = (int(size) for size in rng.permutation(range(2, 5))[:2])
    places = (height - p + 1, width - q + 1)
    wrong = [
        shaped("windows-do-not-overlap", (height // p, width // q, p, q)),
        shaped("one-window-fewer", (height - p, width - q, p, q)),
        shaped("the-window-axis-is-dropped", places),
        shaped("the-window-comes-first", (p, q, *places)),
        shaped("places-are-flattened", (places[0] * places[1], p, q)),
    ]
    return _Case(
        (height, width),
        f"({p}, {q})",
        "",
        (*places, p, q),
        tuple(wrong[int(place)] for place in rng.permutation(len(wrong))),
        f"The window fits at {places[0]} places along axis 0 and at {places[1]} along axis 1.",
    )


def _along(rng: "np.random.Generator") -> _Case:
    height, width = (int(size) for size in rng.permutation(range(5, 10))[:2])
    axis, k = int(rng.integers(2)), int(rng.integers(2, 5))
    sizes = [height, width]
    places = sizes[axis] - k + 1
    sizes[axis] = places
    beside = (places, k, width) if axis == 0 else (height, places, k)
    other = (height, width - k + 1, k) if axis == 0 else (height - k + 1, width, k)
    apart = (height // k, width, k) if axis == 0 else (height, width // k, k)
    return _Case(
        (height, width),
        f"{k}, axis={axis}",
        "",
        (*sizes, k),
        (
            shaped("the-window-stands-beside-its-axis", beside),
            shaped("the-window-slides-along-the-other-axis", other),
            shaped("the-window-axis-is-dropped", sizes),
            shaped("windows-do-not-overlap", apart),
        ),
        f"The window slides along axis {axis} alone, where it fits at {places} places; its own "
        "axis goes to the end.",
    )


def _stepped(rng: "np.random.Generator") -> _Case:
    n, k, step = int(rng.integers(9, 18)), int(rng.integers(3, 6)), int(rng.integers(2, 4))
    places = n - k + 1
    taken = -(-places // step)
    wrong = [
        shaped("the-step-is-ignored", (places, k)),
        shaped("the-step-rounds-down", (places // step, k)),
        shaped("the-step-thins-the-windows", (taken, -(-k // step))),
        shaped("windows-do-not-overlap", (-(-(n // k) // step), k)),
    ]
    if is_chosen(rng, 0.5):
        wrong.append(shaped("one-window-fewer", (-(-(n - k) // step), k)))
    return _Case(
        (n,),
        str(k),
        f"[::{step}]",
        (taken, k),
        tuple(wrong[int(place)] for place in rng.permutation(len(wrong))),
        f"There are {places} windows of {k}, and every {'second' if step == 2 else 'third'} one "  # noqa: PLR2004  # a step
        "of them is taken, from the first on.",
    )


stride_window = Family(
    id="window-shape",
    topic="memory",
    level=2,
    kind="predict",
    title="The shape of sliding windows",
    make=_window,
    beliefs=tuple(_REASONS),
    covers=(35,),
)
