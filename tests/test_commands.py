"""The parser of what stands after `/numpy`."""

from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands import (
    COMMANDS,
    MOST_QUESTIONS,
    SCHEDULE_WORDS,
    Asked,
    Daily,
    Help,
    Leaderboard,
    Learn,
    Manage,
    Me,
    Privacy,
    Quiz,
    Review,
    parse,
    parse_date,
    parse_level,
    parse_topic,
)
from bot.errors import UserError
from bot.plans import parse_plan
from bot.schedule import Schedule
from content.schema import TOPICS

BEFORE = Schedule(time(9), "UTC", (0, 1, 2, 3, 4), ("data",), (2,), 8)


def said(call: Callable[[], object]) -> object:
    """What a call gives, or the sentence that it is refused with."""
    try:
        return call()
    except UserError as error:
        return str(error)


def refused(text: str) -> str:
    """The sentence that a text is refused with."""
    with pytest.raises(UserError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Help()),
        ("help", Help()),
        ("  HELP ", Help()),
        ("/numpy", Help()),
        ("/numpy daily", Daily()),
        ("numpy /numpy me", Me()),
        ("/daily", Daily()),
        ("me", Me()),
        ("review", Review()),
        ("privacy", Privacy()),
        ("quiz", Quiz()),
        ("practice", Quiz()),
        ("practise hard", Quiz(level=3)),
        ("quiz broadcasting", Quiz("broadcasting")),
        ("quiz easy 5", Quiz(level=1, count=5)),
        ("quiz Broadcasting, medium, 10", Quiz("broadcasting", 2, 10)),
        ("quiz 3 views hard", Quiz("memory", 3, 3)),
        ("quiz basic indexing", Quiz("indexing")),
        ("leaderboard", Leaderboard("week", "channel")),
        ("board month", Leaderboard("month", "channel")),
        ("top team", Leaderboard("week", "team")),
        ("leaderboard team ALL", Leaderboard("all", "team")),
        ("leaderboard all channel", Leaderboard("all", "channel")),
        ("learn", Learn()),
        ("learn linalg", Learn("linalg")),
        ("learn Linear algebra", Learn("linalg")),
        ("learn keepdims and friends", Learn(words="keepdims and friends")),
        ("schedule", Manage("form")),
        ("schedule pause until 2026-12-24", Manage("pause", "until 2026-12-24")),
        ("schedule Preview 3", Manage("preview", "3")),
        ("schedule 09:00 Europe/Berlin mon-fri", Manage("set", "09:00 Europe/Berlin mon-fri")),
        *((f"schedule {word}", Manage(word)) for word in SCHEDULE_WORDS),
    ],
)
def test_commands(text: str, expected: Asked) -> None:
    """Every command with its words, in any case and order, and the short names."""
    assert expected == parse(text)


def test_every_command_of_the_help_is_understood() -> None:
    """What the help lists can be typed as it stands."""
    for name, line in COMMANDS.items():
        assert line.startswith(f"`{name}")
        parse(name)


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_by_id_and_title(topic: str) -> None:
    """A topic goes by its id and by its title, in any case."""
    assert topic == parse_topic(topic) == parse_topic(TOPICS[topic].upper())


@pytest.mark.parametrize(("text", "level"), [("easy", 1), ("Medium", 2), ("HARD", 3), ("2", 2)])
def test_levels(text: str, level: int) -> None:
    """A level goes by its word and by its number."""
    assert level == parse_level(text)


def slips(word: str) -> set[str]:
    """What one slip of a finger makes of a word."""
    cuts = range(len(word))
    return {
        *(word[:at] + word[at + 1 :] for at in cuts),
        *(word[:at] + word[at] + word[at:] for at in cuts),
        *(word[:at] + word[at : at + 2][::-1] + word[at + 2 :] for at in cuts),
    } - {word}


@pytest.mark.parametrize("name", [name for name in COMMANDS if len(name) > len("me")])
def test_a_slip_gets_the_nearest_command(name: str) -> None:
    """Any one slip in a command's name is answered with that command."""
    for slip in slips(name):
        assert f"Did you mean `{name}`?" in refused(slip), slip


@pytest.mark.parametrize("word", [word for word in SCHEDULE_WORDS if len(word) > len("now")])
def test_a_slip_gets_the_nearest_schedule_command(word: str) -> None:
    """The same for the words after `schedule`."""
    for slip in slips(word):
        with pytest.raises(UserError, match=f"Did you mean `/numpy schedule {word}`"):
            parse_plan(slip, BEFORE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("leaderbord week", "`leaderbord` is no command that I know. Did you mean `leaderboard`?"),
        ("xyzzy", "Try `help`"),
        ("live", "no command"),
        ("daily now", "`daily` takes no further words"),
        ("quiz brodcasting", "Did you mean `broadcasting`?"),
        ("quiz zzz", "Topics: fundamentals"),
        ("quiz 0", "between 1 and 50"),
        (f"quiz {MOST_QUESTIONS + 1}", "Try `quiz 10`"),
        ("quiz 99999999999999999999", "between 1 and 50"),
        ("leaderboard mont", "Did you mean `month`?"),
        ("leaderboard zzz", "`leaderboard all team`"),
        ("x" * 500, f"`{'x' * 40}…` is no command"),
    ],
)
def test_what_cannot_be_used_is_answered(text: str, sentence: str) -> None:
    """Every other text is refused in a sentence that says what would have worked."""
    assert sentence in refused(text)


@given(st.text(max_size=300))
@example("numpy " * 5000)
@example("quiz ²")
@example("learn " + "`" * 50)
def test_no_text_breaks_the_parser(text: str) -> None:
    """Whatever is typed is a command or a sentence."""
    assert said(lambda: parse(text))


@given(st.text(max_size=40))
def test_no_text_breaks_a_date(text: str) -> None:
    """Whatever is typed is a date or a sentence."""
    found = said(lambda: parse_date(text))
    assert isinstance(found, date) or "Write it like 2026-12-24" in str(found)
