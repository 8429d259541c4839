"""The workers: many messages at a time, in a fair order, no faster than the platform takes them."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import crowd, daily, delivery, planning
from bot.errors import StorageFull, Unsure
from bot.events import Card
from bot.ports import Address, MessageRef
from bot.service import Service
from bot.store import outbox
from tests.fakes import PLATFORM, World
from tests.jumping import jump
from tests.lines import tick
from tests.many import furnish
from tests.small_bank import small_bank
from tests.wire import Wire

HERE = frozenset({PLATFORM})
OTHER = "other"


class Slow(Wire):
    """Notes when each message was posted, and how many were under way at most.

    What is about a channel that `hangs` waits until `gate` opens.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at: list[tuple[float, bool]] = []
        self.hangs: Callable[[Address, MessageRef | None], bool] = lambda *_: False
        self.gate = asyncio.Event()
        self.seconds = 0.0
        self.busy = self.busiest = 0

    async def post(
        self, channel: Address, card: Card, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post after a while."""
        self.at.append((asyncio.get_running_loop().time(), thread is None))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            if self.hangs(channel, thread):
                await self.gate.wait()
            await asyncio.sleep(self.seconds)
            return await super().post(channel, card, key, thread)
        finally:
            self.busy -= 1


@pytest.fixture
def wire() -> Slow:
    """A platform to watch."""
    return Slow()


@pytest.fixture
def world(tmp_path: Path, wire: Slow) -> Iterator[World]:
    """A Monday at nine, with the dailies of thirty teams due; waiting takes no time."""
    with World(tmp_path, bank=small_bank(), relay=wire) as world:
        furnish(world, 30)
        world.wait(hours=1)
        jump(world)
        yield world


def planned(world: World) -> None:
    """Plan what is due."""
    world.run(daily.tick(world.desk, HERE, world.clock.now()))


def test_a_message_that_hangs_holds_up_its_own_channel_alone(world: World, wire: Slow) -> None:
    """While one platform call hangs, every other channel's question arrives."""
    wire.hangs = lambda channel, _: channel.tenant == "t3"

    async def play() -> list[int]:
        service = Service(world.desk, "one", world.clock)
        await service.work()
        await asyncio.sleep(1)
        before = len(wire.posted)
        wire.gate.set()
        await service.rest()
        await service._workers.end(1)
        return [before, len(wire.posted)]

    assert [29, 30] == world.run(play())


def test_a_platform_that_hangs_delays_no_other(world: World, wire: Slow) -> None:
    """The other platform's dailies are planned and posted at their time."""
    other = Wire()
    world.desk.relays[OTHER] = other  # type: ignore[index]  # a dict, as in `World`
    wire.hangs = lambda *_: True
    world.database.write(
        lambda conn: conn.execute("UPDATE channels SET platform = 'other' WHERE id > 25").rowcount
    ).result()
    world.database.write(
        lambda conn: conn.execute("UPDATE tenants SET platform = 'other' WHERE id > 25").rowcount
    ).result()

    async def play() -> list[int]:
        service = Service(world.desk, "one", world.clock)
        posted = []
        for _ in range(2):
            await service.work()
            await asyncio.sleep(1)
            posted.append(sum(one.thread is None for one in other.posted.values()))
            await asyncio.sleep(86_399)
        await service._workers.end(0)
        return posted

    assert [5, 10] == world.run(play())
    assert {} == wire.posted


def test_so_many_are_under_way_and_no_more(world: World, wire: Slow) -> None:
    """The next one is begun as soon as one of them has ended."""
    wire.seconds = 5
    planned(world)
    world.run(delivery.deliver(world.desk, HERE, "one", world.clock))
    assert (30, delivery.AT_ONCE) == (len(wire.posted), wire.busiest)


def test_a_platform_is_not_asked_faster_than_it_likes(world: World, wire: Slow) -> None:
    """In no second are there more calls than it takes, and none is waited for longer than that."""
    wire.calls_a_second = 4
    planned(world)
    world.run(delivery.deliver(world.desk, HERE, "one", world.clock))
    seconds = [at for at, _ in wire.at]
    assert [second for second in range(8) for _ in range(4)][:30] == seconds


@pytest.mark.parametrize("after", [0.0, 1.5, 4.0, 60.0])
def test_a_worker_that_is_told_to_stop_begins_nothing_more(
    world: World, wire: Slow, after: float
) -> None:
    """Whether it sends, waits for its turn or rests, what is under way ends and it is done."""
    wire.calls_a_second, wire.seconds = 4, 0.3
    planned(world)

    async def play() -> tuple[bool, float]:
        workers = delivery.Workers(world.desk, "one", world.clock)
        workers.serve(HERE)
        await asyncio.sleep(after)
        is_done = await workers.end(5)
        return is_done, asyncio.get_running_loop().time() - after

    is_done, took = world.run(play())
    assert (True, True) == (is_done, took <= 0.3)
    assert {"pending", "posted"} >= {state for (state,) in world.rows("SELECT state FROM outbox")}


def test_a_database_that_fails_breaks_off_no_message(
    world: World, wire: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on its way when nothing can be claimed any more gets its reply, and is settled."""
    wire.calls_a_second, wire.seconds = 4, 5
    planned(world)
    claim, calls = outbox.claim, list[int]()

    def full(*given: Any, **more: Any) -> list[outbox.Delivery]:  # noqa: ANN401  # handed on
        calls.append(1)
        if len(calls) > 1:
            message = "no space left"
            raise StorageFull(message)
        return claim(*given, **more)

    monkeypatch.setattr(outbox, "claim", full)
    with pytest.raises(StorageFull):
        world.run(delivery.deliver(world.desk, HERE, "one", world.clock))
    states = [state for (state,) in world.rows("SELECT state FROM outbox ORDER BY state")]
    assert ["pending"] * 26 + ["posted"] * 4 == states


def test_an_explanation_that_hangs_holds_up_no_question(world: World, wire: Slow) -> None:
    """It stands in a thread: the channel's next question comes at its time all the same."""
    service = Service(world.desk, "one", world.clock)
    wire.hangs = lambda channel, thread: channel.tenant == "t3" and thread is not None

    async def play() -> int:
        await tick(service)
        await asyncio.sleep(86_400)
        await service.work()
        await asyncio.sleep(10)
        await service._workers.end(0)
        return sum(posted.thread is None for posted in wire.posted.values())

    assert 60 == world.run(play())


def test_a_platform_that_takes_nothing_is_left_alone_until_the_next_tick(
    world: World, wire: Slow
) -> None:
    """It is asked as often as messages may be under way, and then not for a while."""
    service = Service(world.desk, "one", world.clock)
    wire.failures += [Unsure("down")] * 1000

    async def play() -> list[int]:
        asked = []
        for _ in range(3):
            await tick(service)
            await asyncio.sleep(19)
            asked.append(len(wire.at))
            await asyncio.sleep(1)
        wire.failures.clear()
        await tick(service)
        await asyncio.sleep(600)
        await tick(service)
        await service._workers.end(0)
        return asked

    first, second, third = world.run(play())
    assert (20, True, True) == (first, 20 < second <= 40, second < third <= 60)
    assert 30 == len({posted.key for posted in wire.posted.values()}) == len(wire.posted)


def test_what_is_due_a_bit_later_is_sent_then(world: World, wire: Slow) -> None:
    """A worker that rests wakes by itself at the second that a row is due."""
    planned(world)
    world.database.write(
        lambda conn: conn.execute("UPDATE outbox SET due_at = due_at + id % 7")
    ).result()

    async def play() -> None:
        service = Service(world.desk, "one", world.clock)
        service._workers.serve(HERE)
        await asyncio.sleep(10)
        await service._workers.end(0)

    world.run(play())
    assert sorted(number % 7 for number in range(1, 31)) == [at for at, _ in wire.at]


def test_where_many_share_a_minute_each_has_its_second_of_it(
    world: World, wire: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are posted within the minute, spread, and the same way every day."""
    monkeypatch.setattr(planning, "CROWD", 29)

    async def play() -> list[list[float]]:
        service = Service(world.desk, "one", world.clock)
        days = list[list[float]]()
        for day in range(2):
            await service.work()
            await asyncio.sleep(86_400 * (day + 1) - asyncio.get_running_loop().time())
            questions = [at - 86_400 * day for at, is_question in wire.at if is_question]
            days.append(questions[30 * day :])
        await service._workers.end(0)
        return days

    seconds = sorted(crowd.delay(number) for number in range(1, 31))
    assert [seconds, seconds] == world.run(play())
    assert len(set(seconds)) > 20


def test_the_seconds_of_a_minute_are_used_evenly() -> None:
    """Of ten thousand channels as many come in one second as in another, or nearly."""
    seconds = [crowd.delay(channel) for channel in range(1, 10_001)]
    counts = [seconds.count(second) for second in range(crowd.SPREAD)]
    assert (0, crowd.SPREAD - 1) == (min(seconds), max(seconds))
    assert max(counts) - min(counts) <= 10


def test_few_that_share_a_minute_are_posted_at_once(world: World, wire: Slow) -> None:
    """Fifty or fewer need no spreading."""
    planned(world)
    assert [(world.clock.now().timestamp(),)] == world.rows("SELECT DISTINCT due_at FROM outbox")
    assert outbox.next_due(world.database.read, PLATFORM, world.clock.now()) is None
    assert [] == wire.at


def test_a_pause_ends_though_its_reason_passed_at_once(tmp_path: Path) -> None:
    """The platform may take the next message by the time that the pause begins."""
    with World(tmp_path, bank=small_bank()) as world:
        worker = delivery.Worker(world.desk, PLATFORM, "worker", world.clock)
        waits = iter([0.001, 0.001])
        worker._must_slow_down = lambda: next(waits, 0.0)  # type: ignore[method-assign]  # as the clock would
        assert 0 == world.run(asyncio.wait_for(worker.deliver(), 5))
