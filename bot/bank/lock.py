"""What other NumPy versions gave: the committed `versions.lock.json`, beside `questions/`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from bot.errors import ContentError
from content.schema import Item

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAME = "versions.lock.json"


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an item's `answer` gave: as printed, or `raises ValueError`; `snippet` is a digest."""

    printed: str
    snippet: str


Lock = Mapping[str, Mapping[str, Recorded]]
"""NumPy version (`1.26`) to question id to what was recorded."""


def read_lock(folder: "Traversable") -> Lock:
    """Read the lock file of a content folder; empty where there is none.

    Raises `ContentError` when the file cannot be used.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Recorded]])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{path} cannot be read ({error}): take it away and run `numpy-bot bank record`"
        ) from error


def lock_text(lock: Lock) -> bytes:
    """The lock as its file holds it: sorted, one value a line."""
    return msgspec.json.format(msgspec.json.encode(lock, order="sorted"), indent=2) + b"\n"


def digest(item: Item) -> str:
    """Tells whether the snippet is still the one whose result was recorded."""
    import hashlib  # noqa: PLC0415 -- slow to import, rarely needed

    text = "\0".join((item.setup, item.code, item.answer or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
