"""A family about the order in which a reshape reads and writes."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "order-changes-nothing": "`order='F'` runs down the columns, on both sides of a reshape.",
    "order-f-is-a-transpose": "Reading and writing by columns is no transpose, unless one of them "
    "is by rows.",
    "order-f-reads-by-rows": "The elements of `a` are read by columns too, not only written so.",
    "reshape-moves-axes": "A reshape deals the elements out anew; it swaps no axes.",
    "transpose-moves-the-data": "The order is that of the indices of `a.T`: its rows first.",
    "ravel-refuses-a-transpose": "`ravel` copies where it must, and raises nothing.",
    "memory-decides-the-order": "The order of the indices counts, not where the elements lie.",
}


class _Way(msgspec.Struct, frozen=True):
    """What is written, and the expressions behind it and behind each misconception."""

    level: int
    told: str
    wrong: tuple[tuple[str, str], ...]


_WAYS = {
    "np.arange({low}, {high}).reshape({r}, {c}, order='F')": _Way(
        1,
        "The numbers are written down the columns, one column after the other.",
        (
            ("order-changes-nothing", "flat C"),
            ("order-f-is-a-transpose", "flat C, T"),
            ("reshape-moves-axes", "flat F, T"),
        ),
    ),
    "a.ravel(order='F')": _Way(
        1,
        "The elements are read down the columns, one column after the other.",
        (
            ("order-changes-nothing", "a"),
            ("reshape-moves-axes", "a.T"),
        ),
    ),
    "a.T.ravel()": _Way(
        2,
        "The rows of `a.T` are the columns of `a`, and they follow each other.",
        (("memory-decides-the-order", "a"), ("ravel-refuses-a-transpose", "")),
    ),
    "a.T.ravel(order='F')": _Way(
        3,
        "The columns of `a.T` are the rows of `a`, so both changes cancel.",
        (("order-changes-nothing", "a F"), ("ravel-refuses-a-transpose", "")),
    ),
    "a.reshape({c}, {r})": _Way(
        1,
        "The elements are read by rows and written by rows, in rows of another length.",
        (
            ("reshape-moves-axes", "T"),
            ("order-f-is-a-transpose", "F to c r"),
        ),
    ),
    "a.reshape({c}, {r}, order='F')": _Way(
        2,
        "The elements are read down the columns of `a` and written down the columns of the result.",
        (
            ("order-changes-nothing", "C to c r"),
            ("order-f-reads-by-rows", "read C, write F"),
            ("order-f-is-a-transpose", "T"),
        ),
    ),
    "a.T.reshape({r}, {c})": _Way(
        3,
        "The rows of `a.T` are the columns of `a`; they are read one after the other and written "
        "by rows.",
        (
            ("transpose-moves-the-data", "a itself"),
            ("memory-decides-the-order", "read C, write F to r c"),
        ),
    ),
}


def _order(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ways = [way for way, about in _WAYS.items() if about.level in {level, max(1, level - 1)}]
    for _ in range(TRIES):
        r, c = sizes(rng, 2, 2, 4)
        low = int(rng.integers(1, 80))
        a = np.arange(low, low + r * c).reshape(r, c)
        way = one_of(rng, ways)
        written = way.format(low=low, high=low + r * c, r=r, c=c)
        result = _result(way, a)
        models = [
            Wrong(belief, listed(_shaped(name, a))) if name else Wrong(belief, raises="ValueError")
            for belief, name in _WAYS[way].wrong
        ]
        wrong = options(listed(result), models, _REASONS)
        if enough(wrong):
            break
    made = f"a = np.arange({low}, {low + r * c}).reshape({r}, {c})\n"
    return Item(
        topic="shapes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{written.partition(').')[2] if 'arange' in way else written}` give?",
        code=f"r = {written}" if "arange" in way else f"{made}r = {written}",
        answer="r",
        picture=(f"np.arange({low}, {low + r * c})" if "arange" in way else "a", "r"),
        drawing="cells",
        wrong=wrong,
        hint="In which order are the elements read, and in which order are they written?",
        rule="A reshape reads and writes in one order of indices: by rows, or by columns with "
        "`order='F'`.",
        why=_told(_WAYS[way].told, written, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
        covers=(16,),
        follow_up=(
            FollowUp(
                "What does `order='A'` mean?",
                "Fortran order if the array is Fortran contiguous in memory, C order otherwise.",
            ),
            FollowUp(
                "Which of these copy?",
                "Those that no strides can describe: `a.T.ravel()` copies, `a.T.ravel(order='F')` "
                "does not.",
            ),
        ),
    )


def _result(way: str, a: "np.ndarray") -> "np.ndarray":
    """What the spelling gives."""
    r, c = a.shape
    if "arange" in way:
        return a.ravel().reshape(r, c, order="F")
    return {
        "a.ravel(order='F')": a.ravel(order="F"),
        "a.T.ravel()": a.T.ravel(),
        "a.T.ravel(order='F')": a.T.ravel(order="F"),
        "a.reshape({c}, {r})": a.reshape(c, r),
        "a.reshape({c}, {r}, order='F')": a.reshape(c, r, order="F"),
        "a.T.reshape({r}, {c})": a.T.reshape(r, c),
    }[way]


def _shaped(name: str, a: "np.ndarray") -> "np.ndarray":
    """What a misconception gives, by its name in the table above."""
    r, c = a.shape
    flat = a.ravel()
    return {
        "flat C": a,
        "flat C, T": a.T,
        "flat F, T": flat.reshape(r, c, order="F").T,
        "a": flat,
        "a.T": a.T,
        "a F": a.ravel(order="F"),
        "T": a.T,
        "C to c r": a.reshape(c, r),
        "F to c r": a.reshape(c, r, order="F"),
        "read C, write F": flat.reshape(c, r, order="F"),
        "read C, write F to r c": flat.reshape(r, c, order="F"),
        "a itself": a,
    }[name]


def _told(about: str, written: str, result: "np.ndarray") -> str:
    return (
        f"`{written}` is `{result.tolist()}`. {about}\n\n"
        "`reshape` and `ravel` think of one long line of elements. `order='C'`, the default, runs "
        "through the last index fastest, which is row by row; `order='F'` runs through the first "
        "index fastest, column by column. A reshape uses the same order for reading and for "
        "writing. The names come from the languages C and Fortran, which store tables that way, "
        "but the argument speaks of indices, not of memory: `a.T.ravel()` reads the rows of `a.T`, "
        "wherever they lie.\n\n"
        "Reading by rows and writing by columns is a different thing, and so is a transpose. To "
        "swap axes use `transpose`; to fill a table by columns use "
        "`x.reshape(r, c, order='F')` of a flat `x`."
    )


reshape_order = Family(
    id="reshape-order",
    topic="shapes",
    level=2,
    kind="predict",
    title="Reading and writing by rows or by columns",
    make=_order,
    beliefs=tuple(_REASONS),
    covers=(16,),
)
