"""The line to Slack on bad days: sockets that break, tokens that end, a Slack that is down."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingError
from tests.loopback import Drop, Hang
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_forms import words
from tests.slack_state import Message
from tests.slack_team import SlackTeam, at
from tests.slack_trouble import Day, first
from tests.trouble import errors

CONNECT = "apps.connections.open"


@pytest.fixture
def day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Day:
    """A day that must end without errors."""
    return Day(tmp_path, caplog, ping=0.3)


# --- sockets ------------------------------------------------------------------------------


async def plays_on(team: SlackTeam, daily: Message, user: str = "UBEA") -> None:
    """The bot is reached again, and somebody answers."""
    await team.slack.wait_connected()
    before = team.stored
    await team.press(user, daily, first(daily))
    assert before + 1 == team.stored
    assert "Streak 1." in team.reads(user)


def test_a_broken_line_is_mended(day: Day) -> None:
    """After every break the bot connects anew, and no press is lost or counted twice."""

    async def act(team: SlackTeam, daily: Message) -> None:
        for user in ("UBEA", "UCLEO", "UDAN"):
            team.slack.drop_sockets()
            await plays_on(team, daily, user)
        assert 1 == team.slack.connections

    day.play(act)


def test_a_socket_that_did_not_open_leaves_nobody_deaf(day: Day) -> None:
    """An address counts once; where the SDK holds on to a spent one the bot connects anew."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.refuse_sockets = 1
        team.slack.drop_sockets()
        await team.slack.until(lambda: team.slack.refuse_sockets == 0)
        await team.tick()
        await team.tick()
        await plays_on(team, daily)

    day.play(act, may_fail=True)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "too_many_websockets"])
def test_slack_asks_for_a_new_socket(day: Day, reason: str) -> None:
    """Whatever the reason, the next press comes by another socket."""

    async def act(team: SlackTeam, daily: Message) -> None:
        opened = sum(call.method == CONNECT for call in team.slack.calls)
        await team.slack.disconnect(reason)
        await plays_on(team, daily)
        assert opened < sum(call.method == CONNECT for call in team.slack.calls)
        assert 1 == team.slack.connections

    day.play(act)


@pytest.mark.parametrize(
    "faults",
    [
        [Status(503)],
        [RateLimited(0)],
        ["internal_error"],
        [Drop(accepted=False), Status(500), RateLimited(0)],
    ],
)
def test_a_slack_that_is_down_is_tried_until_it_is_back(day: Day, faults: list[Fault]) -> None:
    """While no socket opens, dailies are closed and posted all the same."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail(CONNECT, *faults)
        team.slack.drop_sockets()
        team.wait(hours=24)
        await team.tick()
        assert 2 == len(team.dailies)
        await plays_on(team, team.dailies[-1])
        assert "closed" in words(daily.blocks)

    day.play(act, may_fail=True)


def test_what_comes_in_a_gap_is_taken_when_it_comes_again(day: Day) -> None:
    """An event that Slack could not deliver is delivered to the next socket, once."""

    async def act(team: SlackTeam, daily: Message) -> None:
        body = (await team.slack.press("UBEA", daily, first(daily))).body
        await team.settled()
        team.slack.drop_sockets()
        missed = body | {"trigger_id": team.slack.trigger("UCLEO")}
        missed["user"] = missed["user"] | {"id": "UCLEO", "username": "cleo.k"}
        missed["response_url"] = team.slack.url("UCLEO", "C1", daily)
        with pytest.raises(ConnectionError):
            await team.slack.deliver("interactive", missed)
        await team.slack.wait_connected()
        for _ in range(2):
            await team.does(team.slack.deliver("interactive", missed))
        assert (2, 1) == (team.stored, len(team.slack.ephemerals_of("UCLEO")))

    day.play(act)


# --- tokens -------------------------------------------------------------------------------


def test_a_revoked_token_holds_the_daily_back(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """The log says which setting is refused, and the daily comes when the token works again."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        await team.slash("UADA", "schedule 09:00 UTC daily")
        team.wait(hours=1)
        team.slack.revoked = True
        for _ in range(3):
            await team.tick()
            team.wait(minutes=1)
        assert ([("question", "pending")], []) == (team.steps, team.dailies)
        team.slack.revoked = False
        await team.tick()
        team.wait(minutes=1)
        await team.tick()
        (daily,) = team.dailies
        assert [("question", "posted")] == team.steps
        await plays_on(team, daily)

    day.live(act, may_fail=True)
    (said,) = set(errors(caplog))
    assert "Slack refuses SLACK_BOT_TOKEN (token_revoked)" in said
    assert "xoxb" not in caplog.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bot_token": "xoxb-1-other"}, "SLACK_BOT_TOKEN (invalid_auth)"),
        ({"bot_token": "xapp-1-test"}, "SLACK_BOT_TOKEN (not_allowed_token_type)"),
        ({"app_token": "xapp-1-other"}, "SLACK_APP_TOKEN (invalid_auth)"),
        ({"app_token": "xoxb-1-test"}, "SLACK_APP_TOKEN (not_allowed_token_type)"),
    ],
)
def test_a_wrong_token_ends_the_start(
    day: Day, caplog: pytest.LogCaptureFixture, changes: dict[str, str], code: str
) -> None:
    """The one setting that is wrong is named, no other one and never the token itself."""

    async def act(team: SlackTeam) -> None:
        await team.end()
        team.start(**changes)
        with pytest.raises(SettingError) as caught:
            await team.service.run(asyncio.Event())
        said = str(caught.value)
        assert code in said
        assert 1 == said.count("SLACK_")
        assert 0 == team.slack.connections
        await team.tick()
        assert 1 == sum(call.method == "auth.test" for call in team.slack.calls)

    day.live(act)
    for secret in ("xoxb-1-other", "xapp-1-other", "xoxb-1-test", "xapp-1-test"):
        assert secret not in caplog.text


def test_a_revoked_app_token_is_no_wrong_bot_token(day: Day) -> None:
    """A token that ends while the bot is on its way up is named as what it is."""

    async def act(team: SlackTeam) -> None:
        team.slack.fail(CONNECT, "token_revoked")
        with pytest.raises(SettingError, match=r"SLACK_APP_TOKEN \(token_revoked\)"):
            await team.service.run(asyncio.Event())
        assert 0 == team.slack.connections

    day.live(act)


@pytest.mark.parametrize("method", ["auth.test", CONNECT])
@pytest.mark.parametrize(
    "fault", [Status(500), Drop(accepted=False), RateLimited(9), "fatal_error"]
)
def test_a_slack_that_is_down_at_the_start_delays_everything(
    day: Day, method: str, fault: Fault
) -> None:
    """A later tick connects, and the daily that was due comes late, once."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        await team.slash("UADA", "schedule 09:00 UTC daily")
        await team.end()
        team.wait(hours=1)
        team.start()
        # aiohttp itself asks once more where an idle connection was closed.
        team.slack.fail(method, fault, fault)
        for _ in range(2):
            await team.tick()
        assert [] == team.dailies
        team.wait(minutes=7)
        for _ in range(3):
            await team.tick()
        (daily,) = team.dailies
        assert team.now == at(daily)
        await plays_on(team, daily)

    day.live(act)


def test_a_slack_that_hangs_at_the_start_stops_no_tick(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick goes on without it, and it is served when it has answered."""
    monkeypatch.setattr("bot.service.PATIENCE", 0.02)

    async def act(team: SlackTeam) -> None:
        held = asyncio.Event()
        team.slack.fail("auth.test", Hang(held))
        await team.tick()
        await team.tick()
        assert 1 == sum(call.method == "auth.test" for call in team.slack.calls)
        held.set()
        await team.slack.wait_connected()
        await team.tick()
        assert "NumPy study bot" in words((await team.slash("UBEA", "help")).blocks)

    day.live(act)


# --- the log ------------------------------------------------------------------------------


def _raw(record: logging.LogRecord) -> str:
    return logging.Formatter().format(record)


def test_no_log_holds_an_answer_a_token_or_an_address(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at its most talkative, and when things go wrong, the log tells no secrets."""
    for name in ("bot", "adapters"):
        caplog.set_level(logging.DEBUG, name)
    for name in ("slack_sdk", "slack_bolt", "aiohttp", "asyncio"):
        caplog.set_level(logging.WARNING, name)
    faults: dict[str, list[Any]] = {
        "response_url": ["expired_url", Drop(accepted=False), Status(500)],
        "views.open": ["expired_trigger_id", Status(500)],
        "views.update": [Status(500), "not_found"],
        "chat.update": [Status(500), "message_not_found", Drop(accepted=False)],
        "chat.postEphemeral": ["internal_error", Status(500)],
        "users.info": [Status(500), "user_not_found"],
        "views.publish": ["internal_error"],
        CONNECT: [Status(500)],
    }

    async def act(team: SlackTeam) -> None:
        await team.tick()
        for method, failing in faults.items():
            team.slack.fail(method, *failing)
        for _ in range(4):
            await team.does(team.slack.slash("UBEA", "C1", "quiz marker-in-a-command"))
            await team.does(team.slack.slash("UBEA", "C1", "quiz"))
        await team.does(team.slack.open_home("UBEA"))
        practice = await team.slash("UBEA", "quiz")
        for text in ("(31337, 4)", "banana-31337", "(3, 4)"):
            await team.press("UBEA", practice, "Answer…")
            if team.slack.top_view("UBEA"):
                await team.does(team.slack.submit("UBEA", {"text": text}, force=True))
        await team.does(team.slack.mention("UBEA", "C1", "31337"))
        team.slack.drop_sockets()
        await team.slack.wait_connected()

    day.live(act, "table-and-row", may_fail=True)
    said = "\n".join(map(_raw, caplog.records))
    secrets = ("31337", "marker-in", "xoxb-", "xapp-", "/response/", "trigger0", "ticket0")
    assert [] == [secret for secret in secrets if secret in said]
