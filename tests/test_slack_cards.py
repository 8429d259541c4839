"""Cards as Slack's blocks: what Slack takes, and whatever anybody wrote stays words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from itertools import islice
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.slack_cards import Json, blocks, message, notification
from bot.cards import boards, guide, home, plan, question, verdict
from bot.events import (
    Block,
    Bullets,
    Button,
    Card,
    Code,
    Link,
    Name,
    Paragraph,
    Room,
    Run,
    Table,
    Text,
    Tone,
    When,
)
from bot.markup import blocks as markdown
from bot.markup import plain
from bot.model import Channel, Mark, Member, Standing, Tenant
from bot.schedule import Schedule
from bot.store.boards import Ranking
from bot.store.people import Visit
from bot.streaks import Streak
from content.schema import TOPICS
from tests.fakes import MONDAY
from tests.slack_rules import injections, problems_of, walk
from tests.test_secrecy import LONG_ID, post_of, questions

KEY = "daily:80808:2026-03-02"
WHEN = When(datetime(2026, 3, 2, 9, tzinfo=UTC), "Europe/Berlin")
STAMP, LOCAL = 1772442000, "Mon 02 Mar 10:00 Europe/Berlin"


def of_members(text: str) -> Iterator[Card]:
    """Every card that holds what members or authors wrote; here all of them wrote this."""
    post = post_of(questions()[0], LONG_ID)
    member = Member(1, 1, "slack", "U1", text)
    lines = tuple(Standing(rank, rank, text, 10**9) for rank in range(1, 11))
    own = Ranking(lines, Standing(4711, 99, text, 1), 5000)
    mastery = tuple((topic, 100, 50) for topic in TOPICS)
    streak = Streak(current=120, best=120)
    week = plan.week_blocks(lines[:5], ([text] * 60, 9), text)
    named = tuple((index, text) for index in range(60))
    found = [guide.Line("data", place, 2, text) for place in range(20)]
    yield boards.leaderboard_card(own, "all", "team")
    yield boards.leaderboard_card(own, "week", "channel", shared=True)
    yield boards.me_card(
        boards.Progress(points_here=1, points_team=2, streak=streak, mastery=mastery, due=9,
                        in_review=99, missed=(text,) * 5)
    )  # fmt: skip
    yield boards.review_card([text] * 20, [None, MONDAY.date()])
    yield guide.questions_card(text, found, 1, ("topic", "data"))
    yield guide.questions_card(f"Found for “{text}”", [], 0, ())
    yield guide.announcement_card(member, SCHEDULE)
    place = Channel(1, 1, "slack", "C1")
    visit = Visit(Tenant(1, "slack", "T1"), place, member, MONDAY, team=True, told=True)
    yield guide.report_card(post, visit)
    yield question.daily_card(post, "Asia/Tokyo", 3, (plan.last_line(1, 2), *week), why=6)
    yield verdict.closed_card(post, verdict.Split(70, 60, (), named), title="Daily #12")
    marked, said = verdict.Verdict(mark=Mark("wrong", choice=0), first=True), (Text(text, "code"),)
    yield verdict.answered_card(post, marked, said, question.closes_line(MONDAY, "UTC"))
    yield verdict.asked_card(post, said)


SCHEDULE = Schedule(
    MONDAY.time(), "America/Argentina/Buenos_Aires", (0, 1, 2, 3, 4), closes_hours=4
)


def pages() -> Iterator[Card]:
    """Members' own pages: before they play, before and after today's answer, and without one."""
    yield home.first_page_card()
    for points, until in ((None, MONDAY), (30, MONDAY), (None, None)):
        corner = home.Corner(channel="C1", zone="Asia/Tokyo", streak=Streak(), number=12,
                             points=points, until=until)  # fmt: skip
        corners = (corner, msgspec.structs.replace(corner, number=0)) * 4
        mastery, rank = tuple((topic, 100, 50) for topic in TOPICS), Standing(3, 1, "Ada", 99)
        yield home.page_card(
            home.Page(corners=corners, standing=rank, due=2, in_review=9, mastery=mastery)
        )


# --- what anybody writes ------------------------------------------------------------------

PIECES = (
    *("<!channel>", "<@U1>", "<#C1>", "<https://x|y>", "<!date^1^{time}|x>", "&amp;", "&", "<"),
    *("*bold*", "_em_", "`code`", "~x~", ":tada:", "\n", "\r\n", "\u2028", "\t", "|", "\\", "```"),
    *("@here", "https://n.org", "名前", "👩‍👩‍👧", "\u202eabc\u202c", "שלום", "e\u0301", " ", "  "),
)  # fmt: skip
whole = st.characters(exclude_categories=["Cs"])
"""The database holds no halves of characters."""

text = st.one_of(
    st.lists(st.sampled_from(PIECES) | st.text(whole), max_size=6).map("".join),
    st.sampled_from(PIECES).map(lambda piece: (piece * 400)[:400]),
)  # fmt: skip
name = text.map(lambda said: said[:80])
"""As long as Slack lets it be."""


def _said(value: Any) -> str:  # noqa: ANN401  # blocks, and what they are made of
    """What blocks show, without their markup."""
    return "".join(str(part["text"]) for part in walk(value) if isinstance(part.get("text"), str))


@given(text, text, name)
def test_whatever_is_written_is_shown_as_it_was_written(one: str, two: str, who: str) -> None:
    """In every style, in names, links, lists and code: the same words, nobody mentioned."""
    runs: tuple[Run, ...] = (Text(one), Text(two, "code"), Name(1, who), Text(two, "em"))
    parts: list[Block] = [Paragraph(runs), Bullets((runs, (Text(one, "strong"),)))]
    for part in (*parts, Code(one), Code(two, ""), Paragraph((Link(one or "x", "https://n.org"),))):
        body = message(Card(title="T", blocks=(part,)))
        assert [] == problems_of(body, "message")
        expected = [part.text] if isinstance(part, Code) else []
        items = part.items if isinstance(part, Bullets) else [getattr(part, "runs", ())]
        expected += map(plain, items)
        assert "".join(expected) == _said(body["blocks"][1:])


@given(text, st.sampled_from(["plain", "right", "wrong"]))
def test_a_title_is_shown_as_it_was_written(title: str, tone: Tone) -> None:
    """On one line, and cut to what a header holds."""
    assume(title.strip())
    body = message(Card(title=title, tone=tone))
    assert [] == problems_of(body, "message")
    dot = {"plain": "", "right": "🟢 ", "wrong": "🔴 "}[tone]
    shown, whole = _said(body["blocks"]), on_one_line(dot + title)
    assert whole == shown or (len(shown) <= 150 and whole.startswith(shown[:-1].rstrip()))


@given(text, name, text)
def test_small_print_is_shown_as_it_was_written(one: str, who: str, two: str) -> None:
    """With names, code, backticks and asterisks, beside a date or not."""
    runs: tuple[Run, ...] = (Text(one), Name(1, who), Text(two, "code"))
    for found in (runs, runs[:2]):
        body = message(Card(title="T", blocks=(Paragraph(found, small=True),)))
        assert [] == problems_of(body, "message")
        shown = _said(body["blocks"][1:])
        is_marked = any(part.get("type") == "mrkdwn" for part in walk(body))
        assert not (is_marked and re.search(r"[*_~`\n]", plain(found)))  # nobody can escape them
        code = f"`{two}`" if is_marked and two else "``" if is_marked else two
        expected = plain((*found[:2], Text(code if len(found) > 2 else "")))
        assert expected.strip() == (unescape(shown) if is_marked else shown).strip()
    dated = message(Card(title="T", blocks=(Paragraph((*runs, WHEN, *runs), small=True),)))
    assert [] == problems_of(dated, "message")


@settings(max_examples=40)
@given(name, st.integers(0, 11))
def test_no_card_of_ours_lets_members_write_markup(who: str, number: int) -> None:
    """As a name on boards and in lists, a title, searched words or a given answer."""
    card = next(islice(of_members(who), number, None))
    assume(card.title.strip())
    assert [] == problems_of(message(card, key=KEY), "message")


@given(text, text)
def test_authors_markdown_is_never_slacks(one: str, two: str) -> None:
    """Whatever it holds; the rules of the bank only let it link to https."""
    found = markdown(f"{one} *{two}* `{one}`\n\n- {two}")
    items = [item for part in found for item in getattr(part, "items", [getattr(part, "runs", ())])]
    urls = [run.url for item in items for run in item if isinstance(run, Link)]
    assume(all(url.startswith("https://") for url in urls))
    body = message(Card(title="T", blocks=found))
    assert [] == problems_of(body, "message")


@pytest.mark.parametrize("word", ["a`[x](foo)", "a`<a@b.org>", "a`[x](//)"])
def test_a_mistyped_command_is_answered_whatever_it_holds(word: str) -> None:
    """Notices repeat the word in Markdown, where its backtick ends the code."""
    card = guide.notice(f"`{word}` is no command that I know. Try `help` for all of them.")
    assert [] == problems_of(message(card), "message")


# --- details ------------------------------------------------------------------------------


def drawn(*parts: Block, buttons: tuple[Button, ...] = ()) -> list[Json]:
    """The blocks below a title."""
    return blocks(Card(title="T", blocks=parts, buttons=buttons))[1:]


def test_a_date_is_shown_in_the_readers_own_zone() -> None:
    """As an element, in small print as markup; with a fallback in the zone of the place."""
    (rich,) = drawn(Paragraph((Text("closes "), WHEN)))
    form = "{date_short_pretty} at {time}"
    date = {"type": "date", "timestamp": STAMP, "format": form, "fallback": LOCAL}
    assert [{"type": "text", "text": "closes "}, date] == rich["elements"][0]["elements"]
    (small,) = drawn(Paragraph((Text("closes "), WHEN), small=True))
    marked = {"type": "mrkdwn", "text": f"<!date^{STAMP}^{form}|{LOCAL}>", "verbatim": True}
    assert [{"type": "plain_text", "text": "closes", "emoji": False}, marked] == small["elements"]


@pytest.mark.parametrize("small", [True, False])
def test_a_room_is_a_channel(*, small: bool) -> None:
    """Slack shows it by its name, which small print could not."""
    (found,) = drawn(Paragraph((Text("In "), Room("C1")), small=small))
    assert {"type": "channel", "channel_id": "C1"} == found["elements"][0]["elements"][1]


def test_python_is_highlighted_and_a_picture_is_not() -> None:
    """Only code has a language."""
    for code, language in ((Code("x"), {"language": "python"}), (Code("x", ""), {})):
        text = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]}
        assert [{"type": "rich_text", "elements": [{**text, **language}]}] == drawn(code)


@pytest.mark.parametrize(("mark", "style"), [("number", "ordered"), ("bullet", "bullet")])
def test_lists(mark: Literal["number", "bullet"], style: str) -> None:
    """Numbered and plain lists are Slack's own; a lettered one is lines that begin with it."""
    items = ((Text("one"),), (Text("two"),))
    (found,) = drawn(Bullets(items, mark))
    assert [("rich_text_list", style, 2)] == [
        (part["type"], part["style"], len(part["elements"])) for part in found["elements"]
    ]
    (found,) = drawn(Bullets(items, "letter"))
    assert ["A.  one", "B.  two"] == [_said(part) for part in found["elements"]]


def test_a_table_aligns_wide_letters_and_cuts_long_cells() -> None:
    """Numbers end in one column, whatever stands before them."""
    names = ("Ada", "名前" * 20, "👩‍👩‍👧 e\u0301", "", "x" * 99, "two\nlines")
    rows = tuple((str(rank), name, str(10**rank)) for rank, name in enumerate(names))
    lines = _said(drawn(Table(("#", "Name", "Points"), rows, right=(0, 2)))).split("\n")
    assert {1 + 2 + 28 + 2 + 6} >= {cell_len(line) for line in lines}
    assert 7 == len(lines)
    assert ["…" in line for line in lines] == [*(False, False), True, False, False, True, False]


@given(st.lists(st.tuples(name, name), min_size=1, max_size=5))
def test_a_table_has_lines_of_one_width(rows: list[tuple[str, str]]) -> None:
    """Where the last column stands to the right; a row stays on its line."""
    table = Table(("#", "Name", "P"), tuple((*row, "1") for row in rows), right=(0, 2))
    lines = _said(drawn(table)).split("\n")
    assert len(rows) + 1 == len(lines)
    assert 1 == len({cell_len(line) for line in lines})


def test_options_stand_in_a_row_before_other_buttons_and_one_is_main() -> None:
    """The first main one is primary, danger is danger, and a row holds 25."""
    choices = tuple(Button(f"answer:{n}", f"c{n}", "choice") for n in range(26))
    roles: tuple[Button, ...] = (
        *(Button("card:a", "plain"), Button("card:b", "first", "main")),
        *(choices[0], Button("card:c", "next", "main"), Button("card:d", "no", "danger")),
        *choices[1:],
    )
    found = drawn(buttons=roles)
    assert [25, 1, 4] == [len(row["elements"]) for row in found]
    assert [button.label for button in choices] == [_said(one) for one in _elements(found)[:26]]
    assert [None, "primary", None, "danger"] == [one.get("style") for one in _elements(found)[26:]]


@given(text.filter(str.strip))
def test_a_button_says_as_much_of_its_label_as_it_holds(label: str) -> None:
    """On one line."""
    body = message(Card(title="T", buttons=(Button("card:x", label),)))
    assert [] == problems_of(body, "message")
    assert _said(body["blocks"][1:]).startswith(on_one_line(label)[:74].rstrip())


def on_one_line(words: str) -> str:
    """Words without their line breaks; spaces stay, as in the label of an array."""
    return re.sub(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+", " ", words).strip()


def test_the_label_of_an_array_keeps_its_spacing() -> None:
    """It is what NumPy prints."""
    body = message(Card(title="T", buttons=(Button("card:x", "A. [ 3  7 11]"),)))
    assert "A. [ 3  7 11]" == _said(body["blocks"][1:])


def _elements(rows: list[Json]) -> list[Json]:
    return [one for row in rows for one in row["elements"]]


def test_the_key_is_on_the_first_block_and_edits_carry_none() -> None:
    """By it a message is found again."""
    for card in (Card(title="T", blocks=(Code("x"),)), Card(title="")):
        keyed, plain_ = message(card, key=KEY), message(card)
        assert [KEY] == [one["block_id"] for one in walk(keyed) if "block_id" in one]
        assert KEY == keyed["blocks"][0].pop("block_id")
        assert keyed == plain_


@given(text, text)
def test_a_notification_says_the_card_in_escaped_words(title: str, said: str) -> None:
    """As many as an edit may hold, and never nothing."""
    assume((title + said).strip())
    found = notification(Card(title=title, blocks=(Code(said * 9),)))
    assert [] == list(injections(found))
    assert 0 < len(unescape(found)) <= 1000
    assert len(found.encode()) <= 4000
    assert "NumPy" == notification(Card(title=""))
