"""Posting early, withdrawing a faulty question, and running out of questions."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.errors import RetryAfter
from bot.events import Command, Person, Reply, Show
from bot.markup import words
from bot.ports import Address
from bot.quiz import manage
from bot.quiz.manage import NOTHING_FITS
from bot.store import boards, runs
from tests.fakes import World, card, shown
from tests.small_bank import small_bank

NINE = 9


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at eight; the channel's daily comes at nine every day."""
    with World(tmp_path, bank=small_bank()) as world:
        world.schedule()
        yield world


def said(replies: list[Reply]) -> str:
    """Everything that was replied, in words."""
    return "\n".join(words(reply.card) for reply in replies if isinstance(reply, Show))


def ask(world: World) -> None:
    """Let the next daily come."""
    days = 0 if world.now.hour < NINE else 1
    world.wait(days=days)
    world.now = world.now.replace(hour=NINE)
    world.tick()


def points(world: World) -> dict[str, int]:
    """The channel's board of all time."""
    found = boards.ranking(world.database.read, "channel", 1, "", 0)
    return {line.name: line.points for line in found.top}


def streak(world: World, who: str) -> int:
    """How many dailies in a row a member has answered."""
    ((member,),) = world.rows("SELECT id FROM members WHERE name = ?", who)
    return runs.current(world.database.read, 1, member, world.now).current


class TestNow:
    """`schedule now` posts the day's question early, once."""

    def test_a_date_is_asked_once(self, world: World) -> None:
        """Early, early again, and at its own time: one question, and tomorrow the next."""
        assert "on its way" in said(world.say("Ada", "schedule now"))
        world.tick()
        assert "here already" in said(world.say("Ada", "schedule now"))
        world.wait(hours=1)
        world.tick()
        assert [(1, "2026-03-02")] == world.rows("SELECT number, date FROM posts")
        world.wait(hours=23, minutes=59)
        world.tick()
        assert 1 == world.daily_of().number
        world.wait(minutes=1)
        world.tick()
        assert (2, date(2026, 3, 3)) == (world.daily_of().number, world.daily_of().date)

    def test_an_early_question_is_not_previewed_again(self, world: World) -> None:
        """What was posted early does not come again."""
        world.say("Ada", "schedule now")
        assert "2026-03-02" not in said(world.say("Ada", "schedule preview")).split(" → ")[0]

    def test_a_paused_plan_stays_paused(self, world: World) -> None:
        """A question in between does not switch the daily on."""
        world.say("Ada", "schedule pause")
        world.say("Ada", "schedule now")
        world.wait(days=3)
        world.tick()
        assert 1 == world.daily_of().number

    def test_a_change_while_the_question_was_made_is_kept(self, world: World) -> None:
        """Who pauses the daily while another manager posts early has paused it."""
        asked = world.desk.question

        async def slow(*given: object) -> object:
            await world.bot.handle(
                Command(
                    place=world.place(),
                    person=Person("ada", "Ada"),
                    at=world.now,
                    text="schedule pause",
                )
            )
            return await asked(*given)  # type: ignore[arg-type]  # handed on

        world.desk.question = slow  # type: ignore[method-assign, assignment]  # for this test
        assert "on its way" in said(world.say("Ada", "schedule now"))
        assert [("paused", None)] == world.rows("SELECT state, next_date FROM schedules")

    def test_a_plan_that_no_question_fits_says_so(self, tmp_path: Path) -> None:
        """Without a question for the topics there is a way out, and no post."""
        with World(tmp_path, bank=small_bank(3)) as world:
            world.schedule("09:00 UTC daily topics linalg")
            assert shown(NOTHING_FITS) == said(world.say("Ada", "schedule now"))
            assert [] == world.rows("SELECT * FROM posts")

    def test_an_unknown_question_is_sent_again_only_while_it_is_open(self, world: World) -> None:
        """`repost` has nothing to do for what arrived, was never there or has closed."""
        nothing = "There is nothing to post again"
        assert nothing in said(world.say("Ada", "schedule repost"))
        ask(world)
        assert nothing in said(world.say("Ada", "schedule repost"))
        for state in ("unknown", "failed"):
            world.database.write(
                lambda c: c.execute("UPDATE outbox SET state = ?", (state,))  # noqa: B023  # at once
            ).result()
            assert "on its way again" in said(world.say("Ada", "schedule repost"))
        world.database.write(lambda c: c.execute("UPDATE outbox SET state = 'unknown'")).result()
        world.say("Ada", "schedule off")
        world.wait(days=1)
        world.tick()
        assert nothing in said(world.say("Ada", "schedule repost"))


class TestVoid:
    """`schedule void` withdraws a faulty question."""

    def test_everyone_who_answered_gets_full_points(self, world: World) -> None:
        """Right, wrong and hinted alike; who did not answer gets none, the boards are right."""
        ask(world)
        post = world.daily_of()
        world.answer("Bea", post)
        world.answer("Cem", post, right=False)
        world.press("Dan", f"card:hint:{post.id}")
        world.answer("Dan", post, right=False)
        world.say("Eva", "help")
        full = 10 * post.question.level
        assert {"Bea": full} == points(world)
        assert "withdrawn" in said(world.say("Ada", "schedule void"))
        assert {"Bea": full, "Cem": full, "Dan": full} == points(world)
        for board in ("channel", "team"):
            found = world.rows(
                f"SELECT span, sum(points) FROM {board}_totals GROUP BY 1 ORDER BY 1"
            )
            assert [("", 3 * full), ("2026-03", 3 * full), ("2026-03-02", 3 * full)] == found

    def test_no_streak_breaks(self, world: World) -> None:
        """A daily that was missed and then withdrawn counts for nobody."""
        for missed in (False, True, False):
            ask(world)
            if not missed:
                world.answer("Bea", world.daily_of())
                continue
            world.answer("Cem", world.daily_of(), right=False)
            world.wait(hours=1)
            world.say("Ada", "schedule void")
        assert (2, 1) == (streak(world, "Bea"), streak(world, "Cem"))

    @pytest.mark.parametrize("closed", [True, False])
    def test_the_message_says_so(self, world: World, *, closed: bool) -> None:
        """The question's message is edited, even where it has shown its answer already."""
        ask(world)
        world.answer("Bea", world.daily_of())
        if closed:
            world.say("Ada", "schedule pause")
            world.wait(days=1)
            world.tick()
            assert "closed" in world.relay.posted["m1"].card.title
        world.say("Ada", "schedule void")
        world.tick()
        found = world.relay.posted["m1"].card
        assert ("Daily #1 was withdrawn", ()) == (found.title, found.buttons)
        assert 1 + closed == len(world.relay.posted)

    def test_a_faulty_question_is_not_explained(self, world: World) -> None:
        """Withdrawn after closing, while the platform was limited, its thread does not come."""
        ask(world)
        world.relay.failures.append(RetryAfter(60))
        world.say("Ada", "schedule pause")
        world.wait(days=1)
        world.tick()
        world.say("Ada", "schedule void")
        world.wait(minutes=5)
        world.tick()
        assert ["Daily #1 was withdrawn"] == [p.card.title for p in world.relay.posted.values()]

    def test_it_is_over(self, world: World) -> None:
        """No answer is taken any more, a second `void` changes nothing, the next day goes on."""
        ask(world)
        world.say("Ada", "schedule void")
        assert "withdrawn" in said(world.answer("Bea", world.daily_of()))
        assert "no question here" in said(world.say("Ada", "schedule void"))
        world.tick()
        ask(world)
        ask(world)
        assert 3 == world.daily_of().number
        titles = [posted.card.title.split(" · ")[0] for posted in world.relay.posted.values()]
        assert ["Daily #1 was withdrawn", "Daily #2", "Explained", "Daily #3"] == titles

    def test_a_question_that_has_not_left_yet_is_never_sent(self, world: World) -> None:
        """Withdrawn between planning and delivery, it does not appear."""
        world.say("Ada", "schedule now")
        world.say("Ada", "schedule void")
        world.tick()
        assert {} == world.relay.posted


def test_the_manager_is_told_once_that_questions_run_out(tmp_path: Path) -> None:
    """With fewer than ten fresh questions left Ada reads so, once; the dailies go on."""
    with World(tmp_path, bank=small_bank(12)) as world:
        world.schedule()
        for day in range(1, 16):
            ask(world)
            told = [words(card) for who, card in world.relay.told if who == Address("team", "ada")]
            assert (1 if day >= 3 else 0) == len(told)
        assert "9 questions that this channel has not had" in told[0]
        sources = [source for (source,) in world.rows("SELECT source FROM posts ORDER BY date")]
        assert 12 == len(set(sources[:12]))
        assert 15 == len(sources)


@pytest.mark.parametrize("text", ["schedule pause", "schedule now", "schedule void"])
def test_without_a_plan_there_is_nothing_to_manage(tmp_path: Path, text: str) -> None:
    """A channel without a daily says how to set one up."""
    with World(tmp_path, bank=small_bank()) as world:
        world.relay.managers.add("ada")
        world.arrive()
        assert "No daily here yet" in said(world.say("Ada", text))


def test_a_late_first_daily_keeps_to_the_plan(world: World) -> None:
    """Posted at night, today's daily still closes at nine."""
    world.now = world.now.replace(hour=23)
    world.say("Ada", "schedule 09:00")
    world.say("Ada", "schedule now")
    assert datetime(2026, 3, 3, 9, tzinfo=world.now.tzinfo) == world.daily_of().closes_at
    assert manage.PREVIEWED == said(world.say("Ada", "schedule preview")).count("closes")


def test_a_withdrawn_question_leaves_the_reviews(world: World) -> None:
    """Nobody has to review a question that was faulty."""
    world.schedule()
    world.wait(hours=1)
    world.tick()
    world.answer("Bea", world.daily_of(), right=False)
    world.wait(days=1)
    world.say("Ada", "schedule void")
    assert "Nothing to review" in words(card(world.say("Bea", "review")))
