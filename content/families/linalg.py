"""Families about products of arrays."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Shape,
    Wrong,
    broadcast,
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

_REASONS = {
    "batches-are-combined-like-dot": "That is `np.dot`; `@` broadcasts the leading axes.",
    "batches-must-be-equal": "Leading axes broadcast: a 1 or a missing one fits.",
    "matmul-is-elementwise": "`@` multiplies matrices; it does not broadcast the last two axes.",
    "matmul-needs-two-axes": "`@` takes a vector as well: it lends it a second axis.",
    "the-inner-size-stays": "The inner size is summed over, so it is not in the result.",
    "the-added-axis-stays": "The axis that `@` adds to a vector is removed again.",
    "inner-sizes-need-not-fit": "The last size of `a` must equal the last but one of `b`.",
}


def _matmul_shape(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    for _ in range(TRIES):
        first, second = _draw(rng, level, fails=fails)
        result = _product(first, second)
        key = "ValueError" if result is None else str(result)
        wrong = options(key, _models(first, second), _REASONS)
        if (result is None) is fails and enough(wrong):
            break
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem="What is the shape of `a @ b`, or does it raise an error?",
        code=f"a = np.ones({first})\nb = np.ones({second})",
        answer="(a @ b).shape",
        picture=("a", "b", "a @ b"),
        raises="ValueError" if result is None else None,
        wrong=wrong,
        hint="Look at the last two axes first, then at the axes before them.",
        rule="`@` multiplies the last two axes, `(n, k) @ (k, m)` to `(n, m)`, and broadcasts all "
        "axes before them.",
        why=_explained(first, second, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.matmul.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "How does `np.dot` differ for stacks of matrices?",
                "It combines every matrix of one stack with every matrix of the other.",
            ),
            FollowUp(
                "What does `@` do with a one-dimensional operand?",
                "It is a row on the left, a column on the right, and that axis is dropped.",
            ),
        ),
    )


def _draw(rng: "np.random.Generator", level: int, *, fails: bool) -> tuple[Shape, Shape]:
    """Two operands; one in three of the harder ones has a vector."""
    n, k, m, other, batch, more = sizes(rng, 6, 2, 7)
    first, second = [n, k], [k, m]
    if fails and is_chosen(rng, 0.7 if level > 1 else 1):
        second[0] = other
    if level == 1:
        return _with_vector(rng, first, second)
    ahead = [batch] if level == 2 or is_chosen(rng, 0.5) else [batch, more]  # noqa: PLR2004  # levels are 1 to 3
    beside = [1 if is_chosen(rng, 0.4) else size for size in ahead][int(rng.integers(0, 2)) :]
    if fails and second[0] == k and beside:
        beside[-1] = other
    if is_chosen(rng, 0.5):
        return (*ahead, *first), (*beside, *second)
    return (*beside, *first), (*ahead, *second)


def _with_vector(
    rng: "np.random.Generator", first: list[int], second: list[int]
) -> tuple[Shape, Shape]:
    kind = int(rng.integers(0, 4))
    if kind == 0:
        return (first[1],), tuple(second)
    if kind == 1:
        return tuple(first), (second[0],)
    return tuple(first), tuple(second)


def _product(first: Shape, second: Shape) -> Shape | None:
    """The shape that NumPy gives; None where it raises."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    try:
        found = np.matmul(np.ones(first, dtype=np.int8), np.ones(second, dtype=np.int8))
    except ValueError:
        return None
    shape: Shape = found.shape
    return shape


def _models(first: Shape, second: Shape) -> Iterator[Wrong]:
    """What each misconception makes of the shapes."""
    fits = first[-1] == (second[-2] if len(second) > 1 else second[0])
    ends = (*first[-2:-1], *(second[-1:] if len(second) > 1 else ()))
    if fits and (len(first) > 2 or len(second) > 2):  # noqa: PLR2004  # stacks of matrices
        yield shaped(
            "batches-are-combined-like-dot",
            (*first[:-1], *second[:-2], *second[-1:]),
        )
        yield shaped("batches-must-be-equal", None)
    elementwise = broadcast(first, second)
    if elementwise is not None:
        yield shaped("matmul-is-elementwise", elementwise)
    if not fits:
        yield shaped("inner-sizes-need-not-fit", (*first[:-2], *ends))
    if fits and (len(first) == 1 or len(second) == 1):
        kept = (1, *ends) if len(first) == 1 else (*ends, 1)
        yield shaped("the-added-axis-stays", kept)
        yield shaped("matmul-needs-two-axes", None)
    yield shaped("the-inner-size-stays", (*first, *(second[-1:] if len(second) > 1 else ())))
    if elementwise is None:
        yield shaped("matmul-is-elementwise", None)


def _explained(first: Shape, second: Shape, result: Shape | None) -> str:
    inner = second[-2] if len(second) > 1 else second[0]
    if first[-1] != inner:
        told = (
            f"It raises `ValueError`: the last size of `a` is {first[-1]}, and it would have to "
            f"be {inner}, the size of the axis of `b` that is summed over."
        )
    elif result is None:
        told = (
            f"It raises `ValueError`. The matrices fit, {first[-2:]} with {second[-2:]}, but the "
            f"axes before them, `{first[:-2]}` and `{second[:-2]}`, do not broadcast."
        )
    else:
        told = (
            f"The shape is `{result}`. The size {inner} is summed over and leaves; what remains of "
            "the last two axes stands at the end, and the axes before them broadcast."
        )
    return (
        f"{told}\n\n"
        "Take the two steps apart: first the last two axes, as in a product of matrices, then "
        "everything before them by the rules of broadcasting. An operand with one axis is lent a "
        "second one for the product, which is removed afterwards.\n\n"
        "`*` is the element-wise product, and `np.dot` combines stacks differently: write `@` or "
        "`np.einsum` where arrays have more than two axes."
    )


matmul_shape = Family(
    id="matmul-shape",
    topic="linalg",
    level=2,
    kind="predict",
    title="The shape of a matrix product, or an error",
    make=_matmul_shape,
    beliefs=tuple(_REASONS),
    covers=(11,),
    may_fail=True,
)
