"""Which question comes next, in a channel and in practice."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import picker
from bot.bank.bank import Entry
from bot.picker import Pick
from bot.store.dailies import Asked
from content.schema import TOPICS, Kind

SECRET = b"s" * 32
START = date(2026, 3, 2)
NAMES = list(TOPICS)
YEAR = 300
"""Dailies of a bit more than a year of working days."""

KINDS: tuple[Kind, ...] = (
    *("single",) * 70, *("bug",) * 26, *("several",) * 28, *("predict",) * 56,
)  # fmt: skip
FAMILIES = 82


def entry(ident: str, topic: str = "linalg", level: int = 1, kind: Kind = "single",
          *, family: bool = False) -> Entry:  # fmt: skip
    """An entry of the bank; a family has its level and those beside it."""
    levels = tuple(near for near in (1, 2, 3) if abs(near - level) < 2) if family else (level,)
    one_tap = kind in {"single", "bug"} and not family
    return Entry(id=ident, topic=topic, level=level, levels=levels, kind=kind, family=family,
                 title="", one_tap=one_tap)  # fmt: skip


@cache
def bank() -> tuple[Entry, ...]:
    """262 entries that can be a daily, 82 of them families, as many of each kind as planned."""
    rng = random.Random(1)
    kinds = [*KINDS, *["predict"] * FAMILIES]
    levels = rng.choices([1, 2, 3], [30, 45, 25], k=len(kinds))
    return tuple(
        entry(f"e{number:03}", NAMES[number % 16], level, kind, family=number >= len(KINDS))  # type: ignore[arg-type]  # kinds are Kinds
        for number, (kind, level) in enumerate(zip(kinds, levels, strict=True))
    )


def asked(entries: Sequence[Entry], pick: Pick) -> Asked:
    """What a channel remembers of a pick."""
    found = next(entry for entry in entries if entry.id == pick.source)
    as_choices = pick.one_tap and found.family and found.kind == "predict"
    return Asked(found.id, found.topic, pick.level, found.one_tap or as_choices)


def run(
    entries: Sequence[Entry], count: int, channel: int = 1, secret: bytes = SECRET, **wishes: object
) -> list[Asked]:
    """A channel's first dailies."""
    history: list[Asked] = []
    for number in range(count):
        rng = picker.daily_rng(secret, channel, START + timedelta(days=number))
        pick = picker.daily(entries, history, rng, **wishes)  # type: ignore[arg-type]  # as named
        assert pick
        history.append(asked(entries, pick))
    return history


channels = pytest.mark.parametrize("channel", range(1, 6))


class TestDaily:
    """A channel's question of the day."""

    @channels
    def test_the_first_five_are_one_tap_and_grow(self, channel: int) -> None:
        """Levels 1, 1, 2, 1, 2, each answered by one press."""
        first = run(bank(), 5, channel)
        assert [1, 1, 2, 1, 2] == [one.level for one in first]
        assert all(one.one_tap for one in first)

    @channels
    def test_later_three_in_five_are_one_tap(self, channel: int) -> None:
        """Every five dailies in a row hold at least three of one press."""
        history = run(bank(), YEAR, channel)
        fives = [history[at : at + 5] for at in range(YEAR - 4)]
        assert 3 <= min(sum(one.one_tap for one in five) for five in fives)
        assert not all(one.one_tap for one in history)

    @channels
    def test_topics_interleave(self, channel: int) -> None:
        """No topic comes again within three dailies, and every topic gets its turn."""
        topics = [one.topic for one in run(bank(), YEAR, channel)]
        near = [topic in topics[max(0, at - 3) : at] for at, topic in enumerate(topics)]
        assert 2 >= sum(near)
        assert all(one != two for one, two in pairwise(topics))
        assert set(TOPICS) == set(topics)
        assert 3 * min(Counter(topics).values()) > max(Counter(topics).values())

    @channels
    def test_levels_run_30_45_25(self, channel: int) -> None:
        """Over a long run the levels have their shares, also in each part of it."""
        for part in (slice(5, None), slice(5, 105), slice(200, 300)):
            levels = [one.level for one in run(bank(), YEAR, channel)][part]
            shares = {level: 100 * levels.count(level) / len(levels) for level in (1, 2, 3)}
            assert pytest.approx({1: 30, 2: 45, 3: 25}, abs=4) == shares

    @channels
    def test_nothing_hand_written_repeats_and_families_take_their_time(self, channel: int) -> None:
        """In a year no hand-written question comes twice, no family within thirty dailies."""
        families = {entry.id for entry in bank() if entry.family}
        sources = [one.source for one in run(bank(), YEAR, channel)]
        written = [source for source in sources if source not in families]
        assert len(set(written)) == len(written)
        for at, source in enumerate(sources):
            assert source not in sources[max(0, at - 30) : at]
        assert len(set(sources)) < len(sources)

    def test_all_of_the_hand_written_ones_come_before_any_comes_again(self) -> None:
        """Used up, they start over, and the one that was just asked does not come first."""
        entries = [entry(f"q{n:02}", NAMES[n % 16], 1 + n % 3) for n in range(60)]
        entries += [entry(f"f{n:02}", NAMES[n % 16], 2, "predict", family=True) for n in range(40)]
        sources = [one.source for one in run(entries, 260) if one.source.startswith("q")]
        assert 60 == len(set(sources[:60]))
        assert len(sources) > 90
        counts = Counter(sources).values()
        assert max(counts) - min(counts) <= 1
        assert all(sources[at] not in sources[at - 9 : at] for at in range(9, len(sources)))

    def test_a_used_up_bank_asks_the_oldest_again(self) -> None:
        """Even a bank of five goes on, and never asks the same question twice running."""
        entries = [entry(f"q{number}", NAMES[number]) for number in range(5)]
        sources = [one.source for one in run(entries, 30)]
        assert 5 == len(set(sources[:5]))
        assert all(one != two for one, two in pairwise(sources))

    def test_the_same_draw_for_the_same_day_another_for_another(self) -> None:
        """Secret, channel and date decide, and nothing else."""
        picks = {
            tuple(one.source for one in run(bank(), 20, channel, secret))
            for channel in (1, 2)
            for secret in (SECRET, b"t" * 32)
        }
        assert 4 == len(picks)
        assert run(bank(), 20) == run(bank(), 20)
        days = [picker.daily_rng(SECRET, 1, START + timedelta(days=n)).random() for n in range(9)]
        assert 9 == len(set(days))

    @pytest.mark.parametrize("levels", [(3,), (1, 3), (2,)])
    def test_the_schedules_topics_and_levels_are_kept(self, levels: tuple[int, ...]) -> None:
        """Only what the schedule asks for, from the first question on."""
        found = run(bank(), 60, topics=("linalg", "floats"), levels=levels)
        assert {"linalg", "floats"} == {one.topic for one in found}
        assert set(levels) == {one.level for one in found}

    @given(st.sets(st.integers(0, 261)), st.integers(0, 40))
    @settings(max_examples=40)
    def test_what_is_withheld_is_never_picked(self, numbers: set[int], day: int) -> None:
        """Open elsewhere, open questions and expressions are no dailies; then there is none."""
        without = {bank()[number].id for number in numbers}
        rng = picker.daily_rng(SECRET, 1, START + timedelta(days=day))
        pick = picker.daily(bank(), (), rng, without=without)
        assert pick is None if len(without) == 262 else pick and pick.source not in without

    def test_how_many_are_left_is_counted_after_the_pick(self) -> None:
        """The last fresh question leaves none, and so does every one after it."""
        entries = [entry(f"q{number}", NAMES[number]) for number in range(3)]
        history: list[Asked] = []
        left = []
        for number in range(5):
            pick = picker.daily(entries, history, random.Random(number))
            assert pick
            left.append(pick.fresh)
            history.append(asked(entries, pick))
        assert [2, 1, 0, 0, 0] == left

    def test_no_open_question_becomes_a_daily(self) -> None:
        """What the bank marks as unfit for a daily is left out."""
        talk = entry("talk")
        unfit = [Entry(**{name: getattr(talk, name) for name in talk.__struct_fields__}
                       | {"can_daily": False})]  # fmt: skip
        assert picker.daily(unfit, (), random.Random(1)) is None


def practised(count: int, **given: object) -> list[str]:
    """The topics of a round of practice."""
    recent: list[tuple[str, str]] = []
    rng = random.Random(4)
    for _ in range(count):
        pick = picker.practice(bank(), rng, recent=recent[:30], **{"mastery": {}, **given})  # type: ignore[arg-type]  # as named
        assert pick
        topic = next(entry.topic for entry in bank() if entry.id == pick.source)
        recent.insert(0, (pick.source, topic))
    return [topic for _, topic in recent]


class TestPractice:
    """A member's next question."""

    def test_what_is_due_comes_first(self) -> None:
        """The longest due review, though another topic is weaker; withheld ones wait."""
        due = ["e005", "e006"]
        rng = random.Random(1)
        weak = {"linalg": (20, 0)}
        first = picker.practice(bank(), rng, mastery=weak, recent=(), due=due)
        second = picker.practice(bank(), rng, mastery=weak, recent=(), due=due, without={"e005"})
        third = picker.practice(bank(), rng, mastery={}, recent=(), due=due, topic=NAMES[6])
        assert ["e005", "e006", "e006"] == [pick.source for pick in (first, second, third) if pick]

    def test_reviews_of_one_topic_do_not_come_in_a_row_where_there_are_others(self) -> None:
        """The longest due one of another topic goes first, and without one the longest due."""
        due = ["e005", "e021", "e006"]
        for waiting, expected in ((due, "e006"), (due[:2], "e005")):
            pick = picker.practice(
                bank(), random.Random(1), mastery={}, recent=[("e037", NAMES[5])], due=waiting
            )
            assert pick
            assert expected == pick.source

    def test_a_topic_never_comes_twice_running(self) -> None:
        """Two hundred questions, no topic twice in a row, however weak it is."""
        topics = practised(200, mastery={"linalg": (50, 0)})
        assert all(one != two for one, two in pairwise(topics))

    def test_a_topic_that_is_asked_for_stays(self) -> None:
        """Asked for one topic, all questions are of it, also when all have been seen."""
        assert {"floats"} == set(practised(60, topic="floats"))

    def test_the_other_topics_come_though_they_were_just_seen(self) -> None:
        """Where all else was seen lately, an old question of another topic is still better."""
        entries = [entry("a", "linalg"), entry("b", "floats"), entry("c", "floats")]
        for seed in range(10):
            pick = picker.practice(
                entries, random.Random(seed), mastery={}, recent=[("b", "floats"), ("a", "linalg")]
            )
            assert pick
            assert "a" == pick.source

    def test_weak_topics_come_more_often(self) -> None:
        """A topic with misses comes several times as often as one that is mastered."""
        mastery = dict.fromkeys(NAMES, (40, 40)) | {"linalg": (40, 2)}
        counts = Counter(practised(600, mastery=mastery))
        assert counts["linalg"] > 3 * counts["floats"] > 0

    def test_a_level_is_kept(self) -> None:
        """Asked for hard ones, families draw hard instances too."""
        rng = random.Random(5)
        picks = [picker.practice(bank(), rng, mastery={}, recent=(), level=3) for _ in range(50)]
        assert {3} == {pick.level for pick in picks if pick}

    def test_families_draw_fresh_numbers(self) -> None:
        """The same family asked again has another seed; a hand-written question has none."""
        rng = random.Random(5)
        family = [entry("f", kind="predict", family=True)]
        seeds = {
            pick.seed
            for _ in range(20)
            if (pick := picker.practice(family, rng, mastery={}, recent=()))
        }
        assert 20 == len(seeds)
        written = picker.practice([entry("q")], rng, mastery={}, recent=())
        assert written
        assert written.seed is None

    def test_nothing_fits(self) -> None:
        """Without a question of the topic there is no pick."""
        assert (
            picker.practice([entry("q")], random.Random(1), mastery={}, recent=(), topic="data")
            is None
        )
