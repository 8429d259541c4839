"""The loopback Discord itself: late and second responses, permissions, unknown routes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from tests.discord_filling import NotThere
from tests.discord_places import READ_MESSAGE_HISTORY, SEND_MESSAGES, VIEW_CHANNEL
from tests.discord_server import DiscordServer
from tests.discord_team import Server
from tests.test_discord_rules import box, message, row, text
from tests.test_discord_rules import button as button_of

Act = Callable[[DiscordServer, Server, "Api"], Awaitable[None]]


class Api:
    """The bot's calls, by hand."""

    def __init__(self, discord: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.discord, self.session = discord, session

    async def __call__(
        self, method: str, path: str, body: object = None, *, token: str = ""
    ) -> tuple[int, Any]:
        """A call; gives its status and what was told."""
        headers = {"Authorization": f"Bot {token or self.discord.token}"}
        url = self.discord.api_url + path
        async with self.session.request(method, url, json=body, headers=headers) as reply:
            told = await reply.json() if reply.content_type == "application/json" else None
            return reply.status, told


def serving(act: Act) -> list[str]:
    """What Discord had to object to."""

    async def whole() -> list[str]:
        async with DiscordServer() as discord, aiohttp.ClientSession() as session:
            await act(discord, Server(discord), Api(discord, session))
            return discord.problems

    return asyncio.run(whole())


def code(told: tuple[int, Any]) -> tuple[int, int]:
    """The status, and Discord's code."""
    return told[0], told[1]["code"]


GOOD = message(box(text()))


def test_what_is_not_asked_rightly() -> None:
    """A wrong token, an unknown route, a body that is refused."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        assert 401 == (await api("GET", "/users/@me", token="x"))[0]  # noqa: S106  # a wrong one
        assert 404 == (await api("GET", "/nowhere"))[0]
        path = f"/channels/{server.channel.id}/messages"
        assert (400, 50035) == code(await api("POST", path, message(box(text("@here")))))
        assert [] == discord.messages(server.channel)

    route, ping = serving(act)
    assert "unknown route /nowhere" == route
    assert "live mention: @here" in ping


@pytest.mark.parametrize(
    ("bits", "expected"), [(VIEW_CHANNEL, (403, 50001)), (SEND_MESSAGES, (403, 50013))]
)
def test_permissions_are_enforced(bits: int, expected: tuple[int, int]) -> None:
    """As roles and the channel give and take them."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        server.channel.overwrites[server.guild.id] = (0, bits)
        path = f"/channels/{server.channel.id}/messages"
        assert expected == code(await api("POST", path, GOOD))
        server.channel.overwrites[discord.bot.id] = (bits, 0)
        assert 200 == (await api("POST", path, GOOD))[0]

    assert [] == serving(act)


def test_without_history_a_channel_looks_empty() -> None:
    """Discord does not say that it is not allowed."""

    async def act(_: DiscordServer, server: Server, api: Api) -> None:
        path = f"/channels/{server.channel.id}/messages"
        await api("POST", path, GOOD)
        assert 1 == len((await api("GET", path))[1])
        server.channel.overwrites[server.guild.id] = (0, READ_MESSAGE_HISTORY)
        assert (200, []) == await api("GET", path)

    assert [] == serving(act)


def test_a_nonce_keeps_a_message_single() -> None:
    """For minutes; then the same one makes another message."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        path = f"/channels/{server.channel.id}/messages"
        body = {**GOOD, "nonce": "npb-1-question", "enforce_nonce": True}
        first, second = [(await api("POST", path, body))[1]["id"] for _ in range(2)]
        assert first == second
        before = discord.now
        discord.now = lambda: before() + 600
        assert first != (await api("POST", path, body))[1]["id"]

    assert [] == serving(act)


async def _pressed(discord: DiscordServer, server: Server, age: float = 0) -> tuple[str, str]:
    """A press that nobody hears, and the paths of its first response and its follow-ups."""
    shows = discord.store(server.channel, discord.bot, message(box(row(button_of()))))
    discord.sessions.clear()
    act = discord.press(server.user("Bea"), shows, "A", age=age, may_be_late=True)
    pressing = asyncio.create_task(act)
    await asyncio.sleep(0)
    (found,) = discord.interactions.values()
    pressing.cancel()
    discord.problems.clear()  # nobody listens in this test
    return (
        f"/interactions/{found.id}/{found.token}/callback",
        f"/webhooks/{discord.bot.id}/{found.token}",
    )


def test_a_first_response_is_the_only_one() -> None:
    """A second is refused, and a problem."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        respond, follow = await _pressed(discord, server)
        assert 404 == (await api("POST", follow, GOOD))[0]
        assert 204 == (await api("POST", respond, {"type": 6}))[0]
        assert (400, 40060) == code(await api("POST", respond, {"type": 6}))

    early, second = serving(act)
    assert early.startswith("before any response")
    assert second.startswith("a second response")


def test_a_first_response_has_three_seconds() -> None:
    """Then the interaction is unknown."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        respond, _ = await _pressed(discord, server, age=3.1)
        assert (404, 10062) == code(await api("POST", respond, {"type": 6}))

    assert [] == serving(act)


def test_follow_ups_have_a_quarter_of_an_hour() -> None:
    """Then the token is worth nothing."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        respond, follow = await _pressed(discord, server)
        await api("POST", respond, {"type": 6})
        assert 204 == (await api("POST", follow, GOOD))[0]
        discord.pass_time(901)
        assert (401, 50027) == code(await api("POST", follow, GOOD))

    assert [] == serving(act)


def test_a_deferral_is_edited_before_anything_follows() -> None:
    """A follow-up would take its place."""

    async def act(discord: DiscordServer, server: Server, api: Api) -> None:
        respond, follow = await _pressed(discord, server)
        await api("POST", respond, {"type": 5, "data": {"flags": 64}})
        await api("POST", follow, GOOD)

    (problem,) = serving(act)
    assert problem.startswith("a follow-up instead of an edit")


def test_people_can_only_do_what_is_there() -> None:
    """No button, message, option or choice that Discord's client does not show."""

    async def act(discord: DiscordServer, server: Server, _: Api) -> None:
        bea, cleo = server.user("Bea"), server.user("Cleo")
        shows = discord.store(server.channel, discord.bot, GOOD)
        hidden = discord.store(server.channel, discord.bot, GOOD, private_to=cleo)
        option: dict[str, object] = {"name": "level", "type": 3}
        option["choices"] = [{"name": "easy", "value": "easy"}]
        quiz = {"name": "quiz", "type": 1, "options": [option]}
        discord.commands[None] = [{"id": "1", "name": "numpy", "options": [quiz]}]
        for work in (
            discord.press(bea, shows, "A"),
            discord.press(bea, hidden, "A"),
            discord.command(bea, server.channel, "nothing"),
            discord.command(bea, server.channel, "quiz", {"topic": "x"}),
            discord.command(bea, server.channel, "quiz", {"level": "harder"}),
            discord.command(bea, server.channel, "quiz", {"level": 1}),
            discord.complete(bea, server.channel, "quiz", "level", "e"),
        ):
            with pytest.raises(NotThere):
                await work

    assert [] == serving(act)
