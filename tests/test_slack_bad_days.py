"""Bad days for members: guests, repeated deliveries, restarts, a database that takes nothing."""

from collections.abc import Callable

import pytest

from bot.app import NOT_STORED
from bot.cards import guide
from bot.quiz import answer
from bot.store import sqlite
from tests.fakes import shown
from tests.slack_forms import words
from tests.slack_people import Delivery
from tests.slack_rules import Json
from tests.slack_server import SlackServer
from tests.slack_state import Message
from tests.slack_team import CHANNEL, SlackTeam
from tests.slack_trouble import TICKS, Day, first, window
from tests.trouble import errors, locked, put

# --- guests -------------------------------------------------------------------------------


def test_guests_are_told_and_leave_no_trace(day: Day) -> None:
    """By command, button and form somebody from another company reads one sentence."""

    async def act(team: SlackTeam, daily: Message) -> None:
        slack, said = team.slack, shown(guide.GUEST)
        await team.does(slack.slash("UEVE", CHANNEL, "quiz", team_id="T2"))
        assert said == team.reads("UEVE")
        await team.does(slack.press("UEVE", daily, "Answer…", team_id="T2"))
        assert (2, said) == (len(slack.ephemerals_of("UEVE")), team.reads("UEVE"))
        await team.press("UEVE", daily, "Answer…")
        await team.database.awrite(lambda conn: conn.execute("DELETE FROM members WHERE id > 1"))
        await team.does(slack.submit("UEVE", {"picks": ["1"]}, team_id="T2"))
        assert said in window(team, "UEVE")
        assert [("UADA",)] == team.rows("SELECT platform_id FROM members")
        assert 0 == team.stored

    day.play(act, TICKS)


@pytest.mark.parametrize("field", ["user_team", "source_team"])
def test_a_guest_who_names_the_bot_is_told_too(day: Day, field: str) -> None:
    """Whichever way an event tells the sender's workspace, nothing is stored of a guest."""

    async def act(team: SlackTeam, _: Message) -> None:
        edit = put("T2", "event", field)
        await team.does(team.slack.mention("UEVE", CHANNEL, "quiz", edit=edit))
        assert shown(guide.GUEST) == team.reads("UEVE")
        assert [("UADA",)] == team.rows("SELECT platform_id FROM members")

    day.play(act)


def test_a_guest_has_no_home(day: Day) -> None:
    """No page is drawn for somebody from another company."""

    async def act(team: SlackTeam, _: Message) -> None:
        await team.does(team.slack.open_home("UEVE", edit=put("T2", "event", "user_team")))
        assert {} == team.slack.homes
        assert [("UADA",)] == team.rows("SELECT platform_id FROM members")

    day.play(act)


def test_another_workspace_of_the_same_company_is_welcome(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one company people of several workspaces play together."""

    def in_a_company(slack: SlackServer, body: Json) -> Json:
        return SlackServer.auth_test(slack, body) | {"enterprise_id": "E1"}

    monkeypatch.setitem(SlackServer.METHODS, "auth.test", (in_a_company, None))

    async def act(team: SlackTeam, daily: Message) -> None:
        slack = team.slack
        ours = put("E1", "enterprise_id")
        await team.does(slack.slash("UEVE", CHANNEL, "me", team_id="T2", edit=ours))
        assert shown(guide.GUEST) != team.reads("UEVE")
        ours = put("E1", "user", "enterprise_id")
        await team.does(slack.press("UBEA", daily, first(daily), team_id="T2", edit=ours))
        assert 1 == team.stored
        await team.does(slack.mention("UCLEO", CHANNEL, "me", edit=put("E1", "event", "user_team")))
        assert shown(guide.GUEST) != team.reads("UCLEO")
        other = put("E2", "enterprise_id")
        await team.does(slack.slash("UDAN", CHANNEL, "me", team_id="T2", edit=other))
        assert shown(guide.GUEST) == team.reads("UDAN")

    day.play(act)


# --- the same once more -------------------------------------------------------------------


async def _again(team: SlackTeam, delivery: Delivery) -> tuple[Delivery, Delivery]:
    """Slack sends the same envelope again, and the same content in another one."""
    return (
        await team.does(team.slack.redeliver(delivery)),
        await team.does(team.slack.deliver(delivery.kind, delivery.body)),
    )


def _done(team: SlackTeam) -> tuple[list[str], int]:
    """What was asked of Slack, but for live counts, and how many questions were asked."""
    methods = [call.method for call in team.slack.calls if call.method != "chat.update"]
    return methods, team.rows("SELECT count(*) FROM posts")[0][0]


def test_a_repeated_delivery_counts_once(day: Day) -> None:
    """A command, a press, a mention and an opened home that come again do nothing more."""

    async def act(team: SlackTeam, daily: Message) -> None:
        slack = team.slack
        for coroutine in (
            slack.slash("UBEA", CHANNEL, "quiz"),
            slack.press("UBEA", daily, first(daily)),
            slack.mention("UBEA", CHANNEL, "leaderboard"),
            slack.open_home("UBEA"),
        ):
            delivery = await team.does(coroutine)
            before = _done(team)
            assert [True, True] == [one.acked for one in await _again(team, delivery)]
            assert before == _done(team)
        assert 1 == team.stored

    day.play(act)


def test_a_repeated_form_is_acknowledged_as_before(day: Day) -> None:
    """The verdict is in the acknowledgement, so a lost one is given again; one answer counts."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        delivery = await team.submit("UBEA", {"picks": ["1"]})
        before = _done(team)
        for again in await _again(team, delivery):
            assert again.ack is not None
            assert "update" == again.ack["response_action"]
            assert window(team, "UBEA") == words(again.ack["view"]["blocks"])
        assert (before, 1) == (_done(team), team.stored)
        assert "Streak 1." in window(team, "UBEA")

    day.play(act, TICKS)


def test_a_form_sent_from_two_devices_counts_once(day: Day) -> None:
    """The second sending reads that the first answer counts."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        delivery = await team.submit("UBEA", {"picks": ["1"]})
        other = delivery.body | {"trigger_id": team.slack.trigger("UBEA")}
        second = await team.does(team.slack.deliver("interactive", other))
        assert answer.TWICE in str(second.ack)
        assert 1 == team.stored

    day.play(act, TICKS)


# --- restarts -----------------------------------------------------------------------------


def test_buttons_and_forms_outlive_the_process(day: Day) -> None:
    """What was posted and opened before a restart works after it: daily, practice, form."""

    async def act(team: SlackTeam, daily: Message) -> None:
        practice = await team.slash("UBEA", "quiz")
        await team.end()
        team.start()
        await team.tick()
        await team.practise("UBEA", practice)
        await team.press("UBEA", daily, first(daily))
        await team.press("UCLEO", daily, first(daily))
        assert 3 == team.stored

    day.play(act)


def test_a_form_is_sent_to_the_next_process(day: Day) -> None:
    """A form that stood open during a restart is graded, for everybody who had it open."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        await team.press("UCLEO", daily, "Answer…")
        await team.end()
        team.start()
        await team.tick()
        for user in ("UBEA", "UCLEO"):
            await team.submit(user, {"picks": ["1"]})
            assert "Streak 1." in window(team, user)
        assert 2 == team.stored

    day.play(act, TICKS)


# --- the database takes nothing -----------------------------------------------------------


def test_no_answer_is_confirmed_that_is_not_stored(
    day: Day, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the database members read that nothing changed."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, "Answer…")
        await team.press("UCLEO", daily, "Hint")
        with locked(team):
            await team.submit("UBEA", {"picks": ["1"]})
            form = team.slack.top_view("UBEA")
            assert form is not None
            assert {"picks": NOT_STORED} == form.errors  # what was filled in is still there
            await team.slash("UDAN", "quiz")
            assert NOT_STORED == team.reads("UDAN")
            await team.tick()
        assert 0 == team.stored
        await team.answer("UBEA", daily)
        assert 1 == team.stored
        assert "Streak 1." in window(team, "UBEA")

    day.play(act, TICKS, may_fail=True)
    assert {"not stored", "a tick failed; the next one tries again"} == set(errors(caplog))


def test_a_full_disk_is_told_to_whoever_it_hits(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    """Where no room is left a question is not asked, and later it is."""

    async def act(team: SlackTeam, daily: Message) -> None:
        def limit(pages: int) -> Callable[[sqlite.Connection], object]:
            return lambda conn: conn.execute(f"PRAGMA max_page_count = {pages}").fetchall()

        ((pages,),) = team.rows("PRAGMA page_count")
        await team.database.awrite(limit(pages))
        for _ in range(20):
            await team.slash("UBEA", "quiz")
            if team.reads("UBEA") == NOT_STORED:
                break
            await team.practise("UBEA", team.slack.ephemerals_of("UBEA")[-1])
        assert NOT_STORED == team.reads("UBEA")
        await team.database.awrite(limit(1_000_000))
        await team.slash("UBEA", "quiz")
        assert "Practice" in team.reads("UBEA")
        await team.press("UCLEO", daily, first(daily))
        assert "Streak 1." in team.reads("UCLEO")

    day.play(act, may_fail=True)
    assert {"not stored"} == set(errors(caplog))
