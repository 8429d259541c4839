"""How the graders say their outcome."""

import re

from bot.model import Mark

_LONGEST = 200
_LONG_KEY = 3


def right(understood: str, note: str = "") -> Mark:
    """The answer is the key."""
    return Mark("right", share=1.0, note=note, understood=_cut(understood))


def wrong(understood: str, note: str = "") -> Mark:
    """The answer could be read and is another value; the note never holds the key."""
    return Mark("wrong", note=note, understood=_cut(understood))


def unclear(note: str, understood: str = "") -> Mark:
    """The answer cannot be read as one value: it costs nothing."""
    return Mark("unclear", note=note, understood=_cut(understood))


def names(note: str, key: str) -> bool:
    """Whether the note holds the key; a short one counts as a word of its own only."""
    if len(key) >= _LONG_KEY:
        return key in note
    return bool(key) and bool(re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.]*\w)", note))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
