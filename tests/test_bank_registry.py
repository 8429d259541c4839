"""Families: found, drafted, and none of them can keep the others out."""

import sys
from pathlib import Path

import pytest

import content.families
from bot.bank.registry import draft, families, place
from tests.bank_items import family

GOOD = """\
from content.families.registry import Family
ours = Family(id="ours", topic="shapes", level=1, kind="predict", title="T", make=None, beliefs=())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose modules count as family modules for a while."""
    path = [*content.families.__path__, str(tmp_path)]
    monkeypatch.setattr(content.families, "__path__", path)
    for name in ("zz_good", "zz_bad"):
        monkeypatch.delitem(sys.modules, f"content.families.{name}", raising=False)
    return tmp_path


def test_shipped_families_are_found() -> None:
    """Every shipped family is found by its id."""
    found, problems = families()

    assert () == problems
    assert found
    assert all(ident == one.id for ident, one in found.items())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [("a = 1\nb = 1 / 0\n", 2, "ZeroDivisionError"), ("a = (\n", 1, "SyntaxError")],
)
def test_a_broken_module_keeps_no_other_out(folder: Path, text: str, line: int, said: str) -> None:
    """A module that cannot be imported is a problem with its line; the rest still serves."""
    (folder / "zz_good.py").write_text(GOOD)
    (folder / "zz_bad.py").write_text(text)

    found, problems = families()

    assert "ours" in found
    assert len(found) > 1
    assert [line] == [problem.line for problem in problems]
    assert said in problems[0].message
    assert problems[0].file.endswith("zz_bad.py")


@pytest.mark.parametrize(("level", "given"), [(None, 1), (1, 1), (2, 2), (3, 3), (7, 3)])
def test_an_instance_is_drafted_at_the_nearest_level(level: int | None, given: int) -> None:
    """Without a level the family's own is taken, else the nearest that it has."""
    assert given == draft(family(), 5, level).level


def test_a_family_has_a_place() -> None:
    """Where a family is written can be named."""
    file, line = place(family())

    assert (True, True) == (file.endswith("bank_items.py"), line > 1)
