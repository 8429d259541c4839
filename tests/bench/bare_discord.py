"""A bare discord.py bot that answers commands and presses, to compare ours with."""

import asyncio
import os
import signal
from typing import Any

import discord
from discord import app_commands, ui
from discord.http import Route


class Pressed(ui.DynamicItem[ui.Button[Any]], template="press"):
    """The one button."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: object, /
    ) -> "Pressed":
        """The button that was pressed."""
        return cls(item)  # type: ignore[arg-type]  # it is a button

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge."""
        await interaction.response.defer()


class Bare(discord.AutoShardedClient):
    """Nothing but a command and a button."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.05,
        )
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="numpy", description="bare")

        @group.command(name="help", description="bare")
        async def helped(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)

        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        """Know the button, and tell Discord the command."""
        self.add_dynamic_items(Pressed)
        await self.tree.sync()


async def main() -> None:
    """Run until SIGTERM."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    client = Bare()
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGTERM, lambda: asyncio.ensure_future(client.close())
    )
    await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
