"""Streaks in a channel, kept folded up to where a member's answers can change nothing more."""

from datetime import UTC, date, datetime

import msgspec

from bot.store.sqlite import Connection
from bot.streaks import Event as Happened
from bot.streaks import Streak, advance, event_of

_NEVER = ("", Streak())
_AFTERWARDS = datetime.max.replace(tzinfo=UTC)

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


def answered(conn: Connection, channel_id: int, member_id: int, on: date, now: datetime) -> Streak:
    """Fold in the answer to the daily of a date, store what is settled, give the streak."""
    before = stored(conn, channel_id, member_id) or _NEVER
    if on.isoformat() <= before[0]:
        before = _NEVER
    (upto, settled), streak = _folded(conn, channel_id, member_id, before, now)
    conn.execute(
        "INSERT INTO streaks (channel_id, member_id, upto, streak) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET upto = excluded.upto, streak = excluded.streak",
        (channel_id, member_id, upto, _encode(settled)),
    )
    return streak


def current(conn: Connection, channel_id: int, member_id: int, now: datetime) -> Streak:
    """The streak as it stands: dailies that have closed since count as missed."""
    before = stored(conn, channel_id, member_id)
    return Streak() if before is None else _folded(conn, channel_id, member_id, before, now)[1]


def channels(conn: Connection, member_id: int, limit: int) -> list[int]:
    """The channels whose dailies a member answered, the latest first."""
    return [
        found
        for (found,) in conn.execute(
            "SELECT channel_id FROM streaks WHERE member_id = ? ORDER BY upto DESC LIMIT ?",
            (member_id, limit),
        )
    ]


def recompute(conn: Connection, channel_id: int) -> None:
    """Fold every member's streak in a channel anew, as after a daily was withdrawn."""
    members = conn.execute(
        "SELECT member_id, upto FROM streaks WHERE channel_id = ?", (channel_id,)
    ).fetchall()
    for member_id, upto in members:
        streak = _folded(conn, channel_id, member_id, _NEVER, _AFTERWARDS, upto)[1]
        conn.execute(
            "UPDATE streaks SET streak = ? WHERE channel_id = ? AND member_id = ?",
            (_encode(streak), channel_id, member_id),
        )


def best_of(
    conn: Connection, channel_id: int, first: date, last: date
) -> tuple[list[str], int] | None:
    """Names and length of the channel's longest streak among those who answered in some days.

    At most one daily has come since then.
    """
    rows = conn.execute(
        "SELECT m.name, s.streak, s.upto > ? FROM streaks s JOIN members m ON m.id = s.member_id "
        "WHERE s.channel_id = ? AND NOT m.hidden AND s.upto >= ? ORDER BY m.name",
        (last.isoformat(), channel_id, first.isoformat()),
    )
    found = [(name, _streak(streak).current - since) for name, streak, since in rows]
    longest = max((length for _, length in found), default=0)
    names = [name for name, length in found if length == longest]
    return (names, longest) if names else None


def _folded(
    conn: Connection,
    channel_id: int,
    member_id: int,
    before: tuple[str, Streak],
    now: datetime,
    last: str = "9999-12-31",
) -> tuple[tuple[str, Streak], Streak]:
    """The streak up to the first daily that can still be answered, and the streak of all."""
    after, streak = settled = before
    bound = {"member": member_id, "channel": channel_id, "after": after, "last": last}
    is_settled = True
    for on, opened, closes, voided, answer in conn.execute(_DAILIES, bound):
        happened = _happened(opened, closes, voided, answer, now)
        if happened is None:
            is_settled = False
            continue
        streak = advance(streak, happened)
        if is_settled:
            settled = on, streak
    return settled, streak


def _happened(
    opened: int | None, closes: int, voided: int | None, answer: int | None, now: datetime
) -> Happened | None:
    return event_of(
        answered=answer is not None,
        voided=voided is not None,
        # One that never arrived was open for no time at all.
        opened=datetime.fromtimestamp(closes if opened is None else opened, UTC),
        closes=datetime.fromtimestamp(closes, UTC),
        now=now,
    )
