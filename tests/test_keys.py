"""Which keys do something in the terminal, and what its streams make of other encodings."""

import io
import sys

import pytest

from adapters import keys, streams
from adapters.keyboard import LONGEST, Keyboard
from bot.events import Bullets, Button, Card, Text

VERDICT = Card(
    title="Right",
    buttons=(
        Button("replace:next:q.-.0.1.0", "Next"),
        Button("card:explain:7", "Explain"),
        Button("card:like:7", "Another like this"),
        Button("card:report:7", "Report"),
        Button("form:points:7:", "Tick my key points"),
    ),
)
QUESTION = Card(
    title="Practice",
    post_id=7,
    buttons=(
        Button("answer:pick:7:0:", "A. (3,)", "choice"),
        Button("answer:pick:7:1:", "B. (1, 3)", "choice"),
        Button("card:hint:7", "Hint"),
        Button("card:explain:6", "Last one: why?"),
        Button("replace:skip:7:", "Skip"),
    ),
)


def test_what_follows_a_verdict_has_numbers_of_its_own() -> None:
    """Explain, like and report keep theirs; anything else is counted on."""
    found = {number: button.label for number, button in keys.numbered(VERDICT).items()}
    wanted = ("Explain", "Another like this", "Report", "Tick my key points")
    assert dict(zip("1234", wanted, strict=True)) == found


def test_other_cards_are_numbered_from_one() -> None:
    """Privacy, boards and the guide count their buttons in order."""
    card = Card(
        title="", buttons=(Button("card:export", "Export"), Button("card:forget", "Delete…"))
    )
    assert ["1", "2"] == list(keys.numbered(card))


@pytest.mark.parametrize("card", [None, QUESTION])
def test_a_question_has_no_numbers(card: Card | None) -> None:
    """A number may be an answer."""
    assert {} == keys.numbered(card)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("a", "A. (3,)"), ("B", "B. (1, 3)"), ("b.", "B. (1, 3)"), ("(a)", "A. (3,)"),
        ("(1, 3)", "B. (1, 3)"), ("c", None), ("", None), ("ab", None), ("ä", None), ("(3)", None),
    ],
)  # fmt: skip
def test_an_option_is_named_by_letter_or_in_full(line: str, label: str | None) -> None:
    """Nothing else picks one."""
    found = keys.chosen(QUESTION, line)
    assert label == (found.label if found else None)


def test_the_legend_of_a_question_names_the_keys_it_has() -> None:
    """A hint, the last one's why and, once it is out of view, Enter."""
    assert ["? hint", "w why the last one?", "s skip", "q leave"] == keys.legend(QUESTION, None)
    assert "Enter shows it again" in keys.legend(QUESTION, None, covered=True)
    assert ["s skip", "q leave"] == keys.legend(Card(title="", post_id=1), None)


def test_the_legend_says_how_several_options_are_picked() -> None:
    """Options that are ticked elsewhere are typed as one word here."""
    options = Bullets(((Text("a"),), (Text("b"),)), "letter")
    answer = Button("form:answer:7:", "Answer…", "main")

    several = Card(title="", post_id=7, blocks=(options,), buttons=(answer,))
    one = Card(title="", post_id=7, blocks=(options,), buttons=QUESTION.buttons)

    assert "AC picks A and C" == keys.legend(several, None)[0]
    assert "AC picks A and C" not in keys.legend(one, None)


def test_the_legend_of_a_card_says_where_enter_leads() -> None:
    """To the next question, or back to the one that waits."""
    assert "Enter next question" in keys.legend(None, VERDICT)
    assert "Enter back to the question" in keys.legend(QUESTION, VERDICT)


def test_a_list_of_questions_is_opened_by_one_line_of_legend() -> None:
    """Sixteen topics need no sixteen words."""
    buttons = tuple(Button(f"card:topic:t{n}:0", f"Topic {n}") for n in range(16))
    more = Button("replace:topic:shapes:1", "More")
    legend = keys.legend(None, Card(title="", buttons=(*buttons, more)))
    assert ["1-16 opens one", "17 More"] == legend[:2]


def test_an_encoding_without_our_marks_gets_others() -> None:
    """ASCII says what it can, and a question mark for the rest."""
    streams.prepare()
    plain = "a · b → c × d … 🙂".encode("ascii", "numpy-bot")
    assert b"a - b -> c x d ... ?" == plain


def test_streams_that_were_closed_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service manager may give none; reading finds the end, writing goes nowhere."""
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    streams.prepare()
    keyboard = Keyboard(lambda: None)
    assert keyboard.ask("> ") is None
    assert 2 == sys.stdout.write("ok")
    sys.stdin.close()
    sys.stdout.close()


def test_a_piped_line_loses_its_end_and_its_mark_of_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows writes a mark before the first line and two characters after each."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\ufeffa\r\nb"))
    keyboard = Keyboard(lambda: None)
    assert ["a", "b", None] == [keyboard.ask("> ") for _ in range(3)]


def test_an_endless_line_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types so much, and nothing downstream has to read it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("x" * 1_000_000))
    line = Keyboard(lambda: None).ask("> ")
    assert line is not None
    assert LONGEST == len(line)
