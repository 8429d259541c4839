"""A family about matrices made with a pattern."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "k-counts-downwards": "A positive `k` lies above the main diagonal, a negative one below.",
    "k-is-the-value": "`k` names a diagonal; the ones on it stay ones.",
    "diag-keeps-the-size": "The matrix grows by the offset, so that the whole vector fits on it.",
    "diag-only-reads": "Given a vector, `np.diag` builds a matrix with it.",
    "tril-is-the-upper-part": "`tril` keeps the lower triangle, `triu` the upper one.",
    "the-diagonal-is-left-out": "The diagonal `k` itself belongs to the triangle.",
    "columns-come-first": "The first size counts rows, the second one columns.",
    "meshgrid-is-ij-by-default": "By default `x` runs along the columns; `indexing='ij'` gives it "
    "the rows.",
    "meshgrid-returns-pairs": "Each output is a table of one coordinate.",
    "meshgrid-swaps-its-outputs": "The outputs have the order of the arguments.",
    "indices-count-from-one": "The indices given to the function count from 0.",
    "fromfunction-passes-columns-first": "The function gets the row index first.",
}

_MOST_CELLS = 16
"""So many elements fit into a verdict on a phone."""


class _Pattern(msgspec.Struct, frozen=True):
    """A call that makes a matrix, its result, and what people take it for."""

    code: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str
    docs: str
    general: str


_DIAGONALS = (
    "Element (i, j) lies on diagonal j - i: the main diagonal is 0, those above it are positive, "
    "those below negative. `eye`, `diag`, `tri`, `tril` and `triu` all count it that way. "
    "`tri(n, k=k)` has ones on diagonal k and everywhere below it.\n\n"
    "The same patterns can be made by comparing indices: with `i = np.arange(3)[:, None]` and "
    "`j = np.arange(3)`, `i == j` is the identity, `i >= j` a lower triangle and `j - i == k` any "
    "diagonal. That is how masks are made for other patterns, such as a band or a checkerboard."
)
_INDICES = (
    "Both functions lay out the coordinates of a grid as tables, so that a formula on tables gives "
    "the value at every point in one go. They differ in their order. `fromfunction` and "
    "`np.indices` speak of rows and columns: the first table changes downwards. `meshgrid` speaks "
    "of x and y as in a plot: the first table changes to the right, unless `indexing='ij'` asks "
    "for the order of indices.\n\n"
    "Tables of coordinates are seldom needed in full: a column `i[:, None]` and a row `j` "
    "broadcast to the same result and take less memory. `np.ogrid` and `sparse=True` give these."
)


def _patterns(rng: "np.random.Generator", level: int) -> Item:
    makers = (_eye, _triangle, _diag, _grid, _function)
    chosen = {1: makers[:3], 2: makers[:4], 3: makers[1:]}[level]
    for _ in range(TRIES):
        made = chosen[int(rng.integers(len(chosen)))](rng)
        wrong = options(listed(made.result), made.wrong, _REASONS)
        if enough(wrong) and made.result.size <= _MOST_CELLS:
            break
    return Item(
        topic="fundamentals",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"Which matrix does `np.{made.docs}` make?",
        code=made.code,
        answer="r",
        wrong=wrong,
        hint="Write down an empty table of the right size. Which element do you know first?",
        rule="Sizes name rows first; a positive `k` means a diagonal above the main one.",
        why=(f"`r` is `{made.result.tolist()}`. {made.told}\n\n{made.general}"),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{made.docs}.html",
        follow_up=(
            FollowUp(
                "How do you read the diagonal of a matrix?",
                "`np.diagonal(m)` or `np.diag(m)`; both take an offset.",
            ),
            FollowUp(
                "How do you set the diagonal in place?",
                "`np.fill_diagonal(m, value)` writes into the matrix it is given.",
            ),
        ),
    )


def _eye(rng: "np.random.Generator") -> _Pattern:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    n, m = (int(size) for size in rng.integers(2, 5, 2))
    k = int(rng.choice([-2, -1, 1, 2]))
    result = np.eye(n, m, k, dtype=int)

    def models() -> Iterator[Wrong]:
        yield Wrong("k-counts-downwards", listed(np.eye(n, m, -k, dtype=int)))
        yield Wrong("columns-come-first", listed(np.eye(m, n, k, dtype=int)))
        yield Wrong("k-is-the-value", listed(np.eye(n, m, dtype=int) * k))

    side = f"{_counted(abs(k))} {'above' if k > 0 else 'below'} the main diagonal"
    return _Pattern(
        f"r = np.eye({n}, {m}, k={k}, dtype=int)",
        result,
        tuple(models()) if result.any() else (),
        f"It has {n} rows and {m} columns, and its ones stand {side}.",
        "eye",
        _DIAGONALS,
    )


def _counted(steps: int) -> str:
    return "one place" if steps == 1 else f"{steps} places"


def _triangle(rng: "np.random.Generator") -> _Pattern:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("tri", "tril", "triu"))
    k = int(rng.choice([-1, 0, 1]))
    argument = f", k={k}" if k else ""
    if name == "tri":
        n, m = (int(size) for size in rng.integers(2, 5, 2))
        kept, other, bare = (
            np.tri(n, m, k, dtype=int),
            np.tri(n, m, -k, dtype=int),
            np.tri(n, m, k - 1, dtype=int),
        )
        code = f"r = np.tri({n}, {m}{argument}, dtype=int)"
        flipped = 1 - bare
    else:
        low, n, m = int(rng.integers(1, 60)), 3, int(rng.integers(2, 5))
        a = np.arange(low, low + n * m).reshape(n, m)
        pick, swap = (np.tril, np.triu) if name == "tril" else (np.triu, np.tril)
        step = -1 if name == "tril" else 1
        kept, other, bare = pick(a, k), pick(a, -k), pick(a, k + step)
        flipped = swap(a, k)
        code = f"a = np.arange({low}, {low + n * m}).reshape({n}, {m})\nr = np.{name}(a{argument})"

    def models() -> Iterator[Wrong]:
        if k:
            yield Wrong("k-counts-downwards", listed(other))
        yield Wrong("tril-is-the-upper-part", listed(flipped))
        yield Wrong("the-diagonal-is-left-out", listed(bare))

    part = "below" if name != "triu" else "above"
    what = "are ones, the others zeros" if name == "tri" else "stay, the others become zeros"
    return _Pattern(
        code,
        kept,
        tuple(models()) if 0 < np.count_nonzero(kept) < kept.size else (),
        f"The elements on diagonal {k} and {part} it {what}.",
        name,
        _DIAGONALS,
    )


def _diag(rng: "np.random.Generator") -> _Pattern:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    v = rng.permutation(range(1, 10))[: int(rng.integers(2, 4))]
    k = int(rng.choice([-2, -1, 1, 2]))
    small = np.zeros((len(v), len(v)), dtype=int)
    for row, value in enumerate(v):
        if 0 <= row + k < len(v):
            small[row, row + k] = value

    def models() -> Iterator[Wrong]:
        yield Wrong("k-counts-downwards", listed(np.diag(v, -k)))
        yield Wrong("diag-keeps-the-size", listed(small))
        yield Wrong("diag-only-reads", listed(v))

    side = "above" if k > 0 else "below"
    size = len(v) + abs(k)
    return _Pattern(
        f"r = np.diag({v.tolist()}, k={k})",
        np.diag(v, k),
        tuple(models()),
        f"The vector stands on diagonal {k}, {side} the main one, and all {len(v)} elements have "
        f"to fit, so the matrix has {size} rows and columns.",
        "diag",
        _DIAGONALS,
    )


def _grid(rng: "np.random.Generator") -> _Pattern:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    xs = rng.permutation(range(1, 10))[:3]
    ys = rng.permutation(range(10, 20))[:2]
    ij = is_chosen(rng, 0.4)
    name = one_of(rng, ("x", "y"))
    x, y = np.meshgrid(xs, ys, indexing="ij" if ij else "xy")
    turned_x, turned_y = np.meshgrid(xs, ys, indexing="xy" if ij else "ij")
    result, swapped, turned = (x, y, turned_x) if name == "x" else (y, x, turned_y)
    argument = ', indexing="ij"' if ij else ""

    def models() -> Iterator[Wrong]:
        yield Wrong("meshgrid-is-ij-by-default", listed(turned))
        yield Wrong("meshgrid-swaps-its-outputs", listed(swapped))
        pairs = np.stack([x.ravel(), y.ravel()], axis=1)
        yield Wrong("meshgrid-returns-pairs", listed(pairs))

    runs = "rows" if (name == "x") == ij else "columns"
    return _Pattern(
        f"x, y = np.meshgrid({xs.tolist()}, {ys.tolist()}{argument})\nr = {name}",
        result,
        tuple(models()),
        f"The tables have the shape `{result.shape}`, and `{name}` changes along the {runs}: by "
        "default the first argument belongs to the horizontal direction, as in a plot.",
        "meshgrid",
        _INDICES,
    )


def _function(rng: "np.random.Generator") -> _Pattern:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    n, m = (int(size) for size in rng.permutation(range(2, 5))[:2])
    p, q = (int(factor) for factor in rng.permutation(range(2, 9))[:2])
    i, j = np.indices((n, m))
    result = p * i + q * j
    i_turned, j_turned = np.indices((m, n))

    def models() -> Iterator[Wrong]:
        yield Wrong("fromfunction-passes-columns-first", listed(q * i + p * j))
        yield Wrong("indices-count-from-one", listed(p * (i + 1) + q * (j + 1)))
        yield Wrong("columns-come-first", listed(p * i_turned + q * j_turned))

    return _Pattern(
        f"def f(i, j):\n    return {p} * i + {q} * j\n\n\n"
        f"r = np.fromfunction(f, ({n}, {m}), dtype=int)",
        result,
        tuple(models()),
        f"`f` is called once, with two tables of indices of the shape ({n}, {m}): `i` holds the "
        f"row of each element, `j` its column, both counted from 0.",
        "fromfunction",
        _INDICES,
    )


creation_pattern = Family(
    id="pattern-of-a-matrix",
    topic="fundamentals",
    level=2,
    kind="predict",
    title="Matrices with a diagonal, a triangle or a grid",
    make=_patterns,
    beliefs=tuple(_REASONS),
)
