"""Closing a daily on Discord, its thread and its count, on bad days."""

import discord
import pytest

from tests.discord_calls import Fault, RateLimited, Status
from tests.discord_places import CREATE_PUBLIC_THREADS
from tests.discord_team import DiscordTeam, title
from tests.discord_trouble import DiscordDay, Hasty, days, due
from tests.loopback import Drop

EDIT = "PATCH /channels/*/messages/*"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py tries again at once."""
    monkeypatch.setattr(discord.http, "asyncio", Hasty())


def test_a_deleted_message_is_not_closed_and_has_no_thread(discord_day: DiscordDay) -> None:
    """The next daily comes all the same."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        await team.tick()
        team.discord.delete_message(team.dailies[0])
        team.wait(hours=24)
        await days(team, 5)
        assert [("question", "posted"), ("close", "failed"), ("explain", "skipped"),
                ("question", "posted")] == sorted_steps(team)  # fmt: skip
        assert ["Daily #2"] == [title(one)[:8] for one in team.dailies]

    discord_day.live(act)


def sorted_steps(team: DiscordTeam) -> list[tuple[str, str]]:
    """The steps, question by question."""
    order = "CASE step WHEN 'question' THEN 0 WHEN 'close' THEN 1 ELSE 2 END"
    return team.rows(f"SELECT step, state FROM outbox ORDER BY post_id, {order}")


def test_without_the_right_to_begin_threads_the_message_is_closed(discord_day: DiscordDay) -> None:
    """Explain on the closed message still tells everything."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        await team.tick()
        (daily,) = team.dailies
        team.discord.permit(team.channel, team.discord.bot.id, deny=CREATE_PUBLIC_THREADS)
        team.wait(hours=24)
        await days(team, 5)
        assert "Daily #1 · closed" == title(daily)
        assert ("explain", "failed") in team.steps
        await team.press("Bea", daily, "Explain")
        assert title(team.reads("Bea")).startswith("Explained")

    discord_day.live(act)


@pytest.mark.parametrize("faults", [[Drop(accepted=True)], [Status(503)], [Drop(accepted=False)]])
def test_the_explanation_stands_in_its_thread_once(
    discord_day: DiscordDay, faults: list[Fault]
) -> None:
    """Whether the thread or the message in it was lost on the way."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        await team.tick()
        (daily,) = team.dailies
        team.discord.fail("POST /channels/*/messages/*/threads", *faults)
        team.discord.fail(f"POST /channels/{daily.id}/messages", *faults)
        team.wait(hours=24)
        await days(team, 30)
        assert 1 == len(team.discord.thread(daily))
        assert {"posted"} == {state for _, state in team.steps}

    discord_day.live(act)


@pytest.mark.parametrize(
    "fault", [Status(503), RateLimited(3, via=False), Drop(accepted=True), Drop(accepted=False)]
)
def test_the_last_count_is_shown_after_a_fault(discord_day: DiscordDay, fault: Fault) -> None:
    """An edit that was lost is made again."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        await team.tick()
        (daily,) = team.dailies
        team.discord.fail(EDIT, fault)
        for name in ("Bea", "Cleo", "Dan"):
            await team.answer(name, daily)
        await team.discord.until(lambda: "3 answered" in daily.text)

    discord_day.live(act)
