"""Forms in a terminal: one field after the other."""

from adapters.console import Screen
from adapters.keyboard import Keyboard
from adapters.streams import clean
from bot.cards.parts import LETTERS
from bot.events import Field, Form

Fields = dict[str, tuple[str, ...]]


class Clerk:
    """Fills forms with whoever sits at the keyboard; None where they give one up."""

    def __init__(self, screen: Screen, keyboard: Keyboard) -> None:
        self._screen = screen
        self._keyboard = keyboard

    def answer(self, form: Form, line: str) -> Fields | None:
        """Fill an answer's form with the line that was typed at the question."""
        (field,) = form.fields
        values = self._ticks(field, line) if field.kind == "ticks" else self._text(field, line)
        return None if values is None else {field.name: values}

    def ask(self, form: Form) -> Fields | None:
        """Ask for every field."""
        self._screen.heading(form.title)
        self._screen.say("Enter keeps what stands in [brackets], q gives the form up.")
        fields: Fields = {}
        for field in form.fields:
            values = self._asked(field, field.value)
            if values is None:
                return None
            fields[field.name] = values
        return fields

    def ask_again(self, form: Form, name: str, fields: Fields) -> Fields | None:
        """Ask once more for the one field that could not be used."""
        field = next(field for field in form.fields if field.name == name)
        values = self._asked(field, field.value)
        return None if values is None else {**fields, name: values}

    def _asked(self, field: Field, value: str) -> tuple[str, ...] | None:
        for number, (_, label) in enumerate(field.options):
            self._screen.say(f"  {LETTERS[number]}. {label}")
        now = f" [{value}]" if value else ""
        while True:
            line = self._keyboard.ask(clean(f"{field.label}{now}: "))
            if line is None or line.strip() == "q":
                self._screen.say("Nothing changed.")
                return None
            line = line.strip() or value
            values = self._ticks(field, line) if field.kind == "ticks" else self._text(field, line)
            if values is not None:
                return values

    def _text(self, field: Field, line: str) -> tuple[str, ...]:
        if not self._keyboard.is_terminal:
            return (line,)
        if field.kind == "prose":
            self._screen.say("More lines, if you like; an empty one ends it.")
            return ("\n".join([line, *self._keyboard.lines()]),)
        while field.kind == "lines" and _is_unfinished(line):
            more = self._keyboard.ask("… ")
            if not more:
                break
            line += "\n" + more
        return (line,)

    def _ticks(self, field: Field, line: str) -> tuple[str, ...] | None:
        letters = [letter for letter in line.upper() if letter not in " ,;."]
        known = LETTERS[: len(field.options)]
        if not all(letter in known for letter in letters) or (field.required and not letters):
            self._screen.say(f"Tick with letters from A to {known[-1]}, such as {known[:2]}.")
            return None
        return tuple(sorted({field.options[known.index(letter)][0] for letter in letters}))


def _is_unfinished(text: str) -> bool:
    return sum(map(text.count, "[(")) > sum(map(text.count, "])"))
