"""What a member is told about a typed answer that is wrong or cannot be read."""

import pytest

from bot.grading import grade_typed
from content.schema import AnswerType
from tests.test_grading_arrays import SPELLINGS as ARRAYS
from tests.test_grading_dtypes import SPELLINGS as DTYPES
from tests.test_grading_errors import SPELLINGS as ERRORS
from tests.test_grading_numbers import SPELLINGS as NUMBERS
from tests.test_grading_shapes import SPELLINGS as SHAPES

HINTS: list[tuple[AnswerType, str, str, str]] = [
    ("shape", "(3, 4)", "(4, 3)", "transposed"),
    ("shape", "(2, 3, 5)", "(2, 5, 3)", "wrong order"),
    ("shape", "(3, 4)", "12", "size"),
    ("shape", "(3, 4)", "2", "number of dimensions"),
    ("shape", "(3,)", "1", "length of the axis"),
    ("shape", "(4, 7, 3, 5)", "1", "too few"),
    ("shape", "(3, 4)", "2-D", "number of axes"),
    ("shape", "(3, 4)", "(3, 4, 1)", "axis of length one too many"),
    ("shape", "(3, 1, 4)", "(3, 4)", "axis of length one is missing"),
    ("shape", "(3,)", "(3, 1)", "One axis"),
    ("shape", "(3,)", "(1, 3)", "One axis"),
    ("shape", "(3, 4)", "error", "does not raise"),
    ("shape", "ValueError", "(3, 4)", "raises an error instead"),
    ("tuple", "(32, 8)", "(8, 32)", "wrong order"),
    ("tuple", "(32, 8)", "(4, 1)", "bytes"),
    ("dtype", "float32", "float", "`float` is float64"),
    ("dtype", "int32", "int", "`int` is int64"),
    ("dtype", "int8", "i8", "counts bytes"),
    ("dtype", "<f8", ">f8", "byte order"),
    ("dtype", "<U3", "str", "width"),
    ("dtype", "<M8[D]", "datetime64[s]", "unit"),
    ("number", "6.666666666666667", "6.66", "round correctly"),
    ("number", "12", "96", "eight bits"),
    ("number", "3", "-3", "sign"),
    ("number", "nan", "None", "`None`"),
    ("number", "'3.0'", "3", "text that is printed"),
    ("bool", "True", "[True]", "array of one"),
    ("array", "[1 2 3]", "[3 2 1]", "Right numbers, wrong order"),
    ("array", "[[1 2]\n [3 4]]", "1 2 3 4", "too few levels of brackets"),
    ("array", "[1 2 3]", "[[1 2 3]]", "too many levels of brackets"),
    ("array", "[5]", "5", "too few levels of brackets"),
    ("array", "[[1 2]\n [3 4]]", "[[1 3] [2 4]]", "transposed"),
    ("array", "[1 2]", "array([1, 2], dtype=float64)", "dtype"),
    ("set", "{1, 3}", "{1, 3, 3}", "duplicates"),
    ("error", "AxisError", "Exception", "name the class"),
    ("error", "ValueError", "7", "raises an error instead"),
    ("shape", "ValueError", "RuntimeWarning", "not an error"),
    ("error", "ValueError", "TypeError", "another exception"),
    ("error", "ValueError", "LinAlgError", "special kind"),
]

ASKED = [asked for table in (ARRAYS, DTYPES, ERRORS, NUMBERS, SHAPES) for asked in table.items()]


@pytest.mark.parametrize(("kind", "key", "answer", "hint"), HINTS)
def test_a_wrong_answer_gets_a_hint_about_itself(
    kind: AnswerType, key: str, answer: str, hint: str
) -> None:
    """The note of a common wrong answer says what kind of mistake it is."""
    mark = grade_typed(kind, key, answer)
    assert ("wrong", True) == (mark.outcome, hint in mark.note), mark.note


def test_a_wrong_class_still_scores_where_a_shape_could_have_been() -> None:
    """Where any error is right, a wrong class is right with a note."""
    mark = grade_typed("shape", "ValueError", "TypeError")
    assert ("right", 1.0, "It does raise: ValueError.") == (mark.outcome, mark.share, mark.note)


def test_no_note_of_a_wrong_answer_holds_the_key() -> None:
    """A wrong answer never tells the right one."""
    told = [
        (key, answer)
        for (kind, key, outcome), answers in ASKED
        for answer in answers
        if outcome == "wrong"
        and key != "error"
        and key in grade_typed(kind, key, answer).note.replace("error", "")
        and not key.isalpha()
    ]
    assert [] == told


def test_every_unclear_note_shows_how_to_write() -> None:
    """What cannot be read is answered with an example in code, which is not the key."""
    notes = [
        (grade_typed(kind, key, answer).note, key)
        for (kind, key, outcome), answers in ASKED
        for answer in answers
        if outcome == "unclear"
    ]
    assert [] == [note for note, _ in notes if "Write" not in note or note.count("`") < 2]
    assert [] == [note for note, key in notes if f"`{key}`" in note and key != "True"]


@pytest.mark.parametrize(
    ("kind", "key", "example"),
    [
        ("shape", "(2, 5)", "(2, 5)"),
        ("shape", "(6, 7)", "(6, 7)"),
        ("tuple", "(np.int64(24), np.int64(8))", "(24, 8)"),
        ("dtype", "<u2", "uint16"),
        ("array", "[[7 8]\n [9 6]]", "[[7, 8], [9, 6]]"),
        ("number", "1.25e-01", "0.125"),
        ("set", "[9 7]", "{7, 9}"),
        ("error", "KeyError", "KeyError"),
    ],
)
def test_the_example_is_never_the_key(kind: AnswerType, key: str, example: str) -> None:
    """Another example is shown where the usual one is the key, however that is printed."""
    assert example not in grade_typed(kind, key, "no idea").note


@pytest.mark.parametrize(
    ("kind", "answer", "understood"),
    [
        ("shape", "3x4", "(3, 4)"),
        ("shape", "3", "(3,)"),
        ("shape", "scalar", "()"),
        ("dtype", "<f4", "float32"),
        ("dtype", "[('a', 'i4')]", "[('a', 'int32')]"),
        ("number", "1_000", "1000"),
        ("number", "3 bytes", "3"),
        ("bool", "a copy", "False"),
        ("array", "1 2; 3 4", "[[1, 2], [3, 4]]"),
        ("set", "3 1", "{3, 1}"),
        ("error", "value error", "ValueError"),
    ],
)
def test_an_answer_is_told_as_it_was_read(kind: AnswerType, answer: str, understood: str) -> None:
    """`understood` is the answer's canonical reading, whatever the outcome."""
    key = {"dtype": "int8", "bool": "True", "error": "KeyError"}.get(kind, "7")
    assert understood == grade_typed(kind, key, answer).understood
