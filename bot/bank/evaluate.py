"""Runs an author's snippet and prints what NumPy makes of it.

Stands alone (standard library and NumPy) and keeps to Python 3.9 and NumPy 1.26, because
other interpreters run this very file as a script: JSON lines in, JSON lines out. Authors
are trusted; nothing that a member typed ever comes here. Call it from a worker thread,
never from the event loop.
"""

from __future__ import annotations

import builtins
import functools
import io
import json
import sys
import threading
import types
import warnings
from typing import TYPE_CHECKING, TypedDict, final

import numpy as np

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_FILE = "<question>"
CASES = 5
_MOST_CELLS = 24
_MOST_PLACES = 512

# Warning filters belong to the whole process, so only one snippet runs at a time.
ALONE = threading.Lock()

Names = dict[str, object]


class Claim(TypedDict):
    """`holds` of an option: `test` is true or false, and sees the value of `it`."""

    it: str
    test: str


class Job(TypedDict, total=False):
    """What to run: `setup`, then `code`, then each of the rest in a namespace of its own.

    `expressions` are printed, `holds` are tested, `drawn` are measured; `solutions` are
    compared with `solution` on the hidden inputs that `inputs` makes.
    """

    setup: str
    code: str
    expressions: dict[str, str]
    holds: dict[str, Claim]
    drawn: list[str]
    inputs: str
    solution: str
    solutions: dict[str, str]


@final
class Raised(TypedDict):
    """An exception: its public class, that class's parents, its text and the snippet's line."""

    raises: str
    parents: list[str]
    message: str
    line: int


@final
class Printed(TypedDict):
    """A value: `text` in full as the grader reads it, `shown` as `print` shows it."""

    text: str
    shown: str
    type: str


class Caught(TypedDict):
    """A warning that the snippet gave; `deprecated` when NumPy is about to change."""

    category: str
    message: str
    deprecated: bool


class Drawn(TypedDict):
    """What a picture shows of an array: shape, strides in bytes, and its elements as printed.

    `cells` are the elements in C order, none where they are too many. `places` say for each
    which element it is of the memory that the first array of the picture spans; none where it
    is other memory, or there are hundreds.
    """

    shape: list[int]
    strides: list[int]
    cells: list[str]
    places: list[int]


class Result(TypedDict):
    """What running a job gave. `setup` and `code` are what they raised, or nothing.

    A test's result is whether it holds, or what it raised. `drawn` has None where the
    expression raised. `cases` tells for each solution whether it equals the reference on
    each hidden input, or what was raised.
    """

    numpy: str
    setup: Raised | None
    code: Raised | None
    expressions: dict[str, Printed | Raised]
    holds: dict[str, bool | Raised]
    drawn: list[Drawn | None]
    cases: dict[str, list[bool | Raised]]
    stdout: str
    warnings: list[Caught]


def evaluate(job: Job) -> Result:
    """Run a job; whatever the snippet raises is part of the result."""
    with ALONE, warnings.catch_warnings(record=True) as caught, np.errstate(), np.printoptions():
        warnings.simplefilter("always")
        output = io.StringIO()
        first = Run(job, output)
        result: Result = {
            "numpy": np.__version__,
            "setup": first.setup,
            "code": first.code,
            "expressions": {k: _print(job, v) for k, v in job.get("expressions", {}).items()},
            "holds": {k: _holds(job, v) for k, v in job.get("holds", {}).items()},
            "drawn": _drawn(first, job.get("drawn", [])),
            "cases": {k: _cases(job, v) for k, v in job.get("solutions", {}).items()},
            "stdout": output.getvalue(),
            "warnings": [],
        }
        result["warnings"] = _distinct(caught)
        return result


class Run:
    """One run of a job's setup and code: the names it leaves and what it raised."""

    def __init__(self, job: Job, output: io.StringIO | None = None) -> None:
        self.names = _fresh(output or io.StringIO())
        self.setup: Raised | None = None
        self.code: Raised | None = None
        try:
            _execute(job.get("setup", ""), self.names)
        except Exception as error:  # noqa: BLE001 -- an author's snippet may raise anything
            self.setup = _raised(error)
            return
        try:
            _execute(job.get("code", ""), self.names)
        except Exception as error:  # noqa: BLE001 -- the same
            self.code = _raised(error)


def _fresh(output: io.StringIO) -> Names:
    # A print of its own, because redirecting sys.stdout would swallow other threads' output.
    def show(*values: object, **options: object) -> None:
        options.setdefault("file", output)
        builtins.print(*values, **options)  # type: ignore[call-overload]  # noqa: T201 -- the snippet's

    return {"np": np, "__name__": "question", "print": show}


@functools.lru_cache(maxsize=1024)
def _compiled(source: str, mode: str) -> types.CodeType:
    return compile(source, _FILE, mode, dont_inherit=True)


def _execute(source: str, names: Names) -> None:
    if source:
        exec(_compiled(source, "exec"), names)  # noqa: S102 -- authors' code, never a member's


def compute(source: str, names: Names) -> object:
    """The value of an expression, or of what a `solve` returns."""
    if _is_function(source):
        _execute(source, names)
        solve = names["solve"]
        code: types.CodeType = solve.__code__  # type: ignore[attr-defined]  # it is a function
        return solve(*[names[name] for name in code.co_varnames[: code.co_argcount]])  # type: ignore[operator]
    return eval(_compiled(source.strip(), "eval"), names)  # noqa: S307 -- the same


def _is_function(source: str) -> bool:
    """Whether a solution is a `solve` of the inputs rather than an expression."""
    return source.lstrip().startswith("def solve(")


def _print(job: Job, source: str) -> Printed | Raised:
    try:
        plain = not _is_function(source) and _constant(source)
        names: Names = {"np": np} if plain else Run(job).names
        return _printed(compute(source, names))
    except Exception as error:  # noqa: BLE001 -- the same
        return _raised(error)


_PLAIN = frozenset({"np", "array", "dtype"})
"""Names in an expression that spells a value, whatever the snippet did."""


def _constant(source: str) -> bool:
    """Whether `(3, 1)` or `np.array([1, 2])`, say, needs nothing that the snippet defines."""
    code = _compiled(source.strip(), "eval")
    inner = any(isinstance(c, types.CodeType) for c in code.co_consts)
    return _PLAIN.issuperset(code.co_names) and not inner


def _holds(job: Job, test: Claim) -> bool | Raised:
    names = Run(job).names
    failed = False
    if test["it"]:
        try:
            names["it"] = _value(test["it"], names)
        except (NameError, SyntaxError) as error:
            return _raised(error)  # a slip of the author's pen, not a result
        except Exception as error:  # noqa: BLE001 -- the same
            names["it"] = error
            failed = True
    try:
        value = compute(test["test"], names)
    except Exception as error:  # noqa: BLE001 -- the same
        return False if failed else _raised(error)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return _raised(TypeError(f"gives {type(value).__name__}, not True or False"))


def _value(source: str, names: Names) -> object:
    """The value of what an option shows; a statement runs and has none."""
    try:
        return compute(source, names)
    except SyntaxError:
        _execute(source, names)
        return None


def _drawn(run: Run, sources: list[str]) -> list[Drawn | None]:
    arrays: list[np.ndarray | None] = []
    for source in sources:
        try:
            arrays.append(np.asarray(compute(source, run.names)))
        except Exception:  # noqa: BLE001 -- the same
            arrays.append(None)
    return [None if array is None else _described(array, arrays[0]) for array in arrays]


def _described(array: np.ndarray, first: np.ndarray | None) -> Drawn:
    is_small = array.size <= _MOST_CELLS
    return {
        "shape": list(array.shape),
        "strides": list(array.strides),
        "cells": [shown(np.asarray(cell)) for cell in array.flat] if is_small else [],
        "places": _places(array, first) if first is not None else [],
    }


def _places(array: np.ndarray, first: np.ndarray) -> list[int]:
    if max(array.size, first.size) > _MOST_PLACES:
        return []
    if not np.shares_memory(array, first) or array.itemsize != first.itemsize:
        return []
    start = _addresses(first).min()
    places = (_addresses(array) - start) // first.itemsize
    return [int(place) for place in places] if places.min() >= 0 else []


def _addresses(array: np.ndarray) -> np.ndarray:
    """The address of each element, in C order."""
    steps = np.indices(array.shape).reshape(array.ndim, array.size)
    strides = np.array(array.strides, dtype=np.int64)
    return np.asarray(strides @ steps + int(array.__array_interface__["data"][0]))


def _cases(job: Job, solution: str) -> list[bool | Raised]:
    return [_case(job, solution, case) for case in range(CASES)]


def _case(job: Job, solution: str, case: int) -> bool | Raised:
    """Whether `solution` gives what the reference gives on one hidden input."""
    try:
        expected = compute(job["solution"], hidden_names(job, case))
        names = hidden_names(job, case)
    except Exception as error:  # noqa: BLE001 -- the same
        return _raised(error)
    try:
        value = compute(solution, names)
        return same(expected, value) and not _changed(job, names, case)
    except (NameError, SyntaxError) as error:
        return _raised(error)
    except Exception:  # noqa: BLE001 -- a solution that fails on some input differs from the reference
        return False


def _changed(job: Job, names: Names, case: int) -> bool:
    """Whether a solution has changed one of its inputs."""
    before = hidden_names(job, case)
    arrays = [name for name in input_names(job) if isinstance(names[name], np.ndarray)]
    return any(_bytes(before[name]) != _bytes(names[name]) for name in arrays)


def _bytes(array: object) -> bytes:
    return array.tobytes() if isinstance(array, np.ndarray) else b""


def hidden_names(job: Job, case: int, seed: int | None = None) -> Names:
    """The names of one hidden input, drawn with `seed`; without one always the same."""
    names = Run(job).names
    source = case if seed is None else [seed, case]
    names.update(rng=np.random.default_rng(source), case=case)
    _execute(job.get("inputs", ""), names)
    return names


def input_names(job: Job) -> tuple[str, ...]:
    """The names that a solution may use: those that `code` gives a value, in their order."""
    return _input_names(job.get("setup", ""), job.get("code", ""))


@functools.lru_cache(maxsize=512)
def _input_names(setup: str, code: str) -> tuple[str, ...]:
    before = _fresh(io.StringIO())
    _execute(setup, before)
    after = Run({"setup": setup, "code": code}).names
    return tuple(
        name
        for name, value in after.items()
        if name not in before
        and not name.startswith("_")
        and not isinstance(value, types.ModuleType)
    )


def same(expected: object, given: object) -> bool:
    """Whether a solution's value is the reference's: type, shape, kind of dtype and values.

    Floats may differ by 1e-9 of their size; NaN equals NaN.
    """
    if isinstance(expected, (tuple, list)):
        return (
            isinstance(given, type(expected))
            and len(expected) == len(given)
            and all(map(same, expected, given))
        )
    if isinstance(expected, np.ndarray) != isinstance(given, np.ndarray):
        return False
    a, b = np.asarray(expected), np.asarray(given)
    if a.shape != b.shape or a.dtype.kind != b.dtype.kind:
        return False
    if np.array_equal(a, b):  # which is quick to see
        return True
    if a.dtype.kind not in "fc":
        return False
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))


def _raised(error: Exception) -> Raised:
    # NumPy raises private subclasses (_UFuncOutputCastingError): people know the public one.
    names = [c.__name__ for c in type(error).__mro__ if issubclass(c, Exception)]
    public = list(dict.fromkeys(name for name in names if not name.startswith("_")))
    return {
        "raises": public[0],
        "parents": public[1:],
        "message": str(error).split("\n", maxsplit=1)[0],
        "line": _line(error),
    }


def _line(error: Exception) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _distinct(caught: list[warnings.WarningMessage]) -> list[Caught]:
    going = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
    found: list[Caught] = []
    for warning in caught:
        name = warning.category.__name__
        entry: Caught = {
            "category": name,
            "message": str(warning.message),
            "deprecated": issubclass(warning.category, going) or "Deprecation" in name,
        }
        if entry not in found:
            found.append(entry)
    return found


def _printed(value: object) -> Printed:
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return {"text": canonical(value), "shown": shown(value), "type": "ndarray"}
    if isinstance(value, np.generic):
        kind = "bool" if isinstance(value, np.bool_) else type(value.item()).__name__
    elif isinstance(value, np.dtype):
        kind = "dtype"
    text = canonical(value)
    return {"text": text, "shown": text, "type": kind}


def canonical(value: object) -> str:
    """A value on one line at full precision, the same on every NumPy version.

    Shapes, tuples and lists hold plain Python numbers, dtypes are names (`float64`),
    scalars print as their own digits, arrays as `array([1, 2], dtype=int8)`.
    """
    if isinstance(value, np.ndarray):
        if hasattr(value, "filled"):  # masked; asking np.ma would import it, which is slow
            return shown(value)
        with _everything():
            return _one_line(np.array_repr(value))
    if isinstance(value, np.generic):
        return _scalar(value)
    if isinstance(value, np.dtype):
        return repr(value) if value.names else str(value)
    if isinstance(value, type):
        return value.__name__
    return _plain(value)


def shown(array: np.ndarray) -> str:
    """An array on one line as `print` shows it: `[[1 2] [3 4]]`."""
    with _everything():
        return _one_line(str(array))


def _everything() -> AbstractContextManager[object]:
    return np.printoptions(threshold=sys.maxsize, linewidth=sys.maxsize, floatmode="unique")


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _scalar(value: np.generic) -> str:
    if isinstance(value, (np.timedelta64, np.datetime64, np.inexact)):
        return str(value)
    return _plain(value.item())


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(canonical, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(canonical, value))}]"
    if isinstance(value, (set, frozenset)) and value:
        return f"{{{', '.join(map(canonical, _ordered(value)))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{canonical(k)}: {canonical(v)}' for k, v in value.items())}}}"
    return repr(value)


def _ordered(values: set[object] | frozenset[object]) -> list[object]:
    try:
        return sorted(values)  # type: ignore[type-var]  # what cannot be ordered is caught
    except TypeError:
        return sorted(values, key=canonical)


def main() -> None:
    """Answer each job on standard input with its result on standard output."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        answers.write(json.dumps(evaluate(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
