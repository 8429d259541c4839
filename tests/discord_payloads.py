"""What Discord tells the bot: messages, and what somebody did with it."""

from datetime import UTC, datetime
from typing import Any, TypeAlias

from tests.discord_places import Channel, User
from tests.discord_schema import Json
from tests.discord_state import HAS_THREAD, Interaction, Message
from tests.discord_words import LABEL, TEXT

Entered: TypeAlias = str | list[str] | bool | None

COMMAND, COMPONENT, COMPLETION, SUBMISSION = 2, 3, 4, 5
CDN = "https://cdn.discordapp.com/attachments"


def message_body(message: Message, bot: User) -> Json:
    """The message as the Web API and interactions tell it."""
    said = message.body
    told: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
    told |= {"type": 19 if message.reply_to else 0, "author": message.author.body()}
    told |= {"content": said.get("content") or "", "timestamp": _time(message.made)}
    told |= {"edited_timestamp": _time(message.made) if message.history else None}
    told |= {"tts": False, "mention_everyone": False, "mentions": [], "mention_roles": []}
    files = {
        file.name: _attachment(message, file.id, file.name, file.data) for file in message.attached
    }
    told["embeds"] = [{"type": "rich"} | embed for embed in said.get("embeds") or []]
    told["components"] = _served(message.components, files)
    hidden = message.v2  # components show the files of such a message
    told["attachments"] = [] if hidden else list(files.values())
    told |= {"pinned": False, "flags": message.flags}
    if message.nonce is not None:
        told["nonce"] = message.nonce
    if message.reply_to:
        reference = {"message_id": str(message.reply_to), "channel_id": str(message.channel.id)}
        told["message_reference"] = {"type": 0} | reference
    if message.thread is not None:
        told |= {"thread": message.thread.body(), "flags": message.flags | HAS_THREAD}
    if message.interaction is not None:
        told |= {"application_id": str(bot.id), "webhook_id": str(bot.id)}
        told["interaction_metadata"] = _metadata(message.interaction)
    return told


def _metadata(interaction: Interaction) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.type}
    told |= {"user": interaction.user.body()}
    told |= {"authorizing_integration_owners": _owners(interaction.channel)}
    if interaction.source is not None:
        told["interacted_message_id"] = str(interaction.source.id)
    return told


def _attachment(message: Message, file: int, name: str, data: bytes) -> Json:
    url = f"{CDN}/{message.channel.id}/{file}/{name}"
    told: Json = {"id": str(file), "filename": name, "size": len(data), "url": url}
    return told | {"proxy_url": url, "content_type": "application/octet-stream"}


def _served(value: Any, files: dict[str, Json]) -> Any:  # noqa: ANN401 - JSON goes in and comes out
    """The same, where files that the bot refers to have got an address."""
    if isinstance(value, list):
        return [_served(inner, files) for inner in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("url", "")).removeprefix("attachment://")
    if name in files:
        return value | {
            "url": files[name]["url"],
            "proxy_url": files[name]["url"],
            "attachment_id": files[name]["id"],
        }
    return {key: _served(inner, files) for key, inner in value.items()}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def _owners(channel: Channel) -> Json:
    return {"0": str(channel.guild.id) if channel.guild else "0"}


def interaction_body(interaction: Interaction, data: Json, bot: User) -> Json:
    """What somebody did, as INTERACTION_CREATE tells it."""
    channel, user = interaction.channel, interaction.user
    told: Json = {"id": str(interaction.id), "application_id": str(bot.id), "version": 1}
    told |= {"type": interaction.type, "token": interaction.token, "data": data}
    told |= {"channel_id": str(channel.id), "channel": channel.body(), "locale": user.locale}
    told |= {"entitlements": [], "entitlement_sku_ids": [], "attachment_size_limit": 10_485_760}
    told |= {"authorizing_integration_owners": _owners(channel)}
    told["app_permissions"] = str(channel.permissions(bot))
    if channel.guild is None:
        told |= {"context": 1, "user": user.body()}
    else:
        guild = channel.guild
        member = guild.members[user.id].body() | {"permissions": str(channel.permissions(user))}
        told |= {"context": 0, "guild_id": str(guild.id), "guild_locale": guild.locale}
        told |= {"guild": {"id": str(guild.id), "locale": guild.locale, "features": []}}
        told |= {"member": member}
        told["channel"]["permissions"] = str(channel.permissions(user))
    if interaction.source is not None:
        told["message"] = message_body(interaction.source, bot)
    return told


def pressed(part: Json, values: list[str] | None) -> Json:
    """What was pressed or chosen in a message."""
    data: Json = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part["id"]}
    return data | ({"values": values} if values is not None else {})


def submitted(custom_id: str, components: list[Json], given: dict[str, Entered]) -> Json:
    """What was entered in a form: `given` has a text or the chosen values for every field."""
    return {"custom_id": custom_id, "components": [_entered(part, given) for part in components]}


def _entered(part: Json, given: dict[str, Entered]) -> Json:
    told: Json = {"type": part["type"], "id": part["id"]}
    if part["type"] == LABEL:
        return told | {"component": _entered(part["component"], given)}
    if part["type"] == TEXT:
        return told
    if "components" in part:
        return told | {"components": [_entered(inner, given) for inner in part["components"]]}
    value = given[part["custom_id"]]
    told["custom_id"] = part["custom_id"]
    return told | ({"values": value} if isinstance(value, list) else {"value": value})
