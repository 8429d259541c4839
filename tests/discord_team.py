"""A team at play on the loopback Discord: the whole bot in this process, with its own clock."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from adapters.discord_api import DiscordLink
from adapters.discord_app import DiscordApp
from adapters.discord_people import PLATFORM, DiscordPeople
from adapters.discord_relay import DiscordRelay
from adapters.discord_settings import DiscordSettings
from bot.app import Bot
from bot.bank.bank import Bank
from bot.config import Settings
from bot.model import Post
from tests.discord_people import Delivery
from tests.discord_places import MANAGE_CHANNELS, Channel, Guild, User
from tests.discord_server import DiscordServer
from tests.discord_state import Message
from tests.team import Team

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


class DiscordTeam(Team[DiscordApp, DiscordRelay]):
    """The bot in the server of Ada, who manages the channel, and her colleagues.

    `discord` is the platform. The bot connects with the first `tick`.
    """

    platform = PLATFORM

    def __init__(
        self,
        folder: Path,
        *,
        bank: Bank | None = None,
        settings: Settings | None = None,
        discord: DiscordServer | None = None,
    ) -> None:
        super().__init__(folder, bank=bank, settings=settings)
        self.discord = discord or DiscordServer()
        self.discord.now = self.seconds
        self.server = Server(self.discord)

    async def _open(self) -> None:
        await self.discord.__aenter__()

    async def _shut(self) -> None:
        await self.discord.__aexit__()

    def start(self, **changes: Any) -> None:  # noqa: ANN401  # as in DiscordSettings
        """Begin a process of the bot; `changes` are other Discord settings than the usual."""
        wanted = {
            "token": self.discord.token,
            "api_url": self.discord.api_url,
            **changes,
        }
        link = DiscordLink(DiscordSettings(**wanted))
        people = DiscordPeople(link, self.timer)
        relay = DiscordRelay(link, people, self.timer)
        desk = self.furnish_desk(relay)
        self.serve(
            DiscordApp(
                link,
                people,
                relay,
                Bot(desk),
                clock=lambda: self.now,
                timer=self.timer,
                patience=QUICK,
            )
        )

    # --- what people do -------------------------------------------------------------------

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
        post = self.post_of(message)
        question = post.question
        if question.kind in {"single", "bug"}:
            index = next(i for i, one in enumerate(question.choices) if one.right is right)
            picked = f":{post.id}:{index}:"
            button = next(one for one in message.buttons.values() if picked in one)
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

    def post_of(self, message: Message) -> Post:
        """The post that a daily's message shows."""
        return self.posted_as(str(message.id))


Act: TypeAlias = Callable[[DiscordTeam], Awaitable[None]]


def play(folder: Path, act: Act, bank: Bank | None = None) -> None:
    """Let a team that is connected do something; Discord must have nothing to object to."""

    async def whole() -> None:
        async with DiscordTeam(folder, bank=bank) as team:
            await team.tick()
            await act(team)
            await team.settled()
            assert [] == team.discord.problems

    asyncio.run(whole())


def title(message: Message) -> str:
    """What stands above a message, without its marks."""
    first = message.text.partition("\n")[0]
    return first.removeprefix("### ").replace("\\", "")
