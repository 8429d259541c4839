"""What operators ask of a database: boards, backups, a diagnosis."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.cli import main
from adapters.operate import SAFE_SQLITE
from adapters.wiring import open_database
from bot.config import Settings
from bot.store import sqlite
from tests.bank_items import write
from tests.fakes import World
from tests.terminal import Terminal, right


def run(*arguments: str, **env: str) -> Result:
    """Run a command in this process with some settings and no others."""
    ours = {name: None for name in os.environ if name.startswith("NUMPY_BOT_")}
    return CliRunner(env={**ours, **env}).invoke(main, arguments)


def played(folder: Path, *people: str) -> Path:
    """Make a database in which each of these people has earned ten points."""
    with Terminal(folder) as terminal:
        for who in people:
            terminal.play(right, "q", who=who)
    return folder / "play.db"


def test_the_leaderboard_shows_every_channel(tmp_path: Path) -> None:
    """Each channel is named above its board, by platform, team and channel."""
    with World(tmp_path) as world:
        for channel in ("numpy", "random"):
            place = world.place(channel)
            world.schedule(place=place)
        world.wait(hours=1)
        world.tick()
        for channel in ("numpy", "random"):
            place = world.place(channel)
            world.answer("Bea", world.daily_of(place), place=place)
    shown = run("leaderboard", "all", "--db", str(tmp_path / "bot.db")).output
    assert "memory team numpy\n" in shown
    assert "memory team random\n" in shown
    assert 2 == shown.count("Leaderboard · all time · this channel")
    team = run("leaderboard", "all", "team", "--db", str(tmp_path / "bot.db")).output
    assert "memory team\n" in team
    assert 1 == team.count("Bea")


def test_the_leaderboard_as_json_is_a_line_a_person(tmp_path: Path) -> None:
    """Ties share a rank; ids of ours stay inside."""
    path = played(tmp_path, "ada", "ben")
    result = run("leaderboard", "all", "--json", "--db", str(path))
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert [
        {"place": "console local console", "rank": 1, "name": name, "points": 10}
        for name in ("ada", "ben")
    ] == rows


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Names come from other people."""
    path = played(tmp_path, "\x1b[2Jada\u202e[bold]")
    shown = run("leaderboard", "all", "--db", str(path)).output
    assert "�[2Jada�[bold]" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("period", "when"), [("week", " this week"), ("month", " this month"), ("all", "")]
)
def test_an_empty_board_says_so(period: str, when: str, tmp_path: Path) -> None:
    """Nothing at all would look like a fault; JSON stays empty."""
    open_database(Settings(), tmp_path / "bot.db").close()
    arguments = ("leaderboard", period, "--db", str(tmp_path / "bot.db"))
    assert f"Nobody has points yet{when}.\n" == run(*arguments).output
    assert run(*arguments, "--json").output == ""


def test_a_leaderboard_makes_no_database(tmp_path: Path) -> None:
    """Looking is no reason to write."""
    result = run("leaderboard", NUMPY_BOT_DB=str(tmp_path / "bot.db"))
    assert 2 == result.exit_code
    assert "`numpy-bot play` makes one" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_backup_is_taken_while_somebody_plays(tmp_path: Path) -> None:
    """The copy holds what was stored until then, and the game goes on undisturbed."""
    copy = tmp_path / "copy.db"

    def back_up(seat: Terminal) -> str:
        result = run("backup", str(copy), "--db", str(seat.database.path))
        assert 0 == result.exit_code
        assert f"{seat.database.path} is saved as {copy}\n" == result.output
        return ""

    with Terminal(tmp_path) as terminal:
        shown = terminal.play(right, back_up, right, "q")
    assert "2 of 2 answers right" in shown
    assert "ada" in run("leaderboard", "all", "--db", str(copy)).output


def test_a_backup_replaces_a_file_only_when_told(tmp_path: Path) -> None:
    """An older copy may be the only good one."""
    path = played(tmp_path, "ada")
    copy = tmp_path / "copy.db"
    copy.write_text("precious")
    refused = run("backup", str(copy), "--db", str(path))
    assert 2 == refused.exit_code
    assert str(copy) in refused.stderr
    assert "precious" == copy.read_text()
    assert 0 == run("backup", str(copy), "--force", "--db", str(path)).exit_code
    assert "ada" in run("leaderboard", "all", "--db", str(copy)).output


@pytest.mark.parametrize("target", ["there/is/none.db", "."])
def test_a_backup_that_cannot_be_written_says_why(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing folder or a folder itself end with status 2 and a way out."""
    path = played(tmp_path, "ada")
    monkeypatch.chdir(tmp_path)
    result = run("backup", target, "--db", str(path))
    assert 2 == result.exit_code
    assert "Name a file in" in result.stderr
    assert ["play.db"] == sorted(file.name for file in tmp_path.iterdir())


def test_a_healthy_bot_passes(tmp_path: Path) -> None:
    """Versions, settings, database and bank, each with its mark, and status 0."""
    path = played(tmp_path, "ada")
    result = run("doctor", "--db", str(path))
    lines = result.output.splitlines()
    assert f"✓ Database {path}: ok" in lines
    assert any(line.startswith("✓ Bank: ") for line in lines)
    if tuple(map(int, sqlite.version.split("."))) >= SAFE_SQLITE:
        assert 0 == result.exit_code
        assert all(line.startswith("✓ ") for line in lines)


def test_the_doctor_makes_no_database(tmp_path: Path) -> None:
    """Where there is none it says how one comes about."""
    path = tmp_path / "new" / "bot.db"
    result = run("doctor", "--db", str(path))
    assert f"✓ Database {path}: none yet, the first start makes it" in result.output
    assert [] == list(tmp_path.iterdir())


def test_the_doctor_finds_a_place_that_cannot_be_written() -> None:
    """A folder of the system takes no database, whoever asks."""
    result = run("doctor", NUMPY_BOT_DB="/proc/bot.db")
    assert 1 == result.exit_code
    assert "✗ Database /proc/bot.db cannot be made" in result.output
    assert "Set NUMPY_BOT_DB" in result.output


def test_the_doctor_finds_a_damaged_database(tmp_path: Path) -> None:
    """It says how to restore the last backup, and looks at the rest all the same."""
    path = tmp_path / "bot.db"
    path.write_bytes(b"no database" * 1000)
    result = run("doctor", "--db", str(path))
    assert 1 == result.exit_code
    assert f"✗ {path} is damaged" in result.output
    assert "✓ Bank: " in result.output


def test_the_doctor_finds_broken_question_files(tmp_path: Path) -> None:
    """Each is named with its line and what to write instead."""
    write(tmp_path, "bad", 'topic = "shapes"\nlevle = 3\n')
    write(tmp_path, "worse", "kind = ")
    result = run("doctor", NUMPY_BOT_DB=str(tmp_path / "bot.db"), NUMPY_BOT_CONTENT=str(tmp_path))
    assert 1 == result.exit_code
    assert f"✗ {tmp_path}/bad.toml:2: `levle`" in result.output
    assert f"✗ {tmp_path}/worse.toml:1: is not TOML" in result.output
    assert "✓ Bank: " in result.output


def test_the_doctor_finds_a_bad_setting() -> None:
    """Nothing else can be looked at then."""
    result = run("doctor", NUMPY_BOT_TIMEZONE="Mars/Base")
    assert 1 == result.exit_code
    assert "✗ NUMPY_BOT_TIMEZONE is 'Mars/Base'" in result.output


def test_an_old_sqlite_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the version that is safe and how to get one."""
    monkeypatch.setattr(sqlite, "version", "3.40.1")
    result = run("doctor", "--db", str(tmp_path / "bot.db"))
    assert 1 == result.exit_code
    assert "✗ SQLite 3.40.1" in result.output
    assert "Install pysqlite3" in result.output


def test_a_backup_is_put_back(tmp_path: Path) -> None:
    """With the sentence that names the database from before, which is as it was."""
    path, copy = played(tmp_path, "ada"), tmp_path / "copy.db"
    assert 0 == run("backup", str(copy), "--db", str(path)).exit_code
    with Terminal(tmp_path) as terminal:
        terminal.play(right, "q", who="ben")
    result = run("restore", str(copy), "--db", str(path))
    assert 0 == result.exit_code
    assert f"{copy} is restored to {path}\n" in result.output
    (kept,) = tmp_path.glob("play.db.2*")
    assert f"The database from before is kept as {kept}\n" in result.output
    assert "ben" not in run("leaderboard", "all", "--db", str(path)).output
    assert "ben" in run("leaderboard", "all", "--db", str(kept)).output


def test_what_is_no_backup_is_not_put_back(tmp_path: Path) -> None:
    """Status 2, and a sentence with the way out."""
    path = played(tmp_path, "ada")
    result = run("restore", str(tmp_path / "none.db"), "--db", str(path))
    assert 2 == result.exit_code
    assert "There is no backup at" in result.output
