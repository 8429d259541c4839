"""Proves at every start that the jail holds here, with the gate off."""

import os
import tempfile
import uuid
from pathlib import Path

import numpy as np

from bot.sandbox.client import Call, Client
from bot.sandbox.job import Job, Outcome, Value
from bot.sandbox.messages import message_of, outcome_of

GOOD = (
    ("a - a.mean(axis=1, keepdims=True)", [[-0.5, 0.5], [-0.5, 0.5]]),
    ("np.linalg.det(a).round(6)", -2.0),
    ("np.fft.ifft(np.fft.fft(a)).real.round(6)", [[1.0, 2.0], [3.0, 4.0]]),
)
"""What must work, and what it gives for the array [[1, 2], [3, 4]]."""


def hostile(marker: str) -> tuple[str, ...]:
    """What must give nothing: none of them may have a value."""
    python = "__import__('os')"
    libc = "__import__('ctypes').CDLL(None)"
    return (
        f"open({marker!r}, 'w').write('x')",
        f"{python}.open({marker!r}, 0o101)",
        "open('/etc/hostname').read()",
        f"{python}.listdir('/')",
        f"{python}.fork()",
        f"{python}.kill({python}.getppid(), 0)",
        f"{python}.execv('/bin/true', ['true'])",
        f"{python}.pipe()",
        f"{python}.memfd_create('x')",
        f"{libc}.socket(2, 1, 0)",
        f"{libc}.syscall(425, 8, 0)",
        f"{libc}.ptrace(0, 0, 0, 0)",
        "__import__('resource').setrlimit(0, (-1, -1))",
        "__import__('signal').setitimer(2, 0)",
        f"{libc}.mmap(0, 4096, 7, 34, -1, 0) + 1 or 1 / 0",
        "np.zeros(10**9).sum()",
    )


ENDLESS = "9**9**9"
"""What only the limit of time ends."""


def faults(client: Client, *, quick: bool = False) -> list[str]:
    """What does not hold, in words for the operator; nothing where all does.

    It waits, so it is not for the event loop. Raises Broken.
    """
    example = {"a": np.array([[1.0, 2.0], [3.0, 4.0]])}
    call = Call()

    def run(source: str, *, gate: bool) -> Outcome:
        job = Job(source, [example], open=not gate)
        return outcome_of(client.run(message_of(job), call), 1)

    found: list[str] = []
    for source, expected in GOOD:
        outcome = run(source, gate=True)
        value = outcome[0] if isinstance(outcome, tuple) else outcome
        if not (isinstance(value, Value) and np.array_equal(value.value, expected)):
            found.append(f"`{source}` gave {value}")
    marker = Path(tempfile.gettempdir(), f"numpy-bot-{os.getpid()}-{uuid.uuid4().hex}")
    for source in (*hostile(str(marker)), *(() if quick else (ENDLESS,))):
        outcome = run(source, gate=False)
        if isinstance(outcome, tuple) and isinstance(outcome[0], Value):
            found.append(f"`{source}` was let through")
        if _taken_away(marker):
            found.append(f"`{source}` wrote a file")
    return found


def _taken_away(path: Path) -> bool:
    """Whether there was a file, which is gone now."""
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there
