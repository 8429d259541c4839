"""The composition root: settings become a database, a bank, a desk and a bot."""

import logging
import os
import random
import re
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

import msgspec

from adapters.environment import environment
from bot.config import Settings
from bot.errors import StorageDamaged
from bot.quiz.desk import Counter, Desk
from bot.store import LATEST
from bot.store.database import Database
from bot.store.opening import Entropy
from bot.store.rotation import pointed_to_newest
from bot.store.sqlite import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.bank.bank import Bank
    from bot.ports import Relay

log = logging.getLogger(__name__)


def load_settings() -> Settings:
    """The settings of this process; raises SettingError."""
    return Settings.from_env(environment(Path()))


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


def open_database(
    settings: Settings, path: Path | None = None, *, entropy: Entropy = os.urandom
) -> Database:
    """Open the database, made or brought up to date; raises StorageError."""
    path = path or database_path(settings)
    try:
        return Database.open(path, migrate=_migrate, latest=LATEST, entropy=entropy)
    except StorageDamaged as error:
        raise pointed_to_newest(error, settings.backups_of(path)) from error.__cause__


LIBRARIES = {
    "aiohttp": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "discord": logging.WARNING,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
}
"""They log what they send and receive, answers included, unless they are told to be quiet."""


def start_logging(settings: Settings) -> None:
    """Log to stderr as the settings say, without secrets."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else Lines(TEXT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_level(settings))
    for name, level in LIBRARIES.items():
        logging.getLogger(name).setLevel(level)


class Notes(logging.Handler):
    """Keeps warnings until somebody has time to show them: nobody likes a log amid a prompt."""

    MOST = 5

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._kept: SimpleQueue[str] = SimpleQueue()

    def start(self) -> None:
        """Take every warning of this process from now on."""
        root = logging.getLogger()
        root.handlers[:] = [self]
        root.setLevel(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record's sentence, and the error behind it in a few words."""
        if record.name == "bot.daily" and record.levelno < logging.ERROR:
            return  # days on which nobody played are no trouble
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
        self._kept.put(words)

    def taken(self) -> list[str]:
        """The sentences that were kept, each given once."""
        kept = [self._kept.get() for _ in range(self._kept.qsize())]
        rest = len(kept) - self.MOST
        more = [f"And {rest} more: `numpy-bot doctor` lists them."] if rest > 0 else []
        return kept[: self.MOST] + more


FIELDS = ("post", "step")
"""What a machine finds a question's whole life by, where a line is about one."""

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]


_SECRETS = re.compile(
    r"(?<![A-Za-z0-9])x(?:ox[a-z](?:\.[a-z]+)?|app)-[\w-]+"
    r"|(?<=ticket=)[\w-]+"
    r"|(?<![\w-])[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}"
    r"|(?P<path>/(?:webhooks|interactions)/[0-9]+/)[^/\s]+"
    r"|(?P<kept>://hooks\.[^\s/]+/)\S+"
)
"""Tokens, and addresses that work like one."""


def redacted(line: str) -> str:
    """A line of the log without the secrets that an error's text may hold."""
    return _SECRETS.sub(lambda found: f"{found['kept'] or found['path'] or ''}…", line)


class Lines(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as text, its traceback included."""
        return redacted(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        line |= {key: record.__dict__[key] for key in FIELDS if key in record.__dict__}
        if record.exc_info:
            line["error"] = redacted(self.formatException(record.exc_info))
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
