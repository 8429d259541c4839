"""Forms as Discord's modals, and what comes back in them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

import discord
from discord import ui

from adapters.discord_cards import body, fitting, label
from adapters.discord_markup import Pen
from adapters.looks import two_lines
from bot.events import Field, Form

MOST_TITLE = 45
MOST_LABEL = 45
MOST_OPTION = 100
MOST_LINE = 80
"""Characters of an option's line; Discord would take more, and a telephone shows fewer."""

MOST_PLACEHOLDER = 100
LONGEST_INPUT = 4000
MOST_TEXT = 4000
MOST_PARTS = 5


def modal(form: Form, draft: Mapping[str, tuple[str, ...]], command: int = 0) -> ui.Modal:
    """A form as a modal; `draft` is what somebody had filled in before."""
    window = ui.Modal(title=label(form.title, MOST_TITLE), custom_id=form.id, timeout=None)
    text = fitting(body(form.blocks, Pen(command)), MOST_TEXT) if form.blocks else ""
    if text and len(form.fields) < MOST_PARTS:
        window.add_item(ui.TextDisplay(text))
    for field in form.fields:
        filled = draft.get(field.name, (field.value,) if field.value else ())
        named = label(field.label, MOST_LABEL)
        window.add_item(ui.Label(text=named, component=_input(field, filled)))
    return window


def _input(field: Field, filled: tuple[str, ...]) -> ui.Item[Any]:
    match field.kind:
        case "ticks":
            return ui.CheckboxGroup(
                custom_id=field.name,
                required=field.required,
                min_values=1 if field.required else 0,
                max_values=len(field.options),
                options=[
                    discord.CheckboxGroupOption(
                        **_words(words), value=value, default=value in filled
                    )
                    for value, words in field.options
                ],
            )
        case "select":
            return ui.Select(
                custom_id=field.name,
                required=field.required,
                options=[
                    discord.SelectOption(**_words(words), value=value, default=value in filled[:1])
                    for value, words in field.options
                ],
            )
        case kind:
            styles = discord.TextStyle
            return ui.TextInput(
                custom_id=field.name,
                style=styles.short if kind == "text" else styles.paragraph,
                required=field.required,
                max_length=LONGEST_INPUT,
                placeholder=label(field.placeholder, MOST_PLACEHOLDER)
                if field.placeholder
                else None,
                default="".join(filled)[:LONGEST_INPUT] or None,
            )


class _Words(TypedDict):
    label: str
    description: str | None


def _words(text: str) -> _Words:
    """The words of an option, with what does not fit into its line below it."""
    first, rest = two_lines(text, MOST_LINE)
    return {
        "label": label(first, MOST_OPTION),
        "description": label(rest, MOST_OPTION) if rest else None,
    }


def fields_of(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What was filled in: field name to its text, or to its chosen values."""
    found: dict[str, tuple[str, ...]] = {}
    for part in _parts(data.get("components")):
        name = part.get("custom_id")
        if isinstance(name, str):
            found[name] = tuple(_values(part))
    return found


def _parts(components: object) -> Iterator[Mapping[str, Any]]:
    """The inputs of a modal, whatever they are wrapped in."""
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield component
            inner = component.get("component")
            yield from _parts([inner] if inner is not None else component.get("components"))


def _values(part: Mapping[str, Any]) -> Iterator[str]:
    several = part.get("values")
    if isinstance(several, list):
        yield from (one for one in several if isinstance(one, str))
    elif isinstance(part.get("value"), str):
        yield str(part["value"])
