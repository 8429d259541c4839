"""Lines from whoever sits there, or from a pipe."""

import contextlib
import sys
from collections.abc import Callable, Iterator

LONGEST = 20_000
"""Characters of a line that are read; no answer is longer."""


class Keyboard:
    """Standard input, one line at a time; None at its end.

    `is_terminal` is whether a person types: only then there are prompts. `newline` moves the
    cursor on after an end of input, which leaves it behind the prompt.
    """

    def __init__(self, newline: Callable[[], None]) -> None:
        self._newline = newline
        self.is_terminal = sys.stdin.isatty()
        if self.is_terminal:
            with contextlib.suppress(ImportError):  # Windows has its own editing
                import readline  # noqa: F401, PLC0415  # gives the prompt its editing keys

    def ask(self, prompt: str) -> str | None:
        """One line, without its end."""
        if not self.is_terminal:
            line = sys.stdin.readline()
            return line.lstrip("\ufeff").rstrip("\r\n")[:LONGEST] if line else None
        try:
            return input(prompt)[:LONGEST]
        except EOFError:
            self._newline()
            return None

    def lines(self) -> Iterator[str]:
        """Lines up to an empty one."""
        while line := self.ask("… "):
            yield line
