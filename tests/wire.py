"""A platform made of memory that can be watched and slowed down."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.errors import DeliveryError
from bot.events import Card
from bot.ports import Address, MemoryRelay, MessageRef


class Wire(MemoryRelay):
    """Remembers what it was asked to do, in `calls`.

    `looks` are what the next look-ups raise, one after the other. `accepted` is awaited when
    a message has been taken but its sender does not know yet; what it raises is the reply.
    """

    calls: list[str]
    looks: list[DeliveryError]
    accepted: Callable[[MessageRef], Awaitable[None]] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.calls, self.looks = [], []

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Note the key, then post."""
        self.calls.append(f"post {key}")
        ref = await super().post(channel, card, key, thread)
        if self.accepted is not None:
            await self.accepted(ref)
        return ref

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
        """Note the message, then edit."""
        self.calls.append(f"edit {ref.message}")
        await super().edit(ref, card, count=count)

    async def find(
        self, channel: Address, key: str, since: datetime, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """Note the key, then look."""
        self.calls.append(f"find {key}")
        if self.looks:
            raise self.looks.pop(0)
        return await super().find(channel, key, since, thread)

    @property
    def kinds(self) -> list[str]:
        """The calls without what they were about."""
        return [call.split()[0] for call in self.calls]
