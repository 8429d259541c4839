"""Making a file at a path ready: is it ours, is it whole, is it up to date?"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import StorageError, StorageForeign
from bot.store import checksums, sqlite
from bot.store.sqlite import APPLICATION_ID, Connection

CHECKED_BYTES = 50_000_000
"""Files up to this size are checked whole at every start, in 10 to 30 ms a megabyte; larger
ones whenever a backup of them is made."""

PAGE_BYTES = 1024
"""Of a new file. Before a statement whose rows have checksums changes a page it copies it, so
that small pages make an answer cheaper by a tenth; the log grows by less, too."""

Entropy = Callable[[int], bytes]
Migrate = Callable[[Connection], object]


def prepare(path: Path, migrate: Migrate, latest: int, entropy: Entropy) -> Connection:
    """Make `path` a database of ours with `latest` steps applied, and connect to it.

    A file that belongs to another program, is broken or comes from a newer numpy-bot is
    refused and left as it is. Any number of processes may do this at once: each step is
    applied once. Raises StorageError.
    """
    _make_room(path)
    try:
        connection = sqlite.connect(path, create=True)
    except sqlite.Error as error:
        raise sqlite.explained(error, path) from error
    try:
        connection.execute("BEGIN")  # all that is looked at is of one moment
        with sqlite.damage():
            _check(connection, path, latest)
        connection.execute("COMMIT")
        _use_log(connection, path)
        if _version(connection) < latest or not _ours(connection):
            _upgrade(connection, path, migrate, latest, entropy)
    except BaseException as error:
        connection.close()
        raise sqlite.explained(error, path) from error
    return connection


def _make_room(path: Path) -> None:
    """Make the folder of `path`, and see that a file there can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        exists = path.exists()
    except OSError as error:
        raise StorageError(
            f"The folder {path.parent} for the database cannot be used ({error.strerror}). "
            f"{sqlite.ELSEWHERE}"
        ) from error
    if path.is_dir():
        raise StorageError(
            f"{path} is a folder, not a database. Set NUMPY_BOT_DB to a file, for example "
            f"{path / 'numpy-bot.db'}."
        )
    if not os.access(path if exists else path.parent, os.W_OK):
        raise StorageError(f"{path} cannot be written. {sqlite.ELSEWHERE}")


def _check(connection: Connection, path: Path, latest: int) -> None:
    """Refuse what is not ours, not whole or too new; reads only."""
    empty = refuse_foreign(connection, path)
    version = _version(connection)
    if version > latest:
        raise StorageError(
            f"{path} was made by a newer numpy-bot (its format is {version}, this program knows "
            f"{latest}). Upgrade numpy-bot, or set NUMPY_BOT_DB to another file."
        )
    if not empty and path.stat().st_size <= CHECKED_BYTES:
        found = checksums.finding(connection)
        if found != "ok":
            raise sqlite.damaged(path, found)


def refuse_foreign(connection: Connection, path: Path) -> bool:
    """Refuse the file of another program; gives whether it holds nothing yet. Reads only.

    Raises StorageForeign.
    """
    mark = _number(connection, "PRAGMA application_id")
    empty = not _number(connection, "SELECT count(*) FROM sqlite_master")
    if mark != APPLICATION_ID and not (mark == 0 and empty):
        raise StorageForeign(
            f"{path} is the database of another program and was left as it is. "
            "Set NUMPY_BOT_DB to another file."
        )
    return empty


def _use_log(connection: Connection, path: Path) -> None:
    """Switch to a write-ahead log, which lets others read while somebody writes."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a file that is made by this
    # SQLite doesn't wait for the lock itself here when two processes make the same new file.
    patience = time.monotonic() + sqlite.BUSY_SECONDS
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite.Error as error:
            if not sqlite.is_busy(error) or time.monotonic() > patience:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise StorageError(
            f"{path} lies on a file system without shared memory, where the database is not "
            "safe. Set NUMPY_BOT_DB to a file on a local disk."
        )


def _upgrade(
    connection: Connection, path: Path, migrate: Migrate, latest: int, entropy: Entropy
) -> None:
    """Apply the missing steps in one transaction, which also keeps other processes out."""
    # A step may rebuild a table that others refer to; the references are checked at the end.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _check(connection, path, latest)
        if _version(connection) < latest or not _ours(connection):
            _apply(connection, migrate, latest, entropy)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA foreign_keys = ON")


def _apply(connection: Connection, migrate: Migrate, latest: int, entropy: Entropy) -> None:
    checksums.forget(connection)
    migrate(connection)
    if not connection.in_transaction:
        raise RuntimeError("a migration step ended the transaction that it was called in")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
    )
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", (entropy(32),))
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if dangling is not None:
        raise RuntimeError(f"a migration step left a dangling reference in table {dangling[0]}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {latest:d}")
    checksums.keep(connection)


def _ours(connection: Connection) -> bool:
    return _number(connection, "PRAGMA application_id") == APPLICATION_ID


def _version(connection: Connection) -> int:
    return _number(connection, "PRAGMA user_version")


def _number(connection: Connection, sql: str) -> int:
    (number,) = connection.execute(sql).fetchone()
    return int(number)
