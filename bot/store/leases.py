"""Which process connects a platform: one at a time, the next one when it dies."""

from datetime import datetime, timedelta

from bot.store.clock import seconds
from bot.store.sqlite import Connection

LASTS = timedelta(seconds=60)
"""A holder that has not renewed for so long is taken for dead."""


def take(conn: Connection, name: str, owner: str, now: datetime) -> bool:
    """Take or renew a lease; false while another process holds it."""
    return (
        conn.execute(
            "INSERT INTO leases (name, owner, until) VALUES (:name, :owner, :until) "
            "ON CONFLICT DO UPDATE SET owner = excluded.owner, until = excluded.until "
            "WHERE owner = excluded.owner OR until <= :now",
            {"name": name, "owner": owner, "until": seconds(now + LASTS), "now": seconds(now)},
        ).rowcount
        == 1
    )


def release(conn: Connection, name: str, owner: str) -> None:
    """Give a lease back, so that the next process need not wait for its end."""
    conn.execute("DELETE FROM leases WHERE name = ? AND owner = ?", (name, owner))
