"""Cuts text into tokens: numbers, names, strings and single signs."""

import re

import msgspec

from bot.grading.value import UnreadableError
from bot.markup import as_typed

_MOST = 3_000

_TOKEN = re.compile(
    r"""
    (?P<space>[ ]+)
  | (?P<line>\n)
  | (?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:[\d:.]+|T\d\d)?(?![\w-])|\d{4}-(?:0[1-9]|1[0-2])(?![\w.-]))
  | (?P<number>(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+
      |(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?:[jJiL](?!\w))?)
  | (?P<string>[bBuUrR]?(?:'(?:[^'\\\n]|\\.){0,200}'|"(?:[^"\\\n]|\\.){0,200}"))
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<dots>\.\.+|…)
  | (?P<sign>\*\*|//|--|.)
    """,
    re.VERBOSE,
)
_NEVER = frozenset("'\"\\?!$&~^@#")


class Token(msgspec.Struct, frozen=True):
    """A piece of text: its kind, where it starts, and what stands before it."""

    kind: str
    text: str
    start: int
    spaced: bool
    """Whether white space stands before it."""


def tokens(text: str) -> list[Token]:
    """All tokens of the text, with one of kind "end" behind them.

    Raises UnreadableError for signs that no value holds, and for too many tokens.
    """
    found: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "space":
            spaced = True
            continue
        text_here = match.group()
        if kind == "sign" and text_here in _NEVER:
            raise UnreadableError(f"I cannot read “{as_typed(text_here)}” there.")
        found.append(Token(kind, text_here, match.start(), spaced))
        spaced = False
        if len(found) > _MOST:
            raise UnreadableError("That is too long to read.")
    found.append(Token("end", "", len(text), spaced))
    return found
