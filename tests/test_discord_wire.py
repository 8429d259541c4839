"""What really goes over the wire to Discord: nothing of a key before somebody's answer."""

import json
from pathlib import Path

from tests.discord_calls import Status
from tests.discord_team import DiscordTeam, play
from tests.discord_trouble import SHAPE, DiscordDay, days, due, first, said
from tests.fakes import some_of


def sent(team: DiscordTeam, since: int = 0) -> str:
    """Everything that the bot sent, from that many bodies on."""
    bodies = [one.body for one in team.discord.everything[since:]]
    files = [name for one in team.discord.everything[since:] for name in one.files]
    return json.dumps([bodies, files], ensure_ascii=False)


def test_no_key_is_sent_before_an_answer(discord_day: DiscordDay) -> None:
    """Neither with the question, its hint, its form nor a note about what was typed."""

    async def act(team: DiscordTeam) -> None:
        await team.tick()
        await team.command("Bea", "quiz")
        asks = team.reads("Bea")
        question = team.post(1).question
        assert question.key is not None
        secrets = (question.key.text, question.source, question.rule, question.docs)
        await team.press("Bea", asks, "Hint")
        opened = await team.press("Bea", asks, "Answer…")
        await team.fill("Bea", opened, {"text": "no shape"})
        await team.press("Bea", team.reads("Bea"), "Try again")
        before = sent(team)
        hinted = said(team.discord.private(team.server.user("Bea"))[1])
        assert [] == [one for one in secrets[1:] if json.dumps(one)[1:-1] in before]
        assert question.key.text in hinted  # a hint names it among others, for half the points
        assert 1 == before.count(question.key.text)
        await team.fill("Bea", opened, {"text": question.key.text})
        assert question.source not in before

    discord_day.live(act, SHAPE)


def test_a_dailys_buttons_and_edits_hold_no_key(tmp_path: Path) -> None:
    """While it is open nobody is shown more than the question, but who answered it."""

    async def act(team: DiscordTeam) -> None:
        team.bank = some_of("len-of-an-array")
        daily = await team.begin()
        question = team.post_of(daily).question
        await team.answer("Bea", daily, right=False)
        await team.live.close()
        mine = team.server.user("Bea").id
        public = [one for one in team.discord.everything if one.seen_by != {mine}]
        shown = json.dumps([one.body for one in public], ensure_ascii=False)
        words = [question.rule, question.source, *(one.why for one in question.choices if one.why)]
        assert [] == [one for one in words if json.dumps(one, ensure_ascii=False)[1:-1] in shown]
        kinds = {one.rpartition(":")[0].rstrip("0123456789") for one in daily.buttons.values()}
        assert {"answer:pick:1:", "card:hint"} >= kinds

    play(tmp_path, act)


def test_a_thread_that_was_deleted_holds_up_nothing(discord_day: DiscordDay) -> None:
    """The explanation is given up, and the next daily comes."""

    async def act(team: DiscordTeam) -> None:
        await due(team)
        await team.tick()
        (daily,) = team.dailies
        team.discord.fail(f"POST /channels/{daily.id}/messages", Status(404, 10003, "gone"))
        team.wait(hours=24)
        await days(team, 5)
        assert ("explain", "failed") in team.steps
        assert 2 == len(team.dailies)
        await team.press("Bea", team.dailies[1], first(team.dailies[1]))
        assert 1 == team.stored

    discord_day.live(act)
