"""Questions as they were asked, and what is open."""

from datetime import datetime, timedelta
from typing import Any, Literal

from bot.model import Post
from bot.store import questions
from bot.store.clock import day, instant, seconds
from bot.store.questions import Snapshot
from bot.store.sqlite import Connection

COLUMNS = (
    "id, tenant_id, channel_id, member_id, kind, question, created_at, number, date, "
    "closes_at, closed_at, voided_at"
)
"""What `read` makes a post of."""


# Not the index of a channel's posts, of which there may be thousands a day.
_OF_MEMBER = "INDEXED BY posts_practised WHERE kind = 'practice' AND member_id = ?"

OLDEST_LEFT = timedelta(days=7)
"""Nobody leaves a practice question that is older: it is long replaced by others."""


def read(row: tuple[Any, ...]) -> Post:  # the types of COLUMNS
    """The post of a row with `COLUMNS`."""
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
        question=questions.read(row[5]),
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
        f"SELECT {COLUMNS} FROM posts WHERE id = ? AND tenant_id = ?", (post_id, tenant_id)
    ).fetchone()
    return None if row is None else read(row)


def must_get(conn: Connection, post_id: int) -> Post:
    """A post that is known to exist, whoever's it is: for the bot's own work."""
    row = conn.execute(f"SELECT {COLUMNS} FROM posts WHERE id = ?", (post_id,)).fetchone()
    return read(row)


def add(  # noqa: PLR0913  # one argument a column
    conn: Connection,
    question: Snapshot,
    kind: Literal["practice", "together"],
    *,
    tenant_id: int,
    channel_id: int,
    now: datetime,
    member_id: int | None = None,
    one_tap: bool = False,
) -> int:
    """Store a question asked in a place that is no daily; gives the post's id."""
    (ident,) = conn.execute(
        "INSERT INTO posts (tenant_id, channel_id, member_id, kind, source, topic, level, one_tap,"
        " question, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            tenant_id,
            channel_id,
            member_id,
            kind,
            question.source,
            question.topic,
            question.level,
            one_tap,
            question.data,
            seconds(now),
        ),
    ).fetchone()
    return int(ident)


def pending_practice(
    conn: Connection, member_id: int, channel_id: int, now: datetime
) -> list[Post]:
    """The member's unanswered practice questions of the last 24 hours, newest first."""
    return [
        read(row)
        for row in conn.execute(
            f"SELECT {COLUMNS} FROM posts {_OF_MEMBER} "
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


def tried(conn: Connection, channel_id: int, count: int = 5) -> set[str]:
    """The sources that a channel tried together last."""
    rows = conn.execute(
        "SELECT source FROM posts WHERE channel_id = ? AND kind = 'together' "
        "ORDER BY created_at DESC LIMIT ?",
        (channel_id, count),
    )
    return {source for (source,) in rows}


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
