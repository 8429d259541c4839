"""A family about the errors that NumPy raises."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import one_of, told
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "a-missing-axis-is-of-one-class": "A missing axis is an `AxisError`, which both an "
    "`except IndexError` and an `except ValueError` catch.",
    "slices-raise-too": "The limits of a slice are cut to the axis; nothing is raised.",
    "a-position-is-a-value": "A position outside an axis raises `IndexError`.",
    "too-many-indices-are-ignored": "More indices than axes raise `IndexError`.",
    "shapes-have-a-type": "Shapes that don't fit together raise `ValueError`.",
    "reshape-pads-or-cuts": "A shape with another number of elements raises `ValueError`.",
    "nothing-to-reduce-gives-none": "The largest of no elements is asked for: `ValueError`.",
    "an-empty-sum-raises": "The sum of no elements is 0.",
    "a-second-size-is-a-shape": "The second argument of `np.zeros` is the dtype: `TypeError`.",
    "keywords-are-ignored": "An argument that a function does not have raises `TypeError`.",
    "float-sizes-are-rounded": "A float is no size and no axis: `TypeError`.",
    "in-place-changes-the-dtype": "A float result does not fit into integers: `TypeError`.",
    "an-output-must-not-be-an-input": "The output may be an input, and an integer fits.",
    "arrays-have-a-truth-value": "Which element should decide is ambiguous: `ValueError`.",
    "one-element-is-no-number": "An array with several elements is no number: `TypeError`.",
    "text-is-read-as-a-number": "This text spells no number: `ValueError`.",
    "numbers-are-read-from-text": "This text spells numbers, and is read.",
    "float-indices-are-rounded": "A float is no position: `IndexError`.",
    "a-mask-may-be-shorter": "A mask has to be as long as its axis: `IndexError`.",
    "singular-gives-infinity": "It raises `LinAlgError`, which is a `ValueError`.",
    "every-table-has-a-determinant": "Only a square one has: it raises `LinAlgError`, a kind of "
    "`ValueError`.",
    "only-equal-shapes": "A 1 is stretched to fit, so nothing is raised.",
    "read-only-is-ignored": "A broadcast view is read-only: writing raises `ValueError`.",
    "overflow-is-a-value-error": "A number that a dtype cannot hold raises `OverflowError`.",
}


class _Row(msgspec.Struct, frozen=True):
    """An expression over `a` (2 rows of `m`) and `v` (`m` long); what it raises, or nothing."""

    show: str
    raises: str
    belief: str
    level: int = 1


_ROWS = (
    _Row("v[{m_more}]", "IndexError", "a-position-is-a-value"),
    _Row("a[{row}, {m_more}]", "IndexError", "a-position-is-a-value"),
    _Row("v[{small}, {row}]", "IndexError", "too-many-indices-are-ignored"),
    _Row("a[{row}, {small}, 0]", "IndexError", "too-many-indices-are-ignored"),
    _Row("v[{small}.0]", "IndexError", "float-indices-are-rounded", 2),
    _Row("v[[True, False]]", "IndexError", "a-mask-may-be-shorter", 2),
    _Row("a.sum(axis={axis})", "AxisError", "a-missing-axis-is-of-one-class", 2),
    _Row("np.sort(v, axis={row_more})", "AxisError", "a-missing-axis-is-of-one-class", 3),
    _Row("v[{small}:{m_more}]", "", "slices-raise-too"),
    _Row("a[:, {m_more}:]", "", "slices-raise-too", 2),
    _Row("v + np.ones({m_less})", "ValueError", "shapes-have-a-type"),
    _Row("a + np.ones((3, {m}))", "ValueError", "shapes-have-a-type"),
    _Row("a @ np.ones({m_less})", "ValueError", "shapes-have-a-type", 2),
    _Row("np.stack([v, v[1:]])", "ValueError", "shapes-have-a-type", 2),
    _Row("a.reshape({m_more}, 2)", "ValueError", "reshape-pads-or-cuts"),
    _Row("v.reshape(2, {m})", "ValueError", "reshape-pads-or-cuts"),
    _Row("v[{m}:].max()", "ValueError", "nothing-to-reduce-gives-none", 2),
    _Row("v[{m}:].sum()", "", "an-empty-sum-raises", 2),
    _Row("bool(v > {small})", "ValueError", "arrays-have-a-truth-value"),
    _Row("np.array('{small}x', dtype=float)", "ValueError", "text-is-read-as-a-number", 2),
    _Row("np.array(['{small}', '{m}'], dtype=float)", "", "numbers-are-read-from-text", 2),
    _Row("np.linalg.inv(np.ones(({m}, {m})))", "LinAlgError", "singular-gives-infinity", 3),
    _Row("np.linalg.det(a)", "LinAlgError", "every-table-has-a-determinant", 3),
    _Row("np.zeros({small}, {m})", "TypeError", "a-second-size-is-a-shape"),
    _Row("np.zeros({small}.0)", "TypeError", "float-sizes-are-rounded", 2),
    _Row("v.sum(axes={row})", "TypeError", "keywords-are-ignored"),
    _Row("np.ones(shape={m}, size={small})", "TypeError", "keywords-are-ignored", 2),
    _Row("int(v[:{small}])", "TypeError", "one-element-is-no-number", 2),
    _Row("np.add(v, {small}.5, out=v)", "TypeError", "in-place-changes-the-dtype", 2),
    _Row("np.add(v, {small}, out=v)", "", "an-output-must-not-be-an-input", 3),
    _Row("a + np.ones((2, 1))", "", "only-equal-shapes"),
    _Row("a * v[:1]", "", "only-equal-shapes", 2),
    _Row("np.broadcast_to(v, ({small}, {m})).fill(1)", "ValueError", "read-only-is-ignored", 3),
    _Row("np.int8({m}) + {large}", "OverflowError", "overflow-is-a-value-error", 2),
    _Row("np.uint8({large})", "OverflowError", "overflow-is-a-value-error", 2),
)
_CAUGHT = {
    "IndexError": ("IndexError", "AxisError"),
    "ValueError": ("ValueError", "AxisError", "LinAlgError"),
    "TypeError": ("TypeError",),
}
"""What an `except` of each class catches: the class and its subclasses."""
_PICKED = ("IndexError", "ValueError", "TypeError")


def _errors(rng: "np.random.Generator", level: int) -> Item:
    caught = one_of(rng, _PICKED)
    size = int(rng.integers(3, 8))
    pool = [row for row in _ROWS if row.level <= level]
    shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
    count = int(rng.integers(2, 4))
    hits = [row for row in shuffled if row.raises in _CAUGHT[caught]][:count]
    misses = [row for row in shuffled if row.raises not in _CAUGHT[caught]][: 5 - len(hits)]
    right = tuple(_option(row, rng, size) for row in hits)
    wrong = tuple(_option(row, rng, size) for row in misses)
    return Item(
        topic="ecosystem",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem=f"After which of these does `except {caught}` catch an error?",
        code=f"a = np.arange({2 * size}).reshape(2, {size})\nv = np.arange({size})",
        holds=f"isinstance(it, {caught})",
        right=right,
        wrong=wrong,
        hint="Is it a position, a shape or value, or a kind of argument that is wrong, or nothing?",
        rule="Positions raise `IndexError`, shapes and values `ValueError`, wrong kinds of "
        "arguments `TypeError`.",
        why=(
            f"These raise what `except {caught}` catches:\n\n{told(right)}\n\nThese do not:\n\n"
            f"{told(wrong)}\n\n"
            "NumPy keeps to Python's meanings. A position that is not there is an `IndexError`, a "
            "value or a shape that does not fit is a `ValueError`, and an argument of the wrong "
            "kind is a `TypeError`. Its own classes are subclasses of these: "
            "`np.exceptions.AxisError` is both a `ValueError` and an `IndexError`, "
            "`np.linalg.LinAlgError` is a `ValueError`.\n\n"
            "Catch the class that you can do something about, close to the line that raises it. "
            "Broadcasting and slices often raise nothing where people expect it, so check shapes "
            "instead of waiting for an error."
        ),
        docs="https://numpy.org/doc/stable/reference/routines.exceptions.html",
        follow_up=(
            FollowUp(
                "What does a division by zero raise?",
                "Nothing for arrays: it warns and gives inf or NaN, unless `np.errstate` says "
                "`'raise'`, which raises `FloatingPointError`.",
            ),
            FollowUp(
                "How do you make a test for an error?",
                "`with pytest.raises(ValueError, match=...)`, with the one line inside.",
            ),
        ),
    )


def _option(row: _Row, rng: "np.random.Generator", size: int) -> Option:
    numbers = {
        "m": size,
        "m_more": size + int(rng.integers(0, 5)),
        "m_less": size - 1,
        "small": int(rng.integers(2, size)),
        "row": int(rng.integers(0, 2)),
        "row_more": int(rng.integers(1, 4)),
        "axis": int(rng.integers(2, 5)),
        "large": int(rng.integers(256, 400)),
    }
    if row.show.startswith("a.reshape"):
        numbers["m_more"] += 1
    return Option(show=row.show.format(**numbers), belief=row.belief, why=_REASONS[row.belief])


error_class = Family(
    id="which-error-is-raised",
    topic="ecosystem",
    level=2,
    kind="several",
    title="Which class of error an operation raises",
    make=_errors,
    beliefs=tuple(_REASONS),
)
