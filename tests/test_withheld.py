"""What is open as a daily anywhere in a team is nowhere else in it."""

from pathlib import Path

from bot.events import Bullets, Card
from bot.markup import plain, runs, words
from bot.quiz.practice import NOTHING
from bot.quiz.study import HELD_BACK, ordered
from content.schema import TOPICS
from tests.fakes import World, button, card, cards, shown, some_of

ONE, TWO = "list-times-two", "row-plus-equals-column"


def listed(found: Card) -> list[str]:
    """The titles on all pages' worth of a card of the study guide."""
    return [
        plain(item) for block in found.blocks if isinstance(block, Bullets) for item in block.items
    ]


def titles(world: World, text: str) -> list[str]:
    """Everything that the guide lists for a topic or words."""
    replies = world.say("Cem", f"learn {text}", world.place("random"))
    found = card(replies)
    titles = listed(found)
    while any(one.label == "More" for one in found.buttons):
        found = card(world.press("Cem", button(found, "More"), world.place("random")))
        titles += listed(found)
    return titles


def test_practice_never_asks_what_is_open_as_a_daily(tmp_path: Path) -> None:
    """In no channel and no private conversation of the team; elsewhere it does."""
    with World(tmp_path, bank=some_of(ONE, TWO)) as world:
        source = world.begin().question.source
        for place in (None, world.place("random"), world.place("dm", direct=True)):
            for _ in range(5):
                post = world.asked(card(world.say("Bea", "quiz", place)))
                assert post.question.source != source
                world.answer("Bea", post, place=place)
            topic = world.bank.entries[source].topic
            assert shown(NOTHING) in words(card(world.say("Bea", f"quiz {topic}", place)))
        away = world.place(tenant="another")
        topic = world.bank.entries[source].topic
        post = world.asked(card(world.say("Bea", f"quiz {topic}", away)))
        assert source == post.question.source


def test_a_pending_question_is_not_shown_again_meanwhile(tmp_path: Path) -> None:
    """It was asked before the daily opened."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        pending = world.asked(card(world.say("Bea", "quiz")))
        world.begin()
        assert shown(NOTHING) in words(card(world.say("Bea", "quiz")))
        world.say("Ada", "schedule off")
        world.wait(hours=22, minutes=30)
        assert shown(NOTHING) in words(card(world.say("Bea", "quiz")))
        assert pending.closed_at is None


def test_a_review_waits_until_the_daily_closes(tmp_path: Path) -> None:
    """It is neither listed nor counted nor asked, and comes back afterwards."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        world.answer("Bea", world.study("Bea", ONE), right=False)
        world.wait(days=1)
        assert "Due now: 1" in words(card(world.say("Bea", "review")))
        daily = world.begin()
        assert "Due now" not in words(card(world.say("Bea", "review")))
        assert "1 question in review, 0 due today." in words(card(world.say("Bea", "me")))
        asked = card(world.press("Bea", "card:review"))
        assert "Nothing more to review today." in words(asked)
        world.say("Ada", "schedule off")
        world.now = daily.closes_at or world.now
        world.tick()
        assert ONE == world.asked(card(world.press("Bea", "card:review"))).question.source


def test_the_study_guide_holds_it_back(world: World) -> None:
    """Its topic and its search do not list it, its number does not open it."""
    source = world.begin().question.source
    entry = world.bank.entries[source]
    topic = ordered([one for one in world.bank.entries.values() if one.topic == entry.topic])
    kept = [plain(runs(one.title)) for one in topic if one.id != source]
    assert len(kept) == len(titles(world, entry.topic))
    for words_ in (source, entry.title, TOPICS[entry.topic]):
        assert not any(line.startswith(plain(runs(entry.title))) for line in titles(world, words_))
    guide = words(card(world.say("Cem", "learn")))
    assert "1 question held back: open as a daily right now." in guide
    number = [one.id for one in topic].index(source)
    replies = world.press("Cem", f"card:study:{entry.topic}:{number}")
    assert shown(HELD_BACK) in words(card(replies))


def test_no_other_channel_of_the_team_gets_it_as_its_daily(tmp_path: Path) -> None:
    """Each gets another one, and none where there is no other; another team may."""
    with World(tmp_path, bank=some_of(ONE, TWO)) as world:
        places = [world.place(name) for name in ("numpy", "random", "third")]
        away = world.place(tenant="another")
        for place in (*places, away):
            world.schedule("09:00 UTC daily", place)
        world.wait(hours=1)
        world.tick()
        asked = world.rows("SELECT tenant_id, source FROM posts WHERE kind = 'daily'")
        ours = [source for tenant, source in asked if tenant == 1]
        assert [ONE, TWO] == sorted(ours)
        assert 1 == len(asked) - len(ours)


def test_nothing_tried_together_gives_a_daily_away(tmp_path: Path) -> None:
    """It is not drawn, and one drawn before is neither answered nor revealed meanwhile."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        post = world.asked(card(world.press("Bea", "card:together")))
        world.answer("Bea", post)
        world.begin()
        for replies in (
            world.answer("Cem", post),
            world.press("Bea", f"replace:reveal:{post.id}"),
        ):
            assert "open as a daily" in words(cards(replies)[0])
        assert "no question to try" in words(card(world.press("Bea", "card:together")))
        assert 1 == len(world.rows("SELECT * FROM answers"))


def test_a_withdrawn_daily_is_withheld_no_longer(tmp_path: Path) -> None:
    """It is over for everybody."""
    with World(tmp_path, bank=some_of(ONE)) as world:
        world.begin()
        world.say("Ada", "schedule void")
        assert ONE == world.asked(card(world.say("Bea", "quiz"))).question.source
