"""How Slack's events reach the bot: over a socket that the bot opens, or by HTTP requests."""

import asyncio
import errno
import logging
from contextlib import suppress

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack_client import SDK_LOG, UNREACHABLE, SlackClient
from adapters.slack_settings import PATH
from bot.errors import RetryAfter, SettingError

log = logging.getLogger(__name__)

CONNECTING = 20.0
MOST_SILENT = 2

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
        self._silent = 0

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
        self._silent = 0
        # Asked for here: the SDK itself would ask again and again with a token that is wrong.
        self._socket.wss_uri = await self._client.socket_address()
        try:
            async with asyncio.timeout(CONNECTING):
                await self._socket.connect()  # type: ignore[no-untyped-call]  # the SDK's
        except TimeoutError as error:
            raise RetryAfter(UNREACHABLE, "Slack's socket does not open") from error

    async def _open_server(self, app: AsyncApp) -> None:
        settings = self._client.settings
        served = app.web_app(PATH)
        served.middlewares.append(_door(settings.signing_secret))
        self._server = web.AppRunner(served, access_log=None, shutdown_timeout=FINISHING)
        await self._server.setup()
        try:
            await web.TCPSite(self._server, settings.host, settings.port).start()
        except OSError as error:
            message = (
                f"Nothing can listen on {settings.host}:{settings.port} "
                f"({error.strerror or error}). Set SLACK_LISTEN to an address that is free."
            )
            if error.errno == errno.EADDRINUSE:  # whoever has it may be about to end
                raise RetryAfter(UNREACHABLE, message) from error
            raise SettingError(message) from error

    async def is_up(self) -> bool:
        """Whether Slack still reaches the bot.

        The SDK replaces a socket that broke, but holds on for ever to an address that Slack
        does not take any more; so one that is found down twice running is given up.
        """
        socket = self._socket
        if socket is None:
            return self._server is not None
        self._silent = 0 if await socket.is_connected() else self._silent + 1
        return self._silent < MOST_SILENT

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


def _door(secret: str) -> Middleware:
    """Lets in what Slack signed, before anybody reads what it says."""
    verifier = SignatureVerifier(secret)

    @web.middleware
    async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(FINISHING):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        try:
            is_signed = verifier.is_valid_request(body, dict(request.headers))
        except (TypeError, ValueError):  # a signature or time in letters that no signature has
            is_signed = False
        # Slack looks at a certificate with a request that it does not sign.
        if not is_signed and b"ssl_check=1" not in body:
            return web.Response(status=401)
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001  # Bolt's own reading of a body raises anything
            log.log(
                logging.ERROR if is_signed else logging.INFO,
                "a request was not understood (%s)", type(error).__name__,
            )  # fmt: skip
            return web.Response(status=400)

    return door
