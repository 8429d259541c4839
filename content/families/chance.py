"""A family about the values that a random draw can give."""

from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_RANGE = {
    "upper-end-is-included": "Without `endpoint=True` the upper end is never drawn.",
    "endpoint-changes-nothing": "With `endpoint=True` the upper end is drawn too.",
    "both-ends-are-excluded": "The lower end is drawn like any other value.",
    "one-limit-starts-at-one": "With one limit the values begin at 0.",
    "choice-starts-at-one": "`choice` of an integer n draws from `np.arange(n)`.",
    "random-includes-one": "`random` gives numbers below 1, so the largest is never reached.",
    "astype-rounds": "`astype(int)` cuts the fraction off.",
    "a-sum-has-the-range-of-one": "Two draws are added: the ends add up too.",
    "a-shift-moves-one-end": "Adding a number moves both ends of the range.",
}
_RANGE_WAYS = (
    ("limits", "limits", "limit", "choice"),
    ("endpoint", "endpoint", "scaled"),
    ("floor", "shifted", "dice", "dice"),
)
_DRAWS = 10_000


def _range(rng: "np.random.Generator", level: int) -> Item:
    ways = [way for group in _RANGE_WAYS[:level] for way in group]
    for _ in range(TRIES):
        way = one_of(rng, ways)
        low, count, step = (int(rng.integers(*ends)) for ends in ((-9, 20), (3, 9), (2, 6)))
        call, key, models = _range_case(way, low, count, step)
        wrong = options(_set(key), models, _RANGE)
        if enough(wrong):
            break
    return Item(
        topic="random",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="set",
        stem=f"Which values can `{call}` give?",
        code=f"rng = np.random.default_rng()\nr = {call}",
        answer="set(r.tolist())",
        wrong=wrong,
        hint="Which is the smallest value that can come, and which the largest?",
        rule="`integers(low, high)` draws from low up to high - 1, `random` from 0 up to but not "
        "including 1; `endpoint=True` includes high.",
        why=_range_told(way, call, key, low, count, step),
        docs=_RANGE_DOCS.get(
            way,
            "https://numpy.org/doc/stable/reference/random/generated/"
            "numpy.random.Generator.integers.html",
        ),
        follow_up=(
            FollowUp(
                "How does `random.randint` of the standard library differ?",
                "It includes both ends; `rng.integers` follows `range`, and so did "
                "`np.random.randint`.",
            ),
            FollowUp(
                "How do you draw without repetition?",
                "With `rng.choice(n, size=k, replace=False)`, or the first k of "
                "`rng.permutation(n)`.",
            ),
        ),
    )


_RANGE_DOCS = {
    way: "https://numpy.org/doc/stable/reference/random/generated/"
    f"numpy.random.Generator.{name}.html"
    for way, name in (("choice", "choice"), ("floor", "random"), ("shifted", "random"))
}


def _set(values: range) -> str:
    return str(set(values))


def _range_case(way: str, low: int, count: int, step: int) -> tuple[str, range, tuple[Wrong, ...]]:
    """The call, the values that it draws from, and what each misconception believes."""
    models: tuple[Wrong, ...]
    high, size = low + count, f"size={_DRAWS}"
    if way in {"limits", "endpoint"}:
        inside = range(low, high)
        closed = range(low, high + 1)
        key, other = (inside, closed) if way == "limits" else (closed, inside)
        extra = ", endpoint=True" * (way == "endpoint")
        belief = "upper-end-is-included" if way == "limits" else "endpoint-changes-nothing"
        models = (
            Wrong(belief, _set(other)),
            Wrong("both-ends-are-excluded", _set(range(low + 1, key.stop))),
            Wrong("both-ends-are-excluded", _set(range(low + 1, high))),
        )
        return f"rng.integers({low}, {high}{extra}, {size})", key, models[: 3 - (way == "limits")]
    key = range(count)
    if way in {"limit", "choice"}:
        name = "integers" if way == "limit" else "choice"
        belief = "one-limit-starts-at-one" if way == "limit" else "choice-starts-at-one"
        models = (
            Wrong("upper-end-is-included", _set(range(count + 1))),
            Wrong(belief, _set(range(1, count + 1))),
            Wrong("both-ends-are-excluded", _set(range(1, count))),
        )
        return f"rng.{name}({count}, {size})", key, models
    if way == "scaled":
        key = range(low, low + count * step, step)
        models = (
            Wrong("upper-end-is-included", _set(range(low, low + (count + 1) * step, step))),
            Wrong("one-limit-starts-at-one", _set(range(low + step, key.stop + step, step))),
            Wrong("both-ends-are-excluded", _set(range(low + step, key.stop, step))),
        )
        return f"{low} + {step} * rng.integers({count}, {size})", key, models
    if way == "floor":
        models = (
            Wrong("random-includes-one", _set(range(count + 1))),
            Wrong("one-limit-starts-at-one", _set(range(1, count + 1))),
        )
        return f"(rng.random({_DRAWS}) * {count}).astype(int)", key, models
    if way == "dice":
        least = abs(low) + 1
        key = range(2 * least, 2 * (least + count) - 1)
        models = (
            Wrong("upper-end-is-included", _set(range(2 * least, 2 * (least + count) + 1))),
            Wrong("a-sum-has-the-range-of-one", _set(range(least, least + count))),
            Wrong("both-ends-are-excluded", _set(range(2 * least + 2, 2 * (least + count) - 1))),
        )
        call = f"rng.integers({least}, {least + count}, size=({_DRAWS}, 2)).sum(axis=1)"
        return call, key, models
    key = range(step, step + count)
    models = (
        Wrong("astype-rounds", _set(range(step, step + count + 1))),
        Wrong("a-shift-moves-one-end", _set(range(count + step))),
        Wrong("both-ends-are-excluded", _set(range(step + 1, step + count))),
    )
    return f"(rng.random({_DRAWS}) * {count}).astype(int) + {step}", key, models


def _range_told(way: str, call: str, key: range, low: int, count: int, step: int) -> str:
    told = {
        "limits": f"Like `range({low}, {low + count})`, `integers` leaves the upper end out.",
        "endpoint": f"`endpoint=True` takes the upper end in, so {low + count} can come as well.",
        "limit": f"With one limit the values are those of `range({count})`: from 0 on.",
        "choice": f"`choice` of an integer draws from `np.arange({count})`, with replacement.",
        "scaled": f"The draws are those of `range({count})`; times {step}, plus {low} they run "
        f"from {key[0]} to {key[-1]}.",
        "floor": f"`random` is at least 0 and below 1, so {count} times it stays below {count}, "
        "and `astype(int)` cuts the fraction off.",
        "dice": f"Two draws are added in each row, as with two dice, so the ends are twice those "
        f"of one draw, {key[0] // 2} and {key[-1] // 2}.",
        "shifted": f"Before {step} is added, the values are 0 to {count - 1}: `random` stays below "
        "1, and `astype(int)` cuts the fraction off.",
    }[way]
    return (
        f"`{call}` can give {', '.join(map(str, key))}. {told}\n\n"
        "NumPy counts as Python does: the lower end belongs to the range, the upper end does not. "
        "So `integers(0, len(x))` always gives a valid index. Intervals of floats are half open "
        "in the same way, and `rng.random()` never gives 1.0.\n\n"
        "For a die write `rng.integers(1, 7)`, or `rng.integers(1, 6, endpoint=True)`, which "
        "says what is meant. Both are better than scaling floats."
    )


random_range = Family(
    id="values-that-can-be-drawn",
    topic="random",
    level=1,
    kind="predict",
    title="Which values a random draw can give",
    make=_range,
    beliefs=tuple(_RANGE),
)
