"""Run benchmarks: `python -m tests.bench [NAME ...]`.

Runs those whose name starts with one of the names, or all, and prints one JSON object a line.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable

import msgspec

import tests.bench
from tests.bench.result import Result


def benchmarks() -> dict[str, Callable[[], list[Result]]]:
    """Collect the `BENCHMARKS` of every module in this folder, by name."""
    found: dict[str, Callable[[], list[Result]]] = {}
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name != "__main__":
            part = importlib.import_module(f"tests.bench.{module.name}")
            found.update(getattr(part, "BENCHMARKS", {}))
    return found


def main(names: list[str]) -> int:
    """Run what `names` choose; gives the exit code, 2 when a name chooses nothing."""
    known = benchmarks()
    chosen = {name: run for name, run in known.items() if name.startswith(tuple(names) or "")}
    unknown = [name for name in names if not any(one.startswith(name) for one in known)]
    if unknown:
        print(f"No benchmark starts with {unknown[0]!r}. There are: {', '.join(sorted(known))}.")
        return 2
    for run in chosen.values():
        for result in run():
            print(msgspec.json.encode(result).decode(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
