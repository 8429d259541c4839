"""How cards look wherever they are drawn in a chat."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from bot.events import Table, Tone

SIGNS: dict[Tone, str] = {"right": "🟢 ", "partly": "🟡 ", "wrong": "🔴 "}
"""What stands before the title of an outcome: a colour alone does not tell everybody."""

WIDEST_CELL = 28

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """Words without their line breaks; spaces stay, as in an array that NumPy prints."""
    return _BREAKS.sub(" ", text).strip()


def in_letters(table: Table) -> str:
    """A table in letters of one width, for platforms that have no other."""
    rows = [tuple(map(_cell, row)) for row in (table.header, *table.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]

    def line(row: Sequence[str]) -> str:
        cells = (
            " " * (width - cell_len(cell)) + cell
            if index in table.right
            else set_cell_size(cell, width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join(map(line, rows))


def _cell(text: str) -> str:
    text = " ".join(text.split())
    if cell_len(text) <= WIDEST_CELL:
        return text
    return set_cell_size(text, WIDEST_CELL - 1).rstrip() + "…"


def two_lines(text: str, most: int) -> tuple[str, str]:
    """Words as a line and what does not fit into it, for places that have a second one.

    They part between words where they can.
    """
    text = one_line(text)
    if len(text) <= most:
        return text, ""
    end = text.rfind(" ", 0, most + 1)
    end = end if end > most // 2 else most
    return text[:end].rstrip(), text[end:].lstrip()
