"""A family about the forms of `where` and its relatives."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "where-gives-the-values": "Positions come back here, not the elements at them.",
    "positions-are-flat": "There is one index for each axis, not one for the flattened table.",
    "argwhere-is-nonzero": "`argwhere` has a row for each place; `nonzero` an array for each axis.",
    "nonzero-is-argwhere": "`nonzero` and `where` give an array for each axis, not one for each "
    "place.",
    "the-column-comes-first": "The row index comes first, then the column index.",
    "where-finds-the-first": "All places that fulfil the condition are found.",
    "where-swaps-its-branches": "The second argument is taken where the condition is true.",
    "where-leaves-places-out": "With three arguments every place gets a value.",
    "where-is-a-mask": "It is not the mask itself that comes back.",
    "an-index-from-where-keeps-the-shape": "Only the elements found are left, in one line.",
    "where-picks-whole-rows": "Both index arrays are used, so single elements are picked.",
}


class _Case(msgspec.Struct, frozen=True):
    """An expression, what it gives, and what people expect."""

    written: str
    result: "np.ndarray"
    wrong: tuple[tuple[str, "np.ndarray"], ...]
    told: str
    docs: str = "where"


def _where(rng: "np.random.Generator", level: int) -> Item:
    makers = {
        1: (_three, _found),
        2: (_three, _one_axis, _rows_of_places),
        3: (_one_axis, _rows_of_places, _found),
    }[level]
    for _ in range(TRIES):
        a = rng.permutation(range(1, 10))[:6].reshape(2, 3)
        limit = int(rng.integers(3, 8))
        case = makers[int(rng.integers(len(makers)))](rng, a, limit)
        models = [Wrong(belief, listed(answer)) for belief, answer in case.wrong]
        wrong = options(listed(case.result), models, _REASONS)
        if enough(wrong) and 2 <= (a > limit).sum() <= 4:  # noqa: PLR2004  # some of six
            break
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.written}` give for this table?",
        code=f"a = np.array({a.tolist()})\nr = {case.written}",
        answer="r",
        wrong=wrong,
        hint="Does it give values or positions, and how are positions of a table written?",
        rule="`where(c, x, y)` chooses a value for every place; `where(c)` and `nonzero` give an "
        "index array for each axis, `argwhere` a row for each place.",
        why=(
            f"It is `{case.result.tolist()}`. {case.told}\n\n"
            "Three forms share the work. `np.where(c, x, y)` chooses between two values at every "
            "place and keeps the shape. `np.where(c)` is the same as `np.nonzero(c)`: a tuple with "
            "one array of positions for each axis, made to be used as an index. `np.argwhere(c)` "
            "is that tuple as a table, one row for each place found, made to be read. Places come "
            "in row order in all of them.\n\n"
            "To pick elements you need neither: `a[c]` is shorter and faster than "
            "`a[np.where(c)]`. Don't index with the result of `argwhere`, which would be read as "
            "one list of rows."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        covers=(17,),
        follow_up=(
            FollowUp(
                "Are both branches of `np.where(a > 0, np.log(a), 0)` computed?",
                "Yes, for all elements before the call, so `np.log` warns; give `np.log` a `where` "
                "and an `out`.",
            ),
            FollowUp(
                "What does `np.flatnonzero(c)` give?",
                "The positions in the flattened array, one number for each place.",
            ),
        ),
    )


def _three(rng: "np.random.Generator", a: "np.ndarray", limit: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    hit = a > limit
    other = int(rng.integers(-1, 1))
    if is_chosen(rng, 0.5):
        return _Case(
            f"np.where(a > {limit}, a, {other})",
            np.where(hit, a, other),
            (
                ("where-swaps-its-branches", np.where(hit, other, a)),
                ("where-leaves-places-out", a[hit]),
                ("where-is-a-mask", hit.astype(int)),
            ),
            f"Elements over {limit} are kept; all the others become {other}.",
        )
    return _Case(
        f"np.where(a > {limit}, {other}, a)",
        np.where(hit, other, a),
        (
            ("where-swaps-its-branches", np.where(hit, a, other)),
            ("where-leaves-places-out", a[~hit]),
            ("where-is-a-mask", hit.astype(int)),
        ),
        f"Elements over {limit} become {other}; all the others are kept.",
    )


def _one_axis(rng: "np.random.Generator", a: "np.ndarray", limit: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    hit = a > limit
    axis = int(rng.integers(2))
    name = one_of(rng, ("where", "nonzero"))
    pair = np.nonzero(hit)
    others = [
        ("the-column-comes-first", pair[1 - axis]),
        ("where-gives-the-values", a[hit]),
        ("positions-are-flat", np.flatnonzero(hit)),
    ]
    if len(pair[0]) > axis and is_chosen(rng, 0.5):
        others.insert(0, ("nonzero-is-argwhere", np.argwhere(hit)[axis]))
    else:
        others.insert(1, ("where-finds-the-first", pair[axis][:1]))
    names = ("rows", "columns")[axis]
    return _Case(
        f"np.{name}(a > {limit})[{axis}]",
        pair[axis],
        tuple(others),
        f"The elements over {limit} are {a[hit].tolist()}; these are the numbers of their {names}, "
        "in row order.",
        name,
    )


def _rows_of_places(rng: "np.random.Generator", a: "np.ndarray", limit: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    hit = a > limit
    rows = np.argwhere(hit)
    written = one_of(rng, (f"np.argwhere(a > {limit})", f"np.array(np.nonzero(a > {limit}))"))
    if written.startswith("np.argwhere"):
        return _Case(
            written,
            rows,
            (
                ("argwhere-is-nonzero", rows.T),
                ("the-column-comes-first", rows[:, ::-1]),
                ("where-gives-the-values", a[hit]),
                ("positions-are-flat", np.flatnonzero(hit)),
            ),
            f"Each row is the place, row and column, of one of the elements {a[hit].tolist()}.",
            "argwhere",
        )
    return _Case(
        written,
        rows.T,
        (
            ("nonzero-is-argwhere", rows),
            ("the-column-comes-first", rows.T[::-1]),
            ("where-gives-the-values", a[hit]),
            ("positions-are-flat", np.flatnonzero(hit)),
        ),
        f"The first row holds the row numbers of the elements {a[hit].tolist()}, the second their "
        "column numbers.",
        "nonzero",
    )


def _found(rng: "np.random.Generator", a: "np.ndarray", limit: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    hit = a > limit
    name = one_of(rng, ("where", "nonzero"))
    return _Case(
        f"a[np.{name}(a > {limit})]",
        a[hit],
        (
            ("an-index-from-where-keeps-the-shape", np.where(hit, a, 0)),
            ("where-picks-whole-rows", a[np.nonzero(hit)[0]]),
            ("where-finds-the-first", a[hit][:1]),
        ),
        f"The tuple holds the rows {np.nonzero(hit)[0].tolist()} and the columns "
        f"{np.nonzero(hit)[1].tolist()}, which are read in pairs.",
        name,
    )


where_forms = Family(
    id="where-or-argwhere",
    topic="fancy",
    level=2,
    kind="predict",
    title="What the forms of `where`, `nonzero` and `argwhere` give",
    make=_where,
    beliefs=tuple(_REASONS),
    covers=(17,),
)
