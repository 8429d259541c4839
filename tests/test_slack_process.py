"""`numpy-bot run` as a process of its own, with a workspace on loopback."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import MONDAY
from tests.running import PATIENCE, Running
from tests.slack_forms import words
from tests.slack_server import SlackServer
from tests.slack_state import Message
from tests.slack_team import CHANNEL, MEMBERS, furnish, title
from tests.slack_team import buttons as buttons_of

EARLY = MONDAY.replace(hour=7)
"""An hour before nine o'clock in Berlin, where Ada lives."""


class Bot(Running):
    """The process and its workspace."""

    def __init__(self, folder: Path, slack: SlackServer, **env: str) -> None:
        super().__init__(folder, EARLY)
        self.slack = slack
        slack.now = self.seconds
        self.env = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            **env,
        }


@contextlib.asynccontextmanager
async def running(folder: Path, **env: str) -> AsyncIterator[Bot]:
    """A workspace and the bot in it, killed at the end if need be."""
    async with SlackServer() as slack:
        furnish(slack)
        bot = Bot(folder, slack, **env)
        try:
            yield bot
        finally:
            await bot.over()


def dailies(slack: SlackServer) -> list[Message]:
    """The messages of dailies, threads left out."""
    messages = [one for one in slack.channels[CHANNEL].messages if not one.thread_ts]
    return [one for one in messages if title(one.blocks).startswith("Daily #")]


def threads(slack: SlackServer) -> list[str | None]:
    """Where something was said in a thread."""
    return [one.thread_ts for one in slack.channels[CHANNEL].messages if one.thread_ts]


async def everybody_answers(slack: SlackServer, daily: Message) -> None:
    """Each of the five members presses another option, all at once, and reads a verdict."""
    ids = [one["action_id"] for one in buttons_of(daily.blocks)]
    picks = [ident for ident in ids if ident.startswith("answer:pick:")]
    before = {user: len(slack.ephemerals_of(user)) for user in MEMBERS}
    await asyncio.gather(
        *(
            slack.press(user, daily, picks[number % len(picks)])
            for number, user in enumerate(MEMBERS)
        )
    )
    await slack.until(
        lambda: all(len(slack.ephemerals_of(user)) > before[user] for user in MEMBERS), PATIENCE
    )
    for user in MEMBERS:
        verdict = title(slack.ephemerals_of(user)[-1].blocks)
        assert verdict[2:].startswith(("Right · +", "Not quite"))
    await slack.until(lambda: "5 answered" in words(daily.blocks), PATIENCE)


def test_two_dailies_from_the_first_card_to_their_closing(tmp_path: Path) -> None:
    """Five members, a kill in between, buttons that outlive it, and a clean end."""

    async def act() -> None:
        async with running(tmp_path) as bot:
            slack = bot.slack
            await bot.start()
            await slack.wait_connected()
            await slack.slash("UADA", CHANNEL)
            card = await slack.until(lambda: slack.channels[CHANNEL].messages[-1:], PATIENCE)
            await slack.press("UADA", card[0], "Daily at 09:00")
            await slack.until(lambda: len(slack.channels[CHANNEL].messages) == 2, PATIENCE)

            bot.move_to(EARLY.replace(hour=8))
            await slack.until(lambda: dailies(slack), PATIENCE)
            first = dailies(slack)[0]
            await everybody_answers(slack, first)

            assert -signal.SIGKILL == await bot.end(signal.SIGKILL)
            bot.move_to(EARLY.replace(hour=10))  # the killed process's lease has run out
            await bot.start()
            await slack.wait_connected()
            await slack.press("UBEA", first, "answer:pick:1:0:")
            await slack.until(
                lambda: "You have answered this one" in slack.ephemerals_of("UBEA")[-1].text,
                PATIENCE,
            )

            bot.move_to(EARLY.replace(day=3, hour=8))
            await slack.until(lambda: len(dailies(slack)) == 2, PATIENCE)
            assert "Daily #1 · closed" == title(first.blocks)
            assert "of 5 got it." in words(first.blocks)
            second = dailies(slack)[1]
            await everybody_answers(slack, second)

            assert 0 == await bot.end(signal.SIGTERM)
            bot.move_to(EARLY.replace(day=4, hour=8))
            await bot.start()
            await slack.until(lambda: len(dailies(slack)) == 3, PATIENCE)
            assert "Daily #2 · closed" == title(second.blocks)
            assert sorted([first.ts, second.ts]) == sorted(map(str, threads(slack)))
            assert 0 == await bot.end(signal.SIGINT)
            assert [] == slack.problems
            assert "Traceback" not in bot.log
            assert slack.bot_token not in bot.log

    asyncio.run(act())


def test_by_http(tmp_path: Path) -> None:
    """Without an app-level token the process listens, and takes only what Slack signed."""

    async def act() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        http = {"SLACK_APP_TOKEN": "", "SLACK_LISTEN": f"127.0.0.1:{port}"}
        async with running(tmp_path, **http) as bot:
            slack = bot.slack
            bot.env["SLACK_SIGNING_SECRET"] = slack.signing_secret
            slack.http_url = f"http://127.0.0.1:{port}/slack/events"
            await bot.start()
            await slack.next_call("auth.test", PATIENCE)
            await listening(port)
            await slack.slash("UBEA", CHANNEL, "quiz")
            await slack.until(lambda: slack.ephemerals_of("UBEA"), PATIENCE)
            slack.forge = "signature"
            assert 401 == (await slack.slash("UBEA", CHANNEL, "quiz")).status
            assert 1 == len(slack.ephemerals_of("UBEA"))
            assert 0 == await bot.end(signal.SIGTERM)
            assert [] == slack.problems

    asyncio.run(act())


async def listening(port: int) -> None:
    """Wait until somebody answers at a port."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                await writer.wait_closed()
                return


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-another"}, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-another"}, "Slack refuses SLACK_APP_TOKEN (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xoxb-swapped"}, "SLACK_APP_TOKEN starts with xoxb-"),
    ],
)
def test_a_wrong_token_ends_the_process_with_a_sentence(
    tmp_path: Path, env: dict[str, str], said: str
) -> None:
    """Exit status 2, the setting's name and where to find the right one, and no token."""

    async def act() -> None:
        async with running(tmp_path, **env) as bot:
            await bot.start()
            assert bot.process is not None
            assert 2 == await asyncio.wait_for(bot.process.wait(), PATIENCE)
            assert said in bot.log
            assert "Traceback" not in bot.log
            assert next(iter(env.values())) not in bot.log

    asyncio.run(act())
