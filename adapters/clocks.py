"""The clocks of this machine."""

from datetime import UTC, datetime
from time import monotonic


class SystemClock:
    """What the machine's own clocks tell."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds that Python calls monotonic; they are the same in all processes."""
        return monotonic()
