"""Who somebody is on Slack: their name, their zone, and whether they run the workspace."""

import asyncio
import logging
from collections.abc import Callable

import msgspec
from cachetools import TTLCache

from adapters.slack_client import SlackClient
from bot.errors import RetryAfter
from bot.events import Person

log = logging.getLogger(__name__)

MOST_PEOPLE = 20_000
FRESH = 3600.0
"""Seconds for which a profile is believed."""

BELIEVED = {True: 300.0, False: 30.0}
"""Seconds for which somebody is taken for an admin or owner, or for none."""

PATIENCE = 0.5
"""Seconds that an answer waits for a name; then the handle does for this once."""


class Profile(msgspec.Struct, frozen=True):
    """What Slack told of a member, and when that was seen."""

    name: str
    zone: str
    manages: bool
    seen: float


class SlackPeople:
    """The members that were met lately. `clock` counts seconds."""

    def __init__(self, client: SlackClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._known: TTLCache[str, Profile] = TTLCache(MOST_PEOPLE, FRESH, timer=clock)
        self._asked: dict[str, asyncio.Task[Profile]] = {}
        self._busy_until = 0.0

    async def person(self, user: str, handle: str, *, guest: bool = False) -> Person:
        """Somebody who acts; `handle` is what the event itself calls them."""
        unnamed = Person(user, handle or user, is_handle=True, guest=guest)
        if guest:
            return unnamed
        profile = self._known.get(user)
        if profile is None and self._clock() >= self._busy_until:
            asked = self._ask(user)
            await asyncio.wait([asked], timeout=PATIENCE)
            profile = self._known.get(user)
        return unnamed if profile is None else Person(user, profile.name, zone=profile.zone)

    async def manages(self, user: str) -> bool:
        """Whether they are an owner or admin of the workspace; raises DeliveryError."""
        profile = self._known.get(user)
        if profile is None or self._clock() >= profile.seen + BELIEVED[profile.manages]:
            profile = await asyncio.shield(self._ask(user))  # others may wait for it too
        return profile.manages

    def _ask(self, user: str) -> "asyncio.Task[Profile]":
        """Ask Slack, once for all who want to know at the same time."""
        task = self._asked.get(user)
        if task is None:
            task = self._asked[user] = asyncio.create_task(self._look_up(user))
            task.add_done_callback(lambda done: self._ended(user, done))
        return task

    def _ended(self, user: str, task: "asyncio.Task[Profile]") -> None:
        del self._asked[user]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.info("users.info: %s", error)

    async def _look_up(self, user: str) -> Profile:
        try:
            found = (await self._client.ask(self._client.web.users_info(user=user)))["user"]
        except RetryAfter as error:
            self._busy_until = self._clock() + error.seconds
            raise
        profile = Profile(
            name=_name(found, user),
            zone=str(found.get("tz") or ""),
            seen=self._clock(),
            manages=any(found.get(f"is_{role}") for role in ("admin", "owner", "primary_owner")),
        )
        self._known[user] = profile
        return profile

    async def close(self) -> None:
        """Stop asking."""
        tasks = [*self._asked.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _name(user: dict[str, object], ident: str) -> str:
    """The name that Slack shows."""
    profile = user.get("profile")
    shown = profile if isinstance(profile, dict) else {}
    names = (shown.get("display_name"), shown.get("real_name"), user.get("name"))
    return next((str(name).strip() for name in names if name and str(name).strip()), ident)
