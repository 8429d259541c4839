"""A family about how a stretched array reads its memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Shape, Wrong, enough, is_chosen, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_DTYPES = {"np.int16": 2, "np.int32": 4, "np.float64": 8, "np.complex128": 16}
_MOST_CELLS = 24
_REASONS = {
    "broadcasting-copies": "These are the strides of a copy; `np.broadcast_to` returns a view.",
    "strides-count-elements": "Strides count bytes, not elements: multiply by the item size.",
    "strides-start-with-the-last-axis": "Strides come in the order of the shape: first axis first.",
    "a-length-one-keeps-its-stride": "A stretched axis gets stride 0: each step reads the same "
    "place again.",
}


def _stretched(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        dtype = one_of(rng, [*_DTYPES])
        shape, target = _shapes(rng, level)
        a = np.zeros(shape, np.dtype(dtype.removeprefix("np.")))
        step = 2 if level == 3 and is_chosen(rng, 0.5) else 1  # noqa: PLR2004  # the last level
        source = a[..., ::step]
        if step > 1:
            target = (*target[:-1], source.shape[-1])
        b = np.broadcast_to(source, target)
        wrong = options(str(b.strides), _models(source, b), _REASONS)
        if enough(wrong) and b.size <= _MOST_CELLS and b.shape[-1] > 1:
            break
    named = "a" if step == 1 else f"a[{', '.join([':'] * (len(shape) - 1) + ['::2'])}]"
    return Item(
        topic="broadcasting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="tuple",
        stem="How many bytes does a step along each axis of `b` go on in memory? Give `b.strides`.",
        code=f"a = np.zeros({shape}, dtype={dtype})\nb = np.broadcast_to({named}, {target})",
        answer="b.strides",
        picture=(named, "b"),
        wrong=wrong,
        hint=f"One element takes {a.itemsize} bytes. Along which axes does `b` repeat itself?",
        rule="`np.broadcast_to` repeats without copying: a stretched or added axis has stride 0, "
        "and every other keeps its stride.",
        why=_told(named, source, b),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
        covers=(5, 31),
        follow_up=(
            FollowUp(
                "May you write into `b`?",
                "No, it is read-only: several of its elements are one place in memory.",
            ),
            FollowUp(
                "What does `b.nbytes` say?",
                "Size times item size, as if each repetition were stored; the memory is smaller.",
            ),
        ),
    )


def _shapes(rng: "np.random.Generator", level: int) -> tuple[Shape, Shape]:
    """The shape of an array, and one that it can be broadcast to."""
    n, m, k = sizes(rng, 3, 2, 5)
    pairs: tuple[tuple[Shape, Shape], ...]
    if level == 1:
        return ((n,), (m, n)) if is_chosen(rng, 0.5) else ((n, 1), (n, m))
    if level == 2:  # noqa: PLR2004  # the middle level
        pairs = (
            ((n, m), (k, n, m)),
            ((n, 1), (n, m)),
            ((n, 1), (k, n, m)),
            ((1, n), (m, n)),
        )
    else:
        pairs = (
            ((n, 1, m), (n, k, m)),
            ((n, m), (k, n, m)),
            ((1, n, m), (k, n, m)),
            ((n, 1, m), (n, k, m)),
        )
    return pairs[int(rng.integers(4))]


def _models(source: "np.ndarray", b: "np.ndarray") -> Iterator[Wrong]:
    """What each misconception makes of the strides."""
    missing = b.ndim - source.ndim
    own = source.strides
    kept = (own[0] * source.shape[0],) * missing + own
    yield Wrong("broadcasting-copies", str(b.copy(order="C").strides))
    yield Wrong("strides-count-elements", str(tuple(n // b.itemsize for n in b.strides)))
    yield Wrong("a-length-one-keeps-its-stride", str(kept))
    yield Wrong("strides-start-with-the-last-axis", str(b.strides[::-1]))


def _told(named: str, source: "np.ndarray", b: "np.ndarray") -> str:
    missing = b.ndim - source.ndim
    lines = []
    for axis, (size, stride) in enumerate(zip(b.shape, b.strides, strict=True)):
        if axis < missing:
            why = f"it is added in front, and each of its {size} entries is the same"
        elif stride == 0:
            why = f"its length 1 is stretched to {size}"
        else:
            why = f"`{named}` has it too, with this stride"
        lines.append(f"- Axis {axis}: {stride} bytes; {why}.")
    step = (
        f" The slice takes every second element, which doubles the last stride of `a` to "
        f"{source.strides[-1]}."
        if "::" in named
        else ""
    )
    return (
        f"The strides are `{b.strides}`:\n\n" + "\n".join(lines) + f"\n\n`{named}` has the shape "
        f"`{source.shape}` and the strides `{source.strides}`.{step} `np.broadcast_to` makes a "
        "view of it with another shape. It repeats elements by not moving on: with stride 0 the "
        "next entry is the same place again.\n\n"
        f"A copy, `b.copy()`, would store all {b.size} elements and have the strides "
        f"`{b.copy(order='C').strides}`. Every ufunc reads its stretched operands in the same way, "
        "so broadcasting costs no memory for them; only the result is as large as it looks."
    )


stretched = Family(
    id="bytes-per-step",
    topic="broadcasting",
    level=3,
    kind="predict",
    title="How an array that was stretched steps through memory",
    make=_stretched,
    beliefs=tuple(_REASONS),
    covers=(5, 31),
)
