"""Dailies as they are stored: numbered, one a date, each with its question packed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.model import Question
from bot.store import dailies, questions
from bot.store.dailies import Daily
from tests.fakes import World, shipped_bank
from tests.small_bank import small_bank

MONDAY = date(2026, 3, 2)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at eight, with three teams of a channel each."""
    with World(tmp_path, bank=small_bank()) as world:
        for name in ("red", "green", "blue"):
            world.schedule(place=world.place(name, name))
        yield world


def a_question() -> Question:
    """Any question of the bank."""
    return shipped_bank().question("list-times-two")


def some_questions() -> list[Question]:
    """Every seventh question of the bank, and an instance of every seventh family."""
    bank = shipped_bank()
    return [
        bank.question(ident, 1 if ident in bank.families else None)
        for ident in [*bank.entries][::7]
    ]


def add(world: World, *given: tuple[int, date]) -> list[int | None]:
    """Store a daily for each of some channels and dates."""
    asked, later = questions.snapshot(a_question()), world.now + timedelta(days=1)
    rows = [Daily(team, team, on, asked, one_tap=False, closes_at=later) for team, on in given]
    return world.database.write(lambda conn: dailies.add(conn, rows, world.now)).result()


def numbers(world: World, channel: int) -> list[int]:
    """A channel's numbers in the order in which they were given."""
    sql = f"SELECT number FROM posts WHERE channel_id = {channel} ORDER BY id"
    return [number for (number,) in world.rows(sql)]


def test_a_date_that_has_its_daily_holds_up_no_other_channel(world: World) -> None:
    """Of several that are stored together only the one that is there already is left out."""
    assert [1] == add(world, (2, MONDAY))
    assert [2, None, 3] == add(world, (1, MONDAY), (2, MONDAY), (3, MONDAY))
    assert [(1, 2), (2, 1), (3, 3)] == world.rows("SELECT channel_id, id FROM posts ORDER BY 1")


def test_numbers_go_on_for_each_channel(world: World) -> None:
    """One more than the channel's last, whatever the others have had."""
    for day in range(12):
        add(world, (1, MONDAY + timedelta(days=day)))
    add(world, (1, MONDAY + timedelta(days=12)), (2, MONDAY))
    assert [[*range(1, 14)], [1]] == [numbers(world, 1), numbers(world, 2)]


def test_no_number_is_given_twice_where_the_clock_was_set_back(world: World) -> None:
    """A daily of an earlier date may be asked after one of a later date."""
    for day in (0, 3, 1, 2, 4):
        add(world, (1, MONDAY + timedelta(days=day)))
    assert [1, 2, 3, 4, 5] == numbers(world, 1)


def test_a_question_comes_back_as_it_was_stored() -> None:
    """Packed and read again, every question of the bank is the same."""
    asked = some_questions()
    assert asked == [questions.read(questions.snapshot(one).data) for one in asked]


def test_a_question_takes_less_than_half_of_its_text() -> None:
    """A year of dailies is mostly their questions."""
    asked = some_questions()
    plain = sum(len(msgspec.json.encode(one)) for one in asked)
    assert plain > 2 * sum(len(questions.snapshot(one).data) for one in asked)


def test_a_question_that_an_earlier_format_stored_is_read() -> None:
    """Formats up to 7 stored it as plain JSON."""
    assert a_question() == questions.read(msgspec.json.encode(a_question()))
