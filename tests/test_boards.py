"""Leaderboards: periods, scopes, ties, one's own rank, who left, and sharing."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.events import Card, Show, Table
from bot.markup import words
from bot.model import Board, Mark, PostKind, Question
from bot.store import answers, boards, dailies, posts, questions
from bot.store.dailies import Daily
from bot.store.sqlite import Connection
from tests.fakes import World, button, card, cards, some_of
from tests.reference import check_boards, check_recomputation

EASY, MEDIUM = "list-times-two", "row-plus-equals-column"
PEOPLE = ("Bea", "Cem", "Dan", "Eve", "Fay")


@pytest.fixture
def simple(tmp_path: Path) -> Iterator[World]:
    """A team whose daily is always the same one, worth ten points."""
    with World(tmp_path, bank=some_of(EASY)) as world:
        yield world


def lines(found: Card) -> list[tuple[str, ...]]:
    """The rows of a board."""
    return [row for block in found.blocks if isinstance(block, Table) for row in block.rows]


def board(world: World, who: str, text: str = "") -> list[tuple[str, ...]]:
    """The rows of a board that somebody asks for."""
    return lines(card(world.say(who, f"leaderboard {text}")))


def test_weeks_begin_on_monday_and_months_on_the_first(simple: World) -> None:
    """A board holds the dailies of its calendar week or month, or all there were."""
    simple.answer("Bea", simple.begin())
    simple.wait(days=7)
    simple.tick()
    simple.answer("Cem", simple.daily_of())
    bea, cem, dan = ("1", "Bea", "10"), ("1", "Cem", "10"), ("1", "Dan", "10")
    assert [cem] == board(simple, "Bea")
    assert [bea, cem] == board(simple, "Bea", "month")
    simple.wait(days=23)
    simple.tick()
    simple.answer("Dan", simple.daily_of())
    assert [dan] == board(simple, "Bea", "month") == board(simple, "Bea", "month team")
    assert [bea, cem, dan] == board(simple, "Bea", "all") == board(simple, "Bea", "team all")


def test_ties_share_a_rank_and_are_listed_by_name(simple: World) -> None:
    """Whoever comes after them has the rank of their number: 1, 1, 3."""
    post = simple.begin()
    simple.press("Abe", f"card:hint:{post.id}")
    for who in ("eve", "Dan", "Abe"):
        simple.answer(who, post)
    expected = [("1", "Dan", "10"), ("1", "eve", "10"), ("3", "Abe", "5")]
    assert expected == board(simple, "Abe")


def test_everybody_sees_their_own_rank_below_the_top_ten(simple: World) -> None:
    """Even the 57th; whoever has no points is told so."""
    post = simple.begin()
    for number in range(56):
        simple.answer(f"Member {number:02}", post)
    simple.press("Zoe", f"card:hint:{post.id}")
    simple.answer("Zoe", post)
    found = card(simple.say("Zoe", "leaderboard"))
    assert [("1", f"Member {number:02}", "10") for number in range(10)] == lines(found)
    assert "You: 57th of 57, 5 points" in words(found)
    assert "You:" not in words(card(simple.say("Member 03", "leaderboard")))
    assert "You have no points here yet." in words(card(simple.say("Ada", "leaderboard")))


def test_members_who_left_are_on_no_board(simple: World) -> None:
    """They go on earning, see a line about it, and can come back."""
    post = simple.begin()
    for who in ("Bea", "Cem"):
        simple.answer(who, post)
    left = card(simple.press("Bea", button(card(simple.say("Bea", "privacy")), "Leave")))
    for text in ("", "month", "all", "team", "all team"):
        assert [("1", "Cem", "10")] == board(simple, "Cem", text)
    assert "You left the leaderboards." in words(card(simple.say("Bea", "leaderboard")))
    assert "10 points here" in words(card(simple.say("Bea", "me")))
    simple.press("Bea", button(left, "Come back"))
    assert [("1", "Bea", "10"), ("1", "Cem", "10")] == board(simple, "Cem")


def test_a_board_is_shared_once(simple: World) -> None:
    """All see the top without anybody's own line, and the private card loses its button."""
    post = simple.begin()
    assert () == card(simple.say("Bea", "leaderboard")).buttons
    simple.answer("Cem", post)
    private = card(simple.say("Bea", "leaderboard month team"))
    replies = simple.press("Bea", button(private, "Share"))
    assert ["replace", "public"] == [reply.to for reply in replies if isinstance(reply, Show)]
    mine, everybodys = cards(replies)
    assert () == mine.buttons == everybodys.buttons
    assert private.title == mine.title == everybodys.title
    assert "You have no points here yet." in words(mine)
    assert "You" not in words(everybodys)
    assert [("1", "Cem", "10")] == lines(everybodys)


@pytest.mark.parametrize("easy_first", [True, False])
def test_the_best_daily_of_a_day_counts_for_the_team(tmp_path: Path, *, easy_first: bool) -> None:
    """Each channel counts its own; practice is added to both."""
    with World(tmp_path, bank=some_of(EASY, MEDIUM, "a-small-determinant")) as world:
        here, there = world.place(), world.place("random")
        world.schedule("09:00 UTC daily levels medium", there)
        easy = world.begin("09:00 UTC daily levels easy", here)
        asked = [(easy, here), (world.daily_of(there), there)]
        assert [1, 2] == [post.question.level for post, _ in asked]
        for post, place in asked if easy_first else reversed(asked):
            world.answer("Bea", post, place=place)
        world.answer("Bea", world.study("Bea", "a-small-determinant", there), place=there)
        assert [("1", "Bea", "10")] == board(world, "Bea")
        assert [("1", "Bea", "26")] == lines(card(world.say("Bea", "leaderboard", there)))
        assert [("1", "Bea", "26")] == board(world, "Bea", "team")
        world.wait(days=1)
        world.tick()
        world.answer("Bea", world.daily_of(there), place=there)
        assert [("1", "Bea", "46")] == board(world, "Bea", "team")


def test_a_withdrawn_daily_gives_everyone_its_full_points(simple: World) -> None:
    """Right, wrong or with a hint; the boards are those of the answers as they are then."""
    post = simple.begin()
    simple.press("Cem", f"card:hint:{post.id}")
    for who, right in (("Bea", False), ("Cem", True), ("Dan", True)):
        simple.answer(who, post, right=right)
    simple.say("Ada", "schedule void")
    assert [("1", who, "10") for who in ("Bea", "Cem", "Dan")] == board(simple, "Bea")
    check_boards(simple)
    check_recomputation(simple)


@pytest.mark.parametrize("seed", range(5))
def test_boards_equal_what_the_answers_say(world: World, seed: int) -> None:
    """Totals kept along the way equal those made anew, after answers of any points and days."""
    rng = random.Random(seed)
    places = [world.place(), world.place("random"), world.place("dm", direct=True)]
    for who in PEOPLE:
        for place in places:
            world.say(who, "help", place)
    world.press("Eve", "replace:hide:1")
    question = world.study("Bea", EASY).question
    for number in range(60):
        world.wait(hours=rng.randrange(30))
        _answer_anything(world, rng, question, date(2027, 1, 1) + timedelta(days=number))
    check_boards(world)
    check_recomputation(world)


def _answer_anything(world: World, rng: random.Random, question: Question, on: date) -> None:
    """Store an answer that has any points, in any place, to a post of its own.

    It is the daily `on` that date where it is a daily.
    """
    tenant, channel, direct = rng.choice(world.rows("SELECT tenant_id, id, direct FROM channels"))
    (member,) = rng.choice(world.rows("SELECT id FROM members"))
    kind: PostKind = "practice" if direct else rng.choice(("daily", "practice", "together"))
    board: Board = "none" if kind == "together" else ("team" if direct else "channel")
    points, now = rng.choice((0, 1, 2, 5, 10, 20, 30)), world.now

    def store(conn: Connection) -> None:
        asked = questions.snapshot(question)
        if kind == "daily":
            daily = Daily(tenant, channel, on, asked, one_tap=False, closes_at=now)
            ident = dailies.add(conn, [daily], now)[0] or 0
        else:
            ident = posts.add(conn, asked, kind, tenant_id=tenant, channel_id=channel, now=now)
        post = posts.must_get(conn, ident)
        answers.add(
            conn, post, member, Mark("right"), day=now.date(), now=now, points=points,
            hinted=False, board=board, text="",
        )  # fmt: skip
        boards.add(
            conn, tenant_id=tenant, channel_id=channel, member_id=member, kind=kind,
            day=now.date(), points=points, board=board,
        )  # fmt: skip

    world.database.write(store).result()
