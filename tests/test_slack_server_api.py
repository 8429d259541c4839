"""The loopback Slack's Web API is as strict as the real one."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.loopback import Drop, Hang
from tests.slack_bare import MENU, by_socket, form, in_slack, web_client
from tests.slack_calls import RateLimited, Status
from tests.slack_forms import NotThere
from tests.slack_server import SlackServer


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_what_the_bot_must_not_send() -> None:
    """Unknown methods, mentions in texts, long buttons and used triggers are noted."""

    async def act(slack: SlackServer) -> None:
        client = web_client(slack)
        long = {"type": "plain_text", "text": "x" * 76}
        blocks: list[dict[str, Any]] = [
            {"type": "actions", "elements": [{"type": "button", "text": long}]}
        ]
        trigger = slack.trigger("U1")
        assert "unknown_method" == await _error(client.api_call("chat.scheduleMessage"))
        await client.chat_postMessage(channel="C1", text="<!channel> hi")
        await client.chat_postMessage(channel="U1", text="hi", blocks=blocks)
        await client.views_open(trigger_id=trigger, view=form())
        assert "exchanged_trigger_id" == await _error(
            client.views_push(trigger_id=trigger, view=form())
        )
        slack.expire_triggers = True
        late = client.views_open(trigger_id=slack.trigger("U1"), view=form())
        assert "expired_trigger_id" == await _error(late)
        for expected in ("chat.scheduleMessage", "<!channel>", "76 characters", "used twice"):
            assert any(expected in problem for problem in slack.problems), expected

    in_slack(act)


async def _error(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def test_refusals_of_the_web_api() -> None:
    """The Web API refuses with Slack's words."""

    async def act(slack: SlackServer) -> None:
        client = web_client(slack)
        slack.add_channel("C2", "U1", bot=False)
        slack.add_channel("C3", "U1", archived=True)
        said = slack.say("U1", "C1", "hello")
        refused = {
            "channel_not_found": client.chat_postMessage(channel="C9", text="x"),
            "not_in_channel": client.chat_postMessage(channel="C2", text="x"),
            "is_archived": client.chat_postMessage(channel="C3", text="x"),
            "message_not_found": client.chat_update(channel="C1", ts="1.0", text="x"),
            "cant_update_message": client.chat_update(channel="C1", ts=said.ts, text="x"),
            "user_not_in_channel": client.chat_postEphemeral(channel="C1", user="U9", text="x"),
            "user_not_found": client.users_info(user="U9"),
            "not_found": client.views_update(view_id="V9", view=form()),
            "missing_scope": client.conversations_open(users="U1"),
        }
        for code, call in refused.items():
            assert code == await _error(call)
        slack.revoked = True
        assert "token_revoked" == await _error(client.auth_test())
        assert [] == slack.problems

    in_slack(act)


def test_history_newest_first_in_pages() -> None:
    """A channel is read newest first, threads apart, with metadata where asked for."""

    async def act(slack: SlackServer) -> None:
        client, key = web_client(slack), {"event_type": "post", "event_payload": {"key": "k"}}
        slack.now = lambda: 1_772_438_400.0
        first = await client.chat_postMessage(channel="C1", text="one", metadata=key)
        await client.chat_postMessage(channel="C1", text="two")
        await client.chat_postMessage(channel="C1", text="in it", thread_ts=first["ts"])
        page = await client.conversations_history(channel="C1", limit=1)
        cursor = page["response_metadata"]["next_cursor"]
        rest = await client.conversations_history(
            channel="C1", cursor=cursor, limit=1, include_all_metadata=True
        )
        thread = await client.conversations_replies(channel="C1", ts=first["ts"])
        assert "1772438400.000000" == first["ts"]
        assert ["two"] == [message["text"] for message in page["messages"]]
        assert [key] == [message.get("metadata") for message in rest["messages"]]
        assert ["one", "in it"] == [message["text"] for message in thread["messages"]]
        assert not rest["has_more"]
        assert [] == slack.problems

    in_slack(act)


def test_a_response_url_lasts_five_uses() -> None:
    """A response replaces, posts and deletes; the sixth use and an old URL are refused."""

    async def act(slack: SlackServer) -> None:
        shown = slack.shown("U1", "C1", {"text": "Menu", "blocks": MENU})
        url = slack.url("U1", "C1", shown)
        async with aiohttp.ClientSession() as session:

            async def use(**body: Any) -> str:  # noqa: ANN401 - JSON
                async with session.post(url, json=body) as reply:
                    return str(await reply.text())

            assert "ok" == await use(text="New", replace_original=True)
            assert "ok" == await use(
                text="Seen", replace_original=False, response_type="in_channel"
            )
            assert ("New", True, []) == (shown.text, shown.replaced, shown.blocks)
            assert ["Seen"] == [message.text for message in slack.channels["C1"].messages]
            assert "ok" == await use(text="More", replace_original=False)
            assert ["New", "More"] == [seen.text for seen in slack.ephemerals_of("U1")]
            assert "ok" == await use(delete_original=True)
            assert ["More"] == [seen.text for seen in slack.ephemerals_of("U1")]
            assert "ok" == await use(delete_original=True)
            assert [] == slack.problems
            assert "used_url" == await use(text="Six", replace_original=False)
            assert ["a sixth use of a response_url"] == slack.problems
            slack.expire_urls()
            assert "expired_url" == await use(text="Late", replace_original=False)

    in_slack(act)


def test_faults_and_rate_tiers() -> None:
    """Calls are limited, fail, lose their reply or come late, and then work again."""

    async def act(slack: SlackServer) -> None:
        client, gate = web_client(slack), asyncio.Event()
        faults = ("fatal_error", RateLimited(7), Status(503), Drop(accepted=True), Hang(gate))
        slack.fail("chat.postMessage", *faults)
        assert "fatal_error" == await _error(client.chat_postMessage(channel="C1", text="0"))
        with pytest.raises(SlackApiError) as limited:
            await client.chat_postMessage(channel="C1", text="1")
        assert "7" == limited.value.response.headers["Retry-After"]
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="C1", text="2")
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat_postMessage(channel="C1", text="3")
        hanging = asyncio.create_task(client.chat_postMessage(channel="C1", text="4"))
        await slack.until(lambda: len(slack.calls) == 5)
        assert ["3"] == [message.text for message in slack.channels["C1"].messages]
        gate.set()
        await hanging
        assert ["3", "4"] == [message.text for message in slack.channels["C1"].messages]
        slack.limits["users.info"], slack.now = 1, lambda: 100.0
        await client.users_info(user="U1")
        assert "ratelimited" == await _error(client.users_info(user="U1"))
        slack.now = lambda: 160.0
        await client.users_info(user="U1")
        assert [] == slack.problems

    in_slack(act)


def test_files_are_shared() -> None:
    """An upload in three steps ends up in the channel."""

    async def act(slack: SlackServer) -> None:
        shared = await web_client(slack).files_upload_v2(
            content=b"PNG", filename="a.png", title="A", channel="C1", alt_txt="a plot"
        )
        file = slack.files[shared["files"][0]["id"]]
        assert (b"PNG", "C1", "a plot") == (file["content"], file["shared"], file["alt_txt"])
        assert "A" == slack.channels["C1"].messages[0].files[0]["title"]
        assert [] == slack.problems

    in_slack(act)


def test_modals_three_deep() -> None:
    """A third modal is the last one, and what a form does not offer cannot be entered."""

    async def act(slack: SlackServer) -> None:
        client = web_client(slack)
        await client.views_open(trigger_id=slack.trigger("U1"), view=form())
        for _ in range(2):
            await client.views_push(trigger_id=slack.trigger("U1"), view=form())
        fourth = client.views_push(trigger_id=slack.trigger("U1"), view=form())
        assert "push_limit_reached" == await _error(fourth)
        top = slack.top_view("U1")
        assert top is not None
        assert top.root_id == slack.modals["U1"][0].id
        for values in ({"typed": ""}, {"other": "x"}):
            with pytest.raises(NotThere):
                await slack.submit("U1", values)
        assert await slack.close("U1") is None
        assert 2 == len(slack.modals["U1"])
        assert [] == slack.problems

    in_slack(act)


def test_forms_offer_and_hostile_people_forge() -> None:
    """Check boxes take what they offer, and more only by force; payloads can be edited."""

    async def act(slack: SlackServer) -> None:
        option = {"text": {"type": "plain_text", "text": "A view"}, "value": "a"}
        boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option]}
        block = form()["blocks"][0] | {"element": boxes}
        async with by_socket(slack):
            for _ in range(2):
                trigger = slack.trigger("U1")
                view = form() | {"blocks": [block], "callback_id": "other"}
                await web_client(slack).views_open(trigger_id=trigger, view=view)
                with pytest.raises(NotThere, match="A view"):
                    await slack.submit("U1", {"typed": ["b"]})
                given = await slack.submit("U1", {"typed": ["A view"]}, team_id="T2")
                state = given.body["view"]["state"]["values"]["typed"]["boxes"]
                assert [option] == state["selected_options"]
                assert "T2" == given.body["user"]["team_id"]
                assert slack.top_view("U1") is None
            forged = await slack.slash("U1", "C1", edit=lambda body: body.update(user_id="U9"))
            assert "U9" == forged.body["user_id"]
        assert [] == slack.problems

    in_slack(act)
