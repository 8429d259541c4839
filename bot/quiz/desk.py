"""What every use-case works with: the database, the bank, the platforms, chance."""

import asyncio
import contextlib
import logging
import random
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.errors import ContentError, DeliveryError
from bot.model import Post, Question
from bot.sandbox.sandbox import Sandbox
from bot.store import computed
from bot.store.database import Database
from bot.store.people import Visit
from bot.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.bank.bank import Bank, Entry
    from bot.config import Settings
    from bot.events import Card
    from bot.ports import Address, Relay

log = logging.getLogger(__name__)


class Counter(Protocol):
    """Told of every stored answer to a daily, so that its public count can follow."""

    def changed(self, post: Post) -> None:
        """An answer to this daily was stored."""

    async def forget(self, post_id: int) -> None:
        """This daily is over; returns once no edit of it is under way."""


class Desk:
    """The parts that the composition root puts together, handed to every use-case.

    `load_bank` is called in a thread when a question is first needed, and remembers: a start
    that finds its question in the database does not wait for it.
    """

    def __init__(
        self,
        *,
        database: Database,
        load_bank: "Callable[[], Bank]",
        settings: "Settings",
        relays: "Mapping[str, Relay]",
        rng: random.Random,
        counter: Counter | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.relays = relays
        self.rng = rng
        self.counter = counter
        self.tally = Tally()
        self.sandbox = sandbox or Sandbox()
        self.wake: Callable[[], None] = lambda: None
        """Has what is due sent at once; set by whoever sends it."""
        self._load_bank = load_bank
        self._bank: Bank | None = None
        self._loading = asyncio.Lock()

    @property
    def runs_code(self) -> bool:
        """Whether answers in code can be run; it proves itself at the start."""
        return not self.sandbox.why_not

    def askable(self, bank: "Bank") -> "list[Entry]":
        """The entries of the bank that can be graded here and now."""
        every = bank.entries.values()
        return [entry for entry in every if entry.kind != "expression" or self.runs_code]

    def preload(self) -> None:
        """Load the bank and compute its questions ahead of their first use; for any thread.

        A team's own files wait until they are asked: nobody may have checked them.
        """
        bank = self._load_bank()
        known = self.database.write(computed.digests).result()
        made: list[tuple[bytes, Question]] = []
        for ident, source in bank.sources.items():
            digest = bank.digest(ident)
            if source.shipped and known.get(ident) != digest:
                # One that fails says so when it is asked.
                with contextlib.suppress(ContentError):
                    made.append((digest, bank.question(ident)))
        if made:
            self.database.write(lambda conn: computed.put(conn, made)).result()

    async def bank(self) -> "Bank":
        """The question bank, loaded when first asked for."""
        async with self._loading:
            if self._bank is None:
                self._bank = await asyncio.to_thread(self._load_bank)
        return self._bank

    async def question(
        self, source: str, seed: int | None = None, level: int | None = None
    ) -> Question:
        """A concrete question, evaluated off the event loop; raises ContentError."""
        bank = await self.bank()
        if source in bank.sources:
            found = computed.get(self.database.read, source, bank.digest(source))
            if found is not None:
                return found
        return await asyncio.to_thread(bank.question, source, seed=seed, level=level)

    async def told(self, relay: "Relay", member: "Address", card: "Card") -> bool:
        """Show a card to one member; a platform that cannot is logged, never in the way."""
        try:
            await relay.tell(member, card)
        except DeliveryError as error:
            log.warning("could not tell %s: %s", member.id, error)
            return False
        return True

    def open_setup(self, visit: Visit) -> bool:
        """Whether any member may set up a daily on this platform."""
        return self.relays[visit.tenant.platform].open_setup

    def zone(self, visit: Visit) -> str:
        """The zone of a place: its schedule's, else the operator's."""
        return visit.channel.zone or self.settings.timezone

    def day(self, visit: Visit) -> date:
        """The local date of a visit."""
        return local_day(visit.now, self.zone(visit))


def local_day(now: datetime, zone: str) -> date:
    """The date that an instant falls on in a zone."""
    if zone == "UTC":
        return now.date()
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # a start in UTC never needs it

    return now.astimezone(ZoneInfo(zone)).date()
