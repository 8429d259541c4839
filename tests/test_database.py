"""The storage engine: opening, writing in groups, reading, backing up."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageForeign, StorageFull
from bot.store import opening, sqlite
from bot.store.backup import backup
from bot.store.database import Database
from bot.store.sqlite import Connection
from bot.store.writer import Pending

ROOT = Path(__file__).parent.parent


def migrate(connection: Connection) -> None:
    """Make the tables that these tests write to."""
    connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL)")
    connection.execute(
        "CREATE TABLE replies (note INTEGER REFERENCES notes (id), "
        "later INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)"
    )


def entropy(size: int) -> bytes:
    """Give bytes that a test can foretell."""
    return bytes(range(size))


def opened(path: Path) -> Database:
    """Open `path` with the tables above."""
    return Database.open(path, migrate=migrate, latest=1, entropy=entropy)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An open, empty database."""
    with opened(tmp_path / "bot.db") as database:
        yield database


def note(text: object) -> Callable[[Connection], int]:
    """Give a writing function that stores a note and returns its id."""

    def store(connection: Connection) -> int:
        cursor = connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))
        return cursor.lastrowid or 0

    return store


def texts(database: Database) -> list[str]:
    """Give the stored notes in their order, as another connection sees them."""
    return [text for (text,) in database.read.execute("SELECT text FROM notes ORDER BY id")]


def grouped(
    database: Database, functions: Sequence[Callable[[Connection], object]]
) -> list[Pending[object]]:
    """Queue all functions while the writer is held up, so that they share one group."""
    with held_up(database):
        return [database.write(function) for function in functions]


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Keep the writer busy, so that all that is queued meanwhile becomes one group."""
    busy, gate = threading.Event(), threading.Event()

    def wait(_: Connection) -> None:
        busy.set()
        gate.wait()

    holding = database.write(wait)
    busy.wait()
    try:
        yield
    finally:
        gate.set()
        holding.result()


def failures(pending: Sequence[Pending[object]]) -> list[type[BaseException] | None]:
    """Wait for all and tell what each one raised."""
    kinds: list[type[BaseException] | None] = []
    for one in pending:
        try:
            one.result()
        except BaseException as error:  # noqa: BLE001 - any kind is compared by the test
            kinds.append(type(error))
        else:
            kinds.append(None)
    return kinds


class TestOpening:
    """What is accepted at a path, and what is refused with which words."""

    def test_makes_the_folder_and_the_file(self, tmp_path: Path) -> None:
        """A first start makes missing folders, the tables and a secret."""
        path = tmp_path / "new" / "deep" / "bot.db"
        with opened(path) as database:
            assert [] == texts(database)
            assert entropy(32) == database.secret
        assert path.is_file()

    def test_opens_again(self, tmp_path: Path) -> None:
        """What was stored, the secret too, is there at the next start; no step runs twice."""
        with opened(tmp_path / "bot.db") as database:
            database.write(note("kept")).result()
        again = Database.open(
            tmp_path / "bot.db", migrate=migrate, latest=1, entropy=lambda size: b"\0" * size
        )
        with again:
            assert ["kept"] == texts(again)
            assert entropy(32) == again.secret

    def test_a_file_keeps_the_pages_that_it_was_made_with(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A new one gets small ones; one of an older numpy-bot goes on with its own."""
        path = tmp_path / "bot.db"
        with monkeypatch.context() as older:
            older.setattr(opening, "PAGE_BYTES", 4096)
            with opened(path) as database:
                database.write(note("kept")).result()
        for name, size in (("bot.db", 4096), ("new.db", 1024)):
            with opened(tmp_path / name) as database:
                assert (size,) == database.read.execute("PRAGMA page_size").fetchone()
        with opened(path) as database:
            assert ["kept"] == texts(database)

    def test_upgrades_keeping_the_rows(self, tmp_path: Path) -> None:
        """An older database gets the missing steps and keeps its rows."""
        with opened(tmp_path / "bot.db") as database:
            database.write(note("old")).result()

        def rebuild(connection: Connection) -> None:
            connection.execute("INSERT INTO replies VALUES (1, 1)")
            connection.execute("CREATE TABLE new (id INTEGER PRIMARY KEY, text, more)")
            connection.execute("INSERT INTO new SELECT id, text, 'more' FROM notes")
            connection.execute("DROP TABLE notes")
            connection.execute("ALTER TABLE new RENAME TO notes")

        with Database.open(
            tmp_path / "bot.db", migrate=rebuild, latest=2, entropy=entropy
        ) as database:
            assert [("old", "more")] == database.read.execute(
                "SELECT text, more FROM notes"
            ).fetchall()
            assert (2,) == database.read.execute("PRAGMA user_version").fetchone()

    def test_refuses_a_step_that_leaves_dangling_references(self, tmp_path: Path) -> None:
        """A step that orphans rows is undone with its whole upgrade."""

        def orphan(connection: Connection) -> None:
            migrate(connection)
            connection.execute("INSERT INTO replies VALUES (77, NULL)")

        with pytest.raises(RuntimeError, match="dangling reference in table replies"):
            Database.open(tmp_path / "bot.db", migrate=orphan, latest=1, entropy=entropy)
        with opened(tmp_path / "bot.db") as database:
            assert [] == texts(database)

    def test_refuses_a_step_that_commits(self, tmp_path: Path) -> None:
        """A step that ends the upgrade's transaction is reported as the bug that it is."""
        with pytest.raises(RuntimeError, match="ended the transaction"):
            Database.open(
                tmp_path / "bot.db",
                migrate=lambda connection: connection.execute("COMMIT"),
                latest=1,
                entropy=entropy,
            )

    def test_survives_a_kill_in_the_middle_of_a_step(self, tmp_path: Path) -> None:
        """A process that dies while upgrading leaves a file that the next start can use."""
        killed = _python(
            "import os; from tests.test_database import *\n"
            "def step(connection):\n"
            "    migrate(connection); os.kill(os.getpid(), signal.SIGKILL)\n"
            "Database.open(Path(sys.argv[1]), migrate=step, latest=1, entropy=entropy)",
            tmp_path / "bot.db",
        )
        killed.communicate()
        assert -signal.SIGKILL == killed.returncode
        with opened(tmp_path / "bot.db") as database:
            assert 1 == database.write(note("alive")).result()

    def test_many_processes_open_a_new_path_at_once(self, tmp_path: Path) -> None:
        """All of them succeed, each step is applied once, and all share one secret."""
        code = (
            "from tests.test_database import *\n"
            "print('ready', flush=True)\n"
            "for path in sys.stdin:\n"
            "    with Database.open(Path(path.strip()), migrate=migrate, latest=1, "
            "entropy=os.urandom) as database:\n"
            "        database.write(note(os.getpid())).result()\n"
            "        print(database.secret.hex(), flush=True)"
        )
        processes = [_python(code) for _ in range(4)]
        said = [_say(process) for process in processes]
        assert ["ready\n"] * 4 == said
        for attempt in range(25):
            path = tmp_path / f"{attempt}.db"
            for process in processes:
                _tell(process, path)
            secrets = {_say(process) for process in processes}
            with opened(path) as database:
                assert {database.secret.hex() + "\n"} == secrets
                assert {str(process.pid) for process in processes} == set(texts(database))
        for process in processes:
            process.communicate()
        assert [0] * 4 == [process.returncode for process in processes]

    def test_another_process_makes_it_while_this_one_looks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A file that becomes ours between two looks at it is not taken for somebody else's."""
        path = tmp_path / "bot.db"
        empty = sqlite.connect(path, create=True)
        empty.execute("PRAGMA journal_mode = WAL").fetchone()
        look, others = opening._number, [entropy]

        def number(connection: Connection, sql: str) -> int:
            seen = look(connection, sql)
            if others:
                Database.open(path, migrate=migrate, latest=1, entropy=others.pop()).close()
            return seen

        monkeypatch.setattr(opening, "_number", number)
        with opened(path) as database:
            assert entropy(32) == database.secret
        empty.close()

    def test_refuses_a_newer_database(self, tmp_path: Path) -> None:
        """A database from a newer program is left alone, and the way out is to upgrade."""
        Database.open(tmp_path / "bot.db", migrate=migrate, latest=9, entropy=entropy).close()
        with pytest.raises(StorageError, match=r"newer numpy-bot .*Upgrade numpy-bot"):
            opened(tmp_path / "bot.db")

    def test_refuses_another_programs_database(self, tmp_path: Path) -> None:
        """Another program's database is refused and not one byte of it changes."""
        path = tmp_path / "bot.db"
        other = sqlite.connect(path, create=True)
        other.execute("CREATE TABLE theirs (x)")
        other.close()
        before = path.read_bytes()
        with pytest.raises(StorageForeign, match=r"another program.*NUMPY_BOT_DB"):
            opened(path)
        assert before == path.read_bytes()
        assert [path] == list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "harm",
        [
            lambda data: b"not a database" + data[14:],
            lambda data: data[: len(data) // 2],
            lambda data: data[:50],
            lambda data: data[: len(data) // 2] + b"\xff" * 4096 + data[len(data) // 2 + 4096 :],
            lambda _: b"Dear diary, this is a text and no database at all.\n" * 99,
        ],
        ids=["header", "half", "stub", "page", "text"],
    )
    def test_refuses_a_damaged_file(self, tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
        """A broken file is refused at start, with the way to restore the last backup."""
        path = tmp_path / "bot.db"
        with opened(path) as database:
            for number in range(20):
                database.write(note(str(number) * 2000)).result()
        broken = harm(path.read_bytes())
        path.write_bytes(broken)
        with pytest.raises(StorageDamaged, match=r"bot\.db is damaged .*Restore the last backup"):
            opened(path)
        assert broken == path.read_bytes()

    def test_refuses_a_folder(self, tmp_path: Path) -> None:
        """A folder in place of a file is named, with an example of a file in it."""
        with pytest.raises(StorageError, match=r"is a folder.*NUMPY_BOT_DB.*numpy-bot\.db"):
            opened(tmp_path)

    def test_refuses_a_path_below_a_file(self, tmp_path: Path) -> None:
        """A folder that cannot be made is named together with the setting."""
        (tmp_path / "file").write_text("")
        with pytest.raises(StorageError, match=r"/file/below for the .*Set NUMPY_BOT_DB"):
            opened(tmp_path / "file" / "below" / "bot.db")

    @pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
    def test_refuses_a_folder_that_takes_no_files(self) -> None:
        """A folder that nobody can write to, not even root, is refused with the way out."""
        with pytest.raises(StorageError, match=r"/proc/bot\.db cannot be .*Set NUMPY_BOT_DB"):
            opened(Path("/proc/bot.db"))

    def test_refuses_a_locked_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that another process holds exclusively is reported as locked, not damaged."""
        monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
        other = sqlite.connect(tmp_path / "bot.db", create=True)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageBusy, match="locked by another process"):
            opened(tmp_path / "bot.db")
        other.close()

    def test_start_imports_nothing_slow(self) -> None:
        """Opening an up-to-date database needs none of the modules that take long to import."""
        process = _python(
            "from bot.store.database import Database\n"
            "print({'asyncio', 'concurrent.futures', 'sqlite_utils', 'logging'} & {*sys.modules})"
        )
        assert "set()\n" == process.communicate()[0]


class TestWriting:
    """One group, one commit; one failure, one victim."""

    def test_is_durable_and_strict(self, database: Database) -> None:
        """The writer commits to a synced write-ahead log and enforces foreign keys."""

        def pragmas(connection: Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

        assert ["wal", 2, 1, 5000] == database.write(pragmas).result()

    def test_gives_the_value(self, database: Database) -> None:
        """A write gives what its function returned."""
        assert [1, 2] == [database.write(note(text)).result() for text in "ab"]

    def test_is_stored_once_it_returns(self, database: Database) -> None:
        """Whoever waited for a write finds it through any other connection."""

        async def store() -> list[list[str]]:
            seen = []
            for text in "abc":
                await database.awrite(note(text))
                seen.append(texts(database))
            return seen

        assert [["a"], ["a", "b"], ["a", "b", "c"]] == asyncio.run(store())

    def test_survives_a_kill(self, tmp_path: Path) -> None:
        """Everything acknowledged before a process was killed is there afterwards."""
        process = _python(
            "from tests.test_database import *\n"
            "database = opened(Path(sys.argv[1]))\n"
            "for number in range(100_000):\n"
            "    database.write(note(number)).result(); print(number, flush=True)",
            tmp_path / "bot.db",
        )
        for _ in range(100):
            _say(process)
        process.kill()
        acknowledged = 100 + len(process.communicate()[0].splitlines())
        with opened(tmp_path / "bot.db") as database:
            assert set(range(acknowledged)) <= set(map(int, texts(database)))

    def test_one_failure_in_a_group(self, database: Database) -> None:
        """A function that raises loses its own changes and nobody else's."""

        def fail(connection: Connection) -> None:
            note("lost")(connection)
            raise LookupError("no such post")

        pending = grouped(database, [note("a"), fail, note("a"), note("b")])
        assert [None, LookupError, sqlite.IntegrityError, None] == failures(pending)
        assert ["a", "b"] == texts(database)

    def test_one_failure_alone(self, database: Database) -> None:
        """A lone function that raises is undone as well, and the next one is stored."""

        def fail(connection: Connection) -> None:
            note("lost")(connection)
            raise LookupError("no such post")

        assert [LookupError] == failures([database.write(fail)])
        database.write(note("kept")).result()
        assert ["kept"] == texts(database)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.lists(st.sampled_from(["good", "raise", "twice", "later", "stop"]))))
    def test_exactly_the_successes_are_stored(self, groups: list[list[str]]) -> None:
        """Whatever succeeds and fails together, the stored rows are those that succeeded."""

        def act(kind: str, number: int) -> Callable[[Connection], object]:
            def run(connection: Connection) -> None:
                note(number)(connection)
                if kind == "raise":
                    raise LookupError("no such post")
                if kind == "twice":
                    note(number)(connection)
                if kind == "later":
                    connection.execute("INSERT INTO replies VALUES (NULL, 9999)")
                if kind == "stop":
                    next(connection.execute("SELECT 1 FROM notes WHERE id = -1"))

            return run

        expected = {
            "good": None,
            "raise": LookupError,
            "twice": sqlite.IntegrityError,
            "later": sqlite.IntegrityError,
            "stop": RuntimeError,
        }
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "bot.db") as database:
            stored = []
            for group, kinds in enumerate(groups):
                numbers = [group * 1000 + place for place in range(len(kinds))]
                pending = grouped(database, list(map(act, kinds, numbers)))
                assert [expected[kind] for kind in kinds] == failures(pending)
                stored += [
                    str(number)
                    for number, kind in zip(numbers, kinds, strict=True)
                    if kind == "good"
                ]
            assert stored == texts(database)

    def test_a_function_that_rolls_everything_back(self, database: Database) -> None:
        """When one failure undoes the whole group, the others are stored all the same."""
        database.write(note("taken")).result()

        def destroy(connection: Connection) -> None:
            connection.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('taken')")

        pending = grouped(database, [note("a"), destroy, note("b"), note("taken")])
        expected = [None, sqlite.IntegrityError, None, sqlite.IntegrityError]
        assert expected == failures(pending)
        assert ["taken", "a", "b"] == texts(database)

    def test_a_function_that_commits(self, database: Database) -> None:
        """Ending the transaction is a bug: nobody is told of a success, nothing runs twice."""
        pending = grouped(
            database, [note("a"), lambda connection: connection.execute("COMMIT"), note("b")]
        )
        assert [RuntimeError] * 3 == failures(pending)
        assert ["a"] == texts(database)
        assert 2 == database.write(note("b")).result()

    def test_one_wake_up_for_a_group(self, database: Database) -> None:
        """A group's waiters share one wake-up of their event loop, and cost no thread each."""

        async def store() -> int:
            loop = asyncio.get_running_loop()
            wake, wakes = loop.call_soon_threadsafe, []

            def counting(*args: object) -> object:
                wakes.append(args)
                return wake(*args)  # type: ignore[arg-type]  # passed on as it came

            loop.call_soon_threadsafe = counting  # type: ignore[method-assign, assignment]
            with held_up(database):
                waiting = [asyncio.ensure_future(database.awrite(note(at))) for at in range(64)]
                await asyncio.sleep(0)
            await asyncio.gather(*waiting)
            return len(wakes)

        assert 1 == asyncio.run(store())
        assert 64 == len(texts(database))

    def test_cancelled_waits(self, database: Database) -> None:
        """Those who stop waiting disturb nobody who goes on."""

        async def store() -> list[object]:
            with held_up(database):
                tasks = [asyncio.ensure_future(database.awrite(note(text))) for text in "abcd"]
                await asyncio.sleep(0)
                tasks[0].cancel()
                tasks[2].cancel()
                await asyncio.sleep(0)
            results = await asyncio.gather(*tasks, return_exceptions=True)
            return [result if isinstance(result, int) else type(result) for result in results]

        gone = asyncio.CancelledError
        assert [gone, 2, gone, 4] == asyncio.run(store())

    def test_a_loop_that_ended(self, database: Database) -> None:
        """A waiter whose event loop is closed is forgotten; the writer goes on."""

        async def leave() -> None:
            task = asyncio.ensure_future(database.awrite(note("orphan")))
            await asyncio.sleep(0)
            task.cancel()

        with held_up(database):
            asyncio.run(leave())
        assert 2 == database.write(note("next")).result()

    def test_errors_reach_the_coroutine(self, database: Database) -> None:
        """A coroutine gets the error of its own function."""

        async def store() -> None:
            await database.awrite(note(None))

        with pytest.raises(sqlite.IntegrityError):
            asyncio.run(store())


class TestTrouble:
    """A full disk, a lock and a failing disk: nothing is acknowledged, and it ends."""

    def test_full(self, database: Database) -> None:
        """A full file refuses with StorageFull and takes writes again once there is room."""
        _room(database, 4)
        with pytest.raises(StorageFull, match=r"no space left for .*bot\.db"):
            database.write(note("x" * 100_000)).result()
        _room(database, 1000)
        database.write(note("fits")).result()
        assert ["fits"] == texts(database)

    def test_full_in_a_group(self, database: Database) -> None:
        """In a group that fills the file, exactly those that were stored are acknowledged."""
        _room(database, 8)
        sizes = [10, 100_000, 20, 9_000, 30, 9_000, 9_000, 40]
        functions = [note(str(place) * size) for place, size in enumerate(sizes)]
        pending = grouped(database, functions)
        outcomes = failures(pending)
        assert {None, StorageFull} == set(outcomes)
        assert StorageFull is outcomes[1]
        stored = [str(at) * sizes[at] for at, kind in enumerate(outcomes) if kind is None]
        assert stored == texts(database)

    def test_locked(self, database: Database) -> None:
        """A lock that stays refuses the whole group, and the next one is stored."""
        database.write(lambda connection: connection.execute("PRAGMA busy_timeout = 1")).result()
        other = sqlite.connect(database.path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match=r"bot\.db is locked"):
            database.write(note("lost")).result()
        other.execute("ROLLBACK")
        other.close()
        database.write(note("kept")).result()
        assert ["kept"] == texts(database)

    def test_a_commit_that_fails(self, database: Database) -> None:
        """When the log cannot be written, the group fails as a whole; afterwards all is well.

        The connection that failed is not used again: what it cached may not be on the disk.
        """
        resource = pytest.importorskip("resource")
        database.write(lambda connection: connection.execute("PRAGMA busy_timeout = 1")).result()
        database.write(note("before")).result()
        log = database.path.with_name("bot.db-wal")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            with held_up(database):
                pending = [database.write(note(text * 5000)) for text in "ab"]
                resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
            assert [StorageError] * 2 == failures(pending)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert ["before"] == texts(database)
        database.write(note("after")).result()
        assert ["before", "after"] == texts(database)
        waits = database.write(lambda new: new.execute("PRAGMA busy_timeout").fetchone())
        assert (5000,) == waits.result()


class TestReading:
    """Short reads on a connection, long ones in a thread."""

    def test_reads_only(self, database: Database) -> None:
        """The reading connection writes nothing."""
        with pytest.raises(sqlite.Error, match="readonly"):
            note("no")(database.read)

    def test_long_reads_see_one_state(self, database: Database) -> None:
        """A long read sees nothing of what is stored while it runs."""
        started, stored = threading.Event(), threading.Event()

        def count(connection: Connection) -> tuple[object, object]:
            sql = "SELECT count(*) FROM notes"
            before = connection.execute(sql).fetchone()
            started.set()
            stored.wait()
            return before, connection.execute(sql).fetchone()

        async def both() -> tuple[object, object]:
            reading = asyncio.ensure_future(database.reading(count))
            await asyncio.to_thread(started.wait)
            await database.awrite(note("new"))
            stored.set()
            return await reading

        assert ((0,), (0,)) == asyncio.run(both())
        assert ["new"] == texts(database)

    def test_long_reads_write_nothing(self, database: Database) -> None:
        """A long read cannot change anything, and the next one works."""
        with pytest.raises(StorageError, match="readonly"):
            asyncio.run(database.reading(note("no")))
        with pytest.raises(IndexError):
            asyncio.run(database.reading(lambda _: ""[1]))
        assert (1,) == asyncio.run(
            database.reading(lambda connection: connection.execute("SELECT 1").fetchone())
        )


class TestClosing:
    """The end of a database."""

    def test_stores_what_is_queued(self, tmp_path: Path) -> None:
        """Closing finishes the queue, folds the log into the file and may be repeated."""
        database = opened(tmp_path / "bot.db")
        pending = grouped(database, [note(number) for number in range(600)])
        database.close()
        database.close()
        assert [None] * 600 == failures(pending)
        assert [database.path] == list(tmp_path.iterdir())
        with opened(database.path) as again:
            assert 600 == len(texts(again))

    def test_refuses_afterwards(self, database: Database) -> None:
        """A closed database takes no work, and says so."""
        asyncio.run(database.reading(lambda connection: connection.execute("SELECT 1").fetchone()))
        database.close()
        with pytest.raises(StorageError, match=r"bot\.db was closed"):
            database.write(note("late"))
        with pytest.raises(StorageError, match=r"bot\.db was closed"):
            asyncio.run(database.reading(note("late")))


class TestBackup:
    """A copy that can be relied on, or none."""

    def test_while_others_write(self, database: Database, tmp_path: Path) -> None:
        """A backup made during writes holds one state: all of a transaction or nothing."""
        copies = [tmp_path / f"copy{number}.db" for number in range(3)]

        def pair(number: int) -> Callable[[Connection], None]:
            def store(connection: Connection) -> None:
                note(f"left {number}")(connection)
                note(f"right {number}")(connection)

            return store

        def busy() -> None:
            for number in range(500):
                database.write(pair(number)).result()

        database.write(pair(-1)).result()
        writing = threading.Thread(target=busy)
        writing.start()
        for copy in copies:
            backup(database.path, copy)
        writing.join()
        for copy in copies:
            with opened(copy) as restored:
                stored = texts(restored)
                assert database.secret == restored.secret
            assert texts(database)[: len(stored)] == stored
            assert len(stored) in range(2, 1003, 2)

    def test_keeps_an_existing_file(self, database: Database, tmp_path: Path) -> None:
        """An existing file is replaced only on request, and only by a whole copy."""
        target = tmp_path / "copy.db"
        target.write_text("dear")
        with pytest.raises(StorageError, match=r"copy\.db exists already\. Name another file"):
            backup(database.path, target)
        assert "dear" == target.read_text()
        backup(database.path, target, overwrite=True)
        with opened(target) as restored:
            assert [] == texts(restored)

    def test_never_replaces_the_database(self, database: Database) -> None:
        """The database is not overwritten by its own backup."""
        with pytest.raises(StorageError, match="is the database itself"):
            backup(database.path, database.path, overwrite=True)

    @pytest.mark.parametrize(
        ("target", "words"),
        [(".", "is a folder"), ("missing/copy.db", r"cannot be written .*Name a file in a folder")],
    )
    def test_needs_a_place(
        self, database: Database, tmp_path: Path, target: str, words: str
    ) -> None:
        """A target that cannot be written is named with the way out."""
        with pytest.raises(StorageError, match=words):
            backup(database.path, tmp_path / target)

    def test_needs_a_database(self, tmp_path: Path) -> None:
        """A missing or foreign source is refused, and nothing is left behind."""
        with pytest.raises(StorageError, match=r"no database at .*NUMPY_BOT_DB"):
            backup(tmp_path / "bot.db", tmp_path / "copy.db")
        other = sqlite.connect(tmp_path / "other.db", create=True)
        other.execute("CREATE TABLE theirs (x)")
        other.close()
        with pytest.raises(StorageError, match="not a database of numpy-bot"):
            backup(tmp_path / "other.db", tmp_path / "copy.db")
        assert [tmp_path / "other.db"] == list(tmp_path.iterdir())

    def test_refuses_to_copy_damage(self, tmp_path: Path) -> None:
        """A damaged database yields no backup that somebody might trust."""
        path = tmp_path / "bot.db"
        with opened(path) as database:
            database.write(note("x" * 50_000)).result()
        path.write_bytes(path.read_bytes()[:-20_000])
        with pytest.raises(StorageDamaged, match=r"bot\.db is damaged"):
            backup(path, tmp_path / "copy.db")
        assert [path] == list(tmp_path.iterdir())


def _room(database: Database, pages: int) -> None:
    """Let the file grow by `pages` pages at most."""

    def limit(connection: Connection) -> None:
        (used,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + pages}").fetchone()

    database.write(limit).result()


def _python(code: str, *arguments: Path) -> "subprocess.Popen[str]":
    """Start a Python process that knows our packages."""
    return subprocess.Popen(
        [sys.executable, "-c", "import sys\n" + code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _say(process: "subprocess.Popen[str]") -> str:
    """Give the next line that `process` prints."""
    assert process.stdout is not None
    return process.stdout.readline()


def _tell(process: "subprocess.Popen[str]", path: Path) -> None:
    """Send `process` a line with a path."""
    assert process.stdin is not None
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
