"""A family about `&`, `|`, `~` and the words `and`, `or`, `not`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Wrong,
    enough,
    is_chosen,
    listed,
    one_of,
    options,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "tilde-is-logical-not": "On integers `~` inverts every bit: `~x` is `-x - 1`.",
    "tilde-is-minus": "`~x` is `-x - 1`: all bits are inverted, and no 1 is added.",
    "tilde-counts-booleans-as-integers": "On Booleans `~` turns true and false round.",
    "integers-are-and-ed-as-truth": "`&` and `|` of integers combine their bits.",
    "logical-functions-work-on-bits": "The `logical_` functions ask whether numbers are nonzero.",
    "logical-functions-return-an-operand": "The `logical_` functions return Booleans.",
    "and-means-or": "`&` asks for both conditions, `|` for at least one.",
    "or-means-and": "`|` asks for at least one condition, `&` for both.",
    "a-mask-holds-the-elements": "A comparison gives Booleans; `a[mask]` gives the elements.",
    "operators-need-one-truth-value": "`&`, `|`, `~` and the `logical_` functions work element by "
    "element.",
    "and-works-element-by-element": "Words such as `and` ask for the one truth value of an array.",
    "and-returns-the-second-mask": "`and` asks its left side for one truth value first, and that "
    "raises.",
    "an-array-is-true-when-not-empty": "With several elements an array has no truth value.",
}
_NAMES = {"&": "bitwise and", "|": "bitwise or", "^": "exclusive or"}


class _Case(msgspec.Struct, frozen=True):
    """Two arrays and an expression; `result` is None where it raises `ValueError`."""

    given: str
    written: str
    result: "np.ndarray | None"
    wrong: tuple[Wrong, ...]
    told: str


def _logic(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    legal: tuple[Callable[[np.random.Generator], _Case], ...] = (_masks, _tilde, _bits, _functions)
    for _ in range(TRIES):
        case = _words(rng) if fails else legal[int(rng.integers(level + 1))](rng)
        key = "ValueError" if case.result is None else listed(case.result)
        wrong = options(key, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="ufuncs",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.written}` give?",
        code=f"{case.given}\nr = {case.written}",
        answer="r",
        raises="ValueError" if fails else None,
        wrong=wrong,
        hint="Does it work on bits, on truth values of elements, or on one truth value in all?",
        rule="`&`, `|` and `~` work on each element, bit by bit; `and`, `or` and `not` need one "
        "truth value, which arrays refuse.",
        why=(
            f"{case.told}\n\n"
            "Python lets a class define `&`, `|`, `^` and `~`, and NumPy does, for every element. "
            "For Booleans they are the logical operations; for integers they work on the bits. "
            "Python does not let a class define `and`, `or`, `not` and chains such as "
            "`2 < a < 5`: these ask `bool(a)` for one truth value, and an array with more than "
            "one element raises `ValueError` instead of guessing between any and all.\n\n"
            "So combine masks with operators, with parentheses around each comparison, since `&` "
            "binds tighter than `<`. Ask `a.any()` or `a.all()` where one answer is meant. For the "
            "truth of numbers use `a != 0` or `np.logical_not(a)`."
        ),
        docs="https://numpy.org/doc/stable/reference/routines.logic.html",
        covers=(20,),
        follow_up=(
            FollowUp(
                "What is the truth value of an array with one element?",
                "That of its element, so code with `and` works by accident until a second one "
                "comes.",
            ),
            FollowUp(
                "What is the truth value of an empty array?",
                "It raises `ValueError` since NumPy 2.2, after years of a warning; ask `a.size`.",
            ),
        ),
    )


def _masks(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = rng.permutation(range(1, 12))[:4]
    low, high = sorted(int(limit) for limit in rng.permutation(range(2, 11))[:2])
    sign = one_of(rng, "&|")
    one, two = (a > low, a < high) if sign == "&" else (a < low, a > high)
    written = f"(a > {low}) & (a < {high})" if sign == "&" else f"(a < {low}) | (a > {high})"
    result = one & two if sign == "&" else one | two

    def models() -> Iterator[Wrong]:
        yield Wrong("operators-need-one-truth-value", raises="ValueError")
        if sign == "&":
            yield Wrong("and-means-or", listed(one | two))
        else:
            yield Wrong("or-means-and", listed(one & two))
        yield Wrong("a-mask-holds-the-elements", listed(a[result]))

    is_mixed = 0 < int(result.sum()) < len(a) and not np.array_equal(one, two)
    told = (
        f"`r` is `{result.tolist()}`. The comparisons are `{one.tolist()}` and `{two.tolist()}`, "
        f"and `{sign}` takes them element by element."
    )
    return _Case(
        f"a = np.array({a.tolist()})", written, result, tuple(models()) if is_mixed else (), told
    )


def _tilde(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if is_chosen(rng, 0.4):
        a = rng.permutation(range(1, 12))[:4]
        low = int(rng.integers(3, 10))
        m = a > low

        def mask_models() -> Iterator[Wrong]:
            yield Wrong("operators-need-one-truth-value", raises="ValueError")
            yield Wrong("tilde-counts-booleans-as-integers", listed(~m.astype(int)))
            yield Wrong("a-mask-holds-the-elements", listed(a[~m]))

        told = f"`r` is `{(~m).tolist()}`: each truth value of `a > {low}` is turned round."
        is_mixed = 0 < int(m.sum()) < len(a)
        return _Case(
            f"a = np.array({a.tolist()})",
            f"~(a > {low})",
            ~m,
            tuple(mask_models()) if is_mixed else (),
            told,
        )
    a = rng.permutation(range(-4, 10))[:4]

    def models() -> Iterator[Wrong]:
        yield Wrong("operators-need-one-truth-value", raises="ValueError")
        yield Wrong("tilde-is-logical-not", listed(a == 0))
        yield Wrong("tilde-is-minus", listed(-a))

    told = (
        f"`r` is `{(~a).tolist()}`. Inverting all bits of an integer x gives -x - 1, so {a[0]} "
        f"becomes {~a[0]}."
    )
    return _Case(f"a = np.array({a.tolist()})", "~a", np.invert(a), tuple(models()), told)


def _bits(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a, b = rng.integers(1, 16, 3), rng.integers(1, 16, 3)
    sign = one_of(rng, "&|^")
    ufunc = {"&": np.bitwise_and, "|": np.bitwise_or, "^": np.bitwise_xor}[sign]
    truth = {"&": np.logical_and, "|": np.logical_or, "^": np.logical_xor}[sign]
    result = ufunc(a, b)

    def models() -> Iterator[Wrong]:
        yield Wrong("operators-need-one-truth-value", raises="ValueError")
        yield Wrong("integers-are-and-ed-as-truth", listed(truth(a, b)))
        if sign == "&":
            yield Wrong("and-means-or", listed(a | b))
        else:
            yield Wrong("or-means-and", listed(a & b))

    told = (
        f"`r` is `{result.tolist()}`, the {_NAMES[sign]} of the bits: {a[0]} is {a[0]:04b} in "
        f"binary, {b[0]} is {b[0]:04b}, and together they make {result[0]:04b}, which is "
        f"{result[0]}."
    )
    given = f"a, b = np.array({a.tolist()}), np.array({b.tolist()})"
    differs = not np.array_equal(a, b) and not np.array_equal(result, a)
    return _Case(given, f"a {sign} b", result, tuple(models()) if differs else (), told)


def _functions(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a, b = rng.integers(0, 4, 4), rng.integers(0, 4, 4)
    name = one_of(rng, ("and", "or", "not"))
    if name == "not":
        result, bits, operand = np.logical_not(a), ~a, a
    elif name == "and":
        result, bits, operand = np.logical_and(a, b), a & b, np.where(a, b, a)
    else:
        result, bits, operand = np.logical_or(a, b), a | b, np.where(a, a, b)
    written = f"np.logical_{name}(a{'' if name == 'not' else ', b'})"

    def models() -> Iterator[Wrong]:
        yield Wrong("operators-need-one-truth-value", raises="ValueError")
        yield Wrong("logical-functions-work-on-bits", listed(bits))
        yield Wrong("logical-functions-return-an-operand", listed(operand))

    told = (
        f"`r` is `{result.tolist()}`. `logical_{name}` takes every number as a truth value, where "
        "0 is false and all else true, and gives Booleans."
    )
    given = f"a, b = np.array({a.tolist()}), np.array({b.tolist()})"
    if name == "not":
        given = f"a = np.array({a.tolist()})"
    is_mixed = 0 < int(result.sum()) < len(result)
    return _Case(given, written, result, tuple(models()) if is_mixed else (), told)


def _words(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = rng.permutation(range(1, 12))[:4]
    low, high = sorted(int(limit) for limit in rng.permutation(range(2, 11))[:2])
    above, below = a > low, a < high
    written, first, each, last = {
        "and": (f"(a > {low}) and (a < {high})", above, above & below, below),
        "or": (f"(a < {low}) or (a > {high})", a < low, (a < low) | (a > high), a < low),
        "not": (f"not (a > {low})", above, ~above, np.array(False)),  # noqa: FBT003  # a 0-d array
        "chain": (f"{low} < a < {high}", above, above & below, below),
    }[one_of(rng, ("and", "or", "not", "chain"))]

    def models() -> Iterator[Wrong]:
        yield Wrong("and-works-element-by-element", listed(each))
        if written.startswith("not"):
            yield Wrong("an-array-is-true-when-not-empty", "np.array(False)")
        else:
            yield Wrong("and-returns-the-second-mask", listed(last))
        yield Wrong("a-mask-holds-the-elements", listed(a[each]))

    told = (
        f"It raises `ValueError`: the truth value of an array with more than one element is "
        f"ambiguous. `{written}` needs one, namely that of "
        f"`a {'<' if written.startswith('(a <') else '>'} {low}`, which is `{first.tolist()}`."
    )
    is_mixed = 0 < int(each.sum()) < len(a)
    return _Case(
        f"a = np.array({a.tolist()})", written, None, tuple(models()) if is_mixed else (), told
    )


logic_ops = Family(
    id="words-or-operators",
    topic="ufuncs",
    level=2,
    kind="predict",
    title="What `&`, `|`, `~` and `and`, `or`, `not` give",
    make=_logic,
    beliefs=tuple(_REASONS),
    covers=(20,),
    may_fail=True,
)
