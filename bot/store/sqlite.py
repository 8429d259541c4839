"""Which SQLite is used, how it is connected to, and what its errors mean to a person."""

import zlib
from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageFull

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        # Newer than Python's own, which may corrupt a WAL file that two connections reset.
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

Connection = sqlite3.Connection
Error = sqlite3.Error
IntegrityError = sqlite3.IntegrityError
version: str = sqlite3.sqlite_version

APPLICATION_ID = 0x4E507942
"""Marks our files in their header ("NPyB"), so that no other program's database is touched."""

_encode = msgspec.msgpack.Encoder().encode

BUSY_SECONDS = 5.0
"""How long a statement waits for another process's lock."""

ELSEWHERE = "Set NUMPY_BOT_DB to a file in a folder that you can write to."

# The numbers of SQLite's result codes, the same in every version: https://sqlite.org/rescode.html
_BUSY = {5, 6, 15}  # BUSY, LOCKED, PROTOCOL
_ERROR = 1
_FULL = 13
_CORRUPT = 11
_DAMAGED = {_CORRUPT, 26}  # CORRUPT, NOTADB
_CLOSED = {3, 8, 14}  # PERM, READONLY, CANTOPEN
_IO = 10
_IO_NO_ROOM = 10 | 19 << 8  # IOERR_SHMSIZE: the WAL's index cannot grow
_CONSTRAINT = 19

NO_ROOM = 65_536
"""Bytes: no more than the log and its index take to begin."""


def connect(path: Path, *, create: bool = False) -> Connection:
    """Connect to `path` with every commit durable and foreign keys enforced.

    Transactions begin and end only where SQL says so. Without `create` a missing file is an
    error. The connection belongs to the thread that made it. Raises sqlite's own errors.
    """
    # An absolute path can't be taken for a `file:` address, which SQLite might interpret.
    name = str(path.absolute()) if create else path.absolute().as_uri() + "?mode=rw"
    connection = sqlite3.connect(
        name, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256, uri=not create
    )
    try:
        with damage():
            connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # A row that is replaced by another must leave its table's checksum.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.create_function("row_checksum", -1, row_checksum, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def damage() -> Iterator[None]:
    """Where only the file can be at fault, raise the error that SQLite has for a broken one.

    Text that is none and a schema that makes no sense have errors that say less.
    """
    try:
        yield
    except (UnicodeDecodeError, Error) as error:
        unreadable = isinstance(error, UnicodeDecodeError) or _is_unreadable(error)
        if not unreadable and _code(error) & 0xFF != _ERROR:
            raise
        cause = "there is text in it that cannot be read" if unreadable else str(error)
        broken = sqlite3.DatabaseError(cause)
        broken.sqlite_errorcode = _CORRUPT
        raise broken from error


def _is_unreadable(error: BaseException) -> bool:
    """Whether a row holds bytes that are no text; Python says so without a code."""
    return isinstance(error, Error) and "decode to UTF-8" in str(error)


def row_checksum(*values: object) -> int:
    """The checksum of a row; SQL calls it."""
    return zlib.crc32(_encode(values))


def marks(bound: Sized) -> str:
    """As many question marks as values are bound, for a list in SQL."""
    return ",".join("?" * len(bound))


def values(rows: Sequence[Sequence[object]]) -> tuple[str, list[object]]:
    """The `VALUES` of some rows, one to a few hundred, and what is bound to them.

    One statement for all of them: each copies the pages that it changes, in case it fails.
    """
    row = f"({marks(rows[0])})"
    return f"VALUES {','.join([row] * len(rows))}", [value for one in rows for value in one]


def is_busy(error: BaseException | None) -> bool:
    """Whether another process's lock caused `error`."""
    return _code(error) & 0xFF in _BUSY


def is_constraint(error: BaseException | None) -> bool:
    """Whether `error` is a broken UNIQUE, CHECK, NOT NULL or foreign key."""
    return _code(error) & 0xFF == _CONSTRAINT


def explained(error: BaseException, path: Path) -> BaseException:
    """Tell what `error` means for the database at `path`.

    A failure of the file, the disk or a lock becomes a StorageError with a way out; anything
    else (a constraint, wrong SQL, an error that is not SQLite's) comes back as it is.
    """
    code = _code(error)
    primary = code & 0xFF
    if _is_unreadable(error):
        primary = _CORRUPT
    meaning: StorageError
    if primary in _BUSY:
        meaning = StorageBusy(
            f"{path} is locked by another process. Try again; if it stays locked, stop the "
            "other program that has it open."
        )
    elif primary == _FULL or code == _IO_NO_ROOM or (primary == _IO and _is_full(path)):
        meaning = StorageFull(f"There is no space left for {path}. Free some space on its disk.")
    elif primary in _DAMAGED:
        meaning = damaged(path, str(error))
    elif primary in _CLOSED:
        meaning = StorageError(f"{path} cannot be opened and written ({error}). {ELSEWHERE}")
    elif primary == _IO:
        meaning = StorageError(f"The disk failed to read or write {path} ({error}). Check it.")
    else:
        return error
    meaning.__cause__ = error
    return meaning


def _is_full(path: Path) -> bool:
    """Whether the disk has next to no room, which SQLite now and then calls a failure of it."""
    from shutil import disk_usage  # noqa: PLC0415  # only for this rare question

    try:
        return disk_usage(path.parent).free < NO_ROOM
    except OSError:
        return False


def damaged(path: Path, finding: str) -> StorageDamaged:
    """Make the error for a broken file, with the way back to the last backup."""
    cause = finding.splitlines()[-1]
    return StorageDamaged(
        f"{path} is damaged ({cause}). Restore the last backup: stop the bot, then "
        "`numpy-bot restore BACKUP`; the damaged file is kept beside it."
    )


def _code(error: BaseException | None) -> int:
    """Give SQLite's extended result code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) if isinstance(error, Error) else 0
