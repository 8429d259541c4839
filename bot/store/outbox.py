"""Messages to deliver: one row for each step of a daily, and who is delivering it.

`pending → sending (lease) → posted | unknown | skipped | failed`. A row whose lease ran out
may have been delivered: it is looked for before anything is sent again. Leases end at a second
of the steady clock, so that no change of the time of day lets two send at once; all else follows
the time of day.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from bot.ports import LONGEST_CALL
from bot.store.clock import instant, seconds
from bot.store.sqlite import Connection, marks, values

Step = Literal["question", "close", "explain"]
STEPS: tuple[Step, ...] = get_args(Step)
State = Literal["pending", "sending", "posted", "unknown", "skipped", "failed"]

LEASE = 2 * LONGEST_CALL
"""Seconds. As much for looking as for sending, so that no sender is overtaken."""

LONGEST_WAIT = 3600
"""Seconds until a row is tried again, at most. One that is due later than that was put back
before somebody set the clock back, and is due now."""

_ROUNDED = 1
"""Seconds by which the wait of a stored row may seem longer than it was meant."""

SEEN = 200
"""So many due rows are looked at for those that may be claimed: far more than are under lease."""


class Planned(msgspec.Struct, frozen=True, gc=False):
    """A step of a post that is to be delivered at a time."""

    post_id: int
    step: Step
    platform: str
    due: datetime


class Delivery(msgspec.Struct, frozen=True):
    """A claimed row, until a second of the steady clock.

    `tried` is when it was first sent, if it may have been delivered.
    """

    id: int
    post_id: int
    step: Step
    platform: str
    attempts: int
    tried: datetime | None
    until: float

    @property
    def key(self) -> str:
        """What marks the message on the platform: at most 25 characters."""
        return f"npb-{self.post_id}-{self.step}"


def add(conn: Connection, planned: Iterable[Planned]) -> None:
    """Plan steps; one that is planned already stays as it is."""
    rows = [(one.post_id, one.step, one.platform, "pending", seconds(one.due)) for one in planned]
    if rows:
        new, bound = values(rows)
        conn.execute(
            "INSERT INTO outbox (post_id, step, platform, state, due_at) "
            f"{new} ON CONFLICT DO NOTHING",
            bound,
        )


def again(conn: Connection, post_id: int, step: Step, platform: str, due: datetime) -> None:
    """Plan a step anew, whether it was planned, is under way or is done."""
    conn.execute(
        "INSERT INTO outbox (post_id, step, platform, state, due_at) "
        "VALUES (?, ?, ?, 'pending', ?) ON CONFLICT (post_id, step) DO UPDATE SET "
        "state = 'pending', due_at = excluded.due_at, first_try_at = NULL, lease_until = NULL, "
        "owner = NULL",
        (post_id, step, platform, seconds(due)),
    )


def claim(
    conn: Connection, platform: str, owner: str, now: datetime, steady: float, limit: int
) -> list[Delivery]:
    """Take the next due step of each channel on this platform, under a lease.

    A channel's steps go out one after the other in the order they were planned, nothing about
    a question before the question itself. Only an explanation, which comes after its reveal,
    stands in a thread and holds up nothing else.
    """
    at, beat = seconds(now), int(steady)
    due = conn.execute(
        "SELECT o.id, o.post_id, o.step, o.platform, o.attempts, o.first_try_at, p.channel_id, "
        "coalesce(o.lease_until, 0) FROM outbox o JOIN posts p ON p.id = o.post_id "
        "WHERE o.platform = ? AND (o.due_at <= ? OR o.due_at > ?) "
        "AND o.state IN ('pending', 'sending') "
        "AND NOT EXISTS (SELECT 1 FROM outbox q WHERE q.post_id = o.post_id "
        "AND q.state IN ('pending', 'sending') AND (q.step = 'question' AND o.step != 'question' "
        "OR q.step = 'close' AND o.step = 'explain')) "
        "ORDER BY o.due_at, o.id LIMIT ?",
        (platform, at, at + LONGEST_WAIT + _ROUNDED, SEEN),
    )
    following: dict[tuple[int, bool], tuple[int, int, Step, str, int, int | None, int, int]] = {}
    for row in due:
        following.setdefault((row[6], row[2] == "explain"), row)
    rows = [row for row in following.values() if not beat < row[7] <= beat + LEASE][:limit]
    until = beat + LEASE
    for row in rows:
        conn.execute(
            "UPDATE outbox SET state = 'sending', owner = ?, lease_until = ?, "
            "attempts = attempts + 1, first_try_at = coalesce(first_try_at, ?) WHERE id = ?",
            (owner, until, at, row[0]),
        )
    return [Delivery(*row[:5], instant(row[5]), until) for row in rows]


def next_due(conn: Connection, platform: str, now: datetime) -> datetime | None:
    """When the next step of this platform comes that is not due yet."""
    (at,) = conn.execute(
        "SELECT min(due_at) FROM outbox WHERE platform = ? AND due_at > ? "
        "AND state IN ('pending', 'sending')",
        (platform, seconds(now)),
    ).fetchone()
    return instant(at)


class Waiting(msgspec.Struct, frozen=True):
    """How many messages are due, and how many of them are late."""

    due: int
    late: int


def waiting(conn: Connection, now: datetime, late: int) -> dict[str, Waiting]:
    """What is to be sent by now on each platform, and what was `late` seconds ago."""
    at = seconds(now)
    return {
        platform: Waiting(due, overdue)
        for platform, due, overdue in conn.execute(
            "SELECT platform, count(*), sum(due_at <= ?) FROM outbox "
            "WHERE state IN ('pending', 'sending') AND due_at <= ? GROUP BY platform",
            (at - late, at),
        )
    }


def settle(
    conn: Connection,
    delivery: Delivery,
    owner: str,
    state: State,
    *,
    message: str | None = None,
    note: str = "",
) -> bool:
    """Write down how a delivery ended; false when the lease has passed to somebody else."""
    return (
        conn.execute(
            "UPDATE outbox SET state = ?, message = coalesce(?, message), note = ?, "
            "lease_until = NULL, owner = NULL "
            "WHERE id = ? AND state = 'sending' AND owner = ? AND attempts = ?",
            (state, message, note, delivery.id, owner, delivery.attempts + 1),
        ).rowcount
        == 1
    )


def retry(
    conn: Connection, delivery: Delivery, owner: str, due: datetime, *, delivered_perhaps: bool
) -> None:
    """Put a delivery back. One that certainly failed needs no look-up the next time."""
    forget = "" if delivered_perhaps else ", first_try_at = NULL"
    conn.execute(
        "UPDATE outbox SET state = 'pending', due_at = ?, lease_until = NULL, "
        f"owner = NULL{forget} "
        "WHERE id = ? AND state = 'sending' AND owner = ? AND attempts = ?",
        (math.ceil(due.timestamp()), delivery.id, owner, delivery.attempts + 1),
    )


def requeue(conn: Connection, post_id: int, step: Step, now: datetime) -> bool:
    """Send a step again whose fate is unknown or that failed; false when there is none."""
    return (
        conn.execute(
            "UPDATE outbox SET state = 'pending', due_at = ?, first_try_at = NULL "
            "WHERE post_id = ? AND step = ? AND state IN ('unknown', 'failed')",
            (seconds(now), post_id, step),
        ).rowcount
        == 1
    )


def in_doubt(conn: Connection, post_id: int) -> bool:
    """Whether nobody could tell so far if a question arrived."""
    sent = message(conn, post_id, "question")
    return sent is not None and sent[0] == "unknown"


def arrived(conn: Connection, post_id: int, message: str) -> None:
    """A press on a question whose delivery is unknown proves that it is there, and where."""
    conn.execute(
        "UPDATE outbox SET state = 'posted', message = ? "
        "WHERE post_id = ? AND step = 'question' AND state = 'unknown'",
        (message, post_id),
    )


def message(conn: Connection, post_id: int, step: Step) -> tuple[State, str | None] | None:
    """How far a step is and the platform's id of its message."""
    row: tuple[State, str | None] | None = conn.execute(
        "SELECT state, message FROM outbox WHERE post_id = ? AND step = ?", (post_id, step)
    ).fetchone()
    return row


def states(conn: Connection, post_ids: Sequence[int], step: Step) -> dict[int, State]:
    """How far a step of some posts is; those that have no such step are left out."""
    return dict(
        conn.execute(
            f"SELECT post_id, state FROM outbox WHERE step = ? AND post_id IN ({marks(post_ids)})",
            (step, *post_ids),
        ).fetchall()
    )
