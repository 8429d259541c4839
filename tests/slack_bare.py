"""A real Bolt app that does little, for tests of the loopback Slack itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_rules import Json
from tests.slack_server import SlackServer

MENU: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Menu"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_preformatted",
                "language": "python",
                "elements": [{"type": "text", "text": "np.ones(3)"}],
            }
        ],
    },
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "answer",
                "value": "7",
                "text": {"type": "plain_text", "text": "Answer…"},
            }
        ],
    },
]


def form(title: str = "Answer") -> Json:
    """A modal that asks for a text."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "typed",
                "label": {"type": "plain_text", "text": "Shape"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }


def web_client(slack: SlackServer) -> AsyncWebClient:
    """A real client of this Slack that retries nothing."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def bolt(slack: SlackServer) -> AsyncApp:
    """A bare bot: a command with a menu, a button with a form, a home and mentions."""
    app = AsyncApp(client=web_client(slack), signing_secret=slack.signing_secret)

    @app.command("/numpy")
    async def _(ack: Any, respond: Any) -> None:  # noqa: ANN401 - Bolt gives them by name
        await ack()
        await respond(text="Menu", blocks=MENU)

    @app.action("answer")
    async def _(ack: Any, body: Json, client: AsyncWebClient) -> None:  # noqa: ANN401 - the same
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.view("form")
    async def _(ack: Any, view: Json) -> None:  # noqa: ANN401 - the same
        if view["state"]["values"]["typed"]["text"]["value"] != "(3,)":
            await ack(response_action="errors", errors={"typed": "No."})
        else:
            await ack(response_action="update", view=form("Right"))

    @app.view("other")
    async def _(ack: Any) -> None:  # noqa: ANN401 - the same
        await ack()

    @app.event("app_home_opened")
    async def _(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": MENU[:1]})

    @app.event("app_mention")
    async def _(event: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text="Hello", blocks=MENU
        )

    return app


@asynccontextmanager
async def by_socket(slack: SlackServer) -> AsyncIterator[None]:
    """The bot, connected in Socket Mode."""
    handler = AsyncSocketModeHandler(bolt(slack), slack.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.wait_connected()
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def by_http(slack: SlackServer) -> AsyncIterator[None]:
    """The bot, reached by signed requests."""
    runner = web.AppRunner(bolt(slack).web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.http_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


def in_slack(act: Callable[[SlackServer], Awaitable[None]]) -> None:
    """Run something in a Slack with a channel of two members."""

    async def run() -> None:
        async with SlackServer() as slack:
            slack.add_channel("C1", "U1", "U2")
            await act(slack)

    asyncio.run(run())
