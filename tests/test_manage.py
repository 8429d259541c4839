"""`/numpy schedule …`: set up, look ahead, pause, post early, post again, withdraw."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.cards import guide
from bot.commands import SCHEDULE_WORDS
from bot.config import Settings
from bot.errors import Refused, RetryAfter
from bot.events import Invalid, Reply, Show, When
from bot.markup import words
from bot.ports import MemoryRelay
from bot.quiz import manage
from bot.schedule import Schedule
from bot.store import schedules
from bot.store.schedules import Plan
from tests.fakes import World, button, card, cards, opened
from tests.small_bank import small_bank

ACTIONS = ("preview", "pause", "pause until 2026-12-24", "resume", "off", "now", "repost", "void")
FIELDS = {
    "time": ("09:00",),
    "zone": ("UTC",),
    "days": ("mon-fri",),
    "what": ("all; all",),
    "closes": ("next",),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A Monday at eight, in a channel where Ada may manage."""
    with World(tmp_path, bank=small_bank()) as world:
        world.relay.managers.add("ada")
        yield world


def plan(world: World) -> Plan:
    """The channel's plan."""
    found = schedules.get(world.database.read, 1)
    assert found
    return found


def said(replies: list[Reply]) -> str:
    """Everything that was replied, in words."""
    return "\n".join(map(words, cards(replies)))


def utc(text: str) -> datetime:
    """An instant from `2026-03-09T04:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def titles(world: World) -> list[str]:
    """The first words of every message in the channel."""
    return [posted.card.title.split(" · ")[0] for posted in world.relay.posted.values()]


class TestSettingUp:
    """A plan in words, in the form and by one press."""

    def test_a_plan_in_words(self, world: World) -> None:
        """Time, zone, days, topics, levels and closing are taken from one line."""
        world.say(
            "Ada",
            "schedule 9:30 Europe/Berlin mon,wed topics linalg,floats levels easy,hard closes 24h",
        )
        expected = Schedule(
            time(9, 30), "Europe/Berlin", (0, 2), ("linalg", "floats"), (1, 3), closes_hours=24
        )
        assert expected == plan(world).schedule
        assert (date(2026, 3, 2), utc("2026-03-02T08:30")) == (
            plan(world).next_date,
            plan(world).next_post_at,
        )

    def test_what_is_left_out_stays(self, world: World) -> None:
        """A second command changes only what it names."""
        world.say("Ada", "schedule 9:30 tokyo levels easy closes 24h")
        world.say("Ada", "schedule sat levels all")
        assert Schedule(time(9, 30), "Asia/Tokyo", (5,), closes_hours=24) == plan(world).schedule

    def test_an_evening_plan_west_of_greenwich_begins_tonight(self, world: World) -> None:
        """Tonight's daily is still to come though UTC has the next date already."""
        world.now = utc("2026-03-03T00:30")
        world.say("Ada", "schedule 20:30 New York daily")
        assert date(2026, 3, 2) == plan(world).next_date
        assert utc("2026-03-03T01:30") == plan(world).next_post_at

    def test_the_form_shows_the_plan_and_changes_nothing_by_itself(self, world: World) -> None:
        """Sending the form off as it opened leaves every field as it was."""
        world.say("Ada", "schedule 9:30 Berlin mon,wed topics linalg levels easy closes 24h")
        before = plan(world).schedule
        form = opened(world.say("Ada", "schedule")).form
        world.submit("Ada", form.id, {field.name: (field.value,) for field in form.fields})
        assert before == plan(world).schedule

    def test_the_form_takes_every_field(self, world: World) -> None:
        """Five fields make a plan."""
        fields = {"time": ("7pm",), "zone": ("tokyo",), "days": ("weekends",),
                  "what": ("linalg; hard",), "closes": ("5 h",)}  # fmt: skip
        world.submit("Ada", "form:plan", fields)
        assert (
            Schedule(time(19), "Asia/Tokyo", (5, 6), ("linalg",), (3,), 5) == plan(world).schedule
        )

    @pytest.mark.parametrize(
        ("field", "value", "note"),
        [
            ("time", "25:00", "09:00"),
            ("time", "", "09:00"),
            ("zone", "Berlni", "Europe/Berlin"),
            ("days", "fryday", "friday"),
            ("what", "brodcasting; all", "`broadcasting`"),
            ("what", "all; esay", "`easy`"),
            ("closes", "3", "4 to 72"),
            ("closes", "soon", "24h"),
        ],
    )
    def test_a_bad_field_is_named(self, world: World, field: str, value: str, note: str) -> None:
        """The form stays open with a note at the field that cannot be used."""
        (reply,) = world.submit("Ada", "form:plan", {**FIELDS, field: (value,)})
        assert isinstance(reply, Invalid)
        assert field == reply.field
        assert note in reply.note
        assert schedules.get(world.database.read, 1) is None

    def test_a_new_daily_is_announced_once(self, world: World) -> None:
        """The channel reads who set it up and when it comes; a change stays private."""
        private, public = world.press("Ada", "card:start")
        assert isinstance(private, Show)
        assert isinstance(public, Show)
        assert ("private", "public") == (private.to, public.to)
        assert "Ada set up the daily" in words(public.card)
        assert "09:00 UTC, Mon–Fri" in words(public.card)
        (changed,) = world.say("Ada", "schedule 10:00")
        assert isinstance(changed, Show)
        assert "private" == changed.to

    def test_the_first_daily_can_come_at_once(self, world: World) -> None:
        """A press after setting up posts the first question; nine o'clock posts no second."""
        plan_card = cards(world.press("Ada", "card:start"))[0]
        world.press("Ada", button(plan_card, "Post the first one now"))
        world.tick()
        assert ["Daily #1"] == titles(world)
        world.wait(hours=1)
        world.tick()
        assert ["Daily #1"] == titles(world)
        assert utc("2026-03-03T09:00") == world.daily_of().closes_at

    def test_the_first_card_comes_once(self, world: World) -> None:
        """A channel meets the bot once: on its arrival or at the first command."""
        assert ["Try one together", "Daily at 09:00", "Change…"] == [
            found.label.split(",")[0] for found in card(world.arrive()).buttons
        ]
        world.wait(seconds=1)
        assert [] == world.arrive()
        assert 1 == len(cards(world.say("Bea", "help")))
        elsewhere = world.place("other")
        assert 2 == len(cards(world.say("Bea", "help", elsewhere)))
        world.wait(seconds=1)
        assert 1 == len(cards(world.say("Cem", "help", elsewhere)))
        assert 1 == len(cards(world.say("Dan", "help", world.place("bea", direct=True))))


def test_the_schedules_card_shows_what_its_buttons_did(world: World) -> None:
    """Pause and Resume replace the card that they stand on; a refusal leaves it."""
    world.schedule()
    (shown_again,) = world.press("Ada", "replace:pause")
    assert isinstance(shown_again, Show)
    assert "replace" == shown_again.to
    (shown_again,) = world.press("Ada", button(shown_again.card, "Resume"))
    assert isinstance(shown_again, Show)
    assert "replace" == shown_again.to
    (refused,) = world.press("Bea", "replace:pause")
    assert isinstance(refused, Show)
    assert "private" == refused.to


class TestWhoMayManage:
    """Managers, the one who set it up, and nobody else."""

    @pytest.mark.parametrize("action", ["", "10:00", *ACTIONS])
    def test_others_are_refused(self, world: World, action: str) -> None:
        """Every form of the command says no to a member, and nothing changes."""
        world.schedule()
        before = plan(world)
        assert guide.NOT_A_MANAGER[False] == said(world.say("Bea", f"schedule {action}"))
        assert guide.NOT_A_MANAGER[False] == said(world.submit("Bea", "form:plan", FIELDS))
        for pressed in ("card:start", "form:plan", "card:now", "replace:pause"):
            assert guide.NOT_A_MANAGER[False] == said(world.press("Bea", pressed))
        assert before == plan(world)

    def test_the_operators_managers_manage_everywhere(self, tmp_path: Path) -> None:
        """Whoever stands in NUMPY_BOT_MANAGERS may."""
        with World(tmp_path, settings=Settings(managers=frozenset({"bea"}))) as world:
            world.say("Bea", "schedule 10:00 UTC daily")
            assert "on" == plan(world).state

    def test_where_set_up_is_open_whoever_sets_up_manages(self, tmp_path: Path) -> None:
        """The first one may set up and change, others may not, admins may."""
        relay = MemoryRelay(open_setup=True)
        relay.managers.add("ada")
        with World(tmp_path, relay=relay) as world:
            world.say("Bea", "schedule 10:00 UTC daily")
            assert guide.NOT_A_MANAGER[True] == said(world.say("Cem", "schedule 11:00"))
            world.say("Ada", "schedule 12:00")
            world.say("Bea", "schedule sat")
            assert Schedule(time(12), "UTC", (5,)) == plan(world).schedule

    def test_a_channel_whose_keeper_was_deleted_is_not_free_for_all(self, tmp_path: Path) -> None:
        """After the one who set up left, only managers manage."""
        with World(tmp_path, relay=MemoryRelay(open_setup=True)) as world:
            world.say("Bea", "schedule 10:00 UTC daily")
            world.press("Bea", "replace:forget:yes")
            assert guide.NOT_A_MANAGER[True] == said(world.say("Cem", "schedule off"))

    def test_no_daily_in_a_private_conversation(self, world: World) -> None:
        """A direct message has no daily, not even for a manager."""
        assert manage.NO_CHANNEL == said(
            world.say("Ada", "schedule 09:00", world.place("ada", direct=True))
        )

    @pytest.mark.parametrize("failure", [RetryAfter(30), Refused("missing scope")])
    def test_a_platform_that_does_not_say_who_manages(
        self, world: World, failure: Refused | RetryAfter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """When the platform cannot be asked, the member is told to try again."""

        async def fails(*_: object) -> bool:
            raise failure

        world.schedule()
        monkeypatch.setattr(world.relay, "is_manager", fails)
        assert manage.CANNOT_ASK == said(world.say("Ada", "schedule off"))


class TestLookingAhead:
    """Preview, pause, resume and off."""

    def test_preview_shows_times_only(self, world: World) -> None:
        """Ten pairs of instants, or as many as asked for, and no question."""
        world.say("Ada", "schedule 09:00 UTC mon-fri")
        for text, count in (("preview", 10), ("preview 3", 3), ("preview many", 10)):
            (block,) = card(world.say("Ada", f"schedule {text}")).blocks
            items = [[run.at for run in item if isinstance(run, When)] for item in block.items]  # type: ignore[union-attr]  # a list
            assert count == len(items)
            assert [utc("2026-03-02T09:00"), utc("2026-03-03T09:00")] == items[0]
        assert [] == world.rows("SELECT * FROM posts")

    def test_pause_and_resume(self, world: World) -> None:
        """A paused daily does not come; resumed, the next one does."""
        world.schedule()
        assert "Paused" in said(world.say("Ada", "schedule pause"))
        world.wait(days=2)
        world.tick()
        assert [] == titles(world)
        world.say("Ada", "schedule resume")
        world.tick()
        assert [] == titles(world)
        world.wait(hours=1)
        world.tick()
        assert [date(2026, 3, 4)] == [world.daily_of().date]

    @pytest.mark.parametrize("text", ["until 2026-03-07", "Until 2026-03-07", "2026-03-07"])
    def test_pause_until_a_date(self, world: World, text: str) -> None:
        """The daily comes again by itself, on the first scheduled day from that date on."""
        world.say("Ada", "schedule 09:00 UTC mon-fri")
        assert "until 2026-03-07" in said(world.say("Ada", f"schedule pause {text}"))
        assert (date(2026, 3, 9), "paused") == (plan(world).next_date, plan(world).state)
        while world.now < utc("2026-03-09T09:00"):
            world.wait(hours=1)
            world.tick()
        assert (["Daily #1"], "on") == (titles(world), plan(world).state)

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            ("2026-03-02", "not in the future"),
            ("2025-12-24", "not in the future"),
            ("9999-12-31", "too far off"),
            ("christmas", "christmas is not a date"),
            ("24.12.", "Write it like 2026-12-24"),
        ],
    )
    def test_a_pause_until_no_usable_date_is_refused(
        self, world: World, day: str, reason: str
    ) -> None:
        """Today, the past, the end of time and words are no end of a pause."""
        world.schedule()
        assert reason in said(world.say("Ada", f"schedule pause until {day}"))
        assert "on" == plan(world).state

    def test_off_and_on_again(self, world: World) -> None:
        """Switched off, nothing comes and nothing is previewed until it is resumed."""
        world.schedule()
        assert "Off" in said(world.say("Ada", "schedule off"))
        world.wait(days=3)
        world.tick()
        assert [] == titles(world)
        assert "Off" in said(world.say("Ada", "schedule preview"))
        world.say("Ada", "schedule resume")
        assert plan(world).next_post_at == utc("2026-03-05T09:00")


def test_the_words_of_a_schedule_are_listed(world: World) -> None:
    """For everybody: it changes nothing, and who may not is told when they try."""
    helped = words(card(world.say("Bea", "schedule help")))
    for word in SCHEDULE_WORDS:
        assert f"schedule {word}" in helped
