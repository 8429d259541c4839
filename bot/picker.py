"""Which question next.

The daily is drawn from a keyed hash of channel and date, so that the same bank and history
give the same question and nobody can guess it without the database's secret. Practice is
drawn with the random generator that it is given.
"""

import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from bot.bank.bank import Entry
from bot.store.dailies import Asked

FIRST_LEVELS = (1, 1, 2, 1, 2)
"""A channel's first dailies are one-tap choices of these levels."""

LEVEL_SHARES = {1: 30, 2: 45, 3: 25}
"""Per cent of the dailies at each level."""

FAMILY_RETURNS_AFTER = 30
"""Dailies of a channel before a family is asked there again."""

ONE_TAP_OF_FIVE = 3
"""Of five dailies in a row so many are answered with one press."""

TOPICS_APART = 3
"""A topic is left alone for so many dailies, where others are left."""

FEW_FRESH = 10
"""With fewer fresh questions left the manager is told."""

_SEEDS = 1_000_000


class Pick(msgspec.Struct, frozen=True):
    """A drawn question.

    `one_tap` asks for choices where the question could be typed; `fresh` is how many more
    questions are left that the channel has not had.
    """

    source: str
    level: int
    seed: int | None
    one_tap: bool
    fresh: int


def daily_rng(secret: bytes, channel_id: int, on: date) -> random.Random:
    """The only source of chance for a channel's daily of a date."""
    text = f"daily {channel_id} {on.isoformat()}".encode()
    return random.Random(hmac.new(secret, text, hashlib.sha256).digest())  # noqa: S311  # keyed


def daily(
    entries: Iterable[Entry],
    history: Sequence[Asked],
    rng: random.Random,
    *,
    topics: Collection[str] = (),
    levels: Collection[int] = (),
    without: Collection[str] = (),
) -> Pick | None:
    """Draw a channel's next daily; None when nothing can be asked.

    `topics` and `levels` are the schedule's wishes (empty: all), `without` what is open
    elsewhere in the team or cannot be evaluated. Where the wishes cannot all be met, the
    even spread of topics gives way first, then the level, then one-tap.
    """
    allowed = [
        entry
        for entry in entries
        if entry.can_daily
        and entry.id not in without
        and (not topics or entry.topic in topics)
        and (not levels or not set(levels).isdisjoint(entry.levels))
    ]
    ever = {asked.source for asked in history}
    pool = _fresh(allowed, history) or _longest_ago(allowed, history)
    if not pool:
        return None
    one_tap = _wants_one_tap(history)
    level = _level(history, rng, levels)
    recent = [asked.topic for asked in history[-TOPICS_APART:]]
    wishes: list[Callable[[Entry], bool]] = [
        lambda entry: not one_tap or entry.one_tap or (entry.family and entry.kind == "predict"),
        lambda entry: level in entry.levels,
        lambda entry: entry.topic not in recent,
        lambda entry: entry.topic not in recent[-1:],
        # A typed family is asked as choices only where no hand-written choice is left.
        lambda entry: not one_tap or entry.one_tap,
    ]
    found = _narrowed(pool, wishes)
    # Topics first, so that a topic with many questions is not asked more often.
    topic = rng.choice(sorted({entry.topic for entry in found}))
    entry = rng.choice([entry for entry in found if entry.topic == topic])
    seed = rng.randrange(_SEEDS) if entry.family else None
    fitting = [fit for fit in entry.levels if not levels or fit in levels]
    nearest = min(fitting, key=lambda fit: (abs(fit - level), fit))
    left = sum(other.family or other.id not in ever for other in pool if other != entry)
    return Pick(entry.id, nearest, seed, one_tap, left)


def _fresh(allowed: Sequence[Entry], history: Sequence[Asked]) -> list[Entry]:
    """What the channel has had as seldom as anything hand-written, and families of long ago."""
    lately = {asked.source for asked in history[-FAMILY_RETURNS_AFTER:]}
    times = Counter(asked.source for asked in history)
    seldom = min((times[entry.id] for entry in allowed if not entry.family), default=0)
    return [
        entry
        for entry in allowed
        if entry.id not in lately and (entry.family or times[entry.id] == seldom)
    ]


def _longest_ago(allowed: Sequence[Entry], history: Sequence[Asked]) -> list[Entry]:
    last = {asked.source: position for position, asked in enumerate(history)}
    half = max(1, len(allowed) // 2)
    return sorted(sorted(allowed, key=lambda entry: last.get(entry.id, -1))[:half], key=_by_id)


def _by_id(entry: Entry) -> str:
    return entry.id


def _wants_one_tap(history: Sequence[Asked]) -> bool:
    if len(history) < len(FIRST_LEVELS):
        return True
    return sum(asked.one_tap for asked in history[-4:]) < ONE_TAP_OF_FIVE


def _level(history: Sequence[Asked], rng: random.Random, wished: Collection[int]) -> int:
    """The level that is furthest behind its share; chance decides between near ones."""
    if len(history) < len(FIRST_LEVELS) and (not wished or FIRST_LEVELS[len(history)] in wished):
        return FIRST_LEVELS[len(history)]
    levels = [level for level in LEVEL_SHARES if not wished or level in wished] or [1, 2, 3]
    later = [asked.level for asked in history[len(FIRST_LEVELS) :]]
    total = sum(LEVEL_SHARES[level] for level in levels)

    def behind(level: int) -> float:
        share = LEVEL_SHARES[level] / total
        return share * (len(later) + 1) - later.count(level) + rng.random() / 2

    return max(levels, key=behind)


def _narrowed(pool: list[Entry], wishes: Sequence[Callable[[Entry], bool]]) -> list[Entry]:
    """The pool under as many wishes as leave something, the first ones first."""
    for wish in wishes:
        pool = [entry for entry in pool if wish(entry)] or pool
    return pool


def practice(  # noqa: PLR0913  # the bank, the member's past, wishes and chance
    entries: Iterable[Entry],
    rng: random.Random,
    *,
    mastery: Mapping[str, tuple[int, int]],
    recent: Sequence[tuple[str, str]],
    due: Sequence[str] = (),
    topic: str = "",
    level: int = 0,
    without: Collection[str] = (),
) -> Pick | None:
    """Draw a member's next practice question: what is due first, then weak topics more often.

    `mastery` is topic → (answers, right ones); `recent` the last sources and topics, newest
    first. The topic of the last question is not drawn again unless it is asked for.
    """
    allowed = {
        entry.id: entry
        for entry in entries
        if entry.id not in without
        and (not topic or entry.topic == topic)
        and (not level or level in entry.levels)
    }
    last_source, last_topic = recent[0] if recent else ("", "")
    waiting = [allowed[source] for source in due if source in allowed]
    if waiting:
        apart = [entry for entry in waiting if entry.topic != last_topic]
        return _practised((apart or waiting)[0], level, rng)
    lately = {source for source, _ in recent}
    wishes: list[Callable[[Entry], bool]] = [
        lambda entry: bool(topic) or entry.topic != last_topic,
        lambda entry: entry.family or entry.id not in lately,
        lambda entry: entry.id != last_source,
    ]
    pool = _narrowed(list(allowed.values()), wishes)
    if not pool:
        return None
    topics = sorted({entry.topic for entry in pool})
    drawn = rng.choices(topics, [_weakness(mastery.get(name, (0, 0))) for name in topics])[0]
    return _practised(rng.choice([entry for entry in pool if entry.topic == drawn]), level, rng)


def _weakness(answered_right: tuple[int, int]) -> float:
    """How much a topic needs practice: 1 when untouched, down to 0.2 when mastered."""
    answered, right = answered_right
    return 1.2 - (right + 1) / (answered + 2) if answered else 1.0


def _practised(entry: Entry, level: int, rng: random.Random) -> Pick:
    asked = level or (rng.choice(entry.levels) if entry.family else entry.level)
    seed = rng.randrange(_SEEDS) if entry.family else None
    return Pick(entry.id, asked, seed, one_tap=False, fresh=0)
