"""Answers in code through the forms of Slack and Discord."""

import sys

import pytest

from tests.discord_team import DiscordTeam
from tests.discord_trouble import DiscordDay, said
from tests.slack_state import View
from tests.slack_team import SlackTeam
from tests.slack_trouble import Day, window

CODE, STEPS = "make-it-a-column", "two-rows-swapped"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


async def answering(team: SlackTeam) -> View:
    """The form of Bea's practice question in code."""
    await team.desk.sandbox.open(quick=True)
    await team.tick()
    await team.slash("UBEA", "quiz")
    await team.press("UBEA", team.slack.ephemerals_of("UBEA")[-1], "Answer…")
    form = team.slack.top_view("UBEA")
    assert form is not None
    return form


def test_slack_keeps_the_form_and_shows_the_place(day: Day) -> None:
    """What is not allowed stands under the field, and the answer after it counts."""

    async def act(team: SlackTeam) -> None:
        await answering(team)
        await team.submit("UBEA", {"text": "x.reshape((-1, 1)"})
        form = team.slack.top_view("UBEA")
        assert form is not None
        told = form.errors["text"]
        assert (
            told == "Python can't read that: '(' was never closed.\nx.reshape((-1, 1)\n         ^"
        )
        assert 0 == team.stored
        await team.submit("UBEA", {"text": "x.reshape(\n    (-1, 1)\n)"})
        assert 1 == team.stored
        assert "Right · +2 points" in window(team, "UBEA")
        assert "x.reshape(\n    (-1, 1)\n)" in window(team, "UBEA")
        team.desk.sandbox.close()

    day.live(act, CODE)


def test_slack_takes_a_function(day: Day) -> None:
    """Its first line stands in the field; what came out is told."""

    async def act(team: SlackTeam) -> None:
        form = await answering(team)
        assert "def solve(table, i, j):" in str(form.blocks)
        code = "def solve(table, i, j):\n    table[[i, j]] = table[[j, i]]\n    return table"
        await team.submit("UBEA", {"text": code})
        assert "it changes its input table; work on a copy of it" in window(team, "UBEA")
        team.desk.sandbox.close()

    day.live(act, STEPS)


def test_discord_leads_back_to_the_form(discord_day: DiscordDay) -> None:
    """The place of the fault is shown in a block of code, and what was typed is kept."""

    async def act(team: DiscordTeam) -> None:
        await team.desk.sandbox.open(quick=True)
        await team.tick()
        await team.command("Bea", "quiz")
        opened = await team.press("Bea", team.reads("Bea"), "Answer…")
        await team.fill("Bea", opened, {"text": "np.load(x)"})
        note = team.reads("Bea")
        assert ["Try again"] == [*note.buttons]
        assert "np.load(x)\n^" in note.text
        assert 0 == team.stored
        again = await team.press("Bea", note, "Try again")
        assert again.modal is not None
        assert "np.load(x)" == again.modal.components[-1]["component"]["value"]
        await team.fill("Bea", again, {"text": "x.T"})
        verdict = said(team.reads("Bea"))
        assert "Not quite" in verdict
        assert "its shape is (4,), and (4, 1) is asked for" in verdict
        assert "x[:, np.newaxis]" in verdict
        assert 1 == team.stored
        team.desk.sandbox.close()

    discord_day.live(act, CODE)
