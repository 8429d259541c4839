"""The composition root: settings become a database, a bank, a desk and a bot."""

import logging
import os
import random
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.config import Settings
from bot.quiz.desk import Counter, Desk
from bot.store import LATEST
from bot.store.database import Database
from bot.store.sqlite import Connection

if TYPE_CHECKING:
    from bot.bank.bank import Bank
    from bot.ports import Relay

log = logging.getLogger(__name__)


def environment(folder: Path) -> dict[str, str]:
    """The process's environment, and below it what `.env` in a folder says."""
    file = folder / ".env"
    if not file.is_file():
        return dict(os.environ)
    from dotenv import dotenv_values  # noqa: PLC0415  # only where there is a file to read

    values = {name: value for name, value in dotenv_values(file).items() if value is not None}
    return {**values, **os.environ}


def load_settings() -> Settings:
    """The settings of this process; raises SettingError."""
    return Settings.from_env(environment(Path.cwd()))


def database_path(settings: Settings) -> Path:
    """Where the database lies."""
    if settings.database is not None:
        return settings.database
    from platformdirs import user_data_path  # noqa: PLC0415  # only where no file is named

    return user_data_path("numpy-bot", appauthor=False) / "numpy-bot.db"


def _migrate(connection: Connection) -> None:
    import sqlite_utils  # noqa: PLC0415  # 100 ms that only a new database needs

    from bot.migrations import migrations  # noqa: PLC0415  # the same

    migrations.apply(sqlite_utils.Database(connection))


def open_database(settings: Settings, path: Path | None = None) -> Database:
    """Open the database, made or brought up to date; raises StorageError."""
    path = path or database_path(settings)
    return Database.open(path, migrate=_migrate, latest=LATEST, entropy=os.urandom)


def start_logging(settings: Settings, *, quiet: bool = False) -> None:
    """Log to stderr as the settings say; `quiet` keeps to warnings, for a terminal in use."""
    level = max(logging.WARNING, _level(settings)) if quiet else _level(settings)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else logging.Formatter(TEXT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class BankLoader:
    """Loads the bank once, whoever asks first; safe to call from any thread."""

    def __init__(self, content: Path | None, *, warn: bool = True) -> None:
        self._content = content
        self._warn = warn
        self._lock = threading.Lock()
        self._bank: Bank | None = None

    def __call__(self) -> "Bank":
        """The bank; the first call takes as long as reading it takes."""
        with self._lock:
            if self._bank is None:
                from bot.bank.bank import Bank  # noqa: PLC0415  # many starts need no bank

                self._bank = Bank.load(self._content)
                if self._warn:
                    warn_of_problems(self._bank)
            return self._bank


def warn_of_problems(bank: "Bank") -> None:
    """Log what of the content could not be used; the bot goes on with the rest."""
    for problem in bank.problems:
        log.warning("%s", problem)


def make_desk(
    settings: Settings,
    database: Database,
    relays: "Mapping[str, Relay]",
    *,
    rng: random.Random | None = None,
    counter: Counter | None = None,
) -> Desk:
    """Everything that the use-cases work with."""
    return Desk(
        database=database,
        load_bank=BankLoader(settings.content),
        settings=settings,
        relays=relays,
        rng=rng or random.SystemRandom(),
        counter=counter,
    )
