"""`numpy-bot` in a process whose clock is moved from outside: `python -m tests.shifted run`.

The file that SHIFT names holds how many seconds it is ahead. Ticks come quickly, so that
nobody waits for them.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters import cli, serve
from bot import daily


def now() -> datetime:
    """The time as the test wants it."""
    ahead = float(Path(os.environ["SHIFT"]).read_text(encoding="utf-8"))
    return datetime.now(UTC) + timedelta(seconds=ahead)


if __name__ == "__main__":
    serve._now = now
    daily.TICK_SECONDS = 0.1  # type: ignore[assignment]  # APScheduler takes parts of seconds
    cli.main(prog_name="numpy-bot")
