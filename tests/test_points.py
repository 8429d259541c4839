"""What an answer earns."""

from pathlib import Path

import pytest

from bot.markup import words
from tests.fakes import World, card, some_of

ONE, TWO, THREE = "list-times-two", "row-plus-equals-column", "a-small-determinant"
"""Single choices of levels 1 to 3."""
SEVERAL = "subtract-row-means"
"""Level 2: three of five are right."""
LEVEL_TWO = (TWO, "spot-the-ufunc", "add-reduce-without-axis")


def practised(world: World, who: str, source: str, *, right: bool = True) -> str:
    """The verdict's title on a question of the study guide."""
    return card(world.answer(who, world.study(who, source), right=right)).title


def ticked(world: World, picks: str) -> str:
    """The verdict's title on ticking right (r) and wrong (w) options of the daily."""
    post = world.daily_of()
    left = {"r": [], "w": []}  # type: dict[str, list[str]]
    for index, choice in enumerate(post.question.choices):
        left["r" if choice.right else "w"].append(str(index))
    fields = {"picks": tuple(left[pick].pop() for pick in picks)}
    return card(world.submit("Bea", f"form:answer:{post.id}:", fields)).title


@pytest.mark.parametrize(
    ("source", "hinted", "points"),
    [(ONE, False, 10), (TWO, False, 20), (THREE, False, 30), (ONE, True, 5), (THREE, True, 15)],
)
def test_a_daily_is_worth_ten_points_a_level(
    tmp_path: Path, source: str, points: int, *, hinted: bool
) -> None:
    """A hint, even one that is looked at twice, takes half of it."""
    with World(tmp_path, bank=some_of(source)) as world:
        post = world.begin()
        for _ in range(2 * hinted):
            world.press("Bea", f"card:hint:{post.id}")
        assert f"Right · +{points} points" == card(world.answer("Bea", post)).title
        assert (
            f"Right · +{10 * post.question.level} points" == card(world.answer("Cem", post)).title
        )


@pytest.mark.parametrize(
    ("picks", "hinted", "title"),
    [
        ("rrr", False, "Right · +20 points"),
        ("rr", False, "Partly right · +13 points"),
        ("r", False, "Partly right · +7 points"),
        ("rrw", False, "Partly right · +7 points"),
        ("rrrww", False, "Partly right · +7 points"),
        ("rw", False, "Not quite"),
        ("ww", False, "Not quite"),
        ("rrr", True, "Right · +10 points"),
        ("r", True, "Partly right · +3 points"),
    ],
)
def test_a_wrong_tick_takes_a_right_one_back(
    tmp_path: Path, picks: str, title: str, *, hinted: bool
) -> None:
    """Several-of-many earns its share of right options, rounded once, halves up."""
    with World(tmp_path, bank=some_of(SEVERAL)) as world:
        post = world.begin()
        if hinted:
            world.press("Bea", f"card:hint:{post.id}")
        assert title == ticked(world, picks)


def test_practice_is_worth_two_points_a_level_and_six_a_day(world: World) -> None:
    """What goes beyond six on a day is lost, in all channels of the team together."""
    other = world.place("random")
    assert "Right · +2 points" == practised(world, "Bea", ONE)
    assert "Right · +4 points" == practised(world, "Cem", TWO)
    assert "Right · +4 points" == practised(world, "Bea", TWO)
    assert "Right" == card(world.answer("Bea", world.study("Bea", THREE, other), place=other)).title
    assert "Right · +2 points" == practised(world, "Cem", LEVEL_TWO[1])
    away = world.place(tenant="elsewhere")
    assert (
        "Right · +6 points"
        == card(world.answer("Bea", world.study("Bea", THREE, away), place=away)).title
    )
    world.wait(hours=16)
    assert "Right · +4 points" == practised(world, "Bea", LEVEL_TWO[2])


def test_a_hint_halves_practice_and_halves_round_up(world: World) -> None:
    """Level 1 with a hint is worth one point, and so is half a point."""
    post = world.study("Bea", ONE)
    world.press("Bea", f"card:hint:{post.id}")
    assert "Right · +1 point" == card(world.answer("Bea", post)).title
    several = world.study("Bea", "true-for-the-attributes")
    world.press("Bea", f"card:hint:{several.id}")
    picks = tuple(str(i) for i, choice in enumerate(several.question.choices) if choice.right)[:2]
    verdict = card(world.submit("Bea", f"form:answer:{several.id}:", {"picks": picks}))
    assert "Partly right · +1 point" == verdict.title


@pytest.mark.parametrize("seen", ["verdict", "shown", "explained"])
def test_a_question_earns_again_seven_days_after_its_answer_was_shown(
    world: World, seen: str
) -> None:
    """It does not matter whether a verdict, the study guide or **Explain** showed it."""
    post = world.study("Bea", ONE)
    if seen == "shown":
        world.press("Bea", f"replace:answer:{post.id}")
    else:
        world.answer("Bea", post, right=False)
    if seen == "explained":
        world.wait(days=5)
        world.press("Bea", f"card:explain:{post.id}")
    again = world.study("Bea", ONE)
    late = world.study("Bea", ONE)
    world.wait(days=6)
    assert "Right" == card(world.answer("Bea", again)).title
    world.wait(days=6)
    assert "Right" == card(world.answer("Bea", late)).title
    world.wait(days=7)
    assert "Right · +2 points" == practised(world, "Bea", ONE)


def test_practice_of_a_daily_that_was_answered_earns_nothing(world: World) -> None:
    """Its verdict has shown the answer."""
    post = world.begin()
    world.answer("Bea", post)
    world.wait(days=1)
    world.tick()
    assert "Right" == practised(world, "Bea", post.question.source)
    assert practised(world, "Cem", post.question.source).startswith("Right · +")


def test_practice_counts_for_the_day_in_the_channels_zone(world: World) -> None:
    """At eight in the evening in London it is already tomorrow in Tokyo."""
    world.schedule("09:00 Asia/Tokyo daily")
    world.wait(hours=12)
    practised(world, "Bea", ONE)
    assert [("2026-03-03",)] == world.rows("SELECT day FROM answers")


def test_a_direct_message_counts_for_the_team_alone(world: World) -> None:
    """And its board there is the team's; there is no daily."""
    direct = world.place("direct-bea", direct=True)
    verdict = card(world.answer("Bea", world.study("Bea", TWO, direct), place=direct))
    assert "Right · +4 points" == verdict.title
    assert [] == world.rows("SELECT * FROM channel_totals")
    board = card(world.say("Bea", "leaderboard", direct))
    assert "Leaderboard · this week · the whole team" == board.title
    assert "1 Bea 4" in words(board)
    assert "1 Bea 4" in words(card(world.say("Cem", "leaderboard team")[:1]))
    assert "Nobody has points yet" in words(card(world.say("Bea", "leaderboard")))
    assert "no daily in a private conversation" in words(card(world.say("Bea", "daily", direct)))


def test_where_no_team_stands_behind_nothing_is_earned(world: World) -> None:
    """Practice gives its verdict without points, and there are no boards."""
    direct = world.place("direct-bea", tenant="nobody", direct=True, team=False)
    post = world.study("Bea", THREE, direct)
    assert "Right" == card(world.answer("Bea", post, place=direct)).title
    for text in ("leaderboard", "leaderboard all team"):
        assert "no team" in words(card(world.say("Bea", text, direct)))
    assert "no team" in words(card(world.press("Bea", "replace:share:all:team", direct)))
    for table in ("channel_totals", "team_totals", "team_days"):
        assert [] == world.rows(f"SELECT * FROM {table}")
