"""The bot's end of the zygote: starts it, has its children do jobs, and tells how each ended."""

import asyncio
import contextlib
import socket
import struct
import threading
import time
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

import msgspec

from bot.sandbox.job import Broken
from bot.sandbox.process import Process
from bot.sandbox.wire import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 5.0
"""Seconds after which a job that nobody told the end of is given up, and the zygote with it."""

START_SECONDS = 20.0
"""Seconds that a zygote may take to be ready, on a machine that is busy."""

_MOST_REPLY = 2 * MOST_BYTES
_LENGTH = struct.Struct(">I")


class Ending(msgspec.Struct, frozen=True):
    """How a job ended: what it wrote, or else the signal that killed it (0 for none).

    `late` when it was killed for the time it took.
    """

    reply: bytes
    signal: int = 0
    late: bool = False


class _Report(msgspec.Struct, frozen=True):
    """What the zygote tells: that it is ready or has failed, of a new child, or of one's end.

    A child is told of with its line.
    """

    ready: int = 0
    landlock: int = 0
    failed: str = ""
    child: int = 0
    ended: int = 0
    signal: int = 0
    late: bool = False


_decode = msgspec.json.Decoder(_Report).decode


class Call:
    """Jobs that somebody waits for, one after the other. Any thread may hang up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self.took = 0.0
        """Seconds that its jobs have lasted."""
        self.over = ""
        """Why nobody waits any more; empty while somebody does."""

    @contextmanager
    def on(self, line: socket.socket) -> "Iterator[None]":
        """Talk on a line, which is closed afterwards; raises Broken once it was hung up."""
        try:
            with self._lock:
                if self.over:
                    raise Broken(self.over)
                self._line = line
            yield
        finally:
            with self._lock:
                self._line = None
            line.close()

    def hang_up(self, why: str) -> None:
        """Wait no longer for the job under way, which is ended, and take no other."""
        with self._lock:
            self.over = self.over or why
            if self._line is not None:
                with contextlib.suppress(OSError):  # the other end is gone
                    self._line.shutdown(socket.SHUT_RDWR)


class Client:
    """A running zygote. Made by `start`, in the event loop that it is used from."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._control = process.control
        self._lock = threading.Lock()
        self._lines: SimpleQueue[tuple[int, socket.socket] | None] = SimpleQueue()
        """Those of the children that wait for a job, by their numbers; None ends them."""
        self._calls: dict[int, tuple[Call, SimpleQueue[_Report | None]]] = {}
        """By their children's numbers, the jobs under way, and where each one's end is told."""
        self._ready: asyncio.Future[_Report] = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        self.landlock = 0
        self.broken = ""
        """Why it cannot be used any more; empty while it can."""

    @classmethod
    async def start(cls, begun: Process | None = None) -> Self:
        """Wait until a zygote is ready: one that was begun, or another; raises Broken."""
        # To start one takes a millisecond or two; a thread could not be cancelled.
        client = cls(begun or Process())
        client._loop.add_reader(client._control, client._hear)
        try:
            async with asyncio.timeout(START_SECONDS):
                report = await client._ready
        except TimeoutError as error:
            client.close()
            raise Broken("the process that runs answers did not start in time") from error
        except BaseException:
            client.close()
            raise
        if report.failed:
            client.close()
            raise Broken(report.failed)
        client.landlock = report.landlock
        return client

    def run(self, message: bytes, call: Call) -> Ending:
        """Have a job done by a child of its own, and wait for it; for any thread but the loop's.

        Raises Broken where no child can be had, and where the call is hung up.
        """
        until = time.monotonic() + PATIENCE
        try:
            number, line = self._taken(until)
            with call.on(line):
                return self._ending(number, line, message, call, until)
        except (OSError, Empty) as error:
            why = "the process that runs answers does not answer"
            with contextlib.suppress(RuntimeError):  # the loop is closed, and so is this
                self._loop.call_soon_threadsafe(self._break, why)
            raise Broken(why) from error

    def _taken(self, until: float) -> tuple[int, socket.socket]:
        """The next child that waits, with its line."""
        while True:
            waiting = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            if waiting is None:
                self._lines.put(None)  # for whoever else asks
                raise Broken(self.broken)
            number, line = waiting
            try:
                if _is_ready(line, until):
                    return number, line
            except BaseException:
                line.close()
                raise
            line.close()

    def _ending(
        self, number: int, line: socket.socket, message: bytes, call: Call, until: float
    ) -> Ending:
        """Have a child do a job, and wait for it."""
        end = SimpleQueue[_Report | None]()
        try:
            with self._lock:  # which keeps the channel open meanwhile
                if self.broken:
                    raise Broken(self.broken)
                self._calls[number] = call, end
                self._control.send(str(number).encode())
            reply = _talk(line, _LENGTH.pack(len(message)) + message, until)
            if reply:
                return Ending(reply)  # its end need not be waited for
            if call.over:
                raise Broken(call.over)
            report = end.get(timeout=max(0.0, until - time.monotonic()))
        finally:
            self._calls.pop(number, None)
        if report is None:
            raise Broken(self.broken)
        return Ending(b"", report.signal, report.late)

    def _hear(self) -> None:
        """Take a report of the zygote."""
        try:
            message, lines, _, _ = socket.recv_fds(self._control, 4096, 1)
        except BlockingIOError:
            return
        except OSError:
            message, lines = b"", []
        if not message:
            self._break("the process that runs answers has ended")
            return
        report = _decode(message)
        for line in lines:
            self._lines.put((report.child, socket.socket(fileno=line)))
        if report.failed:
            self._break(report.failed)
        elif report.ready and not self._ready.done():
            self._ready.set_result(report)
        elif (under_way := self._calls.get(report.ended)) is not None:
            _, end = under_way
            end.put(report)

    def _break(self, why: str) -> None:
        """It cannot be used any more: everyone who waits is told."""
        with self._lock:
            if self.broken:
                return
            self.broken = why
            calls = [*self._calls.values()]
        if not self._ready.done():
            self._ready.set_result(_Report(failed=why))
        for call, end in calls:
            end.put(None)
            call.hang_up(why)
        with contextlib.suppress(Empty):
            while waiting := self._lines.get_nowait():
                _, line = waiting
                line.close()
        self._lines.put(None)
        self._end()

    def close(self) -> None:
        """Let the zygote end, and its children with it; may be repeated."""
        self._break("it was closed")

    def _end(self) -> None:
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            with self._lock:
                self.process.end()


def _is_ready(line: socket.socket, until: float) -> bool:
    """Wait until a child has locked itself up; whether it has, and lives."""
    line.settimeout(max(0.001, until - time.monotonic()))
    try:
        if not line.recv(1):
            return False
        line.setblocking(False)  # noqa: FBT003  # its only argument
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:  # there is nothing to be read, and no end either
        return True
    except ConnectionError:
        return False


def _talk(ours: socket.socket, message: bytes, until: float) -> bytes:
    """Send a job and read what comes back; nothing where its child died first."""
    reply = bytearray()
    size = 0
    try:
        ours.settimeout(PATIENCE)
        ours.sendall(message)
        while not size or len(reply) < size:
            ours.settimeout(max(0.001, until - time.monotonic()))
            piece = ours.recv(2**18)
            if not piece:
                return b""
            reply += piece
            if not size and len(reply) >= _LENGTH.size:
                size = _LENGTH.size + _LENGTH.unpack_from(reply)[0]
                if size > _MOST_REPLY:
                    return b""
    except ConnectionError:
        return b""
    return bytes(reply[_LENGTH.size : size])
