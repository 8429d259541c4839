"""What is suggested while somebody types, and what must not be."""

import pytest

from bot.commands import LONGEST_WORDS
from bot.events import Person, Typing
from bot.markup import plain, runs
from bot.schedule import ROUND_THE_WORLD, zones_like
from content.schema import TOPICS
from tests.fakes import World, card


def suggested(world: World, who: str, text: str, **place: bool) -> list[str]:
    """What somebody who types is offered."""
    where = world.place("dm" if place else "numpy", "direct" if place else "team", **place)
    event = Typing(place=where, person=Person(who.casefold(), who), at=world.now, text=text)
    return world.run(world.bot.suggest(event))


def title_of(world: World, source: str) -> str:
    """A question's title as it is typed."""
    return plain(runs(world.bank.entries[source].title))[:LONGEST_WORDS]


def test_nothing_typed_suggests_every_topic(world: World) -> None:
    """All topics are a good start."""
    assert [*TOPICS.values()] == suggested(world, "Ada", "")


def test_a_title_is_suggested_and_opens_its_question(world: World) -> None:
    """Whoever takes a suggestion over gets that question and no list."""
    world.say("Ada", "help")
    title = title_of(world, "len-of-an-array")
    assert title in suggested(world, "Ada", title[:12])
    assert (
        "len-of-an-array" == world.asked(card(world.say("Ada", f"learn {title}"))).question.source
    )


def test_every_title_opens_its_own_question(world: World) -> None:
    """No title is cut, or two alike, so that another question would open."""
    for source, entry in world.bank.entries.items():
        post = world.asked(card(world.say("Ada", f"learn {title_of(world, source)}")))
        assert entry.id == post.question.source


def test_an_open_daily_is_not_suggested(world: World) -> None:
    """Its title would tell what to look up."""
    source = world.begin().question.source
    title = title_of(world, source)
    assert title not in suggested(world, "Ada", title)


def test_a_stranger_is_suggested_topics_alone(world: World) -> None:
    """Nobody knows which dailies somebody could cheat in who was never met."""
    title = title_of(world, "len-of-an-array")
    assert [] == suggested(world, "Zoe", title)


class TestWithoutTeam:
    """A private conversation with no team behind it."""

    def test_an_open_daily_of_ones_team_is_held_back(self, world: World) -> None:
        """What is open where one plays is neither suggested nor opened in private."""
        post = world.begin()
        world.answer("Bea", post, right=False)
        alone = world.place("dm", "direct", direct=True, team=False)
        world.say("Bea", "help", alone)
        title = title_of(world, post.question.source)
        assert title not in suggested(world, "Bea", title, direct=True, team=False)
        assert card(world.say("Bea", f"learn {title}", alone)).post_id is None

    def test_others_may_meet_it(self, world: World) -> None:
        """Whoever is in no team with an open daily can read everything."""
        post = world.begin()
        alone = world.place("dm", "direct", direct=True, team=False)
        world.say("Zoe", "help", alone)
        title = title_of(world, post.question.source)
        assert title in suggested(world, "Zoe", title, direct=True, team=False)

    def test_privacy_is_about_this_conversation(self, world: World) -> None:
        """There are no boards to leave, and it says where to ask about a team."""
        alone = world.place("dm", "direct", direct=True, team=False)
        found = card(world.say("Bea", "privacy", alone))
        assert ["Export", "Delete…"] == [button.label for button in found.buttons]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("berl", "Europe/Berlin"), ("New Y", "America/New_York"), ("utc", "UTC"),
     ("europe/ber", "Europe/Berlin"), ("Berlun", "Europe/Berlin")],
)  # fmt: skip
def test_zones_are_suggested_by_city_and_name(typed: str, first: str) -> None:
    """The beginning of a city is enough, in any case, and a slip is forgiven."""
    assert first == zones_like(typed, 25)[0]


def test_without_a_word_zones_round_the_world_are_suggested() -> None:
    """Most people find theirs at once."""
    assert [*ROUND_THE_WORLD] == zones_like("  ", 25)
    assert [] == [zone for zone in ROUND_THE_WORLD if zone not in zones_like(zone, 3)]
