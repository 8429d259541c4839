"""`numpy-bot schedule`: look at a schedule before a team lives with it."""

import datetime as dt
from collections.abc import Callable
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from adapters.environment import setting
from bot.errors import UserError
from bot.schedule import (
    Schedule,
    days_text,
    next_after,
    occurrences,
    parse_days,
    parse_time,
    parse_zone,
    time_text,
)

_Parsed = TypeVar("_Parsed")

_MOST = 10_000
_YEARS = range(1970, 3000)


def _reads(parse: Callable[[str], _Parsed]) -> Callable[..., _Parsed]:
    """An option's callback that parses it and turns our sentence into a usage error."""

    def callback(_context: click.Context, _option: click.Parameter, text: str) -> _Parsed:
        try:
            return parse(text)
        except UserError as error:
            raise click.BadParameter(str(error)) from None

    return callback


def _parse_start(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        start = dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f'"{text}" is not a date. Write it like 2026-03-01.') from None
    if start.year not in _YEARS:
        raise UserError(f"Give a date from {_YEARS[0]} to {_YEARS[-1]}, not {text}.")
    return start


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def schedule() -> None:
    """Look at when dailies are posted."""


@schedule.command()
@click.option(
    "--time",
    default="09:00",
    show_default=True,
    callback=_reads(parse_time),
    help="Local time: 09:00, 21:30 or 9am.",
)
@click.option(
    "--zone",
    default=setting("NUMPY_BOT_TIMEZONE", "UTC"),
    show_default="NUMPY_BOT_TIMEZONE, else UTC",
    callback=_reads(parse_zone),
    help="Time zone: Europe/Berlin or berlin.",
)
@click.option(
    "--days",
    default="mon-fri",
    show_default=True,
    callback=_reads(parse_days),
    help="Days: mon-fri, mon,wed,fri, weekdays or daily.",
)
@click.option(
    "--from",
    "start",
    metavar="DATE",
    callback=_reads(_parse_start),
    help="First local date, like 2026-03-01; left out: the next daily.",
)
@click.option(
    "--count",
    default=10,
    show_default=True,
    type=click.IntRange(1, _MOST),
    help="How many dailies.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def preview(
    *,
    time: dt.time,
    zone: str,
    days: tuple[int, ...],
    start: dt.date | None,
    count: int,
    as_json: bool,
) -> None:
    """Show when the next dailies would be posted; never their questions."""
    plan = Schedule(time, zone, days)
    first = start or next_after(plan, dt.datetime.now(dt.UTC))[0]
    planned = list(islice(occurrences(plan, first), count))
    if as_json:
        for day, at in planned:
            click.echo(f'{{"date":"{day}","utc":"{_utc(at)}"}}')
    else:
        _print_table(plan, planned)


def _utc(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _print_table(plan: Schedule, planned: list[tuple[dt.date, dt.datetime]]) -> None:
    from rich.table import Table  # noqa: PLC0415  # costs start-up, only a table needs it

    from adapters.console import console  # noqa: PLC0415  # the same

    zone = ZoneInfo(plan.zone)
    table = Table("Date", "Day", "Local", "UTC", "", box=None, pad_edge=False)
    for day, at in planned:
        local = at.astimezone(zone)
        moved = (local.date(), local.time()) != (day, plan.time)
        table.add_row(
            str(day),
            f"{day:%a}",
            f"{local:%H:%M}",
            f"{at:%Y-%m-%d %H:%M}",
            f"the clocks skip {time_text(plan.time)}" if moved else "",
        )
    out = console()
    out.print(f"Daily at {time_text(plan.time)} {plan.zone}, {days_text(plan.days)}\n")
    out.print(table)
