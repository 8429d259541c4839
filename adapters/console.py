"""The terminal as a platform: draws cards with rich, reads answers from the keyboard or a pipe."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Words

from bot.cards.parts import LETTERS
from bot.events import Block, Bullets, Card, Code, Link, Name, Paragraph, Run, Table, Text, When
from bot.ports import Address, MessageRef

if TYPE_CHECKING:
    from rich.console import RenderableType

_STYLES = {"strong": "bold", "em": "italic", "code": "cyan", "": ""}
_TONES = {
    "right": "bold green",
    "partly": "bold yellow",
    "wrong": "bold red",
    "question": "bold blue",
    "notice": "bold",
    "plain": "bold",
}
_CONTROLS = {code: "�" for code in (*range(32), 127, *range(128, 160)) if code not in {9, 10}}


def clean(text: str) -> str:
    """Text without control characters: nothing stored or typed can steer the terminal."""
    return text.translate(_CONTROLS)


class ConsoleRelay:
    """The terminal as the core's relay: `news` is set when a daily was posted."""

    open_setup = True

    def __init__(self, screen: "Screen") -> None:
        self._screen = screen
        self.news = False

    async def post(
        self,
        channel: Address,
        card: Card,  # noqa: ARG002  # the port's signature; the player is shown it by `daily`
        key: str,
        thread: MessageRef | None = None,
    ) -> MessageRef:
        """Note that there is a new daily; the player sees it between two questions."""
        if thread is None:
            self.news = True
        return MessageRef(channel, key)

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """What has been printed stays as it is."""

    async def find(
        self,
        channel: Address,  # noqa: ARG002  # the port's signature
        key: str,  # noqa: ARG002  # the port's signature
        since: datetime,  # noqa: ARG002  # the port's signature
        thread: MessageRef | None = None,  # noqa: ARG002  # the port's signature
    ) -> MessageRef | None:
        """A terminal keeps nothing; showing a question again does no harm."""
        return None

    async def tell(self, member: Address, card: Card) -> None:  # noqa: ARG002  # there is one member
        """Show it at once."""
        self._screen.show(card)

    async def is_manager(self, member: Address, channel: Address) -> bool:  # noqa: ARG002  # one's own machine
        """Whoever plays manages."""
        return True


class Screen:
    """Draws cards. Without a terminal behind it, it prints plain lines."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def show(self, card: Card) -> None:
        """Draw a card, its file saved elsewhere by the caller."""
        self.console.print()
        if card.title:
            self.console.print(Words(clean(card.title), style=_TONES[card.tone]))
        for block in card.blocks:
            self.console.print(self._drawn(block))
        choices = [button for button in card.buttons if button.role == "choice"]
        if any(len(button.label) > 1 for button in choices):
            for button in choices:
                letter, _, label = button.label.partition(". ")
                line = Words.assemble((f"  {letter}. ", "bold"), (clean(label), "cyan"))
                self.console.print(line)

    def say(self, words: str) -> None:
        """A line of our own."""
        self.console.print(Words(clean(words), style="dim"))

    def _drawn(self, block: Block) -> "RenderableType":
        match block:
            case Paragraph(runs=runs, small=small):
                return _words(runs, "dim" if small else "")
            case Code(text=text, language=language):
                return Padding(self._code(clean(text), language), (0, 0, 0, 2))
            case Bullets():
                return _list(block)
            case Table():
                return _table(block)

    def _code(self, text: str, language: str) -> "RenderableType":
        if language != "python" or not self.console.is_terminal or self.console.no_color:
            return Words(text)
        from rich.syntax import Syntax  # noqa: PLC0415  # colours only where they are seen

        return Syntax(text, "python", theme="ansi_dark", background_color="default")


def _words(runs: tuple[Run, ...], style: str = "") -> Words:
    words = Words(style=style)
    for run in runs:
        match run:
            case Text(text=text, style=kind):
                words.append(clean(text), _STYLES[kind])
            case Link(text=text, url=url):
                words.append(clean(text if text == url else f"{text} ({url})"), "underline")
            case Name(name=name):
                words.append(clean(name), "bold")
            case When(at=at, zone=zone):
                words.append(_instant(at, zone))
    return words


def _instant(at: datetime, zone: str) -> str:
    if zone == "UTC":
        return f"{at:%a %d %b %H:%M} UTC"
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # a start in UTC never needs it

    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} {zone}"


def _list(block: Bullets) -> "RenderableType":
    lines = Words()
    for number, item in enumerate(block.items):
        mark = {"letter": f"{LETTERS[number % 10]}. ", "number": f"{number + 1}. "}.get(
            block.mark, "• "
        )
        lines.append("\n" if number else "")
        lines.append(f"  {mark}", "bold" if block.mark == "letter" else "")
        lines.append_text(_words(item))
    return lines


def _table(block: Table) -> "RenderableType":
    from rich.table import Table as Grid  # noqa: PLC0415  # few cards have one

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for index, name in enumerate(block.header):
        grid.add_column(name, justify="right" if index in block.right else "left")
    for row in block.rows:
        grid.add_row(*(Words(clean(cell)) for cell in row))
    return grid


class Keyboard:
    """Lines from whoever sits there, or from a pipe; None at the end."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.is_terminal = sys.stdin.isatty()
        for stream in (sys.stdin, sys.stdout):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        if self.is_terminal:
            import readline  # noqa: F401, PLC0415  # gives the prompt its editing keys

    def ask(self, prompt: str) -> str | None:
        """One line, without its end."""
        if not self.is_terminal:
            line = sys.stdin.readline()
            return line.rstrip("\r\n") if line else None
        try:
            return input(prompt)
        except EOFError:
            self._screen.console.print()
            return None

    def lines(self) -> Iterator[str]:
        """Lines up to an empty one."""
        while line := self.ask("… "):
            yield line
