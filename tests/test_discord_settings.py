"""How Discord is reached: what is read, and what is refused in which words."""

from pathlib import Path

import pytest

from adapters.discord_settings import API_URL, DiscordSettings
from bot.errors import SettingError

TOKEN = f"{'M' * 24}.GaBcDe.{'x_-' * 10}"


def read(**env: str) -> DiscordSettings | None:
    """The settings of an environment."""
    return DiscordSettings.from_env(env)


def refused(**env: str) -> str:
    """Why settings cannot be used."""
    with pytest.raises(SettingError) as caught:
        read(**env)
    return str(caught.value)


def test_without_a_token_there_is_no_discord() -> None:
    """Whatever else is set."""
    assert read() is None
    assert read(DISCORD_TOKEN="  ", DISCORD_GUILD="nonsense") is None  # noqa: S106  # blanks


def test_a_token_is_enough() -> None:
    """Everything else has a default."""
    expected = DiscordSettings(token=TOKEN, guild=0, api_url=API_URL, gateway_url="")
    assert expected == read(DISCORD_TOKEN=TOKEN)


def test_everything_is_read() -> None:
    """Blanks around it and slashes at the end cut off, and the word Bot too."""
    found = read(
        DISCORD_TOKEN=f" Bot {TOKEN} ",
        DISCORD_GUILD=" 123456789012345678 ",
        DISCORD_API_URL="http://localhost:8080/api/v10/",
        DISCORD_GATEWAY_URL="ws://localhost:8081/",
    )
    assert (
        DiscordSettings(
            token=TOKEN,
            guild=123456789012345678,
            api_url="http://localhost:8080/api/v10",
            gateway_url="ws://localhost:8081",
        )
        == found
    )


@pytest.mark.parametrize(
    "token",
    [
        "a" * 32,
        "f" * 64,
        "xoxb-1-2-3",
        "mfa.short.x",
        "a.b",
        f"{TOKEN}.more",
        "password with blanks",
    ],
)
def test_what_is_no_token_is_not_repeated(token: str) -> None:
    """It may be a secret all the same: the client's, or somebody's password."""
    said = refused(DISCORD_TOKEN=token)
    assert said.startswith("DISCORD_TOKEN is no bot token")
    assert token not in said


@pytest.mark.parametrize("guild", ["my server", "12", "-1", "1e18", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨", "1" * 30])
def test_what_is_no_servers_id_is_named(guild: str) -> None:
    """With where to find one."""
    said = refused(DISCORD_TOKEN=TOKEN, DISCORD_GUILD=guild)
    assert said.startswith(f"DISCORD_GUILD is {guild!r}")
    assert said.endswith("Example: DISCORD_GUILD=123456789012345678")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DISCORD_API_URL", "discord.com/api"),
        ("DISCORD_API_URL", "ws://discord.com"),
        ("DISCORD_API_URL", "https://"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg"),
        ("DISCORD_GATEWAY_URL", "wss://a b"),
    ],
)
def test_what_is_no_address_is_named(name: str, url: str) -> None:
    """With one that is."""
    said = refused(**{"DISCORD_TOKEN": TOKEN, name: url})
    assert said.startswith(f"{name} is {url!r}")
    example = said.rpartition(f"{name}=")[2]
    assert read(**{"DISCORD_TOKEN": TOKEN, name: example}) is not None


def test_a_token_can_stand_in_a_file(tmp_path: Path) -> None:
    """With a line break at its end; in both places it is refused, and never repeated."""
    file = tmp_path / "token"
    file.write_text(f"Bot {TOKEN}\n", encoding="utf-8")
    assert DiscordSettings(token=TOKEN) == read(DISCORD_TOKEN_FILE=str(file))
    said = refused(DISCORD_TOKEN_FILE=str(file), DISCORD_TOKEN=TOKEN)
    assert "both set" in said
    assert TOKEN not in said


@pytest.mark.parametrize("name", ["DISCORD_GUILD", "DISCORD_API_URL", "DISCORD_GATEWAY_URL"])
def test_a_token_in_the_wrong_setting_is_not_repeated(name: str) -> None:
    """The setting is named all the same."""
    said = refused(**{"DISCORD_TOKEN": TOKEN, name: TOKEN})
    assert name in said
    assert TOKEN not in said


def test_a_token_of_other_letters_is_refused() -> None:
    """Letters that look alike are no token of Discord's."""
    assert refused(DISCORD_TOKEN=f"{chr(0x41C) * 24}.GaBcDe.{'x_-' * 10}")


def test_printed_settings_hide_the_token() -> None:
    """What is printed may end in a log."""
    token = "".join(("MTE" * 8, ".", "abcdef", ".", "x" * 38))
    settings = DiscordSettings(token=token)
    assert "MTE" not in f"{settings} {settings!r} {[settings]}"
