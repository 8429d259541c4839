"""The bot in a process of its own on the loopback Discord, next to a bare discord.py bot."""

import asyncio
import contextlib
import random
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from statistics import quantiles
from time import monotonic

from content.schema import TOPICS
from tests.bench.result import Result, against
from tests.discord_calls import Call
from tests.discord_places import Channel, User
from tests.discord_server import DiscordServer
from tests.discord_state import Message
from tests.discord_team import title
from tests.running import inherited
from tests.slack_server import SlackServer
from tests.slack_team import furnish

TURNS = 300
CROWD = 200
SECONDS = 5.0
PATIENCE = 30.0
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOWUP = "POST /webhooks/{webhook_id}/{webhook_token}"


class Place(DiscordServer):
    """A server of Discord's with a channel and many people, the first of whom owns it."""

    def people(self, count: int) -> tuple[Channel, list[User]]:
        """So many people and their channel."""
        users = [self.add_user(f"user{number}") for number in range(count)]
        guild = self.add_guild("Bench", *users)
        guild.owner_id = users[0].id
        return self.add_channel(guild, "numpy"), users


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a bot needs, and no settings of this machine's."""
    (folder / "shift").write_text("0", encoding="utf-8")
    return {
        **inherited(),
        "NUMPY_BOT_DB": str(folder / "bot.db"),
        "NUMPY_BOT_LOG_LEVEL": "error",
        "SHIFT": str(folder / "shift"),
        **more,
    }


def at(discord: DiscordServer) -> dict[str, str]:
    """Where this Discord is."""
    return {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}


@contextlib.asynccontextmanager
async def process(env: dict[str, str], *module: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        found = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module,
            env=environment(Path(folder), **env),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield found
        finally:
            if found.returncode is None:
                found.send_signal(signal.SIGTERM)
            await found.wait()


@contextlib.asynccontextmanager
async def playing(discord: DiscordServer) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, connected, with quick ticks."""
    async with process(at(discord), "tests.shifted", "run") as found:
        await discord.until(lambda: discord.connections, PATIENCE)
        yield found


def p95(seconds: Sequence[float]) -> float:
    """The time that only one in twenty takes longer than, in milliseconds."""
    return quantiles(seconds, n=20)[-1] * 1000


async def daily(discord: DiscordServer, channel: Channel, manager: User) -> Message:
    """A daily that is posted now."""
    await discord.command(manager, channel, "schedule", {"time": "09:00", "days": "daily"})
    saved = (await discord.until(lambda: discord.private(manager), PATIENCE))[-1]
    await discord.until(lambda: saved.buttons, PATIENCE)
    await discord.press(manager, saved, "Post the first one now")

    def found() -> list[Message]:
        return [one for one in discord.messages(channel) if title(one).startswith("Daily #")]

    return (await discord.until(found, PATIENCE))[0]


def choice(message: Message) -> str:
    """The id of the daily's first option."""
    return next(iter(message.buttons.values()))


async def followed(discord: DiscordServer, before: int) -> Call:
    """The first private reply after so many calls."""

    def found() -> list[Call]:
        return [one for one in discord.calls[before:] if one.route == FOLLOWUP and one.status]

    return (await discord.until(found, PATIENCE))[0]


async def latencies() -> list[Result]:
    """Command and press to first response, in turn with the bare bot; press to verdict."""
    async with Place() as ours, Place() as bare:
        channel, crowd = ours.people(TURNS)
        hall, others = bare.people(TURNS)
        pressed = bare.store(hall, bare.bot, {"components": [_row()]})
        async with playing(ours), process(at(bare), "tests.bench.bare_discord"):
            await bare.until(lambda: bare.connections, PATIENCE)
            question = await daily(ours, channel, crowd[0])
            commands: list[tuple[float, float]] = []
            presses: list[tuple[float, float]] = []
            verdicts: list[float] = []
            for user, other in zip(crowd, others, strict=True):
                mine = await ours.command(user, channel, "help")
                await ours.until(lambda one=mine: not one.interaction.original.loading)  # type: ignore[misc]  # it has one
                theirs = await bare.command(other, hall, "help")
                commands.append((mine.seconds or PATIENCE, theirs.seconds or PATIENCE))
            for user, other in zip(crowd, others, strict=True):
                before, begun = len(ours.calls), monotonic()
                mine = await ours.press(user, question, choice(question))
                verdicts.append((await followed(ours, before)).at - begun)
                theirs = await bare.press(other, pressed, "press")
                presses.append((mine.seconds or PATIENCE, theirs.seconds or PATIENCE))
        must_be_well(ours)
    found = [
        against(
            f"discord/{name}-response",
            p95([mine for mine, _ in pairs]),
            p95([theirs for _, theirs in pairs]),
            unit="ms p95",
            goal="ratio<=1.3",
        )
        for name, pairs in (("command", commands), ("press", presses))
    ]
    verdict = Result(
        name="discord/press-verdict", value=p95(verdicts), unit="ms p95", goal="value<40"
    )
    return [*found, verdict]


async def rush() -> list[Result]:
    """A crowd answers one daily within five seconds."""
    rng = random.Random(1)
    async with Place() as discord:
        channel, crowd = discord.people(CROWD)
        async with playing(discord) as bot:
            question = await daily(discord, channel, crowd[0])

            async def play(user: User) -> float:
                await asyncio.sleep(rng.random() * SECONDS)
                return (await discord.press(user, question, choice(question))).seconds or PATIENCE

            first = await asyncio.gather(*map(play, crowd))
            await discord.until(lambda: all(map(discord.private, crowd)), PATIENCE)
            bot.send_signal(signal.SIGTERM)
            await bot.wait()
        edits = discord.called("PATCH /channels/{channel_id}/messages/{message_id}")
        if f"{CROWD} answered" not in question.text:
            raise RuntimeError(f"the daily does not show {CROWD}: {question.text}")
        must_be_well(discord)
    return [
        Result(
            name="discord/rush-response", value=max(first) * 1000, unit="ms max", goal="value<1000"
        ),
        Result(name="discord/rush-edits", value=len(edits), unit="edits", goal="value<=10"),
    ]


async def memory() -> list[Result]:
    """Both platforms connected and the bank loaded, next to the dependencies imported."""
    async with Place() as discord, SlackServer() as slack:
        channel, (ada, *_) = discord.people(5)
        furnish(slack)
        env = at(discord) | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        async with process(env, "tests.shifted", "run") as ours:
            await discord.until(lambda: discord.connections, PATIENCE)
            await slack.wait_connected()
            for turn, topic in enumerate(TOPICS, 1):  # families among them, which need NumPy
                await discord.command(ada, channel, "quiz", {"topic": topic})
                await discord.until(lambda turn=turn: len(shown(discord, ada)) == turn, PATIENCE)  # type: ignore[misc]  # it takes it
            mine = resident(ours)
        must_be_well(discord)
    async with process({}, "tests.bench.all_imported") as bare:
        assert bare.stdout is not None
        await bare.stdout.readline()
        theirs = resident(bare)
    return [against("discord/memory", mine, theirs, unit="MiB", goal="ratio<=1.3")]


def shown(discord: DiscordServer, user: User) -> list[Message]:
    """What somebody was shown privately, and what it is about."""
    return [message for message in discord.private(user) if not message.loading]


def resident(process: asyncio.subprocess.Process) -> float:
    """The memory that a process holds, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def must_be_well(discord: DiscordServer) -> None:
    """A bot that is quick and wrong is not quick."""
    if discord.problems:
        raise RuntimeError(f"Discord objects: {discord.problems[:3]}")


def _row() -> dict[str, object]:
    button = {"type": 2, "style": 2, "custom_id": "press", "label": "Press"}
    return {"type": 1, "components": [button]}


BENCHMARKS = {
    "discord/latency": lambda: asyncio.run(latencies()),
    "discord/rush": lambda: asyncio.run(rush()),
    "discord/memory": lambda: asyncio.run(memory()),
}
