"""Edits of public messages on bad days: limits, deleted messages, and the budget of a workspace."""

import asyncio
from itertools import pairwise

import pytest

from adapters.slack_relay import EDITS_A_MINUTE
from bot.budget import Budget
from tests.loopback import Drop
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_forms import words
from tests.slack_state import Message
from tests.slack_team import SlackTeam, title
from tests.slack_trouble import Day, first
from tests.team import Timer

UPDATE = "chat.update"


def edits(team: SlackTeam) -> int:
    """How many edits were tried."""
    return sum(call.method == UPDATE for call in team.slack.calls)


async def counted(team: SlackTeam, message: Message, count: int) -> None:
    """Wait until a message shows so many answers."""
    await team.slack.until(lambda: f"{count} answered" in words(message.blocks))


# --- the budget ---------------------------------------------------------------------------


def test_a_budget_gives_so_many_edits_a_minute() -> None:
    """Whoever comes later waits until the oldest edit is a minute old, and not longer."""
    timer = Timer()
    budget = Budget(timer, 3, 60)
    for second in (0, 10, 20):
        timer.seconds = 1000.0 + second
        assert 0 == budget.wait()
        budget.spend()
    assert 40 == budget.wait()
    timer.seconds = 1059.5
    assert 0.5 == budget.wait()
    timer.seconds = 1060.0
    assert 0 == budget.wait()
    budget.spend()
    assert 10 == budget.wait()


def test_a_budget_counts_what_did_not_wait() -> None:
    """Closings go through beyond the budget, and counts wait the longer for it."""
    timer = Timer()
    budget = Budget(timer, 2, 60)
    for second in range(5):
        timer.seconds = 1000.0 + second
        budget.spend()
    assert 59 == budget.wait()
    timer.seconds += 58
    assert 1 == budget.wait()
    timer.seconds += 1
    assert 0 == budget.wait()


def test_a_budget_never_gives_more_however_it_is_asked() -> None:
    """Over ten minutes no minute has more than forty edits, and none is wasted either."""
    timer = Timer()
    budget = Budget(timer, EDITS_A_MINUTE, 60)
    spent: list[float] = []
    while timer.seconds < 1600:
        if budget.wait() == 0:
            budget.spend()
            spent.append(timer.seconds)
            timer.seconds += 0.25
        else:
            timer.seconds += budget.wait()
    assert 10 * EDITS_A_MINUTE == len(spent)
    assert all(
        later - earlier >= 60 for earlier, later in zip(spent, spent[EDITS_A_MINUTE:], strict=False)
    )
    assert all(later > earlier for earlier, later in pairwise(spent))


# --- counts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [RateLimited(7), Status(500), Drop(accepted=False), "ratelimited"]
)
def test_a_count_that_failed_is_made_again(day: Day, fault: Fault) -> None:
    """The answer is stored and confirmed at once, the public count follows."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail(UPDATE, fault)
        await team.press("UBEA", daily, first(daily))
        assert 1 == team.stored
        assert "Streak 1." in team.reads("UBEA")
        await counted(team, daily, 1)
        assert 2 == edits(team)

    day.play(act)


def test_a_deleted_daily_is_still_answered(day: Day) -> None:
    """Where somebody deletes the message its count is given up; forms and closing go on."""

    async def act(team: SlackTeam, daily: Message) -> None:
        body = await team.does(team.slack.press("UCLEO", daily, first(daily)))
        await team.live.close()
        team.slack.remove(daily)
        again = body.body | {"trigger_id": team.slack.trigger("UBEA")}
        again["user"] = again["user"] | {"id": "UBEA", "username": "bea.k"}
        again["response_url"] = team.slack.url("UBEA", "C1", None)
        await team.does(team.slack.deliver("interactive", again))
        assert 2 == team.stored
        await asyncio.sleep(0)
        team.wait(hours=24)
        await team.tick()
        assert ["posted", "failed"] == [state for step, state in team.steps][:2]
        assert "Daily #2" in title(team.dailies[-1].blocks)
        assert [] == team.dm("UADA")

    day.play(act)


def test_a_deleted_daily_has_its_count_given_up(day: Day) -> None:
    """Each answer tries one edit more, and none is tried for ever."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail(UPDATE, "message_not_found")
        await team.press("UBEA", daily, first(daily))
        await team.slack.next_call(UPDATE)
        await team.press("UADA", daily, first(daily))
        await team.slack.until(lambda: edits(team) == 2)
        await counted(team, daily, 2)
        assert 2 == team.stored

    day.play(act)


def test_counts_share_a_budget_and_closings_do_not_wait_for_it(day: Day) -> None:
    """Many channels answer at once: so many edits, then closings, and every count in the end."""
    channels = [f"C{number}" for number in range(2, 10)]

    async def act(team: SlackTeam) -> None:
        team.relay._budget = Budget(team.timer, 5, 60)
        await team.tick()
        for channel in channels:
            team.slack.add_channel(channel, "UADA", "UBEA", name=channel.lower())
            await team.slash("UADA", "schedule 09:00 UTC daily", channel)
        team.wait(hours=1)
        await team.tick()
        never = asyncio.Event()

        async def sleep(_: float) -> None:
            await never.wait()

        team.live._sleep = sleep
        dailies = [team.slack.channels[channel].messages[-1] for channel in channels]
        for daily in dailies:
            await team.press("UBEA", daily, first(daily))
        await team.slack.until(lambda: edits(team) == 5)
        await team.slash("UADA", "schedule void", channels[0])
        await team.tick()
        assert "withdrawn" in title(dailies[0].blocks)
        assert (8, 6) == (team.stored, edits(team))
        assert 3 == sum("0 answered" in words(daily.blocks) for daily in dailies)
        team.wait(minutes=1)
        await team.live.close()
        assert 7 == sum("1 answered" in words(daily.blocks) for daily in dailies)
        assert 9 == edits(team)

    day.live(act)


def test_the_last_count_is_right_after_a_busy_day(day: Day) -> None:
    """However the answers came, the message ends with the true count, and with few edits."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await asyncio.gather(*(team.slack.press(user, daily, first(daily)) for user in team.users))
        await team.settled()
        await team.live.close()
        assert f"{len(team.users)} answered" in words(daily.blocks)
        assert len(team.users) == team.stored
        assert edits(team) <= len(team.users)

    day.play(act)


def test_a_count_that_a_process_left_behind_is_shown_by_the_next(day: Day) -> None:
    """Whoever answered just before a process was killed is counted when it is back."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.desk.counter = None  # killed before the count was shown
        await team.press("UBEA", daily, first(daily))
        assert "0 answered" in words(daily.blocks)
        await team.end()
        team.start()
        await team.tick()
        await team.slack.until(lambda: "1 answered" in words(daily.blocks))

    day.play(act)
