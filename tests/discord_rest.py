"""The Web API of the loopback Discord: who the bot is, guilds, channels, messages, threads."""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

from aiohttp import web

from tests.discord_calls import Call, arguments, told
from tests.discord_gateway import Gateway
from tests.discord_payloads import message_body
from tests.discord_places import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    PUBLIC_THREAD,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    TEXT_CHANNEL,
    VIEW_CHANNEL,
    WRITABLE,
    Channel,
    DiscordError,
    Guild,
)
from tests.discord_rules import IS_V2, MOST_BYTES
from tests.discord_schema import Json
from tests.discord_state import NONCE_SECONDS, Message

Act: TypeAlias = Callable[[Any, Call, dict[str, str]], Any]

BASE = "/api/v10"


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route))


class Rest(Gateway):
    """What can be asked for, below the base; a subclass adds its own `ROUTES`."""

    async def rest(self, request: web.Request) -> web.Response:
        """Any call."""
        path = request.path.removeprefix(BASE)
        route, act, parts = self._route(request.method, path)
        body, files = await arguments(request)
        call = Call(request.method, path, route, dict(request.query), body, files)
        token = request.headers.get("Authorization", "").removeprefix("Bot ")

        def answer() -> web.Response:
            call.body = json.loads(json.dumps(body))
            try:
                has_own = "webhook_token" in parts or "interaction_token" in parts
                self._let_in(has_own or (token == self.token and not self.revoked))
                found = self._known(act, path)(self, call, parts)
            except DiscordError as error:
                return told({"message": error.message, "code": error.code}, error.status)
            return web.Response(status=204) if found is None else told(found)

        return await self.answered(call, request, answer)

    def _let_in(self, is_known: bool) -> None:  # noqa: FBT001 - the one question there is
        if not is_known:
            raise DiscordError(401, 0, "401: Unauthorized")

    def _known(self, act: Act | None, path: str) -> Act:
        if act is None:
            self.problems.append(f"unknown route {path}")
            raise DiscordError(404, 0, "404: Not Found")
        return act

    def _route(self, method: str, path: str) -> tuple[str, Act | None, dict[str, str]]:
        for route, (pattern, act) in self.ROUTES.items():
            found = pattern.fullmatch(f"{method} {path}")
            if found:
                return route, act, found.groupdict()
        return f"{method} {path}", None, {}

    def place(self, channel_id: str) -> Channel:
        """A channel that the bot sees, or the error."""
        if not channel_id.isdecimal():
            raise DiscordError(400, 50035, "Invalid Form Body")
        channel = self.channels.get(int(channel_id))
        if channel is None or channel.deleted:
            raise DiscordError(404, 10003, "Unknown Channel")
        if not channel.permissions(self.bot) & VIEW_CHANNEL:
            raise DiscordError(403, 50001, "Missing Access")
        return channel

    def require(self, channel: Channel, bits: int) -> None:
        """Refuse what the bot may not do there."""
        if bits & ~channel.permissions(self.bot):
            raise DiscordError(403, 50013, "Missing Permissions")

    def public(self, channel: Channel, message_id: str) -> Message:
        """A message that everybody in a channel sees, or the error."""
        message = self.stored.get(int(message_id)) if message_id.isdecimal() else None
        if message is None or message.deleted or message.ephemeral:
            raise DiscordError(404, 10008, "Unknown Message")
        if message.channel is not channel:
            raise DiscordError(404, 10008, "Unknown Message")
        return message

    def _guild(self, guild_id: str) -> Guild:
        guild = self.guilds.get(int(guild_id)) if guild_id.isdecimal() else None
        if guild is None or not guild.installed:
            raise DiscordError(404, 10004, "Unknown Guild")
        return guild

    def _me(self, _call: Call, _parts: dict[str, str]) -> Json:
        return self.bot.body() | {"verified": True, "mfa_enabled": True, "locale": "en-US"}

    def _application(self, _call: Call, _parts: dict[str, str]) -> Json:
        app: Json = {"id": str(self.bot.id), "name": "numpy", "icon": None, "description": ""}
        app |= {"bot_public": True, "bot_require_code_grant": False, "verify_key": "00"}
        return app | {"owner": self.owner.body(), "team": None, "flags": 0, "summary": ""}

    def _gateway(self, _call: Call, _parts: dict[str, str]) -> Json:
        return {"url": self.gateway_url}

    def _gateway_bot(self, _call: Call, _parts: dict[str, str]) -> Json:
        left = 1000 - len(self.identifies)
        limit = {"total": 1000, "remaining": left, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit}

    def _read_guild(self, _call: Call, parts: dict[str, str]) -> Json:
        return self._guild(parts["guild_id"]).body()

    def _read_channels(self, _call: Call, parts: dict[str, str]) -> list[Json]:
        guild = self._guild(parts["guild_id"])
        return [found.body() for found in guild.channels.values() if not found.is_thread]

    def _read_member(self, _call: Call, parts: dict[str, str]) -> Json:
        guild, user_id = self._guild(parts["guild_id"]), int(parts["user_id"])
        if user_id not in self.users:
            raise DiscordError(404, 10013, "Unknown User")
        if user_id not in guild.members:
            raise DiscordError(404, 10007, "Unknown Member")
        return guild.members[user_id].body()

    def _read_guilds(self, _call: Call, _parts: dict[str, str]) -> list[Json]:
        return [
            {"id": str(guild.id), "name": guild.name, "icon": None, "owner": False}
            | {"permissions": str(guild.permissions(self.bot)), "features": []}
            for guild in self.guilds.values()
            if guild.installed
        ]

    def _open_dm(self, call: Call, _parts: dict[str, str]) -> Json:
        self.check(call.route, call.body)
        user = self.users.get(int(call.body["recipient_id"]))
        if user is None or user.bot:
            raise DiscordError(400, 50033, "Invalid Recipient(s)")
        return self.dm(user).body()

    def _read_channel(self, _call: Call, parts: dict[str, str]) -> Json:
        return self.place(parts["channel_id"]).body()

    def _history(self, call: Call, parts: dict[str, str]) -> list[Json]:
        channel = self.place(parts["channel_id"])
        limit = int(call.query.get("limit", 50))
        named = [key for key in ("before", "after", "around") if key in call.query]
        if not 1 <= limit <= 100 or len(named) > 1:
            raise DiscordError(400, 50035, "Invalid Form Body")
        if not channel.permissions(self.bot) & READ_MESSAGE_HISTORY:
            return []
        found = self.messages(channel)
        at = int(call.query[named[0]]) if named else 0
        if named == ["after"]:
            found = [message for message in found if message.id > at][:limit]
        elif named == ["around"]:
            older = [message for message in found if message.id < at][-(limit // 2) :]
            newer = [message for message in found if message.id >= at]
            found = [*older, *newer[: limit - len(older)]]
        else:
            found = [message for message in found if not at or message.id < at][-limit:]
        return [message_body(message, self.bot) for message in reversed(found)]

    def _read_message(self, _call: Call, parts: dict[str, str]) -> Json:
        channel = self.place(parts["channel_id"])
        self.require(channel, READ_MESSAGE_HISTORY)
        return message_body(self.public(channel, parts["message_id"]), self.bot)

    def _create(self, call: Call, parts: dict[str, str]) -> Json:
        body, channel = call.body, self.place(parts["channel_id"])
        self.check(call.route, body, files=call.files)
        self.weigh(call)
        self._may_write(channel, body, call.files)
        same = self._same(channel, body) if body.get("enforce_nonce") else None
        if same is not None:
            return message_body(same, self.bot)
        if channel.archived:
            if channel.locked:
                raise DiscordError(400, 50083, "Thread is archived")
            channel.archived = False
            self.emit("THREAD_UPDATE", channel.body(), channel.guild)
        reply = int((body.get("message_reference") or {}).get("message_id") or 0)
        if reply:
            self.require(channel, READ_MESSAGE_HISTORY)
            self.public(channel, str(reply))
        nonce = str(body["nonce"]) if body.get("nonce") is not None else None
        message = self.store(channel, self.bot, body, nonce=nonce, flags=body.get("flags") or 0)
        message.reply_to = reply or None
        self.attach(message, call.files)
        self.sent(call.route, body, call.files, self.readers(channel))
        return message_body(message, self.bot)

    def _may_write(self, channel: Channel, body: Json, files: dict[str, bytes]) -> None:
        if channel.type not in WRITABLE:
            raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
        user = channel.recipient
        if user is not None:
            if not user.takes_dms:
                raise DiscordError(403, 50007, "Cannot send messages to this user")
            if not any(
                guild.installed and user.id in guild.members for guild in self.guilds.values()
            ):
                raise DiscordError(403, 50278, "Cannot send messages to this user")
            return
        bits = SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES
        bits |= ATTACH_FILES if files else 0
        self.require(channel, bits | (EMBED_LINKS if body.get("embeds") else 0))

    def _same(self, channel: Channel, body: Json) -> Message | None:
        for message in self.stored.values():
            fresh = self.now() - message.made <= NONCE_SECONDS and not message.deleted
            if fresh and message.author is self.bot and message.nonce == str(body["nonce"]):
                if message.channel is not channel:
                    self.problems.append(f"the nonce {message.nonce} in two channels")
                return message
        return None

    def weigh(self, call: Call) -> None:
        """Refuse files that are too large."""
        if any(len(data) > MOST_BYTES for data in call.files.values()):
            self.problems.append(f"{call.route}: a file above 10 MiB")
            raise DiscordError(413, 40005, "Request entity too large")

    def change(self, message: Message, call: Call, body: Json) -> None:
        """Rewrite a message of the bot's, where the rules allow it."""
        self.weigh(call)
        turned = bool((body.get("flags") or 0) & IS_V2) and not message.v2
        old = [key for key in ("content", "embeds") if message.body.get(key) and key not in body]
        if turned and old:
            self.problems.append(f"{call.route}: {old} stays in a message of Components V2")
            raise DiscordError(400, 50035, "Invalid Form Body")
        self.rewrite(message, body, call.files)

    def _edit(self, call: Call, parts: dict[str, str]) -> Json:
        channel = self.place(parts["channel_id"])
        message = self.public(channel, parts["message_id"])
        self.check(call.route, call.body, files=call.files, kept=message.files, v2=message.v2)
        if message.author is not self.bot:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        if channel.archived:
            raise DiscordError(400, 50083, "Thread is archived")
        self.change(message, call, call.body)
        self.sent(call.route, call.body, call.files, self.readers(channel))
        return message_body(message, self.bot)

    def _delete(self, _call: Call, parts: dict[str, str]) -> None:
        channel = self.place(parts["channel_id"])
        message = self.public(channel, parts["message_id"])
        if message.author is not self.bot:
            self.require(channel, MANAGE_MESSAGES)
        message.deleted = True

    def _start_thread(self, call: Call, parts: dict[str, str]) -> Json:
        channel = self.place(parts["channel_id"])
        self.check(call.route, call.body)
        kinds = {TEXT_CHANNEL: PUBLIC_THREAD, ANNOUNCEMENT: ANNOUNCEMENT_THREAD}
        if channel.type not in kinds:
            raise DiscordError(400, 50024, "Cannot execute action on this channel type")
        self.require(channel, CREATE_PUBLIC_THREADS)
        message = self.public(channel, parts["message_id"])
        if message.thread is not None:
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        lasts = call.body.get("auto_archive_duration") or 1440
        thread = Channel(message.id, call.body["name"], kinds[channel.type], channel.guild, channel)
        thread.auto_archive_duration, thread.owner_id = lasts, self.bot.id
        self.channels[thread.id] = message.thread = thread
        if channel.guild is not None:
            channel.guild.channels[thread.id] = thread
        self.sent(call.route, call.body, {}, self.readers(channel))
        self.emit("THREAD_CREATE", thread.body() | {"newly_created": True}, channel.guild)
        return thread.body()

    def _read_commands(self, _call: Call, parts: dict[str, str]) -> list[Json]:
        self._own(parts)
        return self.commands.get(self._scope(parts), [])

    def _write_commands(self, call: Call, parts: dict[str, str]) -> list[Json]:
        self._own(parts)
        scope = self._scope(parts)
        self.check(call.route, call.body)
        before = {command["name"]: command["id"] for command in self.commands.get(scope, [])}
        self.commands[scope] = [
            {"type": 1, "nsfw": False, "dm_permission": True, "contexts": None}
            | {"default_member_permissions": None, "options": [], "integration_types": [0]}
            | {key: value for key, value in command.items() if value is not None}
            | {"id": before.get(command["name"]) or str(self.snowflake())}
            | {"application_id": str(self.bot.id), "version": str(self.snowflake())}
            | ({"guild_id": str(scope)} if scope else {})
            for command in call.body
        ]
        self.sent(call.route, call.body, {}, self.users)
        return self.commands[scope]

    def _own(self, parts: dict[str, str]) -> None:
        if parts["application_id"] != str(self.bot.id):
            raise DiscordError(403, 20012, "You are not authorized to perform this action")

    def _scope(self, parts: dict[str, str]) -> int | None:
        return self._guild(parts["guild_id"]).id if "guild_id" in parts else None

    ROUTES: ClassVar[dict[str, tuple[re.Pattern[str], Act]]] = {
        route: (_pattern(route), act)
        for route, act in {
            "GET /users/@me": _me,
            "GET /users/@me/guilds": _read_guilds,
            "POST /users/@me/channels": _open_dm,
            "GET /oauth2/applications/@me": _application,
            "GET /gateway": _gateway,
            "GET /gateway/bot": _gateway_bot,
            "GET /applications/{application_id}/commands": _read_commands,
            "PUT /applications/{application_id}/commands": _write_commands,
            "GET /applications/{application_id}/guilds/{guild_id}/commands": _read_commands,
            "PUT /applications/{application_id}/guilds/{guild_id}/commands": _write_commands,
            "GET /guilds/{guild_id}": _read_guild,
            "GET /guilds/{guild_id}/channels": _read_channels,
            "GET /guilds/{guild_id}/members/{user_id}": _read_member,
            "GET /channels/{channel_id}": _read_channel,
            "GET /channels/{channel_id}/messages": _history,
            "POST /channels/{channel_id}/messages": _create,
            "GET /channels/{channel_id}/messages/{message_id}": _read_message,
            "PATCH /channels/{channel_id}/messages/{message_id}": _edit,
            "DELETE /channels/{channel_id}/messages/{message_id}": _delete,
            "POST /channels/{channel_id}/messages/{message_id}/threads": _start_thread,
        }.items()
    }
