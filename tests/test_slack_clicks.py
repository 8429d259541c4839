"""Many press at once, and some press twice."""

import asyncio

from tests.loopback import Hang
from tests.slack_forms import buttons, words
from tests.slack_state import Message
from tests.slack_team import Play, SlackTeam, title


async def try_together(team: SlackTeam) -> Message:
    """A question that the channel tries together."""
    await team.slash("UADA")
    await team.press("UADA", team.channel.messages[0], "Try one together")
    return team.channel.messages[-1]


def test_a_double_click_counts_once(play: Play) -> None:
    """A board is shared once, however quick its member is; some seconds later it can be again."""

    async def act(team: SlackTeam) -> None:
        await team.answer("UBEA", await team.begin())
        board = await team.slash("UBEA", "leaderboard")
        before = len(team.channel.messages)
        await asyncio.gather(*(team.slack.press("UBEA", board, "Share") for _ in range(3)))
        await team.settled()
        assert before + 1 == len(team.channel.messages)
        other = await team.slash("UCLEO", "leaderboard")
        await team.press("UCLEO", other, "Share")
        assert before + 2 == len(team.channel.messages)

    play(act)


def test_a_second_answer_is_told_so_however_quick(play: Play) -> None:
    """The first one counts; the second one reads why nothing changed."""

    async def act(team: SlackTeam) -> None:
        daily = await team.begin()
        option = buttons(daily.blocks)[0]
        await asyncio.gather(*(team.slack.press("UBEA", daily, option) for _ in range(2)))
        await team.settled()
        told = [words(one.blocks) for one in team.slack.ephemerals_of("UBEA")]
        assert ["You have answered this one; the first answer counts."] == [
            one for one in told if "first answer counts" in one
        ]
        assert [(1,)] == team.rows("SELECT count(*) FROM answers")

    play(act)


def test_a_late_count_does_not_cover_the_reveal(play: Play) -> None:
    """Where a verdict takes long, the count that follows it is the older news."""

    async def act(team: SlackTeam) -> None:
        together = await try_together(team)
        option = buttons(together.blocks)[0]
        await team.press("UADA", together, option)
        go_on = asyncio.Event()
        team.slack.fail("response_url", Hang(go_on))
        await team.slack.press("UBEA", together, option)  # whose verdict hangs
        await team.slack.until(
            lambda: [(2,)] == team.rows("SELECT count(*) FROM answers"),
        )
        await team.slack.press("UADA", together, "Reveal")
        await team.slack.until(lambda: title(together.blocks) == "Tried together")
        go_on.set()
        await team.settled()
        assert "Tried together" == title(together.blocks)
        assert "of 2 got it." in words(together.blocks)

    play(act)


def test_all_at_once_are_counted(play: Play) -> None:
    """Whatever order the replies come in, the last count is the highest."""

    async def act(team: SlackTeam) -> None:
        together = await try_together(team)
        option = buttons(together.blocks)[0]
        await asyncio.gather(*(team.slack.press(user, together, option) for user in team.users))
        await team.settled()
        assert "5 answered" in words(together.blocks)

    play(act)
