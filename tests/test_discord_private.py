"""What one does alone on Discord: private conversations, suggestions and one's data."""

from pathlib import Path

import msgspec
import pytest

from bot.bank.bank import Bank
from bot.cards import guide
from bot.markup import plain, runs
from bot.quiz import manage
from bot.quiz.progress import NO_TEAM
from bot.quiz.today import NO_DAILY
from tests.discord_team import DiscordTeam, play, title
from tests.discord_trouble import said
from tests.fakes import shown, some_of


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("daily", {}, NO_DAILY),
        ("leaderboard", {}, NO_TEAM),
        ("schedule", {}, manage.NO_CHANNEL),
        ("schedule", {"action": "now"}, manage.NO_CHANNEL),
    ],
)
def test_what_needs_a_team_says_so(
    tmp_path: Path, command: str, options: dict[str, str], words: str
) -> None:
    """In a private conversation there is no channel and no team."""

    async def act(team: DiscordTeam) -> None:
        bea = team.server.user("Bea")
        await team.command("Bea", command, options, team.discord.dm(bea))
        assert shown(words) == said(team.reads("Bea"))

    play(tmp_path, act)


def test_one_practises_in_private_without_points(tmp_path: Path) -> None:
    """Quiz, learn, review and help are there; nothing is earned."""

    async def act(team: DiscordTeam) -> None:
        alone = team.discord.dm(team.server.user("Bea"))
        for command, begins in (("help", guide.NAME), ("learn", "Study guide"), ("me", "You"),
                                ("review", "Review"), ("privacy", "What is stored")):  # fmt: skip
            await team.command("Bea", command, {}, alone)
            assert title(team.reads("Bea")).startswith(begins)
        await team.command("Bea", "quiz", {"topic": "indexing", "level": "easy"}, alone)
        asks = team.reads("Bea")
        question = team.post(1).question
        pick = next(i for i, one in enumerate(question.choices) if one.right)
        await team.press("Bea", asks, f"answer:pick:1:{pick}:{asks.buttons['Skip'][15:]}")
        assert "🟢 Right" in said(asks)
        assert [(0, "none")] == team.rows("SELECT points, board FROM answers")

    play(tmp_path, act, some_of("slice-of-a-list-and-of-an-array"))


def test_an_open_daily_is_not_to_be_looked_up_in_private(tmp_path: Path) -> None:
    """Neither found nor suggested for somebody of its server."""

    async def act(team: DiscordTeam) -> None:
        daily = await team.begin()
        bea = team.server.user("Bea")
        alone = team.discord.dm(bea)
        await team.command("Bea", "help")
        source = team.post_of(daily).question.source
        name = name_of(team.bank, source)
        for where in (alone, team.channel):
            typed = await team.discord.complete(bea, where, "learn", "about", name[:60])
            assert name not in typed.choices
            await team.command("Bea", "learn", {"about": name}, where)
            assert "Show the answer" not in team.reads("Bea").buttons
        await team.command("Ada", "schedule", {"action": "pause"})
        team.wait(hours=25)
        await team.tick()
        typed = await team.discord.complete(bea, team.channel, "learn", "about", name[:60])
        assert name in typed.choices

    play(tmp_path, act)


def test_titles_are_suggested_to_those_who_were_met(tmp_path: Path) -> None:
    """Of others nobody knows in which servers a daily is open for them."""

    async def act(team: DiscordTeam) -> None:
        bea, name = team.server.user("Bea"), name_of(team.bank, "len-of-an-array")
        before = await team.discord.complete(bea, team.channel, "learn", "about", name[:60])
        await team.command("Bea", "help")
        after = await team.discord.complete(bea, team.channel, "learn", "about", name[:60])
        assert ([], True) == (before.choices, name in after.choices)

    play(tmp_path, act)


def name_of(bank: Bank, source: str) -> str:
    """A question's title as it is suggested."""
    return plain(runs(bank.entries[source].title))[:100].strip()


def test_a_members_data_is_a_file_that_they_alone_see(tmp_path: Path) -> None:
    """And deleting it leaves the answers to nobody."""

    async def act(team: DiscordTeam) -> None:
        daily = await team.begin()
        await team.answer("Bea", daily)
        await team.command("Bea", "privacy")
        shows = team.reads("Bea")
        await team.press("Bea", shows, "Export")
        exported = team.reads("Bea")
        assert ["numpy-bot-export.json"] == [*exported.files]
        told = msgspec.json.decode(exported.files["numpy-bot-export.json"])
        assert ["Bea"] == [member["name"] for member in told["member"]]
        assert exported.private_to is team.server.user("Bea")
        await team.press("Bea", shows, "Delete…")
        await team.press("Bea", team.reads("Bea"), "Delete")
        assert "Done: everything about you is deleted." in said(team.reads("Bea"))
        assert 1 == team.stored
        assert [] == team.rows("SELECT * FROM members WHERE name = 'Bea'")
        await team.answer("Cleo", daily, right=False)
        team.wait(hours=24)
        await team.tick()
        assert "1 of 2 got it." in daily.text

    play(tmp_path, act)


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("schedule", "zone", "berl", "Europe/Berlin"),
        ("schedule", "zone", "", "UTC"),
        ("schedule", "days", "mon", "mon-fri"),
        ("schedule", "topics", "axis,", "axis,broadcasting"),
        ("schedule", "topics", "broad", "broadcasting"),
        ("schedule", "levels", "easy,", "easy,medium"),
        ("schedule", "closes", "2", "24h"),
        ("learn", "about", "broad", "Broadcasting"),
    ],
)
def test_what_is_typed_is_completed(
    tmp_path: Path, command: str, option: str, typed: str, expected: str
) -> None:
    """Zones, days, topics, levels, hours and what there is to learn."""

    async def act(team: DiscordTeam) -> None:
        found = await team.discord.complete(
            team.server.user("Bea"), team.channel, command, option, typed
        )
        assert expected in found.choices

    play(tmp_path, act)
