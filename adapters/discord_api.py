"""Discord's API for one bot, and errors that tell what happened.

| what came back | what it means |
|---|---|
| 429, no connection, a token that is refused | `RetryAfter`: nothing happened |
| a time-out, a dropped connection, 5xx | `Unsure`: it may have happened |
| any other error | `Refused`: it did not happen; `gone` where the place is closed to the bot |

discord.py itself sends again what it knows not to have happened twice; it gives up at once on
503, which is one of the 5xx here and tried again by whoever delivers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import discord
import yarl
from discord.http import Route

from adapters.discord_settings import DiscordSettings
from bot.errors import DeliveryError, Refused, RetryAfter, SettingError, Unsure
from bot.ports import LONGEST_CALL

if TYPE_CHECKING:
    from discord.types.gateway import SessionStartLimit

log = logging.getLogger(__name__)

T = TypeVar("T")

UNREACHABLE = 15.0
REFUSED_TOKEN = 60.0

WRONG_TOKEN = (
    "Discord refuses DISCORD_TOKEN. Copy it again from the app's settings, under Bot; where it is "  # noqa: S105  # words about one
    "not shown any more, Reset Token makes a new one."
)

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_INTERACTION = 10003, 10004, 10008, 10062
ACKNOWLEDGED = 40060
MISSING_ACCESS, CANNOT_WRITE, MISSING_PERMISSIONS = 50001, 50007, 50013
THREAD_EXISTS = 160004

GONE = frozenset(
    {UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, MISSING_ACCESS, MISSING_PERMISSIONS}
)

WORDS = {
    UNKNOWN_CHANNEL: "the channel was deleted",
    UNKNOWN_GUILD: "I am not in that server any more",
    UNKNOWN_MESSAGE: "the message was deleted",
    MISSING_ACCESS: "I do not see that channel. Give my role View Channel in the channel's "
    "settings, under Permissions",
    MISSING_PERMISSIONS: "I lack a permission there. Give my role View Channel, Send Messages, "
    "Read Message History, Create Public Threads and Send Messages in Threads in the channel's "
    "settings, under Permissions",
    CANNOT_WRITE: "they take no direct messages from me",
}
"""What a manager can do about an error."""

FATAL = {
    4004: WRONG_TOKEN,
    4013: "Discord refuses the intents of this bot, which should not happen",
    4014: "Discord refuses the intents of this bot, which should not happen",
}


def connects(settings: DiscordSettings) -> dict[str, object]:
    """What a client of ours is made with; its intents tell of servers and nothing else."""
    Route.BASE = settings.api_url
    return {
        "intents": discord.Intents(guilds=True),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "chunk_guilds_at_startup": False,
        "max_ratelimit_timeout": 30.0,
    }


def _unnoticed(_: DeliveryError) -> None:
    """Nobody counts."""


class DiscordLink:
    """The client of the current connection, for all who send.

    `troubled` is told of every call that failed.
    """

    def __init__(
        self, settings: DiscordSettings, troubled: Callable[[DeliveryError], None] = _unnoticed
    ) -> None:
        self.settings = settings
        self._troubled = troubled
        self._client: discord.Client | None = None
        self.command = 0

    @property
    def client(self) -> discord.Client:
        """The client; raises RetryAfter while there is none."""
        if self._client is None:
            raise RetryAfter(UNREACHABLE, "Discord is not connected")
        return self._client

    async def open(self, client: discord.Client) -> None:
        """Log in; raises SettingError for a token that is refused, else a DeliveryError."""
        await self.close()
        try:
            await log_in(client, self.settings)
        except BaseException:
            await client.close()
            raise
        self._client = client

    async def ask(self, call: Awaitable[T]) -> T:
        """Await a call of ours; raises as `ask` does."""
        try:
            return await ask(call)
        except DeliveryError as error:
            self._troubled(error)
            raise

    async def patiently(self, call: Callable[[], Awaitable[object]], longest: float) -> None:
        """Make a call of ours, and once more where nothing came of it; waits at most so long.

        discord.py waits by itself where Discord limits it, but not where Cloudflare does.
        """
        try:
            await self.ask(call())
        except RetryAfter as error:
            if error.seconds > longest:
                raise
            await asyncio.sleep(error.seconds)
            await self.ask(call())

    async def close(self) -> None:
        """Let the connections go; calls raise RetryAfter from now on."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


async def log_in(client: discord.Client, settings: DiscordSettings) -> None:
    """Try the token; raises SettingError where it is refused, else a DeliveryError."""
    _redirect(client, settings.gateway_url)
    try:
        await ask(client.login(settings.token))
    except Refused as error:
        if isinstance(error.__cause__, discord.LoginFailure):
            raise SettingError(WRONG_TOKEN) from error
        raise


def _redirect(client: discord.Client, url: str) -> None:
    """Have every session's gateway at the operator's address, or else where the API names it.

    discord.py itself asks for it once, and begins later sessions at an address of its own.
    """
    ask_api = client.http.get_bot_gateway

    async def get_bot_gateway() -> "tuple[int, str, SessionStartLimit]":
        shards, named, limit = await ask_api()
        gateway = yarl.URL(f"{url}/" if url else named)
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
        return shards, str(gateway), limit

    client.http.get_bot_gateway = get_bot_gateway  # type: ignore[method-assign]  # no setting for it


async def ask(call: Awaitable[T]) -> T:
    """Await a call; raises a DeliveryError that tells whether it may have had an effect."""
    try:
        async with asyncio.timeout(LONGEST_CALL):  # with all that discord.py waits in it
            return await call
    except discord.RateLimited as error:
        raise RetryAfter(error.retry_after) from error
    except discord.HTTPException as error:
        raise explained(error) from error
    except discord.LoginFailure as error:
        raise Refused(str(error)) from error
    except (aiohttp.ClientConnectorError, discord.GatewayNotFound) as error:
        raise RetryAfter(UNREACHABLE, f"no connection to Discord ({error})") from error
    except DeliveryError:
        raise
    except Exception as error:
        raise Unsure(f"no usable reply from Discord ({type(error).__name__})") from error


def explained(error: discord.HTTPException) -> DeliveryError:
    """What an answer of Discord's means for whoever wanted to send something."""
    status, code = error.status, error.code
    if status == 429:  # noqa: PLR2004  # HTTP
        return RetryAfter(_asked_to_wait(error))
    if status == 401:  # noqa: PLR2004  # HTTP
        log.error("Discord refuses DISCORD_TOKEN: nothing can be sent until it is mended")
        return RetryAfter(REFUSED_TOKEN, "Discord refuses the token")
    if status >= 500:  # noqa: PLR2004  # HTTP
        return Unsure(f"Discord has trouble ({status})")
    if not code:  # a page of whatever stands between us and Discord
        return RetryAfter(REFUSED_TOKEN, f"Discord cannot be asked ({status})")
    said = WORDS.get(code) or f"Discord says: {error.text or status} ({code})"
    return Refused(said, gone=code in GONE)


def _asked_to_wait(error: discord.HTTPException) -> float:
    found = str(error.response.headers.get("Retry-After", ""))
    try:
        return min(max(float(found), 0.0), 3600.0)
    except ValueError:
        return UNREACHABLE


def closed(error: BaseException) -> Exception:
    """What the end of a connection means: a SettingError, or what may pass."""
    if isinstance(error, discord.ConnectionClosed) and error.code in FATAL:
        return SettingError(FATAL[error.code])
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SettingError(FATAL[4014])
    why = f"code {error.code}" if isinstance(error, discord.ConnectionClosed) else str(error)
    return RetryAfter(UNREACHABLE, f"Discord closed the connection ({why or type(error).__name__})")
