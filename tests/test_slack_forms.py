"""Windows and homes on Slack: what Slack takes, what they give away, and what comes back."""

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import slack_forms
from adapters.slack_cards import Json, message
from adapters.slack_forms import Memo, card_window, fields_of, form_window, memo_of
from bot.cards import boards, guide, plan, question, verdict
from bot.events import Card, Code, Field, Form, Paragraph, Text
from bot.model import Post
from bot.store.boards import Ranking
from bot.store.schedules import Plan
from content.schema import TOPICS
from tests import slack_rules
from tests.fakes import MONDAY
from tests.parts import in_parts
from tests.slack_rules import Surface, problems_of, walk
from tests.test_secrecy import LONG_ID, SESSION, afterwards, asked, post_of, questions, twin
from tests.test_slack_cards import KEY, SCHEDULE, of_members, pages, text

MEMO = Memo("C0123ABC", "1772442000.000100")


def of_ours() -> Iterator[Card]:
    """Every card whose words are all ours."""
    yield from (guide.help_card(), guide.welcome_card(), guide.forget_card())
    yield guide.topics_card([(topic, 42) for topic in TOPICS], 3)
    yield from (guide.privacy_card(hidden=hidden, team=True) for hidden in (True, False))
    yield from (guide.few_fresh_card(3), guide.export_card(b"{}"))
    yield guide.trouble_card(12, "C0123ABC", "could not be posted")
    said = (guide.UNKNOWN_BUTTON, guide.GUEST, guide.SENT_APART, guide.NOT_SENT, guide.NOT_OPEN)
    yield from map(guide.notice, (*said, guide.CHECKING, guide.EXPIRED))
    for state in ("on", "paused", "off"):
        stands = Plan(1, SCHEDULE, state, MONDAY.date(), None, MONDAY, 1)
        yield plan.plan_card(stands, "Changed", open_setup=True, is_new=True)
        yield plan.preview_card(stands, [(MONDAY, MONDAY)] * 5)
    yield from (plan.no_plan_card(), verdict.voided_card(post_of(questions()[0])))
    yield from (boards.recap_card(3, 5, 12), boards.recap_card(0, 0, 0), boards.review_card([], []))
    nobody = Ranking((), None, 0)
    yield from (boards.leaderboard_card(nobody, "all", "team", hidden=no) for no in (True, False))


# --- what Slack takes ---------------------------------------------------------------------


@cache
def _of_shape(packed: bytes) -> tuple[str, ...]:
    return tuple(slack_rules._block(msgspec.json.decode(packed)))


def _shape(value: Any) -> Any:  # noqa: ANN401  # JSON goes in and comes out
    """A block with other words: the schema, which is slow, knows no lengths of them."""
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "x" if key == "text" and isinstance(inner, str) and inner else _shape(inner)
        for key, inner in value.items()
    }


def problems(body: Json, surface: Surface) -> list[str]:
    """`problems_of`, which looks at many blocks of one shape once."""
    looks = (slack_rules._lengths, slack_rules._texts, slack_rules._choices, slack_rules._rich)
    is_message, found = surface == "message", body["blocks"]
    whole = slack_rules._message(body, update=True) if is_message else ()
    view = () if is_message else slack_rules._view(body, surface)
    each = [problem for part in walk(found) for look in looks for problem in look(part)]
    each += [told for block in found for told in _of_shape(msgspec.json.encode(_shape(block)))]
    return [*whole, *view, *slack_rules._surface(found, surface), *each]


def bodies(shown: Card | Form) -> Iterator[tuple[Json, Surface]]:
    """Everything that Slack is sent to show something; only who has points ticks them."""
    if isinstance(shown, Form):
        if any(field.options or field.kind != "ticks" for field in shown.fields):
            yield form_window(shown, MEMO), "modal"
        return
    yield message(shown, key=KEY), "message"
    yield card_window([shown], MEMO), "modal"


@in_parts(5)
def test_slack_takes_every_question(part: slice) -> None:
    """Asked in any way, its form, verdicts, explanation, hint and closing, in all places."""
    for one in questions()[part]:
        post = post_of(one, LONG_ID)
        for shown in (*asked(post), *afterwards(post)):
            for body, surface in bodies(shown):
                assert [] == problems(body, surface), one.source


@pytest.mark.proof
def test_slack_takes_every_question_by_all_rules() -> None:
    """Each body by itself, nothing remembered; of every third question, or all with EVERY=1."""
    for one in [*questions()][:: int(os.environ.get("EVERY", "3"))]:
        post = post_of(one, LONG_ID)
        for shown in (*asked(post), *afterwards(post)):
            for body, surface in bodies(shown):
                assert [] == problems_of(body, surface), one.source


def test_slack_takes_every_other_card_and_form() -> None:
    """Boards, the guide, schedules and notices in all places, pages also as homes."""
    found: list[Card | Form] = [*of_ours(), *of_members("Ada"), *pages(), plan.plan_form(SCHEDULE)]
    for shown in found:
        for body, surface in bodies(shown):
            assert [] == problems_of(body, surface), shown.title
        if isinstance(shown, Card):
            assert [] == problems(slack_forms.home(shown, MEMO), "home"), shown.title


@in_parts(5)
def test_slack_takes_a_verdict_below_its_question(part: slice) -> None:
    """With what was answered between them, as a message and in a window."""
    picked = (Text("x" * 1000, "code"),)
    for one in questions()[part]:
        post = post_of(one, LONG_ID)
        above = verdict.asked_card(post, picked)
        below = [card for card in afterwards(post) if isinstance(card, Card)][-1]
        assert [] == problems(message(above, below, key=KEY), "message"), one.source
        assert [] == problems(card_window([above, below], MEMO), "modal"), one.source


# --- what they give away ------------------------------------------------------------------


def strings(value: object) -> Iterator[str]:
    """Every string in a body, wherever it stands."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else ():
        yield from strings(inner)
    for inner in value if isinstance(value, list) else ():
        yield from strings(inner)


def unanswered(post: Post) -> Iterator[Card | Form]:
    """What shows a question before it is answered, with no count that could be somebody's key."""
    yield question.daily_card(post, "UTC", 987_654)
    yield question.practice_card(post, SESSION, "987654 of 987654", again=True)
    yield question.study_card(post)
    yield question.together_card(post, 987_654)
    yield question.answer_form(post, SESSION)


def test_what_is_sent_is_the_same_whatever_the_key_is() -> None:
    """Messages, windows and forms of an unanswered question."""
    for one in questions():
        mine, other = asked(post_of(one)), asked(post_of(twin(one)))
        for shown, elsewhere in zip(mine, other, strict=True):
            assert list(bodies(shown)) == list(bodies(elsewhere)), one.source


def test_no_string_that_is_sent_holds_the_key() -> None:
    """Neither ids, values, placeholders nor metadata, where the question itself does not."""
    looked = 0
    for one in questions():
        if one.kind != "predict" or one.key is None or one.key.type == "bool":
            continue
        key = re.compile(rf"(?<![\w.]){re.escape(one.key.text)}(?![\w.])")
        if key.search(f"{one.stem}\n{one.code}"):
            continue
        looked += 1
        for shown in unanswered(post_of(one, LONG_ID)):
            for body, _ in bodies(shown):
                assert [] == [told for told in strings(body) if key.search(told)], one.source
    assert looked > 20


# --- forms, and what comes back -----------------------------------------------------------

FIELDS = (
    Field(name="a", label="Text", value="09:00", placeholder="such as 09:00"),
    Field(name="b", label="Lines", kind="lines"),
    Field(name="c", label="Prose", kind="prose", required=False),
    Field(name="d", label="Ticks", kind="ticks", options=(("0", "one"), ("1", "two"))),
    Field(name="e", label="Pick", kind="select", value="1", options=(("0", "one"), ("1", "two"))),
)
FORM = Form(id="form:x", title="A form", fields=FIELDS, submit="Save", blocks=(Code("x"),))


def test_fields_of_each_kind() -> None:
    """Each is an input under its name, with what stands in it already."""
    window = form_window(FORM, MEMO)
    assert [] == problems_of(window, "modal")
    assert ("form:x", MEMO) == (window["callback_id"], memo_of(window))
    asks = window["blocks"][1:]
    assert ["a", "b", "c", "d", "e"] == [one["block_id"] for one in asks]
    assert [False, False, True, False, False] == [one["optional"] for one in asks]
    a, b, c, d, e = (one["element"] for one in asks)
    assert [False, True, True] == [one["multiline"] for one in (a, b, c)]
    assert ("09:00", "such as 09:00") == (a["initial_value"], a["placeholder"]["text"])
    assert not {"initial_value", "placeholder"} & b.keys()
    assert ["checkboxes", "static_select"] == [d["type"], e["type"]]
    assert ["0", "1"] == [option["value"] for option in d["options"]]
    assert e["options"][1] == e["initial_option"]


@given(text.filter(str.strip), text)
def test_whatever_stands_in_a_form_slack_takes_it(label: str, said: str) -> None:
    """Titles, labels, placeholders, values and options, cut to what a place holds."""
    options = (("0", label),)
    fields = (
        Field(name="a", label=label, placeholder=label, value=said * 9),
        Field(name="b", label=label, kind="ticks", options=options),
        Field(name="c", label=label, kind="select", options=options, value="0"),
    )
    above = (Paragraph((Text(said),)), Code(said))
    form = Form(id="form:x", title=label, fields=fields, submit=label, blocks=above)
    assert [] == problems_of(form_window(form, MEMO), "modal")


def test_what_was_filled_in_is_read() -> None:
    """Text, ticks, a choice, and nothing."""
    one, two = ({"text": Json(), "value": value} for value in ("0", "1"))
    entered: Json = {
        "text": {"value": "(2, 9)"},
        "empty": {"value": None},
        "ticks": {"selected_options": [one, two]},
        "unticked": {"selected_options": []},
        "pick": {"selected_option": two},
        "unpicked": {"selected_option": None},
    }
    state = {"values": {name: {"value": one} for name, one in entered.items()}}
    expected = {
        "text": ("(2, 9)",),
        "empty": (),
        "ticks": ("0", "1"),
        "unticked": (),
        "pick": ("1",),
        "unpicked": (),
    }
    assert expected == fields_of({"state": state})


HOSTILE: tuple[Any, ...] = (None, 5, 0, [], [1], [None], "x", {"x": 1}, True)


@pytest.mark.parametrize("odd", HOSTILE)
@pytest.mark.parametrize("name", ["value", "selected_option", "selected_options"])
def test_an_odd_form_is_not_filled_in(name: str, odd: Any) -> None:  # noqa: ANN401  # JSON
    """Only text is text, and only an option with a value was chosen."""
    assert {} == fields_of({}) == fields_of({"state": odd}) == fields_of({"state": {"values": odd}})
    for state in (odd, {"v": odd}, {"v": {name: odd}}):
        found = fields_of({"state": {"values": {"a": state}}})
        assert found in ({}, {"a": ()}, {"a": ("x",)} if name == "value" else {})


@pytest.mark.parametrize(
    "packed",
    [
        *(
            None,
            5,
            [],
            "",
            "x",
            "5",
            "[]",
            "{}",
            '{"channel":5}',
            '{"channel":""}',
            '{"channel":"c"}',
        ),
        *(
            '{"channel":"C1"',
            '{"channel":"C1","to":"x"}',
            '{"channel":"C1 "}',
            '{"channel":"C1\\n"}',
        ),
        '{"channel":"C1\ud800"}',
    ],
)
def test_a_foreign_broken_or_edited_memo_is_none(packed: Any) -> None:  # noqa: ANN401  # JSON
    """A window that says so stands nowhere."""
    assert memo_of({"private_metadata": packed}) is None
    assert memo_of({}) is None


@given(st.from_regex(r"[CDG][A-Z0-9]{1,20}", fullmatch=True), st.sampled_from(["", "17.01"]))
def test_a_memo_comes_back(channel: str, thread: str) -> None:
    """From modals and homes alike."""
    memo = Memo(channel, thread)
    assert memo == memo_of(card_window([Card(title="T")], memo))
    assert memo == memo_of(slack_forms.home(Card(title="T"), memo))


def test_a_note_stands_at_a_field_that_is_there() -> None:
    """At the first one, where the form has none of that name."""
    window = form_window(FORM, MEMO)
    assert ["c", "a"] == [slack_forms.input_named(window, name) for name in ("c", "z")]
    for odd in (None, [], [None, Json(), 5, "x"]):
        assert "z" == slack_forms.input_named({"blocks": odd}, "z")
