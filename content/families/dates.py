"""A family about dates and their differences."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "a-month-has-thirty-days": "The calendar counts the real days of every month.",
    "february-has-28-days": "2024 and 2028 are leap years, with 29 days in February.",
    "every-february-has-29-days": "Only a leap year has 29 days in February.",
    "differences-count-both-ends": "A difference leaves one end out.",
    "the-stop-is-included": "`np.arange` leaves its stop out, also with dates.",
    "busday-count-counts-all-days": "Only Mondays to Fridays count.",
    "busday-count-counts-both-ends": "The last day is left out.",
    "a-month-has-all-its-days": "A month beside a day stands for its first day.",
    "differences-are-in-days": "The difference has the unit of its operands; here it is months.",
    "months-ignore-the-year": "A year later it is twelve months more.",
    "the-coarser-unit-wins": "The finer unit is kept, so the difference is in days.",
    "coarser-units-are-rounded-up": "What is not complete is cut off, not rounded.",
    "units-are-dropped": "The units count: hours are converted, not relabelled.",
}
_YEARS = (2023, 2024, 2025, 2026, 2027, 2028)
_FORMAT = "{:04d}-{:02d}-{:02d}"


class _Case(msgspec.Struct, frozen=True):
    """A number that comes of dates."""

    asked: str
    code: str
    result: int
    wrong: tuple[Wrong, ...]
    told: str
    docs: str = "https://numpy.org/doc/stable/reference/arrays.datetime.html"


def _dates(rng: "np.random.Generator", level: int) -> Item:
    makers: tuple[Callable[[np.random.Generator], _Case], ...]
    makers = {
        1: (_difference, _range),
        2: (_difference, _range, _weekdays, _months),
        3: (_weekdays, _months, _mixed, _units),
    }[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(str(case.result), case.wrong, _REASONS)
        if enough(wrong) and case.result > 0:
            break
    return Item(
        topic="data",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=case.asked,
        code=case.code,
        answer="n",
        wrong=wrong,
        hint="Which unit do both sides have, and is the last day counted?",
        rule="Dates are counted in their unit from 1970 on; a difference and a range leave the "
        "last day out.",
        why=(
            f"`n` is {case.result}. {case.told}\n\n"
            "A `datetime64` is an integer that counts units from the beginning of 1970, and its "
            "dtype names the unit, such as `[D]` or `[M]`. So a difference is a subtraction, and a "
            "range is a range of integers: the end is not a part of it. Beside a finer unit a "
            "coarser date becomes its first moment, a month its first day. Leap years are in the "
            "calendar; months and years, whose lengths vary, are not converted into days on their "
            "own: write `date.astype('datetime64[M]')` and back to step by months.\n\n"
            "`np.busday_count` knows weekdays and, with `holidays=`, days off; it too leaves the "
            "last day out. To count both ends, add one day to the end."
        ),
        docs=case.docs,
        follow_up=(
            FollowUp(
                "What is the difference of two dates?",
                "A `timedelta64`; divide it by `np.timedelta64(1, 'D')` for a plain number.",
            ),
            FollowUp(
                "Does `datetime64` know time zones?",
                "No: it is naive; keep UTC and convert for display.",
            ),
        ),
    )


def _around_february(rng: "np.random.Generator") -> tuple[str, str, int, int, int]:
    """Two dates with a February's end between them; year, days in January and in March."""
    year = _YEARS[int(rng.integers(len(_YEARS)))]
    month = int(rng.integers(1, 3))
    first, last = int(rng.integers(5, 28)), int(rng.integers(2, 28))
    start = _FORMAT.format(year, month, first)
    end = _FORMAT.format(year, 3, last)
    before = (31 - first) if month == 1 else -first
    return start, end, year, before, last


def _days_between(start: str, end: str) -> int:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    return int((np.datetime64(end) - np.datetime64(start)).astype(int))


def _february(year: int) -> tuple[int, str]:
    leap = year % 4 == 0
    return (29 if leap else 28), ("a leap year" if leap else "not a leap year")


def _day_models(days: int, year: int, months: int) -> Iterator[Wrong]:
    february, _ = _february(year)
    if february == 29:  # noqa: PLR2004  # days in a leap year
        yield Wrong("february-has-28-days", str(days - 1))
    else:
        yield Wrong("every-february-has-29-days", str(days + 1))
    thirty = days + (30 - february) - (1 if months > 1 else 0)
    yield Wrong("a-month-has-thirty-days", str(thirty))


def _difference(rng: "np.random.Generator") -> _Case:
    start, end, year, *_ = _around_february(rng)
    days = _days_between(start, end)
    february, leap = _february(year)
    months = 2 if start[5:7] == "01" else 1
    models = (
        *_day_models(days, year, months),
        Wrong("differences-count-both-ends", str(days + 1)),
    )
    return _Case(
        "How many days lie between the two dates?",
        f'start = np.datetime64("{start}")\nend = np.datetime64("{end}")\n'
        "n = (end - start).astype(int)",
        days,
        models,
        f"{year} is {leap}, so February has {february} days, and from {start} to {end} the "
        f"calendar takes {days} steps of a day.",
    )


def _range(rng: "np.random.Generator") -> _Case:
    start, end, year, *_ = _around_february(rng)
    days = _days_between(start, end)
    february, leap = _february(year)
    months = 2 if start[5:7] == "01" else 1
    models = (*_day_models(days, year, months), Wrong("the-stop-is-included", str(days + 1)))
    return _Case(
        "How many dates does `np.arange` give?",
        f'days = np.arange("{start}", "{end}",\n                 dtype="datetime64[D]")\n'
        "n = len(days)",
        days,
        models,
        f"{year} is {leap}, so February has {february} days. The range begins with {start} and "
        f"ends with the day before {end}.",
    )


def _weekdays(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    year, month = _YEARS[int(rng.integers(len(_YEARS)))], int(rng.integers(1, 13))
    first = np.datetime64(_FORMAT.format(year, month, int(rng.integers(1, 20))))
    last = first + np.timedelta64(int(rng.integers(5, 20)), "D")
    days = int((last - first).astype(int))
    result = int(np.busday_count(first, last))
    models = (
        Wrong(
            "busday-count-counts-both-ends",
            str(int(np.busday_count(first, last + np.timedelta64(1, "D")))),
        ),
        Wrong("busday-count-counts-all-days", str(days)),
    )
    name = str(_DAYS[(int(first.astype(int)) + 3) % 7])
    end_name = str(_DAYS[(int(last.astype(int)) + 3) % 7])
    return _Case(
        "What does `np.busday_count` count here?",
        f'n = np.busday_count("{first}", "{last}")',
        result,
        models,
        f"{first} is a {name}, and {last} is a {end_name}, which is not counted any more. Of the "
        f"{days} days from the first to the one before it, {result} are weekdays.",
        "https://numpy.org/doc/stable/reference/generated/numpy.busday_count.html",
    )


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _months(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    year = _YEARS[int(rng.integers(len(_YEARS) - 2))]
    first, last = int(rng.integers(6, 13)), int(rng.integers(1, 12))
    later = year + int(rng.integers(1, 3))
    start, end = f"{year}-{first:02d}", f"{later}-{last:02d}"
    result = int((np.datetime64(end) - np.datetime64(start)).astype(int))
    models = (
        Wrong("differences-are-in-days", str(_days_between(f"{start}-01", f"{end}-01"))),
        Wrong("months-ignore-the-year", str(abs(last - first))),
        Wrong("differences-count-both-ends", str(result + 1)),
    )
    return _Case(
        "What is the difference of two months, as an integer?",
        f'start = np.datetime64("{start}")\nend = np.datetime64("{end}")\n'
        "n = (end - start).astype(int)",
        result,
        models,
        f"Both have the unit month, so the difference is counted in months: {later - year} times "
        f"12, and {last - first:+d}.",
    )


def _mixed(rng: "np.random.Generator") -> _Case:
    year, month = _YEARS[int(rng.integers(len(_YEARS)))], int(rng.integers(1, 12))
    day = int(rng.integers(2, 28))
    start, end = _FORMAT.format(year, month, day), f"{year}-{month + 1:02d}"
    result = _days_between(start, end)
    following = f"{year}-{month + 2:02d}-01" if month < 11 else f"{year + 1}-01-01"  # noqa: PLR2004  # November
    models = (
        Wrong("a-month-has-all-its-days", str(_days_between(start, following))),
        Wrong("a-month-has-thirty-days", str(31 - day)),
        Wrong("differences-count-both-ends", str(result + 1)),
        Wrong("the-coarser-unit-wins", "1"),
    )
    return _Case(
        "What is a month minus a day, as an integer?",
        f'start = np.datetime64("{start}")\nend = np.datetime64("{end}")\n'
        "n = (end - start).astype(int)",
        result,
        models,
        f"`end` has the unit month. Beside a day it stands for its first day, {end}-01, which is "
        f"{result} {'day' if result == 1 else 'days'} after {start}.",
    )


def _units(rng: "np.random.Generator") -> _Case:
    many, unit, one, name = {
        "a": ("h", "D", 24, "hours"),
        "b": ("m", "h", 60, "minutes"),
        "c": ("D", "W", 7, "days"),
    }[one_of(rng, "abc")]
    count = int(rng.integers(2, 6)) * one + int(rng.integers(one // 2 + 1, one))
    whole = count // one
    models = (
        Wrong("coarser-units-are-rounded-up", str(whole + 1)),
        Wrong("units-are-dropped", str(count)),
        Wrong("differences-count-both-ends", str(whole + 2)),
    )
    way = one_of(rng, "ab")
    code = (
        f'span = np.timedelta64({count}, "{many}")\nn = span // np.timedelta64(1, "{unit}")'
        if way == "a"
        else f'span = np.timedelta64({count}, "{many}")\n'
        f'n = span.astype("timedelta64[{unit}]").astype(int)'
    )
    return _Case(
        f"How many whole units are {count} {name}?",
        code,
        whole,
        models[:2] if way == "a" else (models[0], models[1]),
        f"{count} / {one} is {count / one:.2f}, and what is not complete is cut off.",
    )


datetime_math = Family(
    id="days-between-dates",
    topic="data",
    level=2,
    kind="predict",
    title="Days, weekdays and months between dates",
    make=_dates,
    beliefs=tuple(_REASONS),
)
