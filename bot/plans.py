"""A channel's schedule as its managers write it: in one line, or field by field."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches

import msgspec

from bot.commands import SCHEDULE_WORDS, SHORT, named, parse_level, parse_topic
from bot.errors import UserError
from bot.schedule import DAYS, Schedule, is_zone, parse_days, parse_time, parse_zone

LONGEST_PLAN = 300
"""Characters of a plan that are read; every topic by its name fits."""

_PLAN = "/numpy schedule 09:00 Europe/Berlin mon-fri levels easy,medium closes 24h"

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


def _joined(text: str) -> str:
    """The text with what belongs together written as one word: `mon-fri`, `9am`, `24h`."""
    text = re.sub(r"\bevery\b", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*(?:,|\band\b)\s*", ",", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?:[-–—]|to|through)\s+", "-", text, flags=re.IGNORECASE)
    return re.sub(r"(\d)\s+(am|pm|h|hours?)\b", r"\1\2", text, flags=re.IGNORECASE)


def _zone_length(words: Sequence[str]) -> int:
    """How many of the first words are one zone's name, such as `New York`."""
    for count in (3, 2):
        if is_zone("_".join(words[:count])):
            return min(count, len(words))
    return 1


def _kind(word: str) -> str:
    """What a word stands for that has no key before it."""
    if word[:1].isdigit() or word.casefold() in {"noon", "midnight"}:
        return "time"
    if "/" in word:
        return "zone"
    with suppress(UserError):
        parse_days(word)
        return "days"
    if is_zone(word):
        return "zone"
    known = (*SCHEDULE_WORDS, *DAYS, "daily", "weekdays")
    near = get_close_matches(word.casefold()[:SHORT], known, 1, 0.5)
    help_ = (
        f"Did you mean `/numpy schedule {near[0]}`?" if near else f"Write a plan like `{_PLAN}`."
    )
    message = f"{named(word)} is no day, zone or time. {help_}"
    raise UserError(message)


def _with(plan: Schedule, what: str, text: str) -> Schedule:
    """The plan with one part of it read anew; words without a key name a zone."""
    replace = msgspec.structs.replace
    match what:
        case "topics":
            return replace(plan, topics=tuple(dict.fromkeys(map(parse_topic, _names(text)))))
        case "levels":
            return replace(plan, levels=tuple(sorted(set(map(parse_level, _names(text))))))
        case "closing":
            return replace(plan, closes_hours=_hours(text.casefold()))
        case "time":
            return replace(plan, time=parse_time(text))
        case "days":
            return replace(plan, days=parse_days(text))
    return replace(plan, zone=parse_zone(text))


def with_field(plan: Schedule, field: str, text: str) -> Schedule:
    """The plan with a field of its form read anew; raises UserError."""
    if field == "what":
        topics, _, levels = text.partition(";")
        return _with(_with(plan, "topics", topics), "levels", levels)
    return _with(plan, "closing" if field == "closes" else field, text)


def _names(text: str) -> Iterable[str]:
    """What a list names; nothing where it takes all."""
    names = (name.strip() for name in text.casefold().split(","))
    return (name for name in names if name and name != "all")


def _hours(word: str) -> int | None:
    if word in {"", "next", "default"}:
        return None
    match = re.fullmatch(r"(\d{1,3})\s*(?:h|hours?)?", word)
    if match is None:
        shown = named(word)
        message = f"{shown} is no number of hours. Write it like `closes 24h`, or `closes next`."
        raise UserError(message)
    return int(match[1])
