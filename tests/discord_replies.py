"""The bot's answers to what people do: first responses, and what follows by their tokens."""

import re
from typing import ClassVar

from tests.discord_calls import Call
from tests.discord_payloads import COMMAND, COMPLETION, COMPONENT, SUBMISSION, message_body
from tests.discord_places import DiscordError
from tests.discord_rest import Act, Rest, _pattern
from tests.discord_rules import EPHEMERAL, FOLLOWUP
from tests.discord_schema import Json
from tests.discord_state import (
    LOADING,
    RESPONSE_SECONDS,
    TOKEN_SECONDS,
    Interaction,
    Message,
    Modal,
    numbered,
)

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
_TAKEN = {
    COMMAND: {MESSAGE, DEFERRED, FORM},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, FORM},
    COMPLETION: {CHOICES},
    SUBMISSION: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
_CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a route and no secret
_MESSAGE = f"{_TOKEN}/messages/{{message_id}}"


class Replies(Rest):
    """What the tokens of interactions allow."""

    def _respond(self, call: Call, parts: dict[str, str]) -> Json | None:
        interaction = self.interactions.get(parts["interaction_token"])
        if interaction is None or str(interaction.id) != parts["interaction_id"]:
            self.problems.append(f"a response to an interaction that nobody sent: {call.path}")
            raise DiscordError(404, 10062, "Unknown interaction")
        seconds = self.clock() - interaction.sent
        interaction.responses += 1
        # What was sent twice may be answered twice: both answers can be on their way at once.
        if interaction.answer is not None:
            if interaction.responses > interaction.deliveries:
                self.problems.append(f"a second response: {_named(interaction, call)}")
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        if seconds > RESPONSE_SECONDS:
            if not interaction.may_be_late:
                self.problems.append(
                    f"a response after {seconds:.1f} s: {_named(interaction, call)}"
                )
            raise DiscordError(404, 10062, "Unknown interaction")
        kind, source = call.body.get("type"), interaction.source
        kept = source.files if source else {}
        self.check(
            call.route, call.body, files=call.files, kept=kept, v2=bool(source and source.v2)
        )
        allowed = _TAKEN[interaction.type]
        if interaction.type == SUBMISSION and source is None:
            allowed = allowed - {DEFERRED_UPDATE, UPDATE}
        if kind not in allowed:
            self.problems.append(f"no response for that: {_named(interaction, call)}")
            raise DiscordError(400, 50035, "Invalid Form Body")
        self._answer(interaction, call, kind, call.body.get("data") or {})
        interaction.answer, interaction.seconds = kind, seconds
        return _answered(interaction, self) if call.query.get("with_response") else None

    def _answer(self, interaction: Interaction, call: Call, kind: int, data: Json) -> None:
        user, source = interaction.user, interaction.source
        if kind == CHOICES:
            interaction.choices = data.get("choices") or []
            self.sent(call.route, call.body, {}, {user.id})
        elif kind == FORM:
            numbered(data["components"])
            interaction.modal = Modal(user, interaction.channel, data, source)
            self.sent(call.route, call.body, {}, {user.id})
        elif kind in (MESSAGE, DEFERRED):
            flags = (data.get("flags") or 0) | (LOADING if kind == DEFERRED else 0)
            interaction.original = self._post(interaction, call, data, flags)
        else:
            assert source is not None
            interaction.original = source
            if kind == UPDATE:
                if source.deleted:
                    raise DiscordError(404, 10008, "Unknown Message")
                self.change(source, call, data)
                self.sent(call.route, call.body, call.files, self._seen_by(source))

    def _post(self, interaction: Interaction, call: Call, data: Json, flags: int) -> Message:
        private = interaction.user if flags & EPHEMERAL else None
        self.weigh(call)
        message = self.store(
            interaction.channel,
            self.bot,
            data,
            flags=flags,
            private_to=private,
            interaction=interaction,
        )
        self.attach(message, call.files)
        interaction.messages.append(message)
        self.sent(call.route, call.body, call.files, self._seen_by(message))
        return message

    def _seen_by(self, message: Message) -> frozenset[int]:
        if message.private_to is not None:
            return frozenset({message.private_to.id})
        return self.readers(message.channel)

    def _interaction(self, call: Call, parts: dict[str, str]) -> Interaction:
        interaction = self.interactions.get(parts["webhook_token"])
        if interaction is None or parts["webhook_id"] != str(self.bot.id):
            self.problems.append(f"a token that nobody gave out: {call.path}")
            raise DiscordError(404, 10015, "Unknown Webhook")
        if self.clock() - interaction.made > TOKEN_SECONDS:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        if interaction.answer is None or interaction.type == COMPLETION:
            self.problems.append(f"before any response: {_named(interaction, call)}")
            raise DiscordError(404, 10015, "Unknown Webhook")
        return interaction

    def _target(self, call: Call, parts: dict[str, str]) -> Message:
        interaction, name = self._interaction(call, parts), parts.get("message_id", "@original")
        known = [*interaction.messages, *([interaction.original] if interaction.original else [])]
        for message in known:
            wanted = message is interaction.original if name == "@original" else False
            if (wanted or str(message.id) == name) and not message.deleted:
                return message
        raise DiscordError(404, 10008, "Unknown Message")

    def _follow_up(self, call: Call, parts: dict[str, str]) -> Json | None:
        interaction = self._interaction(call, parts)
        self.check(call.route, call.body, files=call.files)
        if call.body.get("username") or call.body.get("avatar_url"):
            self.problems.append(f"an interaction cannot change who speaks: {call.path}")
        original = interaction.original
        if interaction.answer == DEFERRED and original and original.loading:
            # Discord lets it take the place of "thinking", ephemeral or not as that was.
            self.problems.append(f"a follow-up instead of an edit: {_named(interaction, call)}")
            self.change(original, call, call.body)
            self.sent(call.route, call.body, call.files, self._seen_by(original))
            return message_body(original, self.bot)
        message = self._post(interaction, call, call.body, call.body.get("flags") or 0)
        return message_body(message, self.bot) if call.query.get("wait") in ("1", "true") else None

    def _read_reply(self, call: Call, parts: dict[str, str]) -> Json:
        return message_body(self._target(call, parts), self.bot)

    def _edit_reply(self, call: Call, parts: dict[str, str]) -> Json:
        message = self._target(call, parts)
        self.check(call.route, call.body, files=call.files, kept=message.files, v2=message.v2)
        self.change(message, call, call.body)
        self.sent(call.route, call.body, call.files, self._seen_by(message))
        return message_body(message, self.bot)

    def _delete_reply(self, call: Call, parts: dict[str, str]) -> None:
        self._target(call, parts).deleted = True

    ROUTES: ClassVar[dict[str, tuple[re.Pattern[str], Act]]] = {
        **Rest.ROUTES,
        **{
            route: (_pattern(route), act)
            for route, act in {
                _CALLBACK: _respond,
                FOLLOWUP: _follow_up,
                f"GET {_TOKEN}/messages/@original": _read_reply,
                f"PATCH {_TOKEN}/messages/@original": _edit_reply,
                f"DELETE {_TOKEN}/messages/@original": _delete_reply,
                f"GET {_MESSAGE}": _read_reply,
                f"PATCH {_MESSAGE}": _edit_reply,
                f"DELETE {_MESSAGE}": _delete_reply,
            }.items()
        },
    }


def _answered(interaction: Interaction, world: Rest) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.type}
    body: Json = {"interaction": told}
    message = interaction.original
    if message is not None:
        told |= {"response_message_id": str(message.id)}
        told |= {"response_message_loading": message.loading}
        told |= {"response_message_ephemeral": message.ephemeral}
    if message is not None and interaction.answer is not None:
        shown = message_body(message, world.bot)
        body["resource"] = {"type": interaction.answer, "message": shown}
    return body


def _named(interaction: Interaction, call: Call) -> str:
    return f"{call.method} of type {interaction.type} by {interaction.user.username}: {call.body}"
