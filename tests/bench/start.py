"""How long a person waits for the first question of `numpy-bot play`."""

import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Timer
from time import perf_counter

from adapters.play import PROMPT
from bot.store import sqlite
from tests.bench.result import Result, against, medians_of

ROOT = Path(__file__).parent.parent.parent
PLAY = [sys.executable, "-m", "adapters", "play"]
RUNS = 11
PATIENCE = 60.0
"""Seconds after which a start that shows nothing is given up."""


def first_question() -> list[Result]:
    """Compare the start with `import numpy`: the question is there, answered, or to be made.

    Where it is answered its result is shown, and the first question is one of practice.
    """
    with tempfile.TemporaryDirectory() as folder:
        waiting, answered = Path(folder, "waiting.db"), Path(folder, "answered.db")
        fresh = (Path(folder, f"{number}.db") for number in range(RUNS + 1))
        # Once for the bytecode and the databases that exist from then on.
        started(waiting)
        answer_today(answered)
        started(next(fresh))
        imported()
        again, after, next_day, first, numpy = medians_of(
            RUNS,
            [
                lambda: started(waiting),
                lambda: started(answered),
                lambda: started(a_day_older(waiting)),
                lambda: started(next(fresh)),
                imported,
            ],
        )
    return [
        against("start/existing-database", again, numpy, unit="s", goal="ratio<=2.5"),
        against("start/answered-today", after, numpy, unit="s", goal="ratio<=2.5"),
        against("start/new-day", next_day, numpy, unit="s", goal="ratio<=2.5"),
        against("start/first-ever", first, numpy, unit="s", goal="ratio<=5"),
    ]


def started(database: Path) -> float:
    """Play with `database` in a terminal until a question waits; seconds since the start."""
    ours, theirs = pty.openpty()
    start = perf_counter()
    with subprocess.Popen(
        PLAY, cwd=ROOT, env=_environment(database), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            seconds = _until_asked(ours, start)
            os.write(ours, b"q\n")
            while _read(ours):
                pass
        finally:
            watchdog.cancel()
            os.close(ours)
    return seconds


def _until_asked(terminal: int, start: float) -> float:
    output = b""
    # A prompt ends no line, so bytes are read as they come.
    while chunk := _read(terminal):
        output += chunk
        if f"{PROMPT}> ".encode() in output:
            return perf_counter() - start
    raise RuntimeError(f"it ended without a question: {output.decode(errors='replace')}")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # the other end is closed


def answer_today(database: Path) -> None:
    """Answer today's question, whatever it is: the first one of a database is a choice."""
    subprocess.run(
        PLAY,
        cwd=ROOT,
        env=_environment(database),
        input=b"a\n",
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=PATIENCE,
    )


def a_day_older(database: Path) -> Path:
    """Take the day's question away, as on a day that has none yet."""
    connection = sqlite.connect(database)
    for table in ("outbox", "posts"):
        connection.execute(f"DELETE FROM {table}")
    connection.close()
    return database


def _environment(database: Path) -> dict[str, str]:
    # A bot keeps its bytecode; a machine of developers may be told not to.
    unlike = ("NUMPY_BOT", "PYTHONDONTWRITEBYTECODE")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not any(part in name for part in unlike)
    }
    return {**inherited, "NUMPY_BOT_DB": str(database), "TERM": "xterm-256color"}


def imported() -> float:
    """Seconds that a process needs which only imports NumPy."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    return perf_counter() - start


BENCHMARKS = {"start/first-question": first_question}
