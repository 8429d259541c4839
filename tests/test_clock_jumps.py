"""Clocks that are set forward and back, machines that sleep: once a date, and on time."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot import delivery
from bot.errors import DeliveryError, Unsure
from bot.service import Service
from bot.store import leases, outbox
from tests.fakes import PLATFORM, World
from tests.lines import tick
from tests.small_bank import small_bank
from tests.wire import Wire

SEEDS = int(os.environ.get("SEEDS", "8"))
"""How many machines the long run takes."""

TICK = timedelta(seconds=20)
JUMPS = (
    *(timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)),
    *(timedelta(minutes=10), timedelta(minutes=-10)),
)
WORTH = timedelta(hours=4)
A_DAY = timedelta(days=1)


class Twins:
    """Two processes on one machine: one database, one platform, the same clocks."""

    def __init__(self, folder: Path) -> None:
        self.wire = Wire()
        self.worlds = [World(folder, bank=small_bank(90), relay=self.wire) for _ in range(2)]
        self.services = [
            Service(world.desk, f"process {number}", world.clock)
            for number, world in enumerate(self.worlds)
        ]
        self.begun = self.worlds[0].now
        self.given_up = date.min

    @property
    def now(self) -> datetime:
        """The time of day that both believe in."""
        return self.worlds[0].now

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        for world in self.worlds:
            world.now += span

    def set_clock(self, span: timedelta) -> None:
        """Somebody sets the machine's clock."""
        for world in self.worlds:
            world.set_clock(seconds=span.total_seconds())

    def tick(self, *which: int) -> None:
        """One tick of one process or of both, one after the other."""
        on, worth = self._last()
        # A date that was too late at one tick is not asked for when the clock goes back a bit;
        # one that lies ahead again is.
        self.given_up = min(max(self.given_up, on if not worth else on - A_DAY), on)
        for number in which:
            self.worlds[number].run(tick(self.services[number]))

    def posted(self) -> set[date]:
        """The dates whose question stands in the channel."""
        rows = self.worlds[0].rows(
            "SELECT p.date FROM posts p JOIN outbox o ON o.post_id = p.id "
            "WHERE o.step = 'question' AND o.state = 'posted'"
        )
        return {date.fromisoformat(on) for (on,) in rows}

    def expected(self) -> date | None:
        """The date whose question must be there by now, if there is one."""
        on, _ = self._last()
        begun = datetime.combine(on, time(9), UTC) >= self.begun
        return on if begun and on > self.given_up else None

    def _last(self) -> tuple[date, bool]:
        """The last date whose time has come, and whether its question is still worth it."""
        on = (self.now - timedelta(hours=9)).date()
        following = datetime.combine(on + A_DAY, time(9), UTC)
        return on, following - self.now >= WORTH

    def twice(self) -> list[str]:
        """The messages that stand there more than once."""
        keys = Counter(posted.key for posted in self.wire.posted.values())
        return [key for key, count in keys.items() if count > 1]


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    """Monday at eight, with a daily at nine."""
    with ExitStack() as stack:
        twins = Twins(tmp_path)
        for world in twins.worlds:
            stack.enter_context(world)
        twins.worlds[0].schedule("09:00 UTC daily closes 12h")
        yield twins


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_gives_no_lease_away(twins: Twins, jump: timedelta) -> None:
    """Who serves a platform goes on, and nobody else begins, whatever the clock shows now."""
    twins.tick(0)
    twins.set_clock(jump)
    twins.wait(TICK)
    twins.tick(1)
    (holder,) = twins.worlds[0].rows("SELECT owner FROM leases WHERE name = ?", PLATFORM)
    assert ("process 0",) == holder


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_while_a_message_is_sent_makes_no_second_one(
    twins: Twins, jump: timedelta
) -> None:
    """The row stays with who is sending it."""
    twins.wait(timedelta(hours=1))
    others: list[int] = []

    async def meanwhile(_: object) -> None:
        twins.set_clock(jump)
        other = twins.worlds[1]
        others.append(
            await delivery.deliver(other.desk, frozenset({PLATFORM}), "other", other.clock)
        )

    twins.wire.accepted = meanwhile
    twins.tick(0)
    assert ([0], 1, []) == (others, len(twins.wire.posted), twins.twice())


def test_a_clock_that_was_a_day_ahead_costs_no_date(twins: Twins) -> None:
    """The date that was passed over comes once the clock is right again."""
    twins.tick(0)
    twins.set_clock(timedelta(days=1))
    twins.wait(TICK)
    twins.tick(0)
    twins.set_clock(timedelta(days=-1))
    for span in (TICK, timedelta(hours=1)):
        twins.wait(span)
        twins.tick(0)
    assert date(2026, 3, 2) in twins.posted()


def test_a_wait_does_not_grow_when_the_clock_is_set_back(twins: Twins) -> None:
    """What was to be tried again in a second is tried again at the next tick."""
    twins.wait(timedelta(hours=1))
    twins.wire.failures.append(Unsure("lost"))
    twins.tick(0)
    twins.set_clock(timedelta(days=-1))
    twins.wait(TICK)
    twins.tick(0)
    assert 1 == len(twins.wire.posted)


def test_leases_from_before_the_machine_was_started_are_void(twins: Twins) -> None:
    """The steady clock begins anew with the machine; what it meant before holds nobody up."""
    twins.wait(timedelta(hours=1))
    world = twins.worlds[0]

    def of_a_dead_machine(conn: object) -> None:
        leases.take(conn, PLATFORM, "dead", 1e12)  # type: ignore[arg-type]  # the writer's

    world.database.write(of_a_dead_machine).result()
    twins.tick(0)
    assert 1 == len(twins.wire.posted)
    world.database.write(
        lambda conn: conn.execute(
            "UPDATE outbox SET state = 'sending', owner = 'dead', lease_until = ?",
            (10**12,),
        )
    ).result()
    twins.wait(TICK)
    twins.tick(0)
    assert (["posted"], 1) == (
        [state for (state,) in world.rows("SELECT state FROM outbox")],
        len(twins.wire.posted),
    )


def test_a_process_that_slept_while_it_looked_sends_nothing(twins: Twins) -> None:
    """Another one may have sent it by now; it is looked for anew under a lease that lasts."""
    twins.wait(timedelta(hours=1))
    twins.wire.failures.append(Unsure("lost"))
    twins.tick(0)
    find = twins.wire.find
    naps = [timedelta(seconds=outbox.LEASE)]

    async def sleepy(*args: object, **kwargs: object) -> object:
        found = await find(*args, **kwargs)  # type: ignore[arg-type]  # as it was called
        if naps:
            twins.wait(naps.pop())
            other = twins.worlds[1]
            await delivery.deliver(other.desk, frozenset({PLATFORM}), "other", other.clock)
        return found

    twins.wire.find = sleepy  # type: ignore[assignment,method-assign]  # the same, but slower
    twins.wait(TICK)
    twins.tick(0)
    assert (1, []) == (len(twins.wire.posted), twins.twice())


def _play(seed: int, steps: int) -> None:
    """Two processes and a clock that is set at random; raises where a date is lost or doubled."""
    rng = random.Random(seed)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        twins = Twins(Path(folder))
        for world in twins.worlds:
            stack.enter_context(world)
        twins.worlds[0].schedule("09:00 UTC daily closes 12h")
        for step in range(steps):
            _disturb(twins, rng)
            twins.wait(TICK)
            twins.tick(*rng.choice(((0,), (1,), (0, 1), (1, 0))))
            twins.wire.failures.clear()
            twins.wait(timedelta(seconds=leases.LASTS) + TICK)
            twins.tick(0, 1)  # whoever held it, somebody has it by now
            twins.wait(TICK)
            twins.tick(0, 1)
            missing = {twins.expected()} - {None} - twins.posted()
            assert (set(), []) == (missing, twins.twice()), f"seed {seed}, step {step}"


def _disturb(twins: Twins, rng: random.Random) -> None:
    """Something happens to the clock, to the machine or to the platform."""
    lost: list[DeliveryError] = [Unsure("lost")]
    happenings: list[Callable[[], None]] = [
        lambda: twins.set_clock(rng.choice(JUMPS)),
        lambda: twins.set_clock(timedelta(seconds=rng.uniform(-90, 90))),
        lambda: twins.wait(timedelta(hours=rng.uniform(0, 30))),  # asleep, or nothing to do
        lambda: twins.wait(timedelta(minutes=rng.uniform(0, 90))),
        lambda: twins.wire.failures.extend(lost * rng.randint(1, 2)),
        lambda: setattr(twins.wire, "swallow", rng.random() < 0.5),
    ]
    rng.choice(happenings)()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_clock_does_each_date_has_its_question_once(seed: int) -> None:
    """Jumps of minutes, hours and days, sleep, lost replies and two processes."""
    _play(seed, 60)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_the_same_for_longer(seed: int) -> None:
    """Other machines, two hundred disturbances each."""
    _play(seed, 200)
