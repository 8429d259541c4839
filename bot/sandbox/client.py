"""The bot's end of the zygote: starts it, hands it jobs, and tells how each ended."""

import asyncio
import contextlib
import itertools
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

import msgspec

from bot.sandbox.job import Broken
from bot.sandbox.wire import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 5.0
"""Seconds after which a job that nobody told the end of is given up, and the zygote with it."""

START_SECONDS = 20.0
"""Seconds that a zygote may take to be ready, on a machine that is busy."""

_MOST_REPLY = 2 * MOST_BYTES
_LENGTH = struct.Struct(">I")
_ROOT = str(Path(__file__).parents[2])
_CODE = (
    "import sys; sys.argv[2] in sys.path or sys.path.insert(0, sys.argv[2]); "
    "from bot.sandbox.zygote import main; main(int(sys.argv[1]))"
)
_ENVIRONMENT = {
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
    ),
    "LD_BIND_NOW": "1",  # functions of libraries are looked up once, not by every child again
}


class Ending(msgspec.Struct, frozen=True):
    """How a job ended: what it wrote, or else the signal that killed it (0 for none).

    `late` when it was killed for the time it took.
    """

    reply: bytes
    signal: int = 0
    late: bool = False


class _Report(msgspec.Struct, frozen=True):
    """What the zygote tells: that it is ready or has failed, or how a job's child ended."""

    ready: int = 0
    landlock: int = 0
    failed: str = ""
    job: int = -1
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
    def line(self) -> "Iterator[tuple[socket.socket, socket.socket]]":
        """Both ends of a job's connection; raises Broken once it was hung up."""
        try:
            ours, theirs = socket.socketpair()
        except OSError as error:
            message = f"no connection can be made ({error.strerror})"
            raise Broken(message) from error
        try:
            with self._lock:
                if self.over:
                    raise Broken(self.over)
                self._line = ours
            yield ours, theirs
        finally:
            with self._lock:
                self._line = None
            ours.close()
            theirs.close()

    def hang_up(self, why: str) -> None:
        """Wait no longer for the job under way, which is ended, and take no other."""
        with self._lock:
            self.over = self.over or why
            if self._line is not None:
                with contextlib.suppress(OSError):  # the other end is gone
                    self._line.shutdown(socket.SHUT_RDWR)


class Process:
    """A zygote that gets ready, and the bot's end of its channel. Raises Broken."""

    def __init__(self) -> None:
        try:
            self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        except OSError as error:
            message = f"no connection can be made ({error.strerror})"
            raise Broken(message) from error
        self.control.setblocking(False)  # noqa: FBT003  # its only argument
        try:
            self._process = _started(theirs)
        except OSError as error:
            self.control.close()
            message = f"{sys.executable} does not start ({error.strerror})"
            raise Broken(message) from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def end(self) -> None:
        """End it, and its children with it; may be repeated."""
        self.control.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


class Client:
    """A running zygote. Made by `start`, in the event loop that it is used from."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._control = process.control
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._calls: dict[int, tuple[Call, SimpleQueue[_Report | None]]] = {}
        """By number, the jobs under way, and where each one's end is told."""
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
        number, end = next(self._numbers), SimpleQueue[_Report | None]()
        with call.line() as (ours, theirs):
            try:
                with theirs, self._lock:  # which keeps the channel open meanwhile
                    if self.broken:
                        raise Broken(self.broken)
                    self._calls[number] = call, end
                    socket.send_fds(self._control, [str(number).encode()], [theirs.fileno()])
                reply = _talk(ours, _LENGTH.pack(len(message)) + message, until)
                if reply:
                    return Ending(reply)  # its end need not be waited for
                if call.over:
                    raise Broken(call.over)
                report = end.get(timeout=max(0.0, until - time.monotonic()))
            except (OSError, Empty) as error:
                why = "the process that runs answers does not answer"
                with contextlib.suppress(RuntimeError):  # the loop is closed, and so is this
                    self._loop.call_soon_threadsafe(self._break, why)
                raise Broken(why) from error
            finally:
                self._calls.pop(number, None)
        if report is None:
            raise Broken(self.broken)
        return Ending(b"", report.signal, report.late)

    def _hear(self) -> None:
        """Take a report of the zygote."""
        try:
            message = self._control.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._break("the process that runs answers has ended")
            return
        report = _decode(message)
        if report.failed:
            self._break(report.failed)
        elif report.job < 0 and not self._ready.done():
            self._ready.set_result(report)
        elif (under_way := self._calls.get(report.job)) is not None:
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
        self._end()

    def close(self) -> None:
        """Let the zygote end, and its children with it; may be repeated."""
        self._break("it was closed")

    def _end(self) -> None:
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            with self._lock:
                self.process.end()


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


def _started(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
        [sys.executable, "-I", "-c", _CODE, str(theirs.fileno()), _ROOT],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(),),
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
    )
