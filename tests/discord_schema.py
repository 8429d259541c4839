"""Discord's own OpenAPI document, as validators of what the bot sends.

The document is a test input that lies beside the checkout; where it is absent, nothing is said.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema.exceptions import ValidationError, best_match

from tests.schemas import Schema

Json: TypeAlias = dict[str, Any]

SPECS = Path(__file__).resolve().parents[2] / "shared" / "specs"
OPENAPI = SPECS / "discord-openapi.json"

_REF = "#/components/schemas/"
_URI = "urn:discord"
# These are unions of bodies that no property tells apart; a bot's token is always the first.
_UNIONS = {"POST /webhooks/{webhook_id}/{webhook_token}": "IncomingWebhookRequestPartial"}


def schema_problems(route: str, body: object) -> list[str]:
    """What the document says against the body of a call to this route (`POST /path/{of}/it`)."""
    schema = _schemas()(route)
    found = schema.errors(body) if schema else []
    return [f"schema: {error.json_path}: {error.message[:200]}" for error in map(_deepest, found)]


def _deepest(error: ValidationError) -> ValidationError:
    return best_match([error]) or error


@cache
def _schemas() -> Callable[[str], Schema | None]:
    """Makes the schema of a route's body, once each."""
    if not OPENAPI.exists():
        return lambda _: None
    document = json.loads(OPENAPI.read_text("utf-8"))
    schemas: Json = document["components"]["schemas"]
    readable = {name: _readable(schema, schemas) for name, schema in schemas.items()}
    # Discord takes numbers for ids, and discord.py counts its attachments with them.
    readable["SnowflakeType"] = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    for name, schema in readable.items():
        if "ComponentFor" in name and "properties" in schema:
            schema["additionalProperties"] = False
    resources = {_URI: {"components": {"schemas": readable}}}

    @cache
    def schema_of(route: str) -> Schema | None:
        method, path = route.split(" ", 1)
        call = document["paths"].get(path, {}).get(method.lower(), {})
        body = call.get("requestBody")
        if body is None:
            return None
        schema = body["content"]["application/json"]["schema"]
        if route in _UNIONS:
            schema = {"$ref": _REF + _UNIONS[route]}
        told = json.dumps(_readable(schema, schemas)).replace(f'"{_REF}', f'"{_URI}{_REF}')
        return Schema(json.loads(told), 2020, resources)

    return schema_of


def _readable(node: Any, schemas: Json) -> Any:  # noqa: ANN401 - a schema goes in and comes out
    """The same schema, where a union of objects that `type` tells apart becomes a choice by it.

    An error then is about the object that was meant and not about all that it is not.
    """
    if isinstance(node, list):
        return [_readable(inner, schemas) for inner in node]
    if not isinstance(node, dict):
        return node
    for key in ("oneOf", "anyOf"):
        choice = _choice(node[key], schemas) if isinstance(node.get(key), list) else None
        if choice is not None:
            rest = {name: inner for name, inner in node.items() if name != key}
            return _readable(rest, schemas) | choice
    return {name: _readable(inner, schemas) for name, inner in node.items()}


def _choice(union: list[Json], schemas: Json) -> Json | None:
    nullable = {"type": "null"} in union
    members = [member for member in union if member != {"type": "null"}]
    if nullable and len(members) == 1 and "$ref" in members[0]:
        return {"if": {"not": {"type": "null"}}, "then": members[0]}
    named: list[tuple[str, list[int]]] = []
    for member in members:
        reference = member.get("$ref", "")
        target = schemas.get(reference.removeprefix(_REF), {})
        types = target.get("properties", {}).get("type", {}).get("enum")
        if types is None:
            return None
        named.append((reference, types))
    every = [number for _, types in named for number in types]
    if not every or len(set(every)) < len(every):
        return None
    cases = [
        {"if": {"properties": {"type": {"enum": types}}}, "then": {"$ref": reference}}
        for reference, types in named
    ]
    known: Json = {"required": ["type"], "properties": {"type": {"enum": every}}}
    objects: Json = {"type": ["object", "null"] if nullable else "object"}
    # An unknown type is told once, not by the case it does not fit.
    return objects | {"if": {"type": "object"}, "then": known | {"allOf": cases}}
