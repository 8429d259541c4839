"""`numpy-bot run` as a process of its own, with Discord alone and with Slack beside it."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from tests.discord_server import DiscordServer
from tests.discord_state import Message
from tests.discord_team import NAMES, Server, title
from tests.fakes import MONDAY
from tests.running import PATIENCE, Running
from tests.slack_server import SlackServer
from tests.slack_team import CHANNEL, furnish
from tests.test_slack_process import dailies as slack_dailies
from tests.test_slack_process import everybody_answers as slack_answers

EARLY = MONDAY.replace(hour=8)
"""An hour before the first daily."""


class Bot(Running):
    """The process and its platforms."""

    def __init__(self, folder: Path, discord: DiscordServer, slack: SlackServer | None) -> None:
        super().__init__(folder, EARLY)
        self.discord, self.slack = discord, slack
        self.server = Server(discord)
        discord.now = self.seconds
        self.env = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
        if slack is not None:
            furnish(slack)
            slack.now = self.seconds
            self.env |= {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
            }

    async def connected(self) -> None:
        """Wait until every platform is reached."""
        await self.discord.until(lambda: self.discord.connections, PATIENCE)
        if self.slack is not None:
            await self.slack.wait_connected()

    @property
    def dailies(self) -> list[Message]:
        """The messages of dailies on Discord."""
        messages = self.discord.messages(self.server.channel)
        return [one for one in messages if title(one).startswith("Daily #")]

    async def until(self, predicate: Callable[[], object]) -> None:
        """Wait for something on Discord."""
        await self.discord.until(predicate, PATIENCE)


@contextlib.asynccontextmanager
async def running(folder: Path, *, slack: bool = False) -> AsyncIterator[Bot]:
    """The platforms and the bot on them, killed at the end if need be."""
    async with contextlib.AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        beside = await stack.enter_async_context(SlackServer()) if slack else None
        bot = Bot(folder, discord, beside)
        try:
            yield bot
        finally:
            await bot.over()


async def set_up(bot: Bot) -> None:
    """Ada sets the daily up by one press on the first card."""
    discord, ada = bot.discord, bot.server.user("Ada")
    await discord.command(ada, bot.server.channel, "daily")
    await bot.until(lambda: discord.private(ada) and discord.private(ada)[-1].buttons)
    await discord.press(ada, discord.private(ada)[-1], "Daily at 09:00")
    await bot.until(lambda: discord.messages(bot.server.channel))


async def everybody_answers(bot: Bot, daily: Message) -> None:
    """Each member presses another option, all at once, and reads a verdict."""
    discord = bot.discord
    picks = [one for one in daily.buttons.values() if one.startswith("answer:pick:")]
    users = [bot.server.user(name) for name in NAMES]
    before = {user.id: len(discord.private(user)) for user in users}
    await asyncio.gather(
        *(
            discord.press(user, daily, picks[number % len(picks)])
            for number, user in enumerate(users)
        )
    )
    await bot.until(lambda: all(len(discord.private(one)) > before[one.id] for one in users))
    for user in users:
        verdict = title(discord.private(user)[-1])
        assert verdict[2:].startswith(("Right · +", "Not quite"))
    await bot.until(lambda: "5 answered" in daily.text)


def test_two_dailies_on_both_platforms(tmp_path: Path) -> None:
    """From the first card to the closing on Slack and Discord, with a kill in between."""

    async def act() -> None:
        async with running(tmp_path, slack=True) as bot:
            discord, slack = bot.discord, bot.slack
            assert slack is not None
            await bot.start()
            await bot.connected()
            await set_up(bot)
            await slack.slash("UADA", CHANNEL, "schedule 09:00 UTC mon-fri")
            await slack.until(lambda: slack.channels[CHANNEL].messages, PATIENCE)

            bot.move_to(EARLY.replace(hour=9))
            await bot.until(lambda: bot.dailies)
            await slack.until(lambda: slack_dailies(slack), PATIENCE)
            first, slack_first = bot.dailies[0], slack_dailies(slack)[0]
            await everybody_answers(bot, first)
            await slack_answers(slack, slack_first)

            assert -signal.SIGKILL == await bot.end(signal.SIGKILL)
            bot.move_to(EARLY.replace(hour=11))  # the killed process's lease has run out
            await bot.start()
            await bot.connected()
            bea = bot.server.user("Bea")
            await discord.press(bea, first, "answer:pick:1:0:")
            await bot.until(lambda: "You have answered this one" in discord.private(bea)[-1].text)

            bot.move_to(EARLY.replace(day=3, hour=9))
            await bot.until(lambda: len(bot.dailies) == 2)
            await slack.until(lambda: len(slack_dailies(slack)) == 2, PATIENCE)
            assert "Daily #1 · closed" == title(first)
            assert "of 5 got it." in first.text
            second = bot.dailies[1]
            await everybody_answers(bot, second)
            await slack_answers(slack, slack_dailies(slack)[1])

            assert 0 == await bot.end(signal.SIGTERM)
            bot.move_to(EARLY.replace(day=4, hour=9))
            await bot.start()
            await bot.until(lambda: len(bot.dailies) == 3)
            await slack.until(lambda: len(slack_dailies(slack)) == 3, PATIENCE)
            assert "Daily #2 · closed" == title(second)
            await bot.until(lambda: discord.thread(first) and discord.thread(second))
            assert [1, 1] == [len(discord.thread(one)) for one in (first, second)]
            assert 0 == await bot.end(signal.SIGINT)
            assert [] == discord.problems
            assert [] == slack.problems
            assert "Traceback" not in bot.log
            assert discord.token not in bot.log
            assert 1 == len(discord.called("PUT /applications/{application_id}/commands"))

    asyncio.run(act())


def test_one_platform_goes_on_while_the_other_is_down(tmp_path: Path) -> None:
    """Discord posts and takes answers although Slack cannot be reached, and Slack comes back."""

    async def act() -> None:
        async with running(tmp_path, slack=True) as bot:
            slack = bot.slack
            assert slack is not None
            await bot.start()
            await bot.connected()
            await set_up(bot)
            await slack.slash("UADA", CHANNEL, "schedule 09:00 UTC mon-fri")
            await slack.until(lambda: slack.channels[CHANNEL].messages, PATIENCE)

            slack.down = True
            slack.drop_sockets()
            bot.move_to(EARLY.replace(hour=9))
            await bot.until(lambda: bot.dailies)
            await everybody_answers(bot, bot.dailies[0])
            assert [] == slack_dailies(slack)

            slack.down = False
            bot.move_to(EARLY.replace(hour=9, minute=30))
            await slack.until(lambda: slack_dailies(slack), PATIENCE)
            await slack_answers(slack, slack_dailies(slack)[0])

            bot.discord.revoked = True
            bot.discord.drop_sockets()
            bot.move_to(EARLY.replace(day=3, hour=9))
            await slack.until(lambda: len(slack_dailies(slack)) == 2, PATIENCE)
            assert 1 == len(bot.dailies)
            assert 0 == await bot.end(signal.SIGTERM)

    asyncio.run(act())


def test_a_refused_token_ends_the_process_with_a_sentence(tmp_path: Path) -> None:
    """Exit status 2, the setting's name and where to find the right one, and no token."""

    async def act() -> None:
        async with running(tmp_path) as bot:
            bot.env["DISCORD_TOKEN"] = f"{'x' * 24}.other1.{'y' * 30}"
            await bot.start()
            assert bot.process is not None
            assert 2 == await asyncio.wait_for(bot.process.wait(), PATIENCE)
            assert "Discord refuses DISCORD_TOKEN" in bot.log
            assert "Traceback" not in bot.log
            assert bot.env["DISCORD_TOKEN"] not in bot.log

    asyncio.run(act())
