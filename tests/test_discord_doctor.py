"""What `numpy-bot doctor` finds out about Discord."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord as library
import pytest
from click.testing import Result

from adapters.discord_doctor import Finding, findings
from adapters.discord_relay import NEEDED
from adapters.discord_settings import DiscordSettings
from bot.store.places import Scheduled
from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_places import ADMINISTRATOR, CREATE_PUBLIC_THREADS, SEND_MESSAGES
from tests.discord_server import DiscordServer
from tests.discord_team import DiscordTeam, Server
from tests.running import doctor

Look = Callable[[DiscordServer, Server], Awaitable[list[Finding]]]


def looking(act: Look) -> list[Finding]:
    """What is found, where Discord has nothing to object to."""

    async def whole() -> list[Finding]:
        async with DiscordServer() as discord:
            found = await act(discord, Server(discord))
            assert [] == discord.problems
            return found

    return asyncio.run(whole())


async def look(discord: DiscordServer, *scheduled: Scheduled, guild: int = 0) -> list[Finding]:
    """The findings with these channels."""
    settings = DiscordSettings(token=discord.token, api_url=discord.api_url, guild=guild)
    return await findings(settings, scheduled)


def place(server: Server, channel: int | None = None) -> Scheduled:
    """The server's channel, or another one in it."""
    return Scheduled(str(server.guild.id), str(channel or server.channel.id))


def test_the_invitation_asks_for_just_what_is_needed() -> None:
    """Five permissions, and the scopes of a bot with commands."""

    async def act(discord: DiscordServer, _: Server) -> list[Finding]:
        return [*await look(discord), (True, str(discord.bot.id))]

    works, invite, commands, (_, bot) = looking(act)
    assert works == (True, "Discord: numpy, DISCORD_TOKEN works")
    url = urlsplit(invite[1].rpartition(" ")[2])
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    bits = 1 << 10 | 1 << 11 | 1 << 16 | 1 << 35 | 1 << 38
    expected = {"client_id": bot, "scope": "bot applications.commands", "permissions": str(bits)}
    assert ("discord.com", expected) == (url.netloc, asked)
    assert commands == (
        True,
        "Discord: /numpy is not there yet; `numpy-bot run` puts it everywhere",
    )


def test_a_refused_token_is_all_there_is_to_say() -> None:
    """By its setting's name, with where to find the right one."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        discord.revoked = True
        return await look(discord, place(server))

    ((well, words),) = looking(act)
    assert (False, True) == (well, words.startswith("Discord refuses DISCORD_TOKEN."))


@pytest.mark.parametrize("down", [True, False])
def test_a_discord_that_cannot_be_reached(*, down: bool) -> None:
    """One line says so."""

    async def act(discord: DiscordServer, _: Server) -> list[Finding]:
        if not down:
            return await findings(
                DiscordSettings(token=discord.token, api_url="http://127.0.0.1:9/api/v10"), ()
            )
        discord.fail("GET /users/@me", Status(503))
        return await look(discord)

    ((well, words),) = looking(act)
    assert (False, True) == (well, words.startswith("Discord"))


def test_channels_that_have_a_daily() -> None:
    """Which are well, which lack what, and which are gone."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        other = discord.add_channel(server.guild, "closed")
        other.overwrites[server.guild.id] = (0, SEND_MESSAGES | CREATE_PUBLIC_THREADS)
        left = discord.add_guild("Left", installed=False)
        elsewhere = Scheduled(str(left.id), "123456789012345678")
        channels = (place(server), place(server, other.id), place(server, 4711), elsewhere)
        return [*(await look(discord, *channels))[3:], (True, str(other.id))]

    good, lacking, deleted, left, (_, closed) = looking(act)
    assert good[0]
    assert good[1].startswith("Discord: the bot may do all it needs in ")
    assert lacking == (
        False,
        (
            f"Discord: in {closed}, which has a daily, the bot lacks Send Messages, Create Public "
            "Threads. Give its role that in the channel's settings, under Permissions."
        ),
    )
    assert deleted == (False, "Discord: the daily of 4711 cannot be posted: it was deleted.")
    assert left == (
        False,
        (
            "Discord: the daily of 123456789012345678 cannot be posted: I am not in that server "
            "any more."
        ),
    )


@pytest.mark.parametrize("flag", NEEDED)
def test_a_missing_permission_is_named(flag: str) -> None:
    """Each by itself; who does not see a channel may do nothing there."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        bits = library.Permissions(**{flag: True}).value
        server.channel.overwrites[server.guild.id] = (0, bits)
        return (await look(discord, place(server)))[3:]

    ((well, words),) = looking(act)
    names = NEEDED.values() if flag == "view_channel" else [NEEDED[flag]]
    assert (False, True) == (well, f"the bot lacks {', '.join(names)}. Give its role" in words)


@pytest.mark.parametrize("how", ["administrator", "owner", "role", "own"])
def test_a_permission_that_the_bot_has_another_way_is_not_missing(how: str) -> None:
    """By its roles, as the server's owner, or by what the channel allows the bot itself."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        bits = ADMINISTRATOR if how == "administrator" else 0
        role = discord.add_role(server.guild, "more", bits)
        discord.add_member(server.guild, discord.bot, role)
        server.channel.overwrites[server.guild.id] = (0, SEND_MESSAGES)
        allowed = {"role": role.id, "own": discord.bot.id}.get(how)
        if allowed:
            server.channel.overwrites[allowed] = (SEND_MESSAGES, 0)
        if how == "owner":
            server.guild.owner_id = discord.bot.id
        return (await look(discord, place(server)))[3:]

    assert [True] == [well for well, _ in looking(act)]


@pytest.mark.parametrize("fault", [Status(503), Status(403), RateLimited(5, via=False)])
@pytest.mark.parametrize("what", ["", "/channels", "/members/*"])
def test_a_channel_that_cannot_be_looked_at_is_no_verdict(what: str, fault: Fault) -> None:
    """It is not said to be gone."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        discord.fail(f"GET /guilds/*{what}", fault)
        return (await look(discord, place(server)))[3:]

    ((well, words),) = looking(act)
    assert (False, True) == (well, " could not be looked at: " in words)


def test_a_server_is_looked_at_once() -> None:
    """However many of its channels have a daily."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        await look(discord, place(server), place(server), place(server))
        return [(True, str(len(discord.called("GET /guilds/{guild_id}"))))]

    assert [(True, "1")] == looking(act)


@pytest.mark.parametrize("guild", [False, True])
@pytest.mark.parametrize("change", [False, True])
def test_the_commands_that_discord_shows(*, guild: bool, change: bool) -> None:
    """As this version has them, or older ones."""

    async def act(discord: DiscordServer, server: Server) -> list[Finding]:
        from tests.test_discord_lines import tree  # noqa: PLC0415  # builds it with discord.py

        ident = server.guild.id if guild else 0
        (command,) = tree()
        command |= {"id": str(discord.snowflake()), "application_id": str(discord.bot.id)}
        command |= {"version": "1", "default_member_permissions": None}
        if change:
            options: list[object] = command["options"]  # type: ignore[assignment]  # a list
            del options[-1]
        discord.commands[ident or None] = [command]
        found = await look(discord, guild=ident)
        return [found[2], (True, str(ident))]

    (well, words), (_, ident) = looking(act)
    where = f"in the server {ident}" if guild else "everywhere"
    expected = (
        f"Discord: /numpy is an older one; the next `numpy-bot run` renews it {where}"
        if change
        else f"Discord: /numpy is there {where}, with all its commands"
    )
    assert (True, expected) == (well, words)


def test_commands_that_cannot_be_looked_at() -> None:
    """Are named as such."""

    async def act(discord: DiscordServer, _: Server) -> list[Finding]:
        discord.fail("GET /applications/*/commands", Status(503))
        return await look(discord)

    assert not looking(act)[2][0]


def test_the_commands_of_a_server_without_the_bot() -> None:
    """DISCORD_GUILD may name a server that did not invite it."""

    async def act(discord: DiscordServer, _: Server) -> list[Finding]:
        return await look(discord, guild=discord.add_guild("Left", installed=False).id)

    well, words = looking(act)[2]
    assert (False, True) == (well, words.endswith("I am not in that server any more."))


@pytest.mark.parametrize("token", ["", "wrong"])
def test_the_command_prints_it_all(tmp_path: Path, token: str) -> None:
    """`numpy-bot doctor` ends with 1 where something is not well, and shows no token."""

    async def act(discord: DiscordServer, _: Server) -> list[Finding]:
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NUMPY_BOT", "SLACK", "DISCORD"))
        }
        env |= {"DISCORD_TOKEN": token or discord.token, "DISCORD_API_URL": discord.api_url}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "adapters", "doctor", "--db", str(tmp_path / "bot.db")),
            stdout=asyncio.subprocess.PIPE, env=env,
        )  # fmt: skip
        out, _err = await process.communicate()
        assert discord.token not in out.decode()
        return [(process.returncode == 0, out.decode())]

    ((well, said),) = looking(act)
    if token:
        assert (False, True) == (well, "✗ DISCORD_TOKEN is no bot token" in said)
    else:
        assert (True, True) == (well, "✓ Discord: invite the bot with https://discord.com" in said)


def test_the_command_looks_at_the_channels_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bot is running: status 1 as soon as a daily cannot be posted."""
    monkeypatch.chdir(tmp_path)

    async def act() -> tuple[Result, Result]:
        async with DiscordTeam(tmp_path) as team:
            await team.begin()
            env = {"DISCORD_TOKEN": team.discord.token, "DISCORD_API_URL": team.discord.api_url}
            well = await asyncio.to_thread(doctor, tmp_path / "bot.db", **env)
            team.discord.permit(team.channel, team.server.guild.id, deny=SEND_MESSAGES)
            ill = await asyncio.to_thread(doctor, tmp_path / "bot.db", **env)
            assert [] == team.discord.problems
            return well, ill

    well, ill = asyncio.run(act())
    assert "✓ Discord: /numpy is there everywhere, with all its commands" in well.output
    assert "✓ Discord: the bot may do all it needs in " in well.output
    assert "the bot lacks Send Messages. Give its role" in ill.output
    assert (1, "") == (ill.exit_code, ill.stderr)
    if "✗ SQLite" not in well.output:
        assert 0 == well.exit_code


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("channel", "cannot be posted: it was deleted."),
        ("server", "cannot be posted: I am not in that server any more."),
        ("discord", "✗ Discord: no connection to Discord"),
    ],
)
def test_the_command_tells_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, words: str
) -> None:
    """With status 1 and nothing on stderr."""
    monkeypatch.chdir(tmp_path)

    async def act() -> Result:
        async with DiscordTeam(tmp_path) as team:
            await team.begin()
            env = {"DISCORD_TOKEN": team.discord.token, "DISCORD_API_URL": team.discord.api_url}
            if what == "channel":
                team.discord.delete_channel(team.channel)
            elif what == "server":
                team.discord.kick(team.server.guild)
            else:
                env["DISCORD_API_URL"] = "http://127.0.0.1:9/api/v10"
            found = await asyncio.to_thread(doctor, tmp_path / "bot.db", **env)
            assert [] == team.discord.problems
            return found

    found = asyncio.run(act())
    assert (1, "", True) == (found.exit_code, found.stderr, words in found.output)
