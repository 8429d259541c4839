"""`numpy-bot run`: every platform that has tokens, until the process is told to stop."""

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic

from adapters import INTERRUPTED
from adapters.clocks import SystemClock
from adapters.discord_settings import DiscordSettings
from adapters.environment import environment
from adapters.slack_settings import SlackSettings
from adapters.wiring import load_settings, make_desk, open_database, start_logging
from bot.app import Bot
from bot.clock import Clock
from bot.config import Settings
from bot.errors import SettingError
from bot.keeper import Keeper
from bot.live import LiveCount, relay_edit
from bot.ports import Connection, Relay
from bot.quiz.desk import Desk
from bot.sandbox.sandbox import NEEDS
from bot.service import Service
from bot.store.database import Database

log = logging.getLogger(__name__)

SAME_SIGNAL = 1.0
"""Seconds in which a signal that comes again is the same one."""

LAST_COUNTS = 1.0
"""Seconds for the last counts; with `FINISHING` and `DRAINING` a clean end takes less than five."""

AFTER_THE_START = 1.0
"""Seconds after which the process that runs answers in code is started."""

LOOKED_AFTER = 60.0
"""Seconds between two looks at it."""

NOTHING_TO_RUN = (
    "There is no platform to run: neither SLACK_BOT_TOKEN nor DISCORD_TOKEN is set. The README "
    "tells step by step how to get one. Without any token: numpy-bot play"
)


def serve(db: Path | None) -> None:
    """Run until SIGTERM or Ctrl-C; raises SettingError where there is nothing to run."""
    settings = load_settings()
    env = environment(Path())
    slack, discord = SlackSettings.from_env(env), DiscordSettings.from_env(env)
    if slack is None and discord is None:
        raise SettingError(NOTHING_TO_RUN)
    start_logging(settings)
    with open_database(settings, db) as database:
        asyncio.run(_serve(settings, database, slack, discord))


async def _serve(
    settings: Settings,
    database: Database,
    slack: SlackSettings | None,
    discord: DiscordSettings | None,
) -> None:
    stop, clock = _told_to_stop(), SystemClock()
    relays: dict[str, Relay] = {}
    desk = make_desk(settings, database, relays)
    live = LiveCount(relay_edit(desk), sleep=asyncio.sleep, clock=monotonic)
    desk.counter = live
    connections: dict[str, Connection] = {}
    if slack is not None:
        _slack(slack, desk, clock, relays, connections)
    if discord is not None:
        _discord(discord, desk, clock, relays, connections)
    owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
    warming = asyncio.create_task(_warm_up(desk))
    opening = asyncio.create_task(_open_sandbox(desk))
    folder = settings.backups_of(database.path)
    keeper = Keeper(database.path, folder, settings.backups_kept, clock.now)
    keeping = asyncio.create_task(keeper.run(stop))
    service = Service(desk, owner, clock, connections)
    try:
        async with _watched(settings, desk, service, clock):
            await service.run(stop)
    finally:
        stop.set()
        await keeping
        await warming
        opening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await opening
        desk.sandbox.close()
        with contextlib.suppress(TimeoutError):  # the next start shows them
            async with asyncio.timeout(LAST_COUNTS):
                await live.close()
        for connection in connections.values():
            await connection.close()
        log.info("stopped")


@asynccontextmanager
async def _watched(
    settings: Settings, desk: Desk, service: Service, clock: Clock
) -> AsyncIterator[None]:
    """Tell how the service is where the operator wants to know it."""
    if settings.health is None:
        yield
        return
    from adapters.health import Health  # noqa: PLC0415  # only where it is used

    async with Health(desk, service, clock).served(settings.health):
        log.info("health at http://%s:%d/healthz", *settings.health)
        yield


def _slack(
    settings: SlackSettings,
    desk: Desk,
    clock: Clock,
    relays: dict[str, Relay],
    connections: dict[str, Connection],
) -> None:
    """Put Slack's relay and connection beside the others'."""
    from adapters.slack_app import PLATFORM, SlackApp  # noqa: PLC0415  # only where it is used
    from adapters.slack_client import SlackClient  # noqa: PLC0415  # the same
    from adapters.slack_people import SlackPeople  # noqa: PLC0415  # the same
    from adapters.slack_relay import SlackRelay  # noqa: PLC0415  # the same

    client = SlackClient(settings, partial(desk.tally.error, PLATFORM))
    people = SlackPeople(client, monotonic)
    relays[PLATFORM] = SlackRelay(client, people, monotonic)
    bot = Bot(desk, greets=frozenset({PLATFORM}))
    connections[PLATFORM] = SlackApp(client, people, bot, clock=clock.now, timer=monotonic)


def _discord(
    settings: DiscordSettings,
    desk: Desk,
    clock: Clock,
    relays: dict[str, Relay],
    connections: dict[str, Connection],
) -> None:
    """Put Discord's relay and connection beside the others'."""
    from adapters.discord_api import DiscordLink  # noqa: PLC0415  # only where it is used
    from adapters.discord_app import DiscordApp  # noqa: PLC0415  # the same
    from adapters.discord_people import PLATFORM, DiscordPeople  # noqa: PLC0415  # the same
    from adapters.discord_relay import DiscordRelay  # noqa: PLC0415  # the same

    link = DiscordLink(settings, partial(desk.tally.error, PLATFORM))
    people = DiscordPeople(link, monotonic)
    relay = relays[PLATFORM] = DiscordRelay(link, people, monotonic)
    connections[PLATFORM] = DiscordApp(
        link, people, relay, Bot(desk), clock=clock.now, timer=monotonic
    )


def _told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C; another Ctrl-C later ends the process where it stands."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    first = 0.0

    def told(name: int) -> None:
        nonlocal first
        # Many a supervisor sends one signal to the process and to its group.
        if stop.is_set() and name == signal.SIGINT and monotonic() - first > SAME_SIGNAL:
            os._exit(INTERRUPTED)
        first = first or monotonic()
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(name, lambda number, _: loop.call_soon_threadsafe(told, number))
        else:
            loop.add_signal_handler(name, told, name)
    return stop


async def _open_sandbox(desk: Desk) -> None:
    """Have the process that runs answers in code prove itself, once what is due is on its way.

    Where it has worked once it is looked after: one that died is started anew.
    """
    await asyncio.sleep(AFTER_THE_START)
    while True:
        well = desk.runs_code
        await desk.sandbox.open(quick=True)
        if desk.sandbox.why_not and (well or not desk.sandbox.proved):
            log.warning(
                "answers in code cannot be run, so questions in code are not picked: %s. %s",
                desk.sandbox.why_not,
                NEEDS,
            )
        if not desk.sandbox.proved:
            return
        await asyncio.sleep(LOOKED_AFTER)


async def _warm_up(desk: Desk) -> None:
    """Read the bank and load the grader before the first member waits for them."""
    try:
        await desk.bank()
        await asyncio.to_thread(importlib.import_module, "bot.grading")
        gc.freeze()  # what stays for ever need not be looked through again and again
    except Exception:
        log.exception("the bank could not be read ahead; the first question tries again")
