"""The one parser of what stands after `/numpy`, on every platform."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from bot.errors import UserError
from bot.schedule import DAYS, Schedule, parse_days, parse_time, parse_zone
from bot.store.boards import Period, Scope
from content.schema import TOPICS

COMMANDS: dict[str, str] = {
    "quiz": "`quiz [topic] [level] [count]`: private practice, question after question",
    "daily": "`daily`: today's question here, or your verdict again",
    "leaderboard": "`leaderboard [week|month|all] [channel|team]`: the top ten and your own rank",
    "me": "`me`: your points, streak and mastery, what is due and what you missed",
    "review": "`review`: the questions that you missed and that are due",
    "learn": "`learn [topic or words]`: the bank as a study guide",
    "schedule": "`schedule`: when the daily comes (for managers)",
    "privacy": "`privacy`: what is stored about you; export, delete, leave the boards",
    "help": "`help`: this list",
}
"""Every command with its line of help."""

SCHEDULE_WORDS = ("preview", "pause", "resume", "off", "now", "repost", "void")

LEVELS = {"easy": 1, "medium": 2, "hard": 3}
MOST_QUESTIONS = 50
SHORT = 40
LONGEST_PLAN = 300


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
    """A schedule command: `set` takes the rest as the new plan, `form` shows the form."""

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
        return Learn(words=text[:100])


def _manage(words: Sequence[str]) -> Manage:
    if not words:
        return Manage()
    first = words[0].casefold()
    if first in SCHEDULE_WORDS:
        return Manage(first, " ".join(words[1:]))
    return Manage("set", " ".join(words))


_KEYS = {
    **dict.fromkeys(("topic", "topics"), "topics"),
    **dict.fromkeys(("level", "levels"), "levels"),
    **dict.fromkeys(("close", "closes"), "closing"),
    "at": "time",
    "on": "days",
    "in": "zone",
}
"""The words that say what comes after them."""


def parse_plan(text: str, before: Schedule) -> Schedule:
    """A schedule in words (`09:00 Europe/Berlin mon-fri levels easy,medium closes 24h`).

    What the words leave out stays as it was `before`.
    """
    if len(text) > LONGEST_PLAN:
        message = f"That is too long to be a plan. Write one like `{_PLAN}`."
        raise UserError(message)
    plan, key, days = before, "", ""
    words = _joined(text).split()
    while words:
        word = words.pop(0)
        said = _KEYS.get(word.casefold(), "")
        if said:
            if key and said not in {"time", "days", "zone"}:
                raise UserError(_lacking(key))
            key = key or said  # in `closes in 24h` the first one has said what comes
            continue
        if not key or key == "zone":
            rest = _zone_length([word, *words]) - 1
            word, words = "_".join([word, *words[:rest]]), words[rest:]
        kind, key = key or _kind(word), ""
        if kind == "days":
            word = days = f"{days},{word}"  # `mon wed` are both of them
        plan = _with(plan, kind, word)
    if key:
        raise UserError(_lacking(key))
    return plan


def _lacking(key: str) -> str:
    return f"Say which {key} you want, as in `{_PLAN}`."


_PLAN = "schedule 09:00 Europe/Berlin mon-fri levels easy,medium closes 24h"


def _joined(text: str) -> str:
    """The text with what belongs together written as one word: `mon-fri`, `9am`, `24h`."""
    text = re.sub(r"\bevery\b", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*(?:,|\band\b)\s*", ",", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?:[-–—]|to|through)\s+", "-", text, flags=re.IGNORECASE)
    return re.sub(r"(\d)\s+(am|pm|h|hours?)\b", r"\1\2", text, flags=re.IGNORECASE)


def _zone_length(words: Sequence[str]) -> int:
    """How many of the first words are one zone's name, such as `New York`."""
    for count in (3, 2):
        if _reads(parse_zone, "_".join(words[:count])):
            return min(count, len(words))
    return 1


def _reads(parse: Callable[[str], object], word: str) -> bool:
    try:
        parse(word)
    except UserError:
        return False
    return True


def _kind(word: str) -> str:
    """What a word stands for that has no key before it."""
    if word[:1].isdigit() or word.casefold() in {"noon", "midnight"}:
        return "time"
    if "/" in word:
        return "zone"
    if _reads(parse_days, word):
        return "days"
    if _reads(parse_zone, word):
        return "zone"
    known = (*SCHEDULE_WORDS, *DAYS, "daily", "weekdays")
    near = get_close_matches(word.casefold()[:SHORT], known, 1, 0.5)
    help_ = f"Did you mean `schedule {near[0]}`?" if near else f"Write a plan like `{_PLAN}`."
    message = f"`{_short(word)}` is no day, zone or time. {help_}"
    raise UserError(message)


def _with(plan: Schedule, what: str, word: str) -> Schedule:
    replace = msgspec.structs.replace
    names = [name for name in word.casefold().split(",") if name and name != "all"]
    match what:
        case "topics":
            return replace(plan, topics=tuple(dict.fromkeys(map(parse_topic, names))))
        case "levels":
            return replace(plan, levels=tuple(sorted({parse_level(name) for name in names})))
        case "closing":
            return replace(plan, closes_hours=_hours(word.casefold()))
        case "time":
            return replace(plan, time=parse_time(word))
        case "days":
            return replace(plan, days=parse_days(word))
    return replace(plan, zone=parse_zone(word))


def _hours(word: str) -> int | None:
    if word in {"", "next", "default"}:
        return None
    match = re.fullmatch(r"(\d{1,3})\s*(?:h|hours?)?", word)
    if match is None:
        shown = _short(word)
        message = f"`{shown}` is no number of hours. Write it like `closes 24h`, or `closes next`."
        raise UserError(message)
    return int(match[1])


def parse_date(text: str) -> date:
    """A date as `2026-12-24`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"`{_short(text)}` is not a date. Write it like 2026-12-24."
        raise UserError(message) from None


def _unknown(word: str, known: Iterable[str], what: str, else_: str) -> str:
    near = get_close_matches(word.casefold()[:SHORT], list(known), 1, 0.5)
    help_ = f"Did you mean `{near[0]}`?" if near else else_
    return f"`{_short(word)}` is no {what} that I know. {help_}"


def _short(word: str) -> str:
    """What was typed, cut so that it fits a line."""
    return word if len(word) <= SHORT else word[:SHORT] + "…"
