"""Discord's options and the words of the core: what is chosen is what is read."""

import itertools
import re
from pathlib import Path

import discord
import pytest
from discord import app_commands

from adapters.discord_commands import (
    DAYS,
    HOURS,
    MOST_CHOICES,
    Nobody,
    Numpy,
    in_list,
    suggestions,
    topic_ids,
)
from adapters.discord_words import invocation, line, plan_line
from bot.commands import COMMANDS, LEVELS, Leaderboard, Learn, Manage, Quiz, parse
from bot.plans import parse_plan, with_field
from bot.schedule import DAYS as WEEKDAYS
from bot.schedule import Schedule
from content.schema import TOPICS
from tests.discord_rules import problems_of
from tests.fakes import MONDAY

BEFORE = Schedule(MONDAY.time(), "UTC", (0,))
ROOT = Path(__file__).parent.parent


def tree() -> list[dict[str, object]]:
    """The commands as Discord is told them."""
    client = discord.Client(intents=discord.Intents.none())
    found = app_commands.CommandTree(client)
    found.add_command(Numpy(Nobody()))
    return [dict(command.to_dict(found)) for command in found.get_commands()]


def options() -> dict[str, set[str]]:
    """The options of each sub-command by its name."""
    (root,) = tree()
    subs: list[dict[str, list[dict[str, str]]]] = root["options"]  # type: ignore[assignment]  # as Discord takes it
    return {str(sub["name"]): {one["name"] for one in sub["options"]} for sub in subs}


def test_discord_takes_the_commands() -> None:
    """Names, descriptions, choices and their number."""
    assert [] == problems_of("PUT", "/applications/{application_id}/commands", tree())


def test_every_command_of_the_core_is_there() -> None:
    """And no other."""
    assert set(COMMANDS) == set(options())


@pytest.mark.parametrize("level", [None, *LEVELS])
@pytest.mark.parametrize("topic", [None, *TOPICS])
@pytest.mark.parametrize("count", [None, 1, 50])
def test_a_quiz_is_read_as_chosen(topic: str | None, level: str | None, count: int | None) -> None:
    """Each topic, level and count, or none of them."""
    expected = Quiz(topic or "", LEVELS.get(level or "", 0), count or 0)
    assert expected == parse(line("quiz", topic, level, count))


@pytest.mark.parametrize("period", ["week", "month", "all"])
@pytest.mark.parametrize("scope", ["channel", "team"])
def test_a_board_is_read_as_chosen(period: str, scope: str) -> None:
    """Each period and scope."""
    assert Leaderboard(period, scope) == parse(line("leaderboard", period, scope))  # type: ignore[arg-type]  # they are


def test_each_topic_is_found_by_its_title() -> None:
    """As it is suggested."""
    for topic, title in TOPICS.items():
        assert Learn(topic=topic) == parse(line("learn", title))


PLAN = {
    "time": (None, "09:30", "9am", "noon"),
    "zone": (None, "Europe/Berlin", "New York", "utc"),
    "days": (None, "mon-fri", "sat, sun", "every day"),
    "topics": (None, "axis", "broadcasting, memory", "all"),
    "levels": (None, "easy,medium", "all"),
    "closes": (None, "24h", "next"),
}


def test_a_plan_is_read_as_chosen() -> None:
    """Every combination of options says what each says alone."""
    fits = {**PLAN, "topics": (None, "shapes", "broadcasting, memory", "all")}
    names = list(fits)
    for values in itertools.product(*fits.values()):
        chosen = dict(zip(names, values, strict=True))
        text = plan_line(chosen)
        expected = BEFORE
        for name, value in chosen.items():
            if value is not None and name in {"topics", "levels"}:
                expected = parse_plan(f"{name} {value}", expected)
            elif value is not None:
                expected = with_field(expected, name, value)
        assert expected == (parse_plan(text, BEFORE) if text else BEFORE), text


def test_no_option_means_the_form() -> None:
    """And an action is itself, until a day or not."""
    assert Manage() == parse(line("schedule", None, None, plan_line({"time": None})))
    assert Manage("pause", "2026-12-24") == parse(line("schedule", "pause", "2026-12-24", ""))


# --- what is suggested --------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "b", "broadcasting,", "broadcasting, m", "zzz", "a" * 200])
def test_suggested_topics_can_be_used(typed: str) -> None:
    """Each is a list that a plan takes, not too long and not too many."""
    shown = suggestions(topic_ids(typed))
    assert len(shown) <= MOST_CHOICES
    for choice in shown:
        assert 0 < len(choice.value) <= 100
        parse_plan(f"topics {choice.value}", BEFORE)


@pytest.mark.parametrize("typed", ["", "e", "easy,", "easy, m", "zzz"])
def test_suggested_levels_can_be_used(typed: str) -> None:
    """Each is a list that a plan takes."""
    for choice in suggestions(in_list(typed, [*LEVELS])):
        parse_plan(f"levels {choice.value}", BEFORE)


def test_a_list_goes_on_with_what_is_not_in_it() -> None:
    """After a comma the rest is suggested."""
    assert ["easy,medium", "easy,hard"] == in_list("easy,", [*LEVELS])
    assert "broadcasting,memory" in topic_ids("broadcasting,")
    assert "broadcasting,broadcasting" not in topic_ids("broadcasting,")


def test_suggested_days_and_hours_can_be_used() -> None:
    """Each is one that a plan takes."""
    for days in DAYS:
        assert parse_plan(f"on {days}", BEFORE).days
    for hours in HOURS:
        parse_plan(f"closes {hours}", BEFORE)
    assert set(WEEKDAYS)


def test_suggestions_are_no_more_than_discord_shows() -> None:
    """Each once, none empty or too long."""
    found = suggestions(["", "a", "a", "x" * 101, *map(str, range(99))])
    assert MOST_CHOICES == len(found)
    assert ["a", "0", "1"] == [one.name for one in found[:3]]


# --- commands that are named --------------------------------------------------------------


def named() -> set[str]:
    """Every command that a sentence of ours names."""
    found = set[str]()
    for file in (ROOT / "bot").rglob("*.py"):
        text = re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))
        found |= set(re.findall(r"`(/numpy [^`{}]+)`", text))
    return found


def test_every_command_that_is_named_can_be_given() -> None:
    """Its options are ones that Discord shows."""
    known = options()
    assert len(named()) > 10
    for text in named():
        found = invocation(text)
        assert found is not None, text
        name, rest = found
        used = set(re.findall(r"(\w+):", re.sub(r"\d+:\d+", "", rest)))
        assert used <= known[name], text
        left = re.sub(r"\w+:\S+|\[[^\]]*\]", "", rest).strip()
        assert "" == left, text
