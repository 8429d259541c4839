"""The glossary: each misconception that an option names, and what is true instead."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import rtoml

from bot.bank.problem import Fault

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAME = "beliefs.toml"


class Belief(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The correction of a misconception: one sentence (Markdown), and the page that says so."""

    truth: str
    docs: str


Glossary = Mapping[str, Belief]
"""Slug (`slices-are-copies`) to its correction."""


def read_beliefs(folder: "Traversable") -> dict[str, Belief]:
    """Read the glossary of a content folder; empty where there is none.

    Raises `Fault` when the file cannot be used.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        found = rtoml.loads(path.read_bytes().decode("utf-8-sig"))
        return msgspec.convert(found, dict[str, Belief])
    except (OSError, UnicodeDecodeError, ValueError) as error:
        # What is not TOML and what does not fit are ValueErrors too.
        remedy = "Give each belief a `truth` and a page of `docs`, both in quotes."
        raise Fault(str(path), f"cannot be read ({error})", remedy) from error
