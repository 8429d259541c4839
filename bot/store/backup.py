"""A copy of the database while others go on writing to it."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.errors import StorageError, StorageForeign, StorageFull
from bot.store import checksums, sqlite

_STEPS = 500
"""Instructions of SQLite between two looks at whether to stop: well below a millisecond."""


def backup(
    path: Path,
    target: Path,
    *,
    overwrite: bool = False,
    given_up: Callable[[], bool] = lambda: False,
) -> None:
    """Copy the database at `path`, as it is at this moment, to the file `target`.

    Safe while any process writes. `target` appears only when the copy is whole, checked and
    on the disk; an existing file is replaced only with `overwrite`. While it copies it asks
    `given_up` whether to stop, which leaves nothing behind. Raises StorageError.
    """
    if not path.is_file():
        raise StorageError(f"There is no database at {path}. Set NUMPY_BOT_DB to its file.")
    _refuse_to_lose(path, target, overwrite=overwrite)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise StorageError(
            f"The backup {target} cannot be written ({error.strerror}). "
            "Name a file in a folder that exists and that you can write to."
        ) from error
    os.close(handle)
    copy = Path(name)
    try:
        _copy(path, copy, target, given_up)
        _verify(copy, path)
        sync(copy)
        _refuse_to_lose(path, target, overwrite=overwrite)
        copy.replace(target)
        sync(target.parent)
    except OSError as error:
        raise StorageError(f"The backup {target} cannot be written ({error.strerror}).") from error
    finally:
        copy.unlink(missing_ok=True)


def _refuse_to_lose(path: Path, target: Path, *, overwrite: bool) -> None:
    if not target.exists():
        return
    if target.samefile(path):
        raise StorageError(f"{target} is the database itself. Name another file for the backup.")
    if target.is_dir():
        raise StorageError(f"{target} is a folder. Name a file in it: {target / path.name}.")
    if not overwrite:
        raise StorageError(f"{target} exists already. Name another file, or remove it first.")


def _copy(path: Path, copy: Path, target: Path, given_up: Callable[[], bool]) -> None:
    """Write one consistent state of `path` to `copy`, without holding up who writes."""
    try:
        source = sqlite.connect(path)
    except sqlite.Error as error:
        raise sqlite.explained(error, path) from error
    try:
        (mark,) = source.execute("PRAGMA application_id").fetchone()
        if mark != sqlite.APPLICATION_ID:
            raise StorageForeign(
                f"{path} is not a database of numpy-bot; nothing was copied. "
                "Set NUMPY_BOT_DB to the bot's own."
            )
        source.set_progress_handler(given_up, _STEPS)
        source.execute("VACUUM INTO ?", (str(copy.absolute()),))
    except sqlite.Error as error:
        if given_up():
            raise StorageError(f"The backup {target} was given up.") from error
        # Only a full disk is surely the backup's fault and not the database's.
        full = isinstance(sqlite.explained(error, path), StorageFull)
        raise sqlite.explained(error, target if full else path) from error
    finally:
        source.close()


def _verify(copy: Path, path: Path) -> None:
    """Read all of `copy` again before anybody relies on it."""
    connection = sqlite.connect(copy)
    try:
        finding = checksums.finding(connection)
    except sqlite.Error as error:
        finding = str(error)
    finally:
        connection.close()
    if finding != "ok":
        raise StorageError(
            f"The copy of {path} is not whole ({finding}) and was given up. `numpy-bot doctor` "
            "tells whether the database is; where it is, check the disk."
        )


def examined(source: Path) -> tuple[bool, int, str]:
    """Whether a file is ours, its format, and `ok` or what is wrong, found by reading all of it.

    Raises sqlite's own errors.
    """
    connection = sqlite.connect(source)
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        finding = checksums.finding(connection)
    finally:
        connection.close()
    return mark == sqlite.APPLICATION_ID, int(version), finding


def sync(path: Path) -> None:
    """Force a file, or a folder's list of names, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows keeps no handle on a folder
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
