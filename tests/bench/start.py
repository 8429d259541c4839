"""How long a person waits for the first question of `numpy-bot play`."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from time import perf_counter

from tests.bench.result import Result, against, medians_of

ROOT = Path(__file__).parent.parent.parent
PLAY = [sys.executable, "-m", "adapters.cli", "play"]
RUNS = 9
PATIENCE = 60.0
"""Seconds after which a start that shows nothing is given up."""
PROMPT = "Your answer"
"""What the terminal says when it has shown a question and waits."""


def first_question() -> list[Result]:
    """Compare the start with `import numpy`, on an existing database and on none."""
    with tempfile.TemporaryDirectory() as folder:
        existing = Path(folder, "existing.db")
        fresh = (Path(folder, f"{number}.db") for number in range(RUNS + 1))
        # Once for the bytecode and the database that exists from then on.
        started(existing)
        started(next(fresh))
        imported()
        again, first, numpy = medians_of(
            RUNS, [lambda: started(existing), lambda: started(next(fresh)), imported]
        )
    return [
        against("start/existing-database", again, numpy, unit="s", goal="ratio<=2.5"),
        against("start/first-ever", first, numpy, unit="s", goal="ratio<=5"),
    ]


def asks(text: str) -> bool:
    """Tell whether the output so far holds a question that waits for its answer."""
    return PROMPT in text


def started(database: Path, shown: Callable[[str], bool] = asks) -> float:
    """Play with `database` until `shown` accepts the output; seconds since the start."""
    start = perf_counter()
    with subprocess.Popen(
        PLAY,
        cwd=ROOT,
        env={**os.environ, "NUMPY_BOT_DB": str(database)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = Timer(PATIENCE, process.kill)
        watchdog.start()
        output = b""
        # A prompt ends no line, so bytes are read as they come.
        while chunk := os.read(process.stdout.fileno(), 65536):
            output += chunk
            if shown(output.decode(errors="replace")):
                break
        seconds = perf_counter() - start
        if not chunk:
            watchdog.cancel()
            raise RuntimeError(f"it ended without a question: {output.decode(errors='replace')}")
        process.stdin.close()
        process.stdout.read()
        watchdog.cancel()
    return seconds


def imported() -> float:
    """Seconds that a process needs which only imports NumPy."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    return perf_counter() - start


BENCHMARKS = {"start/first-question": first_question}
