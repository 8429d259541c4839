"""`numpy-bot doctor` on Slack: what is wrong, each on a line that says how to mend it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from socket import create_server

import pytest
from click.testing import Result

from adapters.slack_doctor import REINSTALL, Finding, findings
from adapters.slack_manifest import scopes
from adapters.slack_settings import SlackSettings
from adapters.wiring import open_database
from bot.config import Settings
from bot.store.places import Scheduled
from tests.running import doctor
from tests.slack_calls import RateLimited
from tests.slack_server import SlackServer
from tests.slack_team import SlackTeam

HERE = Scheduled("T1", "C1")
WELL: list[Finding] = [
    (True, "Slack: @numpy in Test, SLACK_BOT_TOKEN works"),
    (True, "Slack: all scopes are there"),
    (True, "Slack: by Socket Mode, SLACK_APP_TOKEN works"),
    (True, "Slack: the bot is in C1, which has a daily"),
]


def look(
    change: Callable[[SlackServer], object] = lambda _: None,
    scheduled: tuple[Scheduled, ...] = (HERE,),
    **settings: str,
) -> list[Finding]:
    """What is found in a workspace after a change; nothing is left open."""

    async def act() -> list[Finding]:
        async with SlackServer() as slack:
            slack.add_channel("C1", "UADA")
            change(slack)
            usual = {"bot_token": "xoxb-1-test", "app_token": "xapp-1-test"}
            wanted = {**usual, "api_url": slack.api_url, **settings}
            found = await findings(SlackSettings(**wanted), scheduled)  # type: ignore[arg-type]  # all are texts
            assert [] == slack.problems
            assert all(line.startswith("Slack") for _, line in found)
            assert [] == [line for _, line in found for token in usual.values() if token in line]
            return found

    return asyncio.run(act())


def test_all_is_well() -> None:
    """Both tokens, the scopes, and the channel with a daily."""
    assert WELL == look()
    assert WELL[:3] == look(scheduled=())


def test_a_wrong_bot_token_is_all_there_is_to_say() -> None:
    """Nothing else can be looked at with it."""
    ((good, line),) = look(bot_token="xoxb-666-wrong")  # noqa: S106  # of a Slack that is not real
    assert not good
    assert "SLACK_BOT_TOKEN (invalid_auth)" in line
    assert "OAuth & Permissions" in line
    assert "666" not in line


def test_a_wrong_app_token_is_found() -> None:
    """The rest is looked at all the same."""
    found = look(app_token="xapp-666-wrong")  # noqa: S106  # the same
    assert WELL[:2] + WELL[3:] == found[:2] + found[3:]
    good, line = found[2]
    assert not good
    assert "SLACK_APP_TOKEN (invalid_auth)" in line
    assert "connections:write" in line
    assert "666" not in line


@pytest.mark.parametrize("missing", [{"files:write"}, {"commands", "groups:history"}])
def test_each_missing_scope_has_a_line(missing: set[str]) -> None:
    """It is named, with what to do."""
    found = look(lambda slack: slack.scopes.difference_update(missing))
    lines = [(False, f"Slack: the scope {one} is missing. {REINSTALL}") for one in sorted(missing)]
    can_look = "groups:history" not in missing
    assert [WELL[0], *lines, WELL[2], *(WELL[3:] if can_look else [])] == found


def test_without_any_scope_all_are_missing() -> None:
    """Then nobody can look at a channel, which says nothing about it."""
    found = look(lambda slack: slack.scopes.clear())
    bad = [line for good, line in found if not good]
    assert len(scopes()) == len(bad)
    assert not any("C1" in line for _, line in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bot": False}, "/invite"),
        ({"bot": False, "private": True}, "no such channel"),
    ],
)
def test_a_channel_without_the_bot_is_found(change: dict[str, bool], said: str) -> None:
    """Its daily could not be posted; the others are looked at."""
    found = look(
        lambda slack: slack.add_channel("C2", "UADA", **change),
        (Scheduled("T1", "C2"), HERE),
    )
    assert WELL == found[:3] + found[4:]
    good, line = found[3]
    assert not good
    assert line.startswith("Slack: the daily of C2 cannot be posted: ")
    assert said in line
    assert ".." not in line


def test_a_channel_of_another_workspace_is_found() -> None:
    """The database belongs to another token, and Slack is not asked about that channel."""
    found = look(scheduled=(Scheduled("T2", "C9"), HERE))
    good, line = found[3]
    assert not good
    assert "C9 belongs to the workspace T2, but SLACK_BOT_TOKEN to T1" in line
    assert WELL[3] == found[4]


def test_many_channels_are_looked_at_as_fast_as_slack_allows() -> None:
    """A limit is waited for, and no channel is called faulty for it."""
    found = look(lambda slack: slack.fail("conversations.history", RateLimited(0)))
    assert WELL == found


def test_a_channel_that_could_not_be_looked_at_is_no_verdict() -> None:
    """Trouble on Slack's side is told as that."""
    found = look(lambda slack: slack.fail("conversations.history", "fatal_error"))
    assert WELL[:3] == found[:3]
    assert (False, True) == (found[3][0], "C1 could not be looked at" in found[3][1])


def test_by_http_it_says_where_it_listens() -> None:
    """Whether the secret is right cannot be tried from here."""
    found = look(app_token="", signing_secret="s3cret", host="::1")  # noqa: S106  # the same
    assert WELL[:2] + WELL[3:] == found[:2] + found[3:]
    good, line = found[2]
    assert good
    assert "by HTTP" in line
    assert "SLACK_SIGNING_SECRET" in line
    assert "s3cret" not in line


def closed_port() -> str:
    """An address at which nobody listens."""
    with create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/api/"


def test_nobody_there_is_told() -> None:
    """The line says that there is no connection, not what the bot would do about it."""
    ((good, line),) = look(api_url=closed_port())
    assert not good
    assert "no connection to Slack" in line
    assert "asked to wait" not in line


def test_the_command_looks_at_the_channels_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bot is running: status 0 where all is well, 1 where a channel is not."""
    monkeypatch.chdir(tmp_path)

    async def act() -> tuple[Result, Result]:
        async with SlackTeam(tmp_path) as team:
            await team.tick()
            await team.slash("UADA", "schedule 09:00 UTC daily")
            env = {
                "SLACK_BOT_TOKEN": team.slack.bot_token,
                "SLACK_APP_TOKEN": team.slack.app_token,
                "SLACK_API_URL": team.slack.api_url,
            }
            well = await asyncio.to_thread(doctor, tmp_path / "bot.db", **env)
            team.channel.bot = False
            ill = await asyncio.to_thread(doctor, tmp_path / "bot.db", **env)
            return well, ill

    well, ill = asyncio.run(act())
    assert [f"✓ {line}" for _, line in WELL] == well.output.splitlines()[-4:]
    assert [] == [line for line in well.output.splitlines() if line[:1] == "✗" and "Slack" in line]
    assert "✗ Slack: the daily of C1 cannot be posted" in ill.output
    assert (1, "") == (ill.exit_code, ill.stderr)
    if "✗ SQLite" not in well.output:
        assert 0 == well.exit_code


def test_the_command_finds_that_slack_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, status 1, no traceback, and no database is made."""
    monkeypatch.chdir(tmp_path)
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": closed_port()}
    result = doctor(tmp_path / "bot.db", **env)
    assert 1 == result.exit_code
    assert 1 == result.output.count("✗ Slack: ")
    assert "xoxb-1" not in result.output
    assert [] == list(tmp_path.iterdir())


def test_the_command_finds_a_wrong_setting_of_slack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a finding, after everything else was looked at."""
    monkeypatch.chdir(tmp_path)
    open_database(Settings(), tmp_path / "bot.db").close()
    result = doctor(tmp_path / "bot.db", SLACK_BOT_TOKEN="xapp-1-A")  # noqa: S106  # the same
    assert 1 == result.exit_code
    assert "✗ SLACK_BOT_TOKEN starts with xapp-" in result.output
    assert "✓ Bank: " in result.output
    assert "neither SLACK_BOT_TOKEN nor DISCORD_TOKEN is set" in doctor(tmp_path / "bot.db").output
