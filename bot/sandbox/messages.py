"""A job as its process reads it, and what the process left behind, read without belief."""

import signal
import sys

from bot.sandbox import wire
from bot.sandbox.client import Ending
from bot.sandbox.job import Job, Killed, Outcome, Raised, Value


def message_of(job: Job) -> bytes:
    """The message; raises TypeError for an input that cannot be one."""
    blobs: list[bytes] = []
    cases = [
        {name: wire.write_input(value, blobs) for name, value in case.items()} for case in job.cases
    ]
    header = {"source": job.source, "steps": job.steps, "open": job.open, "cases": cases}
    return wire.pack(header, blobs)


_SLOW = {signal.SIGPROF, signal.SIGXCPU} if sys.platform == "linux" else set()


def outcome_of(ending: Ending, cases: int) -> Outcome:
    """How each of so many cases came out, or why the process was killed."""
    if ending.late or ending.signal in _SLOW:
        return Killed("time")
    if ending.signal:
        return Killed("forbidden" if ending.signal == signal.SIGSYS else "crash")
    try:
        header, blobs = wire.unpack(ending.reply)
        if not isinstance(header, list) or len(header) != cases:
            return Killed("crash")
        outcomes = tuple(_read(one, blobs) for one in header)
    except (wire.Unreadable, TypeError, RecursionError):
        return Killed("crash")
    if any(isinstance(one, Raised) and one.kind == "MemoryError" for one in outcomes):
        return Killed("memory")
    return outcomes


def _read(one: object, blobs: wire.Blobs) -> Value | Raised:
    match one:
        case {"value": spec, "changed": list() as changed}:
            names = [name for name in changed if isinstance(name, str) and name.isidentifier()]
            return Value(wire.read_result(spec, blobs), names[0][:40] if names else "")
        case {"error": [str() as kind, str() as text]}:
            if kind.isidentifier():
                shown = "".join(sign if sign.isprintable() else " " for sign in text[:200])
                return Raised(kind[:60], shown)
    raise wire.Unreadable("no outcome")
