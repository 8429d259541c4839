"""Databases for tests, which are made once and copied: to make one takes twenty milliseconds."""

import tempfile
from functools import cache
from pathlib import Path

from adapters.wiring import open_database
from bot.config import Settings
from bot.store.database import Database


def open_copy(settings: Settings, path: Path) -> Database:
    """The database at a path, an empty one where there is none; its secret is all zeros."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return open_database(settings, path, entropy=bytes)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        open_database(Settings(), path, entropy=bytes).close()
        return path.read_bytes()
