"""Discord as the core's relay: posting, editing and looking up messages in its servers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import discord

from adapters.discord_api import (
    THREAD_EXISTS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNREACHABLE,
    WORDS,
    DiscordLink,
    ask,
)
from adapters.discord_cards import key_of, label, layout, mark
from adapters.discord_people import DiscordPeople
from adapters.discord_replies import NOBODY, ready
from bot.budget import Budget
from bot.errors import CannotLook, Refused, RetryAfter
from bot.events import Card
from bot.ports import Address, MessageRef

log = logging.getLogger(__name__)

CALLS_A_SECOND, COUNTS_A_SECOND = 40, 10
"""Discord takes 50 calls a second of a bot; replies to members are not among them."""

MOST_SEEN = 2000
"""So many messages are looked through for one."""

LONGEST_NAME = 100
A_DAY: Literal[1440] = 1440
"""Minutes without a word after which a thread folds up."""

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
}
"""The permissions that a channel's daily takes, by the names that Discord shows."""


def permissions() -> discord.Permissions:
    """The permissions that the bot asks for when it is invited."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def lacking(granted: discord.Permissions) -> list[str]:
    """The names of the permissions that are not there."""
    return [name for flag, name in NEEDED.items() if not getattr(granted, flag)]


class DiscordRelay:
    """The messages of all servers; before the first login every call raises RetryAfter."""

    open_setup = False
    calls_a_second = CALLS_A_SECOND

    def __init__(
        self, link: DiscordLink, people: DiscordPeople, clock: Callable[[], float]
    ) -> None:
        self._link, self._people = link, people
        self._budget = Budget(clock, COUNTS_A_SECOND, 1.0)

    def _channel(self, ident: str) -> discord.PartialMessageable:
        return self._link.client.get_partial_messageable(int(ident))

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post a card that carries the key; Discord itself drops a second one for some minutes."""
        sent = await self._link.ask(self._post(channel, card, key, thread))
        return MessageRef(channel, str(sent.id))

    async def _post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None
    ) -> discord.Message:
        if thread is not None:
            await self._begin_thread(thread, card.title)
        place = self._channel(thread.message if thread else channel.id)
        view = ready(layout(card, key=key, command=self._link.command))
        return await place.send(view=view, nonce=key, allowed_mentions=NOBODY)

    async def _begin_thread(self, ref: MessageRef, name: str) -> None:
        """A thread below a message, which has the message's own id."""
        call = self._link.client.http.start_thread_with_message(
            int(ref.channel.id),
            int(ref.message),
            name=label(name, LONGEST_NAME),
            auto_archive_duration=A_DAY,
        )
        try:
            await ask(call)
        except Refused as error:
            cause = error.__cause__
            if not isinstance(cause, discord.HTTPException) or cause.code != THREAD_EXISTS:
                raise

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
        """Replace a message; a count waits for its turn among all servers' counts."""
        wait = self._budget.wait() if count else 0
        if wait > 0:
            raise RetryAfter(wait)
        self._budget.spend()
        message = self._channel(ref.channel.id).get_partial_message(int(ref.message))
        view = ready(layout(card, command=self._link.command))
        await self._link.ask(message.edit(view=view, allowed_mentions=NOBODY))

    async def find(
        self, channel: Address, key: str, since: datetime, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """Look through what was posted since then for the message that carries the key."""
        await self._must_see_history(channel)
        try:
            place = thread.message if thread else channel.id
            found = await self._link.ask(self._look(place, key, since))
        except Refused as error:
            cause = error.__cause__
            is_unknown = isinstance(cause, discord.HTTPException) and cause.code == UNKNOWN_CHANNEL
            if thread is not None and is_unknown:
                return None  # the thread was never begun
            raise CannotLook(str(error)) from error
        return MessageRef(channel, found) if found else None

    async def _must_see_history(self, channel: Address) -> None:
        """Without the permission Discord shows an empty channel, which would tell a lie."""
        place = self._place(channel)
        if place is not None and not (await self._granted(place)).read_message_history:
            raise CannotLook("I lack Read Message History")
        if place is None:
            try:
                await self._link.ask(self._link.client.fetch_channel(int(channel.id)))
            except Refused as error:
                raise CannotLook(str(error)) from error
            raise RetryAfter(UNREACHABLE, "the server is not there for the moment")

    async def _look(self, channel: str, key: str, since: datetime) -> str:
        wanted, seen = mark(key), 0
        ours = self._link.client.user
        after = since - timedelta(seconds=1)
        async for message in self._channel(channel).history(limit=MOST_SEEN, after=after):
            seen += 1
            if ours and message.author.id == ours.id and key_of(message) == wanted:
                return str(message.id)
        if seen >= MOST_SEEN:
            raise CannotLook("there are too many messages to look through")
        return ""

    async def tell(self, member: Address, card: Card) -> None:
        """Write to a member in their private conversation with the bot."""
        direct = await self._link.ask(self._link.client.create_dm(discord.Object(int(member.id))))
        view = ready(layout(card, command=self._link.command))
        await self._link.ask(direct.send(view=view, allowed_mentions=NOBODY))

    async def is_manager(self, member: Address, channel: Address) -> bool:
        """Whether they may manage the channel, or the whole server."""
        return await self._people.manages(member, channel)

    async def reach(self, channel: Address) -> None:
        """Refuse where the bot is known to lack a permission."""
        if self._link.client.get_guild(int(channel.tenant)) is None:
            raise Refused(WORDS[UNKNOWN_GUILD], gone=True)
        place = self._place(channel)
        if place is None:
            raise Refused(WORDS[UNKNOWN_CHANNEL], gone=True)
        if not isinstance(place, discord.abc.Messageable):
            raise Refused("a daily needs a text channel, and this is a forum or a category")
        missing = lacking(await self._granted(place))
        if missing:
            raise Refused(
                f"I lack {', '.join(missing)}. Give my role that in the channel's settings, under "
                "Permissions",
                gone=True,
            )

    def _place(self, channel: Address) -> discord.abc.GuildChannel | None:
        """A channel as the gateway tells of it."""
        guild = self._link.client.get_guild(int(channel.tenant))
        return guild.get_channel(int(channel.id)) if guild else None

    async def _granted(self, place: discord.abc.GuildChannel) -> discord.Permissions:
        """What the bot may do in a channel; its own roles are asked for, as no event tells them."""
        user = self._link.client.user
        ours = await self._link.ask(place.guild.fetch_member(user.id if user else 0))
        return place.permissions_for(ours)
