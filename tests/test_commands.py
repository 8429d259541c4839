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
    parse_plan,
    parse_topic,
)
from bot.errors import UserError
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
        with pytest.raises(UserError, match=f"Did you mean `schedule {word}`"):
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


words = st.sampled_from(
    ["9", "9:30", "noon", "mon", "fri", "mon-fri", "daily", "and", "to", "-", ",", "utc", "new",
     "york", "berlin", "europe/berlin", "closes", "next", "24", "h", "levels", "easy", "hard",
     "topics", "linalg", "all", "in", "on", "at", "every", "99", "pause"]
)  # fmt: skip


@given(st.lists(words, max_size=12).map(" ".join) | st.text(max_size=320))
@example("mon " * 74)
def test_no_text_breaks_the_plan(text: str) -> None:
    """Whatever is typed is a whole schedule or a sentence."""
    plan = said(lambda: parse_plan(text, BEFORE))
    if isinstance(plan, Schedule):
        assert plan.days
        assert set(plan.levels) <= {1, 2, 3}
        assert set(plan.topics) <= set(TOPICS)
    else:
        assert plan


@given(st.text(max_size=40))
def test_no_text_breaks_a_date(text: str) -> None:
    """Whatever is typed is a date or a sentence."""
    found = said(lambda: parse_date(text))
    assert isinstance(found, date) or "Write it like 2026-12-24" in str(found)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", {}),
        ("10:30", {"time": time(10, 30)}),
        ("at 9 pm", {"time": time(21)}),
        ("noon", {"time": time(12)}),
        ("mon-fri", {"days": (0, 1, 2, 3, 4)}),
        ("mon wed fri", {"days": (0, 2, 4)}),
        ("mon - wed and sat", {"days": (0, 1, 2, 5)}),
        ("tue to thu", {"days": (1, 2, 3)}),
        ("on every weekday", {"days": (0, 1, 2, 3, 4)}),
        ("every day", {"days": (0, 1, 2, 3, 4, 5, 6)}),
        ("Europe/Berlin", {"zone": "Europe/Berlin"}),
        ("in new york", {"zone": "America/New_York"}),
        ("Port of Spain", {"zone": "America/Port_of_Spain"}),
        ("utc", {"zone": "UTC"}),
        ("topics linalg, floats", {"topics": ("linalg", "floats")}),
        ("topic linalg and linalg", {"topics": ("linalg",)}),
        ("topics all", {"topics": ()}),
        ("levels hard,easy", {"levels": (1, 3)}),
        ("level 2", {"levels": (2,)}),
        ("levels all topics all", {"levels": (), "topics": ()}),
        ("closes 24h", {"closes_hours": 24}),
        ("closes in 24 hours", {"closes_hours": 24}),
        ("closes next", {"closes_hours": None}),
        (
            "9:05 am tokyo sat,sun topics data levels easy closes 4",
            {"time": time(9, 5), "zone": "Asia/Tokyo", "days": (5, 6), "levels": (1,),
             "closes_hours": 4},
        ),
    ],
)  # fmt: skip
def test_plans(text: str, changed: dict[str, object]) -> None:
    """What the words name changes, everything else stays."""
    names = BEFORE.__struct_fields__
    expected = {name: getattr(BEFORE, name) for name in names} | changed
    plan = parse_plan(text, BEFORE)
    assert expected == {name: getattr(plan, name) for name in names}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("25:00", "not a time of day"),
        ("Europe/Berlni", "Europe/Berlin"),
        ("fryday", "Did you mean `schedule friday`?"),
        ("closes soon", "closes 24h"),
        ("closes 3h", "4 to 72"),
        ("closes 73", "4 to 72"),
        ("closes", "Say which closing"),
        ("topics levels easy", "Say which topics"),
        ("topics nonsense", "Topics: "),
        ("levels esay", "Did you mean `easy`?"),
        ("at", "Say which time"),
        ("xyzzy", "Write a plan like"),
        ("mon " * 100, "too long"),
    ],
)
def test_other_plans_are_refused(text: str, sentence: str) -> None:
    """The word at fault is named, with what to write instead."""
    with pytest.raises(UserError) as caught:
        parse_plan(text, BEFORE)
    assert sentence in str(caught.value)
