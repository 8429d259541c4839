"""Windows on Slack: a form or a card as a modal, a member's page as a home. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from adapters.looks import two_lines
from adapters.slack_cards import Json, blocks, body, plain_text, stacked
from bot.cards import guide
from bot.events import Card, Field, Form

CARD = "card"
"""The callback of a window that only shows something."""

LONGEST_INPUT = 3000
MOST_TITLE = 24
MOST_PLACEHOLDER = 150
MOST_OPTION = 75
MOST_BLOCKS = 100
_INPUT = "value"


class Memo(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a window was opened, carried along in it: a window itself stands nowhere."""

    channel: str
    thread: str = ""


_PLACE = re.compile(r"[A-Z0-9]{1,40}")
_TIME = re.compile(r"[0-9.]{0,40}")


def memo_of(view: Json) -> Memo | None:
    """The memo of a window; None where it is none of ours."""
    try:
        memo = msgspec.json.decode(str(view.get("private_metadata", "")), type=Memo)
    except (msgspec.DecodeError, UnicodeError):
        return None
    ours = _PLACE.fullmatch(memo.channel) and _TIME.fullmatch(memo.thread)
    return memo if ours else None


def form_window(form: Form, memo: Memo) -> Json:
    """A form as a modal."""
    return {
        **_modal(form.title, memo),
        "callback_id": form.id,
        "submit": plain_text(form.submit, MOST_TITLE),
        "blocks": [
            *(drawn for block in form.blocks for drawn in body(block)),
            *map(_input, form.fields),
        ],
    }


def card_window(cards: Sequence[Card], memo: Memo) -> Json:
    """Cards one below the other, in a modal."""
    return {
        **_modal(guide.NAME, memo),
        "callback_id": CARD,
        "close": plain_text(guide.CLOSE, MOST_TITLE),
        "blocks": stacked(cards)[:MOST_BLOCKS],
    }


def home(card: Card, memo: Memo) -> Json:
    """A member's page."""
    return {"type": "home", "private_metadata": _packed(memo), "blocks": blocks(card)}


def _modal(title: str, memo: Memo) -> Json:
    return {
        "type": "modal",
        "title": plain_text(title, MOST_TITLE),
        "private_metadata": _packed(memo),
    }


def _packed(memo: Memo) -> str:
    return msgspec.json.encode(memo).decode()


def _input(field: Field) -> Json:
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label),
        "optional": not field.required,
        "element": {**_element(field), "action_id": _INPUT},
    }


def _element(field: Field) -> Json:
    options = [_option(value, words) for value, words in field.options]
    chosen = [option for option in options if option["value"] == field.value]
    match field.kind:
        case "ticks":
            return {"type": "checkboxes", "options": options}
        case "select":
            first = {"initial_option": chosen[0]} if chosen else {}
            return {"type": "static_select", "options": options, **first}
        case kind:
            found: Json = {
                "type": "plain_text_input",
                "multiline": kind != "text",
                "max_length": LONGEST_INPUT,
            }
            if field.placeholder:
                found["placeholder"] = plain_text(field.placeholder, MOST_PLACEHOLDER)
            if field.value:
                found["initial_value"] = field.value[:LONGEST_INPUT]
            return found


def _option(value: str, words: str) -> Json:
    """A tick box or choice, with what does not fit into its line below it."""
    first, rest = two_lines(words, MOST_OPTION)
    below = {"description": plain_text(rest, MOST_OPTION)} if rest else {}
    return {"text": plain_text(first, MOST_OPTION), "value": value, **below}


def fields_of(view: Json) -> dict[str, tuple[str, ...]]:
    """What was filled in: field name to its text, or to its chosen values."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    return {
        str(name): tuple(_values(next(iter(inputs.values()), None)))
        for name, inputs in (values.items() if isinstance(values, dict) else ())
        if isinstance(inputs, dict)
    }


def _values(given: Any) -> Iterator[str]:  # noqa: ANN401  # whatever a payload holds
    if not isinstance(given, dict):
        return
    several = given.get("selected_options")
    chosen = several if isinstance(several, list) else [given.get("selected_option")]
    yield from (str(one["value"]) for one in chosen if isinstance(one, dict) and "value" in one)
    if isinstance(given.get("value"), str):
        yield given["value"]


def input_named(view: Json, name: str) -> str:
    """The field that a note is for; a note needs one that is in the form."""
    found = view.get("blocks")
    blocks = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    names = [str(one.get("block_id")) for one in blocks if one.get("type") == "input"]
    return name if name in names or not names else names[0]
