"""The bot's calls to the loopback Slack: remembered, waited for, and made to go wrong."""

import json
import math
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from aiohttp import web

from tests.loopback import Drop, Hang, Loopback, cut
from tests.slack_rules import Json
from tests.slack_state import Workspace

_JSON_FIELDS = {"blocks", "attachments", "view", "metadata", "files"}


class Call(NamedTuple):
    """What the bot asked for: a method, or `response_url`, or `upload`."""

    method: str
    body: Json
    at: float

    @property
    def name(self) -> str:
        """Its method."""
        return self.method


@dataclass(frozen=True)
class RateLimited:
    """HTTP 429, with what to wait."""

    seconds: int = 1


@dataclass(frozen=True)
class Status:
    """An HTTP error without any of Slack's words."""

    code: int = 500


Fault: TypeAlias = str | RateLimited | Status | Drop | Hang


class Calls(Loopback[Call], Workspace):
    """Every call in `calls`; `limits` (calls a minute) are the rate tiers of methods."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: dict[str, int] = {}
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, one after the other."""
        self._faults[method].extend(faults)

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
                return cut(request, reply)
            case Hang(accepted=accepted):
                early = answer() if accepted else None
                if not await self.hang(fault):
                    return cut(request, web.Response())
                return early or answer()
            case error if call.method in ("response_url", "upload"):
                return web.Response(status=404, text=error)
            case error:
                return web.json_response({"ok": False, "error": error})

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
