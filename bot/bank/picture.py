"""The small monospace picture in a verdict: shapes, an axis, cells, or a strip of memory."""

from collections.abc import Sequence
from itertools import zip_longest

from bot.bank.evaluate import Drawn
from bot.bank.problem import Fault
from content.schema import Drawing

MOST_CELLS = 24
MOST_OF_MEMORY = 12
"""So many cells side by side fit a phone."""

_TIMES = " \N{MULTIPLICATION SIGN} "
_DOWN, _ACROSS, _NOT_READ = "\N{DOWNWARDS ARROW}", "\N{RIGHTWARDS ARROW}", "\N{MIDDLE DOT}"
_MORE = "\N{HORIZONTAL ELLIPSIS}"
_INDENT = "  "

Rows = list[list[str]]
Named = tuple[str, Drawn]


def draw(drawing: Drawing, names: Sequence[str], arrays: Sequence[Drawn | None]) -> str:
    """A picture of arrays under their names; an array of None is that of something that raises.

    Raises `Fault` where they cannot be drawn that way.
    """
    if drawing == "shapes":
        return _shapes(names, arrays) if names else ""
    named = [(name, array) for name, array in zip(names, arrays, strict=True) if array]
    if len(named) < len(names):
        raise _unfit("raises", drawing)
    if drawing == "cells":
        return "\n".join(line for one in named for line in _cells(one))
    if drawing in {"memory", "tape"}:
        return _memory(named) if drawing == "memory" else _tape(named)
    if len(named) != 2:  # noqa: PLR2004  # before and after
        raise _unfit("is not two expressions", drawing)
    return (_down if drawing == "axis 0" else _across)(*named)


def _unfit(what: str, drawing: Drawing) -> Fault:
    remedy = "See `drawing` in content/README.md, or leave it out."
    return Fault("picture", f"{what}, which cannot be drawn as `{drawing}`", remedy)


def _shapes(names: Sequence[str], arrays: Sequence[Drawn | None]) -> str:
    """One line a name, the axes lined up from the right as broadcasting does."""
    padded = [[str(n) for n in reversed(array["shape"])] if array else [] for array in arrays]
    widths = [max(map(len, axis)) for axis in zip_longest(*padded, fillvalue="")]
    margin = max(map(len, names)) + 2
    lines = []
    for name, array, axes in zip(names, arrays, padded, strict=True):
        cells = [f"{axis:>{width}}" for axis, width in zip(axes, widths, strict=False)]
        row = _TIMES.join(reversed(cells)) or ("raises" if array is None else "()")
        total = sum(widths) + 3 * (len(widths) - 1)
        lines.append(f"{name:<{margin}}{row:>{total}}".rstrip())
    return "\n".join(lines)


def _cells(named: Named) -> list[str]:
    """A name above its cells, with a gap between the tables of a deeper array."""
    lines = _table(_rows(named, "cells"))
    height = named[1]["shape"][-2] if len(named[1]["shape"]) > 2 else len(lines)  # noqa: PLR2004  # axes
    parted = [
        line
        for start in range(0, len(lines), height)
        for line in ("", *lines[start : start + height])
    ]
    return [named[0], *parted[1:]]


def _down(table: Named, result: Named) -> str:
    """Arrows along axis 0 lead from a table to what stands below it."""
    above, below = _rows(table, "axis 0"), _rows(result, "axis 0")
    if len(table[1]["shape"]) != 2 or len(above[0]) != len(below[0]):  # noqa: PLR2004  # axes
        raise _unfit("is no table with a result of as many columns", "axis 0")
    rows = [*above, [_DOWN] * len(above[0]), *below]
    return "\n".join([table[0], *_table(rows), result[0]])


def _across(table: Named, result: Named) -> str:
    """Arrows along axis 1 lead from a table to what stands beside it."""
    left, right = _rows(table, "axis 1"), _rows(result, "axis 1")
    if len(left) != len(right):
        right = [[cell] for row in right for cell in row]
    if len(left) != len(right):
        raise _unfit("is no table with a result of as many rows", "axis 1")
    beside = zip(_table(left), _table(right), strict=True)
    lines = [f"{row} {_ACROSS} {other.removeprefix(_INDENT)}" for row, other in beside]
    return "\n".join([f"{table[0]} {_ACROSS} {result[0]}", *lines])


def _memory(named: Sequence[Named]) -> str:
    """Where the elements of each array stand in the memory of the first.

    Under each cell of memory stands the position of the element that is read from it.
    """
    owner = named[0][1]
    places = owner["places"]
    if not places or not owner["cells"] or max(places) >= MOST_OF_MEMORY:
        raise _unfit(f"is longer than {MOST_OF_MEMORY} elements", "memory")
    values = dict(zip(places, owner["cells"], strict=True))
    tape = [values.get(place, _NOT_READ) for place in range(max(places) + 1)]
    return _strips(("in memory", tape), named, "")


def _tape(named: Sequence[Named]) -> str:
    """The beginning of a longer memory, by the numbers of its places."""
    places = named[0][1]["places"]
    if not places:
        raise _unfit("has no elements, or hundreds", "tape")
    length = min(max(places) + 1, MOST_OF_MEMORY)
    more = _MORE if length <= max(places) else ""
    return _strips(("place in memory", [str(place) for place in range(length)]), named, more)


def _strips(first: tuple[str, list[str]], named: Sequence[Named], more: str) -> str:
    """A strip of memory, and below it for each array what it reads from there."""
    told, strip = first
    lines = [(told, [*strip, *more])]
    for name, array in named:
        strides = f"({', '.join(map(str, array['strides']))}{',' * (len(array['strides']) == 1)})"
        read = [*_read(array, len(strip)), *more] if array["places"] else ["memory of its own"]
        lines.append((f"{name}: strides {strides}", read))
    width = max((len(cell) for _, cells in lines for cell in cells if len(cells) > 1), default=1)
    return "\n".join(
        line
        for told, cells in lines
        for line in (told, _INDENT + " ".join(f"{cell:>{width}}" for cell in cells))
    )


def _read(array: Drawn, length: int) -> list[str]:
    """For each place in memory the positions in the array that are read from it."""
    read: list[list[str]] = [[] for _ in range(length)]
    for position, place in enumerate(array["places"]):
        if place < length:
            read[place].append(str(position))
    return ["/".join(positions) or _NOT_READ for positions in read]


def _rows(named: Named, drawing: Drawing) -> Rows:
    """The rows of an array along its last axis."""
    cells, shape = named[1]["cells"], named[1]["shape"]
    if not cells:
        raise _unfit(f"has more than {MOST_CELLS} elements, or none", drawing)
    length = shape[-1] if shape else 1
    return [cells[start : start + length] for start in range(0, len(cells), length)]


def _table(rows: Rows) -> list[str]:
    """Rows of cells with their columns in line."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        _INDENT + " ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=False))
        for row in rows
    ]
