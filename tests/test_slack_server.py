"""The loopback Slack takes a real Bolt app, and catches what real Slack would not take."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from tests.slack_bare import MENU, by_http, by_socket, in_slack, web_client
from tests.slack_forms import NotThere, buttons, words
from tests.slack_server import SlackServer


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("connected", [by_socket, by_http])
def test_a_real_bot_is_played(connected: Callable[[SlackServer], Any]) -> None:
    """A command is answered, a button opens a form, and the form shows errors and the verdict."""

    async def act(slack: SlackServer) -> None:
        async with connected(slack):
            typed = await slack.slash("U1", "C1", "quiz")
            menu = await slack.until(lambda: slack.ephemerals_of("U1"))
            await slack.press("U1", menu[0], "Answer")
            await slack.until(lambda: slack.top_view("U1"))
            await slack.submit("U1", {"typed": "3"})
            view = slack.top_view("U1")
            assert view is not None
            errors = dict(view.errors)
            await slack.submit("U1", {"Shape": "(3,)"})
            assert typed.acked
            assert "Menu\nnp.ones(3)\nAnswer…" == words(menu[0].blocks)
            assert ["Answer…"] == buttons(menu[0].blocks)
            assert {"typed": "No."} == errors
            assert "Right" == view.content["title"]["text"]
        assert [] == slack.problems

    in_slack(act)


@pytest.mark.parametrize("connected", [by_socket, by_http])
def test_home_and_mentions(connected: Callable[[SlackServer], Any]) -> None:
    """Opening the home publishes it, and a mention is answered in its thread."""

    async def act(slack: SlackServer) -> None:
        async with connected(slack):
            await slack.open_home("U1")
            await slack.next_call("views.publish")
            await slack.mention("U2", "C1", "hello")
            await slack.next_call("chat.postMessage")
            said, reply = slack.channels["C1"].messages
            await slack.press("U1", reply, "answer")
            assert "Menu" == words(slack.homes["U1"].blocks)
            assert ("<@UBOT> hello", said.ts) == (said.text, reply.thread_ts)
            await slack.until(lambda: slack.top_view("U1"))
        assert [] == slack.problems

    in_slack(act)


def test_people_cannot_do_what_is_not_there() -> None:
    """Others' private messages, missing buttons and foreign channels are out of reach."""

    async def act(slack: SlackServer) -> None:
        slack.add_channel("C2", "U2")
        mine = slack.shown("U1", "C1", {"text": "Menu", "blocks": MENU})
        with pytest.raises(NotThere):
            await slack.press("U2", mine, "answer")
        with pytest.raises(NotThere, match="Answer…"):
            await slack.press("U1", mine, "Skip")
        with pytest.raises(NotThere):
            await slack.slash("U1", "C2")
        with pytest.raises(NotThere):
            await slack.submit("U1")

    in_slack(act)


def test_sockets_are_cut_and_replaced() -> None:
    """The bot comes back after a cut line and after being asked to, and takes a redelivery."""

    async def act(slack: SlackServer) -> None:
        async with by_socket(slack):
            await slack.disconnect()
            await slack.wait_connected()
            delivery = await slack.slash("U1", "C1")
            again = await slack.redeliver(delivery)
            slack.drop_sockets()
            await slack.wait_connected()
            assert (True, delivery.envelope_id) == (again.acked, again.envelope_id)
            assert (await slack.slash("U1", "C1")).acked
        assert [] == slack.problems

    in_slack(act)


def test_http_signatures() -> None:
    """The bot takes the handshake and refuses wrong signatures and old requests."""

    async def act(slack: SlackServer) -> None:
        async with by_http(slack):
            asked = {"type": "url_verification", "challenge": "c", "token": "legacy"}
            verified = await slack.deliver("url_verification", asked)
            checked = await slack.deliver("ssl_check", {"ssl_check": "1", "token": "legacy"})
            slack.forge = "signature"
            forged = await slack.slash("U1", "C1")
            slack.forge = "timestamp"
            old = await slack.slash("U1", "C1")
            assert {"challenge": "c"} == verified.ack
            assert checked.acked
            assert [401, 401] == [forged.status, old.status]
        assert [] == slack.problems

    in_slack(act)


def test_late_second_and_unknown_acks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that acknowledges too late, twice or out of nowhere is told on."""
    monkeypatch.setattr("tests.slack_server.ACK_SECONDS", 0.05)

    async def act(slack: SlackServer) -> None:
        client = web_client(slack)
        opened = await client.apps_connections_open(app_token=slack.app_token)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(opened["url"]) as socket,
        ):
            assert "hello" == (await socket.receive_json())["type"]
            await slack.wait_connected()
            late = await slack.slash("U1", "C1")
            for name in (late.envelope_id, "nobody"):
                await socket.send_json({"envelope_id": name})
            await slack.until(lambda: len(slack.problems) == 3)
            monkeypatch.setattr("tests.slack_server.ACK_SECONDS", 3.0)
            waiting = asyncio.create_task(slack.slash("U1", "C1"))
            await socket.receive_json()
            again = await socket.receive_json()
            for _ in range(2):
                await socket.send_json({"envelope_id": again["envelope_id"]})
            assert (await waiting).acked
            await slack.until(lambda: len(slack.problems) == 4)
        starts = ["no ack within", "an ack after", "an ack of an unknown", "a second ack"]
        assert all(map(str.startswith, slack.problems, starts))

    in_slack(act)
