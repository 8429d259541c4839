"""A round of practice: what was asked for and how far it is, carried in button ids."""

import msgspec

from bot.commands import MOST_QUESTIONS
from content.schema import TOPICS


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A round; `total` 0 has no end, `review` asks only what is due."""

    topic: str = ""
    level: int = 0
    done: int = 0
    total: int = 0
    review: bool = False

    def __str__(self) -> str:
        mode = "r" if self.review else "q"
        return f"{mode}.{self.topic or '-'}.{self.level}.{self.done}.{self.total}"

    @property
    def place(self) -> str:
        """`2 of 5`, for the question that comes next."""
        return f"{self.done + 1} of {self.total}" if self.total else ""

    @property
    def is_over(self) -> bool:
        """Whether all questions that were asked for are done."""
        return bool(self.total) and self.done >= self.total

    def after(self) -> "Session":
        """The round after one more question."""
        return msgspec.structs.replace(self, done=self.done + 1)


def parse(text: str) -> Session | None:
    """A round from a button's id; None for none, or for one that was tampered with."""
    parts = text.split(".")
    match parts:
        case [("q" | "r") as mode, topic, level, done, total] if (
            (topic == "-" or topic in TOPICS)
            and level in {"0", "1", "2", "3"}
            and _is_count(done)
            and _is_count(total)
            and int(total) <= MOST_QUESTIONS
        ):
            return Session(
                topic="" if topic == "-" else topic,
                level=int(level),
                done=int(done),
                total=int(total),
                review=mode == "r",
            )
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6  # noqa: PLR2004  # digits
