"""Who manages on Discord, how people are called, new servers, threads and forums."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cards import guide
from bot.config import Settings
from tests.discord_places import (
    ADMINISTRATOR,
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    MANAGE_MESSAGES,
    PUBLIC_THREAD,
    SEND_MESSAGES,
    Channel,
)
from tests.discord_replies import FORM
from tests.discord_team import DiscordTeam, Server, play, title
from tests.discord_trouble import DiscordDay, said
from tests.fakes import shown

REFUSED = shown(guide.NOT_A_MANAGER[False])
FIELDS: dict[str, str | list[str]] = {"time": "10:00"}


# --- managers -----------------------------------------------------------------------------


def _role(bits: int) -> Callable[[DiscordTeam], None]:
    def grant(team: DiscordTeam) -> None:
        role = team.discord.add_role(team.server.guild, "more", bits)
        team.discord.add_member(team.server.guild, team.server.user("Bea"), role)

    return grant


def _overwrite(team: DiscordTeam) -> None:
    team.discord.permit(team.channel, team.server.user("Bea").id, allow=MANAGE_CHANNELS)


def _own(team: DiscordTeam) -> None:
    team.server.guild.owner_id = team.server.user("Bea").id


@pytest.mark.parametrize(
    "grant",
    [_role(MANAGE_CHANNELS), _role(MANAGE_GUILD), _role(ADMINISTRATOR), _overwrite, _own],
)
def test_those_with_the_permission_manage(
    tmp_path: Path, grant: Callable[[DiscordTeam], None]
) -> None:
    """Whoever may manage the channel or the server, from the next thing they do."""

    async def act(team: DiscordTeam) -> None:
        await team.command("Bea", "schedule", {"action": "preview"})
        assert REFUSED == said(team.reads("Bea"))
        grant(team)
        await team.command("Bea", "schedule", {"time": "10:00"})
        assert "Saved" == title(team.reads("Bea"))
        opened = await team.command("Bea", "schedule")
        assert FORM == opened.response
        await team.fill("Bea", opened, FIELDS)
        assert "Saved" == title(team.reads("Bea"))

    play(tmp_path, act)


@pytest.mark.parametrize("keeps", [True, False])
def test_a_button_is_for_who_manages_when_it_is_pressed(tmp_path: Path, *, keeps: bool) -> None:
    """Not for who did when it was shown."""

    async def act(team: DiscordTeam) -> None:
        await team.command("Ada", "daily")
        shows = team.reads("Ada")
        if not keeps:
            team.discord.add_member(team.server.guild, team.server.user("Ada"))
        await team.press("Ada", shows, "Daily at 09:00")
        assert keeps is (REFUSED != said(team.reads("Ada")))
        assert int(keeps) == len(team.rows("SELECT * FROM schedules"))

    play(tmp_path, act)


@pytest.mark.parametrize("bits", [0, MANAGE_MESSAGES])
def test_others_do_not_manage(tmp_path: Path, bits: int) -> None:
    """By command, button or form that was open when the permission went."""

    async def act(team: DiscordTeam) -> None:
        _role(bits)(team)
        opened = await team.command("Ada", "schedule")
        await team.command("Bea", "daily")
        await team.press("Bea", team.reads("Bea"), "Daily at 09:00")
        assert REFUSED == said(team.reads("Bea"))
        assert FORM != (await team.command("Bea", "schedule")).response
        assert REFUSED == said(team.reads("Bea"))
        team.discord.add_member(team.server.guild, team.server.user("Ada"))
        await team.fill("Ada", opened, FIELDS)
        assert REFUSED == said(team.reads("Ada"))
        assert [] == team.rows("SELECT * FROM schedules")

    play(tmp_path, act)


@pytest.mark.parametrize("bits", [MANAGE_CHANNELS, MANAGE_CHANNELS | MANAGE_GUILD])
def test_a_channel_can_take_the_right_away(tmp_path: Path, bits: int) -> None:
    """From those who manage channels, not from those who manage the server."""

    async def act(team: DiscordTeam) -> None:
        _role(bits)(team)
        team.discord.permit(team.channel, team.server.user("Bea").id, deny=MANAGE_CHANNELS)
        await team.command("Bea", "schedule", {"time": "10:00"})
        manages = bits != MANAGE_CHANNELS
        assert ("Saved" if manages else REFUSED) == (title if manages else said)(team.reads("Bea"))
        other = team.discord.add_channel(team.server.guild, "other")
        team.discord.emit("CHANNEL_CREATE", other.body(), team.server.guild)
        await team.command("Bea", "schedule", {"time": "10:00"}, other)
        assert "Saved" == title(team.reads("Bea"))

    play(tmp_path, act)


def test_the_operators_managers_manage(discord_day: DiscordDay) -> None:
    """By their ids in NUMPY_BOT_MANAGERS."""

    async def act(team: DiscordTeam) -> None:
        bea = team.server.user("Bea")
        team.desk.settings = Settings(managers=frozenset({str(bea.id)}))
        await team.tick()
        await team.command("Bea", "schedule", {"time": "10:00"})
        assert "Saved" == title(team.reads("Bea"))

    discord_day.live(act)


# --- names and servers --------------------------------------------------------------------


def test_people_are_called_as_discord_shows_them(tmp_path: Path) -> None:
    """By the name in the server, else the one of the account, else its handle."""

    async def act(team: DiscordTeam) -> None:
        guild = team.server.guild
        team.discord.add_member(guild, team.server.user("Bea"), nick="Queen *Bea* <@1>")
        team.server.user("Cleo").global_name = None
        daily = await team.begin()
        for name in ("Bea", "Cleo", "Dan"):
            await team.answer(name, daily)
        await team.command("Dan", "leaderboard")
        text = team.reads("Dan").text
        assert [True] * 3 == [name in text for name in ("Queen *Bea* <@1>", "cleo", "Dan")]

    play(tmp_path, act)


def test_a_new_name_is_known_with_the_next_thing_they_do(tmp_path: Path) -> None:
    """The board shows it instead of the old one."""

    async def act(team: DiscordTeam) -> None:
        await team.answer("Bea", await team.begin())
        team.discord.add_member(team.server.guild, team.server.user("Bea"), nick="Honey")
        await team.command("Bea", "help")
        await team.command("Dan", "leaderboard")
        text = team.reads("Dan").text
        assert (True, False) == ("Honey" in text, "Bea" in text)

    play(tmp_path, act)


def test_a_new_server_is_greeted_once(discord_day: DiscordDay) -> None:
    """In the channel for news, with what to try and to set up."""

    async def act(team: DiscordTeam) -> None:
        await team.tick()
        other = Server(team.discord)
        for _ in range(2):
            team.discord.join(other.guild)
            await team.command("Bea", "help")
        (card,) = team.discord.messages(other.channel)
        assert title(card) == "NumPy, one question a day"
        await team.does(team.discord.press(other.user("Ada"), card, "Daily at 09:00"))
        assert 2 == len(team.discord.messages(other.channel))

    discord_day.live(act)


def test_a_server_is_greeted_once_for_good(discord_day: DiscordDay) -> None:
    """Not again when the bot comes back to it, when it was out of reach, or after a restart."""

    async def act(team: DiscordTeam) -> None:
        await team.tick()
        other = Server(team.discord)
        for act in (team.discord.join, team.discord.kick, team.discord.join, team.discord.outage):
            act(other.guild)
            await team.command("Bea", "help")
        team.discord.emit("GUILD_CREATE", other.guild.created(team.discord.bot), other.guild)
        await team.command("Bea", "help")
        await team.end()
        team.wait(minutes=2)
        team.start()
        await team.tick()
        await team.does(team.discord.command(other.user("Bea"), other.channel, "help"))
        assert [1, 0] == [len(team.discord.messages(one)) for one in (other.channel, team.channel)]

    discord_day.live(act)


@pytest.mark.parametrize("bits", [SEND_MESSAGES, CREATE_PUBLIC_THREADS, 0])
def test_a_new_server_without_a_place_for_it_is_left_alone(
    discord_day: DiscordDay, bits: int
) -> None:
    """Where the bot may not write, or there is no channel for news."""

    async def act(team: DiscordTeam) -> None:
        await team.tick()
        other = Server(team.discord)
        other.channel.overwrites[other.guild.id] = (0, bits)
        if not bits:
            other.guild.system_channel = None
        team.discord.join(other.guild)
        await team.command("Bea", "help")
        assert [] == team.discord.messages(other.channel)

    discord_day.live(act)


def test_each_server_has_boards_of_its_own(discord_day: DiscordDay) -> None:
    """Also for somebody who is in both."""

    async def act(team: DiscordTeam) -> None:
        daily = await team.begin()
        await team.answer("Bea", daily)
        other = Server(team.discord)
        bea = team.server.user("Bea")
        team.discord.add_member(other.guild, bea)
        team.discord.join(other.guild)
        await team.does(team.discord.command(bea, other.channel, "leaderboard", {"scope": "team"}))
        assert "Nobody has points yet" in said(team.reads("Bea"))
        await team.command("Bea", "leaderboard", {"scope": "team"})
        assert "Bea" in said(team.reads("Bea"))

    discord_day.live(act)


def test_a_command_in_a_thread_belongs_to_its_channel(tmp_path: Path) -> None:
    """The board of the channel, and its daily."""

    async def act(team: DiscordTeam) -> None:
        daily = await team.begin()
        thread = Channel(daily.id, "talk", PUBLIC_THREAD, team.server.guild, team.channel)
        team.discord.channels[thread.id] = thread
        await team.command("Bea", "daily", channel=thread)
        assert title(daily) == title(team.reads("Bea"))
        assert [(str(team.channel.id),)] == team.rows("SELECT platform_id FROM channels")

    play(tmp_path, act)


def test_a_forum_takes_no_daily(tmp_path: Path) -> None:
    """It is said at set-up, not when the first one fails."""

    async def act(team: DiscordTeam) -> None:
        forum = team.discord.add_channel(team.server.guild, "forum", 15)
        team.discord.emit("CHANNEL_CREATE", forum.body(), team.server.guild)
        await team.command("Ada", "schedule", {"time": "10:00"}, forum)
        assert "a daily needs a text channel" in said(team.reads("Ada"))

    play(tmp_path, act)
