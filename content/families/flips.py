"""A family about flipping and turning a table."""

from typing import TYPE_CHECKING

from content.families.parts import Wrong, listed, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_TURNS = {
    "flipud-is-for-columns": "`flipud` turns the order of the rows, `fliplr` that of the columns.",
    "the-first-slice-is-for-columns": "The first part of the index belongs to axis 0, the rows.",
    "axis-one-moves-rows": "Axis 1 runs along the columns: `axis=1` reverses each row.",
    "flip-reverses-the-rows-alone": "Without `axis`, `flip` reverses every axis.",
    "rot90-turns-clockwise": "`rot90` turns against the clock, from axis 0 towards axis 1.",
    "rotating-is-transposing": "A transpose mirrors the table; a turn mirrors nothing.",
    "a-half-turn-is-a-flip": "A half turn reverses rows and columns, a flip one of them.",
}
_WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "a[::-1]": (
        ("the-first-slice-is-for-columns", "a[:, ::-1]"),
        ("a-half-turn-is-a-flip", "a[::-1, ::-1]"),
    ),
    "a[:, ::-1]": (
        ("the-first-slice-is-for-columns", "a[::-1]"),
        ("a-half-turn-is-a-flip", "a[::-1, ::-1]"),
    ),
    "np.flipud(a)": (
        ("flipud-is-for-columns", "np.fliplr(a)"),
        ("a-half-turn-is-a-flip", "np.rot90(a, 2)"),
    ),
    "np.fliplr(a)": (
        ("flipud-is-for-columns", "np.flipud(a)"),
        ("a-half-turn-is-a-flip", "np.rot90(a, 2)"),
    ),
    "np.flip(a)": (
        ("flip-reverses-the-rows-alone", "np.flipud(a)"),
        ("axis-one-moves-rows", "np.fliplr(a)"),
    ),
    "np.flip(a, axis=1)": (
        ("axis-one-moves-rows", "np.flipud(a)"),
        ("a-half-turn-is-a-flip", "np.rot90(a, 2)"),
    ),
    "np.flip(a, axis=0)": (
        ("axis-one-moves-rows", "np.fliplr(a)"),
        ("a-half-turn-is-a-flip", "np.rot90(a, 2)"),
    ),
    "np.rot90(a)": (
        ("rot90-turns-clockwise", "np.rot90(a, -1)"),
        ("rotating-is-transposing", "a.T"),
    ),
    "np.rot90(a, -1)": (
        ("rot90-turns-clockwise", "np.rot90(a)"),
        ("rotating-is-transposing", "a.T"),
    ),
    "np.rot90(a, 2)": (
        ("a-half-turn-is-a-flip", "np.flipud(a)"),
        ("rotating-is-transposing", "a"),
    ),
    "a.T[::-1]": (
        ("rot90-turns-clockwise", "a.T[:, ::-1]"),
        ("rotating-is-transposing", "a.T"),
    ),
    "a[::-1].T": (
        ("rot90-turns-clockwise", "a.T[::-1]"),
        ("rotating-is-transposing", "a.T"),
    ),
}
_SAME = {
    "a[::-1]": "Axis 0 is read backwards: the rows come in reverse order.",
    "a[:, ::-1]": "Axis 1 is read backwards: each row is reversed.",
    "np.flipud(a)": "Up and down are exchanged: it is `a[::-1]`.",
    "np.fliplr(a)": "Left and right are exchanged: it is `a[:, ::-1]`.",
    "np.flip(a)": "Every axis is reversed: it is `a[::-1, ::-1]`, a half turn.",
    "np.flip(a, axis=1)": "Axis 1 is reversed: it is `a[:, ::-1]`.",
    "np.flip(a, axis=0)": "Axis 0 is reversed: it is `a[::-1]`.",
    "np.rot90(a)": "A quarter turn against the clock: the last column becomes the first row.",
    "np.rot90(a, -1)": "A quarter turn with the clock: the first column, from below, becomes the "
    "first row.",
    "np.rot90(a, 2)": "Two quarter turns reverse both axes: it is `a[::-1, ::-1]`.",
    "a.T[::-1]": "Transposed, then the rows in reverse order: it is `np.rot90(a)`.",
    "a[::-1].T": "The rows in reverse order, then transposed: it is `np.rot90(a, -1)`.",
}


def _turned(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    rows, columns = sizes(rng, 2, 2, 4)
    low = int(rng.integers(10, 80))
    a = np.arange(low, low + rows * columns).reshape(rows, columns)
    way = one_of(rng, [*_WAYS][slice(*{1: (0, 5), 2: (2, 10), 3: (4, 12)}[level])])
    result = _result(way, a)
    models = [Wrong(belief, listed(_result(other, a))) for belief, other in _WAYS[way]]
    return Item(
        topic="indexing",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"Where do the elements of a table go in `{way}`?",
        code=f"a = np.arange({low}, {low + rows * columns}).reshape({rows}, {columns})\nr = {way}",
        answer="r",
        picture=("a", "r"),
        drawing="memory",
        wrong=options(listed(result), models, _TURNS),
        hint=f"Write the table down. Where does its first element, {low}, go?",
        rule="`flipud` reverses axis 0, `fliplr` axis 1, `flip` all axes; `rot90` turns the table "
        "against the clock.",
        why=_turned_told(way, a, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.rot90.html",
        follow_up=(
            FollowUp(
                "Do these copy the table?",
                "No: flips, transposes and turns are views with other strides, some negative.",
            ),
            FollowUp(
                "How do you turn every image of a batch `(n, height, width)`?",
                "`np.rot90(batch, axes=(1, 2))`: `axes` names the plane of the turn.",
            ),
        ),
    )


def _result(way: str, a: "np.ndarray") -> "np.ndarray":
    """What the spelling gives."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    return {
        "a": a,
        "a[::-1]": a[::-1],
        "a[:, ::-1]": a[:, ::-1],
        "a[::-1, ::-1]": a[::-1, ::-1],
        "np.rot90(a)": np.rot90(a),
        "np.rot90(a, 2)": np.rot90(a, 2),
        "np.rot90(a, -1)": np.rot90(a, -1),
        "np.flipud(a)": a[::-1],
        "np.fliplr(a)": a[:, ::-1],
        "np.flip(a)": a[::-1, ::-1],
        "np.flip(a, axis=0)": a[::-1],
        "np.flip(a, axis=1)": a[:, ::-1],
        "a.T": a.T,
        "a.T[::-1]": a.T[::-1],
        "a.T[:, ::-1]": a.T[:, ::-1],
        "a[::-1].T": a[::-1].T,
    }[way]


def _turned_told(way: str, a: "np.ndarray", result: "np.ndarray") -> str:
    corner = [int(place[0]) for place in (result == a[0, 0]).nonzero()]
    return (
        f"The table `{a.tolist()}` becomes `{result.tolist()}`. {_SAME[way]} The element "
        f"{a[0, 0]} goes from the first corner to row {corner[0]}, column {corner[1]}.\n\n"
        "In a table printed as usual, axis 0 runs down and axis 1 to the right. `flipud` (up and "
        "down) works on axis 0, `fliplr` (left and right) on axis 1, and `flip` without `axis` on "
        "all of them. `rot90` turns from the first axis towards the second, which is against the "
        "clock on paper; a negative number of turns goes the other way.\n\n"
        "A turn is a transpose and one flip. A transpose alone mirrors the table at its diagonal, "
        "as text seen in a mirror; a flip does the same at another line. For a quick check follow "
        "one corner element."
    )


flip_or_rotate = Family(
    id="flip-or-rotate",
    topic="indexing",
    level=2,
    kind="predict",
    title="Where flips and quarter turns put the elements",
    make=_turned,
    beliefs=tuple(_TURNS),
)
