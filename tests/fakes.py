"""A team at play: the whole core on a database in a folder, with the in-memory platform."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from bot import daily, delivery
from bot.app import Bot
from bot.bank.bank import Bank
from bot.cards.guide import welcome_card
from bot.config import Settings
from bot.events import (
    Arrived,
    Button,
    Card,
    Command,
    Event,
    FormSubmit,
    Invalid,
    Open,
    Person,
    Place,
    Press,
    Reply,
    Show,
)
from bot.markup import plain, runs, words
from bot.model import Post
from bot.ports import MemoryRelay
from bot.quiz import study
from bot.quiz.desk import Desk
from bot.store import posts
from tests.databases import open_copy

T = TypeVar("T")

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning, one hour before the first daily of `World.schedule`."""

PLATFORM = "memory"


@cache
def shipped_bank() -> Bank:
    """The bank that we ship, loaded once for all tests."""
    return Bank.load()


def some_of(*sources: str) -> Bank:
    """A bank of a few shipped questions."""
    return Bank({source: shipped_bank().sources[source] for source in sources}, {})


class SetClock:
    """The clocks of a process that believes what it is told, `ahead` of the time that passed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.ahead = timedelta()

    def steady(self) -> float:
        """Seconds of the time that passed."""
        return (self.now() - self.ahead).timestamp()


class World:
    """One process of the bot with a clock that only moves when told.

    Every method that acts returns the replies, newest state in the database. `tenant` and
    `channel` can be given to act elsewhere.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bank: Bank | None = None,
        settings: Settings | None = None,
        now: datetime = MONDAY,
        seed: int = 1,
        relay: MemoryRelay | None = None,
    ) -> None:
        self.now = now
        self.settings = settings or Settings()
        self.bank = bank or shipped_bank()
        self.database = open_copy(self.settings, folder / "bot.db")
        self.relay = relay or MemoryRelay()
        self.desk = Desk(
            database=self.database,
            load_bank=lambda: self.bank,
            settings=self.settings,
            relays={PLATFORM: self.relay},
            rng=random.Random(seed),
        )
        self.bot = Bot(self.desk, greets=frozenset({PLATFORM}))
        self.clock = SetClock(lambda: self.now)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process cleanly."""
        self._runner.close()
        self.database.close()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    def wait(self, **delta: float) -> None:
        """Let time pass: `wait(hours=3)`."""
        self.now += timedelta(**delta)

    def set_clock(self, **delta: float) -> None:
        """Somebody sets the clock forward, or back, while no time passes."""
        self.clock.ahead += timedelta(**delta)
        self.now += timedelta(**delta)

    # --- what people do -----------------------------------------------------------------

    def place(
        self,
        channel: str = "numpy",
        tenant: str = "team",
        *,
        direct: bool = False,
        team: bool = True,
    ) -> Place:
        """A channel of a team, or a private conversation with the bot."""
        return Place(PLATFORM, tenant, channel, direct=direct, team=team)

    def send(self, event: Event | Arrived) -> list[Reply]:
        """Hand an event to the core."""
        return self.run(self.bot.handle(event))

    def say(self, who: str, text: str, place: Place | None = None) -> list[Reply]:
        """Type a command; a member's id is their name in small letters."""
        return self.send(
            Command(place=place or self.place(), person=_person(who), at=self.now, text=text)
        )

    def press(
        self, who: str, button: Button | str, place: Place | None = None, message: str = ""
    ) -> list[Reply]:
        """Press a button, given itself or by its id, on the public message that is named."""
        return self.send(
            Press(
                place=place or self.place(),
                person=_person(who),
                at=self.now,
                button=button if isinstance(button, str) else button.id,
                message=message,
            )
        )

    def submit(
        self,
        who: str,
        form: str,
        fields: Mapping[str, tuple[str, ...]],
        place: Place | None = None,
    ) -> list[Reply]:
        """Send a form off."""
        return self.send(
            FormSubmit(
                place=place or self.place(),
                person=_person(who),
                at=self.now,
                form=form,
                fields=dict(fields),
            )
        )

    def arrive(self, place: Place | None = None) -> list[Reply]:
        """The bot is added to a channel."""
        return self.send(Arrived(place=place or self.place(), at=self.now))

    def study(self, who: str, source: str, place: Place | None = None) -> Post:
        """Open a question of the study guide: practice of a source that the test chooses."""
        topic = self.bank.entries[source].topic
        entries = study.ordered([e for e in self.bank.entries.values() if e.topic == topic])
        number = [entry.id for entry in entries].index(source)
        found = card(self.press(who, f"card:study:{topic}:{number}", place))
        return self.asked(found)

    def asked(self, found: Card) -> Post:
        """The post that a question's card asks."""
        if found.post_id is None:
            message = f"no question: {words(found)}"
            raise LookupError(message)
        return self.post(found.post_id)

    def answer(
        self, who: str, post: Post, *, right: bool = True, place: Place | None = None
    ) -> list[Reply]:
        """Answer a post rightly or wrongly, the way its kind is answered."""
        question = post.question
        if question.kind in {"single", "bug"}:
            index = next(i for i, choice in enumerate(question.choices) if choice.right is right)
            return self.press(who, f"answer:pick:{post.id}:{index}:", place)
        if question.kind == "several":
            picks = tuple(
                str(i) for i, choice in enumerate(question.choices) if choice.right is right
            )
            return self.submit(who, f"form:answer:{post.id}:", {"picks": picks}, place)
        text = "anything"
        if question.key is not None:
            others = [choice.text for choice in question.choices if not choice.right]
            text = question.key.text if right else others[0]
        return self.submit(who, f"form:answer:{post.id}:", {"text": (text,)}, place)

    # --- what the bot does by itself ----------------------------------------------------

    def schedule(self, text: str = "09:00 UTC daily", place: Place | None = None) -> None:
        """Set up the channel's daily as its manager Ada."""
        self.relay.managers.add("ada")
        self.say("Ada", f"schedule {text}", place)

    def begin(self, text: str = "09:00 UTC daily", place: Place | None = None) -> Post:
        """Set the daily up at eight and give its first question, an hour later."""
        self.schedule(text, place)
        self.wait(hours=1)
        self.tick()
        return self.daily_of(place)

    def tick(self) -> None:
        """One tick and everything that it makes due delivered."""
        platforms = frozenset({PLATFORM})
        self.run(daily.tick(self.desk, platforms, self.now))
        self.run(delivery.deliver(self.desk, platforms, "worker", self.clock))

    def rows(self, sql: str, *bound: object) -> list[tuple[Any, ...]]:
        """What a query finds in the database."""
        return self.database.read.execute(sql, bound).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the database holds, by table."""
        named = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: self.rows(f"SELECT * FROM {name}") for (name,) in named}

    def post(self, post_id: int) -> Post:
        """A post as it stands in the database."""
        return posts.must_get(self.database.read, post_id)

    def daily_of(self, place: Place | None = None) -> Post:
        """The channel's latest daily."""
        where = place or self.place()
        found = self.rows(
            "SELECT p.id FROM posts p JOIN channels c ON c.id = p.channel_id "
            "JOIN tenants t ON t.id = c.tenant_id WHERE p.kind = 'daily' "
            "AND c.platform_id = ? AND t.platform_id = ? ORDER BY p.date DESC LIMIT 1",
            where.channel,
            where.tenant,
        )
        return self.post(found[0][0])


def shown(sentence: str) -> str:
    """A Markdown sentence of ours as a member reads it."""
    return plain(runs(sentence))


def _person(who: str) -> Person:
    return Person(who.casefold(), who)


def cards(replies: list[Reply]) -> list[Card]:
    """The cards among some replies."""
    return [reply.card for reply in replies if isinstance(reply, Show)]


def card(replies: list[Reply]) -> Card:
    """The one card that was replied, besides the one that a channel's first command brings."""
    (found,) = [one for one in cards(replies) if one != welcome_card()] or cards(replies)
    return found


def note(replies: list[Reply]) -> str:
    """The note of a form that stays open."""
    (reply,) = replies
    if not isinstance(reply, Invalid):
        message = f"expected a note, got {reply}"
        raise TypeError(message)
    return reply.note


def opened(replies: list[Reply]) -> Open:
    """The form that opened."""
    (reply,) = replies
    if not isinstance(reply, Open):
        message = f"expected a form, got {reply}"
        raise TypeError(message)
    return reply


def button(found: Card, label: str) -> Button:
    """The button with a label that starts so."""
    return next(button for button in found.buttons if button.label.startswith(label))
