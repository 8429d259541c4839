"""The daily on bad days: limits, errors, lost replies, and channels that are closed to the bot."""

import asyncio

import pytest

from adapters import slack_client
from adapters.slack_client import PASSING, WORDS
from tests.loopback import Drop, Hang
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_forms import words
from tests.slack_team import CHANNEL, SlackTeam, at
from tests.slack_trouble import Day, first
from tests.trouble import errors

POST = "chat.postMessage"


async def due(team: SlackTeam, channel: str = CHANNEL) -> None:
    """Set the daily up; the first one is due with the next tick."""
    await team.tick()
    await team.slash("UADA", "schedule 09:00 UTC daily", channel)
    team.wait(hours=1)


def tries(team: SlackTeam, channel: str = CHANNEL) -> int:
    """How often a message to the channel was tried, announcements by other ways left out."""
    return sum(call.method == POST and call.body["channel"] == channel for call in team.slack.calls)


# --- it comes, once -----------------------------------------------------------------------


def test_a_daily_waits_as_long_as_slack_asks(day: Day) -> None:
    """A rate limit is kept to the second, and the message comes once."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, RateLimited(90))
        await team.tick()
        assert ([("question", "pending")], []) == (team.steps, team.dailies)
        team.wait(seconds=89)
        await team.tick()
        assert (1, []) == (tries(team), team.dailies)
        team.wait(seconds=1)
        await team.tick()
        (daily,) = team.dailies
        assert (team.now, 2) == (at(daily), tries(team))
        await team.answer("UBEA", daily)
        assert 1 == team.stored

    day.live(act)


@pytest.mark.parametrize("why", sorted(PASSING))
def test_a_workspace_that_is_locked_for_a_while_loses_no_daily(day: Day, why: str) -> None:
    """What passes is waited for, and nobody is called."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, why, why)
        for _ in range(10):
            await team.tick()
            team.wait(seconds=20)
        assert (1, 3, []) == (len(team.dailies), tries(team), team.dm("UADA"))

    day.live(act)


@pytest.mark.parametrize(
    "faults",
    [
        [Status(500)],
        [Status(503), Status(502), Status(500)],
        ["internal_error"],
        ["service_unavailable"],
        [Drop(accepted=False)],
        [Drop(accepted=True)],
        [Drop(accepted=False), Drop(accepted=True)],
        [Status(500), RateLimited(5), Drop(accepted=True)],
    ],
)
def test_a_daily_whose_reply_is_lost_comes_once(day: Day, faults: list[Fault]) -> None:
    """Before it is sent again it is looked for, so nobody ever sees it twice."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, *faults)
        for _ in range(20):
            await team.tick()
            team.wait(seconds=20)
        (daily,) = team.dailies
        assert [("question", "posted")] == team.steps
        await team.press("UBEA", daily, first(daily))
        await team.live.close()
        assert "1 answered" in words(daily.blocks)
        assert 1 == team.stored

    day.live(act)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_daily_that_hangs_comes_once(
    day: Day, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    """A call that takes longer than the time-out is looked up, wherever it stands then."""
    monkeypatch.setattr(slack_client, "TIMEOUT", 0.05)

    async def act(team: SlackTeam) -> None:
        await due(team)
        late = asyncio.Event()
        team.slack.fail(POST, Hang(late, accepted=accepted))
        await team.tick()
        assert [("question", "pending")] == team.steps
        late.set()
        # What was not taken at first is taken now that nobody waits for it any more.
        await team.slack.until(lambda: len(team.dailies) == 1)
        team.wait(minutes=1)
        await team.tick()
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)

    day.live(act)


def test_a_look_up_that_fails_for_now_is_made_again(day: Day) -> None:
    """A message in doubt waits until the history can be read; it is not sent blindly."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, Drop(accepted=True))
        team.slack.fail("conversations.history", Status(500), RateLimited(30), Drop(accepted=False))
        for _ in range(30):
            await team.tick()
            team.wait(seconds=20)
        assert (1, 1, [("question", "posted")]) == (len(team.dailies), tries(team), team.steps)

    day.live(act)


def test_it_is_found_among_many_messages(day: Day) -> None:
    """However much was said after it, a message whose reply was lost is found."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, Drop(accepted=True))
        await team.tick()
        for number in range(450):
            team.slack.say("UBEA", CHANNEL, f"message {number}")
        team.wait(minutes=1)
        await team.tick()
        assert (1, [("question", "posted")]) == (len(team.dailies), team.steps)
        assert 3 <= sum(call.method == "conversations.history" for call in team.slack.calls)

    day.live(act)


# --- nobody can tell ----------------------------------------------------------------------


async def in_doubt(team: SlackTeam, *, accepted: bool) -> None:
    """A daily whose reply is lost where the bot may not read."""
    await due(team)
    team.slack.scopes.discard("channels:history")
    team.slack.fail(POST, Drop(accepted=accepted))
    for _ in range(3):
        await team.tick()
        team.wait(seconds=20)


def test_what_nobody_can_look_up_is_left_to_the_manager(day: Day) -> None:
    """The manager is told once and posts it again by a command."""

    async def act(team: SlackTeam) -> None:
        await in_doubt(team, accepted=False)
        assert ([("question", "unknown")], 1) == (team.steps, tries(team))
        (told,) = team.dm("UADA")
        assert "The daily needs you\nDaily #1 of " in told
        assert "may not have arrived. If it is not there: /numpy schedule repost." in told
        await team.slash("UADA", "schedule repost")
        assert "Daily #1 is on its way again." == team.reads("UADA")
        await team.tick()
        (daily,) = team.dailies
        assert [("question", "posted")] == team.steps
        await team.answer("UBEA", daily)
        assert 1 == team.stored
        await team.slash("UADA", "schedule repost")
        assert "There is nothing to post again" in team.reads("UADA")

    day.live(act)


def test_a_press_proves_that_a_message_in_doubt_is_there(day: Day) -> None:
    """From then on it has its count, and there is nothing to post again."""

    async def act(team: SlackTeam) -> None:
        await in_doubt(team, accepted=True)
        assert [("question", "unknown")] == team.steps
        (daily,) = team.dailies
        await team.press("UBEA", daily, first(daily))
        assert ([("question", "posted")], 1) == (team.steps, team.stored)
        await team.live.close()
        assert "1 answered" in words(daily.blocks)
        await team.slash("UADA", "schedule repost")
        assert "There is nothing to post again" in team.reads("UADA")
        assert 1 == len(team.dailies)

    day.live(act)


# --- the channel is closed to the bot -----------------------------------------------------


def shut(team: SlackTeam, why: str) -> None:
    """Keep the bot out of the channel."""
    team.channel.bot = why == "is_archived"
    team.channel.private = why == "channel_not_found"
    team.channel.archived = why == "is_archived"


@pytest.mark.parametrize("why", ["not_in_channel", "channel_not_found", "is_archived"])
def test_a_closed_channel_pauses_its_daily(day: Day, why: str) -> None:
    """The manager reads why and what to do, nothing is tried again until it is mended."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        shut(team, why)
        await team.tick()
        assert [("question", "failed")] == team.steps
        (told,) = team.dm("UADA")
        reason = WORDS[why].replace("`", "")
        assert f"could not be posted: {reason}. The daily there is paused." in told
        assert "/numpy schedule resume goes on and /numpy schedule repost posts this one." in told
        team.wait(hours=3)
        await team.tick()
        assert (1, [("paused",)]) == (tries(team), team.rows("SELECT state FROM schedules"))
        shut(team, "")
        team.channel.bot = True
        await team.slash("UADA", "schedule resume")
        await team.slash("UADA", "schedule repost")
        await team.tick()
        assert ([("question", "posted")], 1) == (team.steps, len(team.dailies))
        team.wait(hours=21)
        await team.tick()
        assert 2 == len(team.dailies)
        assert 1 == len(team.dm("UADA"))

    day.live(act)


@pytest.mark.parametrize("private", [False, True])
def test_setting_up_where_the_bot_is_not_says_so_at_once(day: Day, *, private: bool) -> None:
    """Whoever sets up a daily without having invited the bot is told how to."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        shut(team, "channel_not_found" if private else "not_in_channel")
        await team.slash("UADA", "schedule 09:00 UTC daily")
        assert team.reads("UADA").startswith("I can't post here yet: ")
        assert "/invite" in team.reads("UADA")
        assert [] == team.channel.messages
        shut(team, "")
        team.channel.bot = True
        team.wait(hours=1)
        await team.tick()
        assert 1 == len(team.dailies)

    day.live(act)


def test_a_workspace_that_lets_few_post_is_no_reason_to_pause(day: Day) -> None:
    """A daily that Slack refuses once is named to the manager, the next one is tried."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        team.slack.fail(POST, "restricted_action")
        await team.tick()
        (told,) = team.dm("UADA")
        assert "this workspace lets only some people post in that channel." in told
        team.wait(hours=24)
        await team.tick()
        assert (1, [("on",)]) == (len(team.dailies), team.rows("SELECT state FROM schedules"))

    day.live(act)


def test_another_workspaces_token_posts_nothing(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of this workspace's dailies goes there; they wait for their own token."""

    async def act(team: SlackTeam) -> None:
        await due(team)
        await team.end()
        team.slack.team_id = "T9"
        team.start()
        await team.tick()
        assert (0, [], []) == (tries(team), team.dailies, team.dm("UADA"))
        assert [("question", "pending")] == team.steps
        await team.end()
        team.slack.team_id = "T1"
        team.start()
        team.wait(minutes=1)
        await team.tick()
        assert (1, 1) == (tries(team), len(team.dailies))

    day.live(act, may_fail=True)
    assert 1 == len(errors(caplog))
    assert "SLACK_BOT_TOKEN belongs to another workspace" in caplog.text
