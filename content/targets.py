"""How large the bank is meant to be: questions of each kind, and families, for each topic."""

from content.schema import KINDS, TOPICS, Kind, Level

_COUNTS: dict[str, tuple[int, ...]] = {
    # single, several, predict, expression, bug, open, families
    "fundamentals": (6, 2, 3, 3, 1, 3, 3),
    "dtypes": (6, 3, 6, 1, 3, 1, 7),
    "indexing": (3, 1, 4, 4, 1, 0, 5),
    "fancy": (4, 2, 4, 5, 2, 0, 8),
    "memory": (6, 3, 5, 2, 3, 3, 8),
    "shapes": (4, 1, 5, 6, 1, 1, 8),
    "broadcasting": (3, 2, 4, 5, 1, 1, 5),
    "ufuncs": (5, 2, 2, 3, 4, 4, 3),
    "reductions": (5, 1, 5, 5, 2, 1, 5),
    "sorting": (3, 1, 4, 6, 1, 0, 7),
    "linalg": (5, 2, 4, 6, 1, 2, 7),
    "random": (4, 1, 2, 2, 1, 2, 3),
    "floats": (4, 2, 3, 2, 1, 2, 4),
    "data": (5, 2, 2, 2, 1, 4, 3),
    "applications": (2, 1, 1, 5, 2, 5, 2),
    "ecosystem": (5, 2, 2, 1, 1, 1, 2),
}

QUESTIONS: dict[str, dict[Kind, int]] = {
    topic: dict(zip(KINDS, _COUNTS[topic], strict=False)) for topic in TOPICS
}
"""Hand-written questions wanted, by topic and kind."""

FAMILIES: dict[str, int] = {topic: _COUNTS[topic][-1] for topic in TOPICS}
"""Families wanted, by topic."""

LEVELS: dict[Level, float] = {1: 0.30, 2: 0.45, 3: 0.25}
"""The share of the hand-written questions wanted at each level."""

TITLES = range(1, 71)
"""The interview questions that everybody knows; each is covered by one of ours at least."""
