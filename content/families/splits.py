"""A family about the pieces that a split gives."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
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
    "the-rest-goes-to-the-last": "The first pieces get one element more each.",
    "pieces-are-rounded-up": "The lengths differ by one at most, with the longer pieces first.",
    "the-rest-is-dropped": "Every element is in a piece.",
    "the-number-is-a-length": "A number counts pieces; it is not their length.",
    "array-split-must-divide": "`array_split` takes any number of pieces; only `split` has to "
    "divide.",
    "split-never-raises": "`split` into equal pieces raises when the number does not divide.",
    "a-list-of-cuts-holds-lengths": "The list holds positions to cut at, not lengths.",
    "cuts-drop-the-end": "What lies behind the last cut is a piece too.",
    "cuts-must-be-even": "A number asks for equal pieces; cuts may lie anywhere.",
    "a-number-is-a-cut": "A lone number counts pieces; a list holds positions to cut at.",
    "a-cut-out-of-range-raises": "A cut beyond the end is cut to it, as in a slice.",
    "a-cut-belongs-to-both-sides": "The element at a cut begins the next piece.",
    "even-pieces-are-refused": "The number divides the length, so the pieces are equal.",
}


class _Case(msgspec.Struct, frozen=True):
    """A call, the lengths of its pieces (None for `ValueError`), and the mistaken ones."""

    written: str
    size: int
    lengths: tuple[int, ...] | None
    wrong: tuple[Wrong, ...]
    told: str


def _splits(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = (_even, _uneven, _cuts, _cuts_beyond)[: level + 1]
    for _ in range(TRIES):
        case = _refused(rng) if fails else makers[int(rng.integers(len(makers)))](rng)
        key = "ValueError" if case.lengths is None else str(case.lengths)
        wrong = options(key, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="tuple",
        stem=f"How long are the pieces of `{case.written}`?",
        code=(
            f"a = np.arange({case.size})\npieces = {case.written}\n"
            "lengths = tuple(len(piece) for piece in pieces)"
        ),
        answer="lengths",
        raises="ValueError" if case.lengths is None else None,
        wrong=wrong,
        hint="Is it a number of pieces or a list of cuts, and does the number divide the length?",
        rule="A number counts pieces, equal for `split` and nearly equal for `array_split`; a list "
        "holds the positions of cuts.",
        why=(
            f"{case.told}\n\n"
            "`split` into n pieces promises equal ones, and raises `ValueError` if n does not "
            "divide the length. `array_split` never does: the first pieces are one element longer, "
            "as many as the rest of the division. With a list both work alike: every number is a "
            "position at which a piece ends and the next one begins, as in the slices `a[:3]`, "
            "`a[3:7]`, `a[7:]`. So n cuts make n + 1 pieces, and some may be empty.\n\n"
            "The pieces are views of `a`. They come as a list, because arrays of different lengths "
            "make no table; pieces of equal length are often better had by a reshape, "
            "`a.reshape(n, -1)`."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.array_split.html",
        follow_up=(
            FollowUp(
                "How do you split into blocks of a fixed length k?",
                "`np.split(a, np.arange(k, len(a), k))`: the last block may be shorter.",
            ),
            FollowUp(
                "What does `np.hsplit` do with a table?",
                "It splits along axis 1, so every piece keeps all rows.",
            ),
        ),
    )


def _near(size: int, count: int) -> tuple[int, ...]:
    """Nearly equal lengths, the longer ones first."""
    length, rest = divmod(size, count)
    return (length + 1,) * rest + (length,) * (count - rest)


def _rounded_up(size: int, count: int) -> tuple[int, ...]:
    length = -(-size // count)
    return tuple(max(0, min(length, size - length * place)) for place in range(count))


def _blocks(size: int, length: int) -> tuple[int, ...]:
    return tuple(min(length, size - start) for start in range(0, size, length))


def _uneven(rng: "np.random.Generator") -> _Case:
    count = int(rng.integers(3, 6))
    size = count * int(rng.integers(2, 6)) + int(rng.integers(1, count))
    length, rest = divmod(size, count)
    lengths = _near(size, count)
    models = (
        Wrong("array-split-must-divide", raises="ValueError"),
        shaped("the-rest-goes-to-the-last", (length,) * (count - 1) + (length + rest,)),
        shaped("pieces-are-rounded-up", _rounded_up(size, count)),
        shaped("the-number-is-a-length", _blocks(size, count)),
        shaped("the-rest-is-dropped", (length,) * count),
    )
    return _Case(
        f"np.array_split(a, {count})",
        size,
        lengths,
        models,
        f"The lengths are `{lengths}`: {count} goes {length} times into {size}, and {rest} "
        f"{'is' if rest == 1 else 'are'} left, so the first "
        f"{'piece gets' if rest == 1 else f'{rest} pieces get'} one element more.",
    )


def _even(rng: "np.random.Generator") -> _Case:
    count, length = (int(number) for number in rng.permutation(range(2, 8))[:2])
    size = count * length
    name = one_of(rng, ("split", "array_split"))
    lengths = (length,) * count
    models = (
        Wrong("even-pieces-are-refused", raises="ValueError"),
        shaped("the-number-is-a-length", _blocks(size, count)),
        shaped("a-number-is-a-cut", (count, size - count)),
    )
    return _Case(
        f"np.{name}(a, {count})",
        size,
        lengths,
        models,
        f"The lengths are `{lengths}`: {count} divides {size}, so all pieces are equal.",
    )


def _refused(rng: "np.random.Generator") -> _Case:
    count = int(rng.integers(3, 6))
    size = count * int(rng.integers(2, 6)) + int(rng.integers(1, count))
    length, rest = divmod(size, count)
    models = (
        shaped("split-never-raises", _near(size, count)),
        shaped("the-rest-goes-to-the-last", (length,) * (count - 1) + (length + rest,)),
        shaped("the-number-is-a-length", _blocks(size, count)),
        shaped("the-rest-is-dropped", (length,) * count),
    )
    return _Case(
        f"np.split(a, {count})",
        size,
        None,
        models,
        f"It raises `ValueError`: {count} equal pieces of {size} elements do not exist, as "
        f"dividing {size} by {count} leaves {rest}.",
    )


def _cuts(rng: "np.random.Generator") -> _Case:
    size = int(rng.integers(8, 16))
    low, high = sorted(int(cut) for cut in rng.permutation(range(1, size))[:2])
    return _with_cuts(size, low, high)


def _cuts_beyond(rng: "np.random.Generator") -> _Case:
    size = int(rng.integers(6, 12))
    return _with_cuts(size, int(rng.integers(1, size)), size + int(rng.integers(1, 6)))


def _with_cuts(size: int, low: int, high: int) -> _Case:
    end = min(high, size)
    lengths = (low, end - low, size - end)

    def models() -> Iterator[Wrong]:
        if high > size:
            yield Wrong("a-cut-out-of-range-raises", raises="ValueError")
            yield shaped("cuts-drop-the-end", lengths[:2])
        else:
            yield Wrong("cuts-must-be-even", raises="ValueError")
            if low + high <= size:
                yield shaped("a-list-of-cuts-holds-lengths", (low, high, size - low - high))
            yield shaped("cuts-drop-the-end", lengths[:2])
        yield shaped("a-cut-belongs-to-both-sides", (low + 1, end - low, size - end))

    return _Case(
        f"np.split(a, [{low}, {high}])",
        size,
        lengths,
        tuple(models()),
        f"The lengths are `{lengths}`: the pieces are `a[:{low}]`, `a[{low}:{high}]` and "
        f"`a[{high}:]`.",
    )


split_sizes = Family(
    id="split-sizes",
    topic="shapes",
    level=2,
    kind="predict",
    title="How long the pieces of a split are",
    make=_splits,
    beliefs=tuple(_REASONS),
    may_fail=True,
)
