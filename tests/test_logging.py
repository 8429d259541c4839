"""What is logged holds no secret and nothing of what libraries send and receive."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.wiring import LIBRARIES, redacted, start_logging
from bot.config import LOG_FORMATS, LOG_LEVELS, Settings
from bot.errors import Unsure
from tests.fakes import World
from tests.slack_team import SlackTeam
from tests.small_bank import small_bank

SECRETS = {
    "a bot's token": ("xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy", "xoxb"),
    "a member's token": ("xoxp-23984754863-2348975623103-abcDEF", "2348975623103"),
    "an app-level token": ("xapp-1-A02ABC-312345-9fe8dc7b", "A02ABC"),
    "a token that is renewed": ("xoxe.xoxp-1-Mi0yLTQ1Nj", "Mi0yLTQ1Nj"),
    "a bot's token that is renewed": ("xoxe.xoxb-1-Mi0yLTQ1Nj", "Mi0yLTQ1Nj"),
    "what renews a token": ("xoxe-1-My0xLTQ1Nj", "My0xLTQ1Nj"),
    "a socket's ticket": ("wss://wss-primary.slack.com/link/?ticket=4c-9f_e2&app_id=1", "4c-9f_e2"),
    "a reply's address": ("https://hooks.slack.com/commands/T1/229/abCD", "229/abCD"),
    "a Discord bot's token": (f"{'M' * 24}.GaBcDe.{'x_-' * 10}", "GaBcDe"),
    "a webhook's address": ("https://discord.com/api/v10/webhooks/123/aW50-ab_c", "aW50-ab_c"),
    "an interaction's address": ("/interactions/123/aW50-ab_c/callback", "aW50-ab_c"),
    "a trigger's address": ("https://hooks.slack.com/actions/T1/229/abCD", "229/abCD"),
}

log = logging.getLogger("bot.something")


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """The process's log is taken; the other tests get it back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARIES}
    yield
    root.handlers[:] = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def started(form: str, level: str = "info") -> None:
    """Log to stderr in a form."""
    start_logging(Settings(log_format=form, log_level=level))


def lines(err: str) -> list[dict[str, str]]:
    """The JSON lines that were logged."""
    return [json.loads(line) for line in err.splitlines()]


@pytest.mark.parametrize("form", LOG_FORMATS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_message_holds_no_secret(
    name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever stands around it on its line, what is secret of it is not written."""
    secret, kept_back = SECRETS[name]
    started(form)
    for frame in ("with {} in it", '"{} "', "'{} '", "( {} )", "a token={} ", "Bearer {} "):
        log.warning("it failed: %s", frame.format(secret))
        err = capsys.readouterr().err
        assert "it failed: " in err
        assert "…" in err
        assert kept_back not in err
        if form == "json":
            assert ["level"] == [key for line in lines(err) for key in line if key == "level"]


@pytest.mark.parametrize("form", LOG_FORMATS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_at_the_start_of_a_line_is_not_written(
    name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON writes the line's end as two characters, of which the second is a letter."""
    secret, kept_back = SECRETS[name]
    started(form)
    log.warning("it failed:\n%s \n\t%s \n", secret, secret)
    assert kept_back not in capsys.readouterr().err


@pytest.mark.parametrize("name", SECRETS)
def test_a_line_stays_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A secret that ends a message, or stands in quotes, takes nothing of the line with it."""
    secret, kept_back = SECRETS[name]
    started("json")
    for frame in ("{}", "at {}", '"{}"', "'{}'", "({}), once more"):
        try:
            raise OSError(frame.format(secret))  # noqa: TRY301  # to have a traceback
        except OSError:
            log.exception("it failed: %s", frame.format(secret))
        err = capsys.readouterr().err
        assert kept_back not in err
        (line,) = lines(err)
        assert ["at", "level", "logger", "message", "error"] == [*line]
        assert "Traceback (most recent call last):" == line["error"].splitlines()[0]


@pytest.mark.parametrize("form", LOG_FORMATS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_traceback_holds_no_secret(
    name: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither an error's text nor its cause's, and the traceback is there."""
    secret, kept_back = SECRETS[name]
    started(form)
    try:
        try:
            raise OSError(f"no answer from {secret} so far")  # noqa: TRY301  # a cause
        except OSError as error:
            raise ValueError(f"no answer from {secret} , sorry") from error
    except ValueError:
        log.exception("a call to %s failed", secret)
    err = capsys.readouterr().err
    assert kept_back not in err
    assert "Traceback (most recent call last)" in err
    assert "OSError: no answer from " in err
    assert "ValueError: no answer from " in err


def test_an_address_of_govslack_works_like_a_token_too() -> None:
    """SLACK_API_URL may name GovSlack, whose addresses have their own host."""
    said = redacted("no answer from https://hooks.slack-gov.com/commands/T1/229/abCD so far")
    assert "229/abCD" not in said


@pytest.mark.parametrize(
    "harmless",
    [
        *("Slack: @numpy in Team (Socket Mode)", "a ticket to ride", "xoxo", "fox-trot"),
        *("boxapp-1", "channel C1: no daily", "x-request-id", "ticket = none"),
    ],
)
def test_other_words_stay(harmless: str) -> None:
    """What only looks like a secret from afar is logged as it is."""
    assert harmless == redacted(harmless)


def test_an_address_keeps_its_host() -> None:
    """Whoever reads the log learns where it went wrong."""
    said = redacted("wss://wss-primary.slack.com/link/?ticket=4c9f&app_id=ab")
    assert "wss://wss-primary.slack.com/link/?ticket=…&app_id=ab" == said
    assert "https://hooks.slack.com/…" == redacted("https://hooks.slack.com/services/T/B/x")


@pytest.mark.parametrize("level", LOG_LEVELS)
def test_libraries_are_quiet_at_every_level(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Below a warning they log nothing, even where we ourselves log everything."""
    started("text", level)
    for name in LIBRARIES:
        for logger in (name, f"{name}.below"):
            logging.getLogger(logger).info("sent: what a member typed")
            assert not logging.getLogger(logger).isEnabledFor(logging.INFO)
            assert logging.getLogger(logger).isEnabledFor(logging.ERROR)
    assert "" == capsys.readouterr().err
    logging.getLogger("bot").log(logging.getLevelNamesMapping()[level.upper()], "ours")
    assert "ours" in capsys.readouterr().err


@pytest.mark.parametrize("form", LOG_FORMATS)
def test_what_members_type_is_not_logged(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At level debug, with Bolt and its SDK at work, no word and no token of theirs appears."""

    async def act() -> None:
        async with SlackTeam(tmp_path) as team:
            await team.tick()
            await team.slash("UADA", "learn zebrafish")
            await team.does(team.slack.mention("UBEA", "C1", "quiz zebrafish"))

    started(form, "debug")
    asyncio.run(act())
    err = capsys.readouterr().err
    assert "Slack: @numpy in Test (Socket Mode)" in err
    for never in ("zebrafish", "xoxb-", "xapp-", "ticket0", "UADA"):
        assert never not in err
    if form == "json":
        assert {"adapters"} == {line["logger"].split(".")[0] for line in lines(err)}


def test_a_question_is_followed_through_its_whole_life_by_its_post(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From its planning to its explanation, and what managers do to it: one number finds all."""
    started("json")
    with World(tmp_path, bank=small_bank()) as world:
        world.schedule()
        world.relay.can_look = False
        world.relay.failures += [Unsure("lost")]
        world.wait(hours=1)
        world.tick()
        world.wait(seconds=2)
        world.tick()  # nobody can look
        world.say("Ada", "schedule repost")
        world.tick()
        daily = world.daily_of()
        world.answer("Bea", daily)
        world.press("Bea", f"card:report:{daily.id}")
        world.wait(days=1)
        world.tick()
    found = [
        (line.get("step"), line["message"].rpartition(": ")[2])
        for line in lines(capsys.readouterr().err)
        if line.get("post") == daily.id  # type: ignore[comparison-overlap]  # a number
    ]
    assert [
        (None, "post 1 is planned"),
        ("question", "lost"),
        ("question", "sent, but nobody can see whether it arrived"),
        (None, "post 1 is posted again"),
        ("question", "posted"),
        (None, "post 1 is reported"),
        (None, "post 1 is closed"),
        ("close", "posted"),
        ("explain", "posted"),
    ] == found
