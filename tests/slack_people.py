"""What people do in the loopback Slack: type, press, fill in; and what they read."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias

from tests.slack_forms import NotThere, filled, find, state
from tests.slack_methods import WebApi
from tests.slack_rules import Json
from tests.slack_state import (
    MOST_VIEWS,
    Channel,
    Ephemeral,
    Message,
    ResponseUrl,
    User,
    View,
)

Edit: TypeAlias = Callable[[Json], object]
Where: TypeAlias = Message | Ephemeral | View


@dataclass
class Delivery:
    """Something that was sent to the bot, and how it acknowledged it.

    `seconds` is None and `ack` too as long as it did not. `status` is the HTTP status, where the
    bot is reached by HTTP.
    """

    kind: str
    body: Json
    envelope_id: str
    seconds: float | None = None
    ack: Json | None = None
    status: int | None = None

    @property
    def acked(self) -> bool:
        """Whether the bot acknowledged it in time."""
        return self.seconds is not None


class People(WebApi, ABC):
    """Everybody who is not the bot.

    Each act is delivered as Slack delivers it, waits for the acknowledgement and does what that
    says. `edit` may change the payload in place before it leaves; `team_id` makes whoever acts
    somebody from another workspace.
    """

    @abstractmethod
    async def deliver(self, kind: str, payload: Json) -> Delivery:
        """Send something to the bot and wait for its acknowledgement."""

    async def slash(
        self,
        user: str,
        channel: str,
        text: str = "",
        *,
        command: str = "/numpy",
        edit: Edit | None = None,
        team_id: str | None = None,
    ) -> Delivery:
        """Somebody enters a command; what the ack says is shown."""
        place = self._place(user, channel)
        if "commands" not in self.scopes:
            raise NotThere(f"no {command} without the scope commands")
        name = "privategroup" if place.private else place.name
        payload: Json = {"token": "legacy", "team_domain": "test", "api_app_id": "A1"}
        payload |= {"team_id": team_id or self.users[user].team_id, "channel_id": place.id}
        payload |= {"channel_name": name, "user_id": user}
        payload |= {"user_name": self.users[user].name, "command": command, "text": text}
        payload |= {"is_enterprise_install": "false", "trigger_id": self.trigger(user)}
        payload["response_url"] = self.url(user, place.id, None)
        delivery = await self._act("slash_commands", payload, edit)
        if delivery.ack:
            self.respond(ResponseUrl(user, place.id, None, self.now()), delivery.ack, "ack")
        return delivery

    async def press(
        self,
        user: str,
        where: Where,
        what: str,
        *,
        value: str | list[str] | None = None,
        edit: Edit | None = None,
        team_id: str | None = None,
    ) -> Delivery:
        """Somebody presses a button, by its action_id or how its label begins.

        `value` is what to choose where it is a select or check boxes. What is not there, or not
        for this person, is a LookupError.
        """
        self._look(user, where)
        element = find(where.blocks, what)
        payload = self._interaction("block_actions", user, team_id)
        action: Json = {"type": element.body["type"], "block_id": element.block_id}
        action |= {"action_id": element.body["action_id"], "action_ts": self.ts()}
        if element.body["type"] == "button":
            action |= {
                key: element.body[key] for key in ("text", "value", "style") if key in element.body
            }
        elif value is None:
            raise NotThere(f"{what!r} is no button: say what to choose there")
        else:
            action |= filled(element.body, value)
        payload["actions"] = [action]
        payload["state"] = {"values": state(where.blocks)}
        if isinstance(where, View):
            payload["container"] = {"type": "view", "view_id": where.id}
            payload["view"] = where.body(payload.pop("state")["values"])
        else:
            payload |= self._from_message(user, where)
        delivery = await self._act("interactive", payload, edit)
        if delivery.ack:
            self.problems.append(f"Slack ignores what the ack of a press says: {delivery.ack}")
        return delivery

    async def submit(
        self,
        user: str,
        values: Mapping[str, str | list[str]] | None = None,
        *,
        force: bool = False,
        edit: Edit | None = None,
        team_id: str | None = None,
    ) -> Delivery:
        """Somebody fills in the modal on top and submits it; what the ack says happens.

        `values` are by block_id or label, options by value or text. What a form would not let
        anybody enter is a LookupError, unless it is forced.
        """
        view = self.top_view(user)
        if view is None:
            raise NotThere(f"{user} has no modal open")
        payload = self._interaction("view_submission", user, team_id)
        payload["view"] = view.body(
            state(view.blocks, dict(values or {}), submit=True, force=force)
        )
        payload["response_urls"] = []
        delivery = await self._act("interactive", payload, edit)
        if delivery.acked and view.open:
            self._answered(view, delivery.ack or {})
        return delivery

    async def close(self, user: str) -> Delivery | None:
        """Somebody closes the modal on top; the bot hears of it where the modal says so."""
        view = self.top_view(user)
        if view is None:
            raise NotThere(f"{user} has no modal open")
        self._close(view)
        if not view.content.get("notify_on_close"):
            return None
        payload = self._interaction("view_closed", user, None)
        payload |= {"view": view.body(), "is_cleared": False}
        return await self._act("interactive", payload, None)

    async def open_home(
        self, user: str, *, tab: str = "home", edit: Edit | None = None
    ) -> Delivery:
        """Somebody opens the bot's home, or its messages."""
        event: Json = {"type": "app_home_opened", "user": user, "channel": self.dm(user).id}
        event |= {"tab": tab, "event_ts": self.ts()}
        if user in self.homes and tab == "home":
            event["view"] = self.homes[user].body()
        return await self.event(event, edit=edit)

    async def mention(
        self,
        user: str,
        channel: str,
        text: str = "",
        thread_ts: str | None = None,
        *,
        edit: Edit | None = None,
    ) -> Delivery:
        """Somebody writes to the bot in a channel."""
        if "app_mentions:read" not in self.scopes or not self._place(user, channel).bot:
            raise NotThere(f"the bot hears nothing in {channel}")
        message = self.say(user, channel, f"<@{self.bot_user}> {text}".strip(), thread_ts)
        event = message.body() | {"type": "app_mention", "team": self.users[user].team_id}
        event |= {"channel": channel, "event_ts": message.ts, "client_msg_id": self.number("msg")}
        said: list[Json] = [{"type": "user", "user_id": self.bot_user}]
        said += [{"type": "text", "text": f" {text}"}] if text else []
        section = {"type": "rich_text_section", "elements": said}
        event["blocks"] = [{"type": "rich_text", "block_id": "said", "elements": [section]}]
        return await self.event(event, edit=edit)

    def reload(self, user: str) -> None:
        """Somebody starts Slack anew: what was shown privately is gone."""
        for shown in self.ephemerals_of(user):
            self.remove(shown)

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Somebody writes something that the bot is not told of."""
        place = self._place(user, channel)
        message = Message(place.id, self.ts(), text, [], user, thread_ts=thread_ts)
        place.messages.append(message)
        return message

    async def event(self, event: Json, *, edit: Edit | None = None) -> Delivery:
        """Any event of the Events API, wrapped as Slack wraps it."""
        installed: Json = {"enterprise_id": None, "team_id": self.team_id, "user_id": self.bot_user}
        installed |= {"is_bot": True, "is_enterprise_install": False}
        payload: Json = {"token": "legacy", "team_id": self.team_id, "api_app_id": "A1"}
        payload |= {"context_team_id": self.team_id, "context_enterprise_id": None}
        payload |= {"event": event, "type": "event_callback", "event_id": self.number("Ev")}
        payload |= {"event_time": int(self.now()), "authorizations": [installed]}
        payload |= {"is_ext_shared_channel": False, "event_context": "4-context"}
        delivery = await self._act("events_api", payload, edit)
        if delivery.ack:
            self.problems.append(f"Slack ignores what the ack of an event says: {delivery.ack}")
        return delivery

    def url(self, user: str, channel: str, target: Message | Ephemeral | None) -> str:
        """A response_url for something that somebody does now."""
        name = self.number("R")
        self.urls[name] = ResponseUrl(user, channel, target, self.now())
        return f"{self.base_url}/response/{name}"

    def respond(self, url: ResponseUrl, body: Json, what: str) -> None:
        """Do what a response says: show, post, replace or delete."""
        target = url.target
        if body.get("delete_original"):
            if target is not None:
                self.remove(target)
            return
        self.check(what, body, "message")
        body = body | {"text": body.get("text") or "", "blocks": body.get("blocks") or []}
        if target is not None and "replace_original" not in body:
            self.problems.append(f"{what}: says nothing of replace_original")
        if target is not None and body.get("replace_original") and not target.deleted:
            self.replace(target, body)
        elif body.get("response_type") == "in_channel":
            self.said(self.channels[url.channel], body)
        else:
            self.shown(url.user, url.channel, body)

    async def _act(self, kind: str, payload: Json, edit: Edit | None) -> Delivery:
        payload = deepcopy(payload)
        if edit is not None:
            edit(payload)
        return await self.deliver(kind, payload)

    def _place(self, user: str, channel: str) -> Channel:
        place = self.channels.get(channel)
        if place is None and user in self.users and channel == f"D{user}":
            place = self.dm(user)
        if place is None or user not in place.members:
            raise NotThere(f"{user} is not in {channel}")
        return place

    def _look(self, user: str, where: Where) -> None:
        if isinstance(where, View):
            seen = any(where is view for view in (self.top_view(user), self.homes.get(user)))
        elif isinstance(where, Ephemeral):
            seen = where.user == user and not where.deleted
        else:
            seen = user in self.channels[where.channel].members and not where.deleted
        if not seen:
            raise NotThere(f"{user} does not see that")

    def _interaction(self, kind: str, user: str, team_id: str | None) -> Json:
        who: User = self.users[user]
        payload: Json = {"type": kind, "api_app_id": "A1", "token": "legacy"}
        payload["user"] = {"id": user, "username": who.name, "name": who.name}
        payload["user"]["team_id"] = team_id or who.team_id
        payload |= {"trigger_id": self.trigger(user), "enterprise": None}
        payload["team"] = {"id": self.team_id, "domain": "test"}
        return payload | {"is_enterprise_install": False}

    def _from_message(self, user: str, where: Message | Ephemeral) -> Json:
        private = isinstance(where, Ephemeral)
        container: Json = {"type": "message", "message_ts": where.ts}
        container |= {"channel_id": where.channel, "is_ephemeral": private}
        if where.thread_ts:
            container["thread_ts"] = where.thread_ts
        channel = self.channels[where.channel]
        found: Json = {"container": container, "channel": {"id": channel.id, "name": channel.name}}
        found["response_url"] = self.url(user, channel.id, where)
        if isinstance(where, Message):
            found["message"] = where.body()
        return found

    def _answered(self, view: View, ack: Json) -> None:
        match ack.get("response_action"):
            case None if not ack:
                self._close(view)
            case "clear":
                self.close_all(view.user)
            case "errors":
                inputs = {
                    block.get("block_id") for block in view.blocks if block["type"] == "input"
                }
                view.errors = dict(ack.get("errors") or {})
                if not view.errors or not all(view.errors.values()) or view.errors.keys() - inputs:
                    self.problems.append(f"errors that no input can show: {view.errors}")
            case ("update" | "push") as action if isinstance(ack.get("view"), dict):
                self.check(f"ack {action}", ack["view"], "modal")
                if action == "update":
                    self.change(view, ack["view"])
                elif len(self.modals[view.user]) >= MOST_VIEWS:
                    self.problems.append("a fourth modal on top of three")
                else:
                    self.push(view, ack["view"])
            case _:
                self.problems.append(f"a form cannot be answered by {ack}")

    def _close(self, view: View) -> None:
        view.open = False
        self.modals[view.user].remove(view)
