"""`numpy-bot bank`: what an author types and what comes back."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from adapters.bank_cli import bank
from tests.bank_items import PREDICT, SINGLE, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team's folder with two questions."""
    write(tmp_path, "our-total", PREDICT)
    write(tmp_path, "our-axes", SINGLE)
    return tmp_path


def run(folder: Path, *words: str, stdin: bytes = b"") -> Result:
    """Run a command with a team's folder."""
    return CliRunner().invoke(
        bank, words, input=stdin, env={"NUMPY_BOT_CONTENT": str(folder), "COLUMNS": "80"}
    )


def test_check_counts_what_holds(folder: Path) -> None:
    """A question that holds ends with status 0 and one line of counts."""
    done = run(folder, "check", "our-total", "our-axes")

    assert 0 == done.exit_code
    assert "0 failures in 2 questions and 0 families in " in done.output


def test_check_names_file_and_line(folder: Path) -> None:
    """A failure is a line that starts with file and line, unbroken, with status 1."""
    path = write(folder, "our-false", PREDICT.replace("total.shape", "column.shape"))

    done = run(folder, "check", "our-false")

    assert 1 == done.exit_code
    assert done.output.startswith(f"{path}:17: `wrong[0]`: `(3, 1)` is graded like the right")
    assert "1 failure in 1 question and 0 families" in done.output


def test_check_speaks_json(folder: Path) -> None:
    """With --json each failure is an object a line, and the last line counts."""
    path = write(folder, "our-bad", "level =")

    done = run(folder, "check", "--json", "our-bad", "our-axes")
    *failures, counts = map(json.loads, done.stdout.splitlines())

    assert 1 == done.exit_code
    assert [(str(path), 1)] == [(f["file"], f["line"]) for f in failures]
    assert {"file", "line", "path", "message", "remedy"} == set(failures[0])
    assert (1, 0, 1, np.__version__) == (
        counts["questions"], counts["families"], counts["failures"], counts["numpy"],
    )  # fmt: skip
    assert counts["seconds"] > 0


@pytest.mark.parametrize("command", [["check"], ["show"], ["try"]])
def test_an_unknown_id_gets_the_nearest(folder: Path, command: list[str]) -> None:
    """A slip of the pen is answered with what was meant, with status 2."""
    done = run(folder, *command, "our-totl", *(["x"] if command == ["try"] else []))

    assert 2 == done.exit_code
    assert "There is no question `our-totl`. Did you mean `our-total`?" in done.stderr


def test_a_question_that_cannot_be_used_says_why(folder: Path) -> None:
    """Asking for a broken or a left-out question tells what is wrong with it."""
    write(folder, "our-bad", "level =")
    write(folder, "our-new", 'numpy = ">=9"\n' + SINGLE)

    assert "is not TOML" in run(folder, "show", "our-bad").stderr
    assert "needs NumPy >=9" in run(folder, "show", "our-new").stderr


def test_list_filters(folder: Path) -> None:
    """Topic, kind and level narrow the list, as a table and as JSON."""
    table = run(folder, "list", "--topic", "shapes", "--kind", "single").output
    entries = [
        json.loads(line)
        for line in run(folder, "list", "--json", "--level", "2").stdout.splitlines()
    ]

    assert "our-axes" in table
    assert "our-total" not in table
    assert "our-total" in {entry["id"] for entry in entries}
    assert all(2 in entry["levels"] for entry in entries)


@pytest.mark.parametrize("words", [("--topic", "cooking"), ("--kind", "guess"), ("--level", "4")])
def test_list_refuses_what_it_does_not_know(folder: Path, words: tuple[str, ...]) -> None:
    """A filter that nothing can meet is an error, not an empty list."""
    assert 2 == run(folder, "list", *words).exit_code


def test_show_tells_everything(folder: Path) -> None:
    """Key, options, beliefs, hint and explanation are printed as they are."""
    output = run(folder, "show", "our-total").output

    for part in ("Key (shape): (3, 4)", "b) (3, 1)  [wrong]", "the-first-operand-wins: Neither"):
        assert part in output
    question = json.loads(run(folder, "show", "our-total", "--json").stdout)
    assert ("our-total", "(3, 4)") == (question["source"], question["key"]["text"])


def test_show_of_false_content_is_an_error(folder: Path) -> None:
    """A question whose claims do not hold is not shown: the error names file and line."""
    path = write(folder, "our-false", PREDICT.replace("total.shape", "totl.shape"))

    done = run(folder, "show", "our-false")

    assert 1 == done.exit_code
    assert f"{path}:11: `answer`: raises NameError" in done.stderr


@pytest.mark.parametrize(
    ("ident", "answer", "outcome"),
    [
        ("our-total", "3x4", "right"),
        ("our-total", "(3, 1)", "wrong"),
        ("our-total", "-1", "wrong"),
        ("our-total", "whatever", "unclear"),
        ("our-axes", "a", "right"),
        ("our-axes", "C", "wrong"),
    ],
)
def test_try_grades_like_the_bot(folder: Path, ident: str, answer: str, outcome: str) -> None:
    """Typed text and letters are graded as a member's answer is."""
    assert outcome == json.loads(run(folder, "try", "--json", ident, answer).stdout)["outcome"]


def test_try_tells_the_belief(folder: Path) -> None:
    """A known wrong answer is answered with what is behind it."""
    assert "the-first-operand-wins" in run(folder, "try", "our-total", "(3,1)").output


def test_try_wants_letters_for_options(folder: Path) -> None:
    """A letter that no option has is an error that names the letters."""
    done = run(folder, "try", "our-axes", "d")

    assert (2, True) == (done.exit_code, "from a to c" in done.stderr)


def test_several_takes_several_letters(folder: Path) -> None:
    """Ticks are letters with commas, spaces or both."""
    text = SINGLE.replace('kind = "single"', 'kind = "several"')
    text = text.replace("[[right]]", '[[right]]\nshow = "a.T + 1"\n\n[[right]]', 1)
    write(folder, "our-several", text)

    assert (
        "right" == json.loads(run(folder, "try", "--json", "our-several", "b, a").stdout)["outcome"]
    )
    assert (
        "partly" == json.loads(run(folder, "try", "--json", "our-several", "a").stdout)["outcome"]
    )


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("shape", "(3, 4)", "3 x 4"), "right"),
        (("shape", "(3, 4)", "(4, 3)"), "wrong"),
        (("number", "-1", "-1"), "right"),
        (("shape", "ValueError", "it raises"), "right"),
        (("error", "ValueError", "TypeError"), "wrong"),
        (("array", "array([1, 2], dtype=int8)", "[1 2]"), "right"),
    ],
)
def test_match_needs_no_question(folder: Path, words: tuple[str, ...], outcome: str) -> None:
    """Type, key and answer are enough to see how an answer is read."""
    assert outcome == json.loads(run(folder, "match", "--json", *words).stdout)["outcome"]


@pytest.mark.parametrize(
    ("words", "said"), [(("size", "3", "4"), "There is no type `size`"), (("shape",), "--stdin")]
)
def test_match_says_what_it_lacks(folder: Path, words: tuple[str, ...], said: str) -> None:
    """An unknown type and missing words are errors with status 2."""
    done = run(folder, "match", *words)

    assert (2, True) == (done.exit_code, said in done.stderr)


def test_match_reads_lines(folder: Path) -> None:
    """Each line in gives one line out; a bad one is unclear and does not end the run."""
    lines = [
        b'{"type": "shape", "key": "(3, 4)", "answer": "3,4"}',
        b"{",
        b"",
        b'{"type": "size", "key": "3", "answer": "3"}',
        b'{"type": "number", "key": "3"}',
        b"\xff\xfe",
        b'{"type": "number", "key": "3", "answer": 3}',
        b'{"type": "dtype", "key": "float64", "answer": "f4"}',
    ]

    done = run(folder, "match", "--stdin", stdin=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert 0 == done.exit_code
    assert ["right", *["unclear"] * 6, "wrong"] == [answer["outcome"] for answer in answers]
    assert "the types are shape, tuple" in answers[3]["note"]
    assert all({"outcome", "note"} == set(answer) for answer in answers)


def test_record_writes_the_lock(folder: Path) -> None:
    """Recording with this Python prints and keeps what it gave."""
    version = ".".join(np.__version__.split(".")[:2])
    text = SINGLE.replace('show = "a.T"', f'on = "{version}"')
    write(folder, "our-lock", text.replace("holds =", 'answer = "a.shape"\nholds ='))

    done = run(folder, "record", "--python", sys.executable)

    assert "our-lock: (2, 3)" in done.output
    assert "our-lock" in (folder / "versions.lock.json").read_text()


def test_every_command_has_help() -> None:
    """Each command says what it does, and each option too."""
    for name, command in bank.commands.items():
        output = CliRunner().invoke(bank, [name, "--help"]).output
        assert command.help
        assert "Usage:" in output


def test_importing_the_commands_is_cheap() -> None:
    """Until a command runs neither NumPy nor rich nor the content is imported."""
    code = "import sys, adapters.bank_cli; print({'numpy', 'rich', 'msgspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "set()" == done.stdout.strip()
