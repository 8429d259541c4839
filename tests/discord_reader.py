"""Discord's Markdown as its client reads it: the words, and whatever in them is alive.

Written from what Discord shows, not from how we write: it knows nothing of our code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKENS = re.compile(
    r"""
    \\(?P<escaped>[^A-Za-z0-9\s])
    | ```(?:(?P<language>[a-z]+)\n)?\n?(?P<block>[\s\S]*?)\n?```
    | (?P<ticks>`+)(?P<span>[\s\S]*?[^`])(?P=ticks)(?!`)
    | (?P<link>\[(?:\\.|[^\[\]\\])+\]\([^()]*\))
    | (?P<address>https?://\S+)
    | (?P<mention>@everyone | @here | <(?:@[!&]?\d+|\#\d+|t:-?\d+(?::\w)?|/[^<>\n]+:\d+|a?:\w+:\d+
        |https?://[^<>\s]+)>)
    | (?P<style>\*+|_+|~~|\|\|)
    | (?P<start>^[ ]*(?:\#{1,3}[ ]|-\#[ ]|[-+*][ ]|>{1,3}[ ]|\d+[.)][ ]))
    """,
    re.VERBOSE | re.MULTILINE,
)


@dataclass
class Read:
    """The words that a reader sees, and the markup that was not words, in order."""

    words: str = ""
    alive: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def read(text: str) -> Read:
    """A text as Discord shows it."""
    found, end = Read(), 0
    for token in _TOKENS.finditer(text):
        found.words += text[end : token.start()]
        end = token.end()
        found.words += _shown(token, found)
    found.words += text[end:]
    found.words = found.words.replace("\u200b", "")
    return found


def _shown(token: re.Match[str], found: Read) -> str:
    if token["escaped"] is not None:
        return token["escaped"]
    code = token["block"] if token["block"] is not None else token["span"]
    if code is not None:
        code = code.strip() if token["span"] is not None else code
        found.code.append(code.replace("\u200b", ""))
        return code
    found.alive.append(token[0])
    return ""


def alive(text: str) -> Iterator[str]:
    """What in a text reaches out, or is formatted."""
    yield from read(text).alive
