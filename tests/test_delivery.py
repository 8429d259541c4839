"""Dailies are planned at their instant, delivered once, and closed when they said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import DeliveryError, Refused, RetryAfter, Unsure
from bot.markup import words
from bot.ports import Address, MessageRef
from bot.store import outbox
from tests.fakes import PLATFORM, World
from tests.small_bank import small_bank
from tests.wire import Wire

LEASE = outbox.LEASE


@pytest.fixture
def wire() -> Wire:
    """A platform to watch."""
    return Wire()


@pytest.fixture
def world(tmp_path: Path, wire: Wire) -> Iterator[World]:
    """A Monday at eight; the channel's daily comes at nine."""
    with World(tmp_path, bank=small_bank(), relay=wire) as world:
        world.schedule()
        yield world


def titles(world: World) -> list[str]:
    """What stands in the channel, the start of each message's title."""
    return [posted.card.title.partition(" · ")[0] for posted in world.relay.posted.values()]


def state(world: World, step: outbox.Step = "question") -> str:
    """How far a step of the latest daily is."""
    found = outbox.message(world.database.read, world.daily_of().id, step)
    return found[0] if found else ""


def told(world: World) -> list[str]:
    """What Ada, who set the daily up, was told."""
    return [words(card) for who, card in world.relay.told if who == Address("team", "ada")]


def at_nine(world: World, *failures: DeliveryError, swallow: bool = False) -> None:
    """Let the daily come while the platform fails so."""
    world.wait(hours=1)
    world.relay.failures += failures
    world.relay.swallow = swallow
    world.tick()


def test_a_daily_comes_at_its_instant(world: World) -> None:
    """A second before nine nothing is posted, at nine one question is."""
    world.wait(minutes=59, seconds=59)
    world.tick()
    assert [] == titles(world)
    world.wait(seconds=1)
    world.tick()
    world.tick()
    assert ["Daily #1"] == titles(world)
    assert 25 >= max(len(posted.key) for posted in world.relay.posted.values())


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        ({"hours": 21}, ["Daily #1"]),
        ({"hours": 21, "seconds": 1}, []),
        ({"days": 3, "hours": 2}, ["Daily #1"]),
        ({"days": 3, "hours": 22}, []),
    ],
)
def test_a_daily_that_was_missed_comes_late_while_it_has_four_hours_left(
    world: World, down: dict[str, float], expected: list[str]
) -> None:
    """After a bot was down only the last daily comes, and only if it is worth it."""
    world.wait(**down)
    world.tick()
    assert expected == titles(world)
    next_nine = world.now.replace(hour=9, minute=0, second=0)
    world.now = next_nine + timedelta(days=world.now > next_nine)
    world.tick()
    assert f"Daily #{len(expected) + 1}" == titles(world)[-1]
    assert world.now.date() == world.daily_of().date


def test_a_daily_closes_when_it_said_though_the_schedule_changed(world: World) -> None:
    """The next instant is stored with the daily; a later plan does not move it."""
    at_nine(world)
    closes = world.daily_of().closes_at
    assert datetime(2026, 3, 3, 9, tzinfo=UTC) == closes
    world.say("Ada", "schedule 11:00 mon,thu closes 4h")
    world.now = datetime(2026, 3, 3, 8, 59, 59, tzinfo=UTC)
    world.tick()
    assert world.daily_of().closed_at is None
    world.wait(seconds=1)
    world.tick()
    assert closes == world.daily_of().closed_at
    assert ["Daily #1", "Explained"] == titles(world)


@pytest.mark.parametrize(("late", "open_for"), [(6, 6), (20, 4)])
def test_a_late_daily_keeps_its_hours(world: World, late: int, open_for: int) -> None:
    """Open for six hours, it is so from when it came, but never past the next one."""
    world.say("Ada", "schedule closes 6h")
    world.wait(hours=1 + late)
    world.tick()
    assert world.now + timedelta(hours=open_for) == world.daily_of().closes_at


def test_the_message_shows_the_answer_before_the_next_question_comes(
    world: World, wire: Wire
) -> None:
    """Closing edits the message, explains in its thread, then the next question is posted."""
    at_nine(world)
    first = world.daily_of()
    world.answer("Bea", first)
    world.wait(days=1)
    world.tick()
    steps = ["edit m1", f"post npb-{first.id}-explain", f"post npb-{first.id + 1}-question"]
    assert steps == wire.calls[-3:]
    closed, thread, following = world.relay.posted.values()
    assert "1 of 1 got it" in words(closed.card)
    assert ["Explain", "Practise one like this"] == [b.label for b in closed.card.buttons]
    assert MessageRef(closed.channel, "m1") == thread.thread
    assert "Daily #2" in following.card.title


def test_a_question_that_is_refused_has_failed_and_its_manager_knows(
    world: World, wire: Wire
) -> None:
    """A platform that says no is not asked again until a manager says so."""
    at_nine(world, Refused("not in channel"))
    world.wait(hours=2)
    world.tick()
    assert "failed" == state(world)
    assert 1 == len(wire.calls)
    assert ["Daily #1 of #numpy could not be posted: not in channel." in told(world)[0]] == [True]
    world.say("Ada", "schedule repost")
    world.tick()
    assert ["Daily #1"] == titles(world)


def test_a_channel_that_is_gone_pauses_and_nothing_is_tried_again(world: World, wire: Wire) -> None:
    """The plan of a deleted channel pauses, its manager is told once, and no call follows."""
    at_nine(world, Refused("channel not found", gone=True))
    for _ in range(5):
        world.wait(days=1)
        world.tick()
    assert 1 == len(wire.calls)
    assert 1 == len(told(world))
    assert "paused" in told(world)[0]
    assert "Paused" in words(world.say("Ada", "schedule preview")[0].card)  # type: ignore[union-attr]  # a card


@pytest.mark.parametrize("seconds", [1.5, 45, 1800, 3600])
def test_a_platform_that_asks_to_wait_is_left_alone_as_long(
    world: World, wire: Wire, seconds: float
) -> None:
    """Nothing is sent before the time that the platform named, and no look-up is needed."""
    world.wait(seconds=0.9)
    at_nine(world, RetryAfter(seconds))
    for span in (0, seconds - 0.5):
        world.wait(seconds=span)
        world.tick()
    assert 1 == len(wire.calls)
    world.wait(seconds=2)
    world.tick()
    assert ["post", "post"] == wire.kinds
    assert "posted" == state(world)


@pytest.mark.parametrize("swallow", [True, False])
def test_an_unsure_delivery_is_looked_for_before_anything_is_sent_again(
    world: World, wire: Wire, *, swallow: bool
) -> None:
    """A message that arrived though the reply was lost is found; otherwise it is sent."""
    at_nine(world, Unsure("time-out"), swallow=swallow)
    world.wait(seconds=20)
    world.tick()
    assert ["post", "find"] + ["post"] * (not swallow) == wire.kinds
    assert ["Daily #1"] == titles(world)
    assert "posted" == state(world)


def test_a_wait_between_two_tries_does_not_make_the_first_one_forgotten(
    world: World, wire: Wire
) -> None:
    """Unsure, then limited while looking: the message that arrived is still found."""
    at_nine(world, Unsure("time-out"), swallow=True)
    wire.looks.append(RetryAfter(5))
    world.wait(seconds=20)
    world.tick()
    world.wait(seconds=20)
    world.tick()
    assert ["Daily #1"] == titles(world)


def test_where_nobody_can_look_the_manager_decides(world: World, wire: Wire) -> None:
    """An unsure message without look-up is `unknown`; only `repost` sends it again."""
    wire.can_look = False
    at_nine(world, Unsure("time-out"))
    for _ in range(3):
        world.wait(minutes=1)
        world.tick()
    assert "unknown" == state(world)
    assert ["schedule repost" in line for line in told(world)] == [True]
    world.say("Ada", "schedule repost")
    world.tick()
    assert ["Daily #1"] == titles(world)
    assert "posted" == state(world)


@pytest.mark.parametrize("pressed", ["answer:pick:1:0:", "card:hint:1", "form:answer:1:"])
def test_a_press_proves_that_an_unknown_question_arrived(
    world: World, wire: Wire, pressed: str
) -> None:
    """After a press on it there is nothing to post again, and its message can be closed."""
    wire.can_look = False
    at_nine(world, Unsure("time-out"), swallow=True)
    world.wait(minutes=1)
    world.tick()
    assert "unknown" == state(world)
    world.press("Bea", pressed, message="m1")
    assert "posted" == state(world)
    world.say("Ada", "schedule repost")
    world.tick()
    assert ["Daily #1"] == titles(world)
    world.wait(hours=24)
    world.tick()
    assert "closed" in wire.posted["m1"].card.title


@pytest.mark.parametrize(
    ("pressed", "message"),
    [("answer:pick:1:0:", ""), ("card:explain:1", "m1"), ("card:hint:99", "m1"), ("hint", "m1")],
)
def test_other_presses_prove_nothing(world: World, wire: Wire, pressed: str, message: str) -> None:
    """Neither one on a private copy of the question nor one on anything else."""
    wire.can_look = False
    at_nine(world, Unsure("time-out"), swallow=True)
    world.wait(minutes=1)
    world.tick()
    world.press("Bea", pressed, message=message)
    assert "unknown" == state(world)


def test_a_question_that_could_not_be_delivered_in_time_is_not_delivered(world: World) -> None:
    """When the platform is back after the closing, only the next question comes."""
    at_nine(world, *[Unsure("down")] * 2)
    world.wait(hours=23, minutes=59)
    world.tick()
    world.wait(minutes=1)
    world.tick()
    assert ["Daily #2"] == titles(world)


def test_a_long_outage_is_survived(world: World) -> None:
    """After a hundred failed tries the next one still delivers."""
    at_nine(world, *[Unsure("down")] * 100)
    for _ in range(120):
        world.wait(minutes=10)
        world.tick()
    assert ["Daily #1"] == titles(world)


def test_one_channel_that_breaks_holds_up_no_other(world: World, wire: Wire) -> None:
    """An error nobody thought of in one delivery leaves the others alone."""
    place = world.place("other")
    world.schedule(place=place)
    world.wait(hours=1)
    wire.failures.append(ZeroDivisionError())  # type: ignore[arg-type]  # a mistake in an adapter
    world.tick()
    assert 1 == len(wire.posted)
    world.wait(seconds=LEASE)
    world.tick()
    assert {"numpy", "other"} == {posted.channel.id for posted in wire.posted.values()}


def test_a_process_leaves_other_platforms_alone(world: World) -> None:
    """Rows of a platform that this process does not relay are neither planned nor claimed."""
    world.wait(hours=1)
    world.database.write(lambda c: c.execute("UPDATE channels SET platform = 'else'")).result()
    world.tick()
    assert 0 == world.rows("SELECT count(*) FROM posts")[0][0]
    world.database.write(
        lambda c: c.execute("UPDATE channels SET platform = ?", (PLATFORM,))
    ).result()
    world.tick()
    assert 1 == len(world.relay.posted)
