"""A process that does one job in its jail and is gone.

It is forked from the zygote before it has anything to do, with one end of a line of which the bot
has the other, locks itself up, says so, and waits. Then it reads the code and the inputs, runs the
code on each of them, writes what came out, and ends. The right answers never come here.
"""

import builtins
import os
import struct
import sys
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import numpy as np

from bot.sandbox import jail, wire
from bot.sandbox import vocabulary as words

FILE: Final = "<answer>"

FUNCTIONS: Final[Mapping[str, object]] = {
    "sliding_window_view": np.lib.stride_tricks.sliding_window_view
}
"""Functions that an input may be, by their names."""


READY: Final = b"!"
"""What a child says first: that it is locked up."""


def live(line: int, lock: jail.Lock, rehearsal: bytes) -> NoReturn:
    """Be one-shot: lock up, say so, wait for a job, do it and end. Never returns.

    `rehearsal` is a job that is done beforehand, so that the memory that every job writes to is
    this process's own by the time that somebody waits.
    """
    code = 1
    try:
        do(rehearsal)
        os.dup2(line, jail.JOB)
        os.closerange(jail.JOB + 1, 65_536)
        lock.limit()
        lock.enter()
        _write(READY)
        reply = do(_read())
        _write(struct.pack(">I", len(reply)) + reply)
        code = 0
    except BaseException:  # noqa: BLE001  # there is nobody to tell; the reply is missing
        code = 2
    finally:
        os._exit(code)


def _read() -> bytes:
    (size,) = struct.unpack(">I", _exactly(4))
    return _exactly(size)


def _exactly(size: int) -> bytes:
    parts, left = [], size
    while left:
        part = os.read(jail.JOB, min(left, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _write(message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(jail.JOB, view) :]


def do(message: bytes) -> bytes:
    """The reply to a job: `source` on each of `cases`, each a mapping of names to inputs."""
    job, blobs = wire.unpack(message)
    cases = [
        {name: wire.read_input(spec, blobs, FUNCTIONS) for name, spec in case.items()}
        for case in job["cases"]
    ]
    outcomes: list[object] = []
    results: list[bytes] = []
    try:
        code = compile(job["source"], FILE, "exec" if job["steps"] else "eval", dont_inherit=True)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the answer is at fault
        outcomes = [_raised(error)] * len(cases)
    else:
        for case in cases:
            outcomes.append(_ran(code, case, job, results))
    return wire.pack(outcomes, results)


def _ran(code: Any, case: dict[str, Any], job: Any, results: list[bytes]) -> dict[str, object]:
    """What running the code on one case's inputs gives."""
    before = {name: _frozen(value) for name, value in case.items()}
    names = {"__builtins__": builtins if job["open"] else _few_builtins(), "np": np, **case}
    try:
        value = eval(code, names)  # noqa: S307  # this is the jail
        if job["steps"]:
            value = names["solve"](*case.values())
        result = wire.write_result(value, results)
    except BaseException as error:  # noqa: BLE001  # the answer is at fault
        return _raised(error)
    changed = [name for name, value in case.items() if _frozen(value) != before[name]]
    return {"value": result, "changed": changed[:1]}


def _frozen(value: object) -> object:
    """What tells whether an input was changed."""
    return (value.tobytes(), value.shape) if isinstance(value, np.ndarray) else None


def _raised(error: BaseException) -> dict[str, object]:
    try:
        text = str(error)[:300]
    except Exception:  # noqa: BLE001  # an error that cannot be printed
        text = ""
    public = [kind.__name__ for kind in type(error).__mro__ if not kind.__name__.startswith("_")]
    return {"error": [public[0][:60], text]}


def _few_builtins() -> dict[str, object]:
    few: dict[str, object] = {name: getattr(builtins, name) for name in words.CALLED | words.TYPES}
    few["__import__"] = _import_numpy
    return few


def _import_numpy(name: str, *rest: Any) -> object:
    """What NumPy's C code imports of its own while it runs; nothing is loaded."""
    if name.partition(".")[0] == "numpy" and name in sys.modules:
        wanted = rest[2] if len(rest) > 2 else ()  # noqa: PLR2004  # the place of `fromlist`
        return sys.modules[name] if wanted else sys.modules["numpy"]
    message = "nothing can be imported here"
    raise ImportError(message)
