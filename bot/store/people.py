"""Teams, channels and members, and the visit that an event makes of them."""

from datetime import datetime
from typing import Any

import msgspec

from bot.events import Arrived, Event
from bot.model import Channel, Member, Tenant
from bot.store.clock import seconds
from bot.store.sqlite import Connection


class Visit(msgspec.Struct, frozen=True):
    """Who acts where: the platform's ids of an event resolved to ours.

    `team` is false where no team stands behind the place; `told` is whether the member has
    seen what is stored about them; `zone` is their own time zone, if it is known; `first`
    whether nothing had ever happened in the channel.
    """

    tenant: Tenant
    channel: Channel
    member: Member
    now: datetime
    team: bool
    told: bool
    zone: str = ""
    first: bool = False


_FIND = """
SELECT t.id, c.id, s.zone, m.id, m.name, m.hidden, m.told_at
FROM tenants t
JOIN channels c ON c.tenant_id = t.id AND c.platform = t.platform AND c.platform_id = :channel
JOIN members m ON m.tenant_id = t.id AND m.platform = t.platform AND m.platform_id = :person
LEFT JOIN schedules s ON s.channel_id = c.id
WHERE t.platform = :platform AND t.platform_id = :tenant
"""


def storable(text: str) -> str:
    """A text as the database can hold it: with `?` for halves of characters."""
    return text.encode(errors="replace").decode()


def find(conn: Connection, event: Event) -> Visit | None:
    """The visit of an event whose team, channel and member are known under this name."""
    place, person = event.place, event.person
    row = conn.execute(
        _FIND,
        {
            "platform": place.platform,
            "tenant": place.tenant,
            "channel": place.channel,
            "person": person.id,
        },
    ).fetchone()
    if row is None or (row[4] != storable(person.name) and not person.is_handle):
        return None
    tenant_id, channel_id, zone, member_id, name, hidden, told_at = row
    return Visit(
        Tenant(tenant_id, place.platform, place.tenant),
        Channel(channel_id, tenant_id, place.platform, place.channel, place.direct, zone or ""),
        Member(member_id, tenant_id, place.platform, person.id, name, bool(hidden)),
        event.at,
        place.team,
        told_at is not None,
        person.zone,
    )


def enter(conn: Connection, event: Event) -> Visit:
    """The visit of an event; whoever and whatever is new is written down."""
    place, person, at = event.place, event.person, seconds(event.at)
    tenant_id, is_new = _settle(conn, event)
    otherwise = "NOTHING" if person.is_handle else "UPDATE SET name = excluded.name"
    conn.execute(
        "INSERT INTO members (tenant_id, platform, platform_id, name, created_at) "
        "VALUES (?, ?, ?, ?, ?) "
        f"ON CONFLICT (tenant_id, platform, platform_id) DO {otherwise}",
        (tenant_id, place.platform, person.id, storable(person.name), at),
    )
    visit = find(conn, event)
    if visit is None:
        message = "a visit that was written down must be found"
        raise RuntimeError(message)
    return msgspec.structs.replace(visit, first=is_new)


def meet(conn: Connection, event: Arrived) -> bool:
    """Write a channel down that nobody has acted in yet; false where it was known."""
    return _settle(conn, event)[1]


def _settle(conn: Connection, event: Event | Arrived) -> tuple[int, bool]:
    """The team of a place by our id, and whether its channel is new."""
    place, at = event.place, seconds(event.at)
    conn.execute(
        "INSERT INTO tenants (platform, platform_id, created_at) VALUES (?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (place.platform, place.tenant, at),
    )
    (tenant_id,) = conn.execute(
        "SELECT id FROM tenants WHERE platform = ? AND platform_id = ?",
        (place.platform, place.tenant),
    ).fetchone()
    added = conn.execute(
        "INSERT INTO channels (tenant_id, platform, platform_id, direct, created_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (tenant_id, place.platform, place.channel, place.direct, at),
    )
    return tenant_id, added.rowcount == 1


def is_member(conn: Connection, event: Event) -> bool:
    """Whether the one who acts is known in their team, wherever they were met."""
    place = event.place
    return (
        conn.execute(
            "SELECT 1 FROM members m JOIN tenants t ON t.id = m.tenant_id "
            "WHERE t.platform = ? AND t.platform_id = ? AND m.platform = ? AND m.platform_id = ?",
            (place.platform, place.tenant, place.platform, event.person.id),
        ).fetchone()
        is not None
    )


def is_in_use(conn: Connection, channel_id: int) -> bool:
    """Whether a channel has a plan or had a public question."""
    return (
        conn.execute(
            "SELECT 1 FROM schedules WHERE channel_id = :id UNION ALL "
            "SELECT 1 FROM posts WHERE channel_id = :id AND kind = 'daily' UNION ALL "
            "SELECT 1 FROM posts WHERE channel_id = :id AND kind = 'together'",
            {"id": channel_id},
        ).fetchone()
        is not None
    )


def set_hidden(conn: Connection, member_id: int, *, hidden: bool) -> None:
    """Leave the leaderboards, or come back to them."""
    conn.execute("UPDATE members SET hidden = ? WHERE id = ?", (hidden, member_id))


def set_told(conn: Connection, member_id: int, now: datetime) -> bool:
    """The member is being told what is stored; false when they had been."""
    return (
        conn.execute(
            "UPDATE members SET told_at = ? WHERE id = ? AND told_at IS NULL",
            (seconds(now), member_id),
        ).rowcount
        == 1
    )


def channel(conn: Connection, channel_id: int) -> tuple[Tenant, Channel]:
    """A channel and its team by our id."""
    row = conn.execute(
        "SELECT c.id, c.platform, c.platform_id, c.direct, s.zone, t.id, t.platform_id "
        "FROM channels c JOIN tenants t ON t.id = c.tenant_id "
        "LEFT JOIN schedules s ON s.channel_id = c.id WHERE c.id = ?",
        (channel_id,),
    ).fetchone()
    found, platform, platform_id, direct, zone, tenant_id, tenant_key = row
    return (
        Tenant(tenant_id, platform, tenant_key),
        Channel(found, tenant_id, platform, platform_id, bool(direct), zone or ""),
    )


def members_of(conn: Connection, tenant_id: int, ids: list[int]) -> list[Member]:
    """Members of a team by our ids; those that were deleted are left out."""
    marks = ",".join("?" * len(ids))
    return [
        Member(row[0], tenant_id, row[1], row[2], row[3], bool(row[4]))
        for row in conn.execute(
            f"SELECT id, platform, platform_id, name, hidden FROM members "
            f"WHERE tenant_id = ? AND platform_id IS NOT NULL AND id IN ({marks})",
            (tenant_id, *ids),
        )
    ]


def member_by_platform_id(conn: Connection, tenant: Tenant, platform_id: str) -> Member | None:
    """A member of a team by the platform's id."""
    row = conn.execute(
        "SELECT id, name, hidden FROM members "
        "WHERE tenant_id = ? AND platform = ? AND platform_id = ?",
        (tenant.id, tenant.platform, platform_id),
    ).fetchone()
    if row is None:
        return None
    return Member(row[0], tenant.id, tenant.platform, platform_id, row[1], bool(row[2]))


def export(conn: Connection, member_id: int) -> dict[str, Any]:
    """Everything that is stored about a member, as plain values."""

    def rows(sql: str) -> list[dict[str, Any]]:
        cursor = conn.execute(sql, (member_id,))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    return {
        "member": rows(
            "SELECT platform, platform_id, name, hidden, told_at, created_at "
            "FROM members WHERE id = ?"
        ),
        "answers": rows(
            "SELECT post_id, at, day, kind, source, topic, level, outcome, share, points, hinted, "
            "board, choice, text FROM answers WHERE member_id = ? ORDER BY id"
        ),
        "hints": rows("SELECT post_id FROM hints WHERE member_id = ?"),
        "practice": rows(
            "SELECT id, topic, level, created_at, closed_at "
            "FROM posts WHERE member_id = ? ORDER BY id"
        ),
        "shown": rows("SELECT source, at FROM shown WHERE member_id = ?"),
        "reviews": rows(
            "SELECT source, due, CAST(recall AS TEXT) AS recall FROM recalls WHERE member_id = ?"
        ),
        "streaks": rows(
            "SELECT channel_id, upto, CAST(streak AS TEXT) AS streak FROM streaks "
            "WHERE member_id = ?"
        ),
        "reports": rows("SELECT post_id, at FROM reports WHERE member_id = ?"),
        "schedules": rows("SELECT channel_id FROM schedules WHERE set_by = ?"),
    }


def forget(conn: Connection, member_id: int, spent: list[tuple[int, bytes]]) -> None:
    """Delete a member: their answers stay, under a nameless one-off member.

    `spent` holds a keyed hash for each still open post that they answered, so that nobody
    answers twice by being deleted in between. Practice that was never answered goes, and so
    does the platform's id of a private conversation, which would tell whose answers they were,
    unless somebody else practises in it too.
    """
    conn.executemany("INSERT OR IGNORE INTO spent (post_id, hash) VALUES (?, ?)", spent)
    conn.execute("UPDATE answers SET text = '' WHERE member_id = ?", (member_id,))
    for table in ("hints", "shown", "recalls", "streaks", "reports"):
        conn.execute(f"DELETE FROM {table} WHERE member_id = ?", (member_id,))
    conn.execute(
        "UPDATE channels SET platform_id = 'deleted-' || id "
        "WHERE direct AND id IN (SELECT channel_id FROM posts WHERE member_id = :member) "
        "AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.channel_id = channels.id "
        "AND p.kind = 'practice' AND p.member_id != :member)",
        {"member": member_id},
    )
    conn.execute(
        "DELETE FROM posts WHERE kind = 'practice' AND member_id = ? "
        "AND id NOT IN (SELECT post_id FROM answers WHERE member_id = ?) "
        "AND id NOT IN (SELECT post_id FROM reports)",
        (member_id, member_id),
    )
    conn.execute("UPDATE schedules SET set_by = NULL WHERE set_by = ?", (member_id,))
    conn.execute(
        "UPDATE members SET platform_id = NULL, name = '', hidden = 1, told_at = NULL, "
        "created_at = 0 WHERE id = ?",
        (member_id,),
    )
