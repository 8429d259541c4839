"""A sandbox for tests, and what runs in it."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.sandbox.job import Job, Killed, Outcome, Raised, Value
from bot.sandbox.sandbox import Sandbox

T = TypeVar("T")

A = np.arange(12.0).reshape(3, 4)
INPUTS: dict[str, object] = {"a": A, "b": np.array([2.0, -1.0, 0.5, 4.0]), "n": 3}
"""The names that lines of a corpus use."""


class Box:
    """An open sandbox in an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.Runner()
        self.sandbox = Sandbox()
        self.wait(self.sandbox.open(quick=True))

    def wait(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine to its end."""
        return self._loop.run(work)

    def run(self, source: str, *, gate: bool = True, **inputs: object) -> Outcome:
        """Run a line; without the gate Python's names are all there."""
        steps = source.startswith("def solve")
        case = inputs or ({"a": A} if steps else INPUTS)
        return self.wait(self.sandbox.run(Job(source, [case], steps, open=not gate), "test"))

    def value(self, source: str, *, gate: bool = True, **inputs: object) -> object:
        """What a line gives; fails where it raises or is killed."""
        outcome = self.run(source, gate=gate, **inputs)
        assert isinstance(outcome, tuple), (source, outcome)
        (one,) = outcome
        assert isinstance(one, Value), (source, one)
        return one.value

    @property
    def zygote(self) -> int:
        """The process that the jailed ones are forked from."""
        assert self.sandbox._client is not None
        return self.sandbox._client.process.pid

    def children(self) -> set[int]:
        """The processes that the zygote has."""
        path = Path(f"/proc/{self.zygote}/task/{self.zygote}/children")
        return {int(pid) for pid in path.read_text().split()}

    def close(self) -> None:
        """End it."""
        self.sandbox.close()
        self._loop.close()


@contextmanager
def opened() -> Iterator[Box]:
    """A sandbox that is closed afterwards, and that works."""
    box = Box()
    try:
        assert box.sandbox.why_not == ""
        yield box
    finally:
        box.close()


def stopped_by(outcome: Outcome) -> str:
    """The layer that stopped a line that the gate had not; empty where it ran to its end."""
    if isinstance(outcome, Killed):
        return "limits" if outcome.why in {"time", "memory"} else "jail"
    (one,) = outcome
    if isinstance(one, Raised):
        hindered = {"PermissionError", "ImportError", "ModuleNotFoundError"}
        return "jail" if one.kind in hindered else "error"
    return ""


def alive(pid: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
