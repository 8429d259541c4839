"""A member's first day on Discord, from the first card to the thread below a closed daily."""

from pathlib import Path

from tests.discord_team import DiscordTeam, play, title


def test_a_whole_day(tmp_path: Path) -> None:
    """Set up by one press, answered privately, closed with the split and an explanation."""

    async def act(team: DiscordTeam) -> None:
        await team.command("Ada", "daily")
        await team.press("Ada", team.reads("Ada"), "Daily at 09:00")
        assert "A NumPy question a day" == title(team.discord.messages(team.channel)[0])
        team.wait(hours=1)
        await team.tick()
        (daily,) = team.dailies
        for number, name in enumerate(("Ada", "Bea", "Cleo", "Dan", "Eve")):
            await team.answer(name, daily, right=number != 1)
        assert "🔴 Not quite" == title(team.reads("Bea"))
        assert title(team.reads("Eve")).startswith("🟢 Right · +")
        team.wait(seconds=40)
        await team.settled()
        team.wait(hours=24)
        await team.tick()
        assert "Daily #1 · closed" == title(daily)
        assert "4 of 5 got it." in daily.text
        assert 2 == len(team.dailies)
        (explained,) = team.discord.thread(daily)
        assert title(explained).startswith("Explained")

    play(tmp_path, act)
