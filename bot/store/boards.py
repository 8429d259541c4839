"""Leaderboards, from totals that can be recomputed from the answers at any time."""

from datetime import date
from typing import Literal

import msgspec

from bot.model import Board, PostKind, Standing
from bot.store.sqlite import Connection

Scope = Literal["channel", "team"]
Period = tuple[date, date] | None
"""First and last day, or None for all time."""

TOP = 10


class Ranking(msgspec.Struct, frozen=True):
    """The top of a board, the asking member's own line if they have one, and how many are on it."""

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
    on = day.isoformat()
    if board == "channel":
        conn.execute(
            "INSERT INTO channel_days (channel_id, day, member_id, points) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET points = points + excluded.points",
            (channel_id, on, member_id, points),
        )
        conn.execute(
            "INSERT INTO channel_totals (channel_id, member_id, points) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET points = points + excluded.points",
            (channel_id, member_id, points),
        )
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
        (tenant_id, on, member_id, daily, practice),
    )
    conn.execute(
        "INSERT INTO team_totals (tenant_id, member_id, points) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET points = points + excluded.points",
        (tenant_id, member_id, gained),
    )


def team_day(conn: Connection, tenant_id: int, member_id: int, day: date) -> tuple[int, int]:
    """A member's best daily and practice points of a day in the whole team."""
    row = conn.execute(
        "SELECT daily, practice FROM team_days WHERE tenant_id = ? AND day = ? AND member_id = ?",
        (tenant_id, day.isoformat(), member_id),
    ).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


_RECOMPUTE = (
    "DELETE FROM channel_days WHERE channel_id IN (SELECT id FROM channels WHERE tenant_id = :t)",
    "DELETE FROM channel_totals WHERE channel_id IN (SELECT id FROM channels WHERE tenant_id = :t)",
    "DELETE FROM team_days WHERE tenant_id = :t",
    "DELETE FROM team_totals WHERE tenant_id = :t",
    """INSERT INTO channel_days (channel_id, day, member_id, points)
        SELECT channel_id, day, member_id, sum(points) FROM answers
        WHERE tenant_id = :t AND board = 'channel' AND points > 0 GROUP BY 1, 2, 3""",
    """INSERT INTO channel_totals (channel_id, member_id, points)
        SELECT channel_id, member_id, sum(points) FROM answers
        WHERE tenant_id = :t AND board = 'channel' AND points > 0 GROUP BY 1, 2""",
    """INSERT INTO team_days (tenant_id, day, member_id, daily, practice)
        SELECT tenant_id, day, member_id,
            coalesce(max(points) FILTER (WHERE kind = 'daily'), 0),
            coalesce(sum(points) FILTER (WHERE kind = 'practice'), 0) FROM answers
        WHERE tenant_id = :t AND board != 'none' AND points > 0 GROUP BY 1, 2, 3""",
    """INSERT INTO team_totals (tenant_id, member_id, points)
        SELECT tenant_id, member_id, sum(points) FROM team_days
        WHERE tenant_id = :t GROUP BY 1, 2""",
)


def recompute(conn: Connection, tenant_id: int) -> None:
    """Make a team's totals anew from its answers."""
    for statement in _RECOMPUTE:
        conn.execute(statement, {"t": tenant_id})


def give_full_points(conn: Connection, post_id: int, points: int) -> None:
    """A withdrawn question is worth its full points to everyone who answered it."""
    conn.execute("UPDATE answers SET points = ? WHERE post_id = ?", (points, post_id))


_TOTALS = {"channel": "channel_totals", "team": "team_totals"}
_DAYS = {"channel": "channel_days", "team": "team_days"}
_PLACE = {"channel": "channel_id", "team": "tenant_id"}


def ranking(
    conn: Connection, scope: Scope, place_id: int, period: Period, member_id: int
) -> Ranking:
    """The board of a channel or team over a period; members who left the boards are not on it."""
    place = _PLACE[scope]
    if period is None:
        source = f"SELECT member_id, points FROM {_TOTALS[scope]} WHERE {place} = :place"
    else:
        source = (
            f"SELECT member_id, sum(points) AS points FROM {_DAYS[scope]} "
            f"WHERE {place} = :place AND day BETWEEN :first AND :last GROUP BY member_id"
        )
    days = ("", "") if period is None else (period[0].isoformat(), period[1].isoformat())
    bound: dict[str, int | str] = {
        "place": place_id,
        "first": days[0],
        "last": days[1],
        "me": member_id,
    }
    on_board = f"FROM ({source}) s JOIN members m ON m.id = s.member_id AND NOT m.hidden"
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
    if len(top) < TOP:
        return Ranking(tuple(top), own, len(top))
    (size,) = conn.execute(f"SELECT count(*) {on_board}", bound).fetchone()
    if own is None:
        own = _own(conn, on_board, bound)
    return Ranking(tuple(top), own, size)


def _own(conn: Connection, on_board: str, bound: dict[str, int | str]) -> Standing | None:
    row = conn.execute(
        f"SELECT m.id, m.name, s.points {on_board} WHERE s.member_id = :me", bound
    ).fetchone()
    if row is None:
        return None
    (above,) = conn.execute(
        f"SELECT count(*) {on_board} WHERE s.points > :points", {**bound, "points": row[2]}
    ).fetchone()
    return Standing(above + 1, row[0], row[1], row[2])


def points_of(conn: Connection, member_id: int, tenant_id: int, channel_id: int) -> tuple[int, int]:
    """A member's points of all time in this channel and in the whole team."""
    here = conn.execute(
        "SELECT points FROM channel_totals WHERE channel_id = ? AND member_id = ?",
        (channel_id, member_id),
    ).fetchone()
    team = conn.execute(
        "SELECT points FROM team_totals WHERE tenant_id = ? AND member_id = ?",
        (tenant_id, member_id),
    ).fetchone()
    return (here[0] if here else 0, team[0] if team else 0)
