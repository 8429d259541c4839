"""When dailies are posted and closed, through every kind of clock change."""

import datetime as dt
import os
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.schedule import (
    Due,
    Schedule,
    closing,
    days_text,
    instant,
    is_worth_posting_late,
    next_after,
    occurrences,
    parse_days,
    parse_time,
    parse_zone,
    pick_due,
    time_text,
)

# Ordinary zones, odd offsets and steps, changes at midnight, two changes in Ramadan.
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu", "Antarctica/Troll"),
    *("America/Nuuk", "America/Havana", "America/Santiago", "Asia/Beirut", "Africa/Cairo"),
    *("Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati"),
)
DAILY = tuple(range(7))
WEEKDAYS = tuple(range(5))

calm = settings(deadline=None, max_examples=60)
zones = st.sampled_from(ZONES)
times = st.builds(dt.time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
weeks = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
schedules = st.builds(
    Schedule, times, zones, weeks, closes_hours=st.none() | st.integers(min_value=4, max_value=72)
)
dates = st.dates(dt.date(1993, 1, 1), dt.date(2036, 12, 31))
moments = st.integers(min_value=725_846_400, max_value=2_114_380_800).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)


def plan(
    time: str, zone: str, days: tuple[int, ...] = DAILY, closes_hours: int | None = None
) -> Schedule:
    """A schedule in few words."""
    return Schedule(dt.time.fromisoformat(time), zone, days, closes_hours=closes_hours)


def utc(text: str) -> dt.datetime:
    """An instant from `2026-03-09T04:30`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def reference(day: dt.date, time: dt.time, zone: str) -> dt.datetime | None:
    """The first instant at which a clock in `zone` shows that date and time, if one ever does."""
    wanted = dt.datetime.combine(day, time)
    quarters = (dt.timedelta(minutes=15 * quarter) for quarter in range(-64, 65))
    shown = (
        at
        for quarter in quarters
        if (at := (wanted + quarter).replace(tzinfo=dt.UTC))
        .astimezone(ZoneInfo(zone))
        .replace(tzinfo=None)
        == wanted
    )
    return min(shown, default=None)


@pytest.mark.parametrize(
    ("time", "zone", "day", "expected"),
    [
        ("00:30", "America/New_York", "2026-03-09", "2026-03-09T04:30"),
        ("00:30", "Europe/Berlin", "2026-03-30", "2026-03-29T22:30"),
        ("00:30", "America/New_York", "2026-03-06", "2026-03-06T05:30"),
        ("23:45", "Pacific/Kiritimati", "2026-06-01", "2026-06-01T09:45"),
    ],
)
def test_a_weekday_daily_just_after_midnight_survives_the_monday_after_the_change(
    time: str, zone: str, day: str, expected: str
) -> None:
    """The Monday after spring-forward has its daily, at the new offset."""
    wanted = dt.date.fromisoformat(day)
    found = dict(islice(occurrences(plan(time, zone), wanted), 1))

    assert {wanted: utc(expected)} == found


@pytest.mark.parametrize(
    ("time", "zone", "day", "expected"),
    [
        ("02:30", "Europe/Berlin", "2026-03-29", "2026-03-29T03:30"),
        ("02:30", "America/New_York", "2026-03-08", "2026-03-08T03:30"),
        ("02:15", "Australia/Lord_Howe", "2026-10-04", "2026-10-04T02:45"),
        ("23:30", "America/Nuuk", "2024-03-30", "2024-03-31T00:30"),
    ],
)
def test_a_time_in_the_gap_moves_forward_as_the_clocks_do(
    time: str, zone: str, day: str, expected: str
) -> None:
    """A time that the clocks skip comes later by the step, even past midnight."""
    at = instant(dt.date.fromisoformat(day), plan(time, zone))

    assert expected == f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def test_a_gap_that_spills_into_the_next_date_leaves_both_dates_their_daily() -> None:
    """The daily is known by its intended date though the clock shows the next one."""
    schedule = plan("23:30", "America/Nuuk")
    spilt = dt.date(2024, 3, 30), utc("2024-03-31T01:30")
    following = dt.date(2024, 3, 31), utc("2024-04-01T00:30")

    assert [spilt, following] == list(islice(occurrences(schedule, spilt[0]), 2))
    assert spilt == next_after(schedule, utc("2024-03-31T01:10"))


def test_a_time_in_the_repeated_hour_comes_once_and_first() -> None:
    """Of the two 02:30 of a Berlin autumn night the earlier is the daily's, whatever `fold`."""
    schedule = Schedule(dt.time(2, 30, fold=1), "Europe/Berlin", DAILY)
    day, at = next_after(schedule, utc("2026-10-25T00:29"))

    assert (dt.date(2026, 10, 25), utc("2026-10-25T00:30")) == (day, at)
    assert dt.date(2026, 10, 26) == next_after(schedule, at)[0]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Pacific/Kiritimati", "1994-12-31"),
        ("Pacific/Kwajalein", "1993-08-21"),
    ],
)
def test_a_date_that_never_was_has_no_daily(zone: str, day: str) -> None:
    """Where a zone jumped over a date, its neighbours have dailies and it has none."""
    missing = dt.date.fromisoformat(day)
    found = [at for at, _ in islice(occurrences(plan("09:00", zone), missing - dt.timedelta(1)), 2)]

    assert [missing - dt.timedelta(1), missing + dt.timedelta(1)] == found


@calm
@given(dates, times, zones)
def test_an_instant_is_the_first_at_which_local_clocks_show_the_time(
    day: dt.date, time: dt.time, zone: str
) -> None:
    """An instant agrees with a search through all of them, or its time is in a gap."""
    at = instant(day, Schedule(time, zone, DAILY))
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    expected = reference(day, time, zone)

    assert at == expected if expected else shown > dt.datetime.combine(day, time)


@calm
@given(schedules, dates)
def test_every_scheduled_date_has_one_instant_and_they_only_increase(
    schedule: Schedule, start: dt.date
) -> None:
    """Sixty weeks have each of their scheduled dates once, in strictly increasing instants."""
    end = start + dt.timedelta(days=420)
    span = (start + dt.timedelta(days=number) for number in range(420))
    wanted = [day for day in span if day.weekday() in schedule.days]
    found = [due for due in islice(occurrences(schedule, start), len(wanted)) if due[0] < end]

    assert set(wanted) - {day for day, _ in found} <= {dt.date(2011, 12, 30), dt.date(1994, 12, 31)}
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(found))


@calm
@given(schedules, moments)
def test_the_next_daily_is_the_earliest_later_one(schedule: Schedule, now: dt.datetime) -> None:
    """`next_after` finds what a search through all the dates around finds."""
    around = islice(occurrences(schedule, now.date() - dt.timedelta(days=20)), 60)
    expected = min((at, day) for day, at in around if at > now)

    assert expected == next_after(schedule, now)[::-1]


@calm
@given(schedules, moments)
def test_following_next_after_visits_every_occurrence(schedule: Schedule, now: dt.datetime) -> None:
    """Asking for the next one again and again leaves none out and repeats none."""
    first = next_after(schedule, now)
    visited = [first]
    for _ in range(10):
        visited.append(next_after(schedule, visited[-1][1]))

    assert list(islice(occurrences(schedule, first[0]), 11)) == visited


@calm
@given(schedules, moments)
def test_a_daily_closes_when_the_next_is_due_or_earlier(
    schedule: Schedule, now: dt.datetime
) -> None:
    """A daily closes after 4 h at the earliest, in 72 h, the set hours or at the next one."""
    day, at = next_after(schedule, now)
    closes = closing(schedule, day)
    hours = dt.timedelta(hours=schedule.closes_hours or 72)

    assert min(next_after(schedule, at)[1], at + hours) == closes
    assert closes - at >= dt.timedelta(hours=4)


@pytest.mark.parametrize(
    ("schedule", "day", "expected"),
    [
        (plan("09:00", "Europe/Berlin"), "2026-03-28", "2026-03-29T07:00"),
        (plan("09:00", "UTC", WEEKDAYS), "2026-06-05", "2026-06-08T09:00"),
        (plan("09:00", "Europe/Berlin", WEEKDAYS), "2026-10-23", "2026-10-26T07:00"),
        (plan("09:00", "UTC", (0,)), "2026-06-01", "2026-06-04T09:00"),
        (plan("09:00", "UTC", closes_hours=8), "2026-06-01", "2026-06-01T17:00"),
        (plan("09:00", "UTC", closes_hours=72), "2026-06-01", "2026-06-02T09:00"),
    ],
)
def test_closing_times(schedule: Schedule, day: str, expected: str) -> None:
    """The next instant, 72 hours where it is farther, fewer hours where they are set."""
    assert utc(expected) == closing(schedule, dt.date.fromisoformat(day))


def test_a_late_question_keeps_its_hours_and_an_early_one_its_closing() -> None:
    """The hours count from a late opening, but not from an early one."""
    schedule = plan("09:00", "UTC", closes_hours=4)
    day = dt.date(2026, 6, 1)

    assert utc("2026-06-02T00:00") == closing(schedule, day, utc("2026-06-01T20:00"))
    assert utc("2026-06-02T09:00") == closing(schedule, day, utc("2026-06-02T07:00"))
    assert utc("2026-06-01T13:00") == closing(schedule, day, utc("2026-06-01T07:00"))


@pytest.mark.parametrize(
    ("now", "expected"), [("2026-06-02T05:00", True), ("2026-06-02T05:01", False)]
)
def test_a_late_daily_needs_four_hours_before_the_next(now: str, expected: bool) -> None:  # noqa: FBT001 - a case of the table
    """Four hours to run are worth it, a minute less is not."""
    schedule = plan("09:00", "UTC")

    assert expected == is_worth_posting_late(schedule, dt.date(2026, 6, 1), utc(now))


def test_a_daily_is_due_at_its_very_instant() -> None:
    """At nine sharp the nine o'clock daily is posted, a second before it is not."""
    schedule, day = plan("09:00", "UTC"), dt.date(2026, 6, 1)

    assert day == pick_due(schedule, day, utc("2026-06-01T09:00")).post
    assert pick_due(schedule, day, utc("2026-06-01T08:59:59")).post is None


def test_after_days_down_only_the_last_daily_is_posted() -> None:
    """A bot that was down from Monday posts Thursday's and skips the rest."""
    due = pick_due(plan("09:00", "UTC"), dt.date(2026, 6, 1), utc("2026-06-04T12:00"))

    assert (
        Due(
            post=dt.date(2026, 6, 4),
            skipped=(dt.date(2026, 6, 1), dt.date(2026, 6, 2), dt.date(2026, 6, 3)),
            next_date=dt.date(2026, 6, 5),
            next_at=utc("2026-06-05T09:00"),
        )
        == due
    )


def test_a_daily_too_late_to_post_is_skipped_and_the_next_is_not_moved() -> None:
    """Three hours before the next one nothing is posted."""
    due = pick_due(plan("09:00", "UTC"), dt.date(2026, 6, 1), utc("2026-06-02T06:00"))

    assert Due(None, (dt.date(2026, 6, 1),), dt.date(2026, 6, 2), utc("2026-06-02T09:00")) == due


@calm
@given(schedules, moments, st.integers(-10, 30))
def test_every_passed_daily_is_posted_or_skipped(
    schedule: Schedule, now: dt.datetime, days: int
) -> None:
    """Post and skipped together are all that is due, and what is next is still to come."""
    since = now.date() - dt.timedelta(days=days)
    due = pick_due(schedule, since, now)
    passed = [day for day, at in islice(occurrences(schedule, since), 60) if at <= now]
    worth = passed and due.next_at - now >= dt.timedelta(hours=4)

    assert passed == [*due.skipped, *([due.post] if due.post else [])]
    assert (passed[-1] if worth else None) == due.post
    assert due.next_at > now
    assert due.next_date >= since


@pytest.mark.parametrize("days", [{"days": ()}, {"closes_hours": 3}, {"closes_hours": 73}])
def test_a_schedule_that_cannot_be_is_refused(days: dict[str, object]) -> None:
    """No days, or hours outside 4 to 72, are refused in a sentence."""
    with pytest.raises(UserError, match=r"at least one day|4 to 72 hours"):
        Schedule(**{"time": dt.time(9), "zone": "UTC", "days": DAILY} | days)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ["Mars/Phobos", "Europe", "../zone", ""])
def test_an_unknown_zone_is_a_sentence(zone: str) -> None:
    """A zone that this machine's data does not have is said to be one, not a KeyError."""
    with pytest.raises(UserError, match="is not a time zone that this machine knows"):
        instant(dt.date(2026, 6, 1), plan("09:00", zone))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("9", "09:00"), ("09:00", "09:00"), ("9am", "09:00"), ("21.30", "21:30")),
        *(("9:30 PM", "21:30"), ("9 a.m.", "09:00"), ("0930", "09:30"), ("9h30", "09:30")),
        *(("12am", "00:00"), ("12pm", "12:00"), ("noon", "12:00"), (" 00:30 ", "00:30")),
    ],
)
def test_times_as_members_type_them(typed: str, expected: str) -> None:
    """Clocks of 24 and of 12 hours are read, with the separators people use."""
    assert expected == time_text(parse_time(typed))


@pytest.mark.parametrize(
    "typed", ["", "24:00", "9:60", "13pm", "0am", "9:5", "-1", "nine", "12:30:15", "٩"]
)
def test_other_times_are_refused(typed: str) -> None:
    """What is not a time of day is answered with how to write one."""
    with pytest.raises(UserError, match=r"not a time of day\. Write it like 09:00"):
        parse_time(typed)


@given(times)
def test_a_time_is_read_as_it_is_shown(time: dt.time) -> None:
    """Typing back what the bot shows changes nothing."""
    assert time == parse_time(time_text(time))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("mon-fri", "01234"), ("Mon–Fri", "01234"), ("weekdays", "01234")),
        *(("daily", "0123456"), ("every day", "0123456"), ("sat-mon", "056")),
        *(("mon,wed,fri", "024"), ("Mondays and Fridays", "04"), ("tue thurs", "13")),
        *(("monday to wednesday, su", "0126"), ("weekends", "56"), ("fri - fri", "4")),
    ],
)
def test_days_as_members_type_them(typed: str, expected: str) -> None:
    """Names, short names, lists, ranges over the week's end and the usual words are read."""
    assert tuple(map(int, expected)) == parse_days(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("fryday", r'"fryday" is not a day\. Did you mean friday\?'),
        ("mon-", r'One end of "mon-" is not a day'),
        ("m", r'"m" is not a day'),
        ("mon-wed-fri", r'"wed-fri" is not a day'),
        (" , ", r"Name at least one day"),
    ],
)
def test_other_days_are_refused(typed: str, sentence: str) -> None:
    """The part that is not a day is named, with the nearest one."""
    with pytest.raises(UserError, match=sentence):
        parse_days(typed)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((0, 1, 2, 3, 4), "Mon–Fri"),
        ((0, 2, 4), "Mon, Wed, Fri"),
        ((5, 6), "Sat, Sun"),
        ((0, 5, 6), "Sat–Mon"),
        ((0, 1, 2, 3, 4, 5, 6), "every day"),
    ],
)
def test_days_as_members_read_them(days: tuple[int, ...], expected: str) -> None:
    """Three days or more in a row are a range, also over the week's end."""
    assert expected == days_text(days)


@given(weeks)
def test_days_are_read_as_they_are_shown(days: tuple[int, ...]) -> None:
    """Typing back what the bot shows changes nothing, for every set of days."""
    assert days == parse_days(days_text(days))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("berlin", "Europe/Berlin"), ("EUROPE/berlin", "Europe/Berlin"), ("utc", "UTC")),
        *(("new york", "America/New_York"), ("São Paulo", "America/Sao_Paulo")),
        *(("Port au Prince", "America/Port-au-Prince"), ("st. johns", "America/St_Johns")),
        *(("buenos aires", "America/Argentina/Buenos_Aires"), ("Etc/GMT-1", "Etc/GMT-1")),
    ],
)
def test_zones_as_members_type_them(typed: str, expected: str) -> None:
    """Full names and cities are read in any case, with or without accents."""
    assert expected == parse_zone(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("berln", r"Did you mean Europe/Berlin\?"),
        ("Europe/Berln", r"Did you mean Europe/Berlin"),
        ("America/NewYork", r"Did you mean America/New_York"),
        ("PST", r"I know\. Name a big city"),
        ("UTC+1", r"I know\. Name a big city"),
        ("../../etc/passwd", r"not a time zone I know"),
        ("", r"An empty text is not a time zone"),
        ("x" * 5000, r"not a time zone I know"),
    ],
)
def test_other_zones_are_refused_with_the_nearest(typed: str, sentence: str) -> None:
    """An unknown zone is answered, shortly, with the names most like it, never with a guess."""
    with pytest.raises(UserError, match=sentence) as raised:
        parse_zone(typed)
    assert len(str(raised.value)) < 300


def test_every_zone_is_known_by_its_own_name() -> None:
    """Each IANA name of this machine is read as itself; the two that are no places are not."""
    names = available_timezones() - {"Factory", "localtime"}

    assert names == {parse_zone(name) for name in names}


def test_a_city_under_two_names_is_one_zone() -> None:
    """Where two zones share a city's name, either is right: they tell the same time."""
    for name in available_timezones():
        area, _, city = name.rpartition("/")
        if area.partition("/")[0] not in {"America", "Asia", "Europe", "Africa", "Atlantic"}:
            continue
        for month in range(1, 13):
            at = dt.datetime(2026, month, 15, tzinfo=dt.UTC)
            chosen = ZoneInfo(parse_zone(city))
            assert ZoneInfo(name).utcoffset(at) == chosen.utcoffset(at), name


HALF_HOURS = [dt.time(half // 2, half % 2 * 30) for half in range(48)]
RISKY = [dt.time.fromisoformat(text) for text in ("00:00", "00:30", "01:30", "02:30", "23:30")]
ALL = os.environ.get("TIMES") == "all"
"""The full run is that of all half hours, zones and weeks, some minutes: `TIMES=all`.

In the bounded one each zone is stood for by one whose clocks are the same in those years, which
is how both runs tick.
"""

WEEKS = (WEEKDAYS, (5, 6), (0, 2, 4), *((day,) for day in DAILY))
TICK = dt.timedelta(seconds=20)
YEARS = 730
"""Days of them."""


def clocks(zone: str) -> tuple[tuple[dt.datetime, dt.timedelta | None], ...]:
    """Every change of a zone's clocks in the two years, to the minute, and those of days before."""

    def offset(at: dt.datetime) -> dt.timedelta | None:
        return at.astimezone(ZoneInfo(zone)).utcoffset()

    begin = dt.datetime(2025, 12, 28, tzinfo=dt.UTC)
    days = [begin + dt.timedelta(days=number) for number in range(YEARS + 10)]
    changes = [(begin, offset(begin))]
    for last, day in pairwise(days):
        if offset(last) != offset(day):
            minutes = (last + dt.timedelta(minutes=number) for number in range(1, 1441))
            for at in minutes:
                if offset(at) != changes[-1][1]:
                    changes.append((at, offset(at)))
    return tuple(changes)


@cache
def different_zones() -> frozenset[str]:
    """One zone for all those whose clocks are the same."""
    return frozenset({clocks(name): name for name in sorted(available_timezones())}.values())


@pytest.mark.proof
@pytest.mark.parametrize("time", HALF_HOURS if ALL else RISKY, ids=str)
def test_every_zone_has_each_daily_once_through_two_years(time: dt.time) -> None:
    """Every date of 2026 and 2027 in every zone, in every week, is posted once and at its time."""
    start = dt.date(2026, 1, 1)
    span = [start + dt.timedelta(days=number) for number in range(YEARS)]
    different = different_zones()
    for zone in sorted(available_timezones() if ALL else different):
        found = list(islice(occurrences(Schedule(time, zone, DAILY), start), len(span)))
        assert span == [day for day, _ in found], zone
        assert all(one[1] < two[1] for one, two in pairwise(found)), zone
        for day, at in found:
            shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            wanted = dt.datetime.combine(day, time)
            assert shown == wanted or reference(day, time, zone) is None, (zone, day)
        for days in (WEEKS if ALL else WEEKS[:1]) if zone in different else ():
            wished = [one for one in found if one[0].weekday() in days]
            assert wished == posted(Schedule(time, zone, days), wished), (zone, days)


def posted(
    schedule: Schedule, wished: list[tuple[dt.date, dt.datetime]]
) -> list[tuple[dt.date, dt.datetime]]:
    """What ticks post, of which one comes a second before each instant and one not long after."""
    found, since = list[tuple[dt.date, dt.datetime]](), wished[0][0]
    for _, at in wished:
        for now in (at - dt.timedelta(seconds=1), at, at + TICK):
            due = pick_due(schedule, since, now)
            if due.post is not None:
                found.append((due.post, at))
                since = due.next_date
    return found
