"""A schedule in words and as the fields of its form."""

from datetime import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.plans import parse_plan, with_field
from bot.schedule import Schedule
from content.schema import TOPICS

BEFORE = Schedule(time(9), "UTC", (0, 1, 2, 3, 4), ("data",), (2,), 8)


words = st.sampled_from(
    ["9", "9:30", "noon", "mon", "fri", "mon-fri", "daily", "and", "to", "-", ",", "utc", "new",
     "york", "berlin", "europe/berlin", "closes", "next", "24", "h", "levels", "easy", "hard",
     "topics", "linalg", "all", "in", "on", "at", "every", "99", "pause"]
)  # fmt: skip


@given(st.lists(words, max_size=12).map(" ".join) | st.text(max_size=320))
@example("mon " * 74)
def test_no_text_breaks_the_plan(text: str) -> None:
    """Whatever is typed is a whole schedule or a sentence."""
    try:
        plan = parse_plan(text, BEFORE)
    except UserError:
        return
    assert plan.days
    assert set(plan.levels) <= {1, 2, 3}
    assert set(plan.topics) <= set(TOPICS)


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
        ("fryday", "Did you mean `/numpy schedule friday`?"),
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


@pytest.mark.parametrize(
    ("field", "text", "changed"),
    [
        ("time", "9 pm", {"time": time(21)}),
        ("zone", "new york", {"zone": "America/New_York"}),
        ("days", "sat, sun", {"days": (5, 6)}),
        ("what", "linalg, Linalg; hard, 1", {"topics": ("linalg",), "levels": (1, 3)}),
        ("what", "all; all", {"topics": (), "levels": ()}),
        ("what", "", {"topics": (), "levels": ()}),
        ("closes", "24 hours", {"closes_hours": 24}),
        ("closes", "", {"closes_hours": None}),
    ],
)
def test_fields(field: str, text: str, changed: dict[str, object]) -> None:
    """A field of the form changes its own part of the schedule; a topic named twice is one."""
    expected = {name: getattr(BEFORE, name) for name in BEFORE.__struct_fields__} | changed
    plan = with_field(BEFORE, field, text)
    assert expected == {name: getattr(plan, name) for name in BEFORE.__struct_fields__}


def test_a_field_that_cannot_be_used_is_refused() -> None:
    """As in words: four hours are the least."""
    with pytest.raises(UserError, match="4 to 72"):
        with_field(BEFORE, "closes", "3")
