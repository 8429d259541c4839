"""What all tests share."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from tests import slack_team
from tests.discord_trouble import DiscordDay
from tests.fakes import World
from tests.slack_trouble import Day

# A shared machine can make any single example slow; how fast we are is measured in tests/bench.
settings.register_profile("default", deadline=None)
# Whether a change is taken must not hang on chance; new examples are found at people's desks.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """A game that was interrupted ignores Ctrl-C to its end; the tests after it do not."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The bot with an empty database, on a Monday morning."""
    with World(tmp_path) as world:
        yield world


@pytest.fixture
def play(tmp_path: Path) -> slack_team.Play:
    """Play with a team on the loopback Slack."""
    return partial(slack_team.play, tmp_path)


@pytest.fixture
def day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Day:
    """A day that must end without errors."""
    return Day(tmp_path, caplog)


@pytest.fixture
def discord_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> DiscordDay:
    """The same on Discord."""
    return DiscordDay(tmp_path, caplog)


@pytest.fixture
def due(world: World) -> World:
    """The bot with a daily that is due on its one platform."""
    world.schedule()
    world.wait(hours=1)
    return world
