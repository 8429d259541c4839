"""`numpy-bot play`: the whole bot in a terminal, for one person."""

import contextlib
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from adapters import INTERRUPTED, keys
from adapters.clocks import SystemClock
from adapters.console import ConsoleRelay, Screen, console
from adapters.forms import Clerk
from adapters.keyboard import Keyboard
from adapters.seat import Seat
from adapters.streams import clean
from adapters.wiring import Notes
from bot.app import BROKEN, NOT_STORED
from bot.cards import guide
from bot.cards.parts import LETTERS, LEVEL_WORDS, ident
from bot.commands import Quiz
from bot.config import Settings
from bot.errors import BotError
from bot.events import Button, Card, File, Form, Invalid, Open, Reply, Show
from bot.markup import plain, runs
from bot.quiz.today import NO_HINT
from bot.store.database import Database

PROMPT = "Your answer"
LEAVE = frozenset({"q", "quit", "exit"})

TRY_AGAIN = (Show(guide.notice(NOT_STORED)), Show(guide.notice(BROKEN)))
"""What is shown when an answer was not taken: its question still waits."""


class Player:
    """Turns lines into events and replies into cards, until the player leaves.

    `question` is the card that waits for an answer, `covered` once something was shown below
    it; `menu` is the last other card with buttons, whose numbers come first. `following` is the
    button to the round's next question, `daily` the id of the newest daily that was shown.
    """

    def __init__(
        self, seat: Seat, wish: Quiz, screen: Screen, keyboard: Keyboard, notes: Notes
    ) -> None:
        self.seat = seat
        self.wish = wish
        self.screen = screen
        self.keyboard = keyboard
        self.notes = notes
        self.clerk = Clerk(screen, keyboard)
        self.begun = seat.clock.now()
        self.question: Card | None = None
        self.menu: Card | None = None
        self.following: Button | None = None
        self.daily: int | None = None
        self.covered = False
        self.over = False

    def play(self) -> int:
        """Today's question, then practice; gives the process's exit code."""
        code = 0
        try:
            self._begin()
            while not self.over:
                line = self._ask()
                if line is None or line.removeprefix("/") in LEAVE:
                    break
                self._take(line)
                if self.question is None and not self.keyboard.is_terminal:
                    self._go_on()
        except KeyboardInterrupt:
            code = INTERRUPTED
        finally:
            with _undisturbed(to_the_end=code == INTERRUPTED):
                try:
                    if code == INTERRUPTED:
                        self.screen.newline()
                    if self.daily is not None:
                        self._recap()
                finally:
                    self.seat.close()
                    self._show_notes()
        return code

    def _begin(self) -> None:
        self.daily = self.seat.today()
        self._reply(self.seat.command("daily"))
        if self.question is None:
            self._practise()
        self.seat.warm_up()

    # --- what the core replies ----------------------------------------------------------

    def _reply(self, replies: list[Reply]) -> None:
        for reply in replies:
            match reply:
                case Show(card=card, to=to):
                    if to == "replace":
                        self.menu = None
                    self._show(card)
                case Open(form=form):
                    self._fill(form)
                case Invalid():
                    self._say_invalid(reply)

    def _say_invalid(self, reply: Invalid) -> None:
        self.screen.say(plain(runs(reply.note)))
        if reply.place:
            self.screen.say(reply.place)

    def _show(self, card: Card) -> None:
        self._show_notes()
        self.screen.show(card)
        if card.file is not None:
            self.screen.say_path(_saved(card.file))
        if card.post_id is not None:
            self.question, self.menu, self.covered = card, None, False
            return
        self.covered = True
        if card.buttons:
            self.menu = card
            self.following = keys.button(card, "replace:next:") or self.following

    def _show_notes(self) -> None:
        for words in self.notes.taken():
            if self.keyboard.is_terminal:
                self.screen.say(words)
            else:
                sys.stderr.write(clean(words) + "\n")

    # --- what a line means ------------------------------------------------------------

    def _ask(self) -> str | None:
        self._show_notes()
        if self.keyboard.is_terminal:
            self.screen.legend(keys.legend(self.question, self.menu, covered=self.covered))
        answers = self.question is not None and self.menu is None
        line = self.keyboard.ask(f"{PROMPT}> " if answers else "> ")
        return None if line is None else line.strip()

    def _take(self, line: str) -> None:
        button = keys.numbered(self.menu).get(line)
        if button is not None:
            self._reply(self.seat.press(button.id))
        elif line.startswith("/"):
            self._command(line.removeprefix("/").removeprefix("numpy").strip())
        elif line.casefold() == "help":
            self._command("help")
        elif self.question is not None:
            self._answer(self.question, line)
        elif not line:
            self._go_on()
        else:
            self.screen.say("Enter goes on, a number chooses, /help lists commands, q leaves.")

    def _command(self, words: str) -> None:
        self.menu = None
        self._reply(self.seat.command(words))

    def _answer(self, question: Card, line: str) -> None:
        """A line while a question waits: a key, a letter, or the answer."""
        choices = keys.choices(question)
        chosen = keys.chosen(question, line)
        key = keys.pressed(question, line)
        if not line and self.keyboard.is_terminal:
            self._show(question)
        elif not line:
            self.screen.say("Type your answer, or ? for a hint, s to skip, q to leave.")
        elif line == "s":
            self._skip(key)
        elif line == "!" and key is not None:
            self._settle(self.seat.press(key.id))
        elif key is not None:
            self._reply(self.seat.press(key.id))
        elif line == "?":
            self.screen.say(NO_HINT)
        elif not choices:
            self._write(question, line)
        elif chosen is not None:
            self._settle(self.seat.press(chosen.id))
        else:
            last = LETTERS[len(choices) - 1]
            self.screen.say(f"One is right. Answer with a letter from A to {last}.")

    def _write(self, question: Card, line: str) -> None:
        """Fill the answer's form with the line that was typed."""
        button = keys.button(question, "form:answer:")
        if button is None:
            return
        replies = self.seat.press(button.id)
        form = next((reply.form for reply in replies if isinstance(reply, Open)), None)
        if form is None:
            self._settle(replies)
        elif (fields := self.clerk.answer(form, line)) is not None:
            self._settle(self.seat.submit(form.id, fields))

    def _fill(self, form: Form) -> None:
        """Fill a form field by field, and again where one cannot be used."""
        if not self.keyboard.is_terminal:
            self.screen.say(
                "That is a form, which needs somebody at the keyboard. In one line: "
                "/schedule 00:00 UTC daily levels easy,medium"
            )
            return
        fields = self.clerk.ask(form)
        while fields is not None:
            replies = self.seat.submit(form.id, fields)
            wrong = next((reply for reply in replies if isinstance(reply, Invalid)), None)
            if wrong is None:
                self._reply(replies)
                break
            self._say_invalid(wrong)
            fields = self.clerk.ask_again(form, wrong.field, fields)

    def _settle(self, replies: list[Reply]) -> None:
        """Show what an answer led to; unless it was not taken, its question waits no longer."""
        again = any(isinstance(reply, Invalid) for reply in replies)
        if not again and not any(reply in TRY_AGAIN for reply in replies):
            self.question = None
        self._reply(replies)

    def _skip(self, button: Button | None) -> None:
        """Leave a question: a daily waits until it closes, practice is gone for good."""
        question, self.question, self.menu = self.question, None, None
        if button is None:
            if question is not None and question.post_id == self.daily:
                self.screen.say("It waits for you: /daily brings it back.")
            self._go_on()
            return
        replies = self.seat.press(button.id)
        if self._new_daily():
            session = button.id.rpartition(":")[2]
            self.following = Button(ident("replace", "next", session), "Next")
        else:
            self._reply(replies)

    def _go_on(self) -> None:
        """The next question: a new daily, or practice."""
        self.menu = None
        if not self._new_daily():
            self._practise()

    def _practise(self) -> None:
        """The round's next question, or a first one."""
        following, self.following = self.following, None
        if following is not None:
            self._reply(self.seat.press(following.id))
            self.over = self.question is None and bool(self.wish.count)
        else:
            wish = [
                self.wish.topic,
                LEVEL_WORDS.get(self.wish.level, ""),
                str(self.wish.count or ""),
            ]
            self._reply(self.seat.command(" ".join(["quiz", *filter(None, wish)])))

    def _new_daily(self) -> bool:
        """Ask a daily that has come since the last question."""
        try:
            latest = self.seat.today()
        except BotError as error:
            self.screen.say(str(error))
            return False
        if latest == self.daily:
            return False
        self.daily = latest
        self._reply(self.seat.command("daily"))
        return self.question is not None

    def _recap(self) -> None:
        if not self.seat.is_known():
            return  # who has just had everything deleted is not written down again
        replies = self.seat.press(ident("card", "recap", int(self.begun.timestamp())))
        for reply in replies:
            if isinstance(reply, Show):
                self.screen.show(reply.card)


@contextlib.contextmanager
def _undisturbed(*, to_the_end: bool) -> Iterator[None]:
    """Whoever leaves may press Ctrl-C again; what is left takes a moment and is finished.

    After a Ctrl-C that holds to the end of the process: one more, while Python takes its own
    handlers away, would turn the exit code into a signal.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        if not to_the_end:
            signal.signal(signal.SIGINT, before)


def _saved(file: File) -> str:
    """Write a file beside where we are; where that cannot be, its text is the answer."""
    for number in range(1, 1000):
        stem, _, ending = file.name.rpartition(".")
        target = Path(file.name if number == 1 else f"{stem}-{number}.{ending}")
        try:
            with target.open("xb") as out:
                out.write(file.data)
        except FileExistsError:
            continue
        except OSError:
            break
        return f"Saved as {target.absolute()}"
    return file.data.decode(errors="replace")


def play(
    settings: Settings, database: Database, wish: Quiz, notes: Notes, seed: int | None = None
) -> int:
    """Play until the player leaves; gives the process's exit code."""
    screen = Screen(console(coloured=sys.stdin.isatty()))
    rng = None if seed is None else random.Random(seed)  # noqa: S311  # a wished-for seed
    seat = Seat(settings, database, ConsoleRelay(screen), SystemClock(), rng)
    return Player(seat, wish, screen, Keyboard(screen.newline), notes).play()
