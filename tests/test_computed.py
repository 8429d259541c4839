"""Questions computed ahead: found again only while nothing that made them has changed."""

from pathlib import Path

import msgspec
import pytest

from bot.bank.bank import Bank
from bot.errors import ContentError
from bot.model import Question
from tests.bank_items import PREDICT, write
from tests.fakes import World
from tests.small_bank import small_bank


def _computed(world: World) -> set[str]:
    return {source for (source,) in world.rows("SELECT source FROM computed")}


def _refuse(*_: object, **__: object) -> Question:
    raise ContentError("nothing may be computed now")


def test_a_later_start_computes_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one process prepared, another one asks without NumPy."""
    bank = small_bank()
    ident = min(bank.sources)
    expected = bank.question(ident)
    with World(tmp_path, bank=bank) as world:
        world.desk.preload()
    monkeypatch.setattr(Bank, "question", _refuse)
    with World(tmp_path, bank=small_bank()) as world:
        assert expected == world.run(world.desk.question(ident))


def test_a_changed_question_is_computed_anew(tmp_path: Path) -> None:
    """An edit of its text is enough; the old one is never asked again."""
    bank = small_bank()
    ident = min(bank.sources)
    source = bank.sources[ident]
    item = msgspec.structs.replace(source.item, hint="Another hint.")
    edited = Bank({**bank.sources, ident: msgspec.structs.replace(source, item=item)}, {})
    with World(tmp_path, bank=bank) as world:
        world.desk.preload()
    with World(tmp_path, bank=edited) as world:
        assert "Another hint." == world.run(world.desk.question(ident)).hint
        world.desk.preload()
        assert edited.digest(ident) in {row[0] for row in world.rows("SELECT digest FROM computed")}


def test_another_numpy_computes_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key belongs to the NumPy that computed it."""
    bank = small_bank()
    ident = min(bank.sources)
    before = bank.digest(ident)
    monkeypatch.setattr("bot.bank.bank.running_numpy", lambda: "9.9.9")
    assert before != bank.digest(ident)


def test_a_faulty_question_does_not_keep_the_others_from_being_prepared(tmp_path: Path) -> None:
    """It is left for the moment it is asked, which names it."""
    bank = small_bank()
    ident = min(bank.sources)
    source = bank.sources[ident]
    item = msgspec.structs.replace(source.item, code="a = nothing")
    broken = Bank({**bank.sources, ident: msgspec.structs.replace(source, item=item)}, {})
    with World(tmp_path, bank=broken) as world:
        world.desk.preload()
        assert set(bank.sources) - {ident} == _computed(world)


def test_a_teams_own_files_wait_until_they_are_asked(tmp_path: Path) -> None:
    """Nobody may have checked them, and preparing must not take for ever."""
    folder = tmp_path / "ours"
    folder.mkdir()
    write(folder, "endless", PREDICT.replace("column = np", "while True:\n    pass\ncolumn = np"))
    with World(tmp_path, bank=Bank.load(folder)) as world:
        world.desk.preload()
        assert "endless" not in _computed(world)
        assert "len-of-an-array" in _computed(world)
