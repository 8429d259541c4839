"""The channels and teams of a database, for its operator."""

import msgspec

from bot.store.boards import Scope
from bot.store.sqlite import Connection


class Spot(msgspec.Struct, frozen=True):
    """A channel or a team, by our id and by its platform's names."""

    id: int
    scope: Scope
    name: str
    zone: str


_CHANNELS = """
SELECT c.id, c.platform || ' ' || t.platform_id || ' ' || c.platform_id, coalesce(s.zone, '')
FROM channels c JOIN tenants t ON t.id = c.tenant_id
LEFT JOIN schedules s ON s.channel_id = c.id ORDER BY 2
"""
_TEAMS = "SELECT id, platform || ' ' || platform_id, '' FROM tenants ORDER BY 2"


def spots(conn: Connection, scope: str) -> list[Spot]:
    """Every channel, or every team."""
    team = scope == "team"
    return [
        Spot(found, "team" if team else "channel", name, zone)
        for found, name, zone in conn.execute(_TEAMS if team else _CHANNELS)
    ]


class Scheduled(msgspec.Struct, frozen=True):
    """A channel whose daily is switched on, in its platform's ids."""

    tenant: str
    channel: str


def scheduled(conn: Connection, platform: str) -> list[Scheduled]:
    """Every channel of a platform that has a daily to come."""
    return [
        Scheduled(*row)
        for row in conn.execute(
            "SELECT t.platform_id, c.platform_id FROM schedules s "
            "JOIN channels c ON c.id = s.channel_id JOIN tenants t ON t.id = c.tenant_id "
            "WHERE s.state = 'on' AND c.platform = ? ORDER BY 1, 2",
            (platform,),
        )
    ]
