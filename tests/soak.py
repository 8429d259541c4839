"""An hour at fifty answers a second: `python -m tests.soak [SECONDS]`.

Prints a JSON line a minute, and ends with status 1 where memory or the database's log grew.
"""

import asyncio
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import msgspec

from bot import daily, delivery
from bot.events import Command, Press
from tests.fakes import PLATFORM, World, _person, card

RATE = 50
"""Answers a second."""

MEMBERS = 300
TICK, LINE = 20, 60
"""Seconds between two ticks, and between two lines."""

MOST_WAL = 64
MOST_GROWTH = 1.2
"""Megabytes of the log, and how much more memory the end may need than the first quarter."""

HERE = frozenset({PLATFORM})


class Line(msgspec.Struct, frozen=True):
    """How it is after so many seconds; megabytes, and milliseconds that an answer took."""

    seconds: float
    answers: int
    questions: int
    memory: float
    wal: float
    database: float
    median: float
    slowest: float


class Soak:
    """A team that practises without end and answers its daily."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = random.Random(1)
        self._took: list[float] = []
        self._answers = 0
        self.lines: list[Line] = []

    async def run(self, seconds: float, tell: Callable[[Line], None] = lambda _: None) -> None:
        """Answer for so long."""
        loop = asyncio.get_running_loop()
        begun, busy = loop.time(), set[asyncio.Task[None]]()
        ticked = told = begun
        for number in range(int(seconds * RATE)):
            await asyncio.sleep(max(0.0, begun + number / RATE - loop.time()))
            self._world.now += timedelta(seconds=1 / RATE)
            task = asyncio.create_task(self._answer(f"m{number % MEMBERS}"))
            busy.add(task)
            task.add_done_callback(busy.discard)
            if loop.time() - ticked >= TICK:
                ticked += TICK
                await daily.tick(self._world.desk, HERE, self._world.now)
                await delivery.deliver(self._world.desk, HERE, "soak", self._world.clock)
            if loop.time() - told >= LINE:
                told += LINE
                tell(self._line(loop.time() - begun))
        await asyncio.gather(*busy)
        tell(self._line(loop.time() - begun))

    async def _answer(self, who: str) -> None:
        """One member asks for a question and answers it."""
        world = self._world
        begun = perf_counter()
        event = Command(place=world.place(), person=_person(who), at=world.now, text="quiz")
        asked = world.asked(card(await world.bot.handle(event)))
        if asked.question.kind in {"single", "bug"}:
            button = f"answer:pick:{asked.id}:{self._rng.randrange(len(asked.question.choices))}:"
        else:
            button = f"replace:skip:{asked.id}:"
        await world.bot.handle(
            Press(place=world.place(), person=_person(who), at=world.now, button=button)
        )
        self._answers += 1
        self._took.append((perf_counter() - begun) * 1000)

    def _line(self, seconds: float) -> Line:
        took, self._took = sorted(self._took) or [0.0], []
        path = self._world.database.path
        line = Line(
            round(seconds, 1),
            self._answers,
            self._world.rows("SELECT count(*) FROM posts")[0][0],
            resident(),
            megabytes(path.with_name(f"{path.name}-wal")),
            megabytes(path),
            round(took[len(took) // 2], 2),
            round(took[-1], 1),
        )
        self.lines.append(line)
        return line

    def fault(self) -> str:
        """What is not as it should be; empty where all is."""
        last = self.lines[-1]
        if last.questions < last.answers:
            return f"{last.answers} answers to {last.questions} questions"
        quarter = self.lines[: max(1, len(self.lines) // 4)]
        before, after = max(one.memory for one in quarter), last.memory
        if after > before * MOST_GROWTH:
            return f"memory grew from {before} to {after} MB"
        largest = max(one.wal for one in self.lines)
        return f"the log grew to {largest} MB" if largest >= MOST_WAL else ""


def megabytes(path: Path) -> float:
    """How large a file is."""
    with suppress(FileNotFoundError):
        return round(path.stat().st_size / 1e6, 2)
    return 0.0


def resident() -> float:
    """The memory that this process has, where the system says it."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * 4096 / 1e6, 1)
    return 0.0


def main(seconds: float) -> int:
    """Run and print; gives the exit status."""
    with tempfile.TemporaryDirectory() as folder, World(Path(folder)) as world:
        world.begin()
        soak = Soak(world)
        world.run(
            soak.run(seconds, lambda line: print(msgspec.json.encode(line).decode(), flush=True))
        )
        fault = soak.fault() or ("" if world.database.finding() == "ok" else "a damaged database")
        print(fault or "ok")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3600))
