"""A family about writing into a view or a copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "assignment-copies": "`b = a` gives the same array a second name.",
    "slices-are-copies": "A slice is a view: writing into it writes into `a`.",
    "reshape-always-copies": "A reshaped array of this kind is a view of `a`.",
    "ravel-is-flatten": "`ravel` copies only if it must, and here it need not.",
    "asarray-copies": "`asarray` returns `a` itself, as it is an array already.",
    "fancy-index-is-a-view": "A list of positions reads a copy, so `a` does not change.",
    "a-mask-index-is-a-view": "Reading with a mask makes a copy, so `a` does not change.",
    "copy-is-lazy": "`copy` has memory of its own from the start.",
    "flatten-is-a-view": "`flatten` always copies.",
    "np-array-reuses-arrays": "`np.array` copies what it is given.",
    "arithmetic-is-in-place": "The sum is a new array, which shares nothing with `a`.",
    "two-brackets-always-copy": "The first pair of brackets makes a view, and the second writes "
    "into it.",
    "a-mask-assignment-hits-a-copy": "An assignment to `a[mask]` writes into `a` itself.",
    "a-view-counts-from-its-array": "Positions count within what is written to, not within `a`.",
    "a-view-is-the-whole-array": "Not every element of `a` is written to.",
}


class _Way(msgspec.Struct, frozen=True):
    """An expression over `a` and two positions, and what people believe of it."""

    show: str
    belief: str
    level: int = 1


_VIEWS = (
    _Way("a[{i}:{j}]", "slices-are-copies"),
    _Way("a[{i}:]", "slices-are-copies"),
    _Way("a[{i}::2]", "slices-are-copies"),
    _Way("a", "assignment-copies"),
    _Way("a[::-1]", "slices-are-copies", 2),
    _Way("a.reshape(2, 3)[1]", "reshape-always-copies", 2),
    _Way("a.reshape(3, 2)[:, 0]", "reshape-always-copies", 3),
    _Way("a.ravel()[{i}:{j}]", "ravel-is-flatten", 2),
    _Way("np.asarray(a)[{i}:]", "asarray-copies", 3),
)
_COPIES = (
    _Way("a[[{i}, {j}]]", "fancy-index-is-a-view"),
    _Way("a.copy()", "copy-is-lazy"),
    _Way("a[a > a[{i}]]", "a-mask-index-is-a-view"),
    _Way("a.flatten()[{i}:]", "flatten-is-a-view", 2),
    _Way("np.array(a)[{i}:{j}]", "np-array-reuses-arrays", 2),
    _Way("a[{i}:] + 0", "arithmetic-is-in-place", 2),
    _Way("a[{i}:{j}].copy()", "copy-is-lazy", 3),
)
_WRITES: tuple[tuple[str, slice | int], ...] = (
    ("[0]", 0),
    ("[-1]", -1),
    ("[:]", slice(None)),
    ("[1:]", slice(1, None)),
)
_DIRECT = (
    _Way("a[{i}:{j}]", "two-brackets-always-copy"),
    _Way("a[a > a[{i}]]", "a-mask-assignment-hits-a-copy"),
    _Way("a[[{i}, {j}]]", "fancy-index-is-a-view"),
)


class _Case(msgspec.Struct, frozen=True):
    """Lines that write, `a` afterwards, and what people expect of it."""

    lines: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str


def _write(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        low = int(rng.integers(1, 20))
        a = np.arange(low, low + 6)
        i = int(rng.integers(1, 3))
        j = int(rng.integers(i + 2, 6))
        case = (_direct if level == 3 and is_chosen(rng, 0.4) else _named)(  # noqa: PLR2004  # levels are 1 to 3
            rng, level, a, (i, j)
        )
        wrong = options(listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What is in `a` after `{'` and `'.join(case.lines.splitlines())}`?",
        code=f"a = np.arange({low}, {low + 6})\n{case.lines}",
        answer="a",
        picture=("a", "b") if case.lines.startswith("b") else ("a",),
        drawing="memory",
        wrong=wrong,
        hint="Does the write reach the memory of `a`, and if so, which places of it?",
        rule="Writing into a view writes into the array behind it; writing into a copy does not.",
        why=(
            f"`a` is `{case.result.tolist()}`. {case.told}\n\n"
            "A basic slice, a transpose and most reshapes are views: another start, shape and "
            "strides over the same memory. A list of positions, a mask, arithmetic and `copy` read "
            "into new memory. What stands left of `=` is another matter: `a[mask] = v` and "
            "`a[[0, 2]] = v` write into `a`, because nothing is read first.\n\n"
            "With two pairs of brackets the first one reads: `a[1:4][0] = v` writes through a "
            "view and works, `a[[1, 3]][0] = v` writes into a copy that nobody keeps. Put all of "
            "it into one pair of brackets, and ask `np.shares_memory(a, b)` when in doubt."
        ),
        docs="https://numpy.org/doc/stable/user/basics.copies.html",
        covers=(8, 16),
        follow_up=(
            FollowUp(
                "How do you protect an array from such writes?",
                "`a.flags.writeable = False` makes writing raise `ValueError`, also through views "
                "made later.",
            ),
            FollowUp(
                "How does a function avoid changing its caller's array?",
                "It works on `a.copy()`, or builds its result with operations that make new "
                "arrays.",
            ),
        ),
    )


def _named(
    rng: "np.random.Generator", level: int, a: "np.ndarray", places: tuple[int, int]
) -> _Case:
    """What is read gets a name, and the name is written through."""
    is_view = is_chosen(rng, 0.6)
    ways = [way for way in (_VIEWS if is_view else _COPIES) if way.level <= level]
    way = ways[int(rng.integers(len(ways)))]
    brackets, index = _WRITES[int(rng.integers(len(_WRITES)))]
    value = int(rng.integers(30, 100))
    shown = way.show.format(i=places[0], j=places[1])
    seen, counted, whole = _after(a, _read(way.show, a, *places), index, value)
    told = (
        f"`{shown}` shares its memory with `a`, so the write reaches it."
        if is_view
        else f"`{shown}` has memory of its own, so the write does not reach `a`."
    )

    def models() -> Iterator[Wrong]:
        yield Wrong(way.belief, listed(a if is_view else seen))
        yield Wrong("a-view-counts-from-its-array", listed(counted))
        yield Wrong("a-view-is-the-whole-array", listed(whole))

    return _Case(
        f"b = {shown}\nb{brackets} = {value}", seen if is_view else a, tuple(models()), told
    )


def _direct(
    rng: "np.random.Generator", level: int, a: "np.ndarray", places: tuple[int, int]
) -> _Case:
    """What is read gets no name: two pairs of brackets, or an assignment to a mask."""
    del level
    way = _DIRECT[int(rng.integers(len(_DIRECT)))]
    value = int(rng.integers(30, 100))
    shown = way.show.format(i=places[0], j=places[1])
    is_mask = way.belief == "a-mask-assignment-hits-a-copy"
    index = slice(None) if is_mask else 0
    seen, counted, whole = _after(a, _read(way.show, a, *places), index, value)
    is_kept = way.belief == "fancy-index-is-a-view"
    told = {
        "two-brackets-always-copy": "The slice is a view, and its first element is written.",
        "a-mask-assignment-hits-a-copy": "The mask stands left of `=`, so nothing is copied.",
        "fancy-index-is-a-view": "The list of positions reads a copy, of which the first element "
        "is written and then lost.",
    }[way.belief]
    wrong = (
        Wrong(way.belief, listed(seen if is_kept else a)),
        Wrong("a-view-counts-from-its-array", listed(counted)),
        Wrong("a-view-is-the-whole-array", listed(whole)),
    )
    line = f"{shown} = {value}" if is_mask else f"{shown}[0] = {value}"
    return _Case(line, a if is_kept else seen, wrong, told)


def _read(show: str, a: "np.ndarray", i: int, j: int) -> "np.ndarray":
    """What the expression reads, in memory of its own or not."""
    found: dict[str, np.ndarray] = {
        "a": a,
        "a[::-1]": a[::-1],
        "a[{i}:]": a[i:],
        "a[{i}:{j}]": a[i:j],
        "a[{i}::2]": a[i::2],
        "a[a > a[{i}]]": a[a > a[i]],
        "a[[{i}, {j}]]": a[[i, j]],
        "a[{i}:] + 0": a[i:],
        "a.reshape(2, 3)[1]": a.reshape(2, 3)[1],
        "a.reshape(3, 2)[:, 0]": a.reshape(3, 2)[:, 0],
        "a.copy()": a,
        "a.ravel()[{i}:{j}]": a[i:j],
        "a.flatten()[{i}:]": a[i:],
        "a[{i}:{j}].copy()": a[i:j],
        "np.array(a)[{i}:{j}]": a[i:j],
        "np.asarray(a)[{i}:]": a[i:],
    }
    return found[show]


def _after(
    a: "np.ndarray", read: "np.ndarray", index: slice | int, value: int
) -> "tuple[np.ndarray, np.ndarray, np.ndarray]":
    """`a` if what was read shared its memory, if positions counted in `a`, if all was written."""
    seen, counted, whole = a.copy(), a.copy(), a.copy()
    seen[(read - a[0])[index]] = value
    counted[index] = value
    whole[:] = value
    return seen, counted, whole


mutate_through = Family(
    id="write-through-a-second-name",
    topic="memory",
    level=2,
    kind="predict",
    title="What an array holds after a write through another name",
    make=_write,
    beliefs=tuple(_REASONS),
    covers=(8, 16),
)
