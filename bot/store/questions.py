"""A question as a post holds it: packed, for most of a database is what was once asked."""

import zlib
from functools import lru_cache

import msgspec

from bot.model import Question

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Question).decode

_PLAIN = b"{"
"""What an unpacked one begins with, as formats up to 7 stored them; no packed one does."""


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """A question as it is stored, so that it need not be made twice."""

    source: str
    topic: str
    level: int
    data: bytes


def snapshot(question: Question) -> Snapshot:
    """A question as it is stored."""
    # Each level packs it to less than half; the first takes the least time.
    data = zlib.compress(_encode(question), 1)
    return Snapshot(question.source, question.topic, question.level, data)


@lru_cache(maxsize=512)
def read(data: bytes) -> Question:
    """The question of a snapshot's data."""
    return _decode(data if data.startswith(_PLAIN) else zlib.decompress(data))
