"""The app that Slack installs: what it may do, its two variants, and how it is printed."""

import os
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from adapters import slack_manifest
from adapters.cli import main
from adapters.slack_settings import PATH
from bot.commands import COMMANDS
from bot.errors import SettingError
from tests.slack_methods import WebApi
from tests.slack_rules import Json, manifest_problems

URL = "https://bot.example.com"

SCOPES = [
    *("commands", "chat:write", "users:read", "app_mentions:read", "files:write"),
    *("channels:history", "groups:history"),
]


def by_http(address: str = URL) -> Json:
    """The manifest for HTTP, read back."""
    found: dict[str, Any] = yaml.safe_load(slack_manifest.for_http(address))
    return found


def run(*arguments: str) -> Result:
    """Run `numpy-bot slack manifest` in this process."""
    ours = {name: None for name in os.environ if name.startswith(("NUMPY_BOT_", "SLACK_"))}
    return CliRunner(env=ours).invoke(main, ("slack", "manifest", *arguments))


def test_the_scopes_are_these_and_no_others() -> None:
    """What the bot may do is what it needs, and what the loopback Slack was installed with."""
    manifest = slack_manifest.manifest()
    assert {"bot": SCOPES} == manifest["oauth_config"]["scopes"]
    assert frozenset(SCOPES) == slack_manifest.scopes()
    assert WebApi().scopes == slack_manifest.scopes()


@pytest.mark.parametrize("found", [slack_manifest.manifest(), by_http()], ids=["socket", "http"])
def test_slack_takes_both_variants(found: Json) -> None:
    """Slack's own schema, and the lengths that it enforces beside it."""
    shown = found["display_information"]
    assert 0 < len(shown["name"]) <= 35
    assert 0 < len(shown["description"]) <= 140
    assert ["/numpy"] == [one["command"] for one in found["features"]["slash_commands"]]
    problems = manifest_problems(found)
    if problems is None:
        pytest.skip("the published schema is not beside the checkout")
    assert [] == problems


def test_socket_mode_needs_no_address() -> None:
    """The manifest as it lies there has Socket Mode on and names no address anywhere."""
    assert slack_manifest.manifest()["settings"]["socket_mode_enabled"] is True
    assert "url" not in slack_manifest.text().replace("--url ADDRESS", "")


@pytest.mark.parametrize("address", [URL, f"{URL}/", f"{URL}{PATH}", f"{URL}{PATH}/"])
def test_http_names_the_address_in_all_three_places(address: str) -> None:
    """Commands, presses and events arrive at one path, and Socket Mode is off."""
    found = by_http(address)
    settings = found["settings"]
    assert [URL + PATH] * 3 == [
        found["features"]["slash_commands"][0]["url"],
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
    ]
    assert settings["socket_mode_enabled"] is False


def test_http_changes_nothing_else() -> None:
    """Without its addresses it is the manifest for Socket Mode."""
    found = by_http()
    del found["features"]["slash_commands"][0]["url"]
    del found["settings"]["interactivity"]["request_url"]
    del found["settings"]["event_subscriptions"]["request_url"]
    found["settings"]["socket_mode_enabled"] = True
    assert slack_manifest.manifest() == found


def test_a_path_of_a_proxy_stays() -> None:
    """The bot's own path comes below it."""
    found = by_http(f"{URL}/numpy")
    assert f"{URL}/numpy{PATH}" == found["settings"]["interactivity"]["request_url"]


def test_what_the_bot_listens_to_is_subscribed() -> None:
    """Mentions and homes are events, and presses are switched on."""
    settings = slack_manifest.manifest()["settings"]
    assert ["app_home_opened", "app_mention"] == settings["event_subscriptions"]["bot_events"]
    assert settings["interactivity"]["is_enabled"] is True
    assert slack_manifest.manifest()["features"]["app_home"]["home_tab_enabled"] is True


def test_the_hint_names_commands_that_exist() -> None:
    """What Slack shows beside /numpy is what can be typed there."""
    (command,) = slack_manifest.manifest()["features"]["slash_commands"]
    hinted = command["usage_hint"].split(" | ")
    assert [] == [word for word in hinted if word not in COMMANDS]
    assert [*COMMANDS] == hinted


def test_the_command_prints_the_file_as_it_is() -> None:
    """It can be pasted, comments included."""
    file = Path(slack_manifest.__file__).parent / "slack_manifest.yaml"
    result = run()
    assert (0, file.read_text("utf-8")) == (result.exit_code, result.output)


def test_the_command_prints_the_variant_for_http() -> None:
    """It can be pasted too."""
    result = run("--url", URL)
    assert (0, slack_manifest.for_http(URL)) == (result.exit_code, result.output)


@pytest.mark.parametrize(
    "address",
    [
        *("", "bot.example.com", "http://bot.example.com", "ftp://bot.example.com", "https://"),
        *("https:///slack", f"{URL}/?a=b", f"{URL}#x", "https://bot example.com", f"{URL}\t"),
        f"{URL}\nx",
    ],
)
def test_an_address_that_slack_would_not_take_is_a_sentence(address: str) -> None:
    """It is repeated with an example, and the exit code is 2."""
    with pytest.raises(SettingError, match=r"Example: --url https://bot\.example\.com"):
        slack_manifest.for_http(address)
    result = run("--url", address)
    assert (2, "") == (result.exit_code, result.stdout)
    assert "is no address that Slack takes" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_file_travels_in_the_wheel() -> None:
    """The wheel takes everything in these packages, and nothing of it is left out."""
    file = Path(__file__).parent.parent / "pyproject.toml"
    build = tomllib.loads(file.read_text("utf-8"))["tool"]["hatch"]["build"]
    assert {"targets": {"wheel": {"packages": ["bot", "adapters", "content"]}}} == build
    assert files("adapters").joinpath("slack_manifest.yaml").is_file()
