"""How the bot reaches Slack: each wrong setting is named, and no token is ever repeated."""

from pathlib import Path

import pytest

from adapters.slack_settings import API_URL, SlackSettings
from bot.errors import SettingError

BOT = "xoxb-17653672481-bot-Xy7"
APP = "xapp-1-A0123-app-Zq9"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"

SOCKET = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
HTTP = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING}
BOTH = {**SOCKET, **HTTP}


def read(**env: str) -> SlackSettings:
    """The settings of an environment in which there is a Slack."""
    found = SlackSettings.from_env(env)
    assert found is not None
    return found


def refusal(**env: str) -> str:
    """Why an environment cannot be used; no secret of ours stands in it."""
    with pytest.raises(SettingError) as caught:
        SlackSettings.from_env(env)
    said = str(caught.value)
    for secret in (BOT, APP, SIGNING):
        assert secret not in said
        assert secret[-8:] not in said
    assert caught.value.__cause__ is None or BOT not in repr(caught.value.__cause__)
    return said


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "  ", "SLACK_SIGNING_SECRET": "\t\n"},
        {"SLACK_BOT_TOKEN_FILE": " "},
        {"SLACK_LISTEN": "nonsense", "SLACK_API_URL": "nonsense"},
        {"OTHER_TOKEN": BOT},
    ],
)
def test_without_tokens_there_is_no_slack(env: dict[str, str]) -> None:
    """Nothing set, or only blanks, is no mistake; what only matters with a token is not read."""
    assert SlackSettings.from_env(env) is None


def test_an_app_token_means_socket_mode() -> None:
    """Both tokens are all that Socket Mode needs; the rest has its default."""
    assert SlackSettings(bot_token=BOT, app_token=APP) == read(**SOCKET)
    assert "" == read(**SOCKET).signing_secret
    assert API_URL == read(**SOCKET).api_url


def test_a_signing_secret_means_http() -> None:
    """Without an app-level token it listens on the loopback address."""
    assert SlackSettings(bot_token=BOT, signing_secret=SIGNING) == read(**HTTP)
    assert ("", "127.0.0.1", 3000) == (
        read(**HTTP).app_token,
        read(**HTTP).host,
        read(**HTTP).port,
    )


def test_both_ways_in_mean_socket_mode() -> None:
    """An app-level token decides, and the signing secret is kept."""
    both = read(**BOTH)
    assert (APP, SIGNING) == (both.app_token, both.signing_secret)


def test_a_bot_token_alone_says_what_is_missing() -> None:
    """Both ways in are named."""
    said = refusal(SLACK_BOT_TOKEN=BOT)
    for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "Socket Mode", "HTTP"):
        assert name in said


@pytest.mark.parametrize(
    ("name", "value"), [("SLACK_APP_TOKEN", APP), ("SLACK_SIGNING_SECRET", SIGNING)]
)
def test_a_way_in_without_a_bot_token_says_where_it_stands(name: str, value: str) -> None:
    """Whoever set one of them wanted Slack: the missing token is named, and its page."""
    said = refusal(**{name: value})
    assert said.startswith(f"{name} is set, but SLACK_BOT_TOKEN is not.")
    assert "xoxb-" in said
    assert "OAuth & Permissions" in said


def test_swapped_tokens_are_named() -> None:
    """The first of the two says which kind stands there and which belongs there."""
    said = refusal(SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert said.startswith("SLACK_BOT_TOKEN starts with xapp-. It has to start with xoxb-")


@pytest.mark.parametrize(
    ("name", "value", "found", "page"),
    [
        ("SLACK_BOT_TOKEN", f"xoxp-{BOT[5:]}", "starts with xoxp-", "OAuth & Permissions"),
        ("SLACK_BOT_TOKEN", f"xoxe.xoxb-{BOT[5:]}", "is none of", "OAuth & Permissions"),
        ("SLACK_BOT_TOKEN", SIGNING, "is none of Slack's tokens", "OAuth & Permissions"),
        ("SLACK_BOT_TOKEN", f'"{BOT}"', "is none of Slack's tokens", "OAuth & Permissions"),
        ("SLACK_BOT_TOKEN", f"Bearer {BOT}", "is none of", "OAuth & Permissions"),
        ("SLACK_APP_TOKEN", BOT, "starts with xoxb-", "Basic Information"),
        ("SLACK_APP_TOKEN", SIGNING, "is none of Slack's tokens", "Basic Information"),
    ],
)
def test_a_wrong_token_is_told_by_its_start(name: str, value: str, found: str, page: str) -> None:
    """Its setting, what kind it is, what belongs there and where that stands; never the token."""
    said = refusal(**{**SOCKET, name: value})
    assert said.startswith(f"{name} {found}")
    assert "It has to start with x" in said
    assert page in said


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_a_secret_can_stand_in_a_file(name: str, tmp_path: Path) -> None:
    """NAME_FILE names a file whose content is the secret, without the line's end."""
    env = {**BOTH}
    file = tmp_path / "secret"
    file.write_text(f"{env.pop(name)}\n", encoding="utf-8")
    assert read(**BOTH) == read(**env, **{f"{name}_FILE": str(file)})


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_a_file_that_cannot_be_used_is_named(name: str, tmp_path: Path) -> None:
    """A missing file, and a secret that is given twice."""
    env = {**BOTH}
    twice = refusal(**env, **{f"{name}_FILE": str(tmp_path / "secret")})
    assert f"{name} and {name}_FILE are both set. Keep one of them." == twice
    del env[name]
    missing = refusal(**env, **{f"{name}_FILE": str(tmp_path / "secret")})
    assert missing.startswith(f"{name}_FILE names {tmp_path / 'secret'}")


def test_a_wrong_token_in_a_file_is_not_repeated(tmp_path: Path) -> None:
    """It is judged as one in the environment is."""
    file = tmp_path / "secret"
    file.write_text(APP, encoding="utf-8")
    said = refusal(SLACK_BOT_TOKEN_FILE=str(file), SLACK_APP_TOKEN=APP)
    assert said.startswith("SLACK_BOT_TOKEN starts with xapp-.")


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("localhost:1", "localhost", 1),
        ("bot.internal:65535", "bot.internal", 65535),
        ("[::1]:3000", "::1", 3000),
        ("[2001:db8::7]:443", "2001:db8::7", 443),
        (":3000", "0.0.0.0", 3000),  # noqa: S104  # as asked for
        (" 10.0.0.7:03000 ", "10.0.0.7", 3000),
        ("", "127.0.0.1", 3000),
        ("  ", "127.0.0.1", 3000),
    ],
)
def test_the_address_to_listen_on(listen: str, host: str, port: int) -> None:
    """A host and a port, an IPv6 address in brackets, or a port on every address."""
    found = read(**HTTP, SLACK_LISTEN=listen)
    assert (host, port) == (found.host, found.port)


@pytest.mark.parametrize(
    "listen",
    [
        *("3000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:65536"),
        *("127.0.0.1:-1", "127.0.0.1:123456", "::1:3000", "::1", "[::1]", "[::1]:", "[host]:3000"),
        *("[]:3000", "[::1:3000", "my host:3000", "http://localhost:3000", "a:3000/path", "a:b:1"),
    ],
)
@pytest.mark.parametrize("way", [SOCKET, HTTP])
def test_an_address_that_is_none_is_named(way: dict[str, str], listen: str) -> None:
    """It is repeated, as it is no secret, with an example."""
    said = refusal(**way, SLACK_LISTEN=listen)
    assert said.startswith(f"SLACK_LISTEN is {listen!r}")
    assert "Example: SLACK_LISTEN=127.0.0.1:3000" in said


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("", API_URL),
        ("  ", API_URL),
        ("https://slack.com/api", "https://slack.com/api/"),
        (" https://slack-gov.com/api/ ", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:8000/api//", "http://127.0.0.1:8000/api/"),
        ("https://proxy.example.com", "https://proxy.example.com/"),
    ],
)
def test_the_api_s_address_ends_with_one_slash(url: str, used: str) -> None:
    """Methods are joined to it."""
    assert used == read(**SOCKET, SLACK_API_URL=url).api_url


@pytest.mark.parametrize(
    "url", ["slack.com/api", "ftp://slack.com/api/", "https://", "https:///api", "https://a b/"]
)
def test_an_api_address_that_is_none_is_named(url: str) -> None:
    """It is repeated, with an example."""
    said = refusal(**SOCKET, SLACK_API_URL=url)
    assert said.startswith(f"SLACK_API_URL is {url!r}")
    assert f"Example: SLACK_API_URL={API_URL}" in said


def test_printed_settings_hide_the_secrets() -> None:
    """What is printed may end in a log."""
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
    settings = SlackSettings.from_env(
        dict(zip(names, ("xoxb-1", "xapp-2", "0f" * 16), strict=True))
    )
    printed = f"{settings} {settings!r} {[settings]}"
    assert [] == [secret for secret in ("xoxb", "xapp", "0f0f") if secret in printed]
