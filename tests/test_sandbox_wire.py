"""Values on their way to a jailed process and back, and replies that nobody honest wrote."""

import json
import struct
import tracemalloc
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.sandbox import wire
from bot.sandbox.client import Ending
from bot.sandbox.job import Killed
from bot.sandbox.messages import outcome_of

DTYPES = st.one_of(
    arrays.integer_dtypes(),
    arrays.unsigned_integer_dtypes(),
    arrays.floating_dtypes(sizes=(16, 32, 64)),
    arrays.complex_number_dtypes(sizes=(64, 128)),
    arrays.boolean_dtypes(),
    arrays.datetime64_dtypes(),
)
ARRAYS = arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))


def there_and_back(value: object) -> Any:  # noqa: ANN401  # whatever it was
    """A result as it is read on the other side."""
    blobs: list[bytes] = []
    spec = wire.write_result(value, blobs)
    header, rest = wire.unpack(wire.pack(spec, blobs))
    return wire.read_result(header, rest)


@given(ARRAYS)
@settings(deadline=None)
def test_every_array_comes_back(array: np.ndarray) -> None:
    """With its dtype, shape and bytes."""
    back = there_and_back(array)
    assert (array.dtype, array.shape, array.tobytes()) == (back.dtype, back.shape, back.tobytes())


@given(ARRAYS, st.data())
@settings(deadline=None)
def test_every_input_arrives_as_it_lies_in_memory(array: np.ndarray, data: st.DataObject) -> None:
    """Turned, stepped over and reversed as the author left it, and writeable."""
    if array.ndim:
        axes = data.draw(st.permutations(range(array.ndim)))
        steps = data.draw(st.tuples(*[st.sampled_from([1, -1, 2, -2])] * array.ndim))
        array = array.transpose(axes)[tuple(slice(None, None, step) for step in steps)]
    blobs: list[bytes] = []
    spec = json.loads(json.dumps(wire.write_input(array, blobs)))
    _, rest = wire.unpack(wire.pack(None, blobs))
    copy = wire.read_input(spec, rest, {})
    assert array.tobytes() == copy.tobytes()
    if array.size:
        assert array.strides == copy.strides
    assert copy.flags.writeable
    assert not np.shares_memory(array, copy)


@given(
    st.recursive(st.integers() | st.floats() | st.booleans() | st.none(), st.lists, max_leaves=9)
)
def test_every_plain_value_comes_back(value: object) -> None:
    """Numbers in lists of lists, up to a depth; beyond it only what it was is told."""
    back = there_and_back(value)
    assert repr(value) == repr(back) or isinstance(back, wire.Other)


SPECS: list[object] = [
    ["array", "<f8", [10**12]],
    ["array", "<M8[0D]", [1]],
    ["array", ">M8[generic]", [1]],
    ["scalar", "<m8[2generic]"],
    ["array", "<m8[00Y]", [1]],
    ["array", "<f8", [2**62, 2**62, 16]],
    ["array", "<f8", [-1]],
    ["array", "<f8", [True]],
    ["array", "<f8", [1.5]],
    ["array", "<f8", [0] * 65],
    ["array", "<f8", [2**70, 0]],
    ["array", "|O", [1]],
    ["array", "O8", [0]],
    ["array", "<U999999999", [1]],
    ["array", "<U0", [10**9]],
    ["array", "|V8", [1]],
    ["array", "i4,O", [1]],
    ["array", "<f3", [1]],
    ["array", "<M8[zz]", [1]],
    ["array", "<M8[9999999999D]", [1]],
    ["scalar", "|O"],
    ["scalar", "<f8"],
    ["int", "9" * 5000],
    ["int", "1_0e"],
    ["float", "0x1p99999999999"],
    ["float", "nothing"],
    ["complex", "1", ["2"]],
    ["plain", "text"],
    ["plain", {"a": 1}],
    ["tuple", [["plain", None]] * 999],
    ["list", "abc"],
    ["other", 5],
    ["function", "eval"],
    ["scalar", "|U2"],
    ["scalar", "<M8"],
    ["array", "<m8", [0]],
    ["array", ">U1", [1]],
    [],
    None,
    {"value": 1},
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: json.dumps(spec)[:40])
def test_a_forged_result_is_unreadable(spec: object) -> None:
    """No size is believed, and nothing large is made of a few bytes."""
    tracemalloc.start()
    try:
        header, blobs = wire.unpack(wire.pack(spec, [b"\xff" * 4]))
        with pytest.raises(wire.Unreadable):
            wire.read_result(header, blobs)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.parametrize("text", [b"[] []", b"[]x", b"[", b"", b"\xff\xfe[\0]\0", b"\xff"])
def test_a_header_is_one_value_in_utf_8_and_nothing_else(text: bytes) -> None:
    """What stands before or behind it, or is not text, was written by nobody honest."""
    with pytest.raises(wire.Unreadable):
        wire.unpack(len(text).to_bytes(4, "big") + text)


def test_a_deep_reply_is_unreadable() -> None:
    """Brackets within brackets end nobody's process."""
    for text in (
        b"[" + b"[]," * 40_000 + b"0]",
        b"[" * 100_000,
        b'["list",[' * 50_000,
        b'["tuple",[' * 7 + b'["plain",null]' + b"]]" * 7,
    ):
        message = struct.pack(">I", len(text)) + text
        assert Killed("crash") == outcome_of(Ending(message), 1)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_are_an_outcome(reply: bytes, cases: int) -> None:
    """A reply can be anything at all."""
    assert outcome_of(Ending(reply), cases) == Killed("crash") or not cases


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.sampled_from(["value", "error", "changed", "array", "scalar", "<f8", "int", "1", "x"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["value", "changed", "error"]), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(JSON, st.binary(max_size=64))
@settings(max_examples=500)
def test_any_header_is_an_outcome(header: object, blob: bytes) -> None:
    """Nothing that it claims raises anything."""
    ending = Ending(wire.pack(header, [blob]))
    outcome = outcome_of(ending, 1)
    assert isinstance(outcome, Killed) or len(outcome) == 1


def test_a_text_of_no_letters_is_unreadable() -> None:
    """NumPy fails on codes that are none."""
    message = wire.pack([{"value": ["scalar", "<U1"], "changed": []}], [b"\xff" * 4])
    assert Killed("crash") == outcome_of(Ending(message), 1)


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"[[[[]]]]," * 233_016 + b"0]",
        b"[" + b'{"error":["A",""]},' * 110_376 + b"0]",
        b"[" + b'{"value":["int","1"],"changed":[]},' * 50_000 + b"0]",
    ],
    ids=["brackets", "errors", "values"],
)
def test_a_long_reply_is_refused_at_once(text: bytes) -> None:
    """Whatever is in two megabytes of it keeps nobody waiting."""
    message = struct.pack(">I", len(text)) + text
    begun = perf_counter()
    assert Killed("crash") == outcome_of(Ending(message), 6)
    assert perf_counter() - begun < 0.05
