"""How a connection to Discord begins and ends, and what Discord is told then."""

import asyncio

import discord
import pytest
from aiohttp import web

from bot.errors import SettingError
from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, Server
from tests.discord_trouble import DiscordDay, Hasty, first, said
from tests.trouble import errors

COMMANDS = "PUT /applications/{application_id}/commands"
GUILDS_COMMANDS = "PUT /applications/{application_id}/guilds/{guild_id}/commands"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    for module in (discord.client, discord.http, discord.shard, discord.webhook.async_):
        monkeypatch.setattr(module, "asyncio", Hasty())


@pytest.mark.parametrize("fault", [Status(503), Status(403), RateLimited(9, via=False)])
@pytest.mark.parametrize("route", ["GET /users/@me", "GET /gateway/bot"])
def test_a_discord_that_is_down_at_the_start(
    discord_day: DiscordDay, route: str, fault: Fault
) -> None:
    """The next tick tries again; dailies wait."""

    async def act(team: DiscordTeam) -> None:
        team.discord.fail(route, fault)
        await team.tick()
        assert 0 == team.discord.connections
        await team.tick()
        assert 1 == team.discord.connections
        await team.command("Bea", "help")
        assert 1 == len(team.discord.private(team.server.user("Bea")))

    discord_day.live(act)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_discord_that_fails_at_the_start(discord_day: DiscordDay, status: int) -> None:
    """Also where discord.py itself has tried in vain, the next tick tries again."""

    async def act(team: DiscordTeam) -> None:
        team.discord.fail("GET /users/@me", *[Status(status)] * 5)
        await team.tick()
        assert 0 == team.discord.connections
        await team.tick()
        assert 1 == team.discord.connections

    discord_day.live(act)


def test_a_token_that_is_wrong_is_a_setting(discord_day: DiscordDay) -> None:
    """It is named, and never shown."""

    async def act(team: DiscordTeam) -> None:
        team.discord.revoked = True
        with pytest.raises(SettingError, match="Discord refuses DISCORD_TOKEN") as caught:
            await team.app.connect()
        assert team.discord.token not in str(caught.value)
        assert team.discord.token not in discord_day.caplog.text
        await team.app.close()

    discord_day.live(act)


def test_nothing_listens_there(discord_day: DiscordDay) -> None:
    """An address without anybody is tried again with every tick."""

    async def act(team: DiscordTeam) -> None:
        await team.end()
        team.start(api_url="http://127.0.0.1:9/api/v10")
        await team.tick()
        assert ["discord cannot be reached"] == [
            one.getMessage()[:25]
            for one in discord_day.caplog.records
            if "cannot be reached" in one.getMessage()
        ]
        assert [] == errors(discord_day.caplog)

    discord_day.live(act)


def test_two_shards(discord_day: DiscordDay) -> None:
    """Each server is heard by its own."""

    async def act(team: DiscordTeam) -> None:
        team.discord.shards = 2
        await team.tick()
        assert 2 == team.discord.connections
        await team.command("Bea", "help")
        assert 1 == len(team.discord.private(team.server.user("Bea")))

    discord_day.live(act)


def test_the_lines_of_two_shards_are_mended(discord_day: DiscordDay) -> None:
    """After that both of two servers are heard."""

    async def act(team: DiscordTeam) -> None:
        team.discord.shards = 2
        other = Server(team.discord)
        await team.tick()
        team.discord.drop_sockets()
        await team.discord.until(lambda: len(team.discord.resumes) > 1)
        await team.discord.wait_connected(2)
        for server in (team.server, other):
            bea = server.user("Bea")
            await team.does(team.discord.command(bea, server.channel, "help"))
            assert 1 == len(team.discord.private(bea))
        assert [[0, 2], [1, 2]] == sorted(one["shard"] for one in team.discord.identifies)

    discord_day.live(act)


# --- ending -------------------------------------------------------------------------------


def test_what_came_in_is_finished_before_the_end(discord_day: DiscordDay) -> None:
    """A press just before SIGTERM is stored and its verdict shown; a later one is not heard."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        pressing = asyncio.create_task(team.discord.press(bea, daily, first(daily)))
        await team.discord.until(lambda: team.app.busy)
        await team.app.hang_up()
        await pressing
        assert 1 == team.stored
        assert "Streak 1." in said(team.discord.private(bea)[-1])
        assert 0 == team.discord.connections

    discord_day.play(act)


# --- commands -----------------------------------------------------------------------------


def test_commands_are_told_once(discord_day: DiscordDay) -> None:
    """Another start tells them again only where Discord lost them or they changed."""

    async def act(team: DiscordTeam) -> None:
        async def again() -> None:
            await team.end()
            team.wait(minutes=2)
            team.start()
            await team.tick()

        await team.tick()
        await again()
        assert 1 == len(team.discord.called(COMMANDS))
        team.discord.commands[None] = []
        await again()
        assert 2 == len(team.discord.called(COMMANDS))
        await team.database.awrite(lambda conn: conn.execute("UPDATE memos SET memo = '{}'"))
        await again()
        assert 3 == len(team.discord.called(COMMANDS))
        await team.command("Bea", "help")
        assert "</numpy quiz:" in team.reads("Bea").text

    discord_day.live(act)


def test_commands_that_are_not_taken_hold_up_nothing(discord_day: DiscordDay) -> None:
    """The bot plays on with those that are there; the log says so."""

    async def act(team: DiscordTeam) -> None:
        team.discord.fail("PUT /applications/*/commands", Status(503))
        await team.tick()
        assert 1 == team.discord.connections
        assert ["Discord did not take the commands"] == [
            one[:33] for one in errors(discord_day.caplog)
        ]

    discord_day.live(act, may_fail=True)


def test_one_servers_commands(discord_day: DiscordDay) -> None:
    """DISCORD_GUILD keeps them there while one develops."""

    async def act(team: DiscordTeam) -> None:
        await team.end()
        team.start(guild=team.server.guild.id)
        await team.tick()
        assert (0, 1) == tuple(
            len(team.discord.called(route)) for route in (COMMANDS, GUILDS_COMMANDS)
        )
        assert (await team.command("Bea", "help")).response is not None

    discord_day.live(act)


def test_a_gateway_of_the_operators(discord_day: DiscordDay) -> None:
    """DISCORD_GATEWAY_URL wins over what the API names."""

    async def act(team: DiscordTeam) -> None:
        asked: list[str] = []

        async def gateway(request: web.Request) -> web.StreamResponse:
            asked.append(request.path)
            return await team.discord.gateway(request)

        app = web.Application()
        app.router.add_get("/elsewhere/", gateway)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"ws://127.0.0.1:{runner.addresses[0][1]}/elsewhere"
        await team.end()
        team.start(gateway_url=url)
        await team.tick()
        assert (["/elsewhere/"], 1) == (asked, team.discord.connections)
        await team.app.close()
        await runner.cleanup()

    discord_day.live(act)


def test_the_commands_are_in_one_place_alone(discord_day: DiscordDay) -> None:
    """With and without DISCORD_GUILD in turn nobody sees each of them twice."""

    async def act(team: DiscordTeam) -> None:
        guild = team.server.guild.id
        for number, scope in enumerate((guild, 0, guild, 0)):
            await team.end()
            team.wait(minutes=2)
            team.start(guild=scope)
            await team.tick()
            shown = {where: [one["name"] for one in team.discord.commands.get(where, [])]
                     for where in (None, guild)}  # fmt: skip
            assert {scope or None: ["numpy"], guild if not scope else None: []} == shown
            await team.command("Bea", "help")
            assert number + 1 == len(team.discord.private(team.server.user("Bea")))

    discord_day.live(act)
