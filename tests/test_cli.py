"""The `numpy-bot` command: its help, its errors as sentences, its exit codes."""

import errno
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from adapters import operate
from adapters.cli import main
from adapters.wiring import open_database
from bot.config import Settings
from bot.errors import BotError
from tests.bank_items import SINGLE, write

COMMANDS = ["", "play", "run", "leaderboard", "backup", "restore", "doctor", "bank", "schedule"]


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Playing takes the process's log; the tests get it back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def run(*arguments: str, stdin: str = "", **env: str) -> Result:
    """Run a command in this process with some settings and no others."""
    ours = {name: None for name in os.environ if name.startswith("NUMPY_BOT_")}
    return CliRunner(env={**ours, **env}).invoke(main, arguments, input=stdin)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """`--help` and `-h` explain each command and end with status 0."""
    for option in ("--help", "-h"):
        result = run(*command.split(), option)
        assert 0 == result.exit_code
        assert result.output.startswith("Usage: ")
        assert 3 < len(result.output.splitlines())


def test_the_help_lists_every_command() -> None:
    """Also those whose code is only imported when they are called."""
    shown = run("--help").output
    for command in COMMANDS[1:]:
        assert f"\n  {command} " in shown


def test_run_says_what_is_missing_and_what_to_do() -> None:
    """Without a platform it names both tokens and the way to play, with status 2."""
    result = run("run")
    assert 2 == result.exit_code
    for name in ("SLACK_BOT_TOKEN", "DISCORD_TOKEN", "numpy-bot play"):
        assert name in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("ply", "Did you mean 'play'"),
        ("play --topic brodcasting", "Did you mean `broadcasting`?"),
        ("play --level 7", "Levels: easy, medium, hard."),
        ("play --count 0", "1<=x<=50"),
        ("play --seed x", "not a valid integer"),
        ("leaderboard year", "'week', 'month', 'all'"),
        ("backup", "Missing argument 'FILE'"),
        ("restore", "Missing argument 'FILE'"),
    ],
)
def test_a_slip_in_the_command_is_explained(arguments: str, said: str) -> None:
    """What cannot be meant ends with status 2 and what can."""
    result = run(*arguments.split())
    assert 2 == result.exit_code
    assert said in result.stderr


@pytest.mark.parametrize("command", ["play", "leaderboard", "backup copy.db"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NUMPY_BOT_TIMEZONE", "Mars/Base"),
        ("NUMPY_BOT_TIMEZONE", "../../etc/passwd"),
        ("NUMPY_BOT_TIMEZONE", "\x1b[31mred"),
        ("NUMPY_BOT_CONTENT", "/there/is/no/such/folder"),
        ("NUMPY_BOT_LOG_LEVEL", "loud"),
        ("NUMPY_BOT_LOG_FORMAT", "xml"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(command: str, name: str, value: str) -> None:
    """One sentence with the setting and an example, status 2, nothing raw and no traceback."""
    result = run(*command.split(), **{name: value})
    assert 2 == result.exit_code
    assert result.stderr.startswith(name)
    assert f"Example: {name}=" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_an_env_file_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.env` in another encoding is a sentence; a folder of that name is none of our business."""
    monkeypatch.chdir(tmp_path)
    if content is None:
        Path(".env").mkdir()
    else:
        Path(".env").write_bytes(content)
    result = run("play", NUMPY_BOT_DB="play.db")
    assert (0 if content is None else 2) == result.exit_code
    assert (".env cannot be read" in result.stderr) == (content is not None)


def ours(path: Path) -> None:
    """Make a database of ours."""
    open_database(Settings(), path).close()


def foreign(path: Path) -> None:
    """Make somebody else's database."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()


def cut(path: Path) -> None:
    """Make a database of ours that lost its end."""
    ours(path)
    os.truncate(path, path.stat().st_size // 2)


def garbage(path: Path) -> None:
    """Make a file that is no database."""
    path.write_bytes(bytes(range(256)) * 100)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (foreign, "is the database of another program"),
        (cut, "Restore the last backup"),
        (garbage, "Restore the last backup"),
        (Path.mkdir, "is a folder, not a database"),
    ],
)
@pytest.mark.parametrize("command", ["play", "leaderboard"])
def test_a_file_that_is_no_database_of_ours_is_left_alone(
    command: str, make: object, said: str, tmp_path: Path
) -> None:
    """It is named with the way out, status 2, and not one byte of it changes."""
    path = tmp_path / "play.db"
    assert callable(make)
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    result = run(command, NUMPY_BOT_DB=str(path))
    assert 2 == result.exit_code
    assert str(path) in result.stderr
    if (command, make) == ("leaderboard", Path.mkdir):
        said = "There is no database at"
    assert said in result.stderr
    assert before == (path.read_bytes() if path.is_file() else b"")


@pytest.mark.parametrize("place", ["/proc/play.db", "file/play.db", "/dev/null/play.db"])
def test_a_place_that_cannot_be_written_is_refused(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only folder and a path below a file end with the setting to change."""
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    result = run("play", NUMPY_BOT_DB=place)
    assert 2 == result.exit_code
    assert "Set NUMPY_BOT_DB to a file in a folder that you can write to." in result.stderr


def ended(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run a command that fails like this."""

    def fail(_: Path | None) -> int:
        raise error

    monkeypatch.setattr(operate, "diagnose", fail)
    return run("doctor")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BotError("Mend \x1b[31mit."), 2, "Mend �[31mit.\n"),
        (KeyboardInterrupt(), 130, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "Nothing more can be written"),
    ],
)
def test_what_is_nobodys_bug_ends_without_a_traceback(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence for what can be mended, and silence for Ctrl-C."""
    monkeypatch.setattr("adapters.cli.let_go", lambda: None)
    result = ended(error, monkeypatch)
    assert code == result.exit_code
    assert said in result.stderr


def test_a_bug_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything else keeps its traceback."""
    assert isinstance(ended(ZeroDivisionError(), monkeypatch).exception, ZeroDivisionError)


@pytest.mark.parametrize("module", ["click", "adapters.play", "bot.app"])
def test_an_interrupt_amid_an_import_ends_quietly(module: str, tmp_path: Path) -> None:
    """Ctrl-C before anything is shown ends with status 130 and says nothing."""
    script = f"""
import signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder())
sys.argv = ["numpy-bot", "play"]
from adapters.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "NUMPY_BOT_DB": str(tmp_path / "play.db")},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (130, b"", b"") == (done.returncode, done.stdout, done.stderr)


def test_commands_are_imported_only_when_they_are_called() -> None:
    """The help of the whole needs no database and no drawing."""
    script = "import sys, adapters.cli; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    assert not {"rich", "numpy", "asyncio", "bot.store.database"}.intersection(loaded)
    assert isinstance(main, click.Group)


def test_dot_env_reaches_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone and a folder of questions in `.env` hold for the authors' commands too."""
    write(tmp_path, "one-of-ours", SINGLE)
    settings = f"NUMPY_BOT_TIMEZONE=Asia/Tokyo\nNUMPY_BOT_CONTENT={tmp_path}\n"
    (tmp_path / ".env").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "Asia/Tokyo" in run("schedule", "preview", "--count", "1").output
    assert "one-of-ours" in run("bank", "show", "one-of-ours").output
