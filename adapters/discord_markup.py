"""What a card is made of, in Discord's Markdown. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import quote

import msgspec

from adapters.discord_words import invocation
from adapters.looks import in_letters, one_line
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

_ALIVE = re.compile(r":(?=//|\w+:)")
"""An address becomes a link by itself, and a name between colons an emoji."""

_LINE_START = re.compile(r"^(\s*)([-+]|[0-9]+(?=[.)]))", re.MULTILINE)
"""What makes a line a list or small print."""

_INSIDE = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)

_SAFE = "%:/?#[]@!$&'()*+,;=~"
"""What an address may hold beside letters and digits."""

_NO_WIDTH, _CLOSING = "\u200b", {"`", "*"}

_PAIR, _FENCE = re.compile("(?<=`)(?=`)"), re.compile("(?<=``)(?=`)")
"""Between backticks that would end code which holds them."""


class Pen(msgspec.Struct, frozen=True):
    """Writes Markdown. `command` is Discord's id of `/numpy`; 0 where it is not known."""

    command: int = 0

    def block(self, block: Block) -> str:
        """One block of a card; empty where it says nothing."""
        match block:
            case Paragraph(runs=runs, small=True):
                text = self.line(_on_one_line(runs))
                return f"-# {_one_line(text)}" if text else ""
            case Paragraph(runs=runs):
                return self.line(runs)
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
        for run in _joined(runs):
            text = self._run(run)
            # Two pieces of code, or of one style, side by side would be read as one.
            found += _NO_WIDTH if found[-1:] == text[:1] and text[:1] in _CLOSING else ""
            found += text
        return found.strip()

    def _run(self, run: Run) -> str:
        match run:
            case Text(text=text, style="code", typed=typed):
                return self._code(text, typed=typed)
            case Text(text=text, style="strong"):
                return _wrapped("**", self.escaped(text))
            case Text(text=text, style="em"):
                return _wrapped("*", self.escaped(text))
            case Text(text=text):
                return self.escaped(text)
            case Link(text=text, url=url) if url.startswith(("https://", "http://")):
                return f"[{self.escaped(_one_line(text) or 'link')}](<{quote(url, _SAFE)}>)"
            case Link(text=text, url=url):
                return self.escaped(text or url or "…")
            case When(at=at):
                return f"<t:{int(at.timestamp())}:f>"
            case Name(name=name):
                return _wrapped("**", self.escaped(_one_line(name)))
            case Room(id=ident):
                is_id = ident.isascii() and ident.isdigit()
                return f"<#{ident}>" if is_id else self.escaped(f"#{ident}")

    def _code(self, text: str, *, typed: bool) -> str:
        if "\n" in text.strip("\n"):
            return f"\n{fenced(text, 'py')}\n"
        text = one_line(text)
        command = None if typed else invocation(text)
        if command is not None and self.command:
            name, rest = command
            return f"</numpy {name}:{self.command}>" + (f" {inline(rest)}" if rest else "")
        if command is not None:
            text = " ".join(filter(None, ("/numpy", *command)))
        return inline(text)

    def escaped(self, text: str) -> str:
        """Text in which Discord finds no markup, mention or link."""
        text = _SIGNS.sub(r"\\\g<0>", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = _LINE_START.sub(_broken, text)
        return _ALIVE.sub(r"\\:", text)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs with plain words next to each other made one: together they may come alive."""
    words: Text | None = None
    for run in runs:
        if isinstance(run, Text) and not run.style:
            words = Text((words.text if words else "") + run.text)
            continue
        if words is not None:
            yield words
            words = None
        yield run
    if words is not None:
        yield words


def _on_one_line(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs without line breaks, which small print has no place for."""
    for run in runs:
        if isinstance(run, Text):
            yield msgspec.structs.replace(run, text=run.text.replace("\n", " "))
        else:
            yield run


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
