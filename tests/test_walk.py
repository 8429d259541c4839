"""Every name that the gate lets through is called with everything: nothing else comes of it."""

import io
import itertools
import types
import warnings
from collections.abc import Iterator

import numpy as np

from bot.sandbox import vocabulary as words
from bot.sandbox.gate import check
from bot.sandbox.refusal import Refusal
from bot.sandbox.rules import Rules
from tests.parts import in_parts

RULES = Rules(("a", "b", "n", "m"))


def names() -> dict[str, object]:
    """Inputs of several kinds."""
    return {
        "np": np,
        "a": np.arange(12.0).reshape(3, 4),
        "b": np.array([3, 1, 2]),
        "n": 2,
        "m": np.array([[2.0, 1.0], [1.0, 3.0]]),
    }


ARGUMENTS = (
    *("", "a", "b", "m", "n", "b, b", "a, n", "a, a", "m, m", "b, n", "n, a", "a.shape", "b, b, b"),
    *("a > 1, a", "a > 1, a, 0", "[a, a]", "[b, b]", "(2, 3)", "'f4'", "b, 'f4'", "a, (1, 0)"),
    *("'ij->j', a", "b, (b, b)", "a, 1, 0", "a, b[:2], 1", "[b > 1], [b]", "b, [b, b, b]", "0, n"),
    *("a, float", "float", "np.int8, np.float64", "'2026-01-01'", "b.astype(np.uint8)", "1, 2, 3"),
    *("0, 5, n", "b * 1j", "a == a", "b, -b, b, 0, 1", "(2, 2), n", "m, b[:2]"),
)
KEYWORDS = (
    *("", "axis=0", "axis=None", "keepdims=True", "dtype=float", "dtype='c16'", "mode='wrap'"),
    *(
        "mode='edge'",
        "indexing='ij'",
        "copy=None",
        "order='F'",
        "where=True, initial=1",
        "ord='fro'",
    ),
    *("return_index=True, return_counts=True", "retstep=True", "full_matrices=False", "subok=True"),
)
"""What every name is called with, one after the other."""

SAFE = (np.ndarray, np.generic, bool, int, float, complex, str, np.dtype, np.finfo, np.iinfo, range)


def unsafe(value: object, inputs: dict[str, object], depth: int = 0) -> str:
    """What of a value must not be there; empty where all may."""
    if value is None:
        return ""
    if isinstance(value, tuple | list) and depth < 6:
        return next((found for one in value if (found := unsafe(one, inputs, depth + 1))), "")
    if isinstance(value, types.ModuleType | types.FunctionType | type | io.IOBase):
        return f"a {type(value).__name__}"
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            return "an array of objects"
        return outside(value, inputs)
    if isinstance(value, np.flatiter):
        return ""
    return "" if isinstance(value, SAFE) else f"a {type(value).__name__}"


def outside(array: np.ndarray, inputs: dict[str, object]) -> str:
    """Whether an array shows memory that neither its owner nor an input has."""
    low, high = np.lib.array_utils.byte_bounds(array)
    owner = array
    while owner.base is not None:
        owner = owner.base  # a view of windows has one that only holds the array behind it
    if not isinstance(owner, np.ndarray):
        return "memory of no array"
    owners = [owner, *(value for value in inputs.values() if isinstance(value, np.ndarray))]
    bounds = [np.lib.array_utils.byte_bounds(one) for one in owners]
    within = not array.size or any(first <= low and high <= last for first, last in bounds)
    return "" if within else "memory of somebody else"


def ran(source: str) -> tuple[bool, str]:
    """Whether a source was let through, and what of its value must not be there."""
    try:
        check(source, RULES)
    except Refusal:
        return False, ""
    inputs = names()
    try:
        value = eval(source, dict(inputs))  # noqa: S307  # the gate has let it through
    except Exception:  # noqa: BLE001  # most calls make no sense
        return True, ""
    return True, unsafe(value, inputs)


def calls(path: str) -> Iterator[str]:
    """A name with all arguments and keywords."""
    for arguments, keywords in itertools.product(ARGUMENTS, KEYWORDS):
        yield f"{path}({', '.join(filter(None, (arguments, keywords)))})"


def paths() -> list[str]:
    """Every function that may be called, as it is written."""
    found = [f"np.{name}" for name in sorted(words.FUNCTIONS | words.DTYPES | words.UFUNCS)]
    found += [f"np.{name}.{one}" for name in ("add", "maximum") for one in words.UFUNC_METHODS]
    found += [f"np.linalg.{name}" for name in sorted(words.LINALG)]
    found += [f"np.fft.{name}" for name in sorted(words.FFT)]
    found += [f"{one}.{name}" for one in ("a", "b") for name in sorted(words.METHODS)]
    return [*found, *sorted(words.DOTTED), *sorted(words.CALLED)]


@in_parts(8)
def test_no_call_gives_more_than_numbers(part: slice) -> None:
    """No module, function, type, file, array of objects or foreign memory comes of any call."""
    found, passed = [], 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for path in paths():
            for source in [*calls(path)][part]:
                through, fault = ran(source)
                passed += through
                if fault:
                    found.append(f"{source}: {fault}")
    assert [] == found
    assert passed > 1_000


def test_no_attribute_gives_more_than_numbers() -> None:
    """Nor of any attribute of what an answer can have in its hands."""
    things: tuple[str, ...]
    things = ("a", "b", "n", "a.dtype", "a.flat", "np.finfo(float)", "np.iinfo(int)", "a[0]")
    things += (
        "np.dtype('f4')",
        "np.unique_all(b)",
        "np.linalg.svd(m)",
        "np.linalg.qr(m)",
        "range(3)",
    )
    every = {name for thing in things for name in dir(eval(thing, names()))}  # noqa: S307  # ours
    allowed = set()
    for thing, name in itertools.product(things, sorted(every)):
        through, fault = ran(f"{thing}.{name}")
        assert "" == fault, f"{thing}.{name}"
        if through:
            allowed.add(name)
    assert allowed <= words.PROPERTIES | words.OF_LIMITS | words.OF_DTYPE | words.OF_RESULTS


def test_no_other_name_of_numpy_is_let_through() -> None:
    """All of NumPy's public names that are not listed are refused, called or not."""
    listed = words.FUNCTIONS | words.UFUNCS | words.DTYPES | words.CONSTANTS | words.SUBSCRIPTED
    others = {name for name in dir(np) if name not in listed}
    assert {"load", "save", "empty", "ndarray", "random", "lib", "frombuffer"} <= others
    for name in sorted(others):
        for source in (f"np.{name}", f"np.{name}()", f"np.{name}(a)", f"np.{name}[0]"):
            assert (False, "") == ran(source), source


def test_the_walk_would_see_what_must_not_be_there() -> None:
    """The test of the test: each kind of fault is found."""
    inputs = names()
    inside = np.zeros(99)[10:20]
    for value in (
        *(np, len, np.sum, np.float64, np.zeros(3).sum, io.BytesIO()),
        *(np.array([None]), [1, (np.array(["x"], dtype=object),)]),
        np.lib.stride_tricks.as_strided(np.zeros(3), (99,), (8,)),
    ):
        assert unsafe(value, inputs), value
    assert "" == unsafe((inputs["a"], 1, None, [2.0], inside), inputs)
