"""The bank: entries, ranges of versions, questions and search."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.bank.bank import Bank
from bot.bank.load import load
from bot.bank.versions import fits, minor, running_numpy
from bot.errors import ContentError
from tests.bank_items import PREDICT, SINGLE, family, write


def bank(folder: Path, **texts: str) -> Bank:
    """A bank of these files alone, with a family of shapes."""
    for name, text in texts.items():
        write(folder, name.replace("_", "-"), text)
    sources = {s.id: s for s in load(folder).sources if str(folder) in s.file}
    return Bank(sources, {"g-shape": family()}, folders=(folder,))


def test_entries_say_what_a_picker_needs(tmp_path: Path) -> None:
    """Entries are sorted by id and carry level, kind, title and beliefs."""
    entries = bank(tmp_path, total=PREDICT, axes=SINGLE).entries

    assert ["axes", "g-shape", "total"] == list(entries)
    axes, shape, total = entries.values()
    assert (True, False, False) == (axes.one_tap, shape.one_tap, total.one_tap)
    assert ("reversing-swaps-axes", "ravel-transposes") == axes.beliefs
    assert ("What is the shape of the result?", 2, (2,)) == (total.title, total.level, total.levels)
    assert (True, 3, (1, 2, 3), "Shapes") == (
        shape.family, shape.version, shape.levels, shape.title,
    )  # fmt: skip


def test_open_and_expression_questions_are_no_dailies(tmp_path: Path) -> None:
    """What needs more than a value is left to practice."""
    text = SINGLE.replace('kind = "single"', 'kind = "open"').partition("[[right]]")[0]
    text = text.replace("holds =", "model =")
    text += 'points = ["a", "b", "c", "d"]\ncompanion = "x"\n'

    assert not bank(tmp_path, talk=text).entries["talk"].can_daily


def test_a_question_is_computed_once(tmp_path: Path) -> None:
    """A hand-written question is the same object whenever it is asked, from any thread."""
    found = bank(tmp_path, total=PREDICT)

    with ThreadPoolExecutor(4) as pool:
        questions = list(pool.map(found.question, ["total"] * 20))

    assert all(question == questions[0] for question in questions)
    assert found.question("total") is found.question("total")


def test_an_instance_is_told_by_seed_and_level(tmp_path: Path) -> None:
    """The same seed and level give the same question, another seed another one."""
    found = bank(tmp_path)

    one = found.question("g-shape", seed=5, level=3)

    assert one == found.question("g-shape", seed=5, level=3)
    assert one != found.question("g-shape", seed=6, level=3)
    assert ("g-shape", 5, 3, 3, True) == (one.source, one.seed, one.version, one.level, one.family)


@pytest.mark.parametrize(
    ("ident", "seed", "said"),
    [
        ("totl", None, "There is no question `totl`. Did you mean `total`?"),
        ("zzzzzz", None, "There is no question `zzzzzz`."),
        ("g-shape", None, "name a seed"),
        ("g-shape", -1, "name a seed"),
    ],
)
def test_what_cannot_be_asked_is_said(
    tmp_path: Path, ident: str, seed: int | None, said: str
) -> None:
    """An unknown id gets the nearest one, a family without a seed is told so."""
    with pytest.raises(ContentError) as caught:
        bank(tmp_path, total=PREDICT).question(ident, seed)

    assert said in str(caught.value)


def test_content_that_does_not_hold_names_its_file(tmp_path: Path) -> None:
    """A fault that shows only when NumPy runs comes with file and line."""
    found = bank(tmp_path, total=PREDICT.replace("total.shape", "totl.shape"))

    with pytest.raises(ContentError) as caught:
        found.question("total")

    assert f"{tmp_path / 'total.toml'}:11: `answer`: raises NameError" in str(caught.value)


def test_an_endless_snippet_of_a_team_is_ended_and_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs one short wait, whoever meets it, and says which file is at fault."""
    monkeypatch.setattr("bot.bank.bank.SNIPPET_SECONDS", 0.2)
    write(tmp_path, "endless", PREDICT.replace("column = np", "while True:\n    pass\ncolumn = np"))
    bank = Bank.load(tmp_path)
    with pytest.raises(ContentError, match=r"endless.toml:\d+: `code`: took longer than 0.2 s"):
        bank.question("endless")
    monkeypatch.setattr("bot.bank.worker.run_once", None)
    with pytest.raises(ContentError, match="endless"):
        bank.question("endless")


def test_a_family_that_fails_names_its_seed() -> None:
    """Whatever a family raises is told as a content error that can be replayed."""

    def fails(*_: object) -> object:
        raise ZeroDivisionError("oops")

    found = Bank({}, {"g-shape": family(fails)})  # type: ignore[arg-type]  # fails before it returns

    with pytest.raises(ContentError, match="`g-shape` with seed 4 and level 1: oops"):
        found.question("g-shape", 4)


def test_items_of_other_versions_are_left_out(tmp_path: Path) -> None:
    """An item whose range does not hold the running NumPy is skipped with a note."""
    write(tmp_path, "ours-new", 'numpy = ">=9"\n' + SINGLE)
    write(tmp_path, "ours-old", 'numpy = ">=2.0,<2.3"\n' + SINGLE)
    write(tmp_path, "ours-odd", 'numpy = "new"\n' + SINGLE)

    found = Bank.load(tmp_path, numpy_version="2.2.6")

    assert {"ours-old"} == {ident for ident in found.entries if ident.startswith("ours")}
    assert "`ours-new` needs NumPy >=9; this is 2.2.6" == found.skipped["ours-new"]
    assert [("numpy", 1)] == [(p.path, p.line) for p in found.problems if "ours-odd" in p.file]


def test_words_find_questions(tmp_path: Path) -> None:
    """Every word must stand in id, stem, rule or the topic's title, in any case."""
    found = bank(tmp_path, total=PREDICT, axes=SINGLE)

    assert ["total"] == [entry.id for entry in found.search("RIGHT stretch")]
    assert ["axes"] == [entry.id for entry in found.search("manipulation transposing")]
    assert ["g-shape", "total"] == [entry.id for entry in found.search("broadcasting shape")]
    assert [] == found.search("right transposing")


@pytest.mark.parametrize(
    ("wanted", "version", "held"),
    [
        (">=2.0", "2.4.6", True),
        (">=2.3", "2.2.9", False),
        (">=2.3", "2.10.0", True),
        (">=2.3", "2.4.0rc1", True),
        ("<2.3", "2.2.6", True),
        (">=2,<3", "3.0.1", False),
        ("!=2.4.1", "2.4.1", False),
    ],
)
def test_ranges_hold_versions(wanted: str, version: str, held: bool) -> None:  # noqa: FBT001 - a column
    """Ranges are read as everywhere in Python packaging."""
    assert held is fits(wanted, version)


def test_the_running_version_is_known_without_numpy() -> None:
    """A new process finds NumPy's version, loads the bank, and has not imported NumPy."""
    code = (
        "import sys; from bot.bank.bank import Bank; from bot.bank.versions import running_numpy\n"
        "Bank.load(); print(running_numpy(), 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert f"{running_numpy()} False" == done.stdout.strip()
    assert running_numpy().startswith(minor(running_numpy()))
