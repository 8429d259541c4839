"""The live count of an open daily: its public message follows the answers, but not too fast."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable

import msgspec

from bot.errors import DeliveryError, Refused, RetryAfter
from bot.model import Post
from bot.ports import Address, MessageRef
from bot.quiz.desk import Desk
from bot.quiz.today import card_of
from bot.store import outbox, people, posts

log = logging.getLogger(__name__)

_GAPS = (0.0, 2.0, 3.0, 5.0)
_STEADY = 30.0
_UNSENT = 1.0


def gap(edits: int) -> float:
    """Seconds between a post's last edit and the next, when it has had so many.

    The first answers are seen at 0, 2, 5 and 10 s, later ones at most every 30 s.
    """
    return _GAPS[edits] if edits < len(_GAPS) else _STEADY


class _Live(msgspec.Struct):
    """What is known of one open post; `due` is the clock's time of its next edit."""

    post: Post
    edits: int = 0
    due: float = -math.inf
    changed: bool = False
    editing: bool = False
    task: asyncio.Task[None] | None = None


class LiveCount:
    """Keeps public counts up to date, with at most one task a post and none at rest.

    `edit` shows a post's present count; `sleep` and `clock` are in seconds. An edit that a
    platform refuses is given up until the next answer; one that may have failed otherwise
    is made again after the next gap, or as late as the platform asks. All methods are
    called on the event loop.
    """

    def __init__(
        self,
        edit: Callable[[Post], Awaitable[None]],
        *,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._edit, self._sleep, self._clock = edit, sleep, clock
        self._posts: dict[int, _Live] = {}
        self._open = True

    def changed(self, post: Post) -> None:
        """Let the message of this post show one answer more, soon."""
        if not self._open:
            return
        live = self._posts.setdefault(post.id, _Live(post))
        live.post, live.changed = post, True
        if live.task is None or live.task.done():
            live.task = asyncio.create_task(self._follow(live))

    async def forget(self, post_id: int) -> None:
        """Edit this post no more; one edit that is under way is waited for.

        Whoever closes a post awaits this first, so that no count overtakes the reveal.
        """
        live = self._posts.pop(post_id, None)
        if live is not None:
            await _ended([live])

    async def close(self) -> None:
        """Show the last counts at once, with one try each, and follow no answer any more."""
        self._open = False
        lives = [*self._posts.values()]
        self._posts.clear()
        await _ended(lives)
        await asyncio.gather(*(self._show(live) for live in lives if live.changed))

    async def _follow(self, live: _Live) -> None:
        while live.changed and self._posts.get(live.post.id) is live:
            wait = live.due - self._clock()
            if wait > 0:
                await self._sleep(wait)
            await self._show(live)

    async def _show(self, live: _Live) -> None:
        """Make one edit; nothing that goes wrong with it goes any further."""
        live.changed, live.editing = False, True
        live.edits += 1
        live.due = self._clock() + gap(live.edits)
        try:
            await self._edit(live.post)
        except RetryAfter as error:
            log.info("count of post %d: %s", live.post.id, error)
            live.changed = True
            live.due = max(live.due, self._clock() + error.seconds)
        except Refused as error:
            log.warning("count of post %d: %s", live.post.id, error)
        except DeliveryError as error:
            log.warning("count of post %d: %s", live.post.id, error)
            live.changed = True
        except Exception:
            log.exception("count of post %d", live.post.id)
        finally:
            live.editing = False


async def _ended(lives: Iterable[_Live]) -> None:
    """Wake whoever sleeps, wait for whoever edits."""
    tasks = []
    for live in lives:
        if live.task is not None:
            tasks.append(live.task)
            if not live.editing:
                live.task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def relay_edit(desk: Desk) -> Callable[[Post], Awaitable[None]]:
    """How a `LiveCount` shows a daily's count on the platform where the daily stands.

    A post that is closed by now, or whose message has no known id, is left alone; one that
    is still being sent raises `RetryAfter`.
    """

    async def edit(post: Post) -> None:
        read = desk.database.read
        now = posts.must_get(read, post.id)
        sent = outbox.message(read, post.id, "question")
        if sent is None or now.closed_at is not None or now.voided_at is not None:
            return
        state, message = sent
        if message is None:
            if state in {"pending", "sending"}:
                raise RetryAfter(_UNSENT)
            return
        tenant, channel = people.channel(read, post.channel_id)
        relay = desk.relays.get(tenant.platform)
        if relay is not None:
            place = Address(tenant.platform_id, channel.platform_id)
            await relay.edit(MessageRef(place, message), card_of(desk, read, now), count=True)

    return edit
