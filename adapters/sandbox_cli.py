"""`numpy-bot sandbox`: whether members' code can be run here, and what becomes of a line of it."""

from __future__ import annotations

import asyncio
import secrets
import sys
from time import perf_counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Mark, Question
    from bot.sandbox.job import Outcome
    from bot.sandbox.sandbox import Sandbox

_STOPPED_BY_THE_JAIL = frozenset({"PermissionError", "ImportError", "ModuleNotFoundError"})
"""What Python raises where the kernel has refused a file."""


@click.group(short_help="Prove that members' code can be run here.")
def sandbox() -> None:
    """Look at the jail that members' code is run in."""


@sandbox.command(short_help="Run the self-test of every start.")
def check() -> None:
    """Run the self-test of every start, and say what is missing where it fails."""
    from adapters.operate import printed  # noqa: PLC0415  # with the command

    sys.exit(printed(asyncio.run(findings())))


async def findings(*, quick: bool = False) -> list[tuple[bool, str]]:
    """Whether answers in code can be run, and what guards them; else why not and what to do.

    A `quick` look leaves out the half second that proves the limit of time.
    """
    from bot.sandbox.sandbox import NEEDS, Sandbox  # noqa: PLC0415  # with the command

    runner = Sandbox()
    begun = perf_counter()
    await runner.open(quick=quick)
    try:
        if runner.why_not:
            return [(False, f"Answers in code are off: {runner.why_not}. {NEEDS}.")]
        spent = perf_counter() - begun
        line = f"Answers in code: the self-test passed in {spent:.1f} s; seccomp, {_files(runner)}"
        return [(True, line)]
    finally:
        runner.close()


def graded(question: Question, text: str) -> Mark:
    """Grade an answer in code as a member's is graded; raises SettingError where none is run."""
    from bot.grading.expression import grade_expression  # noqa: PLC0415  # with the command
    from bot.sandbox.sandbox import Sandbox  # noqa: PLC0415  # the same

    async def grade() -> Mark:
        runner = Sandbox()
        await runner.open(quick=True)
        try:
            _refuse(runner)
            seed = secrets.randbits(62)
            return await grade_expression(question, text, runner, member="author", seed=seed)
        finally:
            runner.close()

    return asyncio.run(grade())


def _refuse(runner: Sandbox) -> None:
    from bot.errors import SettingError  # noqa: PLC0415  # with the command
    from bot.sandbox.sandbox import NEEDS  # noqa: PLC0415  # the same

    if runner.why_not:
        message = f"Nothing can be run here: {runner.why_not}. {NEEDS}."
        raise SettingError(message)


def _files(runner: Sandbox) -> str:
    return f"Landlock {runner.landlock}" if runner.landlock else "no Landlock (the kernel has none)"


@sandbox.command(short_help="Run submissions, one a line, and print a JSON object for each.")
@click.option("--stdin", "_", is_flag=True, required=True, help="Read them from standard input.")
@click.option("--no-gate", is_flag=True, help="Leave the gate out: the jail alone has to hold.")
def run(_: bool, no_gate: bool) -> None:  # noqa: FBT001  # click's options
    r"""Run submissions, one a line, with `\n` for a newline within one.

    An expression may use the arrays a (3 by 4) and b (4) and the number n; a line that begins
    with `def solve` is a function of a.
    """
    import msgspec  # noqa: PLC0415  # with the command

    for result in _results(sys.stdin, gate=not no_gate):
        click.echo(msgspec.json.encode(result).decode())


def _results(lines: Iterable[str], *, gate: bool) -> Iterator[dict[str, object]]:
    """What becomes of each line."""
    from bot.sandbox.sandbox import Sandbox  # noqa: PLC0415  # with the command

    runner = Sandbox()
    with asyncio.Runner() as loop:
        loop.run(runner.open(quick=True))
        try:
            _refuse(runner)
            for line in lines:
                source = line.rstrip("\r\n").replace("\\n", "\n")
                begun = perf_counter()
                result = loop.run(_result(runner, source, gate=gate))
                yield {**result, "ms": round(1000 * (perf_counter() - begun), 2)}
        finally:
            runner.close()


async def _result(runner: Sandbox, source: str, *, gate: bool) -> dict[str, object]:
    import numpy as np  # noqa: PLC0415  # with the command

    from bot.sandbox.gate import check as let_through  # noqa: PLC0415  # the same
    from bot.sandbox.job import Job  # noqa: PLC0415  # the same
    from bot.sandbox.refusal import Refusal  # noqa: PLC0415  # the same
    from bot.sandbox.rules import Rules  # noqa: PLC0415  # the same

    steps = source.startswith("def solve")
    inputs: dict[str, object] = {"a": np.arange(12.0).reshape(3, 4)}
    if not steps:
        inputs |= {"b": np.array([2.0, -1.0, 0.5, 4.0]), "n": 3}
    if gate:
        try:
            source = let_through(source, Rules(tuple(inputs), steps=steps)).source
        except Refusal as refusal:
            return {"outcome": "refused", "layer": "gate", "detail": refusal.message}
    return _told(await runner.run(Job(source, [inputs], steps=steps, open=not gate), "line"))


def _told(outcome: Outcome) -> dict[str, object]:
    from bot.grading.difference import brief, kind  # noqa: PLC0415  # with the command
    from bot.sandbox.job import Killed, Raised  # noqa: PLC0415  # the same

    if isinstance(outcome, Killed):
        limit = outcome.why in {"time", "memory"}
        return {
            "outcome": "killed",
            "layer": "limits" if limit else "jail",
            "detail": outcome.why,
        }
    (one,) = outcome
    if isinstance(one, Raised):
        layer = "jail" if one.kind in _STOPPED_BY_THE_JAIL else None
        return {"outcome": "error", "layer": layer, "detail": f"{one.kind}: {one.text}"}
    changed = f" (it changed {one.changed})" if one.changed else ""
    detail = (brief(one.value) or kind(one.value)) + changed
    return {"outcome": "value", "layer": None, "detail": detail}
