"""`/healthz` and `/metrics`: what a supervisor and Prometheus are told, and what they are not."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.health import LATE, PATIENCE, Health
from bot.errors import CannotLook, Refused, RetryAfter, SettingError, Unsure
from bot.ports import MemoryRelay
from bot.service import Service
from bot.store import leases
from tests.fakes import PLATFORM, World
from tests.lines import OTHER, WRONG, Line, tick
from tests.slack_team import CHANNEL
from tests.small_bank import small_bank
from tests.test_slack_process import EARLY, dailies, everybody_answers, running

Numbers = dict[tuple[str, ...], float]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def numbers(text: str) -> Numbers:
    """Each number by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def get(port: int, path: str) -> tuple[int, str]:
    """Status and body of an answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as found,
    ):
        return found.status, await found.text()


class Watched:
    """A world with a service, and the endpoint that tells of it."""

    def __init__(self, world: World, **lines: Line) -> None:
        self.world = world
        self.service = Service(world.desk, "one", world.clock, lines)
        self.health = Health(world.desk, self.service, world.clock)
        self.port = free_port()

    def tick(self) -> None:
        """One tick, and everything that it makes due."""
        self.world.run(tick(self.service))

    def get(self, path: str) -> tuple[int, str]:
        """What is answered at a path."""

        async def ask() -> tuple[int, str]:
            async with self.health.served(("127.0.0.1", self.port)):
                return await get(self.port, path)

        return self.world.run(ask())

    @property
    def numbers(self) -> Numbers:
        """What Prometheus would see now, our own alone."""
        status, text = self.get("/metrics")
        assert 200 == status
        return {key: value for key, value in numbers(text).items() if key[0].startswith("numpy")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at nine, with a daily due."""
    with World(tmp_path, bank=small_bank()) as world:
        world.schedule()
        world.wait(hours=1)
        yield world


def test_a_bot_that_ticks_is_well_and_one_that_does_not_is_not(world: World) -> None:
    """Whoever would start it anew is told so after a minute and a half, not before."""
    watched = Watched(world)
    watched.tick()
    assert 200 == watched.get("/healthz")[0]
    world.wait(seconds=PATIENCE)
    assert 200 == watched.get("/healthz")[0]
    world.wait(seconds=1)
    status, body = watched.get("/healthz")
    assert (503, True) == (status, "no tick has worked" in body)
    watched.tick()
    assert 200 == watched.get("/healthz")[0]


def test_a_tick_that_fails_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes nothing is what a supervisor has to hear of."""
    watched = Watched(world)
    monkeypatch.setattr(leases, "take", lambda *_: 1 / 0)
    for _ in range(10):
        world.wait(seconds=10)
        watched.tick()
    assert 503 == watched.get("/healthz")[0]


def test_each_platform_says_how_it_is(world: World) -> None:
    """Served, connecting, another process's, or set up wrongly; none of it is a sickness."""
    world.desk.relays = {name: MemoryRelay() for name in (PLATFORM, OTHER, "third", "fourth")}
    world.database.write(
        lambda conn: leases.take(conn, "third", "another", world.clock.steady())
    ).result()
    slow = Line(Unsure("no reply"))
    watched = Watched(world, **{OTHER: slow, "fourth": Line(WRONG)})
    watched.tick()
    states = {PLATFORM: "served", OTHER: "connecting", "third": "elsewhere", "fourth": "given up"}
    assert states == watched.service.states()
    found = watched.numbers
    assert dict.fromkeys(states.items(), 1) == {
        key[1:]: value
        for key, value in found.items()
        if key[0] == "numpy_bot_platform_state" and value
    }
    assert 200 == watched.get("/healthz")[0]


def test_it_says_whether_code_is_run(world: World) -> None:
    """Not before it has proved itself; where it is not run the bot is well all the same."""
    watched = Watched(world)
    watched.tick()
    for runs in (False, True):
        world.desk.sandbox.why_not = "" if runs else "there is no seccomp"
        status, body = watched.get("/healthz")
        assert (200, runs) == (status, '"runs_code": true' in body)
        assert runs == watched.numbers["numpy_bot_runs_code",]


def test_what_waits_is_counted_where_it_stands(world: World) -> None:
    """A daily is due, then its message is; after a minute that message is late."""
    watched = Watched(world)
    waits = [("numpy_bot_plans_due", PLATFORM), ("numpy_bot_messages_due", PLATFORM),
             ("numpy_bot_messages_late", PLATFORM)]  # fmt: skip

    def counted() -> list[float]:
        found = watched.numbers
        return [found[one] for one in waits]

    assert [1, 0, 0] == counted()
    world.relay.failures += [RetryAfter(1)]
    watched.tick()
    world.wait(seconds=1)
    assert [0, 1, 0] == counted()
    world.wait(seconds=LATE)
    assert [0, 1, 1] == counted()
    watched.tick()
    assert [0, 0, 0] == counted()


def test_what_happened_is_counted_by_how_it_ended(world: World) -> None:
    """Messages, answers and failed calls, from zero on, and nothing else has a number."""
    watched = Watched(world)
    before = watched.numbers
    watched.tick()
    daily = world.daily_of()
    world.answer("Bea", daily)
    world.answer("Carl", daily, right=False)
    for error in (Refused("no"), RetryAfter(1), Unsure("?"), CannotLook("no"), Unsure("?")):
        world.desk.tally.error(PLATFORM, error)
    changed = {
        key: value
        for key, value in watched.numbers.items()
        if before[key] != value and key[0] != "numpy_bot_platform_state"
    }
    assert {
        ("numpy_bot_plans_due", PLATFORM): 0,
        ("numpy_bot_messages_total", PLATFORM, "posted", "question"): 1,
        ("numpy_bot_answers_total", "daily", "right"): 1,
        ("numpy_bot_answers_total", "daily", "wrong"): 1,
        ("numpy_bot_api_errors_total", "refused", PLATFORM): 1,
        ("numpy_bot_api_errors_total", "retry_after", PLATFORM): 1,
        ("numpy_bot_api_errors_total", "cannot_look", PLATFORM): 1,
        ("numpy_bot_api_errors_total", "unsure", PLATFORM): 2,
    } == changed


def test_an_answer_that_was_not_stored_is_not_counted(world: World) -> None:
    """A second one, and what cannot be read, count for nothing."""
    watched = Watched(world)
    watched.tick()
    daily = world.daily_of()
    for _ in range(2):
        world.answer("Bea", daily)
    world.press("Carl", f"answer:pick:{daily.id}:7:")
    assert {("daily", "right"): 1} == dict(world.desk.tally.answers)


def test_the_numbers_of_the_process_are_there(world: World) -> None:
    """Memory and time, so that a leak is seen."""
    status, text = Watched(world).get("/metrics")
    assert 200 == status
    assert numbers(text)["process_resident_memory_bytes",] > 0


def test_there_is_nothing_else(world: World) -> None:
    """No other address answers, and nobody changes anything."""
    watched = Watched(world)
    assert 404 == watched.get("/")[0]

    async def post() -> int:
        async with watched.health.served(("127.0.0.1", watched.port)):
            url = f"http://127.0.0.1:{watched.port}/healthz"
            async with aiohttp.ClientSession() as session, session.post(url) as found:
                return found.status

    assert 405 == world.run(post())


def test_where_nobody_can_listen_the_setting_is_named(world: World) -> None:
    """A port that is taken is an operator's mistake, with a way out."""
    watched = Watched(world)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        watched.port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=r"^NUMPY_BOT_HEALTH names 127\.0\.0\.1:.*free port"):
            watched.get("/healthz")


def test_a_process_tells_of_its_day(tmp_path: Path) -> None:
    """Off by default; on, it counts what members did and names none of them."""

    async def act() -> None:
        port = free_port()
        async with running(tmp_path, NUMPY_BOT_HEALTH=f"127.0.0.1:{port}") as bot:
            await bot.start()
            await bot.slack.wait_connected()
            await bot.slack.slash("UADA", CHANNEL, "schedule 09:00 Europe/Berlin daily")
            bot.move_to(EARLY.replace(hour=8))
            await bot.slack.until(lambda: dailies(bot.slack), 30)
            await everybody_answers(bot.slack, dailies(bot.slack)[0])
            assert 200 == (await get(port, "/healthz"))[0]
            status, text = await get(port, "/metrics")
            found = numbers(text)
            assert 200 == status
            assert 1 == found["numpy_bot_messages_total", "slack", "posted", "question"]
            answers = [v for k, v in found.items() if k[0] == "numpy_bot_answers_total"]
            assert 5 == sum(answers)
            assert not [name for name in ("UADA", "Ada", CHANNEL) if name in text]
            assert 0 == await bot.end(signal.SIGTERM)
            with pytest.raises(aiohttp.ClientConnectionError):
                await get(port, "/healthz")

    asyncio.run(act())
