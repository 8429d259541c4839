"""Lets a submission through, or says what in it is not allowed and what to write instead.

The first of the layers, and the only one that reads what a submission says. It runs nothing.
What `vocabulary` does not list is refused, so what NumPy adds tomorrow is refused too.
"""

import ast
import re

import msgspec

from bot.sandbox.expressions import Reader
from bot.sandbox.refusal import Refusal, place
from bot.sandbox.rules import LONGEST, Rules
from bot.sandbox.steps import read_solve

DEEPEST = 25
"""Brackets within brackets."""

MOST_NODES = 200
"""Nodes of the syntax tree."""

_PRETTY = str.maketrans(
    {
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2018": "'", "\u2019": "'", "\u201a": "'",
        "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip
"""What telephones and chats make of quotes, dashes and spaces."""

_FENCE = re.compile(r"\A```(?:python|py)?[ ]*\n?(.*?)\n?```\Z", re.DOTALL)
_STRANGE = re.compile(r"[^\x20-\x7e\n]")
_GLUED = re.compile(r"[0-9](?:and|else|for|if|in|is|not|or)\b")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class Passed(msgspec.Struct, frozen=True):
    """A submission that may be run, as it is to be compiled: an expression, or a `solve`."""

    source: str
    steps: bool = False


def check(source: str, rules: Rules) -> Passed:
    """The submission, if it may be run under these rules; raises Refusal."""
    _check_text(source)
    tree = _parse(source, steps=rules.steps)
    nodes = sum(1 for _ in ast.walk(tree))
    if nodes > MOST_NODES:
        message = "That has more parts than any answer here needs. Write it shorter."
        raise Refusal(message)
    reader = Reader(rules, source)
    if isinstance(tree, ast.Expression):
        reader.whole(tree.body)
    else:
        read_solve(reader, tree, rules)
    return Passed(source, rules.steps)


def tidy(text: str) -> str:
    """The text as its author meant it: without the chat's fence, with plain quotes and dashes."""
    text = text.translate(_PRETTY).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = text.strip()
    fenced = _FENCE.match(text)
    if fenced:
        text = fenced[1]
    elif len(text) > 1 and text[0] == text[-1] == "`" and "`" not in text[1:-1]:
        text = text[1:-1]
    return text.strip("\n").rstrip() if "\n" in text else text.strip()


def _check_text(source: str) -> None:
    """Refuse what the parser need not see."""
    if not source.strip():
        message = "There is nothing to run yet. Write your answer first."
        raise Refusal(message)
    if len(source) > LONGEST:
        message = f"That is longer than any answer here needs. Write at most {LONGEST} characters."
        raise Refusal(message)
    _refuse_at(_STRANGE, source, "Only plain ASCII characters can be run.")
    _refuse_at(re.compile(r"\\"), source, "A backslash is not needed in any answer.")
    _refuse_at(_GLUED, source, "Put a space between the number and the word after it.")
    depth = 0
    for at, sign in enumerate(source):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if depth > DEEPEST:
            message = f"There are more than {DEEPEST} brackets within each other."
            raise Refusal(message, _spot(source, at))


def _refuse_at(pattern: re.Pattern[str], source: str, message: str) -> None:
    found = pattern.search(source)
    if found:
        raise Refusal(message, _spot(source, found.start()))


def _spot(source: str, at: int) -> str:
    return place(source, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at) - 1)


def _parse(source: str, *, steps: bool) -> ast.Expression | ast.Module:
    try:
        if steps:
            return ast.parse(source)
        return ast.parse(source, mode="eval")
    except SyntaxError as error:
        raise _unreadable(source, error, steps=steps) from None
    except (ValueError, MemoryError, RecursionError):
        message = "Python can't read that. Write it simpler."
        raise Refusal(message) from None


def _unreadable(source: str, error: SyntaxError, *, steps: bool) -> Refusal:
    """What is wrong with a text that is no expression."""
    spot = place(source, error.lineno or 1, (error.offset or 1) - 1)
    kind = "" if steps else _statement(source)
    if kind:
        return Refusal(kind, spot)
    said = error.msg[:1].upper() + error.msg[1:]
    return Refusal(f"Python can't read that: {said.rstrip('.')}.", spot)


def _statement(source: str) -> str:
    """What to do about a statement where an expression is asked; empty for what is neither."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ""
    if not tree.body:
        return "There is nothing to run yet. Write your answer first."
    match tree.body[0]:
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            return "Write the expression alone, without the name that it is assigned to."
        case ast.Import() | ast.ImportFrom():
            return "Imports are not allowed; `np` is there already. Write the expression alone."
        case ast.FunctionDef():
            return "This one takes an expression, not a function. Write what it returns."
        case ast.Return():
            return "Write the expression alone, without `return`."
        case ast.For() | ast.While():
            return "Loops are not allowed. Work on whole arrays at once."
    return "Write one expression, nothing before or after it."
