"""Families about views and copies."""

from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np


class _Operation(msgspec.Struct, frozen=True):
    """An expression over `a`, whether it shares memory with it, and what people believe."""

    show: str
    gives: Literal["view", "copy"]
    level: int
    belief: str
    why: str


_SLICES = "slices-are-copies"
_FANCY = "fancy-index-is-a-view"
_POOL = (
    _Operation("a[1:]", "view", 1, _SLICES, "Basic slices are views: only start and shape change."),
    _Operation("a[:, ::2]", "view", 1, _SLICES, "A step only changes a stride, so it is a view."),
    _Operation(
        "a[0]", "view", 1, _SLICES, "An integer index of a 2-D array gives a view of a row."
    ),
    _Operation(
        "a.T", "view", 1, "transpose-moves-the-data", "Transposing swaps strides and moves no data."
    ),
    _Operation("a[[0, 2]]", "copy", 1, _FANCY, "A list of indices always copies."),
    _Operation("a[a > 4]", "copy", 1, _FANCY, "A Boolean mask always copies."),
    _Operation("a.copy()", "copy", 1, "copy-is-lazy", "`copy` allocates new memory at once."),
    _Operation("a + 0", "copy", 1, "arithmetic-is-in-place", "A ufunc writes into a new array."),
    _Operation("a.flatten()", "copy", 1, "flatten-is-a-view", "`flatten` always copies."),
    _Operation("a.ravel()", "view", 2, "ravel-is-flatten", "`ravel` copies only if it must."),
    _Operation(
        "a.reshape(4, 3)",
        "view",
        1,
        "reshape-always-copies",
        "A contiguous array is reshaped as a view.",
    ),
    _Operation(
        "a.T.reshape(-1)",
        "copy",
        2,
        "reshape-never-copies",
        "No strides read the transposed order flat, so it copies.",
    ),
    _Operation(
        "a.T.ravel()",
        "copy",
        3,
        "reshape-never-copies",
        "C order of a transposed array needs a copy.",
    ),
    _Operation(
        'a.T.ravel(order="F")',
        "view",
        3,
        "ravel-is-flatten",
        "Fortran order of `a.T` is the memory of `a` as it lies.",
    ),
    _Operation("np.asarray(a)", "view", 1, "asarray-copies", "`asarray` returns `a` itself."),
    _Operation("np.array(a)", "copy", 2, "np-array-reuses-arrays", "`np.array` copies by default."),
    _Operation(
        "a.astype(a.dtype)",
        "copy",
        2,
        "astype-to-the-same-dtype-is-free",
        "`astype` copies unless `copy=False`.",
    ),
    _Operation(
        "a.astype(a.dtype, copy=False)",
        "view",
        2,
        "astype-always-copies",
        "With `copy=False` and the same dtype, `a` itself comes back.",
    ),
    _Operation(
        "a.astype(np.float32)", "copy", 1, "astype-is-a-view", "Converted values need new memory."
    ),
    _Operation(
        "np.swapaxes(a, 0, 1)",
        "view",
        2,
        "transpose-moves-the-data",
        "Swapping axes only swaps strides.",
    ),
    _Operation(
        "np.squeeze(a[:1])",
        "view",
        2,
        "reshape-always-copies",
        "Dropping axes of size 1 moves no data.",
    ),
    _Operation(
        "np.expand_dims(a, 0)",
        "view",
        2,
        "reshape-always-copies",
        "A new axis of size 1 moves no data.",
    ),
    _Operation(
        "np.broadcast_to(a, (2, 3, 4))",
        "view",
        3,
        "broadcasting-copies",
        "The new axis has stride 0 over the same memory.",
    ),
    _Operation(
        "np.tile(a, (2, 1))", "copy", 2, "tile-repeats-a-view", "`tile` writes every repetition."
    ),
    _Operation(
        "a.diagonal()", "view", 3, "diagonal-copies", "The diagonal is a strided, read-only view."
    ),
    _Operation(
        "np.take(a, [0, 1], axis=0)", "copy", 2, _FANCY, "`take` copies, as a list of indices does."
    ),
    _Operation("a[::-1]", "view", 2, _SLICES, "A negative stride walks the same memory backwards."),
    _Operation(
        "a[:, [0, 1]]", "copy", 2, _FANCY, "One list among the indices is enough for a copy."
    ),
    _Operation(
        "np.concatenate([a, a])",
        "copy",
        1,
        "joining-shares",
        "Joined arrays are written into new memory.",
    ),
    _Operation(
        "np.flip(a, axis=1)", "view", 3, "flip-copies", "`flip` is a slice with a negative step."
    ),
    _Operation(
        "a.view(np.uint64)",
        "view",
        3,
        "view-converts",
        "`view` reads the same bytes with another dtype.",
    ),
)
_MOST_VIEWS = 3


def _view_or_copy(rng: "np.random.Generator", level: int) -> Item:
    pool = [operation for operation in _POOL if operation.level <= level]
    shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
    count = int(rng.integers(2, _MOST_VIEWS + 1))
    views = [operation for operation in shuffled if operation.gives == "view"][:count]
    copies = [operation for operation in shuffled if operation.gives == "copy"][: 5 - count]
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem="Which of these share memory with `a`?",
        code="a = np.arange(12).reshape(3, 4)",
        holds="np.shares_memory(a, it)",
        right=tuple(map(_option, views)),
        wrong=tuple(map(_option, copies)),
        hint="A view is another start, shape and strides over the same memory. Which operations "
        "settle for that, and which copy in any case?",
        rule="Slices, transposes and, where strides allow it, reshapes are views; lists, masks, "
        "arithmetic and casts copy.",
        why=_told(views, copies),
        docs="https://numpy.org/doc/stable/user/basics.copies.html",
        covers=(8, 16, 35),
        follow_up=(
            FollowUp(
                "How do you find out whether two arrays share memory?",
                "`np.shares_memory(a, b)` is exact; `np.may_share_memory` is quick and compares "
                "only the bounds.",
            ),
            FollowUp(
                "Why do `OWNDATA` and `.base` not tell?",
                "They show whether an array owns its buffer; a copy may be a view of a hidden one.",
            ),
        ),
    )


def _option(operation: _Operation) -> Option:
    return Option(show=operation.show, belief=operation.belief, why=operation.why)


def _told(views: list[_Operation], copies: list[_Operation]) -> str:
    def listed(found: list[_Operation]) -> str:
        return "\n".join(f"- `{operation.show}`: {operation.why}" for operation in found)

    return (
        f"These share memory with `a`:\n\n{listed(views)}\n\nThese have memory of their own:\n\n"
        f"{listed(copies)}\n\n"
        "Writing into shared memory changes `a`, which is wanted as often as it is a bug. Ask "
        "`np.shares_memory` when in doubt, and write `.copy()` when a function must not change "
        "what it was given."
    )


view_or_copy = Family(
    id="view-or-copy",
    topic="memory",
    level=2,
    kind="several",
    title="Which results share memory with an array",
    make=_view_or_copy,
    beliefs=tuple(sorted({operation.belief for operation in _POOL})),
    covers=(8, 16, 35),
)
