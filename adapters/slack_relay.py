"""Slack as the core's relay: posting, editing and looking up messages of one workspace."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from adapters.slack_cards import message
from adapters.slack_client import REFUSED_TOKEN, SlackClient
from adapters.slack_people import SlackPeople
from bot.budget import Budget
from bot.errors import CannotLook, Refused, RetryAfter
from bot.events import Card
from bot.ports import Address, MessageRef

if TYPE_CHECKING:
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = logging.getLogger(__name__)

CALLS_A_SECOND = 4
"""Slack takes some hundred messages a minute in a workspace."""

EDITS_A_MINUTE = 40
"""Slack takes about 50 in a workspace; the rest is for closings, which do not wait."""

ANOTHER_TEAM = "SLACK_BOT_TOKEN belongs to another workspace than one of the channels"

_PAGE = 200
_MOST_PAGES = 20


class SlackRelay:
    """One workspace's messages; before the first login every call raises RetryAfter."""

    open_setup = True
    calls_a_second = CALLS_A_SECOND

    def __init__(
        self, client: SlackClient, people: SlackPeople, clock: Callable[[], float]
    ) -> None:
        self._client, self._people = client, people
        self._budget = Budget(clock, EDITS_A_MINUTE, 60)

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post a card whose first block carries the key."""
        self._must_be_ours(channel)
        found = await self._client.ask(
            self._client.web.chat_postMessage(
                channel=channel.id,
                thread_ts=thread.message if thread else None,
                unfurl_links=False,
                unfurl_media=False,
                **message(card, key=key),
            )
        )
        return MessageRef(channel, str(found["ts"]))

    async def edit(self, ref: MessageRef, card: Card, *, count: bool = False) -> None:
        """Replace a message; a count waits for its turn in the workspace's budget."""
        self._must_be_ours(ref.channel)
        wait = self._budget.wait() if count else 0
        if wait > 0:
            raise RetryAfter(wait)
        self._budget.spend()
        web, shown = self._client.web, message(card)
        await self._client.ask(web.chat_update(channel=ref.channel.id, ts=ref.message, **shown))

    async def find(
        self, channel: Address, key: str, since: datetime, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """Look through what was posted since then for the block that carries the key."""
        self._must_be_ours(channel)
        login = self._client.login
        oldest = f"{(since - timedelta(seconds=1)).timestamp():.6f}"
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(channel, oldest, cursor, thread)
            for found in page.get("messages") or ():
                if login and found.get("bot_id") == login.bot and _key(found) == key:
                    return MessageRef(channel, str(found["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise CannotLook("there are too many messages to look through")

    async def _page(
        self, channel: Address, oldest: str, cursor: str, thread: MessageRef | None
    ) -> dict[str, Any]:
        web = self._client.web
        more: dict[str, Any] = {"oldest": oldest, "cursor": cursor or None, "limit": _PAGE}
        call: Awaitable[AsyncSlackResponse]
        if thread is None:
            call = web.conversations_history(channel=channel.id, **more)
        else:
            call = web.conversations_replies(channel=channel.id, ts=thread.message, **more)
        try:
            found = (await self._client.ask(call)).data
        except Refused as error:
            raise CannotLook(str(error)) from error
        return found if isinstance(found, dict) else {}

    async def tell(self, member: Address, card: Card) -> None:
        """Write to a member in their private conversation with the bot."""
        self._must_be_ours(member)
        web = self._client.web
        await self._client.ask(web.chat_postMessage(channel=member.id, **message(card)))

    async def is_manager(self, member: Address, channel: Address) -> bool:
        """Whether they are an owner or admin of the workspace."""
        self._must_be_ours(channel)
        return await self._people.manages(member.id)

    async def reach(self, channel: Address) -> None:
        """Refuse where the bot is known not to be in the channel."""
        self._must_be_ours(channel)
        web = self._client.web
        try:
            await self._client.ask(web.conversations_history(channel=channel.id, limit=1))
        except Refused as error:
            if error.gone:
                raise

    def _must_be_ours(self, place: Address) -> None:
        login = self._client.login
        if login is not None and login.team != place.tenant:
            log.error("%s: nothing can be posted there until that is mended", ANOTHER_TEAM)
            raise RetryAfter(REFUSED_TOKEN, ANOTHER_TEAM)


def _key(found: dict[str, Any]) -> str:
    blocks = found.get("blocks") or [{}]
    return str(blocks[0].get("block_id", ""))
