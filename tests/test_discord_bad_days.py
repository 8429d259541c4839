"""Bad days for members on Discord: late, twice, after the end, nothing stored, nothing shown."""

import asyncio

import pytest

from bot.app import NOT_STORED
from bot.cards import guide
from bot.quiz import answer
from bot.store import sqlite
from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, title
from tests.discord_trouble import TICKS, DiscordDay, first, said
from tests.fakes import shown
from tests.trouble import locked

TWICE = shown(answer.TWICE)


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


# --- Discord takes nothing for a while ----------------------------------------------------


@pytest.mark.parametrize(
    ("command", "route"),
    [("", "POST /webhooks/*/*"), ("help", "PATCH /webhooks/*/*/messages/@original")],
)
def test_a_reply_that_discord_limits_comes_later(
    discord_day: DiscordDay, command: str, route: str
) -> None:
    """Discord says when to send it again, and has taken nothing until then."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        team.discord.fail(route, RateLimited(0.01, via=False))
        if command:
            await team.command("Bea", command)
        else:
            await team.press("Bea", daily, first(daily))

        def is_there() -> bool:
            return [False] == [one.loading for one in team.discord.private(bea)]

        try:
            await team.discord.until(is_there, 2)
        except TimeoutError:
            pytest.fail("the reply is lost")

    discord_day.play(act)


@pytest.mark.parametrize("fault", [RateLimited(9, via=False), Status(403), Status(400, 50035)])
def test_a_press_that_is_not_acknowledged_counts_nothing(
    discord_day: DiscordDay, fault: Fault
) -> None:
    """Discord tells its member that it failed, so the next press is the first one."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.discord.fail("POST /interactions/*/*/callback", fault)
        bea = team.server.user("Bea")
        failed = asyncio.create_task(team.discord.press(bea, daily, first(daily), may_be_late=True))
        await team.discord.until(lambda: team.discord.pending_faults == 0)
        await team.settled()
        failed.cancel()
        assert ([], 0) == (team.discord.private(bea), team.stored)
        await team.answer("Bea", daily)
        assert 1 == team.stored

    discord_day.play(act)
