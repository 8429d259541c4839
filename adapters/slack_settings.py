"""How the bot reaches Slack, read from the environment."""

import re
from collections.abc import Mapping

import msgspec

from bot.config import address, secret
from bot.errors import SettingError

SETTINGS: dict[str, str] = {
    "SLACK_BOT_TOKEN": "the bot's token (`xoxb-…`); without it the bot is not on Slack",
    "SLACK_APP_TOKEN": "an app-level token (`xapp-…`) for Socket Mode, which needs no address",
    "SLACK_SIGNING_SECRET": "the app's signing secret, for HTTP where there is no app-level token",
    "SLACK_LISTEN": "address and port to listen on for HTTP; default 127.0.0.1:3000",
    "SLACK_API_URL": "another address of Slack's API: GovSlack, or a proxy",
}
"""Every setting of Slack and what it is for. The secret ones can also be given as NAME_FILE."""

LISTEN = ("127.0.0.1", 3000)
API_URL = "https://slack.com/api/"
PATH = "/slack/events"
"""Where Slack's requests arrive, below the address that the operator gives it."""


class SlackSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator decided; an `app_token` means Socket Mode, without one it is HTTP."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    host: str = LISTEN[0]
    port: int = LISTEN[1]
    api_url: str = API_URL

    def __repr__(self) -> str:
        """Without the secrets: what is printed may end in a log."""
        return f"SlackSettings(host={self.host!r}, port={self.port}, api_url={self.api_url!r})"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "SlackSettings | None":
        """Read and check the settings; None where there is no Slack.

        Raises `SettingError` naming the first that cannot be used.
        """
        bot_token = secret(env, "SLACK_BOT_TOKEN")
        app_token = secret(env, "SLACK_APP_TOKEN")
        signing_secret = secret(env, "SLACK_SIGNING_SECRET")
        if not bot_token:
            _nothing_else(app_token, signing_secret)
            return None
        _looks_like("SLACK_BOT_TOKEN", bot_token, "xoxb-", "OAuth & Permissions")
        if app_token:
            _looks_like("SLACK_APP_TOKEN", app_token, "xapp-", "Basic Information")
        elif not signing_secret:
            raise SettingError(
                "SLACK_BOT_TOKEN is set, but nothing says how Slack reaches the bot. Set "
                "SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
            )
        host, port = address(env, "SLACK_LISTEN", example="127.0.0.1:3000") or LISTEN
        return cls(
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            host=host,
            port=port,
            api_url=_api_url(env),
        )


def _nothing_else(app_token: str, signing_secret: str) -> None:
    for name, value in (("SLACK_APP_TOKEN", app_token), ("SLACK_SIGNING_SECRET", signing_secret)):
        if value:
            message = (
                f"{name} is set, but SLACK_BOT_TOKEN is not. It starts with xoxb- and stands in "
                "the app's settings under OAuth & Permissions, once the app is installed."
            )
            raise SettingError(message)


def _looks_like(name: str, token: str, start: str, page: str) -> None:
    """Tell tokens apart by their start, and never repeat one."""
    if not token.startswith(start):
        kind = re.match(r"x[a-z]{3}-", token)
        found = f"starts with {kind[0]}" if kind else "is none of Slack's tokens"
        raise SettingError(
            f"{name} {found}. It has to start with {start}: it stands in the app's settings "
            f"under {page}."
        )


def _api_url(env: Mapping[str, str]) -> str:
    url = env.get("SLACK_API_URL", "").strip() or API_URL
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise SettingError(
            f"SLACK_API_URL is {url!r}, which is no web address. Example: SLACK_API_URL={API_URL}"
        )
    return url.rstrip("/") + "/"
