"""A Bolt app that does nothing but acknowledge, as Bolt's own documentation writes it."""

import asyncio
import os

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Acknowledge commands and presses until the process is ended."""
    client = AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    )
    app = AsyncApp(client=client)

    @app.command("/numpy")
    async def command(ack: AsyncAck) -> None:
        await ack()

    @app.action("press")
    async def press(ack: AsyncAck) -> None:
        await ack()

    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.start_async()  # type: ignore[no-untyped-call]  # the SDK's


if __name__ == "__main__":
    asyncio.run(main())
