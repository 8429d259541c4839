"""The bot in a workspace: what members type and press, and what they read."""

import pytest

from bot.cards import guide
from bot.cards.guide import welcome_card
from tests.slack_forms import buttons, words
from tests.slack_team import CHANNEL, Play, SlackTeam, encoded, title


def test_the_first_command_in_a_channel_brings_the_first_card(play: Play) -> None:
    """Help for the one who typed, and for everybody: try one together, or set up a daily."""

    async def act(team: SlackTeam) -> None:
        assert "NumPy study bot" == title((await team.slash("UADA")).blocks)
        (card,) = team.channel.messages
        assert welcome_card().title == title(card.blocks)
        await team.slash("UBEA", "help")
        assert 1 == len(team.channel.messages)

    play(act)


def test_the_first_two_minutes(play: Play) -> None:
    """One tried together with a live count and a reveal, then a daily that is posted at once."""

    async def act(team: SlackTeam) -> None:
        await team.slash("UADA")
        (card,) = team.channel.messages
        await team.press("UADA", card, "Try one together")
        together = team.channel.messages[-1]
        assert "Try one together · " in title(together.blocks)
        for user in ("UADA", "UBEA", "UCLEO"):
            await team.press(user, together, f"{buttons(together.blocks)[0]}")
        assert "3 answered · no points, this one is for fun" in words(together.blocks)
        assert title(team.slack.ephemerals_of("UBEA")[-1].blocks)[2:] in {"Right", "Not quite"}
        await team.press("UBEA", together, "Reveal")
        assert "Tried together" == title(together.blocks)
        assert "of 3 got it." in words(together.blocks)
        await team.press("UADA", card, "Daily at 09:00")
        saved = team.slack.ephemerals_of("UADA")[-1]
        assert "09:00 Europe/Berlin" in words(saved.blocks)
        assert "Ada set up the daily of this channel" in words(team.channel.messages[-1].blocks)
        await team.press("UADA", saved, "Post the first one now")
        await team.tick()
        assert title(team.channel.messages[-1].blocks).startswith("Daily #1 · ")

    play(act)


@pytest.mark.parametrize("command", ["quiz", "me", "review", "learn", "privacy", "help"])
def test_commands_work_in_private_conversations(play: Play, command: str) -> None:
    """What one does alone works there too, and nothing is shown to others."""

    async def act(team: SlackTeam) -> None:
        reply = await team.slash("UBEA", command, "DUBEA")
        assert "DUBEA" == reply.channel
        assert [] == team.channel.messages

    play(act)


def test_an_unknown_word_gets_the_nearest_command(play: Play) -> None:
    """Whatever it holds, it is shown as it was typed and pings nobody."""

    async def act(team: SlackTeam) -> None:
        assert "Did you mean leaderboard?" in words((await team.slash("UADA", "leaderbord")).blocks)
        odd = await team.slash("UADA", "<!channel> &amp; *x*")
        assert "<!channel> is no command that I know." in words(odd.blocks)

    play(act)


def test_a_round_of_practice(play: Play) -> None:
    """Question, verdict, the next question in the verdict's place, and the recap at the end."""

    async def act(team: SlackTeam) -> None:
        question = await team.slash("UBEA", "quiz views easy 2")
        assert "Practice · 1 of 2 · " in title(question.blocks)
        await team.press("UBEA", question, "Skip")
        where = await team.practise("UBEA", question)
        await team.press("UBEA", where, "Next")
        assert "Practice · 2 of 2 · " in words(where.blocks)
        where = await team.practise("UBEA", where)
        await team.press("UBEA", where, "Next")
        assert "That was the round" in words(where.blocks)
        assert "2 of 2 answers right" in words(where.blocks)

    play(act)


def test_a_daily_from_its_first_card_to_its_thread(play: Play) -> None:
    """Hint, verdict, live count, closing with the split, and the explanation in a thread."""

    async def act(team: SlackTeam) -> None:
        daily = await team.begin()
        await team.press("UADA", daily, "Hint")
        assert "Hint" == title(team.slack.ephemerals_of("UADA")[-1].blocks)
        for number, user in enumerate(team.users):
            await team.answer(user, daily, right=number % 2 == 0)
        assert "+5 points" in title(team.slack.ephemerals_of("UADA")[-1].blocks)
        await team.live.close()
        assert "5 answered" in words(daily.blocks)
        again = await team.slash("UBEA", "daily")
        assert "🔴 Not quite" == title(again.blocks)
        team.wait(days=1)
        await team.tick()
        assert "Daily #1 · closed" == title(daily.blocks)
        assert "3 of 5 got it." in words(daily.blocks)
        assert "Right: Ada, Cleo, Eve" in words(daily.blocks)
        (thread,) = [one for one in team.channel.messages if one.thread_ts]
        assert (daily.ts, True) == (thread.thread_ts, "Explained · " in title(thread.blocks))
        await team.press("UDAN", daily, "Explain")
        assert "Explained · " in title(team.slack.ephemerals_of("UDAN")[-1].blocks)
        second = team.dailies[-1]
        assert "Daily #2" in title(second.blocks)
        assert "Last one: 3 of 5 got it" in words(second.blocks)
        await team.press("UDAN", second, "Last one: why?")

    play(act)


def test_the_leaderboard_is_shared_once(play: Play) -> None:
    """Privately with a button, for everybody without one."""

    async def act(team: SlackTeam) -> None:
        daily = await team.begin()
        await team.answer("UBEA", daily)
        board = await team.slash("UBEA", "leaderboard")
        await team.press("UBEA", board, "Share")
        public = team.channel.messages[-1]
        assert "Leaderboard · this week · this channel" == title(public.blocks)
        assert "1  Bea       10" in words(public.blocks)
        assert [] == buttons(public.blocks)
        assert [] == buttons(team.slack.ephemerals_of("UBEA")[-1].blocks)

    play(act)


def test_a_report_reaches_the_managers(play: Play) -> None:
    """In their private conversation, with the command that shows the question."""

    async def act(team: SlackTeam) -> None:
        daily = await team.begin()
        await team.answer("UBEA", daily)
        await team.press("UBEA", team.slack.ephemerals_of("UBEA")[-1], "Report")
        (told,) = team.slack.channels["DUADA"].messages
        assert "doubts this question:" in words(told.blocks)
        assert '"channel_id":"C1"' in encoded(told.blocks)
        assert team.post_of(daily).question.code in words(told.blocks)
        assert "numpy-bot bank show " in words(told.blocks)

    play(act)


def test_only_managers_change_the_schedule(play: Play) -> None:
    """Whoever set it up, and the workspace's admins and owners."""

    async def act(team: SlackTeam) -> None:
        await team.slash("UADA", "schedule 09:00 UTC daily")
        refused = await team.slash("UBEA", "schedule pause")
        assert "Only whoever set up this channel's daily" in words(refused.blocks)
        team.slack.users["UCLEO"].is_admin = True
        assert "Paused" == title((await team.slash("UCLEO", "schedule pause")).blocks)

    play(act)


def test_ones_data_comes_as_a_file_in_private(play: Play) -> None:
    """The channel shows nothing of it."""

    async def act(team: SlackTeam) -> None:
        await team.answer("UBEA", await team.begin())
        privacy = await team.slash("UBEA", "privacy")
        await team.press("UBEA", privacy, "Export")
        assert guide.SENT_APART in words(team.slack.ephemerals_of("UBEA")[-1].blocks)
        (message, *_) = team.slack.channels["DUBEA"].messages
        assert "Your data" == title(message.blocks)
        (file,) = team.slack.files.values()
        assert "numpy-bot-export.json" == file["name"]
        await team.press("UBEA", privacy, "Leave the leaderboards")
        await team.press("UBEA", privacy, "Delete…")
        await team.press("UBEA", team.slack.ephemerals_of("UBEA")[-1], "Delete")
        assert [] == team.rows("SELECT * FROM members WHERE platform_id = 'UBEA'")

    play(act)


def test_a_mention_answers_where_no_command_can_be_typed(play: Play) -> None:
    """In a thread, with the card for the place or the command that is named beside it."""

    async def act(team: SlackTeam) -> None:
        daily = await team.begin()
        await team.does(team.slack.mention("UBEA", CHANNEL, "", daily.ts))
        shown_there = team.slack.ephemerals_of("UBEA")[-1]
        assert (daily.ts, title(daily.blocks)) == (
            shown_there.thread_ts,
            title(shown_there.blocks),
        )
        await team.does(team.slack.mention("UBEA", CHANNEL, "leaderboard all", daily.ts))
        board = team.slack.ephemerals_of("UBEA")[-1]
        assert "Leaderboard · all time" in title(board.blocks)
        await team.press("UBEA", shown_there, "Hint")
        assert daily.ts == team.slack.ephemerals_of("UBEA")[-1].thread_ts

    play(act)
