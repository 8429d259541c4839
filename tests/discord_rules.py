"""What Discord takes and what it refuses, and what we never want to send.

`problems_of` is strict about pings and injection too: nothing of ours mentions anybody, so a
mention in it came from a member.
"""

import re
from collections.abc import Collection, Iterator

from tests.discord_schema import Json, schema_problems
from tests.discord_words import (
    BUTTON,
    CHECKBOX_GROUP,
    LABEL,
    LINK,
    PREMIUM,
    RADIO_GROUP,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    V2,
    displays,
    embed_texts,
    mentions,
    walk,
)

EPHEMERAL, IS_V2, SUPPRESS_NOTIFICATIONS = 1 << 6, 1 << 15, 1 << 12
MOST_CONTENT, MOST_EMBEDDED, MOST_DISPLAYED = 2000, 6000, 4000
MOST_COMPONENTS, MOST_ROWS, MOST_BUTTONS, MOST_FIELDS = 40, 5, 5, 5
MOST_OPTIONS, MOST_CHOICES, MOST_NONCE = 25, 25, 25
MOST_FILES, MOST_BYTES = 10, 10 * 1024 * 1024
MOST_COMMAND = 8000

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
CREATE = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
FOLLOWUP = "POST /webhooks/{webhook_id}/{webhook_token}"
EDIT_ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
EDIT_FOLLOWUP = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
COMMANDS = {
    "PUT /applications/{application_id}/commands",
    "PUT /applications/{application_id}/guilds/{guild_id}/commands",
}

_NAME = re.compile(r"[-_\w]{1,32}")
_ATTACHED = re.compile(r'"?attachment://([^"\s]+)')
_SUBCOMMANDS = {1, 2}


def problems_of(
    method: str,
    path: str,
    body: object,
    *,
    files: Collection[str] = (),
    kept: Collection[str] = (),
    v2: bool = False,
) -> list[str]:
    """Why Discord would not take this body, or we should not send it.

    `path` is as the OpenAPI document has it. `files` are the names of what is uploaded with it,
    `kept` of what an edited message has already; `v2` says that it is one of Components V2.
    """
    route = f"{method} {path}"
    found = schema_problems(route, body)
    if found:
        return found
    if isinstance(body, list):
        return [*_commands(body)] if route in COMMANDS else []
    if not isinstance(body, dict):
        return []
    if route == CALLBACK:
        return [*_callback(body, files, kept, v2=v2)]
    if route in (CREATE, FOLLOWUP):
        return [*_message(body, files, (), edit=False, v2=False)]
    if route in (EDIT, EDIT_ORIGINAL, EDIT_FOLLOWUP):
        return [*_message(body, files, kept, edit=True, v2=v2)]
    return []


def _callback(
    body: Json, files: Collection[str], kept: Collection[str], *, v2: bool
) -> Iterator[str]:
    data = body.get("data") or {}
    match body["type"]:
        case 4:
            yield from _message(data, files, (), edit=False, v2=False)
        case 7:
            yield from _message(data, files, kept, edit=True, v2=v2)
        case 8:
            yield from _choices(data.get("choices") or [])
        case 9:
            yield from _modal(data)
        case 5 if data.keys() - {"flags"}:
            yield f"a deferral says {sorted(data)}"
        case _:
            pass


def _message(
    body: Json, files: Collection[str], kept: Collection[str], *, edit: bool, v2: bool
) -> Iterator[str]:
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components = body.get("components") or []
    if not edit and not (content.strip() or embeds or components or files or body.get("poll")):
        yield "an empty message"
    if len(content) > MOST_CONTENT:
        yield f"content has {len(content)} characters, {MOST_CONTENT} are taken"
    yield from _embeds(embeds)
    yield from _nonce(body)
    yield from _pings(body)
    yield from _kind(body, edit=edit, v2=v2)
    yield from _tree(components)
    total = sum(len(text) for text in displays(components))
    if total > MOST_DISPLAYED:
        yield f"all text displays have {total} characters, {MOST_DISPLAYED} are taken"
    yield from _files(body, files, kept)


def _pings(body: Json) -> Iterator[str]:
    embeds = [text for embed in body.get("embeds") or [] for _, text, _ in embed_texts(embed)]
    texts = [body.get("content") or "", *displays(body.get("components")), *embeds]
    if not any(texts):
        return
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict) or allowed.get("parse") != []:
        yield f"allowed_mentions is {allowed}, it must have an empty parse"
    elif any(allowed.get(key) for key in ("users", "roles", "replied_user")):
        yield f"allowed_mentions lets somebody be pinged: {allowed}"
    for text in texts:
        yield from mentions(text)


def _nonce(body: Json) -> Iterator[str]:
    nonce = body.get("nonce")
    if nonce is not None and not 1 <= len(str(nonce)) <= MOST_NONCE:
        yield f"nonce has {len(str(nonce))} characters, 1 to {MOST_NONCE} are taken"
    if body.get("enforce_nonce") and nonce is None:
        yield "enforce_nonce without a nonce"


def _embeds(embeds: list[Json]) -> Iterator[str]:
    total = 0
    for embed in embeds:
        for where, text, most in embed_texts(embed):
            total += len(text)
            if len(text) > most:
                yield f"embed: {where} has {len(text)} characters, {most} are taken"
    if total > MOST_EMBEDDED:
        yield f"all embeds have {total} characters, {MOST_EMBEDDED} are taken"


def _kind(body: Json, *, edit: bool, v2: bool) -> Iterator[str]:
    components = body.get("components") or []
    flagged = bool((body.get("flags") or 0) & IS_V2)
    used = any(part.get("type") in V2 for part in walk(components))
    if used and not (flagged or v2):
        yield "Components V2 without their flag"
    if flagged and not used and not (edit and v2 and "components" not in body):
        yield "the flag of Components V2 without any of them"
    if flagged or v2:
        found = [key for key in ("content", "embeds", "poll", "sticker_ids") if body.get(key)]
        yield from (f"{key} in a message of Components V2" for key in found)
    elif len(components) > MOST_ROWS:
        yield f"{len(components)} action rows, {MOST_ROWS} are taken"


def _tree(components: list[Json]) -> Iterator[str]:
    parts = [*walk(components)]
    if len(parts) > MOST_COMPONENTS:
        yield f"{len(parts)} components, {MOST_COMPONENTS} are taken"
    for key in ("custom_id", "id"):
        names = [part[key] for part in parts if part.get(key)]
        for name in sorted({name for name in names if names.count(name) > 1}, key=str):
            yield f"{key} {name!r} occurs twice"
    for part in parts:
        yield from _part(part)


def _part(part: Json) -> Iterator[str]:
    kind = part.get("type")
    if kind == ROW:
        kinds = [inner.get("type") for inner in part.get("components") or []]
        buttons = kinds.count(BUTTON)
        if not kinds or buttons > MOST_BUTTONS or (buttons < len(kinds) and len(kinds) > 1):
            yield f"a row of {kinds}: it takes {MOST_BUTTONS} buttons or one select"
    elif kind == BUTTON:
        yield from _button(part)
    elif kind == TEXT and not str(part.get("content") or "").strip():
        yield "a text display says nothing"
    elif kind in SELECTS or kind in (RADIO_GROUP, CHECKBOX_GROUP):
        yield from _select(part)
    elif kind == TEXT_INPUT:
        yield from _input(part)
    elif kind == LABEL and not str(part.get("label") or "").strip():
        yield "a label says nothing"


def _button(part: Json) -> Iterator[str]:
    label, style = part.get("label") or "", part.get("style")
    if len(label) > 80:
        yield f"a button's label has {len(label)} characters, 80 are taken"
    if style == PREMIUM:
        return
    if not label.strip() and not part.get("emoji"):
        yield "a button has neither label nor emoji"
    if style == LINK and (not part.get("url") or part.get("custom_id")):
        yield f"a link button {label!r} needs a url and no custom_id"
    if style != LINK and (not part.get("custom_id") or part.get("url")):
        yield f"a button {label!r} needs a custom_id and no url"


def _select(part: Json) -> Iterator[str]:
    kind, options = part.get("type"), part.get("options") or []
    most = MOST_OPTIONS if kind in SELECTS else 10
    if kind in (STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP):
        if not 1 <= len(options) <= most:
            yield f"{len(options)} options, 1 to {most} are taken"
        values = [option["value"] for option in options]
        if len(set(values)) < len(values):
            yield f"two options have the same value: {values}"
        for option in options:
            for key in ("label", "value", "description"):
                if key in option and not 1 <= len(option[key] or " ") <= 100:
                    yield f"an option's {key} has {len(option[key])} characters"
            if not option["label"].strip():
                yield "an option's label says nothing"
        highest = part.get("max_values")
        highest = (len(options) if kind == CHECKBOX_GROUP else 1) if highest is None else highest
        lowest = 1 if part.get("min_values") is None else part["min_values"]
        if not lowest <= highest <= max(len(options), 1):
            yield f"{lowest} to {highest} of {len(options)} options cannot be chosen"
        if kind == CHECKBOX_GROUP and lowest == 0 and part.get("required") is not False:
            yield "check boxes of which none is needed must not be required"
        if sum(bool(option.get("default")) for option in options) > highest:
            yield "more options are chosen by default than can be"


def _input(part: Json) -> Iterator[str]:
    value, most = part.get("value") or "", part.get("max_length") or 4000
    if len(value) > most:
        yield f"a text input's value has {len(value)} characters, {most} can be entered"
    if (part.get("min_length") or 0) > most:
        yield "a text input's min_length is above its max_length"


def _modal(data: Json) -> Iterator[str]:
    components = data.get("components") or []
    if not 1 <= len(components) <= MOST_FIELDS:
        yield f"a modal has {len(components)} components, 1 to {MOST_FIELDS} are taken"
    if not str(data.get("title") or "").strip():
        yield "a modal's title says nothing"
    yield from _tree(components)
    for text in displays(components):
        yield from mentions(text)


def _files(body: Json, files: Collection[str], kept: Collection[str]) -> Iterator[str]:
    if len(files) > MOST_FILES:
        yield f"{len(files)} files, {MOST_FILES} are taken"
    shown = repr([body.get("embeds"), body.get("components")]).replace("'", '"')
    named = set(_ATTACHED.findall(shown))
    yield from (f"attachment://{name} was not uploaded" for name in sorted(named - {*files, *kept}))
    if (body.get("flags") or 0) & IS_V2:
        yield from (f"no component shows the file {name}" for name in files if name not in named)


def _choices(choices: list[Json]) -> Iterator[str]:
    if len(choices) > MOST_CHOICES:
        yield f"{len(choices)} choices, {MOST_CHOICES} are taken"
    names = [choice["name"] for choice in choices]
    if len(set(names)) < len(names):
        yield f"two choices have the same name: {names}"
    for choice in choices:
        for key in ("name", "value"):
            if isinstance(choice[key], str) and not 1 <= len(choice[key].strip()) <= 100:
                yield f"a choice's {key} has {len(choice[key])} characters"


def _commands(commands: list[Json]) -> Iterator[str]:
    names = [(command.get("type") or 1, command["name"]) for command in commands]
    if len(set(names)) < len(names):
        yield f"two commands have the same name: {names}"
    for command in commands:
        if (command.get("type") or 1) == 1:
            yield from _command(command)
            total = _length(command)
            if total > MOST_COMMAND:
                yield f"/{command['name']} has {total} characters, {MOST_COMMAND} are taken"


def _command(node: Json) -> Iterator[str]:
    name, description = node["name"], node.get("description") or ""
    if not _NAME.fullmatch(name) or name != name.lower():
        yield f"a command or option cannot be named {name!r}"
    if not 1 <= len(description) <= 100:
        yield f"{name}: the description has {len(description)} characters"
    options = node.get("options") or []
    if len(options) > MOST_OPTIONS:
        yield f"{name}: {len(options)} options, {MOST_OPTIONS} are taken"
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        yield f"{name}: two options have the same name"
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield f"{name}: required options come first"
    if len({option["type"] in _SUBCOMMANDS for option in options}) > 1:
        yield f"{name}: sub-commands beside plain options"
    if node.get("choices") and node.get("autocomplete"):
        yield f"{name}: choices and completion"
    yield from _choices(node.get("choices") or [])
    for option in options:
        yield from _command(option)


def _length(node: Json) -> int:
    own = len(node["name"]) + len(node.get("description") or "")
    own += sum(
        len(str(choice["name"])) + len(str(choice["value"])) for choice in node.get("choices") or []
    )
    return own + sum(_length(option) for option in node.get("options") or [])
