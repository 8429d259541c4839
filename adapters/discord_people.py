"""Who acts on Discord, where, and whether they manage the channel."""

from collections.abc import Callable

import discord
from cachetools import TTLCache

from adapters.discord_api import DiscordLink
from bot.errors import Refused
from bot.events import Person, Place
from bot.ports import Address

PLATFORM = "discord"

DIRECT = "direct"
"""The team of all private conversations: there is none behind them."""

MANAGES = discord.Permissions(manage_channels=True, manage_guild=True, administrator=True)
"""Any of these manages a daily."""

BELIEVED = 900.0
"""Seconds for which somebody is taken to have the permissions that came with what they did."""


class DiscordPeople:
    """The people that were met lately. `timer` counts seconds."""

    def __init__(self, link: DiscordLink, timer: Callable[[], float]) -> None:
        self._link = link
        self._manages: TTLCache[tuple[str, str], bool] = TTLCache(20_000, BELIEVED, timer=timer)

    def met(self, interaction: discord.Interaction) -> tuple[Place, Person]:
        """Where somebody acts, and who; what they may do there is remembered."""
        user = interaction.user
        channel = str(place_of(interaction))
        person = Person(str(user.id), user.display_name or user.name)
        if interaction.guild_id is None:
            return Place(PLATFORM, DIRECT, channel, direct=True, team=False), person
        self._manages[channel, person.id] = _is_any(interaction.permissions)
        return Place(PLATFORM, str(interaction.guild_id), channel), person

    async def manages(self, member: Address, channel: Address) -> bool:
        """Whether they may manage a channel or its server; raises DeliveryError."""
        known = self._manages.get((channel.id, member.id))
        if known is not None:
            return known
        guild = self._link.client.get_guild(int(channel.tenant))
        place = guild.get_channel(int(channel.id)) if guild else None
        if guild is None or place is None:
            return False
        try:
            found = await self._link.ask(guild.fetch_member(int(member.id)))
        except Refused:
            return False
        return _is_any(place.permissions_for(found))


def place_of(interaction: discord.Interaction) -> int:
    """The channel that something happened in; a thread belongs to its channel."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return interaction.channel_id or 0


def _is_any(permissions: discord.Permissions) -> bool:
    return bool(permissions.value & MANAGES.value)
