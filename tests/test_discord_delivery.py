"""The daily on Discord's bad days: limits, errors and lost replies; it comes once, and closes."""

import asyncio

import discord
import pytest

from adapters import discord_api
from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, title
from tests.discord_trouble import DiscordDay, Hasty, days, due, first
from tests.loopback import Drop, Hang

POST = "POST /channels/*/messages"
HISTORY = "GET /channels/*/messages"
EDIT = "PATCH /channels/*/messages/*"
CREATED = "POST /channels/{channel_id}/messages"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    monkeypatch.setattr(discord.http, "asyncio", Hasty())


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
    monkeypatch.setattr(discord_api, "LONGEST_CALL", 0.1)

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


@pytest.mark.parametrize(
    "faults",
    [
        [Status(503)],
        [Status(500)] * 6,
        [Drop(accepted=True)],
        [Drop(accepted=False)],
        [RateLimited(0.01), RateLimited(90, via=False)],
    ],
)
def test_a_daily_whose_last_edit_is_lost_is_closed(
    discord_day: DiscordDay, faults: list[Fault]
) -> None:
    """It is edited again until it shows the answer, and then left alone."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.discord.fail(EDIT, *faults)
        team.wait(hours=24)
        await days(team)
        assert ("Daily #1 · closed", 0) == (title(daily), team.discord.pending_faults)
        assert [("posted", 4)] == team.rows("SELECT state, count(*) FROM outbox GROUP BY state")

    discord_day.play(act)


def test_a_token_that_is_refused_for_a_while_holds_the_daily_back(discord_day: DiscordDay) -> None:
    """The operator reads why, and the daily comes when the token is taken again."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        team.discord.revoked = True
        await days(team, 5)
        assert ([("question", "pending")], []) == (team.steps, team.dailies)
        assert "Discord refuses DISCORD_TOKEN" in discord_day.caplog.text
        team.discord.revoked = False
        await days(team, 5)
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    discord_day.live(act, may_fail=True)
