"""A tick plans for every channel, whatever is wrong with one of them."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from bot import daily, scheduler
from bot.bank.bank import Bank
from bot.errors import ContentError
from bot.store import dailies, schedules
from bot.store.sqlite import Connection
from tests.fakes import World
from tests.small_bank import small_bank

PLACES = [f"c{number}" for number in range(5)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at nine, with five teams whose dailies are due."""
    with World(tmp_path, bank=small_bank()) as world:
        for name in PLACES:
            world.schedule(place=world.place(name, name))
        world.wait(hours=1)
        yield world


def planned(world: World) -> list[str]:
    """The channels that have an open daily."""
    return [
        name
        for (name,) in world.rows(
            "SELECT platform_id FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE closed_at IS NULL ORDER BY 1"
        )
    ]


def change(world: World, sql: str) -> None:
    """Tamper with the database."""
    world.database.write(lambda conn: conn.execute(sql)).result()


def test_a_tick_plans_and_closes_all_that_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many channels share a minute, one tick serves them all."""
    monkeypatch.setattr(schedules, "due", partial(schedules.due, limit=2))
    monkeypatch.setattr(dailies, "due_to_close", partial(dailies.due_to_close, limit=2))
    world.tick()
    assert PLACES == planned(world)
    world.wait(days=1)
    world.tick()
    assert PLACES == planned(world)
    assert 3 * len(PLACES) == len(world.relay.posted)


def test_a_plan_that_cannot_be_read_leaves_the_others_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A zone that this machine does not know costs only its own channel the daily."""
    change(world, "UPDATE schedules SET zone = 'Mars/Base' WHERE channel_id = 1")
    world.tick()
    assert PLACES[1:] == planned(world)
    assert "channel 1: no daily could be planned" in caplog.text


def test_many_plans_that_cannot_be_read_hold_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are looked at at once stay due, and the others have their dailies."""
    monkeypatch.setattr(schedules, "due", partial(schedules.due, limit=2))
    change(world, "UPDATE schedules SET zone = 'Mars/Base' WHERE channel_id <= 3")
    for _ in range(2):
        world.tick()
        assert PLACES[3:] == planned(world)


def test_many_dailies_that_cannot_be_closed_hold_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """More than are looked at at once stay open, and the others are closed."""
    world.tick()
    broken = {post for (post,) in world.rows("SELECT id FROM posts ORDER BY closes_at, id LIMIT 3")}
    close = dailies.close

    def picky(conn: Connection, posts: Sequence[int], now: datetime) -> frozenset[int]:
        if broken.intersection(posts):
            message = "no way"
            raise ValueError(message)
        return close(conn, posts, now)

    monkeypatch.setattr(dailies, "close", picky)
    monkeypatch.setattr(dailies, "due_to_close", partial(dailies.due_to_close, limit=2))
    world.wait(days=1)
    world.run(daily.close_due(world.desk, world.now))
    left = {post for (post,) in world.rows("SELECT id FROM posts WHERE closed_at IS NULL")}
    assert broken == left
    assert 3 == caplog.text.count("not closed")


def test_a_question_that_cannot_be_made_is_passed_over(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken question is logged, and another one is asked."""
    real = Bank.question

    class Broken(Bank):
        def question(self, ident: str, seed: int | None = None, level: int | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202  # as in Bank
            """Most of the questions do not hold."""
            if ident[-1] in "02468":
                message = f"{ident} does not hold"
                raise ContentError(message)
            return real(self, ident, seed, level)

    world.bank = Broken(small_bank().sources, {})
    world.tick()
    assert PLACES == planned(world)
    assert {"1", "3", "5", "7", "9"} >= {
        source[-1] for (source,) in world.rows("SELECT source FROM posts")
    }
    assert "cannot be asked and is passed over" in caplog.text


def test_what_is_skipped_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A daily that comes too late to be worth it leaves a line with its date."""
    with caplog.at_level(logging.WARNING):
        world.wait(hours=22)
        world.tick()
    assert [] == planned(world)
    assert "channel 1: the daily of 2026-03-02 was skipped" in caplog.text


def tick_amid(world: World, sql: str) -> None:
    """A tick, with somebody changing the schedules while its questions are being made."""

    async def play() -> None:
        asked = world.desk.question

        async def slow(*given: object) -> object:
            await world.desk.database.awrite(lambda conn: conn.execute(sql).rowcount)
            return await asked(*given)  # type: ignore[arg-type]  # handed on

        world.desk.question = slow  # type: ignore[method-assign, assignment]  # for this tick
        await daily.tick(world.desk, frozenset({"memory"}), world.now)

    world.run(play())


def test_a_change_while_the_question_was_made_is_kept(world: World) -> None:
    """A manager who switches off in the middle of a tick is obeyed afterwards."""
    tick_amid(world, "UPDATE schedules SET state = 'off', next_post_at = NULL, next_date = NULL")
    assert {("off", None)} == set(world.rows("SELECT state, next_post_at FROM schedules"))


def test_days_that_change_while_the_question_was_made_count_from_then_on(world: World) -> None:
    """The next date is one of the new days, and whoever was deleted meanwhile stays forgotten."""
    tick_amid(world, "UPDATE schedules SET days = '0,3', set_by = NULL")
    assert {("0,3", "2026-03-05", None)} == set(
        world.rows("SELECT days, next_date, set_by FROM schedules")
    )


def test_the_scheduler_never_gives_a_tick_up() -> None:
    """One job, one run at a time, run late rather than not at all."""

    async def play() -> None:
        async def work() -> None:
            """Do nothing."""

        jobs = scheduler.start(work)
        (job,) = jobs.get_jobs()
        assert (1, True, None) == (job.max_instances, job.coalesce, job.misfire_grace_time)
        assert 30 >= job.trigger.interval_length
        jobs.shutdown()

    asyncio.run(play())
