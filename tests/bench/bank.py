"""How long the content takes to load."""

import tomllib
from pathlib import Path
from time import perf_counter

import content
from bot.bank.bank import Bank
from tests.bench.result import Result, against, medians_of

QUESTIONS = Path(content.__file__).parent / "questions"
RUNS = 7


def load() -> list[Result]:
    """Compare loading the whole bank with only parsing its files."""
    _loaded()  # imports the families once
    ours, parsed = medians_of(RUNS, [_loaded, _parsed])
    return [against("bank/load", ours, parsed, unit="s", goal="ratio<=2")]


def _loaded() -> float:
    start = perf_counter()
    Bank.load()
    return perf_counter() - start


def _parsed() -> float:
    start = perf_counter()
    for path in QUESTIONS.rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))
    return perf_counter() - start


BENCHMARKS = {"bank/load": load}
