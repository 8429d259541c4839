"""Reads an expression part by part; every part is known, or the whole is refused."""

import ast
import re
from collections.abc import Iterable
from typing import NoReturn

import numpy as np

from bot.sandbox import vocabulary as words
from bot.sandbox.advice import instead, instead_of_keyword, near
from bot.sandbox.refusal import Refusal, place
from bot.sandbox.rules import Rules

_DATE = re.compile(r"NaT|[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.]{2,15})?)?)?")
_SUBSCRIPTS = re.compile(r"[A-Za-z,.> -]{1,60}")
_OPAQUE = frozenset(["dtype", "finfo", "iinfo", "result_type", "promote_types", "min_scalar_type"])
"""Functions whose values are no numbers: an array of them would be one of objects."""

MOST_POWER = 1000
"""The largest exponent that is written out: those of Python's integers know no limit."""

_NAMES = {
    ast.Lambda: "Functions of your own are", ast.ListComp: "Comprehensions are",
    ast.SetComp: "Comprehensions are", ast.DictComp: "Comprehensions are",
    ast.GeneratorExp: "Comprehensions are", ast.Starred: "`*` before an argument is",
    ast.JoinedStr: "f-strings are", ast.NamedExpr: "`:=` is", ast.Dict: "Dictionaries are",
    ast.Set: "Sets are", ast.Await: "`await` is", ast.Yield: "`yield` is",
    ast.YieldFrom: "`yield` is", ast.Slice: "A slice outside of an index is",
}  # fmt: skip

_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


class Reader:
    """Reads the expressions of one submission; each method raises Refusal or returns.

    `known` are the names of values so far: the inputs and, within a `solve`, what was assigned.
    """

    def __init__(self, rules: Rules, source: str) -> None:
        self.rules = rules
        self.known = set(rules.inputs)
        self._source = source

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Refuse the submission for one of its parts."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        raise Refusal(message, place(self._source, line, column))

    def whole(self, node: ast.expr) -> None:
        """Read what an answer consists of; it may also be a dtype, or tell of one."""
        if not self._opaque(node):
            self.value(node)

    def value(self, node: ast.expr) -> None:
        """Read what has a value that an array may hold."""
        match node:
            case ast.Constant():
                self._constant(node)
            case ast.Name():
                self._name(node)
            case ast.Attribute():
                self._attribute(node)
            case ast.Call():
                if _calls(node, _OPAQUE):
                    self.refuse(node, "A dtype belongs after `dtype=`, or in a comparison.")
                self._call(node)
            case ast.Subscript():
                self._subscript(node)
            case ast.Compare():
                self._compare(node)
            case ast.BinOp():
                self._operation(node)
            case ast.UnaryOp(operand=operand):
                self.value(operand)
            case ast.BoolOp(values=values):
                self._all(values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._all((test, body, orelse))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                self._all(elements)
            case _:
                self._unknown(node)

    def _all(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            self.value(node)

    def _operation(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Pow | ast.LShift):
            match node.right:
                case ast.Constant(value=int() as power) if power > MOST_POWER:
                    self.refuse(node.right, f"A power above {MOST_POWER} is not needed here.")
        self._all((node.left, node.right))

    def _unknown(self, node: ast.AST) -> NoReturn:
        what = _NAMES.get(type(node), "That is")
        rest = "; work on whole arrays at once" if isinstance(node, _LOOPS) else ""
        self.refuse(node, f"{what} not allowed{rest}.")

    # -- constants and names

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, str):
            known = value in words.DTYPE_STRINGS or value in words.WORDS
            if not (known or value in self.rules.fields or _DATE.fullmatch(value)):
                self.refuse(node, f"The string `{value[:20]!r}` is not needed in any answer.")
        elif value is None or value is ...:
            shown = "None" if value is None else "..."
            self.refuse(
                node, f"`{shown}` can stand in an index, or after a keyword such as `axis=`."
            )
        elif not isinstance(value, bool | int | float | complex):
            self.refuse(node, "Bytes are not needed in any answer.")

    def _name(self, node: ast.Name) -> None:
        name = node.id
        if name in self.known:
            return
        if name in self.rules.functions or name in words.CALLED:
            self.refuse(node, f"`{name}` is a function: call it, as in `{name}(…)`.")
        self._unknown_name(node, name)

    def _unknown_name(self, node: ast.AST, name: str) -> NoReturn:
        if name == "np":
            self.refuse(
                node, "`np` alone is no value. Name what you need of it, as in `np.sum(…)`."
            )
        help_ = instead(name)
        if help_:
            self.refuse(node, f"`{name}` is not allowed: {help_}.")
        close = near(name, {*self.known, *self.rules.functions, *words.CALLED})
        if close:
            self.refuse(node, f"There is no `{name}`. Did you mean `{close}`?")
        if name in words.FUNCTIONS | words.UFUNCS and hasattr(np, name):
            self.refuse(node, f"There is no `{name}`. Did you mean `np.{name}`?")
        names = ", ".join(f"`{one}`" for one in self.rules.inputs)
        self.refuse(node, f"There is no `{name[:30]}`. Your names are {names} and `np`.")

    def _allow(self, node: ast.AST, name: str) -> None:
        """Refuse a name that a puzzle does without."""
        if self.rules.only and name not in self.rules.only:
            listed = ", ".join(f"`{one}`" for one in sorted(self.rules.only))
            self.refuse(
                node, f"This puzzle does without `{name}`. It takes {listed} and operators."
            )

    # -- attributes

    def _attribute(self, node: ast.Attribute) -> None:
        path = dotted(node)
        if path is not None:
            self._constant_of_numpy(node, path)
            return
        name = node.attr
        if name in words.OF_LIMITS and _calls(node.value, {"finfo", "iinfo"}):
            self._opaque(node.value)
        elif name in words.OF_DTYPE and self._opaque(node.value):
            pass
        elif name == "dtype":
            self.refuse(node, "A dtype belongs after `dtype=`, or in a comparison.")
        elif name in words.PROPERTIES or name in words.OF_RESULTS:
            if name in words.PROPERTIES:
                self._allow(node, f".{name}")
            self.value(node.value)
        else:
            self._unknown_attribute(node)

    def _unknown_attribute(self, node: ast.Attribute) -> NoReturn:
        name = node.attr
        if name in words.METHODS:
            self.refuse(node, f"`.{name}` is a method: call it, as in `.{name}()`.")
        help_ = instead(name)
        if help_:
            self.refuse(node, f"`.{name}` is not allowed: {help_}.")
        close = near(name, words.METHODS | words.PROPERTIES)
        more = f" Did you mean `.{close}`?" if close else ""
        self.refuse(node, f"`.{name[:30]}` is not allowed.{more}")

    def _constant_of_numpy(self, node: ast.Attribute, path: str) -> None:
        name = path.removeprefix("np.")
        if name in words.CONSTANTS:
            self._allow(node, path)
        elif name in words.DTYPES:
            self.refuse(node, f"`{path}` is a type: it belongs after `dtype=` or in `.astype(…)`.")
        elif name in words.SUBSCRIPTED:
            self.refuse(node, f"`{path}` is indexed, as in `{path}[…]`.")
        elif self._is_function(path):
            self.refuse(node, f"`{path}` is a function: call it, as in `{path}(…)`.")
        else:
            self._unknown_of_numpy(node, path)

    def _unknown_of_numpy(self, node: ast.AST, path: str) -> NoReturn:
        last = path.rpartition(".")[2]
        help_ = instead(last)
        if help_:
            self.refuse(node, f"`{path}` is not allowed: {help_}.")
        close = near(last, words.FUNCTIONS | words.UFUNCS) or ""
        if close == last:
            self.refuse(node, f"This NumPy ({np.__version__}) has no `{path}`.")
        more = f" Did you mean `np.{close}`?" if close else ""
        self.refuse(node, f"`{path[:40]}` is not allowed.{more}")

    # -- dtypes

    def _opaque(self, node: ast.expr) -> bool:
        """Read what stands for a dtype or tells of one; false, and nothing read, for all else."""
        if isinstance(node, ast.Call) and _calls(node, _OPAQUE):
            self._call(node)
            return True
        if isinstance(node, ast.Attribute) and node.attr == "dtype" and dotted(node) is None:
            self._allow(node, ".dtype")
            self.value(node.value)
            return True
        return False

    def _dtype(self, node: ast.expr) -> None:
        """Read what stands where a dtype belongs."""
        if self._opaque(node):
            return
        match node:
            case ast.Name(id=name) if name in words.TYPES and name not in self.known:
                self._allow(node, name)
            case ast.Attribute() if (dotted(node) or "")[3:] in words.DTYPES:
                self._allow(node, str(dotted(node)))
            case ast.Constant(value=str() as text) if text in words.DTYPE_STRINGS:
                pass
            case ast.Constant(value=None):
                pass
            case _:
                self.refuse(node, "Here a dtype belongs, such as `float` or `np.int64`.")

    def _compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        if any(self._opaque(side) for side in sides):
            for side in sides:
                self._dtype(side)
        else:
            self._all(sides)

    # -- indexing

    def _subscript(self, node: ast.Subscript) -> None:
        path = dotted(node.value)
        if path is not None and path.removeprefix("np.") in words.SUBSCRIPTED:
            self._allow(node, path)
        else:
            self.value(node.value)
        self.index(node.slice)

    def index(self, node: ast.expr) -> None:
        """Read what stands between the brackets of an index."""
        match node:
            case ast.Tuple(elts=elements):
                for element in elements:
                    self.index(element)
            case ast.Slice(lower=lower, upper=upper, step=step):
                for bound in (lower, upper, step):
                    if bound is not None and not _is_none(bound):
                        self.value(bound)
            case ast.Constant(value=value) if value is None or value is ...:
                pass
            case _:
                self.value(node)

    # -- calls

    def step(self, node: ast.Call) -> None:
        """Read a call that stands alone as a step, and may write into an array."""
        path = dotted(node.func)
        if path is not None and (
            path.removeprefix("np.") in words.MUTATORS
            or (path.endswith(".at") and path[3:-3] in words.UFUNCS)
        ):
            self._allow(node, path)
            self._arguments(node, path)
        else:
            self._call(node)

    def _call(self, node: ast.Call) -> None:
        path = dotted(node.func)
        match node.func:
            case ast.Name(id=name):
                if name in self.rules.functions:
                    pass
                elif name in words.CALLED and name not in self.known:
                    self._allow(node.func, name)
                elif name in self.known:
                    self.refuse(node.func, f"`{name}` is no function; index it with `[…]`.")
                else:
                    self._unknown_name(node.func, name)
                path = name
            case ast.Attribute() if path is not None:
                if not self._is_function(path):
                    if path.removeprefix("np.") in words.MUTATORS:
                        help_ = instead(path.removeprefix("np.")) or "make a new array"
                        self.refuse(node.func, f"`{path}` gives no value: {help_}.")
                    self._unknown_of_numpy(node.func, path)
                self._allow(node.func, path)
            case ast.Attribute(value=value, attr=name):
                if name not in words.METHODS:
                    self._unknown_attribute(node.func)
                self._allow(node.func, f".{name}")
                self.value(value)
                path = f".{name}"
            case _:
                self.refuse(node.func, "Only a function with a name can be called.")
        self._arguments(node, path)

    def _is_function(self, path: str) -> bool:
        """Whether `np.…` is a function that may be called, and that this NumPy has."""
        match path.split("."):
            case [_, name]:
                known = name in words.FUNCTIONS | words.UFUNCS | words.DTYPES
                return known and hasattr(np, name)
            case [_, "linalg", name]:
                return name in words.LINALG and hasattr(np.linalg, name)
            case [_, "fft", name]:
                return name in words.FFT
            case [_, name, method]:
                return name in words.UFUNCS and method in words.UFUNC_METHODS
        return path in words.DOTTED

    def _arguments(self, node: ast.Call, path: str) -> None:
        name = path.removeprefix("np.").removeprefix(".")
        for place_, argument in enumerate(node.args):
            if _takes_dtype(path, name, place_):
                self._dtype(argument) if name not in words.DTYPE_ALL else self._either(argument)
            elif (name == "einsum" and place_ == 0 and _is_subscripts(argument)) or (
                name == "clip" and _is_none(argument)
            ):
                pass
            else:
                self.value(argument)
        for keyword in node.keywords:
            self._keyword(keyword, name if path.startswith("np.") else "")

    def _either(self, node: ast.expr) -> None:
        """Read an argument that is a dtype or a value."""
        try:
            self._dtype(node)
        except Refusal:
            self.value(node)

    def _keyword(self, keyword: ast.keyword, function: str) -> None:
        name = keyword.arg
        if name is None:
            self.refuse(keyword, "`**` before an argument is not allowed.")
        if name not in words.KEYWORDS or (name == "where" and function in words.UFUNCS):
            help_ = instead_of_keyword(name)
            self.refuse(keyword, f"`{name}=` is not allowed{': ' if help_ else ''}{help_}.")
        if name == "dtype":
            self._dtype(keyword.value)
        elif not (_is_none(keyword.value) and name in words.NONE_FOR):
            self.value(keyword.value)


def dotted(node: ast.AST) -> str | None:
    """The whole name `np.linalg.norm` of a chain of attributes that begins at `np`, if it does."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not (isinstance(node, ast.Name) and node.id == "np"):
        return None
    return ".".join(["np", *reversed(names)]) if names else None


def _calls(node: ast.AST, names: Iterable[str]) -> bool:
    """Whether a node calls one of these functions of NumPy."""
    if not isinstance(node, ast.Call):
        return False
    path = dotted(node.func)
    return path is not None and path.removeprefix("np.") in names


def _takes_dtype(path: str, name: str, place_: int) -> bool:
    if path.startswith("."):
        return name in words.DTYPE_METHODS and place_ == 0
    return path.startswith("np.") and (
        name in words.DTYPE_ALL or words.DTYPE_AT.get(name) == place_
    )


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_subscripts(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _SUBSCRIPTS.fullmatch(node.value) is not None
    )
