"""`numpy-bot` in a process whose clock is moved from outside: `python -m tests.shifted run`.

The file that SHIFT names holds how many seconds it is ahead. Ticks come quickly, so that
nobody waits for them.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters import cli, serve
from bot import daily


def ahead() -> float:
    """How many seconds the test is ahead."""
    return float(Path(os.environ["SHIFT"]).read_text(encoding="utf-8"))


class Shifted:
    """The clocks as the test wants them."""

    def now(self) -> datetime:
        """The time of day."""
        return datetime.now(UTC) + timedelta(seconds=ahead())

    def steady(self) -> float:
        """The time that the test let pass."""
        return time.monotonic() + ahead()


if __name__ == "__main__":
    serve.SystemClock = Shifted  # type: ignore[assignment,attr-defined]  # the process has no other
    daily.TICK_SECONDS = 0.1  # type: ignore[assignment]  # APScheduler takes parts of seconds
    cli.main(prog_name="numpy-bot")
