"""Telling Discord the commands: only when they changed, since it counts how often."""

import hashlib
import logging

import discord
import msgspec
from discord import app_commands

from adapters.discord_api import ask
from bot.errors import DeliveryError
from bot.store import memos
from bot.store.database import Database

log = logging.getLogger(__name__)

NAME = "numpy"


class Synced(msgspec.Struct, frozen=True):
    """What Discord was told last: a digest of the commands, and its id of `/numpy`."""

    digest: str = ""
    command: int = 0


def where(client: discord.Client, guild: int) -> str:
    """The memo of an app's commands, everywhere or in one server."""
    return f"discord commands {client.application_id} {guild or 'everywhere'}"


def digest(tree: "app_commands.CommandTree[discord.Client]") -> str:
    """Tells whether commands are the same."""
    said = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def known(database: Database, client: discord.Client, guild: int) -> Synced:
    """What Discord was told last, as far as this database remembers."""
    memo = memos.get(database.read, where(client, guild))
    return msgspec.json.decode(memo, type=Synced) if memo else Synced()


async def sync(
    client: discord.Client,
    tree: "app_commands.CommandTree[discord.Client]",
    database: Database,
    guild: int,
) -> int:
    """Tell Discord the commands if they changed; gives its id of `/numpy`, 0 if that failed."""
    before, now = known(database, client, guild), digest(tree)
    place = discord.Object(guild) if guild else None
    try:
        if before.digest == now and await _is_there(tree, place, before.command):
            return before.command
        if place is not None:
            tree.copy_global_to(guild=place)
        told = await ask(tree.sync(guild=place))
    except DeliveryError as error:
        log.error("Discord did not take the commands (%s); the next start tries again", error)  # noqa: TRY400  # it says all
        return before.command
    command = next((command.id for command in told if command.name == NAME), 0)
    memo = msgspec.json.encode(Synced(now, command)).decode()
    await database.awrite(lambda conn: memos.put(conn, where(client, guild), memo))
    log.info("Discord was told the commands")
    return command


async def _is_there(
    tree: "app_commands.CommandTree[discord.Client]", place: discord.Object | None, command: int
) -> bool:
    """Whether Discord still has what it was told: anybody who owns the app can take it away."""
    return any(one.id == command for one in await ask(tree.fetch_commands(guild=place)))
