"""The terminal as a platform: draws cards with rich."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleDimensions
from rich.text import Text as Words

from adapters.streams import clean
from bot.cards.parts import LETTERS
from bot.events import (
    Block,
    Bullets,
    Card,
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
from bot.markup import instant
from bot.ports import Address, MessageRef

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST = 20
"""Columns under which wrapping helps nobody; the terminal folds the lines then."""

_TAB = 4
_STYLES = {"strong": "bold", "em": "italic", "code": "cyan", "": ""}
_TONES = {
    "right": "bold green",
    "partly": "bold yellow",
    "wrong": "bold red",
    "question": "bold blue",
    "notice": "bold",
    "plain": "bold",
}


class ConsoleRelay:
    """The terminal as the core's relay: the player asks for the daily, so nothing is posted."""

    open_setup = True
    calls_a_second = 1000

    def __init__(self, screen: "Screen") -> None:
        self._screen = screen

    async def post(
        self,
        channel: Address,
        card: Card,  # noqa: ARG002  # the port's signature; the player is shown it by `daily`
        key: str,
        thread: MessageRef | None = None,  # noqa: ARG002  # the port's signature
    ) -> MessageRef:
        """Count a daily as posted; the player sees it between two questions."""
        return MessageRef(channel, key)

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
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

    async def reach(self, channel: Address) -> None:
        """The terminal is always there."""


class _Console(Console):
    @property  # type: ignore[misc]  # rich could set it, but nobody does
    def size(self) -> ConsoleDimensions:
        """As the terminal says, a dumb one too, which rich takes for one of 80 columns."""
        columns, lines = shutil.get_terminal_size()
        return ConsoleDimensions(max(NARROWEST, columns), lines)

    def on_broken_pipe(self) -> None:
        """Leave it to whoever runs the command."""
        raise BrokenPipeError


def console(*, coloured: bool = True) -> Console:
    """Standard output; `coloured` where it is a terminal that can show colours."""
    return _Console(
        color_system="auto" if coloured else None, highlight=False, markup=False, emoji=False
    )


class Screen:
    """Draws cards. Words wrap at the terminal's width, lines of code never do."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def show(self, card: Card) -> None:
        """Draw a card; its file and its buttons are the caller's."""
        self.newline()
        if card.title:
            self._print(Words(clean(card.title), style=_TONES[card.tone]))
        blocks = list(card.blocks)
        foot: list[Block] = []
        while blocks and isinstance(blocks[-1], Paragraph) and blocks[-1].small:
            foot.insert(0, blocks.pop())
        before: Block | None = None
        for block in blocks:
            if before is not None and _apart(before, block):
                self.newline()
            self._draw(block, card)
            before = block
        self._choices(card, after=before)
        if foot and (before is None or _apart(before, foot[0])):
            self.newline()
        for block in foot:
            self._draw(block, card)

    def heading(self, words: str) -> None:
        """A title of our own."""
        self.newline()
        self._print(Words(clean(words), style="bold"))

    def say(self, words: str) -> None:
        """A line of our own."""
        self._print(Words(clean(words), style="dim"))

    def say_path(self, words: str) -> None:
        """A line of our own that can be copied: only the terminal's edge folds it."""
        self.console.print(Words(clean(words), style="dim"), soft_wrap=True)

    def legend(self, keys: Sequence[str]) -> None:
        """What can be pressed; a line ends only between two keys."""
        lines: list[str] = []
        for key in keys:
            if lines and len(lines[-1]) + len(key) + 3 <= self.console.width:
                lines[-1] += f" · {key}"
            else:
                lines.append(key)
        for line in lines:
            self.say(line)

    def newline(self) -> None:
        """An empty line, or the end of one."""
        self.console.print()

    def _print(self, drawn: "RenderableType") -> None:
        self.console.print(drawn)

    def _draw(self, block: Block, card: Card) -> None:
        match block:
            case Paragraph(runs=runs, small=small):
                self._item(Words(), _words(runs, "dim" if small else ""))
                for run in runs:
                    if isinstance(run, Link) and run.text != run.url:
                        self._whole(Words(clean(run.url), style="underline"))
            case Code(text=text, language=language):
                self._whole(self._code(clean(text).expandtabs(_TAB), language))
            case Bullets():
                self._bullets(block)
            case Table():
                self._print(_table(block, numbered=_lists_topics(block, card)))

    def _whole(self, words: Words) -> None:
        """Print lines that nothing but the terminal's edge may fold."""
        for line in words.split("\n", allow_blank=True):
            self.console.print(Words.assemble("  ", line) if line else "", soft_wrap=True)

    def _code(self, text: str, language: str) -> Words:
        if language != "python" or not self.console.is_terminal or not self.console.color_system:
            return Words(text)
        from rich.syntax import Syntax  # noqa: PLC0415  # colours only where they are seen

        coloured = Syntax("", "python", theme="ansi_dark", background_color="default")
        words = coloured.highlight(text)
        words.rstrip()
        return words

    def _bullets(self, block: Bullets) -> None:
        marks = _marks(block)
        indent = max(map(len, marks), default=0)
        style = "bold" if block.mark == "letter" else ""
        for mark, item in zip(marks, block.items, strict=True):
            self._item(Words(mark.rjust(indent), style=style), _words(item, urls=True))

    def _item(self, mark: Words, words: Words) -> None:
        """Words after a mark, their further lines below the first one."""
        if "\n" in words.plain:
            lines = list(words.split("\n"))  # of code: where they end is what they mean
        else:
            lines = list(words.wrap(self.console, max(1, self.console.width - len(mark))))
        for line in lines or [Words()]:
            line.rstrip()
            self.console.print(Words.assemble(mark, line), soft_wrap=True)
            mark = Words(" " * len(mark))

    def _choices(self, card: Card, after: Block | None) -> None:
        """The options that stand on buttons elsewhere."""
        choices = [button for button in card.buttons if button.role == "choice"]
        if not any(len(button.label) > 1 for button in choices):
            return
        if isinstance(after, Code):
            self.newline()
        for button in choices:
            letter, _, label = button.label.partition(". ")
            self._item(Words(f"  {letter}. ", style="bold"), Words(clean(label), style="cyan"))


def _apart(before: Block, after: Block) -> bool:
    """Whether an empty line stands between two blocks."""
    if isinstance(before, Code | Table) or isinstance(after, Code | Table):
        return True
    if isinstance(before, Bullets):
        return not isinstance(after, Bullets)
    return isinstance(before, Paragraph) and _is_long(before) and isinstance(after, Paragraph)


def _is_long(paragraph: Paragraph) -> bool:
    """Whether it fills more than a line on most terminals."""
    return len(_words(paragraph.runs)) > 80  # noqa: PLR2004  # columns


def _words(runs: Sequence[Run], style: str = "", *, urls: bool = False) -> Words:
    words = Words(style=style)
    for run in runs:
        match run:
            case Text(text=text, style=kind):
                words.append(clean(text), _STYLES[kind])
            case Link(text=text, url=url):
                words.append(
                    clean(f"{text} ({url})" if urls and text != url else text), "underline"
                )
            case Name(name=name):
                words.append(clean(name), "bold")
            case When():
                words.append(instant(run))
            case Room(id=ident):
                words.append(f"#{clean(ident)}", "bold")
    return words


def _marks(block: Bullets) -> list[str]:
    kinds = {
        "letter": (f"  {letter}. " for letter in LETTERS),
        "number": (f"  {number}. " for number in range(1, len(block.items) + 1)),
        "bullet": ("  • " for _ in block.items),
    }
    return [mark for mark, _ in zip(kinds[block.mark], block.items, strict=False)]


def _lists_topics(block: Table, card: Card) -> bool:
    """Whether each row is opened by a button, so that it wants that button's number."""
    opening = [button for button in card.buttons if button.id.startswith("card:topic:")]
    return bool(opening) and len(opening) == len(block.rows)


def _table(block: Table, *, numbered: bool) -> "RenderableType":
    from rich.table import Table as Grid  # noqa: PLC0415  # few cards have one

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 2))
    if numbered:
        grid.add_column("", justify="right")
    for index, name in enumerate(block.header):
        grid.add_column(Words(clean(name)), justify="right" if index in block.right else "left")
    for number, row in enumerate(block.rows, 1):
        cells = (str(number), *row) if numbered else row
        grid.add_row(*(Words(clean(cell)) for cell in cells))
    return grid
