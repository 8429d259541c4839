"""Forms as Discord's modals, and whatever comes back in them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord_forms import LONGEST_INPUT, fields_of, modal
from bot.cards.plan import plan_form
from bot.cards.question import answer_form
from bot.events import Code, Field, Form
from tests.discord_payloads import submitted
from tests.discord_rules import CALLBACK, problems_of
from tests.discord_schema import Json
from tests.discord_words import CHECKBOX_GROUP, LABEL, TEXT, TEXT_INPUT
from tests.test_secrecy import post_of, questions
from tests.test_slack_cards import SCHEDULE

FIELDS = (
    Field(name="a", label="Text", value="09:00", placeholder="such as 09:00"),
    Field(name="b", label="Lines", kind="lines"),
    Field(name="c", label="Prose", kind="prose", required=False),
    Field(name="d", label="Ticks", kind="ticks", options=(("0", "one"), ("1", "two"))),
)
PICK = Field(name="e", label="Pick", kind="select", value="1", options=(("0", "A"), ("1", "B")))
FORM = Form(id="form:x", title="A form", fields=FIELDS, submit="Save", blocks=(Code("x"),))


def window(form: Form, draft: dict[str, tuple[str, ...]] | None = None) -> Json:
    """What is shown, which Discord must take."""
    data: Json = modal(form, draft or {}).to_dict()
    method, path = CALLBACK.split(" ", 1)
    assert [] == problems_of(method, path, {"type": 9, "data": data})
    return data


def inputs(data: Json) -> list[Json]:
    """The inputs of a form."""
    return [part["component"] for part in data["components"] if part["type"] == LABEL]


def test_fields_of_each_kind() -> None:
    """Each is an input under its name, with what stands in it already."""
    data = window(FORM)
    assert ("form:x", "A form") == (data["custom_id"], data["title"])
    assert [TEXT, *[LABEL] * 4] == [part["type"] for part in data["components"]]
    a, b, c, d = inputs(data)
    assert ["a", "b", "c", "d"] == [one["custom_id"] for one in (a, b, c, d)]
    assert [1, 2, 2] == [one["style"] for one in (a, b, c)]
    assert [True, True, False, True] == [one["required"] for one in (a, b, c, d)]
    assert ("09:00", "such as 09:00") == (a["value"], a["placeholder"])
    assert CHECKBOX_GROUP == d["type"]
    assert ["0", "1"] == [option["value"] for option in d["options"]]
    (pick,) = inputs(window(Form(id="form:y", title="T", fields=(PICK,))))
    assert [False, True] == [bool(option.get("default")) for option in pick["options"]]


def test_an_option_goes_on_in_its_second_line() -> None:
    """Whole words of it, and spaces within it stay."""
    long = "A. [ 3  7 11] " + "word " * 20 + "end"
    form = Form(id="form:x", title="T", fields=(Field(name="d", label="Ticks", kind="ticks",
                options=(("0", long), ("1", "short"))),))  # fmt: skip
    (ticks,) = inputs(window(form))
    one, two = ticks["options"]
    assert f"{one['label']} {one['description']}" == long
    assert len(one["label"]) <= 80
    assert ("short", None) == (two["label"], two.get("description"))


def test_what_somebody_had_typed_is_there_again() -> None:
    """A form that could not be read opens with it, ticks too."""
    a, b, _, d = inputs(window(FORM, {"a": ("10:00",), "b": ("two\nlines",), "d": ("1",)}))
    assert ("10:00", "two\nlines") == (a["value"], b["value"])
    assert [False, True] == [bool(option.get("default")) for option in d["options"]]


def test_five_fields_leave_no_room_for_words() -> None:
    """Discord shows five things in a form."""
    five = tuple(Field(name=name, label=name) for name in "abcde")
    form = Form(id="form:x", title="T", fields=five, blocks=(Code("x"),))
    assert [LABEL] * 5 == [part["type"] for part in window(form)["components"]]
    assert 5 == len(inputs(window(plan_form(SCHEDULE))))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@given(TEXTS, TEXTS)
def test_whatever_stands_in_a_form_discord_takes_it(one: str, two: str) -> None:
    """Titles, labels, placeholders, values and options, cut to what a place holds."""
    fields = (
        Field(name="a", label=one, value=two * 20, placeholder=two),
        Field(name="b", label=two, kind="ticks", options=(("0", one), ("1", two))),
    )
    window(Form(id="form:x", title=one, fields=fields, blocks=(Code(two * 40),)))


def test_a_form_shows_its_question() -> None:
    """A form hides the channel, so stem and code stand in it."""
    for one in questions():
        if one.kind in {"single", "bug"}:
            continue
        text = window(answer_form(post_of(one), ""))["components"][0]["content"]
        assert one.code in text
        assert "-# …" not in text


# --- what comes back ----------------------------------------------------------------------


def test_what_is_filled_in_is_read() -> None:
    """By the names of the fields, as Discord sends it."""
    data: Json = modal(FORM, {}).to_dict()
    for number, part in enumerate(data["components"]):
        part["id"] = number
        if "component" in part:
            part["component"]["id"] = 10 + number
    given = {"a": "1", "b": "2\n3", "c": "", "d": ["0", "1"]}
    found = fields_of(submitted("form:x", data["components"], given))  # type: ignore[arg-type]  # texts and lists
    assert {"a": ("1",), "b": ("2\n3",), "c": ("",), "d": ("0", "1")} == found


def test_forms_of_before_labels_are_read_too() -> None:
    """Rows with an input each."""
    row = {"type": 1, "components": [{"type": TEXT_INPUT, "custom_id": "text", "value": "(3,)"}]}
    assert {"text": ("(3,)",)} == fields_of({"components": [row]})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["components", "component", "custom_id", "value", "values", "type"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_garbage_is_read_as_nothing(garbage: Any) -> None:  # noqa: ANN401  # any JSON
    """Whatever a payload holds, there are names and texts, or nothing."""
    found = fields_of({"components": garbage})
    assert all(isinstance(text, str) for values in found.values() for text in values)


@pytest.mark.parametrize("length", [0, 1, LONGEST_INPUT, 10_000])
def test_a_text_of_any_length_is_read(length: int) -> None:
    """How much of it is graded, the core decides."""
    part = {"type": LABEL, "component": {"type": 4, "custom_id": "text", "value": "9" * length}}
    assert {"text": ("9" * length,)} == fields_of({"components": [part]})


@settings(max_examples=30)
@given(
    st.dictionaries(st.sampled_from("abcde"), st.lists(TEXTS | st.sampled_from("01")).map(tuple))
)
def test_whatever_somebody_sent_is_a_draft(draft: dict[str, tuple[str, ...]]) -> None:
    """Its form opens again, whatever kind of field a value was sent for."""
    window(FORM, draft)


def test_a_select_takes_one_choice_of_a_draft_that_holds_more() -> None:
    """Discord refuses a form in which more is chosen than can be."""
    window(Form(id="form:y", title="T", fields=(PICK,)), {"e": ("0", "1")})
