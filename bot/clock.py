"""Two clocks: what time it is, and how much time passed."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The clocks of a process.

    What is planned follows the time of day, which an operator or a time server may set at
    any moment. How long a lease lasts must not change with it.
    """

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""

    def steady(self) -> float:
        """Seconds since some moment before this machine's processes began, for all of them alike.

        Nothing but the machine's own start sets it back.
        """
