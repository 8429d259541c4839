"""What happened in this process so far, counted for whoever watches it."""

from collections import Counter

from bot.errors import CannotLook, DeliveryError, Refused, RetryAfter, Unsure

ERRORS: dict[type[DeliveryError], str] = {
    Refused: "refused",
    RetryAfter: "retry_after",
    Unsure: "unsure",
    CannotLook: "cannot_look",
}
"""What an error of a platform is called."""

ENDS = ("posted", "unknown", "skipped", "failed")
"""How the delivery of a message may end."""


class Tally:
    """Counts since the start, all of them only ever growing.

    `messages` by platform, step and how their delivery ended, `answers` by kind of question and
    outcome, `errors` by platform and what kind of error its API gave.
    """

    def __init__(self) -> None:
        self.messages: Counter[tuple[str, ...]] = Counter()
        self.answers: Counter[tuple[str, ...]] = Counter()
        self.errors: Counter[tuple[str, ...]] = Counter()

    def error(self, platform: str, error: DeliveryError) -> None:
        """A call of a platform failed."""
        self.errors[platform, ERRORS[type(error)]] += 1
