"""What Discord's own client lets somebody fill in: options of commands, fields of forms."""

from collections.abc import Iterator, Mapping

from tests.discord_schema import Json
from tests.discord_words import CHECKBOX_GROUP, SELECTS, TEXT_INPUT, walk

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
_TYPES = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: float}


class NotThere(LookupError):
    """Nobody could do that: there is no such thing to press, choose or fill in."""


def chosen(commands: list[Json], name: str, options: Mapping[str, object]) -> Json:
    """What a filled-in sub-command of `/numpy` tells."""
    root, sub = _found(commands, name)
    known = {option["name"]: option for option in sub.get("options") or []}
    given = [_given(_known(known, key), value) for key, value in options.items()]
    missing = [key for key, one in known.items() if one.get("required") and key not in options]
    if missing:
        raise NotThere(f"/numpy {name} needs {missing}")
    return _data(root, {"name": name, "type": 1, "options": given})


def completing(commands: list[Json], name: str, option: str, typed: str) -> Json:
    """What is told while somebody types into an option."""
    root, sub = _found(commands, name)
    known = {one["name"]: one for one in sub.get("options") or []}
    wanted = _known(known, option)
    if not wanted.get("autocomplete"):
        raise NotThere(f"{option} of /numpy {name} is not completed")
    given = {"name": option, "type": wanted["type"], "value": typed, "focused": True}
    return _data(root, {"name": name, "type": 1, "options": [given]})


def _found(commands: list[Json], name: str) -> tuple[Json, Json]:
    for root in commands:
        for sub in root.get("options") or []:
            if root["name"] == "numpy" and sub["name"] == name and sub["type"] == 1:
                return root, sub
    raise NotThere(f"/numpy {name} is not offered")


def _known(known: Mapping[str, Json], name: str) -> Json:
    if name not in known:
        raise NotThere(f"there is no option {name!r} among {[*known]}")
    return known[name]


def _given(option: Json, value: object) -> Json:
    """An option with a value that Discord's client lets through."""
    name, kind = option["name"], option["type"]
    if not isinstance(value, _TYPES[kind]):
        raise NotThere(f"{name} takes no {type(value).__name__}")
    offered = [choice["value"] for choice in option.get("choices") or []]
    if offered and value not in offered:
        raise NotThere(f"{value!r} is not among the choices {offered} of {name}")
    if isinstance(value, str):
        if not option.get("min_length", 0) <= len(value) <= (option.get("max_length") or 6000):
            raise NotThere(f"{name} has {len(value)} characters")
    elif isinstance(value, int | float):
        low, high = option.get("min_value", value), option.get("max_value", value)
        if not low <= value <= high:
            raise NotThere(f"{name} is {value}, not {low} to {high}")
    return {"name": name, "type": kind, "value": value}


def _data(root: Json, sub: Json) -> Json:
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": [sub]}
    return data | ({"guild_id": root["guild_id"]} if "guild_id" in root else {})


def filled(
    components: list[Json], values: Mapping[str, str | list[str]]
) -> Iterator[tuple[str, str | list[str]]]:
    """Each field of a form with what is in it when it is sent."""
    fields = {part["custom_id"]: part for part in walk(components) if "custom_id" in part}
    unknown = [name for name in values if name not in fields]
    if unknown:
        raise NotThere(f"no fields {unknown} among {[*fields]}")
    for name, part in fields.items():
        value = values.get(name, _default(part))
        _must_fit(part, value)
        yield name, value


def _default(part: Json) -> str | list[str]:
    if part["type"] == TEXT_INPUT:
        return str(part.get("value") or "")
    return [str(one["value"]) for one in part.get("options") or [] if one.get("default")]


def _must_fit(part: Json, value: str | list[str]) -> None:
    name, required = part["custom_id"], part.get("required", True)
    if part["type"] == TEXT_INPUT:
        if not isinstance(value, str):
            raise NotThere(f"{name} takes a text")
        low, high = part.get("min_length") or 0, part.get("max_length") or 4000
        if (required and not value) or not (low <= len(value) <= high or not value):
            raise NotThere(f"{name} has {len(value)} characters, not {low} to {high}")
    elif part["type"] == CHECKBOX_GROUP or part["type"] in SELECTS:
        if not isinstance(value, list):
            raise NotThere(f"{name} takes a list of values")
        offered = [str(one["value"]) for one in part.get("options") or []]
        if any(one not in offered for one in value):
            raise NotThere(f"{value} is not among {offered}")
        low = part.get("min_values", 1) if required else 0
        if not (low or 0) <= len(value) <= (part.get("max_values") or len(offered)):
            raise NotThere(f"{name} has {len(value)} values")
