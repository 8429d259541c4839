"""Everything there is in the loopback Discord, without the wire."""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.discord_places import (
    TEXT_CHANNEL,
    USUAL,
    VIEW_CHANNEL,
    Channel,
    DiscordError,
    Guild,
    Member,
    Role,
    User,
)
from tests.discord_rules import EPHEMERAL, IS_V2, problems_of
from tests.discord_schema import Json
from tests.discord_words import BUTTON, CONTAINER, said, walk

RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60
NONCE_SECONDS = 5 * 60
LOADING, HAS_THREAD = 1 << 7, 1 << 5

_EPOCH = 1_420_070_400_000


class Attached(NamedTuple):
    """A file of a message."""

    id: int
    name: str
    data: bytes


@dataclass(eq=False)
class Message:
    """A message of the bot or of somebody; `private_to` is who alone sees an ephemeral one.

    `body` is what it says now, `history` what it said before.
    """

    id: int
    channel: Channel
    author: User
    body: Json
    made: float
    flags: int = 0
    private_to: User | None = None
    nonce: str | None = None
    attached: list[Attached] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    thread: Channel | None = None
    reply_to: int | None = None
    interaction: "Interaction | None" = None
    deleted: bool = False

    @property
    def components(self) -> list[Json]:
        """The tree of its components."""
        found: list[Json] = self.body.get("components") or []
        return found

    @property
    def files(self) -> dict[str, bytes]:
        """Its files by name."""
        return {file.name: file.data for file in self.attached}

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.private_to is not None

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        """Whether it is one of Components V2."""
        return bool(self.flags & IS_V2)

    @property
    def text(self) -> str:
        """Its content and all its text displays, a line each."""
        texts = [str(self.body.get("content") or "")]
        texts += [str(part["content"]) for part in walk(self.components) if "content" in part]
        return "\n".join(filter(None, texts))

    @property
    def buttons(self) -> dict[str, str]:
        """The labels of its buttons and their custom_ids (or urls), in order."""
        return {
            str(part.get("label") or part.get("emoji", {}).get("name")): str(
                part.get("custom_id") or part.get("url")
            )
            for part in walk(self.components)
            if part.get("type") == BUTTON
        }

    @property
    def accent(self) -> int | None:
        """The colour of its container, or of its first embed."""
        for part in walk(self.components):
            if part.get("type") == CONTAINER:
                return part.get("accent_color")
        embeds: list[Json] = self.body.get("embeds") or []
        return embeds[0].get("color") if embeds else None


@dataclass(eq=False)
class Modal:
    """A form that was opened for somebody; `source` is the message it came from."""

    user: User
    channel: Channel
    body: Json
    source: Message | None

    @property
    def custom_id(self) -> str:
        """What the bot calls it."""
        return str(self.body["custom_id"])

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.body["title"])

    @property
    def components(self) -> list[Json]:
        """Its labels and texts."""
        found: list[Json] = self.body["components"]
        return found


@dataclass(eq=False)
class Interaction:
    """Something that somebody did with the bot, and what it answered.

    `made` is for its token, `sent` for its first response; both by a clock that only runs.
    """

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    source: Message | None
    made: float
    sent: float
    deliveries: int = 0
    responses: int = 0
    may_be_late: bool = False
    answer: int | None = None
    seconds: float | None = None
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[Json] | None = None


class Sent(NamedTuple):
    """A body that the bot sent, its files, and the ids of those who could see it."""

    route: str
    body: Any
    files: dict[str, bytes]
    seen_by: frozenset[int]


class World:
    """Everything there is. `problems` has what real Discord would not take.

    `now` is the clock of ids and times; `pass_time` lets the tokens of interactions grow old.
    """

    now: Callable[[], float]

    def __init__(self) -> None:
        self.now = time.time
        self.problems: list[str] = []
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.stored: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.everything: list[Sent] = []
        self._passed = 0.0
        self._last_id = 0
        self._guild_numbers = itertools.count(1)
        self.bot = self.add_user("numpy", bot=True)
        self.owner = self.add_user("owner")

    def snowflake(self, age: float = 0) -> int:
        """An id that no other thing has, as of now or of `age` seconds ago."""
        made = (int((self.now() - age) * 1000) - _EPOCH) << 22
        if age:
            self._last_id += 1
            return made | self._last_id & 0xFFF
        self._last_id = max(self._last_id + 1, made)
        return self._last_id

    def timestamp(self) -> str:
        """Now, as Discord tells it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="microseconds")

    def clock(self) -> float:
        """Real seconds, and those that were let pass."""
        return time.monotonic() + self._passed

    def pass_time(self, seconds: float) -> None:
        """Let the tokens of all interactions grow older by this."""
        self._passed += seconds

    def add_user(self, username: str, **more: Any) -> User:  # noqa: ANN401 - as in User
        """Give somebody an account; `more` are fields of `User`."""
        user = User(self.snowflake(), username, **more)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str = "Guild", *members: User, installed: bool = True) -> Guild:
        """Make a guild with members; their ids are such that shards take turns."""
        day = int((self.now() - 86_400) * 1000) - _EPOCH
        guild = Guild((day - day % 1024 + next(self._guild_numbers)) << 22, name, self.owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", USUAL)
        guild.installed = installed
        for user in (self.owner, *members, *([self.bot] if installed else [])):
            guild.members[user.id] = Member(user)
        self.guilds[guild.id] = guild
        return guild

    def add_member(self, guild: Guild, user: User, *roles: Role, nick: str | None = None) -> Member:
        """Let somebody be in a guild, or have other roles or another nick there."""
        guild.members[user.id] = Member(user, nick, list(roles))
        return guild.members[user.id]

    def add_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """Make a role that nobody has yet."""
        role = Role(self.snowflake(), name, permissions)
        guild.roles[role.id] = role
        return role

    def add_channel(self, guild: Guild, name: str = "general", kind: int = TEXT_CHANNEL) -> Channel:
        """Make a channel that everybody sees; the bot is not told of it while it runs."""
        channel = Channel(self.snowflake(), name, kind, guild)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """The direct messages of somebody with the bot."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.snowflake(), user.username, 1, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def say(self, user: User, channel: Channel, text: str) -> Message:
        """Somebody writes something, of which the bot is not told."""
        return self.store(channel, user, {"content": text})

    def store(self, channel: Channel, author: User, body: Json, **more: Any) -> Message:  # noqa: ANN401 - as in Message
        """Keep a message; `more` are fields of `Message`."""
        message = Message(self.snowflake(), channel, author, body, self.now(), **more)
        numbered(message.components)
        self.stored[message.id] = message
        if message.private_to is None:
            channel.last_message_id, channel.count = message.id, channel.count + 1
        return message

    def rewrite(self, message: Message, body: Json, files: dict[str, bytes]) -> None:
        """Let a message say something else; what is not named stays."""
        message.history.append(dict(message.body))
        flags = body.get("flags") or 0
        message.flags = message.flags & ~LOADING | flags & ~EPHEMERAL
        kept = {key: body[key] for key in ("content", "embeds", "components") if key in body}
        message.body = message.body | kept
        numbered(message.components)
        if "attachments" in body:
            ids = {str(told["id"]) for told in body["attachments"] or []}
            message.attached = [file for file in message.attached if str(file.id) in ids]
        self.attach(message, files)

    def attach(self, message: Message, files: dict[str, bytes]) -> None:
        """Add files to a message."""
        message.attached += [Attached(self.snowflake(), name, data) for name, data in files.items()]

    def messages(self, channel: Channel) -> list[Message]:
        """What everybody sees in a channel or thread, in order."""
        return [
            message
            for message in self.stored.values()
            if message.channel is channel and not message.ephemeral and not message.deleted
        ]

    def thread(self, message: Message) -> list[Message]:
        """What was written in the thread of a message."""
        return self.messages(message.thread) if message.thread else []

    def private(self, user: User) -> list[Message]:
        """The ephemeral messages that somebody sees, in order and as they are now."""
        return [
            message
            for message in self.stored.values()
            if message.private_to is user and not message.deleted
        ]

    def dms(self, user: User) -> list[Message]:
        """What was said in somebody's direct messages with the bot."""
        return self.messages(self.dm(user))

    def readers(self, channel: Channel) -> frozenset[int]:
        """The ids of those who see a channel."""
        if channel.guild is None:
            return frozenset({channel.recipient.id} if channel.recipient else ())
        members = channel.guild.members.values()
        return frozenset(
            member.user.id
            for member in members
            if channel.permissions(member.user) & VIEW_CHANNEL and member.user is not self.bot
        )

    def sent(
        self, route: str, body: object, files: dict[str, bytes], seen_by: Iterable[int]
    ) -> None:
        """Remember what the bot showed to whom."""
        self.everything.append(Sent(route, body, files, frozenset(seen_by)))

    def check(self, route: str, body: object, what: str = "", **more: Any) -> None:  # noqa: ANN401 - as in problems_of
        """Note what is wrong with a body that the bot sent, and refuse it."""
        method, path = route.split(" ", 1)
        found = problems_of(method, path, body, **more)
        self.problems += [f"{what or route}: {problem}" for problem in found]
        if found:
            raise DiscordError(400, 50035, f"Invalid Form Body: {found[0]}")


def words(message: Message | Modal) -> str:
    """All the text that a reader of a message or form sees, a line each."""
    return "\n".join(filter(None, said(message.body)))


def numbered(components: list[Json]) -> None:
    """Give every component the id that Discord gives it where the bot gave none."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for part in walk(components):
        if not part.get("id"):
            part["id"] = next(free)
