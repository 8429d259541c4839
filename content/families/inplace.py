"""A family about `+=`, `a = a + b` and names."""

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
    "in-place-makes-a-new-array": "`+=` and its kin write into the array itself, or raise.",
    "arithmetic-is-in-place": "An operator without `=` makes a new array; the old one stays as it "
    "is.",
    "shared-arrays-are-read-only": "An array with two names can be written through both.",
    "two-names-change-twice": "There is one array behind both names, and it changes once.",
    "slices-are-copies": "A slice is a view, so the operation in place reaches `a`.",
    "a-view-is-the-whole-array": "Only the elements in the slice are touched.",
    "a-loop-variable-is-an-element": "Each `x` is a scalar; the name gets another scalar.",
    "elements-of-a-loop-are-read-only": "Nothing is raised: the name gets another value.",
    "iteration-yields-copies": "Each row is a view of the table.",
    "rows-of-a-loop-are-read-only": "The rows of a table that can be written can be written too.",
    "arguments-are-copied": "A function gets the array itself, not a copy.",
    "arguments-are-read-only": "A function may write into the array that it is given.",
    "in-place-changes-the-dtype": "The array keeps its integer dtype, which holds no fractions.",
    "in-place-truncates": "Nothing is cut off in silence: such a cast is refused.",
    "in-place-grows-the-output": "The array on the left keeps its shape.",
    "in-place-uses-the-first-row": "A result with more rows does not fit and is refused.",
    "floor-division-makes-floats": "`//` of two integers is an integer, which fits.",
}


class _Case(msgspec.Struct, frozen=True):
    """Code, the name asked for, its value or the error, and what people expect."""

    code: str
    name: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str
    raises: str | None = None


def _inplace(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = {
        1: (_second_name, _slice),
        2: (_second_name, _slice, _loop, _floor),
        3: (_floor, _loop, _rows, _function),
    }[level]
    refused = (_fraction, _growth)[: 1 if level == 1 else 2]
    for _ in range(TRIES):
        pool = refused if fails else makers
        case = pool[int(rng.integers(len(pool)))](rng)
        wrong = options(case.raises or listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="memory",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.name}` hold after `{case.code.splitlines()[-1].strip()}`, or is "
        "an error raised?",
        code=case.code,
        answer=case.name,
        raises=case.raises,
        wrong=wrong,
        hint="Is an array written into, or does a name get another array?",
        rule="`a += b` writes into the array, for all its names, and keeps dtype and shape; "
        "`a = a + b` makes a new one.",
        why=(
            f"{case.told}\n\n"
            "A name in Python stands for an object. `a += b` asks the array itself to add, so all "
            "names and views of it see the change. `a = a + b` computes a new array and moves the "
            "name `a` to it; other names still stand for the old one. The same holds inside a "
            "function, whose argument is one more name.\n\n"
            "Writing in place has a price: the result must fit. The dtype of the left side stays, "
            "so floats into integers raise `UFuncTypeError`, a kind of `TypeError`; and so does "
            "the shape, so a larger broadcast result raises `ValueError`. In exchange, no "
            "array is made for the result."
        ),
        docs="https://numpy.org/doc/stable/user/basics.copies.html",
        covers=(8,),
        follow_up=(
            FollowUp(
                "How do you add floats to an integer array in place after all?",
                "`np.add(a, b, out=a, casting='unsafe')` cuts the fractions off; better make `a` "
                "a float array.",
            ),
            FollowUp(
                "Does `a[:] = a + b` write in place?",
                "Yes, into the memory of `a`, and it casts without asking; but the sum is a "
                "temporary array first.",
            ),
        ),
    )


def _drawn(rng: "np.random.Generator") -> "tuple[str, np.ndarray, int]":
    """An array as it is written, itself, and a small number."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    low, length = int(rng.integers(1, 9)), int(rng.integers(3, 6))
    number = int(rng.integers(2, 10))
    return f"a = np.arange({low}, {low + length})", np.arange(low, low + length), number


def _operation(
    rng: "np.random.Generator", a: "np.ndarray", number: int
) -> "tuple[str, np.ndarray]":
    """An operator and its result."""
    sign = one_of(rng, "+-*")
    return sign, {"+": a + number, "-": a - number, "*": a * number}[sign]


def _twice(sign: str, a: "np.ndarray", number: int) -> "np.ndarray":
    return {"+": a + 2 * number, "-": a - 2 * number, "*": a * number**2}[sign]


def _either(
    lines: tuple[str, str, str],
    kept: "np.ndarray",
    changed: "np.ndarray",
    beliefs: tuple[str, Wrong, Wrong],
    told: tuple[str, str],
) -> _Case:
    """Code whose last line writes in place or makes a new array, by its sign.

    `lines` are the code, its last line and the name asked for; `beliefs` the one that takes
    writing in place for no change, and two further wrong models; `told` tells why the array
    changed, and why it did not.
    """
    code, last, name = lines
    in_place = "= " in last and last.split("=")[0][-1] in "+-*"
    result, other = (changed, kept) if in_place else (kept, changed)
    belief = beliefs[0] if in_place else "arithmetic-is-in-place"
    return _Case(
        f"{code}{last}",
        name,
        result,
        (Wrong(belief, listed(other)), *beliefs[1:]),
        f"`{name}` is `{result.tolist()}`: {told[0] if in_place else told[1]}",
    )


def _line(rng: "np.random.Generator", name: str, sign: str, number: int) -> str:
    """One of the two spellings of an operation."""
    return f"{name} {sign}= {number}" if is_chosen(rng, 0.5) else f"{name} = {name} {sign} {number}"


def _second_name(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    sign, result = _operation(rng, a, number)
    changed, asked = ("a", "b") if is_chosen(rng, 0.5) else ("b", "a")
    return _either(
        (f"{given}\nb = a\n", _line(rng, changed, sign, number), asked),
        a,
        result,
        (
            "in-place-makes-a-new-array",
            Wrong("shared-arrays-are-read-only", raises="ValueError"),
            Wrong("two-names-change-twice", listed(_twice(sign, a, number))),
        ),
        (
            f"both names stand for one array, and `{sign}=` writes into it.",
            f"the name `{changed}` moved to a new array, and the old one did not change.",
        ),
    )


def _slice(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    sign, whole = _operation(rng, a, number)
    start = int(rng.integers(1, len(a) - 1))
    tail = a.copy()
    tail[start:] = whole[start:]
    return _either(
        (f"{given}\nb = a[{start}:]\n", _line(rng, "b", sign, number), "a"),
        a,
        tail,
        (
            "slices-are-copies",
            Wrong("a-view-is-the-whole-array", listed(whole)),
            Wrong("shared-arrays-are-read-only", raises="ValueError"),
        ),
        (
            f"`b` is a view, and `{sign}=` writes through it.",
            f"`b {sign} {number}` is a new array, which gets the name `b`.",
        ),
    )


def _floor(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    result = a // number
    return _Case(
        f"{given}\nb = a\na //= {number}",
        "b",
        result,
        (
            Wrong("in-place-makes-a-new-array", listed(a)),
            Wrong("floor-division-makes-floats", raises="UFuncTypeError"),
            Wrong("two-names-change-twice", listed(result // number)),
        ),
        f"`b` is `{result.tolist()}`: floor division of integers gives integers, which are "
        "written into the one array behind both names.",
    )


def _loop(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    sign, result = _operation(rng, a, number)
    return _Case(
        f"{given}\nfor x in a:\n    x {sign}= {number}",
        "a",
        a,
        (
            Wrong("a-loop-variable-is-an-element", listed(result)),
            Wrong("elements-of-a-loop-are-read-only", raises="TypeError"),
            Wrong("two-names-change-twice", listed(_twice(sign, a, number))),
        ),
        f"`a` is `{a.tolist()}`: an element comes out of the loop as a scalar, which cannot "
        "change, so the name `x` gets a new scalar each time.",
    )


def _rows(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    low, number = int(rng.integers(1, 9)), int(rng.integers(2, 10))
    a = np.arange(low, low + 6).reshape(2, 3)
    sign, result = _operation(rng, a, number)
    code = f"a = np.arange({low}, {low + 6}).reshape(2, 3)\nfor row in a:\n    "
    return _either(
        (code, _line(rng, "row", sign, number), "a"),
        a,
        result,
        (
            "iteration-yields-copies",
            Wrong("rows-of-a-loop-are-read-only", raises="ValueError"),
            Wrong("two-names-change-twice", listed(_twice(sign, a, number))),
        ),
        (
            f"each row is a view, and `{sign}=` writes through it.",
            "each time the name `row` gets a new array, and the row of `a` stays as it is.",
        ),
    )


def _function(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    sign, result = _operation(rng, a, number)
    line = _line(rng, "x", sign, number)
    case = _either(
        ("", line, "a"),
        a,
        result,
        (
            "arguments-are-copied",
            Wrong("arguments-are-read-only", raises="ValueError"),
            Wrong("two-names-change-twice", listed(_twice(sign, a, number))),
        ),
        (
            f"`x` is another name of the same array, and `{sign}=` writes into it.",
            "the name `x` moves to a new array, and `a` still stands for the old one.",
        ),
    )
    return msgspec.structs.replace(case, code=f"def change(x):\n    {line}\n\n{given}\nchange(a)")


def _fraction(rng: "np.random.Generator") -> _Case:
    given, a, number = _drawn(rng)
    half = 2 if number % 2 else 4
    line, exact = (
        (f"a /= {half}", a / half)
        if is_chosen(rng, 0.4)
        else (f"a += {number}.5", a + number + 0.5)
    )
    return _Case(
        f"{given}\nb = a\n{line}",
        "b",
        a,
        (
            Wrong("in-place-changes-the-dtype", listed(exact)),
            Wrong("in-place-truncates", listed(exact.astype(int))),
            Wrong("in-place-makes-a-new-array", listed(a)),
        ),
        "It raises `UFuncTypeError`, a kind of `TypeError`: `a` has an integer dtype, and a float "
        "result cannot be written into it.",
        "UFuncTypeError",
    )


def _growth(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    given, a, number = _drawn(rng)
    column = np.array([[number], [number + 1]])
    return _Case(
        f"{given}\na += np.array({column.tolist()})",
        "a",
        a,
        (
            Wrong("in-place-grows-the-output", listed(a + column)),
            Wrong("in-place-uses-the-first-row", listed((a + column)[0])),
            Wrong("in-place-makes-a-new-array", listed(a)),
        ),
        f"It raises `ValueError`: the sum would have the shape `{(2, len(a))}`, and `a` keeps its "
        f"shape `{a.shape}`.",
        "ValueError",
    )


iadd_alias = Family(
    id="plus-equals-and-names",
    topic="memory",
    level=2,
    kind="predict",
    title="Operations in place, names and errors",
    make=_inplace,
    beliefs=tuple(_REASONS),
    covers=(8,),
    may_fail=True,
)
