"""The workspace behind the loopback Slack: people, places, and what everybody sees."""

import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.slack_rules import Json, Surface, problems_of, walk

TRIGGER_SECONDS = 3.0
URL_SECONDS = 30 * 60
URL_USES = 5
MOST_VIEWS = 3
INPUTS = {
    *("plain_text_input", "email_text_input", "url_text_input", "number_input", "checkboxes"),
    *("radio_buttons", "static_select", "multi_static_select", "external_select"),
    *("users_select", "conversations_select", "channels_select", "datepicker", "timepicker"),
    *("multi_users_select", "multi_conversations_select", "multi_channels_select"),
    *("datetimepicker", "multi_external_select"),
}


class SlackError(Exception):
    """What the Web API answers instead of doing it: a code, and what goes with it."""

    def __init__(self, code: str, **more: str) -> None:
        super().__init__(code)
        self.code, self.more = code, more


@dataclass
class User:
    """Somebody with an account; `team_id` is another one for a guest by Slack Connect."""

    id: str
    name: str
    display_name: str = ""
    tz: str = "UTC"
    is_admin: bool = False
    is_owner: bool = False
    team_id: str = "T1"
    is_bot: bool = False
    deleted: bool = False

    def body(self) -> Json:
        """The user as users.info tells it."""
        profile = {"display_name": self.display_name, "real_name": self.name.title()}
        told: Json = {"id": self.id, "team_id": self.team_id, "name": self.name}
        told |= {"deleted": self.deleted, "is_bot": self.is_bot, "profile": profile}
        told |= {"real_name": self.name.title(), "tz": self.tz, "tz_label": self.tz}
        told |= {"tz_offset": 0, "is_app_user": False, "is_restricted": False}
        return told | {"is_admin": self.is_admin, "is_owner": self.is_owner}


@dataclass
class Message:
    """A message that everybody in its channel sees; the bot's own has a `bot_id`."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    user: str
    bot_id: str | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    deleted: bool = False

    def body(self, *, metadata: bool = False) -> Json:
        """The message as the Web API and interactions tell it."""
        told: Json = {"type": "message", "ts": self.ts, "text": self.text, "user": self.user}
        if self.bot_id:
            told |= {"bot_id": self.bot_id, "app_id": "A1"}
        told |= {"blocks": self.blocks} if self.blocks else {}
        told |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        told |= {"files": self.files} if self.files else {}
        told |= {"edited": {"user": self.user, "ts": self.ts}} if self.history else {}
        told |= {"metadata": self.metadata} if metadata and self.metadata else {}
        return told


@dataclass
class Ephemeral:
    """What one user was shown privately; `history` has what it said before."""

    user: str
    channel: str
    ts: str
    text: str
    blocks: list[Json]
    thread_ts: str | None = None
    history: list[Json] = field(default_factory=list)
    deleted: bool = False

    @property
    def replaced(self) -> bool:
        """Whether it says something else than at first."""
        return bool(self.history)


@dataclass
class Channel:
    """A place with members; of a direct message, `members` has the one person."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    bot: bool = True
    private: bool = False
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def direct(self) -> bool:
        """Whether it is a direct message with the bot."""
        return self.id.startswith("D")

    def message(self, ts: str) -> Message:
        """The message with this ts, or `message_not_found`."""
        for message in self.messages:
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")


@dataclass
class View:
    """A modal or a home; `content` is what the bot sent, `errors` what its inputs show."""

    id: str
    kind: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = True

    @property
    def blocks(self) -> list[Json]:
        """The blocks that are shown."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    def body(self, values: Json | None = None) -> Json:
        """The view as the Web API and interactions tell it."""
        shown: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
        shown |= {"title": {"type": "plain_text", "text": "View Title", "emoji": True}}
        shown |= {"close": None, "submit": None, "clear_on_close": False}
        shown |= {"notify_on_close": False} | self.content
        shown |= {"id": self.id, "team_id": "T1", "app_id": "A1", "bot_id": "BBOT"}
        shown |= {"app_installed_team_id": "T1", "hash": self.hash, "root_view_id": self.root_id}
        return shown | {"previous_view_id": self.previous_id, "state": {"values": values or {}}}


@dataclass
class Trigger:
    """What allows to open one modal, once and soon."""

    user: str
    made: float
    used: bool = False


@dataclass
class ResponseUrl:
    """What allows to answer an interaction, five times within half an hour."""

    user: str
    channel: str
    target: Message | Ephemeral | None
    made: float
    uses: int = 0


class Workspace:
    """Everything there is, without the wire. `problems` has what real Slack would not take."""

    now: Callable[[], float]

    def __init__(self) -> None:
        self.now = time.time
        self.problems: list[str] = []
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, Json] = {}
        self.triggers: dict[str, Trigger] = {}
        self.urls: dict[str, ResponseUrl] = {}
        self.expire_triggers = False
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.add_user("UBOT", "numpy", is_bot=True)

    def add_user(self, user: str, name: str = "", **more: Any) -> User:  # noqa: ANN401 - as in User
        """Give somebody an account; `more` are fields of `User`."""
        self.users[user] = User(user, name or user.lower(), **more)
        return self.users[user]

    def add_channel(self, channel: str, *members: str, **more: Any) -> Channel:  # noqa: ANN401 - as in Channel
        """Make a place; members without an account get one; `more` are fields of `Channel`."""
        for user in members:
            if user not in self.users:
                self.add_user(user)
        named = {"name": channel.lower()} | more
        self.channels[channel] = Channel(channel, members=set(members), **named)
        return self.channels[channel]

    def dm(self, user: str) -> Channel:
        """The direct message of somebody with the bot, which comes into being when asked for."""
        if user not in self.users or self.users[user].is_bot:
            raise SlackError("channel_not_found")
        name = f"D{user}"
        if name not in self.channels:
            self.channels[name] = Channel(name, "directmessage", {user})
        return self.channels[name]

    def number(self, prefix: str) -> str:
        """An id that no other thing has."""
        return f"{prefix}{next(self._numbers):06}"

    def ts(self) -> str:
        """Now, as the id of a message; no two are the same."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        seconds, micros = divmod(self._last_ts, 1_000_000)
        return f"{seconds}.{micros:06}"

    def trigger(self, user: str) -> str:
        """A trigger id for something that somebody does now."""
        name = self.number("1.1.trigger")
        self.triggers[name] = Trigger(user, time.monotonic())
        return name

    def spend(self, trigger: object) -> str:
        """Use a trigger id up; it tells whose it is."""
        found = self.triggers.get(str(trigger))
        if found is None:
            raise SlackError("invalid_trigger_id")
        if found.used:
            self.problems.append(f"the trigger {trigger} was used twice")
            raise SlackError("exchanged_trigger_id")
        if self.expire_triggers or time.monotonic() - found.made > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        found.used = True
        return found.user

    def expire_urls(self) -> None:
        """Let half an hour pass for all response_urls that there are."""
        for url in self.urls.values():
            url.made = -math.inf

    def check(self, what: str, body: Json, surface: Surface, *, update: bool = False) -> None:
        """Note what is wrong with a body that the bot sent."""
        found = problems_of(body, surface, update=update)
        self.problems += [f"{what}: {problem}" for problem in found]

    def completed(self, blocks: list[Json]) -> list[Json]:
        """The blocks with an id for everything that the bot gave none."""
        for block in blocks:
            block.setdefault("block_id", self.number("blk"))
            for part in walk(block):
                if part.get("type") in {"button", "overflow", *INPUTS}:
                    part.setdefault("action_id", self.number("act"))
        return blocks

    def view(self, user: str, content: Json, below: View | None = None) -> View:
        """A view that nobody sees yet."""
        self.completed(content["blocks"])
        name = self.number("V")
        root = below.root_id if below else name
        previous = below.id if below else None
        kind = str(content.get("type"))
        return View(name, kind, user, content, self.number("hash"), root, previous)

    def push(self, below: View, content: Json) -> View:
        """Show a modal above another one."""
        stack = self.modals[below.user]
        if len(stack) >= MOST_VIEWS:
            raise SlackError("push_limit_reached")
        stack.append(self.view(below.user, content, below))
        return stack[-1]

    def change(self, view: View, content: Json) -> View:
        """Show something else in a view."""
        view.content = content | {"blocks": self.completed(content["blocks"])}
        view.hash, view.errors = self.number("hash"), {}
        return view

    def top_view(self, user: str) -> View | None:
        """The modal that somebody looks at."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    def ephemerals_of(self, user: str) -> list[Ephemeral]:
        """What somebody was shown privately and can still see."""
        return [shown for shown in self.ephemerals if shown.user == user and not shown.deleted]
