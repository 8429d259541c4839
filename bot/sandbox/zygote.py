"""The process that every jailed one is forked from: small, warm, and the same all the time.

It never sees a job. It keeps a few locked-up children waiting, hands each new job's socket to
one of them, kills those that take too long, and tells how each ended. It holds no file, no
network and no secret; started by `client`, it ends when the bot's end of its channel closes.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np

from bot.sandbox import child, jail, mend, warm, wire

POOL: Final = 2
"""Children that wait, so that no job waits for a fork."""

WALL_SECONDS: Final = 1.0
"""A job that lasts longer is killed, whatever it waits for."""

MOST: Final = 8
"""Children at a time, those included that nobody waits for any more; further jobs wait."""

START_SECONDS: Final = 5.0
"""A child that has not locked itself up by then never will."""

AGAIN_SECONDS: Final = 0.1
"""Where the system makes no process it is asked again so much later."""


class Child:
    """A forked process: waiting while it has no job."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.channel = channel
        self.exit = os.pidfd_open(pid)
        self.job: int | None = None
        self.socket = -1
        """Its job's socket, as long as somebody waits for it; -1 for none."""
        self.until = time.monotonic() + START_SECONDS
        self.ready = False
        self.late = False


class Zygote:
    """Forks, hands out, kills and reaps."""

    def __init__(self, control: socket.socket, lock: jail.Lock, rehearsal: bytes) -> None:
        self._control = control
        self._lock = lock
        self._rehearsal = rehearsal
        self._children: list[Child] = []
        self._stillborn = 0
        self._fork_at = 0.0
        """Not before."""
        self._barren_from = 0.0
        """Since when the system makes none; 0 while it does."""
        self._poll = select.epoll()
        self._handlers: dict[int, Callable[[], None]] = {}
        """What to do about each descriptor that is watched, when something comes of it."""
        self._gone = False
        """Whether the bot is."""

    def run(self) -> None:
        """Serve until the bot is gone."""
        while not self._gone:
            while self._lacks_one():
                self._fork()
            self._listen(bool(self._waiting()))
            now = time.monotonic()
            until = [one.until for one in self._children if not one.late and one.until]
            until += [self._fork_at] if now < self._fork_at else []
            self._serve(max(0.0, min(until) - now) if until else None)
            self._kill_late()

    def _serve(self, seconds: float | None) -> None:
        """Wait for what comes first, and see to all that has come."""
        came = [(one, self._handlers[one]) for one, _ in self._poll.poll(seconds)]
        for descriptor, handler in came:
            # What came before may have closed it, and another may have its number by now.
            if self._handlers.get(descriptor) is handler:
                handler()

    def stop(self) -> None:
        """Kill every child."""
        for one in self._children:
            signal.pidfd_send_signal(one.exit, signal.SIGKILL)

    def _lacks_one(self) -> bool:
        """Whether to fork now: where nobody waits, or where no job is under way to be slowed by it.

        A fork and what a new child does first take as long as most jobs do, on the same cores.
        """
        waiting = len(self._waiting())
        if waiting >= POOL or len(self._children) >= MOST or time.monotonic() < self._fork_at:
            return False
        return not waiting or waiting == len(self._children)

    def _waiting(self) -> list[Child]:
        return [one for one in self._children if one.job is None]

    def _listen(self, listen: bool) -> None:  # noqa: FBT001  # its only argument
        """Take jobs, or leave them in the channel for now."""
        listens = self._control.fileno() in self._handlers
        if listen and not listens:
            self._watch(self._control.fileno(), self._take_job)
        elif listens and not listen:
            self._unwatch(self._control.fileno())

    def _watch(self, descriptor: int, do: Callable[[], None], on: int = select.EPOLLIN) -> None:
        """Call `do` for what comes of a descriptor, and for its end in any case."""
        self._poll.register(descriptor, on)
        self._handlers[descriptor] = do

    def _unwatch(self, descriptor: int) -> None:
        if self._handlers.pop(descriptor, None):
            self._poll.unregister(descriptor)

    def _fork(self) -> Child | None:
        """Another child; none where the system makes no process just now. Raises NoJail."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            self._wait_to_fork(error)
            return None
        self._barren_from = 0.0
        if pid == 0:
            child.live(theirs.fileno(), self._lock, self._rehearsal)
        theirs.close()
        one = Child(pid, ours)
        self._children.append(one)
        self._watch(one.exit, lambda: self._reap(one))
        self._watch(ours.fileno(), lambda: self._hear(one))
        return one

    def _wait_to_fork(self, error: OSError) -> None:
        """Try again soon, while there are others or there is hope; raises NoJail."""
        now = time.monotonic()
        self._barren_from = self._barren_from or now
        self._fork_at = now + AGAIN_SECONDS
        if not self._children and now - self._barren_from > START_SECONDS:
            message = f"this system makes no more processes ({error.strerror})"
            raise jail.NoJail(message)

    def _take_job(self) -> None:
        """Hand the next job's socket to a child that waits, or see that the bot is gone."""
        message, descriptors, _, _ = socket.recv_fds(self._control, 64, 1)
        if not message:
            self._gone = True
            return
        (descriptor,) = descriptors
        if _is_given_up(descriptor):
            os.close(descriptor)
            return
        waiting = self._waiting()
        one = max(waiting, key=lambda one: one.ready) if waiting else self._fork()
        if one is None:
            os.close(descriptor)
            self._report(int(message))
            return
        with contextlib.suppress(OSError):  # it is dead, and its end will be told
            socket.send_fds(one.channel, [b"job"], [descriptor])
        one.job, one.socket = int(message), descriptor
        one.until = time.monotonic() + WALL_SECONDS
        self._watch(descriptor, lambda: self._end_unwanted(one), select.EPOLLHUP)

    def _end_unwanted(self, one: Child) -> None:
        """End one whose job nobody waits for any more: it is done, or was given up."""
        self._forget_job(one)
        signal.pidfd_send_signal(one.exit, signal.SIGKILL)

    def _forget_job(self, one: Child) -> None:
        self._unwatch(one.socket)
        os.close(one.socket)
        one.socket = -1

    def _hear(self, one: Child) -> None:
        """A child says that it is locked up, or has closed its channel by dying."""
        self._unwatch(one.channel.fileno())
        try:
            one.ready = bool(one.channel.recv(16, socket.MSG_DONTWAIT))
        except OSError:
            return
        if one.ready and one.job is None:
            one.until = 0.0  # it may wait as long as it likes

    def _reap(self, one: Child) -> None:
        """A child has ended."""
        _, status = os.waitpid(one.pid, 0)
        self._children.remove(one)
        self._unwatch(one.exit)
        os.close(one.exit)
        self._unwatch(one.channel.fileno())
        one.channel.close()
        if one.job is not None:
            self._stillborn = 0
            if one.socket >= 0:
                self._forget_job(one)  # whoever waits for a reply sees that there is none
                self._report(one.job, status, late=one.late)
            return
        self._stillborn += 1
        if self._stillborn > POOL + 3:
            message = "processes that are locked up die at once here"
            raise jail.NoJail(message)

    def _report(self, job: int, status: int = 0, *, late: bool = False) -> None:
        """Tell how a job's process ended, if it had one."""
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        self._control.send(json.dumps({"job": job, "signal": ended_by, "late": late}).encode())

    def _kill_late(self) -> None:
        now = time.monotonic()
        for one in self._children:
            if one.until and now >= one.until and not one.late:
                one.late = True
                signal.pidfd_send_signal(one.exit, signal.SIGKILL)


_REHEARSALS = 20
"""After so many runs Python has made of its code what is quick to run, for all who are forked."""


def main(descriptor: int) -> None:
    """Warm up, lock oneself up as far as a parent of others can be, and serve."""
    control = socket.socket(fileno=descriptor)
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        warnings.simplefilter("ignore")
        built = jail.begin_filter()
        warm.warm()
        mend.mend()
        rehearsal = _rehearsal()
        for _ in range(_REHEARSALS):
            child.do(rehearsal)
        lock = jail.Lock(built())
        jail.first_to_go()
        jail.drop_root()
        landlock = jail.restrict_files()
        gc.collect()
        gc.freeze()
        gc.disable()
        zygote = Zygote(control, lock, rehearsal)
        control.send(json.dumps({"ready": os.getpid(), "landlock": landlock}).encode())
        try:
            zygote.run()
        finally:
            zygote.stop()
    except jail.NoJail as error:
        control.send(json.dumps({"failed": str(error)}).encode())
    except Exception as error:  # noqa: BLE001  # the bot logs it
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())


def _is_given_up(descriptor: int) -> bool:
    """Whether nobody waits for the job of this socket any more."""
    poll = select.poll()
    poll.register(descriptor, 0)  # its end is told all the same
    return bool(poll.poll(0))


def _rehearsal() -> bytes:
    """A job such as most are."""
    blobs: list[bytes] = []
    case = {"x": wire.write_input(np.arange(6.0).reshape(2, 3), blobs)}
    source = "np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=0)[:, None] @ x[:1]"
    job = {"source": source, "steps": False, "open": False, "cases": [case]}
    return wire.pack(job, blobs)


if __name__ == "__main__":
    main(int(sys.argv[1]))
