"""What an answer in code costs, next to a fresh interpreter and to a bare fork."""

import asyncio
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from bot.grading.expression import grade_expression
from bot.sandbox.sandbox import Sandbox
from tests.bench.result import Result, against
from tests.fakes import shipped_bank

ANSWERS, FRESH = 400, 12
PAUSE = 0.01
"""Seconds between two answers, in which another process gets ready; none for some in a row."""

QUESTION = "softmax-of-each-row"
RIGHT = (
    "np.exp(x - x.max(axis=1, keepdims=True)) / "
    "np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)"
)

INTERPRETER = """
import numpy as np
x = np.arange(6.0).reshape(2, 3)
for _ in range(5):
    np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
"""
FORK = """
import os, sys, time
import numpy as np
np.ones((3, 3)) @ np.ones((3, 3))
times = []
for _ in range(400):
    begun = time.perf_counter()
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    times.append(time.perf_counter() - begun)
print(1000 * float(np.median(times)))
"""


def sandbox() -> list[Result]:
    """Grade a right answer again and again; then look at what waits for the next one."""
    fork = float(_python(FORK))
    fresh = []
    for _ in range(FRESH):
        begun = perf_counter()
        _python(INTERPRETER)
        fresh.append(1000 * (perf_counter() - begun))
    took, in_a_row, opened, zygote, pool = asyncio.run(_graded())
    p50, p99 = (float(np.percentile(in_a_row, share)) for share in (50, 99))
    interpreter = float(np.median(fresh))
    return [
        Result(
            name="sandbox/fresh-interpreter",
            value=interpreter,
            unit="ms",
            baseline=p50,
            ratio=interpreter / p50,
            goal="ratio>=25",
        ),
        against("sandbox/answer", p50, fork, unit="ms", goal="ratio<=4"),
        against("sandbox/answer-p99", p99, fork, unit="ms"),
        against("sandbox/answer-after-a-pause", float(np.median(took)), fork, unit="ms"),
        Result(name="sandbox/opened", value=opened, unit="s"),
        Result(name="sandbox/memory-of-the-zygote", value=zygote, unit="MB"),
        Result(name="sandbox/memory-with-its-pool", value=pool, unit="MB"),
    ]


def _python(code: str) -> str:
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def _graded() -> tuple[list[float], list[float], float, float, float]:
    """Milliseconds of answers, the same in a row, seconds until the first one, megabytes."""
    question = shipped_bank().question(QUESTION)
    box = Sandbox()
    begun = perf_counter()
    await box.open(quick=True)
    opened = perf_counter() - begun
    took: list[float] = []
    in_a_row: list[float] = []
    for number in range(2 * ANSWERS):
        if number < ANSWERS:
            await asyncio.sleep(PAUSE)
        begun = perf_counter()
        mark = await grade_expression(question, RIGHT, box, member=0, seed=number)
        (took if number < ANSWERS else in_a_row).append(1000 * (perf_counter() - begun))
        assert mark.outcome == "right"
    assert box._client is not None
    pid = box._client.process.pid
    await asyncio.sleep(0.5)  # the last ones are gone, and others wait
    zygote, pool = _memory(pid)
    box.close()
    return took[50:], in_a_row, opened, zygote, pool


def _memory(pid: int) -> tuple[float, float]:
    """Megabytes of the zygote, and of all of them."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    zygote = _megabytes(pid)
    return zygote, zygote + sum(map(_megabytes, map(int, children)))


def _megabytes(pid: int) -> float:
    """What a process has to itself of the memory that it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


BENCHMARKS = {"sandbox": sandbox}
