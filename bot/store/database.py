"""The database as the rest of the core sees it: one writer, two ways to read."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from bot.errors import StorageError
from bot.store import checksums, opening, sqlite
from bot.store.opening import Entropy, Migrate
from bot.store.sqlite import Connection
from bot.store.writer import Awaited, Pending, Writer

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


@cache
def _asked_loop() -> "Callable[[], AbstractEventLoop]":
    # Costs half as much as numpy to import, and whoever awaits has it already.
    from asyncio import get_running_loop  # noqa: PLC0415

    return get_running_loop


class Database:
    """An open database. Made by `open`, in the thread that will read from it.

    `read` is a connection for short indexed reads in that thread; it cannot write. `secret`
    is 32 random bytes that belong to this database and never leave it.
    """

    def __init__(self, path: Path, read: Connection) -> None:
        self.path = path
        self.read = read
        (self.secret,) = read.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()
        self._writer = Writer(path)
        self._reader: ThreadPoolExecutor | None = None
        self._reading: Connection | None = None
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, migrate: Migrate, latest: int, entropy: Entropy) -> Self:
        """Open the database at `path`, made or brought up to date where that is needed.

        `migrate` applies all pending schema steps to the open transaction that it is called
        in, and `latest` is how many there are; `migrate` is called only where some are
        missing. `entropy` gives that many random bytes. Raises StorageError.
        """
        path = path.absolute()  # the process may change its folder before the writer starts
        read = opening.prepare(path, migrate, latest, entropy)
        try:
            read.execute("PRAGMA query_only = ON")
            return cls(path, read)
        except BaseException as error:
            read.close()
            raise sqlite.explained(error, path) from error

    @property
    def queued(self) -> int:
        """How many functions wait to be written."""
        return self._writer.queued

    def finding(self) -> str:
        """What is wrong with the file, found by reading all of it; `ok` where nothing is.

        Raises StorageError where it cannot be read at all.
        """
        try:
            return checksums.finding(self.read)
        except sqlite.Error as error:
            raise sqlite.explained(error, self.path) from error

    def write(self, fn: Callable[[Connection], T]) -> Pending[T]:
        """Queue `fn` to be run in a transaction; its `result()` waits for the commit.

        `fn` reads and writes through the connection that it is given, does nothing else (it
        may be run again) and leaves the transaction open. What it raises undoes its own
        changes only. Never wait inside `fn` for another write.
        """
        job = Pending(fn)
        self._writer.put(job)
        return job

    def awrite(self, fn: Callable[[Connection], T]) -> "Future[T]":
        """Queue `fn` as `write` does; the future has its value after the commit.

        It raises what `fn` raised, or the StorageError that kept it from being stored.
        Cancelling it does not take `fn` back.
        """
        job = Awaited(fn, _asked_loop()())
        self._writer.put(job)
        return job.future

    async def reading(self, fn: Callable[[Connection], T]) -> T:
        """Run a long read in a thread of its own; all of it sees one state of the data."""
        if self._closed:
            raise StorageError(f"{self.path} was closed; open it again to read from it.")
        if self._reader is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - slow as well

            self._reader = ThreadPoolExecutor(1, "reader")
        return await _asked_loop()().run_in_executor(self._reader, self._snapshot, fn)

    def _snapshot(self, fn: Callable[[Connection], T]) -> T:
        """Call `fn` in a read transaction; runs in the reader's thread."""
        try:
            if self._reading is None:
                self._reading = sqlite.connect(self.path)
                self._reading.execute("PRAGMA query_only = ON")
            self._reading.execute("BEGIN")
            try:
                return fn(self._reading)
            finally:
                if self._reading.in_transaction:
                    self._reading.execute("ROLLBACK")
        except sqlite.Error as error:
            raise sqlite.explained(error, self.path) from error

    def close(self) -> None:
        """Store what is queued, wait for a long read and let go of the file; may be repeated."""
        if self._closed:
            return
        self._closed = True
        if self._reader is not None:
            if self._reading is not None:
                self._reader.submit(self._reading.close)
            self._reader.shutdown()
        self.read.close()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
