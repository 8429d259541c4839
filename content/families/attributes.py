"""A family about `ndim`, `shape`, `size`, `len` and `itemsize`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import TRIES, Shape, Wrong, enough, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "len-counts-all-elements": "`len` is the length of the first axis; `size` counts all.",
    "len-counts-the-axes": "The number of axes is `ndim`; `len` is the length of the first.",
    "ndim-is-the-number-of-rows": "`ndim` counts the axes, whatever their lengths.",
    "ndim-is-the-last-size": "`ndim` counts the axes; the last size is `shape[-1]`.",
    "a-vector-has-no-axes": "A vector has one axis; only a 0-dimensional array has none.",
    "an-integer-keeps-its-axis": "An integer index takes its axis away.",
    "a-new-axis-counts-elements": "A new axis has length 1 and adds no element.",
    "size-counts-the-rows": "`size` counts all elements; `len` counts along the first axis.",
    "size-adds-the-lengths": "The number of elements is the product of the lengths.",
    "size-counts-bytes": "`size` counts elements; `nbytes` counts bytes.",
    "itemsize-counts-bits": "`itemsize` is in bytes; the name of the dtype counts bits.",
    "itemsize-is-the-size-of-a-row": "`itemsize` is one element's; a row has several.",
    "a-part-has-the-shape-of-the-whole": "Indexing, transposing and new axes change the shape.",
    "t-swaps-the-last-two": "`.T` reverses all axes; `.mT` swaps the last two.",
    "a-new-axis-goes-last": "`None` puts the new axis where it stands in the index.",
    "a-new-axis-comes-first": "`None` puts the new axis where it stands in the index.",
}
_Asked = Literal["ndim", "size", "len", "itemsize", "shape"]
_ASKED: tuple[_Asked, ...] = ("ndim", "size", "len", "itemsize", "shape")
_DTYPES = ("int8", "int16", "int32", "float32", "float64", "complex64")


class _Part(msgspec.Struct, frozen=True):
    """What is asked about: the array itself, or something made of it."""

    written: str
    shape: Shape


def _attributes(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        depth = int(rng.integers(1 if level == 1 else 2, 4))
        shape = tuple(sizes(rng, depth, 2, 6))
        dtype = one_of(rng, _DTYPES)
        part = _part(rng, shape, level)
        asked = one_of(rng, _ASKED)
        width = np.dtype(dtype).itemsize
        told = _values(part.shape, width)
        wrong = options(told[asked], _models(asked, shape, part, width), _REASONS)
        if enough(wrong):
            break
    made = f"np.zeros({shape}, dtype=np.{dtype})" if depth > 1 else _vector(shape[0], dtype)
    lines = [f"a = {made}"]
    name = "a"
    if part.written != "a":
        lines.append(f"part = {part.written}")
        name = "part"
    question = f"len({name})" if asked == "len" else f"{name}.{asked}"
    return Item(
        topic="fundamentals",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape" if asked == "shape" else "number",
        stem=f"What is `{question}`{_of(part, dtype)}?",
        code="\n".join(lines),
        answer=question,
        wrong=wrong,
        hint="Write down the shape first: how many axes are there, and how long is each?",
        rule="`ndim` counts axes, `shape` gives their lengths, `size` is their product, and `len` "
        "is the first of them.",
        why=_told(part, dtype, told),
        docs="https://numpy.org/doc/stable/reference/arrays.ndarray.html",
        covers=(3, 7),
        follow_up=(
            FollowUp(
                "What is the shape of `np.array(5)`?",
                "`()`: it has no axis and one element, so `ndim` is 0, `size` is 1, and `len` "
                "raises `TypeError`.",
            ),
            FollowUp(
                "How many bytes do the elements take?",
                "`a.nbytes`, which is `a.size * a.itemsize`.",
            ),
        ),
    )


def _vector(size: int, dtype: str) -> str:
    return f"np.arange({size}, dtype=np.{dtype})"


def _of(part: _Part, dtype: str) -> str:
    return f" after `{part.written}`" if part.written != "a" else f" of an array of `{dtype}`"


def _part(rng: "np.random.Generator", shape: Shape, level: int) -> _Part:
    """The array, or at higher levels a part of it or its transpose."""
    if level == 1:
        return _Part("a", shape)
    start = int(rng.integers(1, shape[0]))
    parts = [
        _Part(f"a[{start}]", shape[1:]),
        _Part("a.T", shape[::-1]),
        _Part(f"a[{start}:]", (shape[0] - start, *shape[1:])),
        _Part("a[None]", (1, *shape)),
        _Part("a[:, None]", (shape[0], 1, *shape[1:])),
        _Part(f"a[:, {start}]", (shape[0], *shape[2:])) if shape[1] > start else _Part("a", shape),
        _Part(f"a.T[{start}]", shape[-2::-1]) if shape[-1] > start else _Part("a", shape),
        _Part("a.reshape(-1)", (_product(shape),)),
    ]
    return parts[int(rng.integers(len(parts) if level > 2 else 5))]  # noqa: PLR2004  # the last level


def _product(shape: Shape) -> int:
    result = 1
    for size in shape:
        result *= size
    return result


def _values(shape: Shape, width: int) -> Mapping[str, str]:
    """What each attribute says."""
    return {
        "ndim": str(len(shape)),
        "size": str(_product(shape)),
        "len": str(shape[0]),
        "itemsize": str(width),
        "shape": str(shape),
    }


def _models(asked: str, whole: Shape, part: _Part, width: int) -> Iterator[Wrong]:
    shape = part.shape
    if asked == "len":
        yield Wrong("len-counts-all-elements", str(_product(shape)))
        yield Wrong("len-counts-the-axes", str(len(shape)))
    elif asked == "ndim":
        if len(shape) == 1:
            yield Wrong("a-vector-has-no-axes", "0")
        if len(shape) < len(whole):
            yield Wrong("an-integer-keeps-its-axis", str(len(whole)))
        yield Wrong("ndim-is-the-number-of-rows", str(shape[0]))
        yield Wrong("ndim-is-the-last-size", str(shape[-1]))
    elif asked == "size":
        yield Wrong("size-counts-the-rows", str(shape[0]))
        yield Wrong("size-adds-the-lengths", str(sum(shape)))
        yield Wrong("size-counts-bytes", str(_product(shape) * width))
        if len(shape) > len(whole):
            yield Wrong("a-new-axis-counts-elements", str(_product(shape) * 2))
    elif asked == "itemsize":
        yield Wrong("itemsize-counts-bits", str(width * 8))
        yield Wrong("itemsize-is-the-size-of-a-row", str(width * shape[-1]))
    else:
        yield Wrong("a-part-has-the-shape-of-the-whole", str(whole))
        if len(shape) < len(whole):
            yield Wrong("an-integer-keeps-its-axis", str((1, *shape)))
        if part.written == "a.T":
            yield Wrong("t-swaps-the-last-two", str((*whole[:-2], whole[-1], whole[-2])))
        if len(shape) > len(whole):
            yield Wrong("a-new-axis-goes-last", str((*whole, 1)))
            yield Wrong("a-new-axis-comes-first", str((1, *whole)))


def _told(part: _Part, dtype: str, values: Mapping[str, str]) -> str:
    name = "a" if part.written == "a" else "part"
    lines = [
        f"- `{name}.shape` is `{values['shape']}`, the length of every axis.",
        f"- `{name}.ndim` is {values['ndim']}, the number of axes.",
        f"- `{name}.size` is {values['size']}, the product of the lengths.",
        f"- `len({name})` is {values['len']}, the length of the first axis.",
        f"- `{name}.itemsize` is {values['itemsize']}, the bytes of one `{dtype}`.",
    ]
    made = "" if name == "a" else f"`part` is `{part.written}`, {_makes(part.written)}. "
    return (
        f"{made}Everything follows from the shape and the dtype:\n\n" + "\n".join(lines) + "\n\n"
        "A table is an array of two axes, not an array of rows: `ndim` says how many indices an "
        "element needs. `len` is Python's view, in which a table is a sequence of rows. `shape` "
        "and `dtype` are all that tells an array's form; `size`, `ndim`, `itemsize` and `nbytes` "
        "are computed from them.\n\n"
        "A vector has the shape `(n,)`, with a comma: one axis, neither row nor column. The comma "
        "makes it a tuple of one number."
    )


def _makes(written: str) -> str:
    if "reshape" in written:
        return "which lays all elements along one axis"
    if written == "a.T":
        return "which has the axes in reverse order"
    if ".T[" in written:
        return "the transpose, of which the integer takes away the first axis"
    if "None" in written:
        return "which has a new axis of length 1"
    if written.endswith(":]"):
        return "a slice, which keeps its axis"
    return "and the integer takes its axis away"


attr_quiz = Family(
    id="attributes-of-an-array",
    topic="fundamentals",
    level=1,
    kind="predict",
    title="What `ndim`, `shape`, `size` and `len` say",
    make=_attributes,
    beliefs=tuple(_REASONS),
    covers=(3, 7),
)
