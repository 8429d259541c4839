"""The process's environment and `.env` beside it."""

import os
from collections.abc import Callable
from pathlib import Path

from bot.errors import SettingError


def environment(folder: Path) -> dict[str, str]:
    """The process's environment, and below it what `.env` in a folder says.

    Raises SettingError where that file cannot be read.
    """
    file = folder / ".env"
    if not file.is_file():
        return dict(os.environ)
    from dotenv import dotenv_values  # noqa: PLC0415  # only where there is a file to read

    try:
        found = dotenv_values(file, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{file} cannot be read ({type(error).__name__}). Save it as UTF-8 lines such as "
            "NUMPY_BOT_TIMEZONE=Europe/Berlin, or take it away."
        ) from error
    return {**{name: value for name, value in found.items() if value is not None}, **os.environ}


def setting(name: str, default: str | None = None) -> Callable[[], str | None]:
    """The default of a command's option that a setting stands behind."""
    return lambda: environment(Path.cwd()).get(name, "").strip() or default
