"""How cards look wherever they are drawn in a chat."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from bot.events import Table, Tone

SIGNS: dict[Tone, str] = {"right": "🟢 ", "partly": "🟡 ", "wrong": "🔴 "}
"""What stands before the title of an outcome: a colour alone does not tell everybody."""

WIDEST_CELL = 28


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
