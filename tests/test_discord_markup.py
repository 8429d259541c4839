"""Discord's Markdown: whatever anybody wrote stays words, and what is ours is alive."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord_cards import layout
from adapters.discord_markup import Pen, fenced, inline
from bot.events import Bullets, Card, Code, Link, Name, Paragraph, Room, Table, Text, When
from tests.discord_reader import read
from tests.discord_words import displays, mentions
from tests.parts import in_parts
from tests.test_secrecy import afterwards, asked, post_of, questions

PEN = Pen(77)
WHEN = When(datetime(2026, 3, 2, 9, tzinfo=UTC), "Europe/Berlin")

PIECES = (
    *("@everyone", "@here", "<@1>", "<@&1>", "<@!1>", "<#1>", "<t:1:R>", "</numpy quiz:1>"),
    *("**bold**", "*em*", "_em_", "__under__", "~~x~~", "||spoiler||", "`code`", "``", "```"),
    *("# head", "## head", "-# small", "- item", "+ item", "* item", "> quote", ">>> quote"),
    *("1. one", "12) two", "[text](https://e.org)", "[x](<https://e.org>)", "https://e.org"),
    *("http://e.org/a_b_c", "<:smile:1>", "<a:wave:1>", "<https://e.org>", "\\", "\\*", "\n"),
    *(" ", "\t", "名前", "\u202eabc\u202c", "👩‍👩‍👧", "e\u0301", "a", "_", "*", "|", "~", "#", "-"),
)
written = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=7
).map("".join)


def words(text: str) -> str:
    """Words without the blanks between them, which Discord shows as it likes."""
    return "".join(text.replace("\u200b", "").split())


@given(written)
def test_text_stays_words(text: str) -> None:
    """Nothing in it is a mention, a link, a list, a heading or formatted."""
    found = read(PEN.line((Text(text),)))
    assert ([], words(text)) == (found.alive, words(found.words))


@given(written, written)
def test_runs_side_by_side_stay_words(one: str, two: str) -> None:
    """Code, names and words next to each other do not run into one another."""
    runs = (Text(one, "code"), Text(two, "code"), Text(one), Text(two, "code"))
    line = PEN.line(runs)
    assert words(one + two + one + two) == words(read(line).words)
    assert [] == read(line).alive
    assert [] == list(mentions(line))


@given(written)
def test_a_name_is_bold_and_nothing_else(name: str) -> None:
    """Whatever somebody calls themselves."""
    found = read(PEN.line((Name(1, name),)))
    assert words(name) == words(found.words)
    assert set(found.alive) <= {"**"}


@given(written, st.sampled_from(["strong", "em"]))
def test_styled_text_has_its_own_marks_alone(text: str, style: str) -> None:
    """Two of them, or none where there is nothing to mark."""
    sign = {"strong": "**", "em": "*"}[style]
    found = read(PEN.line((Text(text, style),)))  # type: ignore[arg-type]  # one of them
    assert words(text) == words(found.words)
    assert ([sign, sign] if words(text) else []) == found.alive


@given(written)
def test_code_is_shown_as_it_is(text: str) -> None:
    """In a line and as a block, backticks included."""
    block = read(PEN.block(Code(text)))
    assert (words(text), []) == (words("".join(block.code)), block.alive)
    line = read(PEN.line((Text(text, "code"),)))
    assert (words(text), []) == (words(line.words), line.alive)


@given(st.lists(written, min_size=1, max_size=4))
def test_lists_hold_what_was_written(items: list[str]) -> None:
    """Each item begins one line of the list, and none makes a list of its own."""
    for mark, signs in (("bullet", {"- "}), ("number", {f"{n}. " for n in range(1, 5)})):
        block = Bullets(tuple((Text(item),) for item in items), mark)  # type: ignore[arg-type]  # one of them
        found = read(PEN.block(block))
        assert words("".join(items)) == words(found.words)
        assert set(found.alive) <= signs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b*c", r"a\_b\*c"),
        ("@everyone", r"\@everyone"),
        ("<@123>", r"\<\@123\>"),
        ("# x", r"\# x"),
        ("- x", r"\- x"),
        ("a - b", "a - b"),
        ("1. x", "1\\. x"),
        ("1.5", "1\\.5"),
        ("x\n- y", "x\n\\- y"),
        ("https://e.org", r"https\://e.org"),
        ("C:\\temp", r"C:\\temp"),
    ],
)
def test_escapes(text: str, expected: str) -> None:
    """Only what Discord would read is escaped."""
    assert expected == PEN.escaped(text)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", ""),
        ("a", "`a`"),
        ("a`b", "`` a`b ``"),
        ("`", "`` ` ``"),
        ("a``b", "`` a`\u200b`b ``"),
    ],
)
def test_code_in_a_line(code: str, expected: str) -> None:
    """Backticks take more backticks around them."""
    assert expected == inline(code)


def test_code_of_several_lines_is_a_block_wherever_it_stands() -> None:
    """An option of several lines keeps them."""
    line = PEN.line((Text("The answer: "), Text("[[1]\n [2]]", "code")))
    assert "The answer: \n```py\n[[1]\n [2]]\n```" == line


def test_a_fence_cannot_be_closed_from_within() -> None:
    """The code goes on behind three backticks."""
    assert 2 == fenced("a\n```\n@everyone", "py").count("```")


def test_when_is_in_the_readers_own_zone() -> None:
    """Discord shows a stamp so."""
    assert "closes <t:1772442000:f>" == PEN.line((Text("closes "), WHEN))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://numpy.org/doc/", "[docs](<https://numpy.org/doc/>)"),
        ("https://e.org/a b>c<d", "[docs](<https://e.org/a%20b%3Ec%3Cd>)"),
        ("javascript:alert(1)", "docs"),
        ("", "docs"),
    ],
)
def test_links(url: str, expected: str) -> None:
    """Only to pages, with an address that cannot end the link early."""
    assert expected == PEN.line((Link("docs", url),))


def test_a_room_is_a_channel_by_its_name() -> None:
    """And words where it is none of Discord's."""
    assert "<#123>" == PEN.line((Room("123"),))
    assert r"\#C1\>\<\@1" == PEN.line((Room("C1><@1"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/numpy quiz", "</numpy quiz:77>"),
        ("/numpy schedule repost", "</numpy schedule:77> `action:repost`"),
        ("/numpy schedule pause until 2026-12-24",
         "</numpy schedule:77> `action:pause until:2026-12-24`"),
        ("/numpy learn broadcasting", "</numpy learn:77> `about:broadcasting`"),
        ("/numpy nothing", "`/numpy nothing`"),
        ("/numpy", "`/numpy`"),
        ("quiz", "`quiz`"),
    ],
)  # fmt: skip
def test_a_command_can_be_pressed(text: str, expected: str) -> None:
    """Where we name one of ours; what is no command stays code."""
    assert expected == PEN.line((Text(text, "code"),))


def test_what_a_member_typed_is_no_command() -> None:
    """An answer stays the words that it is."""
    assert "`/numpy quiz`" == PEN.line((Text("/numpy quiz", "code", typed=True),))


def test_without_its_id_a_command_is_code_with_its_options() -> None:
    """As when Discord has not been told the commands."""
    assert "`/numpy schedule action:off`" == Pen().line((Text("/numpy schedule off", "code"),))


def test_small_print_is_one_line() -> None:
    """Whatever is in it."""
    runs = (Text("a\nb "), Text("c", "code"))
    assert "-# a b `c`" == PEN.block(Paragraph(runs, small=True))


def test_a_table_is_code_without_a_language() -> None:
    """Names in it are no mentions."""
    text = PEN.block(Table(("#", "Name"), (("1", "@everyone"),), right=(0,)))
    assert "```\n#  Name\n1  @everyone\n```" == text
    assert [] == list(mentions(text))


@pytest.mark.parametrize("text", ["[ 3  7 11]", "[[1.   0.5 ] [0.5  0.25]]", "'a  b'"])
def test_code_in_a_line_keeps_its_spacing(text: str) -> None:
    """An array stands there as NumPy prints it."""
    assert f"`{text}`" == PEN.line((Text(text, "code"),))


@in_parts(5)
def test_arrays_that_are_shown_keep_their_spacing(part: slice) -> None:
    """Each piece of code of every shipped question stands in its card as it was written."""
    lost = set[str]()
    for one in questions()[part]:
        post = post_of(one)
        for card in (*asked(post), *afterwards(post)):
            if isinstance(card, Card):
                view = layout(card)
                (text,) = displays(view.to_components())  # type: ignore[no-untyped-call]  # discord.py's
                lost |= {code for code in codes(card) if code not in text.replace("\u200b", "")}
    assert set() == {code for code in lost if not code.startswith("/numpy")}


def codes(card: Card) -> set[str]:
    """The code within a card's lines."""
    runs = [run for block in card.blocks if isinstance(block, Paragraph) for run in block.runs]
    lists = [block for block in card.blocks if isinstance(block, Bullets)]
    runs += [run for block in lists for item in block.items for run in item]
    return {run.text for run in runs if isinstance(run, Text) and run.style == "code"}


def test_code_of_several_lines_in_small_print_shows_no_language() -> None:
    """A fence in one line would show the name of the language as a word."""
    runs = (Text("You: "), Text("[[1]\n [2]]", "code"))
    assert words("-# You: [[1] [2]]") == words(
        "-# " + read(PEN.block(Paragraph(runs, small=True))).words
    )


@pytest.mark.parametrize(
    "runs",
    [
        (Text("a", "strong"), Text("b", "strong")),
        (Text("a", "strong"), Text("b", "em")),
        (Name(1, "a"), Text("b", "strong")),
    ],
)
def test_styles_side_by_side_do_not_run_into_one_another(runs: tuple[Text, Text]) -> None:
    """Four asterisks in a row are no end and beginning."""
    line = PEN.line(runs)
    assert "***" not in line


@pytest.mark.parametrize(
    ("runs", "live"),
    [
        ((Text("1"), Text(". x")), "1. "),
        ((Text("https:"), Text("//e.org")), "https://"),
        ((Text("a\r- x"),), "\r- "),
        ((Text("we :fire: it"),), " :fire:"),
    ],
)
def test_nothing_comes_alive_where_it_is_hard_to_see(runs: tuple[Text, ...], live: str) -> None:
    """Across runs, behind a lone carriage return, and as an emoji by its name."""
    assert live not in PEN.line(runs)


@pytest.mark.parametrize(
    "url", ["https://e.org/\tx", "https://e.org/\u00a0x", "https://e.org/\u2028x"]
)
def test_no_blank_of_any_kind_ends_an_address(url: str) -> None:
    """Discord would show the brackets as words, and a live address in them."""
    found = PEN.line((Link("docs", url),))
    assert not any(sign.isspace() for sign in found)
