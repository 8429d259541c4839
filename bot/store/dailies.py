"""The dailies among the posts: one for each channel and intended date."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec

from bot.model import Post
from bot.store import posts
from bot.store.clock import seconds
from bot.store.questions import Snapshot
from bot.store.sqlite import Connection, marks, values

_LATEST = 8
"""The highest number is among so many latest dates, even where the clock has been set back."""


class Daily(msgspec.Struct, frozen=True, gc=False):
    """A channel's question of a date, as it is to be stored."""

    tenant_id: int
    channel_id: int
    on: date
    question: Snapshot
    one_tap: bool
    closes_at: datetime


class Asked(msgspec.Struct, frozen=True):
    """A past question of a channel, as the picker needs it."""

    source: str
    topic: str
    level: int
    one_tap: bool


class Over(msgspec.Struct, frozen=True):
    """A daily whose time is over since a second, and where it stands."""

    closes_at: int
    post_id: int
    platform: str


def add(conn: Connection, dailies: Sequence[Daily], now: datetime) -> list[int | None]:
    """Store dailies of different channels, numbered; gives their posts' ids.

    None for a channel whose date has one already.
    """
    had = taken(conn, [(daily.channel_id, daily.on) for daily in dailies])
    numbers = next_numbers(conn, [daily.channel_id for daily in dailies])
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM posts").fetchone()
    ids: list[int | None] = []
    rows = []
    for daily in dailies:
        if (daily.channel_id, daily.on) in had:
            ids.append(None)
            continue
        last += 1
        ids.append(last)
        asked = daily.question
        rows.append(
            (
                last, daily.tenant_id, daily.channel_id, "daily", asked.source, asked.topic,
                asked.level, daily.one_tap, asked.data, seconds(now), numbers[daily.channel_id],
                daily.on.isoformat(), seconds(daily.closes_at),
            )
        )  # fmt: skip
    if rows:
        new, bound = values(rows)
        conn.execute(
            "INSERT INTO posts (id, tenant_id, channel_id, kind, source, topic, level, one_tap, "
            f"question, created_at, number, date, closes_at) {new}",
            bound,
        )
    return ids


def taken(conn: Connection, planned: Collection[tuple[int, date]]) -> frozenset[tuple[int, date]]:
    """The channels and dates of `planned` that have their daily."""
    channels = {channel_id for channel_id, _ in planned}
    days = {on.isoformat() for _, on in planned}
    found = conn.execute(
        "SELECT channel_id, date FROM posts WHERE kind = 'daily' "
        f"AND channel_id IN ({marks(channels)}) AND date IN ({marks(days)})",
        (*channels, *days),
    )
    had = {(channel_id, date.fromisoformat(on)) for channel_id, on in found}
    return frozenset(had.intersection(planned))


def next_numbers(conn: Connection, channel_ids: Sequence[int]) -> dict[int, int]:
    """The number of each channel's next daily."""
    return dict(
        conn.execute(
            "SELECT c.id, 1 + (SELECT coalesce(max(number), 0) FROM (SELECT number FROM posts "
            "WHERE channel_id = c.id AND kind = 'daily' ORDER BY date DESC LIMIT ?)) "
            f"FROM channels c WHERE c.id IN ({marks(channel_ids)})",
            (_LATEST, *channel_ids),
        ).fetchall()
    )


def dates(conn: Connection, channel_id: int, first: date) -> frozenset[date]:
    """The dates from `first` on that have their daily."""
    return frozenset(
        date.fromisoformat(on)
        for (on,) in conn.execute(
            "SELECT date FROM posts WHERE channel_id = ? AND kind = 'daily' AND date >= ?",
            (channel_id, first.isoformat()),
        )
    )


def latest(conn: Connection, channel_id: int) -> Post | None:
    """The channel's daily of the latest date."""
    row = conn.execute(
        f"SELECT {posts.COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' "
        "ORDER BY date DESC LIMIT 1",
        (channel_id,),
    ).fetchone()
    return None if row is None else posts.read(row)


def before(conn: Connection, channel_id: int, on: date) -> Post | None:
    """The channel's last daily before a date."""
    row = conn.execute(
        f"SELECT {posts.COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' AND date < ? "
        "ORDER BY date DESC LIMIT 1",
        (channel_id, on.isoformat()),
    ).fetchone()
    return None if row is None else posts.read(row)


def between(conn: Connection, channel_id: int, first: date, last: date) -> list[Post]:
    """The channel's dailies of some days, oldest first."""
    return [
        posts.read(row)
        for row in conn.execute(
            f"SELECT {posts.COLUMNS} FROM posts WHERE channel_id = ? AND kind = 'daily' "
            "AND date BETWEEN ? AND ? ORDER BY date",
            (channel_id, first.isoformat(), last.isoformat()),
        )
    ]


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


def due_to_close(
    conn: Connection, now: datetime, after: Over | None = None, limit: int = 200
) -> list[Over]:
    """Open dailies whose time has come, whoever's they are, the longest over first.

    A part of them, of those that come `after` one.
    """
    place = (-(2**62), 0) if after is None else (after.closes_at, after.post_id)
    return [
        Over(*row)
        for row in conn.execute(
            "SELECT p.closes_at, p.id, c.platform "
            "FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE p.kind = 'daily' AND p.closed_at IS NULL AND p.closes_at <= ? "
            "AND (p.closes_at, p.id) > (?, ?) ORDER BY p.closes_at, p.id LIMIT ?",
            (seconds(now), *place, limit),
        )
    ]


def close(conn: Connection, post_ids: Sequence[int], now: datetime) -> frozenset[int]:
    """Mark dailies as closed; gives those that were not yet."""
    return frozenset(
        ident
        for (ident,) in conn.execute(
            f"UPDATE posts SET closed_at = ? WHERE id IN ({marks(post_ids)}) "
            "AND closed_at IS NULL RETURNING id",
            (seconds(now), *post_ids),
        ).fetchall()
    )


def answered_lately(conn: Connection, platform: str, now: datetime, since: datetime) -> list[Post]:
    """Open dailies of a platform that somebody answered since then."""
    columns = ", ".join(f"p.{name.strip()}" for name in posts.COLUMNS.split(","))
    return [
        posts.read(row)
        for row in conn.execute(
            f"SELECT {columns} FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE p.kind = 'daily' AND p.closed_at IS NULL AND p.closes_at > ? "
            "AND c.platform = ? AND EXISTS "
            "(SELECT 1 FROM answers a WHERE a.post_id = p.id AND a.at >= ?)",
            (seconds(now), platform, seconds(since)),
        )
    ]
