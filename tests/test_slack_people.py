"""Who somebody is on Slack: their name, their zone, and whether they run the workspace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters import slack_people
from adapters.slack_client import SlackClient
from adapters.slack_people import SlackPeople
from adapters.slack_settings import SlackSettings
from bot.errors import DeliveryError, Refused, RetryAfter
from bot.events import Person
from tests.loopback import Drop, Hang
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_rules import Json
from tests.slack_server import SlackServer
from tests.slack_state import User
from tests.team import Timer

ASK = "users.info"
NAMED = Person("UADA", "Ada", zone="Europe/Berlin")
UNNAMED = Person("UADA", "ada.k", is_handle=True)


class World:
    """A workspace with Ada in it, and what the bot knows of its people."""

    def __init__(self, slack: SlackServer, client: SlackClient) -> None:
        self.slack, self.timer = slack, Timer()
        self.people = SlackPeople(client, self.timer)
        slack.add_user("UADA", "ada.k", display_name="Ada", tz="Europe/Berlin", is_admin=True)
        slack.add_user("UBEA", "bea.k", display_name="Bea")

    async def ada(self) -> Person:
        """Ada acts."""
        return await self.people.person("UADA", "ada.k")

    @property
    def asked(self) -> int:
        """How often Slack was asked."""
        return [call.method for call in self.slack.calls].count(ASK)


@asynccontextmanager
async def workspace() -> AsyncIterator[World]:
    """The workspace, and the bot logged in."""
    async with SlackServer() as slack:
        client = SlackClient(SlackSettings(bot_token=slack.bot_token, api_url=slack.api_url))
        await client.open()
        world = World(slack, client)
        try:
            yield world
        finally:
            await world.people.close()
            await client.close()


class Described(User):
    """A user of whom Slack tells just what a test says."""

    told: Json

    def body(self) -> Json:
        """What users.info tells."""
        return {"id": self.id, **self.told}


def described(slack: SlackServer, **told: Any) -> None:  # noqa: ANN401  # whatever is told
    """Let Slack tell just this of Ada."""
    user = Described("UADA", "ada.k")
    user.told = told
    slack.users["UADA"] = user


def test_somebody_has_a_name_and_a_zone() -> None:
    """What Slack shows of them."""

    async def act() -> None:
        async with workspace() as world:
            assert NAMED == await world.ada()
            assert [] == world.slack.problems

    asyncio.run(act())


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"profile": {"display_name": "Ada", "real_name": "Ada King"}, "name": "ada.k"}, "Ada"),
        ({"profile": {"display_name": " Ada "}}, "Ada"),
        ({"profile": {"display_name": "", "real_name": "Ada King"}, "name": "ada.k"}, "Ada King"),
        ({"profile": {"display_name": "  ", "real_name": "Ada King"}}, "Ada King"),
        ({"profile": {"display_name": "", "real_name": " "}, "name": "ada.k"}, "ada.k"),
        ({"profile": None, "name": "ada.k"}, "ada.k"),
        ({"profile": {}}, "UADA"),
        ({}, "UADA"),
    ],
)
def test_the_name_is_the_one_that_slack_shows(told: Json, name: str) -> None:
    """The display name, else the real one, else the account's."""

    async def act() -> None:
        async with workspace() as world:
            described(world.slack, **told)
            assert Person("UADA", name) == await world.ada()

    asyncio.run(act())


@pytest.mark.parametrize(
    ("told", "manages"),
    [
        ({}, False),
        ({"is_admin": False, "is_owner": False, "is_primary_owner": False}, False),
        ({"is_admin": True}, True),
        ({"is_owner": True}, True),
        ({"is_primary_owner": True}, True),
        ({"is_restricted": True, "is_bot": True}, False),
    ],
)
def test_admins_and_owners_manage(told: Json, *, manages: bool) -> None:
    """And nobody else does."""

    async def act() -> None:
        async with workspace() as world:
            described(world.slack, **told)
            assert manages == await world.people.manages("UADA")

    asyncio.run(act())


def test_a_profile_is_believed_for_an_hour() -> None:
    """Then Slack is asked again, and a new name is known."""

    async def act() -> None:
        async with workspace() as world:
            assert NAMED == await world.ada()
            world.slack.users["UADA"].display_name = "Countess"
            world.timer.seconds += 3599
            assert NAMED == await world.ada()
            assert 1 == world.asked
            world.timer.seconds += 1
            assert "Countess" == (await world.ada()).name
            assert 2 == world.asked

    asyncio.run(act())


def test_all_who_ask_at_once_share_an_answer() -> None:
    """One call a person, whoever wants to know what of them."""

    async def act() -> None:
        async with workspace() as world:
            asked = [world.ada() for _ in range(5)]
            others = [world.people.person("UBEA", "bea.k")]
            manage = [world.people.manages("UADA") for _ in range(3)]
            found = await asyncio.gather(*asked, *others)
            assert [NAMED] * 5 == found[:5]
            assert "Bea" == found[5].name
            assert [True] * 3 == await asyncio.gather(*manage)
            assert 2 == world.asked

    asyncio.run(act())


def test_a_name_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handle does for this once, and the name is there for the next time."""
    monkeypatch.setattr(slack_people, "PATIENCE", 0.02)

    async def act() -> None:
        async with workspace() as world:
            come = asyncio.Event()
            world.slack.fail(ASK, Hang(come))
            assert UNNAMED == await world.ada()
            assert UNNAMED == await world.ada()
            come.set()
            assert await world.people.manages("UADA")
            assert NAMED == await world.ada()
            assert 1 == world.asked

    asyncio.run(act())


def test_a_closed_door_is_not_knocked_at() -> None:
    """Until Slack's time has passed nobody's name is asked for; handles do."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.fail(ASK, RateLimited(30))
            assert UNNAMED == await world.ada()
            assert UNNAMED == await world.ada()
            assert (await world.people.person("UBEA", "bea.k")).is_handle
            world.timer.seconds += 29.5
            assert UNNAMED == await world.ada()
            assert 1 == world.asked
            world.timer.seconds += 0.5
            assert NAMED == await world.ada()
            assert 2 == world.asked

    asyncio.run(act())


def test_a_closed_door_hides_nothing_that_is_known() -> None:
    """Names of those who were met lately stay."""

    async def act() -> None:
        async with workspace() as world:
            assert NAMED == await world.ada()
            world.slack.fail(ASK, RateLimited(30))
            assert (await world.people.person("UBEA", "bea.k")).is_handle
            assert NAMED == await world.ada()

    asyncio.run(act())


@pytest.mark.parametrize(
    "fault",
    [
        "user_not_found",
        "missing_scope",
        "fatal_error",
        Status(500),
        Status(200),
        Drop(accepted=False),
    ],
)
def test_a_name_that_cannot_be_had_is_a_handle(fault: Fault) -> None:
    """Whatever goes wrong, whoever acts is answered, and the next time it is tried again."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.fail(ASK, fault, fault)  # a mere question may be sent twice
            assert UNNAMED == await world.ada()
            world.slack._faults[ASK].clear()
            assert NAMED == await world.ada()

    asyncio.run(act())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("user_not_found", Refused), (RateLimited(30), RetryAfter), (Status(500), DeliveryError)],
)
def test_whether_somebody_manages_may_be_unknown(fault: Fault, kind: type[DeliveryError]) -> None:
    """Nobody becomes a manager, or is refused, because Slack has trouble."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.fail(ASK, fault)
            with pytest.raises(kind):
                await world.people.manages("UADA")
            assert await world.people.manages("UADA")

    asyncio.run(act())


def test_guests_are_never_looked_up() -> None:
    """Another company's people are who their event says they are."""

    async def act() -> None:
        async with workspace() as world:
            found = await world.people.person("UADA", "ada.k", guest=True)
            assert Person("UADA", "ada.k", is_handle=True, guest=True) == found
            assert NAMED == await world.ada()
            again = await world.people.person("UADA", "ada.k", guest=True)
            assert (found, 1) == (again, world.asked)

    asyncio.run(act())


def test_whom_an_event_does_not_name_has_their_id() -> None:
    """Nobody is called nothing."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.fail(ASK, "user_not_found")
            assert Person("UADA", "UADA", is_handle=True) == await world.people.person("UADA", "")

    asyncio.run(act())


def test_closing_ends_what_is_asked() -> None:
    """Nothing is left behind, and whoever waits for a name has the handle."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.fail(ASK, Hang(asyncio.Event()))
            waiting = asyncio.create_task(world.ada())
            await world.slack.until(lambda: world.asked)
            await world.people.close()
            assert UNNAMED == await waiting
            assert {} == world.people._asked

    asyncio.run(act())


@pytest.mark.parametrize(("manages", "seconds"), [(True, 300), (False, 30)])
def test_whether_somebody_manages_is_asked_again_soon(*, manages: bool, seconds: int) -> None:
    """A new admin is one within half a minute, a former one is none after five."""

    async def act() -> None:
        async with workspace() as world:
            world.slack.users["UADA"].is_admin = manages
            assert manages == await world.people.manages("UADA")
            world.slack.users["UADA"].is_admin = not manages
            world.timer.seconds += seconds - 1
            assert manages == await world.people.manages("UADA")
            world.timer.seconds += 1
            assert (not manages) == await world.people.manages("UADA")

    asyncio.run(act())
