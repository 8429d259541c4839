"""Answers that count once, and all that change nothing."""

import asyncio
from pathlib import Path

import pytest

from bot.events import Invalid, Person, Press, Reply
from bot.markup import words
from bot.quiz.answer import ELSEWHERE, NOT_YOURS, OPEN_NOW, SKIPPED, TOO_LONG, TWICE, WITHDRAWN
from tests.fakes import World, button, card, note, opened, shown, some_of

ONE, TWO, THREE = "list-times-two", "row-plus-equals-column", "a-small-determinant"
"""Single choices of levels 1 to 3."""
SEVERAL = "subtract-row-means"
TYPED = "strides-of-a-transpose"
OPEN = "explain-broadcasting"
CODE = "make-it-a-column"
UNKNOWN = "I don't know that question here."


def stored(world: World) -> int:
    """How many answers the database holds."""
    return len(world.rows("SELECT * FROM answers"))


def test_an_answer_that_cannot_be_read_costs_nothing(tmp_path: Path) -> None:
    """The form stays open and says what it understands; the first readable one counts."""
    with World(tmp_path, bank=some_of(TYPED)) as world:
        post = world.study("Bea", TYPED)
        form = opened(world.press("Bea", f"form:answer:{post.id}:")).form
        for typed in ("", "   ", "no idea", "1 or 2", "9" * 20_000):
            (reply,) = world.submit("Bea", form.id, {"text": (typed,)})
            assert isinstance(reply, Invalid)
            assert ("text", True) == (reply.field, bool(reply.note))
        assert 0 == stored(world)
        assert "Right · +6 points" == card(world.answer("Bea", post)).title


def test_an_answer_of_thousands_of_characters_is_not_read(tmp_path: Path) -> None:
    """It would keep everybody else waiting, and a right one among the padding is still unread."""
    with World(tmp_path, bank=some_of(TYPED)) as world:
        post = world.study("Bea", TYPED)
        key = post.question.key
        assert key is not None
        padded = {"text": (key.text + " " * 1_000,)}
        assert TOO_LONG == note(world.submit("Bea", f"form:answer:{post.id}:", padded))
        assert 0 == stored(world)


def test_nothing_ticked_costs_nothing(tmp_path: Path) -> None:
    """Nor does a tick that no form of ours offers."""
    with World(tmp_path, bank=some_of(SEVERAL)) as world:
        form = f"form:answer:{world.begin().id}:"
        for picks in ((), ("7",), ("-1",), ("0", "x"), ("0", "0"), ("9" * 5000,), ("²",)):
            assert note(world.submit("Bea", form, {"picks": picks}))
        assert note(world.submit("Bea", form, {}))
        assert 0 == stored(world)


def test_a_typed_question_takes_no_pick(tmp_path: Path) -> None:
    """Its known answers are no choices, whatever a press or a form names."""
    with World(tmp_path, bank=some_of(TYPED)) as world:
        post = world.study("Bea", TYPED)
        for index in range(4):
            world.press("Bea", f"answer:pick:{post.id}:{index}:")
            assert note(world.submit("Bea", f"form:answer:{post.id}:", {"picks": (str(index),)}))
        assert 0 == stored(world)


def test_the_first_answer_counts(world: World) -> None:
    """A second press or form is told so, and earns and changes nothing."""
    post = world.begin()
    world.answer("Bea", post, right=False)
    before = world.rows("SELECT * FROM answers")
    for right in (True, False):
        assert shown(TWICE) in words(card(world.answer("Bea", post, right=right)))
    assert before == world.rows("SELECT * FROM answers")
    assert shown(TWICE) in words(card(world.press("Bea", f"form:answer:{post.id}:")))


def test_of_two_answers_at_the_same_moment_one_counts(world: World) -> None:
    """Each is told its own fate, and one of them what is stored."""
    post = world.begin()
    presses = [
        Press(
            place=world.place(), person=Person("bea", "Bea"), at=world.now,
            button=f"answer:pick:{post.id}:{index}:",
        )
        for index in (0, 1)
    ]  # fmt: skip

    async def both() -> list[list[Reply]]:
        return await asyncio.gather(*map(world.bot.handle, presses))

    world.say("Bea", "help")
    first, second = (words(card(replies)) for replies in world.run(both()))
    assert shown(TWICE) in second
    assert "/numpy privacy" in first
    assert 1 == stored(world)


def test_the_daily_command_shows_the_question_or_ones_own_verdict(world: World) -> None:
    """The verdict again, with what was answered and when it closes; after that, the next one."""
    post = world.begin("09:00 UTC mon-fri")
    assert post.id == card(world.say("Bea", "daily")).post_id
    index = next(i for i, choice in enumerate(post.question.choices) if not choice.right)
    verdict = card(world.press("Bea", f"answer:pick:{post.id}:{index}:"))
    again = card(world.say("Bea", "daily"))
    assert verdict.title == again.title
    assert "It closes Tue 03 Mar 09:00 UTC." in words(again)
    assert f"Your answer: {post.question.choices[index].text}" in words(again)
    assert post.id == card(world.say("Cem", "daily")).post_id
    world.now = post.closes_at or world.now
    over = words(card(world.say("Bea", "daily")))
    assert "No question is open here right now." in over
    assert 1 == stored(world)


def test_a_late_answer_gets_its_verdict_and_is_not_stored(world: World) -> None:
    """From the very instant of closing on; whoever had answered is told that the first counts."""
    post = world.begin()
    assert post.closes_at is not None
    world.answer("Cem", post)
    world.now = post.closes_at
    for closed in (False, True):
        if closed:
            world.tick()
        verdict = card(world.answer("Bea", post))
        assert "Right" == verdict.title
        assert "This one had closed, so nothing was stored." in words(verdict)
        assert "halves" not in words(card(world.press("Bea", f"card:hint:{post.id}")))
        assert shown(TWICE) in words(card(world.answer("Cem", post)))
    tables = ("answers", "hints", "shown", "recalls", "streaks")
    bea = "(SELECT id FROM members WHERE name = 'Bea')"
    for table in tables:
        assert [] == world.rows(f"SELECT * FROM {table} WHERE member_id = {bea}")


def test_an_answer_a_second_before_closing_counts(world: World) -> None:
    """Even where the tick has closed the daily meanwhile: it was received in time."""
    post = world.begin()
    assert post.closes_at is not None
    world.now = post.closes_at
    world.tick()
    world.wait(seconds=-1)
    assert card(world.answer("Bea", post)).title.startswith("Right · +")


def test_nobody_answers_somebody_elses_practice(world: World) -> None:
    """Nor opens its form, takes its hint, skips it, or sees it explained."""
    post = world.study("Bea", TYPED)
    assert shown(NOT_YOURS) in words(card(world.answer("Cem", post)))
    for pressed in ("form:answer:{}:", "card:hint:{}"):
        assert shown(NOT_YOURS) in words(card(world.press("Cem", pressed.format(post.id))))
    for pressed in ("replace:skip:{}:", "replace:answer:{}", "card:explain:{}", "card:report:{}"):
        assert "" == card(world.press("Cem", pressed.format(post.id))).title
    assert 0 == stored(world)
    assert "Right · +6 points" == card(world.answer("Bea", post)).title


def test_a_skipped_question_is_left_for_good(world: World) -> None:
    """Its buttons say so; an explanation can still be had."""
    post = world.study("Bea", ONE)
    world.press("Bea", f"replace:skip:{post.id}:")
    assert shown(SKIPPED) in words(card(world.answer("Bea", post)))
    assert 0 == stored(world)
    assert card(world.press("Bea", f"card:explain:{post.id}")).title.startswith("Explained")


def test_a_question_is_answered_where_it_was_asked(world: World) -> None:
    """A daily or practice of another channel is not answered from here."""
    other = world.place("random")
    daily = world.begin()
    practice = world.study("Bea", THREE if daily.question.source != THREE else TWO)
    for post in (daily, practice):
        assert shown(ELSEWHERE) in words(card(world.answer("Bea", post, place=other)))
        hint = world.press("Bea", f"card:hint:{post.id}", other)
        assert shown(ELSEWHERE) in words(card(hint))
    assert 0 == stored(world)


def test_another_teams_post_does_not_exist(world: World) -> None:
    """Whatever is done to it, from a channel and by a person of the same ids."""
    posts = (world.begin(), world.study("Bea", TYPED), world.study("Bea", OPEN))
    world.answer("Bea", posts[0])
    away = world.place(tenant="elsewhere")
    for post in posts:
        assert UNKNOWN in words(card(world.answer("Bea", post, place=away)))
        for verb in ("hint", "explain", "like", "report", "reveal", "answer", "points"):
            reply = world.press("Bea", f"card:{verb}:{post.id}", away)
            assert UNKNOWN in words(card(reply))
        for name in ("answer", "points"):
            reply = world.submit("Bea", f"form:{name}:{post.id}:", {"picks": ("0",)}, away)
            assert UNKNOWN in words(card(reply))
    assert 1 == stored(world)


def test_a_withdrawn_daily_takes_no_answer(world: World) -> None:
    """It says that it was withdrawn."""
    post = world.begin()
    world.say("Ada", "schedule void")
    assert shown(WITHDRAWN) in words(card(world.answer("Bea", post)))


def test_what_opened_as_a_daily_meanwhile_waits(tmp_path: Path) -> None:
    """Practice begun before cannot be answered, hinted at or explained until it closes."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        practice, left = world.study("Bea", ONE), world.study("Bea", ONE)
        world.press("Bea", f"replace:skip:{left.id}:")
        daily = world.begin()
        assert shown(OPEN_NOW) in words(card(world.answer("Bea", practice)))
        for verb in ("hint", "answer"):
            reply = world.press("Bea", f"card:{verb}:{practice.id}")
            assert shown(OPEN_NOW) in words(card(reply))
        assert "" == card(world.press("Bea", f"card:explain:{left.id}")).title
        world.answer("Bea", daily)
        world.now = daily.closes_at or world.now
        world.say("Ada", "schedule off")
        world.tick()
        assert "Right" == card(world.answer("Bea", practice)).title


def test_the_first_verdict_says_what_is_stored_and_no_later_one(world: World) -> None:
    """Each member is told once, in one line that names `/numpy privacy`."""
    line = "/numpy privacy"
    for who in ("Bea", "Cem"):
        assert line in words(card(world.answer(who, world.study(who, ONE))))
        assert line not in words(card(world.answer(who, world.study(who, TWO))))
    assert line in words(card(world.answer("Dan", world.study("Dan", OPEN))))


@pytest.mark.parametrize("source", [OPEN, CODE])
def test_what_is_written_down_is_neither_stored_nor_worth_points(world: World, source: str) -> None:
    """One compares with the model answer oneself; an empty answer is not one."""
    post = world.study("Bea", source)
    form = opened(world.press("Bea", f"form:answer:{post.id}:")).form
    assert note(world.submit("Bea", form.id, {"text": (" \n",)}))
    check = card(world.submit("Bea", form.id, {"text": ("a secret thought",)}))
    assert "A model answer" == check.title
    assert [("noted", 0, "")] == world.rows("SELECT outcome, points, text FROM answers")
    assert "secret thought" not in str(world.tables())


def test_a_recap_counts_what_was_graded(world: World) -> None:
    """An open answer is neither right nor wrong, alone or among others."""
    world.answer("Bea", world.study("Bea", OPEN))
    assert "Nothing was graded" in words(card(world.press("Bea", "card:recap:0")))
    world.answer("Bea", world.study("Bea", ONE))
    assert "1 of 1 answer right" in words(card(world.press("Bea", "card:recap:0")))
    finished = card(world.press("Bea", "replace:next:q.-.0.2.2"))
    assert "1 of 1 answer right" in words(finished)


def test_key_points_are_ticked_after_answering_only(world: World) -> None:
    """They are the model answer; the card then says which were missing."""
    post = world.study("Bea", OPEN)
    for reply in (
        world.press("Bea", f"form:points:{post.id}:"),
        world.submit("Bea", f"form:points:{post.id}:", {"picks": ()}),
    ):
        assert "Answer it first" in words(card(reply))
    world.answer("Bea", post)
    form = opened(world.press("Bea", f"form:points:{post.id}:")).form
    total = len(post.question.points)
    assert total == len(form.fields[0].options)
    done = card(world.submit("Bea", form.id, {"picks": ("0", "1")}))
    assert f"You had 2 of {total} key points" == done.title
    assert button(done, "Explain")
