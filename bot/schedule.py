"""When a channel's daily is posted and when it closes.

The truth is a local time, a time zone and weekdays; every UTC instant is derived from
them. A daily is known by its *intended* local date, even where the clocks change: a time
that occurs twice is taken once, the first time; a time that is left out moves forward by
as much as the clocks do, perhaps past midnight. A date that a zone left out altogether
(Pacific/Apia, 2011-12-30) has no daily. So every other scheduled date has exactly one
instant, and later dates have later instants.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec

from bot.errors import UserError

LONGEST = 72
"""Hours that a daily stays open at most."""

SHORTEST = 4
"""Hours that a daily must have left to be worth posting; the least that may be set."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ONE_DAY = dt.timedelta(days=1)


class Schedule(msgspec.Struct, frozen=True, gc=False):
    """A channel's plan: at `time` in `zone` (an IANA name) on `days` (0 is Monday).

    No `topics` or `levels` means all of them. `closes_hours`, 4 to 72, closes a daily
    before the next one is due. UserError on an empty week or other hours.
    """

    time: dt.time
    zone: str
    days: tuple[int, ...]
    topics: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    closes_hours: int | None = None

    def __post_init__(self) -> None:
        if not self.days:
            raise UserError(f"A schedule needs at least one day. {_DAYS_HELP}")
        if self.closes_hours is not None and not SHORTEST <= self.closes_hours <= LONGEST:
            raise UserError(
                f"A question stays open for {SHORTEST} to {LONGEST} hours, "
                f"not {self.closes_hours}. Give a number between them."
            )


class Due(msgspec.Struct, frozen=True, gc=False):
    """What to do now: post the daily of `post`, log `skipped`, and look again at `next_at`."""

    post: dt.date | None
    skipped: tuple[dt.date, ...]
    next_date: dt.date
    next_at: dt.datetime


def instant(day: dt.date, schedule: Schedule) -> dt.datetime:
    """The UTC instant of the daily intended for the local date `day`."""
    clock = schedule.time.replace(fold=0)
    return dt.datetime.combine(day, clock, tzinfo=_zone(schedule.zone)).astimezone(dt.UTC)


def occurrences(schedule: Schedule, start: dt.date) -> Iterator[tuple[dt.date, dt.datetime]]:
    """Every scheduled intended date from `start` on, with its UTC instant."""
    for ordinal in range(start.toordinal(), dt.date.max.toordinal() - 2):
        day = dt.date.fromordinal(ordinal)
        if day.weekday() not in schedule.days:
            continue
        at = instant(day, schedule)
        # A date that the zone left out would fall on the very instant of the date after it.
        if at < instant(day + _ONE_DAY, schedule):
            yield day, at


def read_zones_anew() -> None:
    """Take note of what the machine's zone data says now; it may have been updated."""
    ZoneInfo.clear_cache()


def next_after(schedule: Schedule, now: dt.datetime) -> tuple[dt.date, dt.datetime]:
    """The first intended date whose instant is later than `now` (aware), and that instant."""
    # An instant can fall on the local date after the intended one, and a zone that moves
    # across the date line shifts it by one more.
    start = now.astimezone(_zone(schedule.zone)).date() - 2 * _ONE_DAY
    return _first_after(schedule, start, now)


def _first_after(
    schedule: Schedule, start: dt.date, now: dt.datetime
) -> tuple[dt.date, dt.datetime]:
    return next(due for due in occurrences(schedule, start) if due[1] > now)


def closing(
    schedule: Schedule, posted_for: dt.date, opened: dt.datetime | None = None
) -> dt.datetime:
    """When the daily of `posted_for` closes, in UTC: at the next one's instant or before.

    The hours (the schedule's own, or 72) count from the planned instant, or from `opened`
    where that is later, so that a late question is not closed before it was seen and an
    early one closes as planned.
    """
    planned = instant(posted_for, schedule)
    begun = planned if opened is None else max(planned, opened)
    _, following = next(occurrences(schedule, posted_for + _ONE_DAY))
    return min(following, begun + dt.timedelta(hours=schedule.closes_hours or LONGEST))


def is_worth_posting_late(schedule: Schedule, day: dt.date, now: dt.datetime) -> bool:
    """Whether the daily of `day`, posted `now`, runs 4 h or more before the next is due."""
    _, following = next(occurrences(schedule, day + _ONE_DAY))
    return following - now >= dt.timedelta(hours=SHORTEST)


def pick_due(schedule: Schedule, since: dt.date, now: dt.datetime) -> Due:
    """Which daily to post at `now`, where none from the date `since` on has been posted.

    Of several that were missed only the last can be posted, and only if it is worth it.
    """
    passed: list[dt.date] = []
    for day, at in occurrences(schedule, since):
        if at > now:
            break
        passed.append(day)
    next_date, next_at = _first_after(schedule, since, now)
    post = passed.pop() if passed and is_worth_posting_late(schedule, passed[-1], now) else None
    return Due(post, tuple(passed), next_date, next_at)


def parse_time(text: str) -> dt.time:
    """The local time a member typed: `9`, `09:00`, `21.30`, `0930`, `9am`, `9:30 pm`, `noon`."""
    typed = " ".join(text.casefold().replace("a.m.", "am").replace("p.m.", "pm").split())
    typed = {"noon": "12pm", "midnight": "12am"}.get(typed, typed)
    match = re.fullmatch(r"([0-9]{1,2})(?:h|[:.h]?([0-9]{2}))? ?(am|pm)?", typed)
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:  # noqa: PLR2004 - the hours of a twelve-hour clock
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:  # noqa: PLR2004 - hours and minutes of a clock
            return dt.time(hour, minute)
    raise UserError(f"{_quoted(text)} is not a time of day. Write it like 09:00, 21:30 or 9am.")


def time_text(time: dt.time) -> str:
    """A local time as members read it: `09:00`."""
    return f"{time:%H:%M}"


_DAYS_HELP = "Write days like mon-fri, mon,wed,fri, weekdays or daily."
_DAY_WORDS = {
    **dict.fromkeys(("daily", "day", "days", "everyday", "all"), range(7)),
    **dict.fromkeys(("weekday", "weekdays", "workdays"), range(5)),
    **dict.fromkeys(("weekend", "weekends"), range(5, 7)),
}


def parse_days(text: str) -> tuple[int, ...]:
    """The weekdays a member typed, in order, 0 for Monday.

    Names may be cut down to two letters; `mon-fri` and `sat-mon` are ranges; `daily`,
    `weekdays` and `weekends` are words for several.
    """
    typed = re.sub(r"\bevery\b", " ", text.casefold())
    typed = re.sub(r"\s*(?:[-–—]|\bto\b|\bthrough\b)\s*", "-", typed)
    days: set[int] = set()
    for part in re.sub(r"\band\b|[,;/&+]", " ", typed).split():
        first, dash, last = part.partition("-")
        if part in _DAY_WORDS:
            days.update(_DAY_WORDS[part])
        elif dash:
            start, end = _day(first, text), _day(last, text)
            days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
        else:
            days.add(_day(part, text))
    if not days:
        raise UserError(f"Name at least one day. {_DAYS_HELP}")
    return tuple(sorted(days))


def _day(name: str, text: str) -> int:
    """The weekday that `name`, a part of `text`, is short for."""
    for number, day in enumerate(DAYS):
        if name == f"{day}s" or (len(name) > 1 and day.startswith(name)):
            return number
    fault = _quoted(name) if name else f"One end of {_quoted(text)}"
    raise UserError(
        f"{fault} is not a day. {_nearest(name, {day: day for day in DAYS})}{_DAYS_HELP}"
    )


def days_text(days: Iterable[int]) -> str:
    """Weekdays as members read them: `Mon, Wed, Sat`, a range of three or more, `every day`."""
    left = set(days)
    if len(left) == len(DAYS):
        return "every day"
    runs: list[str] = []
    for first in [day for day in sorted(left) if (day - 1) % 7 not in left]:
        length = next(step for step in range(1, 8) if (first + step) % 7 not in left)
        names = [DAYS[(first + step) % 7][:3].title() for step in range(length)]
        runs += names if length < 3 else [f"{names[0]}–{names[-1]}"]  # noqa: PLR2004 - two days are no range; a range has an en dash
    return ", ".join(runs)


def is_zone(text: str) -> bool:
    """Whether `parse_zone` knows it, without looking for what was meant where it does not."""
    return _folded(text)[:60] in _zone_names()


def parse_zone(text: str) -> str:
    """The IANA name of the zone a member typed, in any case: `Europe/Berlin` or `berlin`.

    UserError with the nearest names where there is none.
    """
    typed = _folded(text)[:60]
    names = _zone_names()
    if typed in names:
        return names[typed]
    # "EST" is near to "PST" as a word, but hours away.
    places = {key: zone for key, zone in names.items() if "/" in zone}
    raise UserError(
        f"{_quoted(text)} is not a time zone I know. {_nearest(typed, places)}"
        "Name a big city in the zone, like Europe/Berlin or New York."
    )


ROUND_THE_WORLD = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Warsaw", "Europe/Kyiv"),
    *("Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore"),
    *("Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
)
"""Where many people live, from west to east and round again."""


def zones_like(text: str, most: int) -> list[str]:
    """Zones that a text may be the beginning of; where it is none, what looks like it."""
    typed = _folded(text)[:60]
    if not typed:
        return [*ROUND_THE_WORLD[:most]]
    names = {key: zone for key, zone in _zone_names().items() if "/" in zone or zone == "UTC"}
    found = [zone for key, zone in names.items() if key.startswith(typed)]
    found += [zone for key, zone in names.items() if typed in key]
    return list(dict.fromkeys(found or _alike(typed, names, most)))[:most]


def _alike(typed: str, names: dict[str, str], most: int) -> list[str]:
    """The zones whose names look most like what was typed."""
    import difflib  # noqa: PLC0415 - only a typing mistake needs it

    return [names[key] for key in difflib.get_close_matches(typed, names, n=most, cutoff=0.7)]


_AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


@cache
def _zone_names() -> dict[str, str]:
    """What may be typed for a zone, folded, to its IANA name: full names and city names."""
    zones = available_timezones() - {"Factory", "localtime"}
    # One city under two names is one zone: the more exact name, America/Indiana/Indianapolis,
    # is the one in use.
    cities = sorted(
        (zone for zone in zones if zone.partition("/")[0] in _AREAS),
        key=lambda zone: (zone.count("/"), zone),
    )
    by_city = {_folded(zone.rpartition("/")[2]): zone for zone in cities}
    return by_city | {_folded(zone): zone for zone in sorted(zones)}


def _folded(text: str) -> str:
    """A name without case, accents and the marks that stand between its words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_.-]+", "_", plain.casefold().strip())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(
            f"{_quoted(name)} is not a time zone that this machine knows. "
            "Name another one, or update the tzdata package."
        ) from None


def _nearest(typed: str, names: dict[str, str]) -> str:
    """`Did you mean …? ` with up to three of the names most like what was typed."""
    *others, last = dict.fromkeys(_alike(typed, names, 6)[:3]) or [""]
    either = f"{', '.join(others)} or {last}" if others else last
    return f"Did you mean {either}? " if last else ""


def _quoted(text: str) -> str:
    """What was typed, short and printable, for a sentence about it."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[:60]).strip()
    return f'"{shown}"' if shown else "An empty text"
