"""What people do in the loopback Discord: give commands, press, fill in, let the bot in."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias

from tests.discord_filling import NotThere, chosen, completing, filled
from tests.discord_payloads import (
    COMMAND,
    COMPLETION,
    COMPONENT,
    SUBMISSION,
    Entered,
    interaction_body,
    pressed,
    submitted,
)
from tests.discord_places import VIEW_CHANNEL, Channel, Guild, User
from tests.discord_replies import Replies
from tests.discord_schema import Json
from tests.discord_state import RESPONSE_SECONDS, Interaction, Message, Modal
from tests.discord_words import BUTTON, walk

Edit: TypeAlias = Callable[[Json], object]
Values: TypeAlias = str | int | bool


@dataclass(eq=False)
class Delivery:
    """Something that somebody did, and how the bot responded first.

    `seconds` is None and `response` too as long as it did not.
    """

    interaction: Interaction
    payload: Json

    @property
    def seconds(self) -> float | None:
        """How long the first response took."""
        return self.interaction.seconds

    @property
    def response(self) -> int | None:
        """The type of the first response."""
        return self.interaction.answer

    @property
    def modal(self) -> Modal | None:
        """The form that opened."""
        return self.interaction.modal

    @property
    def choices(self) -> list[str]:
        """What was suggested, by its names."""
        return [str(choice["name"]) for choice in self.interaction.choices or []]


class People(Replies):
    """Everybody who is not the bot.

    Each act is delivered by the gateway and waits for the first response. `edit` may change the
    payload in place before it leaves, `age` lets it be so many seconds old already, and with
    `may_be_late` no response is no problem.
    """

    async def command(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: Mapping[str, Values] | None = None,
        *,
        edit: Edit | None = None,
        age: float = 0,
        may_be_late: bool = False,
    ) -> Delivery:
        """Give a sub-command of `/numpy`, as the registered commands let one fill it in."""
        data = chosen(self._registered(channel), name, options or {})
        return await self._act(COMMAND, user, channel, data, None, edit, age, late=may_be_late)

    async def complete(
        self,
        user: User,
        channel: Channel,
        name: str,
        option: str,
        typed: str,
        *,
        edit: Edit | None = None,
        may_be_late: bool = False,
    ) -> Delivery:
        """Type into an option of a sub-command that is completed."""
        data = completing(self._registered(channel), name, option, typed)
        return await self._act(COMPLETION, user, channel, data, None, edit, 0, late=may_be_late)

    async def press(
        self,
        user: User,
        message: Message,
        what: str,
        *,
        edit: Edit | None = None,
        age: float = 0,
        may_be_late: bool = False,
    ) -> Delivery:
        """Press a button by its id or by the start of its label."""
        self._must_see(user, message)
        part = _button(message, what)
        data = pressed(part, None)
        channel = message.channel
        return await self._act(COMPONENT, user, channel, data, message, edit, age, late=may_be_late)

    async def fill(
        self,
        user: User,
        opened: Delivery,
        values: dict[str, str | list[str]],
        *,
        edit: Edit | None = None,
        age: float = 0,
        may_be_late: bool = False,
    ) -> Delivery:
        """Send a form off; what is not named stays as the bot had filled it in."""
        modal = opened.modal
        if modal is None or modal.user is not user:
            raise NotThere(f"no form is open for {user.username}")
        given: dict[str, Entered] = dict(filled(modal.components, values))
        data = submitted(modal.custom_id, modal.components, given)
        return await self._act(
            SUBMISSION, user, modal.channel, data, modal.source, edit, age, late=may_be_late
        )

    async def again(self, delivery: Delivery) -> None:
        """Deliver once more what was delivered, and wait for nothing."""
        delivery.interaction.deliveries += 1
        self.emit("INTERACTION_CREATE", delivery.payload, delivery.interaction.channel.guild)
        await self.tell()

    async def _act(  # noqa: PLR0913 - as many as an interaction has parts
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | None,
        edit: Edit | None,
        age: float,
        *,
        late: bool,
    ) -> Delivery:
        then = self.clock() - age
        ident = self.snowflake()
        interaction = Interaction(
            ident, f"aW50ZXJhY3Rpb246{ident}", kind, user, channel, source, then, then
        )
        interaction.may_be_late = late
        payload = interaction_body(interaction, data, self.bot)
        if edit is not None:
            edit(payload)
        self.interactions[interaction.token] = interaction
        delivery = Delivery(interaction, deepcopy(payload))
        interaction.deliveries = 1
        if not self.emit("INTERACTION_CREATE", payload, channel.guild):
            self.problems.append("nobody listens to what people do")
        try:
            await self.until(lambda: interaction.responses, RESPONSE_SECONDS + 0.5)
        except TimeoutError:
            if not late:
                self.problems.append(f"no response to {data}")
        return delivery

    def _registered(self, channel: Channel) -> list[Json]:
        """The commands that are offered in a channel."""
        scope = channel.guild.id if channel.guild else None
        return [*self.commands.get(scope, []), *(self.commands[None] if scope else [])]

    def _must_see(self, user: User, message: Message) -> None:
        if message.deleted:
            raise NotThere("the message is gone")
        if message.private_to not in (None, user):
            raise NotThere(f"{user.username} does not see that message")
        if not message.channel.permissions(user) & VIEW_CHANNEL:
            raise NotThere(f"{user.username} does not see that channel")

    # --- servers --------------------------------------------------------------------------

    def join(self, guild: Guild) -> None:
        """Let the bot into a server, which it is told of."""
        self.add_member(guild, self.bot)
        guild.installed = True
        told = guild.created(self.bot)
        del told["unavailable"]  # that is how a new server differs from one that is back
        self.emit("GUILD_CREATE", told, guild)

    def kick(self, guild: Guild) -> None:
        """Remove the bot from a server."""
        self.emit("GUILD_DELETE", {"id": str(guild.id)}, guild)
        guild.installed = False
        guild.members.pop(self.bot.id, None)

    def outage(self, guild: Guild) -> None:
        """Let a server not be available for a while."""
        self.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel and everything in it."""
        channel.deleted = True
        if channel.guild is not None:
            channel.guild.channels.pop(channel.id, None)
        self.emit("CHANNEL_DELETE", channel.body(), channel.guild)

    def delete_message(self, message: Message) -> None:
        """Delete a message, of which the bot hears nothing that matters."""
        message.deleted = True

    def permit(self, channel: Channel, target: int, allow: int = 0, deny: int = 0) -> None:
        """Let a role or somebody do more or less in a channel, which the bot is told of."""
        channel.overwrites[target] = (allow, deny)
        self.emit("CHANNEL_UPDATE", channel.body(), channel.guild)


def _button(message: Message, what: str) -> Json:
    """A button of a message by its id or by the start of its label."""
    buttons = [part for part in walk(message.components) if part.get("type") == BUTTON]
    for part in buttons:
        if part.get("custom_id") == what and not part.get("disabled"):
            return part
    for part in buttons:
        if str(part.get("label", "")).startswith(what) and not part.get("disabled"):
            return part
    raise NotThere(f"no button {what!r} among {[*message.buttons]}")
