"""What the bank has of what it is meant to have."""

import json

from click.testing import CliRunner

from adapters.cli import main
from bot.bank.coverage import Cell, coverage
from content.schema import KINDS, TOPICS
from content.targets import FAMILIES, QUESTIONS
from tests.fakes import shipped_bank


def test_the_plan_adds_up() -> None:
    """268 questions and 80 families over sixteen topics."""
    assert 268 == sum(sum(kinds.values()) for kinds in QUESTIONS.values())
    assert 80 == sum(FAMILIES.values())
    assert [*TOPICS] == [*QUESTIONS] == [*FAMILIES]
    assert {KINDS} == {tuple(kinds) for kinds in QUESTIONS.values()}


def test_every_question_and_family_is_counted_once() -> None:
    """In the row of its topic, under its kind."""
    bank = shipped_bank()
    found = coverage(bank)
    assert len(bank.sources) == sum(row.questions.there for row in found.rows)
    assert len(bank.families) == sum(row.families.there for row in found.rows)
    assert len(bank.sources) == sum(found.levels.values())
    for row in found.rows:
        assert row.questions.there == sum(cell.there for cell in row.kinds.values())


def test_a_cell_is_short_where_some_are_missing() -> None:
    """More than is wanted is enough."""
    assert [True, False, False] == [Cell(there, 2).is_short for there in (1, 2, 3)]


def test_covered_titles_are_those_that_something_names() -> None:
    """Broadcasting is covered; what nothing covers is listed."""
    found = coverage(shipped_bank())
    assert 5 not in found.titles
    assert set(found.titles) <= set(range(1, 71))


def test_the_command_shows_the_table() -> None:
    """Each topic is a line, and something missing is exit status 1."""
    result = CliRunner().invoke(main, ["bank", "check", "len-of-an-array", "--table"])
    assert [] == [topic for topic in TOPICS if f"\n{topic} " not in result.output]
    assert int(coverage(shipped_bank()).is_short) == result.exit_code
    told = CliRunner().invoke(main, ["bank", "check", "len-of-an-array", "--table", "--json"])
    rows, *topics, counts = map(json.loads, told.output.splitlines())
    assert [*TOPICS] == [topic["topic"] for topic in topics]
    assert {"rows", "titles", "levels"} == set(rows)
    assert 1 == counts["questions"]
