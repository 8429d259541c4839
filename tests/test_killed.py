"""`numpy-bot run` killed at every step of a daily, on both platforms: once, and nothing lost.

The whole run: `KILLS=50 MOMENTS=1000 pytest -m proof tests/test_killed.py`.
"""

import asyncio
import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.store import sqlite
from tests.discord_team import title
from tests.loopback import Drop, Hang
from tests.nursery import Nursery
from tests.running import PATIENCE, Running
from tests.shifted import PLACES
from tests.slack_server import SlackServer
from tests.slack_team import CHANNEL
from tests.slack_team import title as slack_title
from tests.test_discord_process import EARLY, Bot, running, set_up
from tests.test_slack_process import dailies as slack_dailies

KILLS = int(os.environ.get("KILLS", "10"))
MOMENTS = int(os.environ.get("MOMENTS", "20"))
"""How often the process dies in each place, and how often at any moment."""

STEPS = ("question", "close", "explain")
ABOUT_A_STEP = ("claimed", "sending", "sent", "settling", "settled")
DEATHS = [
    *(f"{place} any" for place in PLACES if place not in ABOUT_A_STEP),
    *(f"{place} {step}" for place in ABOUT_A_STEP for step in STEPS),
]
"""Where a process may die, in the words of `tests.shifted`."""

SLACK_CALLS = {
    "question": "chat.postMessage",
    "close": "chat.update",
    "explain": "chat.postMessage",
}
DISCORD_CALLS = {
    "question": "POST /channels/{channel_id}/messages",
    "close": "PATCH /channels/{channel_id}/messages/{message_id}",
    "explain": "POST /channels/{channel_id}/messages",
}


LATELY = 3
"""So many of the last days are waited for; all of them are counted."""


class Days:
    """A channel on each platform with a daily, and a process that dies once a day."""

    def __init__(self, bot: Bot, slack: SlackServer) -> None:
        self.bot, self.slack = bot, slack
        self.day = 0

    def at(self, **delta: float) -> datetime:
        """A moment of the present day, counted from nine o'clock."""
        return EARLY + timedelta(days=self.day, hours=1, **delta)

    async def begin(self) -> None:
        """Set both dailies up, and see the first ones."""
        await self.bot.start()
        await self.bot.connected()
        await set_up(self.bot)
        plan = "schedule 09:00 UTC daily closes 12h"
        await self.bot.discord.command(
            self.bot.server.user("Ada"), self.bot.server.channel, "schedule", {"days": "daily"}
        )
        await self.slack.slash("UADA", CHANNEL, plan)
        await self.slack.until(lambda: self.slack.channels[CHANNEL].messages, PATIENCE)
        self.bot.move_to(self.at())
        await self.arrived()
        assert 0 == await self.bot.end(signal.SIGTERM)

    async def dies(self, death: str, processes: int) -> None:
        """On the next day the bot is killed in a place, and some processes take over."""
        self.day += 1
        self.bot.move_to(self.at())
        await self.bot.start(DIE=death)
        process = self.bot.process
        assert process is not None
        try:
            assert -signal.SIGKILL == await asyncio.wait_for(process.wait(), PATIENCE)
            await self.lives_again(processes)
        except BaseException as error:
            error.add_note(f"after it was killed at {death}, on day {self.day}")
            raise

    async def lives_again(self, processes: int = 1) -> None:
        """Start the bot anew, when the leases of the dead have run out, and see the day through."""
        self.bot.move_to(self.at(minutes=5))
        others = [Running(self.bot.folder, self.at(minutes=5)) for _ in range(processes - 1)]
        try:
            for other in others:
                other.env, other.nursery = self.bot.env, self.bot.nursery
                await other.start()
            await self.bot.start()
            await self.bot.connected()
            await self.arrived()
        finally:
            for other in others:
                await other.over()
        how = signal.SIGKILL if others else signal.SIGTERM
        assert (-how if others else 0) == await self.bot.end(how)

    async def arrived(self) -> None:
        """Wait for the day's question and the explanation of the day before, and count."""
        count = self.day + 1
        await self.bot.until(lambda: len(self.bot.dailies) >= count)
        await self.slack.until(lambda: len(slack_dailies(self.slack)) >= count, PATIENCE)
        for number in range(max(0, self.day - LATELY), self.day):
            daily, slack_daily = self.bot.dailies[number], slack_dailies(self.slack)[number]
            await self.bot.until(lambda: self.bot.discord.thread(daily))  # noqa: B023  # awaited here
            await self.slack.until(lambda: self.explanations(slack_daily.ts), PATIENCE)  # noqa: B023  # the same
        await self.settled()
        self.nothing_twice(count)

    async def settled(self) -> None:
        """Wait until the bot knows of every message how it ended."""
        left = "SELECT count(*) FROM outbox WHERE state NOT IN ('posted', 'skipped')"
        database = sqlite.connect(self.bot.folder / "bot.db")
        try:
            async with asyncio.timeout(PATIENCE):
                while database.execute(left).fetchone() != (0,):  # noqa: ASYNC110  # another process's
                    await asyncio.sleep(0.02)
        finally:
            database.close()

    def explanations(self, ts: str) -> int:
        """How many messages stand below one on Slack."""
        return sum(one.thread_ts == ts for one in self.slack.channels[CHANNEL].messages)

    def nothing_twice(self, count: int) -> None:
        """Each question once, and each of the past ones closed and explained once."""
        titles = [f"Daily #{number + 1} · closed" for number in range(count - 1)]
        shown = [title(one) for one in self.bot.dailies]
        slack_shown = [slack_title(one.blocks) for one in slack_dailies(self.slack)]
        assert (titles, titles) == (shown[:-1], slack_shown[:-1])
        assert (count, count) == (len(shown), len(slack_shown))
        threads = [len(self.bot.discord.thread(one)) for one in self.bot.dailies[:-1]]
        below = Counter(one.thread_ts for one in self.slack.channels[CHANNEL].messages)
        slack_threads = [below[one.ts] for one in slack_dailies(self.slack)[:-1]]
        assert ([1] * self.day, [1] * self.day) == (threads, slack_threads)
        assert ([], []) == (self.bot.discord.problems, self.slack.problems)


@contextlib.asynccontextmanager
async def days(folder: Path) -> AsyncIterator[Days]:
    """Both platforms and the bot, on the evening of its first day."""
    async with Nursery.opened() as nursery, running(folder, slack=True) as bot:
        assert bot.slack is not None
        bot.nursery = nursery
        days = Days(bot, bot.slack)
        await days.begin()
        yield days


@pytest.mark.proof
@pytest.mark.parametrize("deaths", [DEATHS[part::4] for part in range(4)], ids=" ".join)
def test_killed_at_a_step(tmp_path: Path, deaths: list[str]) -> None:
    """Whatever was written down and whatever was sent, the next start goes on from there."""

    async def act() -> None:
        async with days(tmp_path) as alive:
            for number, death in enumerate(deaths * KILLS):
                await alive.dies(death, processes=1 + number % 3)

    asyncio.run(act())


@pytest.mark.proof
@pytest.mark.parametrize("accepted", [True, False])
def test_killed_while_the_platforms_have_not_replied(tmp_path: Path, *, accepted: bool) -> None:
    """A message that was taken is found; one that was not is sent."""

    async def act() -> None:
        async with days(tmp_path) as alive:
            discord, slack = alive.bot.discord, alive.slack
            for number, step in enumerate(STEPS * -(-KILLS // 2)):
                alive.day += 1
                alive.bot.move_to(alive.at())
                discord.fail(DISCORD_CALLS[step], Drop(accepted))
                slack.fail(SLACK_CALLS[step], Hang(asyncio.Event(), accepted))
                before = len(slack.calls)
                await alive.bot.start()
                await slack.until(
                    lambda: any(c.name == SLACK_CALLS[step] for c in slack.calls[before:]),  # noqa: B023  # the same
                    PATIENCE,
                )
                assert -signal.SIGKILL == await alive.bot.end(signal.SIGKILL)
                discord.mend()
                await alive.lives_again(1 + number % 3)

    asyncio.run(act())


@pytest.mark.proof
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """The process dies a moment after it was started, again and again."""
    rng = random.Random(1)

    async def act() -> None:
        async with days(tmp_path) as alive:
            for number in range(MOMENTS):
                alive.day += 1
                alive.bot.move_to(alive.at())
                await alive.bot.start()
                with contextlib.suppress(TimeoutError):
                    await alive.bot.discord.until(lambda: False, rng.uniform(0, 1))
                assert -signal.SIGKILL == await alive.bot.end(signal.SIGKILL)
                await alive.lives_again(1 + number % 3)

    asyncio.run(act())


def test_a_platform_that_does_not_answer_delays_no_end(tmp_path: Path) -> None:
    """SIGTERM ends the process within five seconds; the next one sees that the message arrived."""

    async def act() -> None:
        async with days(tmp_path) as alive:
            slack = alive.slack
            alive.day += 1
            alive.bot.move_to(alive.at())
            slack.fail("chat.postMessage", Hang(asyncio.Event(), accepted=True))
            before = len(slack.calls)
            await alive.bot.start()
            await slack.until(
                lambda: any(c.name == "chat.postMessage" for c in slack.calls[before:]), PATIENCE
            )
            async with asyncio.timeout(5):
                assert 0 == await alive.bot.end(signal.SIGTERM)
            await alive.lives_again()

    asyncio.run(act())
