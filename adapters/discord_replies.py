"""The core's replies, shown where somebody acted: privately, to all, or in place."""

import io
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import ui

from adapters.discord_api import DiscordLink
from adapters.discord_cards import layout
from adapters.turns import Turns
from bot.cards import guide
from bot.errors import DeliveryError, Refused
from bot.events import Card, Open, Reply, Show

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()

WAITS = 60.0
"""Seconds that a reply waits at most before it is sent again; what it answers to lives for 15
minutes, but nobody looks for its answer that long."""


class DiscordReplies:
    """Shows replies to an interaction that was acknowledged; what cannot be shown is logged."""

    def __init__(self, link: DiscordLink, timer: Callable[[], float]) -> None:
        self._link = link
        self._turns = Turns(timer)

    async def show(self, interaction: discord.Interaction[Any], replies: Sequence[Reply]) -> None:
        """Show replies to whoever acted, and to everybody what is for everybody."""
        # What "is thinking" has to become the first private reply, or else to go away.
        is_thinking = pressed_on(interaction) is None
        public: list[Show] = []
        for reply in shown(replies):
            if reply.to == "public":
                public.append(reply)
            elif is_thinking:
                is_thinking = False
                if not await self._edit(interaction, reply.card):
                    await self._edit(interaction, guide.notice(guide.NOT_SHOWN))
            else:
                await self._beside(interaction, reply)
        if is_thinking:
            await self._logged(interaction.delete_original_response)
        for reply in public:
            await self._send(interaction, reply.card, private=False)

    async def _beside(self, interaction: discord.Interaction[Any], reply: Show) -> None:
        """A reply to a press: in place of the message it stands on, or below it."""
        message = pressed_on(interaction)
        is_private = message is not None and message.flags.ephemeral
        if reply.to == "replace" and message is not None and not is_private:
            place = str(interaction.channel_id), str(message.id)
            async with self._turns.take(*place, reply.order) as is_due:
                if is_due:
                    await self._edit(interaction, reply.card)
        elif reply.to == "replace":
            await self._edit(interaction, reply.card)
        elif reply.above is not None and is_private:
            await self._edit(interaction, reply.above, reply.card)
        else:
            await self._send(interaction, reply.card, private=True)

    async def _edit(self, interaction: discord.Interaction[Any], *cards: Card) -> bool:
        async def call() -> None:
            await interaction.edit_original_response(
                view=self._layout(*cards), attachments=files(cards), allowed_mentions=NOBODY
            )

        return await self._logged(call)

    async def _send(
        self, interaction: discord.Interaction[Any], card: Card, *, private: bool
    ) -> bool:
        async def call() -> None:
            await interaction.followup.send(
                view=self._layout(card),
                files=files([card]),
                ephemeral=private,
                allowed_mentions=NOBODY,
                wait=True,
            )

        return await self._logged(call)

    async def _logged(self, call: Callable[[], Awaitable[object]]) -> bool:
        """Whether a call worked, or may have; one that did not is logged."""
        try:
            await self._link.patiently(call, WAITS)
        except DeliveryError as error:
            log.warning("a reply may be lost: %s", error)
            return not isinstance(error, Refused)
        return True

    def _layout(self, *cards: Card) -> ui.LayoutView:
        return ready(layout(*cards, command=self._link.command))


def pressed_on(interaction: discord.Interaction[Any]) -> discord.Message | None:
    """The message that somebody pressed on, or opened a form from; a command has none."""
    return interaction.message


def shown(replies: Sequence[Reply]) -> list[Show]:
    """What of replies can be shown now: a form that came too late becomes a way to open it."""
    found: list[Show] = []
    for reply in replies:
        if isinstance(reply, Show):
            found.append(reply)
        elif isinstance(reply, Open):
            found.append(Show(guide.again_card(guide.NOT_OPEN, reply.form.id)))
    return found


def ready(view: ui.LayoutView) -> ui.LayoutView:
    """A layout that discord.py need not remember: its buttons are known by their ids."""
    view.stop()
    return view


def files(cards: Sequence[Card]) -> list[discord.File]:
    """What is attached to a message that shows cards."""
    return [
        discord.File(io.BytesIO(card.file.data), card.file.name)
        for card in cards
        if card.file is not None
    ]
