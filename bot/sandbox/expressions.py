"""Reads an expression part by part; every part is known, or the whole is refused."""

import ast
from collections.abc import Iterable
from typing import NoReturn

from bot.sandbox import vocabulary as words
from bot.sandbox.calls import Calls
from bot.sandbox.syntax import calls, dotted, is_function, is_none, is_opaque, quoted, whole_number

MOST_POWER = 1000
"""The largest exponent that is written out: those of Python's integers know no limit."""

LARGEST = 2**64 - 1
"""An array of larger integers would be one of objects."""

_NAMES = {
    ast.Lambda: "Functions of your own are", ast.ListComp: "Comprehensions are",
    ast.SetComp: "Comprehensions are", ast.DictComp: "Comprehensions are",
    ast.GeneratorExp: "Comprehensions are", ast.Starred: "`*` before an argument is",
    ast.JoinedStr: "f-strings are", ast.NamedExpr: "`:=` is", ast.Dict: "Dictionaries are",
    ast.Set: "Sets are", ast.Await: "`await` is", ast.Yield: "`yield` is",
    ast.YieldFrom: "`yield` is", ast.Slice: "A slice outside of an index is",
}  # fmt: skip

_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


class Reader(Calls):
    """Reads the expressions of a submission."""

    def whole(self, node: ast.expr) -> None:
        """Read what an answer consists of; unlike its parts it may be any Python object."""
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if (
                name in words.LAST_METHODS and dotted(node.func) is None
            ):
                self._allow(node.func, f".{name}")
                self.value(value)
                self._arguments(node, f".{name}")
            case _:
                if not (self._opaque(node) or self._of_dtype(node)):
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
                if is_opaque(node):
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
        power = whole_number(node.right) if isinstance(node.op, ast.Pow | ast.LShift) else None
        if power is not None and power > MOST_POWER:
            self.refuse(node.right, f"A power above {MOST_POWER} is not needed here.")
        result = whole_number(node)
        if result is not None and abs(result) > LARGEST:
            self.refuse(node, "Numbers beyond 64 bits are not needed here.")
        self._all((node.left, node.right))

    def _unknown(self, node: ast.AST) -> NoReturn:
        what = _NAMES.get(type(node), "That is")
        loops = isinstance(node, _LOOPS)
        rest = "; work on whole arrays at once" if loops else "; write it in another way"
        self.refuse(node, f"{what} not allowed{rest}.")

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, str):
            self.refuse(node, f"The string {quoted(value)} is not needed there: take it out.")
        elif value is None or value is ...:
            shown = "None" if value is None else "..."
            self.refuse(
                node, f"`{shown}` can stand in an index, or after a keyword such as `axis=`."
            )
        elif isinstance(value, int) and abs(value) > LARGEST:
            self.refuse(node, "Numbers beyond 64 bits are not needed here.")
        elif not isinstance(value, bool | int | float | complex):
            self.refuse(node, "Bytes are not needed in any answer: take them out.")

    def _name(self, node: ast.Name) -> None:
        name = node.id
        if name in self.known:
            return
        if name in self.rules.functions or name in words.CALLED:
            self.refuse(node, f"`{name}` is a function: call it, as in `{name}(…)`.")
        self._unknown_name(node, name)

    def _attribute(self, node: ast.Attribute) -> None:
        path = dotted(node)
        if path is not None:
            self._constant_of_numpy(node, path)
            return
        name = node.attr
        if name in words.OF_LIMITS and calls(node.value, {"finfo", "iinfo"}):
            self._opaque(node.value)
        elif name == "dtype" or (name in words.OF_DTYPE and is_opaque(node.value)):
            self.refuse(node, "A dtype belongs after `dtype=`, or in a comparison.")
        elif name in words.PROPERTIES or name in words.OF_RESULTS:
            if name in words.PROPERTIES:
                self._allow(node, f".{name}")
            self.value(node.value)
        else:
            self._unknown_attribute(node)

    def _constant_of_numpy(self, node: ast.Attribute, path: str) -> None:
        name = path.removeprefix("np.")
        if name in words.CONSTANTS:
            self._allow(node, path)
        elif name in words.DTYPES:
            self.refuse(node, f"`{path}` is a type: it belongs after `dtype=` or in `.astype(…)`.")
        elif name in words.SUBSCRIPTED:
            self.refuse(node, f"`{path}` is indexed, as in `{path}[…]`.")
        elif is_function(path):
            self.refuse(node, f"`{path}` is a function: call it, as in `{path}(…)`.")
        else:
            self._unknown_of_numpy(node, path)

    def _compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        of_dtypes = any(map(is_opaque, sides))
        for side in sides:
            if of_dtypes:
                self._dtype(side)
            elif not self._of_dtype(side):
                self._argument(side)

    def _subscript(self, node: ast.Subscript) -> None:
        path = dotted(node.value)
        if path is not None and path.removeprefix("np.") in words.SUBSCRIPTED:
            self._allow(node, path)
            for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
                self._slice(part)
        else:
            self.value(node.value)
            self.index(node.slice)

    def index(self, node: ast.expr) -> None:
        """Read what stands between the brackets of an index."""
        match node:
            case ast.Tuple(elts=elements):
                for element in elements:
                    self.index(element)
            case ast.Constant(value=value) if value is None or value is ...:
                pass
            case ast.List(elts=[ast.Constant(value=str()), *_] as names):
                for name in names:
                    self._field(name)
            case ast.Constant(value=str()):
                self._field(node)
            case _:
                self._slice(node)

    def _field(self, node: ast.expr) -> None:
        """Read the name of a field of a structured input."""
        if not (isinstance(node, ast.Constant) and node.value in self.rules.fields):
            names = ", ".join(f"`{name!r}`" for name in sorted(self.rules.fields))
            self.refuse(node, f"The fields are {names}." if names else "There are no fields here.")

    def _slice(self, node: ast.expr) -> None:
        if not isinstance(node, ast.Slice):
            self.value(node)
            return
        for bound in (node.lower, node.upper, node.step):
            if bound is not None and not is_none(bound):
                self.value(bound)
