"""Answers, and what is derived from one as it comes in."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from bot.memory import Recall
from bot.model import Board, Mark, Outcome, Post
from bot.store.clock import instant, seconds
from bot.store.sqlite import Connection, marks

_recall = msgspec.json.Decoder(Recall).decode
_encode = msgspec.json.Encoder().encode


class Answer(msgspec.Struct, frozen=True):
    """What a member answered to a post, and what it earned."""

    outcome: Outcome
    share: float
    points: int
    choice: int | None
    text: str


def get(conn: Connection, post_id: int, member_id: int) -> Answer | None:
    """What the member answered to this post."""
    row = conn.execute(
        "SELECT outcome, share, points, choice, text "
        "FROM answers WHERE post_id = ? AND member_id = ?",
        (post_id, member_id),
    ).fetchone()
    return None if row is None else Answer(*row)


def add(  # noqa: PLR0913  # one argument a thing that an answer freezes
    conn: Connection,
    post: Post,
    member_id: int,
    mark: Mark,
    *,
    day: date,
    now: datetime,
    points: int,
    hinted: bool,
    board: Board,
    text: str,
) -> bool:
    """Store an answer; false when the member had answered this post."""
    question = post.question
    return (
        conn.execute(
            "INSERT INTO answers (post_id, member_id, tenant_id, channel_id, kind, day, at, source,"
            " topic, level, outcome, share, points, hinted, board, choice, text) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                post.id,
                member_id,
                post.tenant_id,
                post.channel_id,
                post.kind,
                day.isoformat(),
                seconds(now),
                question.source,
                question.topic,
                question.level,
                mark.outcome,
                mark.share,
                points,
                hinted,
                board,
                mark.choice,
                text,
            ),
        ).rowcount
        == 1
    )


def count(conn: Connection, post_id: int) -> tuple[int, int]:
    """How many answered this post, and how many of them were right."""
    row: tuple[int, int] = conn.execute(
        "SELECT count(*), coalesce(sum(outcome = 'right'), 0) FROM answers WHERE post_id = ?",
        (post_id,),
    ).fetchone()
    return row


def split(conn: Connection, post_id: int) -> list[tuple[str, int | None, int]]:
    """How the answers to a post fall apart: outcome, choice and how many."""
    return conn.execute(
        "SELECT outcome, choice, count(*) FROM answers WHERE post_id = ? "
        "GROUP BY outcome, choice ORDER BY 3 DESC, 1, 2",
        (post_id,),
    ).fetchall()


def right_ones(conn: Connection, post_id: int) -> list[tuple[int, str]]:
    """Id and name of those who got it right and are on the leaderboards, by name."""
    return conn.execute(
        "SELECT m.id, m.name FROM answers a JOIN members m ON m.id = a.member_id "
        "WHERE a.post_id = ? AND a.outcome = 'right' AND NOT m.hidden "
        "ORDER BY m.name COLLATE NOCASE, m.id",
        (post_id,),
    ).fetchall()


def is_hinted(conn: Connection, post_id: int, member_id: int) -> bool:
    """Whether the member has seen this post's hint."""
    return (
        conn.execute(
            "SELECT 1 FROM hints WHERE post_id = ? AND member_id = ?", (post_id, member_id)
        ).fetchone()
        is not None
    )


def add_hint(conn: Connection, post_id: int, member_id: int) -> None:
    """The member has seen this post's hint."""
    conn.execute(
        "INSERT INTO hints (post_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (post_id, member_id),
    )


def is_spent(conn: Connection, post_id: int, digest: bytes) -> bool:
    """Whether somebody who was deleted since had answered this post."""
    return (
        conn.execute(
            "SELECT 1 FROM spent WHERE post_id = ? AND hash = ?", (post_id, digest)
        ).fetchone()
        is not None
    )


def clear_spent(conn: Connection, post_ids: Sequence[int]) -> None:
    """Closed posts need no hashes."""
    conn.execute(f"DELETE FROM spent WHERE post_id IN ({marks(post_ids)})", post_ids)


def open_answered(conn: Connection, member_id: int) -> list[int]:
    """The dailies still open that the member has answered."""
    return [
        post_id
        for (post_id,) in conn.execute(
            "SELECT p.id FROM answers a JOIN posts p ON p.id = a.post_id "
            "WHERE a.member_id = ? AND p.kind = 'daily' AND p.closed_at IS NULL",
            (member_id,),
        )
    ]


def last_shown(conn: Connection, member_id: int, source: str) -> datetime | None:
    """When the member was last shown the answer of this source."""
    row = conn.execute(
        "SELECT at FROM shown WHERE member_id = ? AND source = ?", (member_id, source)
    ).fetchone()
    return None if row is None else instant(row[0])


def set_shown(conn: Connection, member_id: int, source: str, now: datetime) -> None:
    """The member has been shown the answer of this source."""
    conn.execute(
        "INSERT INTO shown (member_id, source, at) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET at = excluded.at",
        (member_id, source, seconds(now)),
    )


def recall(conn: Connection, member_id: int, source: str) -> Recall | None:
    """What the member has to review of this source."""
    row = conn.execute(
        "SELECT recall FROM recalls WHERE member_id = ? AND source = ?", (member_id, source)
    ).fetchone()
    return None if row is None else _recall(row[0])


def set_recall(conn: Connection, member_id: int, source: str, after: Recall | None) -> None:
    """Store what is left to review of this source; None when it left review."""
    if after is None:
        conn.execute("DELETE FROM recalls WHERE member_id = ? AND source = ?", (member_id, source))
        return
    conn.execute(
        "INSERT INTO recalls (member_id, source, due, recall) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET due = excluded.due, recall = excluded.recall",
        (member_id, source, after.due.isoformat(), _encode(after)),
    )


def drop_recalls(conn: Connection, post: Post) -> None:
    """Whoever answered a withdrawn question need not review it."""
    conn.execute(
        "DELETE FROM recalls WHERE source = ? "
        "AND member_id IN (SELECT member_id FROM answers WHERE post_id = ?)",
        (post.question.source, post.id),
    )


def reviews(conn: Connection, member_id: int) -> list[tuple[str, date]]:
    """Everything the member has in review with its due day, the longest due first."""
    return [
        (source, date.fromisoformat(due))
        for source, due in conn.execute(
            "SELECT source, due FROM recalls WHERE member_id = ? ORDER BY due, source",
            (member_id,),
        )
    ]


def mastery(conn: Connection, member_id: int) -> list[tuple[str, int, int]]:
    """Topic, graded answers and right ones of a member."""
    return conn.execute(
        "SELECT topic, count(*), sum(outcome = 'right') FROM answers "
        "WHERE member_id = ? AND outcome != 'noted' GROUP BY topic ORDER BY topic",
        (member_id,),
    ).fetchall()


def missed(conn: Connection, member_id: int, limit: int) -> list[str]:
    """The sources of the member's latest misses, newest first, each once."""
    return [
        source
        for (source,) in conn.execute(
            "SELECT source FROM answers WHERE member_id = ? AND outcome IN ('wrong', 'partly') "
            "GROUP BY source ORDER BY max(id) DESC LIMIT ?",
            (member_id, limit),
        )
    ]


def last_round(
    conn: Connection, member_id: int, limit: int, since: datetime
) -> tuple[int, int, int]:
    """Right ones, graded ones and points of the member's last practice answers."""
    row: tuple[int, int, int] = conn.execute(
        "SELECT coalesce(sum(outcome = 'right'), 0), coalesce(sum(outcome != 'noted'), 0), "
        "coalesce(sum(points), 0) FROM (SELECT outcome, points FROM answers "
        "WHERE member_id = ? AND kind = 'practice' AND at > ? ORDER BY id DESC LIMIT ?)",
        (member_id, seconds(since), limit),
    ).fetchone()
    return row


def since(conn: Connection, member_id: int, first: int) -> tuple[int, int, int]:
    """Right ones, graded ones and points of a member since an instant (seconds since 1970)."""
    row: tuple[int, int, int] = conn.execute(
        "SELECT coalesce(sum(outcome = 'right'), 0), coalesce(sum(outcome != 'noted'), 0), "
        "coalesce(sum(points), 0) FROM answers WHERE member_id = ? AND at >= ?",
        (member_id, first),
    ).fetchone()
    return row


def fallen_for(
    conn: Connection, member_id: int, first: int, *, latest: int | None = None
) -> list[tuple[int, int]]:
    """The member's wrong answers that are among a post's choices: post and choice, newest first.

    Since an instant (seconds since 1970), twenty at most; where `latest` is named, among so many
    of the latest practice answers.
    """
    return conn.execute(
        "SELECT post_id, choice FROM (SELECT id, post_id, choice, outcome FROM answers "
        "WHERE member_id = ? AND at >= ? AND (? IS NULL OR kind = 'practice') "
        "ORDER BY id DESC LIMIT coalesce(?, -1)) "
        "WHERE outcome = 'wrong' AND choice IS NOT NULL ORDER BY id DESC LIMIT 20",
        (member_id, first, latest, latest),
    ).fetchall()
