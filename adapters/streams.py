"""Standard input and output made safe: what may be printed, and streams that are not there."""

import codecs
import io
import os
import re
import sys

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, of which the escape steers the terminal
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"  # these turn the order of what is read
    "\ud800-\udfff]"  # halves of a character, which no encoding writes
)

_PLAIN = {
    "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "×": "x", "•": "*", "█": "#",
    "░": ".", "✓": "+", "✗": "x", "’": "'", "“": '"', "”": '"', "≠": "!=", "≤": "<=",
    "≥": ">=",
}  # fmt: skip


def clean(text: str) -> str:
    """Text without control characters: nothing stored or typed can steer the terminal."""
    return _UNSAFE.sub("�", text)


def prepare() -> None:
    """Let every character be read and written, whatever the encoding; a closed stream is empty."""
    codecs.register_error("numpy-bot", _as_plain)
    if sys.stdin is None:
        sys.stdin = _nowhere("r")
    if sys.stdout is None:
        sys.stdout = _nowhere("w")
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "numpy-bot")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def let_go() -> None:
    """Nobody reads standard output any longer: what is still buffered goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _nowhere(mode: str) -> io.TextIOWrapper:
    stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123  # lives as long as we
    if not isinstance(stream, io.TextIOWrapper):
        raise TypeError(mode)
    return stream


def _as_plain(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks is written as something that looks like it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in lacking), error.end
