"""What the bank has of what it is meant to have."""

from typing import TYPE_CHECKING

import msgspec

from content.schema import KINDS, TOPICS, Kind
from content.targets import FAMILIES, LEVELS, QUESTIONS, TITLES

if TYPE_CHECKING:
    from bot.bank.bank import Bank


MARGIN = 0.04
"""How far a level's share may be from the plan."""


class Cell(msgspec.Struct, frozen=True):
    """So many are there of so many that are wanted."""

    there: int
    wanted: int

    @property
    def is_short(self) -> bool:
        """Whether some are missing."""
        return self.there < self.wanted


class Row(msgspec.Struct, frozen=True):
    """A topic: its questions by kind, all of them, and its families."""

    topic: str
    kinds: dict[Kind, Cell]
    questions: Cell
    families: Cell


class Coverage(msgspec.Struct, frozen=True):
    """Every topic, the titles that nothing covers, and how many questions each level has."""

    rows: tuple[Row, ...]
    titles: tuple[int, ...]
    levels: dict[int, int]

    @property
    def is_short(self) -> bool:
        """Whether anything is missing."""
        cells = [cell for row in self.rows for cell in (*row.kinds.values(), row.families)]
        return bool(self.titles or self.off) or any(cell.is_short for cell in cells)

    @property
    def off(self) -> tuple[int, ...]:
        """The levels whose share is further than `MARGIN` from what is wanted."""
        total = sum(self.levels.values()) or 1
        return tuple(
            level
            for level, share in LEVELS.items()
            if abs(self.levels[level] / total - share) > MARGIN
        )


def coverage(bank: "Bank") -> Coverage:
    """Count the shipped questions and families against what is wanted."""
    shipped = [source.item for source in bank.sources.values() if source.shipped]
    rows = []
    for topic in TOPICS:
        kinds = {
            kind: Cell(
                sum((item.topic, item.kind) == (topic, kind) for item in shipped),
                QUESTIONS[topic][kind],
            )
            for kind in KINDS
        }
        there = sum(cell.there for cell in kinds.values())
        wanted = sum(cell.wanted for cell in kinds.values())
        families = sum(family.topic == topic for family in bank.families.values())
        rows.append(Row(topic, kinds, Cell(there, wanted), Cell(families, FAMILIES[topic])))
    covered = {title for item in shipped for title in item.covers}
    covered |= {title for family in bank.families.values() for title in family.covers}
    levels = {level: sum(item.level == level for item in shipped) for level in (1, 2, 3)}
    return Coverage(tuple(rows), tuple(title for title in TITLES if title not in covered), levels)
