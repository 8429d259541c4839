"""Bad days with forms on Discord: two at once, after a restart, unreadable, expired."""

import pytest

from bot.app import UNKNOWN_POST
from bot.cards import guide
from tests.discord_replies import FORM
from tests.discord_schema import Json
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, title
from tests.discord_trouble import SHAPE, TICKS, DiscordDay, said
from tests.fakes import shown
from tests.trouble import put


def test_two_members_in_one_form(discord_day: DiscordDay) -> None:
    """Both have it open at once, and both answers count."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        opened = {name: await team.press(name, daily, "Answer…") for name in ("Bea", "Cleo")}
        for name, form in opened.items():
            await team.fill(name, form, {"picks": ["1"]})
        assert 2 == team.stored
        for name in opened:
            assert title(team.reads(name))[:2] in {"🟢 ", "🟡 ", "🔴 "}

    discord_day.play(act, TICKS)


def test_a_form_outlives_the_process_that_opened_it(discord_day: DiscordDay) -> None:
    """It is known by its name alone."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        opened = await team.press("Bea", daily, "Answer…")
        await team.end()
        team.wait(minutes=2)
        team.start()
        await team.tick()
        await team.fill("Bea", opened, {"picks": ["1"]})
        assert 1 == team.stored

    discord_day.play(act, TICKS)


def test_a_form_sent_off_after_closing(discord_day: DiscordDay) -> None:
    """Its verdict is shown, nothing is stored."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        opened = await team.press("Bea", daily, "Answer…")
        team.wait(hours=25)
        await team.tick()
        await team.fill("Bea", opened, {"picks": ["1"]})
        assert "This one had closed, so nothing was stored." in said(team.reads("Bea"))
        assert 0 == team.stored

    discord_day.play(act, TICKS)


@pytest.mark.parametrize(
    "text", ["what??", " ", "@everyone <@1> **x** `y`", "9" * 4000, "((((", "名前"]
)
def test_an_answer_that_cannot_be_read_costs_nothing(discord_day: DiscordDay, text: str) -> None:
    """A private note leads back to the form, in which it stands as it was typed."""

    async def act(team: DiscordTeam) -> None:
        asks = await practising(team)
        opened = await team.press("Bea", asks, "Answer…")
        await team.fill("Bea", opened, {"text": text})
        note = team.reads("Bea")
        assert ["Try again"] == [*note.buttons]
        assert 0 == team.stored
        again = await team.press("Bea", note, "Try again")
        assert FORM == again.response
        assert again.modal is not None
        assert text == again.modal.components[-1]["component"]["value"]
        question = team.post(1).question
        right = next(one.text for one in question.choices if one.right)
        await team.fill("Bea", again, {"text": right})
        assert title(team.reads("Bea")) == "Broadcasting · easy"
        assert "Right · +2 points" in said(team.reads("Bea"))
        assert 1 == team.stored

    discord_day.live(act, SHAPE)


@pytest.mark.parametrize("length", [0, 10_000])
def test_an_answer_that_discord_would_not_let_through(discord_day: DiscordDay, length: int) -> None:
    """Longer than its form, or nothing at all: a note."""

    async def act(team: DiscordTeam) -> None:
        opened = await team.press("Bea", await practising(team), "Answer…")

        def forge(payload: Json) -> None:
            payload["data"]["components"][-1]["component"]["value"] = "9" * length

        bea = team.server.user("Bea")
        await team.does(team.discord.fill(bea, opened, {"text": "x"}, edit=forge))
        assert ["Try again"] == [*team.reads("Bea").buttons]
        assert 0 == team.stored

    discord_day.live(act, SHAPE)


async def practising(team: DiscordTeam) -> Message:
    """Bea's practice question."""
    await team.tick()
    await team.command("Bea", "quiz")
    return team.reads("Bea")


@pytest.mark.parametrize("form", ["", "form:answer:999:", "form:gone", "x" * 100])
def test_a_form_of_another_time_has_expired(discord_day: DiscordDay, form: str) -> None:
    """It says so in a sentence."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        opened = await team.press("Bea", daily, "Answer…")
        bea = team.server.user("Bea")
        edit = put(form, "data", "custom_id")
        await team.does(team.discord.fill(bea, opened, {"picks": ["1"]}, edit=edit))
        assert said(team.reads("Bea")) in {shown(guide.EXPIRED), shown(UNKNOWN_POST)}

    discord_day.play(act, TICKS)
