"""Playing in the terminal: days go by, others play too, forms, notes, and any line at all."""

import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wiring import warn_of_problems
from bot.bank.bank import Bank
from bot.config import Settings
from tests.bank_items import write
from tests.fakes import some_of
from tests.terminal import Terminal, key, later, right
from tests.test_play import titles


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal on a new database, on a Monday morning."""
    with Terminal(tmp_path) as terminal:
        yield terminal


def kinds(shown: str) -> list[str]:
    """What kind of question each title names."""
    return [title.split(" · ")[0] for title in titles(shown)]


def test_past_midnight_the_new_daily_comes_before_the_next_question(terminal: Terminal) -> None:
    """Whoever plays into the next day is asked its daily first, then practice goes on."""
    shown = terminal.play(right, "", later(right, hours=20), "", right, "", "q")
    assert ["Daily #1", "Practice", "Daily #2", "Practice"] == kinds(shown)


def test_a_skip_past_midnight_gives_the_new_daily_first(terminal: Terminal) -> None:
    """The question that a skip would give waits until the new daily is answered."""
    shown = terminal.play(right, "", later(lambda _: "s", hours=20), right, "", "q")
    assert ["Daily #1", "Practice", "Daily #2", "Practice"] == kinds(shown)


def test_a_streak_grows_from_day_to_day(terminal: Terminal) -> None:
    """Each day's session continues the streak, and its recap counts that session alone."""
    for _ in range(3):
        shown = terminal.play(right, "q")
        assert "1 of 1 answer right" in shown
        terminal.wait(days=1)
    assert "Streak 3, your best." in shown


def test_w_tells_why_the_last_one_was_so(terminal: Terminal) -> None:
    """The daily opens with one line on the one before it; `w` explains that, and it waits."""
    terminal.play(right, "q")
    terminal.wait(days=1)
    shown = terminal.play("w", right, "q")
    assert "Last one: 1 of 1 got it" in shown
    assert "w why the last one?" in shown
    assert "Explained · " in shown
    assert "Right · +" in shown


def test_two_people_share_a_database(terminal: Terminal) -> None:
    """Both have the same daily, each an answer of their own, and one board shows both."""
    first = terminal.play(right, "q", who="ada")
    second = terminal.play(right, "/leaderboard", "q", who="ben")
    assert titles(first) == titles(second)
    assert "ada" in second
    assert "ben" in second


def test_a_daily_that_somebody_else_began_is_shown(terminal: Terminal, tmp_path: Path) -> None:
    """Past midnight the new daily comes up even when another process made it."""

    def meanwhile(seat: Terminal) -> str:
        seat.wait(hours=20)
        with Terminal(tmp_path, now=seat.now) as other:
            other.play("q", who="ben")
        return right(seat)

    shown = terminal.play(right, "", meanwhile, "", "q")
    assert "Daily #2" in shown


def test_the_schedule_is_kept_as_it_was_set(terminal: Terminal) -> None:
    """A schedule of one's own survives; while no daily is open practice comes first."""
    terminal.play("/schedule 09:00 Europe/Berlin tue", "q")
    terminal.wait(days=2)
    assert titles(terminal.play("q"))[0].startswith("Daily #2")
    terminal.wait(days=4)
    shown = terminal.play("q")
    assert "The next one comes Tue 10 Mar 09:00 Europe/Berlin." in shown
    assert titles(shown)[0].startswith("Practice")


def test_the_daily_follows_the_zone_of_the_settings(tmp_path: Path) -> None:
    """Nobody has to set a schedule up: a changed NUMPY_BOT_TIMEZONE moves it."""
    with Terminal(tmp_path) as terminal:
        assert "closes Tue 03 Mar 00:00 UTC" in terminal.play("q")
    with Terminal(tmp_path, settings=Settings(timezone="Europe/Berlin")) as terminal:
        terminal.wait(days=1)
        assert "closes Wed 04 Mar 00:00 Europe/Berlin" in terminal.play("q")


def test_a_paused_daily_leaves_practice(terminal: Terminal) -> None:
    """`/schedule pause` stops the daily until it is resumed."""
    terminal.play("/schedule pause", "q")
    terminal.wait(days=1)
    shown = terminal.play("q")
    assert ["Practice"] == kinds(shown)


def test_a_form_asks_again_for_the_field_that_cannot_be_used(terminal: Terminal) -> None:
    """/schedule asks field by field; Enter keeps a value and a slip is asked for again."""
    shown = terminal.play("/schedule", "", "", "funday", "", "", "mon-fri", "q")
    assert '"funday" is not a day' in shown
    assert "Saved" in shown
    assert "00:00 UTC, Mon-Fri" in shown.replace("–", "-")
    assert "Days [every day]: " == terminal.keyboard.prompts[-2]


@pytest.mark.parametrize("line", ["q", " q "])
def test_a_form_can_be_given_up(terminal: Terminal, line: str) -> None:
    """A lone q leaves the form and nothing else."""
    shown = terminal.play("/schedule", line, right, "q")
    assert "Nothing changed." in shown
    assert "1 of 1 answer right" in shown


def test_a_pipe_is_told_to_write_a_form_in_one_line(terminal: Terminal) -> None:
    """A form would swallow the lines that follow, which are answers."""
    shown = terminal.play("/schedule", right, types=False)
    assert "In one line: /schedule 00:00 UTC daily" in " ".join(shown.split())
    assert "1 of 1 answer right" in shown


def test_several_are_ticked_by_their_letters(tmp_path: Path) -> None:
    """Letters with or without commas tick; a wrong letter is met with the ones there are."""
    bank = some_of("list-times-two", "what-has-shape-three")
    with Terminal(tmp_path, bank=bank) as terminal:

        def ticks(seat: Terminal) -> str:
            choices = seat.post().question.choices
            return ", ".join("ABCDEF"[i] for i, choice in enumerate(choices) if choice.right)

        shown = terminal.play(right, "", "a z", ticks, "q")
    assert "Tick with letters from A to" in shown
    assert "2 of 2 answers right" in shown


def test_an_open_question_takes_lines_and_then_key_points(tmp_path: Path) -> None:
    """Prose ends with an empty line; the points that it lacked are named, and none are earned."""
    bank = some_of("list-times-two", "explain-broadcasting")
    with Terminal(tmp_path, bank=bank) as terminal:
        shown = terminal.play(right, "", "Shapes line up", "from the right.", "", "4", "A", "q")
    assert "A model answer" in shown
    assert "4 Tick my key points" in shown
    assert "You had 1 of" in shown


def test_an_array_may_span_lines(tmp_path: Path) -> None:
    """Brackets that are open ask for more."""
    bank = some_of("list-times-two", "add-one-at-three-positions")
    with Terminal(tmp_path, bank=bank) as terminal:

        def first(seat: Terminal) -> str:
            return key(seat)[:-2]

        shown = terminal.play(right, "", first, "])", "q")
    assert "2 of 2 answers right" in shown


def test_what_is_wrong_with_question_files_is_said_between_two_cards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bot plays with the rest, and names file, line and remedy; a pipe has it on stderr."""
    write(tmp_path, "bad", 'topic = "shapes"\nlevle = 3\n')
    write(tmp_path, "worse", "kind = ")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with Terminal(tmp_path) as terminal:
        terminal.notes.start()

        def load() -> Bank:
            bank = Bank.load(tmp_path)
            warn_of_problems(bank)
            return bank

        terminal.load_bank = load
        try:
            shown = terminal.play(right, "q")
            terminal.play(types=False)
        finally:
            root.handlers[:] = before
            root.setLevel(level)
    assert "bad.toml:2: `levle`" in shown
    assert "worse.toml:1: " in shown
    assert "1 of 1 answer right" in shown
    assert "bad.toml:2: `levle`" in capsys.readouterr().err


def test_many_notes_are_cut_short(terminal: Terminal) -> None:
    """Five are enough; the doctor lists them all."""
    for number in range(9):
        terminal.notes.handle(logging.makeLogRecord({"msg": f"note {number}", "levelno": 30}))
    kept = terminal.notes.taken()
    assert [f"note {number}" for number in range(5)] == kept[:-1]
    assert "And 4 more: `numpy-bot doctor` lists them." == kept[-1]
    assert [] == terminal.notes.taken()


ANYTHING = st.one_of(
    st.sampled_from(["", "a", "?", "s", "1", "2", "3", "/me", "/daily", "/learn", "/schedule"]),
    st.text(max_size=60).filter(lambda text: not text.startswith("/schedule")),
    st.text(max_size=20).map("/learn {}".format),
    st.binary(max_size=40).map(lambda data: data.decode(errors="replace")),
)


@settings(max_examples=40)
@given(lines=st.lists(ANYTHING, max_size=8), types=st.booleans())
def test_no_line_ends_the_game_or_steers_the_terminal(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], *, types: bool
) -> None:
    """Whatever is typed, the game ends with status 0 and prints no control character."""
    folder = tmp_path_factory.getbasetemp() / "anything"
    folder.mkdir(exist_ok=True)
    with Terminal(folder) as terminal:
        shown = terminal.play(*lines, types=types)
    assert 0 == terminal.code
    assert not any(
        unicodedata.category(character) == "Cc" for character in shown if character != "\n"
    )
    assert "on my side" not in shown
