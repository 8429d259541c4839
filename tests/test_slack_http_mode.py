"""The bot behind HTTP: signed requests, forged ones, and a port that is taken."""

import asyncio
import io
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Literal

import aiohttp
import pytest

from adapters.slack_settings import PATH
from bot.errors import SettingError
from tests.slack_forms import words
from tests.slack_state import Message
from tests.slack_team import CHANNEL, SlackTeam
from tests.slack_trouble import TICKS, Day, first, window


def free_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def by_http(team: SlackTeam) -> str:
    """Let the bot listen for requests; gives the address."""
    await team.end()
    port = free_port()
    team.start(app_token="", signing_secret=team.slack.signing_secret, port=port)
    team.slack.http_url = f"http://127.0.0.1:{port}{PATH}"
    await team.tick()
    return team.slack.http_url


def served(
    day: Day, act: Callable[[SlackTeam, Message], Awaitable[None]], source: str = ""
) -> None:
    """Act below a daily where the bot is reached by HTTP."""

    async def whole(team: SlackTeam) -> None:
        await by_http(team)
        await act(team, await team.begin())

    day.live(whole, source)


def test_everything_works_by_http(day: Day) -> None:
    """A command, a press, a form with its verdict, a mention and a home."""

    async def act(team: SlackTeam, daily: Message) -> None:
        assert "NumPy study bot" in words((await team.slash("UBEA", "help")).blocks)
        await team.answer("UBEA", daily)
        assert "Streak 1." in window(team, "UBEA")
        await team.does(team.slack.mention("UCLEO", CHANNEL, "help"))
        assert "NumPy study bot" in team.reads("UCLEO")
        await team.does(team.slack.open_home("UBEA"))
        assert "Streak" in words(team.slack.homes["UBEA"].blocks)
        assert (1, 0) == (team.stored, team.slack.connections)
        assert "apps.connections.open" not in [call.method for call in team.slack.calls[3:]]

    served(day, act, TICKS)


def test_a_repeated_request_counts_once(day: Day) -> None:
    """Slack repeats what it saw no acknowledgement of; the retry is taken and changes nothing."""

    async def act(team: SlackTeam, daily: Message) -> None:
        delivery = await team.press("UBEA", daily, first(daily))
        again = await team.does(team.slack.redeliver(delivery, 1))
        mention = await team.does(team.slack.mention("UBEA", CHANNEL, "help"))
        retry = await team.does(team.slack.redeliver(mention, 2))
        assert (200, 200, 1) == (again.status, retry.status, team.stored)
        assert 2 == len(team.slack.ephemerals_of("UBEA"))

    served(day, act)


@pytest.mark.parametrize("forged", ["signature", "timestamp"])
def test_a_request_that_slack_did_not_sign_does_nothing(
    day: Day, forged: Literal["signature", "timestamp"]
) -> None:
    """With a wrong signature, or an old one, it is refused whatever it asks for."""

    async def act(team: SlackTeam, daily: Message) -> None:
        slack = team.slack
        await team.press("UCLEO", daily, "Answer…")
        before = len(slack.calls)
        slack.forge = forged
        for request in (
            slack.slash("UBEA", CHANNEL, "quiz"),
            slack.press("UBEA", daily, "Answer…"),
            slack.submit("UCLEO", {"picks": ["1"]}),
            slack.mention("UBEA", CHANNEL, "quiz"),
            slack.open_home("UBEA"),
        ):
            delivery = await team.does(request)
            assert (401, None) == (delivery.status, delivery.ack)
        assert (before, 0) == (len(slack.calls), team.stored)
        assert [("UADA",), ("UCLEO",)] == team.rows("SELECT platform_id FROM members ORDER BY id")
        slack.forge = None
        await team.submit("UCLEO", {"picks": ["1"]})
        assert 1 == team.stored

    served(day, act, TICKS)


def test_slack_may_ask_whether_somebody_is_there(day: Day) -> None:
    """The address is verified and its certificate checked without any other effect."""

    async def act(team: SlackTeam, _: Message) -> None:
        before = len(team.slack.calls)
        challenge = {"token": "t", "challenge": "3eZbrw1aB", "type": "url_verification"}
        verified = await team.slack.deliver("url_verification", challenge)
        assert (200, {"challenge": "3eZbrw1aB"}) == (verified.status, verified.ack)
        checked = await team.slack.deliver("ssl_check", {"token": "t", "ssl_check": "1"})
        assert 200 == checked.status
        assert before == len(team.slack.calls)

    served(day, act)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", PATH, b""),
        ("POST", PATH, b""),
        ("POST", PATH, b"\xff\xfe{"),
        ("POST", PATH, b"{"),
        ("POST", PATH, b"payload=%7B"),
        ("POST", PATH, b"payload=[]"),
        ("POST", PATH, b"payload=5"),
        ("POST", PATH, b"[]"),
        ("POST", PATH, b"x" * 3_000_000),
        ("POST", "/slack/other", b"{}"),
        ("GET", "/", b""),
        ("PUT", PATH, b"{}"),
    ],
)
def test_what_is_no_request_of_slacks_is_refused(
    day: Day, method: str, path: str, body: bytes
) -> None:
    """Strangers who find the address get an error's status and nothing else."""

    async def act(team: SlackTeam, daily: Message) -> None:
        address = str(team.slack.http_url).removesuffix(PATH) + path
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, address, data=io.BytesIO(body)) as reply,
        ):
            assert 400 <= reply.status < 500
            assert "Traceback" not in await reply.text()
        await team.press("UBEA", daily, first(daily))
        assert 1 == team.stored

    served(day, act)


def test_a_port_that_is_taken_is_waited_for(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has it may be about to end; until then the log names the setting."""

    async def act(team: SlackTeam) -> None:
        await team.end()
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = int(taken.getsockname()[1])
            team.start(app_token="", signing_secret=team.slack.signing_secret, port=port)
            await team.tick()
        assert f"127.0.0.1:{port}" in caplog.text
        assert "Set SLACK_LISTEN to an address that is free." in caplog.text
        await team.tick()
        assert await team.app.is_up()

    day.live(act)


def test_an_address_that_is_not_ours_is_a_wrong_setting(day: Day) -> None:
    """The sentence names the setting and the address."""

    async def act(team: SlackTeam) -> None:
        await team.end()
        secret = team.slack.signing_secret
        team.start(app_token="", signing_secret=secret, host="192.0.2.1")
        with pytest.raises(SettingError, match=r"192\.0\.2\.1:3000 .* Set SLACK_LISTEN"):
            await team.service.run(asyncio.Event())

    day.live(act)


def test_the_port_is_free_again_when_the_bot_has_ended(day: Day) -> None:
    """A restart listens on the same address, and what was posted before works."""

    async def act(team: SlackTeam) -> None:
        address = await by_http(team)
        daily = await team.begin()
        await team.end()
        with pytest.raises(aiohttp.ClientError):
            await team.slack.slash("UBEA", CHANNEL, "quiz")
        port = int(address.removesuffix(PATH).rsplit(":", 1)[1])
        team.start(app_token="", signing_secret=team.slack.signing_secret, port=port)
        await team.tick()
        await team.press("UBEA", daily, first(daily))
        assert 1 == team.stored

    day.live(act)


@pytest.mark.parametrize("signature", ["v0=é", "", "v0="])
def test_a_signature_in_any_letters_is_only_wrong(
    day: Day, caplog: pytest.LogCaptureFixture, signature: str
) -> None:
    """It is refused, and nothing of it comes into the log."""

    async def act(team: SlackTeam) -> None:
        address = await by_http(team)
        stamp = str(int(team.now.timestamp()))
        headers = {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": stamp}
        async with (
            aiohttp.ClientSession() as session,
            session.post(address, data=b"x=1", headers=headers) as reply,
        ):
            assert 401 == reply.status

    day.live(act)
    assert "Traceback" not in caplog.text
