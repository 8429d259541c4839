"""The shipped bank holds, and loads fast."""

import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import content
from bot.bank.bank import Bank
from bot.bank.check import check
from bot.bank.load import load

HOME = Path(content.__file__).parent / "questions"


def test_every_shipped_question_and_family_holds() -> None:
    """`bank check` finds nothing in the shipped content."""
    report = check(Bank.load(), seeds=3)

    assert "" == "\n".join(map(str, report.failures))
    assert report.questions > 0


def test_every_shipped_file_is_loaded() -> None:
    """No file is overlooked."""
    assert sorted(path.stem for path in HOME.glob("*/*.toml")) == sorted(
        source.id for source in load().sources
    )


def test_an_instance_is_made_within_five_milliseconds() -> None:
    """Drafting, running and building one instance takes less than 5 ms for 95 in 100."""
    bank = Bank.load()
    if not bank.families:
        pytest.skip("no families")
    slow: Counter[str] = Counter()
    for ident in bank.families:
        for seed in range(10):
            began = time.process_time()
            bank.question(ident, seed)
            slow[ident] += time.process_time() - began > 0.005

    assert sum(slow.values()) <= 0.05 * 10 * len(bank.families) + 1, slow.most_common(5)


def test_loading_costs_little_more_than_parsing() -> None:
    """Reading the bank takes at most twice as long as parsing the same TOML."""

    def parse() -> None:
        for path in HOME.glob("*/*.toml"):
            tomllib.loads(path.read_text(encoding="utf-8"))

    def best(run: object) -> float:
        times = []
        for _ in range(5):
            began = time.process_time()
            run()  # type: ignore[operator]  # one of the two
            times.append(time.process_time() - began)
        return min(times)

    load()
    assert best(load) < 2 * best(parse)
