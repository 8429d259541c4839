"""Three weeks of two teams, by seeded chance; every day all that is derived is checked."""

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import UNKNOWN_POST
from bot.events import Open, Place, Reply
from bot.markup import words
from bot.model import Post
from bot.scoring import PRACTICE_CAP
from tests.fakes import World, card, cards, shown
from tests.reference import check_boards, check_recomputation, check_streaks

PEOPLE = ("Bea", "Cem", "Dora", "Emil", "Fatma", "Gus", "Hal")
DAYS = 21
VOIDED, HIDES, LEAVES, RETURNS, PAUSED = 4, 7, 9, 12, 14
"""The days on which something out of the ordinary happens in the first team."""


class Team:
    """Seven people in two channels; in the second team their names are in capitals."""

    def __init__(self, world: World, rng: random.Random, tenant: str, *, capitals: bool) -> None:
        self.world, self.rng = world, rng
        self.people = [name.upper() if capitals else name for name in PEOPLE]
        self.manager = self.people[0]
        self.numpy = world.place("numpy", tenant)
        self.random = world.place("random", tenant)
        world.relay.managers.add(self.manager.casefold())
        world.say(self.manager, "schedule 09:00 UTC daily", self.numpy)
        world.say(self.manager, "schedule 12:00 Europe/Berlin mon-fri closes 6h", self.random)
        self.seen: dict[Place, Post] = {}
        self.said = ""

    def act(self) -> None:
        """Somebody does something somewhere."""
        who = self.rng.choice(self.people)
        place = self.rng.choice([self.numpy, self.numpy, self.random, self.direct(who)])
        if place.direct or self.rng.random() < 0.4:
            self.practise(who, place)
        else:
            self.answer_daily(who, place)
        self.hear(self.world.say(who, self.rng.choice(("me", "leaderboard team all")), place))

    def direct(self, who: str) -> Place:
        """Somebody's private conversation with the bot."""
        return self.world.place(f"dm-{who.casefold()}", self.numpy.tenant, direct=True)

    def answer_daily(self, who: str, place: Place) -> None:
        """The channel's latest daily: in time or late, once or twice, with or without a hint."""
        found = card(self.world.say(who, "daily", place))
        if found.post_id is not None:
            self.seen[place] = self.world.post(found.post_id)
        if place in self.seen and (found.post_id is not None or self.rng.random() < 0.3):
            self.answer(who, place, self.seen[place])

    def practise(self, who: str, place: Place) -> None:
        """A round of up to three questions, some of them skipped."""
        for _ in range(self.rng.randrange(1, 4)):
            found = card(self.world.say(who, "quiz", place))
            if found.post_id is None:
                return
            if self.rng.random() < 0.1:
                self.hear(self.world.press(who, found.buttons[-1], place))
            else:
                self.answer(who, place, self.world.post(found.post_id))

    def answer(self, who: str, place: Place, post: Post) -> None:
        """Answer a post, perhaps with a hint before, an explanation or a second try after."""
        if self.rng.random() < 0.25:
            self.hear(self.world.press(who, f"card:hint:{post.id}", place))
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            right = self.rng.random() < 0.6
            self.hear(self.world.answer(who, post, right=right, place=place))
        if self.rng.random() < 0.2:
            self.hear(self.world.press(who, f"card:explain:{post.id}", place))

    def hear(self, replies: list[Reply]) -> None:
        """Remember what this team was shown."""
        assert not any(isinstance(reply, Open) for reply in replies)
        self.said += "\n".join(map(words, cards(replies)))


def out_of_the_ordinary(world: World, team: Team, day: int) -> None:
    """What only happens once, in the first team."""
    leaver, hider = PEOPLE[5:]
    if day == VOIDED:
        world.say(team.manager, "schedule void", team.numpy)
    elif day == HIDES:
        world.press(hider, "replace:hide:1", team.numpy)
    elif day == LEAVES:
        team.answer_daily(leaver, team.numpy)
        world.press(leaver, "replace:forget:yes", team.numpy)
        team.people.remove(leaver)
        post = world.daily_of(team.numpy)
        assert "You have answered this one" in words(card(world.answer(leaver, post)))
    elif day == RETURNS:
        team.people.append(leaver)
    elif day == PAUSED:
        until = world.now.date() + timedelta(days=2)
        world.say(team.manager, f"schedule pause until {until}", team.numpy)


def check_teams(world: World, ours: Team, theirs: Team) -> None:
    """No row mixes two teams, nobody reads of the other, and practice keeps its cap."""
    for table in ("answers", "posts"):
        mixed = (
            f"SELECT x.id FROM {table} x JOIN channels c ON c.id = x.channel_id "
            "LEFT JOIN members m ON m.id = x.member_id WHERE x.tenant_id != c.tenant_id "
            "OR x.tenant_id != coalesce(m.tenant_id, x.tenant_id)"
        )
        assert [] == world.rows(mixed)
    for team, other in ((ours, theirs), (theirs, ours)):
        assert not re.search(rf"\b({'|'.join(other.people)})\b", team.said)
        team.said = ""
    over = (
        "SELECT member_id, day, sum(points) FROM answers WHERE kind = 'practice' "
        "GROUP BY member_id, day HAVING sum(points) > ?"
    )
    assert [] == world.rows(over, PRACTICE_CAP)
    for (ident,) in world.rows(
        "SELECT id FROM posts WHERE tenant_id = 1 ORDER BY random() LIMIT 3"
    ):
        for button in (f"card:explain:{ident}", f"answer:pick:{ident}:0:"):
            reply = world.press("BEA", button, theirs.numpy)
            assert shown(UNKNOWN_POST) in words(card(reply))


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.proof)])
def test_three_weeks_of_two_teams(tmp_path: Path, seed: int) -> None:
    """Boards, totals and streaks equal those made anew, and the teams never meet."""
    rng = random.Random(seed)
    with World(tmp_path, seed=seed) as world:
        ours = Team(world, rng, "team", capitals=False)
        theirs = Team(world, rng, "another", capitals=True)
        start = world.now
        for day in range(DAYS):
            for hour in (9.5, 11.5, 16, 20):
                world.now = start + timedelta(days=day, hours=hour - start.hour)
                world.tick()
                for _ in range(6):
                    rng.choice((ours, ours, theirs)).act()
                if hour == 11.5:
                    out_of_the_ordinary(world, ours, day)
            check_boards(world)
            check_recomputation(world)
            check_streaks(world)
            check_teams(world, ours, theirs)
        check_that_all_happened(world)


def check_that_all_happened(world: World) -> None:
    """The tour went where it was meant to go."""
    kinds = "SELECT DISTINCT kind, board, outcome, hinted FROM answers"
    happened = set(world.rows(kinds))
    for kind, board in (("daily", "channel"), ("practice", "channel"), ("practice", "team")):
        assert {"right", "wrong"} <= {row[2] for row in happened if row[:2] == (kind, board)}
        assert {0, 1} <= {row[3] for row in happened if row[:2] == (kind, board)}
    assert 1 == len(world.rows("SELECT * FROM posts WHERE voided_at IS NOT NULL"))
    assert DAYS - 1 == len(
        world.rows("SELECT * FROM posts WHERE kind = 'daily' AND channel_id = 1")
    )
    assert 15 == len(PEOPLE) * 2 + len(
        world.rows("SELECT * FROM members WHERE platform_id IS NULL")
    )
