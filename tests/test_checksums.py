"""A row that is not what was stored is never served."""

import random
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wiring import open_database
from bot.config import Settings
from bot.errors import StorageDamaged, StorageError
from bot.store import checksums, sqlite
from bot.store.database import Database
from bot.store.sqlite import Connection
from tests.fakes import World
from tests.small_bank import small_bank

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.binary(),
)
kinds = st.sampled_from(["insert", "replace", "upsert", "update", "delete", "move"])


def migrate(conn: Connection) -> None:
    """A table of each kind, with columns of every affinity."""
    columns = "(id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, x)"
    conn.execute(f"CREATE TABLE plain {columns}")
    conn.execute(f"CREATE TABLE keyed {columns} WITHOUT ROWID")


def change(conn: Connection, kind: str, table: str, key: int, value: object) -> None:
    """One way to write."""
    row = (key, *[value] * 6)
    marks = "VALUES (?, ?, ?, ?, ?, ?, ?)"
    match kind:
        case "insert":
            conn.execute(f"INSERT INTO {table} {marks} ON CONFLICT DO NOTHING", row)
        case "replace":
            conn.execute(f"INSERT OR REPLACE INTO {table} {marks}", row)
        case "upsert":
            again = "ON CONFLICT (id) DO UPDATE SET r = excluded.r, x = excluded.n"
            conn.execute(f"INSERT INTO {table} {marks} {again}", row)
        case "update":
            conn.execute(f"UPDATE {table} SET r = ?, t = ?, n = ? WHERE id >= ?", (*row[1:4], key))
        case "move":
            conn.execute(f"UPDATE OR REPLACE {table} SET id = ? WHERE id = ?", (key, key + 1))
        case "delete":
            conn.execute(f"DELETE FROM {table} WHERE id <= ?", (key,))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(kinds, st.sampled_from(["plain", "keyed"]), st.integers(0, 5), values),
        max_size=30,
    )
)
def test_whatever_is_written_the_totals_are_right(
    changes: list[tuple[str, str, int, object]],
) -> None:
    """Values of every type in columns of every affinity, written in every way."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "bot.db")
        with Database.open(path, migrate=migrate, latest=1, entropy=bytes) as database:
            for kind, table, key, value in changes:
                database.write(_writing(kind, table, key, value)).result()
            assert "ok" == checksums.finding(database.read)


def _writing(kind: str, table: str, key: int, value: object) -> Any:  # noqa: ANN401  # a function of the transaction
    return lambda conn: change(conn, kind, table, key, value)


@pytest.fixture
def played(tmp_path: Path) -> Path:
    """The file of a team that has played for some days."""
    with World(tmp_path, bank=small_bank()) as world:
        world.begin()
        for day in range(5):
            post = world.daily_of()
            for number in range(8):
                world.answer(f"M{number}", post, right=(number + day) % 3 > 0)
                world.say(f"M{number}", "quiz")
            world.wait(days=1)
            world.tick()
    return tmp_path / "bot.db"


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, read without us."""
    with closing(sqlite.connect(path)) as conn:
        names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}


def test_after_days_of_play_the_totals_are_right(played: Path) -> None:
    """Every statement of ours keeps them."""
    with closing(sqlite.connect(played)) as conn:
        assert "ok" == checksums.finding(conn)
        assert 10 < len(conn.execute("SELECT * FROM checksums WHERE total > 0").fetchall())


@pytest.mark.parametrize(("good", "bad"), [(b"m3M3", b"m3M7"), (b"m3M3", b"m3M\xff")])
def test_a_changed_byte_in_a_row_is_refused_at_start(played: Path, good: bytes, bad: bytes) -> None:
    """SQLite alone takes such a file for whole."""
    data = played.read_bytes()
    at = data.rindex(good)
    played.write_bytes(data[:at] + bad + data[at + len(good) :])
    with pytest.raises(StorageDamaged, match="is damaged"):
        open_database(Settings(), played)


def test_a_total_that_is_missing_is_noticed(played: Path) -> None:
    """As is one for a table that is not there."""
    with closing(sqlite.connect(played)) as conn:
        conn.execute("UPDATE checksums SET name = 'nothing' WHERE name = 'answers'")
        assert "the rows of answers are not those that were stored" == checksums.finding(conn)


def test_a_database_that_is_written_to_is_not_taken_for_damaged(tmp_path: Path) -> None:
    """Whoever looks sees one state of rows and totals."""
    with Database.open(tmp_path / "a.db", migrate=migrate, latest=1, entropy=bytes) as database:
        seen = []
        for key in range(200):
            pending = [
                database.write(_writing("insert", "plain", 10 * key + more, "text"))
                for more in range(10)
            ]
            seen.append(database.finding())
            pending[-1].result()
        assert {"ok"} == set(seen)


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """The file with some bits turned, a block of other bytes, or its end cut off."""
    kind, broken = rng.randrange(4), bytearray(data)
    if kind == 0:
        return data[: rng.randrange(len(data))]
    at = rng.randrange(len(data))
    if kind == 1:
        broken[at : at + 64] = rng.randbytes(len(broken[at : at + 64]))
        return bytes(broken)
    for _ in range(rng.choice((1, 1, 3))):
        broken[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def _never_served(path: Path, seeds: range) -> None:
    data, whole = path.read_bytes(), content(path)
    for seed in seeds:
        broken = path.with_name(f"broken-{seed}.db")
        broken.write_bytes(_damaged(data, random.Random(seed)))
        try:
            open_database(Settings(), broken).close()
        except StorageError:
            continue
        assert whole == content(broken), f"seed {seed}"


def test_random_damage_is_never_served(played: Path) -> None:
    """Whatever happens to the file, it is refused, or nothing of it changed."""
    _never_served(played, range(40))


@pytest.mark.proof
def test_more_random_damage_is_never_served(played: Path) -> None:
    """Four hundred other files."""
    _never_served(played, range(100, 500))
