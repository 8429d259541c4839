"""The core's replies, shown where somebody acted: below a message, in a window, on a home."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from adapters.slack_cards import Json, message
from adapters.slack_client import SlackClient
from adapters.slack_events import Origin
from adapters.slack_forms import Memo, card_window, form_window
from adapters.turns import Turns
from bot.cards import guide
from bot.errors import DeliveryError, Refused, Unsure
from bot.events import Card, File, Form, Open, Reply, Show

log = logging.getLogger(__name__)


class SlackReplies:
    """Shows replies; what cannot be shown is logged, and can be asked for again."""

    def __init__(self, client: SlackClient, timer: Callable[[], float]) -> None:
        self._client = client
        self._turns = Turns(timer)

    async def show(self, origin: Origin, replies: Sequence[Reply], *, pushes: bool = True) -> None:
        """Show replies to whoever acted, and to everybody what is for everybody.

        In a window a new card is laid over the old one where `pushes`, else it takes its place.
        """
        shown = [reply for reply in replies if isinstance(reply, Show)]
        if origin.view:
            over = pushes and all(reply.to != "replace" for reply in shown)
            await self._in_window(origin, shown_in_window(shown), over=over)
        else:
            for reply in shown:
                await self._below(origin, reply)
        for reply in shown:
            if reply.to == "public":
                await self._say(origin, reply.card)
        for opened in replies:
            if isinstance(opened, Open):
                await self._open(origin, opened.form)

    async def _below(self, origin: Origin, reply: Show) -> None:
        if reply.to == "replace" and origin.message:
            await self._in_turn(origin, reply)
        elif reply.to == "replace":
            await self._replace(origin, reply.card)
        elif reply.to == "private" and reply.above is not None and origin.is_private:
            await self._replace(origin, reply.above, reply.card)
        elif reply.to == "private":
            await self.whisper(origin, reply.card)

    async def _in_turn(self, origin: Origin, reply: Show) -> None:
        """Replace a public message, unless something later stands there by now."""
        async with self._turns.take(origin.channel, origin.message, reply.order) as is_due:
            if is_due:
                await self._replace(origin, reply.card)

    # --- below a message ------------------------------------------------------------------

    async def whisper(self, origin: Origin, card: Card) -> None:
        """Show a card to the one who acted alone."""
        if card.file is not None:
            card = await self._apart(origin, card, card.file)
        shown = message(card)
        if origin.response_url:
            body = {"response_type": "ephemeral", "replace_original": False, **shown}
            if await self._responded(origin, body):
                return
        if not origin.is_direct and origin.channel:
            call = self._client.patient.chat_postEphemeral(
                channel=origin.channel,
                user=origin.user,
                thread_ts=origin.thread or None,
                **shown,
            )
            try:
                await self._client.ask(call)
            except Unsure as error:
                log.warning("a private message may be lost: %s", error)
                return
            except DeliveryError as error:
                log.info("not shown in the channel: %s", error)
            else:
                return
        # Its buttons belong to the channel, and would answer nothing in another place.
        alone = msgspec.structs.replace(card, buttons=())
        await self._write(origin, message(guide.notice(guide.NOT_THERE) if card.post_id else alone))

    async def _write(self, origin: Origin, shown: Json) -> str:
        """Write to the private conversation; gives its id, empty where that did not work."""
        try:
            web = self._client.patient
            found = await self._client.ask(web.chat_postMessage(channel=origin.user, **shown))
        except DeliveryError as error:
            log.warning("a private message is lost: %s", error)
            return ""
        return str(found["channel"])

    async def _replace(self, origin: Origin, *cards: Card) -> None:
        shown = message(*cards)
        if await self._responded(origin, {"replace_original": True, **shown}):
            return
        if origin.message:
            call = self._client.patient.chat_update(
                channel=origin.channel, ts=origin.message, **shown
            )
            await self._logged(call)
        else:
            await self.whisper(msgspec.structs.replace(origin, response_url=""), cards[-1])

    async def _say(self, origin: Origin, card: Card) -> None:
        """Show a card to everybody where it happened."""
        shown = message(card)
        if origin.response_url:
            body = {"response_type": "in_channel", "replace_original": False, **shown}
            if await self._responded(origin, body):
                return
        await self._logged(
            self._client.patient.chat_postMessage(
                channel=origin.channel,
                thread_ts=origin.thread or None,
                unfurl_links=False,
                unfurl_media=False,
                **shown,
            )
        )

    async def _responded(self, origin: Origin, body: Json) -> bool:
        """Whether the address that came with the event took it, or may have taken it."""
        if origin.thread:
            body = {**body, "thread_ts": origin.thread}
        try:
            await self._client.respond(origin.response_url, body)
        except Refused as error:
            log.info("%s", error)
            return False
        except DeliveryError as error:
            log.warning("a reply may be lost: %s", error)
        return True

    async def _apart(self, origin: Origin, card: Card, file: File) -> Card:
        """Send a card with a file to the private conversation; gives what to show instead."""
        channel = await self._write(origin, message(card))
        is_sent = bool(channel) and await self._logged(
            self._client.patient.files_upload_v2(
                channel=channel, content=file.data, filename=file.name
            )
        )
        return guide.notice(guide.SENT_APART if is_sent else guide.NOT_SENT)

    # --- in a window ----------------------------------------------------------------------

    async def _in_window(self, origin: Origin, cards: Sequence[Card], *, over: bool) -> None:
        if not cards:
            return
        for card in cards:
            if card.file is not None:
                cards = [await self._apart(origin, card, card.file)]
                break
        view = card_window(cards, memo(origin))
        if origin.is_home:
            if not await self._opened(origin, view):
                await self._write(origin, message(*cards))
        elif not (over and await self._opened(origin, view)):
            await self.update(origin, cards)

    async def update(self, origin: Origin, cards: Sequence[Card]) -> None:
        """Let a window show cards; whoever closed it meanwhile reads them below the channel."""
        view = card_window(cards, memo(origin))
        try:
            web = self._client.patient
            await self._client.ask(web.views_update(view_id=origin.view, view=view))
        except Refused as error:
            log.info("the window is gone: %s", error)
            for card in cards:
                await self.whisper(origin, card)
        except DeliveryError as error:
            log.warning("a window may not have changed: %s", error)

    async def _open(self, origin: Origin, form: Form) -> None:
        view = form_window(form, memo(origin))
        if await self._opened(origin, view):
            return
        if origin.view and not origin.is_home:
            await self._logged(self._client.patient.views_update(view_id=origin.view, view=view))
        else:
            await self.whisper(origin, guide.notice(guide.NOT_OPEN))

    async def _opened(self, origin: Origin, view: Json) -> bool:
        """Whether a window opened, over the one that is open if there is one."""
        web = self._client.web
        if origin.view and not origin.is_home:
            call = web.views_push(trigger_id=origin.trigger, view=view)
        else:
            call = web.views_open(trigger_id=origin.trigger, view=view)
        try:
            await self._client.ask(call)
        except Unsure as error:
            log.warning("a window may not have opened: %s", error)
        except DeliveryError as error:
            log.info("no window opened: %s", error)
            return False
        return True

    async def _logged(self, call: Any) -> bool:  # noqa: ANN401  # any call of the SDK
        """Whether a call worked; one that did not is logged."""
        try:
            await self._client.ask(call)
        except DeliveryError as error:
            log.warning("not shown: %s", error)
            return False
        return True


def memo(origin: Origin) -> Memo:
    """What a window remembers of where it was opened."""
    return Memo(origin.channel, origin.thread)


def shown_in_window(replies: Sequence[Reply]) -> list[Card]:
    """What a window shows of replies: all but what is for everybody, below what it answers."""
    found = [one for one in replies if isinstance(one, Show) and one.to != "public"]
    return [card for one in found for card in (one.above, one.card) if card is not None]
