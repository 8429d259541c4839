"""Markdown to blocks and runs."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import Block, Bullets, Card, Code, Link, Name, Paragraph, Run, Table, Text, When
from bot.markup import as_typed, blocks, plain, quoted, runs, words


def item(*parts: Run | str) -> tuple[Run, ...]:
    """Runs, plain words given as strings."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: Run | str) -> Paragraph:
    """A paragraph of runs."""
    return Paragraph(item(*parts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("Plain words.", item("Plain words.")),
        ("`a[0]` is", item(Text("a[0]", "code"), " is")),
        ("*em* and **strong**", item(Text("em", "em"), " and ", Text("strong", "strong"))),
        (
            "**a *b* c** d",
            item(Text("a ", "strong"), Text("b", "em"), Text(" c", "strong"), " d"),
        ),
        ("**a\nb**", item(Text("a b", "strong"))),
        ("see [the docs](https://n.org/x)", item("see ", Link("the docs", "https://n.org/x"))),
        ("[`np.add`](https://n.org)", item(Link("np.add", "https://n.org"))),
        ("<https://n.org>", item(Link("https://n.org", "https://n.org"))),
        ("a < b & c \\* d &amp; e", item("a < b & c * d & e")),
        ("<b>no</b> markup", item("<b>no</b> markup")),
        ("`` a`b ``", item(Text("a`b", "code"))),
        ("2 * 3 * 4 and a_b_c", item("2 * 3 * 4 and a_b_c")),
        ("x[i] and f(`y`)", item("x[i] and f(", Text("y", "code"), ")")),
        ("![a picture](p.png)", item("a picture")),
        ("unclosed `code and *em", item("unclosed `code and *em")),
    ],
)
def test_a_line(text: str, expected: tuple[Run, ...]) -> None:
    """Code, emphasis and links become runs; everything else stays as it is written."""
    assert expected == runs(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("One sentence.", (paragraph("One sentence."),)),
        ("two\nlines", (paragraph("two lines"),)),
        ("one\n\ntwo", (paragraph("one"), paragraph("two"))),
        ("# Title\n> quoted", (paragraph("Title"), paragraph("quoted"))),
        ("- a\n- `b`", (Bullets((item("a"), item(Text("b", "code")))),)),
        ("- alone", (Bullets((item("alone"),)),)),
        ("2. a\n3. b", (Bullets((item("a"), item("b")), "number"),)),
        ("- a\n  - b\n    - c\n- d", (Bullets((item("a"), item("b"), item("c"), item("d"))),)),
        ("1. a\n   - b\n2. c", (Bullets((item("a"), item("b"), item("c")), "number"),)),
        ("- a\n\n  more\n- b", (Bullets((item("a more"), item("b"))),)),
        ("- a\n\nafter", (Bullets((item("a"),)), paragraph("after"))),
        ("```python\nx = 1\n\ny\n```", (Code("x = 1\n\ny"),)),
        ("```\n3 × 1\n```", (Code("3 × 1", ""),)),
        ("    indented", (Code("indented", ""),)),
        (
            "- a\n\n  ```py\n  x\n  ```\n\n  then\n- b",
            (Bullets((item("a"),)), Code("x"), paragraph("then"), Bullets((item("b"),))),
        ),
        ("a\n\n---\n\nb", (paragraph("a"), paragraph("b"))),
    ],
)
def test_a_text(text: str, expected: tuple[Block, ...]) -> None:
    """Paragraphs, lists and code become blocks, in their order."""
    assert expected == blocks(text)


names = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
styled = st.tuples(names, st.sampled_from(("", "*", "**", "`"))).map(
    lambda found: f"{found[1]}{found[0]}{found[1]}"
)
linked = names.map("[{}](https://n.org/0)".format)
inline = st.lists(styled | linked, min_size=1, max_size=4).map(" ".join)
lines = st.tuples(st.sampled_from(("", "- ", "  - ", "1. ", "> ", "# ", "    ")), inline).map(
    "".join
)


def words_of(text: str) -> list[str]:
    """The made-up words in a text, without what only marks it up."""
    return re.findall(r"[a-z]{3,}", re.sub("```python|https://n.org", "", text))


@settings(max_examples=60)
@given(st.lists(lines | st.just("") | names.map("```python\n{}\n```".format), max_size=12))
def test_no_word_is_lost(parts: list[str]) -> None:
    """Whatever the structure, all words come out, once and in their order."""
    text = "\n".join(parts)
    shown = words(Card(title="", blocks=blocks(text)))
    assert words_of(text) == words_of(shown)


@given(
    st.text(alphabet=st.characters() | st.sampled_from("`*_[]()<>-#>!|~&\\\n \t1."), max_size=200)
)
def test_no_text_breaks_it(text: str) -> None:
    """Any text at all becomes blocks and runs that hold strings."""
    assert isinstance(plain(runs(text)), str)
    assert isinstance(words(Card(title="x", blocks=blocks(text))), str)


def test_a_card_in_words() -> None:
    """A card can be read aloud: title, paragraphs, code, lists, tables, names and times."""
    card = Card(
        title="Title",
        blocks=(
            paragraph(
                "Hello ", Name(1, "Ada"), ", ", When(datetime(2026, 3, 2, 9, tzinfo=UTC), "UTC")
            ),
            Code("x = 1"),
            Bullets((item("a"), item(Link("b", "https://n.org"))), "letter"),
            Table(("Name", "Points"), (("Ada", "10"),)),
        ),
    )
    expected = "Title\nHello Ada, Mon 02 Mar 09:00 UTC\nx = 1\n- a\n- b\nAda 10"
    assert expected == words(card)


@given(
    st.text(
        # A null is shown as Markdown shows it.
        alphabet=st.characters(exclude_characters="\0")
        | st.sampled_from("`*_[]()<>-#>!|~&\\\n 1."),
        max_size=60,
    )
)
def test_what_was_typed_is_shown_as_it_was_typed(text: str) -> None:
    """As code or as words, it is never read as Markdown; white space is folded."""
    folded = " ".join(text.split())
    assert f"x {folded} y" == " ".join(plain(runs(f"x {quoted(text)} y")).split()) or not folded
    assert f"“{folded}”" == plain(runs(f"“{as_typed(text)}”"))
    assert not any(isinstance(run, Link) for run in runs(f"{quoted(text)} {as_typed(text)}"))
