"""Cards as Discord's layouts: what Discord takes, and what is given away before an answer."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import discord
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord_cards import COLOURS, MOST_TEXT, key_of, label, layout, mark
from adapters.discord_forms import modal
from bot.cards import plan, verdict
from bot.events import Button, Card, Code, Form, Paragraph, Text, Tone
from bot.model import Mark
from bot.streaks import Streak
from tests.discord_rules import CALLBACK, CREATE, EDIT, problems_of
from tests.discord_schema import Json
from tests.discord_words import BUTTON, CONTAINER, ROW, displays, walk
from tests.parts import in_parts
from tests.test_secrecy import LONG_ID, SESSION, afterwards, asked, post_of, questions, twin
from tests.test_slack_cards import SCHEDULE, of_members, pages
from tests.test_slack_forms import of_ours, strings, unanswered

NOBODY: Json = {"parse": []}
KEY = "npb-12-question"


def message(*cards: Card, key: str = "", command: int = 77) -> Json:
    """What Discord is sent to show cards."""
    view = layout(*cards, key=key, command=command)
    body: Json = {"components": view.to_components()}  # type: ignore[no-untyped-call]  # discord.py's
    if any(card.file for card in cards):
        body["attachments"] = [{"id": 0, "filename": cards[0].file.name}] if cards[0].file else []
    return body | {"flags": 1 << 15, "allowed_mentions": NOBODY}


def window(form: Form) -> Json:
    """What Discord is sent to open a form."""
    return {"type": 9, "data": modal(form, {}).to_dict()}


def problems(shown: Card | Form, key: str = KEY) -> list[str]:
    """Why Discord would not take something."""
    if isinstance(shown, Form):
        method, path = CALLBACK.split(" ", 1)
        return problems_of(method, path, window(shown))
    method, path = CREATE.split(" ", 1)
    files = [shown.file.name] if shown.file else []
    return problems_of(method, path, message(shown, key=key), files=files)


def is_cut(body: Json) -> bool:
    """Whether something was left out."""
    return any(text.endswith("-# …") for text in displays(body["components"]))


@in_parts(5)
def test_discord_takes_every_question_whole(part: slice) -> None:
    """Asked in any way, its form, verdicts, explanation, hint and closing; nothing is cut."""
    for one in questions()[part]:
        post = post_of(one, LONG_ID)
        for shown in (*asked(post), *afterwards(post)):
            if isinstance(shown, Form) and _is_empty(shown):
                continue
            assert [] == problems(shown), one.source
            if isinstance(shown, Card):
                assert not is_cut(message(shown)), one.source


def _is_empty(form: Form) -> bool:
    """Ticks for a question without points, which nobody is shown."""
    return any(field.kind == "ticks" and not field.options for field in form.fields)


def test_discord_takes_every_other_card_and_form() -> None:
    """Boards, the guide, schedules, notices and pages."""
    found: list[Card | Form] = [*of_ours(), *of_members("Ada"), *pages(), plan.plan_form(SCHEDULE)]
    for shown in found:
        assert [] == problems(shown), shown.title


@in_parts(5)
def test_a_verdict_below_its_question_is_whole(part: slice) -> None:
    """The question gives way where both do not fit; together they are one message."""
    method, path = EDIT.split(" ", 1)
    picked = (Text("x" * 1000, "code"),)
    for one in questions()[part]:
        post = post_of(one, LONG_ID)
        below = [card for card in afterwards(post) if isinstance(card, Card)][-1]
        body = message(verdict.asked_card(post, picked), below)
        assert [] == problems_of(method, path, body, v2=True), one.source
        assert displays(message(below)["components"])[-1] == displays(body["components"])[-1]


def test_too_much_text_is_cut_between_blocks() -> None:
    """With a sign that something is missing; of two cards the last has the room."""
    blocks = tuple(Paragraph((Text(f"{n} " + "x" * 400),)) for n in range(20))
    long = Card(title="Long", blocks=blocks)
    (text,) = displays(message(long)["components"])
    assert MOST_TEXT - 450 < len(text) <= MOST_TEXT
    assert text.endswith("x\n-# …")
    above, below = displays(message(long, long)["components"])
    assert text[:3000] == below[:3000]
    assert above.endswith("-# …")
    assert len(above) + len(below) <= MOST_TEXT
    assert [] == problems(long)


# --- what they give away ------------------------------------------------------------------


def bodies(shown: Card | Form) -> Json:
    """Everything that Discord is sent to show something."""
    return window(shown) if isinstance(shown, Form) else message(shown, key=KEY)


def test_what_is_sent_is_the_same_whatever_the_key_is() -> None:
    """Messages and forms of an unanswered question."""
    for one in questions():
        mine, other = asked(post_of(one)), asked(post_of(twin(one)))
        for shown, elsewhere in zip(mine, other, strict=True):
            assert bodies(shown) == bodies(elsewhere), one.source


def test_no_string_that_is_sent_holds_the_key() -> None:
    """Neither ids, labels nor placeholders, where the question itself does not."""
    looked = 0
    for one in questions():
        if one.kind != "predict" or one.key is None or one.key.type == "bool":
            continue
        key = re.compile(rf"(?<![\w.]){re.escape(one.key.text)}(?![\w.])")
        if key.search(f"{one.stem}\n{one.code}"):
            continue
        looked += 1
        for shown in unanswered(post_of(one, LONG_ID)):
            found = [told for told in strings(bodies(shown)) if key.search(told)]
            assert [] == found, one.source
    assert looked > 20


# --- details ------------------------------------------------------------------------------


def container(card: Card, key: str = "") -> Json:
    """The one container of a card."""
    (found,) = message(card, key=key)["components"]
    assert CONTAINER == found["type"]
    return dict(found)


@pytest.mark.parametrize("tone", [*COLOURS])
def test_each_tone_has_its_colour(tone: Tone) -> None:
    """And outcomes a sign besides, which everybody can tell apart."""
    box = container(Card(title="T", tone=tone))
    assert COLOURS[tone] == box["accent_color"]
    sign = {"right": "🟢 ", "partly": "🟡 ", "wrong": "🔴 "}.get(tone, "")
    assert [f"### {sign}T"] == displays([box])


def test_outcomes_have_different_colours() -> None:
    """Right, partly right and wrong."""
    assert 3 == len({COLOURS["right"], COLOURS["partly"], COLOURS["wrong"]})


def test_the_mark_of_a_key_stands_on_the_first_container() -> None:
    """Nobody sees it, and by it a message is found again."""
    assert mark(KEY) == container(Card(title="T"), KEY)["id"]
    assert "id" not in container(Card(title="T"))
    assert 0 < mark("") < 2**31
    marks = {mark(f"npb-{n}-{step}") for n in range(2000) for step in ("question", "explain")}
    assert 4000 == len(marks)


def test_options_stand_in_rows_before_other_buttons_and_one_is_main() -> None:
    """The first main one is primary, danger is danger, and a row holds five."""
    choices = tuple(Button(f"answer:{n}", f"c{n}", "choice") for n in range(7))
    roles: tuple[Button, ...] = (
        *(Button("card:a", "plain"), Button("card:b", "first", "main"), choices[0]),
        *(Button("card:c", "next", "main"), Button("card:d", "no", "danger"), *choices[1:]),
    )
    rows = [part for part in walk([container(Card(title="T", buttons=roles))])
            if part["type"] == ROW]  # fmt: skip
    assert [5, 2, 4] == [len(row["components"]) for row in rows]
    buttons = [part for part in walk(rows) if part["type"] == BUTTON]
    assert [2] * 7 + [2, 1, 2, 4] == [one["style"] for one in buttons]
    assert [one.id for one in choices] == [one["custom_id"] for one in buttons[:7]]


def test_no_more_buttons_than_discord_takes() -> None:
    """Twenty-five, in five rows."""
    buttons = tuple(Button(f"card:{n}", str(n)) for n in range(40))
    card = Card(title="T", buttons=buttons)
    assert [] == problems(card)
    assert 25 == len([one for one in walk([container(card)]) if one["type"] == BUTTON])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(10, 100))
def test_a_label_is_one_line_that_fits(text: str, most: int) -> None:
    """As much of it as there is room for, never nothing."""
    found = label(text, most)
    assert 0 < len(found.encode("utf-16-le")) // 2 <= most
    assert "\n" not in found
    whole, shown = ("".join(one.split()) for one in (text, found))
    assert shown in {whole or "…", whole} or whole.startswith(shown.removesuffix("…"))


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=32) | st.sampled_from(
    ["@everyone", "<@123>", "**x**", "`x`", "```", "[a](https://b.org)", "# x", "-# x", "||x||"]
)


@settings(max_examples=40)
@given(NAMES, st.integers(0, 11))
def test_no_card_of_ours_lets_members_write_markup(who: str, number: int) -> None:
    """As a name on boards and in lists, a title, searched words or a given answer."""
    card = [*of_members(who)][number]
    assert [] == problems(card)


def test_nothing_is_said_by_an_empty_card_but_a_dot() -> None:
    """Discord takes no empty message."""
    assert ["…"] == displays([container(Card(title=""))])
    assert [] == problems(Card(title="", blocks=(Code(""),)))


def test_a_file_is_shown_where_it_is_attached() -> None:
    """By its name."""
    card = next(one for one in cards_of(of_ours()) if one.file)
    assert card.file is not None
    urls = [one["file"]["url"] for one in walk([container(card)]) if "file" in one]
    assert [f"attachment://{card.file.name}"] == urls


def cards_of(shown: Iterator[Card | Form] | Sequence[Any]) -> list[Card]:
    """The cards among what is shown."""
    return [one for one in shown if isinstance(one, Card)]


def test_a_layout_can_be_read_back() -> None:
    """It is JSON and nothing else."""
    body = message(Card(title="T", buttons=(Button("card:x", "X"),)), key=KEY)
    assert body == msgspec.json.decode(msgspec.json.encode(body))


def shown_as(*cards: Card, key: str = "") -> discord.Message:
    """A message of Discord's that shows cards."""
    found = object.__new__(discord.Message)  # made of a payload it would need a whole connection
    found.components = [
        part
        for part in map(
            discord.components._component_factory, message(*cards, key=key)["components"]
        )
        if part is not None
    ]
    return found


def test_the_mark_is_read_from_a_message() -> None:
    """Of one card or of two, and 0 where a message has none or shows nothing."""
    card = Card(title="T")
    assert mark(KEY) == key_of(shown_as(card, key=KEY)) == key_of(shown_as(card, card, key=KEY))
    assert 0 == key_of(shown_as(card)) == key_of(shown_as())


def test_discord_takes_every_verdict_on_a_typed_answer() -> None:
    """Right, partly right and wrong, at their longest, alone and whole."""
    streak = Streak(current=120, best=120, used=2)
    looked = 0
    for one in questions():
        if one.kind != "predict":
            continue
        looked += 1
        for graded in (Mark("right", share=1.0), Mark("partly", share=0.5), Mark("wrong")):
            said = verdict.Verdict(mark=graded, points=30, streak=streak, first=True)
            card = verdict.verdict_card(post_of(one, LONG_ID), said, SESSION, has_next=True)
            assert [] == problems(card), one.source
            assert not is_cut(message(card)), one.source
    assert looked > 20
