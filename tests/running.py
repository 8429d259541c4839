"""`numpy-bot run` as a process with a clock that a test moves, and `numpy-bot doctor`."""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from adapters.cli import main
from tests.prepared import prepare

if TYPE_CHECKING:
    from tests.nursery import Forked, Nursery

PATIENCE = 30.0
OURS = ("NUMPY_BOT", "SLACK", "DISCORD", "HTTP", "NO_PROXY")
"""What a test's machine sets for a bot of its own."""


def inherited() -> dict[str, str]:
    """The environment without any bot's settings."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(OURS)}


def doctor(path: Path, **env: str) -> Result:
    """Run `numpy-bot doctor` in this process, with these settings and no others."""
    theirs = {name: None for name in os.environ if name not in inherited()}
    return CliRunner(env={**theirs, **env}).invoke(main, ("doctor", "--db", str(path)))


class Running:
    """The process, and the clock that it shares with its platforms; `env` is how to reach them."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        self.process: asyncio.subprocess.Process | Forked | None = None
        self.nursery: Nursery | None = None
        self.move_to(now)

    def seconds(self) -> float:
        """The time that everybody believes in."""
        return time.time() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Let it be another time."""
        self.ahead = moment.timestamp() - time.time()
        shift = self.folder / "shift.new"
        shift.write_text(str(self.ahead), encoding="utf-8")
        shift.rename(self.folder / "shift")

    async def start(self, **env: str) -> None:
        """Begin, with more settings."""
        env = {
            **inherited(),
            "NUMPY_BOT_DB": str(self.folder / "bot.db"),
            "SHIFT": str(self.folder / "shift"),
            **self.env,
            **env,
        }
        prepare(self.folder / "bot.db")
        with (self.folder / "log.txt").open("a") as log:
            if self.nursery is not None:
                self.process = await self.nursery.spawn(env, log.name)
                return
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.shifted", "run", stderr=log, env=env
            )

    async def end(self, how: signal.Signals) -> int:
        """Have the process ended, and give its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def over(self) -> None:
        """Kill it if it still runs."""
        if self.process is not None and self.process.returncode is None:
            await self.end(signal.SIGKILL)

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return (self.folder / "log.txt").read_text(encoding="utf-8")
