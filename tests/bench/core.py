"""The core at work: whole answers through the door, boards over a million answers, one pick."""

import asyncio
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import aiosqlite

from adapters.wiring import open_database
from bot import picker
from bot.config import Settings
from bot.events import Person, Press
from bot.grading import grade
from bot.model import Submission
from bot.quiz import answer
from bot.scoring import Period
from bot.store import boards, dailies, people, posts, questions, sqlite
from bot.store.dailies import Daily
from bot.store.database import Database
from bot.store.sqlite import Connection
from tests.bench.result import Result, against, medians_of
from tests.fakes import MONDAY, World, shipped_bank

MEMBERS = 64
CHANNELS = 12
RUNS = 5
TEAMS, CHANNELS_A_TEAM, MEMBERS_A_CHANNEL, DAYS = 100, 10, 20, 50
Call = tuple[str, object]


def submits() -> list[Result]:
    """Whole answers, from the press to the verdict, against aiosqlite running the same SQL."""
    ours, theirs = medians_of(RUNS, [_ours, _theirs])
    return [against("core/submit", ours, theirs, unit="answers/s", goal="ratio>=4")]


def _world(folder: str) -> tuple[World, list[int]]:
    """A bot whose channels each have an open daily, and the posts' ids."""
    world = World(Path(folder))
    question = questions.snapshot(shipped_bank().question(_one_tap()))
    for number in range(CHANNELS):
        for member in range(MEMBERS):
            world.say(f"m{member}", "help", world.place(f"c{number}"))

    def ask(conn: Connection) -> list[int]:
        found = conn.execute("SELECT id, tenant_id FROM channels ORDER BY id").fetchall()
        later = MONDAY + timedelta(days=1)
        asked = [
            Daily(tenant, channel, MONDAY.date(), question, one_tap=True, closes_at=later)
            for channel, tenant in found
        ]
        return [post or 0 for post in dailies.add(conn, asked, MONDAY)]

    return world, world.database.write(ask).result()


def _one_tap() -> str:
    return next(entry.id for entry in shipped_bank().entries.values() if entry.one_tap)


def _ours() -> float:
    with tempfile.TemporaryDirectory() as folder:
        world, ids = _world(folder)

        async def play(member: int) -> None:
            for number, post_id in enumerate(ids):
                event = Press(
                    place=world.place(f"c{number}"),
                    person=Person(f"m{member}", f"m{member}"),
                    at=MONDAY,
                    button=f"answer:pick:{post_id}:0:",
                )
                await world.bot.handle(event)

        async def everybody() -> float:
            start = perf_counter()
            await asyncio.gather(*map(play, range(MEMBERS)))
            return MEMBERS * len(ids) / (perf_counter() - start)

        with world:
            rate = world.run(everybody())
            (stored,) = world.database.read.execute("SELECT count(*) FROM answers").fetchone()
            if stored != MEMBERS * len(ids):
                message = f"{stored} answers were stored, not {MEMBERS * len(ids)}"
                raise RuntimeError(message)
            return rate


class _Recorder:
    """A connection that also notes what it is asked."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.calls: list[Call] = []

    def execute(self, sql: str, values: object = ()) -> object:
        self.calls.append((sql, values))
        return self.conn.execute(sql, values)  # type: ignore[arg-type]  # as it was given


def _recorded(world: World, ids: list[int]) -> list[list[Call]]:
    """The statements of each answer, recorded on a transaction that is rolled back."""

    def record(conn: Connection) -> list[list[Call]]:
        found = []
        conn.execute("SAVEPOINT recording")
        for member in range(MEMBERS):
            for number, post_id in enumerate(ids):
                recorder = _Recorder(conn)
                event = Press(
                    place=world.place(f"c{number}"),
                    person=Person(f"m{member}", f"m{member}"),
                    at=MONDAY,
                    button="",
                )
                visit = people.find(recorder, event)  # type: ignore[arg-type]  # stands in for one
                post = posts.must_get(conn, post_id)
                mark = grade(post.question, Submission("", (0,)))
                if visit is not None:
                    answer.store(recorder, world.desk, visit, post, mark, "0")  # type: ignore[arg-type]  # the same
                found.append(recorder.calls)
        conn.execute("ROLLBACK TO recording")
        return found

    return world.database.write(record).result()


def _theirs() -> float:
    with tempfile.TemporaryDirectory() as folder:
        world, ids = _world(folder)
        with world:
            calls = _recorded(world, ids)

        async def run() -> float:
            async with aiosqlite.connect(Path(folder, "bot.db"), isolation_level=None) as conn:
                await conn.execute("PRAGMA synchronous = FULL")
                await conn.create_function("row_checksum", -1, sqlite.row_checksum)
                lock = asyncio.Lock()

                async def play(mine: list[list[Call]]) -> None:
                    for statements in mine:
                        async with lock:
                            await conn.execute("BEGIN IMMEDIATE")
                            for sql, values in statements:
                                cursor = await conn.execute(sql, values)
                                if sql.lstrip().startswith("SELECT"):
                                    await cursor.fetchone()
                            await conn.execute("COMMIT")

                start = perf_counter()
                each = len(ids)
                await asyncio.gather(
                    *(play(calls[n * each : (n + 1) * each]) for n in range(MEMBERS))
                )
                return len(calls) / (perf_counter() - start)

        return asyncio.run(run())


def leaderboards() -> list[Result]:
    """Boards of a channel and a team among a million answers, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Settings(), Path(folder, "bot.db"))
        with database:
            database.write(_million).result()
            return [
                _board(database, "channel", "all"),
                _board(database, "channel", "week"),
                _board(database, "team", "all"),
                _board(database, "team", "week"),
            ]


_LAST = date(2026, 3, 1)


def _board(database: Database, scope: boards.Scope, period: Period) -> Result:
    count = 300
    start = perf_counter()
    for number in range(count):
        place = number % (TEAMS if scope == "team" else TEAMS * CHANNELS_A_TEAM) + 1
        boards.ranking(database.read, scope, place, boards.span(period, _LAST), number)
    milliseconds = (perf_counter() - start) / count * 1000
    return Result(
        name=f"core/leaderboard-{scope}-{period}", value=milliseconds, unit="ms", goal="value<0.2"
    )


def _million(conn: Connection) -> None:
    """A million daily answers: a hundred teams of ten channels, twenty members each, fifty days."""
    rng = random.Random(1)
    at = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    question = questions.snapshot(shipped_bank().question(_one_tap()))
    post = 0
    for team in range(1, TEAMS + 1):
        conn.execute("INSERT INTO tenants VALUES (?, 'memory', ?, ?)", (team, str(team), at))
        for number in range(CHANNELS_A_TEAM):
            channel = (team - 1) * CHANNELS_A_TEAM + number + 1
            conn.execute(
                "INSERT INTO channels VALUES (?, ?, 'memory', ?, 0, ?)",
                (channel, team, str(channel), at),
            )
            first = (channel - 1) * MEMBERS_A_CHANNEL + 1
            everybody = range(first, first + MEMBERS_A_CHANNEL)
            conn.executemany(
                "INSERT INTO members VALUES (?, ?, 'memory', ?, ?, 0, NULL, ?)",
                ((member, team, str(member), f"m{member}", at) for member in everybody),
            )
            for back in range(DAYS):
                day = _LAST - timedelta(days=back)
                midnight = datetime.combine(day, datetime.min.time(), UTC)
                later = midnight + timedelta(days=1)
                daily = Daily(team, channel, day, question, one_tap=True, closes_at=later)
                post = dailies.add(conn, [daily], midnight)[0] or post
                conn.executemany(
                    "INSERT INTO answers (post_id, member_id, tenant_id, channel_id, kind, day, at,"
                    " source, topic, level, outcome, share, points, hinted, board, text) VALUES "
                    "(?, ?, ?, ?, 'daily', ?, ?, '', '', 1, 'right', 1, ?, 0, 'channel', '')",
                    (
                        (post, member, team, channel, day.isoformat(), at, rng.choice((10, 20, 30)))
                        for member in everybody
                    ),
                )
        boards.recompute(conn, team)


def picks() -> list[Result]:
    """Pick one practice question of the bank, evaluate it and grade an answer to it."""
    bank = shipped_bank()
    rng = random.Random(1)
    entries = list(bank.entries.values())
    count = 200
    start = perf_counter()
    for _ in range(count):
        picker.practice(entries, rng, mastery={"linalg": (3, 1)}, recent=[("", "linalg")])
    picked = (perf_counter() - start) / count * 1000
    typed = [entry.id for entry in entries if entry.kind == "predict"][:20]
    questions = [bank.question(source, seed=1) for source in typed]
    start = perf_counter()
    for question in questions * 10:
        grade(question, Submission("(3, 4)"))
    graded = (perf_counter() - start) / (10 * len(questions)) * 1000
    return [
        Result(name="core/pick", value=picked, unit="ms", goal="value<5"),
        Result(name="core/grade", value=graded, unit="ms", goal="value<5"),
    ]


BENCHMARKS = {
    "core/submit": submits,
    "core/leaderboard": leaderboards,
    "core/pick": picks,
}
