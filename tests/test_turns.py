"""Turns: everyone has theirs, whoever asks for many."""

import asyncio
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.job import Busy
from bot.sandbox.turns import EACH, Turns


async def served(turns: Turns, members: list[str]) -> list[str]:
    """The order in which members who ask at once are served."""
    order: list[str] = []

    async def ask(member: str) -> None:
        async with turns.of(member):
            order.append(member)
            await asyncio.sleep(0)

    await asyncio.gather(*map(ask, members))
    return order


def test_members_take_turns() -> None:
    """One who asks three times is served three times, but not in a row."""
    order = asyncio.run(served(Turns(1, clock=count().__next__), ["a", "a", "a", "b", "c"]))
    assert ["a", "b", "c", "a", "a"] == order


def test_who_has_had_long_turns_waits_for_those_who_have_not() -> None:
    """However many they are, and however many they ask for."""
    now = 0.0
    order: list[str] = []

    async def play() -> None:
        turns = Turns(1, clock=lambda: now)

        async def ask(member: str, seconds: float) -> None:
            nonlocal now
            async with turns.of(member):
                order.append(member)
                now += seconds
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as tasks:
            for member in "abcabc":
                tasks.create_task(ask(member, 0.5))
            async with turns.of("d"):  # when the first three are served
                for _ in range(2):
                    tasks.create_task(ask("d", 0.002))
                await asyncio.sleep(0)
        assert not turns._had

    asyncio.run(play())
    assert [*"abc", *"dd", *"abc"] == order


def test_each_may_wait_for_a_few() -> None:
    """One more is told to wait, with a sentence; afterwards all is as before."""

    async def play() -> None:
        turns = Turns(1)
        with pytest.raises(Busy, match="Your last answers are still being run"):
            await served(turns, ["a"] * (EACH + 1))
        await asyncio.sleep(0.01)
        assert ["a"] * EACH == await served(turns, ["a"] * EACH)

    asyncio.run(play())


def test_a_crowd_is_told_to_come_again() -> None:
    """Nobody waits for more than what is run in about a second."""

    async def play() -> None:
        with pytest.raises(Busy, match="Many answers are being run right now"):
            await served(Turns(1, most=2), list("abcd"))

    asyncio.run(play())


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.integers(1, 4))
def test_everybody_is_served_once_for_each_wish(members: list[str], at_once: int) -> None:
    """Nothing is lost and nothing is doubled, and no turn is kept."""

    async def play() -> None:
        turns = Turns(at_once, each=99)
        assert sorted(members) == sorted(await served(turns, members))
        assert (at_once, {}, {}) == (turns._free, turns._waiting, turns._count)

    asyncio.run(play())


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_turn_that_is_given_up_goes_to_the_next(stays: list[bool]) -> None:
    """Whenever a wait is cancelled, those behind it are served all the same."""

    async def play() -> None:
        turns = Turns(1)
        order: list[int] = []

        async def ask(number: int) -> None:
            async with turns.of(number):
                order.append(number)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(ask(number)) for number in range(len(stays))]
        await asyncio.sleep(0)
        for task, stay in zip(tasks, stays, strict=True):
            if not stay:
                task.cancel()
                await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert {number for number, stay in enumerate(stays) if stay} <= set(order)
        assert 1 == turns._free

    asyncio.run(play())
