"""What is well and what is not about the bot on Discord, and how to invite it."""

from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord_api import ask, connects, log_in
from adapters.discord_client import Tree
from adapters.discord_commands import Nobody, Numpy
from adapters.discord_relay import lacking, permissions
from adapters.discord_settings import DiscordSettings
from adapters.discord_sync import NAME
from bot.errors import BotError, Refused
from bot.store.places import Scheduled

Finding = tuple[bool, str]


async def findings(settings: DiscordSettings, scheduled: Sequence[Scheduled]) -> list[Finding]:
    """Try the token, the commands, and every channel that has a daily."""
    client = discord.Client(**connects(settings))  # type: ignore[arg-type]  # options by name
    try:
        return await _look(client, settings, scheduled)
    finally:
        await client.close()


async def _look(
    client: discord.Client, settings: DiscordSettings, scheduled: Sequence[Scheduled]
) -> list[Finding]:
    try:
        await log_in(client, settings)
    except BotError as error:
        said = str(error)
        return [(False, said if said.startswith("Discord") else f"Discord: {said}")]
    invite = discord.utils.oauth_url(
        client.application_id or 0,
        permissions=permissions(),
        scopes=("bot", "applications.commands"),
    )
    found = [
        (True, f"Discord: {client.user}, DISCORD_TOKEN works"),
        (True, f"Discord: invite the bot with {invite}"),
        await _commands(client, settings),
    ]
    guilds: dict[str, Guild] = {}
    for place in scheduled:
        guild = guilds.setdefault(place.tenant, Guild(client, place.tenant))
        found.append(await guild.finding(place.channel))
    return found


async def _commands(client: discord.Client, settings: DiscordSettings) -> Finding:
    """Whether Discord shows the commands that this version has."""
    tree = Tree(client)
    tree.add_command(Numpy(Nobody()))
    place = discord.Object(settings.guild) if settings.guild else None
    where = f"in the server {settings.guild}" if settings.guild else "everywhere"
    try:
        told = await ask(tree.fetch_commands(guild=place))
    except BotError as error:
        return False, f"Discord: the commands {where} could not be looked at: {error}."
    theirs = next((command.to_dict() for command in told if command.name == NAME), None)
    if theirs is None:
        return True, f"Discord: /numpy is not there yet; `numpy-bot run` puts it {where}"
    ours = tree.get_commands()[0].to_dict(tree)
    if _shape(dict(theirs)) == _shape(ours):
        return True, f"Discord: /numpy is there {where}, with all its commands"
    return True, f"Discord: /numpy is an older one; the next `numpy-bot run` renews it {where}"


def _shape(command: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """The names of a command and of all that it takes."""
    return str(command["name"]), tuple(_shape(option) for option in command.get("options") or ())


class Guild:
    """A server that is looked at once."""

    def __init__(self, client: discord.Client, ident: str) -> None:
        self._client, self._id = client, ident
        self._channels: dict[str, discord.abc.GuildChannel] | None = None
        self._me: discord.Member | None = None

    async def finding(self, channel: str) -> Finding:
        """Whether a channel's daily can be posted."""
        try:
            granted = await self._granted(channel)
        except Refused as error:
            return False, f"Discord: the daily of {channel} cannot be posted: {error}."
        except BotError as error:
            return False, f"Discord: {channel} could not be looked at: {error}."
        if granted is None:
            return False, f"Discord: the daily of {channel} cannot be posted: it was deleted."
        missing = lacking(granted)
        if missing:
            return False, (
                f"Discord: in {channel}, which has a daily, the bot lacks {', '.join(missing)}. "
                "Give its role that in the channel's settings, under Permissions."
            )
        return True, f"Discord: the bot may do all it needs in {channel}, which has a daily"

    async def _granted(self, channel: str) -> discord.Permissions | None:
        """What the bot may do in a channel; None where there is no such channel."""
        if self._channels is None or self._me is None:
            guild = await ask(self._client.fetch_guild(int(self._id)))
            self._me = await ask(
                guild.fetch_member(self._client.user.id if self._client.user else 0)
            )
            self._channels = {str(one.id): one for one in await ask(guild.fetch_channels())}
        found = self._channels.get(channel)
        return None if found is None else found.permissions_for(self._me)
