"""The live count of an open daily."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.bank import Bank
from bot.config import Settings
from bot.errors import BotError, DeliveryError, Refused, RetryAfter, Unsure
from bot.events import Card, Command, Person, Place
from bot.live import LiveCount, gap, relay_edit
from bot.migrations import migrations
from bot.model import Mark, Post, Question
from bot.ports import Address, MemoryRelay
from bot.quiz.desk import Desk
from bot.store import LATEST, answers, dailies, outbox, people, posts, questions
from bot.store.dailies import Daily
from bot.store.database import Database
from bot.store.outbox import Planned
from bot.store.sqlite import Connection

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_post(ident: int = 1) -> Post:
    """Give an open daily."""
    question = Question(
        source="a", topic="dtypes", level=1, kind="single", stem="", rule="", why="", docs=""
    )
    return Post(
        id=ident, tenant_id=1, channel_id=1, kind="daily", question=question, created_at=START
    )


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        """Give the present time in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has let that much time pass."""
        waiting = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, waiting))
        await waiting

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking every sleeper at its moment."""
        end = self.now + seconds
        await settle()
        while due := [(at, one) for at, one in self._awake() if at <= end]:
            self.now, first = min(due, key=lambda pair: pair[0])
            first.set_result(None)
            await settle()
        self.now = end

    def _awake(self) -> list[tuple[float, asyncio.Future[None]]]:
        return [pair for pair in self._sleepers if not pair[1].done()]

    @property
    def sleepers(self) -> int:
        """How many wait right now."""
        return len(self._awake())


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(20):
        await asyncio.sleep(0)


class Channel:
    """A channel in which each answer is a number and each edit shows how many there are."""

    def __init__(self, slow: float = 0.0) -> None:
        self.clock = Clock()
        self.live = LiveCount(self.edit, sleep=self.clock.sleep, clock=self.clock)
        self.slow = slow
        self.answered: dict[int, int] = {}
        self.shown: list[tuple[float, int, int]] = []
        self.failures: list[Exception] = []
        self.editing: list[int] = []

    async def edit(self, post: Post) -> None:
        """Show the present count, taking `slow` seconds for it."""
        assert post.id not in self.editing, "two edits of one message at once"
        began, count = self.clock.now, self.answered[post.id]
        self.editing.append(post.id)
        try:
            if self.slow:
                await self.clock.sleep(self.slow)
            if self.failures:
                raise self.failures.pop(0)
        finally:
            self.editing.remove(post.id)
        self.shown.append((began, post.id, count))

    def answer(self, post_id: int = 1) -> None:
        """Store an answer, as the core does before it tells the counter."""
        self.answered[post_id] = self.answered.get(post_id, 0) + 1
        self.live.changed(a_post(post_id))


def play(scene: Callable[[Channel], Awaitable[None]], slow: float = 0.0) -> Channel:
    """Run a scene to its end, and see that it leaves no task behind."""
    channel = Channel(slow)

    async def run() -> None:
        await scene(channel)
        await channel.live.close()
        await settle()
        assert 1 == len(asyncio.all_tasks())

    asyncio.run(run())
    return channel


def test_the_gaps_add_up_to_the_promised_moments() -> None:
    """Edits come at 0, 2, 5 and 10 s, then every 30 s."""
    moments = [sum(gap(edits) for edits in range(count + 1)) for count in range(6)]

    assert [0, 2, 5, 10, 40, 70] == moments


def test_a_busy_post_is_edited_at_those_moments() -> None:
    """An answer every half second is shown at 0, 2, 5, 10, 40 and 70 s, with the counts then."""

    async def scene(channel: Channel) -> None:
        for _ in range(160):
            channel.answer()
            await channel.clock.advance(0.5)

    channel = play(scene)

    assert [0, 2, 5, 10, 40, 70] == [at for at, _, _ in channel.shown[:6]]
    assert [1, 4, 10, 20, 80, 140] == [count for _, _, count in channel.shown[:6]]


def test_nothing_runs_when_nothing_changed() -> None:
    """Between answers there is no task and no edit, however much time passes."""

    async def scene(channel: Channel) -> None:
        channel.answer()
        await channel.clock.advance(3600)
        assert 0 == channel.clock.sleepers
        assert 1 == len(asyncio.all_tasks())

    assert [(0, 1, 1)] == play(scene).shown


def test_answers_at_one_moment_are_one_edit() -> None:
    """Ten answers before the loop turns are shown together."""

    async def scene(channel: Channel) -> None:
        for _ in range(10):
            channel.answer()
        await channel.clock.advance(60)

    assert [(0, 1, 10)] == play(scene).shown


def test_an_answer_during_an_edit_is_shown_by_one_more() -> None:
    """What changes while an edit is under way is neither lost nor edited at the same time."""

    async def scene(channel: Channel) -> None:
        channel.answer()
        await channel.clock.advance(0.5)
        channel.answer()
        channel.answer()
        await channel.clock.advance(60)

    assert [(0, 1, 1), (2, 1, 3)] == play(scene, slow=1.0).shown


def test_posts_do_not_wait_for_each_other() -> None:
    """Each post has its own gaps."""

    async def scene(channel: Channel) -> None:
        channel.answer(1)
        await channel.clock.advance(1)
        channel.answer(2)
        channel.answer(1)
        await channel.clock.advance(60)

    assert [(0, 1, 1), (1, 2, 1), (2, 1, 2)] == play(scene).shown


def test_closing_shows_the_last_counts_at_once() -> None:
    """A shutdown waits for no gap, and no answer is followed after it."""

    async def scene(channel: Channel) -> None:
        for post in (1, 2, 1):
            channel.answer(post)
            await channel.clock.advance(0.5)
        channel.answer(2)
        await channel.live.close()
        channel.answer(1)
        await channel.clock.advance(60)

    shown = play(scene).shown

    assert [(0, 1, 1), (0.5, 2, 1), (1.5, 1, 2), (1.5, 2, 2)] == shown


def test_closing_waits_for_an_edit_and_adds_the_last_count() -> None:
    """An edit under way at the shutdown ends; what came during it is shown after it."""

    async def scene(channel: Channel) -> None:
        channel.answer()
        await channel.clock.advance(0.5)
        channel.answer()
        closing = asyncio.create_task(channel.live.close())
        await channel.clock.advance(5)
        assert closing.done()

    assert [(0, 1, 1), (1, 1, 2)] == play(scene, slow=1.0).shown


def test_closing_before_the_task_began_shows_the_count() -> None:
    """An answer and a shutdown in the same moment still give the last count."""

    async def scene(channel: Channel) -> None:
        channel.answer()
        await channel.live.close()

    assert [(0, 1, 1)] == play(scene).shown


def test_closing_tries_nothing_twice() -> None:
    """A platform that is down at the shutdown does not hold it up."""

    async def scene(channel: Channel) -> None:
        channel.failures = [Unsure("down"), Unsure("down")]
        channel.answer()
        await channel.live.close()

    channel = play(scene)

    assert ([], 1) == (channel.shown, len(channel.failures))


def test_a_forgotten_post_is_edited_no_more() -> None:
    """Neither a planned edit nor one that failed comes back after the post was closed."""

    async def scene(channel: Channel) -> None:
        channel.answer()
        await channel.clock.advance(1)
        channel.answer()
        await channel.clock.advance(0.5)
        await channel.live.forget(1)
        await channel.clock.advance(60)

    assert [(0, 1, 1)] == play(scene).shown


def test_forgetting_waits_for_the_edit_under_way() -> None:
    """No count overtakes the reveal that follows `forget`, and a failed one is not repeated."""

    async def scene(channel: Channel) -> None:
        channel.failures = [Unsure("timed out")]
        channel.answer()
        await channel.clock.advance(0.5)
        channel.answer()
        forgetting = asyncio.create_task(channel.live.forget(1))
        await settle()
        assert not forgetting.done()
        await channel.clock.advance(60)
        assert forgetting.done()

    channel = play(scene, slow=1.0)

    assert ([], []) == (channel.shown, channel.failures)


def test_forgetting_an_unknown_post_changes_nothing() -> None:
    """A daily that nobody answered is closed like any other."""

    async def scene(channel: Channel) -> None:
        await channel.live.forget(7)
        channel.answer()
        await channel.clock.advance(1)

    assert [(0, 1, 1)] == play(scene).shown


@pytest.mark.parametrize(
    ("failure", "moments"),
    [
        (RetryAfter(12), [12]),
        (RetryAfter(0.5), [2]),
        (Unsure("timed out"), [2]),
        (DeliveryError("down"), [2]),
        (Refused("gone", gone=True), []),
        (BotError("no such post"), []),
    ],
)
def test_a_failed_edit_is_logged_and_made_again_if_that_helps(
    failure: Exception, moments: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """The platform's wait is kept, an unsure edit is repeated, a refused one is not."""
    caplog.set_level(logging.INFO)

    async def scene(channel: Channel) -> None:
        channel.failures = [failure]
        channel.answer()
        await channel.clock.advance(100)

    channel = play(scene)

    assert moments == [at for at, _, _ in channel.shown]
    assert ["bot.live"] == [record.name for record in caplog.records]
    assert "post 1" in caplog.text


def test_a_refused_edit_is_tried_again_with_the_next_answer() -> None:
    """A failure does not end the count of a post."""

    async def scene(channel: Channel) -> None:
        channel.failures = [Refused("no"), BotError("no such post")]
        for _ in range(3):
            channel.answer()
            await channel.clock.advance(100)

    assert [(200, 1, 3)] == play(scene).shown


FAILURES = st.sampled_from([None, Unsure("timed out"), RetryAfter(7), RetryAfter(90)])
STEPS = st.lists(
    st.tuples(st.floats(0, 45), st.integers(1, 2), FAILURES, st.booleans()), max_size=30
)


@given(steps=STEPS, slow=st.sampled_from([0.0, 0.5, 4.0, 40.0]))
def test_the_last_count_is_always_shown(
    steps: list[tuple[float, int, Exception | None, bool]], slow: float
) -> None:
    """Whatever the pace, each post ends at its number of answers and its gaps are kept."""
    began: dict[int, list[float]] = {1: [], 2: []}

    async def scene(channel: Channel) -> None:
        edit = channel.edit

        async def noted(post: Post) -> None:
            began[post.id].append(channel.clock.now)
            await edit(post)

        channel.live = LiveCount(noted, sleep=channel.clock.sleep, clock=channel.clock)
        for wait, post, failure, twice in steps:
            await channel.clock.advance(wait)
            channel.failures = [failure] if failure else []
            channel.answer(post)
            if twice:
                channel.answer(post)
        channel.failures = []
        await channel.clock.advance(1000)

    channel = play(scene, slow)
    last = {post: count for _, post, count in channel.shown}

    assert channel.answered == last
    for moments in began.values():
        for edits, (before, after) in enumerate(pairwise(moments), 1):
            assert after - before >= gap(edits) - 1e-9


# --- on a platform ------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An open, empty database of ours."""
    with Database.open(
        tmp_path / "bot.db",
        migrate=lambda connection: migrations.apply(sqlite_utils.Database(connection)),
        latest=LATEST,
        entropy=bytes,
    ) as opened:
        yield opened


class Stage:
    """A channel with an open daily, on a platform made of memory."""

    def __init__(self, database: Database) -> None:
        self.database, self.relay = database, MemoryRelay()
        self.desk = Desk(
            database=database,
            load_bank=no_bank,
            settings=Settings(),
            relays={"memory": self.relay},
            rng=random.Random(1),
        )
        self.edit = relay_edit(self.desk)

    async def open(self, state: outbox.State = "posted") -> Post:
        """Post the daily; the outbox knows its message where it is `posted`."""
        ref = await self.relay.post(Address("team", "here"), Card(title="old"), "npb-1-question")
        return await self.database.awrite(lambda conn: self._open(conn, state, ref.message))

    def _open(self, conn: Connection, state: outbox.State, message: str) -> Post:
        visit = people.enter(conn, Command(place=PLACE, person=Person("u", "U"), at=START, text=""))
        asked, closes_at = questions.snapshot(a_post().question), START + timedelta(days=1)
        here = visit.tenant.id, visit.channel.id
        daily = Daily(*here, date(2026, 3, 2), asked, one_tap=False, closes_at=closes_at)
        (ident,) = dailies.add(conn, [daily], START)
        assert ident is not None
        outbox.add(conn, [Planned(ident, "question", "memory", START)])
        (delivery,) = outbox.claim(conn, "memory", "me", START, 0, 1)
        if state != "sending":
            known = message if state == "posted" else None
            outbox.settle(conn, delivery, "me", state, message=known)
        return posts.must_get(conn, ident)

    async def answer(self, post: Post, person: str) -> None:
        """Store a right answer of somebody."""
        event = Command(place=PLACE, person=Person(person, person), at=START, text="")

        def store(conn: Connection) -> None:
            visit = people.enter(conn, event)
            answers.add(
                conn,
                post,
                visit.member.id,
                Mark("right", 1.0),
                day=date(2026, 3, 2),
                now=START,
                points=10,
                hinted=False,
                board="channel",
                text="",
            )

        await self.database.awrite(store)

    @property
    def shown(self) -> str:
        """The whole card that stands in the channel, as text."""
        return str(self.relay.posted["m1"].card)


PLACE = Place("memory", "team", "here")


def no_bank() -> Bank:
    """No edit needs the question bank."""
    raise AssertionError


def test_the_message_shows_how_many_answered(database: Database) -> None:
    """The daily's own message is edited, and its card carries the count."""
    stage = Stage(database)

    async def run() -> None:
        post = await stage.open()
        await stage.answer(post, "u1")
        await stage.answer(post, "u2")
        await stage.edit(post)

    asyncio.run(run())

    assert "2 answered" in stage.shown


def test_a_closed_daily_keeps_its_reveal(database: Database) -> None:
    """A count that comes late does not bring the buttons of a closed question back."""
    stage = Stage(database)

    async def run() -> None:
        post = await stage.open()
        await database.awrite(lambda conn: posts.close(conn, post.id, START))
        await stage.edit(post)

    asyncio.run(run())

    assert "title='old'" in stage.shown


def test_a_message_that_is_still_being_sent_is_edited_later(database: Database) -> None:
    """Who answers before the platform has confirmed the message is counted a second later."""
    stage = Stage(database)

    async def run() -> None:
        post = await stage.open("sending")
        with pytest.raises(RetryAfter):
            await stage.edit(post)

    asyncio.run(run())


def test_a_message_nobody_knows_is_left_alone(database: Database) -> None:
    """A daily whose message was never confirmed has nothing to edit."""
    stage = Stage(database)

    async def run() -> None:
        await stage.edit(await stage.open("unknown"))

    asyncio.run(run())

    assert "title='old'" in stage.shown


def test_a_platform_that_this_process_does_not_serve_is_left_alone(database: Database) -> None:
    """Another process edits the messages of its own platform."""
    stage = Stage(database)
    stage.desk.relays = {}

    async def run() -> None:
        await stage.edit(await stage.open())

    asyncio.run(run())

    assert "title='old'" in stage.shown
