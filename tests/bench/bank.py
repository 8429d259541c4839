"""How long the content takes to load, to draw and to check."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from time import perf_counter

import content
from bot.bank.bank import Bank
from tests.bench.result import Result, against, medians_of

QUESTIONS = Path(content.__file__).parent / "questions"
ROOT = Path(__file__).parent.parent.parent
CHECK = [sys.executable, "-m", "adapters", "bank", "check", "--json"]
RUNS = 7
SEEDS = 20
"""Instances of each family that are timed."""


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


def instance() -> list[Result]:
    """The 95th of 100 instances of families, next to what running their snippets alone takes."""
    bank = Bank.load()
    for name in bank.families:
        bank.question(name, SEEDS)
    drawn, run = [], []
    for name in bank.families:
        for seed in range(SEEDS):
            start = perf_counter()
            question = bank.question(name, seed)
            drawn.append(perf_counter() - start)
            run.append(_ran(question.code, error=bool(question.key and question.key.error)))
    return [against("bank/instance-p95", _slow(drawn), _slow(run), unit="s", goal="value<0.005")]


def _ran(code: str, *, error: bool) -> float:
    """Seconds to compile and run a shipped snippet; one that raises counts until it does."""
    import numpy as np  # noqa: PLC0415 -- the other benchmarks are to start without it

    start = perf_counter()
    try:
        with np.errstate(all="ignore"):
            exec(compile(code, "snippet", "exec"), {"np": np})  # noqa: S102 -- the bank's own code
    except Exception:  # an instance's answer may be an error
        if not error:
            raise
    return perf_counter() - start


def _slow(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * len(seconds))]


def check() -> list[Result]:
    """The whole bank, as CI checks it."""
    environment = {name: value for name, value in os.environ.items() if "NUMPY_BOT" not in name}
    start = perf_counter()
    subprocess.run(CHECK, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    return [Result(name="bank/check", value=perf_counter() - start, unit="s", goal="value<60")]


BENCHMARKS = {"bank/load": load, "bank/instance": instance, "bank/check": check}
