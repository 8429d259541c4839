"""Several processes on one database, processes that die, replies that are lost: still once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import daily, delivery, planning
from bot.attempt import Attempt
from bot.errors import Refused, RetryAfter, Unsure
from bot.events import Card, Place
from bot.ports import Address, MessageRef
from bot.store import outbox, schedules
from bot.store.outbox import Delivery
from tests.fakes import PLATFORM, World
from tests.small_bank import small_bank
from tests.wire import Wire

HERE = frozenset({PLATFORM})


@pytest.fixture
def wire() -> Wire:
    """A platform to watch."""
    return Wire()


@pytest.fixture
def world(tmp_path: Path, wire: Wire) -> Iterator[World]:
    """A Monday at nine, with the channel's daily due."""
    with World(tmp_path, bank=small_bank(), relay=wire) as world:
        world.schedule()
        world.wait(hours=1)
        yield world


async def work(world: World, owner: str) -> None:
    """One tick of a process, and everything that it makes due delivered."""
    await daily.tick(world.desk, HERE, world.now)
    await delivery.deliver(world.desk, HERE, owner, world.clock)


async def work_together(*worlds: World) -> None:
    """One tick of several processes at once."""
    await asyncio.gather(*(work(world, f"process {at}") for at, world in enumerate(worlds)))


def claimed(world: World, owner: str) -> list[Delivery]:
    """What a worker gets when it asks for work."""
    return world.database.write(
        lambda conn: outbox.claim(conn, PLATFORM, owner, world.now, world.clock.steady(), 20)
    ).result()


def row(world: World) -> tuple[object, ...]:
    """State, message and owner of the question's row."""
    (found,) = world.rows("SELECT state, message, owner FROM outbox WHERE step = 'question'")
    return found


def test_two_processes_that_tick_at_once_make_one_daily_and_one_message(
    tmp_path: Path, world: World, wire: Wire
) -> None:
    """The database lets one of them plan each date and one deliver each step."""
    with World(tmp_path, bank=small_bank(), relay=wire, now=world.now) as other:
        for _ in range(4):
            world.run(work_together(world, other))
            world.run(work_together(other, world))
            other.now = world.now = world.now + timedelta(days=1)
    assert [1, 2, 3, 4] == [number for (number,) in world.rows("SELECT number FROM posts")]
    assert 1 == max(Counter(posted.key for posted in wire.posted.values()).values())
    assert 4 + 3 == len(wire.posted)


def test_channels_of_a_team_that_are_planned_at_once_get_different_questions(
    tmp_path: Path, world: World
) -> None:
    """A question is open in one channel of a team only, whoever planned it."""
    world.schedule(place=world.place("other"))
    with World(tmp_path, bank=small_bank(2)) as other:
        world.bank = small_bank(2)
        here, there = (schedules.get(world.database.read, number) for number in (1, 2))
        assert here
        assert there
        for _ in range(8):
            on = world.now.date()

            async def both() -> None:
                await asyncio.gather(
                    planning.add(world.desk, here, on, world.now),  # noqa: B023  # run at once
                    planning.add(other.desk, there, on, world.now),  # noqa: B023  # run at once
                )

            world.run(both())
            (found,) = world.rows(
                "SELECT count(*), count(DISTINCT source) FROM posts WHERE closed_at IS NULL"
            )
            assert (2, 2) == found
            world.wait(days=1)
            world.run(daily.close_due(world.desk, world.now))


@pytest.mark.parametrize("arrived", [True, False])
def test_what_a_dead_process_held_is_taken_over_and_looked_for(
    world: World, wire: Wire, *, arrived: bool
) -> None:
    """After its lease another process finds the message, or sends it if it is not there."""
    world.run(daily.tick(world.desk, HERE, world.now))
    (held,) = claimed(world, "dead")
    if arrived:
        world.run(wire.post(Address("team", "numpy"), Card(title="Daily"), held.key))
    world.wait(seconds=outbox.LEASE - 1)
    world.tick()
    assert ("sending", None, "dead") == row(world)
    world.wait(seconds=1)
    world.tick()
    assert ("posted", "m1", None) == row(world)
    assert ["post", "find"] if arrived else ["find", "post"] == wire.kinds
    assert 1 == len(wire.posted)


def test_a_slow_sender_whose_lease_passed_cannot_settle(world: World, wire: Wire) -> None:
    """Its late reply does not undo what the one that took over has found."""
    accepted, reply = asyncio.Event(), asyncio.Event()

    async def slow(_: MessageRef) -> None:
        accepted.set()
        await reply.wait()
        message = "too late"
        raise Refused(message)

    async def play() -> None:
        wire.accepted = slow
        first = asyncio.create_task(work(world, "one"))
        await accepted.wait()
        world.wait(seconds=outbox.LEASE)
        await work(world, "one")  # even under the same name
        assert ("posted", "m1", None) == row(world)
        reply.set()
        await first

    world.run(play())
    assert ("posted", "m1", None) == row(world)
    assert ["post", "find"] == wire.kinds


def test_a_lease_begins_when_its_row_is_claimed(world: World, wire: Wire) -> None:
    """A run that lasts longer than a lease is not overtaken in its later rows."""
    for number in range(30):
        world.schedule(place=world.place(f"c{number}"))
    others: list[int] = []

    async def slow(_: MessageRef) -> None:
        if len(wire.posted) == 20:
            world.wait(seconds=outbox.LEASE)
        await asyncio.sleep(0)
        if len(wire.posted) > 20:
            claim = await world.database.awrite(
                lambda conn: outbox.claim(
                    conn, PLATFORM, "other", world.now, world.clock.steady(), 100
                )
            )
            others.append(len(claim))

    wire.accepted = slow
    world.wait(days=1)
    world.tick()
    assert 31 == len(wire.posted)
    assert {0} == set(others)


def test_a_platform_that_is_down_holds_up_no_other(world: World, wire: Wire) -> None:
    """While one platform takes nothing, the other's questions all arrive in the same run."""
    other = Wire()
    other.managers.add("ada")
    world.desk.relays = {PLATFORM: wire, "other": other}
    for number in range(25):
        world.schedule(place=world.place(f"c{number}"))
        world.schedule(place=Place("other", "team", f"c{number}"))
    wire.failures += [Unsure("down")] * 100
    world.wait(days=1)

    async def play() -> None:
        both = frozenset(world.desk.relays)
        await daily.tick(world.desk, both, world.now)
        await delivery.deliver(world.desk, both, "worker", world.clock)

    world.run(play())
    assert (0, 25) == (len(wire.posted), len(other.posted))
    assert 20 == len(wire.calls)


def test_a_process_claims_only_what_it_can_relay(world: World) -> None:
    """Rows of a platform without a relay here stay for whoever has one."""
    world.run(daily.tick(world.desk, HERE, world.now))
    world.database.write(lambda conn: conn.execute("UPDATE outbox SET platform = 'x'")).result()
    platforms = frozenset({PLATFORM, "x"})
    tried = world.run(delivery.deliver(world.desk, platforms, "worker", world.clock))
    assert (0, "pending") == (tried, row(world)[0])


actions = st.sampled_from(
    ["tick", "tick", "wait", "long", "unsure", "swallow", "limit", "die", "die sending", "both"]
)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), actions), max_size=25))
def test_whatever_happens_every_message_stands_there_once(
    steps: list[tuple[bool, str]],
) -> None:
    """Two processes, lost replies, limits and deaths in any order: nothing twice, nothing lost."""
    with TemporaryDirectory() as folder:
        wire = Wire()
        bank = small_bank()
        with (
            World(Path(folder), bank=bank, relay=wire) as one,
            World(Path(folder), bank=bank, relay=wire) as two,
        ):
            one.schedule("09:00 UTC daily closes 4h")
            for which, action in [(True, "long"), *steps, (True, "rest"), (True, "rest")]:
                one.run(_act(one, two if which else one, action))
                two.now = one.now
            keys = Counter(posted.key for posted in wire.posted.values())
            states = Counter(one.rows("SELECT state, step FROM outbox WHERE step != 'close'"))
            lost = one.rows(
                "SELECT * FROM outbox o JOIN posts p ON p.id = o.post_id "
                "WHERE o.state = 'skipped' AND p.closed_at IS NULL"
            )
            assert {1} >= set(keys.values())
            assert {"posted", "skipped"} >= {state for state, _ in states}
            assert len(keys) == sum(states[key] for key in states if key[0] == "posted")
            assert [] == lost
            assert states.total() >= 1


async def _act(clock: World, world: World, action: str) -> None:
    wire = world.relay
    match action:
        case "tick":
            await work(world, "a process")
        case "both":
            await work_together(clock, world)
        case "wait":
            clock.wait(seconds=30)
        case "long":
            clock.wait(hours=1)
        case "unsure" | "swallow":
            wire.swallow = action == "swallow"
            wire.failures.append(Unsure("lost"))
        case "limit":
            wire.failures.append(RetryAfter(40))
        case "rest":
            wire.failures.clear()
            clock.wait(minutes=20)
            world.now = clock.now
            await work(world, "the last one")
        case _:
            await _die(world, sending=action == "die sending")


async def _die(world: World, *, sending: bool) -> None:
    """A process takes a row and is gone, before or after the message has left."""
    rows = await world.database.awrite(
        lambda conn: outbox.claim(conn, PLATFORM, "dead", world.now, world.clock.steady(), 1)
    )
    for held in rows:
        attempt = Attempt(world.desk, held, "dead", world.clock)
        if sending and not world.relay.failures and not await attempt._found():
            await attempt._send()
