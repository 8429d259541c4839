"""`/numpy` on Discord: typed sub-commands, and what is suggested while somebody fills them in.

Each sub-command becomes the line that the core reads on every platform.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from adapters.discord_words import line, plan_line
from bot.commands import COMMANDS, LEVELS, MOST_QUESTIONS, PLANS, topics_like
from bot.schedule import zones_like
from content.schema import TOPICS

MOST_CHOICES = 25
MOST_LETTERS = 100

DAYS = ("mon-fri", "every day", "mon,wed,fri", "tue,thu", "sat,sun")
"""Weekdays that are suggested; any others can be typed."""

HOURS = ("next", "4h", "8h", "12h", "24h", "48h", "72h")
"""How long a daily is open; `next` is until the next one."""

Here = discord.Interaction[Any]

Told = str | None


class Taker(Protocol):
    """Who takes the commands."""

    async def commanded(self, interaction: Here, text: str, *, opens: bool = False) -> None:
        """Somebody gave a command; `opens` where it is answered by a form."""

    async def suggested(self, interaction: Here, text: str) -> list[str]:
        """What there is to learn for what is typed so far."""


class Nobody:
    """Takes no commands, for whoever looks at the tree alone."""

    async def commanded(self, interaction: Here, text: str, *, opens: bool = False) -> None:
        """Nothing follows."""

    async def suggested(self, interaction: Here, text: str) -> list[str]:  # noqa: ARG002  # a Taker's
        """Nothing is found."""
        return []


def about(text: str) -> str:
    """What a line of help says a command does, as Discord's list shows it."""
    words = text.partition(": ")[2].replace("`", "")
    return words[:1].upper() + words[1:]


def choices(words: Sequence[str], labels: Sequence[str] = ()) -> list[Choice[str]]:
    """Choices of a fixed list."""
    named = zip(words, labels or words, strict=True)
    return [Choice(name=name[:MOST_LETTERS], value=word) for word, name in named]


def suggestions(texts: Sequence[str]) -> list[Choice[str]]:
    """As many of the texts as Discord shows, each once."""
    fitting = dict.fromkeys(text for text in texts if 0 < len(text) <= MOST_LETTERS)
    return [Choice(name=text, value=text) for text in fitting][:MOST_CHOICES]


def in_list(typed: str, words: Sequence[str]) -> list[str]:
    """What a list may go on with: its last word completed, none named twice."""
    before, comma, last = typed.rpartition(",")
    named = {word.strip().casefold() for word in before.split(",")}
    wanted = last.strip().casefold()
    return [
        f"{before}{comma}{word}"
        for word in words
        if word.casefold().startswith(wanted) and word.casefold() not in named
    ]


def topic_ids(typed: str) -> list[str]:
    """Topics that a list of them may go on with, by their ids."""
    before, comma, last = typed.rpartition(",")
    titles = set(topics_like(last))
    like = [topic for topic, title in TOPICS.items() if title in titles]
    named = {word.strip().casefold() for word in before.split(",")}
    found = [f"{before}{comma}{topic}" for topic in like if topic not in named]
    return found if typed else ["all", *found]


PERIODS = choices(("week", "month", "all"), ("this week", "this month", "all time"))
SCOPES = choices(("channel", "team"), ("this channel", "the whole server"))
ACTIONS = choices(
    (*PLANS, "help"),
    (*(f"{word}: {about(text).lower()}" for word, text in PLANS.items()), "help: all of this"),
)


class Numpy(app_commands.Group):
    """The group of all sub-commands."""

    def __init__(self, taker: Taker) -> None:
        super().__init__(
            name="numpy",
            description="One NumPy question a day, and practice whenever you like",
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        self._taker = taker

    @app_commands.command(description=about(COMMANDS["quiz"]))
    @app_commands.describe(
        topic="only this topic", level="only this level", count="so many questions, then a recap"
    )
    @app_commands.choices(topic=choices([*TOPICS], [*TOPICS.values()]), level=choices([*LEVELS]))
    async def quiz(
        self,
        interaction: Here,
        topic: Told = None,
        level: Told = None,
        count: Range[int, 1, MOST_QUESTIONS] | None = None,
    ) -> None:
        """Practise."""
        await self._taker.commanded(interaction, line("quiz", topic, level, count))

    @app_commands.command(description=about(COMMANDS["daily"]))
    async def daily(self, interaction: Here) -> None:
        """Today's question."""
        await self._taker.commanded(interaction, "daily")

    @app_commands.command(description=about(COMMANDS["leaderboard"]))
    @app_commands.describe(period="default: this week", scope="default: this channel")
    @app_commands.choices(period=PERIODS, scope=SCOPES)
    async def leaderboard(self, interaction: Here, period: Told = None, scope: Told = None) -> None:
        """A board."""
        await self._taker.commanded(interaction, line("leaderboard", period, scope))

    @app_commands.command(description=about(COMMANDS["me"]))
    async def me(self, interaction: Here) -> None:
        """One's own progress."""
        await self._taker.commanded(interaction, "me")

    @app_commands.command(description=about(COMMANDS["review"]))
    async def review(self, interaction: Here) -> None:
        """What was missed."""
        await self._taker.commanded(interaction, "review")

    @app_commands.command(description=about(COMMANDS["learn"]))
    @app_commands.describe(about="a topic, or words to look for")
    async def learn(
        self, interaction: Here, about: Range[str, 1, MOST_LETTERS] | None = None
    ) -> None:
        """The study guide."""
        await self._taker.commanded(interaction, line("learn", about))

    @learn.autocomplete("about")
    async def _about(self, interaction: Here, typed: str) -> list[Choice[str]]:
        return suggestions(await self._taker.suggested(interaction, typed))

    @app_commands.command(description="When the daily comes here, for managers; alone: a form")
    @app_commands.describe(
        action="what to do with the daily",
        time="when it comes, like 09:00",
        zone="the time zone of that, like Europe/Berlin",
        days="the days it comes, like mon-fri",
        topics="what it is about, like broadcasting,axis; or all",
        levels="how hard it is, like easy,medium; or all",
        closes="how long it is open, like 24h; or next",
        until="with pause: the day it goes on, like 2026-12-24",
    )
    @app_commands.choices(action=ACTIONS)
    async def schedule(  # noqa: PLR0913, PLR0917  # as many as a schedule has parts
        self,
        interaction: Here,
        action: Told = None,
        time: Told = None,
        zone: Told = None,
        days: Told = None,
        topics: Told = None,
        levels: Told = None,
        closes: Told = None,
        until: Told = None,
    ) -> None:
        """The channel's schedule."""
        plan = plan_line(
            {"time": time, "zone": zone, "days": days, "topics": topics, "levels": levels,
             "closes": closes}
        )  # fmt: skip
        action = action or ("pause" if until else None)
        text = line("schedule", action, until, plan)
        await self._taker.commanded(interaction, text, opens=text == "schedule")

    @schedule.autocomplete("zone")
    async def _zone(self, interaction: Here, typed: str) -> list[Choice[str]]:  # noqa: ARG002  # as discord.py calls it
        return suggestions(zones_like(typed, MOST_CHOICES))

    @schedule.autocomplete("days")
    async def _days(self, interaction: Here, typed: str) -> list[Choice[str]]:  # noqa: ARG002  # the same
        return suggestions([days for days in DAYS if typed.strip().casefold() in days])

    @schedule.autocomplete("topics")
    async def _topics(self, interaction: Here, typed: str) -> list[Choice[str]]:  # noqa: ARG002  # the same
        return suggestions(topic_ids(typed))

    @schedule.autocomplete("levels")
    async def _levels(self, interaction: Here, typed: str) -> list[Choice[str]]:  # noqa: ARG002  # the same
        return suggestions([*([] if typed else ["all"]), *in_list(typed, [*LEVELS])])

    @schedule.autocomplete("closes")
    async def _closes(self, interaction: Here, typed: str) -> list[Choice[str]]:  # noqa: ARG002  # the same
        return suggestions([hours for hours in HOURS if hours.startswith(typed.strip())])

    @app_commands.command(description=about(COMMANDS["privacy"]))
    async def privacy(self, interaction: Here) -> None:
        """What is stored."""
        await self._taker.commanded(interaction, "privacy")

    @app_commands.command(description="Every command, and how points work")
    async def help(self, interaction: Here) -> None:
        """All commands."""
        await self._taker.commanded(interaction, "help")
