"""Everything that NumPy prints for a value is that value, and no other."""

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bot.grading import grade_typed

Array = npt.NDArray[np.generic]

SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)
TENTHS = st.integers(-99_999, 99_999).map(lambda number: number / 10)
DTYPES = ["bool", "int8", "uint8", "int16", "int64", "uint64", "float32", "float64", "complex128"]
CODES = [*"?bBhHiIlLqQefdgFDGO", *"i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 S3 U3 U5".split()]  # noqa: SIM905 - reads best as a line
CODES += ["M8[D]", "m8[s]", ">i4", ">f8", ">U3", "i4,f8", "S", "U", "V8"]


def arrays() -> st.SearchStrategy[Array]:
    """Small arrays of integers, booleans, decimals, complex numbers and strings."""
    elements: list[tuple[str, st.SearchStrategy[object]]] = [
        ("int64", st.integers(-10_000, 10_000)),
        ("uint8", st.integers(0, 255)),
        ("int8", st.integers(-128, 127)),
        ("bool", st.booleans()),
        ("float64", TENTHS),
        ("float64", st.sampled_from([float("nan"), float("inf"), -1.5, 1e10, 2.5e-7])),
        ("float32", TENTHS.map(np.float32)),
        ("complex128", st.builds(complex, TENTHS, TENTHS)),
        ("U4", st.sampled_from(["a", "bc", "d e", "four"])),
    ]
    return st.one_of(*(hnp.arrays(dtype, SHAPES, elements=each) for dtype, each in elements))


def spellings(array: Array) -> Iterator[str]:
    """The array as NumPy prints it, with this or that option, and as nested lists."""
    yield str(array)
    yield repr(array)
    if array.dtype != np.float32:
        yield repr(array.tolist())
    yield np.array2string(array, separator=", ")
    yield np.array2string(array, separator=",", max_line_width=20)
    yield np.array2string(array, floatmode="unique")
    with np.printoptions(legacy="1.25"):
        yield repr(array)
    if array.ndim == 1:
        yield str(list(array))


@settings(max_examples=60)
@given(arrays())
def test_every_print_of_an_array_is_right(array: Array) -> None:
    """Any print of an array is right against any print of the same array as the key."""
    prints = list(spellings(array))
    refused = [
        (key, answer)
        for key in prints
        for answer in prints
        if grade_typed("array", key, answer).outcome != "right"
    ]
    assert [] == refused


@settings(max_examples=60)
@given(arrays(), arrays())
def test_no_print_of_another_array_is_right(array: Array, other: Array) -> None:
    """No print of one array is right against any print of another."""
    assume(str(array) != str(other) and not _equal(array, other))
    accepted = [
        (key, answer)
        for key in spellings(array)
        for answer in spellings(other)
        if grade_typed("array", key, answer).outcome == "right"
    ]
    assert [] == accepted


def _equal(array: Array, other: Array) -> bool:
    if array.shape != other.shape:
        return False
    if array.dtype.kind not in "iufc" or other.dtype.kind not in "iufc":
        return bool(array.tolist() == other.tolist())
    return bool(np.allclose(array, other, rtol=5e-3, atol=0, equal_nan=True))


@given(st.data())
def test_no_array_with_an_element_changed_is_right(data: st.DataObject) -> None:
    """One element more or less, or one of another value, makes another array."""
    array = data.draw(hnp.arrays("int64", SHAPES, elements=st.integers(-99, 99)))
    at = data.draw(st.integers(0, array.size - 1))
    other = array.copy()
    other.flat[at] += data.draw(st.integers(1, 9))
    assert "wrong" == grade_typed("array", repr(array), str(other)).outcome
    assert "wrong" == grade_typed("array", repr(array), repr(np.append(array, 1))).outcome
    assert "wrong" == grade_typed("array", str(array), str(array[None])).outcome


def _crossed(sign: str) -> Callable[[tuple[int, ...]], str]:
    return lambda shape: sign.join(map(str, shape)) or "()"


WRITTEN: list[Callable[[tuple[int, ...]], str]] = [
    str,
    lambda shape: str(list(shape)),
    lambda shape: f"torch.Size({list(shape)})",
    lambda shape: str(tuple(map(np.int64, shape))),
    lambda shape: f"shape = {shape}",
    lambda shape: f"`{shape}`",
    *map(_crossed, ("x", " x ", "×", "*", " by ", " ", ",", ", ")),
]
LENGTHS = st.lists(st.integers(0, 40), max_size=5).map(tuple)


@given(LENGTHS, LENGTHS, st.sampled_from(WRITTEN))
def test_a_shape_is_read_in_every_spelling_and_no_other_is(
    shape: tuple[int, ...], other: tuple[int, ...], write: Callable[[tuple[int, ...]], str]
) -> None:
    """A shape is right however it is written, as a shape and as a tuple; others are wrong."""
    expected = "right" if shape == other else "wrong"
    assert "right" == grade_typed("shape", str(shape), write(shape)).outcome
    assert "right" == grade_typed("tuple", str(shape), write(shape)).outcome
    assert expected == grade_typed("shape", str(shape), write(other)).outcome


@given(LENGTHS, LENGTHS, st.sampled_from(WRITTEN), st.sampled_from(WRITTEN))
def test_two_shapes_are_never_right(
    shape: tuple[int, ...],
    other: tuple[int, ...],
    first: Callable[[tuple[int, ...]], str],
    second: Callable[[tuple[int, ...]], str],
) -> None:
    """An answer that names two shapes is not right for either, whatever stands between."""
    assume(shape != other and shape and other)
    for between in (" or ", " / ", "; ", "\n", " maybe ", " vs "):
        hedged = f"{first(shape)}{between}{second(other)}"
        outcomes = {grade_typed("shape", str(key), hedged).outcome for key in (shape, other)}
        assert "right" not in outcomes, hedged


@pytest.mark.parametrize("code", CODES)
def test_every_print_of_a_dtype_is_right(code: str) -> None:
    """A dtype is right however NumPy prints it, and its own code is too."""
    dtype = np.dtype(code)
    prints = [str(dtype), repr(dtype), dtype.str if dtype.names is None else str(dtype), code]
    outcomes = {
        grade_typed("dtype", key, answer).outcome for key in prints[:2] for answer in prints
    }
    assert {"right"} == outcomes


@pytest.mark.parametrize("code", [*"?bBhHiIlLqQefdgFDGOpPnN", "i4", "f8", "c16", "f16", "S3", "U3"])
def test_a_dtype_is_right_exactly_when_numpy_says_so(code: str) -> None:
    """Two codes are the same answer when NumPy says that the dtypes are equal."""
    same = [other for other in CODES if np.dtype(code) == np.dtype(other)]
    keys = {other: str(np.dtype(other)) for other in CODES}
    assert same == [
        other for other in CODES if grade_typed("dtype", keys[other], code).outcome == "right"
    ]


@given(st.floats(allow_subnormal=False), st.sampled_from(["f8", "f4"]))
def test_every_print_of_a_number_is_right(value: float, code: str) -> None:
    """`str` and `repr`, as NumPy 1 and NumPy 2 print them, are the number."""
    with np.errstate(over="ignore"):
        scalar = np.dtype(code).type(value)
    for key in (str(scalar), repr(scalar)):
        for answer in (str(scalar), repr(scalar), repr(scalar).partition("(")[2][:-1]):
            assert "right" == grade_typed("number", key, answer).outcome


@given(st.floats(1e-6, 1e6), st.integers(3, 12))
def test_a_correctly_rounded_number_is_right(value: float, digits: int) -> None:
    """A key that is no whole number may be rounded to three or more significant digits."""
    assume(value != int(value))
    assert "right" == grade_typed("number", repr(value), f"{value:.{digits - 1}e}").outcome


@given(st.floats(1.001, 9.99), st.integers(3, 9), st.sampled_from([-1, 1]))
def test_a_wrongly_rounded_number_is_wrong(value: float, digits: int, step: int) -> None:
    """A last digit that is off by one is not the key."""
    off = f"{round(value, digits - 1) + step * 10.0 ** (1 - digits):.{digits - 1}f}"
    assume(abs(float(off) - value) > 0.6 * 10.0 ** (1 - digits))
    assert "wrong" == grade_typed("number", repr(value), off).outcome


@given(st.integers(-(2**64), 2**64), st.integers(1, 9))
def test_a_whole_number_must_be_exact(value: int, step: int) -> None:
    """An integer is right only when every digit is."""
    assert "right" == grade_typed("number", str(value), f"{value:_}").outcome
    assert "wrong" == grade_typed("number", str(value), str(value + step)).outcome


@given(st.sets(st.integers(-99, 99), min_size=1, max_size=6), st.randoms())
def test_a_set_may_come_in_any_order(values: set[int], random: Random) -> None:
    """Any order and any brackets are the set; a value less or twice is not."""
    shuffled = list(values)
    random.shuffle(shuffled)
    for answer in (str(values), str(shuffled), str(np.array(shuffled)), repr(np.array(shuffled))):
        assert "right" == grade_typed("set", str(values), answer).outcome
    assert "wrong" == grade_typed("set", str(values), str([*shuffled, shuffled[0]])).outcome
    assert "wrong" == grade_typed("set", str(values), str(shuffled[1:])).outcome
