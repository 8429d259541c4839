"""`numpy-bot play`: the whole bot in a terminal, for one person."""

import asyncio
import getpass
import os
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console

from adapters.console import ConsoleRelay, Keyboard, Screen, clean
from adapters.wiring import make_desk
from bot import daily, delivery
from bot.app import Bot
from bot.cards.parts import LETTERS, ident
from bot.commands import Quiz
from bot.config import Settings
from bot.events import (
    Button,
    Card,
    Command,
    Event,
    Field,
    File,
    Form,
    FormSubmit,
    Invalid,
    Open,
    Person,
    Place,
    Press,
    Reply,
    Show,
)
from bot.schedule import Schedule
from bot.store import people
from bot.store.database import Database

PLACE = Place("console", "local", "console")
EVERY_DAY = tuple(range(7))
PROMPT = "Your answer"
INTERRUPTED = 130


class Player:
    """Turns lines into events and replies into cards, until the player leaves.

    `card` is what the next line speaks to: a question that waits, or the last card with
    buttons.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        wish: Quiz,
        *,
        clock: Callable[[], datetime],
        seed: int | None = None,
    ) -> None:
        self.screen = Screen(Console(highlight=False))
        self.keyboard = Keyboard(self.screen)
        self.relay = ConsoleRelay(self.screen)
        rng = None if seed is None else random.Random(seed)  # noqa: S311  # a wished-for seed
        self.desk = make_desk(settings, database, {PLACE.platform: self.relay}, rng=rng)
        self.bot = Bot(self.desk)
        self.clock = clock
        self.begun = clock()
        self.wish = wish
        self.person = Person(_user(), _user())
        self.card = NOTHING
        self.over = False
        self._runner = asyncio.Runner()

    def play(self) -> int:
        """Today's question, then practice; gives the process's exit code."""
        try:
            self._runner.run(self._today())
            self.relay.news = False
            self._send(self._command("daily"))
            threading.Thread(target=self._warm_up, daemon=True).start()
            if not self._asks():
                self._go_on()
            while not self.over:
                line = self.keyboard.ask(f"{PROMPT}> " if self._asks() else "> ")
                if line is None or line.strip() == "q":
                    break
                self._take(line.strip())
            self._recap()
        except KeyboardInterrupt:
            self.screen.console.print()
            self._recap()
            return INTERRUPTED
        finally:
            self._runner.close()
        return 0

    # --- between the player and the core ----------------------------------------------

    def _command(self, text: str) -> Event:
        return Command(place=PLACE, person=self.person, at=self.clock(), text=text)

    def _press(self, button: str) -> Event:
        return Press(place=PLACE, person=self.person, at=self.clock(), button=button)

    def _sent(self, form: str, fields: dict[str, tuple[str, ...]]) -> Event:
        return FormSubmit(
            place=PLACE, person=self.person, at=self.clock(), form=form, fields=fields
        )

    def _send(self, event: Event) -> None:
        for reply in self._runner.run(self.bot.handle(event)):
            self._reply(reply)

    def _reply(self, reply: Reply, line: str | None = None) -> None:
        match reply:
            case Show(card=card):
                self._show(card)
            case Open(form=form):
                self._fill(form, line)
            case Invalid(note=note):
                self.screen.say(note)

    def _show(self, card: Card) -> None:
        self.screen.show(card)
        if card.file is not None:
            self.screen.say(_saved(card.file))
        if card.post_id is not None or (card.buttons and not self._asks()):
            self.card = card
        if self.keyboard.is_terminal:
            self._legend(card)

    def _legend(self, card: Card) -> None:
        """Which keys do something now."""
        if card.post_id is not None:
            keys = ["? hint" if _button(card, "card:hint:") else "", "s skip", "q leave"]
            if _button(card, "replace:answer:"):
                keys.insert(1, "! show the answer")
            self.screen.say(" · ".join(filter(None, keys)))
        elif card is self.card and (offered := _offered(card)):
            numbered = [f"{number} {button.label}" for number, button in enumerate(offered, 1)]
            self.screen.say(" · ".join([*numbered, "Enter next", "q leave"]))

    async def _today(self) -> None:
        """Today's daily is there, and what is due is delivered."""
        event = self._command("daily")
        database = self.desk.database
        visit = people.find(database.read, event)
        if visit is None:
            visit = await database.awrite(lambda conn: people.enter(conn, event))
        midnight = Schedule(time(0), self.desk.settings.timezone, EVERY_DAY)
        await daily.keep_today(self.desk, visit, midnight)
        here = frozenset({PLACE.platform})
        await delivery.deliver(self.desk, here, f"play-{os.getpid()}", self.clock)

    def _warm_up(self) -> None:
        """Make practice ready while the first question is read."""
        import numpy  # noqa: F401, ICN001, PLC0415  # imported for its effect

        self.desk.preload()

    # --- what a line means ------------------------------------------------------------

    def _asks(self) -> bool:
        """Whether a question waits for an answer."""
        return self.card.post_id is not None

    def _take(self, line: str) -> None:
        if line.startswith("/"):
            self._send(self._command(line.removeprefix("/").removeprefix("numpy").strip()))
        elif self._asks():
            self._answer(line)
        elif not line:
            self._go_on()
        else:
            self._choose(line)

    def _answer(self, line: str) -> None:
        """A line while a question waits: a key, a letter, or the answer."""
        choices = [button for button in self.card.buttons if button.role == "choice"]
        key = _button(self.card, _KEYS[line]) if line in _KEYS else None
        index = LETTERS.find(line.upper()) if len(line) == 1 else -1
        if key is not None:
            self._move_on(self._press(key.id), stays=line == "?")
        elif line == "?":
            self.screen.say("There is no hint for this one.")
        elif line == "s":
            self.screen.say("It waits for you: /daily brings it back.")
            self.card = NOTHING
            self._go_on()
        elif not line:
            self.screen.say("Type your answer, or ? for a hint, s to skip, q to leave.")
        elif not choices:
            self._submit(line)
        elif 0 <= index < len(choices):
            self._move_on(self._press(choices[index].id))
        else:
            last = LETTERS[len(choices) - 1]
            self.screen.say(f"Answer with a letter from A to {last}; ? hint, s skip, q leave.")

    def _submit(self, line: str) -> None:
        """Open the answer's form and fill it with the line that was typed."""
        button = _button(self.card, "form:answer:")
        if button is None:
            return
        for reply in self._runner.run(self.bot.handle(self._press(button.id))):
            if isinstance(reply, Open):
                self._fill(reply.form, line)
            else:
                self._reply(reply)
                self.card = NOTHING

    def _fill(self, form: Form, line: str | None) -> None:
        """Ask for a form's fields, the first one filled with `line` where there is one."""
        fields: dict[str, tuple[str, ...]] = {}
        for field in form.fields:
            values = self._value(field, line)
            line = None
            if values is None:
                return
            fields[field.name] = values
        self._move_on(self._sent(form.id, fields))

    def _value(self, field: Field, line: str | None) -> tuple[str, ...] | None:
        """The value of a field; None gives the form up."""
        if line is None:
            now = f" [{field.value}]" if field.value else ""
            for number, (_, label) in enumerate(field.options):
                self.screen.say(f"  {LETTERS[number]}. {label}")
            line = self.keyboard.ask(f"{field.label}{now}: ")
            if line is None:
                return None
            line = line.strip() or field.value
        if field.kind == "ticks":
            return self._ticks(field, line)
        if field.kind == "prose" and self.keyboard.is_terminal:
            self.screen.say("More lines, if you like; an empty one ends it.")
            return ("\n".join([line, *self.keyboard.lines()]),)
        while field.kind == "lines" and self.keyboard.is_terminal and _is_unfinished(line):
            more = self.keyboard.ask("… ")
            if not more:
                break
            line += "\n" + more
        return (line,)

    def _ticks(self, field: Field, line: str) -> tuple[str, ...] | None:
        letters = [letter for letter in line.upper() if letter not in " ,;"]
        known = LETTERS[: len(field.options)]
        if not all(letter in known for letter in letters) or (field.required and not letters):
            self.screen.say(f"Tick with letters from A to {known[-1]}, such as {known[:2]}.")
            return None
        return tuple(sorted({field.options[known.index(letter)][0] for letter in letters}))

    def _move_on(self, event: Event, *, stays: bool = False) -> None:
        """Send an answer; unless it could not be read, its question waits no longer."""
        replies = self._runner.run(self.bot.handle(event))
        if not stays and not any(isinstance(reply, Invalid) for reply in replies):
            self.card = NOTHING
        for reply in replies:
            self._reply(reply)
        if not self._asks() and not self.keyboard.is_terminal and not stays:
            self._go_on()

    def _choose(self, line: str) -> None:
        """A line while no question waits: a button by its number."""
        offered = _offered(self.card)
        if line.isascii() and line.isdigit() and 1 <= int(line[:4]) <= len(offered):
            self._send(self._press(offered[int(line[:4]) - 1].id))
        else:
            self.screen.say("Enter goes on, a number chooses, /help lists commands, q leaves.")

    def _go_on(self) -> None:
        """The next question: a new daily, the round's next one, or a first one."""
        self._runner.run(self._today())
        if self.relay.news:
            self.relay.news = False
            self._send(self._command("daily"))
            if self._asks():
                return
        following = _button(self.card, "replace:next:")
        self.card = NOTHING
        if following is not None:
            self._send(self._press(following.id))
            self.over = not self._asks() and bool(self.wish.count)
        else:
            wish = [self.wish.topic, _LEVELS[self.wish.level], str(self.wish.count or "")]
            self._send(self._command(" ".join(["quiz", *filter(None, wish)])))
        if not self._asks() and not self.keyboard.is_terminal:
            self.over = True

    def _recap(self) -> None:
        since = int(self.begun.timestamp())
        for reply in self._runner.run(self.bot.handle(self._press(ident("card", "recap", since)))):
            if isinstance(reply, Show):
                self.screen.show(reply.card)


NOTHING = Card(title="")
_KEYS = {"?": "card:hint:", "s": "replace:skip:", "!": "replace:answer:"}
_LEVELS = ("", "easy", "medium", "hard")


def _button(card: Card, start: str) -> Button | None:
    """The card's button whose id starts so."""
    return next((button for button in card.buttons if button.id.startswith(start)), None)


def _offered(card: Card) -> list[Button]:
    """The buttons that are chosen by number; Enter stands for the next question."""
    return [button for button in card.buttons if not button.id.startswith("replace:next:")]


def _is_unfinished(text: str) -> bool:
    return sum(map(text.count, "[(")) > sum(map(text.count, "])"))


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


def _user() -> str:
    """The OS user; containers may have none."""
    try:
        return clean(getpass.getuser())
    except (KeyError, OSError, ImportError):
        return "you"


def play(settings: Settings, database: Database, wish: Quiz, seed: int | None = None) -> int:
    """Play until the player leaves; gives the process's exit code."""
    return Player(settings, database, wish, clock=lambda: datetime.now(UTC), seed=seed).play()
