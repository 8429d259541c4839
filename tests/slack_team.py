"""A team at play on the loopback Slack: the whole bot in this process, with a clock of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from adapters.slack_app import SlackApp
from adapters.slack_client import SlackClient
from adapters.slack_people import SlackPeople
from adapters.slack_relay import SlackRelay
from adapters.slack_settings import SlackSettings
from bot.app import Bot
from bot.bank.bank import Bank
from bot.config import Settings
from bot.model import Post
from tests.slack_forms import words
from tests.slack_people import Delivery, Where
from tests.slack_rules import Json
from tests.slack_server import SlackServer
from tests.slack_state import Channel, Ephemeral, Message, View
from tests.team import Team

CHANNEL = "C1"
MEMBERS = ("UADA", "UBEA", "UCLEO", "UDAN", "UEVE")


def furnish(slack: SlackServer) -> None:
    """Let there be the team's channel and its members."""
    slack.add_channel(CHANNEL, *MEMBERS, name="numpy")
    for user in MEMBERS:
        name = user[1:].title()
        zone = "Europe/Berlin" if user == "UADA" else "UTC"
        slack.add_user(user, f"{name.lower()}.k", display_name=name, tz=zone)


class SlackTeam(Team[SlackApp, SlackRelay]):
    """The bot in the workspace of Ada, who may set up dailies, and her colleagues.

    `slack` is the workspace. The bot connects with the first `tick`, and looks every `ping`
    seconds whether its socket is alive: a busy machine takes a short one for dead.
    """

    platform = "slack"

    def __init__(
        self,
        folder: Path,
        *,
        bank: Bank | None = None,
        settings: Settings | None = None,
        slack: SlackServer | None = None,
        ping: float = 2.0,
    ) -> None:
        super().__init__(folder, bank=bank, settings=settings)
        self.ping = ping
        self.slack = slack or SlackServer()
        self.slack.now = self.seconds
        furnish(self.slack)

    async def _open(self) -> None:
        await self.slack.__aenter__()

    async def _shut(self) -> None:
        await self.slack.__aexit__()

    def start(self, **changes: Any) -> None:  # noqa: ANN401  # as in SlackSettings
        """Begin a process of the bot; `changes` are other Slack settings than the usual."""
        wanted = {
            "bot_token": self.slack.bot_token,
            "app_token": self.slack.app_token,
            "api_url": self.slack.api_url,
            **changes,
        }
        client = SlackClient(SlackSettings(**wanted))
        people = SlackPeople(client, self.timer)
        desk = self.furnish_desk(SlackRelay(client, people, self.timer))
        bot = Bot(desk, greets=frozenset({self.platform}))
        self.serve(
            SlackApp(client, people, bot, clock=lambda: self.now, timer=self.timer, ping=self.ping)
        )

    # --- what people do -------------------------------------------------------------------

    async def slash(self, user: str, text: str = "", channel: str = CHANNEL) -> Ephemeral:
        """Type a command; gives the private reply, the last one where there are several."""
        await self.does(self.slack.slash(user, channel, text))
        return self.slack.ephemerals_of(user)[-1]

    async def press(
        self,
        user: str,
        where: Where,
        what: str,
    ) -> Delivery:
        """Press a button by its label or id."""
        return await self.does(self.slack.press(user, where, what))

    async def submit(self, user: str, values: dict[str, str | list[str]]) -> Delivery:
        """Send the form on top off."""
        return await self.does(self.slack.submit(user, values))

    async def begin(self, text: str = "09:00 UTC daily") -> Message:
        """Set the daily up at eight and give its first message, an hour later."""
        await self.tick()
        await self.slash("UADA", f"schedule {text}")
        self.wait(hours=1)
        await self.tick()
        return self.dailies[-1]

    # --- what can be seen -----------------------------------------------------------------

    @property
    def channel(self) -> Channel:
        """The team's channel."""
        return self.slack.channels[CHANNEL]

    @property
    def dailies(self) -> list[Message]:
        """The messages of dailies in the channel, threads left out."""
        return [
            message
            for message in self.channel.messages
            if not message.thread_ts and title(message.blocks).startswith("Daily #")
        ]

    @property
    def users(self) -> tuple[str, ...]:
        """The members, Ada first."""
        return MEMBERS

    def post_of(self, message: Message) -> Post:
        """The post that a daily's message shows."""
        return self.posted_as(message.ts)

    async def answer(self, user: str, message: Message, *, right: bool = True) -> None:
        """Answer a daily rightly or wrongly, the way its kind is answered."""
        post = self.post_of(message)
        question = post.question
        if question.kind in {"single", "bug"}:
            index = next(i for i, one in enumerate(question.choices) if one.right is right)
            picked = f":{post.id}:{index}:"
            button = next(b for b in buttons(message.blocks) if picked in b["action_id"])
            await self.press(user, message, button["action_id"])
            return
        await self.press(user, message, "Answer…")
        if question.kind == "several":
            ticks = [str(i) for i, one in enumerate(question.choices) if one.right is right]
            await self.submit(user, {"picks": ticks})
        else:
            typed = next(one.text for one in question.choices if one.right is right)
            await self.submit(user, {"text": typed})

    def reads(self, user: str) -> str:
        """What somebody was last shown privately, as they read it."""
        return words(self.slack.ephemerals_of(user)[-1].blocks)

    def dm(self, user: str) -> list[str]:
        """What the bot wrote to somebody in their private conversation."""
        return [words(message.blocks) for message in self.slack.dm(user).messages]

    async def practise(self, user: str, where: Ephemeral | View) -> Ephemeral | View:
        """Answer a practice question rightly; gives what shows the verdict."""
        question = self.post(self.rows("SELECT max(id) FROM posts")[0][0]).question
        right = [str(index) for index, one in enumerate(question.choices) if one.right]
        if question.kind in {"single", "bug"}:
            choices = [
                one for one in buttons(where.blocks) if one["action_id"][:11] == "answer:pick"
            ]
            await self.press(user, where, choices[int(right[0])]["action_id"])
            return where if isinstance(where, View) else self.slack.ephemerals_of(user)[-1]
        await self.press(user, where, "Answer…")
        typed = question.key.text if question.key else "anything"
        await self.submit(user, {"picks": right} if question.kind == "several" else {"text": typed})
        verdict = self.slack.top_view(user)
        assert verdict is not None
        return verdict


Act: TypeAlias = Callable[[SlackTeam], Awaitable[None]]
Play: TypeAlias = Callable[[Act], None]


def play(folder: Path, act: Act) -> None:
    """Let a team that is connected do something; Slack must have nothing to object to."""

    async def whole() -> None:
        async with SlackTeam(folder) as team:
            await team.tick()
            await act(team)
            await team.settled()
            assert [] == team.slack.problems

    asyncio.run(whole())


def title(blocks: list[Json]) -> str:
    """What stands in the header."""
    return str(blocks[0]["text"]["text"]) if blocks and blocks[0]["type"] == "header" else ""


def buttons(blocks: list[Json]) -> Iterator[Json]:
    """The buttons among some blocks."""
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def at(message: Message) -> datetime:
    """When a message was posted."""
    return datetime.fromtimestamp(float(message.ts), UTC)


def encoded(anything: object) -> str:
    """Anything as one text, to look for something in it."""
    return msgspec.json.encode(anything).decode()
