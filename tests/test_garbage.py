"""Whatever comes in that we never sent out: a short sentence, and nothing changes."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import ABOUT_A_POST, BROKEN
from bot.events import Command, FormSubmit, Invalid, Person, Reply, Show
from bot.markup import words
from content.schema import TOPICS
from tests.fakes import World, card, cards

HUGE = "9" * 5000
VERBS = (*ABOUT_A_POST, "pick", "skip", "next", "topic", "share", "recap", "hide", "plan")
strings = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ("", "0", "-1", "00", "1e3", "²", "\u0661", "4294967296", "9" * 18, HUGE, "yes?")
    ),
    st.sampled_from(tuple(TOPICS)),
)
nowhere = strings.filter(lambda text: not re.fullmatch("0*[1-9][0-9]?", text))
"""Never the id of one of the few posts there are."""
buttons = st.one_of(
    st.text(),
    st.builds(
        lambda effect, verb, where, rest: ":".join((effect, verb, where, *rest)),
        st.sampled_from(("answer", "form", "card", "replace", "", "x")),
        st.one_of(st.sampled_from(VERBS), strings),
        nowhere,
        st.lists(strings, max_size=3),
    ),
)
fields = st.dictionaries(
    st.one_of(st.sampled_from(("text", "picks", "time", "zone", "days")), st.text(max_size=5)),
    st.lists(st.one_of(strings, st.text()), max_size=4).map(tuple),
    max_size=4,
)
wrong_picks = st.lists(
    st.one_of(st.text(max_size=3), st.sampled_from(("5", "99", "-1", "²", HUGE))).filter(
        lambda text: text not in {"0", "1", "2", "3", "4"}
    ),
    max_size=4,
).map(tuple)


class Stage:
    """A team with an open daily and unanswered practice of every other kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.daily = world.begin()
        self.own = {
            source: world.study("Bea", source)
            for source in ("strides-of-a-transpose", "subtract-row-means", "explain-broadcasting")
        }
        self.away = world.place("elsewhere", "another")
        world.press("Bea", "card:nothing", self.away)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for all: nothing may change it."""
    with World(tmp_path_factory.mktemp("garbage")) as world:
        yield Stage(world)


def is_a_sentence(replies: list[Reply]) -> bool:
    """Whether the replies are one short private sentence, and not our own failure's."""
    (reply,) = replies
    if isinstance(reply, Invalid):
        return 0 < len(reply.note) < 300
    return (
        isinstance(reply, Show)
        and reply.to == "private"
        and 0 < len(words(reply.card)) < 300
        and BROKEN not in words(reply.card)
    )


@given(button=buttons)
def test_a_button_that_we_never_made_changes_nothing(stage: Stage, button: str) -> None:
    """Neither here nor in a team where the member of the same id has no post at all."""
    before = stage.world.tables()
    for place in (None, stage.away):
        replies = stage.world.press("Bea", button, place)
        assert replies
        assert not any(BROKEN in words(found) for found in cards(replies))
    assert before == stage.world.tables()


@pytest.mark.parametrize(
    "button",
    ["", ":", "card", "card:study:shapes:999", "card:study:nothing:0", "replace:next:q.x.1.0.5",
     "replace:next:", "replace:hide:2", "replace:forget:no", "answer:pick", "answer:pick:1:0",
     "card:hint:99", f"card:hint:{HUGE}", "answer:pick:99:0:", "form:answer:99:", "card:quiz:1"],
)  # fmt: skip
def test_a_button_of_another_time_gets_a_sentence(stage: Stage, button: str) -> None:
    """A short private one."""
    before = stage.world.tables()
    assert is_a_sentence(stage.world.press("Bea", button))
    assert before == stage.world.tables()


@given(form=st.one_of(st.text(), nowhere.map(lambda where: f"form:answer:{where}:")), fields=fields)
def test_a_form_that_we_never_opened_changes_nothing(
    stage: Stage, form: str, fields: dict[str, tuple[str, ...]]
) -> None:
    """Whatever its fields are."""
    before = stage.world.tables()
    assert is_a_sentence(stage.world.submit("Bea", form, fields))
    assert before == stage.world.tables()


@given(picks=wrong_picks, session=strings.map(lambda text: text.replace(":", "")))
def test_ticks_that_no_form_offers_change_nothing(
    stage: Stage, picks: tuple[str, ...], session: str
) -> None:
    """On a question with options, a typed one, an open one, and on key points."""
    before = stage.world.tables()
    for post in stage.own.values():
        for name in ("answer", "points"):
            form = f"form:{name}:{post.id}:{session}"
            assert is_a_sentence(stage.world.submit("Bea", form, {"picks": picks}))
    assert before == stage.world.tables()


@given(index=strings.filter(lambda text: text not in {"0", "00"}), session=strings)
def test_a_choice_that_is_not_offered_changes_nothing(
    stage: Stage, index: str, session: str
) -> None:
    """On a daily of few choices."""
    before = stage.world.tables()
    offered = range(len(stage.daily.question.choices))
    if re.fullmatch("[0-9]{1,18}", index) and int(index) in offered:
        index = str(len(offered))
    button = f"answer:pick:{stage.daily.id}:{index}:{session}"
    assert is_a_sentence(stage.world.press("Bea", button))
    assert before == stage.world.tables()


@given(text=st.one_of(st.text(), strings.map("learn {}".format), strings.map("quiz {}".format)))
def test_any_text_is_a_command_or_gets_a_sentence(stage: Stage, text: str) -> None:
    """Never silence, never our own failure."""
    assert BROKEN not in words(card(stage.world.say("Cem", text)))


def test_half_a_character_is_no_failure(world: World) -> None:
    """What no encoding can write is stored as a question mark, in names and in answers."""
    post = world.study("Bea", "strides-of-a-transpose")
    person = Person("bea", "Bea \ud83d")
    asked = Command(place=world.place(), person=person, at=world.now, text="me")
    sent = FormSubmit(
        place=world.place(),
        person=person,
        at=world.now,
        form=f"form:answer:{post.id}:",
        fields={"text": ("error \ud83d",)},
    )
    assert "Not quite" in words(card(world.send(sent)))
    assert "0 of 1 answer right" in words(card(world.send(asked)))
    assert [("Bea ?", "error ?")] == world.rows(
        "SELECT name, text FROM answers a JOIN members m ON m.id = a.member_id"
    )


@pytest.mark.parametrize("word", ["leaderbord", "quizz", "privcy", "revew"])
def test_an_unknown_word_gets_the_nearest_command(world: World, word: str) -> None:
    """Not silence and not the whole list."""
    assert "Did you mean" in words(card(world.say("Bea", word)))
