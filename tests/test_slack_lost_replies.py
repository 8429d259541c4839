"""Private replies on bad days: addresses that expired, triggers that were too slow, no names."""

import asyncio

import pytest

from bot.cards import guide
from tests.fakes import shown as shown_as
from tests.loopback import Drop, Hang
from tests.slack_calls import Fault, RateLimited, Status
from tests.slack_forms import buttons, words
from tests.slack_state import URL_USES, Message
from tests.slack_team import CHANNEL, SlackTeam
from tests.slack_trouble import TICKS, Day, first, window

URL = "response_url"


def count(team: SlackTeam, method: str) -> int:
    """How often a method was called."""
    return sum(call.method == method for call in team.slack.calls)


# --- the address of a reply ---------------------------------------------------------------


@pytest.mark.parametrize("fault", ["expired_url", "used_url", Status(404), Status(410)])
def test_a_reply_whose_address_is_gone_comes_another_way(day: Day, fault: Fault) -> None:
    """The verdict is shown in the channel to its reader alone, once."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail(URL, fault)
        await team.press("UBEA", daily, first(daily))
        (verdict,) = team.slack.ephemerals_of("UBEA")
        assert "Streak 1." in words(verdict.blocks)
        assert (CHANNEL, 1) == (verdict.channel, count(team, "chat.postEphemeral"))
        assert (1, 1) == (team.stored, len(team.channel.messages[1:]))

    day.play(act)


def test_an_address_that_expired_while_the_bot_worked_is_replaced(day: Day) -> None:
    """Half an hour is over between the press and its reply, and the reply comes all the same."""

    async def act(team: SlackTeam, daily: Message) -> None:
        held = asyncio.Event()
        team.slack.fail("users.info", Hang(held))
        await team.slack.press("UBEA", daily, first(daily))
        team.slack.expire_urls()
        held.set()
        await team.settled()
        assert "Streak 1." in team.reads("UBEA")
        assert 1 == count(team, "chat.postEphemeral")

    day.play(act)


def test_an_address_is_used_no_more_often_than_slack_allows(day: Day) -> None:
    """An answer whose address was used up before comes by an ephemeral message."""

    async def act(team: SlackTeam, daily: Message) -> None:
        body = await team.slack.press("UBEA", daily, first(daily))
        await team.settled()
        for url in team.slack.urls.values():
            url.uses = URL_USES
        again = body.body | {"trigger_id": team.slack.trigger("UBEA")}
        await team.does(team.slack.deliver("interactive", again))
        assert 2 == len(team.slack.ephemerals_of("UBEA"))
        assert ["a sixth use of a response_url"] == team.slack.problems
        team.slack.problems.clear()
        assert 1 == team.stored

    day.play(act)


def test_a_limited_reply_waits(day: Day) -> None:
    """A reply that is rate-limited is sent when Slack says so, by the same address."""

    async def act(team: SlackTeam, daily: Message) -> None:
        before = count(team, URL)
        team.slack.fail(URL, RateLimited(0))
        await team.press("UBEA", daily, first(daily))
        assert 1 == len(team.slack.ephemerals_of("UBEA"))
        assert (2, 0) == (count(team, URL) - before, count(team, "chat.postEphemeral"))

    day.play(act)


@pytest.mark.parametrize(
    ("fault", "seen"), [(Drop(accepted=False), 0), (Drop(accepted=True), 1), (Status(500), 0)]
)
def test_a_reply_that_may_be_there_is_not_sent_twice(day: Day, fault: Fault, seen: int) -> None:
    """Where the line breaks nobody reads a verdict twice; a command shows it again."""

    async def act(team: SlackTeam, daily: Message) -> None:
        before = count(team, URL)
        team.slack.fail(URL, fault)
        await team.press("UBEA", daily, first(daily))
        assert seen == len(team.slack.ephemerals_of("UBEA"))
        assert (1, 1) == (count(team, URL) - before, team.stored)
        await team.slash("UBEA", "daily")
        assert "Streak 1." in team.reads("UBEA")

    day.play(act)


@pytest.mark.parametrize("is_member", [False, True])
def test_where_the_bot_is_not_a_reply_comes_privately(day: Day, *, is_member: bool) -> None:
    """Without an address and without a seat in the channel the bot writes a direct message."""

    async def act(team: SlackTeam, _: Message) -> None:
        team.channel.bot = is_member
        team.slack.fail(URL, "expired_url")
        await team.does(team.slack.slash("UBEA", CHANNEL, "quiz"))
        shown = team.slack.ephemerals_of("UBEA")
        assert is_member == (len(shown) == 1)
        assert is_member == (team.dm("UBEA") == [])
        if not is_member:
            assert shown_as(guide.NOT_THERE) == team.dm("UBEA")[0]

    day.play(act)


def test_what_comes_privately_offers_nothing_that_works_in_the_channel_alone(day: Day) -> None:
    """A channel's help can be read in a direct message, without buttons that would be refused."""

    async def act(team: SlackTeam, _: Message) -> None:
        team.channel.bot = False
        team.slack.fail(URL, "expired_url")
        await team.does(team.slack.slash("UBEA", CHANNEL, "help"))
        (told,) = team.slack.dm("UBEA").messages
        assert "NumPy study bot" in words(told.blocks)
        assert [] == buttons(told.blocks)

    day.play(act)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_file_that_did_not_arrive_is_not_said_to_be_there(day: Day, method: str) -> None:
    """An export whose upload fails is to be asked for again."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, first(daily))
        privacy = await team.slash("UBEA", "privacy")
        team.slack.fail(method, Status(500))
        await team.press("UBEA", privacy, "Export")
        assert guide.NOT_SENT == team.reads("UBEA")

    day.play(act)


def test_a_public_card_whose_address_is_gone_is_posted(day: Day) -> None:
    """The greeting of a channel comes by a message where its address has expired."""

    async def act(team: SlackTeam) -> None:
        await team.tick()
        team.slack.fail(URL, "expired_url", "expired_url")
        await team.slash("UADA", "help")
        assert 1 == len(team.channel.messages)
        assert "NumPy study bot" in team.reads("UADA")

    day.live(act)


# --- windows ------------------------------------------------------------------------------


def test_a_window_that_came_too_late_is_asked_for_again(day: Day) -> None:
    """Where the trigger has expired its presser is told to press again, which works."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.expire_triggers = True
        await team.press("UBEA", daily, "Answer…")
        assert guide.NOT_OPEN == team.reads("UBEA")
        assert team.slack.top_view("UBEA") is None
        team.slack.expire_triggers = False
        await team.answer("UBEA", daily)
        assert 1 == team.stored

    day.play(act, TICKS)


def test_a_fourth_window_takes_the_place_of_the_third(day: Day) -> None:
    """Slack stacks three; what comes then is shown in the topmost."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.answer("UBEA", daily)
        (verdict,) = team.slack.modals["UBEA"]
        for _ in range(2):
            team.slack.push(verdict, verdict.content)
        top = team.slack.top_view("UBEA")
        assert top is not None
        await team.press("UBEA", top, "Explain")
        assert 3 == len(team.slack.modals["UBEA"])
        assert window(team, "UBEA").startswith("Explained · ")
        assert "Streak 1." in words(verdict.blocks)

    day.play(act, TICKS)


def test_a_command_for_a_form_that_came_too_late_says_so(day: Day) -> None:
    """The schedule's form, too, tells when it could not open."""

    async def act(team: SlackTeam, _: Message) -> None:
        team.slack.expire_triggers = True
        await team.slash("UADA", "schedule")
        assert guide.NOT_OPEN == team.reads("UADA")

    day.play(act)


def test_a_window_on_the_home_that_does_not_open_becomes_a_message(day: Day) -> None:
    """What a home's button shows comes privately where no window opens."""

    async def act(team: SlackTeam, daily: Message) -> None:
        await team.press("UBEA", daily, first(daily))
        await team.does(team.slack.open_home("UBEA"))
        home = team.slack.homes["UBEA"]
        team.slack.expire_triggers = True
        await team.press("UBEA", home, "Quiz me")
        (told,) = team.dm("UBEA")
        assert "Practice" in told

    day.play(act)


# --- names --------------------------------------------------------------------------------


def names(team: SlackTeam) -> list[str]:
    """What those are called who are not the manager."""
    return [name for (name,) in team.rows("SELECT name FROM members WHERE id > 1 ORDER BY id")]


@pytest.mark.parametrize(
    "trouble",
    ["fatal_error", "missing_scope", "user_not_found", Status(500)],
)
def test_an_answer_needs_no_name(day: Day, trouble: Fault) -> None:
    """Somebody of whom Slack tells nothing is called by their handle, and later by name."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail("users.info", trouble)
        await team.press("UBEA", daily, first(daily))
        assert (1, ["bea.k"]) == (team.stored, names(team))
        await team.slash("UBEA", "me")
        assert ["Bea"] == names(team)

    day.play(act)


def test_nobody_waits_for_a_name(day: Day) -> None:
    """Where Slack takes long with a profile the verdict comes first, the name with the next."""

    async def act(team: SlackTeam, daily: Message) -> None:
        held = asyncio.Event()
        team.slack.fail("users.info", Hang(held))
        await team.press("UBEA", daily, first(daily))
        assert (1, ["bea.k"]) == (team.stored, names(team))
        assert "Streak 1." in team.reads("UBEA")
        held.set()
        await team.slash("UBEA", "me")
        assert ["Bea"] == names(team)
        assert 2 == count(team, "users.info")

    day.play(act)


def test_a_limit_on_names_is_kept(day: Day) -> None:
    """While Slack wants no questions about people none is asked."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.fail("users.info", RateLimited(30))
        for user in ("UBEA", "UCLEO"):
            await team.press(user, daily, first(daily))
        assert (2, ["bea.k", "cleo.k"]) == (team.stored, names(team))
        asked = count(team, "users.info")
        team.wait(seconds=31)
        for user in ("UBEA", "UCLEO"):
            await team.slash(user, "me")
        assert (["Bea", "Cleo"], 2) == (names(team), count(team, "users.info") - asked)

    day.play(act)


def test_a_name_is_only_a_name(day: Day) -> None:
    """A display name full of markup mentions nobody wherever it is shown."""

    async def act(team: SlackTeam, daily: Message) -> None:
        team.slack.users["UBEA"].display_name = "<!channel> *b* `c` <@UADA> & \u202e\n# h"
        await team.answer("UBEA", daily)
        await team.slash("UBEA", "leaderboard")
        assert "<!channel> *b*" in team.reads("UBEA")

    day.play(act)
