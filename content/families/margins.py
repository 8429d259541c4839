"""A family about padding and rolling."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import TRIES, Wrong, enough, listed, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "reflection-repeats-the-edge": "`reflect` mirrors at the edge element and does not repeat it.",
    "symmetric-skips-the-edge": "`symmetric` mirrors behind the edge element, which comes twice.",
    "edge-means-a-border": "`edge` repeats the outermost elements; zeros are the default.",
    "reflection-wraps-around": "`wrap` goes on at the other end; a mirror turns round.",
    "wrap-mirrors": "`wrap` goes on at the other end and turns nothing round.",
    "the-width-is-shared": "Each side gets the whole width.",
    "one-width-is-for-the-front": "One number is the width on both sides.",
    "roll-goes-to-the-left": "A positive shift moves elements to higher positions.",
    "roll-fills-with-zeros": "What leaves at one end enters at the other.",
    "roll-works-along-the-last-axis": "Without `axis`, the table is rolled as one long line.",
    "axis-one-moves-rows": "Along axis 1 each row is rolled; along axis 0 whole rows move.",
    "a-roll-drops-elements": "Every element stays; the ones that leave come in again.",
}
_Mode = Literal["constant", "edge", "reflect", "symmetric", "wrap"]


class _Case(msgspec.Struct, frozen=True):
    """A call, its result, what people take it for, and how it comes about."""

    given: "np.ndarray"
    written: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str
    docs: str


def _margins(rng: "np.random.Generator", level: int) -> Item:
    makers: dict[int, tuple[Callable[[np.random.Generator], _Case], ...]]
    makers = {1: (_roll, _plain), 2: (_roll, _pad, _pad), 3: (_pad, _roll_table, _pad_sides)}
    for _ in range(TRIES):
        case = makers[level][int(rng.integers(len(makers[level])))](rng)
        wrong = options(listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.written}` give?",
        code=f"a = np.array({case.given.tolist()})\nr = {case.written}",
        answer="r",
        wrong=wrong,
        hint="Which element comes first, and which stands beside the old edge?",
        rule="`roll` moves elements on and round the end; `pad` adds elements, of which its mode "
        "says what they are.",
        why=(
            f"`r` is `{case.result.tolist()}`. {case.told}\n\n"
            "The modes of `pad` differ in what they put behind an edge. `constant`, the default, "
            "puts zeros or a value; `edge` repeats the outermost element; `reflect` mirrors at it "
            "without repeating it, `symmetric` mirrors behind it, so it comes twice; `wrap` goes "
            "on at the other end, as if the array were a circle. A width is one number for all "
            "sides, a pair for before and behind, or one pair for each axis.\n\n"
            "`roll` adds nothing: it moves every element by the shift, and those that leave at "
            "the end come in at the beginning. Both make a new array. For a shift that fills with "
            "zeros, write into a slice of zeros."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        covers=(41,),
        follow_up=(
            FollowUp(
                "Which mode suits a smoothing filter at the edges?",
                "Often `reflect` or `symmetric`: zeros would pull the ends down.",
            ),
            FollowUp(
                "How do you compare each element with the one before it?",
                "With slices, `a[1:] - a[:-1]`; a roll would compare the first with the last.",
            ),
        ),
    )


def _drawn(rng: "np.random.Generator", count: int) -> "np.ndarray":
    return rng.permutation(range(1, 10))[:count]


def _padded(a: "np.ndarray", width: int | tuple[int, int], mode: _Mode) -> "np.ndarray":
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    return np.pad(a, width, mode=mode)


def _plain(rng: "np.random.Generator") -> _Case:
    a, width = _drawn(rng, int(rng.integers(3, 5))), int(rng.integers(1, 4))
    result = _padded(a, width, "constant")
    models = (
        Wrong("one-width-is-for-the-front", listed(_padded(a, (width, 0), "constant"))),
        Wrong(
            "the-width-is-shared", listed(_padded(a, (width // 2, width - width // 2), "constant"))
        ),
        Wrong("edge-means-a-border", listed(_padded(a, width, "edge"))),
    )
    return _Case(
        a,
        f"np.pad(a, {width})",
        result,
        models,
        f"The default mode puts zeros: {width} before and {width} behind.",
        "pad",
    )


_CONFUSED: dict[_Mode, tuple[tuple[str, _Mode], ...]] = {
    "edge": (("edge-means-a-border", "constant"), ("wrap-mirrors", "symmetric")),
    "reflect": (
        ("reflection-repeats-the-edge", "symmetric"),
        ("reflection-wraps-around", "wrap"),
        ("edge-means-a-border", "edge"),
    ),
    "symmetric": (
        ("symmetric-skips-the-edge", "reflect"),
        ("reflection-wraps-around", "wrap"),
        ("edge-means-a-border", "edge"),
    ),
    "wrap": (
        ("wrap-mirrors", "symmetric"),
        ("wrap-mirrors", "reflect"),
        ("edge-means-a-border", "edge"),
    ),
}
_TOLD: dict[_Mode, str] = {
    "edge": "The outermost elements are repeated.",
    "reflect": "Each end is mirrored at its outermost element, which is not repeated.",
    "symmetric": "Each end is mirrored, its outermost element included.",
    "wrap": "In front stands the end of the array, behind it its beginning.",
}


def _pad(rng: "np.random.Generator") -> _Case:
    return _with_mode(rng, 2)


def _pad_sides(rng: "np.random.Generator") -> _Case:
    before, behind = (int(width) for width in rng.permutation(range(4))[:2])
    return _with_mode(rng, (before, behind))


def _with_mode(rng: "np.random.Generator", width: int | tuple[int, int]) -> _Case:
    a = _drawn(rng, int(rng.integers(4, 6)))
    modes: list[_Mode] = [*_CONFUSED]
    mode = modes[int(rng.integers(len(modes)))]
    models = [Wrong(belief, listed(_padded(a, width, other))) for belief, other in _CONFUSED[mode]]
    if isinstance(width, int):
        models.append(Wrong("one-width-is-for-the-front", listed(_padded(a, (width, 0), mode))))
    return _Case(
        a,
        f'np.pad(a, {width}, mode="{mode}")',
        _padded(a, width, mode),
        tuple(models),
        _TOLD[mode],
        "pad",
    )


def _roll(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = _drawn(rng, int(rng.integers(4, 7)))
    shift = int(rng.choice([-2, -1, 1, 2]))
    result = np.roll(a, shift)
    filled = np.where(np.roll(np.arange(len(a)), shift) - np.arange(len(a)) == -shift, result, 0)

    def models() -> Iterator[Wrong]:
        yield Wrong("roll-goes-to-the-left", listed(np.roll(a, -shift)))
        yield Wrong("roll-fills-with-zeros", listed(filled))
        yield Wrong("a-roll-drops-elements", listed(a[:-shift] if shift > 0 else a[-shift:]))

    places = f"{abs(shift)} {'place' if abs(shift) == 1 else 'places'}"
    way = f"to the {'right' if shift > 0 else 'left'} by {places}"
    return _Case(
        a,
        f"np.roll(a, {shift})",
        result,
        tuple(models()),
        f"Every element moves {way}, and what leaves at the end comes in at the other.",
        "roll",
    )


def _roll_table(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = _drawn(rng, 6).reshape(2, 3)
    shift = int(rng.choice([-1, 1]))
    axis: int | None = [None, 0, 1][int(rng.integers(3))]
    result = np.roll(a, shift, axis=axis)

    def models() -> Iterator[Wrong]:
        if axis is None:
            yield Wrong("roll-works-along-the-last-axis", listed(np.roll(a, shift, axis=1)))
        else:
            yield Wrong("axis-one-moves-rows", listed(np.roll(a, shift, axis=1 - axis)))
        yield Wrong("roll-goes-to-the-left", listed(np.roll(a, -shift, axis=axis)))
        flat = np.roll(a, shift)
        yield Wrong("roll-works-along-the-last-axis", listed(flat))

    named = "" if axis is None else f", axis={axis}"
    told = {
        None: "Without `axis` the table is one long line, row by row, and keeps its shape.",
        0: "Along axis 0 whole rows move.",
        1: "Along axis 1 every row is rolled for itself.",
    }[axis]
    return _Case(a, f"np.roll(a, {shift}{named})", result, tuple(models()), told, "roll")


pad_roll = Family(
    id="pad-or-roll",
    topic="shapes",
    level=2,
    kind="predict",
    title="What padding and rolling put where",
    make=_margins,
    beliefs=tuple(_REASONS),
    covers=(41,),
)
