"""Why a submission is not run, in words for whoever wrote it."""


class Refusal(Exception):
    """A submission that the gate lets nobody run; it costs nothing.

    `message` is Markdown: what is not allowed, and what to write instead. `place` shows the
    line at fault with a caret under the spot, for a font of even width; empty where the whole
    is at fault.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def place(source: str, line: int, column: int) -> str:
    """The `line` (from 1) of a source with a caret under its `column` (from 0)."""
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1].replace("\t", " ")
    column = min(max(column, 0), len(text))
    first = max(0, column - _BEFORE)
    shown = text[first : first + _WIDTH]
    mark = "…" if first else ""
    return f"{mark}{shown}\n{' ' * (len(mark) + column - first)}^"


_BEFORE = 40
_WIDTH = 60
"""Characters of a long line that are shown before its fault, and in all: as a telephone shows."""
