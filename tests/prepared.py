"""A database whose questions are computed already, for processes that would do it anew each."""

import tempfile
from functools import cache
from pathlib import Path

from adapters.wiring import make_desk, open_database
from bot.config import Settings
from tests.fakes import shipped_bank


def prepare(path: Path) -> None:
    """Put one there, with nothing else in it, unless there is a database."""
    if not path.exists():
        path.write_bytes(_prepared())


@cache
def _prepared() -> bytes:
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prepared.db")
        with open_database(settings, path) as database:
            desk = make_desk(settings, database, {})
            desk._load_bank = shipped_bank
            desk.preload()
        return path.read_bytes()
