"""The Web API's methods, as far as a bot like ours may call them."""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeAlias

from tests.slack_rules import Json
from tests.slack_state import Channel, Ephemeral, Message, SlackError, View, Workspace

MOST_HISTORY = 999


class WebApi(Workspace):
    """What a bot can ask Slack for. A method takes the decoded arguments, or raises."""

    bot_token = "xoxb-1-test"  # noqa: S105 - of a Slack that is not real
    app_token = "xapp-1-test"  # noqa: S105 - the same
    team_id, bot_user, bot_id = "T1", "UBOT", "BBOT"

    def __init__(self) -> None:
        super().__init__()
        self.base_url = ""
        self.scopes = {
            *("commands", "chat:write", "users:read", "app_mentions:read", "files:write"),
            *("channels:history", "groups:history"),
        }

    def auth_test(self, _: Json) -> Json:
        """Who the bot is."""
        told = {"url": "https://test.slack.com/", "team": "Test", "user": "numpy"}
        told |= {"team_id": self.team_id, "user_id": self.bot_user, "bot_id": self.bot_id}
        return told | {"is_enterprise_install": False}

    def connections_open(self, _: Json) -> Json:
        """Where to open a socket."""
        ticket = self.number("ticket")
        return {"url": f"{self.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}"}

    def post_message(self, body: Json) -> Json:
        """A message that everybody in the channel sees."""
        channel = self._writable(body.get("channel"), open_direct=True)
        self._plain_text_only(body)
        self.check("chat.postMessage", body, "message")
        message = self.said(channel, body)
        return {"channel": channel.id, "ts": message.ts, "message": message.body()}

    def update(self, body: Json) -> Json:
        """Change a message of the bot's own; what is not given stays."""
        message = self._own(body, "cant_update_message")
        if self.channels[message.channel].archived:
            raise SlackError("is_inactive")
        if "blocks" not in body and not body.get("text"):
            raise SlackError("no_text")
        self._plain_text_only(body)
        self.check("chat.update", body, "message", update=True)
        self.replace(message, body)
        told = {"channel": message.channel, "ts": message.ts, "text": message.text}
        return told | {"message": message.body()}

    def delete(self, body: Json) -> Json:
        """Take a message of the bot's own away."""
        message = self._own(body, "cant_delete_message")
        self.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def post_ephemeral(self, body: Json) -> Json:
        """Show something to one member of a channel."""
        channel = self._writable(body.get("channel"))
        if body.get("user") not in channel.members:
            raise SlackError("user_not_in_channel")
        self._plain_text_only(body)
        self.check("chat.postEphemeral", body, "message")
        return {"message_ts": self.shown(str(body["user"]), channel.id, body).ts}

    def history(self, body: Json) -> Json:
        """What was said in a channel, newest first, threads apart."""
        channel = self._readable(body.get("channel"))
        roots = (message for message in channel.messages if message.thread_ts in (None, message.ts))
        return self._page(reversed(list(roots)), body)

    def replies(self, body: Json) -> Json:
        """A thread with its root, oldest first."""
        channel, root = self._readable(body.get("channel")), body.get("ts")
        thread = [
            message for message in channel.messages if root in (message.ts, message.thread_ts)
        ]
        if not thread:
            raise SlackError("thread_not_found")
        return self._page(thread, body)

    def open_conversation(self, body: Json) -> Json:
        """The direct message with somebody."""
        if str(body.get("users")) not in self.users:
            raise SlackError("user_not_found")
        return {"channel": {"id": self.dm(str(body["users"])).id}}

    def user_info(self, body: Json) -> Json:
        """Who somebody is."""
        if body.get("user") not in self.users:
            raise SlackError("user_not_found")
        return {"user": self.users[str(body["user"])].body()}

    def open_view(self, body: Json) -> Json:
        """Show a modal to whoever just did something."""
        user, content = self.spend(body.get("trigger_id")), self._content("views.open", body)
        self.close_all(user)
        self.modals[user] = [self.view(user, content)]
        return {"view": self.modals[user][0].body()}

    def push_view(self, body: Json) -> Json:
        """Show a modal above the one in which somebody just did something."""
        user, content = self.spend(body.get("trigger_id")), self._content("views.push", body)
        below = self.top_view(user)
        if below is None:
            raise SlackError("invalid_trigger_id")
        return {"view": self.push(below, content).body()}

    def update_view(self, body: Json) -> Json:
        """Change what an open modal shows."""
        view = self._open_view(body)
        if body.get("hash") and body["hash"] != view.hash:
            raise SlackError("hash_conflict")
        return {"view": self.change(view, self._content("views.update", body)).body()}

    def publish_view(self, body: Json) -> Json:
        """Set somebody's home."""
        user = str(body.get("user_id"))
        if user not in self.users:
            raise SlackError("user_not_found")
        content, home = self._content("views.publish", body, home=True), self.homes.get(user)
        if home is None:
            home = self.homes[user] = self.view(user, content)
        elif body.get("hash") and body["hash"] != home.hash:
            raise SlackError("hash_conflict")
        else:
            self.change(home, content)
        return {"view": home.body()}

    def upload_url(self, body: Json) -> Json:
        """Where to send a file; `length` is held against what arrives."""
        if not body.get("filename") or not str(body.get("length", "")).isdigit():
            raise SlackError("invalid_arguments")
        name = self.number("F")
        self.files[name] = {"id": name, "name": body["filename"], "length": int(body["length"])}
        self.files[name] |= {"alt_txt": body.get("alt_txt"), "content": None, "shared": None}
        return {"upload_url": f"{self.base_url}/upload/{name}", "file_id": name}

    def complete_upload(self, body: Json) -> Json:
        """Share files that were sent; without a channel they stay private."""
        done = []
        for item in body.get("files") or []:
            file = self.files.get(str(item.get("id")))
            if file is None or file["content"] is None:
                raise SlackError("file_not_found")
            done.append(file | {"title": item.get("title") or file["name"]})
        shown = [{key: file[key] for key in ("id", "name", "title")} for file in done]
        if body.get("channel_id"):
            channel = self._writable(body["channel_id"])
            said = {"text": body.get("initial_comment") or "", "thread_ts": body.get("thread_ts")}
            if said["text"]:
                self.check("files.completeUploadExternal", said, "message")
            self.said(channel, said).files = shown
        for file in done:
            self.files[file["id"]] = file | {"shared": body.get("channel_id")}
        return {"files": shown}

    def said(self, channel: Channel, body: Json) -> Message:
        """Put a message of the bot's into a channel."""
        thread = body.get("thread_ts")
        if thread and all(message.ts != thread for message in channel.messages):
            self.problems.append(f"a reply to {thread}, which is nowhere in {channel.id}")
        blocks = self.completed(list(body.get("blocks") or []))
        message = Message(channel.id, self.ts(), body["text"], blocks, self.bot_user, self.bot_id)
        message.thread_ts, message.metadata = thread, self._metadata(body)
        channel.messages.append(message)
        return message

    def shown(self, user: str, channel: str, body: Json) -> Ephemeral:
        """Show something to one person."""
        blocks = self.completed(list(body.get("blocks") or []))
        shown = Ephemeral(user, channel, self.ts(), body.get("text", ""), blocks)
        shown.thread_ts = body.get("thread_ts")
        self.ephemerals.append(shown)
        return shown

    def replace(self, target: Message | Ephemeral, body: Json) -> None:
        """Let a message say something else."""
        target.history.append({"text": target.text, "blocks": target.blocks})
        target.text = body.get("text") or target.text
        if "blocks" in body:
            target.blocks = self.completed(list(body["blocks"] or []))
        if isinstance(target, Message) and body.get("metadata") is not None:
            target.metadata = self._metadata(body)

    def remove(self, target: Message | Ephemeral) -> None:
        """Let a message vanish."""
        target.deleted = True
        if isinstance(target, Message):
            self.channels[target.channel].messages.remove(target)

    def close_all(self, user: str) -> None:
        """Close every modal that somebody has open."""
        for view in self.modals.pop(user, []):
            view.open = False

    def _writable(self, name: object, *, open_direct: bool = False) -> Channel:
        channel = self.channels.get(str(name))
        if open_direct and str(name) in self.users:
            channel = self.dm(str(name))
        if channel is None or (channel.private and not channel.bot):
            raise SlackError("channel_not_found")
        if channel.archived:
            raise SlackError("is_archived")
        if not channel.bot:
            raise SlackError("not_in_channel")
        return channel

    def _readable(self, name: object) -> Channel:
        channel = self.channels.get(str(name))
        if channel is None or (channel.private and not channel.bot):
            raise SlackError("channel_not_found")
        kind = "groups" if channel.private else "im" if channel.direct else "channels"
        self.require(f"{kind}:history")
        if not channel.bot:
            raise SlackError("not_in_channel")
        return channel

    def require(self, scope: str | None) -> None:
        """Refuse what the bot was not installed for."""
        if scope and scope not in self.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def _own(self, body: Json, otherwise: str) -> Message:
        channel = self.channels.get(str(body.get("channel")))
        if channel is None or (channel.private and not channel.bot):
            raise SlackError("channel_not_found")
        message = channel.message(str(body.get("ts")))
        if message.bot_id != self.bot_id:
            raise SlackError(otherwise)
        return message

    def _open_view(self, body: Json) -> View:
        for view in (view for stack in self.modals.values() for view in stack):
            wanted = body.get("view_id"), body.get("external_id")
            if view.id == wanted[0] or (wanted[1] and view.content.get("external_id") == wanted[1]):
                return view
        raise SlackError("not_found")

    def _content(self, method: str, body: Json, *, home: bool = False) -> Json:
        content = body.get("view")
        if not isinstance(content, dict) or not isinstance(content.get("blocks"), list):
            self.problems.append(f"{method}: no view with blocks")
            raise SlackError("invalid_arguments")
        self.check(method, content, "home" if home else "modal")
        return content

    def _plain_text_only(self, body: Json) -> None:
        # Either would turn names in what members wrote into mentions.
        if body.get("parse") == "full" or body.get("link_names") in (True, "1", "true"):
            self.problems.append("parse and link_names make mentions of plain names")
        blocks = body.get("blocks") or []
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            self.problems.append("blocks is no list of objects")
            raise SlackError("invalid_blocks")
        if not body.get("text") and not blocks:
            raise SlackError("no_text")
        body["text"] = body.get("text") or ""

    def _metadata(self, body: Json) -> Json | None:
        given = body.get("metadata")
        if given and (set(given) != {"event_type", "event_payload"} or not given["event_type"]):
            self.problems.append(f"metadata is {given}")
            raise SlackError("invalid_metadata_format")
        return given or None

    @staticmethod
    def _page(messages: Iterable[Message], body: Json) -> Json:
        oldest, latest = str(body.get("oldest") or "0"), str(body.get("latest") or "9" * 12)
        both = str(body.get("inclusive")).lower() in ("1", "true")
        within = [
            message
            for message in messages
            if _order(oldest) < _order(message.ts) < _order(latest)
            or (both and message.ts in (oldest, latest))
        ]
        start = int(body.get("cursor") or 0)
        limit = min(int(body.get("limit") or 100), MOST_HISTORY)
        more = len(within) > start + limit
        told = str(body.get("include_all_metadata")).lower() in ("1", "true")
        page = [message.body(metadata=told) for message in within[start : start + limit]]
        cursor = str(start + limit) if more else ""
        return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}

    METHODS: ClassVar[dict[str, tuple["Method", str | None]]] = {
        "auth.test": (auth_test, None),
        "apps.connections.open": (connections_open, None),
        "chat.postMessage": (post_message, "chat:write"),
        "chat.update": (update, "chat:write"),
        "chat.delete": (delete, "chat:write"),
        "chat.postEphemeral": (post_ephemeral, "chat:write"),
        "conversations.history": (history, None),
        "conversations.replies": (replies, None),
        "conversations.open": (open_conversation, "im:write"),
        "users.info": (user_info, "users:read"),
        "views.open": (open_view, None),
        "views.push": (push_view, None),
        "views.update": (update_view, None),
        "views.publish": (publish_view, None),
        "files.getUploadURLExternal": (upload_url, "files:write"),
        "files.completeUploadExternal": (complete_upload, "files:write"),
    }


Method: TypeAlias = Callable[[WebApi, Json], Json]


def _order(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros.ljust(6, "0") or 0)
