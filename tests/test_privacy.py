"""What is stored of a member, and how all of it can be had, hidden and deleted."""

import logging
from typing import Any

import msgspec
import pytest

from bot.app import NOT_STORED
from bot.markup import words
from bot.quiz.answer import TWICE
from tests.fakes import World, button, card, note, shown
from tests.reference import check_boards, check_recomputation

WHO = "Quetzal"
"""A name that occurs nowhere else; the member's id is it in small letters."""
TYPED, OPEN, ONE = "strides-of-a-transpose", "explain-broadcasting", "list-times-two"
DERIVED = {"channel_totals", "team_totals", "team_days"}
"""Totals of the answers, which are exported themselves."""
EXPORTED = {
    "answers": "answers",
    "hints": "hints",
    "posts": "practice",
    "recalls": "reviews",
    "reports": "reports",
    "schedules": "schedules",
    "shown": "shown",
    "streaks": "streaks",
}
"""Tables that name a member, and where their rows stand in the export."""


def live(world: World) -> None:
    """Let a member do everything that leaves a trace, beside another one."""
    world.relay.managers.add(WHO.casefold())
    world.say(WHO, "schedule 09:00 UTC daily")
    world.wait(hours=1)
    world.tick()
    daily = world.daily_of()
    for who in (WHO, "Bea"):
        world.answer(who, daily)
        world.answer(who, world.study(who, TYPED), right=False)
        world.press(who, f"card:hint:{world.study(who, ONE).id}")
    world.press(WHO, f"card:report:{daily.id}")
    direct = world.place("dm-quetzal", direct=True)
    world.answer(WHO, world.study(WHO, OPEN, direct), place=direct)


def export(world: World, who: str) -> dict[str, Any]:
    """The member's data, as the file holds it."""
    found = card(world.press(who, button(card(world.say(who, "privacy")), "Export")))
    assert found.file is not None
    return msgspec.json.decode(found.file.data, type=dict[str, Any])


def delete(world: World, who: str) -> None:
    """Delete a member as they would: asked once more before."""
    asked = card(world.press(who, button(card(world.say(who, "privacy")), "Delete")))
    done = card(world.press(who, button(asked, "Delete")))
    assert "everything about you is deleted" in words(done)


def naming_a_member(world: World) -> dict[str, str]:
    """Every table that names members, and its column that does."""
    found = {}
    for table in world.tables():
        columns = {column for _, column, *_ in world.rows(f"PRAGMA table_info({table})")}
        for column in columns & {"member_id", "set_by"}:
            found[table] = column
    return found


def test_the_export_holds_everything(world: World) -> None:
    """Each table's rows of a member stand in it, and nobody else's."""
    live(world)
    data = export(world, WHO)
    tables = naming_a_member(world)
    assert {*EXPORTED, *DERIVED} == set(tables)
    ((ident,),) = world.rows("SELECT id FROM members WHERE name = ?", WHO)
    for table, section in EXPORTED.items():
        count = len(world.rows(f"SELECT * FROM {table} WHERE {tables[table]} = ?", ident))
        assert count == len(data[section]) > 0, table
    assert [(WHO.casefold(), WHO)] == [(one["platform_id"], one["name"]) for one in data["member"]]
    stored = world.rows("SELECT text, points FROM answers WHERE member_id = ? ORDER BY id", ident)
    assert stored == [(one["text"], one["points"]) for one in data["answers"]]
    assert "Bea" not in str(data)


def test_the_export_of_a_newcomer_is_all_but_empty(world: World) -> None:
    """Name and id are all there is."""
    data = export(world, WHO)
    assert ["member"] == [section for section, rows in data.items() if rows]


def test_deletion_leaves_no_trace_of_the_person(world: World) -> None:
    """Neither name nor id nor the id of their private conversation stands anywhere."""
    live(world)
    delete(world, WHO)
    everything = str(world.tables()).casefold()
    assert WHO.casefold() not in everything
    assert "bea" in everything
    ((ident,),) = world.rows("SELECT id FROM members WHERE platform_id IS NULL")
    assert [("", 1, None)] == world.rows(
        "SELECT name, hidden, told_at FROM members WHERE id = ?", ident
    )
    left = {
        table
        for table, column in naming_a_member(world).items()
        if world.rows(f"SELECT * FROM {table} WHERE {column} = ?", ident)
    }
    assert {"answers", "posts", *DERIVED} == left
    assert {("",)} == set(world.rows("SELECT text FROM answers WHERE member_id = ?", ident))
    unanswered = (
        "SELECT * FROM posts WHERE member_id = ? AND id NOT IN (SELECT post_id FROM answers)"
    )
    assert [] == world.rows(unanswered, ident)


def test_deletion_leaves_everybody_elses_points_and_counts(world: World) -> None:
    """The answers stay under a nameless member, who is on no board and in no reveal."""
    live(world)
    before = world.rows("SELECT * FROM answers WHERE member_id != 1 ORDER BY id")
    totals = [world.rows(f"SELECT * FROM {table}") for table in sorted(DERIVED)]
    delete(world, WHO)
    assert before == world.rows("SELECT * FROM answers WHERE member_id != 1 ORDER BY id")
    assert totals == [world.rows(f"SELECT * FROM {table}") for table in sorted(DERIVED)]
    check_boards(world)
    check_recomputation(world)
    for text in ("leaderboard", "leaderboard all team"):
        found = words(card(world.say("Bea", text)))
        assert "1 Bea" in found
        assert "\n2 " not in found
    for who in ("Cem", "Dan", "Eve"):
        world.answer(who, world.daily_of())
    world.wait(days=1)
    world.tick()
    closed = words(next(iter(world.relay.posted.values())).card)
    assert "5 of 5 got it." in closed
    assert "Right: Bea, Cem, Dan, Eve\n" in closed + "\n"


def test_nobody_answers_twice_by_being_deleted_in_between(world: World) -> None:
    """Until the daily closes; then its hash goes, and the next one can be answered."""
    live(world)
    daily = world.daily_of()
    delete(world, WHO)
    assert 1 == len(world.rows("SELECT * FROM spent"))
    assert shown(TWICE) in words(card(world.answer(WHO, daily)))
    assert shown(TWICE) in words(card(world.answer(WHO, daily, right=False)))
    assert 2 == len(world.rows("SELECT * FROM answers WHERE post_id = ?", daily.id))
    world.wait(days=1)
    world.tick()
    assert [] == world.rows("SELECT * FROM spent")
    assert card(world.answer(WHO, world.daily_of())).title.startswith("Right · +")


def test_a_withdrawn_daily_needs_no_hash(world: World) -> None:
    """Nobody can answer it any more."""
    live(world)
    delete(world, "Bea")
    world.say(WHO, "schedule void")
    assert [] == world.rows("SELECT * FROM spent")


def test_deletion_leaves_a_conversation_of_two_to_the_other(world: World) -> None:
    """Commands work between two members; who stays there goes on with their own practice."""
    place = world.place("d-two", direct=True)
    world.say("Bea", "quiz", place)
    post = world.asked(card(world.say("Cem", "quiz", place)))
    world.press("Bea", "card:forget:yes", place)
    assert "another channel" not in words(card(world.answer("Cem", post, place=place)))
    assert [("d-two",)] == world.rows("SELECT platform_id FROM channels WHERE direct")
    world.press("Cem", "card:forget:yes", place)
    assert "d-two" not in str(world.tables())


def test_whoever_comes_back_is_new(world: World) -> None:
    """Without points, hints and reviews, and told again what is stored."""
    live(world)
    delete(world, WHO)
    assert "Nothing answered yet." in words(card(world.say(WHO, "me")))
    verdict = words(card(world.answer(WHO, world.study(WHO, ONE))))
    assert "Right · +2 points" in verdict
    assert "/numpy privacy" in verdict


def test_deletion_ends_at_the_team(world: World) -> None:
    """The same person in another team stays who they are."""
    live(world)
    away = world.place(tenant="another")
    world.answer(WHO, world.study(WHO, ONE, away), place=away)
    delete(world, WHO)
    assert "1 Quetzal 2" in words(card(world.say(WHO, "leaderboard", away)))


def test_no_log_line_carries_an_answer_or_a_name(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is typed, and also when it could not be stored."""
    caplog.set_level(logging.DEBUG)
    live(world)
    thought = "my secret thought 4711"
    for source in (OPEN, TYPED):
        post = world.study(WHO, source)
        world.submit(WHO, f"form:answer:{post.id}:", {"text": (thought,), "picks": (thought,)})
    world.say(WHO, f"learn {thought}")
    world.say(WHO, thought)
    world.press(WHO, f"answer:{thought}")
    post = world.study(WHO, TYPED)
    assert post.question.key is not None
    key = post.question.key.text
    world.database._writer.close()
    failed = world.submit(WHO, f"form:answer:{post.id}:", {"text": (key,)})
    assert NOT_STORED == note(failed)
    assert "not stored" in caplog.text
    for secret in ("4711", key, WHO):
        assert secret not in caplog.text
