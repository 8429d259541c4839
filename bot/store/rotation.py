"""A backup a day in one folder, of which the last few are kept."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.errors import StorageDamaged, StorageError, StorageFull
from bot.store import sqlite
from bot.store.backup import backup, examined

_NAME = re.compile(r"numpy-bot-\d{4}-\d\d-\d\d\.db")
_BEGUN = re.compile(r"\.numpy-bot-\d{4}-\d\d-\d\d\.db\.")


def rotate(
    path: Path, folder: Path, day: date, kept: int, given_up: Callable[[], bool]
) -> Path | None:
    """Write the day's backup of the database at `path`, then remove all but the newest `kept`.

    Gives the new file; None where the day has one already, or another process made it
    meanwhile. Files with other names are left alone, and nothing is removed unless the new
    backup is whole. `given_up` is asked again and again whether to stop. Raises StorageError.
    """
    target = folder / f"numpy-bot-{day}.db"
    if target.exists():
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _leave_room(path, folder)
        backup(path, target, given_up=given_up)
        for old in (*_found(folder)[kept:], *_begun_before(folder, day)):
            old.unlink(missing_ok=True)
    except StorageError:
        if target.exists():
            return None
        raise
    except OSError as error:
        raise StorageError(
            f"The folder {folder} for backups cannot be used ({error.strerror}). "
            "Set NUMPY_BOT_BACKUPS to one that you can write to."
        ) from error
    return target


def _leave_room(path: Path, folder: Path) -> None:
    """Refuse a copy that might take the room which the database itself needs to go on."""
    if path.is_file() and shutil.disk_usage(folder).free < 2 * path.stat().st_size:
        raise StorageFull(
            f"There is too little space left in {folder} for another backup. Free some, or set "
            "NUMPY_BOT_BACKUPS to a folder on another disk."
        )


def pointed_to_newest(error: StorageDamaged, folder: Path) -> StorageDamaged:
    """The error with the backup to restore, where the folder has a whole one."""
    newest = newest_whole(folder)
    if newest is None:
        return error
    return StorageDamaged(f"{error} The newest whole one of the daily backups is {newest}.")


def newest_whole(folder: Path) -> Path | None:
    """The newest backup in the folder that can be read to its end and is ours."""
    return next(filter(_is_whole, _found(folder)), None)


def _found(folder: Path) -> list[Path]:
    """The backups in a folder, newest first."""
    if not folder.is_dir():
        return []
    return sorted((f for f in folder.iterdir() if _NAME.fullmatch(f.name)), reverse=True)


def _begun_before(folder: Path, day: date) -> list[Path]:
    """What is left of copies of other days that were killed."""
    begun = (file for file in folder.iterdir() if _BEGUN.match(file.name))
    return [file for file in begun if not file.name.startswith(f".numpy-bot-{day}.db.")]


def _is_whole(file: Path) -> bool:
    try:
        ours, _, finding = examined(file)
    except sqlite.Error:
        return False
    return ours and finding == "ok"
