"""What blocks say and ask in the loopback Slack, and how what is entered becomes their state."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.slack_rules import Json, walk
from tests.slack_state import INPUTS

SELECTED = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
ONE, SEVERAL = {"static_select", "radio_buttons", "overflow"}, {"checkboxes", "multi_static_select"}


_PRESSABLE = {"button", "overflow", *INPUTS}


class NotThere(LookupError):
    """Somebody cannot do that in Slack: it is not there, or not for them."""


class Element(NamedTuple):
    """Something to press or to fill in, and the block that it stands in."""

    block_id: str
    body: Json

    @property
    def label(self) -> str:
        """What a button says."""
        text = self.body.get("text") or {}
        return str(text.get("text", ""))


def filled(element: Json, given: str | list[str] | None, *, force: bool = False) -> Json:
    """The state of an input in which somebody entered or chose something."""
    kind, several = element["type"], given if isinstance(given, list) else [given or ""]
    if kind in SEVERAL:
        return {"selected_options": [_option(element, one, force=force) for one in several if one]}
    if kind in ONE:
        chosen = [_option(element, one, force=force) for one in several if one]
        if len(chosen) > 1:
            raise NotThere(f"a {kind} takes one choice")
        return {"selected_option": chosen[0] if chosen else None}
    if kind in SELECTED:
        return {SELECTED[kind]: given}
    text = several[0]
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if text and not force and not least <= len(text) <= most:
        raise NotThere(f"{len(text)} characters, {least} to {most} can be entered")
    return {"value": text or None}


def initial(element: Json) -> Json:
    """The state of an input that nobody touched."""
    kind = element["type"]
    if kind in SEVERAL:
        return {"selected_options": element.get("initial_options") or []}
    if kind in ONE:
        return {"selected_option": element.get("initial_option")}
    if kind in SELECTED:
        return {SELECTED[kind]: element.get(SELECTED[kind].replace("selected", "initial"))}
    return {"value": element.get("initial_value")}


def _option(element: Json, wanted: str, *, force: bool) -> Json:
    groups: list[Json] = element.get("option_groups") or [element]
    options: list[Json] = [option for group in groups for option in group.get("options") or []]
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return option
    if not force:
        raise NotThere(f"{wanted!r} is not among {[option['text']['text'] for option in options]}")
    return {"text": {"type": "plain_text", "text": wanted, "emoji": True}, "value": wanted}


def elements(blocks: list[Json]) -> Iterator[Element]:
    """Everything in blocks that somebody can press or fill in."""
    for block in blocks:
        for part in walk(block):
            if part.get("type") in _PRESSABLE:
                yield Element(block.get("block_id", ""), part)


def buttons(blocks: list[Json]) -> list[str]:
    """The labels of all buttons."""
    return [found.label for found in elements(blocks) if found.body["type"] == "button"]


def words(blocks: list[Json] | None) -> str:
    """All text that blocks show, rich text included; one line a block."""
    lines = (" ".join("".join(_said(block)).split(" ")).strip() for block in blocks or [])
    return "\n".join(filter(None, lines))


_SPACED = {
    *("plain_text", "mrkdwn", "raw_text", "raw_number"),
    *("rich_text_section", "rich_text_preformatted", "rich_text_quote"),
}


def _said(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _said(inner)
    elif isinstance(value, dict):
        told = value.get("text") or value.get("fallback") or value.get("alt_text")
        if isinstance(told, str):
            yield told
        elif value.get("type") == "emoji":
            yield f":{value.get('name')}:"
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from _said(inner)
        if value.get("type") in _SPACED:
            yield " "


def find(blocks: list[Json], what: str) -> Element:
    """What has this action_id or label, or whose label begins so; only one may."""
    found = list(elements(blocks))
    for match in (
        [element for element in found if element.body.get("action_id") == what],
        [element for element in found if element.label == what],
        [element for element in found if what and element.label.startswith(what)],
    ):
        if len(match) == 1:
            return match[0]
        if match:
            raise NotThere(f"{what!r} is there {len(match)} times")
    raise NotThere(f"no {what!r} among {buttons(blocks)}")


def state(
    blocks: list[Json],
    values: dict[str, str | list[str]] | None = None,
    *,
    submit: bool = False,
    force: bool = False,
) -> Json:
    """The `state.values` of blocks in which somebody entered these values."""
    given, entered = dict(values or {}), Json()
    for block in blocks:
        for _, element in elements([block]):
            if element["type"] not in INPUTS:
                continue
            label = (block.get("label") or {}).get("text")
            key = label if label in given and block["block_id"] not in given else block["block_id"]
            answer = (
                filled(element, given.pop(key), force=force) if key in given else initial(element)
            )
            asked = submit and block["type"] == "input" and not block.get("optional")
            if asked and not force and not any(answer.values()):
                raise NotThere(f"{label!r} must not be empty")
            entered.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"]
            } | answer
    for key, value in given.items():
        if not force:
            raise NotThere(f"no input {key!r}")
        entered[key] = {"forged": {"type": "plain_text_input", "value": value}}
    return entered
