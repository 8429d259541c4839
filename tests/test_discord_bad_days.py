"""Bad days for members on Discord: late, twice, elsewhere, unreadable, nothing stored."""

import asyncio

import pytest

from bot.app import NOT_STORED, UNKNOWN_POST
from bot.cards import guide
from bot.quiz import answer
from bot.store import sqlite
from tests.discord_calls import Status
from tests.discord_people import Edit
from tests.discord_schema import Json
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, Server, title
from tests.discord_trouble import TICKS, DiscordDay, first, said
from tests.fakes import shown
from tests.trouble import locked, put

TWICE = shown(answer.TWICE)


def pressing(button: str) -> Edit:
    """Let the first button of the last row be another one, as if a message showed it."""

    def edit(payload: Json) -> None:
        payload["data"]["custom_id"] = button
        payload["message"]["components"][0]["components"][-1]["components"][0]["custom_id"] = button

    return edit


# --- late, twice, elsewhere ---------------------------------------------------------------


def test_a_press_that_comes_too_late_counts_nothing(discord_day: DiscordDay) -> None:
    """Discord has told its member that it failed, so the next press is the first one."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        await team.does(team.discord.press(bea, daily, first(daily), age=4, may_be_late=True))
        assert ([], 0) == (team.discord.private(bea), team.stored)
        await team.answer("Bea", daily)
        assert 1 == team.stored

    discord_day.play(act)


def test_what_is_delivered_twice_is_done_once(discord_day: DiscordDay) -> None:
    """A command, a press and a form."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        for act in (
            team.discord.command(bea, team.channel, "help"),
            team.discord.press(bea, daily, "Answer…"),
        ):
            await team.discord.again(await act)
        await team.settled()
        opened = await team.press("Bea", daily, "Answer…")
        sent = await team.fill("Bea", opened, {"picks": ["1"]})
        await team.discord.again(sent)
        await team.settled()
        assert 2 == len(team.discord.private(bea))
        assert 1 == team.stored

    discord_day.play(act, TICKS)


def test_the_first_answer_counts(discord_day: DiscordDay) -> None:
    """Another press is answered with a sentence."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.answer("Bea", daily, right=False)
        await team.answer("Bea", daily)
        assert TWICE == said(team.reads("Bea"))
        assert 1 == team.stored

    discord_day.play(act)


def test_two_presses_at_once_store_one_answer(discord_day: DiscordDay) -> None:
    """One gets the verdict, the other the sentence."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        picks = [one for one in daily.buttons.values() if one.startswith("answer:")]
        await asyncio.gather(*(team.discord.press(bea, daily, pick) for pick in picks))
        await team.settled()
        texts = [said(one) for one in team.discord.private(bea)]
        assert len(picks) - 1 == texts.count(TWICE)
        assert 1 == team.stored

    discord_day.play(act)


@pytest.mark.parametrize(
    "button",
    [
        *("answer:pick:999:0:", "answer:pick:x:0:", "answer:pick:1:99:", "answer:pick:1:-1:"),
        *("form:answer:999:", "card:explain:999"),
    ],
)
def test_a_press_on_what_is_not_there(discord_day: DiscordDay, button: str) -> None:
    """A short private sentence, nothing changed."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        await team.does(team.discord.press(bea, daily, first(daily), edit=pressing(button)))
        (note,) = team.discord.private(bea)
        assert 0 == team.stored
        assert button[:14] == "answer:pick:1:" or shown(UNKNOWN_POST) == said(note)

    discord_day.play(act)


@pytest.mark.parametrize(
    "button", ["x", "card:old:1", "replace:gone", "answer:", "form:", "a" * 100]
)
def test_a_button_that_we_do_not_know_any_more(discord_day: DiscordDay, button: str) -> None:
    """It says so, whatever its id is."""

    async def act(team: DiscordTeam, _: Message) -> None:
        await team.command("Bea", "daily")
        shows = team.reads("Bea")

        await team.does(
            team.discord.press(team.server.user("Bea"), shows, first(shows), edit=pressing(button))
        )
        assert shown(guide.UNKNOWN_BUTTON) == said(team.reads("Bea"))

    discord_day.play(act)


def test_another_servers_question_is_unknown(discord_day: DiscordDay) -> None:
    """Its buttons, carried over to a message elsewhere, answer nothing."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        other = Server(team.discord)
        team.discord.join(other.guild)
        (card,) = await team.discord.until(lambda: team.discord.messages(other.channel))
        zoe, button = other.user("Bea"), first(daily)

        await team.does(team.discord.press(zoe, card, "Try one", edit=pressing(button)))
        assert shown(UNKNOWN_POST) == said(team.discord.private(zoe)[-1])
        assert 0 == team.stored

    discord_day.play(act)


def test_after_closing_a_verdict_is_shown_and_nothing_stored(discord_day: DiscordDay) -> None:
    """The buttons of a message that did not change yet."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.wait(hours=25)
        await team.answer("Bea", daily)
        assert "This one had closed, so nothing was stored." in said(team.reads("Bea"))
        assert 0 == team.stored

    discord_day.play(act)


def test_a_withdrawn_question_takes_no_answer(discord_day: DiscordDay) -> None:
    """And whoever had answered has full points."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        await team.answer("Bea", daily, right=False)
        await team.command("Ada", "schedule", {"action": "void"})
        await team.answer("Cleo", daily)
        assert shown(answer.WITHDRAWN) == said(team.reads("Cleo"))
        await team.tick()
        assert "Daily #1 was withdrawn" == title(daily)
        assert [(10,)] == team.rows("SELECT points FROM answers")

    discord_day.play(act)


def test_a_command_that_has_changed_is_answered(discord_day: DiscordDay) -> None:
    """A client that shows an older tree gets the help."""

    async def act(team: DiscordTeam, _: Message) -> None:
        bea = team.server.user("Bea")
        for edit in (
            put("live", "data", "options", 0, "name"),
            put([{"name": "gone", "type": 3, "value": "x"}], "data", "options", 0, "options"),
        ):
            await team.does(team.discord.command(bea, team.channel, "quiz", edit=edit))
        titles = [title(one) for one in team.discord.private(bea)]
        assert guide.NAME == titles[0]
        assert 2 == len(titles)

    discord_day.play(act)


# --- the database takes nothing -----------------------------------------------------------


def test_no_answer_is_confirmed_that_is_not_stored(
    discord_day: DiscordDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the database members read that nothing changed."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)

    async def act(team: DiscordTeam, daily: Message) -> None:
        opened = await team.press("Bea", daily, "Answer…")
        with locked(team):
            await team.fill("Bea", opened, {"picks": ["1"]})
            assert said(team.reads("Bea")).startswith(NOT_STORED)
            await team.command("Dan", "quiz")
            assert NOT_STORED == said(team.reads("Dan"))
            await team.tick()
        assert 0 == team.stored
        again = await team.press("Bea", team.reads("Bea"), "Try again")
        await team.fill("Bea", again, {"picks": ["1"]})
        assert 1 == team.stored

    discord_day.play(act, TICKS, may_fail=True)


@pytest.mark.parametrize(
    ("fault", "is_said"),
    [(Status(400, 50035, "Invalid Form Body"), True), (Status(404, 10015), False)],
)
def test_what_cannot_be_shown_is_said(
    discord_day: DiscordDay, fault: Status, *, is_said: bool
) -> None:
    """Nobody is left before a message that thinks for ever, where anything can be shown."""

    async def act(team: DiscordTeam, _: Message) -> None:
        faults = [fault] if is_said else [fault, fault]
        team.discord.fail("PATCH /webhooks/*/*/messages/@original", *faults)
        await team.command("Bea", "help")
        assert is_said == (shown(guide.NOT_SHOWN) == said(team.reads("Bea")))

    discord_day.play(act)
