"""Questions as they were asked, and what is open."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from bot.model import Post, PostKind, Question
from bot.store.clock import day, instant, seconds
from bot.store.sqlite import Connection

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Question).decode

_COLUMNS = (
    "id, tenant_id, channel_id, member_id, kind, question, created_at, number, date, "
    "closes_at, closed_at, voided_at"
)


# Not the index of a channel's posts, of which there may be thousands a day.
_OF_MEMBER = "INDEXED BY posts_practised WHERE kind = 'practice' AND member_id = ?"

OLDEST_LEFT = timedelta(days=7)
"""Nobody leaves a practice question that is older: it is long replaced by others."""


class Asked(msgspec.Struct, frozen=True):
    """A past question of a channel, as the picker needs it."""

    source: str
    topic: str
    level: int
    one_tap: bool


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """A question as it is stored, so that it need not be made twice."""

    source: str
    topic: str
    level: int
    data: bytes


class Over(msgspec.Struct, frozen=True):
    """A daily whose time is over, and where it stands."""

    post_id: int
    platform: str


def snapshot(question: Question) -> Snapshot:
    """A question as it is stored."""
    return Snapshot(question.source, question.topic, question.level, _encode(question))


@lru_cache(maxsize=512)
def _question(snapshot: bytes) -> Question:
    return _decode(snapshot)


def _post(row: tuple[Any, ...]) -> Post:  # the types of _COLUMNS
    made = instant(row[6])
    if made is None:
        message = f"post {row[0]} has no creation time"
        raise RuntimeError(message)
    return Post(
        id=row[0],
        tenant_id=row[1],
        channel_id=row[2],
        member_id=row[3],
        kind=row[4],
        question=_question(row[5]),
        created_at=made,
        number=row[7] or 0,
        date=day(row[8]),
        closes_at=instant(row[9]),
        closed_at=instant(row[10]),
        voided_at=instant(row[11]),
    )


def is_tried(conn: Connection, channel_id: int, since: datetime) -> bool:
    """Whether a question that was asked since then is still tried together in a channel."""
    return (
        conn.execute(
            "SELECT 1 FROM posts WHERE channel_id = ? AND kind = 'together' "
            "AND created_at > ? AND closed_at IS NULL",
            (channel_id, seconds(since)),
        ).fetchone()
        is not None
    )


def get(conn: Connection, post_id: int, tenant_id: int) -> Post | None:
    """A post of this team; another team's posts do not exist for it."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM posts WHERE id = ? AND tenant_id = ?", (post_id, tenant_id)
    ).fetchone()
    return None if row is None else _post(row)


def must_get(conn: Connection, post_id: int) -> Post:
    """A post that is known to exist, whoever's it is: for the bot's own work."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM posts WHERE id = ?", (post_id,)).fetchone()
    return _post(row)


def next_number(conn: Connection, channel_id: int) -> int:
    """The number of the channel's next daily."""
    (last,) = conn.execute(
        "SELECT coalesce(max(number), 0) FROM posts WHERE channel_id = ? AND kind = 'daily'",
        (channel_id,),
    ).fetchone()
    return int(last) + 1


def daily_dates(conn: Connection, channel_id: int, first: date) -> frozenset[date]:
    """The dates from `first` on that have their daily."""
    return frozenset(
        date.fromisoformat(on)
        for (on,) in conn.execute(
            "SELECT date FROM posts WHERE channel_id = ? AND kind = 'daily' AND date >= ?",
            (channel_id, first.isoformat()),
        )
    )


def add(  # noqa: PLR0913  # one argument a column
    conn: Connection,
    question: Question | Snapshot,
    kind: PostKind,
    *,
    tenant_id: int,
    channel_id: int,
    now: datetime,
    member_id: int | None = None,
    number: int | None = None,
    on: date | None = None,
    closes_at: datetime | None = None,
    one_tap: bool = False,
) -> int | None:
    """Store a question asked in a place; None when that channel's date has one already."""
    asked = question if isinstance(question, Snapshot) else snapshot(question)
    cursor = conn.execute(
        "INSERT INTO posts (tenant_id, channel_id, member_id, kind, source, topic, level, one_tap,"
        " question, created_at, number, date, closes_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            tenant_id,
            channel_id,
            member_id,
            kind,
            asked.source,
            asked.topic,
            asked.level,
            one_tap,
            asked.data,
            seconds(now),
            number,
            None if on is None else on.isoformat(),
            None if closes_at is None else seconds(closes_at),
        ),
    )
    return cursor.lastrowid if cursor.rowcount == 1 else None


def pending_practice(
    conn: Connection, member_id: int, channel_id: int, now: datetime
) -> list[Post]:
    """The member's unanswered practice questions of the last 24 hours, newest first."""
    return [
        _post(row)
        for row in conn.execute(
            f"SELECT {_COLUMNS} FROM posts {_OF_MEMBER} "
            "AND channel_id = ? AND created_at > ? AND closed_at IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM answers WHERE post_id = posts.id) ORDER BY id DESC",
            (member_id, channel_id, seconds(now - timedelta(hours=24))),
        )
    ]


def left_lately(conn: Connection, member_id: int, now: datetime) -> frozenset[str]:
    """The sources of practice questions that the member left within the last 24 hours."""
    return frozenset(
        source
        for (source,) in conn.execute(
            f"SELECT source FROM posts {_OF_MEMBER} AND created_at > ? AND closed_at > ?",
            (member_id, seconds(now - OLDEST_LEFT), seconds(now - timedelta(hours=24))),
        )
    )


def close(conn: Connection, post_id: int, now: datetime) -> bool:
    """Mark a post as closed; false when it was already."""
    return (
        conn.execute(
            "UPDATE posts SET closed_at = ? WHERE id = ? AND closed_at IS NULL",
            (seconds(now), post_id),
        ).rowcount
        == 1
    )


def void(conn: Connection, post_id: int, now: datetime) -> bool:
    """Mark a daily as withdrawn and closed; false when it was already."""
    return (
        conn.execute(
            "UPDATE posts SET voided_at = ?, closed_at = coalesce(closed_at, ?) "
            "WHERE id = ? AND voided_at IS NULL",
            (seconds(now), seconds(now), post_id),
        ).rowcount
        == 1
    )


def set_opened(conn: Connection, post_id: int, now: datetime) -> None:
    """The question has reached its channel; only the first time counts."""
    conn.execute(
        "UPDATE posts SET opened_at = ? WHERE id = ? AND opened_at IS NULL",
        (seconds(now), post_id),
    )


def latest_daily(conn: Connection, channel_id: int) -> Post | None:
    """The channel's daily of the latest date."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' "
        "ORDER BY date DESC LIMIT 1",
        (channel_id,),
    ).fetchone()
    return None if row is None else _post(row)


def daily_before(conn: Connection, channel_id: int, on: date) -> Post | None:
    """The channel's last daily before a date."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' AND date < ? "
        "ORDER BY date DESC LIMIT 1",
        (channel_id, on.isoformat()),
    ).fetchone()
    return None if row is None else _post(row)


def dailies_between(conn: Connection, channel_id: int, first: date, last: date) -> list[Post]:
    """The channel's dailies of some days, oldest first."""
    return [
        _post(row)
        for row in conn.execute(
            f"SELECT {_COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' "
            "AND date BETWEEN ? AND ? ORDER BY date",
            (channel_id, first.isoformat(), last.isoformat()),
        )
    ]


def tried(conn: Connection, channel_id: int, count: int = 5) -> set[str]:
    """The sources that a channel tried together last."""
    rows = conn.execute(
        "SELECT source FROM posts WHERE channel_id = ? AND kind = 'together' "
        "ORDER BY created_at DESC LIMIT ?",
        (channel_id, count),
    )
    return {source for (source,) in rows}


def history(conn: Connection, channel_id: int) -> tuple[Asked, ...]:
    """Every daily of the channel, oldest first."""
    return tuple(
        Asked(source, topic, level, bool(one_tap))
        for source, topic, level, one_tap in conn.execute(
            "SELECT source, topic, level, one_tap FROM posts "
            "WHERE channel_id = ? AND kind = 'daily' ORDER BY date",
            (channel_id,),
        )
    )


def due_to_close(conn: Connection, now: datetime, limit: int = 200) -> list[Over]:
    """Open dailies whose time has come, whoever's they are."""
    return [
        Over(*row)
        for row in conn.execute(
            "SELECT p.id, c.platform FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE p.kind = 'daily' AND p.closed_at IS NULL AND p.closes_at <= ? "
            "ORDER BY p.closes_at LIMIT ?",
            (seconds(now), limit),
        )
    ]


def answered_lately(conn: Connection, platform: str, now: datetime, since: datetime) -> list[Post]:
    """Open dailies of a platform that somebody answered since then."""
    columns = ", ".join(f"p.{name.strip()}" for name in _COLUMNS.split(","))
    return [
        _post(row)
        for row in conn.execute(
            f"SELECT {columns} FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE p.kind = 'daily' AND p.closed_at IS NULL AND p.closes_at > ? "
            "AND c.platform = ? AND EXISTS "
            "(SELECT 1 FROM answers a WHERE a.post_id = p.id AND a.at >= ?)",
            (seconds(now), platform, seconds(since)),
        )
    ]


def recent_sources(conn: Connection, member_id: int, count: int) -> list[tuple[str, str]]:
    """Source and topic of the member's last practice questions, newest first."""
    return conn.execute(
        f"SELECT source, topic FROM posts {_OF_MEMBER} ORDER BY created_at DESC, id DESC LIMIT ?",
        (member_id, count),
    ).fetchall()


def report(conn: Connection, post_id: int, member_id: int, now: datetime) -> bool:
    """Note that a member doubts a question; false when they had said so before."""
    return (
        conn.execute(
            "INSERT INTO reports (post_id, member_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (post_id, member_id, seconds(now)),
        ).rowcount
        == 1
    )
