"""Slack's Web API for one workspace: one session, and errors that tell what happened.

| what came back | what it means |
|---|---|
| 429, `ratelimited` | `RetryAfter`: nothing happened, Slack says when to ask again |
| no connection, a token that is refused, a workspace that is locked | `RetryAfter` likewise |
| a time-out, a dropped connection, 5xx | `Unsure`: it may have happened |
| any other error | `Refused`: it did not happen; `gone` where the place is closed to the bot |
"""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack_settings import SlackSettings
from bot.errors import DeliveryError, Refused, RetryAfter, SettingError, Unsure

if TYPE_CHECKING:
    from slack_sdk.http_retry.async_handler import AsyncRetryHandler

log = logging.getLogger(__name__)

SDK_LOG = logging.getLogger("slack_sdk")
"""One whose level is set: the SDK writes whole requests down where it finds none."""

TIMEOUT = 15
"""Seconds for a whole call; a delivery's lease is much longer."""

PATIENCE = 2
"""So many times a private reply that is rate-limited is sent again, when Slack says so."""

UNREACHABLE = 15.0
REFUSED_TOKEN = 60.0

TOKEN_ERRORS = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "message_not_found",
        "not_in_channel",
        "user_disabled",
        "user_not_found",
    }
)
PASSING = frozenset(
    {
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "message_limit_exceeded",
        "org_login_required",
        "team_access_not_granted",
        "team_added_to_org",
    }
)
"""What a workspace says while it is being moved, locked or limited; it passes."""

DOUBTFUL = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})

WORDS = {
    "not_in_channel": "I am not in that channel. Invite me there with `/invite`",
    "channel_not_found": "Slack shows me no such channel. It was deleted, or it is private and I "
    "am not in it: then invite me there with `/invite`",
    "is_archived": "the channel is archived",
    "restricted_action": "this workspace lets only some people post in that channel",
    "message_not_found": "the message was deleted",
}
"""What a manager can do about an error."""


class Login(msgspec.Struct, frozen=True):
    """Who the bot is: the workspace comes from its own login, never from a payload."""

    team: str
    team_name: str
    user: str
    name: str
    bot: str = ""
    enterprise: str = ""


def _unnoticed(_: DeliveryError) -> None:
    """Nobody counts."""


class SlackClient:
    """The calls of one workspace, from `open` to `close`; `scopes` are what it may do there.

    `web` sends each call once; `patient` waits as Slack asks and sends again what it certainly
    did not take. `troubled` is told of every call that failed.
    """

    def __init__(
        self, settings: SlackSettings, troubled: Callable[[DeliveryError], None] = _unnoticed
    ) -> None:
        self.settings = settings
        self._troubled = troubled
        self.login: Login | None = None
        self.scopes: frozenset[str] = frozenset()
        self.session: aiohttp.ClientSession | None = None
        self._clients: tuple[AsyncWebClient, AsyncWebClient] | None = None

    async def open(self) -> Login:
        """Log in; raises SettingError for a token that is refused, else a DeliveryError."""
        await self.close()
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        self._clients = (self._client(0), self._client(PATIENCE))
        found = await with_token("SLACK_BOT_TOKEN", self.web.auth_test())
        granted = str(found.headers.get("x-oauth-scopes", ""))
        self.scopes = frozenset(filter(None, map(str.strip, granted.split(","))))
        self.login = Login(
            team=str(found["team_id"]),
            team_name=str(found.get("team") or found["team_id"]),
            user=str(found["user_id"]),
            name=str(found.get("user") or found["user_id"]),
            bot=str(found.get("bot_id") or ""),
            enterprise=str(found.get("enterprise_id") or ""),
        )
        return self.login

    async def socket_address(self) -> str:
        """Where Socket Mode connects to; raises as `open` does."""
        call = self.web.apps_connections_open(app_token=self.settings.app_token)
        return str((await with_token("SLACK_APP_TOKEN", call))["url"])

    async def close(self) -> None:
        """Let the connections go; calls raise RetryAfter from now on."""
        session, self.session, self._clients = self.session, None, None
        if session is not None:
            await session.close()

    def _client(self, retries: int) -> AsyncWebClient:
        # The SDK's own default sends a message again whose reply was lost: twice for the reader.
        handlers: list[AsyncRetryHandler] = []
        if retries:
            handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=retries))
        return AsyncWebClient(
            token=self.settings.bot_token,
            base_url=self.settings.api_url,
            session=self.session,
            timeout=TIMEOUT,
            retry_handlers=handlers,
            logger=SDK_LOG,
        )

    @property
    def web(self) -> AsyncWebClient:
        """Calls that are sent once."""
        if self._clients is None:
            raise RetryAfter(UNREACHABLE, "Slack is not connected")
        return self._clients[0]

    @property
    def patient(self) -> AsyncWebClient:
        """Calls that wait where Slack asks for it."""
        if self._clients is None:
            raise RetryAfter(UNREACHABLE, "Slack is not connected")
        return self._clients[1]

    async def ask(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """Await a call of ours; raises as `ask` does."""
        try:
            return await ask(call)
        except DeliveryError as error:
            self._troubled(error)
            raise

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Send to the address that came with a press or a command; raises DeliveryError."""
        try:
            await self._respond(url, body)
        except DeliveryError as error:
            self._troubled(error)
            raise

    async def _respond(self, url: str, body: dict[str, Any]) -> None:
        if self.session is None:
            raise RetryAfter(UNREACHABLE, "Slack is not connected")
        client = AsyncWebhookClient(
            url,
            session=self.session,
            timeout=TIMEOUT,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=PATIENCE)],
            logger=SDK_LOG,
        )
        try:
            found = await client.send_dict(body)
        except Exception as error:
            raise Unsure(f"no reply to a private message ({type(error).__name__})") from error
        if found.status_code >= 500:  # noqa: PLR2004  # HTTP
            raise Unsure(f"no usable reply to a private message ({found.status_code})")
        if found.status_code != 200:  # noqa: PLR2004  # HTTP
            raise Refused(f"a private message was not taken ({found.status_code})", gone=True)


_PAGES = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions",
    "SLACK_APP_TOKEN": "Basic Information, App-Level Tokens; it needs the scope connections:write",
}
"""Where in the app's settings a token stands."""


async def with_token(name: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await a call that tries a token; one that is refused is a wrong setting."""
    try:
        return await call
    except SlackApiError as error:
        code = code_of(error)
        if code in TOKEN_ERRORS or code == "missing_scope":
            raise SettingError(
                f"Slack refuses {name} ({code}). Copy it again from the app's settings, under "
                f"{_PAGES[name]}."
            ) from error
        raise explained(error) from error
    except aiohttp.ClientError as error:
        raise RetryAfter(UNREACHABLE, f"no connection to Slack ({error})") from error
    except Exception as error:
        raise Unsure(f"no usable reply from Slack ({type(error).__name__})") from error


async def ask(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await a call; raises a DeliveryError that tells whether it may have had an effect."""
    try:
        return await call
    except SlackApiError as error:
        raise explained(error) from error
    except aiohttp.ClientConnectorError as error:
        raise RetryAfter(UNREACHABLE, f"no connection to Slack ({error})") from error
    except Exception as error:
        raise Unsure(f"no usable reply from Slack ({type(error).__name__})") from error


def code_of(error: BaseException) -> str:
    """Slack's word for what went wrong; empty where it gave none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def explained(error: SlackApiError) -> DeliveryError:
    """What an answer of Slack's means for whoever wanted to send something."""
    status = int(getattr(error.response, "status_code", 0) or 0)
    code = code_of(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:  # noqa: PLR2004  # HTTP
        return RetryAfter(_asked_to_wait(error))
    if code in TOKEN_ERRORS:
        log.error(
            "Slack refuses SLACK_BOT_TOKEN (%s): nothing can be sent until it is mended", code
        )
        return RetryAfter(REFUSED_TOKEN, f"Slack refuses the token ({code})")
    if code in PASSING:
        return RetryAfter(REFUSED_TOKEN, f"Slack says {code}")
    if not code or code in DOUBTFUL or status >= 500:  # noqa: PLR2004  # HTTP
        return Unsure(f"Slack has trouble ({code or status})")
    if code == "missing_scope":
        needed = error.response.get("needed", "")
        return Refused(f"the app lacks the scope {needed}: add it in its settings and reinstall it")
    return Refused(WORDS.get(code, f"Slack says {code}"), gone=code in GONE)


def _asked_to_wait(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    found = named.get("retry-after", "")
    return float(found) if found.isascii() and found.isdigit() else UNREACHABLE
