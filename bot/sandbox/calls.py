"""Reads calls: which function, and which arguments it may have."""

import ast
import re

from bot.sandbox import vocabulary as words
from bot.sandbox.advice import instead, instead_of_keyword
from bot.sandbox.dtypes import Dtypes
from bot.sandbox.syntax import (
    dotted,
    is_function,
    is_none,
    is_opaque,
    is_subscripts,
    most_positional,
    quoted,
    takes_dtype,
)

_DATE_AND_TIME = re.compile(r"NaT|[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.]{2,15})?)?)?")


_MODE_OF_PAD = 2


class Calls(Dtypes):
    """Only functions with a name are called, and none of them writes where it should not."""

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
                if not is_function(path):
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

    def _arguments(self, node: ast.Call, path: str) -> None:
        name = path.rpartition(".")[2]
        most = most_positional(path, name)
        for beyond in node.args[most:]:
            # A ufunc writes into it, and a changed input is told.
            if not (isinstance(beyond, ast.Name) and path == f"np.{name}" and name in words.UFUNCS):
                self.refuse(beyond, f"Give this argument of `{path}` by its keyword.")
        for place_, argument in enumerate(node.args):
            if takes_dtype(path, name, place_):
                self._dtype_argument(argument, path)
            elif name in words.DTYPE_ALL and path.startswith("np."):
                self._either(argument)
            elif name in words.UNITS_OF and place_ == 1:
                self._literal(argument, f"the unit of `{path}`")
            elif _is_its_own(name, place_, argument):
                pass
            elif name == "pad" and place_ == _MODE_OF_PAD:
                self._literal(argument, "the mode of `np.pad`")
            elif _takes_word(path, name, place_):
                self._argument(argument)
            elif name in words.MAKES_DATES and _is_of_dates(node):
                self._dates(argument)
            else:
                self.value(argument)
        for keyword in node.keywords:
            self._keyword(keyword, name)

    def _dates(self, node: ast.expr) -> None:
        """Read what an array of dates is made of: they are not texts for a moment."""
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    self._dates(element)
            case ast.Constant(value=str() as text) if _DATE_AND_TIME.fullmatch(text):
                pass
            case _:
                self.value(node)

    def _dtype_argument(self, node: ast.expr, path: str) -> None:
        """Read a dtype; that of another array only where nothing is read anew as something else."""
        if path.endswith("view") and is_opaque(node):
            self.refuse(node, "Write out which dtype the memory is to be read as.")
        self._dtype(node)

    def _literal(self, node: ast.expr, what: str) -> None:
        """Read what has to be written out, so that it cannot be put together from pieces."""
        if not isinstance(node, ast.Constant):
            self.refuse(node, f"Write out {what}.")
        if node.value is not None:
            self._argument(node)

    def _argument(self, node: ast.expr) -> None:
        """Read an argument: unlike other values it may be a string that is written out."""
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            self.value(node)
        elif not (
            node.value in words.DTYPE_STRINGS
            or node.value in words.WORDS
            or node.value in self.rules.fields
            or _DATE_AND_TIME.fullmatch(node.value)
        ):
            self.refuse(node, f"The string {quoted(node.value)} is not needed in any answer.")

    def _keyword(self, keyword: ast.keyword, function: str) -> None:
        name, value = keyword.arg, keyword.value
        if name is None:
            self.refuse(keyword, "`**` before an argument is not allowed.")
        gaps = name == "where" and function not in words.REDUCTIONS | words.MUTATORS
        if name not in words.KEYWORDS or gaps:
            help_ = instead_of_keyword(name)
            self.refuse(keyword, f"`{name}=` is not allowed{': ' if help_ else ''}{help_}.")
        if name in words.LITERAL:
            self._literal(value, f"what `{name}=` is")
        elif name == "dtype":
            self._dtype_argument(value, function)
        elif is_none(value) and name in words.NONE_FOR:
            pass
        elif name in words.WORDY:
            self._argument(value)
        else:
            self.value(value)


def _is_its_own(name: str, place_: int, argument: ast.expr) -> bool:
    """Whether an argument is what only this function takes."""
    if name == "einsum":
        return place_ == 0 and is_subscripts(argument)
    return name == "clip" and is_none(argument)


def _takes_word(path: str, name: str, place_: int) -> bool:
    """Whether a string may stand there: not where a function takes the array to work on."""
    if name not in words.TAKES_WORDS or "." not in path:
        return False
    return path.startswith(".") or place_ > 0 or name in words.TAKES_DATES


def _is_of_dates(node: ast.Call) -> bool:
    """Whether a call that makes an array says that it is one of dates or time spans."""
    given = [keyword.value for keyword in node.keywords if keyword.arg == "dtype"]
    match given or node.args[1:2]:
        case [ast.Constant(value=str() as name)]:
            return name.lstrip("<").startswith(("M8", "m8", "datetime64", "timedelta64"))
        case [ast.Attribute() as attribute]:
            return dotted(attribute) in {"np.datetime64", "np.timedelta64"}
    return False
