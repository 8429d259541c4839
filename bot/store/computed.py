"""Questions that NumPy has computed before, so that a start need not import it again.

A digest of everything that a question is made from stands beside it: whatever changes there
makes the row one that is not found.
"""

from collections.abc import Iterable

import msgspec

from bot.model import Question
from bot.store.sqlite import Connection

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Question).decode


def get(conn: Connection, source: str, digest: bytes) -> Question | None:
    """The question of a source as it was computed from just this."""
    row = conn.execute(
        "SELECT question FROM computed WHERE source = ? AND digest = ?", (source, digest)
    ).fetchone()
    return None if row is None else _decode(row[0])


def digests(conn: Connection) -> dict[str, bytes]:
    """What each stored question was computed from."""
    return dict(conn.execute("SELECT source, digest FROM computed").fetchall())


def put(conn: Connection, rows: Iterable[tuple[bytes, Question]]) -> None:
    """Store questions, each with the digest of what it was computed from."""
    conn.executemany(
        "INSERT INTO computed (source, digest, question) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET digest = excluded.digest, question = excluded.question",
        ((question.source, digest, _encode(question)) for digest, question in rows),
    )
