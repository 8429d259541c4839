"""A team at play on the loopback Discord: the whole bot in this process, with its own clock."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Self, TypeAlias

from adapters.discord_api import DiscordLink
from adapters.discord_app import DiscordApp
from adapters.discord_people import PLATFORM, DiscordPeople
from adapters.discord_relay import DiscordRelay
from adapters.discord_settings import DiscordSettings
from adapters.wiring import open_database
from bot.app import Bot
from bot.bank.bank import Bank
from bot.config import Settings
from bot.live import LiveCount, relay_edit
from bot.model import Post
from bot.quiz.desk import Desk
from bot.service import Service
from bot.store import posts
from tests.discord_people import Delivery
from tests.discord_places import MANAGE_CHANNELS, Channel, Guild, User
from tests.discord_server import DiscordServer
from tests.discord_state import Message
from tests.fakes import MONDAY, shipped_bank
from tests.slack_team import Timer

NAMES = ("Ada", "Bea", "Cleo", "Dan", "Eve")
QUICK = 0.05
"""Seconds that discord.py waits for servers: the loopback tells of all of them at once."""


class Server:
    """A server of Discord's with a channel and five members, the first of whom manages it."""

    def __init__(self, discord: DiscordServer) -> None:
        self.users = [discord.add_user(name.casefold(), global_name=name) for name in NAMES]
        self.guild: Guild = discord.add_guild("The team", *self.users)
        self.channel: Channel = discord.add_channel(self.guild, "numpy")
        self.guild.system_channel = self.channel
        role = discord.add_role(self.guild, "managers", MANAGE_CHANNELS)
        discord.add_member(self.guild, self.users[0], role)

    def user(self, name: str) -> User:
        """A member by name."""
        return self.users[NAMES.index(name)]


class DiscordTeam:
    """The bot in the server of Ada, who manages the channel, and her colleagues.

    `discord` is the platform. The bot connects with the first `tick`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bank: Bank | None = None,
        settings: Settings | None = None,
        discord: DiscordServer | None = None,
    ) -> None:
        self.folder = folder
        self.now = MONDAY
        self.timer = Timer()
        self.bank = bank or shipped_bank()
        self.settings = settings or Settings()
        self.discord = discord or DiscordServer()
        self.discord.now = self._seconds
        self.server = Server(self.discord)

    async def __aenter__(self) -> Self:
        await self.discord.__aenter__()
        self.start()
        return self

    def start(self, **changes: Any) -> None:  # noqa: ANN401  # as in DiscordSettings
        """Begin a process of the bot; `changes` are other Discord settings than the usual."""
        wanted = {
            "token": self.discord.token,
            "api_url": self.discord.api_url,
            **changes,
        }
        link = DiscordLink(DiscordSettings(**wanted))
        people = DiscordPeople(link, self.timer)
        self.relay = DiscordRelay(link, people, self.timer)
        self.database = open_database(self.settings, self.folder / "bot.db", entropy=bytes)
        self.desk = Desk(
            database=self.database,
            load_bank=lambda: self.bank,
            settings=self.settings,
            relays={PLATFORM: self.relay},
            rng=random.Random(1),
        )
        self.live = LiveCount(relay_edit(self.desk), sleep=self.timer.sleep, clock=self.timer)
        self.desk.counter = self.live
        self.app = DiscordApp(
            link,
            people,
            self.relay,
            Bot(self.desk),
            clock=lambda: self.now,
            timer=self.timer,
            patience=QUICK,
        )
        self.service = Service(self.desk, "test", lambda: self.now, {PLATFORM: self.app})

    async def end(self) -> None:
        """End the process of the bot cleanly."""
        await self.app.hang_up()
        await self.live.close()
        await self.app.close()
        self.database.close()

    async def __aexit__(self, *_: object) -> None:
        await self.end()
        await self.discord.__aexit__()

    def _seconds(self) -> float:
        return self.now.timestamp()

    # --- time -----------------------------------------------------------------------------

    def wait(self, **delta: float) -> None:
        """Let time pass: `wait(hours=3)`."""
        self.now += timedelta(**delta)
        self.timer.seconds += timedelta(**delta).total_seconds()

    async def tick(self) -> None:
        """One tick of the service and everything that it makes due."""
        await self.service.work()

    async def settled(self) -> None:
        """Wait until everything that came in is done."""
        while self.app.busy:
            await asyncio.wait(self.app.busy)

    # --- what people do -------------------------------------------------------------------

    async def does(self, act: Coroutine[Any, Any, Delivery]) -> Delivery:
        """Let somebody do something, and wait until the bot has done its part."""
        delivery = await act
        await self.settled()
        return delivery

    async def command(
        self,
        name: str,
        command: str,
        options: Mapping[str, str | int] | None = None,
        channel: Channel | None = None,
    ) -> Delivery:
        """Give a command."""
        user = self.server.user(name)
        where = channel or self.channel
        return await self.does(self.discord.command(user, where, command, options))

    async def press(self, name: str, message: Message, what: str) -> Delivery:
        """Press a button by its label or id."""
        return await self.does(self.discord.press(self.server.user(name), message, what))

    async def fill(
        self, name: str, opened: Delivery, values: dict[str, str | list[str]]
    ) -> Delivery:
        """Send the form off that opened."""
        return await self.does(self.discord.fill(self.server.user(name), opened, values))

    async def begin(self, plan: Mapping[str, str] | None = None) -> Message:
        """Set the daily up at eight and give its first message, an hour later."""
        await self.tick()
        await self.command("Ada", "schedule", plan or {"time": "09:00", "days": "daily"})
        self.wait(hours=1)
        await self.tick()
        return self.dailies[-1]

    async def answer(self, name: str, message: Message, *, right: bool = True) -> None:
        """Answer a daily rightly or wrongly, the way its kind is answered."""
        question = self.post_of(message).question
        if question.kind in {"single", "bug"}:
            index = next(i for i, one in enumerate(question.choices) if one.right is right)
            button = next(one for one in message.buttons.values() if f":{index}:" in one)
            await self.press(name, message, button)
            return
        opened = await self.press(name, message, "Answer…")
        if question.kind == "several":
            ticks = [str(i) for i, one in enumerate(question.choices) if one.right is right]
            await self.fill(name, opened, {"picks": ticks})
        else:
            typed = next(one.text for one in question.choices if one.right is right)
            await self.fill(name, opened, {"text": typed})

    # --- what can be seen -----------------------------------------------------------------

    @property
    def channel(self) -> Channel:
        """The team's channel."""
        return self.server.channel

    @property
    def dailies(self) -> list[Message]:
        """The messages of dailies in the channel."""
        found = self.discord.messages(self.channel)
        return [message for message in found if title(message).startswith("Daily #")]

    def reads(self, name: str) -> Message:
        """What somebody was last shown privately."""
        return self.discord.private(self.server.user(name))[-1]

    def post(self, post_id: int) -> Post:
        """A post as it stands in the database."""
        return posts.must_get(self.database.read, post_id)

    def post_of(self, message: Message) -> Post:
        """The post that a daily's message shows."""
        return self.post(
            self.rows(
                "SELECT post_id FROM outbox WHERE step = 'question' AND message = ?",
                str(message.id),
            )[0][0]
        )

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The messages to deliver and how far each is."""
        return self.rows("SELECT step, state FROM outbox ORDER BY id")

    @property
    def stored(self) -> int:
        """How many answers are stored."""
        return int(self.rows("SELECT count(*) FROM answers")[0][0])

    def rows(self, sql: str, *bound: object) -> list[tuple[Any, ...]]:
        """What a query finds in the database."""
        return self.database.read.execute(sql, bound).fetchall()


Act: TypeAlias = Callable[[DiscordTeam], Awaitable[None]]


def play(folder: Path, act: Act) -> None:
    """Let a team that is connected do something; Discord must have nothing to object to."""

    async def whole() -> None:
        async with DiscordTeam(folder) as team:
            await team.tick()
            await act(team)
            await team.settled()
            assert [] == team.discord.problems

    asyncio.run(whole())


def title(message: Message) -> str:
    """What stands above a message, without its marks."""
    first = message.text.partition("\n")[0]
    return first.removeprefix("### ").replace("\\", "")
