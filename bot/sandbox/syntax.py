"""What a piece of syntax is, seen without reading all of it."""

import ast
import operator
import re
from collections.abc import Iterable

import numpy as np

from bot.sandbox import vocabulary as words

_SUBSCRIPTS = re.compile(r"[A-Za-z,.> -]{1,60}")
_OPAQUE = frozenset(["dtype", "finfo", "iinfo", "result_type", "promote_types"])
"""Functions whose values are no numbers: an array of them would be one of objects."""

_OF_NUMPY = words.FUNCTIONS | words.UFUNCS | words.DTYPES
_MANY, _MOST_OF_FFT = 99, 4


def dotted(node: ast.AST) -> str | None:
    """The whole name `np.linalg.norm` of a chain of attributes that begins at `np`, if it does."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not (isinstance(node, ast.Name) and node.id == "np"):
        return None
    return ".".join(["np", *reversed(names)]) if names else None


def is_opaque(node: ast.AST) -> bool:
    """Whether a node stands for a dtype, or for what tells of one."""
    if isinstance(node, ast.Attribute):
        return node.attr == "dtype" and dotted(node) is None
    return calls(node, _OPAQUE)


def calls(node: ast.AST, names: Iterable[str]) -> bool:
    """Whether a node calls one of these functions of NumPy."""
    if not isinstance(node, ast.Call):
        return False
    path = dotted(node.func)
    return path is not None and path.removeprefix("np.") in names


def is_function(path: str) -> bool:
    """Whether `np.…` is a function that may be called, and that this NumPy has."""
    match path.split("."):
        case [_, name]:
            return name in _OF_NUMPY and hasattr(np, name)
        case [_, "linalg", name]:
            return name in words.LINALG and hasattr(np.linalg, name)
        case [_, "fft", name]:
            return name in words.FFT
        case [_, name, method]:
            return name in words.UFUNCS and method in words.UFUNC_METHODS
    return path in words.DOTTED


def takes_dtype(path: str, name: str, place_: int) -> bool:
    """Whether an argument in that place is a dtype."""
    if path.startswith("."):
        return name in words.DTYPE_METHODS and place_ == 0
    return path.startswith("np.") and words.DTYPE_AT.get(name) == place_


def most_positional(path: str, name: str) -> int:
    """How many arguments may stand without a keyword."""
    if path.startswith("."):
        return words.MOST_POSITIONAL_OF_METHODS.get(name, _MANY)
    if path == f"np.{name}" and name in words.UFUNCS:
        ufunc: np.ufunc = getattr(np, name)
        return ufunc.nin
    if path.startswith("np.fft."):
        return _MOST_OF_FFT
    return words.MOST_POSITIONAL.get(name, _MANY) if path.startswith("np.") else _MANY


def is_none(node: ast.AST) -> bool:
    """Whether it is `None`, written out."""
    return isinstance(node, ast.Constant) and node.value is None


def is_subscripts(node: ast.AST) -> bool:
    """Whether it is a string such as `"ij,jk->ik"`."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _SUBSCRIPTS.fullmatch(node.value) is not None
    )


def quoted(text: str) -> str:
    """A string as a sentence shows it."""
    shown = text[:20].replace("`", "'")
    return f'`"{shown}"`'


_WHOLE = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
}
_LONGEST_POWER, _LONGEST_BASE = 1000, 2**64


def whole_number(node: ast.AST) -> int | None:
    """The integer that written-out integers come to; None for all else, and for larger powers."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = whole_number(operand)
            return None if found is None else -found
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _WHOLE:
            one, other = whole_number(left), whole_number(right)
            if one is None or other is None or abs(one) > _LONGEST_BASE:
                return None
            if isinstance(op, ast.Pow | ast.LShift) and not 0 <= other <= _LONGEST_POWER:
                return None
            return int(_WHOLE[type(op)](one, other))
    return None
