"""What every loopback platform does with the bot's calls: remember, wait, break the line."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from aiohttp import web

T = TypeVar("T")


class Named(Protocol):
    """A call, by what a test knows it."""

    @property
    def name(self) -> str:
        """The method or route."""


C = TypeVar("C", bound=Named)


@dataclass(frozen=True)
class Drop:
    """The connection closes without a reply, before or after the call took effect."""

    accepted: bool


@dataclass(frozen=True)
class Hang:
    """The reply comes late; `accepted` says whether the call takes effect before or after."""

    until: float | asyncio.Event
    accepted: bool = False


class Loopback(Generic[C]):
    """All calls so far, and those who wait for one. `closing` ends whatever hangs."""

    problems: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[C] = []
        self.closing = asyncio.Event()
        self._finished: list[C] = []
        self._returned: list[C] = []
        self._changed = asyncio.Condition()

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109 - as Queue and Event have it in tests
        """Wait for something to become true; looked at again with every call and frame."""
        try:
            async with asyncio.timeout(timeout), self._changed:
                return await self._changed.wait_for(predicate)
        except TimeoutError:
            seen = [call.name for call in self.calls]
            raise TimeoutError(f"still not so; calls {seen}, problems {self.problems}") from None

    async def next_call(self, name: str, timeout: float = 5) -> C:  # noqa: ASYNC109 - the same
        """The first finished call of a name that was not returned by this before."""

        def unseen() -> C | None:
            for call in self._finished:
                if call.name == name and not any(call is seen for seen in self._returned):
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

    async def hang(self, fault: Hang) -> bool:
        """Wait; False where the server closes first."""
        until = fault.until
        seconds = None if isinstance(until, asyncio.Event) else until
        events = [self.closing, *([until] if isinstance(until, asyncio.Event) else [])]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return not self.closing.is_set()


def cut(request: web.Request, reply: web.Response) -> web.Response:
    """Break the line instead of a reply."""
    if request.transport is not None:
        request.transport.abort()
    return reply
