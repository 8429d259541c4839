"""The people and places of the loopback Discord, and who may do what where."""

from dataclasses import dataclass, field
from typing import Final

from tests.discord_schema import Json

VIEW_CHANNEL: Final = 1 << 10
SEND_MESSAGES: Final = 1 << 11
MANAGE_MESSAGES: Final = 1 << 13
EMBED_LINKS: Final = 1 << 14
ATTACH_FILES: Final = 1 << 15
READ_MESSAGE_HISTORY: Final = 1 << 16
ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
MANAGE_GUILD: Final = 1 << 5
USE_APPLICATION_COMMANDS: Final = 1 << 31
MANAGE_THREADS: Final = 1 << 34
CREATE_PUBLIC_THREADS: Final = 1 << 35
SEND_MESSAGES_IN_THREADS: Final = 1 << 38
EVERYTHING: Final = (1 << 53) - 1
# What @everyone has in a new guild, as far as it matters here.
USUAL: Final = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)

TEXT_CHANNEL, DM, VOICE, CATEGORY, ANNOUNCEMENT = 0, 1, 2, 4, 5
ANNOUNCEMENT_THREAD, PUBLIC_THREAD = 10, 11
THREADS = {ANNOUNCEMENT_THREAD, PUBLIC_THREAD}
WRITABLE = {TEXT_CHANNEL, DM, VOICE, ANNOUNCEMENT, *THREADS}


class DiscordError(Exception):
    """What the API answers instead of doing it: an HTTP status, a code, and words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


@dataclass(eq=False)
class User:
    """Somebody with an account; `takes_dms` is whether the bot may write to them."""

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    takes_dms: bool = True
    locale: str = "en-US"

    def body(self) -> Json:
        """The user as Discord tells it."""
        told: Json = {"id": str(self.id), "username": self.username, "avatar": None}
        told |= {"discriminator": "0", "global_name": self.global_name, "public_flags": 0}
        return told | {"bot": True} if self.bot else told


@dataclass(eq=False)
class Role:
    """A role of a guild; the one with the guild's id is everybody's."""

    id: int
    name: str
    permissions: int = 0

    def body(self) -> Json:
        """The role as Discord tells it."""
        told: Json = {"id": str(self.id), "name": self.name, "color": 0, "hoist": False}
        told |= {"colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
        told |= {"icon": None, "unicode_emoji": None, "position": 0, "managed": False}
        return told | {"permissions": str(self.permissions), "mentionable": False, "flags": 0}


@dataclass(eq=False)
class Member:
    """Somebody in a guild, with roles besides everybody's."""

    user: User
    nick: str | None = None
    roles: list[Role] = field(default_factory=list)

    def body(self) -> Json:
        """The member as Discord tells it."""
        told: Json = {"user": self.user.body(), "nick": self.nick, "avatar": None}
        told |= {"roles": [str(role.id) for role in self.roles], "banner": None}
        told |= {"joined_at": "2024-01-01T00:00:00.000000+00:00", "premium_since": None}
        told |= {"deaf": False, "mute": False, "flags": 0, "pending": False}
        return told | {"communication_disabled_until": None}


@dataclass(eq=False)
class Channel:
    """A place to write: a guild's channel, a thread in one, or a DM with its `recipient`.

    `overwrites` are of roles and members: their id to what is allowed and what is denied.
    """

    id: int
    name: str
    type: int = TEXT_CHANNEL
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    recipient: User | None = None
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 1440
    owner_id: int = 0
    deleted: bool = False
    last_message_id: int | None = None
    count: int = 0

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread in another channel."""
        return self.type in THREADS

    def permissions(self, user: User) -> int:
        """What somebody may do here."""
        guild = self.guild
        if guild is None:
            return USUAL
        member = guild.members.get(user.id)
        if member is None:
            return 0
        may = guild.permissions(user)
        if may & ADMINISTRATOR:
            return EVERYTHING
        overwrites = (self.parent or self).overwrites
        allow, deny = overwrites.get(guild.id, (0, 0))
        may = may & ~deny | allow
        given = [overwrites.get(role.id, (0, 0)) for role in member.roles]
        for _, denied in given:
            may &= ~denied
        for allowed, _ in given:
            may |= allowed
        allow, deny = overwrites.get(user.id, (0, 0))
        may = may & ~deny | allow
        return may if may & VIEW_CHANNEL else 0

    def body(self) -> Json:
        """The channel as Discord tells it."""
        told: Json = {"id": str(self.id), "type": self.type, "flags": 0}
        told["last_message_id"] = str(self.last_message_id) if self.last_message_id else None
        if self.guild is None:
            people = [self.recipient.body()] if self.recipient else []
            return told | {"recipients": people}
        told |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        told["parent_id"] = str(self.parent.id) if self.parent else None
        if self.is_thread:
            return told | self._thread_body()
        told |= {"position": 0, "topic": None, "nsfw": False}
        told["permission_overwrites"] = [
            {
                "id": str(target),
                "type": 0 if target in self.guild.roles else 1,
                "allow": str(allow),
                "deny": str(deny),
            }
            for target, (allow, deny) in self.overwrites.items()
        ]
        return told

    def _thread_body(self) -> Json:
        metadata: Json = {"archived": self.archived, "locked": self.locked}
        metadata |= {"auto_archive_duration": self.auto_archive_duration}
        metadata |= {"archive_timestamp": "2024-01-01T00:00:00.000000+00:00"}
        metadata |= {"create_timestamp": "2024-01-01T00:00:00.000000+00:00"}
        told: Json = {"owner_id": str(self.owner_id), "thread_metadata": metadata}
        told |= {"message_count": self.count, "total_message_sent": self.count}
        return told | {"member_count": 1}


@dataclass(eq=False)
class Guild:
    """A server: its people by id, its roles, its channels and threads."""

    id: int
    name: str
    owner_id: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    system_channel: Channel | None = None
    locale: str = "en-US"
    installed: bool = True
    available: bool = True

    @property
    def everyone(self) -> Role:
        """The role that everybody has."""
        return self.roles[self.id]

    def permissions(self, user: User) -> int:
        """What somebody may do here, before any channel says otherwise."""
        if user.id == self.owner_id:
            return EVERYTHING
        may = self.everyone.permissions
        for role in self.members[user.id].roles:
            may |= role.permissions
        return EVERYTHING if may & ADMINISTRATOR else may

    def body(self) -> Json:
        """The guild as the Web API tells it."""
        told: Json = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner_id)}
        told |= {"roles": [role.body() for role in self.roles.values()], "emojis": []}
        told |= {"features": [], "verification_level": 0, "default_message_notifications": 1}
        told |= {"explicit_content_filter": 0, "mfa_level": 0, "icon": None, "banner": None}
        told |= {"afk_channel_id": None, "afk_timeout": 300, "system_channel_flags": 0}
        system = self.system_channel
        told["system_channel_id"] = str(system.id) if system else None
        told |= {"preferred_locale": self.locale, "nsfw_level": 0, "premium_tier": 0}
        told |= {"stickers": [], "description": None, "splash": None, "discovery_splash": None}
        told |= {"rules_channel_id": None, "public_updates_channel_id": None}
        return told | {"premium_progress_bar_enabled": False, "vanity_url_code": None}

    def created(self, bot: User) -> Json:
        """The guild as GUILD_CREATE tells it to a bot with the intent `guilds` only."""
        if not self.available:
            return {"id": str(self.id), "unavailable": True}
        channels = [channel for channel in self.channels.values() if not channel.is_thread]
        threads = [
            channel
            for channel in self.channels.values()
            if channel.is_thread
            and not channel.archived
            and channel.permissions(bot) & VIEW_CHANNEL
        ]
        told = self.body() | {"joined_at": "2024-01-01T00:00:00.000000+00:00", "large": False}
        told |= {"unavailable": False, "member_count": len(self.members)}
        told |= {"members": [self.members[bot.id].body()], "presences": [], "voice_states": []}
        told |= {"channels": [channel.body() for channel in channels]}
        told |= {"threads": [thread.body() for thread in threads]}
        return told | {"stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": []}
