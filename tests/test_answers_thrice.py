"""Every answer delivered three times, in any order, by two processes: boards count each once.

The whole run of ten thousand: `ANSWERS=10000 pytest -m "proof or not proof"
tests/test_answers_thrice.py`.
"""

import math
import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bot.model import Post
from tests.answering import Line
from tests.fakes import World, card
from tests.reference import check_boards, check_recomputation, check_streaks
from tests.small_bank import small_bank

ANSWERS = int(os.environ.get("ANSWERS", "2000"))
PLACES = [(f"t{number // 2}", f"c{number}") for number in range(6)]
"""Three teams of two channels each: a member's better daily of a day counts for the team."""

DAYS = 14


def answers_of(world: World, count: int, rng: random.Random) -> list[Line]:
    """Every member's answers to two weeks of dailies and practice, in the channels of all."""
    lines: list[Line] = []
    members = [f"m{number}" for number in range(math.ceil(count / (2 * DAYS * len(PLACES))))]

    def answer(who: str, team: str, channel: str, post: Post) -> None:
        choice = rng.randrange(len(post.question.choices))
        lines.append((world.now, who, team, channel, post.id, choice))

    for team, channel in PLACES:
        world.schedule(place=world.place(channel, team))
    world.wait(hours=1)
    for _ in range(DAYS):
        world.tick()
        for team, channel in PLACES:
            place = world.place(channel, team)
            daily = world.daily_of(place)
            for who in members:
                answer(who, team, channel, daily)
                answer(who, team, channel, world.asked(card(world.say(who, "quiz", place))))
        world.wait(days=1)
    for team, channel in PLACES:
        world.say("Ada", "schedule off", world.place(channel, team))
    world.wait(days=4)
    world.tick()  # nothing is open any more, so that no practice has to wait for it
    return rng.sample(lines, count)


def deliver(folder: Path, lines: list[Line], rng: random.Random) -> None:
    """Deliver each line three times, by two processes."""
    parts: list[list[Line]] = [[], []]
    thrice = lines * 3
    rng.shuffle(thrice)
    for line in thrice:
        rng.choice(parts).append(line)
    running = []
    for number, part in enumerate(parts):
        (folder / f"part{number}").write_bytes(b"\n".join(map(msgspec.json.encode, part)))
        command = [sys.executable, "-m", "tests.answering", str(folder), f"part{number}"]
        running.append(subprocess.Popen(command))
    assert [0, 0] == [process.wait() for process in running]


@pytest.mark.parametrize("count", [200, pytest.param(ANSWERS, marks=pytest.mark.proof)])
def test_answers_that_come_three_times_count_once(tmp_path: Path, count: int) -> None:
    """Boards, totals and streaks are those of a recomputation from one answer each."""
    rng = random.Random(1)
    with World(tmp_path, bank=small_bank()) as world:
        lines = answers_of(world, count, rng)
        end = world.now
    deliver(tmp_path, lines, rng)
    with World(tmp_path, bank=small_bank(), now=end) as world:
        assert [(count, count)] == world.rows(
            "SELECT count(*), count(DISTINCT post_id || ' ' || member_id) FROM answers"
        )
        check_boards(world)
        check_streaks(world)
        check_recomputation(world)
        assert "ok" == world.database.finding()
