"""The bank as a study guide, a member's own progress, and reports."""

from pathlib import Path

import pytest

from bot.bank.rules import correction_rules
from bot.cards.guide import PAGE
from bot.config import Settings
from bot.events import Bullets, Card, Link, Paragraph, Table
from bot.markup import plain, runs, words
from bot.quiz.study import ordered
from content.overviews import OVERVIEWS
from content.schema import TOPICS
from tests.fakes import World, button, card, some_of

ONE, TWO = "list-times-two", "row-plus-equals-column"


def titles(found: Card) -> list[str]:
    """What a page of the guide lists."""
    return [
        plain(item) for block in found.blocks if isinstance(block, Bullets) for item in block.items
    ]


def reports(world: World) -> list[tuple[str, str]]:
    """Who was told of a reported question, and in what words."""
    return [
        (who.id, words(found))
        for who, found in world.relay.told
        if found.title == "A question was reported"
    ]


def test_the_guide_begins_with_its_topics_in_reading_order(world: World) -> None:
    """Each with the number of its questions and a button."""
    guide = card(world.say("Bea", "learn"))
    (table,) = [block for block in guide.blocks if isinstance(block, Table)]
    here = [topic for topic in TOPICS if any(e.topic == topic for e in world.bank.entries.values())]
    assert [TOPICS[topic] for topic in here] == [row[0] for row in table.rows]
    assert len(world.bank.entries) == sum(int(row[1]) for row in table.rows)
    assert [TOPICS[topic] for topic in here] == [one.label for one in guide.buttons]
    opened = card(world.press("Bea", guide.buttons[0]))
    assert TOPICS[here[0]] == opened.title


def test_a_topic_has_pages_of_its_questions_from_easy_to_hard(world: World) -> None:
    """Every question is on one of them, under the number that opens it."""
    for topic in TOPICS:
        entries = ordered([one for one in world.bank.entries.values() if one.topic == topic])
        found = card(world.say("Bea", f"learn {topic}"))
        pages = [found]
        while any(one.label == "More" for one in pages[-1].buttons):
            pages.append(card(world.press("Bea", button(pages[-1], "More"))))
        assert -(-len(entries) // PAGE) == len(pages)
        listed = [title for page in pages for title in titles(page)]
        assert len(entries) == len(listed)
        for entry, title in zip(entries, listed, strict=True):
            assert title.startswith(plain(runs(entry.title)))
        last = entries[(len(pages) - 1) * PAGE]
        post = world.asked(card(world.press("Bea", pages[-1].buttons[0])))
        assert last.id == post.question.source


def test_a_page_that_is_not_there_is_empty(world: World) -> None:
    """However far it lies."""
    for page in (50, 10**17):
        assert "Nothing found" in words(card(world.press("Bea", f"replace:topic:dtypes:{page}")))


def test_other_words_search(world: World) -> None:
    """All of them must occur; nothing found is said."""
    found = card(world.say("Bea", "learn broadcast shapes"))
    assert titles(found)
    assert "Found for “broadcast shapes”" == found.title
    narrower = card(world.say("Bea", "learn broadcast shapes strides"))
    assert len(titles(narrower)) <= len(titles(found))
    assert "Nothing found" in words(card(world.say("Bea", "learn xylophone broadcast")))
    world.press("Bea", found.buttons[0])


def test_a_search_says_how_much_it_found(world: World) -> None:
    """All that was found is counted, though one page is shown and there is no further one."""
    found = card(world.say("Bea", "learn the"))
    number = sum(entry in world.bank.search("the") for entry in world.bank.entries.values())
    assert number > PAGE
    assert f"1-{PAGE} of {number}." in words(found)
    assert [str(place) for place in range(1, PAGE + 1)] == [b.label for b in found.buttons]


def test_the_answer_lies_behind_a_press(world: World) -> None:
    """With the explanation, the docs page and what an interviewer asks next."""
    post = world.study("Bea", TWO)
    question = post.question
    explained = card(world.press("Bea", f"replace:answer:{post.id}"))
    text = words(explained)
    right = next(choice for choice in question.choices if choice.right)
    assert f"The answer: {plain(runs(right.text))}" in text
    assert f"{TWO} v{question.version} · NumPy {question.numpy}" in text
    linked = [
        run.url
        for block in explained.blocks
        if isinstance(block, Paragraph)
        for run in block.runs
        if isinstance(run, Link)
    ]
    assert question.docs in linked
    for follow_up in question.follow_up:
        assert plain(runs(follow_up.ask)) in text
        assert plain(runs(follow_up.answer)) in text


def test_a_question_of_the_guide_can_be_answered(world: World) -> None:
    """It is practice like any other."""
    assert "Right · +4 points" == card(world.answer("Bea", world.study("Bea", TWO))).title


def test_progress_names_points_streak_mastery_and_misses(world: World) -> None:
    """Nothing is there before the first answer."""
    assert "Nothing answered yet." in words(card(world.say("Bea", "me")))
    post = world.begin()
    world.answer("Bea", post)
    source = next(one for one in (ONE, TWO) if one != post.question.source)
    world.answer("Bea", world.study("Bea", source), right=False)
    world.answer("Bea", world.study("Bea", "explain-broadcasting"))
    me = words(card(world.say("Bea", "me")))
    points = 10 * post.question.level
    assert f"{points} points here, {points} in the whole team" in me
    assert "1 of 2 answers right (50 %)" in me
    assert "Streak 1, best 1, 0 freezes kept" in me
    assert f"{TOPICS[post.question.topic]} 1/1 ████████" in me
    assert f"{TOPICS[world.bank.entries[source].topic]} 0/1 ░░░░░░░░" in me
    missed = plain(runs(world.bank.entries[source].title))
    assert f"Missed last:\n- {missed}" in me
    assert "1 question in review, 0 due today." in me
    elsewhere = words(card(world.say("Bea", "me", world.place("random"))))
    assert f"0 points here, {points} in the whole team" in elsewhere
    assert "Streak 0" in elsewhere


def test_a_report_reaches_the_managers_once(tmp_path: Path) -> None:
    """With id, version and NumPy's version; whoever has not answered cannot doubt it yet."""
    settings = Settings(managers=frozenset({"gus", "nobody"}))
    with World(tmp_path, bank=some_of(ONE), settings=settings) as world:
        world.say("Gus", "help")
        post = world.begin()
        assert "Answer it first" in words(card(world.press("Bea", f"card:report:{post.id}")))
        assert [] == reports(world)
        verdict = card(world.answer("Bea", post, right=False))
        thanks = words(card(world.press("Bea", button(verdict, "Report"))))
        assert "the managers will look at it" in thanks
        again = words(card(world.press("Bea", button(verdict, "Report"))))
        assert "You have reported this one" in again
        told = reports(world)
        assert ["ada", "gus"] == [who for who, _ in told]
        for _, text in told:
            assert "Bea in #numpy doubts this question" in text
            assert f"numpy-bot bank show {ONE}." in text
            assert f"{ONE} v1 · NumPy {post.question.numpy}" in text


def test_a_verdict_of_a_family_can_be_replayed(world: World) -> None:
    """Its explanation names the seed; nothing before it does."""
    families = [entry for entry in world.bank.entries.values() if entry.family]
    for entry in families[:3]:
        post = world.study("Bea", entry.id)
        world.answer("Bea", post)
        explained = words(card(world.press("Bea", f"card:explain:{post.id}")))
        assert f"{entry.id} v{entry.version} · seed {post.question.seed} · NumPy" in explained


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_begins_with_what_it_is_about(world: World, topic: str) -> None:
    """In at most sixty words, with the page to read first; the next pages go straight on."""
    overview = OVERVIEWS[topic]
    assert len(overview.text.split()) <= 60
    assert [] == [*correction_rules("", overview.docs)]
    first = card(world.say("Bea", f"learn {topic}"))
    begins = f"{plain(runs(overview.text))}\nRead first: "
    assert begins in words(first)
    if any(one.label == "More" for one in first.buttons):
        assert begins not in words(card(world.press("Bea", button(first, "More"))))
