"""`numpy-bot play` as a process of its own: pipes, encodings, closed streams, a real terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.prepared import prepare

PLAY = [sys.executable, "-m", "adapters", "play"]
PATIENCE = 60.0
CTRL_C = b"\x03"
RECAP = (b"That was the round", b"See you soon")


def environment(folder: Path, **env: str) -> dict[str, str]:
    """Settings of a process whose database lies in a folder, and no others."""
    prepare(folder / "play.db")
    inherited = {name: value for name, value in os.environ.items() if "NUMPY_BOT" not in name}
    return {**inherited, "NUMPY_BOT_DB": str(folder / "play.db"), **env}


def piped(folder: Path, lines: bytes, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Play with lines from a pipe, to the end."""
    return subprocess.run(
        PLAY, input=lines, capture_output=True, check=False, timeout=PATIENCE,
        env=environment(folder, **env),
    )  # fmt: skip


def test_a_pipe_is_read_to_its_end_without_colour(tmp_path: Path) -> None:
    """Each line is an answer, the recap comes last, even where colours are forced."""
    done = piped(tmp_path, b"a\ns\n/me", FORCE_COLOR="1", TERM="xterm-256color")
    assert (0, b"") == (done.returncode, done.stderr)
    assert done.stdout.startswith(b"\nDaily #1 ")
    assert b"\x1b" not in done.stdout
    recap = done.stdout.rpartition(b"\nThat was the round")[2]
    # The points, and behind them only what is true instead of a wrong first answer.
    points, _, corrected = recap.partition(b"points.")
    assert b"Practice" not in points
    assert (corrected == b"\n") != (b"To remember" in corrected)
    assert b"Your answer: " in piped(tmp_path, b"").stdout


def test_a_pipe_of_anything_is_survived(tmp_path: Path) -> None:
    """Bytes that are no text, escape sequences, a novel and an empty line cost nothing."""
    lines = [b"", b"x" * 10_000, "🙂🙂".encode(), b"\x1b[31mred\x1b]0;title\x07", b"\xff\xfe\xc3(",
             b"\x00nul", b"q"]  # fmt: skip
    done = piped(tmp_path, b"\n".join(lines))
    assert (0, b"") == (done.returncode, done.stderr)
    assert not {7, 27, 0}.intersection(done.stdout)
    assert done.stdout.rstrip().endswith(b"Nothing was graded this time.")


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_an_ascii_terminal_gets_ascii(env: dict[str, str], tmp_path: Path) -> None:
    """What the encoding lacks is written as something that looks like it."""
    done = piped(tmp_path, "ä\na\n".encode(), **env)
    assert (0, b"") == (done.returncode, done.stderr)
    assert done.stdout.isascii()
    assert b"Daily #1 - " in done.stdout


def test_a_reader_may_leave(tmp_path: Path) -> None:
    """`numpy-bot play | head -1` ends quietly with status 0."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        PLAY, input=b"a\n", stdout=writer, stderr=subprocess.PIPE, check=False,
        timeout=PATIENCE, env=environment(tmp_path),
    )  # fmt: skip
    os.close(writer)
    assert (0, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
def test_streams_may_be_closed(closed: str, tmp_path: Path) -> None:
    """Without input it says goodbye, without output it says nothing."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *PLAY],  # noqa: S607  # any shell will do
        stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=PATIENCE,
        env=environment(tmp_path),
    )  # fmt: skip
    assert (0, b"") == (done.returncode, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    """Output that cannot be written ends with status 2."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            PLAY, input=b"a\n", stdout=full, stderr=subprocess.PIPE, check=False,
            timeout=PATIENCE, env=environment(tmp_path),
        )  # fmt: skip
    assert 2 == done.returncode
    assert b"Nothing more can be written (No space left on device).\n" == done.stderr


def test_several_may_play_at_once(tmp_path: Path) -> None:
    """Processes that start together on a new database share its daily and keep every answer."""
    people = [f"p{number}" for number in range(3)]
    games = [
        subprocess.Popen(
            PLAY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(tmp_path, LOGNAME=who),
        )
        for who in people
    ]  # fmt: skip
    ended = [game.communicate(b"a\n", timeout=PATIENCE) for game in games]
    assert [0, 0, 0] == [game.returncode for game in games]
    assert {b""} == {errors for _, errors in ended}
    stems = {shown.split(b"\n  A.")[0] for shown, _ in ended}
    assert 1 == len(stems)
    again = [piped(tmp_path, b"", LOGNAME=who) for who in people]
    assert all(b"Your answer: " in game.stdout for game in again)


class Game:
    """A player in a terminal of their own."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.shown = b""
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.execve(sys.executable, PLAY, environment(folder, **env))  # noqa: S606  # our own

    def until(self, *wanted: bytes) -> None:
        """Read until one of these is shown; at the end of the game, or of patience, fail."""
        start, seen = monotonic(), len(self.shown)
        while not any(words in self.shown[seen:] for words in wanted):
            assert monotonic() - start < PATIENCE, self.shown
            assert self._read(), self.shown

    def prompted(self) -> None:
        """Read until it waits for a line: an end of input that comes earlier is lost."""
        while not self.shown.endswith(b"> "):
            assert self._read(), self.shown

    def type(self, keys: bytes) -> None:
        """Type."""
        os.write(self.terminal, keys)

    def end(self, keys: bytes, again: float = 1) -> int:
        """Type the last keys and wait for the end; gives the exit code.

        A Ctrl-C that comes while a prompt is being drawn works with the next key only, as in
        any Python program; so it is pressed again when nothing happened for `again` seconds.
        """
        self.type(keys)
        start = monotonic()
        while monotonic() - start < PATIENCE:
            if self._is_ready(again):
                if not self._read():
                    break
            elif keys.endswith(CTRL_C):
                self.type(CTRL_C)
        else:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)

    def _is_ready(self, seconds: float) -> bool:
        return bool(select.select([self.terminal], [], [], seconds)[0])

    def _read(self) -> bytes:
        try:
            found = os.read(self.terminal, 65536) if self._is_ready(PATIENCE) else b""
        except OSError:
            found = b""  # the other end is closed
        self.shown += found
        return found


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    """A game in a terminal that knows colours, waiting at its first question."""
    game = Game(tmp_path, TERM="xterm-256color")
    game.until(b"Your answer> ")
    yield game
    assert b"Traceback" not in game.shown


def test_a_terminal_has_colours_a_prompt_and_a_legend(game: Game) -> None:
    """A person sees what can be typed; `q` ends with status 0."""
    assert b"\x1b[1;34mDaily #1" in game.shown
    assert b"q leave" in game.shown
    assert 0 == game.end(b"q\r")
    assert b"See you soon" in game.shown


def test_ctrl_d_leaves_with_the_recap(game: Game) -> None:
    """The end of input is a way to leave."""
    game.type(b"a\r")
    game.until(b"Enter next question")
    game.prompted()
    assert 0 == game.end(b"\x04")
    assert b"That was the round" in game.shown


def test_ctrl_c_leaves_with_the_recap_and_the_answer_is_kept(game: Game, tmp_path: Path) -> None:
    """However impatient: once or three times, it ends with status 130 and loses nothing."""
    game.type(b"a\r")
    game.until(b"Enter next question")
    assert 130 == game.end(CTRL_C * 3)
    assert b"That was the round" in game.shown
    assert b"Your answer: " in piped(tmp_path, b"").stdout


@pytest.mark.parametrize("pause", [0.001, 0.003, 0.01, 0.03])
def test_ctrl_c_again_and_again_changes_nothing(game: Game, pause: float) -> None:
    """Held down until the process is gone, it still ends with status 130 and no traceback."""
    assert 130 == game.end(CTRL_C, again=pause)


def test_ctrl_c_while_the_next_question_comes_leaves_cleanly(game: Game) -> None:
    """Whatever it is doing, status 130, the recap and no traceback."""
    game.type(b"a\r")
    game.until(b"Enter next question")
    assert 130 == game.end(b"\r" + CTRL_C)
    assert any(words in game.shown for words in RECAP)


def test_ctrl_c_in_a_form_leaves_cleanly(game: Game) -> None:
    """A form is no trap."""
    game.type(b"/schedule\r")
    game.until(b"Time [00:00]: ")
    assert 130 == game.end(CTRL_C)
    assert b"See you soon" in game.shown


def test_a_dumb_terminal_gets_plain_text(tmp_path: Path) -> None:
    """TERM=dumb means no escape sequences at all."""
    game = Game(tmp_path, TERM="dumb")
    game.until(b"Your answer> ")
    game.type(b"\x1b[31mred\r")
    game.until(b"Answer with a letter")
    assert 0 == game.end(b"q\r")
    assert b"\x1b" not in game.shown.replace(b"^[", b"")
