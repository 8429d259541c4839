"""A backup in the place of a database: whole, or not at all."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageForeign
from bot.store import sqlite
from bot.store.backup import backup
from bot.store.restore import restore
from tests.test_database import note, opened, texts

NOW = datetime(2026, 3, 2, 8, 30, 5, tzinfo=UTC)
LATEST = 1  # the format of the databases that these tests make
KEPT = "bot.db.20260302T083005Z"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup that holds one note, of a database that has two by now."""
    with opened(tmp_path / "bot.db") as database:
        database.write(note("early")).result()
        backup(database.path, tmp_path / "copy.db")
        database.write(note("late")).result()
    return tmp_path / "copy.db"


def held(path: Path) -> list[str]:
    """The notes in the database at `path`."""
    with opened(path) as database:
        return texts(database)


def test_the_backup_takes_the_place_and_nothing_is_lost(saved: Path, tmp_path: Path) -> None:
    """The database from before is kept beside it, and the backup stays as it is."""
    before = saved.read_bytes()
    assert tmp_path / KEPT == restore(saved, tmp_path / "bot.db", LATEST, NOW)
    assert ["early"] == held(tmp_path / "bot.db")
    assert ["early", "late"] == held(tmp_path / KEPT)
    assert before == saved.read_bytes()


def test_an_empty_place_needs_no_name_for_the_old(saved: Path, tmp_path: Path) -> None:
    """On a new machine there is nothing to keep."""
    assert restore(saved, tmp_path / "new.db", LATEST, NOW) is None
    assert ["early"] == held(tmp_path / "new.db")


def test_a_log_of_the_old_database_is_not_read_into_the_new(saved: Path, tmp_path: Path) -> None:
    """What a killed process left in the write-ahead log goes with the old file."""
    path = tmp_path / "bot.db"
    database = opened(path)
    database.write(note("in the log")).result()
    files = {file: file.read_bytes() for file in tmp_path.glob("bot.db*")}
    database.close()
    for file, data in files.items():
        file.write_bytes(data)
    assert (tmp_path / "bot.db-wal").exists()
    restore(saved, path, LATEST, NOW)
    assert ["early"] == held(path)
    assert ["early", "late", "in the log"] == held(tmp_path / KEPT)


def test_a_database_in_use_is_left_alone(saved: Path, tmp_path: Path) -> None:
    """Whoever has it open would go on writing to a file that nobody reads again."""
    with (
        opened(tmp_path / "bot.db") as database,
        pytest.raises(StorageBusy, match=r"bot\.db is in use\. Stop the bot"),
    ):
        restore(saved, database.path, LATEST, NOW)
    assert ["early", "late"] == held(tmp_path / "bot.db")
    assert {"bot.db", "copy.db"} == {file.name for file in tmp_path.iterdir()}


def test_a_damaged_database_is_set_aside_as_it_is(saved: Path, tmp_path: Path) -> None:
    """This is what a restore is for."""
    path = tmp_path / "bot.db"
    broken = path.read_bytes()[:5000]
    path.write_bytes(broken)
    restore(saved, path, LATEST, NOW)
    assert ["early"] == held(path)
    assert broken == (tmp_path / KEPT).read_bytes()


def cut(path: Path) -> None:
    """Lose the end."""
    os.truncate(path, path.stat().st_size // 2)


def scribbled(path: Path) -> None:
    """Write over a page in the middle."""
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    path.write_bytes(data)


def foreign(path: Path) -> None:
    """Take away our mark."""
    connection = sqlite.connect(path)
    connection.execute("PRAGMA application_id = 7")
    connection.close()


def newer(path: Path) -> None:
    """Come from a program that we do not know yet."""
    connection = sqlite.connect(path)
    connection.execute(f"PRAGMA user_version = {LATEST + 1}")
    connection.close()


@pytest.mark.parametrize(
    ("harm", "kind", "said"),
    [
        (cut, StorageDamaged, r"The backup .*copy\.db is damaged .*Name an older one"),
        (scribbled, StorageDamaged, r"The backup .*copy\.db is damaged .*Name an older one"),
        (foreign, StorageForeign, "not a database of numpy-bot; nothing was restored"),
        (newer, StorageError, r"made by a newer numpy-bot .*Upgrade numpy-bot first"),
        (Path.unlink, StorageError, r"no backup at .*copy\.db"),
    ],
)
def test_only_a_whole_backup_of_ours_is_restored(
    harm: Callable[[Path], None], kind: type[Exception], said: str, saved: Path, tmp_path: Path
) -> None:
    """Whatever is wrong with it, the database stays where it is."""
    harm(saved)
    with pytest.raises(kind, match=said):
        restore(saved, tmp_path / "bot.db", LATEST, NOW)
    assert ["early", "late"] == held(tmp_path / "bot.db")
    assert not (tmp_path / KEPT).exists()


def test_the_database_is_no_backup_of_itself(saved: Path, tmp_path: Path) -> None:
    """Not by another name either."""
    os.link(tmp_path / "bot.db", tmp_path / "same.db")
    with pytest.raises(StorageError, match="is the database itself"):
        restore(tmp_path / "same.db", tmp_path / "bot.db", LATEST, NOW)
    assert saved.exists()


def test_another_programs_database_is_left_alone(saved: Path, tmp_path: Path) -> None:
    """A wrong NUMPY_BOT_DB replaces nothing."""
    other = sqlite.connect(tmp_path / "other.db", create=True)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(StorageForeign, match=r"another program .*NUMPY_BOT_DB"):
        restore(saved, tmp_path / "other.db", LATEST, NOW)
    assert before == (tmp_path / "other.db").read_bytes()
    assert {"bot.db", "copy.db", "other.db"} == {file.name for file in tmp_path.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
def test_who_may_read_the_database_stays(saved: Path, tmp_path: Path) -> None:
    """A group that makes the backups, or reads the scores, goes on doing so."""
    path = tmp_path / "bot.db"
    path.chmod(0o640)
    restore(saved, path, LATEST, NOW)
    assert 0o640 == path.stat().st_mode & 0o777


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may")
def test_whose_the_database_is_stays(saved: Path, tmp_path: Path) -> None:
    """A restore by root leaves the bot's user a database that it can open."""
    path = tmp_path / "bot.db"
    os.chown(path, 1234, 1235)
    restore(saved, path, LATEST, NOW)
    assert (1234, 1235) == (path.stat().st_uid, path.stat().st_gid)
