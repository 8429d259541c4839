"""How Slack's events reach the bot: over a socket that the bot opens, or by HTTP requests."""

import asyncio
from contextlib import suppress

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack_client import SDK_LOG, UNREACHABLE, SlackClient
from adapters.slack_settings import PATH
from bot.errors import RetryAfter, SettingError

CONNECTING = 20.0
FINISHING = 3.0
"""Seconds in which what has come in is still acknowledged before the wire is cut."""


class _Handler(AsyncSocketModeHandler):
    """Knows what has come in and is not acknowledged yet."""

    handling: set[asyncio.Task[None] | None]

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in the SDK
        """Have a request answered."""
        task = asyncio.current_task()
        self.handling.add(task)
        try:
            await super().handle(client, req)
        finally:
            self.handling.discard(task)


class SlackWire:
    """The wire between Slack and a Bolt app, from `open` to `close`.

    `ping` is how often, in seconds, a silent socket is looked at; one that is dead is replaced.
    """

    def __init__(self, client: SlackClient, ping: float) -> None:
        self._client, self._ping = client, ping
        self._socket: SocketModeClient | None = None
        self._handling: set[asyncio.Task[None] | None] = set()
        self._server: web.AppRunner | None = None

    async def open(self, app: AsyncApp) -> str:
        """Begin to listen and say how; raises SettingError, or a DeliveryError to try again."""
        settings = self._client.settings
        if settings.app_token:
            await self._open_socket(app)
            return "Socket Mode"
        await self._open_server(app)
        return f"HTTP, {settings.host}:{settings.port}{PATH}"

    async def _open_socket(self, app: AsyncApp) -> None:
        handler = _Handler(
            app,
            self._client.settings.app_token,
            logger=SDK_LOG,
            web_client=self._client.web,
            ping_interval=self._ping,
        )
        handler.handling = self._handling
        self._socket = handler.client
        # Asked for here: the SDK itself would ask again and again with a token that is wrong.
        self._socket.wss_uri = await self._client.socket_address()
        try:
            async with asyncio.timeout(CONNECTING):
                await self._socket.connect()  # type: ignore[no-untyped-call]  # the SDK's
        except TimeoutError as error:
            raise RetryAfter(UNREACHABLE, "Slack's socket does not open") from error

    async def _open_server(self, app: AsyncApp) -> None:
        settings = self._client.settings
        self._server = web.AppRunner(app.web_app(PATH), access_log=None, shutdown_timeout=FINISHING)
        await self._server.setup()
        try:
            await web.TCPSite(self._server, settings.host, settings.port).start()
        except OSError as error:
            raise SettingError(
                f"Nothing can listen on {settings.host}:{settings.port} "
                f"({error.strerror or error}). Set SLACK_LISTEN to an address that is free."
            ) from error

    async def close(self) -> None:
        """Acknowledge what came in, and listen no more."""
        socket, self._socket = self._socket, None
        server, self._server = self._server, None
        if socket is not None:
            if handling := [task for task in self._handling if task is not None]:
                await asyncio.wait(handling, timeout=FINISHING)
            tasks = [
                socket.message_processor,
                socket.current_session_monitor,
                socket.message_receiver,
            ]
            with suppress(Exception):
                await socket.close()  # type: ignore[no-untyped-call]  # the SDK's
            running = [task for task in tasks if task is not None]
            await asyncio.gather(*running, return_exceptions=True)
        if server is not None:
            await server.cleanup()
