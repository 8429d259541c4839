"""Settings: what is read, what is refused, and that the papers list exactly those."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from adapters import discord_settings, slack_settings
from adapters.discord_settings import DiscordSettings
from adapters.slack_settings import SlackSettings
from bot import config
from bot.config import Settings, secret
from bot.errors import SettingError

ROOT = Path(__file__).parent.parent

SETTINGS = {**config.SETTINGS, **slack_settings.SETTINGS, **discord_settings.SETTINGS}
"""Every setting, the platforms' included."""

NAME = r"(?:NUMPY_BOT|SLACK|DISCORD)_[A-Z_]+"

TOKEN = f"{'a' * 24}.{'b' * 6}.{'c' * 30}"


class Environment(Mapping[str, str]):
    """An environment that remembers which names were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_, self.asked = dict(values), set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def example() -> dict[str, str]:
    """Give every line of `.env.example` with its # taken away."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(rf"^#({NAME})=(.+)$", text, re.MULTILINE))


def test_without_any_setting_there_are_defaults() -> None:
    """Nothing has to be set."""
    assert Settings() == Settings.from_env({})


def test_empty_settings_are_no_settings() -> None:
    """A name with nothing, or with blanks, behind it is as good as unset."""
    assert Settings() == Settings.from_env(dict.fromkeys(SETTINGS, " "))


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each value arrives, with blanks around it cut off."""
    env = {
        "NUMPY_BOT_DB": f" {tmp_path / 'bot.db'} ",
        "NUMPY_BOT_TIMEZONE": " Asia/Tokyo ",
        "NUMPY_BOT_MANAGERS": "U1, U2 ,,",
        "NUMPY_BOT_BACKUPS": f" {tmp_path / 'kept'} ",
        "NUMPY_BOT_BACKUPS_KEPT": " 30 ",
        "NUMPY_BOT_CONTENT": str(tmp_path),
        "NUMPY_BOT_HEALTH": " [::1]:9000 ",
        "NUMPY_BOT_LOG_LEVEL": "WARNING",
        "NUMPY_BOT_LOG_FORMAT": "json",
    }
    expected = Settings(
        database=tmp_path / "bot.db",
        timezone="Asia/Tokyo",
        managers=frozenset({"U1", "U2"}),
        backups=tmp_path / "kept",
        backups_kept=30,
        content=tmp_path,
        health=("::1", 9000),
        log_level="warning",
        log_format="json",
    )

    assert expected == Settings.from_env(env)


def test_without_a_host_it_listens_everywhere() -> None:
    """As `docker run` needs it."""
    assert ("0.0.0.0", 8080) == Settings.from_env({"NUMPY_BOT_HEALTH": ":8080"}).health  # noqa: S104


def test_a_path_may_begin_with_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home folder, as in a shell."""
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")

    assert Path("/home/ada/bot.db") == Settings.from_env({"NUMPY_BOT_DB": "~/bot.db"}).database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NUMPY_BOT_TIMEZONE", "Europe/Berln"),
        ("NUMPY_BOT_TIMEZONE", "../secrets"),
        ("NUMPY_BOT_TIMEZONE", "/etc/localtime"),
        ("NUMPY_BOT_BACKUPS_KEPT", "-1"),
        ("NUMPY_BOT_BACKUPS_KEPT", "²"),
        ("NUMPY_BOT_BACKUPS_KEPT", "a week"),
        ("NUMPY_BOT_CONTENT", "/no/such/folder"),
        ("NUMPY_BOT_CONTENT", __file__),
        ("NUMPY_BOT_HEALTH", "8080"),
        ("NUMPY_BOT_HEALTH", "localhost:0"),
        ("NUMPY_BOT_HEALTH", "localhost:99999"),
        ("NUMPY_BOT_HEALTH", "http://localhost:8080"),
        ("NUMPY_BOT_LOG_LEVEL", "loud"),
        ("NUMPY_BOT_LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_named_with_an_example(name: str, value: str) -> None:
    """The message says which setting, what stood there, and what could stand there."""
    with pytest.raises(SettingError) as caught:
        Settings.from_env({name: value})

    message = str(caught.value)
    assert message.startswith(f"{name} ")
    assert value in message
    assert f"Example: {name}=" in message


def test_the_examples_of_choices_can_be_used() -> None:
    """What a message offers as an example is accepted."""
    for name in ("NUMPY_BOT_TIMEZONE", "NUMPY_BOT_LOG_LEVEL", "NUMPY_BOT_LOG_FORMAT"):
        with pytest.raises(SettingError) as caught:
            Settings.from_env({name: "?"})
        offered = str(caught.value).rpartition(f"{name}=")[2]
        Settings.from_env({name: offered})


def test_a_secret_is_its_value_or_the_content_of_its_file(tmp_path: Path) -> None:
    """`NAME_FILE` names a file that holds the secret; blanks around it are cut off."""
    file = tmp_path / "token"
    file.write_text("from-file\n", encoding="utf-8")

    assert secret({}, "TOKEN") == ""
    assert secret({"TOKEN": " typed "}, "TOKEN") == "typed"
    assert secret({"TOKEN_FILE": str(file)}, "TOKEN") == "from-file"
    assert secret({"TOKEN": "typed", "TOKEN_FILE": ""}, "TOKEN") == "typed"


def test_a_secret_may_not_be_set_twice(tmp_path: Path) -> None:
    """Value and file together are a mistake, and neither is shown."""
    file = tmp_path / "token"
    file.write_text("from-file", encoding="utf-8")

    with pytest.raises(SettingError, match="TOKEN and TOKEN_FILE are both set") as caught:
        secret({"TOKEN": "typed", "TOKEN_FILE": str(file)}, "TOKEN")

    assert "typed" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A missing file, or one that is no text, is named with an example."""
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingError, match="Example: TOKEN_FILE=/run/secrets/token") as caught:
        secret({"TOKEN_FILE": str(file)}, "TOKEN")

    assert str(file) in str(caught.value)


def test_the_table_of_settings_is_what_is_read() -> None:
    """SETTINGS holds every name that is asked for, and no other."""
    env = Environment(
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DISCORD_TOKEN": TOKEN}
    )
    Settings.from_env(env)
    SlackSettings.from_env(env)
    DiscordSettings.from_env(env)

    assert set(SETTINGS) == {name for name in env.asked if not name.endswith("_FILE")}


def test_no_other_setting_is_named_in_the_code() -> None:
    """A name like NUMPY_BOT_SOMETHING, SLACK_… or DISCORD_… in our code is in the table."""
    named = {
        name
        for folder in ("bot", "adapters", "content")
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(rf"\b{NAME}\b", file.read_text(encoding="utf-8"))
    }

    assert set(SETTINGS) == named


def test_the_example_file_lists_every_setting_in_order() -> None:
    """`.env.example` has one line a setting, in the order of the table."""
    assert list(SETTINGS) == list(example())


def test_the_example_file_can_be_used(tmp_path: Path) -> None:
    """With every # taken away its values are accepted; only the folder must be there."""
    env = {**example(), "NUMPY_BOT_CONTENT": str(tmp_path)}
    Settings.from_env(env)
    assert SlackSettings.from_env(env) is not None
    assert DiscordSettings.from_env(env) is not None


def test_every_setting_is_commented_out_and_explained() -> None:
    """Copied as it is, the example changes nothing; above each setting stands what it is for."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    settings = [index for index, line in enumerate(lines) if re.match(rf"#{NAME}=", line)]

    assert all(line == "" or line.startswith("#") for line in lines)
    assert all(lines[index - 1].startswith("# ") for index in settings)


def test_the_readme_lists_every_setting_as_the_code_does() -> None:
    """The README's table has the names and meanings of SETTINGS, in its order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| `({NAME})` \| (.+?) \|$", text, re.MULTILINE)

    assert list(SETTINGS.items()) == rows
