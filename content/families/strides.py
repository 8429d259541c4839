"""Families about strides."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from content.families.parts import TRIES, Wrong, enough, is_chosen, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_DTYPES = {"np.int8": 1, "np.int16": 2, "np.float32": 4, "np.float64": 8, "np.complex128": 16}
_REASONS = {
    "strides-count-elements": "Strides count bytes, not elements: multiply by the item size.",
    "strides-start-with-the-last-axis": "Strides come in the order of the shape: first axis first.",
    "a-slice-is-packed": "A view reads the memory of its array as it lies; nothing is packed.",
    "a-step-leaves-the-stride": "A step of k multiplies the stride of its axis by k.",
    "the-order-does-not-matter": "C order keeps the last axis together, Fortran order the first.",
}


def _strides(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        shape = tuple(sizes(rng, 2 if level == 1 else 3, 2, 6))
        dtype = one_of(rng, list(_DTYPES)[1 if level == 1 else 0 :])
        order: Literal["C", "F"] = "F" if level > 1 and is_chosen(rng, 0.35) else "C"
        a = np.zeros(shape, np.dtype(dtype.removeprefix("np.")), order=order)
        suffix, b = _view(rng, level, a)
        wrong = options(str(b.strides), _models(a, b, suffix), _REASONS)
        if enough(wrong) and 1 not in b.shape:
            break
    named = ', order="F"' if order == "F" else ""
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="tuple",
        stem="What are the strides of `b`, in bytes?",
        code=f"a = np.zeros({shape}, dtype={dtype}{named})\nb = a{suffix}",
        answer="b.strides",
        picture=("a", "b"),
        drawing="tape",
        wrong=wrong,
        hint=f"One element takes {_bytes(a.itemsize)}. Which axis of `a` lies together in memory?",
        rule="A stride is the number of bytes from one element to the next along its axis.",
        why=_explained(a, b, suffix, order),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.ndarray.strides.html",
        covers=(31, 35),
        follow_up=(
            FollowUp(
                "What does a negative stride mean?",
                "The axis is walked backwards: `a[::-1]` starts at the last element.",
            ),
            FollowUp(
                "Why does the order of loops matter for speed?",
                "Small strides use whole cache lines; large ones fetch a line for each element.",
            ),
        ),
    )


def _view(rng: "np.random.Generator", level: int, a: "np.ndarray") -> "tuple[str, np.ndarray]":
    """A view of `a`: how it is written after `a`, and itself."""
    kind = int(rng.integers(0, 3))
    if kind == 0 and level > 1:
        return ".T", a.T
    step = int(rng.integers(2, 4))
    if kind == 1:
        return f"[::{step}]", a[::step]
    if level == 3 and is_chosen(rng, 0.5):  # noqa: PLR2004  # levels are 1 to 3
        return f"[:, ::{step}].T", a[:, ::step].T
    return f"[:, ::{step}]", a[:, ::step]


def _models(a: "np.ndarray", b: "np.ndarray", suffix: str) -> Iterator[Wrong]:
    """What each misconception makes of the strides."""
    yield Wrong("strides-count-elements", str(tuple(n // a.itemsize for n in b.strides)))
    yield Wrong("strides-start-with-the-last-axis", str(b.strides[::-1]))
    yield Wrong("a-slice-is-packed", str(b.copy(order="C").strides))
    turned = suffix.endswith(".T")
    yield Wrong("a-step-leaves-the-stride", str(a.T.strides if turned else a.strides))
    other = a.copy(order="C" if a.flags.f_contiguous else "F")
    yield Wrong("the-order-does-not-matter", str(other.T.strides if turned else other.strides))


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


def _explained(a: "np.ndarray", b: "np.ndarray", suffix: str, order: str) -> str:
    along = "last" if order == "C" else "first"
    name = "C" if order == "C" else "Fortran"
    turn = " `.T` reverses the order of the axes, and so of the strides." if ".T" in suffix else ""
    step = " A step multiplies the stride of its axis." if "::" in suffix else ""
    return (
        f"The strides are `{b.strides}`.\n\n"
        f"An element takes {_bytes(a.itemsize)}. `a` is in {name} order, so its {along} axis lies "
        f"together in memory and has the stride {a.itemsize}; each further axis has the stride of "
        f"the one before it times that one's size: `{a.strides}`.{step}{turn}\n\n"
        "`b` is a view. It has its own shape and strides, but no data of its own, so nothing is "
        "packed together; `b.copy()` would be. Strides count bytes, so that an array can also walk "
        "through the fields of records."
    )


strides = Family(
    id="strides",
    topic="memory",
    level=2,
    kind="predict",
    title="The strides of a slice or transpose",
    make=_strides,
    beliefs=tuple(_REASONS),
    covers=(31, 35),
)
