"""What a family is, and all of them."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

import content.families
from content.schema import Item, Kind

if TYPE_CHECKING:
    import numpy as np

Make = Callable[["np.random.Generator", int], Item]
"""Drafts an instance: all chance comes from the generator, the level turns its knobs."""


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A question that draws fresh numbers each time.

    An instance is named by `id`, `version` and seed; a change that gives a seed another
    instance counts `version` up. `beliefs` are all misconceptions that its wrong options
    come from. `may_fail`: the answer is an error in about a third of the instances, and
    an error is offered in every one.
    """

    id: str
    topic: str
    level: int
    kind: Kind
    title: str
    make: Make
    beliefs: tuple[str, ...]
    version: int = 1
    covers: tuple[int, ...] = ()
    levels: tuple[int, ...] = (1, 2, 3)
    may_fail: bool = False


def load() -> tuple[Family, ...]:
    """All families, by id. Importing them does not import NumPy."""
    found: dict[str, Family] = {}
    for module in pkgutil.iter_modules(content.families.__path__):
        part = importlib.import_module(f"content.families.{module.name}")
        found.update(
            (value.id, value) for value in vars(part).values() if isinstance(value, Family)
        )
    return tuple(found[name] for name in sorted(found))
