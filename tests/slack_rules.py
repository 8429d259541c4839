"""What Slack takes and what it refuses, and what we never want to send.

The two schemas are test inputs that lie beside the checkout; where they are absent, everything
else is still checked. `problems_of` is strict about injection too: no text of ours mentions
anybody, so a mention in it came from a member.
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from jsonschema.exceptions import best_match
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.schemas import Schema

Json: TypeAlias = dict[str, Any]
Surface: TypeAlias = Literal["message", "modal", "home"]

SPECS = Path(__file__).resolve().parents[2] / "shared" / "specs"

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_ELEMENTS = {"context": 10, "actions": 25}
MOST_OPTIONS = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
MOST_TEXT = 13_200
MOST_ROWS, MOST_COLUMNS = 100, 20
VIEW_KEYS = {
    "modal": {
        *("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id"),
        *("clear_on_close", "notify_on_close", "external_id", "submit_disabled"),
    },
    "home": {"type", "blocks", "private_metadata", "callback_id", "external_id"},
}

# (type of the object that holds it, key, longest): strings and text objects alike.
LENGTHS = [
    ("header", "text", 150),
    ("section", "text", 3000),
    ("button", "text", 75),
    ("button", "value", 2000),
    ("button", "url", 3000),
    ("button", "accessibility_label", 75),
    ("input", "label", 2000),
    ("input", "hint", 2000),
    ("image", "alt_text", 2000),
    ("image", "image_url", 3000),
    ("image", "title", 2000),
    ("plain_text_input", "initial_value", 3000),
    ("modal", "title", 24),
    ("modal", "submit", 24),
    ("modal", "close", 24),
    ("modal", "private_metadata", 3000),
    ("home", "private_metadata", 3000),
    ("", "callback_id", 255),
    ("", "external_id", 255),
    ("", "block_id", 255),
    ("", "action_id", 255),
    ("", "placeholder", 150),
]
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}

REFUSED = {"user", "usergroup", "broadcast"}
TOKEN = re.compile(r"<[^<>]*>")
DATE = re.compile(r"<!date\^\d+\^[^<>^|]+(\|[^<>|]+)?>")
AMPERSAND = re.compile(r"&(?!(amp|lt|gt);)")
LANGUAGE = re.compile(r"[a-z0-9_+#-]{1,30}")


def problems_of(body: Json, surface: Surface, *, update: bool = False) -> list[str]:
    """Why Slack would not take this message or view, or we should not send it.

    `update` is for chat.update, which takes far less text.
    """
    blocks = body.get("blocks") or []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["blocks is no list of objects"]
    found = [
        *(_message(body, update=update) if surface == "message" else _view(body, surface)),
        *_surface(blocks, surface),
    ]
    for number, block in enumerate(blocks):
        where = f"block {number} ({block.get('type')})"
        found += [f"{where}: {problem}" for problem in _block(block)]
    return found


def manifest_problems(manifest: Json) -> list[str] | None:
    """What is wrong with an app manifest, or None where the schema is absent."""
    path = SPECS / "slack-manifest.schema.json"
    if not path.exists():
        return None
    schema = Schema(json.loads(path.read_text("utf-8")), 7)
    found = [f"{error.json_path}: {error.message[:300]}" for error in schema.errors(manifest)]
    shown = manifest.get("display_information", {})
    found += _longer(shown, "name", 35) + _longer(shown, "description", 140)
    for command in manifest.get("features", {}).get("slash_commands", []):
        found += _longer(command, "command", 32)
    return found


def _message(body: Json, *, update: bool) -> Iterator[str]:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "text is empty: notifications and screen readers would have nothing to say"
        return
    if len(text) > 40_000:
        yield f"text has {len(text)} characters, 40000 are shown"
    if update and len(text.encode()) > 4000:
        yield f"text has {len(text.encode())} bytes, chat.update takes 4000"
    yield from (f"text: {problem}" for problem in injections(text))


def _view(body: Json, surface: Surface) -> Iterator[str]:
    if body.get("type") != surface:
        yield f"a {surface} has the type {body.get('type')!r}"
    yield from (f"{key!r} is no part of a {surface}" for key in body.keys() - VIEW_KEYS[surface])
    if not isinstance(body.get("blocks"), list):
        yield "blocks is missing"
    if surface == "modal":
        if not body.get("title"):
            yield "a modal has no title"
        asks = any(block.get("type") == "input" for block in body.get("blocks") or [])
        if asks and not body.get("submit"):
            yield "a modal with inputs has no submit"
        for key in ("title", "submit", "close"):
            if key in body and (body[key] or {}).get("type") != "plain_text":
                yield f"{key} is no plain_text"
    yield from _lengths(body)
    for key in ("title", "submit", "close"):
        yield from _texts(body.get(key) or {})


def _surface(blocks: list[Json], surface: Surface) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"{len(blocks)} blocks, a {surface} takes {MOST_BLOCKS[surface]}"
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    yield from (f"block_id {name!r} occurs twice" for name in set(ids) if ids.count(name) > 1)
    total = sum(len(part["text"]) for part in walk(blocks) if isinstance(part.get("text"), str))
    if total > MOST_TEXT:
        yield f"all blocks together have {total} characters, {MOST_TEXT} are taken"
    types = [block.get("type") for block in blocks]
    if surface != "message":
        yield from (f"a {kind} block in a {surface}" for kind in types if kind in _MESSAGES_ONLY)
    if types.count("table") > 1:
        yield "two tables in a message"
    written = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if written > 12_000:
        yield f"markdown blocks have {written} characters, 12000 are taken"


_MESSAGES_ONLY = {"table", "markdown"}


def _block(block: Json) -> Iterator[str]:
    yield from _sdk(block)
    yield from _schema(block)
    kind = block.get("type", "")
    elements = block.get("elements", [])
    if kind in MOST_ELEMENTS and not 1 <= len(elements) <= MOST_ELEMENTS[kind]:
        yield f"{len(elements)} elements, 1 to {MOST_ELEMENTS[kind]} are taken"
    if kind == "section":
        yield from _fields(block)
    if kind == "table":
        rows = block.get("rows", [])
        if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
            yield f"a table takes {MOST_ROWS} rows of {MOST_COLUMNS} cells"
    ids = [part["action_id"] for part in walk(block) if part.get("action_id")]
    yield from (f"action_id {name!r} occurs twice" for name in set(ids) if ids.count(name) > 1)
    for part in walk(block):
        yield from _lengths(part)
        yield from _texts(part)
        yield from _choices(part)
        yield from _rich(part)


def _sdk(block: Json) -> Iterator[str]:
    try:
        parsed = Block.parse(deepcopy(block))  # it empties what it reads
        kept = parsed.to_dict() if parsed is not None else None
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        yield f"slack_sdk refuses it: {error}"
        return
    if kept is None:
        if block.get("type") not in _definitions():
            yield "slack_sdk does not know it"
        return
    lost = {key for key, value in block.items() if value} - kept.keys()
    if lost:
        yield f"slack_sdk drops {', '.join(sorted(lost))}"
    for key in ("elements", "fields", "rows"):
        if len(block.get(key) or []) != len(kept.get(key) or []):
            yield f"slack_sdk drops some {key}"


@cache
def _definitions() -> dict[str, Schema]:
    """A schema for each type of block; none where the schema is absent."""
    path = SPECS / "slack-blocks.schema.json"
    if not path.exists():
        return {}
    definitions = json.loads(path.read_text("utf-8"))["definitions"]
    found: dict[str, Schema] = {}
    for choice in definitions["KnownBlock"]["anyOf"]:
        name = choice["$ref"].rsplit("/", 1)[1]
        schema = Schema({"$ref": choice["$ref"], "definitions": definitions}, 7)
        shapes = definitions[name].get("anyOf", [definitions[name]])
        found |= {shape["properties"]["type"]["const"]: schema for shape in shapes}
    return found


def _schema(block: Json) -> Iterator[str]:
    schemas = _definitions()
    if not schemas:
        return
    if block.get("type") not in schemas:
        yield "the schema does not know it"
        return
    error = best_match(schemas[block["type"]].errors(_without_language(block)))
    if error is not None:
        yield f"schema: {error.json_path}: {error.message[:300]}"


def _without_language(value: Any) -> Any:  # noqa: ANN401 - JSON goes in and comes out
    # Slack highlights by it since before the published schema knew.
    if isinstance(value, dict):
        code = value.get("type") == "rich_text_preformatted"
        return {
            key: _without_language(inner)
            for key, inner in value.items()
            if not (code and key == "language")
        }
    if isinstance(value, list):
        return [_without_language(inner) for inner in value]
    return value


def _fields(block: Json) -> Iterator[str]:
    fields = block.get("fields")
    if not block.get("text") and not fields:
        yield "neither text nor fields"
    if fields is not None and not 1 <= len(fields) <= 10:
        yield f"{len(fields)} fields, 1 to 10 are taken"
    for field in fields or []:
        yield from _longer(field, "text", 2000)


def _longer(holder: Json, key: str, most: int) -> list[str]:
    value = holder.get(key)
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, str) and len(value) > most:
        return [f"{key} has {len(value)} characters, {most} are taken"]
    return []


def _lengths(part: Json) -> Iterator[str]:
    for kind, key, most in LENGTHS:
        if kind in ("", part.get("type")):
            yield from _longer(part, key, most)
    for key in ("block_id", "action_id"):
        if part.get(key) == "":
            yield f"{key} is empty"
    for key, most in CONFIRM.items() if isinstance(part.get("confirm"), dict) else ():
        yield from _longer(part["confirm"], key, most)


def _texts(part: Json) -> Iterator[str]:
    text = part.get("text")
    if part.get("type") in ("plain_text", "mrkdwn", "text", "raw_text"):
        if not isinstance(text, str) or not text:
            yield f"an empty {part['type']}"
        elif part["type"] == "mrkdwn":
            yield from injections(text)


def _choices(part: Json) -> Iterator[str]:
    kind = str(part.get("type", ""))
    options = part.get("options")
    if isinstance(options, list):
        most = MOST_OPTIONS.get(kind, 100)
        if not 1 <= len(options) <= most:
            yield f"{len(options)} options, 1 to {most} are taken"
        for option in options:
            yield from _longer(option, "text", 75)
            yield from _longer(option, "value", 150)
            yield from _longer(option, "description", 75)
        chosen = [part["initial_option"]] if part.get("initial_option") else []
        chosen += part.get("initial_options") or []
        if any(option not in options for option in chosen):
            yield "an initial option is none of the options"
    if kind == "plain_text_input":
        written, most = part.get("initial_value") or "", part.get("max_length", 3000)
        if not 1 <= most <= 3000:
            yield f"max_length is {most}, 1 to 3000 is taken"
        elif len(written) > most:
            yield f"initial_value has {len(written)} characters, max_length is {most}"


def _rich(part: Json) -> Iterator[str]:
    kind = part.get("type")
    if kind in REFUSED and "action_id" not in part:
        yield f"a mention in rich text: {kind}"
    if kind == "rich_text_preformatted" and "language" in part:
        language = part["language"]
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            yield f"language is {language!r}"
    for key in ("url", "image_url"):
        if key in part and not re.match(r"https?://[^\s/]", str(part[key])):
            yield f"{key} is {str(part[key])[:80]!r}"


def injections(text: str) -> Iterator[str]:
    """What in a text with markup Slack would read as more than text."""
    for token in TOKEN.findall(text):
        if not DATE.fullmatch(token):
            yield f"markup that mentions or links: {token[:80]}"
    if "<" in TOKEN.sub("", text):
        yield "a < that is not escaped"
    if AMPERSAND.search(text):
        yield "a & that is not escaped"


def walk(value: object) -> Iterator[Json]:
    """Every object within blocks, depth first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)
