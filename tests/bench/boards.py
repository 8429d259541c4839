"""Boards over ten million answers, made once and kept in the folder for temporary files."""

import os
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from adapters.wiring import open_database
from bot.config import Settings
from bot.store import boards, checksums
from bot.store.sqlite import Connection
from tests.bench.result import Result, against, median_of

CHANNELS, MEMBERS, DAYS = 200, 100, 500
"""Of one team: each member of a channel answers its daily on so many days."""

FIRST = date(2024, 7, 1)
LAST = FIRST + timedelta(days=DAYS - 1)
FOLDER = Path(tempfile.gettempdir(), "numpy-bot-bench")
CALLS = 500

_ANSWERS = """
WITH RECURSIVE days (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n + 1 < :days),
members (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM members WHERE n < :members)
INSERT INTO answers (post_id, member_id, tenant_id, channel_id, kind, day, at, source, topic,
    level, outcome, share, points, hinted, board, text)
SELECT d.n * :channels + :channel, (:channel - 1) * :members + m.n, 1, :channel, 'daily',
    date(:first, '+' || d.n || ' days'), 1720000000 + d.n * 86400, 'q' || d.n % 300, 'shape',
    1 + d.n % 3, iif((d.n * 7 + m.n * 13 + :channel) % 5 < 3, 'right', 'wrong'), 0,
    iif((d.n * 7 + m.n * 13 + :channel) % 5 < 3, 10 * (1 + d.n % 3), 0), 0, 'channel', ''
FROM days d, members m"""


def boards_of_millions() -> list[Result]:
    """A channel's board of all time and of a week, next to adding the answers up each time."""
    with open_database(Settings(), _made()) as database:
        conn = database.read
        (count,) = conn.execute("SELECT max(id) FROM answers").fetchone()
        assert count == CHANNELS * MEMBERS * DAYS
        week = boards.span("week", LAST)
        raw_all, raw_week = (_raw(conn, first) for first in (FIRST, date.fromisoformat(week)))
        return [
            against("boards/all-time", _ranking(conn, ""), raw_all, unit="ms", goal="value<0.1"),
            against("boards/week", _ranking(conn, week), raw_week, unit="ms", goal="value<0.2"),
            Result(name="boards/team-all-time", value=_ranking(conn, "", "team"), unit="ms"),
            Result(name="boards/team-week", value=_ranking(conn, week, "team"), unit="ms"),
        ]


def _ranking(conn: Connection, span: str, scope: boards.Scope = "channel") -> float:
    """Milliseconds for one member's look at a board; the channels and members change."""
    rng = random.Random(1)

    def once() -> float:
        channel = rng.randint(1, CHANNELS)
        member = (channel - 1) * MEMBERS + rng.randint(1, MEMBERS)
        place = channel if scope == "channel" else 1
        start = perf_counter()
        found = boards.ranking(conn, scope, place, span, member)
        took = perf_counter() - start
        assert len(found.top) == boards.TOP
        return took * 1000

    return median_of(CALLS, once)


def _raw(conn: Connection, first: date) -> float:
    """Milliseconds for a channel's board from its answers alone, found by their index."""

    def once() -> float:
        start = perf_counter()
        rows = conn.execute(
            "SELECT member_id, sum(points) FROM answers WHERE channel_id = 7 AND day >= ? "
            "AND member_id BETWEEN 601 AND 700 GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
            (first.isoformat(),),
        ).fetchall()
        assert len(rows) == boards.TOP
        return (perf_counter() - start) * 1000

    return median_of(3, once)


def _made() -> Path:
    """The database; made where it is not there yet, which takes some minutes and 3 GB."""
    path = FOLDER / f"boards-{CHANNELS}-{MEMBERS}-{DAYS}" / "bot.db"
    if path.exists():
        return path
    with tempfile.TemporaryDirectory(dir=_there(FOLDER)) as folder:
        work = Path(folder, "bot.db")
        with open_database(Settings(), work) as database:
            database.write(checksums.forget).result()  # nobody writes to it afterwards
            database.write(_people).result()
            for channel in range(1, CHANNELS + 1):
                database.write(lambda conn, channel=channel: _answered(conn, channel)).result()  # type: ignore[misc]  # a default
            database.write(lambda conn: boards.recompute(conn, 1)).result()
        os.replace(folder, _there(path.parent.parent) / path.parent.name)  # noqa: PTH105
        Path(folder).mkdir()  # for whoever cleans up
    return path


def _there(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _people(conn: Connection) -> None:
    conn.execute("PRAGMA defer_foreign_keys = ON")
    conn.execute("INSERT INTO tenants VALUES (1, 'x', 't', 0)")
    for channel in range(1, CHANNELS + 1):
        conn.execute("INSERT INTO channels VALUES (?, 1, 'x', ?, 0, 0)", (channel, f"c{channel}"))
    for member in range(1, CHANNELS * MEMBERS + 1):
        conn.execute(
            "INSERT INTO members VALUES (?, 1, 'x', ?, ?, 0, NULL, 0)",
            (member, f"m{member}", f"Member {member}"),
        )
    for post in range(1, CHANNELS * DAYS + 1):
        channel = (post - 1) % CHANNELS + 1
        day = FIRST + timedelta(days=(post - 1) // CHANNELS)
        conn.execute(
            "INSERT INTO posts (id, tenant_id, channel_id, kind, source, topic, level, one_tap, "
            "question, created_at, number, date, closed_at) "
            "VALUES (?, 1, ?, 'daily', 'q', 'shape', 1, 1, x'', 0, 1, ?, 1)",
            (post, channel, day.isoformat()),
        )


def _answered(conn: Connection, channel: int) -> None:
    conn.execute(
        _ANSWERS,
        {"channel": channel, "channels": CHANNELS, "members": MEMBERS, "days": DAYS,
         "first": FIRST.isoformat()},
    )  # fmt: skip


BENCHMARKS = {"boards": boards_of_millions}
