"""The bot's calls to the loopback Discord: remembered, waited for, and made to go wrong."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from aiohttp import web

from tests.discord_state import World

T = TypeVar("T")


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


@dataclass(frozen=True)
class Drop:
    """The connection closes without a reply, before or after the call took effect."""

    accepted: bool


@dataclass(frozen=True)
class Hang:
    """The reply comes late; `accepted` says whether the call takes effect before or after."""

    until: float | asyncio.Event
    accepted: bool = False


Fault: TypeAlias = RateLimited | Status | Drop | Hang


class Calls(World):
    """Every call in `calls`, and faults in front of them."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.closing = asyncio.Event()
        self._faults: list[tuple[str, re.Pattern[str], deque[Fault]]] = []
        self._finished: list[Call] = []
        self._returned: list[Call] = []
        self._changed = asyncio.Condition()

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

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109 - as Queue and Event have it in tests
        """Wait for something to become true; looked at again with every call and frame."""
        try:
            async with asyncio.timeout(timeout), self._changed:
                return await self._changed.wait_for(predicate)
        except TimeoutError:
            seen = [f"{call.method} {call.path} {call.status}" for call in self.calls]
            raise TimeoutError(f"still not so; calls {seen}, problems {self.problems}") from None

    async def next_call(self, route: str, timeout: float = 5) -> Call:  # noqa: ASYNC109 - the same
        """The first finished call of a route that was not returned by this before."""

        def unseen() -> Call | None:
            for call in self._finished:
                if call.route == route and not any(call is seen for seen in self._returned):
                    return call
            return None

        call = await self.until(unseen, timeout)
        assert call is not None
        self._returned.append(call)
        return call

    def called(self, route: str) -> list[Call]:
        """All calls of a route so far."""
        return [call for call in self.calls if call.route == route]

    async def tell(self) -> None:
        """Let those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

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
            case Hang(until, accepted):
                early = answer() if accepted else None
                if not await self._hang(until):
                    return _cut(call, request, web.Response())
                return early or answer()

    async def _hang(self, until: float | asyncio.Event) -> bool:
        """Wait; False where the server closes first."""
        seconds = None if isinstance(until, asyncio.Event) else until
        events = [self.closing, *([until] if isinstance(until, asyncio.Event) else [])]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return not self.closing.is_set()


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
    if request.transport is not None:
        request.transport.abort()
    return reply


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
