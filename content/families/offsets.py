"""A family about where an element lies in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from content.families.parts import TRIES, Wrong, enough, is_chosen, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "offsets-count-elements": "Elements were counted; each of them takes several bytes.",
    "flat-positions-run-down-columns": "In C order the elements of a row lie side by side.",
    "the-order-does-not-matter": "In Fortran order the elements of a column lie side by side.",
    "positions-count-from-one": "Positions count from 0, and so many elements lie in front.",
    "offsets-are-added-up": "Each position counts with the stride of its axis, not all alike.",
    "a-slice-is-packed": "A view reads its array's memory as it lies; the gaps count too.",
}
_DTYPES = {"np.int16": 2, "np.int32": 4, "np.float32": 4, "np.float64": 8, "np.complex128": 16}


def _offset(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        shape = tuple(int(size) for size in rng.permutation(range(3, 8))[: 2 if level < 3 else 3])  # noqa: PLR2004  # levels are 1 to 3
        dtype = one_of(rng, list(_DTYPES))
        order: Literal["C", "F"] = "F" if level > 1 and is_chosen(rng, 0.35) else "C"
        a = np.zeros(shape, np.dtype(dtype.removeprefix("np.")), order=order)
        step = int(rng.integers(2, 4)) if level > 1 and is_chosen(rng, 0.5) else 1
        b = a[:, ::step]
        place = tuple(int(rng.integers(1, size)) if size > 1 else 0 for size in b.shape)
        result = _bytes(place, b.strides)
        wrong = options(str(result), _models(a, b, place, step), _REASONS)
        if enough(wrong) and min(b.shape) > 1:
            break
    named = ', order="F"' if order == "F" else ""
    name = "a" if step == 1 else "b"
    index = ", ".join(map(str, place))
    view = "" if step == 1 else f"\nb = a[:, ::{step}]"
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=f"How many bytes behind the first element of `{name}` does `{name}[{index}]` begin?",
        code=f"a = np.zeros({shape}, dtype={dtype}{named}){view}",
        answer=f"int(np.dot(({index}), {name}.strides))",
        picture=("a",) if step == 1 else ("a", "b"),
        drawing="tape",
        wrong=wrong,
        hint=f"Write the strides down first: an element takes {a.itemsize} bytes.",
        rule="An element begins at the sum of position times stride over all axes.",
        why=_explained(a, b, place, step, result),
        docs="https://numpy.org/doc/stable/reference/arrays.ndarray.html",
        covers=(31, 35),
        follow_up=(
            FollowUp(
                "How do you see the address of the first element?",
                "`a.__array_interface__['data'][0]`, or `a.ctypes.data`.",
            ),
            FollowUp(
                "Why is indexing equally fast at every position?",
                "The address is computed from position and strides, without walking through the "
                "elements before it.",
            ),
        ),
    )


def _bytes(place: tuple[int, ...], strides: tuple[int, ...]) -> int:
    return sum(at * stride for at, stride in zip(place, strides, strict=True))


def _models(a: "np.ndarray", b: "np.ndarray", place: tuple[int, ...], step: int) -> Iterator[Wrong]:
    """What each misconception makes of the place."""
    yield Wrong("offsets-count-elements", str(_bytes(place, b.strides) // a.itemsize))
    if step > 1:
        yield Wrong("a-slice-is-packed", str(_bytes(place, b.copy(order="K").strides)))
    is_c = a.flags.c_contiguous
    other = a.copy(order="F" if is_c else "C")[:, ::step]
    yield Wrong(
        "flat-positions-run-down-columns" if is_c else "the-order-does-not-matter",
        str(_bytes(place, other.strides)),
    )
    ahead = tuple(at + 1 for at in place)
    yield Wrong("positions-count-from-one", str(_bytes(ahead, b.strides)))
    yield Wrong("offsets-are-added-up", str(sum(place) * a.itemsize))


def _explained(
    a: "np.ndarray", b: "np.ndarray", place: tuple[int, ...], step: int, result: int
) -> str:
    terms = " + ".join(f"{at} · {stride}" for at, stride in zip(place, b.strides, strict=True))
    order = "C" if a.flags.c_contiguous else "Fortran"
    together = "last" if a.flags.c_contiguous else "first"
    view = (
        ""
        if step == 1
        else f" `b` is a view with a step of {step}, so its stride along axis 1 is {step} times "
        f"as long, and its strides are `{b.strides}`."
    )
    return (
        f"It begins {result} bytes behind the first one: {terms}. `a` is in {order} order, so "
        f"neighbours along the {together} axis lie side by side, {a.itemsize} bytes apart, and the "
        f"strides of `a` are `{a.strides}`.{view}\n\n"
        "An array is a block of memory with a shape, a dtype and strides. The stride of an axis "
        "says how many bytes lie between neighbours along it, and the address of an element is "
        "that of the first plus position times stride for each axis. That is all the bookkeeping "
        "there is, which is why slices and transposes need no copy: they change the start, the "
        "shape and the strides.\n\n"
        "For a C-contiguous table with m columns this is the flat position `i * m + j`, times the "
        "size of an element."
    )


offset_address = Family(
    id="byte-offset",
    topic="memory",
    level=3,
    kind="predict",
    title="Where in memory an element begins",
    make=_offset,
    beliefs=tuple(_REASONS),
    covers=(31, 35),
)
