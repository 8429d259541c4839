"""Playing in the terminal: what each line does, with the whole core behind it."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from bot.bank.bank import Bank
from bot.commands import COMMANDS, Quiz
from bot.errors import StorageError, StorageFull
from bot.store.sqlite import Connection
from tests.fakes import some_of
from tests.terminal import Terminal, key, right, wrong

T = TypeVar("T")

LEAVING = "That was the round"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on a new database, on a Monday morning."""
    with Terminal(tmp_path) as terminal:
        yield terminal


def titles(shown: str) -> list[str]:
    """The title lines of the questions among what was shown."""
    return re.findall(r"^(?:Daily #\d+|Practice[^·]*|Study guide) · .*$", shown, re.MULTILINE)


def test_who_deletes_everything_and_leaves_is_not_written_down_again(terminal: Terminal) -> None:
    """The recap is left out then, because it would need a member."""
    shown = terminal.play(right, "/privacy", "3", "1", "q")
    assert "everything about you is deleted" in shown
    assert LEAVING not in shown
    assert [(None, "")] == terminal.database.read.execute(
        "SELECT platform_id, name FROM members"
    ).fetchall()


def test_a_session_begins_with_todays_question_and_goes_on_with_practice(
    terminal: Terminal,
) -> None:
    """Today's question comes first; Enter after its verdict gives a question of practice."""
    shown = terminal.play(right, "", "q")
    assert ["Daily", "Practice"] == [title.split()[0] for title in titles(shown)]
    assert "Right · +10 points" in shown
    assert 0 == terminal.code


def test_what_was_answered_is_still_there_next_time(terminal: Terminal) -> None:
    """The next session shows today's result instead of the question, and the points are kept."""
    terminal.play(right, "q")
    shown = terminal.play("/me", "q")
    assert shown.lstrip().startswith("Right · +10 points\nYour answer: ")
    assert "10 points here" in shown
    assert ["Practice"] == [title.split()[0] for title in titles(shown)]


@pytest.mark.parametrize("form", [str.lower, "{}.".format, "({})".format, " {} ".format])
def test_a_letter_answers_in_any_shape(terminal: Terminal, form: Callable[[str], str]) -> None:
    """A choice is picked by its letter: small, with a dot, in brackets or with spaces."""
    assert "Right" in terminal.play(lambda seat: form(right(seat)), "q")


def test_the_text_of_an_option_answers_too(terminal: Terminal) -> None:
    """Typing an option out picks it."""

    def typed(seat: Terminal) -> str:
        return next(choice.text for choice in seat.post().question.choices if choice.right)

    assert "Right" in terminal.play(typed, "q")


@pytest.mark.parametrize("line", ["z", "ab", "hello", "🙂", "99", "x" * 10_000, "\x1b[2J"])
def test_what_is_no_option_changes_nothing(terminal: Terminal, line: str) -> None:
    """Anything else is answered with the letters there are, and the question waits."""
    shown = terminal.play(line, right, "q")
    assert "Answer with a letter from A to C." in shown
    assert "1 of 1 answer right" in shown
    assert "\x1b" not in shown


def test_a_typed_answer_that_cannot_be_read_costs_nothing(tmp_path: Path) -> None:
    """The note says what is understood, and the next line is the answer."""
    with Terminal(tmp_path, bank=some_of("list-times-two", "table-and-row")) as terminal:
        shown = terminal.play(right, "", "((((", key, "q")
    assert "Write it like" in shown
    assert "2 of 2 answers right" in shown


def test_a_question_mark_gives_the_hint_and_the_question_waits(tmp_path: Path) -> None:
    """A hint halves the points, and the legend offers it only where there is one."""
    with Terminal(tmp_path, bank=some_of("list-times-two", "table-and-row")) as terminal:
        shown = terminal.play("s", "?", key, "q")
    assert "? hint · s skip · q leave" in shown
    assert "A hint halves the points" in shown
    assert "Right · +2 points" in shown


def test_a_question_without_a_hint_says_so(terminal: Terminal) -> None:
    """`?` never counts as an answer."""
    shown = terminal.play("?", right, "q")
    assert "There is no hint for this one." in shown
    assert "1 of 1 answer right" in shown


def test_a_skipped_daily_waits_and_skipped_practice_does_not(terminal: Terminal) -> None:
    """`s` goes on; /daily brings today's question back, a skipped practice is another one."""
    shown = terminal.play("s", "s", "/daily", "q")
    daily, first, second, again = titles(shown)
    assert "It waits for you: /daily brings it back." in shown
    assert daily == again
    assert "You have not answered this one yet." not in shown
    assert first.startswith("Practice")
    assert second.startswith("Practice")


@pytest.mark.parametrize("word", ["q", "quit", "exit", "/q", " q "])
def test_leaving_shows_how_it_went(terminal: Terminal, word: str) -> None:
    """Every way to say it ends with the recap and status 0."""
    shown = terminal.play(right, word)
    assert LEAVING in shown
    assert "1 of 1 answer right, 10 points." in shown
    assert 0 == terminal.code


def test_leaving_at_once_is_friendly(terminal: Terminal) -> None:
    """Somebody who answers nothing is seen off all the same, at the end of input too."""
    assert terminal.play().rstrip().endswith("Nothing was graded this time.")
    assert 0 == terminal.code


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "schedule"])
@pytest.mark.parametrize("start", ["/", "/numpy "])
def test_every_command_works(terminal: Terminal, command: str, start: str) -> None:
    """Each command shows a card of its own, with and without its first word."""
    shown = terminal.play(start + command, "q")
    assert 2 <= len(re.findall(r"^\S.*$", shown, re.MULTILINE))
    assert "no command that I know" not in shown
    assert "on my side" not in shown


def test_an_unknown_command_gets_the_nearest_one(terminal: Terminal) -> None:
    """A slip of the finger is met with what was meant."""
    assert "Did you mean leaderboard?" in terminal.play("/leaderbord", "q")


def test_the_study_guide_opens_by_number_and_shows_its_answer(terminal: Terminal) -> None:
    """/learn lists topics, a number opens one, another a question, and ! its answer."""
    shown = terminal.play("/learn", "7", "1", "!", "q")
    assert "1-16 opens one" in shown
    assert "Study guide · " in shown
    assert "! show the answer" in shown
    assert "Explained · " in shown


def test_a_newcomer_may_ask_for_help(terminal: Terminal) -> None:
    """The word alone is enough."""
    assert "How points work:" in terminal.play("help", "q")


def test_the_numbers_below_a_verdict_stay_the_same_on_every_card(terminal: Terminal) -> None:
    """1 explains, 2 asks another like it and 3 reports, also below the explanation."""
    shown = terminal.play(wrong, "1", "3", "2", "q")
    assert "1 Explain · 2 Another like this · 3 Report · Enter next question · q leave" in shown
    assert "Explained · " in shown
    assert "2 Another like this · 3 Report · Enter next question · q leave" in shown
    assert "the managers will look at it" in shown
    assert ["Daily", "Practice"] == [title.split()[0] for title in titles(shown)]


def test_numbers_choose_from_a_card_while_a_question_waits(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/privacy exports to a file here by number, then Enter brings the question back."""
    monkeypatch.chdir(tmp_path)
    shown = terminal.play("/privacy", "1", "", right, "q")
    saved = tmp_path / "numpy-bot-export.json"
    assert f"Saved as {saved}" in shown.replace("\n", "")  # however long the path is
    assert "ada" == json.loads(saved.read_bytes())["member"][0]["name"]
    assert 2 == len(titles(shown))
    assert "1 of 1 answer right" in shown


def test_an_answer_passes_by_a_card_that_was_looked_at(terminal: Terminal) -> None:
    """What is none of a card's numbers answers the question below it."""
    assert "Right · +10 points" in terminal.play("/privacy", right, "q")


def test_a_member_deletes_everything_by_number(terminal: Terminal) -> None:
    """Deleting asks once more, and afterwards nothing is theirs."""
    shown = terminal.play(right, "/privacy", "3", "1", "/me", "q")
    assert "Delete everything about you?" in shown
    assert "everything about you is deleted" in shown
    assert "Nothing answered yet" in shown


def test_enter_shows_the_question_again(terminal: Terminal) -> None:
    """A question that scrolled away comes back with Enter, and the legend says so."""
    shown = terminal.play("/leaderboard", "", "q")
    assert "Enter shows it again" in shown
    assert 2 == len(titles(shown))


def test_a_round_that_was_asked_for_ends_by_itself(terminal: Terminal) -> None:
    """`--count 2` leaves after two questions of practice."""
    shown = terminal.play(right, "", right, "", right, "", "never read", wish=Quiz(count=2))
    assert 3 == len(titles(shown))
    assert 6 == len(terminal.keyboard.prompts)
    assert LEAVING in shown


def test_a_pipe_has_no_prompts_and_each_line_is_an_answer(terminal: Terminal) -> None:
    """Without a person nothing is asked for and the next question follows by itself."""
    shown = terminal.play(right, wrong, "", right, types=False)
    assert 4 == len(titles(shown))
    assert "q leave" not in shown.replace("q to leave", "")
    assert "2 of 3 answers right" in shown
    assert 0 == terminal.code


def test_an_interrupt_while_a_question_is_made_ends_cleanly(terminal: Terminal) -> None:
    """Ctrl-C at that moment ends with the recap and status 130."""

    def interrupted() -> Bank:
        signal.raise_signal(signal.SIGINT)
        raise StorageError("never shown")

    terminal.play("q")

    def break_in(seat: Terminal) -> str:
        seat.player.seat.desk._bank = None
        seat.player.seat.desk._load_bank = interrupted
        return ""

    shown = terminal.play(right, break_in)
    assert 130 == terminal.code
    assert "1 of 1 answer right" in shown


def test_an_interrupt_at_the_prompt_ends_cleanly(terminal: Terminal) -> None:
    """Ctrl-C while a question is read ends with the recap, too."""

    def interrupt(_: Terminal) -> str:
        raise KeyboardInterrupt

    assert "1 of 1 answer right" in terminal.play(right, interrupt)
    assert 130 == terminal.code


def test_an_answer_that_could_not_be_stored_can_be_given_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, the question waits, and once there is room the answer counts."""
    write = terminal.database.awrite

    async def full(_: Callable[[Connection], T]) -> T:
        raise StorageFull("There is no space left for play.db.")

    def fill(seat: Terminal) -> str:
        monkeypatch.setattr(seat.database, "awrite", full)
        return right(seat)

    def free(seat: Terminal) -> str:
        monkeypatch.setattr(seat.database, "awrite", write)
        return right(seat)

    shown = terminal.play(fill, free, "q")
    assert "nothing changed" in shown
    assert "Right · +10 points" in shown
    assert 0 == terminal.code
