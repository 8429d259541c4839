"""What is wrong with a question file, where it stands and what to write instead."""

import re

import msgspec

from bot.errors import ContentError

_STEP = re.compile(r"([A-Za-z_-]+)(?:\[(\d+)\])?")
_TEXT = re.compile(
    r"('''|\"\"\").*?\1"  # over several lines
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
    r"|#[^\n]*",
    re.DOTALL,
)


class Problem(msgspec.Struct, frozen=True):
    """One fault of one file; `line` counts from 1, `path` is the field (`wrong[0].why`)."""

    file: str
    line: int
    path: str
    message: str
    remedy: str

    def sentence(self) -> str:
        """The fault in one line: where it is, what it is, and the way out."""
        place = f"`{self.path}`: " if self.path else ""
        return f"{self.file}:{self.line}: {place}{self.message}. {self.remedy}"

    def __str__(self) -> str:
        return self.sentence()


class Fault(ContentError):
    """A content error that still knows its field and remedy."""

    def __init__(self, path: str, message: str, remedy: str) -> None:
        super().__init__(f"`{path}`: {message}. {remedy}")
        self.path = path
        self.message = message
        self.remedy = remedy

    def at(self, file: str, text: str) -> Problem:
        """The same fault as a problem of the file that holds `text`."""
        return Problem(file, locate(text, self.path), self.path, self.message, self.remedy)


def locate(text: str, path: str) -> int:
    """The line of a field such as `stem` or `wrong[1].why` in a TOML text, counted from 1.

    Where the field is missing, the line of what should hold it; 1 when nothing is found.
    """
    lines = _TEXT.sub(_blank, text).splitlines()
    start, end = 0, len(lines)
    for name, index in _STEP.findall(path):
        start, end = _narrow(lines, start, end, name, int(index) if index else None)
    return start + 1


def _blank(match: re.Match[str]) -> str:
    # A snippet may assign to a name such as `answer`: what strings hold is no field.
    return '""' + "\n" * match.group().count("\n")


def _narrow(
    lines: list[str], start: int, end: int, name: str, index: int | None
) -> tuple[int, int]:
    """The part of `lines[start:end]` that holds field `name`, or the whole of it."""
    heads = [n for n in range(start, end) if lines[n].strip() == f"[[{name}]]"]
    if index is not None and index < len(heads):
        first = heads[index]
        tables = (n for n in range(first + 1, end) if lines[n].startswith("["))
        return first, next(tables, end)
    key = re.compile(rf"(?:^|[{{,])\s*{re.escape(name)}\s*=")
    # Before the first table when looking from the top: `why` of the item is not `why` of an option.
    tables = (n for n in range(start + 1, end) if lines[n].startswith("[["))
    stop = next(tables, end)
    first = next((n for n in range(start, stop) if key.search(lines[n])), -1)
    if first < 0:
        return start, end
    if index is None:
        return first, end
    inline = [n for n in range(first, stop) if "{" in lines[n]]
    return (inline[index], inline[index] + 1) if index < len(inline) else (first, end)
