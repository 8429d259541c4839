"""Families about the shapes of products that sum over axes."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import (
    TRIES,
    Shape,
    Wrong,
    enough,
    is_chosen,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

# --- dot, matmul, inner, outer and tensordot ------------------------------------------------

_DOT = {
    "dot-broadcasts-stacks": "`np.dot` combines every matrix of one stack with every one of the "
    "other.",
    "batches-are-combined-like-dot": "`@` broadcasts the leading axes; `np.dot` combines them.",
    "the-inner-size-stays": "The axes summed over are not in the result.",
    "dot-sums-the-first-axis": "`np.dot` sums over the last axis of `a`.",
    "inner-is-dot": "`np.inner` sums over the last axes of both.",
    "dot-is-inner": "`np.dot` sums over the last but one axis of `b`.",
    "outer-keeps-the-axes": "`np.outer` flattens its operands; the result has two axes.",
    "outer-pairs-elements": "`np.outer` takes every element with every other one.",
    "outer-sums-an-axis": "`np.outer` sums nothing: every element of both takes part.",
    "axes-names-one-axis": "A lone number counts the axes summed over.",
    "tensordot-sums-one-axis": "All axes that are named are summed over.",
    "dot-sums-nothing": "The axis that both share is summed over.",
    "inner-pairs-rows": "Every last axis of `a` meets every one of `b`.",
    "batches-are-added-up": "Batches are kept; nothing is summed over them.",
    "listed-axes-are-sorted": "The lists are read in pairs, in the order written.",
    "tensordot-needs-neighbours": "Any axes may be named, if their sizes agree.",
    "tensordot-is-matmul": "`np.tensordot` has no batches: axes not summed over all stay.",
}


class _Product(msgspec.Struct, frozen=True):
    """Two shapes, a product, its shape, and what people expect."""

    first: Shape
    second: Shape
    written: str
    result: Shape
    wrong: tuple[Wrong, ...]
    told: str


def _dot(rng: "np.random.Generator", level: int) -> Item:
    makers = {
        1: (_plain, _inner, _outer),
        2: (_stacks, _inner, _counted),
        3: (_stacks, _counted, _listed),
    }[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng, level)
        wrong = options(str(case.result), case.wrong, _DOT)
        if enough(wrong):
            break
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of `{case.written}` here?",
        code=f"a = np.ones({case.first})\nb = np.ones({case.second})\nr = {case.written}",
        answer="r.shape",
        wrong=wrong,
        hint="Which axes are summed over, and what happens to all the others?",
        rule="`np.dot` sums the last axis of `a` with the last but one of `b` (of a vector its "
        "only one), `np.inner` the last of both, `np.tensordot` those named; the others stay.",
        why=(
            f"The shape is `{case.result}`. {case.told}\n\n"
            "Apart from `outer`, these products take an axis of each operand, of the same size, "
            "multiply along it and add up; that axis is gone from the result. They differ in "
            "which axes these are, and in what happens to the rest. With one and two axes "
            "`np.dot` and `@` agree. With more, `@` treats the leading axes as batches and "
            "broadcasts them; the others keep every axis that is not summed over, those of `a` "
            "first.\n\n"
            "In code for batches write `@`, or `np.einsum`, which names every axis. A `np.dot` of "
            "two stacks is rarely meant, and is as large as it looks."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{_name(case.written)}.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "What does `np.vecdot` do?",
                "It takes the dot product along the last axis and broadcasts the others; it came "
                "with NumPy 2.0.",
            ),
            FollowUp(
                "How do you write `np.tensordot(a, b, axes=1)` with einsum?",
                "For tables, `np.einsum('ij,jk->ik', a, b)`: the letter they share is summed.",
            ),
        ),
    )


def _name(written: str) -> str:
    return "matmul" if "@" in written else written.partition("(")[0].removeprefix("np.")


def _plain(rng: "np.random.Generator", level: int) -> _Product:
    del level
    n, k, m = sizes(rng, 3)
    if is_chosen(rng, 0.4):
        return _Product(
            (n, k),
            (k,),
            "np.dot(a, b)",
            (n,),
            (
                shaped("the-inner-size-stays", (n, k)),
                shaped("dot-sums-the-first-axis", (k,)),
                shaped("outer-keeps-the-axes", (n, k, k)),
            ),
            f"The axis of size {k} is summed over, which leaves the {n} rows.",
        )
    return _Product(
        (n, k),
        (k, m),
        "np.dot(a, b)",
        (n, m),
        (
            shaped("the-inner-size-stays", (n, k, m)),
            shaped("dot-sums-the-first-axis", (k, k)),
            shaped("dot-sums-nothing", (n, k, k, m)),
        )[: 2 + int(rng.integers(2))],
        f"The axis of size {k} is summed over: {n} rows and {m} columns are left.",
    )


def _inner(rng: "np.random.Generator", level: int) -> _Product:
    n, k, m, batch = sizes(rng, 4)
    ahead = (batch,) if level > 1 else ()
    result = (*ahead, n, m)
    return _Product(
        (*ahead, n, k),
        (m, k),
        "np.inner(a, b)",
        result,
        (
            shaped("the-inner-size-stays", (*ahead, n, k, m)),
            shaped("inner-is-dot", None),
            *([shaped("inner-pairs-rows", (*ahead, m))] if ahead else []),
        ),
        f"The last axes of both, of size {k}, are summed over.",
    )


def _outer(rng: "np.random.Generator", level: int) -> _Product:
    del level
    n, m, more = sizes(rng, 3)
    if is_chosen(rng, 0.5):
        return _Product(
            (n, more),
            (m,),
            "np.outer(a, b)",
            (n * more, m),
            (
                shaped("outer-keeps-the-axes", (n, more, m)),
                shaped("outer-pairs-elements", None),
                shaped("outer-sums-an-axis", (n, m)),
            ),
            f"`a` is flattened to {n * more} elements, each of which meets the {m} of `b`.",
        )
    return _Product(
        (n,),
        (m,),
        "np.outer(a, b)",
        (n, m),
        (
            shaped("outer-pairs-elements", None),
            shaped("outer-keeps-the-axes", (n * m,)),
        ),
        f"Each of the {n} elements of `a` meets each of the {m} of `b`.",
    )


def _stacks(rng: "np.random.Generator", level: int) -> _Product:
    del level
    n, k, m, batch, other = sizes(rng, 5, 2, 7)
    if is_chosen(rng, 0.5):
        beside = batch if is_chosen(rng, 0.6) else other
        return _Product(
            (batch, n, k),
            (beside, k, m),
            "np.dot(a, b)",
            (batch, n, beside, m),
            (
                shaped("dot-broadcasts-stacks", (batch, n, m) if beside == batch else None),
                shaped("dot-is-inner", (batch, n, beside, k)),
                shaped("the-inner-size-stays", (batch, n, k, beside, m)),
            ),
            f"`np.dot` sums over the size {k} and keeps all other axes: those of `a`, "
            f"`{(batch, n)}`, then those of `b`, `{(beside, m)}`.",
        )
    ahead = 1 if is_chosen(rng, 0.3) else batch
    return _Product(
        (batch, n, k),
        (ahead, k, m),
        "a @ b",
        (batch, n, m),
        (
            shaped("batches-are-combined-like-dot", (batch, n, ahead, m)),
            shaped("the-inner-size-stays", (batch, n, k, m)),
            shaped("batches-are-added-up", (n, m)),
        ),
        f"The first axes are batches and broadcast to {batch}; each pair of matrices gives "
        f"`{(n, m)}`.",
    )


def _counted(rng: "np.random.Generator", level: int) -> _Product:
    del level
    p, q, r, s = sizes(rng, 4)
    if is_chosen(rng, 0.5):
        return _Product(
            (p, q, r),
            (q, r, s),
            "np.tensordot(a, b, axes=2)",
            (p, s),
            (
                shaped("tensordot-sums-one-axis", (p, q, q, s)),
                shaped("axes-names-one-axis", None),
                shaped("the-inner-size-stays", (p, q, r, s)),
            ),
            f"With `axes=2`, the last two axes of `a` are summed with the first two of `b`: "
            f"`{(q, r)}` is gone.",
        )
    return _Product(
        (p, q, r),
        (r, s, p),
        "np.tensordot(a, b, axes=1)",
        (p, q, s, p),
        (
            shaped("axes-names-one-axis", None),
            shaped("the-inner-size-stays", (p, q, r, s, p)),
            shaped("tensordot-is-matmul", (p, q, s)),
        ),
        f"With `axes=1`, the last axis of `a` is summed with the first of `b`: {r} is gone.",
    )


def _listed(rng: "np.random.Generator", level: int) -> _Product:
    del level
    p, q, r, s = sizes(rng, 4)
    if is_chosen(rng, 0.5):
        return _Product(
            (p, q, r),
            (r, q, s),
            "np.tensordot(a, b, axes=([1, 2], [1, 0]))",
            (p, s),
            (
                shaped("tensordot-sums-one-axis", (p, r, r, s)),
                shaped("the-inner-size-stays", (p, q, r, s)),
                shaped("listed-axes-are-sorted", None),
            ),
            f"Axis 1 of `a` goes with axis 1 of `b`, of size {q}, and axis 2 with axis 0, of size "
            f"{r}; both are gone.",
        )
    return _Product(
        (p, q, r),
        (s, q),
        "np.tensordot(a, b, axes=([1], [1]))",
        (p, r, s),
        (
            shaped("the-inner-size-stays", (p, q, r, s)),
            shaped("tensordot-is-matmul", (p, s, r)),
            shaped("tensordot-needs-neighbours", None),
        ),
        f"Axis 1 of both, of size {q}, is summed over; the axes of `a` that stay come first.",
    )


dot_vs_matmul = Family(
    id="dot-or-matmul",
    topic="linalg",
    level=3,
    kind="predict",
    title="The shapes of `dot`, `inner`, `outer`, `tensordot` and `@`",
    make=_dot,
    beliefs=tuple(_DOT),
    covers=(11,),
)
