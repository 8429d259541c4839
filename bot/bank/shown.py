"""What an option shows, and what it stands for."""

from collections.abc import Mapping

import msgspec

from bot.bank.evaluate import Printed, Raised, Result
from bot.bank.problem import Fault
from content.schema import Option

RAISES = "It raises `{}`"


class Shown(msgspec.Struct, frozen=True):
    """What an option shows, and what it stands for: a value's `text` or an exception's name."""

    text: str
    code: bool
    value: str = ""
    error: bool = False


def show(path: str, option: Option, result: Result, recorded: Mapping[str, str]) -> Shown:
    """What an option shows. Solutions, the options of `expression`, are shown as written."""
    if option.text is not None:
        return Shown(option.text.strip(), code=False)
    if option.show is not None:
        return Shown(option.show.strip("\n"), code=True)
    if option.raises is not None:
        return of_error(option.raises)
    if option.on is not None:
        if option.on not in recorded:
            raise Fault(
                f"{path}.on",
                f"nothing is recorded for NumPy {option.on}",
                "Run `numpy-bot bank record --python` with a Python that has it.",
            )
        return of_record(recorded[option.on])
    value = result["expressions"].get(path)
    if value is None:
        return Shown(option.answer or "", code=True)
    if "raises" in value:
        raise Fault(
            f"{path}.answer",
            told(value),
            f'Mend the expression, or write raises = "{value["raises"]}" in its place.',
        )
    return of_value(value)


def told(raised: Raised) -> str:
    """An exception as part of a sentence: what, where, and its own words."""
    line = f" in line {raised['line']}" if raised["line"] else ""
    return f"raises {raised['raises']}{line} ({raised['message'].strip()})"


def of_value(value: Printed) -> Shown:
    """A value as NumPy shows it."""
    return Shown(value["shown"], code=True, value=value["text"])


def of_error(name: str) -> Shown:
    """An exception as an answer."""
    return Shown(RAISES.format(name), code=False, value=name, error=True)


def of_record(text: str) -> Shown:
    """What the lock file holds: a printed value, or an exception."""
    name = text.removeprefix("raises ")
    return of_error(name) if name != text else Shown(text, code=True, value=text)
