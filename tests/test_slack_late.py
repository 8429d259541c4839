"""Forms that are unreadable, too long, too late or too slow."""

import asyncio

import pytest

from adapters import slack_app
from adapters.slack_forms import LONGEST_INPUT
from bot.cards import guide
from bot.quiz import answer
from tests.fakes import shown
from tests.slack_forms import words
from tests.slack_state import Message
from tests.slack_team import CHANNEL, SlackTeam
from tests.slack_trouble import TICKS, Day, window
from tests.trouble import locked

TYPED = "table-and-row"
"""A question whose answer, a shape, is typed in practice."""

PROSE = "explain-broadcasting"
"""A question that is answered in one's own words."""

CLOSED = "This one had closed, so nothing was stored."


# --- what was entered ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", answer.NOTHING_WRITTEN),
        (" \n\t ", answer.NOTHING_WRITTEN),
        ("x" * (answer.LONGEST + 1), answer.TOO_LONG),
        ("x" * LONGEST_INPUT, answer.TOO_LONG),
        ("x" * 10_000, answer.TOO_LONG),
        ("x" * answer.LONGEST, ""),
        ("(3, banana", ""),
        ("\0", ""),
        ("\ud800", ""),
        ("9" * answer.LONGEST, ""),
    ],
)
def test_an_answer_that_cannot_be_read_keeps_its_form_open(day: Day, text: str, note: str) -> None:
    """The note stands below the field, nothing is stored, and the same form still takes one."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        await team.press("UBEA", await team.slash("UBEA", "quiz"), "Answer…")
        await team.does(team.slack.submit("UBEA", {"text": text}, force=True))
        view = team.slack.top_view("UBEA")
        assert view is not None
        assert ["text"] == [*view.errors]
        assert 10 < len(view.errors["text"]) < 200
        assert shown(note) in view.errors["text"]
        assert 0 == team.stored
        (key,) = (team.post(1).question.key,)
        assert key is not None
        await team.submit("UBEA", {"text": key.text})
        assert window(team, "UBEA").count("Right") == 1
        assert [(key.text,)] == team.rows("SELECT text FROM answers")

    day.live(act, TYPED)


@pytest.mark.parametrize("length", [1, 1_000, LONGEST_INPUT, 10_000])
def test_an_answer_in_ones_own_words_may_be_of_any_length(day: Day, length: int) -> None:
    """It is compared and forgotten, however long it is."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        await team.press("UBEA", await team.slash("UBEA", "quiz"), "Answer…")
        await team.does(team.slack.submit("UBEA", {"text": "🐍" * length}, force=True))
        assert "A model answer" in window(team, "UBEA")
        assert [("noted", "")] == team.rows("SELECT outcome, text FROM answers")

    day.live(act, PROSE)


def test_no_words_at_all_are_asked_for_again(day: Day) -> None:
    """An empty answer to an open question keeps the form open."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        await team.press("UBEA", await team.slash("UBEA", "quiz"), "Answer…")
        await team.does(team.slack.submit("UBEA", {"text": ""}, force=True))
        view = team.slack.top_view("UBEA")
        assert view is not None
        assert {"text": answer.NOTHING_WRITTEN} == view.errors
        assert 0 == team.stored

    day.live(act, PROSE)


# --- too late -----------------------------------------------------------------------------


@pytest.mark.parametrize("ticks", [0, 1])
def test_a_form_that_comes_after_closing_gets_its_verdict(day: Day, ticks: int) -> None:
    """Whether the closing is visible yet or not, nothing is stored of a late answer."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        team.wait(hours=24)
        for _ in range(ticks):
            await team.tick()
        await team.submit("UBEA", {"picks": ["0"]})
        assert CLOSED in window(team, "UBEA")
        assert "Not quite" in window(team, "UBEA")
        assert 0 == team.stored

    day.play(act, TICKS)


def test_a_button_that_is_pressed_after_closing_gets_its_verdict(day: Day) -> None:
    """Somebody whose Slack shows yesterday's buttons still learns whether they were right."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.wait(hours=24)
        await team.answer("UBEA", daily)
        assert CLOSED in team.reads("UBEA")
        assert 0 == team.stored

    day.play(act)


# --- too slow -----------------------------------------------------------------------------


def test_a_form_that_takes_long_is_answered_twice(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window says that it is being checked, and then the verdict."""
    monkeypatch.setattr(slack_app, "FORM_PATIENCE", 0.01)

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        with locked(team):
            delivery = await team.slack.submit("UBEA", {"picks": ["1"]})
            assert guide.CHECKING == window(team, "UBEA")
            again = await team.slack.redeliver(delivery)
            assert guide.CHECKING in str(again.ack)
            assert 0 == team.stored
        await team.settled()
        assert "Streak 1." in window(team, "UBEA")
        assert words(daily.blocks).splitlines()[1] in window(team, "UBEA")
        assert (1, 1) == (team.stored, _count(team, "views.update"))

    day.play(act, TICKS)


def test_a_slow_verdict_finds_whoever_closed_the_window(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown to them alone, in the channel where the form came from."""
    monkeypatch.setattr(slack_app, "FORM_PATIENCE", 0.01)

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        with locked(team):
            await team.slack.submit("UBEA", {"picks": ["1"]})
            await team.slack.close("UBEA")
        await team.settled()
        assert {CHANNEL} == {shown.channel for shown in team.slack.ephemerals_of("UBEA")}
        assert "Streak 1." in team.reads("UBEA")
        assert 1 == team.stored

    day.play(act, TICKS)


def test_a_slow_note_is_told_all_the_same(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a form could not be kept open its window says what was wrong with the answer."""
    monkeypatch.setattr(slack_app, "FORM_PATIENCE", 0.01)

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        await team.database.awrite(lambda conn: conn.execute("DELETE FROM members WHERE id > 1"))
        with locked(team):
            await team.slack.submit("UBEA", {"picks": []}, force=True)
            assert guide.CHECKING == window(team, "UBEA")
        await team.settled()
        assert "Tick at least one." in window(team, "UBEA")
        assert 0 == team.stored

    day.play(act, TICKS)


def test_a_slow_form_is_finished_when_the_bot_ends(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ending waits for what came in, and the verdict still arrives."""
    monkeypatch.setattr(slack_app, "FORM_PATIENCE", 0.01)

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        with locked(team):
            await team.slack.submit("UBEA", {"picks": ["1"]})
            ending = asyncio.create_task(team.app.hang_up())
            await team.slack.until(lambda: team.slack.connections == 0)
        await ending
        assert "Streak 1." in window(team, "UBEA")
        assert 1 == team.stored

    day.play(act, TICKS)


def _count(team: SlackTeam, method: str) -> int:
    return sum(call.method == method for call in team.slack.calls)
