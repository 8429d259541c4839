"""What an answer of Slack's means, row for row of the table in `adapters.slack_client`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack_client import (
    DOUBTFUL,
    GONE,
    REFUSED_TOKEN,
    TOKEN_ERRORS,
    UNREACHABLE,
    WORDS,
    SlackClient,
    ask,
    code_of,
    explained,
)
from adapters.slack_settings import SlackSettings
from bot.errors import DeliveryError, Refused, RetryAfter, Unsure

LOGIN = {"ok": True, "team_id": "T1", "user_id": "UBOT", "url": "", "ts": "1.1"}


def failed(
    data: Any = None,  # noqa: ANN401  # whatever came
    status: int = 200,
    **headers: str,
) -> SlackApiError:
    """What the SDK raises for an answer; `headers` are written with _ for -."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={"headers": {"Authorization": "Bearer xoxb-1-secret"}},
        data=data if data is not None else {},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return api_error(response)


def api_error(response: object) -> SlackApiError:
    """The SDK's error with something as its response."""
    return SlackApiError("The request to the Slack API failed.", response)  # type: ignore[no-untyped-call]  # the SDK's


def error(code: str) -> dict[str, Any]:
    """An answer with a code."""
    return {"ok": False, "error": code}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (failed(error("is_archived")), "is_archived"),
        (failed({}), ""),
        (failed({"ok": False}), ""),
        (failed("upstream error", 503), ""),
        (failed([1]), ""),
        (failed({"error": ""}), ""),
        (ValueError("x"), ""),
        (api_error(None), ""),
        (api_error({"error": "x"}), ""),
    ],
)
def test_slack_s_own_word(given: Exception, code: str) -> None:
    """Its code where there is one, and nothing for whatever else went wrong."""
    assert code == code_of(given)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (failed(error("ratelimited"), 429, Retry_After="7"), 7.0),
        (failed(error("ratelimited"), 429, retry_after="30"), 30.0),
        (failed("slow down", 429, Retry_After="0"), 0.0),
        (failed({}, 429), UNREACHABLE),
        (failed({}, 429, Retry_After="soon"), UNREACHABLE),
        (failed({}, 429, Retry_After=""), UNREACHABLE),
        (failed({}, 429, Retry_After="²"), UNREACHABLE),
        (failed({}, 429, Retry_After="-1"), UNREACHABLE),
        (failed(error("internal_error"), 429, Retry_After="5"), 5.0),
        (failed(error("ratelimited"), 200, Retry_After="4"), 4.0),
        (failed(error("rate_limited")), UNREACHABLE),
    ],
)
def test_too_many_calls_are_to_wait(given: SlackApiError, seconds: float) -> None:
    """As long as Slack says, or for a while where it says nothing that can be read."""
    found = explained(given)
    assert isinstance(found, RetryAfter)
    assert seconds == found.seconds


@pytest.mark.parametrize("code", sorted(TOKEN_ERRORS))
def test_a_refused_token_is_logged_and_waits(code: str, caplog: pytest.LogCaptureFixture) -> None:
    """One line that names the setting and Slack's word, never the token."""
    found = explained(failed(error(code)))
    assert isinstance(found, RetryAfter)
    assert REFUSED_TOKEN == found.seconds
    (record,) = caplog.records
    assert (logging.ERROR, True) == (record.levelno, f"({code})" in record.getMessage())
    assert "SLACK_BOT_TOKEN" in record.getMessage()
    assert "xoxb-" not in caplog.text + str(found)


@pytest.mark.parametrize(
    "given",
    [
        *(failed(error(code)) for code in sorted(DOUBTFUL)),
        *(failed(error("fatal_error"), status) for status in (200, 500, 503)),
        *(failed("upstream error", status) for status in (500, 502, 503, 504)),
        *(failed({}, status) for status in (200, 404, 500)),
        failed({"ok": False}),
    ],
    ids=str,
)
def test_trouble_on_slack_s_side_leaves_us_unsure(given: SlackApiError) -> None:
    """The message may have been posted."""
    assert type(explained(given)) is Unsure


def test_a_server_error_leaves_us_unsure_whatever_its_word() -> None:
    """5xx means that it may have happened."""
    assert type(explained(failed(error("over_capacity"), 503))) is Unsure


@pytest.mark.parametrize("code", sorted(GONE | WORDS.keys()))
def test_a_place_that_is_closed_is_refused(code: str) -> None:
    """`gone` tells those that stay closed, and a manager reads what to do."""
    found = explained(failed(error(code)))
    assert isinstance(found, Refused)
    assert (code in GONE) == found.gone
    assert WORDS.get(code, f"Slack says {code}") == str(found)


@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "something_new"])
def test_any_other_error_is_refused(code: str) -> None:
    """It did not happen, and is worth another try where somebody changes something."""
    found = explained(failed(error(code)))
    assert isinstance(found, Refused)
    assert (f"Slack says {code}", False) == (str(found), found.gone)


def test_a_missing_scope_is_named() -> None:
    """With what to do about it; the place is not closed for ever."""
    found = explained(failed({**error("missing_scope"), "needed": "chat:write"}))
    assert isinstance(found, Refused)
    assert not found.gone
    assert "the scope chat:write" in str(found)
    assert "reinstall" in str(found)
    assert isinstance(explained(failed(error("missing_scope"))), Refused)


class Peers:
    """A Slack that says one thing; `calls` has the connection of each call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.body, self.kind, self.status = b"", "application/json", 200
        self.headers: dict[str, str] = {}
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Take a call."""
        assert request.transport is not None
        self.calls.append(request.transport.get_extra_info("peername"))
        if request.path == "/api/auth.test":
            return web.json_response(LOGIN)
        return web.Response(
            body=self.body, status=self.status, content_type=self.kind, headers=self.headers
        )

    @asynccontextmanager
    async def logged_in(self) -> AsyncIterator[SlackClient]:
        """A client of this Slack that logged in."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        token = "xoxb-1-test"  # noqa: S105  # of a Slack that is not real
        client = SlackClient(SlackSettings(bot_token=token, api_url=self.url))
        try:
            await client.open()
            yield client
        finally:
            await client.close()
            await runner.cleanup()


@pytest.mark.parametrize(
    ("body", "kind", "status", "meaning"),
    [
        (b"<html>Sorry</html>", "text/html", 200, Unsure),
        (b"<html>Sorry</html>", "text/html", 502, Unsure),
        (b"<html>Sorry</html>", "text/html", 429, RetryAfter),
        (b"upstream error", "text/plain", 200, Unsure),
        (b"upstream error", "text/plain", 503, Unsure),
        (b"slow down", "text/plain", 429, RetryAfter),
        (b"{nonsense", "application/json", 200, Unsure),
        (b"", "application/json", 200, Unsure),
        (b"[1, 2]", "application/json", 200, Unsure),
        (b"null", "application/json", 200, Unsure),
        (b"\xff\xfe", "application/json", 200, Unsure),
        (b'{"ok": "no"', "application/json", 500, Unsure),
        (b"\x1f\x8b", "application/octet-stream", 200, Unsure),
        (b'{"ok": false, "error": "is_archived"}', "application/json", 200, Refused),
        (b'{"ok": false, "error": "is_archived"}', "application/json", 404, Refused),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_us_unsure(
    body: bytes, kind: str, status: int, meaning: type[DeliveryError]
) -> None:
    """Whatever stands between us and Slack may say anything; nothing is sent again."""
    slack = Peers()

    async def act() -> None:
        async with slack.logged_in() as client:
            slack.body, slack.kind, slack.status = body, kind, status
            with pytest.raises(DeliveryError) as caught:
                await ask(client.web.chat_postMessage(channel="C1", text="Hello"))
            assert type(caught.value) is meaning
            assert "xoxb-" not in str(caught.value)

    asyncio.run(act())
    assert 2 == len(slack.calls)


def test_all_calls_share_one_session_and_its_connection() -> None:
    """Logging in, both kinds of calls and private replies open no connection of their own."""
    slack = Peers()

    async def act() -> None:
        async with slack.logged_in() as client:
            slack.body = b'{"ok": true, "ts": "1.1"}'
            assert client.session is client.web.session is client.patient.session
            for _ in range(2):
                await ask(client.web.chat_postMessage(channel="C1", text="Hello"))
                await ask(client.patient.users_info(user="UADA"))
                await client.respond(f"{slack.url}respond", {"text": "Hello"})

    asyncio.run(act())
    assert 7 == len(slack.calls)
    assert 1 == len(set(slack.calls))
