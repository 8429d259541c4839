"""The process that every jailed one is forked from: small, warm, and the same all the time.

It never sees a job. It keeps a few locked-up children waiting, gives the bot a line to each of
them, kills those that take too long, and tells how each ended. It holds no file, no network and
no secret; started by `client`, it ends when the bot's end of its channel closes.
"""

import gc
import itertools
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

POOL: Final = 3
"""Children that wait, so that no job waits for a fork, nor for one that has just been forked."""

WALL_SECONDS: Final = 1.0
"""A job that lasts longer is killed, whatever it waits for."""

MOST: Final = 8
"""Children at a time, those included that nobody waits for any more; further jobs wait."""

START_SECONDS: Final = 5.0
"""Where the system makes no process for so long, it never will."""

AGAIN_SECONDS: Final = 0.1
"""Where the system makes no process it is asked again so much later."""


class Child:
    """A forked process: waiting until its job begins."""

    def __init__(self, pid: int, number: int, line: socket.socket) -> None:
        self.pid = pid
        self.number = number
        self.line = line
        """Its end of the line: kept open, so that the bot sees no end before we know why."""
        self.exit = os.pidfd_open(pid)
        self.works = False
        self.until = 0.0
        """When it is killed; 0 while it may wait as long as it likes."""
        self.late = False
        self.unwanted = False
        """Whether the bot has hung up."""


class Zygote:
    """Forks, hands out, kills and reaps."""

    def __init__(self, control: socket.socket, lock: jail.Lock, rehearsal: bytes) -> None:
        self._control = control
        self._lock = lock
        self._rehearsal = rehearsal
        self._children: dict[int, Child] = {}
        self._numbers = itertools.count(1)
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
        self._watch(self._control.fileno(), self._begin)
        while not self._gone:
            while self._lacks_one():
                self._fork()
            now = time.monotonic()
            until = [one.until for one in self._children.values() if one.until and not one.late]
            until += [self._fork_at] if now < self._fork_at else []
            self._serve(max(0.0, min(until) - now) if until else None)
            self._kill_late()

    def _serve(self, seconds: float | None) -> None:
        """Wait for what comes first, and see to all that has come."""
        came = [(one, self._handlers[one]) for one, _ in self._poll.poll(seconds)]
        # First what the bot says: a child may have ended of the job that it says has begun.
        came.sort(key=lambda one: one[0] != self._control.fileno())
        for descriptor, handler in came:
            # What came before may have closed it, and another may have its number by now.
            if self._handlers.get(descriptor) is handler:
                handler()

    def stop(self) -> None:
        """Kill every child."""
        for one in self._children.values():
            signal.pidfd_send_signal(one.exit, signal.SIGKILL)

    def _lacks_one(self) -> bool:
        """Whether to fork now: where nobody waits, or where no job is under way to be slowed by it.

        A fork and what a new child does first take as long as most jobs do, on the same cores.
        """
        children = self._children.values()
        waiting = sum(not one.works for one in children)
        if waiting >= POOL or len(children) >= MOST or time.monotonic() < self._fork_at:
            return False
        return not waiting or waiting == len(children)

    def _watch(self, descriptor: int, do: Callable[[], None], on: int = select.EPOLLIN) -> None:
        """Call `do` for what comes of a descriptor, and for its end in any case."""
        self._poll.register(descriptor, on)
        self._handlers[descriptor] = do

    def _unwatch(self, descriptor: int) -> None:
        if self._handlers.pop(descriptor, None):
            self._poll.unregister(descriptor)

    def _fork(self) -> None:
        """Make another child, if the system makes a process just now. Raises NoJail."""
        bots, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError as error:
            bots.close()
            theirs.close()
            self._wait_to_fork(error)
            return
        self._barren_from = 0.0
        if pid == 0:
            child.live(theirs.fileno(), self._lock, self._rehearsal)
        one = Child(pid, next(self._numbers), theirs)
        self._children[one.number] = one
        self._watch(one.exit, lambda: self._reap(one))
        self._watch(theirs.fileno(), lambda: self._end_unwanted(one), select.EPOLLHUP)
        with bots:
            self._tell({"child": one.number}, bots.fileno())

    def _wait_to_fork(self, error: OSError) -> None:
        """Try again soon, while there are others or there is hope; raises NoJail."""
        now = time.monotonic()
        self._barren_from = self._barren_from or now
        self._fork_at = now + AGAIN_SECONDS
        if not self._children and now - self._barren_from > START_SECONDS:
            message = f"this system makes no more processes ({error.strerror})"
            raise jail.NoJail(message)

    def _begin(self) -> None:
        """Some children's jobs begin, or the bot is gone."""
        try:
            while message := self._control.recv(64, socket.MSG_DONTWAIT):
                number = int(message)
                one = self._children.get(number)
                if one is None:
                    self._tell({"ended": number})  # before it had begun
                else:
                    one.works, one.until = True, time.monotonic() + WALL_SECONDS
        except BlockingIOError:
            return
        except ConnectionError:
            pass
        self._gone = True

    def _end_unwanted(self, one: Child) -> None:
        """End one whose line the bot has hung up: its job is done, or nobody waits for it."""
        self._unwatch(one.line.fileno())
        one.unwanted = True
        signal.pidfd_send_signal(one.exit, signal.SIGKILL)

    def _reap(self, one: Child) -> None:
        """A child has ended."""
        _, status = os.waitpid(one.pid, 0)
        del self._children[one.number]
        self._unwatch(one.exit)
        os.close(one.exit)
        self._unwatch(one.line.fileno())
        one.line.close()  # whoever waits for a reply sees that there is none
        if one.works and not one.unwanted:
            ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            self._tell({"ended": one.number, "signal": ended_by, "late": one.late})
        if one.works or one.unwanted:
            self._stillborn = 0
            return
        self._stillborn += 1
        if self._stillborn > POOL + 3:
            message = "processes that are locked up die at once here"
            raise jail.NoJail(message)

    def _tell(self, report: dict[str, int], *lines: int) -> None:
        """Tell the bot of a new child, with its line, or how one's job has ended."""
        try:
            socket.send_fds(self._control, [json.dumps(report).encode()], lines)
        except ConnectionError:
            self._gone = True

    def _kill_late(self) -> None:
        now = time.monotonic()
        for one in self._children.values():
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


def _rehearsal() -> bytes:
    """A job such as most are."""
    blobs: list[bytes] = []
    case = {"x": wire.write_input(np.arange(6.0).reshape(2, 3), blobs)}
    source = "np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=0)[:, None] @ x[:1]"
    job = {"source": source, "steps": False, "open": False, "cases": [case]}
    return wire.pack(job, blobs)


if __name__ == "__main__":
    main(int(sys.argv[1]))
