"""Private practice: rounds, what comes again, reviews, and siblings."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from bot.events import Card
from bot.markup import words
from bot.model import Post
from bot.quiz.practice import NOTHING
from tests.fakes import World, button, card, shown, some_of

ONE, TWO = "list-times-two", "row-plus-equals-column"
AGAIN = "You have not answered this one yet."


def quiz(world: World, who: str, text: str = "") -> Post:
    """The question that a round begins with."""
    return world.asked(card(world.say(who, f"quiz {text}")))


def finish(world: World, who: str, found: Card, *, right: bool = True) -> Card:
    """The verdict on a card's question, answered in its round."""
    post = world.asked(found)
    question, session = post.question, found.buttons[-1].id.split(":")[3]
    wanted = [str(i) for i, choice in enumerate(question.choices) if choice.right is right]
    if question.kind in {"single", "bug"}:
        return card(world.press(who, f"answer:pick:{post.id}:{wanted[0]}:{session}"))
    text = "anything" if question.key is None else question.key.text
    if not right and question.key is not None:
        text = next(choice.text for choice in question.choices if not choice.right)
    fields = {"text": (text,), "picks": tuple(wanted)}
    return card(world.submit(who, f"form:answer:{post.id}:{session}", fields))


def test_a_round_has_the_topic_level_and_length_asked_for(tmp_path: Path) -> None:
    """**Next** goes on, and after the last question comes the recap."""
    asked_for = ("row-plus-equals-column", "perfect-yet-not-zero", "subtract-row-means")
    too_easy, elsewhere = "readings-minus-offsets", "prices-lose-their-cents"
    with World(tmp_path, bank=some_of(*asked_for, too_easy, elsewhere)) as world:
        found = card(world.say("Bea", "quiz broadcasting medium 2"))
        assert "Practice · 1 of 2 · Broadcasting · medium" == found.title
        verdict = finish(world, "Bea", found)
        found = card(world.press("Bea", button(verdict, "Next")))
        assert "Practice · 2 of 2 · Broadcasting · medium" == found.title
        verdict = finish(world, "Bea", found, right=False)
        recap = card(world.press("Bea", button(verdict, "Next")))
        assert "1 of 2 answers right, 4 points." in words(recap)
        assert button(recap, "Another round")


def test_a_round_without_end_goes_on(world: World) -> None:
    """And never asks about the same topic twice running."""
    found = card(world.say("Bea", "quiz"))
    topics = []
    for _ in range(30):
        topics.append(world.asked(found).question.topic)
        verdict = finish(world, "Bea", found)
        found = card(world.press("Bea", button(verdict, "Next")))
    assert all(one != other for one, other in pairwise(topics))


def test_an_unanswered_question_comes_again_for_a_day(world: World) -> None:
    """In its channel, to its member, as it was; a day later there is another."""
    post = quiz(world, "Bea")
    again = card(world.say("Bea", "quiz"))
    assert (post.id, True) == (again.post_id, AGAIN in words(again))
    assert post.id != quiz(world, "Cem").id
    elsewhere = card(world.say("Bea", "quiz", world.place("random")))
    assert post.id != elsewhere.post_id
    assert post.id != quiz(world, "Bea", f"{_other_topic(post)}").id
    world.wait(hours=23, minutes=59)
    assert post.id == quiz(world, "Bea", post.question.topic).id
    world.wait(minutes=1)
    assert post.id != quiz(world, "Bea", post.question.topic).id


def _other_topic(post: Post) -> str:
    return "dtypes" if post.question.topic != "dtypes" else "ufuncs"


def test_skip_leaves_a_question_and_goes_on_with_the_round(world: World) -> None:
    """The round is as long as before, and the question does not come again."""
    first = card(world.say("Bea", "quiz 3"))
    second = card(world.press("Bea", button(first, "Skip")))
    assert second.title.startswith("Practice · 1 of 3")
    assert second.post_id not in {None, first.post_id}
    assert second.post_id == quiz(world, "Bea").id


def test_options_are_shuffled_for_every_member(world: World) -> None:
    """Two members meet the same question in different orders."""
    orders = {
        tuple(choice.text for choice in world.study(who, TWO).question.choices)
        for who in ("Bea", "Cem", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida")
    }
    assert len(orders) > 1


def is_due(world: World, who: str) -> bool:
    """Whether there is something to review now, by the list and by the question."""
    listed = "Due now: 1" in words(card(world.say(who, "review")))
    asked = card(world.press(who, "card:review")).post_id is not None
    assert listed == asked
    return listed


@pytest.mark.parametrize(
    ("right_on", "due_on"),
    [
        ((), range(1, 30)),
        ((1, 3, 7), (1, 3, 7)),
        ((1, 3), (1, 3, *range(7, 30))),
        ((10, 21), (*range(1, 11), 21)),
        ((2, 5), (1, 2, 3, 4, 5)),
        ((1, 4), (1, 3, 4)),
    ],
)
def test_a_miss_returns_after_1_3_7_and_21_days(
    world: World, right_on: Sequence[int], due_on: Sequence[int]
) -> None:
    """And leaves review after being right on two days at least three apart."""
    world.answer("Bea", world.study("Bea", ONE), right=False)
    days = []
    for day in range(30):
        if is_due(world, "Bea"):
            days.append(day)
        if day in right_on:
            world.answer("Bea", world.study("Bea", ONE))
            assert not is_due(world, "Bea")
        world.wait(days=1)
    assert list(due_on) == days


def test_reviews_come_first_in_practice(world: World) -> None:
    """What is due is asked before anything new, without waiting for `/numpy review`."""
    world.answer("Bea", world.study("Bea", ONE), right=False)
    world.wait(days=1)
    assert ONE == quiz(world, "Bea").question.source
    assert ONE == quiz(world, "Bea", "fundamentals easy").question.source


def test_a_review_can_be_skipped(world: World) -> None:
    """The round goes on to the next one due, and the day after it is due again."""
    for source in (ONE, TWO):
        world.answer("Bea", world.study("Bea", source), right=False)
    world.wait(days=1)
    first = card(world.press("Bea", "card:review"))
    second = card(world.press("Bea", button(first, "Skip")))
    assert {ONE, TWO} == {world.asked(found).question.source for found in (first, second)}
    nothing = card(world.press("Bea", button(second, "Skip")))
    assert "Nothing more to review today." in words(nothing)
    waiting = words(card(world.say("Bea", "review")))
    assert "Due now" not in waiting
    assert "2 more to come" in waiting
    assert quiz(world, "Bea").question.source not in {ONE, TWO}
    world.wait(days=1)
    assert "Due now: 2" in words(card(world.say("Bea", "review")))


def test_nothing_to_review(world: World) -> None:
    """Before the first miss, and on the day of it."""
    assert "Nothing to review" in words(card(world.say("Bea", "review")))
    world.answer("Bea", world.study("Bea", ONE), right=False)
    found = words(card(world.say("Bea", "review")))
    assert "1 more to come, the next on 2026-03-03" in found


def test_another_like_this_shares_topic_or_belief(world: World) -> None:
    """And is another question, as practice of one's own."""
    post = world.study("Bea", TWO)
    verdict = card(world.answer("Bea", post))
    beliefs = set(world.bank.entries[TWO].beliefs)
    for _ in range(10):
        like = world.asked(card(world.press("Bea", button(verdict, "Another like this"))))
        entry = world.bank.entries[like.question.source]
        assert entry.id != TWO
        assert entry.topic == post.question.topic or beliefs & set(entry.beliefs)
        world.answer("Bea", like)


def test_a_bank_that_is_used_up_begins_anew(tmp_path: Path) -> None:
    """There is always something to practise, unless nothing fits."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        for _ in range(3):
            world.answer("Bea", quiz(world, "Bea"))
        assert shown(NOTHING) in words(card(world.say("Bea", "quiz linalg")))


def test_a_hint_of_a_typed_question_names_what_it_is_one_of(world: World) -> None:
    """In an order that tells nothing; the hint costs half, and says so."""
    post = world.study("Bea", "strides-of-a-transpose")
    hint = words(card(world.press("Bea", f"card:hint:{post.id}")))
    assert "A hint halves the points of this question." in hint
    for choice in post.question.choices:
        assert choice.text in hint
    world.answer("Bea", post)
    after = words(card(world.press("Bea", f"card:hint:{post.id}")))
    assert "halves" not in after


def test_a_skipped_review_does_not_come_right_back(world: World) -> None:
    """Skipping the only question that is due ends the round of reviews."""
    quiz = card(world.say("Bea", "quiz"))
    post = world.post(quiz.post_id or 0)
    world.answer("Bea", post, right=False)
    world.wait(days=1)
    due = card(world.press("Bea", "card:review"))
    after = card(world.press("Bea", button(due, "Skip")))
    assert "Nothing more to review today" in words(after)
