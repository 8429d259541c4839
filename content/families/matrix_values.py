"""A family about numbers that linear algebra finds in a small matrix."""

from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "a-determinant-adds-its-products": "The product of the second diagonal is taken away.",
    "a-determinant-starts-with-the-second-diagonal": "The product of the main diagonal comes "
    "first.",
    "the-diagonal-is-the-determinant": "The other diagonal counts as well.",
    "the-trace-is-a-product": "The trace adds up the diagonal.",
    "the-trace-adds-all": "Only the main diagonal counts.",
    "the-trace-is-the-second-diagonal": "It is the diagonal from the top left.",
    "the-norm-adds-up": "By default the squares are added, and the root is taken.",
    "the-norm-has-no-root": "The root of the sum of squares is taken.",
    "the-norm-is-the-largest": "The largest absolute value is `ord=np.inf`.",
    "the-norm-is-euclidean": "`ord` asks for another norm than the usual one.",
    "infinity-adds-up": "`np.inf` asks for the largest absolute value.",
    "signs-count-in-a-norm": "A norm takes absolute values.",
    "the-rank-is-the-size": "A row that is a combination of others adds nothing.",
    "the-rank-counts-rows-that-differ": "A multiple of a row differs from it and adds nothing.",
    "singular-means-rank-one": "Two of the rows are independent of each other.",
    "zero-determinant-means-rank-zero": "Rank 0 has the zero matrix alone.",
    "inverse-is-elementwise": "The inverse is not made of reciprocals or negatives.",
    "the-inverse-is-not-divided": "The swapped matrix is still divided by the determinant.",
    "the-inverse-keeps-the-diagonal": "The elements of the main diagonal change places.",
    "the-inverse-is-the-transpose": "Only an orthogonal matrix has its transpose as its inverse.",
}


class _Case(msgspec.Struct, frozen=True):
    """A matrix, what is asked of it, the answer, and what people expect."""

    a: "np.ndarray"
    written: str
    type: Literal["number", "array"]
    result: str
    wrong: tuple[Wrong, ...]
    told: str
    docs: str


def _value(rng: "np.random.Generator", level: int) -> Item:
    makers = {
        1: (_det, _trace, _norm),
        2: (_det, _trace, _norm, _rank),
        3: (_det, _ordered, _rank, _inverse),
    }[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng, level)
        wrong = options(case.result, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type=case.type,
        stem=f"What is `{case.written}`, computed by hand?",
        code=f"a = np.array({case.a.tolist()})\nx = {case.written}",
        answer="x",
        wrong=wrong,
        hint="Which elements count, and are they added, multiplied or squared?",
        rule="The determinant of [[a, b], [c, d]] is ad - bc, the trace a + d; the norm is the "
        "root "
        "of the sum of squares; the rank counts independent rows.",
        why=(
            f"{case.told}\n\n"
            "Small matrices are worth doing by hand, to know what the functions mean. The "
            "determinant tells by how much a matrix stretches an area, with a sign for turning it "
            "over; where it is 0, the matrix flattens the plane, its rank is less than its size, "
            "and there is no inverse. The inverse of a 2 by 2 matrix swaps the main diagonal, "
            "negates the other one and divides by the determinant. Trace and norm sum something "
            "up: the diagonal, and all squares.\n\n"
            "NumPy computes with floats, so a determinant may miss by a last digit, and a singular "
            "matrix may slip through as nearly singular. Ask `np.linalg.matrix_rank` or "
            "`np.linalg.cond`, not whether `det` is 0."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "What is the determinant of a product?",
                "The product of the determinants: `det(a @ b)` is `det(a) * det(b)`.",
            ),
            FollowUp(
                "What is the trace in terms of eigenvalues?",
                "Their sum; the determinant is their product.",
            ),
        ),
    )


def _matrix(rng: "np.random.Generator", low: int = 1) -> "np.ndarray":
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    return np.array(rng.permutation([n for n in range(low, 10) if n])[:4]).reshape(2, 2)


def _det(rng: "np.random.Generator", level: int) -> _Case:
    a = _matrix(rng, 1 if level == 1 else -5)
    (p, q), (r, s) = a.tolist()
    return _Case(
        a,
        "round(np.linalg.det(a))",
        "number",
        str(p * s - q * r),
        (
            Wrong("a-determinant-adds-its-products", str(p * s + q * r)),
            Wrong("a-determinant-starts-with-the-second-diagonal", str(q * r - p * s)),
            Wrong("the-diagonal-is-the-determinant", str(p * s)),
        ),
        f"It is {_factor(p)} · {_factor(s)} - {_factor(q)} · {_factor(r)} = {p * s - q * r}.",
        "linalg.det",
    )


def _trace(rng: "np.random.Generator", level: int) -> _Case:
    a = _matrix(rng, 1 if level == 1 else -5)
    (p, q), (r, s) = a.tolist()
    return _Case(
        a,
        "np.trace(a)",
        "number",
        str(p + s),
        (
            Wrong("the-trace-is-a-product", str(p * s)),
            Wrong("the-trace-adds-all", str(p + q + r + s)),
            Wrong("the-trace-is-the-second-diagonal", str(q + r)),
        ),
        f"It is {p} + {_factor(s)} = {p + s}, the sum of the diagonal from the top left.",
        "trace",
    )


_RIGHT_TRIANGLES = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 15, 17), (9, 12, 15), (12, 16, 20))
_BOXES = ((1, 2, 2, 3), (2, 3, 6, 7), (2, 4, 4, 6), (1, 4, 8, 9), (4, 4, 7, 9), (2, 6, 9, 11))


def _norm(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    pool = _RIGHT_TRIANGLES if level == 1 else _BOXES
    *parts, length = pool[int(rng.integers(len(pool)))]
    signs = rng.choice([-1, 1], len(parts)) if level > 1 else 1
    a = rng.permutation(parts) * signs
    squares = " + ".join(f"{_factor(int(part))}²" for part in a)
    return _Case(
        np.asarray(a),
        "np.linalg.norm(a)",
        "number",
        f"{length}.0",
        (
            Wrong("the-norm-adds-up", f"{sum(parts)}.0"),
            Wrong("the-norm-has-no-root", f"{length**2}.0"),
            Wrong("signs-count-in-a-norm", f"{int(np.sum(a))}.0"),
            Wrong("the-norm-is-the-largest", f"{max(parts)}.0"),
        ),
        f"It is the root of {squares} = {length**2}, which is {length}.",
        "linalg.norm",
    )


def _ordered(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    del level
    *parts, length = _BOXES[int(rng.integers(len(_BOXES)))]
    a = rng.permutation(parts) * rng.choice([-1, 1], 3)
    order = one_of(rng, ("1", "np.inf"))
    total, largest = sum(parts), max(parts)
    result, other = (total, largest) if order == "1" else (largest, total)
    return _Case(
        a,
        f"np.linalg.norm(a, ord={order})",
        "number",
        f"{result}.0",
        (
            Wrong("the-norm-is-euclidean", f"{length}.0"),
            Wrong("signs-count-in-a-norm", f"{int(np.sum(a) if order == '1' else np.max(a))}.0"),
            Wrong("the-norm-is-the-largest" if order == "1" else "infinity-adds-up", f"{other}.0"),
        ),
        f"With `ord=1` the absolute values are added up: {result}."
        if order == "1"
        else f"With `ord=np.inf` the largest absolute value counts: {result}.",
        "linalg.norm",
    )


def _rank(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    first = rng.permutation(range(1, 6))[:3]
    factor, more = (int(n) for n in rng.permutation(range(2, 5))[:2])
    second = rng.permutation(range(1, 6))[:3]
    if level > 2 and is_chosen(rng, 0.5):  # noqa: PLR2004  # the last level
        rows, rank = [first, second, first + second], 2
        told = "The third row is the sum of the others, which are independent"
    elif is_chosen(rng, 0.5):
        rows, rank = [first, first * factor, second], 2
        told = f"The second row is {factor} times the first; the third is independent of them"
    else:
        rows, rank = [first, first * factor, first * more], 1
        told = f"The other rows are {factor} and {more} times the first"
    if rank == 2 and np.linalg.matrix_rank(np.array([first, second])) < rank:  # noqa: PLR2004  # both rows
        rank = 1
        told = "All rows are multiples of one"
    return _Case(
        np.array(rows),
        "np.linalg.matrix_rank(a)",
        "number",
        str(rank),
        (
            Wrong("the-rank-is-the-size", "3"),
            Wrong("the-rank-counts-rows-that-differ", "2"),
            Wrong("singular-means-rank-one", "1"),
            Wrong("zero-determinant-means-rank-zero", "0"),
        ),
        f"It is {rank}. {told}.",
        "linalg.matrix_rank",
    )


def _inverse(rng: "np.random.Generator", level: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    del level
    p, q = (int(n) for n in rng.permutation(range(1, 6))[:2])
    sign = 1 if is_chosen(rng, 0.5) else -1
    pairs = [(r, s) for r in range(1, 12) for s in range(1, 12) if p * s - q * r == sign]
    r, s = pairs[int(rng.integers(len(pairs)))] if pairs else (1, 1)
    a = np.array([[p, q], [r, s]])
    adjugate = np.array([[s, -q], [-r, p]], dtype=float)
    result = adjugate / sign if pairs else adjugate
    return _Case(
        a,
        "np.linalg.inv(a).round()",
        "array",
        listed(result),
        (
            Wrong("inverse-is-elementwise", listed(-a.astype(float))),
            *([Wrong("the-inverse-is-not-divided", listed(adjugate))] if sign < 0 else []),
            Wrong("the-inverse-keeps-the-diagonal", listed(np.array([[p, -q], [-r, s]]) / sign)),
            Wrong("the-inverse-is-the-transpose", listed(a.T.astype(float))),
        )
        if pairs
        else (),
        f"The determinant is {p} · {s} - {q} · {r} = {sign}. The main diagonal is swapped, the "
        f"other negated, and all is divided by {sign}: `{result.tolist()}`.",
        "linalg.inv",
    )


def _factor(number: int) -> str:
    """A number beside a sign of arithmetic."""
    return str(number) if number >= 0 else f"({number})"


linalg_value = Family(
    id="linalg-value",
    topic="linalg",
    level=2,
    kind="predict",
    title="Determinant, trace, norm, rank and inverse by hand",
    make=_value,
    beliefs=tuple(_REASONS),
    covers=(11,),
)
