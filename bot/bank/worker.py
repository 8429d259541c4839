"""A process that runs snippets and can be killed: an endless loop must not hang the check."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from bot.bank import evaluate
from bot.bank.evaluate import Job, Result
from bot.bank.problem import Fault

_START_SECONDS = 60.0
_QUIET = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class TooSlow(Exception):
    """A job took longer than its limit; the process was killed and starts anew."""


class Crashed(Exception):
    """The process ended while it ran a job, or could not start."""


class Worker:
    """Runs jobs with one Python, at most `limit` seconds each, in a folder of its own.

    `python` needs NumPy and nothing of ours. Use it in a `with` statement.
    """

    def __init__(self, python: str = sys.executable, limit: float = 5.0) -> None:
        self._python = python
        self._limit = limit
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self._folder = tempfile.TemporaryDirectory(prefix="numpy-bot-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and take its folder away."""
        self.stop()
        self._folder.cleanup()

    def run(self, job: Job) -> Result:
        """Run a job. Raises `TooSlow` or `Crashed`."""
        self.send(job)
        return self.receive()

    def send(self, job: Job) -> None:
        """Hand over a job without waiting; `receive` must follow."""
        if self._process is None:
            self._start()
        self._write(job)

    def receive(self) -> Result:
        """The result of the job that was sent. Raises `TooSlow` or `Crashed`."""
        return self._read(self._limit)

    def litter(self) -> list[str]:
        """The names of the files that snippets left behind, which are taken away."""
        left = sorted(Path(self._folder.name).iterdir())
        for path in left:
            with contextlib.suppress(OSError):
                path.unlink()
        return [path.name for path in left]

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 -- the operator names the Python
                [self._python, "-I", evaluate.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env={**os.environ, **dict.fromkeys(_QUIET, "1")},
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise Crashed(f"{self._python} does not start ({error.strerror})") from error
        self._lines = queue.Queue()
        arguments = (self._process.stdout, self._lines)
        self._reader = threading.Thread(target=_pump, args=arguments, daemon=True)
        self._reader.start()
        self._write({})
        self._read(_START_SECONDS)  # importing NumPy is not on the snippet's time

    def _write(self, job: Job) -> None:
        stdin = cast("subprocess.Popen[str]", self._process).stdin
        with contextlib.suppress(OSError):  # reading tells that the process is gone
            cast("IO[str]", stdin).write(json.dumps(job) + "\n")
            cast("IO[str]", stdin).flush()

    def _read(self, seconds: float) -> Result:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise TooSlow(f"took longer than {seconds:g} s") from None
        if not line:
            self.stop()
            raise Crashed(f"{self._python} ended (does it have NumPy?)")
        return cast("Result", json.loads(line))

    def stop(self) -> None:
        """Kill the process; the next job starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        self._reader.join()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                cast("IO[str]", stream).close()


def _pump(stream: IO[str], lines: "queue.Queue[str]") -> None:
    """Pass on every line, and an empty one at the end."""
    for line in stream:
        lines.put(line)
    lines.put("")


def run_once(job: Job, limit: float) -> Result:
    """Run one job in a process of its own. Raises `Fault` where it takes longer than `limit`."""
    with Worker(limit=limit) as worker:
        try:
            return worker.run(job)
        except (TooSlow, Crashed) as error:
            raise Fault("code", str(error), "Write a snippet that ends at once.") from error
