"""Reads a `solve`: a few steps in a row, no loop, nothing kept for later."""

import ast
import re
from collections.abc import Sequence

from bot.sandbox import vocabulary as words
from bot.sandbox.expressions import Reader
from bot.sandbox.rules import Rules

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_TAKEN = frozenset({"np", "solve"}) | words.CALLED | words.TYPES

_REASONS = {
    ast.For: "Loops are not allowed. Work on whole arrays at once.",
    ast.While: "Loops are not allowed. Work on whole arrays at once.",
    ast.Import: "Imports are not allowed; `np` is there already.",
    ast.ImportFrom: "Imports are not allowed; `np` is there already.",
    ast.FunctionDef: "A function within `solve` is not allowed: write its steps out.",
    ast.Global: "`global` is not allowed: use a name of your own.",
    ast.Delete: "`del` is not allowed, and not needed: leave it out.",
    ast.With: "`with` is not allowed: write the steps without it.",
    ast.Try: "`try` is not allowed: write code that does not fail.",
}


def read_solve(reader: Reader, tree: ast.Module, rules: Rules) -> None:
    """Read a whole submission that defines `solve`; raises Refusal."""
    head = f"def solve({', '.join(rules.inputs)}):"
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        first = tree.body[0] if tree.body else tree
        reader.refuse(first, f"Write one function and nothing else: `{head}`")
    function = tree.body[0]
    _read_head(reader, function, head)
    _read_body(reader, function.body)
    if not isinstance(function.body[-1], ast.Return):
        reader.refuse(function.body[-1], "End with `return` and the result.")


def _read_head(reader: Reader, function: ast.FunctionDef, head: str) -> None:
    taken = function.args
    named = [argument.arg for argument in taken.args]
    plain = not (
        taken.posonlyargs or taken.kwonlyargs or taken.vararg or taken.kwarg or taken.defaults
    )
    annotated = function.returns or any(argument.annotation for argument in taken.args)
    if function.decorator_list or getattr(function, "type_params", None):
        reader.refuse(function, f"Begin with `{head}` and nothing before it.")
    if annotated:
        reader.refuse(function, f"Leave the annotations out: `{head}`")
    if function.name != "solve" or not plain or named != list(reader.rules.inputs):
        reader.refuse(function, f"Begin with `{head}`")


def _read_body(reader: Reader, body: Sequence[ast.stmt]) -> None:
    for statement in body:
        match statement:
            case ast.Return(value=value):
                if value is None:
                    reader.refuse(statement, "Return the result.")
                reader.whole(value)
            case ast.Assign(targets=targets, value=value):
                reader.value(value)
                for target in targets:
                    _read_target(reader, target)
            case ast.AugAssign(target=target, value=value):
                reader.value(value)
                _read_changed(reader, target)
            case ast.If(test=test, body=inner, orelse=other):
                reader.value(test)
                _read_body(reader, inner)
                _read_body(reader, other)
            case ast.Expr(value=ast.Call() as call):
                reader.step(call)
            case ast.Pass():
                pass
            case _:
                message = _REASONS.get(
                    type(statement),
                    "That step is not allowed: assign, choose with `if`, or return.",
                )
                reader.refuse(statement, message)


def _read_target(reader: Reader, target: ast.expr) -> None:
    match target:
        case ast.Name(id=name):
            if name in _TAKEN or name in reader.rules.functions or not _NAME.fullmatch(name):
                reader.refuse(target, f"`{name}` can't be assigned to. Choose another name.")
            reader.known.add(name)
            reader.assigned.add(name)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                _read_target(reader, element)
        case ast.Subscript():
            _read_changed(reader, target)
        case _:
            reader.refuse(target, "Assign to a name, or to `name[…]`.")


def _read_changed(reader: Reader, target: ast.expr) -> None:
    """Read a target that must be there already: `x += 1`, `x[0] = 1`."""
    match target:
        case ast.Name():
            reader.value(target)
        case ast.Subscript(value=ast.Name() as base, slice=index):
            reader.value(base)
            reader.index(index)
        case _:
            reader.refuse(target, "Change a name, or `name[…]`.")
