"""A question tried together, in front of everybody."""

from bot.app import UNKNOWN_POST
from bot.events import Reply, Show
from bot.markup import words
from bot.model import Post
from bot.quiz.answer import ELSEWHERE, TWICE
from bot.quiz.today import ONE_IS_OPEN, REVEALED
from tests.fakes import World, button, card, cards, shown


def begin(world: World) -> Post:
    """A question tried together in the channel."""
    return world.asked(card(world.press("Bea", "card:together")))


def public(replies: list[Reply]) -> str:
    """What the public message shows afterwards; empty where it stays."""
    return "".join(
        words(one.card) for one in replies if isinstance(one, Show) and one.to == "replace"
    )


def test_the_first_command_in_a_channel_offers_it(world: World) -> None:
    """Once, and not in a private conversation."""
    welcome = cards(world.say("Bea", "quiz"))[1]
    assert ["Try one together", "Daily at 09:00, Mon-Fri", "Change…"] == [
        one.label for one in welcome.buttons
    ]
    world.wait(seconds=1)
    assert 1 == len(cards(world.say("Cem", "help")))
    assert 1 == len(cards(world.say("Dan", "help", world.place("dm", direct=True))))


def test_all_answer_in_public_view_and_for_no_points(world: World) -> None:
    """The count is live, the verdict private, and **Reveal** comes with the first answer."""
    shown_first = card(world.press("Bea", "card:together"))
    post = world.asked(shown_first)
    assert not any(one.label == "Reveal" for one in shown_first.buttons)
    for number, who in enumerate(("Bea", "Cem"), 1):
        replies = world.answer(who, post)
        assert "Right" == cards(replies)[0].title
        assert f"{number} answered · no points, this one is for fun" in public(replies)
        assert button(cards(replies)[1], "Reveal")
    assert shown(TWICE) in words(cards(world.answer("Cem", post))[0])
    assert [(0, "none"), (0, "none")] == world.rows("SELECT points, board FROM answers")


def test_the_reveal_shows_the_split_to_all_and_ends_it(world: World) -> None:
    """Then everybody may see it explained, and a late answer counts no more."""
    post = begin(world)
    reveal = f"replace:reveal:{post.id}"
    assert "Answer it first" in words(card(world.press("Bea", reveal)))
    assert "Answer it first" in words(card(world.press("Cem", f"card:explain:{post.id}")))
    world.answer("Bea", post)
    world.answer("Dan", post, right=False)
    revealed = world.press("Bea", reveal)
    assert "1 of 2 got it." in public(revealed)
    assert "Right: Bea" in public(revealed)
    assert "Dan" not in public(revealed)
    assert card(world.press("Cem", f"card:explain:{post.id}")).title.startswith("Explained")
    late = world.answer("Cem", post)
    assert "This one had closed, so nothing was stored." in words(card(late))
    assert "" == public(late)
    assert 2 == len(world.rows("SELECT * FROM answers"))


def test_another_channel_has_no_part_in_it(world: World) -> None:
    """Neither its answers nor its reveal."""
    post = begin(world)
    world.answer("Bea", post)
    other = world.place("random")
    replies = world.answer("Cem", post, place=other)
    assert shown(ELSEWHERE) in words(card(replies))
    assert shown(ELSEWHERE) in words(card(world.press("Cem", f"replace:reveal:{post.id}", other)))
    away = world.place(tenant="another")
    assert shown(UNKNOWN_POST) in words(card(world.press("Cem", f"replace:reveal:{post.id}", away)))


def test_one_question_is_tried_at_a_time(world: World) -> None:
    """Whoever wants another one is told of it; after the reveal, or ten minutes, there can be."""
    post = begin(world)
    assert shown(ONE_IS_OPEN) == words(card(world.press("Cem", "card:together")))
    assert world.asked(card(world.press("Cem", "card:together", world.place("other"))))
    world.answer("Bea", post)
    world.press("Bea", f"replace:reveal:{post.id}")
    assert begin(world).id > post.id
    world.wait(minutes=10)
    assert begin(world).id > post.id + 1


def test_a_reveal_comes_after_every_count(world: World) -> None:
    """So that a platform can tell which of two cards for one message is the later one."""
    post = begin(world)
    orders = [one.order for who in ("Bea", "Cem") for one in _replaced(world.answer(who, post))]
    orders += [one.order for one in _replaced(world.press("Bea", f"replace:reveal:{post.id}"))]
    assert [1, 2, REVEALED] == orders


def _replaced(replies: list[Reply]) -> list[Show]:
    return [one for one in replies if isinstance(one, Show) and one.to == "replace"]


def test_what_was_tried_together_is_not_the_next_daily(world: World) -> None:
    """Nor may it give the next one away, as long as there are others."""
    tried = {begin(world).question.source}
    for _ in range(4):
        world.wait(minutes=10)
        tried.add(begin(world).question.source)
    world.schedule()
    for _ in range(5):
        world.say("Ada", "schedule now")
        assert world.daily_of().question.source not in tried
        world.wait(days=1)
        world.tick()
