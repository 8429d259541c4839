"""A backup in the place of a database, which is kept beside it."""

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageForeign
from bot.store import sqlite
from bot.store.backup import backup, examined, sync
from bot.store.opening import refuse_foreign

_LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database; a restored one must never meet those of another."""


def restore(source: Path, path: Path, latest: int, now: datetime) -> Path | None:
    """Put the backup `source` at `path`; gives where the database from there is kept now.

    `source` is read to its end first and stays as it is; `latest` is the newest format that
    this program knows. Refused while another process has the database open, and where another
    program's lies. The change is one rename, so that a crash leaves either database whole;
    who may read and write the file stays as it was. Raises StorageError.
    """
    _check(source, path, latest)
    waiting = path.with_name(f".{path.name}.restored")
    waiting.unlink(missing_ok=True)
    backup(source, waiting)
    try:
        kept = None
        if path.exists():
            kept = _set_aside(path, now)
            _give_to_owner_of(path, waiting)
        for ending in _LOGS:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        waiting.replace(path)
        sync(path.parent)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be replaced ({error.strerror}). "
            "Run the command as the user that the bot runs as."
        ) from error
    finally:
        waiting.unlink(missing_ok=True)
    return kept


def _check(source: Path, path: Path, latest: int) -> None:
    """Refuse what is no whole backup of ours, or too new."""
    if not source.is_file():
        raise StorageError(f"There is no backup at {source}. Name a file that a backup wrote.")
    if path.is_dir():
        raise StorageError(f"{path} is a folder, not a database. Set NUMPY_BOT_DB to a file.")
    if path.exists() and source.samefile(path):
        raise StorageError(f"{source} is the database itself. Name a backup of it.")
    try:
        ours, version, finding = examined(source)
    except sqlite.Error as error:
        meaning = sqlite.explained(error, source)
        if isinstance(meaning, StorageDamaged):
            meaning = _broken(source, str(error))
        raise meaning from error
    if not ours:
        raise StorageForeign(
            f"{source} is not a database of numpy-bot; nothing was restored. "
            "Name a file that a backup wrote."
        )
    if version > latest:
        raise StorageError(
            f"{source} was made by a newer numpy-bot (its format is {version}, this program "
            f"knows {latest}). Upgrade numpy-bot first."
        )
    if finding != "ok":
        raise _broken(source, finding)


def _broken(source: Path, finding: str) -> StorageDamaged:
    cause = finding.splitlines()[-1]
    return StorageDamaged(f"The backup {source} is damaged ({cause}). Name an older one.")


def _set_aside(path: Path, now: datetime) -> Path:
    """Keep the database of `path` under another name as well, with its log where it has one."""
    _close_log(path)
    kept = path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise StorageError(f"{kept} exists already. Try again in a second.")
    for ending in _LOGS:
        log = path.with_name(path.name + ending)
        if log.exists():
            shutil.copy2(log, kept.with_name(kept.name + ending))
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)  # a file system without a second name for a file
    return kept


def _close_log(path: Path) -> None:
    """Bring the log into the file, which only the last process that has it open can do.

    A damaged file can't be asked, and is set aside as it is. Raises StorageBusy, StorageForeign.
    """
    mode = "delete"
    try:
        connection = sqlite.connect(path)
        try:
            connection.execute("PRAGMA busy_timeout = 1000")
            refuse_foreign(connection, path)
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            connection.close()
    except sqlite.Error as error:
        if sqlite.is_busy(error):
            raise _in_use(path) from error
    if mode != "delete":
        raise _in_use(path)


def _in_use(path: Path) -> StorageBusy:
    return StorageBusy(
        f"{path} is in use. Stop the bot, and everybody who plays, before you restore."
    )


def _give_to_owner_of(path: Path, file: Path) -> None:
    """Let the same people read and write `file` as `path`, whoever runs the restore."""
    shutil.copymode(path, file)
    if hasattr(os, "chown"):
        owner = path.stat()
        with contextlib.suppress(PermissionError):  # only root gives files away
            os.chown(file, owner.st_uid, owner.st_gid)
