"""Platforms with a connection: connected under a lease, and served while they are connected."""

import asyncio
import logging

import pytest

from bot import service
from bot.errors import RetryAfter, Unsure
from bot.ports import MemoryRelay
from bot.store import leases
from tests.fakes import PLATFORM, World
from tests.lines import OTHER, WRONG, Line, held, make, take, tick


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for long."""
    monkeypatch.setattr(service, "PATIENCE", 0.02)


def test_a_platform_is_connected_once_its_lease_is_held(due: World) -> None:
    """While another process has it nothing is connected; then it is, once, and served."""
    line = Line()
    one = make(due, **{PLATFORM: line})
    assert take(due, PLATFORM)
    due.run(tick(one))
    assert ([], {}) == (line.done, due.relay.posted)
    due.wait(seconds=61)
    for _ in range(3):
        due.run(tick(one))
    assert (["connect"], 1) == (line.done, len(due.relay.posted))


def test_the_lease_is_held_while_it_connects(due: World) -> None:
    """No other process connects at the same time."""
    line, free = Line(), list[bool]()
    line.look = lambda _: free.append(take(due, PLATFORM))
    due.run(tick(make(due, **{PLATFORM: line})))
    assert [False] == free


@pytest.mark.parametrize(
    "failure", [RetryAfter(15), Unsure("no reply"), OSError("no route"), ValueError("a bug")]
)
def test_what_may_work_later_is_tried_again_at_the_next_tick(
    due: World, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Until then it is closed and nothing is delivered there; others are served."""
    line, relay = Line(failure, failure), MemoryRelay()
    due.desk.relays = {PLATFORM: due.relay, OTHER: relay}
    one = make(due, **{OTHER: line})
    for tried in (1, 2):
        due.run(tick(one))
        assert ["connect", "close"] * tried == line.done
        assert 1 == len(due.relay.posted)
    due.run(tick(one))
    assert (["connect", "close"] * 2 + ["connect"], True) == (line.done, line.up)
    told = [one for one in caplog.records if "next tick tries again" in one.getMessage()]
    assert (2, True) == (len(told), all(OTHER in one.getMessage() for one in told))


def test_nothing_is_delivered_on_a_platform_that_is_not_connected(due: World) -> None:
    """The daily comes with the first tick that is connected, late but once."""
    line = Line(RetryAfter(15), RetryAfter(15))
    one = make(due, **{PLATFORM: line})
    for _ in range(2):
        due.run(tick(one))
        assert {} == due.relay.posted
        due.wait(seconds=20)
    for _ in range(2):
        due.run(tick(one))
        assert 1 == len(due.relay.posted)


def test_a_slow_connection_holds_nobody_up(due: World) -> None:
    """A tick waits for a moment only, and goes on connecting: it is served when it is there."""
    due.desk.relays = {PLATFORM: due.relay, OTHER: MemoryRelay()}

    async def act() -> None:
        slow = Line(gate=asyncio.Event())
        one = make(due, **{OTHER: slow})
        async with asyncio.timeout(5):
            for _ in range(3):
                await tick(one)
        assert 1 == len(due.relay.posted)
        assert (["connect"], False) == (slow.done, slow.up)
        assert slow.gate is not None
        slow.gate.set()
        await tick(one)
        assert (["connect"], frozenset({PLATFORM, OTHER})) == (slow.done, await one._reached())

    due.run(act())


def test_a_slow_platform_is_not_served_before_it_is_there(due: World) -> None:
    """Not even when its daily is due."""

    async def act() -> None:
        slow = Line(gate=asyncio.Event())
        one = make(due, **{PLATFORM: slow})
        await tick(one)
        assert {} == due.relay.posted
        assert slow.gate is not None
        slow.gate.set()
        await tick(one)
        assert 1 == len(due.relay.posted)

    due.run(act())


def test_a_platform_whose_lease_is_lost_is_closed(due: World) -> None:
    """A process that slept too long lets go, and connects again when it is its turn."""
    line = Line()
    one = make(due, **{PLATFORM: line})
    due.run(tick(one))
    due.wait(days=1, seconds=61)
    assert take(due, PLATFORM)
    due.run(tick(one))
    assert (["connect", "close"], 1) == (line.done, len(due.relay.posted))
    due.wait(seconds=61)
    due.run(tick(one))
    assert ["connect", "close", "connect"] == line.done
    assert 1 < len(due.relay.posted)


def test_a_lease_that_is_lost_while_it_connects_leaves_nothing_connected(due: World) -> None:
    """Two processes must not both listen."""

    async def act() -> None:
        slow = Line(gate=asyncio.Event())
        one = make(due, **{PLATFORM: slow})
        await tick(one)
        due.wait(seconds=61)
        await due.database.awrite(
            lambda conn: leases.take(conn, PLATFORM, "two", due.clock.steady())
        )
        assert slow.gate is not None
        slow.gate.set()
        for _ in range(2):
            await tick(one)
        assert (["connect", "close"], False) == (slow.done, slow.up)
        assert {} == due.relay.posted

    due.run(act())


def test_a_wrong_setting_is_final_and_the_others_go_on(
    due: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once and never tried again."""
    due.desk.relays = {PLATFORM: due.relay, OTHER: MemoryRelay()}
    line = Line(WRONG)
    one = make(due, **{OTHER: line})
    for _ in range(4):
        due.run(tick(one))
        due.wait(seconds=20)
    assert ["connect", "close"] == line.done
    errors = [one for one in caplog.records if logging.ERROR <= one.levelno]
    assert [str(WRONG)] == [one.getMessage() for one in errors]
    assert 1 == len(due.relay.posted)


def test_the_lease_of_a_wrong_setting_is_given_back(due: World) -> None:
    """It is for whoever has a right setting, such as this process once it is started again."""
    due.desk.relays = {PLATFORM: due.relay, OTHER: MemoryRelay()}
    one = make(due, **{OTHER: Line(WRONG)})
    for _ in range(2):
        due.run(tick(one))
    assert [PLATFORM] == held(due)


def test_a_platform_that_is_not_heard_any_more_is_connected_anew(due: World) -> None:
    """At the next tick, without letting go of its lease."""
    line = Line()
    service = make(due, **{PLATFORM: line})
    due.run(tick(service))
    line.up = False
    due.run(tick(service))
    assert ["connect", "close", "connect"] == line.done
    assert [PLATFORM] == held(due)


def test_a_slow_tick_keeps_its_leases(due: World) -> None:
    """They are renewed beside it, so that no other process takes over what goes on."""
    service = make(due, **{PLATFORM: Line()})
    due.run(tick(service))
    due.wait(seconds=50)
    due.run(service.renew())
    due.wait(seconds=50)
    assert not take(due, PLATFORM, "another")
