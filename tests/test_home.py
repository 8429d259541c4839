"""A member's own page, mentions, guests and names: what only some platforms have."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cards import guide
from bot.cards.home import first_page_card
from bot.cards.parts import ordinal
from bot.cards.question import daily_card
from bot.events import Card, Command, HomeOpened, Mention, Person, Place
from bot.markup import words
from tests.fakes import World, card, cards, shown

ADA, BEA = Person("ada", "Ada"), Person("bea", "Bea")


def home(world: World, person: Person = BEA) -> Card:
    """The page of somebody who looks at it in their private conversation."""
    place = world.place(f"d-{person.id}", direct=True)
    return card(world.send(HomeOpened(place=place, person=person, at=world.now)))


def mention(world: World, text: str, place: Place | None = None, person: Person = BEA) -> Card:
    """What naming the bot in a message shows."""
    event = Mention(place=place or world.place(), person=person, at=world.now, text=text)
    return card(world.send(event))


def test_who_has_not_met_the_bot_sees_what_it_is_and_is_not_written_down(world: World) -> None:
    """Looking is not playing."""
    before = world.tables()
    assert first_page_card() == home(world)
    assert before == world.tables()


def test_the_page_shows_what_waits_in_the_channels_one_plays_in(world: World) -> None:
    """A channel's open daily, before and after the answer, with streak, rank and topics."""
    post = world.begin()
    world.answer("Bea", post)
    world.wait(days=1)
    world.tick()
    waiting = words(home(world))
    assert "#numpy: daily #2 waits for your answer" in waiting
    assert "Streak 1, best 1." in waiting
    assert "This week you are 1st in your team, with 10 points." in waiting
    world.answer("Bea", world.daily_of())
    assert "daily #2 answered, +" in words(home(world))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (57, "57th"), (100, "100th"), (101, "101st"), (111, "111th"), (1012, "1012th")],
)  # fmt: skip
def test_a_rank_is_an_ordinal(number: int, expected: str) -> None:
    """As it is read in English."""
    assert expected == ordinal(number)


def test_the_page_tells_when_the_next_question_comes(world: World) -> None:
    """Where nothing is open, and nothing at all where the daily was switched off."""
    world.answer("Bea", world.begin("09:00 UTC daily closes 4h"))
    world.wait(hours=5)
    world.tick()
    assert "no question is open, the next one comes Tue 03 Mar 09:00 UTC" in words(home(world))
    world.say("Ada", "schedule off")
    assert "no question is open. Streak 1" in words(home(world))


def test_channels_that_wait_for_an_answer_come_first(world: World) -> None:
    """Whatever was answered last."""
    first, second = world.place("first"), world.place("second")
    for place in (first, second):
        world.schedule(place=place)
    world.wait(hours=1)
    world.tick()
    for place in (first, second):
        world.answer("Bea", world.daily_of(place), place=place)
    world.wait(days=1)
    world.tick()
    world.answer("Bea", world.daily_of(second), place=second)
    page = words(home(world))
    assert page.index("#first") < page.index("#second")


def test_the_page_offers_practice_and_what_is_due(world: World) -> None:
    """A miss comes back a day later, with a button for it."""
    world.answer("Bea", world.begin(), right=False)
    assert "Review now" not in [one.label for one in home(world).buttons]
    world.wait(days=3)
    world.tick()
    labels = [one.label for one in home(world).buttons]
    assert ["Quiz me", "Review now"] == labels[:2]
    assert "Broadcasting" in labels


def test_a_mention_shows_the_card_for_the_place(world: World) -> None:
    """The welcome in a new channel, then its daily; help where no channel is."""
    event = Mention(place=world.place(), person=BEA, at=world.now, text="")
    assert [guide.welcome_card()] == cards(world.send(event))
    post = world.begin()
    assert daily_card(post, "UTC", 0) == mention(world, "  ")
    assert guide.help_card() == mention(world, "", world.place("d-bea", direct=True))


def test_who_sets_up_the_daily_first_is_not_asked_to(world: World) -> None:
    """The first command in a channel brings the first card, unless it made it needless."""
    world.relay.managers.add("ada")
    shown = cards(world.say("Ada", "schedule 09:00 UTC daily"))
    assert guide.welcome_card() not in shown


def test_a_mention_takes_every_command(world: World) -> None:
    """Slash commands cannot be used everywhere; their words can."""
    world.say("Bea", "help")
    assert guide.help_card() == mention(world, "help")
    assert "Did you mean `leaderboard`?" in words(mention(world, "leaderbord")).replace(
        "leaderboard?", "`leaderboard`?"
    )


def test_a_guest_of_another_team_is_told_so_and_not_written_down(world: World) -> None:
    """Whatever they do, in a channel that two teams share."""
    world.begin()
    before = world.tables()
    guest = Person("eve", "Eve", guest=True)
    expected = shown(guide.GUEST)
    asked = Command(place=world.place(), person=guest, at=world.now, text="quiz")
    assert expected == words(card(world.send(asked)))
    assert expected == words(home(world, guest))
    assert before == world.tables()


def test_a_handle_never_replaces_a_name(world: World) -> None:
    """It is kept for those who have no other name yet; a name replaces it."""

    def name(person: Person) -> str:
        event = Command(place=world.place(), person=person, at=world.now, text="help")
        world.send(event)
        return str(world.rows("SELECT name FROM members")[0][0])

    assert "bea.k" == name(Person("bea", "bea.k", is_handle=True))
    assert "bea.k" == name(Person("bea", "bea.other", is_handle=True))
    assert "Bea" == name(Person("bea", "Bea"))
    assert "Bea" == name(Person("bea", "bea.k", is_handle=True))


def test_a_daily_is_offered_at_nine_where_its_manager_lives(world: World) -> None:
    """As far as the platform tells; else in the operator's zone."""
    world.relay.managers.add("ada")
    event = Command(
        place=world.place(),
        person=Person("ada", "Ada", zone="Asia/Tokyo"),
        at=world.now,
        text="schedule daily",
    )
    assert "09:00 Asia/Tokyo" in words(cards(world.send(event))[0])
    (at,) = world.rows("SELECT next_post_at FROM schedules")[0]
    assert datetime(2026, 3, 3, tzinfo=UTC) == datetime.fromtimestamp(at, UTC)
    assert timedelta(hours=16) == datetime.fromtimestamp(at, UTC) - world.now


def test_a_closed_channel_is_named_when_its_daily_is_set_up(world: World) -> None:
    """The manager learns at once that nothing can be posted there, and nothing is announced."""
    world.relay.managers.add("ada")
    world.relay.closed_to_us["numpy"] = "Invite me first."
    saved = [words(one) for one in cards(world.say("Ada", "schedule 09:00 UTC daily"))]
    assert ["I can't post here yet: Invite me first."] == [
        line for line in saved if "post here" in line
    ]
    assert [] == [line for line in saved if "set up the daily" in line]
