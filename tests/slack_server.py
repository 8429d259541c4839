"""A strict Slack on loopback: the Web API, Socket Mode, signed requests, and people.

Whatever real Slack would refuse or a member would notice goes to `problems`, so that a test ends
with `assert [] == slack.problems`. Faults are put in front of calls with `fail`.
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.slack_calls import Call, Calls, arguments
from tests.slack_people import Delivery, People
from tests.slack_rules import Json
from tests.slack_state import URL_SECONDS, URL_USES, SlackError

ACK_SECONDS = 3.0
MOST_SOCKETS = 10


@dataclass
class _Envelope:
    delivery: Delivery
    sent: float
    done: asyncio.Event


class SlackServer(People, Calls):
    """The loopback Slack, as an async context manager.

    Set `http_url` to reach the bot by signed requests and not by its sockets, `forge` to sign
    them wrongly, `limits` (calls a minute) for rate tiers, `revoked` to take the token away,
    `refuse_sockets` for so many sockets that do not open although their ticket is spent, `down`
    to be out of reach.
    """

    def __init__(self) -> None:
        super().__init__()
        self.signing_secret = "signing-secret"  # noqa: S105 - of a Slack that is not real
        self.revoked = False
        self.http_url: str | None = None
        self.forge: Literal["signature", "timestamp"] | None = None
        self._sockets: list[tuple[web.WebSocketResponse, asyncio.BaseTransport | None]] = []
        self._retired: list[tuple[web.WebSocketResponse, asyncio.BaseTransport | None]] = []
        self.refuse_sockets = 0
        self.down = False
        self._tickets: set[str] = set()
        self._envelopes: dict[str, _Envelope] = {}

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._reached])
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{name}", self._response)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_get("/link/", self._socket)
        app.router.add_route("*", "/{path:.*}", self._elsewhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = aiohttp.ClientSession(trust_env=False)
        return self

    @web.middleware
    async def _reached(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.down and request.transport is not None:
            request.transport.abort()
            return web.Response()
        return await handler(request)

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        self.drop_sockets()
        await self._client.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What to set as the Web API's base URL."""
        return f"{self.base_url}/api/"

    @property
    def connections(self) -> int:
        """How many sockets the bot has open."""
        return len(self._sockets)

    async def wait_connected(self, connections: int = 1) -> None:
        """Wait for the bot's sockets."""
        await self.until(lambda: len(self._sockets) >= connections)

    def drop_sockets(self) -> None:
        """Cut all sockets, as a broken line does."""
        for _, transport in [*self._sockets, *self._retired]:
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        self._sockets, self._retired = [], []

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to open a new socket, as Slack does every few hours.

        Nothing more is sent to the old ones, but what they acknowledge still counts.
        """
        told, self._sockets = self._sockets, []
        self._retired += told
        for socket, _ in told:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def deliver(self, kind: str, payload: Json) -> Delivery:
        """Send something to the bot and wait for its acknowledgement.

        Kinds are those of Socket Mode: slash_commands, interactive, events_api; by HTTP also
        url_verification and ssl_check.
        """
        return await self._send(Delivery(kind, payload, self.number("envelope")), 0)

    async def redeliver(self, delivery: Delivery, retry: int = 1) -> Delivery:
        """Send the same once more, as Slack does when it saw no acknowledgement."""
        again = Delivery(delivery.kind, delivery.body, delivery.envelope_id)
        return await self._send(again, retry)

    async def _send(self, delivery: Delivery, retry: int) -> Delivery:
        if self.http_url is not None:
            await self._send_request(delivery, self.http_url, retry)
        else:
            await self._send_envelope(delivery, retry)
        await self.tell()
        return delivery

    async def _send_envelope(self, delivery: Delivery, retry: int) -> None:
        if not self._sockets:
            raise ConnectionError("the bot has no socket open")
        self._sockets.append(self._sockets.pop(0))
        body: Json = {"envelope_id": delivery.envelope_id, "type": delivery.kind}
        body |= {"payload": delivery.body}
        body["accepts_response_payload"] = delivery.kind != "events_api"
        if delivery.kind == "events_api":
            body |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        envelope = _Envelope(delivery, time.monotonic(), asyncio.Event())
        self._envelopes[delivery.envelope_id] = envelope
        await self._sockets[-1][0].send_json(body)
        try:
            await asyncio.wait_for(envelope.done.wait(), ACK_SECONDS)
        except TimeoutError:
            self.problems.append(f"no ack within 3 s: {_named(delivery)}")

    def _acknowledge(self, ack: Json) -> None:
        envelope = self._envelopes.get(str(ack.get("envelope_id")))
        if envelope is None:
            self.problems.append(f"an ack of an unknown envelope: {ack}")
            return
        delivery, seconds = envelope.delivery, time.monotonic() - envelope.sent
        if delivery.acked:
            self.problems.append(f"a second ack: {_named(delivery)}")
        elif seconds > ACK_SECONDS:
            self.problems.append(f"an ack after {seconds:.1f} s: {_named(delivery)}")
        else:
            delivery.seconds, delivery.ack = seconds, ack.get("payload")
            envelope.done.set()

    async def _send_request(self, delivery: Delivery, url: str, retry: int) -> None:
        form = delivery.kind in ("slash_commands", "ssl_check", "interactive")
        content: Json = delivery.body
        if delivery.kind == "interactive":
            content = {"payload": json.dumps(content)}
        data = urlencode(content) if form else json.dumps(content)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {"Content-Type": kind} | self._signature(data)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        sent = time.monotonic()
        try:
            async with (
                asyncio.timeout(ACK_SECONDS),
                self._client.post(url, data=data, headers=headers) as reply,
            ):
                text, delivery.status = await reply.text(), reply.status
        except TimeoutError:
            self.problems.append(f"no ack within 3 s: {_named(delivery)}")
            return
        if delivery.status == 200:
            delivery.seconds = time.monotonic() - sent
            plain = reply.content_type != "application/json"
            delivery.ack = ({"text": text} if plain else json.loads(text)) if text else None
        elif self.forge is None:
            self.problems.append(f"HTTP {delivery.status} for {_named(delivery)}")

    def _signature(self, data: str) -> dict[str, str]:
        stamp = str(int(time.time()) - (600 if self.forge == "timestamp" else 0))
        secret = "wrong" if self.forge == "signature" else self.signing_secret
        signed = hmac.new(secret.encode(), f"v0:{stamp}:{data}".encode(), hashlib.sha256)
        return {
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
            "X-Slack-Request-Timestamp": stamp,
        }

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if len(self._sockets) >= MOST_SOCKETS:
            self.problems.append("an eleventh socket")
        ticket = request.query.get("ticket", "")
        is_new, self._tickets = ticket not in self._tickets, {*self._tickets, ticket}
        if not is_new:
            raise web.HTTPForbidden
        if self.refuse_sockets:
            self.refuse_sockets -= 1
            await self.tell()
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        mine = (socket, request.transport)
        hello: Json = {"type": "hello", "num_connections": len(self._sockets) + 1}
        hello |= {"debug_info": {"host": "applink"}, "connection_info": {"app_id": "A1"}}
        await socket.send_json(hello)
        self._sockets.append(mine)
        await self.tell()
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledge(message.json())
                    await self.tell()
        finally:
            for sockets in (self._sockets, self._retired):
                if mine in sockets:
                    sockets.remove(mine)
            await self.tell()
        return socket

    async def _api(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await arguments(request)

        def answer() -> web.Response:
            try:
                told = Json(ok=True) | self._answer(method, request, json.loads(json.dumps(body)))
            except SlackError as error:
                told = {"ok": False, "error": error.code} | error.more
            scopes = ",".join(sorted(self.scopes))
            return web.json_response(told, headers={"x-oauth-scopes": scopes})

        return await self.called(Call(method, body, time.monotonic()), request, answer)

    def _answer(self, method: str, request: web.Request, body: Json) -> Json:
        if method not in self.METHODS:
            self.problems.append(f"unknown method {method}")
            raise SlackError("unknown_method")
        act, scope = self.METHODS[method]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        wanted, other = self.bot_token, self.app_token
        if method == "apps.connections.open":
            wanted, other = other, wanted
        if not token:
            raise SlackError("not_authed")
        if token != wanted:
            raise SlackError("not_allowed_token_type" if token == other else "invalid_auth")
        if self.revoked:
            raise SlackError("token_revoked")
        self.require(scope)
        return act(self, body)

    async def _response(self, request: web.Request) -> web.Response:
        url, body = self.urls.get(request.match_info["name"]), await request.json()

        def answer() -> web.Response:
            if url is None:
                self.problems.append("a response_url that nobody gave out")
                return web.Response(status=404, text="no_url")
            if self.now() - url.made > URL_SECONDS:
                return web.Response(status=404, text="expired_url")
            if url.uses >= URL_USES:
                self.problems.append("a sixth use of a response_url")
                return web.Response(status=404, text="used_url")
            url.uses += 1
            self.respond(url, json.loads(json.dumps(body)), "response_url")
            return web.Response(text="ok")

        return await self.called(Call("response_url", body, time.monotonic()), request, answer)

    async def _upload(self, request: web.Request) -> web.Response:
        file, content = self.files.get(request.match_info["name"]), await request.read()

        def answer() -> web.Response:
            if file is None:
                self.problems.append("an upload to a URL that nobody gave out")
                return web.Response(status=404)
            if len(content) != file["length"]:
                self.problems.append(f"{len(content)} bytes of {file['length']} came")
            file["content"] = content
            return web.Response(text=f"OK - {len(content)}")

        told = {"file": request.match_info["name"], "bytes": len(content)}
        return await self.called(Call("upload", told, time.monotonic()), request, answer)

    async def _elsewhere(self, request: web.Request) -> web.Response:
        self.problems.append(f"unknown route {request.method} {request.path}")
        return web.Response(status=404)


def _named(delivery: Delivery) -> str:
    body = delivery.body
    kind = body.get("command") or (body.get("event") or body).get("type") or delivery.kind
    actions = [action.get("action_id") for action in body.get("actions", [])]
    return " ".join(map(str, [kind, *actions]))
