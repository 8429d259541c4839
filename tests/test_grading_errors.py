"""Which exception is raised, however its name is written."""

# ruff: noqa: E501 - answers are quoted as people type and paste them

import pytest

from bot.grading import grade_typed
from content.schema import AnswerType

Spellings = dict[tuple[AnswerType, str, str], tuple[str, ...]]

SPELLINGS: Spellings = {
    ("error", "ValueError", "right"): (
        "ValueError",
        "value error",
        "valueerror",
        "Value Error",
        "ValueError()",
        "ValueError: blah blah",
        "raises ValueError",
        "broadcast error",
        "<class 'ValueError'>",
        "'ValueError'",
        "raise ValueError('a')",
        "builtins.ValueError",
        "a ValueError",
        "ValueError.",
        "Value-Error",
        "VALUEERROR",
        "value_error",
        "It raises ValueError",
        "pytest.raises(ValueError)",
        "throws a ValueError",
        "ValueError is raised",
        "answer: ValueError",
        "error: ValueError",
        "Answer: value error",
        "an ValueError exception",
        "ValueError exception",
        "ValueError (shapes mismatch)",
    ),
    ("error", "ValueError", "wrong"): (
        "TypeError",
        "IndexError",
        "Exception",
        "no error",
        "none",
        "AxisError",
        "LinAlgError",
        "BaseException",
        "does not raise",
        "KeyError()",
        "(3, 4)",
    ),
    ("error", "ValueError", "unclear"): (
        "ValueError or TypeError",
        "error",
        "banana",
        "ValueError/TypeError",
        "not ValueError",
        "ValuError",
        "ValueError, TypeError",
        "ValueError TypeError",
        "ValueError works",
        "ValueError\nworks",
        "ValueError, or no error",
        "ValueError and IndexError",
    ),
    ("error", "AxisError", "right"): (
        "AxisError",
        "ValueError",
        "IndexError",
        "numpy.exceptions.AxisError",
        "np.exceptions.AxisError",
        "axis error",
        "np.AxisError",
        "AxisError (ValueError)",
        "AxisError: axis 2 is out of bounds for array of dimension 2",
        "numpy.AxisError",
    ),
    ("error", "AxisError", "wrong"): (
        "TypeError",
        "KeyError",
        "Exception",
        "LinAlgError",
    ),
    ("error", "AxisError", "unclear"): ("ValueError or IndexError",),
    ("error", "numpy.exceptions.AxisError", "right"): (
        "AxisError",
        "ValueError",
        "IndexError",
    ),
    ("error", "LinAlgError", "right"): (
        "LinAlgError",
        "ValueError",
        "np.linalg.LinAlgError",
        "numpy.linalg.LinAlgError",
        "linalg error",
        "LinAlgError: Singular matrix",
        "lin alg error",
    ),
    ("error", "UFuncTypeError", "right"): (
        "UFuncTypeError",
        "TypeError",
        "_UFuncOutputCastingError",
        "numpy._core._exceptions._UFuncOutputCastingError: Cannot cast ufunc 'add' output from dtype('float64') to dtype('int64') with casting rule 'same_kind'",
        "type error",
        "ufunc type error",
    ),
    ("error", "_UFuncOutputCastingError", "right"): (
        "UFuncTypeError",
        "TypeError",
    ),
    ("error", "error", "right"): (
        "ValueError",
        "error",
        "raises",
    ),
    ("error", "error", "wrong"): (
        "none",
        "no error",
    ),
    ("error", "no error", "right"): (
        "none",
        "no error",
        "no exception",
        "does not raise",
        "None",
        "nothing",
    ),
    ("error", "no error", "wrong"): (
        "ValueError",
        "error",
    ),
    ("error", "IndexError", "right"): (
        "IndexError: index 5 is out of bounds for axis 0 with size 5",
        "throws IndexError",
        "will raise IndexError",
        "exception IndexError",
        "IndexError exception",
        "raises an IndexError",
        "it raises IndexError",
        "IndexError.",
        "index error",
        "Index Error",
        "error (IndexError)",
        "Exception: IndexError",
        "An IndexError is raised",
        "IndexError, because 5 is out of bounds",
        "LookupError",
        "It throws IndexError!",
        "indexerror",
        "index_error",
        "gives IndexError",
        "IndexError (out of bounds)",
        "python raises IndexError",
        "this raises an IndexError",
    ),
    ("error", "TypeError", "right"): (
        "TypeError",
        "TypeError: only integers",
    ),
    ("error", "TypeError", "wrong"): (
        "(3, 4)",
        "float64",
        "[1 2 3]",
        "True",
        "12",
    ),
}


@pytest.mark.parametrize(
    ("kind", "key", "outcome", "answer"),
    [(*asked, answer) for asked, answers in SPELLINGS.items() for answer in answers],
)
def test_a_spelling_is_graded_by_what_it_means(
    kind: AnswerType, key: str, outcome: str, answer: str
) -> None:
    """A spelling has the outcome that the rules for typed answers give it."""
    assert outcome == grade_typed(kind, key, answer).outcome
