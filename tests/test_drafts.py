"""Questions that are made ahead: the same ones, and only where they still fit."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import daily
from bot.drafts import AHEAD, PROMPT, Drafts
from bot.model import Question
from bot.store import dailies
from bot.store.dailies import Daily
from bot.store.sqlite import Connection
from tests.fakes import PLATFORM, World
from tests.small_bank import small_bank

HERE = frozenset({PLATFORM})
PLACES = [("red", "red"), ("blue", "blue"), ("blue", "sky")]


def furnish(world: World) -> Drafts:
    """Two teams, one with two channels, all with a daily at nine, in ten minutes."""
    for team, channel in PLACES:
        world.schedule(place=world.place(channel, team))
    world.wait(minutes=50)
    return Drafts(world.desk)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at eight."""
    with World(tmp_path, bank=small_bank()) as world:
        yield world


@pytest.fixture
def drafts(world: World) -> Drafts:
    """What is made ahead for the world at ten to nine."""
    drafts = furnish(world)
    world.run(drafts.prepare(HERE, world.now))
    return drafts


@pytest.fixture
def made(world: World, drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the questions that are made from now on."""
    assert drafts is not None
    made, make = list[str](), world.desk.question

    async def question(source: str, *given: int | None) -> Question:
        made.append(source)
        return await make(source, *given)

    monkeypatch.setattr(world.desk, "question", question)
    return made


def at_nine(world: World, drafts: Drafts, late: timedelta = timedelta()) -> None:
    """Let the dailies be planned."""
    world.wait(minutes=10)
    world.now += late
    world.run(daily.tick(world.desk, HERE, world.now, drafts))


def asked(world: World) -> list[tuple[Any, ...]]:
    """Each channel's daily: its question, number, date and when it closes."""
    return world.rows(
        "SELECT channel_id, source, question, one_tap, number, date, closes_at, state, due_at "
        "FROM posts p JOIN outbox o ON o.post_id = p.id ORDER BY channel_id"
    )


def plans(world: World) -> list[tuple[Any, ...]]:
    """What comes next in each channel."""
    return world.rows("SELECT channel_id, state, next_date, next_post_at FROM schedules")


def test_what_is_made_ahead_is_what_would_be_made_then(
    tmp_path: Path, world: World, drafts: Drafts, made: list[str]
) -> None:
    """Whether made ahead or not, each channel gets the same question, and nothing is made twice."""
    at_nine(world, drafts)
    assert [] == made
    with World(tmp_path / "another", bank=small_bank()) as other:
        furnish(other)
        at_nine(other, Drafts(other.desk))
        assert (asked(other)[0], plans(other)) == (asked(world)[0], plans(world))
    blue, sky = (row[1] for row in asked(world)[1:])
    assert blue != sky


def test_only_what_comes_soon_is_made(world: World) -> None:
    """A quarter of an hour before its time a question is made, once."""
    drafts = furnish(world)
    world.run(drafts.prepare(HERE, world.now - AHEAD))
    assert {} == drafts._ready
    for _ in range(2):
        world.run(drafts.prepare(HERE, world.now))
        assert [1, 2, 3] == sorted(drafts._ready)
    world.run(drafts.prepare(frozenset({"other"}), world.now))
    assert {} == drafts._ready


CHANGES = {
    "another level": "UPDATE schedules SET levels = '3'",
    "other days": "UPDATE schedules SET days = '0,3'",
    "another time to close": "UPDATE schedules SET closes_hours = 5",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_plan_that_changed_gets_another_question(
    world: World, drafts: Drafts, made: list[str], change: str
) -> None:
    """What a manager set a minute ago counts."""
    world.database.write(lambda conn: conn.execute(CHANGES[change]).rowcount).result()
    at_nine(world, drafts)
    assert (3, 3) == (len(made), len(asked(world)))
    if change == "another level":
        assert {3} == {world.post(post).question.level for post in (1, 2, 3)}


def test_a_question_that_is_open_in_the_team_by_then_is_not_asked(
    world: World, drafts: Drafts, made: list[str]
) -> None:
    """Another channel may have had it early; the others keep theirs."""
    taken = drafts._ready[2].daily.question

    def take(conn: Connection) -> int | None:
        on, later = world.now.date() - timedelta(days=1), world.now + timedelta(days=1)
        early = Daily(2, 3, on, taken, one_tap=False, closes_at=later)
        return dailies.add(conn, [early], world.now)[0]

    assert world.database.write(take).result() is not None
    at_nine(world, drafts)
    today = [world.daily_of(world.place(channel, team)) for team, channel in PLACES]
    assert 1 == len(made)
    assert taken.source not in {post.question.source for post in today}


def test_a_date_that_was_had_early_has_no_second_daily(
    world: World, drafts: Drafts, made: list[str]
) -> None:
    """`/numpy schedule now` takes the date; what was made for it is of no use."""
    world.say("Ada", "schedule now", world.place("sky", "blue"))
    made.clear()
    at_nine(world, drafts)
    assert [1, 2, 3] == [row[0] for row in asked(world)]
    assert [] == made


def test_what_is_late_is_thought_about_anew(world: World, drafts: Drafts, made: list[str]) -> None:
    """A daily that comes later than it was thought to may be open for as long as it should."""
    at_nine(world, drafts, late=PROMPT + timedelta(seconds=1))
    assert 3 == len(made)
    world.run(drafts.prepare(HERE, world.now))
    assert {} == drafts._ready


def test_one_that_cannot_be_stored_costs_the_others_nothing(
    world: World,
    drafts: Drafts,
    made: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They are stored one by one instead."""
    add = dailies.add

    def picky(conn: Connection, given: Sequence[Daily], now: datetime) -> list[int | None]:
        if any(daily.channel_id == 2 for daily in given):
            message = "no room for blue"
            raise ValueError(message)
        return add(conn, given, now)

    monkeypatch.setattr(dailies, "add", picky)
    at_nine(world, drafts)
    assert [1, 3] == [row[0] for row in asked(world)]
    assert 3 == len(made)
    assert "channel 2: no daily could be planned" in caplog.text


def test_a_manager_hears_when_fresh_questions_run_out(tmp_path: Path) -> None:
    """Made ahead or not, the last ones are not asked without a word."""
    with World(tmp_path, bank=small_bank(8)) as world:
        world.schedule()
        world.wait(minutes=50)
        drafts = Drafts(world.desk)
        world.run(drafts.prepare(HERE, world.now))
        at_nine(world, drafts)
        assert ["Questions are running out"] == [card.title for _, card in world.relay.told]
        assert 1 == len(asked(world))


def test_a_zone_that_is_not_known_here_costs_only_its_own_channel(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The others' questions are made ahead all the same."""
    drafts = furnish(world)
    broken = "UPDATE schedules SET zone = 'Mars/Base' WHERE channel_id = 2"
    world.database.write(lambda conn: conn.execute(broken).rowcount).result()
    world.run(drafts.prepare(HERE, world.now))
    assert [1, 3] == sorted(drafts._ready)
    assert "channel 2: " in caplog.text


def test_a_question_made_ahead_closes_as_its_plan_says(world: World, drafts: Drafts) -> None:
    """The next day at nine, as one made then does."""
    at_nine(world, drafts, late=timedelta(seconds=15))
    nine = world.now - timedelta(seconds=15)
    assert {nine + timedelta(days=1)} == {world.post(post).closes_at for post in (1, 2, 3)}
