"""Members' home pages on Slack: drawn when they are opened, and again when something changed."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from cachetools import TTLCache

from adapters.slack_client import Login, SlackClient
from adapters.slack_events import Origin
from adapters.slack_forms import Memo, home
from bot.app import Bot
from bot.errors import DeliveryError
from bot.events import HomeOpened, Person, Place, Show

if TYPE_CHECKING:
    from adapters.slack_cards import Json

log = logging.getLogger(__name__)

LOOKED_AT = 86_400.0
"""Seconds for which a page that was opened is kept up to date."""


class _Page:
    """A page that was opened: its member's private conversation, and what it shows."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.shown: Json | None = None
        self.drawing = asyncio.Lock()


class SlackHomes:
    """The pages that were opened lately."""

    def __init__(self, client: SlackClient, bot: Bot, timer: Callable[[], float]) -> None:
        self._client, self._bot = client, bot
        self._pages: TTLCache[str, _Page] = TTLCache(5_000, LOOKED_AT, timer=timer)

    async def opened(self, origin: Origin, login: Login, person: Person, at: datetime) -> None:
        """Draw the page of somebody who looks at it now."""
        page = _Page(origin.channel)
        self._pages[origin.user] = page
        await self._draw(page, origin.user, login, person, at)

    async def refresh(self, user: str, login: Login, person: Person, at: datetime) -> None:
        """Draw a page again that was opened lately, if it would look different."""
        page = self._pages.get(user)
        if page is not None and not person.guest:
            await self._draw(page, user, login, person, at)

    async def _draw(
        self, page: _Page, user: str, login: Login, person: Person, at: datetime
    ) -> None:
        async with page.drawing:  # or an older state could be drawn over a newer one
            await self._drawn(page, user, login, person, at)

    async def _drawn(
        self, page: _Page, user: str, login: Login, person: Person, at: datetime
    ) -> None:
        place = Place("slack", login.team, page.channel, direct=True)
        for reply in await self._bot.handle(HomeOpened(place=place, person=person, at=at)):
            if not isinstance(reply, Show):
                continue
            view = home(reply.card, Memo(page.channel))
            if view == page.shown:
                return
            page.shown = view
            try:
                await self._client.ask(self._client.web.views_publish(user_id=user, view=view))
            except DeliveryError as error:
                page.shown = None
                log.warning("a home page was not drawn: %s", error)
