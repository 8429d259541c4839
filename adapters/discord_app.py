"""The bot in Discord's servers: what people do goes to the core, its replies go back.

Everything is acknowledged before it is worked on, but for what is answered by a form: that has
to be the first answer. Buttons are known by their ids and forms are read as they come in, so
that both outlive the process that showed them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import discord
from cachetools import TTLCache

from adapters.discord_api import (
    ACKNOWLEDGED,
    UNKNOWN_INTERACTION,
    DiscordLink,
    closed,
)
from adapters.discord_client import Client
from adapters.discord_forms import fields_of, modal
from adapters.discord_people import PLATFORM, DiscordPeople
from adapters.discord_relay import DiscordRelay
from adapters.discord_replies import DiscordReplies, pressed_on
from adapters.discord_sync import sync
from adapters.tasks import Tasks
from bot.app import Bot
from bot.cards import guide
from bot.errors import DeliveryError, Refused, RetryAfter
from bot.events import (
    Arrived,
    Command,
    FormSubmit,
    Invalid,
    Open,
    Person,
    Place,
    Press,
    Reply,
    Show,
    Typing,
)
from bot.ports import Address

log = logging.getLogger(__name__)

FORM_PATIENCE = 2.0
"""Seconds that opening a form may take; Discord waits for three."""

ACKNOWLEDGING = 1.0
"""Seconds that an acknowledgement may wait to be sent again; Discord waits for three."""

REMEMBERED = 900.0
"""Seconds for which what somebody did is known again, and what they typed is kept for them."""

Here = discord.Interaction[Any]

Making = Callable[[Place, Person, datetime], Command | Press | FormSubmit]
"""Makes an event of where somebody acts, who it is, and when."""


class DiscordApp:
    """One bot's connection. `clock` is UTC, `timer` counts seconds.

    `patience` is for how many seconds a client waits for its servers to be told one by one.
    """

    def __init__(
        self,
        link: DiscordLink,
        people: DiscordPeople,
        relay: DiscordRelay,
        bot: Bot,
        *,
        clock: Callable[[], datetime],
        timer: Callable[[], float],
        patience: float = 2.0,
    ) -> None:
        self._link, self._people, self._relay, self._bot = link, people, relay, bot
        self._clock, self._patience = clock, patience
        self._replies = DiscordReplies(link, timer)
        self._seen: TTLCache[int, bool] = TTLCache(20_000, REMEMBERED, timer=timer)
        self._drafts: TTLCache[tuple[object, ...], Mapping[str, tuple[str, ...]]] = TTLCache(
            2_000, REMEMBERED, timer=timer
        )
        self._tasks = Tasks("Discord")
        self._run: asyncio.Task[None] | None = None
        self._listens = False

    # --- the connection -------------------------------------------------------------------

    async def connect(self) -> None:
        """Log in and begin to listen; raises SettingError, or a DeliveryError to try again."""
        client = Client(self, self._link, self._patience)
        await self._link.open(client)
        self._run = asyncio.create_task(client.connect())
        self._listens = True
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait([self._run, ready], return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._run.done():
            raise closed(self._run.exception() or Refused("it ended"))
        log.info("Discord: %s in %d servers", client.user, len(client.guilds))

    async def is_up(self) -> bool:
        """Whether Discord still reaches the bot, or will once a lost connection is back."""
        if self._run is None or not self._run.done():
            return self._run is not None
        if not self._run.cancelled() and (error := self._run.exception()) is not None:
            log.warning("%s", closed(error))
        return False

    async def hang_up(self) -> None:
        """Listen no more, and finish what came in."""
        self._listens = False
        try:
            client = self._link.client
        except DeliveryError:
            client = None
        if isinstance(client, Client):
            for shard in [*client.shards.values()]:
                await shard.disconnect()
        await self._tasks.end()

    async def close(self) -> None:
        """Let go of everything; the relay can send nothing from now on."""
        await self.hang_up()
        run, self._run = self._run, None
        await self._link.close()
        if run is not None:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)

    async def begin(self, client: Client) -> None:
        """What has to be done before anything is heard."""
        self._link.command = await sync(
            client, client.tree, self._bot.desk.database, self._link.settings.guild
        )

    @property
    def busy(self) -> frozenset[asyncio.Task[Any]]:
        """What is being worked on."""
        return self._tasks.busy

    # --- what people do -------------------------------------------------------------------

    async def commanded(self, interaction: Here, text: str, *, opens: bool = False) -> None:
        """Somebody gave a command; `opens` where it is answered by a form."""

        def event(place: Place, person: Person, at: datetime) -> Command:
            return Command(place=place, person=person, at=at, text=text)

        await self._take(interaction, event, opens=opens)

    async def pressed(self, interaction: Here, button: str) -> None:
        """Somebody pressed a button."""
        message = pressed_on(interaction)
        is_public = message is not None and not message.flags.ephemeral
        ident = str(message.id) if message is not None and is_public else ""

        def event(place: Place, person: Person, at: datetime) -> Press:
            return Press(place=place, person=person, at=at, button=button, message=ident)

        await self._take(interaction, event, opens=button.startswith("form:"))

    async def submitted(self, interaction: Here) -> None:
        """Somebody sent a form off."""
        data: Mapping[str, Any] = interaction.data or {}
        form, fields = str(data.get("custom_id", "")), fields_of(data)

        def event(place: Place, person: Person, at: datetime) -> FormSubmit:
            return FormSubmit(place=place, person=person, at=at, form=form, fields=fields)

        self._drafts[_draft(interaction, form)] = fields
        await self._take(interaction, event)

    async def suggested(self, interaction: Here, text: str) -> list[str]:
        """What there is to learn for what is typed so far."""
        place, person = self._people.met(interaction)
        event = Typing(place=place, person=person, at=self._clock(), text=text)
        return await self._bot.suggest(event)

    async def arrived(self, guild: discord.Guild) -> None:
        """The bot was added to a server; it says so where the server wants such things said."""
        channel = guild.system_channel
        if channel is None or not self._listens:
            return
        place = Address(str(guild.id), str(channel.id))
        self._tasks.begin(self._greet(place))

    async def _greet(self, place: Address) -> None:
        try:
            await self._relay.reach(place)
        except Refused as error:
            log.info("not greeted in %s: %s", place.id, error)
            return
        except DeliveryError as error:
            log.info("%s may be closed to the bot: %s", place.id, error)
        where = Place(PLATFORM, place.tenant, place.id)
        for reply in await self._bot.handle(Arrived(place=where, at=self._clock())):
            if isinstance(reply, Show):
                try:
                    await self._relay.post(place, reply.card, f"hello {place.id}"[:25])
                except DeliveryError as error:
                    log.warning("the first card may be missing in %s: %s", place.id, error)

    # --- acknowledge, work, reply ---------------------------------------------------------

    async def _take(self, interaction: Here, event: Making, *, opens: bool = False) -> None:
        """Begin to work on something, unless it came before."""
        if interaction.id in self._seen or not self._listens:
            return
        self._seen[interaction.id] = True
        now = event(*self._people.met(interaction), self._clock())
        work = self._open(interaction, now) if opens else self._answer(interaction, now)
        self._tasks.begin(work)

    async def _answer(self, interaction: Here, event: Command | Press | FormSubmit) -> None:
        """Acknowledge, then work."""
        if await self._acknowledged(interaction):
            replies = await self._bot.handle(event)
            await self._replies.show(interaction, self._readable(interaction, event, replies))

    async def _open(self, interaction: Here, event: Command | Press | FormSubmit) -> None:
        """Answer with a form, if that is what comes of it."""
        task = self._tasks.add(self._bot.handle(event))
        done, _ = await asyncio.wait([task], timeout=FORM_PATIENCE)
        for reply in task.result() if done else ():
            if isinstance(reply, Open):
                draft = self._drafts.get(_draft(interaction, reply.form.id), {})
                window = modal(reply.form, draft, self._link.command)
                window.stop()  # it is read by its id, and discord.py need not remember it
                await self._sent(partial(interaction.response.send_modal, window))
                return
        if await self._acknowledged(interaction):
            await self._replies.show(interaction, await task)

    def _readable(
        self, interaction: Here, event: Command | Press | FormSubmit, replies: list[Reply]
    ) -> list[Reply]:
        """Replies to a form: what could not be read is kept, and there is a way back to it."""
        if not isinstance(event, FormSubmit):
            return [
                Show(guide.invalid_card(reply)) if isinstance(reply, Invalid) else reply
                for reply in replies
            ]
        if not any(isinstance(reply, Invalid) for reply in replies):
            self._drafts.pop(_draft(interaction, event.form), None)
        return [
            Show(guide.invalid_card(reply, event.form)) if isinstance(reply, Invalid) else reply
            for reply in replies
        ]

    async def _acknowledged(self, interaction: Here) -> bool:
        """Whether Discord took our acknowledgement, or may have taken it."""
        defer = interaction.response.defer
        if pressed_on(interaction) is None:
            defer = partial(defer, ephemeral=True, thinking=True)
        return await self._sent(defer)

    async def _sent(self, call: Callable[[], Awaitable[object]]) -> bool:
        """Send a first answer; false where Discord did not take it.

        Whoever acted is then told by Discord that it failed, and acts again: so nothing may
        come of it.
        """
        try:
            await self._link.patiently(call, ACKNOWLEDGING)
        except (Refused, RetryAfter) as error:
            cause = error.__cause__
            code = cause.code if isinstance(cause, discord.HTTPException) else 0
            if code in {ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                log.info("somebody acted too long ago, or it was answered elsewhere (%d)", code)
            else:
                log.warning("an acknowledgement was not taken: %s", error)
            return False
        except DeliveryError as error:
            log.warning("an acknowledgement may be lost: %s", error)
        return True


def _draft(interaction: Here, form: str) -> tuple[object, ...]:
    """What somebody fills in, and where."""
    return interaction.user.id, interaction.channel_id, form
