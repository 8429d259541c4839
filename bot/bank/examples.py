"""Inputs to run a solution on, and what the reference gives for them; slow, so for a thread."""

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.bank.evaluate import ALONE, CASES, Job, Names, Run, compute, hidden_names, input_names


class Example(NamedTuple):
    """Inputs of a solution by their names, what the reference gives for them, and the rest.

    `others` are what the job's other solutions give; an exception where one raises.
    """

    inputs: Names
    expected: object
    others: list[object]


def examples(job: Job, seed: int, *, public: bool = False) -> list[Example]:
    """Inputs that nobody has seen, one a case, drawn with `seed`.

    Where `public` is asked for, the public example comes first. Raises whatever the author's
    snippet raises.
    """
    with ALONE, warnings.catch_warnings(), np.errstate(), np.printoptions():
        warnings.simplefilter("ignore")
        known = input_names(job)
        drawn = [_example(job, known, hidden_names(job, case, seed)) for case in range(CASES)]
        return [_example(job, known, Run(job).names), *drawn] if public else drawn


def public_inputs(job: Job) -> Names:
    """The inputs of the public example, by their names in their order."""
    with ALONE, warnings.catch_warnings(), np.errstate(), np.printoptions():
        warnings.simplefilter("ignore")
        names = Run(job).names
        return {name: names[name] for name in input_names(job)}


def _example(job: Job, known: Sequence[str], names: Names) -> Example:
    def copied() -> Names:
        """The names again, with arrays that a solution may change."""
        return {
            name: value.copy("K") if isinstance(value, np.ndarray) else value
            for name, value in names.items()
        }

    def other(solution: str) -> object:
        try:
            return compute(solution, copied())
        except Exception as error:  # noqa: BLE001 -- a wrong solution may raise
            return error

    return Example(
        {name: names[name] for name in known},
        compute(job["solution"], copied()),
        [other(solution) for solution in job.get("solutions", {}).values()],
    )
