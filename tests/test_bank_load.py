"""Reading question files: a bad one is a problem, never an end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.load import Source, load, read
from bot.bank.problem import Problem
from tests.bank_items import PREDICT, SINGLE, write


def broken(folder: Path, text: str | bytes, name: str = "x") -> Problem:
    """The problem of a file with that text."""
    path = folder / f"{name}.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    found = read(path.name, path)
    assert isinstance(found, Problem)
    return found


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """The stem of the file is the id, and its fields are the item's."""
    source = read("total.toml", write(tmp_path, "total", PREDICT))

    assert isinstance(source, Source)
    assert ("total", "total.shape", 2) == (source.id, source.item.answer, len(source.item.wrong))


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF line ends change nothing of what is read."""
    unix = read("total.toml", write(tmp_path, "total", PREDICT))
    path = tmp_path / "total.toml"
    path.write_bytes(b"\xef\xbb\xbf" + PREDICT.replace("\n", "\r\n").encode())

    assert read("total.toml", path) == unix


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "said"),
    [
        ("stem =", "stemm =", 5, "stemm", "Did you mean `stem`?"),
        ('hint = "Line', 'zzz = "Line', 12, "zzz", "the fields are"),
        ("level = 2", 'level = "2"', 2, "level", "expected `int`, got `str`"),
        ("level = 2", "level = 4", 2, "level", "Write 1, 2 or 3."),
        ('kind = "predict"', 'kind = "predikt"', 3, "kind", "Write one of single, several"),
        ('type = "shape"', 'type = "size"', 4, "type", "Write one of shape, tuple"),
        ('topic = "broadcasting"', 'topic = "cooking"', 1, "topic", "`cooking` is no topic"),
        ('rule = "Shapes', '# rule = "Shapes', 1, "rule", "is missing. Write it."),
        ('belief = "shapes-are-added"', "belief = 3", 24, "wrong[1].belief", "got `int`"),
        ('belief = "shapes-are-added"', 'beleif = "x"', 24, "wrong[1].beleif", "mean `belief`?"),
        ("level = 2", "level = ", 2, "", "is not TOML: string values must be quoted"),
        ('answer = "(7, 1)"', 'text = "no"', 23, "wrong[1].text", "cannot be compared"),
        ('answer = "total.shape"', "", 1, "answer", "is missing"),
        ('type = "shape"', "", 1, "type", "is missing"),
        ('answer = "(7, 1)"', "", 22, "wrong[1]", "says nothing"),
        ('hint = "Line', 'model = "Line', 12, "model", "has no `model`"),
    ],
)
def test_a_fault_is_named_with_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, path: str, said: str
) -> None:
    """Each fault names its line and field, and says what to write instead."""
    assert old in PREDICT

    problem = broken(tmp_path, PREDICT.replace(old, new, 1))

    assert (line, path) == (problem.line, problem.path)
    assert said in problem.sentence()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[right]]", "[[wrong]]\nbelief = 'x'", "has 0 right options"),
        ("holds =", "hint =", "Write a test of `it`"),
        ('kind = "single"', 'kind = "several"', "has too few options|eight"),
        ('kind = "single"', 'kind = "open"', "has no `right`"),
        ('kind = "single"', 'kind = "expression"', "has no `right`"),
    ],
)
def test_each_kind_has_its_own_fields(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What a kind needs or cannot have is told at once."""
    sentence = broken(tmp_path, SINGLE.replace(old, new, 1)).sentence()

    assert any(part in sentence for part in said.split("|"))


def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named with the line of its first bad byte."""
    problem = broken(tmp_path, b'topic = "x"\nstem = "\xff"\n')

    assert (2, "is not UTF-8") == (problem.line, problem.message)


def test_a_folder_called_toml_is_a_problem(tmp_path: Path) -> None:
    """What cannot be read is a problem that says why."""
    (tmp_path / "x.toml").mkdir()

    problem = read("x.toml", tmp_path / "x.toml")

    assert isinstance(problem, Problem)
    assert "cannot be read (Is a directory)" == problem.message


def test_an_id_is_small_letters_digits_and_hyphens(tmp_path: Path) -> None:
    """Other names of files are refused."""
    assert "cannot be an id" in broken(tmp_path, PREDICT, "My Question").message


def test_the_folder_of_a_shipped_question_is_its_topic(tmp_path: Path) -> None:
    """A question in the folder of another topic is refused."""
    problem = read("q.toml", write(tmp_path, "q", PREDICT), "shapes")

    assert isinstance(problem, Problem)
    assert (1, "topic") == (problem.line, problem.path)


def test_a_team_brings_its_own_folder(tmp_path: Path) -> None:
    """Files are found at any depth; a bad one does not keep the good ones out."""
    write(tmp_path / "deep" / "er", "our-total", PREDICT)
    write(tmp_path, "our-other", SINGLE)
    write(tmp_path, "our-bad", "level = ")

    loaded = load(tmp_path)

    assert {"our-total", "our-other"} <= {source.id for source in loaded.sources}
    assert [str(tmp_path / "our-bad.toml")] == [
        p.file for p in loaded.problems if str(tmp_path) in p.file
    ]


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    """The second file of a name is refused, and told which was first."""
    write(tmp_path / "a", "our-total", PREDICT)
    write(tmp_path / "b", "our-total", SINGLE)

    loaded = load(tmp_path)

    assert ["our-total"] == [s.id for s in loaded.sources if s.id == "our-total"]
    assert str(tmp_path / "a" / "our-total.toml") in loaded.problems[-1].message


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    """A folder that is not there is said, and the shipped content still serves."""
    loaded = load(tmp_path / "gone")

    assert "NUMPY_BOT_CONTENT" in loaded.problems[0].remedy
    assert loaded.sources


@given(st.integers(0, len(PREDICT)), st.integers(0, len(PREDICT)), st.text(max_size=5))
def test_no_file_raises(start: int, end: int, text: str) -> None:
    """Whatever stands in a file, reading gives a source or a problem at a line that exists."""

    class File:
        name = "x.toml"

        def read_bytes(self) -> bytes:
            return (PREDICT[:start] + text + PREDICT[end:]).encode("utf-8", "replace")

    found = read("x.toml", File())  # type: ignore[arg-type]  # the only method that is used

    if isinstance(found, Problem):
        lines = File().read_bytes().decode().count("\n") + 1
        assert 1 <= found.line <= max(lines, 1)
