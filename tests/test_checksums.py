"""A row that is not what was stored is never served."""

import random
import re
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wiring import open_database
from bot.config import Settings
from bot.errors import StorageDamaged, StorageError
from bot.store import LATEST, checksums, rotation, sqlite
from bot.store.backup import backup
from bot.store.database import Database
from bot.store.restore import restore
from bot.store.sqlite import Connection
from tests.fakes import MONDAY, World
from tests.small_bank import small_bank

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
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


@settings(max_examples=30)
@given(st.data())
def test_whatever_is_written_to_our_tables_the_totals_are_right(data: st.DataObject) -> None:
    """Rows that come, are replaced, changed, moved and go, in every table of the schema."""
    small = st.one_of(st.integers(0, 3), st.floats(0, 1), st.sampled_from(["a", "", "1"]))
    ways = ("INSERT OR IGNORE", "INSERT OR REPLACE", "UPSERT", "UPDATE OR REPLACE", "DELETE")
    with TemporaryDirectory() as folder:
        open_database(Settings(), Path(folder, "bot.db")).close()
        with closing(sqlite.connect(Path(folder, "bot.db"))) as conn:
            conn.execute("PRAGMA foreign_keys = OFF")
            conn.execute("PRAGMA ignore_check_constraints = ON")
            tables = _columns(conn)
            few = data.draw(st.lists(st.sampled_from(sorted(tables)), min_size=1, max_size=3))
            for _ in range(data.draw(st.integers(1, 30))):
                table = data.draw(st.sampled_from(few))
                row: dict[str, object] = {column: data.draw(small) for column in tables[table]}
                with suppress(sqlite.IntegrityError):
                    _write(conn, data.draw(st.sampled_from(ways)), table, row)
            assert "ok" == checksums.finding(conn)


def _columns(conn: Connection) -> dict[str, list[str]]:
    """The columns of every table of ours; an `id` is the key of a row and a whole number."""
    named = (
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name != 'checksums' AND c.name != 'id'"
    )
    found: dict[str, list[str]] = {}
    for table, column in conn.execute(named):
        found.setdefault(table, []).append(column)
    return found


def _write(conn: Connection, way: str, table: str, row: dict[str, object]) -> None:
    """Write `row` to `table`, or change or delete those from its last value on."""
    columns, marks, last = ", ".join(row), ", ".join("?" * len(row)), [*row][-1]
    sets = ", ".join(f"{column} = ?" for column in row)
    match way:
        case "DELETE":
            conn.execute(f"DELETE FROM {table} WHERE {last} >= ?", (row[last],))
        case "UPDATE OR REPLACE":
            conn.execute(f"{way} {table} SET {sets} WHERE {last} >= ?", (*row.values(), row[last]))
        case "UPSERT":
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO UPDATE SET "
            conn.execute(sql + sets, (*row.values(), *row.values()))
        case _:
            conn.execute(f"{way} INTO {table} ({columns}) VALUES ({marks})", (*row.values(),))


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
    """Every row of every table, and the schema, read without us."""
    with closing(sqlite.connect(path)) as conn:
        schema = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        tables = [name for kind, name, *_ in schema if kind == "table"]
        rows = {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
        return {"sqlite_master": schema, **rows}


def test_after_days_of_play_the_totals_are_right(played: Path) -> None:
    """Every statement of ours keeps them."""
    with closing(sqlite.connect(played)) as conn:
        assert "ok" == checksums.finding(conn)
        assert 10 < len(conn.execute("SELECT * FROM checksums WHERE total > 0").fetchall())


@pytest.mark.parametrize(("good", "bad"), [(b"m3M3", b"m3M7"), (b"m3M3", b"m3M\xff")])
def test_a_changed_byte_in_a_row_is_refused_at_start(played: Path, good: bytes, bad: bytes) -> None:
    """SQLite alone takes such a file for whole."""
    _change(played, good, bad)
    with pytest.raises(StorageDamaged, match="is damaged"):
        open_database(Settings(), played)


def _change(path: Path, good: bytes, bad: bytes) -> None:
    """Put `bad` where `good` is found last in the file."""
    data = path.read_bytes()
    at = data.rindex(good)
    path.write_bytes(data[:at] + bad + data[at + len(good) :])


def test_a_backup_with_a_changed_byte_is_neither_restored_nor_named(
    played: Path, tmp_path: Path
) -> None:
    """The newest whole one is the one before."""
    older, newer = (tmp_path / f"numpy-bot-2026-03-0{day}.db" for day in (1, 2))
    for target in (older, newer):
        backup(played, target)
    _change(newer, b"m3M3", b"m3M7")
    assert older == rotation.newest_whole(tmp_path)
    with pytest.raises(StorageDamaged, match="Name an older one"):
        restore(newer, tmp_path / "new.db", LATEST, MONDAY)


def test_a_database_with_a_changed_byte_is_not_backed_up(played: Path, tmp_path: Path) -> None:
    """No whole backup makes room for it."""
    _change(played, b"m3M3", b"m3M7")
    with pytest.raises(StorageError, match="the rows of members are not those that were stored"):
        backup(played, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"NOT NULL DEFAULT 0", b"NOT NULL DEFAULT 1"),
        (b"checksumschecksums", b"checksuls" * 2),
        (b"CREATE TABLE checksums", b"CREATE TABLE checksuls"),
        (b"SET total = total + ", b"SET total = total * "),
        (b"SET total = total + ", b"SET total = total \xff "),
        (b"triggerchecksum of answers INSERT", b"trigfer" + b"checksum of answers INSERT"),
    ],
)
def test_a_changed_byte_in_the_schema_is_refused(played: Path, good: bytes, bad: bytes) -> None:
    """What new rows will hold, and whether their checksums are kept, hangs on it."""
    _change(played, good, bad)
    with pytest.raises(StorageDamaged, match="is damaged"):
        open_database(Settings(), played)


@pytest.mark.parametrize("lower", range(LATEST))
def test_a_format_that_was_lowered_runs_no_step_again(played: Path, lower: int) -> None:
    """It is damage, not an older database."""
    data = bytearray(played.read_bytes())
    data[60:64] = lower.to_bytes(4, "big")
    played.write_bytes(data)
    with pytest.raises(StorageDamaged, match="its schema is not the one that was stored"):
        open_database(Settings(), played)


def test_a_schema_format_that_makes_no_sense_is_damage(played: Path) -> None:
    """SQLite has but a general error for it."""
    data = bytearray(played.read_bytes())
    data[47] ^= 1 << 3
    played.write_bytes(data)
    with pytest.raises(StorageDamaged, match="unsupported file format"):
        open_database(Settings(), played)


def test_format_4_knew_no_checksum_of_the_schema(played: Path) -> None:
    """Such a file is opened, and has one from then on."""
    with closing(sqlite.connect(played)) as conn:
        conn.execute("DELETE FROM checksums WHERE name = 'sqlite_master'")
        conn.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm005%'")
        conn.execute("PRAGMA user_version = 4")
        assert "ok" == checksums.finding(conn)
    with open_database(Settings(), played) as database:
        assert "ok" == database.finding()
        assert (1,) == database.read.execute(
            "SELECT count(*) FROM checksums WHERE name = 'sqlite_master'"
        ).fetchone()


def test_the_doctor_is_told_of_damage_in_a_file_that_is_open(tmp_path: Path) -> None:
    """As an error with a way out, not as SQLite's own."""
    with Database.open(tmp_path / "a.db", migrate=migrate, latest=1, entropy=bytes) as database:
        database.write(lambda conn: conn.execute("DROP TABLE checksums")).result()
        with pytest.raises(StorageDamaged, match="no such table"):
            database.finding()


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
    kind, broken = rng.randrange(6), bytearray(data)
    if kind == 0:
        return data[: rng.randrange(len(data))]
    at = rng.randrange(len(data))
    if kind == 1:
        broken[at : at + 64] = rng.randbytes(len(broken[at : at + 64]))
        return bytes(broken)
    places = [range(len(data))]
    if kind == 2:
        places = [range(100)]  # the header
    if kind == 3:
        places = [range(m.start(), m.start() + 200) for m in re.finditer(b"CREATE ", data)]
    for _ in range(rng.choice((1, 1, 3))):
        at = rng.choice(rng.choice(places))
        broken[min(at, len(data) - 1)] ^= 1 << rng.randrange(8)
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
        assert [] == _differences(whole, content(broken)), f"seed {seed}"


def _differences(whole: dict[str, list[Any]], served: dict[str, list[Any]]) -> list[str]:
    """What changed: each table with the first row that is another one."""
    return [
        f"{name}: {next((p for p in zip_longest(before, after) if p[0] != p[1]), None)}"
        for name in whole | served
        if (before := whole.get(name, [])) != (after := served.get(name, []))
    ]


def test_random_damage_is_never_served(played: Path) -> None:
    """Whatever happens to the file, it is refused, or nothing of it changed."""
    _never_served(played, range(40))


@pytest.mark.proof
def test_more_random_damage_is_never_served(played: Path) -> None:
    """Four hundred other files."""
    _never_served(played, range(100, 500))
