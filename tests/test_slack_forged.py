"""Forms that nobody should send: of another place, of another question, with forged values."""

import pytest

from bot.app import UNKNOWN_POST
from bot.cards import guide
from bot.quiz import answer
from tests.fakes import shown
from tests.slack_people import Edit
from tests.slack_rules import Json
from tests.slack_state import Message
from tests.slack_team import SlackTeam
from tests.slack_trouble import HUGE, TICKS, UNKNOWN_CHOICE, Day, window
from tests.trouble import put


@pytest.mark.parametrize(
    ("memo", "says"),
    [
        ("", guide.EXPIRED),
        ("{", guide.EXPIRED),
        ('{"x": 1}', guide.EXPIRED),
        ('{"channel": "C1", "x": 1}', guide.EXPIRED),
        ('{"channel": "../C1"}', guide.EXPIRED),
        (5, guide.EXPIRED),
        (None, guide.EXPIRED),
        ('{"channel": "C2"}', answer.ELSEWHERE),
    ],
)
def test_a_form_that_forgot_its_place_stores_nothing(day: Day, memo: object, says: str) -> None:
    """A broken, foreign or another channel's memo is answered in the window."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        edit = put(memo, "view", "private_metadata")
        await team.does(team.slack.submit("UBEA", {"picks": ["1"]}, edit=edit))
        assert says in window(team, "UBEA")
        assert 0 == team.stored

    day.play(act, TICKS)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("form:answer:99:", UNKNOWN_POST),
        (f"form:answer:{HUGE}:", UNKNOWN_POST),
        ("form:points:1:", answer.ANSWER_FIRST),
        ("form:nothing:1:", guide.EXPIRED),
        ("", guide.EXPIRED),
    ],
)
def test_a_form_of_something_else_stores_nothing(day: Day, form: str, says: str) -> None:
    """A form's id that is none of ours, or of no post, is answered in the window."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        edit = put(form, "view", "callback_id")
        await team.does(team.slack.submit("UBEA", {"picks": ["1"]}, edit=edit))
        assert shown(says) in window(team, "UBEA")
        assert 0 == team.stored

    day.play(act, TICKS)


def ticked(*values: object) -> Json:
    """The state of check boxes."""
    return {"picks": {"value": {"selected_options": [{"value": value} for value in values]}}}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "Tick at least one."),
        ({"picks": 5}, "Tick at least one."),
        ({"picks": {}}, "Tick at least one."),
        (ticked("99"), UNKNOWN_CHOICE),
        (ticked("-1"), UNKNOWN_CHOICE),
        (ticked(HUGE), UNKNOWN_CHOICE),
        (ticked("\ud800"), UNKNOWN_CHOICE),
        (ticked(None), UNKNOWN_CHOICE),
        (ticked(*["1"] * 50), UNKNOWN_CHOICE),
    ],
)
def test_forged_options_are_answered_below_the_field(day: Day, values: Json, says: str) -> None:
    """What no box of ours says leaves the form open with a note, and stores nothing."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        edit = put({"values": values}, "view", "state")
        await team.does(team.slack.submit("UBEA", {"picks": ["1"]}, edit=edit))
        view = team.slack.top_view("UBEA")
        assert view is not None
        assert {"picks": says} == view.errors
        assert 0 == team.stored
        await team.answer("UBEA", daily)
        assert 1 == team.stored

    day.play(act, TICKS)


@pytest.mark.parametrize(
    "edit",
    [
        put("x", "view", "state"),
        put({"values": "x"}, "view", "state"),
        put({"values": [1]}, "view", "state"),
        put({"values": {"picks": {"value": {"selected_options": 5}}}}, "view", "state"),
    ],
)
def test_a_state_that_is_none_is_an_empty_one(day: Day, edit: Edit) -> None:
    """A form whose state cannot be read is acknowledged like an empty one."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        await team.does(team.slack.submit("UBEA", {"picks": ["1"]}, edit=edit))
        assert 0 == team.stored

    day.play(act, TICKS)
