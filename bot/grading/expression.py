"""Grades code by running it: on the public example, and on inputs that nobody has seen.

The inputs and the right results are made here; only the code and the inputs go to the process
that runs them, and what comes back is compared here.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, partial
from typing import Protocol, TypeVar

import numpy as np

from bot.bank.evaluate import Job as Snippet
from bot.bank.examples import Example, examples, public_inputs
from bot.grading.difference import brief, difference, told
from bot.grading.marks import unclear, wrong
from bot.model import Mark, Question
from bot.sandbox.gate import Passed, check, tidy
from bot.sandbox.job import Broken, Busy, Job, Killed, Raised, Run, Value
from bot.sandbox.refusal import Refusal
from bot.sandbox.rules import Rules

T = TypeVar("T")

NOT_RUN = "It could not be run just now, so nothing was counted. Send it again in a minute."

_LIMITS = {
    "time": "It takes too long: more than half a second. Do it with fewer steps.",
    "memory": "It takes too much memory. Make no array that is larger than the result needs.",
}
ENDED = "Something ended it before it was done, so nothing was counted. Write it in another way."
"""What no honest answer meets: it may as well be our fault."""

_DEMONSTRATIONS = 1_000_003
"""Apart from the hidden inputs' seed, that of those which may be shown."""


class Runner(Protocol):
    """Runs code; the sandbox."""

    async def turn(self, member: Hashable, task: Callable[[Run], T]) -> T:
        """What a task gives that is done in a thread; raises Busy or Broken."""


def can_grade(question: Question) -> bool:
    """Whether a question says how its answers are to be run; those of old posts do not."""
    return question.kind == "expression" and bool(question.inputs)


async def grade_expression(
    question: Question, text: str, runner: Runner, *, member: Hashable, seed: int
) -> Mark:
    """Grade code on inputs drawn with `seed`, in the turn of `member`.

    What is not allowed or cannot be read, and what could not be run, is unclear: it costs
    nothing.
    """
    try:
        return await runner.turn(member, partial(_graded, question, text, seed))
    except Refusal as refusal:
        return Mark("unclear", note=refusal.message, place=refusal.place)
    except Busy as busy:
        return unclear(str(busy))
    except Broken:
        return unclear(NOT_RUN)


def _graded(question: Question, text: str, seed: int, run: Run) -> Mark:
    """The mark of code that can be run; raises Refusal or Broken."""
    snippet = _snippet(question)
    passed = check(tidy(text), rules_of(question))
    cases = _drawn(snippet, seed)
    outcome = run(_job(passed, cases))
    if isinstance(outcome, Killed):
        limit = _LIMITS.get(outcome.why)
        return wrong("", limit) if limit else unclear(ENDED)
    fault = _first_fault(question, cases[:1], outcome[:1])
    if fault:
        note = f"On the example {fault}."
    elif _first_fault(question, cases[1:], outcome[1:]):
        shown = _demonstrated(question, snippet, seed, passed, run)
        note = f"It is right on the example, but not in general{shown}."
    else:
        return Mark("right", share=1.0)
    return Mark("wrong", note=note, choice=_known(question, snippet, seed, outcome))


def _snippet(question: Question) -> Snippet:
    return {
        "setup": question.setup,
        "code": question.code,
        "inputs": question.inputs,
        "solution": question.solution,
    }


def rules_of(question: Question) -> Rules:
    """What answers to a question may say; runs its snippet, so not for the event loop."""
    return _rules(question.setup, question.code, bool(question.head), question.only)


@lru_cache(maxsize=256)
def _rules(setup: str, code: str, steps: bool, only: tuple[str, ...]) -> Rules:  # noqa: FBT001  # as stored
    values = public_inputs({"setup": setup, "code": code})
    fields = {
        field
        for value in values.values()
        if isinstance(value, np.ndarray)
        for field in value.dtype.names or ()
    }
    called = frozenset(name for name, value in values.items() if callable(value))
    plain = tuple(name for name in values if name not in called)
    return Rules(plain, called, frozenset(fields), frozenset(only), steps)


def _drawn(snippet: Snippet, seed: int) -> list[Example]:
    """The public example, then the hidden ones."""
    return examples(snippet, seed, public=True)


def _job(passed: Passed, cases: Sequence[Example]) -> Job:
    return Job(passed.source, [case.inputs for case in cases], passed.steps)


def _first_fault(
    question: Question, cases: Sequence[Example], outcomes: Sequence[Value | Raised]
) -> str:
    """What is wrong on the first case that is not right; empty where all are."""
    for case, outcome in zip(cases, outcomes, strict=True):
        fault = _fault(question, case, outcome)
        if fault:
            return fault
    return ""


def _fault(question: Question, case: Example, outcome: Value | Raised) -> str:
    if isinstance(outcome, Raised):
        said = outcome.text.replace("`", "'").split(". ")[0].rstrip(".")
        return f"it raises `{outcome.kind}`{f' ({said[:120]})' if said else ''}"
    if outcome.changed:
        return f"it changes its input `{outcome.changed}`; work on a copy of it"
    return told(case.expected, outcome.value, exact=question.exact)


def _demonstrated(question: Question, snippet: Snippet, seed: int, passed: Passed, run: Run) -> str:
    """An input to show where the code fails, no hidden one; empty where none is short enough."""
    cases = examples(snippet, seed + _DEMONSTRATIONS)
    try:
        outcome = run(_job(passed, cases))
    except Broken:
        return ""  # the answer is wrong all the same
    if isinstance(outcome, Killed):
        return ""
    for case, ran in zip(cases, outcome, strict=True):
        fault = _fault(question, case, ran)
        inputs = {name: brief(value) for name, value in case.inputs.items() if not callable(value)}
        if fault and all(inputs.values()) and sum(map(len, inputs.values())) <= _MOST_SHOWN:
            given = ", ".join(f"`{name} = {value}`" for name, value in inputs.items())
            return f": with {given} {fault}"
    return ""


_MOST_SHOWN = 240
"""Characters of the inputs of a demonstration."""


def _known(
    question: Question, snippet: Snippet, seed: int, outcome: Sequence[Value | Raised]
) -> int | None:
    """The wrong solution that gives what the answer gave on every case, if one does."""
    known = {index: one.text for index, one in enumerate(question.choices) if not one.right}
    cases = _drawn({**snippet, "solutions": {str(n): text for n, text in known.items()}}, seed)
    for place, index in enumerate(known):
        pairs = zip(cases, outcome, strict=True)
        if all(_is_same(case.others[place], ran) for case, ran in pairs):
            return index
    return None


def _is_same(known: object, ran: Value | Raised) -> bool:
    if isinstance(ran, Raised) or isinstance(known, Exception):
        return isinstance(ran, Raised) and type(known).__name__ == ran.kind
    return not difference(known, ran.value)


__all__ = ["NOT_RUN", "Runner", "can_grade", "grade_expression", "rules_of"]
