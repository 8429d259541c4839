"""A JSON schema that is quick to say yes and able to tell why not."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal

import jsonschema_rs
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT7, DRAFT202012

MOST_ERRORS = 5

_DRAFTS = {
    7: (jsonschema_rs.Draft7Validator, Draft7Validator, DRAFT7),
    2020: (jsonschema_rs.Draft202012Validator, Draft202012Validator, DRAFT202012),
}


class Schema:
    """A schema of a draft; `resources` are documents that it refers to, by their addresses.

    Nearly everything that tests look at is valid, which a compiled validator says at once.
    """

    def __init__(
        self,
        schema: dict[str, Any],
        draft: Literal[7, 2020],
        resources: Mapping[str, Any] | None = None,
    ) -> None:
        quick, exact, kind = _DRAFTS[draft]
        known = [*(resources or {}).items()]
        registry: Registry[Any] = Registry().with_resources(
            (address, kind.create_resource(document)) for address, document in known
        )
        self._quick = quick(schema, registry=jsonschema_rs.Registry(known, draft=_draft_of(draft)))
        self._exact = exact(schema, registry=registry)

    def errors(self, value: object) -> list[ValidationError]:
        """The first few errors; none where the value is valid."""
        if self._quick.is_valid(value):
            return []
        return list(islice(self._exact.iter_errors(value), MOST_ERRORS))


def _draft_of(draft: Literal[7, 2020]) -> int:
    """The draft by the quick library's number."""
    return jsonschema_rs.Draft7 if draft == 7 else jsonschema_rs.Draft202012
