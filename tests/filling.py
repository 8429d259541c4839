"""A bot whose disk is full: `unshare -rm python -m tests.filling FOLDER POINTS`.

Mounts a small disk on the folder, fills it up to a few bytes, lets a team play, makes room, and
begins again with a few more bytes left, at so many points. Prints what was seen as JSON.
"""

import asyncio
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from adapters.wiring import open_database
from bot import daily, delivery
from bot.app import NOT_STORED
from bot.config import Settings
from bot.errors import StorageError
from bot.events import Press, Reply, Show
from bot.markup import words
from bot.model import Post
from bot.store import outbox, sqlite
from bot.store.backup import backup
from tests.fakes import PLATFORM, World, _person
from tests.small_bank import small_bank

SIZE, PAGE = 6_000_000, 4096
"""Bytes of the disk, and of a page of it; each point leaves a page more than the last."""

HERE = frozenset({PLATFORM})
MEMBERS = 12
CHANNELS = ("red", "blue")


class Seen(msgspec.Struct):
    """What happened; every number but the last must be more than nothing."""

    points: int = 0
    acknowledged: int = 0
    refused: int = 0
    starts_failed: int = 0
    ticks_failed: int = 0
    backups_failed: int = 0
    wrong: list[str] = msgspec.field(default_factory=list)


class Disk:
    """A small disk, and what fills it."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],  # noqa: S607
            check=True,
        )
        self._ballast = folder / "ballast"

    def fill(self, left: int) -> None:
        """Leave so many bytes."""
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * PAGE)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            file.truncate(max(0, file.tell() - left))

    def free(self) -> None:
        """Make room."""
        self._ballast.unlink()


class Game:
    """A team of two channels that plays while the disk is full, and when it is not."""

    def __init__(self, world: World, seen: Seen) -> None:
        self.world, self.seen = world, seen
        self.acknowledged: set[tuple[int, str]] = set()

    def tick(self) -> bool:
        """One tick with all that is due delivered; whether the database took it."""

        async def play() -> bool:
            try:
                await daily.tick(self.world.desk, HERE, self.world.now)
                await delivery.deliver(self.world.desk, HERE, "one", self.world.clock)
            except StorageError:
                return False
            return True

        return self.world.run(play())

    def everybody_answers(self) -> list[tuple[int, str]]:
        """All members press at the same time; gives those that nothing was stored of."""
        presses = [
            (post, f"m{number}", place)
            for place in map(self.world.place, CHANNELS)
            for post in [self.open_in(place.channel)]
            for number in range(MEMBERS)
            if post is not None and (post.id, f"m{number}") not in self.acknowledged
        ]

        async def press(post: Post, who: str, channel: str) -> tuple[int, str] | None:
            event = Press(
                place=self.world.place(channel),
                person=_person(who),
                at=self.world.now,
                button=f"answer:pick:{post.id}:0:",
                message="",
            )
            return self.judged(post, who, await self.world.bot.handle(event))

        async def play() -> list[tuple[int, str] | None]:
            return await asyncio.gather(
                *(press(post, who, place.channel) for post, who, place in presses)
            )

        return [one for one in self.world.run(play()) if one is not None]

    def open_in(self, channel: str) -> Post | None:
        """The open daily of a channel, if it is there."""
        found = self.world.rows(
            "SELECT p.id FROM posts p JOIN channels c ON c.id = p.channel_id "
            "WHERE c.platform_id = ? AND p.kind = 'daily' AND p.closed_at IS NULL",
            channel,
        )
        return self.world.post(found[0][0]) if found else None

    def judged(self, post: Post, who: str, replies: list[Reply]) -> tuple[int, str] | None:
        """Take note of what a member was told; gives who is to try again."""
        said = " ".join(words(reply.card) for reply in replies if isinstance(reply, Show))
        if NOT_STORED.partition(",")[0] in said:
            self.seen.refused += 1
            return post.id, who
        if "Right" in said or "Not quite" in said:
            self.acknowledged.add((post.id, who))
            self.seen.acknowledged += 1
        else:
            self.seen.wrong.append(f"{who} was told: {said}")
        return None

    def check(self) -> None:
        """What was acknowledged is stored, and nothing else is."""
        stored = set(
            self.world.rows(
                "SELECT post_id, m.platform_id FROM answers a JOIN members m ON m.id = member_id"
            )
        )
        if stored != self.acknowledged:
            self.seen.wrong.append(f"stored or acknowledged alone: {stored ^ self.acknowledged}")
        keys = [posted.key for posted in self.world.relay.posted.values()]
        if len(keys) != len(set(keys)):
            self.seen.wrong.append(f"posted twice: {keys}")


def fold(path: Path) -> None:
    """Fold the log into the file, so that whatever is written next needs room."""
    connection = sqlite.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def start(folder: Path, disk: Disk, seen: Seen, point: int) -> None:
    """A first start while so much room is left, and one with more."""
    new = folder / f"new{point}"
    new.mkdir()
    disk.fill(point * 8 * PAGE)
    try:
        open_database(Settings(), new / "bot.db").close()
    except StorageError as error:
        seen.starts_failed += 1
        if "space" not in str(error):
            seen.wrong.append(f"point {point}: {error}")
    finally:
        disk.free()
    with World(new, bank=small_bank()) as world:
        if world.database.finding() != "ok":
            seen.wrong.append(f"point {point}: a database that is not whole")
    shutil.rmtree(new)


def play(folder: Path, points: int) -> Seen:
    """Let the team play at so many points."""
    seen, disk = Seen(), Disk(folder)
    for point in range(points):
        start(folder, disk, seen, point)
    with World(folder, bank=small_bank()) as world:
        game = Game(world, seen)
        for channel in CHANNELS:
            world.schedule(place=world.place(channel))
        world.wait(hours=1)
        for point in range(points):
            if point % 2:
                game.tick()  # so that there is something to answer
            fold(world.database.path)
            disk.fill(point // 2 * PAGE)
            seen.ticks_failed += not game.tick()
            game.everybody_answers()
            try:
                backup(world.database.path, folder / "copy.db", overwrite=True)
            except StorageError:
                seen.backups_failed += 1
            game.check()
            disk.free()
            if not game.tick():
                seen.wrong.append(f"point {point}: no recovery")
            world.wait(seconds=outbox.LEASE)  # what could not be written down is looked for
            game.tick()
            left = game.everybody_answers()
            if left:
                seen.wrong.append(f"point {point}: still not stored: {left}")
            game.check()
            if world.database.finding() != "ok":
                seen.wrong.append(f"point {point}: {world.database.finding()}")
            (folder / "copy.db").unlink(missing_ok=True)
            seen.points += 1
            world.wait(days=1)
        posted = len(world.relay.posted)
        waits = world.rows("SELECT step, state FROM outbox WHERE state != 'posted'")
        if waits or posted < 2 * points:
            seen.wrong.append(f"{posted} messages, and {waits} are not posted")
    return seen


if __name__ == "__main__":
    found = play(Path(sys.argv[1]), int(sys.argv[2]))
    os.write(1, msgspec.json.encode(found))
