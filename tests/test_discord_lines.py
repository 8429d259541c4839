"""Discord's options and the words of the core: what is chosen is what is read."""

import itertools
import re
from pathlib import Path

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

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
from bot.commands import COMMANDS, LEVELS, PLANS, Leaderboard, Learn, Manage, Quiz, parse
from bot.events import Bullets, Card, Paragraph, Text
from bot.plans import parse_plan, with_field
from bot.schedule import DAYS as WEEKDAYS
from bot.schedule import Schedule, zones_like
from content.schema import TOPICS
from tests.discord_rules import problems_of
from tests.fakes import MONDAY
from tests.test_secrecy import afterwards, asked, post_of, questions
from tests.test_slack_cards import of_members
from tests.test_slack_forms import of_ours

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
    for text in named() | shown() | suggested():
        found = invocation(text)
        assert found is not None, text
        name, rest = found
        used = set(re.findall(r"(\w+):", re.sub(r"\d+:\d+", "", rest)))
        assert used <= known[name], text
        left = re.sub(r"\w+:\S+|\[[^\]]*\]", "", rest).strip()
        assert "" == left, text


def shown() -> set[str]:
    """Every command that a card of ours shows as code."""
    post = post_of(questions()[0])
    cards = [*of_ours(), *of_members("Ada"), *asked(post), *afterwards(post)]
    blocks = [block for card in cards if isinstance(card, Card) for block in card.blocks]
    runs = [run for block in blocks if isinstance(block, Paragraph) for run in block.runs]
    lists = [block for block in blocks if isinstance(block, Bullets)]
    runs += [run for block in lists for item in block.items for run in item]
    codes = {run.text for run in runs if isinstance(run, Text) and run.style == "code"}
    return {text for text in codes if text.startswith("/numpy ")}


def suggested() -> set[str]:
    """What a mistyped plan is answered with."""
    return {f"/numpy schedule {word}" for word in (*PLANS, *WEEKDAYS, "daily", "weekdays")}


def test_a_plan_that_is_named_is_the_one_that_is_given() -> None:
    """Its options, filled in as they are shown, say what its words say."""
    looked = 0
    for text in named() | shown() | suggested():
        name, _, words = text.removeprefix("/numpy ").partition(" ")
        if name != "schedule" or not words or words.split()[0] in {*PLANS, "help"}:
            continue
        looked += 1
        _, rest = invocation(text) or ("", "")
        filled = dict(part.split(":", 1) for part in rest.split())
        assert parse_plan(words, BEFORE) == parse_plan(plan_line(filled), BEFORE), text
    assert looked > 5


@given(st.text() | st.lists(st.sampled_from(
    [*COMMANDS, *PLANS, *LEVELS, "/numpy", "until", "topics", "closes", "9", ":", "[", " "]
)).map(" ".join))  # fmt: skip
def test_any_words_are_a_command_or_none(text: str) -> None:
    """What a member wrote is looked at too, and never breaks a card."""
    for said in (text, f"/numpy {text}", f"/numpy schedule {text}"):
        found = invocation(said)
        assert found is None or found[0] in COMMANDS


@pytest.mark.parametrize("period", [None, "month"])
@pytest.mark.parametrize("scope", [None, "team"])
def test_a_board_of_which_little_is_chosen(period: str | None, scope: str | None) -> None:
    """The rest is this week's, of this channel."""
    found = parse(line("leaderboard", period, scope))
    assert Leaderboard(period or "week", scope or "channel") == found  # type: ignore[arg-type]  # they are


@pytest.mark.parametrize("typed", ["", "e", "ber", "new", "New York", "utc", "+", "zzz", "a" * 500])
def test_suggested_zones_can_be_used(typed: str) -> None:
    """Each is one that a plan takes."""
    for choice in suggestions(zones_like(typed, MOST_CHOICES)):
        assert choice.value == parse_plan(plan_line({"zone": choice.value}), BEFORE).zone


@pytest.mark.parametrize(
    ("topic", "title"), [pair for pair in TOPICS.items() if "," not in pair[1]]
)
def test_a_topic_of_a_plan_is_taken_by_its_title(topic: str, title: str) -> None:
    """As the schedule's form takes it; a comma would part two topics."""
    assert (topic,) == with_field(BEFORE, "topics", title).topics
    assert (topic,) == parse_plan(plan_line({"topics": title}), BEFORE).topics
