"""A daily from its question to its reveal, as members see it."""

from bot.markup import words
from tests.fakes import World, card, cards


def test_a_right_answer_to_the_daily_earns_ten_points_a_level(world: World) -> None:
    """A right answer is told at once, with its points and the streak."""
    world.schedule()
    world.wait(hours=1)
    world.tick()
    post = world.daily_of()
    verdict = card(world.answer("Bea", post))
    assert verdict.title == f"Right · +{10 * post.question.level} points"
    assert "Streak 1" in words(verdict)


def test_the_reveal_comes_before_the_next_question(world: World) -> None:
    """In one tick the old daily closes and the new one is posted after its reveal."""
    world.schedule()
    world.wait(hours=1)
    world.tick()
    first = world.daily_of()
    world.answer("Bea", first)
    world.wait(hours=24)
    world.tick()
    shown = [posted.card.title for posted in world.relay.posted.values()]
    assert shown[0].startswith("Daily #1 · closed")
    assert shown[1].startswith("Explained")
    assert shown[2].startswith("Daily #2")


def test_a_second_answer_changes_nothing(world: World) -> None:
    """Only the first answer counts."""
    world.schedule()
    world.wait(hours=1)
    world.tick()
    post = world.daily_of()
    world.answer("Bea", post, right=False)
    again = cards(world.answer("Bea", post))
    assert "You have answered this one; the first answer counts." in words(again[0])
