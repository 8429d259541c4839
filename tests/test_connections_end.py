"""How a service with connections ends: nobody listens any more when the lease is given back."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from bot import scheduler, service
from bot.errors import RetryAfter, SettingError
from bot.ports import MemoryRelay
from bot.service import Service
from tests.fakes import PLATFORM, SetClock, World
from tests.lines import OTHER, WRONG, Line, Stopping, held, make, take


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for long."""
    monkeypatch.setattr(service, "PATIENCE", 0.02)
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.02)


def run_until_posted(world: World, **lines: Line) -> None:
    """Run the service until something is posted on the first platform."""

    async def act() -> None:
        stop = asyncio.Event()
        world.desk.relays = {**world.desk.relays, PLATFORM: Stopping(stop)}
        async with asyncio.timeout(10):
            await make(world, **lines).run(stop)

    world.run(act())


def test_a_wrong_setting_ends_the_run_only_where_no_platform_is_left(due: World) -> None:
    """One that is served goes on until it is stopped."""
    due.desk.relays[OTHER] = MemoryRelay()  # type: ignore[index]  # a dict, as in `World`
    line = Line(WRONG)
    run_until_posted(due, **{OTHER: line})
    assert "connect" == line.done[0]
    assert PLATFORM not in held(due)


@pytest.mark.parametrize("late", [False, True])
def test_without_a_platform_that_could_ever_be_served_the_run_ends(
    due: World, *, late: bool
) -> None:
    """At once or at a later tick, with the setting's own sentence."""
    due.desk.relays = {PLATFORM: due.relay, OTHER: MemoryRelay()}
    failures = [RetryAfter(15), WRONG] if late else [WRONG]

    async def act() -> None:
        async with asyncio.timeout(10):
            lines = {PLATFORM: Line(WRONG), OTHER: Line(*failures)}
            await make(due, **lines).run(asyncio.Event())

    with pytest.raises(SettingError, match="TOKEN is wrong"):
        due.run(act())
    assert {} == due.relay.posted


def test_at_the_end_it_hangs_up_before_the_lease_is_given_back(due: World) -> None:
    """Whoever takes over must not listen while we still do."""
    line, seen = Line(), list[tuple[str, list[str]]]()
    line.look = lambda what: seen.append((what, held(due)))
    run_until_posted(due, **{PLATFORM: line})
    assert [("connect", [PLATFORM]), ("hang_up", [PLATFORM])] == seen
    assert [] == held(due)


def test_a_connection_that_is_under_way_at_the_end_is_given_up(tmp_path: Path) -> None:
    """The process ends at once, with the line closed and the leases given back."""
    with World(tmp_path) as world:

        async def act() -> Line:
            stop = asyncio.Event()
            slow = Line(gate=asyncio.Event())
            slow.look = lambda _: stop.set()
            async with asyncio.timeout(5):
                await make(world, **{PLATFORM: slow}).run(stop)
            return slow

        assert ["connect", "close"] == world.run(act()).done
        assert [] == held(world)


def test_what_is_connected_at_the_last_moment_is_hung_up_too(due: World) -> None:
    """A tick that is under way when the process is told to stop leaves nothing that listens."""
    line, seen = Line(), list[tuple[str, list[str]]]()
    line.look = lambda what: seen.append((what, held(due)))
    assert take(due, PLATFORM)

    async def act() -> None:
        stop = asyncio.Event()
        ticks = iter((False, True))

        def clock() -> datetime:
            """The second tick finds the lease free, and is the last one."""
            if next(ticks, False):
                due.wait(seconds=61)
                stop.set()
            return due.now

        async with asyncio.timeout(10):
            await Service(due.desk, "one", SetClock(clock), {PLATFORM: line}).run(stop)

    due.run(act())
    assert [] == held(due)
    assert seen in ([], [("connect", [PLATFORM]), ("hang_up", [PLATFORM])])
