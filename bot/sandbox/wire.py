"""Values on their way to a jailed process and back: JSON, then the arrays' bytes.

Both sides use this file, so it needs NumPy and nothing of ours. What comes back was made by
code that nobody trusts: it is never unpickled, no size that it claims is believed, and what
does not add up is Unreadable.
"""

import ctypes
import json
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MOST_BYTES = 2**20
"""Bytes of a reply."""

MOST_PARTS = 200
"""Arrays and numbers of one result."""

DEEPEST = 4
MOST_AXES = 32
LONGEST_INT = 40
LONGEST_HEADER = 2**17
"""Bytes; no honest reply describes so much."""

KINDS = frozenset("biufcmMSU")

Spec = list[Any]
"""A value's description in JSON; the bytes of arrays come in the same order after it."""


_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode


class Unreadable(ValueError):
    """A message that no honest process writes."""


def pack(header: object, blobs: list[bytes]) -> bytes:
    """A message: its header's length, the header, and bytes."""
    text = _encode(header).encode()
    return b"".join([struct.pack(">I", len(text)), text, *blobs])


def unpack(message: bytes) -> tuple[Any, "Blobs"]:
    """The header of a message, and the bytes that follow. Raises Unreadable."""
    try:
        (length,) = struct.unpack_from(">I", message)
        if length > LONGEST_HEADER:
            raise Unreadable("a header without end")
        text = message[4 : 4 + length].decode()
        header, end = _decode(text)
    except (struct.error, ValueError, RecursionError) as error:
        raise Unreadable("no header") from error
    if end != len(text):
        raise Unreadable("more than a header")
    return header, Blobs(message, 4 + length)


class Blobs:
    """The bytes after a header, taken one piece after the other."""

    def __init__(self, message: bytes, start: int) -> None:
        self._message = message
        self._at = start

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises Unreadable where there are fewer."""
        end = self._at + size
        if size < 0 or end > len(self._message):
            raise Unreadable("bytes are missing")
        piece = self._message[self._at : end]
        self._at = end
        return piece


# -- inputs: from the bot, which is trusted


def write_input(value: object, blobs: list[bytes]) -> Spec:
    """Describe an input; an array keeps its strides. Raises TypeError for what cannot be one."""
    match value:
        case np.ndarray():
            return _write_layout(value, blobs)
        case np.generic():
            blobs.append(value.tobytes())
            return ["scalar", value.dtype.str]
        case bool() | str() | None:
            return ["plain", value]
        case int():
            return ["int", str(value)]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case tuple() | list():
            return [type(value).__name__, [write_input(one, blobs) for one in value]]
    if callable(value):
        return ["function", getattr(value, "__name__", "")]
    message = f"an input cannot be a {type(value).__name__}"
    raise TypeError(message)


def _write_layout(array: Any, blobs: list[bytes]) -> Spec:  # an ndarray
    """An array with the memory that it spans, so that its copy lies in memory as it does."""
    if array.dtype.hasobject:
        raise TypeError("an input cannot be an array of objects")
    before = size = 0
    if array.size:
        steps = [
            stride * (length - 1) for length, stride in zip(array.shape, array.strides, strict=True)
        ]
        before = -sum(step for step in steps if step < 0)
        size = before + sum(step for step in steps if step > 0) + array.itemsize
        blobs.append(ctypes.string_at(array.__array_interface__["data"][0] - before, size))
    kind = array.dtype.descr if array.dtype.names else array.dtype.str
    return ["array", kind, list(array.shape), list(array.strides), before, size]


def read_input(spec: Spec, blobs: Blobs, functions: Mapping[str, object]) -> Any:
    """The input that `write_input` described, with memory of its own."""
    match spec:
        case ["array", kind, shape, strides, before, size]:
            dtype = np.dtype(kind if isinstance(kind, str) else [tuple(field) for field in kind])
            if not size:
                return np.zeros(shape, dtype)
            memory = bytearray(blobs.take(size))
            return np.ndarray(shape, dtype, buffer=memory, offset=before, strides=strides)
        case ["scalar", kind]:
            dtype = np.dtype(kind)
            return np.frombuffer(blobs.take(dtype.itemsize), dtype)[0]
        case ["plain", value]:
            return value
        case ["int", text]:
            return int(text)
        case ["float", text]:
            return float.fromhex(text)
        case ["complex", real, imag]:
            return complex(float.fromhex(real), float.fromhex(imag))
        case ["tuple", parts]:
            return tuple(read_input(part, blobs, functions) for part in parts)
        case ["list", parts]:
            return [read_input(part, blobs, functions) for part in parts]
        case ["function", name]:
            return functions[name]
    raise Unreadable("no input")


# -- results: from the jailed process, which is not trusted


class Unsent(Exception):
    """A result that cannot be sent; the text says what it is."""


def write_result(value: object, blobs: list[bytes]) -> Spec:
    """Describe a result as far as it is one of numbers, dates and texts. Never raises Unsent."""
    budget = [MOST_PARTS, MOST_BYTES - sum(map(len, blobs))]
    before = len(blobs)
    try:
        return _write_part(value, blobs, budget, 0)
    except Unsent as unsent:
        del blobs[before:]
        return ["other", str(unsent)]


def _write_part(value: Any, blobs: list[bytes], budget: list[int], depth: int) -> Spec:
    budget[0] -= 1
    if budget[0] < 0 or depth > DEEPEST:
        raise Unsent("a list of many things")
    kind = type(value)
    if kind is np.ndarray or isinstance(value, np.generic):
        if value.dtype.kind not in KINDS or value.dtype.names:
            raise Unsent("an array of objects" if value.dtype.hasobject else "a structured array")
        array = np.asarray(value)
        if array.dtype.kind in "mM" and np.datetime_data(array.dtype)[0] == "generic":
            raise Unsent("a date without a unit")
        if not array.dtype.itemsize:
            array = array.astype(f"{array.dtype.kind}1")  # empty texts
        budget[1] -= array.nbytes
        if budget[1] < 0 or array.ndim > MOST_AXES:
            raise Unsent(f"an array of shape {array.shape}")
        blobs.append(array.tobytes())
        if kind is np.ndarray:
            return ["array", array.dtype.str, list(array.shape)]
        return ["scalar", array.dtype.str]
    if kind is bool or value is None:
        return ["plain", value]
    if kind is int and abs(value) < 10**LONGEST_INT:
        return ["int", str(value)]
    if kind is float:
        return ["float", value.hex()]
    if kind is complex:
        return ["complex", value.real.hex(), value.imag.hex()]
    if kind in (tuple, list) or (isinstance(value, tuple) and hasattr(value, "_fields")):
        name = "list" if kind is list else "tuple"
        return [name, [_write_part(one, blobs, budget, depth + 1) for one in value]]
    if isinstance(value, np.dtype):
        raise Unsent("a dtype")
    raise Unsent("a large number" if kind is int else f"a {kind.__name__}"[:60])


class Other:
    """A result that is no number, array or tuple of them; `kind` says what it is."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


def read_result(spec: object, blobs: Blobs) -> Any:
    """The result that a jailed process describes. Raises Unreadable."""
    return _read_part(spec, blobs, [MOST_PARTS], 0)


def _read_part(spec: object, blobs: Blobs, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > DEEPEST + 1:
        raise Unreadable("too many parts")
    match spec:
        case ["array", str() as kind, list() as shape]:
            return _read_array(kind, shape, blobs)
        case ["scalar", str() as kind]:
            return _read_array(kind, [], blobs)[()]
        case ["plain", None | bool() as value]:
            return value
        case ["int", str() as text] if len(text) <= LONGEST_INT + 1:
            return _number(int, text)
        case ["float", str() as text] if len(text) < 40:  # noqa: PLR2004  # as hex() writes it
            return _number(float.fromhex, text)
        case ["complex", str() as real, str() as imag] if len(real) + len(imag) < 80:  # noqa: PLR2004
            return complex(_number(float.fromhex, real), _number(float.fromhex, imag))
        case ["tuple", list() as parts]:
            return tuple(_read_part(part, blobs, budget, depth + 1) for part in parts)
        case ["list", list() as parts]:
            return [_read_part(part, blobs, budget, depth + 1) for part in parts]
        case ["other", str() as kind]:
            return Other("".join(sign if sign.isprintable() else " " for sign in kind[:60]))
    raise Unreadable("no result")


def _number(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise Unreadable("no number") from error


def _read_array(kind: str, shape: list[object], blobs: Blobs) -> Any:
    if not _DTYPE.fullmatch(kind) or len(shape) > MOST_AXES:
        raise Unreadable("no array")
    try:
        dtype = np.dtype(kind)
    except TypeError as error:
        raise Unreadable("no dtype") from error
    count = 1
    for length in shape:
        if type(length) is not int or length < 0:
            raise Unreadable("no shape")
        count *= length
        if length > MOST_BYTES * 8 or count > MOST_BYTES * 8:
            raise Unreadable("too large")
    if dtype.kind not in KINDS or (not dtype.itemsize and count):
        raise Unreadable("no dtype")
    data = blobs.take(count * dtype.itemsize)
    if dtype.kind == "U" and data:
        codes = np.frombuffer(data, f"{dtype.byteorder}u4".replace("|", "="))
        if codes.max() > _LAST_CODE:
            raise Unreadable("no text")
    try:
        return np.frombuffer(data, dtype).reshape(shape) if data else np.zeros(shape, dtype)
    except ValueError as error:
        raise Unreadable("no array") from error


_LAST_CODE = 0x10FFFF
# No unit of zero days: NumPy 2.4 divides by it, which ends the process. Nor dates without a unit,
# which no honest reply holds and no others can be compared with.
_DTYPE = re.compile(
    r"[<>|=]?(?:[biufcSU][0-9]{1,6}|[mM]8\[(?:[1-9][0-9]{0,5})?(?!generic)[A-Za-z]{1,7}\])"
)
