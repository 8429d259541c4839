"""What a benchmark reports."""

from collections.abc import Callable, Sequence
from statistics import median

import msgspec


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One measured number.

    `baseline` is what something well known needs for the same work in the same run, in the
    same unit, and `ratio` is `value / baseline`. `goal` is a comparison that this result is
    meant to pass, such as "ratio>=15" or "value<0.2"; empty where it only informs.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""


def against(name: str, value: float, baseline: float, *, unit: str, goal: str = "") -> Result:
    """Make a result that is judged by its ratio to a baseline."""
    ratio = value / baseline
    return Result(name=name, value=value, unit=unit, baseline=baseline, ratio=ratio, goal=goal)


def median_of(runs: int, fn: Callable[[], float]) -> float:
    """Measure `runs` times and give the median."""
    return median(fn() for _ in range(runs))


def medians_of(runs: int, fns: Sequence[Callable[[], float]]) -> list[float]:
    """Measure all of `fns` in turn, `runs` times, and give the median of each.

    Taking turns spreads whatever else the machine does over all of them.
    """
    rounds = [[fn() for fn in fns] for _ in range(runs)]
    return [median(column) for column in zip(*rounds, strict=True)]
