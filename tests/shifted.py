"""`numpy-bot` in a process whose clock is moved from outside: `python -m tests.shifted run`.

The file that SHIFT names holds how many seconds it is ahead. Ticks come quickly, so that
nobody waits for them. DIE names a place in a message's life, and a step or `any`: there the
process kills itself, as `kill -9` would (`claimed explain`).
"""

import functools
import inspect
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters import cli, serve
from adapters.discord_app import DiscordApp
from bot import attempt, daily, planning, scheduler
from bot.store import dailies, outbox

if TYPE_CHECKING:
    from collections.abc import Callable


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


PLACES: dict[str, tuple[Any, str, bool]] = {
    "planning": (dailies, "add", True),
    "planned": (planning, "add", True),
    "advancing": (planning, "_advance", True),
    "closing": (daily, "_close", True),
    "claiming": (outbox, "claim", True),
    "claimed": (attempt.Attempt, "run", False),
    "sending": (attempt.Attempt, "_send", False),
    "sent": (attempt.Attempt, "_send", True),
    "settling": (outbox, "settle", True),
    "settled": (attempt.Attempt, "_settle", True),
}
"""Each a function, and whether it has run: what a transaction holds then is not committed yet."""


def die(place: str, step: str) -> None:
    """Let the process end there, when it is about a step."""
    owner, name, after = PLACES[place]
    inner: Callable[..., Any] = getattr(owner, name)

    def cut(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        about = [*args, *kwargs.values()]
        steps = [one.delivery.step for one in about if isinstance(one, attempt.Attempt)]
        steps += [one.step for one in about if isinstance(one, outbox.Delivery)]
        if step == "any" or step in steps:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(inner)
    async def later(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # whatever it takes
        if not after:
            cut(args, kwargs)
        value = await inner(*args, **kwargs)
        cut(args, kwargs)
        return value

    @functools.wraps(inner)
    def at_once(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # the same
        value = inner(*args, **kwargs)
        if name != "claim" or value:  # an idle look is nothing that could be lost
            cut(args, kwargs)
        return value

    setattr(owner, name, later if inspect.iscoroutinefunction(inner) else at_once)


def main(words: list[str] | None = None) -> None:
    """Be `numpy-bot`, with the words that stand behind it; ends the process."""
    if "DIE" in os.environ:
        die(*os.environ["DIE"].split())
    serve.SystemClock = Shifted  # type: ignore[assignment,attr-defined]  # the process has no other
    scheduler.TICK_SECONDS = 0.05  # type: ignore[assignment]  # APScheduler takes parts of seconds
    (DiscordApp.__init__.__kwdefaults__ or {})["patience"] = 0.05  # the servers are told at once
    cli.main(words, prog_name="numpy-bot")


if __name__ == "__main__":
    main()
