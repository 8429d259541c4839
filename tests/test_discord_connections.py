"""The line to Discord on bad days: broken sockets, ended sessions, silence."""

import asyncio

import discord
import pytest

from adapters import discord_client
from adapters.discord_api import connects
from bot.errors import SettingError
from tests.discord_state import Message
from tests.discord_team import DiscordTeam
from tests.discord_trouble import DiscordDay, Hasty, first, said


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    for module in (discord.client, discord.http, discord.shard, discord.webhook.async_):
        monkeypatch.setattr(module, "asyncio", Hasty())


async def plays_on(team: DiscordTeam, daily: Message, name: str) -> None:
    """The bot is reached again, and somebody answers."""
    await team.discord.wait_connected()
    before = team.stored
    await team.press(name, daily, first(daily))
    assert before + 1 == team.stored
    assert "Streak 1." in said(team.reads(name))


async def down(team: DiscordTeam) -> None:
    """Wait until the bot knows that its connection is over."""
    while await team.app.is_up():  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.01)


# --- sockets ------------------------------------------------------------------------------


def test_a_broken_line_is_mended(discord_day: DiscordDay) -> None:
    """The session is resumed, and what happened meanwhile is heard once."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        for name in ("Bea", "Cleo"):
            team.discord.drop_sockets()
            await team.discord.until(lambda: not team.discord.connections)
            await plays_on(team, daily, name)
        assert (2, 1) == (len(team.discord.resumes), len(team.discord.identifies))
        await team.tick()
        assert 1 == len(team.discord.identifies)

    discord_day.play(act)


def test_a_press_while_the_line_was_broken_is_answered(discord_day: DiscordDay) -> None:
    """Discord tells of it when the session is resumed; it is stored once."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        team.discord.drop_sockets()
        await team.discord.until(lambda: not team.discord.connections)
        await team.does(team.discord.press(bea, daily, first(daily)))
        assert 1 == team.stored
        assert 1 == len(team.discord.private(bea))

    discord_day.play(act)


def test_a_line_that_fell_silent_is_mended(
    discord_day: DiscordDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody says that it broke, but no heartbeat is acknowledged any more."""
    monkeypatch.setattr(
        discord_client, "connects", lambda settings: connects(settings) | {"heartbeat_timeout": 0.3}
    )

    async def act(team: DiscordTeam) -> None:
        team.discord.heartbeat_interval = 50
        daily = await team.begin()
        team.discord.mute = True
        team.discord.stall()
        await team.discord.until(lambda: not team.discord.connections)
        team.discord.mute = False
        team.discord.flow()
        await team.discord.until(lambda: team.discord.resumes)
        await plays_on(team, daily, "Bea")
        assert 1 == len(team.discord.identifies)

    discord_day.live(act)


def test_what_another_session_tells_again_is_done_once(discord_day: DiscordDay) -> None:
    """Also where the session that told it first is over."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        pressed = await team.does(team.discord.press(bea, daily, first(daily)))
        team.discord.invalidate()
        await team.discord.until(lambda: len(team.discord.identifies) > 1, 15)
        await team.discord.wait_connected()
        await team.discord.again(pressed)
        await team.command("Cleo", "help")
        assert (1, 1) == (team.stored, len(team.discord.private(bea)))

    discord_day.play(act)


def test_discord_asks_for_a_new_connection(discord_day: DiscordDay) -> None:
    """As it does every few hours."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.discord.ask_reconnect()
        await team.discord.until(lambda: team.discord.resumes)
        await plays_on(team, daily, "Bea")

    discord_day.play(act)


@pytest.mark.parametrize("resumable", [True, False])
def test_an_invalid_session(discord_day: DiscordDay, *, resumable: bool) -> None:
    """It is resumed, or another is begun; the bot plays on either way."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.discord.invalidate(resumable=resumable)
        counted = team.discord.resumes if resumable else team.discord.identifies
        enough = 1 if resumable else 2
        await team.discord.until(lambda: len(counted) >= enough, 15)
        await plays_on(team, daily, "Bea")

    discord_day.play(act)


@pytest.mark.parametrize("code", [4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009])
def test_a_close_that_passes(discord_day: DiscordDay, code: int) -> None:
    """Whatever Discord closes with, the bot is back without another process."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.discord.close_sockets(code)
        await team.discord.until(lambda: not team.discord.connections)
        await team.discord.wait_connected()
        await team.discord.until(
            lambda: len(team.discord.resumes) + len(team.discord.identifies) > 1, 15
        )
        await plays_on(team, daily, "Bea")

    discord_day.play(act)


@pytest.mark.parametrize("code", [4010, 4011, 4012])
def test_a_close_that_should_not_happen_is_tried_again(discord_day: DiscordDay, code: int) -> None:
    """The next tick connects anew, with a line in the log."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.discord.close_sockets(code)
        await team.discord.until(lambda: not team.discord.connections)
        await down(team)
        await team.tick()
        await plays_on(team, daily, "Bea")
        assert f"Discord closed the connection (code {code})" in discord_day.caplog.text

    discord_day.play(act)


@pytest.mark.parametrize("code", [4013, 4014])
def test_a_close_that_names_our_intents_is_tried_again(discord_day: DiscordDay, code: int) -> None:
    """They were taken before; the log says what Discord objected to."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.discord.close_sockets(code)
        await down(team)
        await team.tick()
        await plays_on(team, daily, "Bea")
        assert "Discord refuses the intents of this bot" in discord_day.caplog.text

    discord_day.play(act)


def test_a_token_that_is_taken_away_ends_the_service(discord_day: DiscordDay) -> None:
    """There is no other platform, and a setting that is wrong stays wrong."""

    async def act(team: DiscordTeam, _: Message) -> None:
        team.discord.revoked = True
        await team.discord.close_sockets(4004)
        await down(team)
        with pytest.raises(SettingError, match="Discord refuses DISCORD_TOKEN"):
            await team.service.run(asyncio.Event())

    discord_day.play(act, may_fail=True)


def test_a_gateway_that_refuses_for_a_while(discord_day: DiscordDay) -> None:
    """The bot goes on trying."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.discord.refuse_sockets = 3
        team.discord.drop_sockets()
        await team.discord.until(lambda: team.discord.refuse_sockets == 0, 15)
        await plays_on(team, daily, "Bea")

    discord_day.play(act, may_fail=True)
