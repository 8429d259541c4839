"""What the relay refuses: other workspaces, closed channels, too many edits a minute."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack_client import SlackClient
from adapters.slack_people import SlackPeople
from adapters.slack_relay import ANOTHER_TEAM, EDITS_A_MINUTE, SlackRelay
from adapters.slack_settings import SlackSettings
from bot.budget import Budget
from bot.errors import Refused, RetryAfter
from bot.events import Card
from bot.ports import Address, MessageRef
from tests.fakes import MONDAY
from tests.slack_forms import words
from tests.slack_server import SlackServer
from tests.team import Timer

HERE, ADA = Address("T1", "C1"), Address("T1", "UADA")
ELSEWHERE = Address("T2", "C1")
CARD = Card(title="Hello")

Act = Callable[[SlackRelay, SlackServer], Awaitable[None]]
CALLS: dict[str, Callable[[SlackRelay, Address], Awaitable[object]]] = {
    "post": lambda relay, place: relay.post(place, CARD, "key"),
    "edit": lambda relay, place: relay.edit(MessageRef(place, "1.1"), CARD),
    "count": lambda relay, place: relay.edit(MessageRef(place, "1.1"), CARD, count=True),
    "find": lambda relay, place: relay.find(place, "key", MONDAY),
    "tell": lambda relay, place: relay.tell(place, CARD),
    "is_manager": lambda relay, place: relay.is_manager(Address(place.tenant, "UADA"), place),
    "reach": lambda relay, place: relay.reach(place),
}


def play(act: Act, *, login: bool = True) -> None:
    """Do something with the relay of a workspace."""

    async def whole() -> None:
        async with SlackServer() as slack:
            slack.add_channel("C1", "UADA", "UBEA")
            slack.add_user("UADA", "ada.k", is_owner=True)
            client = SlackClient(SlackSettings(bot_token=slack.bot_token, api_url=slack.api_url))
            people = SlackPeople(client, Timer())
            if login:
                await client.open()
            await act(SlackRelay(client, people, Timer()), slack)
            await people.close()
            await client.close()

    asyncio.run(whole())


@pytest.mark.parametrize("name", CALLS)
def test_another_workspace_s_places_are_refused(name: str) -> None:
    """A database that belongs to another token waits for it, and Slack is not asked."""

    async def act(relay: SlackRelay, slack: SlackServer) -> None:
        before = len(slack.calls)
        with pytest.raises(RetryAfter, match=ANOTHER_TEAM):
            await CALLS[name](relay, ELSEWHERE)
        assert before == len(slack.calls)

    play(act)


@pytest.mark.parametrize("name", CALLS)
def test_before_the_login_everything_waits(name: str) -> None:
    """Nothing was sent, and it is tried again."""

    async def act(relay: SlackRelay, slack: SlackServer) -> None:
        with pytest.raises(RetryAfter):
            await CALLS[name](relay, HERE)
        assert [] == slack.calls

    play(act, login=False)


def test_a_member_is_told_in_private() -> None:
    """The private conversation comes into being, and the channel sees nothing."""

    async def act(relay: SlackRelay, slack: SlackServer) -> None:
        await relay.tell(ADA, CARD)
        assert ["Hello"] == [words(one.blocks) for one in slack.dm("UADA").messages]
        assert [] == slack.channels["C1"].messages
        with pytest.raises(Refused):
            await relay.tell(Address("T1", "UNOBODY"), CARD)
        assert [] == slack.problems

    play(act)


def test_owners_manage_every_channel() -> None:
    """Whoever is none of them does not."""

    async def act(relay: SlackRelay, _: SlackServer) -> None:
        assert await relay.is_manager(ADA, HERE)
        assert not await relay.is_manager(Address("T1", "UBEA"), HERE)

    play(act)


def test_a_channel_without_the_bot_is_out_of_reach() -> None:
    """It says what to do; one with the bot in it is fine."""

    async def act(relay: SlackRelay, slack: SlackServer) -> None:
        await relay.reach(HERE)
        slack.channels["C1"].bot = False
        with pytest.raises(Refused, match="/invite"):
            await relay.reach(HERE)
        with pytest.raises(Refused, match="no such channel"):
            await relay.reach(Address("T1", "C404"))

    play(act)


def test_what_is_not_known_to_be_out_of_reach_is_tried() -> None:
    """Without the scope to look nothing is known; trouble on the way is no refusal."""

    async def act(relay: SlackRelay, slack: SlackServer) -> None:
        slack.fail("conversations.history", "missing_scope", "ratelimited")
        await relay.reach(HERE)
        with pytest.raises(RetryAfter):
            await relay.reach(HERE)

    play(act)


# --- the budget -----------------------------------------------------------------------

times = st.lists(
    st.one_of(st.just(0.0), st.floats(0, 90), st.sampled_from((0.1, 1.0, 1.5, 59.9, 60.0))),
    min_size=60,
    max_size=200,
)


@settings(max_examples=60)
@given(times)
def test_no_minute_has_more_edits_than_its_budget(pauses: list[float]) -> None:
    """Whenever they are asked for, so many are granted within any sixty seconds."""
    timer = Timer()
    budget, granted = Budget(timer, EDITS_A_MINUTE, 60), list[float]()
    for pause in pauses:
        timer.seconds += pause
        if budget.wait() == 0:
            budget.spend()
            granted.append(timer.seconds)
    later = granted[EDITS_A_MINUTE:]
    assert all(60 - 1e-9 <= end - start for start, end in zip(granted, later, strict=False))


steps = st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=40)


@settings(max_examples=100)
@given(steps, st.integers(1, 5))
def test_the_wait_is_exact(steps: list[tuple[int, bool]], most: int) -> None:
    """After it there is one to spend, an eighth of a second earlier there is none; closings count.

    `True` is an edit that is made whether or not there was one to spend.
    """
    timer = Timer()
    budget, spent = Budget(timer, most, 60), list[float]()

    def free(at: float) -> bool:
        return sum(at - 60 < one for one in spent) < most

    for eighths, at_once in steps:
        timer.seconds += eighths / 8
        wait, now = budget.wait(), timer.seconds
        assert (wait == 0) == free(now)
        assert free(now + wait)
        assert wait == 0 or not free(now + wait - 0.125)
        if at_once or wait == 0:
            budget.spend()
            spent.append(now)


def test_an_unused_minute_saves_nothing_up() -> None:
    """A long silence is followed by as many edits as any minute has."""
    timer = Timer()
    budget = Budget(timer, 3, 60)
    for _ in range(2):
        timer.seconds += 3600
        for _ in range(3):
            assert 0 == budget.wait()
            budget.spend()
        assert 60 == budget.wait()
