"""The daily on Discord's bad days: limits, errors, lost replies, closed places; once, or told."""

import asyncio

import discord
import pytest

from adapters import discord_api
from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_places import (
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.discord_team import DiscordTeam
from tests.discord_trouble import DiscordDay, Hasty, days, due, first, said
from tests.loopback import Drop, Hang

POST = "POST /channels/*/messages"
HISTORY = "GET /channels/*/messages"
EDIT = "PATCH /channels/*/messages/*"
CREATED = "POST /channels/{channel_id}/messages"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    monkeypatch.setattr(discord.http, "asyncio", Hasty())


def told(team: DiscordTeam, name: str) -> list[str]:
    """What the bot wrote to somebody directly."""
    return [said(one) for one in team.discord.dms(team.server.user(name))]


# --- it comes, once -----------------------------------------------------------------------


def test_a_daily_waits_as_long_as_discord_asks(discord_day: DiscordDay) -> None:
    """A limit that discord.py does not wait for itself is kept to the second."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.fail(POST, RateLimited(90, via=False))
        await team.tick()
        team.wait(seconds=89)
        await team.tick()
        assert (1, []) == (len(team.discord.called(CREATED)), team.dailies)
        team.wait(seconds=1)
        await team.tick()
        assert 1 == len(team.dailies)

    discord_day.live(act)


@pytest.mark.parametrize(
    "faults",
    [
        [Status(500)],
        [Status(503)],
        [Status(503), Status(502), Status(500), Status(504)],
        [Status(503)] * 4,
        [Drop(accepted=False)],
        [Drop(accepted=True)],
        [Drop(accepted=False), Drop(accepted=True)],
        [RateLimited(0.01), RateLimited(0.01, everywhere=True), RateLimited(300)],
        [Status(503), RateLimited(5, via=False), Drop(accepted=True)],
        [Status(403), Status(404)],
    ],
)
def test_a_daily_whose_reply_is_lost_comes_once(
    discord_day: DiscordDay, faults: list[Fault]
) -> None:
    """Before it is sent again it is looked for, so nobody ever sees it twice."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.fail(POST, *faults)
        await days(team, 40)
        (daily,) = team.dailies
        assert [("question", "posted")] == team.steps
        await team.press("Bea", daily, first(daily))
        await team.live.close()
        assert "1 answered" in daily.text
        assert 1 == team.stored

    discord_day.live(act)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_daily_that_hangs_comes_once(
    discord_day: DiscordDay, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    """A call that takes too long is looked up, wherever it stands then."""
    monkeypatch.setattr(discord_api, "LONGEST", 0.1)

    async def act(team: DiscordTeam) -> None:
        await due(team)
        late = asyncio.Event()
        team.discord.fail(POST, Hang(late, accepted=accepted))
        await team.tick()
        assert [("question", "pending")] == team.steps
        late.set()
        await team.discord.until(lambda: len(team.dailies) == 1)
        team.wait(minutes=1)
        await team.tick()
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    discord_day.live(act)


def test_after_the_nonce_is_forgotten_it_is_found_by_its_mark(discord_day: DiscordDay) -> None:
    """Discord drops a second message for minutes only, and members write in between."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.fail(POST, Drop(accepted=True))
        team.discord.fail(HISTORY, *[Status(503)] * 3)
        await team.tick()
        for number in range(250):
            team.discord.say(team.server.user("Bea"), team.channel, f"message {number}")
        team.wait(minutes=10)
        await days(team)
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)
        assert 1 == len([call for call in team.discord.called(CREATED) if call.status != 503])

    discord_day.live(act)


def test_a_new_process_finds_what_the_old_one_sent(discord_day: DiscordDay) -> None:
    """It was killed before it heard that the message was taken."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.fail(POST, Drop(accepted=True))
        await team.tick()
        await team.end()
        team.wait(minutes=20)
        team.start()
        await days(team, 5)
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    discord_day.live(act)


# --- it cannot come -----------------------------------------------------------------------


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
