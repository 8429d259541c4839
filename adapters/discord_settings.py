"""How the bot reaches Discord, read from the environment."""

import re
from collections.abc import Mapping

import msgspec

from bot.config import secret
from bot.errors import SettingError

SETTINGS: dict[str, str] = {
    "DISCORD_TOKEN": "the bot's token; without it the bot is not on Discord",
    "DISCORD_GUILD": "a server's id, while you develop: only there are the commands, and at once",
    "DISCORD_API_URL": "another address of Discord's API, such as a proxy's",
    "DISCORD_GATEWAY_URL": "another address of Discord's gateway, such as a proxy's",
}
"""Every setting of Discord and what it is for. The token can also stand in a file."""

API_URL = "https://discord.com/api/v10"

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)
_ID = re.compile(r"[0-9]{15,20}")


class DiscordSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator decided; `guild` is 0 where commands are for every server.

    Without a `gateway_url` Discord's API names the gateway.
    """

    token: str
    guild: int = 0
    api_url: str = API_URL
    gateway_url: str = ""

    def __repr__(self) -> str:
        """Without the token: what is printed may end in a log."""
        return f"DiscordSettings(guild={self.guild}, api_url={self.api_url!r})"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "DiscordSettings | None":
        """Read and check the settings; None where there is no Discord.

        Raises `SettingError` naming the first that cannot be used.
        """
        token = secret(env, "DISCORD_TOKEN").removeprefix("Bot ").strip()
        if not token:
            return None
        if not _TOKEN.fullmatch(token):
            raise SettingError(
                "DISCORD_TOKEN is no bot token: that has three parts with dots between them. It "
                "stands in the app's settings under Bot, where Reset Token shows a new one. (The "
                "public key and the client secret are something else.)"
            )
        return cls(
            token=token,
            guild=_guild(env),
            api_url=_url(env, "DISCORD_API_URL", "http", API_URL),
            gateway_url=_url(env, "DISCORD_GATEWAY_URL", "ws", "wss://gateway.example.com"),
        )


def _guild(env: Mapping[str, str]) -> int:
    text = env.get("DISCORD_GUILD", "").strip()
    if not text:
        return 0
    if not _ID.fullmatch(text):
        raise SettingError(
            f"DISCORD_GUILD is {_shown(text)}, which is no server's id. Switch on Developer Mode "
            "in Discord's settings, then right-click the server and copy its id. "
            "Example: DISCORD_GUILD=123456789012345678"
        )
    return int(text)


def _url(env: Mapping[str, str], name: str, scheme: str, example: str) -> str:
    """An address, without the slash at its end; the API's own is the default where it has one."""
    url = env.get(name, "").strip()
    if not url:
        return API_URL if name == "DISCORD_API_URL" else ""
    if not re.fullmatch(rf"{scheme}s?://[\w.\-\[\]:@]+(/\S*)?", url):
        raise SettingError(
            f"{name} is {_shown(url)}, which is no {scheme}:// or {scheme}s:// address. "
            f"Example: {name}={example}"
        )
    return url.rstrip("/")


def _shown(value: str) -> str:
    """A value in a sentence about it, unless it may be the token."""
    return "what looks like the token" if _TOKEN.search(value) else repr(value)
