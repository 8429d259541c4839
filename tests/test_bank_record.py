"""Recording what other NumPy versions give."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.bank.bank import Bank
from bot.bank.load import load
from bot.bank.record import record
from bot.errors import ContentError
from tests.bank_items import SINGLE, write

HERE = ".".join(np.__version__.split(".")[:2])
CODE = 'code = "a = np.arange(6).reshape(2, 3)"\n'


def bank(folder: Path, answer: str, version: str = HERE, name: str = "ours") -> Bank:
    """A bank of one question whose right option is what that version prints."""
    text = SINGLE.replace(CODE, f'{CODE}answer = "{answer}"\n')
    write(folder, name, text.replace('show = "a.T"', f'on = "{version}"'))
    sources = {s.id: s for s in load(folder).sources if str(folder) in s.file}
    return Bank(sources, {}, folders=(folder,))


@pytest.mark.parametrize(
    ("answer", "printed"),
    [("a[0]", "[0 1 2]"), ("a.shape", "(2, 3)"), ("a + a[:, 0]", "raises ValueError")],
)
def test_what_another_python_prints_is_written(tmp_path: Path, answer: str, printed: str) -> None:
    """The lock holds what is shown, or the exception, by version and id."""
    assert (HERE, {"ours": printed}) == record(bank(tmp_path, answer), sys.executable)

    lock = json.loads((tmp_path / "versions.lock.json").read_text())
    assert printed == lock[HERE]["ours"]["printed"]
    assert {"ours": printed} == {i: bank(tmp_path, answer).recorded(i)[HERE] for i in ("ours",)}


def test_other_versions_are_kept(tmp_path: Path) -> None:
    """Recording one version leaves what others gave; a question that is gone goes."""
    lock = tmp_path / "versions.lock.json"
    lock.write_text(
        json.dumps(
            {
                "1.26": {"ours": {"printed": "x", "snippet": "y"}},
                HERE: {"gone": {"printed": "x", "snippet": "y"}},
            }
        )
    )

    record(bank(tmp_path, "a.shape"), sys.executable)

    written = json.loads(lock.read_text())
    assert (["1.26", HERE], ["ours"]) == (sorted(written), list(written[HERE]))


def test_recording_twice_changes_nothing(tmp_path: Path) -> None:
    """The file is sorted and stable, one value a line."""
    found = bank(tmp_path, "a.shape")
    record(found, sys.executable)
    first = (tmp_path / "versions.lock.json").read_text()

    record(found, sys.executable)

    assert first == (tmp_path / "versions.lock.json").read_text()
    assert first.count("\n") > 5


def test_questions_of_another_version_are_left_alone(tmp_path: Path) -> None:
    """Only what an option shows on that version is run."""
    assert (HERE, {}) == record(bank(tmp_path, "a.shape", "1.13"), sys.executable)
    assert not (tmp_path / "versions.lock.json").exists()


def test_a_python_without_numpy_is_told(tmp_path: Path) -> None:
    """A Python that cannot serve is an error that says so."""
    with pytest.raises(ContentError, match="/no/such/python"):
        record(bank(tmp_path, "a.shape"), "/no/such/python")


def test_a_damaged_lock_is_told(tmp_path: Path) -> None:
    """A lock that is no JSON names its file and the way out."""
    (tmp_path / "versions.lock.json").write_text("{")

    with pytest.raises(ContentError, match=r"versions\.lock\.json cannot be read"):
        bank(tmp_path, "a.shape").lock()
