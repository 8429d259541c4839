"""Slack as the core's relay: posting, editing and looking up messages of one workspace."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adapters import slack_relay
from adapters.slack_client import SlackClient
from adapters.slack_people import SlackPeople
from adapters.slack_relay import EDITS_A_MINUTE, SlackRelay
from adapters.slack_settings import SlackSettings
from bot.errors import CannotLook, Refused, RetryAfter
from bot.events import Card, Paragraph, Text
from bot.ports import Address, MessageRef
from tests.slack_calls import Fault, RateLimited
from tests.slack_forms import words
from tests.slack_server import SlackServer
from tests.slack_state import Message
from tests.team import Timer

HERE = Address("T1", "C1")
CARD = Card(title="Daily #1", blocks=(Paragraph((Text("What is <np.e>?"),)),))
OTHER = Card(title="", blocks=(Paragraph((Text("Closed"),)),))
EARLY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Desk:
    """A relay, the Slack it works on, and a clock."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack, self.timer, self.now = slack, Timer(), EARLY
        slack.now = self._seconds
        slack.add_channel("C1", "UADA", "UBEA")
        slack.add_user("UADA", "ada.k", is_admin=True)
        self.client = SlackClient(SlackSettings(bot_token=slack.bot_token, api_url=slack.api_url))
        self.people = SlackPeople(self.client, self.timer)
        self.relay = SlackRelay(self.client, self.people, self.timer)

    def _seconds(self) -> float:
        return self.now.timestamp()

    @property
    def messages(self) -> list[Message]:
        """What stands in the channel."""
        return self.slack.channels["C1"].messages

    def count(self, method: str) -> int:
        """How often something was asked for."""
        return [call.method for call in self.slack.calls].count(method)

    def stranger(self, key: str, bot: str | None, thread: str | None = None) -> None:
        """Somebody else posts a message whose block happens to have our key."""
        said = Message("C1", self.slack.ts(), "Hi", [{"type": "divider", "block_id": key}], "UBEA")
        said.bot_id, said.thread_ts = bot, thread
        self.messages.append(said)

    async def find(self, key: str, thread: MessageRef | None = None) -> MessageRef | None:
        """Look for a message that was posted since nine."""
        return await self.relay.find(HERE, key, EARLY, thread)


Act = Callable[[Desk], Awaitable[None]]


@asynccontextmanager
async def workspace() -> AsyncIterator[Desk]:
    """The relay of a bot that logged in, and Slack had nothing to object to."""
    async with SlackServer() as slack:
        desk = Desk(slack)
        await desk.client.open()
        try:
            yield desk
        finally:
            await desk.people.close()
            await desk.client.close()
        assert [] == slack.problems


def play(act: Act) -> None:
    """Do something in a workspace."""

    async def whole() -> None:
        async with workspace() as desk:
            await act(desk)

    asyncio.run(whole())


def test_a_message_carries_its_key_in_the_first_block() -> None:
    """It is posted once, without previews, and its time is its id."""

    async def act(desk: Desk) -> None:
        for card in (CARD, OTHER):
            ref = await desk.relay.post(HERE, card, "key7")
            posted = desk.messages[-1]
            assert MessageRef(HERE, posted.ts) == ref
            assert "key7" == posted.blocks[0]["block_id"]
        sent = desk.slack.calls[-1].body
        assert {False} == {sent["unfurl_links"], sent["unfurl_media"]}
        assert "thread_ts" not in sent
        assert "What is <np.e>?" in words(desk.messages[0].blocks)
        assert "&lt;np.e&gt;" in desk.messages[0].text

    play(act)


def test_a_message_in_a_thread() -> None:
    """It stands below its root, and is found there and nowhere else."""

    async def act(desk: Desk) -> None:
        root = await desk.relay.post(HERE, CARD, "root")
        other = await desk.relay.post(HERE, CARD, "other")
        reply = await desk.relay.post(HERE, OTHER, "reply", root)
        assert root.message == desk.messages[-1].thread_ts
        assert reply == await desk.find("reply", root)
        assert await desk.find("reply") is None
        assert await desk.find("reply", other) is None

    play(act)


def test_an_edit_replaces_what_a_message_shows() -> None:
    """The message stays where it is; one that was deleted is gone."""

    async def act(desk: Desk) -> None:
        ref = await desk.relay.post(HERE, CARD, "key")
        await desk.relay.edit(ref, OTHER)
        (shown,) = desk.messages
        assert ("Closed", ref.message) == (words(shown.blocks), shown.ts)
        desk.slack.remove(shown)
        with pytest.raises(Refused) as caught:
            await desk.relay.edit(ref, CARD)
        assert caught.value.gone

    play(act)


def test_counts_wait_for_their_turn_and_closings_do_not() -> None:
    """So many a minute, and what a count would have sent is not sent."""

    async def act(desk: Desk) -> None:
        ref = await desk.relay.post(HERE, CARD, "key")
        for _ in range(EDITS_A_MINUTE):
            await desk.relay.edit(ref, OTHER, count=True)
        desk.timer.seconds += 13
        with pytest.raises(RetryAfter) as caught:
            await desk.relay.edit(ref, OTHER, count=True)
        assert (47.0, EDITS_A_MINUTE) == (caught.value.seconds, desk.count("chat.update"))
        await desk.relay.edit(ref, OTHER)
        desk.timer.seconds += 47
        await desk.relay.edit(ref, OTHER, count=True)
        assert EDITS_A_MINUTE + 2 == desk.count("chat.update")

    play(act)


def test_a_message_is_found_by_its_key() -> None:
    """Another key, or none, finds nothing."""

    async def act(desk: Desk) -> None:
        refs = [await desk.relay.post(HERE, CARD, f"key{n}") for n in range(3)]
        assert refs[1] == await desk.find("key1")
        assert await desk.find("key") is None
        assert await desk.find("key3") is None

    play(act)


@pytest.mark.parametrize(("behind", "pages"), [(0, 1), (199, 1), (200, 2), (450, 3)])
def test_a_message_is_found_behind_many_others(behind: int, pages: int) -> None:
    """Pages are turned until it is there, and not further."""

    async def act(desk: Desk) -> None:
        ref = await desk.relay.post(HERE, CARD, "key")
        for _ in range(behind):
            desk.slack.say("UBEA", "C1", "Hi")
        assert ref == await desk.find("key")
        assert pages == desk.count("conversations.history")
        assert await desk.find("none") is None

    play(act)


def test_a_thread_with_many_replies_is_looked_through() -> None:
    """The same in a thread, where the oldest comes first."""

    async def act(desk: Desk) -> None:
        root = await desk.relay.post(HERE, CARD, "root")
        for _ in range(450):
            desk.slack.say("UBEA", "C1", "Hi", root.message)
        ref = await desk.relay.post(HERE, OTHER, "key", root)
        assert ref == await desk.find("key", root)
        assert 3 == desk.count("conversations.replies")

    play(act)


def test_too_many_messages_are_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be known, that is said: not that nothing is there."""
    monkeypatch.setattr(slack_relay, "_MOST_PAGES", 2)

    async def act(desk: Desk) -> None:
        for _ in range(401):
            desk.slack.say("UBEA", "C1", "Hi")
        with pytest.raises(CannotLook):
            await desk.find("key")
        assert 2 == desk.count("conversations.history")

    play(act)


@pytest.mark.parametrize("bot", ["BOTHER", None])
def test_what_others_post_is_not_ours(bot: str | None) -> None:
    """Another bot's message, or a person's, proves nothing, whatever its block is called."""

    async def act(desk: Desk) -> None:
        root = await desk.relay.post(HERE, CARD, "root")
        desk.stranger("key", bot)
        desk.stranger("key", bot, root.message)
        assert await desk.find("key") is None
        assert await desk.find("key", root) is None
        ref = await desk.relay.post(HERE, CARD, "key")
        desk.stranger("key", bot)
        assert ref == await desk.find("key")

    play(act)


@pytest.mark.parametrize(("before", "found"), [(0, True), (0.5, True), (1.5, False), (90, False)])
def test_only_what_was_posted_since_then_is_looked_through(before: float, *, found: bool) -> None:
    """Clocks may differ by a second."""

    async def act(desk: Desk) -> None:
        desk.now -= timedelta(seconds=before)
        ref = await desk.relay.post(HERE, CARD, "key")
        desk.slack.say("UBEA", "C1", "Hi")
        assert (ref if found else None) == await desk.find("key")

    play(act)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("missing_scope", CannotLook),
        ("channel_not_found", CannotLook),
        ("thread_not_found", CannotLook),
        (RateLimited(9), RetryAfter),
        ("token_revoked", RetryAfter),
    ],
)
def test_where_slack_shows_nothing_it_is_not_known(fault: Fault, kind: type[Exception]) -> None:
    """A refusal is no proof that nothing was posted; what passes is to wait for."""

    async def act(desk: Desk) -> None:
        await desk.relay.post(HERE, CARD, "key")
        desk.slack.fail("conversations.history", fault)
        with pytest.raises(kind):
            await desk.find("key")

    play(act)
