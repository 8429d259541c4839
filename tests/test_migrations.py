"""The schema: from nothing and from every earlier version to the latest, with its indexes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import sqlite_utils

from adapters.wiring import open_database
from bot.config import Settings
from bot.migrations import migrations
from bot.model import Board
from bot.scoring import Period
from bot.store import (
    LATEST,
    answers,
    boards,
    dailies,
    outbox,
    people,
    posts,
    runs,
    schedules,
    withheld,
)
from bot.store.database import Database
from bot.store.sqlite import Connection
from tests.fakes import MONDAY, PLATFORM, World
from tests.small_bank import small_bank

STEPS = [step.name for step in migrations._migrations]

ROWS: Mapping[int, tuple[str, ...]] = {
    1: (
        "INSERT INTO tenants VALUES (1, 'memory', 'team', 0)",
        "INSERT INTO members VALUES (1, 1, 'memory', 'bea', 'Bea', 0, NULL, 0)",
        "INSERT INTO channels VALUES (1, 1, 'memory', 'numpy', 0, 0)",
        """INSERT INTO posts (id, tenant_id, channel_id, kind, source, topic, level, one_tap,
            question, created_at, date)
            VALUES (1, 1, 1, 'daily', 'q', 'linalg', 1, 1, x'7b7d', 0, '2026-03-02')""",
        """INSERT INTO outbox (post_id, step, platform, state, due_at)
            VALUES (1, 'question', 'memory', 'posted', 0)""",
        """INSERT INTO answers VALUES (1, 1, 1, 1, 1, 'daily', '2026-03-02', 0, 'q', 'linalg', 1,
            'right', 1, 10, 0, 'channel', 0, '')""",
    ),
}
"""What a file of each version may hold: add here the rows that a new step makes possible."""


def schema(database: Database) -> set[tuple[str, ...]]:
    """Every table and index, as it was made."""
    return set(database.read.execute("SELECT type, name, sql FROM sqlite_master").fetchall())


def old_file(path: Path, version: int) -> None:
    """Make a file as the program of an earlier version left it."""
    later = STEPS[version] if version < LATEST else ()

    def migrate(connection: Connection) -> None:
        migrations.apply(sqlite_utils.Database(connection), stop_before=later)

    def fill(connection: Connection) -> None:
        for number in range(1, version + 1):
            for statement in ROWS.get(number, ()):
                connection.execute(statement)

    with Database.open(path, migrate=migrate, latest=version, entropy=bytes) as database:
        database.write(fill).result()


def test_the_latest_version_is_the_number_of_steps() -> None:
    """The number that a start compares with is right, and the steps are numbered in order."""
    assert len(STEPS) == LATEST
    assert [f"m{number:03}" for number in range(1, LATEST + 1)] == [s[:4] for s in STEPS]


def test_an_empty_file_becomes_the_latest(tmp_path: Path) -> None:
    """A new database has every step, sound references and no rows."""
    with open_database(Settings(), tmp_path / "bot.db") as database:
        assert (LATEST,) == database.read.execute("PRAGMA user_version").fetchone()
        assert [] == database.read.execute("PRAGMA foreign_key_check").fetchall()
        assert [] == database.read.execute("SELECT * FROM posts").fetchall()
        assert 32 == len(database.secret)


@pytest.mark.parametrize("version", range(1, LATEST + 1))
def test_an_older_file_moves_forward_with_its_rows(tmp_path: Path, version: int) -> None:
    """What an earlier version stored is there, in the schema that a new file has too."""
    old_file(tmp_path / "old.db", version)
    with (
        open_database(Settings(), tmp_path / "old.db") as database,
        open_database(Settings(), tmp_path / "new.db") as new,
    ):
        assert (LATEST,) == database.read.execute("PRAGMA user_version").fetchone()
        assert [("Bea", "right", 10)] == database.read.execute(
            "SELECT name, outcome, points FROM answers JOIN members m ON m.id = member_id"
        ).fetchall()
        assert [] == database.read.execute("PRAGMA foreign_key_check").fetchall()
        assert schema(new) == schema(database)


class Planner:
    """A connection that also asks how each statement would be carried out."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.plan: list[str] = []

    def execute(
        self, sql: str, bound: Sequence[str | int] | Mapping[str, str | int] = ()
    ) -> object:
        """Note the plan, then execute."""
        rows = self.connection.execute(f"EXPLAIN QUERY PLAN {sql}", bound)
        self.plan += [f"{row[3]}  -- {' '.join(sql.split())[:60]}" for row in rows]
        return self.connection.execute(sql, bound)


BOARDS = [(scope, period) for scope in get_args(boards.Scope) for period in get_args(Period)]


def board(scope: boards.Scope, period: Period) -> Callable[[Connection], object]:
    """The top of a board with the line of somebody below it."""
    named = boards.span(period, MONDAY.date())
    return lambda conn: boards.ranking(conn, scope, 1, named, 12)


HOT: dict[str, Callable[[Connection], object]] = {
    **{f"{scope} board, {period}": board(scope, period) for scope, period in BOARDS},
    "due schedules": lambda c: schedules.due(c, frozenset({PLATFORM, "x"}), MONDAY),
    "soon due": lambda c: schedules.soon(c, frozenset({PLATFORM, "x"}), MONDAY, MONDAY),
    "crowded": lambda c: schedules.crowded(c, frozenset({PLATFORM, "x"}), MONDAY, 50),
    "outbox claim": lambda c: outbox.claim(c, PLATFORM, "me", MONDAY, 0, 20),
    "outbox next due": lambda c: outbox.next_due(c, PLATFORM, MONDAY),
    "outbox message": lambda c: outbox.message(c, 1, "question"),
    "outbox arrived": lambda c: outbox.arrived(c, 1, "m"),
    "withheld": lambda c: withheld.in_team(c, 1),
    "withheld one": lambda c: withheld.is_open(c, 1, "a"),
    "withheld in teams": lambda c: withheld.in_teams(c, [1, 2]),
    "plans": lambda c: schedules.rows(c, [1, 2]),
    "steps": lambda c: outbox.states(c, [1, 2], "question"),
    "close": lambda c: dailies.close(c, [1, 2], MONDAY),
    "dates taken": lambda c: dailies.taken(c, [(1, MONDAY.date()), (2, MONDAY.date())]),
    "spent": lambda c: answers.clear_spent(c, [1, 2]),
    "answered lately": lambda c: dailies.answered_lately(c, PLATFORM, MONDAY, MONDAY),
    "due to close": lambda c: dailies.due_to_close(c, MONDAY),
    "left lately": lambda c: posts.left_lately(c, 1, MONDAY),
    "latest daily": lambda c: dailies.latest(c, 1),
    "daily before": lambda c: dailies.before(c, 1, MONDAY.date()),
    "next numbers": lambda c: dailies.next_numbers(c, [1]),
    "dates": lambda c: dailies.dates(c, 1, MONDAY.date()),
    "history": lambda c: dailies.history(c, 1),
    "pending practice": lambda c: posts.pending_practice(c, 1, 1, MONDAY),
    "recent sources": lambda c: posts.recent_sources(c, 1, 30),
    "count": lambda c: answers.count(c, 1),
    "answer": lambda c: answers.get(c, 1, 1),
    "split": lambda c: answers.split(c, 1),
    "mastery": lambda c: answers.mastery(c, 1),
    "reviews": lambda c: answers.reviews(c, 1),
    "last shown": lambda c: answers.last_shown(c, 1, "q"),
    "streak": lambda c: runs.answered(c, 1, 1, date(2026, 3, 2), MONDAY),
    "channel": lambda c: people.channel(c, 1),
    "points": lambda c: boards.add(
        c, tenant_id=1, channel_id=1, member_id=1, kind="daily", day=date(2026, 3, 2), points=10,
        board=get_args(Board)[0],
    ),
}  # fmt: skip
"""What is asked at every answer, tick or command."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A channel in which a dozen members have answered two dailies."""
    with World(tmp_path_factory.mktemp("played"), bank=small_bank()) as world:
        for _ in range(2):
            world.begin()
            for number in range(15):
                world.answer(f"Member {number}", world.daily_of())
            world.wait(hours=23)
        yield world


@pytest.mark.parametrize("name", HOT)
def test_no_hot_query_reads_a_whole_table(played: World, name: str) -> None:
    """Each of them searches by an index."""

    def plan(connection: Connection) -> list[str]:
        planner = Planner(connection)
        HOT[name](planner)  # type: ignore[arg-type]  # executes like a connection
        return planner.plan

    found = played.database.write(plan).result()
    assert [] == [line for line in found if line.startswith("SCAN")]


def test_a_scan_would_be_seen(played: World) -> None:
    """The check above fails on a query without an index."""
    planner = Planner(played.database.read)
    planner.execute("SELECT * FROM answers WHERE outcome = ?", ("right",))
    assert ["SCAN answers"] == [line.partition("  ")[0] for line in planner.plan]


@pytest.mark.parametrize("name", ["pending practice", "left lately", "recent sources"])
def test_what_a_member_practises_is_found_among_their_own_posts(played: World, name: str) -> None:
    """A channel in which thousands practise makes nobody wait."""
    planner = Planner(played.database.read)
    HOT[name](planner)  # type: ignore[arg-type]  # executes like a connection
    assert planner.plan[0].startswith("SEARCH posts USING INDEX posts_practised (member_id=?")
