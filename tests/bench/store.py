"""How many durable answers a second the store takes from 64 members at once."""

import asyncio
import os
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter

import aiosqlite

from bot.store import sqlite
from bot.store.database import Database
from bot.store.sqlite import Connection
from tests.bench.result import Result, against, medians_of

MEMBERS = 64
RUNS = 7

TABLE = (
    "CREATE TABLE answers (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, "
    "member INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (post, member))"
)
INSERT = "INSERT INTO answers (post, member, text) VALUES (?, ?, ?)"

Answer = Callable[[int, int], Awaitable[object]]
"""Stores what a member (second) answered to a post (first) and returns once it is durable."""


def answers() -> list[Result]:
    """Compare `Database.awrite` with aiosqlite, each answer an INSERT of its own."""
    rate, isolated, shared, group, bare = medians_of(
        RUNS, [_ours, _isolated, _shared, _group, _bare]
    )
    unit = "answers/s"
    return [
        against("store/answers", rate, isolated, unit=unit, goal="ratio>=15"),
        against("store/answers-against-shared-transaction", rate, shared, unit=unit),
        against(
            "store/answers-against-bare-group-commit", rate, group, unit=unit, goal="ratio>=0.7"
        ),
        against("store/answers-against-bare-sqlite", rate, bare, unit=unit),
    ]


def _ours() -> float:
    """Each answer a function of its own, committed in groups by the writer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bot.db")
        database = Database.open(
            path, migrate=lambda new: new.execute(TABLE), latest=1, entropy=os.urandom
        )

        async def answer(post: int, member: int) -> None:
            def store(connection: Connection) -> None:
                connection.execute(INSERT, (post, member, "(3, 4)"))

            await database.awrite(store)

        with database:
            return asyncio.run(_rate(answer, posts=250))


def _isolated() -> float:
    """Aiosqlite with each answer in a transaction of its own, which needs a lock around it."""

    async def run(path: Path) -> float:
        async with aiosqlite.connect(path) as connection:
            await _prepare(connection)
            lock = asyncio.Lock()

            async def answer(post: int, member: int) -> None:
                async with lock:
                    await connection.execute(INSERT, (post, member, "(3, 4)"))
                    await connection.commit()

            return await _rate(answer, posts=20)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder, "bot.db")))


def _shared() -> float:
    """Aiosqlite without a lock: a commit also ends the transactions that others are in.

    Fast, but a failure would undo the answers of whoever happened to write beside it.
    """

    async def run(path: Path) -> float:
        async with aiosqlite.connect(path) as connection:
            await _prepare(connection)

            async def answer(post: int, member: int) -> None:
                await connection.execute(INSERT, (post, member, "(3, 4)"))
                await connection.commit()

            return await _rate(answer, posts=100)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Path(folder, "bot.db")))


def _group() -> float:
    """The least that commits in groups for those who wait: a queue, a thread, and futures.

    One answer that fails would take its whole group with it.
    """
    waiting: SimpleQueue[tuple[int, int, asyncio.Future[None]] | None] = SimpleQueue()

    def write(path: Path, loop: asyncio.AbstractEventLoop) -> None:
        connection = sqlite.connect(path)
        while (one := waiting.get()) is not None:
            group = [one]
            while not waiting.empty() and (more := waiting.get()) is not None:
                group.append(more)
            connection.execute("BEGIN IMMEDIATE")
            for post, member, _ in group:
                connection.execute(INSERT, (post, member, "(3, 4)"))
            connection.execute("COMMIT")
            loop.call_soon_threadsafe(_done, [future for _, _, future in group])
        connection.close()

    async def run(path: Path) -> float:
        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=write, args=(path, loop))
        thread.start()

        async def answer(post: int, member: int) -> None:
            future: asyncio.Future[None] = loop.create_future()
            waiting.put((post, member, future))
            await future

        rate = await _rate(answer, posts=250)
        waiting.put(None)
        thread.join()
        return rate

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bot.db")
        connection = sqlite.connect(path, create=True)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(TABLE)
        connection.close()
        return asyncio.run(run(path))


def _done(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


def _bare() -> float:
    """No threads and nobody waiting: 64 rows a commit in a plain loop, the ceiling."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite.connect(Path(folder, "bot.db"), create=True)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(TABLE)
        start = perf_counter()
        for post in range(250):
            connection.execute("BEGIN IMMEDIATE")
            for member in range(MEMBERS):
                connection.execute(INSERT, (post, member, "(3, 4)"))
            connection.execute("COMMIT")
        seconds = perf_counter() - start
        connection.close()
        return 250 * MEMBERS / seconds


async def _prepare(connection: aiosqlite.Connection) -> None:
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", TABLE):
        await connection.execute(statement)
    await connection.commit()


async def _rate(answer: Answer, posts: int) -> float:
    """Let all members answer `posts` posts, each one after the other; answers a second."""

    async def play(member: int) -> None:
        for post in range(posts):
            await answer(post, member)

    start = perf_counter()
    await asyncio.gather(*map(play, range(MEMBERS)))
    return posts * MEMBERS / (perf_counter() - start)


BENCHMARKS = {"store/answers": answers}
