"""How cards look in a terminal: every block, every run, any width, nothing raw."""

import asyncio
import io
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.console import NARROWEST, ConsoleRelay, Screen, console
from adapters.streams import clean
from bot.events import (
    Block,
    Bullets,
    Button,
    Card,
    Code,
    Link,
    Name,
    Paragraph,
    Table,
    Text,
    When,
)
from bot.ports import Address

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HERE = Address("local", "console")
LONG = "np.concatenate([first_of_all_arrays, second_of_all_arrays], axis=0)[:, None]"


def drawn(*blocks: Block, width: int = 60, **fields: object) -> str:
    """What a card with these blocks looks like without a terminal."""
    card = Card(title="", blocks=blocks)
    out = io.StringIO()
    screen = Screen(Console(file=out, width=width, color_system=None, highlight=False))
    screen.show(card if not fields else Card(**{"title": "", "blocks": blocks, **fields}))  # type: ignore[arg-type]  # fields of a card
    return out.getvalue()


def coloured(card: Card) -> str:
    """What a card looks like on a terminal that can show colours."""
    out = io.StringIO()
    Screen(Console(file=out, width=60, force_terminal=True, color_system="standard")).show(card)
    return out.getvalue()


def test_every_run_is_drawn() -> None:
    """Words, links, names and instants stand in one line; a link's address on the next."""
    link = Link("broadcasting", "https://numpy.org/doc/b.html")
    runs = (Text("See "), link, Text(" by "), Name(1, "Ada"), Text(", "), When(NOON, "UTC"))
    shown = drawn(Paragraph(runs))
    assert (
        "\nSee broadcasting by Ada, Mon 02 Mar 12:00 UTC\n  https://numpy.org/doc/b.html\n" == shown
    )


def test_an_instant_is_shown_in_the_zone_of_its_channel() -> None:
    """A terminal cannot ask for the reader's zone, so the channel's is named."""
    assert "Mon 02 Mar 17:30 Asia/Kolkata" in drawn(Paragraph((When(NOON, "Asia/Kolkata"),)))


def test_code_stands_apart_and_is_indented() -> None:
    """Empty lines around code, two spaces before it, and none behind it."""
    shown = drawn(Paragraph((Text("What?"),)), Code("a = 1\n\nb = 2"), Paragraph((Text("So."),)))
    assert "\nWhat?\n\n  a = 1\n\n  b = 2\n\nSo.\n" == shown


@pytest.mark.parametrize("width", [NARROWEST, 40, 200])
@pytest.mark.parametrize("language", ["python", ""])
def test_a_line_of_code_is_never_broken(width: int, language: str) -> None:
    """Only the terminal's edge may fold it; no line break of ours changes what it means."""
    block = Code(LONG, "python" if language else "")
    assert f"  {LONG}\n" in drawn(block, width=width)


def test_words_wrap_between_words() -> None:
    """A narrow terminal breaks no word."""
    words = "An axis of length one stretches to the length of the other operand."
    lines = drawn(Paragraph((Text(words),)), width=24).strip().splitlines()
    assert words == " ".join(lines)
    assert max(map(len, lines)) <= 24


def test_lists_hang_below_their_marks() -> None:
    """Bullets, numbers and letters; further lines stand below the first one."""
    items = ((Text("one two three four five"),), (Text("six"),))
    assert "  • one two\n    three four\n    five\n  • six\n" in drawn(Bullets(items), width=14)
    assert "  2. six\n" in drawn(Bullets(items, "number"))
    assert "  B. six\n" in drawn(Bullets(items, "letter"))


def test_an_option_of_several_lines_keeps_them() -> None:
    """Where lines of code end is what they mean; the mark stands before the first."""
    shown = drawn(Bullets(((Text("for n in a:\n    total += n", "code"),),), "letter"), width=20)
    assert "  A. for n in a:\n         total += n\n" in shown


def test_a_link_in_a_list_shows_its_address() -> None:
    """Nothing can be pressed here."""
    shown = drawn(Bullets(((Link("docs", "https://numpy.org"),),)))
    assert "  • docs (https://numpy.org)\n" in shown


def test_a_table_lines_its_columns_up() -> None:
    """Numbers to the right, names to the left, wide characters counted as wide."""
    rows = (("1", "Ada", "120"), ("2", "李雷", "7"))
    lines = drawn(Table(("#", "Name", "Points"), rows, right=(0, 2))).strip().splitlines()
    assert ["#    Name    Points", "1    Ada        120", "2    李雷         7"] == lines


def test_topics_are_numbered_like_their_buttons() -> None:
    """A table whose rows are opened by buttons shows which number opens which."""
    buttons = tuple(Button(f"card:topic:t{n}:0", f"Topic {n}") for n in range(2))
    shown = drawn(Table(("Topic",), (("Shapes",), ("Views",))), buttons=buttons)
    assert "\n2    Views" in shown


def test_options_on_buttons_stand_before_the_small_print() -> None:
    """Choices follow the code, and what stands back comes last."""
    buttons = (
        Button("answer:pick:1:0:", "A. (3,)", "choice"),
        Button("answer:pick:1:1:", "B. (1,)", "choice"),
    )
    shown = drawn(Code("a"), Paragraph((Text("0 answered"),), small=True), buttons=buttons)
    assert "\n  a\n\n  A. (3,)\n  B. (1,)\n\n0 answered\n" == shown


def test_options_in_a_list_are_not_repeated() -> None:
    """Buttons that hold a letter alone belong to a list above."""
    buttons = (Button("answer:pick:1:0:", "A", "choice"),)
    assert 1 == drawn(Bullets(((Text("long"),),), "letter"), buttons=buttons).count("A")


def test_without_a_terminal_there_is_no_colour() -> None:
    """A pipe gets the words alone."""
    assert "\x1b" not in drawn(Code("a = 1"), title="Right", tone="right")


def test_a_terminal_has_coloured_code_and_titles() -> None:
    """Python is coloured by its syntax, output is not; the tone colours the title."""
    python, output = Code("import numpy"), Code("import numpy", "")
    title, plain = Card(title="Right", tone="right"), Card(title="", blocks=(output,))
    assert "\x1b[1;32mRight" in coloured(title)
    assert "\x1b[" in coloured(Card(title="", blocks=(python,)))
    assert "\x1b[" not in coloured(plain)


@given(text=st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("\u202e\u2066\ud800🙂")))
def test_nothing_raw_reaches_the_terminal(text: str) -> None:
    """Controls, turned-over text and half characters are replaced wherever they stand."""
    runs = (Text(text), Link(text, "https://numpy.org"), Name(1, text))
    bullets, table = Bullets((runs,)), Table((text,), ((text,),))
    card = Card(title=text, blocks=(Paragraph(runs), Code(text), bullets, table))
    out = io.StringIO()
    Screen(Console(file=out, width=60, color_system=None)).show(card)
    shown = out.getvalue().replace("\n", "").replace("\t", "")
    assert clean(shown) == shown
    shown.encode()


def test_a_legend_breaks_between_two_keys() -> None:
    """No key is torn from its word."""
    out = io.StringIO()
    Screen(Console(file=out, width=30)).legend(["1 Explain", "2 Another like this", "q leave"])
    assert "1 Explain\n2 Another like this · q leave\n" == out.getvalue()


@pytest.mark.parametrize("columns", ["0", "1", "-3", "abc", "5", "40", "100000"])
@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_any_width_is_usable(columns: str, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nonsense in COLUMNS is passed over, and a terminal is never narrower than a few words."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", term)
    width = console().width
    assert width >= NARROWEST
    if columns in {"40", "100000"}:
        assert int(columns) == width


def test_a_reader_who_left_is_told_to_the_caller() -> None:
    """A closed pipe raises, so that the command can end quietly."""
    reader, writer = os.pipe()
    os.close(reader)
    broken = console()
    with os.fdopen(writer, "w") as file:
        broken.file = file
        with pytest.raises(BrokenPipeError):
            broken.print("x" * 100_000)
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)


def test_the_terminal_is_a_platform() -> None:
    """It takes every message, keeps none, tells its one member at once, and that one manages."""
    out = io.StringIO()
    relay = ConsoleRelay(Screen(Console(file=out)))
    card = Card(title="Hello")
    ref = asyncio.run(relay.post(HERE, card, "key"))
    asyncio.run(relay.edit(ref, card))
    assert asyncio.run(relay.find(HERE, "key", NOON)) is None
    assert asyncio.run(relay.is_manager(HERE, HERE))
    assert out.getvalue() == ""
    asyncio.run(relay.tell(HERE, card))
    assert "Hello" in out.getvalue()
