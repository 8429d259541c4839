"""Connections made of memory, and what to do with a service that has them."""

import asyncio
from collections.abc import Callable

from bot.errors import SettingError
from bot.events import Card
from bot.ports import Address, MemoryRelay, MessageRef
from bot.service import Service
from bot.store import leases
from tests.fakes import World

Look = Callable[[str], object]

OTHER = "other"
WRONG = SettingError("TOKEN is wrong. Example: TOKEN=right")


class Line:
    """A connection that keeps what was done with it, and fails as told.

    With a `gate` it connects when that opens. `look` is called with everything that happens.
    """

    def __init__(self, *failures: Exception, gate: asyncio.Event | None = None) -> None:
        self.failures = list(failures)
        self.gate = gate
        self.done: list[str] = []
        self.up = False
        self.look: Look = lambda _: None

    def _note(self, what: str) -> None:
        self.done.append(what)
        self.look(what)

    async def connect(self) -> None:
        """Begin to listen."""
        self._note("connect")
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.up = True

    async def is_up(self) -> bool:
        """Whether it is connected and nobody has cut it."""
        return self.up

    async def hang_up(self) -> None:
        """Listen no more."""
        self._note("hang_up")

    async def close(self) -> None:
        """Let go."""
        self.up = False
        self._note("close")


class Stopping(MemoryRelay):
    """Sets an event when something is posted."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post, and say so."""
        self._stop.set()
        return await super().post(channel, card, key, thread)


def make(world: World, **lines: Line) -> Service:
    """A service of one process, with the connections of some platforms."""
    return Service(world.desk, "one", world.clock, lines)


async def tick(service: Service) -> None:
    """One tick, and everything that it makes due delivered."""
    await service.work()
    await service.rest()


def held(world: World) -> list[str]:
    """The platforms whose lease somebody holds."""
    return [name for (name,) in world.rows("SELECT name FROM leases ORDER BY name")]


def take(world: World, name: str, owner: str = "two") -> bool:
    """Let another process ask for a lease."""
    return world.database.write(
        lambda conn: leases.take(conn, name, owner, world.clock.steady())
    ).result()
