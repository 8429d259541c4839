"""Settings, read from a mapping (the process's environment joined with `.env`).

Each setting's name, meaning and example stand in `SETTINGS`, which `.env.example` and the
README are tested against.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bot.errors import SettingError

SETTINGS: dict[str, str] = {
    "NUMPY_BOT_DB": "the database file; without it the platform's user data folder",
    "NUMPY_BOT_TIMEZONE": "the zone of direct messages and of the terminal; default UTC",
    "NUMPY_BOT_MANAGERS": "user ids, separated by commas, that manage every channel",
    "NUMPY_BOT_BACKUPS": "the folder of the daily backups; default `backups` beside the database",
    "NUMPY_BOT_BACKUPS_KEPT": "how many daily backups are kept; default 7, and 0 makes none",
    "NUMPY_BOT_CONTENT": "a folder with your own question files",
    "NUMPY_BOT_HEALTH": "address and port of /healthz and /metrics; without it there are none",
    "NUMPY_BOT_LOG_LEVEL": "debug, info, warning or error; default info",
    "NUMPY_BOT_LOG_FORMAT": "text or json; default text",
}
"""Every setting the code reads and what it is for."""

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator decided. `database` None means: ask the platform for its place."""

    database: Path | None = None
    timezone: str = "UTC"
    managers: frozenset[str] = frozenset()
    backups: Path | None = None
    backups_kept: int = 7
    content: Path | None = None
    health: tuple[str, int] | None = None
    log_level: str = "info"
    log_format: str = "text"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read and check all settings; raises `SettingError` naming the first bad one."""
        return cls(
            database=_path(env, "NUMPY_BOT_DB"),
            timezone=_zone(env),
            managers=_list(env, "NUMPY_BOT_MANAGERS"),
            backups=_path(env, "NUMPY_BOT_BACKUPS"),
            backups_kept=_count(env, "NUMPY_BOT_BACKUPS_KEPT", default=7),
            content=_folder(env),
            health=address(env, "NUMPY_BOT_HEALTH", example="127.0.0.1:8080"),
            log_level=_one_of(env, "NUMPY_BOT_LOG_LEVEL", LOG_LEVELS, default="info"),
            log_format=_one_of(env, "NUMPY_BOT_LOG_FORMAT", LOG_FORMATS, default="text"),
        )

    def backups_of(self, path: Path) -> Path:
        """The folder of the daily backups of the database at `path`."""
        return self.backups or path.parent / "backups"


def secret(env: Mapping[str, str], name: str) -> str:
    """A secret setting: its value, or the content of the file that `NAME_FILE` names.

    Empty when neither is set. Raises `SettingError` when both are, or when the file cannot
    be read.
    """
    value, path = env.get(name, "").strip(), env.get(f"{name}_FILE", "").strip()
    if value and path:
        message = f"{name} and {name}_FILE are both set. Keep one of them."
        raise SettingError(message)
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = (
            f"{name}_FILE names {path}, which cannot be read ({type(error).__name__}). "
            f"Example: {name}_FILE=/run/secrets/{name.lower()}"
        )
        raise SettingError(message) from error


_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:]+)\]|(?P<host>[^:\s\[\]]*)):(?P<port>[0-9]{1,5})")


def address(env: Mapping[str, str], name: str, *, example: str) -> tuple[str, int] | None:
    """Where to listen: `:8080` is everywhere on this machine; None when it is not set.

    Raises `SettingError` for anything else than an address and a port.
    """
    text = env.get(name, "").strip()
    if not text:
        return None
    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found["port"]) < 2**16:
        message = f"{name} is {text!r}, which is no address and port. Example: {name}={example}"
        raise SettingError(message)
    return found["six"] or found["host"] or "0.0.0.0", int(found["port"])  # noqa: S104  # as asked for


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name, "").strip()
    return Path(value).expanduser() if value else None


def _count(env: Mapping[str, str], name: str, *, default: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdecimal():
        message = f"{name} is {value!r}, which is not a whole number. Example: {name}={default}"
        raise SettingError(message)
    return int(value)


def _list(env: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, env.get(name, "").split(","))))


def _zone(env: Mapping[str, str]) -> str:
    name = env.get("NUMPY_BOT_TIMEZONE", "").strip() or "UTC"
    if name == "UTC":
        return name
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # most starts never need it

    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        message = (
            f"NUMPY_BOT_TIMEZONE is {name!r}, which is not a time zone. "
            "Example: NUMPY_BOT_TIMEZONE=Europe/Berlin"
        )
        raise SettingError(message) from error


def _folder(env: Mapping[str, str]) -> Path | None:
    name = env.get("NUMPY_BOT_CONTENT", "").strip()
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        message = (
            f"NUMPY_BOT_CONTENT names {name}, which is not a folder. "
            "Example: NUMPY_BOT_CONTENT=/srv/our-questions"
        )
        raise SettingError(message)
    return folder


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], *, default: str) -> str:
    value = env.get(name, "").strip().lower() or default
    if value not in allowed:
        message = (
            f"{name} is {value!r}; it is one of {', '.join(allowed)}. Example: {name}={allowed[0]}"
        )
        raise SettingError(message)
    return value
