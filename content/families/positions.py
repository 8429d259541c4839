"""A family about flat positions and rows and columns."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import TRIES, Wrong, enough, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "argmax-gives-the-value": "`argmax` gives the position; `max` gives the value.",
    "argmax-gives-the-row": "Without `axis`, the position counts along the flattened table.",
    "argmax-gives-a-pair": "It gives one number; `np.unravel_index` makes a pair of it.",
    "positions-count-from-one": "Positions are counted from 0.",
    "flat-positions-run-down-columns": "Flat positions run along the rows.",
    "the-column-comes-first": "The row comes first, then the column.",
    "the-rows-are-as-long-as-the-columns": "A row is as long as the table has columns.",
    "argmin-is-argmax": "`argmin` looks for the smallest element.",
}


class _Case(msgspec.Struct, frozen=True):
    """Code that makes `p`, its value as text, and what people take it for."""

    written: str
    code: str
    answer: str
    type: Literal["number", "tuple"]
    result: str
    wrong: tuple[Wrong, ...]
    told: str
    docs: str


def _positions(rng: "np.random.Generator", level: int) -> Item:
    makers = {1: (_flat,), 2: (_flat, _unravelled), 3: (_unravelled, _ravelled, _found)}[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(case.result, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type=case.type,
        stem=f"What does `{case.written}` give?",
        code=case.code,
        answer=case.answer,
        wrong=wrong,
        hint="Write all elements in one line, row by row, and count from 0.",
        rule="Element (i, j) of a table with m columns has the flat position `i * m + j`.",
        why=(
            f"It is {case.result}. {case.told}\n\n"
            "Without `axis`, `argmax` and `argmin` look at the table as one long line, row by row, "
            "and give one position in it. `np.unravel_index(p, shape)` turns it into one index for "
            "each axis, the last axis fastest: a division by the number of columns gives the row, "
            "its rest the column. `np.ravel_multi_index` goes the other way. Both count in C "
            "order, whatever the memory looks like.\n\n"
            "So `a[np.unravel_index(a.argmax(), a.shape)]` is `a.max()`, and so is "
            "`a.ravel()[a.argmax()]`. Of several largest elements the first one counts."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        follow_up=(
            FollowUp(
                "How do you get the position of the largest element in each row?",
                "`a.argmax(axis=1)`, one column number for each row.",
            ),
            FollowUp(
                "How do you find all positions of the largest element?",
                "`np.argwhere(a == a.max())` lists them as rows of indices.",
            ),
        ),
    )


def _flat(rng: "np.random.Generator") -> _Case:
    n, m = sizes(rng, 2, 2, 4)
    a = rng.permutation(range(10, 100))[: n * m].reshape(n, m)
    name, other = ("argmax", "argmin") if one_of(rng, "ab") == "a" else ("argmin", "argmax")
    place = int(getattr(a, name)())
    row, column = divmod(place, m)

    def models() -> Iterator[Wrong]:
        yield Wrong("argmax-gives-the-value", str(a[row, column]))
        yield Wrong("argmax-gives-a-pair", f"({row}, {column})")
        yield Wrong("flat-positions-run-down-columns", str(column * n + row))
        yield Wrong("argmax-gives-the-row", str(row))
        yield Wrong("positions-count-from-one", str(place + 1))
        yield Wrong("argmin-is-argmax", str(int(getattr(a, other)())))

    which = "largest" if name == "argmax" else "smallest"
    picked = [model for model in models() if model.answer != str(place)]
    chosen = tuple(picked[int(spot)] for spot in sorted(rng.permutation(len(picked))[:4]))
    return _Case(
        f"a.{name}()",
        f"a = np.array({a.tolist()})\np = a.{name}()",
        "p",
        "number",
        str(place),
        chosen,
        f"The {which} element, {a[row, column]}, stands in row {row}, column {column}: "
        f"{row} * {m} + {column} = {place}.",
        name,
    )


def _pair(rng: "np.random.Generator") -> tuple[int, int, int, int]:
    """Rows, columns, and a place in the table that is not in its first row or column."""
    n, m = sizes(rng, 2, 3, 9)
    return n, m, int(rng.integers(1, n)), int(rng.integers(1, m))


def _pair_models(n: int, m: int, row: int, column: int) -> Iterator[Wrong]:
    place = row * m + column
    if place < n * n:
        yield Wrong("the-rows-are-as-long-as-the-columns", str(divmod(place, n)))
    yield Wrong("flat-positions-run-down-columns", str((place % n, place // n)))
    yield Wrong("the-column-comes-first", str((column, row)))
    yield Wrong("positions-count-from-one", str((row + 1, column + 1)))


def _unravelled(rng: "np.random.Generator") -> _Case:
    n, m, row, column = _pair(rng)
    place = row * m + column
    return _Case(
        f"np.unravel_index({place}, ({n}, {m}))",
        f"i, j = np.unravel_index({place}, ({n}, {m}))",
        "(int(i), int(j))",
        "tuple",
        str((row, column)),
        tuple(_pair_models(n, m, row, column)),
        f"{place} = {row} * {m} + {column}, so it is row {row}, column {column} of {m}.",
        "unravel_index",
    )


def _ravelled(rng: "np.random.Generator") -> _Case:
    n, m, row, column = _pair(rng)
    place = row * m + column
    models = (
        Wrong("the-rows-are-as-long-as-the-columns", str(row * n + column)),
        Wrong("flat-positions-run-down-columns", str(column * n + row)),
        Wrong("the-column-comes-first", str(column * m + row)),
        Wrong("positions-count-from-one", str(place + 1)),
    )
    return _Case(
        f"np.ravel_multi_index(({row}, {column}), ({n}, {m}))",
        f"p = np.ravel_multi_index(({row}, {column}), ({n}, {m}))",
        "p",
        "number",
        str(place),
        models,
        f"{row} whole rows of {m} come before it, and {column} elements in its own: "
        f"{row} * {m} + {column} = {place}.",
        "ravel_multi_index",
    )


def _found(rng: "np.random.Generator") -> _Case:
    n, m = sizes(rng, 2, 2, 4)
    a = rng.permutation(range(10, 100))[: n * m].reshape(n, m)
    row, column = divmod(int(a.argmax()), m)
    return _Case(
        "np.unravel_index(a.argmax(), a.shape)",
        f"a = np.array({a.tolist()})\ni, j = np.unravel_index(a.argmax(), a.shape)",
        "(int(i), int(j))",
        "tuple",
        str((row, column)),
        tuple(_pair_models(n, m, row, column)),
        f"The largest element, {a[row, column]}, has the flat position {row * m + column}, which "
        f"is row {row}, column {column}.",
        "unravel_index",
    )


argmax_unravel = Family(
    id="flat-positions",
    topic="sorting",
    level=2,
    kind="predict",
    title="Flat positions, and the row and column they stand for",
    make=_positions,
    beliefs=tuple(_REASONS),
)
