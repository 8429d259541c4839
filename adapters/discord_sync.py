"""Telling Discord the commands: only when they changed, since it counts how often."""

import hashlib
import logging

import discord
import msgspec
from discord import app_commands

from adapters.discord_api import ask
from bot.errors import DeliveryError, Refused
from bot.store import memos
from bot.store.database import Database

log = logging.getLogger(__name__)

NAME = "numpy"


class Synced(msgspec.Struct, frozen=True):
    """What Discord was told last: a digest of the commands, and its id of `/numpy`."""

    digest: str = ""
    command: int = 0


EVERYWHERE = "everywhere"


def of_app(client: discord.Client) -> str:
    """How the memos of an app's commands begin."""
    return f"discord commands {client.application_id} "


def where(client: discord.Client, guild: int) -> str:
    """The memo of an app's commands, everywhere or in one server."""
    return f"{of_app(client)}{guild or EVERYWHERE}"


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
    before = known(database, client, guild)
    try:
        now = await _told(tree, discord.Object(guild) if guild else None, before)
        if now != before:
            memo = msgspec.json.encode(now).decode()
            await database.awrite(lambda conn: memos.put(conn, where(client, guild), memo))
            log.info("Discord was told the commands")
        await _take_back(client, tree, database, guild)
    except DeliveryError as error:
        log.error("Discord did not take the commands (%s); the next start tries again", error)  # noqa: TRY400  # it says all
        return before.command
    return now.command


async def _told(
    tree: "app_commands.CommandTree[discord.Client]", place: discord.Object | None, before: Synced
) -> Synced:
    """What Discord has been told, now if need be."""
    now = digest(tree)
    if before.digest == now and await _is_there(tree, place, before.command):
        return before
    if place is not None:
        tree.copy_global_to(guild=place)
    told = await ask(tree.sync(guild=place))
    return Synced(now, next((command.id for command in told if command.name == NAME), 0))


async def _take_back(
    client: discord.Client,
    tree: "app_commands.CommandTree[discord.Client]",
    database: Database,
    guild: int,
) -> None:
    """Have the commands in one place alone: in two, Discord shows each of them twice."""
    for name in memos.names(database.read, of_app(client)):
        if name == where(client, guild):
            continue
        scope = name.removeprefix(of_app(client))
        place = None if scope == EVERYWHERE else discord.Object(int(scope))
        tree.clear_commands(guild=place)
        try:
            await ask(tree.sync(guild=place))
        except Refused as error:
            log.info("the commands %s stay: %s", scope, error)
        await database.awrite(lambda conn, name=name: memos.drop(conn, name))  # type: ignore[misc]  # it takes it


async def _is_there(
    tree: "app_commands.CommandTree[discord.Client]", place: discord.Object | None, command: int
) -> bool:
    """Whether Discord still has what it was told: anybody who owns the app can take it away."""
    return any(one.id == command for one in await ask(tree.fetch_commands(guild=place)))
