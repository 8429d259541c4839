"""What nobody should send: stale and edited buttons, and presses by nobody or from nowhere."""

import asyncio
from pathlib import Path

import pytest

from bot.app import UNKNOWN_POST
from bot.cards import guide
from bot.quiz import answer
from tests.fakes import shown
from tests.slack_people import Edit
from tests.slack_server import SlackServer
from tests.slack_state import Message
from tests.slack_team import CHANNEL, SlackTeam
from tests.slack_trouble import HUGE, UNKNOWN_CHOICE, Day, first, without
from tests.small_bank import small_bank
from tests.trouble import errors, put


@pytest.mark.parametrize(
    ("ident", "says"),
    [
        ("card:teleport:1", guide.UNKNOWN_BUTTON),
        ("", guide.UNKNOWN_BUTTON),
        (":::::", guide.UNKNOWN_BUTTON),
        ("x" * 255, guide.UNKNOWN_BUTTON),
        ("card:skip:1:", guide.UNKNOWN_BUTTON),
        ("answer:pick:99:0:", UNKNOWN_POST),
        (f"answer:pick:{HUGE}:0:", UNKNOWN_POST),
        ("answer:pick:-1:0:", UNKNOWN_POST),
        ("answer:pick:٣:0:", UNKNOWN_POST),
        ("answer:pick:1\0:0:", UNKNOWN_POST),
        (f"answer:pick:1:{HUGE}:", UNKNOWN_POST),
        ("answer:pick:1:-1:", UNKNOWN_POST),
        ("answer:pick:1:9:", UNKNOWN_CHOICE),
        ("card:hint:99", UNKNOWN_POST),
        ("form:answer:99:", UNKNOWN_POST),
        ("card:explain:1", answer.ANSWER_FIRST),
        ("card:report:1", answer.ANSWER_FIRST),
        ("replace:reveal:1", answer.ANSWER_FIRST),
        ("replace:answer:1", answer.ANSWER_FIRST),
        ("form:points:1:", answer.ANSWER_FIRST),
        (f"card:study:broadcasting:{'9' * 18}", guide.UNKNOWN_BUTTON),
        (f"card:recap:{HUGE}", guide.UNKNOWN_BUTTON),
    ],
)
def test_a_button_that_leads_nowhere_is_answered_with_a_sentence(
    day: Day, ident: str, says: str
) -> None:
    """Whatever stands in a button's id, its presser reads why nothing happens, and no key."""

    async def act(team: SlackTeam, daily: Message) -> None:
        before = daily.blocks
        edit = put(ident, "actions", 0, "action_id")
        await team.does(team.slack.press("UBEA", daily, first(daily), edit=edit))
        assert shown(says) == team.reads("UBEA")
        assert 1 == len(team.slack.ephemerals_of("UBEA"))
        assert (0, before) == (team.stored, daily.blocks)

    day.play(act)


def test_a_button_of_another_channels_daily_answers_nothing(day: Day) -> None:
    """The question of one channel is not answered from another one."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.add_channel("C2", "UBEA", "UEVE", name="other")
        await team.slash("UEVE", "schedule 10:00 UTC daily", "C2")
        team.wait(hours=1)
        await team.tick()
        other = team.slack.channels["C2"].messages[-1]
        edit = put(first(daily), "actions", 0, "action_id")
        await team.does(team.slack.press("UBEA", other, first(other), edit=edit))
        assert answer.ELSEWHERE == team.reads("UBEA")
        assert 0 == team.stored

    day.play(act)


def test_another_teams_daily_does_not_exist_here(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """On a database of several teams nobody reaches what is not their own team's."""

    async def whole() -> None:
        elsewhere = SlackServer()
        elsewhere.team_id = "T9"
        async with SlackTeam(tmp_path, bank=small_bank(), slack=elsewhere) as team:
            for user in elsewhere.users.values():
                user.team_id = "T9"
            await team.begin()
        async with SlackTeam(tmp_path, bank=small_bank()) as team:
            team.wait(hours=3)
            daily = await team.begin("12:00 UTC daily")
            assert "answer:pick:2:0:" == first(daily)
            edit = put("answer:pick:1:0:", "actions", 0, "action_id")
            await team.does(team.slack.press("UBEA", daily, first(daily), edit=edit))
            assert shown(UNKNOWN_POST) == team.reads("UBEA")
            assert 0 == team.stored
            assert [] == team.slack.problems
        assert [] == elsewhere.problems

    asyncio.run(whole())
    assert [] == errors(caplog)


@pytest.mark.parametrize("lost", [("channel",), ("container",), ("message",), ("team",)])
def test_a_press_needs_no_field_that_another_one_tells(day: Day, lost: tuple[str, ...]) -> None:
    """What a payload says twice may be missing once."""

    async def act(team: SlackTeam, daily: Message) -> None:
        edit = without(*lost)
        await team.does(team.slack.press("UBEA", daily, first(daily), edit=edit))
        assert 1 == team.stored
        assert "Streak 1." in team.reads("UBEA")

    day.play(act)


@pytest.mark.parametrize(
    "edit",
    [
        without("channel", "container"),
        put({"type": "modal"}, "view"),
        put({"type": "modal", "id": "V1", "private_metadata": 5}, "view"),
        put({"type": "modal", "id": "V1", "private_metadata": '{"channel": "c1"}'}, "view"),
    ],
)
def test_a_press_from_nowhere_is_told_to_begin_again(day: Day, edit: Edit) -> None:
    """A press that tells no place stores nothing."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.does(team.slack.press("UBEA", daily, first(daily), edit=edit))
        assert guide.EXPIRED == team.reads("UBEA")
        assert 0 == team.stored

    day.play(act)


@pytest.mark.parametrize("edit", [without("user"), put(5, "user", "id"), put("", "user", "id")])
def test_a_press_by_nobody_stores_nothing(day: Day, edit: Edit) -> None:
    """Without a user there is nobody to answer for."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.does(team.slack.press("UBEA", daily, first(daily), edit=edit))
        assert 0 == team.stored
        assert [("UADA",)] == team.rows("SELECT platform_id FROM members")

    day.play(act)


@pytest.mark.parametrize("lost", ["user_id", "channel_id"])
def test_a_command_by_nobody_or_nowhere_stores_nothing(day: Day, lost: str) -> None:
    """Without a user or a channel no member, no channel and no greeting comes of it."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.does(team.slack.slash("UBEA", CHANNEL, "help", edit=without(lost)))
        assert [("UADA",)] == team.rows("SELECT platform_id FROM members")
        assert [(CHANNEL,)] == team.rows("SELECT platform_id FROM channels")
        assert [daily] == team.channel.messages[-1:]

    day.play(act)
