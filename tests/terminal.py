"""Somebody at a terminal: the player with scripted lines, a clock that stands and no colours."""

import io
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from adapters.console import ConsoleRelay, Screen
from adapters.keyboard import Keyboard
from adapters.play import Player
from adapters.seat import Seat
from adapters.wiring import Notes
from bot.bank.bank import Bank
from bot.cards.parts import LETTERS
from bot.commands import Quiz
from bot.config import Settings
from bot.events import Person
from bot.model import Post
from bot.store import posts
from tests.databases import open_copy
from tests.fakes import MONDAY, SetClock
from tests.small_bank import small_bank

Line = str | Callable[["Terminal"], str]
"""What is typed, or how to find out once it is asked for."""


class Typist(Keyboard):
    """A keyboard with its lines written down; `prompts` are those that were answered."""

    def __init__(self, terminal: "Terminal", lines: Sequence[Line], *, types: bool) -> None:
        self.is_terminal = types
        self.prompts: list[str] = []
        self._terminal = terminal
        self._lines = iter(lines)

    def ask(self, prompt: str) -> str | None:
        """Give the next line, or None after the last one."""
        self.prompts.append(prompt)
        line = next(self._lines, None)
        return line(self._terminal) if callable(line) else line


class Terminal:
    """A person's terminal on a database in a folder; `play` sits down and gives what is shown.

    Without a `bank` the questions are those of `small_bank`: choices that show their number.
    None is to be answered in code.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bank: Bank | None = None,
        settings: Settings | None = None,
        now: datetime = MONDAY,
    ) -> None:
        self.settings = settings or Settings()
        self.database = open_copy(self.settings, folder / "play.db")
        self.load_bank: Callable[[], Bank] = lambda: bank or small_bank()
        self.notes = Notes()
        self.now = now
        self.code = -1
        self.player: Player
        self.keyboard: Typist

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.database.close()

    def wait(self, **delta: float) -> None:
        """Let time pass: `wait(hours=3)`."""
        self.now += timedelta(**delta)

    def play(
        self, *lines: Line, types: bool = True, wish: Quiz | None = None, who: str = "ada"
    ) -> str:
        """Play until the lines are used up or the player leaves; `types` is false for a pipe."""
        shown = io.StringIO()
        screen = Screen(Console(file=shown, width=100, color_system=None, highlight=False))
        seat = Seat(self.settings, self.database, ConsoleRelay(screen), SetClock(lambda: self.now))
        seat.person = Person(who, who)
        seat.desk._load_bank = self.load_bank
        seat.desk.rng = random.Random(1)
        seat.desk.sandbox.tried = True  # to start it takes longer than most games here
        self.keyboard = Typist(self, lines, types=types)
        self.player = Player(seat, wish or Quiz(), screen, self.keyboard, self.notes)
        self.code = self.player.play()
        return shown.getvalue()

    def post(self) -> Post:
        """The question that waits."""
        waits = self.player.question
        assert waits is not None
        assert waits.post_id is not None
        return posts.must_get(self.database.read, waits.post_id)


def right(terminal: Terminal) -> str:
    """Answer the question that waits rightly, by letter."""
    return _letter(terminal.post(), is_right=True)


def wrong(terminal: Terminal) -> str:
    """Answer the question that waits wrongly, by letter."""
    return _letter(terminal.post(), is_right=False)


def _letter(post: Post, *, is_right: bool) -> str:
    index = next(i for i, choice in enumerate(post.question.choices) if choice.right is is_right)
    return LETTERS[index]


def key(terminal: Terminal) -> str:
    """Type the answer of the question that waits as NumPy prints it."""
    found = terminal.post().question.key
    assert found is not None
    return found.text


def later(answer: Callable[[Terminal], str], **delta: float) -> Line:
    """Answer after a while."""

    def line(terminal: Terminal) -> str:
        terminal.wait(**delta)
        return answer(terminal)

    return line
