"""What operators ask of a database: leaderboards, a backup, a diagnosis."""

import asyncio
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.text import Text

from adapters.console import Screen, console
from adapters.discord_settings import DiscordSettings
from adapters.environment import environment
from adapters.slack_settings import SlackSettings
from adapters.streams import clean
from adapters.wiring import BankLoader, database_path, load_settings, open_database
from bot.cards.boards import PERIOD_WORDS, leaderboard_card
from bot.config import Settings
from bot.errors import BotError, StorageError
from bot.quiz.desk import local_day
from bot.scoring import Period
from bot.store import LATEST, boards, sqlite
from bot.store.backup import backup
from bot.store.places import Scheduled, Spot, scheduled, spots
from bot.store.restore import restore

SAFE_SQLITE = (3, 51, 3)
"""Older ones may corrupt a WAL file that two connections reset at once."""


def leaderboards(period: Period, scope: str, db: Path | None, *, as_json: bool) -> None:
    """Print every channel's or team's board."""
    settings = load_settings()
    path = db or database_path(settings)
    if not path.is_file():
        message = f"There is no database at {path} yet. `numpy-bot play` makes one."
        raise StorageError(message)
    screen = Screen(console())
    empty = True
    with open_database(settings, path) as database:
        for spot in spots(database.read, scope):
            today = local_day(datetime.now(UTC), spot.zone or settings.timezone)
            ranking = boards.ranking(
                database.read, spot.scope, spot.id, boards.span(period, today), 0
            )
            if as_json:
                _print_json(spot, ranking)
            elif ranking.top:
                screen.heading(spot.name)
                screen.show(leaderboard_card(ranking, period, spot.scope, shared=True))
            empty = empty and not ranking.top
    if empty and not as_json:
        when = "" if period == "all" else f" {PERIOD_WORDS[period]}"
        screen.say(f"Nobody has points yet{when}.")


def _print_json(spot: Spot, ranking: boards.Ranking) -> None:
    for line in ranking.top:
        row = {"place": spot.name, **msgspec.structs.asdict(line)}
        del row["member_id"]
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")


def make_backup(file: Path, db: Path | None, *, force: bool) -> None:
    """Copy the database while it may be in use."""
    path = db or database_path(load_settings())
    backup(path, file, overwrite=force)
    _print(Text(clean(f"{path} is saved as {file}")))


def put_back(file: Path, db: Path | None) -> None:
    """Restore a backup, and say where the database from before is now."""
    path = db or database_path(load_settings())
    kept = restore(file, path, LATEST, datetime.now(UTC))
    _print(Text(clean(f"{file} is restored to {path}")))
    if kept is not None:
        _print(Text(clean(f"The database from before is kept as {kept}")))


def diagnose(db: Path | None) -> int:
    """Print what is well and what is not; gives 1 where something is not."""
    return printed(_findings(db))


def printed(findings: Iterable[tuple[bool, str]]) -> int:
    """Print what is well and what is not; gives 1 where something is not."""
    well = True
    for good, line in findings:
        well = well and good
        mark = ("✓ ", "green") if good else ("✗ ", "red")
        _print(Text.assemble(mark, clean(line)))
    return 0 if well else 1


def _print(line: Text) -> None:
    """Print a line that holds paths, which can be copied only where nothing breaks them."""
    console().print(line, soft_wrap=True)


def _findings(db: Path | None) -> Iterator[tuple[bool, str]]:
    import numpy as np  # noqa: PLC0415  # its version is a finding

    yield True, f"Python {platform.python_version()}, NumPy {np.__version__}"
    try:
        settings = load_settings()
    except BotError as error:
        yield False, str(error)
        return
    yield True, f"Settings can be read; zone {settings.timezone}"
    yield _sqlite()
    path = db or database_path(settings)
    yield _database(settings, path)
    bank = BankLoader(settings.content, warn=False)()
    for problem in bank.problems:
        yield False, str(problem)
    families = sum(entry.family for entry in bank.entries.values())
    yield True, f"Bank: {len(bank.entries) - families} questions, {families} families"
    from adapters import sandbox_cli  # noqa: PLC0415  # brings the sandbox

    yield from asyncio.run(sandbox_cli.findings(quick=True))
    yield from _platforms(path)


def _platforms(path: Path) -> Iterator[tuple[bool, str]]:
    """Whether the platforms that have tokens can be reached."""
    try:
        env = environment(Path())
        slack, discord = SlackSettings.from_env(env), DiscordSettings.from_env(env)
    except BotError as error:
        yield False, str(error)
        return
    if slack is None and discord is None:
        words = "neither SLACK_BOT_TOKEN nor DISCORD_TOKEN is set"
        yield True, f"Platforms: the terminal (numpy-bot play); {words}"
    if slack is not None:
        from adapters import slack_doctor  # noqa: PLC0415  # only where there is a Slack

        yield from asyncio.run(slack_doctor.findings(slack, _scheduled(path, "slack")))
    if discord is not None:
        from adapters import discord_doctor  # noqa: PLC0415  # only where there is a Discord

        yield from asyncio.run(discord_doctor.findings(discord, _scheduled(path, "discord")))


def _scheduled(path: Path, name: str) -> list[Scheduled]:
    """A platform's channels that have a daily; none where the database cannot tell."""
    if not path.is_file():
        return []
    try:
        with open_database(load_settings(), path) as database:
            return scheduled(database.read, name)
    except StorageError:
        return []


def _database(settings: Settings, path: Path) -> tuple[bool, str]:
    """Whether the database is whole, or could be made; looking makes none."""
    if not path.exists():
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        try:
            with tempfile.TemporaryFile(dir=folder):
                return True, f"Database {path}: none yet, the first start makes it"
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return False, f"Database {path} cannot be made ({reason}). {sqlite.ELSEWHERE}"
    try:
        with open_database(settings, path) as database:
            finding = database.finding()
    except StorageError as error:
        return False, str(error)
    return finding == "ok", f"Database {path}: {finding}"


def _sqlite() -> tuple[bool, str]:
    version = tuple(map(int, sqlite.version.split(".")))
    if version >= SAFE_SQLITE:
        return True, f"SQLite {sqlite.version}"
    return False, (
        f"SQLite {sqlite.version} can damage a database that two processes use at once; "
        "3.51.3 and later cannot. Install pysqlite3, or run one process."
    )
