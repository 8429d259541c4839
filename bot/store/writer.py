"""One thread that writes, many functions a commit."""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import StorageError
from bot.store import sqlite
from bot.store.sqlite import Connection

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

T_co = TypeVar("T_co", covariant=True)

GROUP = 256
"""The most functions that share a commit, so that none waits long for the others."""


class Job(Generic[T_co]):
    """A function of the open transaction and, once that is over, what became of it."""

    __slots__ = ("error", "fn", "value")

    value: T_co

    def __init__(self, fn: Callable[[Connection], T_co]) -> None:
        self.fn = fn
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> bool:
        """Call the function and keep its value or its error; may be done again.

        False where it failed.
        """
        try:
            self.value = self.fn(connection)
            self.error = None
        except StopIteration as error:
            # No future and no coroutine can carry it: `next()` on no row is a bug anyway.
            self.error = RuntimeError("a writing function raised StopIteration")
            self.error.__cause__ = error
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            self.error = error
        return self.error is None


class Pending(Job[T_co]):
    """A write under way, for a thread that may block."""

    __slots__ = ("_settled",)

    def __init__(self, fn: Callable[[Connection], T_co]) -> None:
        super().__init__(fn)
        self._settled = threading.Lock()
        self._settled.acquire()

    def settle(self) -> None:
        """Let `result` return; called once, by the writer."""
        self._settled.release()

    def result(self) -> T_co:
        """Wait for the commit and give the function's value, or raise what it raised."""
        with self._settled:
            if self.error is not None:
                raise self.error
            return self.value


class Awaited(Job[T_co]):
    """A write under way, for a coroutine."""

    __slots__ = ("future", "loop")

    def __init__(self, fn: Callable[[Connection], T_co], loop: "AbstractEventLoop") -> None:
        self.fn = fn  # not by `super`: sixty of them may be made in a millisecond
        self.error = None
        self.loop = loop
        self.future: Future[T_co] = loop.create_future()


Queued = Pending[object] | Awaited[object]


class Writer:
    """Runs functions in one thread and commits as many together as are waiting.

    If one of them raises, only its own changes are undone: the group is run again then, each
    function with a savepoint of its own.
    None is settled before the commit that holds its changes is on the disk. A function may be
    run again when its group could not be committed as a whole, so it does nothing but read and
    write through the connection that it is given, and never ends the transaction.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: SimpleQueue[Queued | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._closed = False

    def put(self, job: Queued) -> None:
        """Queue `job`; raises StorageError after `close`."""
        with self._lock:
            if self._closed:
                raise StorageError(f"{self._path} was closed; open it again to write to it.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._queue.put(job)

    @property
    def queued(self) -> int:
        """How many jobs nobody has taken up yet."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what is queued, fold the log into the file and end the thread; may be repeated."""
        with self._lock:
            thread = self._thread
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        last = False
        while not last:
            jobs, last = self._take()
            self._store(jobs)
            _settle(jobs)
            del jobs  # nothing may be kept alive while the thread sleeps
        self._checkpoint()
        self._disconnect()

    def _take(self) -> tuple[list[Queued], bool]:
        """Wait for work; give all that is queued and whether it is the last."""
        jobs: list[Queued] = []
        job = self._queue.get()
        for _ in range(min(self._queue.qsize(), GROUP - 1)):
            if job is None:
                break
            jobs.append(job)
            job = self._queue.get()
        if job is not None:
            jobs.append(job)
        return jobs, job is None

    def _store(self, jobs: list[Queued]) -> None:
        """Run and commit `jobs`; afterwards each has its value or its error."""
        if not jobs:
            return
        alone: list[Queued] = []
        try:
            if self._commit_together(jobs):
                return
            alone = self._commit(jobs)
        except BaseException as error:  # noqa: BLE001 - the thread must outlive any failure
            self._abandon(error)
            for job in jobs:
                job.error = error if job.error is None else job.error
        for job in alone:
            self._store([job])
        for job in jobs:
            if job.error is not None:
                job.error = sqlite.explained(job.error, self._path)

    def _commit_together(self, jobs: list[Queued]) -> bool:
        """Commit `jobs` in one transaction; false where one of them failed and nothing is stored.

        Raises what makes the whole transaction fail.
        """
        connection = self._connect()
        connection.execute("BEGIN IMMEDIATE")
        for job in jobs:
            if not job.run(connection):
                break
            if not connection.in_transaction:
                raise _ended(job)
        else:
            try:
                connection.execute("COMMIT")
            except sqlite.Error as error:
                # A deferred foreign key fails at the commit, and only one job is to blame.
                if not sqlite.is_constraint(error):
                    raise
            else:
                return True
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return False

    def _commit(self, jobs: list[Queued]) -> list[Queued]:
        """Commit `jobs` in one transaction; give those to store one by one instead.

        Raises what makes the whole transaction fail.
        """
        shared = len(jobs) > 1
        connection = self._connect()
        connection.execute("BEGIN IMMEDIATE")
        for job in jobs:
            if shared:
                connection.execute("SAVEPOINT job")
            job.run(connection)
            if not connection.in_transaction:
                return _survivors(jobs, job)
            if job.error is not None:
                connection.execute("ROLLBACK TO job" if shared else "ROLLBACK")
            if shared:
                connection.execute("RELEASE job")
        try:
            if connection.in_transaction:
                connection.execute("COMMIT")
        except sqlite.Error as error:
            # A deferred foreign key fails at the commit, and only one job is to blame.
            if not (shared and sqlite.is_constraint(error)):
                raise
            connection.execute("ROLLBACK")
            return jobs
        return []

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = sqlite.connect(self._path)
        return self._connection

    def _abandon(self, error: BaseException) -> None:
        """Undo an unfinished transaction so that the next group begins afresh."""
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite.Error as another:
            error = another
        # After a failed read or write the cached pages can't be trusted.
        if type(sqlite.explained(error, self._path)) is StorageError:
            self._disconnect()

    def _checkpoint(self) -> None:
        try:
            if self._connection is not None:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite.Error:
            pass  # what was committed is in the log, and the next start reads it from there

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _survivors(jobs: list[Queued], culprit: Queued) -> list[Queued]:
    """Give the jobs to do again after `culprit` took the whole transaction down with it.

    A full disk or a failed write makes SQLite roll everything back. A function that ended the
    transaction itself may as well have committed it, and then nothing may be done twice.
    """
    if culprit.error is None:
        raise _ended(culprit)
    return [job for job in jobs if job is not culprit]


def _ended(culprit: Queued) -> RuntimeError:
    return RuntimeError(f"{culprit.fn!r} ended the transaction that it was called in")


def _settle(jobs: list[Queued]) -> None:
    """Tell everyone who waits, with one wake-up for each event loop."""
    loops: dict[AbstractEventLoop, list[Awaited[object]]] = {}
    for job in jobs:
        if isinstance(job, Pending):
            job.settle()
        else:
            loops.setdefault(job.loop, []).append(job)
    for loop, awaited in loops.items():
        try:
            loop.call_soon_threadsafe(_settle_all, awaited)
        except RuntimeError:
            continue  # the loop is closed, so nobody waits on it


def _settle_all(jobs: list[Awaited[object]]) -> None:
    """Resolve the futures, on their loop, but for those that nobody awaits any longer."""
    for job in jobs:
        future = job.future
        if future.done():
            continue
        if job.error is None:
            future.set_result(job.value)
        else:
            future.set_exception(job.error)
