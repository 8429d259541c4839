"""Channels and servers that are closed to the bot, or gone: nothing is lost, somebody is told."""

import discord
import pytest

from tests.discord_places import (
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.discord_state import Message
from tests.discord_team import DiscordTeam
from tests.discord_trouble import DiscordDay, Hasty, days, due, first, said
from tests.loopback import Drop

POST = "POST /channels/*/messages"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    monkeypatch.setattr(discord.http, "asyncio", Hasty())


def told(team: DiscordTeam, name: str) -> list[str]:
    """What the bot wrote to somebody directly."""
    return [said(one) for one in team.discord.dms(team.server.user(name))]


def test_where_nobody_can_look_the_manager_is_told(discord_day: DiscordDay) -> None:
    """Without Read Message History a message in doubt is not sent again, but by the manager."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.permit(team.channel, team.server.guild.id, deny=READ_MESSAGE_HISTORY)
        team.discord.fail(POST, Drop(accepted=False))
        await days(team)
        assert ([("question", "unknown")], []) == (team.steps, team.dailies)
        (words,) = told(team, "Ada")
        assert "may not have arrived" in words
        assert "/numpy schedule action:repost" in words
        await team.command("Ada", "schedule", {"action": "repost"})
        await team.tick()
        assert 1 == len(team.dailies)

    discord_day.live(act)


@pytest.mark.parametrize(
    ("bits", "words"),
    [(SEND_MESSAGES, "I lack a permission there"), (VIEW_CHANNEL, "I do not see that channel")],
)
def test_a_channel_that_is_closed_to_the_bot_pauses(
    discord_day: DiscordDay, bits: int, words: str
) -> None:
    """The manager is told what to mend, and nothing is tried for ever."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.permit(team.channel, team.discord.bot.id, deny=bits)
        await days(team)
        assert [("question", "failed")] == team.steps
        assert [("paused",)] == team.rows("SELECT state FROM schedules")
        (said_,) = told(team, "Ada")
        assert words in said_
        team.discord.permit(team.channel, team.discord.bot.id)
        await team.command("Ada", "schedule", {"action": "repost"})
        await team.tick()
        assert 1 == len(team.dailies)

    discord_day.live(act)


def test_a_deleted_channel_pauses(discord_day: DiscordDay) -> None:
    """The manager is told directly."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.delete_channel(team.channel)
        await days(team)
        assert [("question", "failed")] == team.steps
        assert [("paused",)] == team.rows("SELECT state FROM schedules")
        assert "the channel was deleted" in told(team, "Ada")[0]

    discord_day.live(act)


def test_answers_count_below_a_deleted_message(discord_day: DiscordDay) -> None:
    """Its count is shown to nobody, and tried no more."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.command("Bea", "daily")
        shows = team.reads("Bea")
        team.discord.delete_message(daily)
        await team.press("Bea", shows, first(shows))
        await days(team, 5)
        calls = len(team.discord.calls)
        await days(team, 5)
        assert (1, calls) == (team.stored, len(team.discord.calls))

    discord_day.play(act)


def test_a_server_that_removed_the_bot_pauses(discord_day: DiscordDay) -> None:
    """Nobody there can be told any more, and nothing goes wrong."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.kick(team.server.guild)
        await days(team)
        assert [("question", "failed")] == team.steps
        assert [("paused",)] == team.rows("SELECT state FROM schedules")
        assert [] == told(team, "Ada")

    discord_day.live(act)


def test_a_manager_who_takes_no_messages_holds_up_nothing(discord_day: DiscordDay) -> None:
    """It is in the log."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.server.user("Ada").takes_dms = False
        team.discord.permit(team.channel, team.discord.bot.id, deny=SEND_MESSAGES)
        await days(team)
        assert [("question", "failed")] == team.steps
        assert "could not tell" in discord_day.caplog.text

    discord_day.live(act)


def test_a_missing_permission_is_told_at_set_up(discord_day: DiscordDay) -> None:
    """By the name that Discord gives it."""

    async def act(team: DiscordTeam) -> None:
        await team.tick()
        team.discord.permit(team.channel, team.server.guild.id, deny=CREATE_PUBLIC_THREADS)
        await team.discord.next_call("GET /gateway/bot")
        await team.command("Ada", "schedule", {"time": "09:00", "days": "daily"})
        assert said(team.reads("Ada")) == (
            "I can't post here yet: I lack Create Public Threads. Give my role that in the "
            "channel's settings, under Permissions."
        )

    discord_day.live(act)


def test_a_server_that_is_not_there_for_the_moment_is_waited_for(discord_day: DiscordDay) -> None:
    """After an outage began amid a post, what is in doubt is looked up when it is over."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.fail(POST, Drop(accepted=True))
        await team.tick()
        await team.end()
        team.server.guild.available = False
        team.wait(minutes=3)
        team.start()
        await days(team, 5)
        assert [("question", "pending")] == team.steps
        team.server.guild.available = True
        team.discord.emit(
            "GUILD_CREATE", team.server.guild.created(team.discord.bot), team.server.guild
        )
        await team.command("Bea", "help")
        await days(team, 5)
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    discord_day.live(act)


def test_a_role_that_the_bot_was_given_counts_at_once(discord_day: DiscordDay) -> None:
    """No event tells the bot of its own roles, so it asks before it looks."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        guild = team.server.guild
        team.discord.permit(team.channel, guild.id, deny=READ_MESSAGE_HISTORY)
        role = team.discord.add_role(guild, "reader")
        team.discord.permit(team.channel, role.id, allow=READ_MESSAGE_HISTORY)
        team.discord.add_member(guild, team.discord.bot, role)
        team.discord.fail(POST, Drop(accepted=True))
        await days(team, 5)
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    discord_day.live(act)
