"""Processes of `numpy-bot run` that begin at once, for tests that kill hundreds of them.

`python -m tests.nursery` has imported everything and forks a process for each line that it
reads, `{"env": …, "log": …}`. It answers `{"pid": …}` when one is born, and `{"pid": …,
"status": …}` when one is dead, with a negative signal as `subprocess` has it.
"""

import asyncio
import gc
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from bot.bank.bank import Bank
from tests import shifted

EVERYTHING = (
    *("adapters.discord_relay", "adapters.slack_app", "adapters.slack_relay", "bot.grading"),
    *("apscheduler.schedulers.asyncio", "numpy", "sqlite_utils"),
)
"""What a process imports only when it needs it."""


class Forked:
    """A process as `asyncio.subprocess` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._over = asyncio.Event()

    def ended(self, status: int) -> None:
        """It is dead."""
        self.returncode = status
        self._over.set()

    def send_signal(self, how: signal.Signals) -> None:
        """Send it a signal."""
        if self.returncode is None:
            os.kill(self.pid, how)

    async def wait(self) -> int:
        """Wait for its end, and give its status."""
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """The process that forks others."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._living: dict[int, Forked] = {}
        self._born: asyncio.Queue[Forked] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        """Begin, and take all of them along at the end."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.nursery"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        nursery = cls(process)
        try:
            yield nursery
        finally:
            for one in nursery._living.values():
                one.send_signal(signal.SIGKILL)
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
            await nursery._reading

    async def spawn(self, env: dict[str, str], log: str) -> Forked:
        """Begin another process with these settings, which writes to a log."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"env": env, "log": log}).encode() + b"\n")
        return await self._born.get()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "status" in told:
                self._living.pop(told["pid"]).ended(told["status"])
            else:
                one = self._living[told["pid"]] = Forked(told["pid"])
                self._born.put_nowait(one)


def say(**told: int) -> None:
    """Tell the test."""
    os.write(1, json.dumps(told).encode() + b"\n")


def live(env: dict[str, str], log: str) -> None:
    """Be a process of the bot, and nothing else any more."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, to in enumerate((nothing, nothing, os.open(log, os.O_WRONLY | os.O_APPEND))):
        os.dup2(to, number)
    os.environ.clear()
    os.environ.update(env)
    status = 1
    try:
        shifted.main(["run"])
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(status)


def serve() -> None:
    """Fork for every line, and tell of every death, until there are no more lines."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    rest, is_open, living = b"", True, 0
    while is_open or living:
        ready, _, _ = select.select([0, woken] if is_open else [woken], [], [])
        if woken in ready:
            os.read(woken, 1000)
            while living:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                living -= 1
                say(pid=pid, status=os.waitstatus_to_exitcode(status))
        if 0 in ready:
            read = os.read(0, 100_000)
            is_open = bool(read)
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                pid = os.fork()
                if not pid:
                    live(**json.loads(line))
                living += 1
                say(pid=pid)


if __name__ == "__main__":
    for name in EVERYTHING:
        importlib.import_module(name)
    bank = Bank.load()
    Bank.load = lambda *_, **__: bank  # type: ignore[method-assign]  # the same for all
    gc.freeze()
    serve()
