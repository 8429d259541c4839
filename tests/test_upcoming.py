"""What comes next follows the zone data and the clock, whatever they said before."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import upcoming
from bot.service import Service
from bot.store import schedules
from bot.upcoming import derive_again
from tests.fakes import World
from tests.lines import tick
from tests.small_bank import small_bank


def plan(world: World) -> schedules.Plan:
    """The channel's plan as it is stored."""
    found = schedules.get(world.database.read, 1)
    assert found is not None
    return found


def derived_by_older_data(world: World) -> None:
    """Let the stored instant be what other zone data gave: an hour later."""
    world.database.write(
        lambda conn: conn.execute("UPDATE schedules SET next_post_at = next_post_at + 3600")
    ).result()


def test_new_zone_data_moves_what_was_derived_from_the_old(world: World) -> None:
    """The local time stays as the manager set it; the instant follows."""
    world.schedule("09:00 Europe/Berlin daily")
    before = plan(world)
    derived_by_older_data(world)
    assert 1 == world.run(derive_again(world.database, world.now))
    assert before == plan(world)
    assert 0 == world.run(derive_again(world.database, world.now))


def test_a_process_derives_anew_when_it_starts_and_every_day(world: World) -> None:
    """Zone data is updated between two starts, or while a process runs for months."""
    world.schedule("10:00 Europe/Berlin daily")
    service = Service(world.desk, "one", world.clock)
    derived_by_older_data(world)
    world.run(tick(service))
    world.wait(hours=1)
    world.run(tick(service))
    assert 1 == len(world.relay.posted)
    derived_by_older_data(world)
    world.wait(hours=20)
    world.run(tick(service))
    world.wait(hours=4)
    world.run(tick(service))
    assert 3 == len(world.relay.posted)  # both questions, and the first one's explanation


@pytest.mark.parametrize("words", ["schedule off", "schedule pause"])
def test_a_plan_that_is_off_or_paused_stays_so(world: World, words: str) -> None:
    """Nothing is derived where nothing is to come."""
    world.schedule()
    world.say("Ada", words)
    assert 0 == world.run(derive_again(world.database, world.now))
    assert plan(world).next_date is None


def test_a_pause_with_an_end_keeps_it(world: World) -> None:
    """The first date after it is what comes next, neither earlier nor later."""
    world.schedule()
    world.say("Ada", "schedule pause until 2026-03-06")
    assert 0 == world.run(derive_again(world.database, world.now))
    assert date(2026, 3, 6) == plan(world).next_date


def test_what_is_due_is_left_to_the_tick(world: World) -> None:
    """Deriving anew never passes a date over."""
    world.schedule()
    world.wait(hours=1)
    assert 0 == world.run(derive_again(world.database, world.now))
    assert date(2026, 3, 2) == plan(world).next_date


@pytest.mark.parametrize("few", [1, 50])
def test_a_zone_that_is_gone_costs_only_its_own_channel(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """The log names the channel; the others are derived, however many are looked at at once."""
    monkeypatch.setattr(upcoming, "A_FEW", few)
    world.schedule()
    world.schedule("09:00 Europe/Berlin daily", world.place("other"))
    derived_by_older_data(world)
    world.database.write(
        lambda conn: conn.execute("UPDATE schedules SET zone = 'Mars/Base' WHERE channel_id = 1")
    ).result()
    assert 1 == world.run(derive_again(world.database, world.now))
    assert "channel 1:" in caplog.text


def test_what_a_manager_changes_meanwhile_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that was set while another was looked at is not overwritten."""
    with World(tmp_path, bank=small_bank()) as world:
        world.schedule()
        derived_by_older_data(world)
        awrite = world.database.awrite

        async def after_the_manager(fn: partial[bool]) -> bool:
            changed = fn.keywords["looked_at"]
            await awrite(lambda conn: schedules.put(conn, _at_ten(changed)))
            return await awrite(fn)

        monkeypatch.setattr(world.database, "awrite", after_the_manager)
        assert 0 == world.run(derive_again(world.database, world.now))
        assert 10 == plan(world).schedule.time.hour


def _at_ten(old: schedules.Plan) -> schedules.Plan:
    schedule = old.schedule
    moved = type(schedule)(schedule.time.replace(hour=10), schedule.zone, schedule.days)
    at = (old.next_post_at or date.min) + timedelta()
    return schedules.Plan(old.channel_id, moved, "on", None, old.next_date, at)  # type: ignore[arg-type]  # set above
