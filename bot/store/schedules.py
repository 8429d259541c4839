"""When each channel's daily comes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Literal

import msgspec

from bot.schedule import Schedule
from bot.store.clock import day, instant, seconds
from bot.store.sqlite import Connection, marks, values

State = Literal["on", "paused", "off"]

Minute = tuple[str, int]
"""A platform, and a minute since 1970."""


class Plan(msgspec.Struct, frozen=True, gc=False):
    """A channel's schedule with its state and what comes next."""

    channel_id: int
    schedule: Schedule
    state: State
    paused_until: date | None = None
    next_date: date | None = None
    next_post_at: datetime | None = None
    set_by: int | None = None
    warned: bool = False


Row = tuple[str | int | None, ...]
"""A plan as it is stored: good to see whether it is still the same."""

Place = tuple[int, int]
"""Where a plan stands among those that are due: when it is, and its channel."""

FIRST: Place = (-(2**62), 0)
"""Before every place."""

_COLUMNS = (
    "channel_id, time, zone, days, topics, levels, closes_hours, state, paused_until, "
    "next_date, next_post_at, set_by, warned_at"
)


def _numbers(stored: str) -> tuple[int, ...]:
    return tuple(map(int, stored.split(","))) if stored else ()


def read(row: tuple[Any, ...]) -> Plan:  # the types of _COLUMNS
    """The plan of a row."""
    schedule = Schedule(
        time=time.fromisoformat(row[1]),
        zone=row[2],
        days=_numbers(row[3]),
        topics=tuple(filter(None, row[4].split(","))),
        levels=_numbers(row[5]),
        closes_hours=row[6],
    )
    return Plan(
        row[0], schedule, row[7], day(row[8]), day(row[9]), instant(row[10]), row[11],
        row[12] is not None,
    )  # fmt: skip


def get(conn: Connection, channel_id: int) -> Plan | None:
    """A channel's plan, if it ever had one."""
    found = row(conn, channel_id)
    return None if found is None else read(found)


def row(conn: Connection, channel_id: int) -> Row | None:
    """A channel's plan as it is stored."""
    return rows(conn, [channel_id]).get(channel_id)


def rows(conn: Connection, channel_ids: Sequence[int]) -> dict[int, Row]:
    """The plans of some channels as they are stored."""
    found = conn.execute(
        f"SELECT {_COLUMNS} FROM schedules WHERE channel_id IN ({marks(channel_ids)})", channel_ids
    )
    return {row[0]: row for row in found}


def put(conn: Connection, plan: Plan) -> None:
    """Store a channel's plan."""
    schedule = plan.schedule
    conn.execute(
        f"INSERT INTO schedules ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) "
        "ON CONFLICT DO UPDATE SET time = excluded.time, zone = excluded.zone, "
        "days = excluded.days, topics = excluded.topics, levels = excluded.levels, "
        "closes_hours = excluded.closes_hours, state = excluded.state, "
        "paused_until = excluded.paused_until, next_date = excluded.next_date, "
        "next_post_at = excluded.next_post_at, set_by = excluded.set_by",
        (
            plan.channel_id,
            schedule.time.isoformat("minutes"),
            schedule.zone,
            ",".join(map(str, sorted(schedule.days))),
            ",".join(schedule.topics),
            ",".join(map(str, schedule.levels)),
            schedule.closes_hours,
            plan.state,
            None if plan.paused_until is None else plan.paused_until.isoformat(),
            None if plan.next_date is None else plan.next_date.isoformat(),
            None if plan.next_post_at is None else seconds(plan.next_post_at),
            plan.set_by,
        ),
    )


def advance(conn: Connection, following: Iterable[tuple[int, date, datetime]]) -> None:
    """These channels' dailies are planned; the ones after them come on another date."""
    rows = [(channel_id, on.isoformat(), seconds(at)) for channel_id, on, at in following]
    if rows:
        new, bound = values(rows)
        conn.execute(
            f"WITH new (channel, date, at) AS ({new}) "
            "UPDATE schedules SET state = 'on', paused_until = NULL, next_date = new.date, "
            "next_post_at = new.at FROM new WHERE channel_id = new.channel",
            bound,
        )


def set_warned(conn: Connection, channel_id: int, now: datetime) -> None:
    """The manager has been told that fresh questions run out."""
    conn.execute(
        "UPDATE schedules SET warned_at = ? WHERE channel_id = ?", (seconds(now), channel_id)
    )


def coming(conn: Connection, after: int, limit: int) -> list[Plan]:
    """The plans that have a next daily, by channel, from the one after a channel's on."""
    return [
        read(row)
        for row in conn.execute(
            f"SELECT {_COLUMNS} FROM schedules WHERE next_post_at IS NOT NULL AND channel_id > ? "
            "ORDER BY channel_id LIMIT ?",
            (after, limit),
        )
    ]


def soon(
    conn: Connection, platforms: frozenset[str], after: datetime, until: datetime
) -> list[int]:
    """The channels of these platforms whose daily comes later than `after`, up to `until`."""
    return [
        ident
        for (ident,) in conn.execute(
            "SELECT s.channel_id FROM schedules s JOIN channels c ON c.id = s.channel_id "
            "WHERE s.next_post_at > ? AND s.next_post_at <= ? "
            f"AND c.platform IN ({marks(platforms)}) ORDER BY s.next_post_at",
            (seconds(after), seconds(until), *sorted(platforms)),
        )
    ]


def count_due(conn: Connection, now: datetime) -> dict[str, int]:
    """How many dailies of each platform are due and not planned yet."""
    return dict(
        conn.execute(
            "SELECT c.platform, count(*) FROM schedules s JOIN channels c ON c.id = s.channel_id "
            "WHERE s.next_post_at <= ? GROUP BY 1",
            (seconds(now),),
        ).fetchall()
    )


def crowded(
    conn: Connection, platforms: frozenset[str], now: datetime, crowd: int
) -> frozenset[Minute]:
    """The minutes up to now in which more than `crowd` dailies of one platform are due."""
    return frozenset(
        conn.execute(
            "SELECT c.platform, s.next_post_at / 60 FROM schedules s "
            "JOIN channels c ON c.id = s.channel_id "
            f"WHERE s.next_post_at <= ? AND c.platform IN ({marks(platforms)}) "
            "GROUP BY 1, 2 HAVING count(*) > ?",
            (seconds(now), *sorted(platforms), crowd),
        )
    )


def due(
    conn: Connection,
    platforms: frozenset[str],
    now: datetime,
    after: Place = FIRST,
    limit: int = 200,
) -> tuple[dict[int, Row], Place]:
    """By channel the plans whose next daily is due on these platforms, the longest due first.

    A part of them, of those later than the place `after`, and the place that it ends at.
    """
    columns = ", ".join(f"s.{name.strip()}" for name in _COLUMNS.split(","))
    found = conn.execute(
        f"SELECT s.next_post_at, {columns} FROM schedules s JOIN channels c ON c.id = s.channel_id "
        "WHERE s.next_post_at <= ? AND (s.next_post_at, s.channel_id) > (?, ?) "
        f"AND c.platform IN ({marks(platforms)}) ORDER BY s.next_post_at, s.channel_id LIMIT ?",
        (seconds(now), *after, *sorted(platforms), limit),
    ).fetchall()
    return {row[1]: row[1:] for row in found}, (found[-1][:2] if found else after)
