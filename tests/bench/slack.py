"""The bot in a process of its own on the loopback Slack, next to a bare Bolt app."""

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

from tests.bench.result import Result, against
from tests.running import inherited
from tests.slack_calls import Call
from tests.slack_forms import words
from tests.slack_server import SlackServer
from tests.slack_state import Ephemeral, Message
from tests.slack_team import buttons, title

CHANNEL = "C1"
TURNS = 300
CROWD = 200
SECONDS = 5.0
EDITS_A_MINUTE = 40
PATIENCE = 30.0


def environment(slack: SlackServer, folder: Path) -> dict[str, str]:
    """What a bot needs to reach its workspace, and no settings of this machine's."""
    (folder / "shift").write_text("0", encoding="utf-8")
    return {
        **inherited(),
        "NUMPY_BOT_DB": str(folder / "bot.db"),
        "NUMPY_BOT_LOG_LEVEL": "error",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "SHIFT": str(folder / "shift"),
    }


@contextlib.asynccontextmanager
async def process(slack: SlackServer, *module: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot that is connected, with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        found = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module,
            env=environment(slack, Path(folder)),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await slack.wait_connected()
            yield found
        finally:
            if found.returncode is None:
                found.send_signal(signal.SIGTERM)
            await found.wait()


def bare_process(slack: SlackServer) -> contextlib.AbstractAsyncContextManager[object]:
    """The bare Bolt app."""
    return process(slack, "tests.bench.bare_bolt")


def our_process(
    slack: SlackServer,
) -> contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """The bot, with quick ticks."""
    return process(slack, "tests.shifted", "run")


def members(count: int) -> list[str]:
    """So many people."""
    return [f"U{number:04}" for number in range(count)]


def p95(seconds: Sequence[float]) -> float:
    """The time that only one in twenty takes longer than, in milliseconds."""
    return quantiles(seconds, n=20)[-1] * 1000


async def daily(slack: SlackServer) -> Message:
    """A daily that is posted now."""
    await slack.slash("UADA", CHANNEL, "schedule 09:00 UTC daily")
    saved = await reply(slack, "UADA")
    await slack.press("UADA", saved, "Post the first one now")

    def found() -> list[Message]:
        messages = slack.channels[CHANNEL].messages
        return [one for one in messages if title(one.blocks).startswith("Daily #")]

    return (await slack.until(found, PATIENCE))[0]


async def reply(slack: SlackServer, user: str) -> Ephemeral:
    """What somebody is shown first."""
    return (await slack.until(lambda: slack.ephemerals_of(user), PATIENCE))[-1]


def choice(message: Message) -> str:
    """The id of the daily's first option."""
    return next(str(one["action_id"]) for one in buttons(message.blocks))


async def replied(slack: SlackServer, before: int) -> Call:
    """The first private reply after so many calls."""

    def found() -> list[Call]:
        return [one for one in slack.calls[before:] if one.method == "response_url"]

    return (await slack.until(found, PATIENCE))[0]


async def latencies() -> list[Result]:
    """Command and press to acknowledgement, in turn with the bare app; press to verdict."""
    crowd = members(TURNS)
    async with SlackServer() as ours, SlackServer() as bare:
        for slack in (ours, bare):
            slack.add_channel(CHANNEL, "UADA", *crowd)
        button = {"type": "button", "action_id": "press", "text": plain("Press")}
        block = {"type": "actions", "elements": [button]}
        message = bare.said(bare.channels[CHANNEL], {"text": "Press", "blocks": [block]})
        async with our_process(ours), bare_process(bare):
            question = await daily(ours)
            slashes: list[tuple[float, float]] = []
            presses: list[tuple[float, float]] = []
            verdicts: list[float] = []
            for user in crowd:
                before = len(ours.calls)
                mine = await ours.slash(user, CHANNEL, "help")
                await replied(ours, before)
                theirs = await bare.slash(user, CHANNEL, "help")
                slashes.append((mine.seconds or PATIENCE, theirs.seconds or PATIENCE))
            for user in crowd:
                before, begun = len(ours.calls), monotonic()
                mine = await ours.press(user, question, choice(question))
                verdicts.append((await replied(ours, before)).at - begun)
                theirs = await bare.press(user, message, "press")
                presses.append((mine.seconds or PATIENCE, theirs.seconds or PATIENCE))
        must_be_well(ours)
    found = [
        against(
            f"slack/{name}-ack",
            p95([mine for mine, _ in pairs]),
            p95([theirs for _, theirs in pairs]),
            unit="ms p95",
            goal="ratio<=1.3",
        )
        for name, pairs in (("command", slashes), ("press", presses))
    ]
    verdict = Result(
        name="slack/press-verdict", value=p95(verdicts), unit="ms p95", goal="value<60"
    )
    return [*found, verdict]


async def rush() -> list[Result]:
    """A crowd answers one daily within five seconds, under Slack's own rate limits."""
    crowd, rng = members(CROWD), random.Random(1)
    async with SlackServer() as slack:
        slack.add_channel(CHANNEL, "UADA", *crowd)
        slack.limits = {"chat.update": 50, "users.info": 100}
        async with our_process(slack) as bot:
            question = await daily(slack)

            async def play(user: str) -> float:
                await asyncio.sleep(rng.random() * SECONDS)
                return (await slack.press(user, question, choice(question))).seconds or PATIENCE

            acks = await asyncio.gather(*map(play, crowd))
            await slack.until(
                lambda: all(slack.ephemerals_of(user) for user in crowd), timeout=PATIENCE
            )
            bot.send_signal(signal.SIGTERM)
            await bot.wait()
        edits = [one.at for one in slack.calls if one.method == "chat.update"]
        busiest = max(sum(at <= one < at + 60 for one in edits) for at in edits)
        if f"{CROWD} answered" not in words(question.blocks):
            raise RuntimeError(f"the daily does not show {CROWD}: {words(question.blocks)}")
        must_be_well(slack)
    return [
        Result(name="slack/rush-ack", value=max(acks) * 1000, unit="ms max", goal="value<1000"),
        Result(
            name="slack/rush-edits",
            value=busiest,
            unit="edits/min",
            goal=f"value<={EDITS_A_MINUTE}",
        ),
    ]


def must_be_well(slack: SlackServer) -> None:
    """A bot that is quick and wrong is not quick."""
    if slack.problems:
        raise RuntimeError(f"Slack objects: {slack.problems[:3]}")


def plain(text: str) -> dict[str, str]:
    """A label."""
    return {"type": "plain_text", "text": text}


BENCHMARKS = {
    "slack/latency": lambda: asyncio.run(latencies()),
    "slack/rush": lambda: asyncio.run(rush()),
}
