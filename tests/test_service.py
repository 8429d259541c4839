"""The bot at work: leases, ticks and a clean end."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import scheduler
from bot.events import Card
from bot.ports import Address, MessageRef
from bot.service import Service
from bot.store import leases
from tests.fakes import PLATFORM, SetClock, World
from tests.lines import Stopping, tick


def test_a_tick_posts_what_is_due(world: World) -> None:
    """The service plans and delivers the daily of its platforms."""
    world.schedule()
    world.wait(hours=1)
    service = Service(world.desk, "one", world.clock)
    world.run(tick(service))
    assert ["Daily #1"] == [p.card.title.split(" · ")[0] for p in world.relay.posted.values()]


def test_one_process_at_a_time_serves_a_platform(world: World) -> None:
    """While one process holds a platform's lease, another one's tick leaves it alone."""
    world.schedule()
    world.wait(hours=1)
    assert world.database.write(
        lambda conn: leases.take(conn, PLATFORM, "other", world.clock.steady())
    ).result()
    world.run(tick(Service(world.desk, "one", world.clock)))
    assert {} == world.relay.posted


def test_another_process_takes_over_when_the_holder_dies(world: World) -> None:
    """A lease that is not renewed for a minute passes to whoever asks next."""
    take = [
        world.database.write(partial(leases.take, name="x", owner=who, steady=at)).result()
        for who, at in (
            ("one", 1000),
            ("two", 1000 + leases.LASTS / 2),
            ("one", 1000 + leases.LASTS / 2),
            ("two", 1000 + leases.LASTS),
            ("two", 1000 + leases.LASTS * 1.5),
            ("one", 1000 + leases.LASTS * 2),
        )
    ]
    assert [True, False, True, False, True, False] == take


def test_a_failing_tick_does_not_end_the_service(world: World) -> None:
    """What goes wrong in one tick is logged; the next tick works."""
    world.schedule()
    world.wait(hours=1)
    service = Service(world.desk, "one", SetClock(_failing_once(world)))
    world.run(tick(service))
    assert {} == world.relay.posted
    world.run(tick(service))
    assert 1 == len(world.relay.posted)


def _failing_once(world: World) -> Callable[[], datetime]:
    calls = iter([False, True])  # the service begins, and its first tick fails

    def clock() -> datetime:
        if next(calls, False):
            message = "the clock stands still"
            raise RuntimeError(message)
        return world.now

    return clock


class _SlowRelay(Stopping):
    """Ends the service when something is posted, and takes its time to post it."""

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        ref = await super().post(channel, card, key, thread)
        for _ in range(20):
            await asyncio.sleep(0.005)
        return ref


def test_a_tick_that_is_under_way_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that is being sent at the end is written down as posted."""
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    with World(tmp_path) as world:
        world.schedule()

        async def play() -> None:
            stop = asyncio.Event()
            world.desk.relays = {PLATFORM: _SlowRelay(stop)}
            clock = iter([world.now, world.now])  # the first tick finds nothing due
            nine = world.now + timedelta(hours=1)
            async with asyncio.timeout(10):
                await Service(world.desk, "one", SetClock(lambda: next(clock, nine))).run(stop)

        world.run(play())
        assert [("question", "posted")] == world.rows("SELECT step, state FROM outbox")
        assert [] == world.rows("SELECT * FROM leases")


def test_the_service_works_at_once_and_lets_go_at_the_end(tmp_path: Path) -> None:
    """Started, it ticks before its first interval; stopped, it gives its leases back."""
    with World(tmp_path) as world:
        world.schedule()
        world.wait(hours=1)

        async def play() -> None:
            stop = asyncio.Event()
            world.desk.relays = {PLATFORM: Stopping(stop)}
            async with asyncio.timeout(10):
                await Service(world.desk, "one", world.clock).run(stop)

        world.run(play())
        rows = world.database.read.execute("SELECT * FROM leases").fetchall()
        assert [] == rows
