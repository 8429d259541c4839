"""A process that hands presses to the bot: `python -m tests.answering FOLDER NAME`.

NAME is a file in the folder that holds the presses, one JSON array a line: when, who, team,
channel, post and choice.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from bot.events import Person, Place, Press
from tests.fakes import PLATFORM, World
from tests.small_bank import small_bank

AT_ONCE = 64
"""So many members press at the same time."""

Line = tuple[datetime, str, str, str, int, int]


def press(line: Line) -> Press:
    """What a line says."""
    at, who, team, channel, post, choice = line
    place = Place(PLATFORM, team, channel, direct=False, team=True)
    return Press(
        place=place,
        person=Person(who, who),
        at=at,
        button=f"answer:pick:{post}:{choice}:",
        message="",
    )


async def hand_over(world: World, lines: Iterator[Line]) -> None:
    """Work on the presses that are left, one after the other."""
    for line in lines:
        await world.bot.handle(press(line))


async def hand_all(world: World, lines: Iterator[Line]) -> None:
    """Have so many members at it."""
    await asyncio.gather(*(hand_over(world, lines) for _ in range(AT_ONCE)))


if __name__ == "__main__":
    folder, name = Path(sys.argv[1]), sys.argv[2]
    decode = msgspec.json.Decoder(Line).decode
    with World(folder, bank=small_bank()) as world:
        found = [decode(text) for text in (folder / name).read_bytes().splitlines()]
        world.run(hand_all(world, iter(found)))
