"""What every part of the gate's reader needs: to know names, and to refuse."""

import ast
from abc import ABC, abstractmethod
from typing import NoReturn

import numpy as np

from bot.sandbox import vocabulary as words
from bot.sandbox.advice import instead, near
from bot.sandbox.refusal import Refusal, place
from bot.sandbox.rules import Rules

_ELSE = " Use what computes with arrays."


class Reading(ABC):
    """Reads one submission; each method raises Refusal or returns.

    `known` are the names of values so far: the inputs and, within a `solve`, what was `assigned`.
    """

    @abstractmethod
    def value(self, node: ast.expr) -> None:
        """Read what has a value that an array may hold."""

    @abstractmethod
    def _call(self, node: ast.Call) -> None:
        """Read a call."""

    def __init__(self, rules: Rules, source: str) -> None:
        self.rules = rules
        self.known = set(rules.inputs)
        self.assigned = set[str]()
        self._source = source

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Refuse the submission for one of its parts."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        raise Refusal(message, place(self._source, line, column))

    def _allow(self, node: ast.AST, name: str) -> None:
        """Refuse a name that a puzzle does without."""
        if self.rules.only and name not in self.rules.only:
            listed = ", ".join(f"`{one}`" for one in sorted(self.rules.only))
            self.refuse(
                node, f"This puzzle does without `{name}`. It takes {listed} and operators."
            )

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

    def _unknown_attribute(self, node: ast.Attribute) -> NoReturn:
        name = node.attr
        if name in words.METHODS:
            self.refuse(node, f"`.{name}` is a method: call it, as in `.{name}()`.")
        help_ = instead(name)
        if help_:
            self.refuse(node, f"`.{name}` is not allowed: {help_}.")
        close = near(name, words.METHODS | words.PROPERTIES)
        more = f" Did you mean `.{close}`?" if close else _ELSE
        self.refuse(node, f"`.{name[:30]}` is not allowed.{more}")

    def _unknown_of_numpy(self, node: ast.AST, path: str) -> NoReturn:
        last = path.rpartition(".")[2]
        help_ = instead(last)
        if help_:
            self.refuse(node, f"`{path}` is not allowed: {help_}.")
        close = near(last, words.FUNCTIONS | words.UFUNCS) or ""
        if close == last:
            self.refuse(node, f"This NumPy ({np.__version__}) has no `{path}`.")
        more = f" Did you mean `np.{close}`?" if close else _ELSE
        self.refuse(node, f"`{path[:40]}` is not allowed.{more}")
