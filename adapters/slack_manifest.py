"""The bot as a Slack app: the manifest that Slack installs it from."""

import re
from importlib.resources import files
from typing import Any

import yaml

from adapters.slack_settings import PATH
from bot.errors import SettingError


def text() -> str:
    """The manifest for Socket Mode, with its comments."""
    return files("adapters").joinpath("slack_manifest.yaml").read_text(encoding="utf-8")


def manifest() -> dict[str, Any]:
    """The manifest for Socket Mode."""
    found: dict[str, Any] = yaml.safe_load(text())
    return found


def scopes() -> frozenset[str]:
    """What the bot may do in a workspace."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def for_http(address: str) -> str:
    """The manifest for HTTP, where Slack reaches the bot at an address such as https://bot.example.com.

    Raises SettingError for an address that Slack would not take.
    """
    if not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", address):
        raise SettingError(
            f"{address!r} is no address that Slack takes. Example: --url https://bot.example.com"
        )
    url = address.rstrip("/").removesuffix(PATH) + PATH
    found = manifest()
    for command in found["features"]["slash_commands"]:
        command["url"] = url
    settings = found["settings"]
    settings["event_subscriptions"]["request_url"] = url
    settings["interactivity"]["request_url"] = url
    settings["socket_mode_enabled"] = False
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True)
