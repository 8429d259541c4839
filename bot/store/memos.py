"""What an adapter remembers between two starts: short texts by name."""

from bot.store.sqlite import Connection


def get(conn: Connection, name: str) -> str:
    """A memo; empty where there is none."""
    row = conn.execute("SELECT memo FROM memos WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def put(conn: Connection, name: str, memo: str) -> None:
    """Keep a memo in place of the last one."""
    conn.execute(
        "INSERT INTO memos (name, memo) VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET memo = excluded.memo",
        (name, memo),
    )


def names(conn: Connection, start: str) -> list[str]:
    """The names of all memos that begin so."""
    found = conn.execute("SELECT name FROM memos WHERE substr(name, 1, ?) = ?", (len(start), start))
    return [str(name) for (name,) in found]


def drop(conn: Connection, name: str) -> None:
    """Forget a memo."""
    conn.execute("DELETE FROM memos WHERE name = ?", (name,))
