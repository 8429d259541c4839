"""Streaks in a channel, kept folded up to the last daily that a member answered."""

from datetime import date, datetime, timedelta

import msgspec

from bot.store.clock import seconds
from bot.store.sqlite import Connection
from bot.streaks import Event as Happened
from bot.streaks import Streak, advance

LONG_ENOUGH = timedelta(hours=8)
"""A daily that was open for less breaks nobody's streak."""

_streak = msgspec.json.Decoder(Streak).decode
_encode = msgspec.json.Encoder().encode

_DAILIES = """
SELECT p.date, p.opened_at, p.closes_at, p.voided_at, a.id
FROM posts p LEFT JOIN answers a ON a.post_id = p.id AND a.member_id = :member
WHERE p.channel_id = :channel AND p.kind = 'daily' AND p.date > :after AND p.date <= :last
ORDER BY p.date
"""


def stored(conn: Connection, channel_id: int, member_id: int) -> tuple[str, Streak] | None:
    """The folded streak and the date of the daily that it was folded up to."""
    row = conn.execute(
        "SELECT upto, streak FROM streaks WHERE channel_id = ? AND member_id = ?",
        (channel_id, member_id),
    ).fetchone()
    return None if row is None else (row[0], _streak(row[1]))


def answered(conn: Connection, channel_id: int, member_id: int, on: date) -> Streak:
    """Fold in the answer to the daily of a date and store the streak."""
    upto = on.isoformat()
    before = stored(conn, channel_id, member_id)
    if before is None:
        streak = advance(Streak(), "answered")
    elif before[0] < upto:
        streak = _folded(conn, channel_id, member_id, before, upto)
    else:
        streak = _folded(conn, channel_id, member_id, ("", Streak()), before[0])
        upto = before[0]
    conn.execute(
        "INSERT INTO streaks (channel_id, member_id, upto, streak) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET upto = excluded.upto, streak = excluded.streak",
        (channel_id, member_id, upto, _encode(streak)),
    )
    return streak


def current(conn: Connection, channel_id: int, member_id: int, now: datetime) -> Streak:
    """The streak as it stands: dailies that have closed since count as missed."""
    before = stored(conn, channel_id, member_id) or ("", Streak())
    row = conn.execute(
        "SELECT max(date) FROM posts WHERE channel_id = ? AND kind = 'daily' "
        "AND (closes_at <= ? OR voided_at IS NOT NULL)",
        (channel_id, seconds(now)),
    ).fetchone()
    if not before[0] or row[0] is None or row[0] <= before[0]:
        return before[1]
    return _folded(conn, channel_id, member_id, before, row[0])


def recompute(conn: Connection, channel_id: int) -> None:
    """Fold every member's streak in a channel anew, as after a daily was withdrawn."""
    members = conn.execute(
        "SELECT member_id, upto FROM streaks WHERE channel_id = ?", (channel_id,)
    ).fetchall()
    for member_id, upto in members:
        streak = _folded(conn, channel_id, member_id, ("", Streak()), upto)
        conn.execute(
            "UPDATE streaks SET streak = ? WHERE channel_id = ? AND member_id = ?",
            (_encode(streak), channel_id, member_id),
        )


def best_of(conn: Connection, channel_id: int, first: date, last: date) -> tuple[str, int] | None:
    """Name and length of the channel's longest streak among those who answered in some days."""
    rows = conn.execute(
        "SELECT m.name, s.streak FROM streaks s JOIN members m ON m.id = s.member_id "
        "WHERE s.channel_id = ? AND NOT m.hidden AND s.upto BETWEEN ? AND ?",
        (channel_id, first.isoformat(), last.isoformat()),
    )
    found = [(name, _streak(streak).current) for name, streak in rows]
    return max(found, key=lambda line: (line[1], line[0]), default=None)


def _folded(
    conn: Connection, channel_id: int, member_id: int, before: tuple[str, Streak], last: str
) -> Streak:
    after, streak = before
    bound = {"member": member_id, "channel": channel_id, "after": after, "last": last}
    for _, opened, closes, voided, answer in conn.execute(_DAILIES, bound):
        streak = advance(streak, _happened(opened, closes, voided, answer))
    return streak


def _happened(
    opened: int | None, closes: int | None, voided: int | None, answer: int | None
) -> Happened:
    if answer is not None:
        return "answered"
    open_for = (closes or 0) - opened if opened is not None else 0
    return "exempt" if voided or open_for < LONG_ENOUGH.total_seconds() else "missed"
