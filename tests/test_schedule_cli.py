"""`numpy-bot schedule preview`."""

import json

import pytest
from click.testing import CliRunner, Result

from adapters.schedule_cli import schedule


def run(line: str, zone: str | None = None) -> Result:
    """The result of `schedule preview` and these words, where the settings name `zone` or none."""
    runner = CliRunner(env={"NUMPY_BOT_TIMEZONE": zone})
    return runner.invoke(schedule, ["preview", *line.split()])


def test_json_lines_through_the_clock_change() -> None:
    """Thirty lines, weekdays only, with the Monday after spring-forward at its new offset."""
    words = "--time 00:30 --zone America/New_York --days mon-fri --from 2026-03-01 --count 30"
    result = run(f"{words} --json")
    lines = result.stdout.splitlines()

    assert (0, 30) == (result.exit_code, len(lines))
    assert '{"date":"2026-03-02","utc":"2026-03-02T05:30:00Z"}' == lines[0]
    assert '{"date":"2026-03-09","utc":"2026-03-09T04:30:00Z"}' in lines
    assert "2026-04-10" == json.loads(lines[-1])["date"]


def test_the_table_says_where_the_clocks_skip_the_time() -> None:
    """Without --json a table shows local times and marks the one that had to move."""
    result = run("--time 02:30 --zone berlin --days daily --from 2026-03-28 --count 3")

    assert 0 == result.exit_code
    assert "Daily at 02:30 Europe/Berlin, every day" in result.stdout
    moved = [line for line in result.stdout.splitlines() if "the clocks skip 02:30" in line]
    assert ["2026-03-29", "Sun", "03:30"] == moved[0].split()[:3]
    assert 1 == len(moved)


def test_without_a_date_it_starts_with_the_next_daily() -> None:
    """Every option has a default: ten weekday dailies at nine."""
    result = run("--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]

    assert (0, 10) == (result.exit_code, len(lines))
    assert all(line["utc"] == f"{line['date']}T09:00:00Z" for line in lines)


def test_the_zone_may_come_from_the_settings() -> None:
    """NUMPY_BOT_TIMEZONE is the zone where none is named."""
    result = run("--from 2026-06-01 --count 1 --json", zone="Asia/Tokyo")

    assert '{"date":"2026-06-01","utc":"2026-06-01T00:00:00Z"}\n' == result.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--zone Europe/Berln", "Did you mean Europe/Berlin"),
        ("--days fryday", "Did you mean friday?"),
        ("--time 25:00", '"25:00" is not a time of day'),
        ("--from yesterday", '"yesterday" is not a date'),
        ("--from 9999-12-31", "Give a date from 1970 to 2999"),
        ("--count 0", "0 is not in the range"),
        ("--count 10001", "10001 is not in the range"),
    ],
)
def test_a_wrong_word_is_a_sentence_and_exit_code_2(words: str, sentence: str) -> None:
    """What cannot be used is named on stderr, with the way out, and nothing is printed."""
    result = run(f"{words} --json")

    assert (2, "") == (result.exit_code, result.stdout)
    assert sentence in result.stderr
