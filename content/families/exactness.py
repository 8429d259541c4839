"""Families about what floats can hold, and when they are equal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_ENOUGH = 2
"""So many wrong options at least."""

# --- equal or close -------------------------------------------------------------------------

_CLOSE = {
    "decimals-are-exact": "Most decimals are rounded in binary, and the sum is rounded again.",
    "float-sums-are-never-equal": "Here the rounded sum is the float next to the decimal.",
    "isclose-is-equality": "`isclose` allows for a difference of 1e-8 + 1e-5 times the second.",
    "atol-is-ignored": "Beside 0 the absolute tolerance of 1e-8 counts: this lies within.",
    "tiny-numbers-are-always-close": "This is larger than 1e-8, the absolute tolerance.",
    "isclose-is-absolute": "The tolerance grows with the numbers: 1e-5 of the second.",
    "isclose-forgives-percents": "It differs by more than the 1e-5 that are allowed.",
    "float32-holds-the-same-decimals": "float32 rounds it elsewhere than float64 does.",
    "float32-never-equals-float64": "It is a sum of a few powers of two: exact in both.",
    "nan-equals-itself": "NaN is not equal to anything, unless `equal_nan=True` is given.",
    "equal-nan-is-ignored": "With `equal_nan=True` NaN at the same place count as equal.",
    "infinities-differ": "Infinities of one sign are equal, and count as close.",
}


def _close(rng: "np.random.Generator", level: int) -> Item:
    p = int(rng.integers(2, 10))
    pool = list(
        {option.show: (true, option) for true, option in _close_pool(rng, level, p)}.values()
    )
    shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
    count = int(rng.integers(2, 4))
    right = tuple(option for is_true, option in shuffled if is_true)[:count]
    wrong = tuple(option for is_true, option in shuffled if not is_true)[: 5 - count]
    listed = "\n".join(f"- `{option.show}`: {option.why}" for option in (*right, *wrong))
    return Item(
        topic="floats",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem="Which of these comparisons of floats are true?",
        code=f"x = np.array([{p}.0, np.nan])",
        holds="bool(it)",
        right=right,
        wrong=wrong,
        hint="`isclose` and `allclose` ask whether |a - b| <= 1e-8 + 1e-5 * |b|.",
        rule="`==` compares the rounded floats; `isclose` and `allclose` accept "
        "|a - b| <= atol + rtol * |b|, with atol 1e-8 and rtol 1e-5.",
        why=(
            f"{len(right)} of them are true.\n\n{listed}\n\n"
            "A float is a sum of powers of two. 0.5 and 0.75 are exact, 0.1 is not: it is rounded "
            "to the next float, and so is every result, so two ways to one decimal may end at "
            "neighbouring floats.\n\n"
            "`np.isclose(a, b)` asks whether they differ by no more than `atol + rtol * abs(b)`. "
            "The relative part serves large numbers, the absolute part numbers beside 0; where "
            "your numbers are tiny, choose `atol` yourself."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.isclose.html",
        follow_up=(
            FollowUp(
                "Is `np.isclose(a, b)` symmetric?",
                "No: the relative tolerance is taken of `b`, the value that is expected.",
            ),
            FollowUp(
                "What do you write in tests?",
                "`np.testing.assert_allclose`: it says what differs, and its `atol` is 0.",
            ),
        ),
    )


def _close_pool(rng: "np.random.Generator", level: int, p: int) -> Iterator[tuple[bool, Option]]:
    """Comparisons with fresh numbers, some true and some false."""
    for _ in range(3):
        one, two = (int(n) for n in sorted(rng.permutation(range(1, 10))[:2]))
        first, second, total = one / 10, two / 10, (one + two) / 10
        is_true = first + second == total
        belief = "float-sums-are-never-equal" if is_true else "decimals-are-exact"
        yield is_true, _claim(f"{first} + {second} == {total}", belief)
    yield True, _claim(f"np.isclose({first} + {second}, {total})", "isclose-is-equality")
    eighths = int(rng.integers(1, 8)) / 8
    tenths = one_of(rng, ("0.1", "0.2", "0.3", "0.7", "0.9"))
    same = f"np.float32({eighths}) == np.float64({eighths})"
    yield True, _claim(same, "float32-never-equals-float64")
    other = f"np.float32({tenths}) == np.float64({tenths})"
    yield False, _claim(other, "float32-holds-the-same-decimals")
    yield False, _claim("np.array_equal(x, x)", "nan-equals-itself")
    if level == 1:
        return
    yield True, _claim("np.array_equal(x, x, equal_nan=True)", "equal-nan-is-ignored")
    yield True, _claim(f"np.isclose({p}e-{int(rng.integers(9, 13))}, 0)", "atol-is-ignored")
    power = int(rng.integers(4, 7))
    yield False, _claim(f"np.isclose({p}e-{power}, 0)", "tiny-numbers-are-always-close")
    large = p * 10 ** int(rng.integers(6, 9))
    near = f"np.isclose({large + large // 10**6}, {large})"
    yield True, _claim(near, "isclose-is-absolute")
    off = f"np.isclose({p * 1000 + p}, {p * 1000})"
    yield False, _claim(off, "isclose-forgives-percents")
    if level == 2:  # noqa: PLR2004  # the last level has more
        return
    yield True, _claim(f"np.allclose([{p}, np.inf], [{p}, np.inf])", "infinities-differ")
    yield False, _claim("np.allclose(x, x)", "nan-equals-itself")
    strict = f"np.isclose({p}e-{int(rng.integers(9, 13))}, 0, atol=0)"
    yield False, _claim(strict, "tiny-numbers-are-always-close", "With `atol=0` only 0 is close.")


def _claim(show: str, belief: str, why: str = "") -> Option:
    return Option(show=show, belief=belief, why=why or _CLOSE[belief])


float_equality = Family(
    id="equal-or-close",
    topic="floats",
    level=2,
    kind="several",
    title="Floats that are equal, or close",
    make=_close,
    beliefs=tuple(_CLOSE),
)

# --- limits ---------------------------------------------------------------------------------

_LIMITS = {
    "floats-hold-every-integer": "Beyond 2 to the power of its digits a float has gaps.",
    "floats-cut-off": "A number between two floats goes to the nearer one, not down.",
    "rounding-always-goes-up": "The nearer float is taken, and of two equally near the even one.",
    "floats-stop-at-the-largest": "What is too large becomes inf, not the largest float.",
    "overflow-always-raises": "Overflow of a float gives inf, at most with a warning.",
    "the-gap-is-eps": "`eps` is the gap at 1; the gap grows with the number.",
    "the-gap-is-eps-times-the-number": "All floats between two powers of two have the same gap.",
}
_DIGITS = {"float16": 11, "float32": 24, "float64": 53}
_LARGEST_HALF = 65504


def _limits(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        names = ("float16", "float32", "float64")[: level + 1]
        name = one_of(rng, names)
        way = one_of(rng, ("store", "add", "store", "large", "gap")[: level + 2])
        dtype = np.dtype(name)
        power = _DIGITS[name] + int(rng.integers(0, level))
        n = 2**power + int(rng.integers(1, 200))
        if way == "large":
            name, n = "float16", int(rng.integers(64000, 70000))
            dtype, power = np.dtype(name), 15
        gap = 2 ** (power - _DIGITS[name] + 1)
        code, key = _limits_code(way, dtype, n, power)
        wrong = options(key, _limits_models(way, n, gap, key, dtype), _LIMITS)
        if len(wrong) >= _ENOUGH:
            break
    return Item(
        topic="floats",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=f"What is the value of `r`, a `{name}`, to the last digit?",
        code=code,
        answer="float(r)",
        wrong=wrong,
        hint=f"`{name}` has {_DIGITS[name]} binary digits; from 2**{_DIGITS[name]} on, not every "
        "integer has a float.",
        rule=f"A `{name}` holds {_DIGITS[name]} binary digits. Larger integers go to the nearest "
        "float, ties to the even one; what rounds beyond the largest is inf.",
        why=_limits_told(way, name, n, power, gap, key),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.finfo.html",
        follow_up=(
            FollowUp(
                "Up to where does `float64` hold every integer?",
                "Up to 2**53, about 9 * 10**15; large ids belong into `int64`.",
            ),
            FollowUp(
                "How do you ask for the gap at a number?",
                "With `np.spacing(x)`; `np.finfo(dtype).eps` is the gap at 1.",
            ),
        ),
    )


def _limits_code(way: str, dtype: "np.dtype", n: int, power: int) -> tuple[str, str]:
    """The snippet, and its result as an expression."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    kind = dtype.type
    written = str(n) if dtype.itemsize < 8 else f"2**{power} + {n - 2**power}"  # noqa: PLR2004  # float64
    with np.errstate(all="ignore"):
        if way == "add":
            base = n - n % 8
            code = f"a = np.{dtype.name}({base})\nr = a + np.{dtype.name}({n - base})"
            result = kind(base) + kind(n - base)
        elif way == "gap":
            code, result = f"r = np.spacing(np.{dtype.name}({written}))", np.spacing(kind(n))
        else:
            code, result = f"r = np.{dtype.name}({written})", kind(n)
    value = float(result)
    return code, "np.inf" if value == float("inf") else repr(value)


def _limits_models(way: str, n: int, gap: int, key: str, dtype: "np.dtype") -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if way == "gap":
        eps = float(np.finfo(dtype).eps)
        yield Wrong("floats-hold-every-integer", "1.0" if gap > 1 else "0.0")
        yield Wrong("the-gap-is-eps", _real(eps))
        yield Wrong("the-gap-is-eps-times-the-number", _real(round(eps * n, 3)))
        return
    down = n - n % gap
    yield Wrong("floats-hold-every-integer", _real(n))
    if key == "np.inf":
        yield Wrong("floats-stop-at-the-largest", _real(_LARGEST_HALF))
        yield Wrong("overflow-always-raises", raises="OverflowError")
        return
    yield Wrong("floats-cut-off", _real(down))
    yield Wrong("rounding-always-goes-up", _real(down + gap))
    if way == "large":
        yield Wrong("overflow-always-raises", raises="OverflowError")


def _real(value: float) -> str:
    return repr(float(value))


def _limits_told(way: str, name: str, n: int, power: int, gap: int, key: str) -> str:
    near = (
        f"From 2**{power} to 2**{power + 1} the gap between two neighbours is {gap}, because "
        f"{_DIGITS[name]} binary digits are all there is."
    )
    down = n - n % gap
    if way == "gap":
        told = f"`np.spacing` gives the gap to the next float. {near}"
    elif key == "np.inf":
        told = f"The largest `float16` is {_LARGEST_HALF}; {n} lies half a gap or more beyond it."
    elif n == down:
        told = f"{near} {n} is a multiple of it, so it is exact."
    else:
        is_tie = (n - down) * 2 == gap
        taken = "of these equally near ones the even one" if is_tie else "the nearer one"
        told = f"{near} {n} lies between {down} and {down + gap}, and {taken} is taken."
    return (
        f"`r` is {key.removeprefix('np.')}. {told}\n\n"
        "A float is a whole number of fixed length times a power of two. Small integers are exact. "
        f"`{name}` runs out of digits at 2**{_DIGITS[name]}; then it holds every second "
        "integer, later every fourth, and so on. What falls between is rounded to the nearest "
        "without a word, and of two equally near the one whose last binary digit is 0.\n\n"
        "So counters in `float32` stop growing at 2**24, and ids stored as floats may collide. "
        "Keep them as integers, and look limits up in `np.finfo`."
    )


float_limits = Family(
    id="limits-of-a-float",
    topic="floats",
    level=2,
    kind="predict",
    title="Where a float stops holding every integer",
    make=_limits,
    beliefs=tuple(_LIMITS),
)
