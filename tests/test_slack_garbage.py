"""Garbage in the place of Slack's payloads: wrong types are as good as nothing."""

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack_cards import Json
from adapters.slack_events import Origin, button_of, of_command, of_event, of_form, of_press, typed
from tests.slack_payloads import COMMAND, FORM, HOME, LOGIN, MENTION, PRESS, PRESS_IN_A_WINDOW

OF = {"command": of_command, "press": of_press, "form": of_form, "event": of_event}


def names(body: Json) -> set[str]:
    """Every name in a payload."""
    inner = [value for value in body.values() if isinstance(value, dict)]
    return {*body, *(name for value in inner for name in names(value))}


NAMES = sorted(
    {"enterprise_id", "user_team", "source_team", "thread_ts"}.union(
        *map(names, (COMMAND, PRESS, PRESS_IN_A_WINDOW, FORM, MENTION, HOME))
    )
)
scraps = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-1, 1),
        st.floats(allow_nan=False),
        st.sampled_from(("", "T1", "D1", "home", '{"channel":"C1"}', "&", "<@U>")),
        st.text(max_size=3),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=2), inner, max_size=4),
    ),
    max_leaves=8,
)
bodies = st.one_of(
    st.dictionaries(st.sampled_from(NAMES), scraps, max_size=8),
    st.builds(
        lambda body, name, scrap: {**body, name: scrap},
        st.sampled_from((COMMAND, PRESS, PRESS_IN_A_WINDOW, FORM, MENTION, HOME)),
        st.sampled_from(NAMES),
        scraps,
    ),
)


@pytest.mark.parametrize("kind", OF)
@settings(max_examples=60)
@example({"actions": {"a": 1}})
@example({"actions": "answer"})
@example({"actions": 1})
@example({"actions": ["answer"]})
@given(bodies)
def test_whatever_comes_has_an_origin(kind: str, body: Json) -> None:
    """Wrong types are as good as nothing: no error, and every part is what it has to be."""
    found = OF[kind](body, LOGIN)
    assert found == msgspec.convert(msgspec.to_builtins(found), Origin)
    assert isinstance(typed(body), str)


@settings(max_examples=60)
@example({"actions": {"a": 1}})
@example({"actions": 1})
@example({"actions": ["answer"]})
@given(bodies)
def test_whatever_comes_has_a_button(body: Json) -> None:
    """Where none was pressed its id is empty."""
    assert isinstance(button_of(body), str)
