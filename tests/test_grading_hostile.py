"""No answer, however long or strange, breaks the grading or holds it up."""

# ruff: noqa: RUF001 - these are the characters that are typed

import gc
from collections.abc import Iterator
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grading import grade_typed
from content.schema import ANSWER_TYPES, AnswerType

KEYS: dict[AnswerType, tuple[str, ...]] = {
    "shape": ("(3, 4)", "()", "ValueError"),
    "tuple": ("(32, 8)", "(True, False)"),
    "dtype": ("float64", "dtype([('a', '<i4')])"),
    "array": ("[1 2 3]", "['a' 'b']", "array([], dtype=float64)"),
    "number": ("3", "6.666666666666667", "(1+2j)", "'3.0'"),
    "bool": ("True",),
    "set": ("{1, 3}",),
    "error": ("ValueError", "error", "none"),
}
WORDS = [
    *"()[]{}<>,;:.+-*/%='\"`|\\&!?# \n\t\0",
    *("1", "2.5", "1e9", "0x", "x", "by", "and", "or", "not", "no", "is", "shape", "dtype(", "np."),
    *("array(", "error", "ValueError", "raises", "True", "nan", "j", "float64", "U3", "view"),
    *("scalar", "...", "--", "**", "²", "½", "😀", "\u200b", "\ud800", "…", "（", "９"),
    *("names", "'names': ", "align=True", "mask=", "shape=(3,)", "datetime64[D]", "rows", "1/3"),
]
LONG = [
    *(
        "(",
        "[]",
        "'\\",
        "`",
        "- ",
        "_",
        " ",
        "1 ",
        "1;",
        "1\n",
        "9",
        "1**",
        "1/3*",
        "1+1j ",
        "3 x ",
    ),
    *("1e308 ", "error ", "no error ", "ValueError: ", "shape = ", "the ", "dtype(", "array("),
    *("[('a', ", "i4,", "float64 ", "yes no ", "int 32 ", "big-endian ", ">>> ", "```", "😀", "（"),
]
ONES = [
    *("9**9**9", "9" * 401, "1e999999999", "2**-4000", "0**-1", "(-1)**(1/2)", "1/0", "10**4000"),
    *("__import__('os').system('x')", "{0.__class__}", "%s%n", "\x1b[31m3\x1b[0m", "lambda: 0"),
    *("", " ", "\0", "'", '"', "(", "-", ",", ".", "=", "|", "`", "```", "\ud83d", "3\u200b4"),
    *("array(" * 20 + "1" + ")" * 20, "(" * 31 + "1" + ")" * 31, "dtype(" * 50 + "f8" + ")" * 50),
    *("8" + " " * 9_998 + "5", "a." * 4_999 + "shape = 8", "U" + "9" * 9_999, "['" + "a" * 9_996),
]
ALL = [(kind, key) for kind in ANSWER_TYPES for key in KEYS[kind]]
LONGEST = 10_000
SLOWEST_SECONDS = 0.25
"""Far above what any answer takes (see tests/bench), far below what a bad pattern would."""


@pytest.fixture
def _alone() -> Iterator[None]:
    """No collector clears up after other tests while an answer's time is taken."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize("text", [*ONES, *(part * (LONGEST // len(part)) for part in LONG)])
def test_a_hostile_answer_is_never_right_and_never_slow(text: str) -> None:
    """Brackets, huge numbers and floods of words get an outcome at once."""
    for kind in ANSWER_TYPES:
        key = KEYS[kind][0]
        start = process_time()
        outcome = grade_typed(kind, key, text).outcome
        assert process_time() - start < SLOWEST_SECONDS
        assert outcome != "right" or kind == "error", kind


@given(st.sampled_from(ALL), st.text())
def test_any_text_gets_an_outcome(asked: tuple[AnswerType, str], text: str) -> None:
    """Whatever is typed is right, wrong or unclear."""
    assert grade_typed(*asked, text).outcome in {"right", "wrong", "unclear"}


@given(st.sampled_from(ALL), st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_any_words_of_the_trade_get_an_outcome(asked: tuple[AnswerType, str], text: str) -> None:
    """Fragments of what can be read, in any order, get an outcome and short texts."""
    mark = grade_typed(*asked, text)
    assert mark.outcome in {"right", "wrong", "unclear"}
    assert max(len(mark.note), len(mark.understood)) <= 300


def test_longer_answers_are_not_read() -> None:
    """An answer beyond the limit is unclear, whatever it says."""
    padded = "(3, 4)".ljust(LONGEST)
    outcomes = [grade_typed("shape", "(3, 4)", text).outcome for text in (padded, padded + " ")]
    assert ["right", "unclear"] == outcomes


@given(st.sampled_from(ALL))
def test_the_key_itself_is_right(asked: tuple[AnswerType, str]) -> None:
    """Every key, typed as it is, is right; an exception by its name too."""
    kind, key = asked
    assert "right" == grade_typed(kind, key, key).outcome
