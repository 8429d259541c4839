"""Presses and commands that no client of Discord's sends, and names that reach out."""

import pytest

from bot.app import UNKNOWN_POST
from bot.cards import guide
from bot.quiz import answer
from tests.discord_people import Edit
from tests.discord_places import PUBLIC_THREAD, Channel
from tests.discord_schema import Json
from tests.discord_state import Message
from tests.discord_team import DiscordTeam, Server, title
from tests.discord_trouble import DiscordDay, first, said
from tests.fakes import shown
from tests.slack_trouble import UNKNOWN_CHOICE
from tests.trouble import put

REACHING = ("@everyone <@1> **x** [a](http://b) ||z||", "```@here</a:1><t:0>")


def pressing(button: str) -> Edit:
    """Let the first button of the last row be another one, as if a message showed it."""

    def edit(payload: Json) -> None:
        payload["data"]["custom_id"] = button
        payload["message"]["components"][0]["components"][-1]["components"][0]["custom_id"] = button

    return edit


@pytest.mark.parametrize(
    "button",
    [
        *("answer:pick:999:0:", "answer:pick:x:0:", "answer:pick:1:99:", "answer:pick:1:-1:"),
        *("form:answer:999:", "card:explain:999"),
    ],
)
def test_a_press_on_what_is_not_there(discord_day: DiscordDay, button: str) -> None:
    """A short private sentence, nothing changed."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea = team.server.user("Bea")
        await team.does(team.discord.press(bea, daily, first(daily), edit=pressing(button)))
        (note,) = team.discord.private(bea)
        assert 0 == team.stored
        assert button[:14] == "answer:pick:1:" or shown(UNKNOWN_POST) == said(note)

    discord_day.play(act)


@pytest.mark.parametrize(
    "button", ["x", "card:old:1", "replace:gone", "answer:", "form:", "a" * 100]
)
def test_a_button_that_we_do_not_know_any_more(discord_day: DiscordDay, button: str) -> None:
    """It says so, whatever its id is."""

    async def act(team: DiscordTeam, _: Message) -> None:
        await team.command("Bea", "daily")
        shows = team.reads("Bea")

        await team.does(
            team.discord.press(team.server.user("Bea"), shows, first(shows), edit=pressing(button))
        )
        assert shown(guide.UNKNOWN_BUTTON) == said(team.reads("Bea"))

    discord_day.play(act)


def test_another_servers_question_is_unknown(discord_day: DiscordDay) -> None:
    """Its buttons, carried over to a message elsewhere, answer nothing."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        other = Server(team.discord)
        team.discord.join(other.guild)
        (card,) = await team.discord.until(lambda: team.discord.messages(other.channel))
        zoe, button = other.user("Bea"), first(daily)

        await team.does(team.discord.press(zoe, card, "Try one", edit=pressing(button)))
        assert shown(UNKNOWN_POST) == said(team.discord.private(zoe)[-1])
        assert 0 == team.stored

    discord_day.play(act)


@pytest.mark.parametrize(
    ("button", "says"),
    [
        ("answer:pick:1:99:", UNKNOWN_CHOICE),
        ("answer:pick:1:-1:", UNKNOWN_POST),
        ("card:explain:1", answer.ANSWER_FIRST),
        ("card:report:1", answer.ANSWER_FIRST),
        ("replace:answer:1", answer.ANSWER_FIRST),
        ("replace:reveal:1", answer.ANSWER_FIRST),
        ("form:points:1:", answer.ANSWER_FIRST),
    ],
)
def test_a_made_up_button_tells_nothing_of_the_question(
    discord_day: DiscordDay, button: str, says: str
) -> None:
    """Its presser reads why, and the question stays as it is."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        bea, before = team.server.user("Bea"), daily.text
        await team.does(team.discord.press(bea, daily, first(daily), edit=pressing(button)))
        assert [shown(says)] == [said(note) for note in team.discord.private(bea)]
        assert (0, before) == (team.stored, daily.text)

    discord_day.play(act)


def test_another_channels_question_is_answered_there(discord_day: DiscordDay) -> None:
    """Its buttons, carried over within the server, answer nothing."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        other = team.discord.add_channel(team.server.guild, "other")
        team.discord.emit("CHANNEL_CREATE", other.body(), team.server.guild)
        await team.command("Ada", "schedule", {"time": "10:00", "days": "daily"}, other)
        team.wait(hours=1)
        await team.tick()
        bea, there = team.server.user("Bea"), team.discord.messages(other)[-1]
        edit = pressing(first(daily))
        await team.does(team.discord.press(bea, there, first(there), edit=edit))
        assert shown(answer.ELSEWHERE) == said(team.reads("Bea"))
        assert 0 == team.stored

    discord_day.play(act)


@pytest.mark.parametrize("board", ["channel", "none"])
def test_a_press_in_a_thread_or_alone(discord_day: DiscordDay, board: str) -> None:
    """A thread belongs to its channel; what is answered alone is on no board."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        place = where = team.discord.dm(team.server.user("Bea"))
        if board == "channel":
            place, guild = team.channel, team.server.guild
            where = Channel(daily.id, "talk", PUBLIC_THREAD, guild, place)
            team.discord.channels[where.id] = where
        await team.command("Bea", "quiz", {}, where)
        asks = team.reads("Bea")
        await team.press("Bea", asks, first(asks))
        assert "Next" in asks.buttons
        assert [(str(place.id), board)] == team.rows(
            "SELECT platform_id, board FROM answers JOIN channels ON channels.id = channel_id"
        )

    discord_day.play(act)


def test_names_reach_out_to_nobody(discord_day: DiscordDay) -> None:
    """Neither on a shared board nor where a daily closes, whatever somebody calls themselves."""

    async def act(team: DiscordTeam, daily: Message) -> None:
        team.server.user("Bea").global_name, nick = REACHING
        team.discord.add_member(team.server.guild, team.server.user("Cleo"), nick=nick)
        for name in ("Ada", "Bea", "Cleo", "Dan", "Eve"):
            await team.answer(name, daily)
        await team.command("Dan", "leaderboard")
        await team.press("Dan", team.reads("Dan"), "Share")
        board = team.discord.messages(team.channel)[-1].text
        team.wait(hours=24)
        await team.tick()
        assert (2, 1) == (board.count("```"), board.count("@here"))
        assert [True] * 2 == [name in daily.text.replace("\\", "") for name in REACHING]

    discord_day.play(act)


def test_a_command_that_has_changed_is_answered(discord_day: DiscordDay) -> None:
    """A client that shows an older tree gets the help."""

    async def act(team: DiscordTeam, _: Message) -> None:
        bea = team.server.user("Bea")
        for edit in (
            put("live", "data", "options", 0, "name"),
            put([{"name": "gone", "type": 3, "value": "x"}], "data", "options", 0, "options"),
        ):
            await team.does(team.discord.command(bea, team.channel, "quiz", edit=edit))
        titles = [title(one) for one in team.discord.private(bea)]
        assert guide.NAME == titles[0]
        assert 2 == len(titles)

    discord_day.play(act)


@pytest.mark.parametrize(
    ("edit", "begins"),
    [
        (put("numpi", "data", "name"), guide.NAME),
        (put([], "data", "options"), guide.NAME),
        (put("x" * 6000, "data", "options", 0, "options", 0, "value"), "`" + "x" * 40),
        (put([{"name": "level", "type": 3, "value": "?"}], "data", "options", 0, "options"), "`?"),
        (put([{"name": "count", "type": 4, "value": 10**9}], "data", "options", 0, "options"), "A"),
    ],
)
def test_a_command_that_no_client_sends_is_answered(
    discord_day: DiscordDay, edit: Edit, begins: str
) -> None:
    """In a sentence, or with the help."""

    async def act(team: DiscordTeam, _: Message) -> None:
        bea, topic = team.server.user("Bea"), {"topic": "indexing"}
        await team.does(team.discord.command(bea, team.channel, "quiz", topic, edit=edit))
        (note,) = team.discord.private(bea)
        assert title(note).startswith(begins)

    discord_day.play(act)
