"""Families about the table that a column and a row make."""

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_DOCS = "https://numpy.org/doc/stable/user/basics.broadcasting.html"

# --- the values of a table ------------------------------------------------------------------

_TABLE = {
    "broadcasting-pairs-elements": "Elements aren't paired as by `zip`: each meets every other.",
    "the-first-operand-gives-the-rows": "The column gives the rows, whichever operand comes first.",
    "the-column-gives-the-columns": "What is made a column runs down: there is one row for each.",
    "only-equal-shapes": "Shapes need not be equal: an axis of length 1 stretches.",
}
_SIGNS: "dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]" = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    ">": operator.gt,
    "==": operator.eq,
}


def _table(rng: "np.random.Generator", level: int) -> Item:
    signs = [*_SIGNS][1 if level > 1 else 0 : 3 if level == 1 else 5]
    for _ in range(TRIES):
        n = int(rng.integers(2, 4))
        m = n if level == 3 and is_chosen(rng, 0.5) else 5 - n  # noqa: PLR2004  # the last level
        low, high = (1, 6) if level > 1 else (1, 10)
        x, y = rng.integers(low, high, n), rng.integers(low, high, m)
        sign = one_of(rng, signs)
        turned = level > 1 and is_chosen(rng, 0.5)
        own = level == 3 and is_chosen(rng, 0.3)  # noqa: PLR2004  # the last level
        y = x if own else y
        result = _made(sign, x, y, turned=turned)
        wrong = options(listed(result), _table_models(sign, x, y, turned=turned), _TABLE)
        is_plain = len(set(x.tolist())) < n or len(set(y.tolist())) < len(y)
        if enough(wrong) and not is_plain and len(set(result.ravel().tolist())) > 1:
            break
    other = "x" if own else "y"
    if level == 1:
        first, written = f"np.array({x[:, None].tolist()})", f"x {sign} y"
    else:
        first = listed(x)
        written = f"x {sign} {other}[:, None]" if turned else f"x[:, None] {sign} {other}"
    second = "" if own else f"y = {listed(y)}\n"
    return Item(
        topic="broadcasting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What is the table `t` of `{written}`?",
        code=f"x = {first}\n{second}t = {written}",
        answer="t",
        picture=(*written.split(f" {sign} "), "t"),
        wrong=wrong,
        hint="Which operand runs down the rows, and which along the columns?",
        rule="A column and a vector broadcast to a table: its rows follow the column, its columns "
        "the vector.",
        why=_table_told(written, sign, x, y, turned=turned),
        docs=_DOCS,
        covers=(5,),
        follow_up=(
            FollowUp(
                "How do you write it without `None`?",
                "Every binary ufunc has `outer`: `np.subtract.outer(x, y)` is `x[:, None] - y`.",
            ),
            FollowUp(
                "What does the table cost?",
                "The operands are not copied, but the table itself has n times m elements.",
            ),
        ),
    )


def _made(sign: str, x: "np.ndarray", y: "np.ndarray", *, turned: bool) -> "np.ndarray":
    return _SIGNS[sign](x, y[:, None]) if turned else _SIGNS[sign](x[:, None], y)


def _table_models(sign: str, x: "np.ndarray", y: "np.ndarray", *, turned: bool) -> Iterator[Wrong]:
    result = _made(sign, x, y, turned=turned)
    belief = "the-first-operand-gives-the-rows" if turned else "the-column-gives-the-columns"
    yield Wrong(belief, listed(result.T))
    short = min(len(x), len(y))
    yield Wrong("broadcasting-pairs-elements", listed(_SIGNS[sign](x[:short], y[:short])))
    yield Wrong("only-equal-shapes", raises="ValueError")


def _table_told(written: str, sign: str, x: "np.ndarray", y: "np.ndarray", *, turned: bool) -> str:
    result = _made(sign, x, y, turned=turned)
    down, along = (y, x) if turned else (x, y)
    last = int(down[-1])
    row = ", ".join(
        f"{one} {sign} {last}" if turned else f"{last} {sign} {one}" for one in along.tolist()
    )
    return (
        f"`t` is `{result.tolist()}`. The column holds `{down.tolist()}`, so there are {len(down)} "
        f"rows; the vector `{along.tolist()}` runs along each of them. The last row is {row}.\n\n"
        f"In `{written}` a shape `({len(down)}, 1)` meets a shape `({len(along)},)`. Lined up from "
        "the right, each axis of length 1, or missing, stretches to the length that it faces: "
        f"`({len(down)}, {len(along)})`. It does not matter which operand is written first. The "
        "one with the axis of length 1 at the end gives the rows.\n\n"
        "Nothing is paired as by Python's `zip`: only two vectors of the same length would be. "
        "Where pairs were meant, a stray `[:, None]` gives a table and no error, and a mean over "
        "it hides the mistake."
    )


table_values = Family(
    id="table-values",
    topic="broadcasting",
    level=2,
    kind="predict",
    title="The table of a column and a vector",
    make=_table,
    beliefs=tuple(_TABLE),
    covers=(5,),
)

# --- counting in a table --------------------------------------------------------------------

_COUNT = {
    "broadcasting-pairs-elements": "Each element of `a` meets every one of `b`, not its own alone.",
    "a-comparison-counts-all-places": "The sum counts the places that are true, not all of them.",
    "strict-comparisons-count-equals": "`<` is false for equal numbers; `<=` would count them.",
    "strictness-makes-no-difference": "`<=` is true for equal numbers as well.",
    "a-table-counts-each-element-once": "An element counts once for each partner, not once in all.",
    "differences-need-no-absolute-value": "Without `np.abs` a far smaller number would count too.",
}


def _count(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        n, m = (int(size) for size in rng.permutation([3, 4, 5])[:2])
        a, b = (np.sort(rng.choice(range(11, 31), size, replace=False)) for size in (n, m))
        near = int(rng.integers(2, 6))
        sign = one_of(rng, ("<", "<=", "near")[:level])
        true = _compared(sign, a[:, None], b, near)
        result = int(true.sum())
        wrong = options(str(result), _count_models(sign, a, b, near), _COUNT)
        told = (*a.tolist(), *b.tolist(), near)
        shared = len(set(a.tolist()) & set(b.tolist()))
        tells = any(str(result) in str(number) for number in told)
        if enough(wrong) and 3 <= result < n * m - 2 and shared in {1, 2} and not tells:  # noqa: PLR2004  # neither none nor all
            break
    table = f"np.abs(a[:, None] - b) < {near}" if sign == "near" else f"a[:, None] {sign} b"
    return Item(
        topic="broadcasting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem="How many pairs does `n` count?",
        code=f"a = {listed(a)}\nb = {listed(b)}\nn = ({table}).sum()",
        answer="n",
        picture=("a[:, None]", "b", table),
        wrong=wrong,
        hint="Take the elements of `a` one by one: with how many of `b` is it true?",
        rule="`a[:, None]` against `b` compares every element with every other; the sum of the "
        "table counts the pairs for which it is true.",
        why=_count_told(sign, a, b, near),
        docs=_DOCS,
        covers=(5,),
        follow_up=(
            FollowUp(
                "How do you count for each element of `a` alone?",
                "Sum along the rows of the table, with `axis=1`.",
            ),
            FollowUp(
                "What if both arrays are sorted and long?",
                "`np.searchsorted` counts without a table: n searches instead of n times m cells.",
            ),
        ),
    )


def _compared(sign: str, a: "np.ndarray", b: "np.ndarray", near: int) -> "np.ndarray":
    if sign == "near":
        close: np.ndarray = abs(a - b) < near
        return close
    return a < b if sign == "<" else a <= b


def _count_models(sign: str, a: "np.ndarray", b: "np.ndarray", near: int) -> Iterator[Wrong]:
    short = min(len(a), len(b))
    true = _compared(sign, a[:, None], b, near)
    if sign == "near":
        signed = int((a[:, None] - b < near).sum())
        yield Wrong("differences-need-no-absolute-value", str(signed))
        yield Wrong(
            "strict-comparisons-count-equals", str(int((abs(a[:, None] - b) <= near).sum()))
        )
    elif sign == "<":
        yield Wrong("strict-comparisons-count-equals", str(int((a[:, None] <= b).sum())))
    else:
        yield Wrong("strictness-makes-no-difference", str(int((a[:, None] < b).sum())))
    paired = int(_compared(sign, a[:short], b[:short], near).sum())
    yield Wrong("broadcasting-pairs-elements", str(paired))
    yield Wrong("a-table-counts-each-element-once", str(int(true.any(axis=1).sum())))
    yield Wrong("a-comparison-counts-all-places", str(true.size))


def _count_told(sign: str, a: "np.ndarray", b: "np.ndarray", near: int) -> str:
    true = _compared(sign, a[:, None], b, near)
    lines = []
    for one, row in zip(a.tolist(), true, strict=True):
        partners = b[row].tolist()
        named = f"with {', '.join(map(str, partners))}" if partners else "with none"
        lines.append(f"- {one}: {len(partners)}, {named}.")
    what = {
        "<": "smaller than its partner in `b`",
        "<=": "smaller than its partner in `b`, or equal to it",
        "near": f"less than {near} away from its partner in `b`, on either side",
    }[sign]
    return (
        f"`n` is {int(true.sum())}. A pair counts where the element of `a` is {what}:\n\n"
        + "\n".join(lines)
        + f"\n\nThe table has the shape `{true.shape}`, so there are {true.size} pairs. A "
        "comparison gives Booleans, and `sum` counts the true ones, since True is 1 and False "
        "is 0.\n\n"
        "Without `[:, None]` two vectors of these lengths would raise `ValueError`; with equal "
        "lengths they would be compared element by element, which is another question. An element "
        "of `a` that has three partners counts three times. To count it once, ask "
        "`table.any(axis=1).sum()`."
    )


pairs_count = Family(
    id="count-of-pairs",
    topic="broadcasting",
    level=2,
    kind="predict",
    title="How many pairs of two arrays a comparison counts",
    make=_count,
    beliefs=tuple(_COUNT),
    covers=(5,),
)
