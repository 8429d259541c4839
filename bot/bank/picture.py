"""The small monospace picture of a few shapes under each other."""

from collections.abc import Sequence
from itertools import zip_longest

_TIMES = " \N{MULTIPLICATION SIGN} "


def draw(names: Sequence[str], shapes: Sequence[Sequence[int] | None]) -> str:
    """One line a name, the axes lined up from the right as broadcasting does.

    A shape of None is that of something that raises.
    """
    if not names:
        return ""
    padded = [[str(n) for n in reversed(shape or ())] for shape in shapes]
    widths = [max(map(len, axis)) for axis in zip_longest(*padded, fillvalue="")]
    margin = max(map(len, names)) + 2
    lines = []
    for name, shape, axes in zip(names, shapes, padded, strict=True):
        cells = [f"{axis:>{width}}" for axis, width in zip(axes, widths, strict=False)]
        row = _TIMES.join(reversed(cells)) or ("raises" if shape is None else "()")
        total = sum(widths) + 3 * (len(widths) - 1)
        lines.append(f"{name:<{margin}}{row:>{total}}".rstrip())
    return "\n".join(lines)
