"""A family about the bytes that an array takes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Shape, Wrong, enough, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np


_BYTES = {
    "itemsize-counts-bits": "The number in a dtype's name counts bits; eight make a byte.",
    "a-boolean-is-a-bit": "A Boolean takes a whole byte in an array.",
    "a-character-is-a-byte": "A character of a `<U` dtype takes four bytes.",
    "each-element-has-its-own-size": "All elements are as wide as the longest text.",
    "the-bits-count-one-part": "The number in a complex dtype's name counts both parts together.",
    "nbytes-counts-elements": "`nbytes` counts bytes; the number of elements is `size`.",
    "every-element-takes-eight-bytes": "The dtype says how wide an element is.",
    "fields-are-always-aligned": "Without `align=True` fields stand side by side, with no padding.",
    "fields-are-never-aligned": "With `align=True` each field begins at a multiple of its size.",
}
_TEXTS = ("ab", "cat", "lion", "tiger", "walrus", "panther", "ox", "elephant")
_PLAIN = ("int8", "uint8", "int16", "int32", "float16", "float32", "int64", "bool", "bool")
_FIELDS = (("i1", 1), ("i2", 2), ("i4", 4), ("f4", 4), ("f8", 8), ("i8", 8))


def _bytes(rng: "np.random.Generator", level: int) -> Item:
    way = one_of(rng, ("plain", "plain", "complex", "text", "fields")[: 2 * level])
    draw = {"plain": _plain, "complex": _complex, "text": _text, "fields": _record}[way]
    for _ in range(TRIES):
        code, result, models, told = draw(rng)
        wrong = options(str(result), models, _BYTES)
        if enough(wrong):
            break
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=f"How many bytes is `nbytes` {_TITLES[way]}?",
        code=code,
        answer="a.nbytes",
        wrong=wrong,
        hint="How many elements are there, and how many bytes does one of them take?",
        rule="`nbytes` is the number of elements times `itemsize`, the bytes of one element.",
        why=f"{told}\n\n{_BYTES_TOLD}",
        docs="https://numpy.org/doc/stable/reference/generated/numpy.ndarray.nbytes.html",
        covers=(32, 34),
        follow_up=(
            FollowUp(
                "Is that all the memory that the array takes?",
                "Nearly: the array object itself adds about a hundred bytes, whatever its size.",
            ),
            FollowUp(
                "What does `nbytes` say of a view?",
                "The bytes of its own elements, as if it were a copy; its memory is the base's.",
            ),
        ),
    )


_TITLES = {
    "plain": "of an array of numbers",
    "complex": "of an array of complex numbers",
    "text": "of an array of text",
    "fields": "of a structured array",
}
_Drawn = tuple[str, int, Iterator[Wrong], str]


def _plain(rng: "np.random.Generator") -> _Drawn:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    shape = tuple(sizes(rng, 2, 2, 9))
    dtype = one_of(rng, _PLAIN)
    count, width = shape[0] * shape[1], np.dtype(dtype).itemsize

    def models() -> Iterator[Wrong]:
        if dtype == "bool":
            yield Wrong("a-boolean-is-a-bit", str(-(-count // 8)))
        else:
            yield Wrong("itemsize-counts-bits", str(count * width * 8))
            yield Wrong("nbytes-counts-elements", str(count))
        yield Wrong("every-element-takes-eight-bytes", str(count * 8))

    one = "a whole byte" if dtype == "bool" else f"{width * 8} bits, which is {_counted(width)}"
    told = (
        f"It is {count * width}. The array has {shape[0]} times {shape[1]}, so {count} elements, "
        f"and an element of `{dtype}` takes {one}."
    )
    return f"a = np.zeros({shape}, dtype=np.{dtype})", count * width, models(), told


def _complex(rng: "np.random.Generator") -> _Drawn:
    shape: Shape = tuple(sizes(rng, 2, 2, 9))
    bits = 64 if one_of(rng, "ab") == "a" else 128
    count, width = shape[0] * shape[1], bits // 8

    def models() -> Iterator[Wrong]:
        yield Wrong("the-bits-count-one-part", str(count * width * 2))
        yield Wrong("itemsize-counts-bits", str(count * bits))
        yield Wrong("every-element-takes-eight-bytes", str(count * 8))

    told = (
        f"It is {count * width}. `complex{bits}` has {bits} bits for both parts together: two "
        f"floats of {bits // 2} bits, which makes {width} bytes for each of the {count} elements."
    )
    return f"a = np.zeros({shape}, dtype=np.complex{bits})", count * width, models(), told


def _text(rng: "np.random.Generator") -> _Drawn:
    words = [_TEXTS[int(place)] for place in rng.permutation(len(_TEXTS))[: rng.integers(2, 5)]]
    longest, count = max(map(len, words)), len(words)

    def models() -> Iterator[Wrong]:
        yield Wrong("a-character-is-a-byte", str(longest * count))
        yield Wrong("each-element-has-its-own-size", str(4 * sum(map(len, words))))
        yield Wrong("every-element-takes-eight-bytes", str(8 * count))

    told = (
        f"It is {longest * count * 4}. The longest word has {longest} characters, so the dtype is "
        f"`<U{longest}`: each of the {count} elements has room for {longest} characters of four "
        "bytes each, and shorter words are padded."
    )
    return f"a = np.array({words})", longest * count * 4, models(), told


def _record(rng: "np.random.Generator") -> _Drawn:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    picked = [_FIELDS[int(place)] for place in rng.integers(0, len(_FIELDS), 3)]
    fields = ", ".join(name for name, _ in picked)
    count, align = int(rng.integers(2, 9)), one_of(rng, "ab") == "a"
    packed = np.dtype(fields).itemsize
    aligned = np.dtype(fields, align=True).itemsize
    width = aligned if align else packed

    def models() -> Iterator[Wrong]:
        if align:
            yield Wrong("fields-are-never-aligned", str(packed * count))
        else:
            yield Wrong("fields-are-always-aligned", str(aligned * count))
        yield Wrong("nbytes-counts-elements", str(3 * count))
        yield Wrong("every-element-takes-eight-bytes", str(24 * count))

    spread = " + ".join(str(size) for _, size in picked)
    how = (
        f"With `align=True` each field begins at a multiple of its own size and the whole is "
        f"rounded up, which makes {aligned} bytes of {packed}."
        if align
        else f"The fields stand side by side: {spread} is {packed} bytes, without padding."
    )
    told = f"It is {width * count}. {how} There are {count} elements."
    argument = ", align=True" if align else ""
    code = f'layout = np.dtype("{fields}"{argument})\na = np.zeros({count}, dtype=layout)'
    return code, width * count, models(), told


def _counted(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


_BYTES_TOLD = (
    "An array keeps its elements side by side, all of one width, so its size is a product and "
    "nothing else. The number in `int32` or `float16` counts bits; the short codes `i4` and `f2` "
    "count bytes. A Boolean takes a whole byte, because a byte is the smallest thing that has an "
    "address; `np.packbits` stores eight in one. Text of a `<U` dtype takes four bytes a "
    "character, at the width of the longest element.\n\n"
    "Choosing the dtype is the first way to save memory: `float32` halves what `float64` takes, "
    "and `uint8` holds a pixel in an eighth of it."
)

itemsize_nbytes = Family(
    id="bytes-of-an-array",
    topic="dtypes",
    level=1,
    kind="predict",
    title="The bytes that an array takes",
    make=_bytes,
    beliefs=tuple(_BYTES),
    covers=(32, 34),
)
