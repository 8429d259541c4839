"""The Web API of one workspace: one session, nothing sent twice, and what its errors mean."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import create_server
from types import SimpleNamespace

import pytest

from adapters import slack_client
from adapters.slack_client import PATIENCE, UNREACHABLE, Login, SlackClient, ask
from adapters.slack_settings import SlackSettings
from bot.errors import BotError, DeliveryError, Refused, RetryAfter, SettingError, Unsure
from tests.loopback import Drop, Hang
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_server import SlackServer

POST = "chat.postMessage"


@asynccontextmanager
async def logged_in(slack: SlackServer) -> AsyncIterator[SlackClient]:
    """A client that logged in; C1 is a channel with the bot in it."""
    slack.add_channel("C1", "UADA")
    client = SlackClient(settings(slack))
    await client.open()
    try:
        yield client
    finally:
        await client.close()


async def everything(client: SlackClient) -> None:
    """Try both tokens."""
    await client.open()
    await client.socket_address()


def settings(slack: SlackServer, **changes: str) -> SlackSettings:
    """How this Slack is reached."""
    usual = {"bot_token": slack.bot_token, "app_token": slack.app_token, "api_url": slack.api_url}
    return SlackSettings(**{**usual, **changes})  # type: ignore[arg-type]  # all are texts


def count(slack: SlackServer, method: str) -> int:
    """How often something was asked for."""
    return [call.method for call in slack.calls].count(method)


async def post(client: SlackClient, *, patient: bool = False) -> DeliveryError | None:
    """Post a message; gives what went wrong."""
    web = client.patient if patient else client.web
    try:
        await ask(web.chat_postMessage(channel="C1", text="Hello"))
    except DeliveryError as error:
        return error
    return None


class Naps:
    """Stands for asyncio where the SDK waits: the waits are kept, and nobody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds: list[float] = []
        waiting = SimpleNamespace(sleep=self._sleep)
        monkeypatch.setattr("slack_sdk.http_retry.builtin_async_handlers.asyncio", waiting)

    async def _sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


def test_logging_in_tells_who_the_bot_is() -> None:
    """Workspace, user and scopes come from the login."""

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            expected = Login(team="T1", team_name="Test", user="UBOT", name="numpy", bot="BBOT")
            assert expected == client.login
            assert slack.scopes == client.scopes
            assert (await client.socket_address()).startswith("ws://127.0.0.1:")

    asyncio.run(act())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"bot_token": "xoxb-666-wrong"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "xapp-1-test"}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-666-wrong"}, "SLACK_APP_TOKEN"),
        ({"app_token": "xoxb-1-test"}, "SLACK_APP_TOKEN"),
    ],
)
def test_a_token_that_is_refused_is_a_wrong_setting(changes: dict[str, str], name: str) -> None:
    """Its name, Slack's word and its page are told, the token is not."""

    async def act() -> None:
        async with SlackServer() as slack:
            client = SlackClient(settings(slack, **changes))
            with pytest.raises(SettingError) as caught:
                await everything(client)
            await client.close()
            said = str(caught.value)
            assert said.startswith(f"Slack refuses {name} (")
            assert "under " in said
            assert [] == [token for token in changes.values() if token in said]

    asyncio.run(act())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (RateLimited(7), RetryAfter),
        (Status(500), Unsure),
        (Drop(accepted=False), DeliveryError),
        ("fatal_error", Unsure),
        ("team_access_not_granted", RetryAfter),
    ],
)
def test_a_login_that_may_work_later_is_no_wrong_setting(
    fault: Fault, kind: type[DeliveryError]
) -> None:
    """Trouble on the way says nothing about the token."""

    async def act() -> None:
        async with SlackServer() as slack:
            client = SlackClient(settings(slack))
            slack.fail("auth.test", fault)
            with pytest.raises(kind):
                await client.open()
            await everything(client)
            await client.close()

    asyncio.run(act())


def test_nobody_there_is_tried_again_later() -> None:
    """A refused connection did nothing, at the login or later."""

    async def act() -> None:
        with create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        nowhere = f"http://127.0.0.1:{port}/api/"
        client = SlackClient(settings(SlackServer(), api_url=nowhere))
        with pytest.raises(RetryAfter) as caught:
            await client.open()
        assert UNREACHABLE == caught.value.seconds
        error = await post(client)
        assert isinstance(error, RetryAfter)
        assert UNREACHABLE == error.seconds
        await client.close()

    asyncio.run(act())


@pytest.mark.parametrize("patient", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind", "posted"),
    [
        (Drop(accepted=True), Unsure, 1),
        (Drop(accepted=False), Unsure, 0),
        (Status(500), Unsure, 0),
        (Status(503), Unsure, 0),
        ("internal_error", Unsure, 0),
        ("request_timeout", Unsure, 0),
        ("token_revoked", RetryAfter, 0),
        ("is_archived", Refused, 0),
        ("invalid_blocks", Refused, 0),
    ],
)
def test_what_went_wrong_is_never_sent_again(
    fault: Fault, kind: type[BotError], posted: int, *, patient: bool
) -> None:
    """One call reaches Slack, on a connection that was used before, and its error tells."""

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            slack.fail(POST, fault)
            error = await post(client, patient=patient)
            assert type(error) is kind
            assert 1 == count(slack, POST)
            assert posted == len(slack.channels["C1"].messages)
            assert await post(client) is None
            assert [] == slack.problems

    asyncio.run(act())


def test_a_reply_that_takes_too_long_leaves_us_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack has the message, its reply does not come, and nothing is sent again."""

    async def act() -> None:
        monkeypatch.setattr(slack_client, "TIMEOUT", 0.1)
        async with SlackServer() as slack, logged_in(slack) as client:
            for patient in (False, True):
                slack.fail(POST, Hang(asyncio.Event(), accepted=True))
                assert isinstance(await post(client, patient=patient), Unsure)
            assert 2 == count(slack, POST) == len(slack.channels["C1"].messages)

    asyncio.run(act())


def test_a_call_that_is_rate_limited_says_for_how_long() -> None:
    """`web` asks once and tells."""

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            slack.fail(POST, RateLimited(7))
            error = await post(client)
            assert isinstance(error, RetryAfter)
            assert (7.0, 1) == (error.seconds, count(slack, POST))

    asyncio.run(act())


@pytest.mark.parametrize("limited", [1, PATIENCE, PATIENCE + 1])
def test_a_patient_call_waits_as_slack_asks(limited: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent again so many times, and no more."""
    naps = Naps(monkeypatch)

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            slack.fail(POST, *[RateLimited(12)] * limited)
            error = await post(client, patient=True)
            assert (limited > PATIENCE) == isinstance(error, RetryAfter)
            assert (error is None) == bool(slack.channels["C1"].messages)
            assert min(limited, PATIENCE) + 1 == count(slack, POST)
            assert min(limited, PATIENCE) == len(naps.seconds)
            assert all(12 <= nap < 14 for nap in naps.seconds)

    asyncio.run(act())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("expired_url", Refused),
        (Drop(accepted=True), Unsure),
        (Drop(accepted=False), Unsure),
        (Status(500), Unsure),
    ],
)
def test_a_private_reply_tells_what_became_of_it(fault: Fault, kind: type[BotError]) -> None:
    """An address that is used up did certainly nothing; whatever else goes wrong may have."""

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            url = slack.url("UADA", "C1", None)
            slack.fail("response_url", fault)
            with pytest.raises(DeliveryError) as caught:
                await client.respond(url, {"text": "Hello"})
            assert (1, kind) == (count(slack, "response_url"), type(caught.value))
            await client.respond(url, {"text": "Hello"})
            assert "Hello" == slack.ephemerals_of("UADA")[-1].text

    asyncio.run(act())


def test_a_private_reply_that_is_rate_limited_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It came certainly not, and waits as Slack asks."""
    naps = Naps(monkeypatch)

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            slack.fail("response_url", RateLimited(3))
            await client.respond(slack.url("UADA", "C1", None), {"text": "Hello"})
            assert 1 == len(slack.ephemerals_of("UADA"))
            assert 1 == len(naps.seconds)

    asyncio.run(act())


def test_a_closed_client_sends_nothing() -> None:
    """It can be opened again."""

    async def act() -> None:
        async with SlackServer() as slack, logged_in(slack) as client:
            await client.close()
            await client.close()
            before = len(slack.calls)
            for patient in (False, True):
                with pytest.raises(RetryAfter):
                    await post(client, patient=patient)
            assert (before, None) == (len(slack.calls), client.session)
            await client.open()
            assert await post(client) is None

    asyncio.run(act())
