"""A checksum for every table, kept by the database itself as rows come and go.

SQLite sees a page that hangs together wrongly, but not a changed bit inside a row. So triggers
add each row's checksum to its table's total, in the transaction that stores the row; adding
them all up again shows whether any row is another one than was stored. One more total is that
of the schema and its format, which change in a migration only.
"""

from bot.store import sqlite
from bot.store.sqlite import Connection

_PREFIX = "checksum of "
_SCHEMA = "sqlite_master"
_OURS = "name NOT LIKE 'sqlite~_%' ESCAPE '~'"


def finding(connection: Connection) -> str:
    """`ok`, or what is wrong with the database, found by reading all of it.

    Raises sqlite's own errors.
    """
    alone = not connection.in_transaction
    if alone:
        connection.execute("BEGIN")  # others may write meanwhile
    try:
        with sqlite.damage():
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            return _difference(connection) or "ok" if found == "ok" else str(found)
    finally:
        if alone and connection.in_transaction:
            connection.execute("ROLLBACK")


def _difference(connection: Connection) -> str:
    """What is not as it was stored, in a few words; empty where all is."""
    # Not the table alone: a bit in its name must not make this a file without checksums.
    (signs,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'checksums' OR type = 'trigger'"
    ).fetchone()
    if not signs:
        return ""  # from before there were any
    kept = dict(connection.execute("SELECT name, total FROM checksums").fetchall())
    if _SCHEMA in kept and kept.pop(_SCHEMA) != _schema_total(connection):  # formats from 5 on
        return "its schema is not the one that was stored"
    tables = _tables(connection)
    tables.pop("checksums", None)
    for name in tables | kept:
        if name not in tables or kept.get(name) != _total(connection, name, tables[name]):
            return f"the rows of {name} are not those that were stored"
    return ""


def forget(connection: Connection) -> None:
    """Keep no checksums any more, so that tables can be changed."""
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, ?) = ?"
    for (name,) in connection.execute(named, (len(_PREFIX), _PREFIX)).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("DROP TABLE IF EXISTS checksums")


def keep(connection: Connection) -> None:
    """Keep checksums of the schema and all tables that there are now, in the open transaction.

    The format's number is part of the schema, so it is set before.
    """
    forget(connection)
    tables = _tables(connection)
    connection.execute(
        "CREATE TABLE checksums "
        "(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, total INTEGER NOT NULL)"
    )
    add = "INSERT INTO checksums (id, name, total) VALUES (?, ?, ?)"
    for ident, (name, columns) in enumerate(tables.items(), 1):
        connection.execute(add, (ident, name, _total(connection, name, columns)))
        gone, come = (f"row_checksum({_list(columns, row + '.')})" for row in ("OLD", "NEW"))
        for event, change in (
            ("INSERT", f"+ {come}"),
            ("DELETE", f"- {gone}"),
            ("UPDATE", f"+ {come} - {gone}"),
        ):
            connection.execute(
                f'CREATE TRIGGER "{_PREFIX}{name} {event}" AFTER {event} ON "{name}" BEGIN '
                f"UPDATE checksums SET total = total {change} WHERE id = {ident}; END"
            )
    connection.execute(add, (0, _SCHEMA, _schema_total(connection)))


def _tables(connection: Connection) -> dict[str, list[str]]:
    """Every table of ours with its columns."""
    names = connection.execute(
        f"SELECT name FROM sqlite_master WHERE type = 'table' AND {_OURS} ORDER BY name"
    ).fetchall()
    columns = "SELECT name FROM pragma_table_info(?)"
    return {
        name: [column for (column,) in connection.execute(columns, (name,))] for (name,) in names
    }


def _schema_total(connection: Connection) -> int:
    (total,) = connection.execute(
        "SELECT sum(row_checksum(type, name, tbl_name, sql, user_version)) "
        "FROM sqlite_master, pragma_user_version "
        "WHERE name NOT LIKE 'sqlite~_stat%' ESCAPE '~'"  # ANALYZE makes those at any time
    ).fetchone()
    return int(total)


def _total(connection: Connection, name: str, columns: list[str]) -> int:
    (total,) = connection.execute(
        f'SELECT coalesce(sum(row_checksum({_list(columns)})), 0) FROM "{name}"'
    ).fetchone()
    return int(total)


def _list(columns: list[str], row: str = "") -> str:
    return ", ".join(f'{row}"{column}"' for column in columns)
