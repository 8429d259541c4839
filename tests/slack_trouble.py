"""What tests of bad days on Slack share: edits of payloads, and days that must end well."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.bank.bank import Bank
from tests import trouble
from tests.slack_forms import words
from tests.slack_people import Edit
from tests.slack_rules import Json
from tests.slack_state import Message
from tests.slack_team import SlackTeam, buttons

Act: TypeAlias = Callable[[SlackTeam, Message], Awaitable[None]]

UNKNOWN_CHOICE = "I do not know that choice: pick from the ones that are shown."
HUGE = "9" * 400
TICKS = "subtract-row-means"
"""A question that is answered in a form, with boxes to tick."""


class Day(trouble.Day[SlackTeam, Message]):
    """A day on Slack; `ping` is how often, in seconds, a broken socket is noticed."""

    def __init__(
        self, folder: Path, caplog: pytest.LogCaptureFixture, *, ping: float = 2.0
    ) -> None:
        super().__init__(folder, caplog)
        self.ping = ping

    def team(self, bank: Bank) -> SlackTeam:
        """A team on Slack."""
        return SlackTeam(self.folder, bank=bank, ping=self.ping)

    def problems(self, team: SlackTeam) -> list[str]:
        """What Slack objects to."""
        return team.slack.problems


def without(*names: str) -> Edit:
    """Leave fields of a payload out."""

    def edit(payload: Json) -> None:
        for name in names:
            del payload[name]

    return edit


def first(message: Message) -> str:
    """The id of a message's first button."""
    return str(next(iter(buttons(message.blocks)))["action_id"])


def window(team: SlackTeam, user: str) -> str:
    """What the window says that somebody looks at."""
    view = team.slack.top_view(user)
    assert view is not None
    return words(view.blocks)
