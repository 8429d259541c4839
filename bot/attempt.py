"""One step of a daily on its way to its platform, and what its answer means.

| what the platform says | what follows |
|---|---|
| delivered | `posted`, with the message's id |
| nothing to send any more: closed, withdrawn, or its question is not there | `skipped` |
| `Refused` | `failed`, the manager is told; where the channel is gone its plan pauses |
| `RetryAfter` | again when it says, no look-up needed |
| `Unsure`, or a lease that ran out | look for the key first; `unknown` where nobody can look |
"""

import logging
import math
from datetime import timedelta

import msgspec

from bot.cards.guide import trouble_card
from bot.cards.verdict import explain_card, voided_card
from bot.clock import Clock
from bot.errors import CannotLook, DeliveryError, Refused, RetryAfter
from bot.events import Card
from bot.ports import LONGEST_CALL, Address, MessageRef
from bot.quiz import today
from bot.quiz.desk import Desk
from bot.store import outbox, people, posts, schedules
from bot.store.outbox import Delivery
from bot.store.sqlite import Connection

log = logging.getLogger(__name__)

_MOST_DOUBLED = 9
"""Waits double from a second up to 2**9 seconds, less than nine minutes."""

LOOK_BACK = timedelta(minutes=65)
"""A message is looked for from so long before its first try: a clock may be an hour wrong."""


class Attempt:
    """One claimed row on its way to its platform."""

    def __init__(self, desk: Desk, delivery: Delivery, owner: str, clock: Clock) -> None:
        self.desk, self.delivery, self.owner, self.clock = desk, delivery, owner, clock
        read = desk.database.read
        self.post = posts.must_get(read, delivery.post_id)
        self.tenant, self.channel = people.channel(read, self.post.channel_id)
        self.relay = desk.relays[delivery.platform]
        self._named = {"post": self.post.id, "step": delivery.step}

    async def run(self) -> bool:
        """Send it, or find that it is there; write down how it ended, and tell whether it did."""
        try:
            message = await self._found() or await self._send()
        except CannotLook:
            await self._settle("unknown", note="sent, but nobody can see whether it arrived")
            await self._complain(
                "may not have arrived. If it is not there: `/numpy schedule repost`"
            )
        except Refused as error:
            await self._refused(error)
        except RetryAfter as error:
            # It says that this call delivered nothing, not that no earlier one did.
            log.info("%s: %s", self.delivery.key, error, extra=self._named)
            await self._again(error.seconds, perhaps=self.delivery.tried is not None)
            return False
        except DeliveryError as error:
            log.warning("%s: %s", self.delivery.key, error, extra=self._named)
            await self._again(2 ** min(self.delivery.attempts, _MOST_DOUBLED), perhaps=True)
            return False
        else:
            if message is None:
                await self._settle("skipped", note="there is nothing to send any more")
            else:
                await self._settle("posted", message=message)
        return True

    def _place(self) -> Address:
        return Address(self.tenant.platform_id, self.channel.platform_id)

    async def _found(self) -> str | None:
        """The message's id where an earlier try delivered it."""
        if self.delivery.tried is None or self.delivery.step == "close":
            return None  # an edit can be made twice
        thread = self._question() if self.delivery.step == "explain" else None
        since = min(self.delivery.tried, self.clock.now()) - LOOK_BACK
        found = await self.relay.find(self._place(), self.delivery.key, since, thread)
        return found.message if found else None

    def _question(self) -> MessageRef | None:
        sent = outbox.message(self.desk.database.read, self.post.id, "question")
        return MessageRef(self._place(), sent[1]) if sent and sent[1] else None

    async def _send(self) -> str | None:
        """The message's id; None where nothing is to be sent any more."""
        self._must_have_time()
        delivery, question = self.delivery, self._question()
        if delivery.step == "question":
            if self._is_over():
                return None
            card = today.card_of(self.desk, self.desk.database.read, self.post)
            return (await self.relay.post(self._place(), card, delivery.key)).message
        if question is None:
            return None
        if delivery.step == "close":
            if self.desk.counter is not None:
                await self.desk.counter.forget(self.post.id)
            await self.relay.edit(question, self._closed())
            return question.message
        closed = outbox.message(self.desk.database.read, self.post.id, "close")
        if self.post.voided_at is not None or (closed and closed[0] == "failed"):
            return None  # below a message that is not there, nobody would read it
        card = msgspec.structs.replace(explain_card(self.post), buttons=())
        return (await self.relay.post(self._place(), card, delivery.key, question)).message

    def _must_have_time(self) -> None:
        """Send nothing under a lease that might end before the platform's reply is here.

        Looking may have taken long, or the process slept; somebody else may send it by then.
        """
        if self.clock.steady() > self.delivery.until - LONGEST_CALL:
            raise RetryAfter(0, "there is too little time left to send it")

    def _is_over(self) -> bool:
        closes, closed = self.post.closes_at, self.post.closed_at
        return closed is not None or (closes is not None and closes <= self.clock.now())

    def _closed(self) -> Card:
        if self.post.voided_at is not None:
            return voided_card(self.post)
        return today.closed(self.desk.database.read, self.post)

    async def _settle(
        self, state: outbox.State, *, message: str | None = None, note: str = ""
    ) -> None:
        now = self.clock.now()

        def settle(conn: Connection) -> None:
            mine = outbox.settle(conn, self.delivery, self.owner, state, message=message, note=note)
            if mine and state == "posted" and self.delivery.step == "question":
                posts.set_opened(conn, self.post.id, now)

        await self.desk.database.awrite(settle)
        self.desk.tally.messages[self.delivery.platform, self.delivery.step, state] += 1
        level = logging.WARNING if state in {"unknown", "failed"} else logging.INFO
        said = f"{state}: {note}" if note else state
        what, where = self.delivery.step, self.channel.platform_id
        log.log(
            level,
            "post %d: %s of daily %d in %s: %s",
            self.post.id,
            what,
            self.post.number,
            where,
            said,
            extra=self._named,
        )

    async def _again(self, seconds: float, *, perhaps: bool) -> None:
        wait = min(max(1, math.ceil(seconds)), outbox.LONGEST_WAIT)
        due = self.clock.now() + timedelta(seconds=wait)
        await self.desk.database.awrite(
            lambda conn: outbox.retry(
                conn, self.delivery, self.owner, due, delivered_perhaps=perhaps
            )
        )

    async def _refused(self, error: Refused) -> None:
        await self._settle("failed", note=str(error))
        words = f"could not be posted: {str(error).rstrip('.')}. "
        if error.gone and self.delivery.step == "question":
            await self.desk.database.awrite(self._pause)
            words += "The daily there is paused. Once that is mended, `/numpy schedule resume` "
            words += "goes on and `/numpy schedule repost` posts this one"
        else:
            words += "Once that is mended: `/numpy schedule repost`"
        await self._complain(words)

    def _pause(self, conn: Connection) -> None:
        plan = schedules.get(conn, self.post.channel_id)
        if plan is not None and plan.state != "off":
            paused = msgspec.structs.replace(
                plan, state="paused", paused_until=None, next_date=None, next_post_at=None
            )
            schedules.put(conn, paused)

    async def _complain(self, what: str) -> None:
        """Tell the managers of a question that is missing; the rest is in the log."""
        if self.delivery.step != "question" or self._is_over():
            return
        card = trouble_card(self.post.number, self.channel.platform_id, what)
        await today.tell_managers(self.desk, self.tenant, self.post.channel_id, card)
