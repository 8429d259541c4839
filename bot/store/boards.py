"""Leaderboards, from totals that can be recomputed from the answers at any time.

A total is kept for each span of time that a board shows: a calendar week, named by its
Monday (`2026-03-02`), a calendar month (`2026-03`), and all time (empty).
"""

from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from bot.model import Board, PostKind, Standing
from bot.scoring import Period
from bot.store.sqlite import Connection

Scope = Literal["channel", "team"]

TOP = 10


class Ranking(msgspec.Struct, frozen=True):
    """The top of a board and the asking member's own line, if they have one.

    `size` is how many are on the board, counted only where the own line is below the top.
    """

    top: tuple[Standing, ...]
    own: Standing | None
    size: int


def add(  # noqa: PLR0913  # one argument a column
    conn: Connection,
    *,
    tenant_id: int,
    channel_id: int,
    member_id: int,
    kind: PostKind,
    day: date,
    points: int,
    board: Board,
) -> None:
    """Add an answer's points to the totals it counts for."""
    if not points or board == "none":
        return
    if board == "channel":
        _add(conn, "channel", channel_id, member_id, day, points)
    daily, practice = team_day(conn, tenant_id, member_id, day)
    gained = max(points - daily, 0) if kind == "daily" else points
    if not gained:
        return
    if kind == "daily":
        daily = points
    else:
        practice += points
    conn.execute(
        "INSERT INTO team_days (tenant_id, day, member_id, daily, practice) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET daily = excluded.daily, practice = excluded.practice",
        (tenant_id, day.isoformat(), member_id, daily, practice),
    )
    _add(conn, "team", tenant_id, member_id, day, gained)


_ADD = {
    scope: f"INSERT INTO {scope}_totals ({place}, span, member_id, points) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET points = points + excluded.points"
    for scope, place in (("channel", "channel_id"), ("team", "tenant_id"))
}


def _add(
    conn: Connection, scope: Scope, place_id: int, member_id: int, day: date, points: int
) -> None:
    for period in get_args(Period):
        conn.execute(_ADD[scope], (place_id, span(period, day), member_id, points))


def span(period: Period, day: date) -> str:
    """The name of the week, the month or all time that a day lies in."""
    if period == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    return f"{day:%Y-%m}" if period == "month" else ""


def team_day(conn: Connection, tenant_id: int, member_id: int, day: date) -> tuple[int, int]:
    """A member's best daily and practice points of a day in the whole team."""
    row = conn.execute(
        "SELECT daily, practice FROM team_days WHERE tenant_id = ? AND day = ? AND member_id = ?",
        (tenant_id, day.isoformat(), member_id),
    ).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


_SPAN_NAMES = ("date(day, '-6 days', 'weekday 1')", "substr(day, 1, 7)", "''")
"""`span` in SQL, for each period."""

_CHANNELS = "SELECT id FROM channels WHERE tenant_id = :t"
_RECOMPUTE = (
    f"DELETE FROM channel_totals WHERE channel_id IN ({_CHANNELS})",
    "DELETE FROM team_days WHERE tenant_id = :t",
    "DELETE FROM team_totals WHERE tenant_id = :t",
    *(
        f"""INSERT INTO channel_totals (channel_id, span, member_id, points)
        SELECT channel_id, {name}, member_id, sum(points) FROM answers
        WHERE tenant_id = :t AND board = 'channel' AND points > 0 GROUP BY 1, 2, 3"""
        for name in _SPAN_NAMES
    ),
    """INSERT INTO team_days (tenant_id, day, member_id, daily, practice)
        SELECT tenant_id, day, member_id,
            coalesce(max(points) FILTER (WHERE kind = 'daily'), 0),
            coalesce(sum(points) FILTER (WHERE kind = 'practice'), 0) FROM answers
        WHERE tenant_id = :t AND board != 'none' AND points > 0 GROUP BY 1, 2, 3""",
    *(
        f"""INSERT INTO team_totals (tenant_id, span, member_id, points)
        SELECT tenant_id, {name}, member_id, sum(daily + practice) FROM team_days
        WHERE tenant_id = :t GROUP BY 1, 2, 3"""
        for name in _SPAN_NAMES
    ),
)


def recompute(conn: Connection, tenant_id: int) -> None:
    """Make a team's totals anew from its answers."""
    for statement in _RECOMPUTE:
        conn.execute(statement, {"t": tenant_id})


def give_full_points(conn: Connection, post_id: int, points: int) -> None:
    """A withdrawn question is worth its full points to everyone who answered it."""
    conn.execute("UPDATE answers SET points = ? WHERE post_id = ?", (points, post_id))


_PLACE = {"channel": "channel_id", "team": "tenant_id"}


def ranking(conn: Connection, scope: Scope, place_id: int, named: str, member_id: int) -> Ranking:
    """The board of a channel or team over a `span`, without members who left the boards."""
    # In the order of the points, of which the top is read, whatever else SQLite would think.
    on_board = (
        f"FROM {scope}_totals s INDEXED BY {scope}_ranks "
        "JOIN members m ON m.id = s.member_id AND NOT m.hidden "
        f"WHERE s.{_PLACE[scope]} = :place AND s.span = :span"
    )
    bound: dict[str, int | str] = {"place": place_id, "span": named, "me": member_id}
    rows = conn.execute(
        f"SELECT m.id, m.name, s.points {on_board} "
        f"ORDER BY s.points DESC, m.name COLLATE NOCASE, m.id LIMIT {TOP}",
        bound,
    ).fetchall()
    top: list[Standing] = []
    for position, (found, name, points) in enumerate(rows, 1):
        rank = top[-1].rank if top and top[-1].points == points else position
        top.append(Standing(rank, found, name, points))
    own = next((line for line in top if line.member_id == member_id), None)
    if own is not None or len(top) < TOP:
        return Ranking(tuple(top), own, len(top))
    (size,) = conn.execute(f"SELECT {_seen(scope)}", bound).fetchone()
    row = conn.execute(
        f"SELECT 1 + {_seen(scope, 'points > s.points')}, m.id, m.name, s.points "
        f"FROM {scope}_totals s JOIN members m ON m.id = s.member_id AND NOT m.hidden "
        f"WHERE s.{_PLACE[scope]} = :place AND s.span = :span AND s.member_id = :me",
        bound,
    ).fetchone()
    return Ranking(tuple(top), None if row is None else Standing(*row), size)


def _seen(scope: Scope, condition: str = "true") -> str:
    """How many of a board's lines fulfil a condition, without those of hidden members.

    These are few, and have an index: all others are counted in the board's index alone.
    """
    of_board = f"FROM {scope}_totals a WHERE a.{_PLACE[scope]} = :place AND a.span = :span"
    return (
        f"((SELECT count(*) {of_board} AND {condition}) - "
        "(SELECT count(*) FROM members h WHERE h.hidden AND EXISTS "
        f"(SELECT 1 {of_board} AND a.member_id = h.id AND {condition})))"
    )


def points_of(conn: Connection, member_id: int, tenant_id: int, channel_id: int) -> tuple[int, int]:
    """A member's points of all time in this channel and in the whole team."""
    here = conn.execute(
        "SELECT points FROM channel_totals WHERE channel_id = ? AND span = '' AND member_id = ?",
        (channel_id, member_id),
    ).fetchone()
    team = conn.execute(
        "SELECT points FROM team_totals WHERE tenant_id = ? AND span = '' AND member_id = ?",
        (tenant_id, member_id),
    ).fetchone()
    return (here[0] if here else 0, team[0] if team else 0)
