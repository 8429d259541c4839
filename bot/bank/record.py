"""Records what other NumPy versions give, by running snippets with another Python."""

import sys
from collections.abc import Collection
from pathlib import Path

from bot.bank.bank import Bank
from bot.bank.build import plan
from bot.bank.evaluate import Result
from bot.bank.load import Source
from bot.bank.lock import NAME, Recorded, digest, lock_text, read_lock
from bot.bank.structure import options
from bot.bank.versions import minor
from bot.bank.worker import Crashed, TooSlow, Worker
from bot.errors import ContentError


def record(bank: Bank, python: str = sys.executable) -> tuple[str, dict[str, str]]:
    """Run with `python` every question that shows its NumPy's result, and write the lock files.

    Returns that version and what was printed, by id. `python` needs NumPy, nothing else of
    ours. Raises `ContentError` when it cannot run, or a snippet has no result.
    """
    with Worker(python) as worker:
        version = minor(_run(worker, None)["numpy"])
        found = {
            source.id: _recorded(worker, source)
            for source in bank.sources.values()
            if any(option.on == version for _, option in options(source.item))
        }
    for place in bank.folders:
        folder = Path(str(place))
        own = {i: r for i, r in found.items() if _within(bank.sources[i], folder)}
        _write(folder, version, own, keep=bank.skipped)
    return version, {ident: result.printed for ident, result in found.items()}


def printed(result: Result) -> str:
    """A result as the lock holds it: what is shown, or `raises ValueError`."""
    raised = result["code"]
    value = result["expressions"]["answer"]
    if raised is None and "raises" in value:
        raised = value
    if raised is not None:
        return f"raises {raised['raises']}"
    return str(value.get("shown"))


def _run(worker: Worker, source: Source | None) -> Result:
    try:
        return worker.run(plan(source.item) if source else {})
    except (Crashed, TooSlow) as error:
        what = f"`{source.id}`" if source else "The other Python"
        raise ContentError(f"{what}: {error}") from error


def _recorded(worker: Worker, source: Source) -> Recorded:
    result = _run(worker, source)
    if result["setup"]:
        raise ContentError(f"`{source.id}`: its `setup` {result['setup']['raises']}: mend it")
    return Recorded(printed(result), digest(source.item))


def _within(source: Source, folder: Path) -> bool:
    return Path(str(source.path)).is_relative_to(folder)


def _write(folder: Path, version: str, found: dict[str, Recorded], keep: Collection[str]) -> None:
    before = read_lock(folder)
    kept = {i: old for i, old in before.get(version, {}).items() if i in keep}
    lock = {known: results for known, results in before.items() if known != version}
    if kept or found:
        lock[version] = kept | found
    if lock != before:
        (folder / NAME).write_bytes(lock_text(lock))
