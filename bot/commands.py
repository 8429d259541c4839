"""The one parser of what stands after `/numpy`, on every platform."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from bot.errors import UserError
from bot.markup import quoted
from bot.scoring import Period
from bot.store.boards import Scope
from content.schema import TOPICS

COMMANDS: dict[str, str] = {
    "quiz": "`quiz [topic] [level] [count]`: private practice, question after question",
    "daily": "`daily`: today's question here, or your verdict again",
    "leaderboard": "`leaderboard [week|month|all] [channel|team]`: the top ten and your own rank",
    "me": "`me`: your points, streak and mastery, what is due and what you missed",
    "review": "`review`: the questions that you missed and that are due",
    "learn": "`learn [topic or words]`: the bank as a study guide",
    "schedule": "`schedule`: when the daily comes; for managers (`/numpy schedule help`)",
    "privacy": "`privacy`: what is stored about you; export, delete, leave the boards",
    "help": "`help`: this list",
}
"""Every command with its line of help."""

PLANS: dict[str, str] = {
    "preview": "`schedule preview`: when the next dailies come and close",
    "pause": "`schedule pause [until 2026-12-24]`: no dailies for a while",
    "resume": "`schedule resume`: they go on",
    "off": "`schedule off`: no dailies any more",
    "now": "`schedule now`: today's question, early",
    "repost": "`schedule repost`: a question again whose delivery failed or is in doubt",
    "void": "`schedule void`: withdraw the last question; who answered it gets full points",
}
"""What stands after `schedule`, beside a plan, with its line of help."""

SCHEDULE_WORDS = tuple(PLANS)

LEVELS = {"easy": 1, "medium": 2, "hard": 3}
MOST_QUESTIONS = 50
"""The longest round of practice that has an end."""

LONGEST_WORDS = 100
"""Characters of a search; and of a title that names a question."""

SHORT = 40
"""Characters of a typed word that a sentence about it repeats."""


class Quiz(msgspec.Struct, frozen=True):
    """Practice; no topic, level 0 or count 0 mean: any, any, until you stop."""

    topic: str = ""
    level: int = 0
    count: int = 0


class Daily(msgspec.Struct, frozen=True):
    """Today's question."""


class Leaderboard(msgspec.Struct, frozen=True):
    """A board."""

    period: Period = "week"
    scope: Scope = "channel"


class Me(msgspec.Struct, frozen=True):
    """My progress."""


class Review(msgspec.Struct, frozen=True):
    """What I missed."""


class Learn(msgspec.Struct, frozen=True):
    """The study guide: its topics, one topic, or a search."""

    topic: str = ""
    words: str = ""


class Manage(msgspec.Struct, frozen=True):
    """A schedule command: `set` takes the rest as the new plan, `form` and `help` show those."""

    action: str = "form"
    rest: str = ""


class Privacy(msgspec.Struct, frozen=True):
    """What is stored about me."""


class Help(msgspec.Struct, frozen=True):
    """All commands."""


Asked = Quiz | Daily | Leaderboard | Me | Review | Learn | Manage | Privacy | Help


_PLAIN: dict[str, Asked] = {
    "daily": Daily(),
    "me": Me(),
    "review": Review(),
    "privacy": Privacy(),
    "help": Help(),
}


def parse(text: str) -> Asked:
    """Read a command; raises UserError with the nearest thing that would have worked."""
    words = text.split()
    while words and words[0].casefold() in {"numpy", "/numpy"}:
        del words[0]
    if not words:
        return Help()
    name, rest = words[0].casefold().removeprefix("/"), words[1:]
    match name:
        case "quiz" | "practice" | "practise":
            return _quiz(rest)
        case "leaderboard" | "board" | "top":
            return _leaderboard(rest)
        case "learn":
            return _learn(" ".join(rest))
        case "schedule":
            return _manage(rest)
        case "daily" | "me" | "review" | "privacy" | "help":
            if rest:
                message = f"`{name}` takes no further words. Try `{name}`."
                raise UserError(message)
            return _PLAIN[name]
    raise UserError(_unknown(words[0], COMMANDS, "command", "Try `help` for all of them."))


def _quiz(words: Sequence[str]) -> Quiz:
    topic, level, count = "", 0, 0
    left: list[str] = []
    for word in (word.casefold().strip(",") for word in words):
        if word in LEVELS and not level:
            level = LEVELS[word]
        elif word.isascii() and word.isdigit():
            count = int(word[:6])
        else:
            left.append(word)
    if left:
        topic = parse_topic(" ".join(left))
    if count > MOST_QUESTIONS or (not count and any(word.isdigit() for word in words)):
        message = f"A count lies between 1 and {MOST_QUESTIONS}. Try `quiz 10`."
        raise UserError(message)
    return Quiz(topic, level, count)


def parse_topic(text: str) -> str:
    """The id of the topic that a member names, by id, title, or the start of either."""
    wanted = " ".join(text.casefold().split())
    if wanted in TOPICS:
        return wanted
    found = [
        topic
        for topic, title in TOPICS.items()
        if topic.startswith(wanted)
        or any(word.startswith(wanted) for word in re.findall(r"[a-z0-9/.]+", title.casefold()))
        or title.casefold().startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    raise UserError(_unknown(text, found or TOPICS, "topic", f"Topics: {', '.join(TOPICS)}."))


def topics_like(text: str) -> list[str]:
    """The titles of the topics that a text may be the beginning of; all of them for none."""
    wanted = " ".join(text.casefold().split())
    return [
        title
        for topic, title in TOPICS.items()
        if topic.startswith(wanted) or wanted in title.casefold()
    ]


def parse_level(text: str) -> int:
    """A level by its word or number."""
    word = text.casefold()
    if word in LEVELS:
        return LEVELS[word]
    if word in {"1", "2", "3"}:
        return int(word)
    raise UserError(_unknown(text, LEVELS, "level", "Levels: easy, medium, hard."))


def _leaderboard(words: Sequence[str]) -> Leaderboard:
    board = Leaderboard()
    for word in map(str.casefold, words):
        if word in {"week", "month", "all"}:
            board = msgspec.structs.replace(board, period=word)
        elif word in {"channel", "team"}:
            board = msgspec.structs.replace(board, scope=word)
        else:
            known = ("week", "month", "all", "channel", "team")
            raise UserError(
                _unknown(word, known, "board", "Try `leaderboard month` or `leaderboard all team`.")
            )
    return board


def _learn(text: str) -> Learn:
    if not text:
        return Learn()
    try:
        return Learn(topic=parse_topic(text))
    except UserError:
        return Learn(words=text[:LONGEST_WORDS])


def _manage(words: Sequence[str]) -> Manage:
    if not words:
        return Manage()
    first = words[0].casefold()
    if first in {*SCHEDULE_WORDS, "help"}:
        rest = " ".join(words[1:])
        if rest and first not in {"preview", "pause"}:
            message = f"`schedule {first}` takes no further words. Try `/numpy schedule {first}`."
            raise UserError(message)
        return Manage(first, rest)
    return Manage("set", " ".join(words))


def parse_date(text: str) -> date:
    """A date as `2026-12-24`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{named(text)} is not a date. Write it like 2026-12-24."
        raise UserError(message) from None


def _unknown(word: str, known: Iterable[str], what: str, else_: str) -> str:
    near = get_close_matches(word.casefold()[:SHORT], list(known), 1, 0.5)
    help_ = f"Did you mean `{near[0]}`?" if near else else_
    return f"{named(word)} is no {what} that I know. {help_}"


def named(word: str) -> str:
    """What was typed, as code and cut so that it fits a line."""
    return quoted(word if len(word) <= SHORT else word[:SHORT] + "…")
