"""What is open as a daily, and so must not be met anywhere else until it closes."""

from collections.abc import Sequence

from bot.store.people import Visit
from bot.store.sqlite import Connection, marks

_OPEN = "FROM posts WHERE kind = 'daily' AND closed_at IS NULL AND voided_at IS NULL AND tenant_id "


def in_team(conn: Connection, tenant_id: int) -> frozenset[str]:
    """The sources that are open as a daily anywhere in the team."""
    return frozenset(
        source for (source,) in conn.execute(f"SELECT source {_OPEN} = ?", (tenant_id,))
    )


def is_open(conn: Connection, tenant_id: int, source: str) -> bool:
    """Whether a source is open as a daily in the team."""
    found = conn.execute(f"SELECT 1 {_OPEN} = ? AND source = ? LIMIT 1", (tenant_id, source))
    return found.fetchone() is not None


def in_teams(conn: Connection, tenant_ids: Sequence[int]) -> set[tuple[int, str]]:
    """The teams and sources that are open as a daily there."""
    return set(
        conn.execute(
            f"SELECT tenant_id, source {_OPEN} IN ({marks(tenant_ids)})", tenant_ids
        ).fetchall()
    )


def from_member(conn: Connection, visit: Visit) -> frozenset[str]:
    """The sources that a member must not meet outside of a daily.

    Where no team stands behind a conversation, they are those of every team that knows the
    member: what is open there is not to be looked up here.
    """
    if visit.team:
        return in_team(conn, visit.tenant.id)
    theirs = "IN (SELECT tenant_id FROM members WHERE platform = ? AND platform_id = ?)"
    found = conn.execute(
        f"SELECT source {_OPEN} {theirs}", (visit.tenant.platform, visit.member.platform_id)
    )
    return frozenset(source for (source,) in found)
