"""Which process connects a platform: one at a time, the next one when it dies.

A lease ends at a second of the steady clock, which is the same for all processes of a machine
and does not jump. One that would last longer than any does is from before the machine was
started, and nobody holds it.
"""

from bot.store.sqlite import Connection

LASTS = 60
"""Seconds. A holder that has not renewed for so long is taken for dead."""


def take(conn: Connection, name: str, owner: str, steady: float) -> bool:
    """Take or renew a lease; false while another process holds it."""
    return (
        conn.execute(
            "INSERT INTO leases (name, owner, until) VALUES (:name, :owner, :until) "
            "ON CONFLICT DO UPDATE SET owner = excluded.owner, until = excluded.until "
            "WHERE owner = excluded.owner OR until <= :now OR until > :now + :lasts",
            {
                "name": name,
                "owner": owner,
                "until": int(steady) + LASTS,
                "now": int(steady),
                "lasts": LASTS,
            },
        ).rowcount
        == 1
    )


def release(conn: Connection, name: str, owner: str) -> None:
    """Give a lease back, so that the next process need not wait for its end."""
    conn.execute("DELETE FROM leases WHERE name = ? AND owner = ?", (name, owner))
