"""One person's seat at the bot: what they do becomes events, from one thread and one place."""

import asyncio
import contextlib
import getpass
import os
import random
import threading
from datetime import time

from adapters.console import ConsoleRelay
from adapters.streams import clean
from adapters.wiring import make_desk
from bot import daily, delivery
from bot.app import Bot
from bot.clock import Clock
from bot.config import Settings
from bot.events import Command, Event, FormSubmit, Person, Place, Press, Reply
from bot.schedule import Schedule
from bot.store import dailies, people
from bot.store.database import Database

PLACE = Place("console", "local", "console")
EVERY_DAY = tuple(range(7))
LONGEST_NAME = 64


class Seat:
    """The core with the terminal as its only platform; every method waits for its replies."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        relay: ConsoleRelay,
        clock: Clock,
        rng: random.Random | None = None,
    ) -> None:
        self.desk = make_desk(settings, database, {PLACE.platform: relay}, rng=rng)
        self.clock = clock
        self.person = Person(_user(), _user())
        self._bot = Bot(self.desk)
        self._runner = asyncio.Runner()
        self._warming: threading.Thread | None = None

    def command(self, text: str) -> list[Reply]:
        """Type a command."""
        return self._handle(self._command(text))

    def press(self, button: str) -> list[Reply]:
        """Press a button, given by its id."""
        at = self.clock.now()
        return self._handle(Press(place=PLACE, person=self.person, at=at, button=button))

    def submit(self, form: str, fields: dict[str, tuple[str, ...]]) -> list[Reply]:
        """Send a form off."""
        at = self.clock.now()
        return self._handle(
            FormSubmit(place=PLACE, person=self.person, at=at, form=form, fields=fields)
        )

    def today(self) -> int:
        """See that today's daily is there; gives the id of the newest one, 0 for none.

        Raises StorageError.
        """
        return self._runner.run(self._today())

    def is_known(self) -> bool:
        """Whether anything is stored about who sits here."""
        return people.find(self.desk.database.read, self._command("")) is not None

    def warm_up(self) -> None:
        """Make practice ready in a thread, while the first question is read."""
        self._warming = threading.Thread(target=self._prepare, daemon=True)
        self._warming.start()

    def close(self) -> None:
        """Finish what runs."""
        # A thread that is stopped amid an import can take the process down with it.
        if self._warming is not None:
            self._warming.join()
        self.desk.sandbox.close()
        self._runner.close()

    def _command(self, text: str) -> Event:
        return Command(place=PLACE, person=self.person, at=self.clock.now(), text=text)

    def _handle(self, event: Event) -> list[Reply]:
        if self._warming is not None:  # not before the first question is there
            self._runner.run(self._open_sandbox())
        return self._runner.run(self._bot.handle(event))

    async def _open_sandbox(self) -> None:
        """Find out, once, whether answers in code can be run."""
        if not self.desk.sandbox.tried:
            await self.desk.sandbox.open(quick=True)

    async def _today(self) -> int:
        event = self._command("daily")
        database = self.desk.database
        visit = people.find(database.read, event)
        if visit is None:
            visit = await database.awrite(lambda conn: people.enter(conn, event))
        midnight = Schedule(time(0), self.desk.settings.timezone, EVERY_DAY)
        await daily.keep_today(self.desk, visit, midnight)
        here = frozenset({PLACE.platform})
        await delivery.deliver(self.desk, here, f"play-{os.getpid()}", self.clock)
        latest = dailies.latest(database.read, visit.channel.id)
        return latest.id if latest is not None else 0

    def _prepare(self) -> None:
        with contextlib.suppress(Exception):  # it is raised again where it is needed
            import numpy  # noqa: F401, ICN001, PLC0415  # the next question needs it

            self.desk.sandbox.begin()
            import bot.grading  # noqa: F401, PLC0415  # so does the first verdict

            self.desk.preload()


def _user() -> str:
    """The OS user; containers may have none."""
    try:
        return clean(getpass.getuser())[:LONGEST_NAME]
    except (KeyError, OSError, ImportError):
        return "you"
