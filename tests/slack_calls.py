"""The bot's calls to the loopback Slack: remembered, waited for, and made to go wrong."""

import asyncio
import json
import math
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from aiohttp import web

from tests.slack_rules import Json
from tests.slack_state import Workspace

T = TypeVar("T")

_JSON_FIELDS = {"blocks", "attachments", "view", "metadata", "files"}


class Call(NamedTuple):
    """What the bot asked for: a method, or `response_url`, or `upload`."""

    method: str
    body: Json
    at: float


@dataclass(frozen=True)
class RateLimited:
    """HTTP 429, with what to wait."""

    seconds: int = 1


@dataclass(frozen=True)
class Status:
    """An HTTP error without any of Slack's words."""

    code: int = 500


@dataclass(frozen=True)
class Drop:
    """The connection closes without a reply, before or after the call took effect."""

    accepted: bool


@dataclass(frozen=True)
class Hang:
    """The reply comes late; `accepted` says whether the call takes effect before or after."""

    until: float | asyncio.Event
    accepted: bool = False


Fault: TypeAlias = str | RateLimited | Status | Drop | Hang


class Calls(Workspace):
    """Every call in `calls`; `limits` (calls a minute) are the rate tiers of methods."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.limits: dict[str, int] = {}
        self.closing = asyncio.Event()
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)
        self._finished: list[Call] = []
        self._returned: list[Call] = []
        self._changed = asyncio.Condition()

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, one after the other."""
        self._faults[method].extend(faults)

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109 - as Queue and Event have it in tests
        """Wait for something to become true; looked at again with every call and ack."""
        try:
            async with asyncio.timeout(timeout), self._changed:
                return await self._changed.wait_for(predicate)
        except TimeoutError:
            seen = [call.method for call in self.calls]
            raise TimeoutError(f"still not so; calls {seen}, problems {self.problems}") from None

    async def next_call(self, method: str, timeout: float = 5) -> Call:  # noqa: ASYNC109 - the same
        """The first finished call of a method that was not returned by this before."""

        def unseen() -> Call | None:
            for call in self._finished:
                if call.method == method and not any(call is seen for seen in self._returned):
                    return call
            return None

        call = await self.until(unseen, timeout)
        assert call is not None
        self._returned.append(call)
        return call

    async def tell(self) -> None:
        """Let those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

    async def called(
        self, call: Call, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.Response:
        """Answer a call, unless a fault is in front of it."""
        self.calls.append(call)
        await self.tell()
        try:
            return await self._perhaps(call, request, answer)
        except Exception as error:
            self.problems.append(f"{call.method} cannot be read: {error!r}")
            raise
        finally:
            self._finished.append(call)
            await self.tell()

    async def _perhaps(
        self, call: Call, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.Response:
        queue = self._faults[call.method]
        fault = queue.popleft() if queue else self._limited(call.method)
        match fault:
            case None:
                return answer()
            case RateLimited(seconds):
                headers = {"Retry-After": str(seconds)}
                told = {"ok": False, "error": "ratelimited"}
                return web.json_response(told, status=429, headers=headers)
            case Status(code):
                return web.Response(status=code, text="upstream error")
            case Drop(accepted):
                reply = answer() if accepted else web.Response()
                return _cut(request, reply)
            case Hang(until, accepted):
                early = answer() if accepted else None
                if not await self._hang(until):
                    return _cut(request, web.Response())
                return early or answer()
            case error if call.method in ("response_url", "upload"):
                return web.Response(status=404, text=error)
            case error:
                return web.json_response({"ok": False, "error": error})

    async def _hang(self, until: float | asyncio.Event) -> bool:
        """Wait; False where the server closes first."""
        seconds = None if isinstance(until, asyncio.Event) else until
        events = [self.closing, *([until] if isinstance(until, asyncio.Event) else [])]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return not self.closing.is_set()

    def _limited(self, method: str) -> RateLimited | None:
        if method not in self.limits:
            return None
        times, now = self._times[method], self.now()
        while times and now - times[0] >= 60:
            times.popleft()
        if len(times) >= self.limits[method]:
            return RateLimited(max(1, math.ceil(60 - (now - times[0]))))
        times.append(now)
        return None


def _cut(request: web.Request, reply: web.Response) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return reply


async def arguments(request: web.Request) -> Json:
    """The arguments of a call, wherever they stand, decoded as Slack decodes them."""
    body: Json = dict(request.query)
    if request.content_type == "application/json":
        body |= json.loads(await request.text() or "{}")
    else:
        body |= dict(await request.post())
    for key in _JSON_FIELDS & body.keys():
        # What is no JSON stays as it is, for the method to refuse.
        with suppress(TypeError, ValueError):
            body[key] = json.loads(body[key])
    return body
