"""The gate: what a member may write, and what it says to the rest."""

import ast
import contextlib
import random
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import vocabulary as words
from bot.sandbox.gate import check, tidy
from bot.sandbox.refusal import Refusal
from bot.sandbox.rules import LONGEST, Rules
from tests.hostile import Line, corpus

ABN = Rules(("a", "b", "n"))
SOLVE = Rules(("a",), steps=True)


def rules_of(line: Line) -> Rules:
    """What a line may use."""
    return SOLVE if line.steps else ABN


def refused(source: str, rules: Rules = ABN) -> Refusal:
    """The refusal of a source."""
    with pytest.raises(Refusal) as caught:
        check(source, rules)
    return caught.value


GOOD = (
    "a",
    "a + b * 2 ** n // 3 % 5 @ a.T",
    "~(a > 0) & (b < n) | (a == a) ^ True",
    "-a if n else +b",
    "0 < n < 3 and not n or n",
    "a[0], a[-1, ..., None], a[:, ::-2], a[a > 0], a[[0, 1], n]",
    "a.mean(axis=0, keepdims=True).T",
    "np.sum(a, axis=(0, 1), where=a > 1, initial=0)",
    "np.add.reduce(a, axis=0) - np.multiply.outer(b, b)",
    "np.linalg.norm(a, axis=1) + np.fft.fft(b).real",
    "np.lib.stride_tricks.sliding_window_view(b, 2).sum(-1)",
    "np.r_[a, b], np.c_[b, b], np.mgrid[0:3, 0:2], np.ogrid[:n]",
    "a.astype(int), a.astype('f4'), a.astype(np.int8), a.view(np.uint8)",
    "np.zeros(3, int) + np.zeros((2, 2), dtype='float32')",
    "np.full(a.shape, n, float)",
    "np.einsum('ij,jk->ik', a, a)",
    "a.dtype == np.float64, np.iinfo(np.int8).max, np.finfo(float).eps",
    "np.dtype('int16')",
    "a.dtype.kind",
    "a.dtype.kind == 'f' and a.dtype.name != 'float32'",
    "a[0, 0].item()",
    "np.maximum(a, b, a)",
    "np.pad(a, 1, 'edge')",
    "np.searchsorted(b, 2, 'right')",
    "np.linalg.norm(a, 'fro')",
    "np.datetime64('2020-01-01T10:30', 'm')",
    "a.ravel('F')",
    "np.linalg.norm(a, ord='fro') + np.linalg.norm(b, ord=np.inf)",
    "np.histogram(b, bins='auto')",
    "2**63 - 1 + 2**63",
    "a.dtype",
    "np.result_type(a, np.int8)",
    "np.unique(b, return_counts=True)[1]",
    "np.unique_counts(b).values",
    "np.linalg.svd(a).U",
    "np.clip(a, None, 3)",
    "np.array([[1, 2], [3, 4j]])",
    "np.datetime64('2026-01-31') + np.timedelta64(1, 'D')",
    "np.where(np.isnan(a), np.nanmean(a), a)",
    "np.newaxis",
    "sorted([3, 1, n]), range(n), len(a), sum(b), max(1, n)",
    "np.array(['2026-01-31', '2026-02-28'], dtype='M8[D]')",
    "np.array([['2026-01-31T10:00', 'NaT']], 'datetime64[m]')",
    "np.array(['2026-01'], dtype=np.datetime64)",
    "np.arange('2026-01-01', '2026-03-01', dtype='M8[D]')",
    "np.array(['2026-01-31'], 'M8[D]') > np.datetime64('2026-01-01')",
    "np.busday_count(np.datetime64('2026-01-01'), '2026-02-01')",
    "(\n    a\n    + 1  # as before\n)",
)


@pytest.mark.parametrize("source", GOOD)
def test_ordinary_numpy_is_let_through(source: str) -> None:
    """What a good candidate writes needs no other spelling."""
    assert source == check(source, ABN).source


STEPS = (
    "def solve(a):\n    return a",
    "def solve(a): return a * 2",
    "def solve(a):\n    b = a.copy()\n    b[b < 0] = 0\n    b[0] += 1\n    return b",
    "def solve(a):\n    x, (y, z) = 1, (2, 3)\n    x *= y\n    return x + z",
    "def solve(a):\n    if len(a) > 2:\n        c = 1\n    else:\n        c = 2\n    return a * c",
    "def solve(a):\n    r = np.zeros(3)\n    np.add.at(r, [0, 0], 1)\n    return r",
    "def solve(a):\n    r = a.copy()\n    np.copyto(r, 2, where=a > 1)\n    return r",
)


@pytest.mark.parametrize("source", STEPS)
def test_a_few_steps_are_let_through(source: str) -> None:
    """A function of the inputs may name, choose and change what is its own."""
    assert check(source, SOLVE).steps


@pytest.mark.parametrize("group", sorted({line.group for line in corpus()}))
def test_a_hostile_line_is_refused_where_the_gate_has_to(group: str) -> None:
    """No line of which the gate is the only guard gets any further."""
    for line in corpus():
        if line.group == group and line.expect == {"gate"}:
            assert refused(line.source, rules_of(line)).message


SAYS = {
    "np.load('x')": "answers have no files",
    "np.empty(3)": "`np.zeros`",
    "np.vectorize(a)": "whole arrays",
    "a.sort()": "`np.sort(x)` gives a copy",
    "np.sum(a, out=b)": "`out=` is not allowed",
    "meann(a)": "There is no `meann`. Your names are `a`, `b`, `n` and `np`.",
    "np.meen(a)": "Did you mean `np.mean`?",
    "a.meen()": "Did you mean `.mean`?",
    "where(a > 1, a, b)": "Did you mean `np.where`?",
    "a.mean": "call it, as in `.mean()`",
    "np.sum": "call it, as in `np.sum(…)`",
    "x = a": "without the name that it is assigned to",
    "return a": "without `return`",
    "import os": "Imports are not allowed",
    "for x in a: pass": "Loops are not allowed",
    "def solve(a): return a": "takes an expression, not a function",
    "[x for x in a]": "Comprehensions are not allowed; work on whole arrays at once.",
    "a; b": "Write one expression",
    "": "There is nothing to run yet",
    "# nothing": "There is nothing to run yet",
    "a" + " + a" * 200: f"at most {LONGEST} characters",
    "+".join("a" * 150): "more parts than any answer here needs",
    "(" * 30 + "a" + ")" * 30: "more than 25 brackets",
    "a\\b": "A backslash is not needed",
    "np.\uff41bs(a)": "Only plain ASCII",
    "1if a else 2": "Put a space",
    "a.astype(object)": "Here a dtype belongs",
    "[None]": "`None` can stand in an index",
    "np.pad(a, 1, 'hello')": '`"hello"` is not needed in any answer',
    "'hello'": '`"hello"` is not needed there',
    "np.sum(a, 0, b)": "Give this argument of `np.sum` by its keyword.",
    "np.pad(a, 1, mode=b)": "Write out what `mode=` is.",
    "np.sqrt(a, where=a > 1)": "`np.where(condition, x, y)` fills them",
    "np.array([a.dtype])": "A dtype belongs after `dtype=`",
    "a[0].item() + 1": "`.item` is not allowed",
    "a(1)": "`a` is no function; index it with `[…]`.",
    "np": "`np` alone is no value",
    "2**1001": "A power above 1000",
    "9**9**9": "A power above 1000",
    "2**64": "Numbers beyond 64 bits",
    "-(2**40) * 2**40": "Numbers beyond 64 bits",
    "a.view(b.dtype)": "Write out which dtype",
    "np.full(2, 'F')": '`"F"` is not needed there',
    "max('fro')": '`"fro"` is not needed there',
    "np.datetime64('2020', b)": "Write out the unit",
    "np.result_type(a[0])": "Here a dtype belongs",
    "np.float64": "it belongs after `dtype=`",
}


@pytest.mark.parametrize("source", SAYS)
def test_a_refusal_says_what_to_write_instead(source: str) -> None:
    """It names what is at fault, and the way out."""
    assert SAYS[source] in refused(source).message


def test_a_refusal_shows_the_place() -> None:
    """The line at fault, with a caret under the spot, also far to the right."""
    assert "a + lambda: 1\n    ^" == refused("a + lambda: 1").place
    assert "x.T(\n   ^" == refused("x.T(", Rules(("x",))).place
    assert "    return zz\n           ^" == refused("def solve(a):\n    return zz", SOLVE).place
    far = refused("a + " * 20 + "zz").place.split("\n")
    assert ("…", "zz") == (far[0][0], far[0][far[1].index("^") :])


def test_what_a_chat_makes_of_code_is_undone() -> None:
    """Fences, curly quotes, long dashes and hard spaces are not the member's fault."""
    assert "a" == tidy("```python\na\n```") == tidy("```\na```") == tidy("`a`") == tidy("  a \n")
    assert 'np.einsum("ij->", a)' == tidy("np.einsum(“ij->”, a)")
    assert "a - 1" == tidy("a\u00a0– 1")
    assert "def solve(a):\n    return a" == tidy("def solve(a):\r\n\treturn a\r\n")


def test_the_inputs_functions_and_fields_of_a_question_are_known() -> None:
    """Each question has names of its own."""
    rules = Rules(("people",), frozenset({"windows"}), frozenset({"age"}))
    assert check("windows(people['age'], 2)", rules)
    assert "The fields are `'age'`." == refused("people['name']", rules).message
    assert "call it" in refused("[windows]", rules).message


def test_a_puzzle_takes_only_what_it_lists() -> None:
    """The rest is told what there is."""
    rules = Rules(("n",), only=frozenset({"np.arange", ".sum"}))
    assert check("(np.arange(n)[:, None] == np.arange(n)).sum(axis=0) * 2 ** n", rules)
    for source in ("np.eye(n)", "np.arange(n).T", "np.arange(n).mean()", "len(np.arange(n))"):
        said = refused(source, rules).message
        assert said.startswith("This puzzle does without")
        assert said.endswith("It takes `.sum`, `np.arange` and operators.")


def test_what_is_listed_is_there() -> None:
    """No name of the vocabulary is a slip of the pen, whatever NumPy runs."""
    newest = {"cumulative_prod", "cumulative_sum", "unstack", "matvec", "vecmat"}  # 2.1 and 2.2
    for name in words.FUNCTIONS | words.UFUNCS | words.DTYPES | words.CONSTANTS | words.MUTATORS:
        assert hasattr(np, name) or name in newest, name
    assert all(hasattr(np.linalg, name) for name in words.LINALG)
    assert all(hasattr(np.fft, name) for name in words.FFT)
    array = np.zeros((3, 3))
    assert all(hasattr(array, name) for name in words.METHODS | words.PROPERTIES)


def allowed(source: str) -> bool:
    """Whether a source that was let through holds only what is listed, seen in another way."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            every = (
                *(words.FUNCTIONS, words.UFUNCS, words.DTYPES, words.CONSTANTS, words.LINALG),
                *(words.FFT, words.METHODS, words.PROPERTIES, words.OF_LIMITS, words.OF_DTYPE),
                *(words.OF_RESULTS, words.UFUNC_METHODS, words.SUBSCRIPTED, words.MUTATORS),
                {"linalg", "fft", "lib", "stride_tricks", "sliding_window_view", "at"},
            )
            if not any(node.attr in names for names in every):
                return False
        if isinstance(node, ast.Name) and node.id.startswith("_"):
            return False
        if isinstance(node, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.For | ast.While):
            return False
    return True


PIECES = [
    *("a", "b", "n", "np", "np.", ".", "(", ")", "[", "]", ",", ":", "+", "-", "*", "**", "@", "~"),
    *("=", "==", "'f8'", "'O'", "0", "1", "-1", "None", "...", "\n", " ", "sum", "mean", ".T"),
    *(
        "axis=",
        "dtype=",
        "object",
        "__class__",
        "lambda",
        "for",
        "in",
        "if",
        "else",
        "len",
        ".base",
    ),
    *("def solve(a):", "return", "np.linalg.", "np.load", "np.array", "where=", "out=", "{", "}"),
    *("f''", "\u201c", "\\", "0x", "1_0", "yield", "await", "`"),
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=40),
    st.sampled_from(["", " "]),
    st.sampled_from([ABN, SOLVE]),
)
@settings(deadline=None, max_examples=400)
def test_anything_is_refused_or_holds_only_what_is_listed(
    pieces: list[str], between: str, rules: Rules
) -> None:
    """Whatever is typed ends in a refusal or in known words; nothing else is raised."""
    with contextlib.suppress(Refusal):
        assert allowed(check(tidy(between.join(pieces)), rules).source)


def mutated(source: str, chance: random.Random) -> str:
    """A hostile line with some of it turned around."""
    pieces = list(source)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(pieces) + 1)
        match chance.randrange(4):
            case 0:
                pieces[at : at + chance.randint(1, 3)] = []
            case 1:
                pieces[at:at] = chance.choice(PIECES)
            case 2 if pieces:
                pieces[at % len(pieces)] = chance.choice("()[]._,'\"an=: \n")
            case _:
                other = chance.choice(corpus()).source
                pieces[at:at] = other[: chance.randrange(len(other) + 1)]
    return "".join(pieces)


def test_hostile_lines_turned_around_are_refused_or_known() -> None:
    """The same for what looks like an attack."""
    chance = random.Random(5)
    lines = corpus()
    for _ in range(3_000):
        line = chance.choice(lines)
        try:
            passed = check(mutated(line.source, chance), rules_of(line))
        except Refusal:
            continue
        assert allowed(passed.source), passed.source


def test_the_gate_is_quick_whatever_it_reads() -> None:
    """Reading a submission keeps nobody waiting."""
    slow = [
        "-" * 599 + "1",
        "not " * 149 + "1",
        "a" + ".T" * 290,
        "a" + "[0]" * 190,
        "(" * 25 + "a" + ")" * 25 + "+a" * 270,
        "1if 1else " * 60,
        "a<" * 299 + "a",
        "(" * 24 + "a.dtype==bool" + ").dtype==bool" * 24,
        "np.can_cast(" * 24 + "a, int" + ", int)" * 24,
        "np.result_type(" * 24 + "object" + ")" * 24,
        "[" * 25 + "]" * 25 + "," * 500,
        "```" + "`" * 590,
        "'" * 600,
        "0" * 600,
        "a if a else " * 45 + "a",
        "\n" * 600,
    ]
    for source in slow:
        begun = perf_counter()
        with contextlib.suppress(Refusal):
            check(tidy(source), ABN)
        assert perf_counter() - begun < 0.1, source[:30]
