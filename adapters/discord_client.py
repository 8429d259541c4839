"""discord.py's client, which hands on what it hears.

Buttons are known by their ids and forms are read as they come in, so that both outlive the
process that showed them.
"""

import logging
import re
from typing import Any, Protocol

import discord
from discord import app_commands, ui

from adapters.discord_api import DiscordLink, connects
from adapters.discord_commands import Numpy

log = logging.getLogger(__name__)

Here = discord.Interaction[Any]


class TooLate(logging.Filter):
    """Suggestions that come too late are no error: whoever typed has typed on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record of discord.py's is worth reading."""
        return record.exc_info is None or not isinstance(record.exc_info[1], discord.NotFound)


logging.getLogger("discord.app_commands.tree").addFilter(TooLate())

# Nobody here speaks, and discord.py need not say so at every start.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Listener(Protocol):
    """Who is told what people do."""

    async def commanded(self, interaction: Here, text: str, *, opens: bool = False) -> None:
        """Somebody gave a command; `opens` where it is answered by a form."""

    async def suggested(self, interaction: Here, text: str) -> list[str]:
        """What there is to learn for what is typed so far."""

    async def pressed(self, interaction: Here, button: str) -> None:
        """Somebody pressed a button."""

    async def submitted(self, interaction: Here) -> None:
        """Somebody sent a form off."""

    async def arrived(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""

    async def begin(self, client: "Client") -> None:
        """What has to be done before anything is heard."""


class Pressed(ui.DynamicItem[ui.Button[Any]], template=r"(?s:.+)"):
    """Any button of ours, whichever process showed it: its id says everything."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: Here,  # noqa: ARG003  # as discord.py calls it
        item: ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003  # the same
        /,
    ) -> "Pressed":
        """The button that was pressed."""
        assert isinstance(item, ui.Button)  # noqa: S101  # nothing else of ours is pressed
        return cls(item)

    async def callback(self, interaction: Here) -> None:
        """Hand the press on."""
        client = interaction.client
        if isinstance(client, Client):
            await client.listener.pressed(interaction, self.custom_id)


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands; one that Discord still shows but we do not know gets a sentence."""

    async def on_error(self, interaction: Here, error: app_commands.AppCommandError, /) -> None:
        """Say that a command has changed."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            client = interaction.client
            if isinstance(client, Client):
                await client.listener.commanded(interaction, "help")
            return
        log.error("a command failed", exc_info=error)


class Client(discord.AutoShardedClient):
    """discord.py's client, handing on what it hears."""

    def __init__(self, listener: Listener, link: DiscordLink, patience: float) -> None:
        super().__init__(**connects(link.settings), guild_ready_timeout=patience)  # type: ignore[arg-type]  # options by name
        self.listener = listener
        self.tree = Tree(self)
        self.tree.add_command(Numpy(listener))

    async def setup_hook(self) -> None:
        """Know the buttons, and tell Discord the commands."""
        self.add_dynamic_items(Pressed)
        await self.listener.begin(self)

    async def on_interaction(self, interaction: Here) -> None:
        """Forms are read here: discord.py knows only those that it has shown itself."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.listener.submitted(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody added the bot to a server."""
        await self.listener.arrived(guild)
