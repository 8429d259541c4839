"""A backup a day: the last few are kept, and the newest whole one is found again."""

import asyncio
import logging
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.wiring import open_database
from bot.config import Settings
from bot.errors import StorageDamaged, StorageError, StorageFull
from bot.keeper import Keeper
from bot.store.rotation import newest_whole, rotate
from tests.test_database import note, opened, texts

DAY = date(2026, 3, 2)


def never() -> bool:
    """Go on."""
    return False


def names(folder: Path) -> list[str]:
    """The files in a folder, in order."""
    return sorted(file.name for file in folder.iterdir())


def test_the_newest_are_kept_and_other_files_left_alone(tmp_path: Path) -> None:
    """Each day has one backup, and the oldest goes when there is one too many."""
    folder = tmp_path / "backups"
    with opened(tmp_path / "bot.db") as database:
        for number in range(4):
            database.write(note(number)).result()
            written = rotate(database.path, folder, DAY + timedelta(number), 2, never)
            assert folder / f"numpy-bot-2026-03-0{2 + number}.db" == written
            (folder / "mine.db").write_text("dear")
        assert rotate(database.path, folder, DAY + timedelta(3), 2, never) is None
    assert ["mine.db", "numpy-bot-2026-03-04.db", "numpy-bot-2026-03-05.db"] == names(folder)
    with opened(folder / "numpy-bot-2026-03-05.db") as copy:
        assert ["0", "1", "2", "3"] == texts(copy)


def test_nothing_is_removed_for_a_backup_that_failed(tmp_path: Path) -> None:
    """A damaged database takes no good backup with it."""
    path, folder = tmp_path / "bot.db", tmp_path / "backups"
    with opened(path) as database:
        database.write(note("x" * 50_000)).result()
        rotate(path, folder, DAY, 1, never)
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(StorageDamaged):
        rotate(path, folder, DAY + timedelta(1), 1, never)
    assert ["numpy-bot-2026-03-02.db"] == names(folder)


def test_what_a_killed_copy_left_is_cleared_away(tmp_path: Path) -> None:
    """On the next day: today's may be another process that is still copying."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in (".numpy-bot-2026-03-01.db.x1", ".numpy-bot-2026-03-02.db.x2", ".mine"):
        (folder / name).write_text("half")
    with opened(tmp_path / "bot.db") as database:
        rotate(database.path, folder, DAY, 7, never)
    left = [".mine", ".numpy-bot-2026-03-02.db.x2", "numpy-bot-2026-03-02.db"]
    assert left == names(folder)


def test_a_backup_can_be_given_up(tmp_path: Path) -> None:
    """Whoever stops the bot does not wait for a large copy, and no half of it stays."""
    path, folder = tmp_path / "bot.db", tmp_path / "backups"
    with opened(path) as database:
        for number in range(300):
            database.write(note(f"{number}" * 500))
        database.write(note("last")).result()
        with pytest.raises(StorageError, match="was given up"):
            rotate(path, folder, DAY, 1, lambda: True)
    assert [] == names(folder)


def test_another_process_may_be_faster(tmp_path: Path) -> None:
    """Its backup of the day stays, and nobody is warned of it."""
    path, folder = tmp_path / "bot.db", tmp_path / "backups"

    def make_it() -> bool:
        (folder / "numpy-bot-2026-03-02.db").write_text("theirs")
        return False

    with opened(path) as database:
        for number in range(300):
            database.write(note(f"{number}" * 500))
        database.write(note("last")).result()
        assert rotate(path, folder, DAY, 1, make_it) is None
    assert ["numpy-bot-2026-03-02.db"] == names(folder)
    assert "theirs" == (folder / "numpy-bot-2026-03-02.db").read_text()


def test_the_database_keeps_room_to_go_on(tmp_path: Path) -> None:
    """A backup that might fill the disk is not begun."""
    path, folder = tmp_path / "bot.db", tmp_path / "backups"
    opened(path).close()
    os.truncate(path, shutil.disk_usage(tmp_path).free // 2 + 2**30)  # a hole takes no space
    with pytest.raises(StorageFull, match=r"too little space .*NUMPY_BOT_BACKUPS"):
        rotate(path, folder, DAY, 1, never)
    path.unlink()  # whoever copies a test's files would copy the hole as zeros
    assert [] == names(folder)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Together with the setting that names another one."""
    (tmp_path / "backups").write_text("a file")
    with (
        opened(tmp_path / "bot.db") as database,
        pytest.raises(StorageError, match=r"backups .*Set NUMPY_BOT_BACKUPS"),
    ):
        rotate(database.path, tmp_path / "backups", DAY, 1, never)


def test_the_newest_whole_backup_is_found(tmp_path: Path) -> None:
    """Broken and foreign ones are passed over."""
    path, folder = tmp_path / "bot.db", tmp_path / "backups"
    assert newest_whole(folder) is None
    with opened(path) as database:
        database.write(note("x" * 50_000)).result()
        for number in range(3):
            rotate(path, folder, DAY + timedelta(number), 9, never)
    cut = folder / "numpy-bot-2026-03-04.db"
    cut.write_bytes(cut.read_bytes()[:9000])
    (folder / "numpy-bot-2026-03-09.db").write_text("a text")
    assert folder / "numpy-bot-2026-03-03.db" == newest_whole(folder)


def test_a_damaged_database_names_the_newest_backup(tmp_path: Path) -> None:
    """Whoever starts the bot need not look for it."""
    path, settings = tmp_path / "play.db", Settings(backups=tmp_path / "kept")
    open_database(settings, path).close()
    written = rotate(path, tmp_path / "kept", DAY, 7, never)
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(StorageDamaged, match="newest whole one of the daily backups") as caught:
        open_database(settings, path)
    assert str(written) in str(caught.value)


class Clock:
    """A time that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        """What it is now."""
        return self.now


def test_a_day_begins_and_has_its_backup(tmp_path: Path) -> None:
    """One each day, however often it is looked at."""
    clock = Clock()
    with opened(tmp_path / "bot.db") as database:
        keeper = Keeper(database.path, tmp_path / "kept", 7, clock)
        for minutes in (0, 0, 1, 10):
            clock.now += timedelta(minutes=minutes)
            asyncio.run(keeper.work())
    assert ["numpy-bot-2026-03-02.db", "numpy-bot-2026-03-03.db"] == names(tmp_path / "kept")


def test_a_failure_is_told_and_the_bot_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A backup is not worth a bot that stands still."""
    keeper = Keeper(tmp_path / "none.db", tmp_path / "kept", 7, Clock())
    asyncio.run(keeper.work())
    (record,) = caplog.records
    assert logging.WARNING == record.levelno
    assert "no daily backup was made: There is no database" in record.getMessage()


class Stopped(Keeper):
    """It is told to stop as soon as it has looked once."""

    stop: asyncio.Event

    async def work(self) -> None:
        """Look, and hear the signal."""
        await super().work()
        self.stop.set()


@pytest.mark.parametrize(("kept", "made"), [(7, ["numpy-bot-2026-03-02.db"]), (0, [])])
def test_it_works_until_it_is_stopped(kept: int, made: list[str], tmp_path: Path) -> None:
    """The backup that is due is made at the start, or none where none are wanted."""

    async def played(path: Path) -> None:
        keeper = Stopped(path, tmp_path / "kept", kept, Clock())
        keeper.stop = asyncio.Event()
        await asyncio.wait_for(keeper.run(keeper.stop), 5)

    (tmp_path / "kept").mkdir()
    with opened(tmp_path / "bot.db") as database:
        asyncio.run(played(database.path))
    assert made == names(tmp_path / "kept")
