"""A family about `linspace` and `arange`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "linspace-counts-intervals": "The number counts points; there is one interval less.",
    "linspace-leaves-its-stop-out": "`linspace` includes its stop, unless `endpoint=False`.",
    "the-endpoint-is-always-there": "With `endpoint=False` the stop is left out.",
    "endpoint-false-drops-the-last-point": "The distances change too: as many points as asked for "
    "share the whole way.",
    "the-count-is-a-step": "The third argument of `linspace` counts points; `arange` takes a step.",
    "the-stop-is-included": "`arange` stops before its stop, as `range` does.",
    "the-start-is-left-out": "`arange` begins with its start.",
    "the-step-is-a-count": "The third argument of `arange` is a distance, not a number of points.",
    "arange-needs-a-positive-step": "With a negative step, `arange` counts down to its stop.",
}


class _Call(msgspec.Struct, frozen=True):
    """A call of `linspace` or `arange`."""

    name: str
    start: float
    stop: float
    third: float
    """The number of points, or the step."""
    endpoint: bool = True

    def __str__(self) -> str:
        """As one writes it."""
        more = "" if self.endpoint else ", endpoint=False"
        return f"np.{self.name}({self.start:g}, {self.stop:g}, {self.third:g}{more})"


def _ranges(rng: "np.random.Generator", level: int) -> Item:
    for _ in range(TRIES):
        call = _line(rng, level) if is_chosen(rng, 0.5) else _steps(rng, level)
        result = _points(call)
        wrong = options(listed(result), _models(call), _REASONS)
        if enough(wrong) and len(result) >= 3:  # noqa: PLR2004  # a beginning, a middle, an end
            break
    return Item(
        topic="fundamentals",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"Which numbers does `{call}` hold?",
        code=f"r = {call}",
        answer="r",
        wrong=wrong,
        hint="Is the third number a count or a step, and is the stop one of the results?",
        rule="`linspace` takes a number of points and includes its stop; `arange` takes a step and "
        "leaves its stop out.",
        why=_told(call, result),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{call.name}.html",
        follow_up=(
            FollowUp(
                "Which of the two do you take for a step of 0.1?",
                "`linspace`: rounding can give `arange` one number more than expected.",
            ),
            FollowUp(
                "How do you learn the step of a `linspace`?",
                "`np.linspace(0, 1, 5, retstep=True)` returns the points and the step.",
            ),
        ),
    )


def _line(rng: "np.random.Generator", level: int) -> _Call:
    """Spans that give short numbers, whatever is mistaken."""
    count = int(rng.integers(3, 6))
    start = int(rng.integers(-4, 6)) * (1 if level > 1 else 2)
    unit = one_of(rng, "1234")
    span = count * (count - 1) * int(unit) / (2 if level > 1 and count != 3 else 1)  # noqa: PLR2004  # halves of 3 are long
    if level > 2 and is_chosen(rng, 0.4):  # noqa: PLR2004  # the last level
        return _Call("linspace", start + span, start, count, endpoint=is_chosen(rng, 0.5))
    endpoint = level == 1 or is_chosen(rng, 0.5)
    return _Call("linspace", start, start + span, count, endpoint=endpoint)


def _steps(rng: "np.random.Generator", level: int) -> _Call:
    count = int(rng.integers(3, 7))
    step = float(one_of(rng, "2345")) if level < 3 else float(rng.choice([0.25, 0.5, 1.5, 2.5]))  # noqa: PLR2004  # the last level
    start = int(rng.integers(-5, 20))
    reaches = is_chosen(rng, 0.5)
    stop = start + step * count - (0 if reaches else step / 2)
    if level < 3:  # noqa: PLR2004  # whole numbers
        stop = float(int(stop))
    if level > 1 and is_chosen(rng, 0.5):
        return _Call("arange", stop, start, -step)
    return _Call("arange", start, stop, step)


def _points(call: _Call) -> "np.ndarray":
    """What the call gives."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if call.name == "linspace":
        return np.linspace(call.start, call.stop, int(call.third), endpoint=call.endpoint)
    numbers = [call.start, call.stop, call.third]
    if all(number == int(number) for number in numbers):
        return np.arange(*map(int, numbers))
    return np.arange(*numbers)


def _models(call: _Call) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    start, stop, third = call.start, call.stop, call.third
    if call.name == "linspace":
        count = int(third)
        if call.endpoint:
            yield Wrong("linspace-counts-intervals", listed(np.linspace(start, stop, count + 1)))
            without = np.linspace(start, stop, count, endpoint=False)
            yield Wrong("linspace-leaves-its-stop-out", listed(without))
            stepped = np.arange(start, stop, third)
            if start < stop and not np.array_equal(stepped, without):
                yield Wrong("the-count-is-a-step", listed(stepped))
        else:
            whole = np.linspace(start, stop, count)
            yield Wrong("the-endpoint-is-always-there", listed(whole))
            yield Wrong("endpoint-false-drops-the-last-point", listed(whole[:-1]))
        return
    points = _points(call)
    reached = points[-1] + third
    end = reached if (reached - stop) * third <= 0 else stop
    longer = np.append(points, end).astype(points.dtype)
    yield Wrong("the-stop-is-included", listed(longer))
    shifted = np.append(points[1:], end) if end == reached else points[1:]
    yield Wrong("the-start-is-left-out", listed(shifted.astype(points.dtype)))
    if third < 0:
        yield Wrong("arange-needs-a-positive-step", raises="ValueError")
    elif third == int(third) and third > 1:
        spread = np.linspace(start, stop, int(third))
        if np.array_equal(spread, np.round(spread, 1)) and not np.array_equal(spread, longer):
            yield Wrong("the-step-is-a-count", listed(spread))


def _told(call: _Call, result: "np.ndarray") -> str:
    way = call.stop - call.start
    if call.name == "linspace":
        count = int(call.third)
        gaps = count - 1 if call.endpoint else count
        between = (
            f"Both ends are among them, so {count} points have {gaps} intervals between them"
            if call.endpoint
            else f"Without the endpoint, {count} points have {gaps} intervals up to the stop"
        )
        first = f"{between}, and the step is {way:g} / {gaps} = {way / gaps:g}."
    else:
        first = (
            f"It starts at {call.start:g} and goes on by {call.third:g}. The next number after "
            f"{result[-1]:g} would be {result[-1] + call.third:g}, which does not lie before the "
            f"stop, {call.stop:g}."
        )
    return (
        f"`{call}` is `{result.tolist()}`. {first}\n\n"
        "The two functions answer different questions. `arange` is asked for a step and finds the "
        "number of elements, ceil((stop - start) / step); its stop is never an element, as with "
        "Python's `range`. `linspace` is asked for a number of points and finds the step; both "
        "ends are elements, which is what a plot or a grid needs. With `endpoint=False` the stop "
        "is left out and the step shrinks, as for one period of a wave.\n\n"
        "`arange` of integers gives integers, `linspace` gives floats in any case. With steps like "
        "0.1 that binary floats do not hold, `arange` can end one element late, so prefer "
        "`linspace` there."
    )


linspace_arange = Family(
    id="linspace-or-arange",
    topic="fundamentals",
    level=1,
    kind="predict",
    title="The numbers that `linspace` and `arange` make",
    make=_ranges,
    beliefs=tuple(_REASONS),
)
