"""What a card is made of, in Discord's Markdown. Pure."""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from adapters.discord_words import invocation
from adapters.looks import in_letters
from bot.cards.parts import LETTERS
from bot.events import (
    Block,
    Bullets,
    Code,
    Link,
    Name,
    Paragraph,
    Room,
    Run,
    Table,
    Text,
    When,
)

_SIGNS = re.compile(r"[\\`*_~|<>\[\]@#]")
"""What Discord reads wherever it stands: marks, mentions, channels, links, spoilers."""

_SCHEME = re.compile(r":(?=//)")
"""An address becomes a link by itself."""

_LINE_START = re.compile(r"^(\s*)([-+]|[0-9]+(?=[.)]))", re.MULTILINE)
"""What makes a line a list or small print."""

_INSIDE = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)

_UNSAFE = {" ": "%20", "<": "%3C", ">": "%3E", "\n": "", "\r": ""}

_NO_WIDTH = "\u200b"

_PAIR, _FENCE = re.compile("(?<=`)(?=`)"), re.compile("(?<=``)(?=`)")
"""Between backticks that would end code which holds them."""


class Pen(msgspec.Struct, frozen=True):
    """Writes Markdown. `command` is Discord's id of `/numpy`; 0 where it is not known."""

    command: int = 0

    def block(self, block: Block) -> str:
        """One block of a card; empty where it says nothing."""
        match block:
            case Paragraph(runs=runs, small=small):
                text = self.line(runs)
                return f"-# {_one_line(text)}" if small and text else text
            case Code(text=text, language=language):
                return fenced(text, "py" if language else "") if text else ""
            case Bullets(items=items, mark=mark):
                return "\n".join(
                    f"{_bullet(mark, number)} {self.line(item)}"
                    for number, item in enumerate(items)
                )
            case Table():
                return fenced(in_letters(block), "")

    def line(self, runs: Iterable[Run]) -> str:
        """Runs one after the other."""
        found = ""
        for run in runs:
            text = self._run(run)
            # Two pieces of code side by side would be read as one.
            found += _NO_WIDTH if found.endswith("`") and text.startswith("`") else ""
            found += text
        return found.strip()

    def _run(self, run: Run) -> str:
        match run:
            case Text(text=text, style="code"):
                return self._code(text)
            case Text(text=text, style="strong"):
                return _wrapped("**", self.escaped(text))
            case Text(text=text, style="em"):
                return _wrapped("*", self.escaped(text))
            case Text(text=text):
                return self.escaped(text)
            case Link(text=text, url=url) if url.startswith(("https://", "http://")):
                safe = "".join(_UNSAFE.get(sign, sign) for sign in url)
                return f"[{self.escaped(_one_line(text) or 'link')}](<{safe}>)"
            case Link(text=text, url=url):
                return self.escaped(text or url or "…")
            case When(at=at):
                return f"<t:{int(at.timestamp())}:f>"
            case Name(name=name):
                return _wrapped("**", self.escaped(_one_line(name)))
            case Room(id=ident):
                is_id = ident.isascii() and ident.isdigit()
                return f"<#{ident}>" if is_id else self.escaped(f"#{ident}")

    def _code(self, text: str) -> str:
        if "\n" in text.strip("\n"):
            return f"\n{fenced(text, 'py')}\n"
        text = _one_line(text)
        command = invocation(text)
        if command is not None and self.command:
            name, rest = command
            return f"</numpy {name}:{self.command}>" + (f" {inline(rest)}" if rest else "")
        if command is not None:
            text = " ".join(filter(None, ("/numpy", *command)))
        return inline(text)

    def escaped(self, text: str) -> str:
        """Text in which Discord finds no markup, mention or link."""
        text = _SIGNS.sub(r"\\\g<0>", text)
        text = _LINE_START.sub(_broken, text)
        return _SCHEME.sub(r"\\:", text)


def _broken(found: "re.Match[str]") -> str:
    """The start of a line that is no list."""
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def _bullet(mark: Literal["bullet", "number", "letter"], number: int) -> str:
    if mark == "letter":
        return f"**{LETTERS[number]}.**"
    return f"{number + 1}." if mark == "number" else "-"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(sign: str, text: str) -> str:
    """Marked text; blanks at its ends stay outside, where Discord wants them."""
    found = _INSIDE.match(text)
    if found is None or not found[2]:
        return text
    return f"{found[1]}{sign}{found[2]}{sign}{found[3]}"


def inline(text: str) -> str:
    """Code within a line."""
    if not text:
        return ""
    if "`" not in text:
        return f"`{text}`"
    # Discord cannot escape within code: what ends it early gets a space that nobody sees.
    return f"`` {_PAIR.sub(_NO_WIDTH, text)} ``"


def fenced(text: str, language: str) -> str:
    """Code of its own."""
    return f"```{language}\n{_FENCE.sub(_NO_WIDTH, text)}\n```"
