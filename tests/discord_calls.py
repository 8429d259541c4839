"""The bot's calls to the loopback Discord: remembered, waited for, and made to go wrong."""

import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from tests.discord_state import World
from tests.loopback import Drop, Hang, Loopback, cut


@dataclass(eq=False)
class Call:
    """What the bot asked for; `route` is as the OpenAPI document has it, `status` what it got.

    `status` is None as long as there is no answer, and 0 where the connection was cut.
    """

    method: str
    path: str
    route: str
    query: dict[str, str]
    body: Any
    files: dict[str, bytes] = field(default_factory=dict)
    status: int | None = None
    at: float = 0.0

    @property
    def name(self) -> str:
        """Its route."""
        return self.route


@dataclass(frozen=True)
class RateLimited:
    """HTTP 429; without `via` it is Cloudflare's, which discord.py does not repeat."""

    seconds: float = 0.01
    via: bool = True
    everywhere: bool = False


@dataclass(frozen=True)
class Status:
    """An HTTP error; with a code it has Discord's words, else it is a page of the proxy's."""

    status: int = 500
    code: int | None = None
    message: str = "upstream error"


Fault: TypeAlias = RateLimited | Status | Drop | Hang


class Calls(Loopback[Call], World):
    """Every call in `calls`, and faults in front of them."""

    def __init__(self) -> None:
        super().__init__()
        self._faults: list[tuple[str, re.Pattern[str], deque[Fault]]] = []

    def fail(self, route: str, *faults: Fault) -> None:
        """Let the next calls of a route go wrong, one after the other.

        The route is `METHOD /path`, below the base; a `*` or a `{name}` stands for one part.
        """
        parts = re.split(r"\*|\{\w+\}", route)
        pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
        self._faults.append((route, pattern, deque(faults)))

    def mend(self) -> None:
        """Take back all faults that did not come to pass."""
        self._faults.clear()

    @property
    def pending_faults(self) -> int:
        """How many faults did not come to pass yet."""
        return sum(len(faults) for _, _, faults in self._faults)

    def called(self, route: str) -> list[Call]:
        """All calls of a route so far."""
        return [call for call in self.calls if call.route == route]

    async def answered(
        self, call: Call, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.Response:
        """Answer a call, unless a fault is in front of it."""
        call.at = time.monotonic()
        self.calls.append(call)
        await self.tell()
        try:
            reply = await self._perhaps(call, request, answer)
        except Exception as error:
            self.problems.append(f"{call.method} {call.path} cannot be read: {error!r}")
            raise
        else:
            if call.status is None:
                call.status = reply.status
            return reply
        finally:
            self._finished.append(call)
            await self.tell()

    def _fault(self, call: Call) -> Fault | None:
        for _, pattern, faults in self._faults:
            if faults and pattern.fullmatch(f"{call.method} {call.path}"):
                return faults.popleft()
        return None

    async def _perhaps(
        self, call: Call, request: web.Request, answer: Callable[[], web.Response]
    ) -> web.Response:
        match self._fault(call):
            case None:
                return answer()
            case RateLimited(seconds, via, everywhere):
                return _limited(seconds, via=via, everywhere=everywhere)
            case Status(status, None, message):
                return web.Response(status=status, text=message)
            case Status(status, code, message):
                return told({"code": code, "message": message}, status)
            case Drop(accepted):
                return _cut(call, request, answer() if accepted else web.Response())
            case Hang(accepted=accepted) as fault:
                early = answer() if accepted else None
                if not await self.hang(fault):
                    return _cut(call, request, web.Response())
                return early or answer()


def told(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A reply in JSON; discord.py reads it only where the type has no charset."""
    data = json.dumps(body).encode()
    return web.Response(body=data, status=status, headers=headers, content_type="application/json")


def _limited(seconds: float, *, via: bool, everywhere: bool) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": seconds}
    headers = {"Retry-After": str(max(1, round(seconds)))}
    headers |= {"X-RateLimit-Scope": "global" if everywhere else "user"}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    if not via:
        return web.Response(status=429, headers=headers, text="error code: 1015")
    headers["Via"] = "1.1 google"
    return told(body | {"global": everywhere}, 429, headers)


def _cut(call: Call, request: web.Request, reply: web.Response) -> web.Response:
    call.status = 0
    return cut(request, reply)


async def arguments(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The body of a call and its files by name, in JSON or in parts."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), {}
    form = await request.post()
    payload, files = form.get("payload_json", "{}"), dict[str, bytes]()
    for name, part in form.items():
        if isinstance(part, web.FileField):
            if not re.fullmatch(r"files\[\d\]", name):
                raise ValueError(f"a file in the part {name!r}")
            files[part.filename] = part.file.read()
    return json.loads(str(payload)), files
