"""The few calls the core makes on a platform, and a platform made of memory."""

from datetime import datetime
from typing import Protocol

import msgspec

from bot.errors import CannotLook, DeliveryError, Refused, Unsure
from bot.events import Card

LONGEST_CALL = 60
"""Seconds in which `Relay.post` and `Relay.edit` have ended, one way or the other."""


class Address(msgspec.Struct, frozen=True):
    """A channel or a person in a platform's own ids."""

    tenant: str
    id: str


class MessageRef(msgspec.Struct, frozen=True):
    """A delivered message: where it stands and the platform's id of it."""

    channel: Address
    message: str


class Relay(Protocol):
    """One platform. Every call may raise a `DeliveryError`.

    `open_setup` is whether any member may set up a channel that has no daily, and manages
    it from then on; elsewhere only the platform's own managers may. `calls_a_second` is what the
    platform takes of what nobody waits for.
    """

    open_setup: bool
    calls_a_second: int

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post a card; `key` (at most 25 characters) marks the message for `find`."""

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
        """Replace what a delivered message shows; a mere `count` gives way to other edits."""

    async def find(
        self, channel: Address, key: str, since: datetime, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """The message that carries `key`, or None; raises `CannotLook`."""

    async def tell(self, member: Address, card: Card) -> None:
        """Show a card to one member, privately."""

    async def is_manager(self, member: Address, channel: Address) -> bool:
        """Whether the platform makes this member a manager of that channel."""

    async def reach(self, channel: Address) -> None:
        """Raise `Refused`, saying what to do, where it is known that nothing can be posted."""


class Connection(Protocol):
    """How the events of a platform reach us, held by one process at a time."""

    async def connect(self) -> None:
        """Begin to listen; raises SettingError, or a DeliveryError where it may work later."""

    async def is_up(self) -> bool:
        """Whether what happens still reaches us; False once it would take a new connection."""

    async def hang_up(self) -> None:
        """Listen no more, and finish what came in."""

    async def close(self) -> None:
        """Let go of the platform; its relay can send nothing from now on."""


class Posted(msgspec.Struct):
    """A message that the memory relay holds."""

    channel: Address
    card: Card
    key: str
    thread: MessageRef | None


class MemoryRelay:
    """A platform made of memory: for tests, demonstrations and dry runs.

    It keeps what was posted and told, and fails as told: the next call raises what stands
    first in `failures`; with `swallow` a message is delivered all the same where its sender
    is left `Unsure`. `closed_to_us` holds why nothing can be posted in a channel.
    """

    calls_a_second = 1000

    def __init__(self, *, can_look: bool = True, open_setup: bool = False) -> None:
        self.open_setup = open_setup
        self.posted: dict[str, Posted] = {}
        self.told: list[tuple[Address, Card]] = []
        self.managers: set[str] = set()
        self.closed_to_us: dict[str, str] = {}
        self.failures: list[DeliveryError] = []
        self.swallow = False
        self.can_look = can_look

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Keep the card under the next message id."""
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or (self.swallow and isinstance(failure, Unsure)):
            ref = MessageRef(channel, f"m{len(self.posted) + 1}")
            self.posted[ref.message] = Posted(channel, card, key, thread)
        if failure is not None:
            raise failure
        return ref

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:  # noqa: ARG002  # memory is patient
        """Replace a kept card."""
        if self.failures:
            raise self.failures.pop(0)
        if ref.message not in self.posted:
            message = f"message {ref.message} does not exist"
            raise Refused(message, gone=True)
        self.posted[ref.message].card = card

    async def find(
        self,
        channel: Address,
        key: str,
        since: datetime,  # noqa: ARG002  # the port's signature; memory holds no times
        thread: MessageRef | None = None,
    ) -> MessageRef | None:
        """Look the key up among the kept messages."""
        if not self.can_look:
            raise CannotLook("this platform shows no history")
        for message, posted in self.posted.items():
            if (posted.channel, posted.key, posted.thread) == (channel, key, thread):
                return MessageRef(channel, message)
        return None

    async def tell(self, member: Address, card: Card) -> None:
        """Keep what a member was told."""
        if self.failures:
            raise self.failures.pop(0)
        self.told.append((member, card))

    async def is_manager(self, member: Address, channel: Address) -> bool:  # noqa: ARG002  # one team
        """Whether the member's id is among `managers`."""
        return member.id in self.managers

    async def reach(self, channel: Address) -> None:
        """Refuse the channels that are closed to us."""
        if channel.id in self.closed_to_us:
            raise Refused(self.closed_to_us[channel.id])
