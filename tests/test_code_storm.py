"""Many answers in code at once, while others answer the daily; and a long run of hostile ones.

The whole run of the fuzz: `FUZZ=100000 pytest -m proof tests/test_code_storm.py`.
"""

import asyncio
import contextlib
import os
import random
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from bot.events import Event, FormSubmit, Invalid, Person, Place, Press, Reply
from bot.sandbox.gate import check, tidy
from bot.sandbox.job import Job
from bot.sandbox.refusal import Refusal
from bot.sandbox.turns import EACH as AT_A_TIME
from tests.boxes import INPUTS, A, alive, opened
from tests.fakes import PLATFORM, World, some_of
from tests.hostile import corpus
from tests.test_gate import mutated, rules_of

CODE, CHOICE = "make-it-a-column", "list-times-two"
MEMBERS, EACH = 50, 20
FUZZ = int(os.environ.get("FUZZ", "2000"))
MARKER = Path("/tmp/npq_pwned")  # noqa: S108  # what hostile lines aim at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


class Crowd:
    """Everybody at once; seconds that each waited, by what they did."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.waits: dict[str, list[float]] = {"code": [], "daily": []}
        self.graded: dict[str, int] = {}
        self.told: list[str] = []
        self._place = Place(PLATFORM, "team", "numpy")

    async def code(self, who: str, post: int) -> None:
        """One answer in code of several that somebody sends at once."""
        form, fields = f"form:answer:{post}:", {"text": ("x.T",)}
        replies = await self._timed("code", FormSubmit, who, form=form, fields=fields)
        if isinstance(replies[0], Invalid):
            self.told.append(replies[0].note)
        else:
            self.graded[who] = self.graded.get(who, 0) + 1

    async def daily(self, who: str, post: int) -> None:
        """A press on the daily."""
        await self._timed("daily", Press, who, button=f"answer:pick:{post}:0:")

    async def _timed(
        self, what: str, make: type[FormSubmit | Press], who: str, **rest: object
    ) -> list[Reply]:
        begun = perf_counter()
        person, at = Person(who.lower(), who), self._world.now
        event: Event = make(place=self._place, person=person, at=at, **rest)  # type: ignore[arg-type]
        replies = await self._world.bot.handle(event)
        self.waits[what].append(perf_counter() - begun)
        return replies


def usual(world: World, post: int) -> float:
    """Seconds that a press on the daily takes while nobody else does anything."""
    crowd = Crowd(world)
    for number in range(20):
        world.run(crowd.daily(f"early{number}", post))
    return max(crowd.waits["daily"])


@pytest.mark.proof
def test_fifty_members_send_a_thousand_answers_at_once(tmp_path: Path) -> None:
    """Nobody waits for two seconds, each has had some run, and the daily's buttons are as ever."""
    with World(tmp_path, bank=some_of(CODE, CHOICE)) as world:
        daily = world.begin("09:00 UTC daily topics fundamentals").id
        world.run(world.desk.sandbox.open(quick=True))
        members = [f"member{number}" for number in range(MEMBERS)]
        posts = {who: world.study(who, CODE).id for who in members}
        usually = usual(world, daily)
        crowd = Crowd(world)

        async def everybody() -> None:
            sent = [crowd.code(who, posts[who]) for who in members for _ in range(EACH)]
            pressed = [later(crowd.daily(f"late{n}", daily), n * 0.01) for n in range(30)]
            await asyncio.gather(*sent, *pressed)

        world.run(everybody())
        world.desk.sandbox.close()
    assert MEMBERS * EACH == len(crowd.waits["code"])
    assert max(crowd.waits["code"]) < 2
    assert set(members) == set(crowd.graded)
    assert min(crowd.graded.values()) >= AT_A_TIME  # whoever is done early may send more
    assert all("Your last answers are still being run" in note for note in crowd.told)
    assert sorted(crowd.waits["daily"])[len(crowd.waits["daily"]) // 2] < max(10 * usually, 0.25)


async def later(work: object, seconds: float) -> None:
    """Do something a moment later."""
    await asyncio.sleep(seconds)
    await work  # type: ignore[misc]  # a coroutine


@pytest.mark.proof
def test_hostile_lines_turned_around_go_through_all_layers() -> None:
    """What the gate lets through is run, and what it does not is run without it: all holds."""
    chance = random.Random(FUZZ)
    lines = corpus()
    quick = [line for line in lines if "limits" not in line.expect]
    with opened() as box:
        zygote = box.zygote
        for number in range(FUZZ):
            line = chance.choice(quick)
            source = mutated(line.source, chance)
            gate = bool(number % 2)
            if gate:
                source = tidy(source)
                try:
                    check(source, rules_of(line))
                except Refusal:
                    continue
            inputs = {"a": A.copy()} if line.steps else dict(INPUTS)
            with contextlib.suppress(UnicodeEncodeError):  # a lone half of a character
                job = Job(source, [inputs], line.steps, open=not gate)
                box.wait(box.sandbox.run(job, number))
            assert not MARKER.exists(), source
            assert np.array_equal(A, np.arange(12.0).reshape(3, 4))
        assert 66.0 == box.value("a.sum()")
        assert (zygote, True) == (box.zygote, alive(zygote))
