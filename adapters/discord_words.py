"""`/numpy` in words, as the core reads and writes it, and in Discord's options. Pure."""

import re
from collections.abc import Mapping

from bot.commands import COMMANDS, LEVELS, PLANS, parse_topic
from bot.errors import UserError
from content.schema import TOPICS

PLAN_WORDS = {"time": "at", "zone": "in", "days": "on", "topics": "topics", "levels": "levels"}
"""Options of a schedule, and the words that say the same in a line."""

_OPTION = re.compile(r"(topics|levels|closes) (\S+)")


def line(name: str, *words: object) -> str:
    """A sub-command and what was chosen for it, as a line."""
    return " ".join([name, *(str(word) for word in words if word not in {None, ""})])


def plan_line(options: Mapping[str, str | None]) -> str:
    """A schedule's options as a line; empty where none was given."""
    words = [
        f"{PLAN_WORDS.get(name, name)} {_topics(value) if name == 'topics' else value.strip()}"
        for name, value in options.items()
        if value is not None and value.strip()
    ]
    return " ".join(words)


def _topics(typed: str) -> str:
    """A list of topics by their ids, which are single words, where it names them by titles."""
    for topic, title in sorted(TOPICS.items(), key=lambda item: -len(item[1])):
        typed = re.sub(re.escape(title), topic, typed, flags=re.IGNORECASE)
    return ",".join(map(_topic, typed.split(",")))


def _topic(typed: str) -> str:
    typed = typed.strip()
    try:
        return parse_topic(typed) if " " in typed else typed
    except UserError:
        return typed


def invocation(text: str) -> tuple[str, str] | None:
    """A line such as `/numpy schedule pause` as its sub-command and what stands behind it.

    None for what is no command of ours.
    """
    first, _, rest = text.strip().partition(" ")
    name, _, words = rest.strip().partition(" ")
    if first != "/numpy" or name not in COMMANDS:
        return None
    return name, _options(name, words.strip())


def _options(name: str, words: str) -> str:
    """What stands behind a sub-command, as one fills it in.

    Placeholders are left out: Discord itself shows what can be filled in.
    """
    if not words or words.startswith("["):
        return ""
    match name:
        case "learn":
            return f"about:{words}"
        case "schedule":
            return _plan(words)
        case "quiz" if words in LEVELS:
            return f"level:{words}"
    return words


def _plan(words: str) -> str:
    action, _, rest = words.partition(" ")
    if action in {*PLANS, "help"}:
        until = rest.replace("until ", "until:")
        return f"action:{action}" + (f" {until}" if until else "")
    named = _OPTION.sub(r"\1:\2", words)
    found: list[str] = []
    for word in named.split():
        if ":" in word and not word[0].isdigit():
            found.append(word)
        elif word[0].isdigit():
            found.append(f"time:{word}")
        else:
            found.append(f"zone:{word}" if "/" in word else f"days:{word}")
    return " ".join(found)
