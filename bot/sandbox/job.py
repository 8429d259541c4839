"""A job for the sandbox, and what becomes of it. Needs no NumPy."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec


class Broken(Exception):
    """Nothing can be run; the text says why, to the operator."""


class Busy(Exception):
    """The answer is not run now; the text is for whoever sent it."""


class Job(msgspec.Struct, frozen=True):
    """Code and the inputs to run it on, each case a mapping of names.

    `steps` for a `solve` of the inputs in their order. `open` leaves Python as it is, for tests
    of the jail: never where a member's code has not gone through the gate.
    """

    source: str
    cases: Sequence[Mapping[str, object]]
    steps: bool = False
    open: bool = False


class Value(msgspec.Struct, frozen=True):
    """What the code gave on one case, and the input that it changed, if any."""

    value: Any
    changed: str = ""


class Raised(msgspec.Struct, frozen=True):
    """What the code raised on one case: a class's name, and its text."""

    kind: str
    text: str


class Killed(msgspec.Struct, frozen=True):
    """The code was ended before it was done, and why.

    `time` and `memory` are the limits; `forbidden` is a call that the jail kills for; anything
    else that ends a process is `crash`, the kernel's own choice where the machine has no memory
    left included.
    """

    why: Literal["time", "memory", "forbidden", "crash"]


Outcome = tuple[Value | Raised, ...] | Killed
"""An outcome for each case, or none for any."""

Run = Callable[[Job], Outcome]
"""Runs a job and waits for it; raises Broken."""
