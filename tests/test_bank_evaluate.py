"""What running a snippet gives."""

import json
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

from bot.bank import evaluate as module
from bot.bank.evaluate import Job, Raised, canonical, evaluate, same


def value(source: str, code: str = "") -> dict[str, object]:
    """What one expression gives."""
    return dict(evaluate({"code": code, "expressions": {"x": source}})["expressions"]["x"])


@pytest.mark.parametrize(
    ("source", "text", "shown", "kind"),
    [
        ("np.ones((3, 4)).shape", "(3, 4)", "(3, 4)", "tuple"),
        ("np.ones(3).shape", "(3,)", "(3,)", "tuple"),
        ("(np.int64(3), np.float32(0.1))", "(3, 0.1)", "(3, 0.1)", "tuple"),
        ("np.float64(0.1) + 0.2", "0.30000000000000004", "0.30000000000000004", "float"),
        ("np.float32(16777217)", "1.6777216e+07", "1.6777216e+07", "float"),
        ("np.int8(-3)", "-3", "-3", "int"),
        ("np.isnan(1.0)", "False", "False", "bool"),
        ("np.complex64(1 + 2j)", "(1+2j)", "(1+2j)", "complex"),
        ("np.str_('a')", "'a'", "'a'", "str"),
        ("np.dtype('i1')", "int8", "int8", "dtype"),
        ("np.dtype('>f8')", ">f8", ">f8", "dtype"),
        ("np.dtype([('a', 'i4')])", "dtype([('a', '<i4')])", "dtype([('a', '<i4')])", "dtype"),
        ("np.float32", "float32", "float32", "type"),
        ("[np.True_, np.int8(1)]", "[True, 1]", "[True, 1]", "list"),
        ("{3, 1, 2}", "{1, 2, 3}", "{1, 2, 3}", "set"),
        ("np.nonzero([0, 1])", "(array([1]),)", "(array([1]),)", "tuple"),
        ("np.array([1, 2], np.int8)", "array([1, 2], dtype=int8)", "[1 2]", "ndarray"),
        ("np.eye(2)", "array([[1., 0.], [0., 1.]])", "[[1. 0.] [0. 1.]]", "ndarray"),
        ("np.array(5)", "array(5)", "5", "ndarray"),
        ("np.ma.masked_equal([1, 2], 2)", "[1 --]", "[1 --]", "ndarray"),
        ("np.datetime64('2024-03-01')", "2024-03-01", "2024-03-01", "date"),
        ("np.timedelta64(2, 'D')", "2 days", "2 days", "timedelta"),
        ("None", "None", "None", "NoneType"),
    ],
)
def test_values_print_canonically(source: str, text: str, shown: str, kind: str) -> None:
    """Scalars print as plain numbers, arrays both in full and as `print` shows them."""
    assert {"text": text, "shown": shown, "type": kind} == value(source)


def test_no_array_is_cut_short() -> None:
    """A long array prints every element on one line, whatever the snippet sets."""
    text = value("np.arange(2000)", "np.set_printoptions(threshold=5, precision=1)")["text"]

    assert isinstance(text, str)
    assert ("1999])", 2000, 1) == (text[-6:], text.count(",") + 1, len(text.splitlines()))
    assert 5 != np.get_printoptions()["threshold"]


@pytest.mark.parametrize(
    ("source", "name", "parent"),
    [
        ("np.ones(3) + np.ones(2)", "ValueError", "Exception"),
        ("np.ones(3).sum(axis=2)", "AxisError", "IndexError"),
        ("np.add(np.ones(2, int), .5, out=np.ones(2, int))", "UFuncTypeError", "TypeError"),
        ("np.linalg.inv(np.zeros((2, 2)))", "LinAlgError", "ValueError"),
    ],
)
def test_exceptions_have_public_names(source: str, name: str, parent: str) -> None:
    """An exception is told by its public class, with the parents that are right too."""
    raised = value(source)

    assert name == raised["raises"]
    assert parent in np.atleast_1d(np.array(raised["parents"]))


def test_code_that_raises_leaves_the_names_before_it() -> None:
    """Wrong answers can still be computed from what the snippet had made."""
    job: Job = {
        "code": "a = np.ones(3)\nb = a + np.ones(2)",
        "expressions": {"wrong": "a.shape", "lost": "b"},
    }

    result = evaluate(job)

    assert result["code"] is not None
    assert ("ValueError", 2) == (result["code"]["raises"], result["code"]["line"])
    assert "(3,)" == dict(result["expressions"]["wrong"])["text"]
    assert "NameError" == dict(result["expressions"]["lost"])["raises"]


def test_expressions_do_not_see_each_other() -> None:
    """Each expression runs in a namespace of its own."""
    job: Job = {"code": "a = [1]", "expressions": {"one": "a.append(2)", "two": "a"}}

    assert "[1]" == dict(evaluate(job)["expressions"]["two"])["text"]


@pytest.mark.parametrize(
    ("it", "test", "held"),
    [
        ("a.T", "it.shape == (3, 2)", True),
        ("a", "it.shape == (3, 2)", False),
        ("a[0] = 9", "a[0, 0] == 9 and it is None", True),
        ("a.reshape(4)", "isinstance(it, ValueError)", True),
        ("a.reshape(4)", "it.shape == (4,)", False),
        ("", "np.shares_memory(a, a.T)", True),
    ],
)
def test_a_claim_holds_or_not(it: str, test: str, held: bool) -> None:  # noqa: FBT001 - a column
    """A test sees the value, None for a statement, or the exception that was raised."""
    job: Job = {"code": "a = np.ones((2, 3))", "holds": {"x": {"it": it, "test": test}}}

    assert held is evaluate(job)["holds"]["x"]


@pytest.mark.parametrize(
    ("it", "test", "name"),
    [("aa", "True", "NameError"), ("1 +", "True", "SyntaxError"), ("1", "np.ones(2)", "TypeError")],
)
def test_a_slip_in_a_claim_is_no_result(it: str, test: str, name: str) -> None:
    """A name that does not exist, bad syntax or a value other than true and false is reported."""
    held = evaluate({"holds": {"x": {"it": it, "test": test}}})["holds"]["x"]

    assert isinstance(held, dict)
    assert name == held["raises"]


def test_hidden_inputs_tell_solutions_apart() -> None:
    """A solution equals the reference on each input, or not; a failing one is not."""
    job: Job = {
        "code": "a = np.ones((2, 3))",
        "inputs": "a = rng.normal(size=(case + 1, 3))",
        "solution": "a.sum(axis=1)",
        "solutions": {"same": "a @ np.ones(3)", "axis": "a.sum(axis=0)", "fails": "a[9]"},
    }

    cases = evaluate(job)["cases"]

    assert {"same": [True] * 5, "axis": [False] * 5, "fails": [False] * 5} == cases


@pytest.mark.parametrize(
    ("given", "equal"),
    [
        (np.array([1.0, np.nan]), True),
        (np.array([1.0 + 1e-12, np.nan]), True),
        (np.array([1.1, np.nan]), False),
        (np.array([[1.0, np.nan]]), False),
        (np.array([1, 2]), False),
        (1.0, False),
        ([1.0, np.nan], False),
    ],
)
def test_solutions_are_compared_as_values(given: object, equal: bool) -> None:  # noqa: FBT001 - a column
    """Type, shape, kind of dtype and values decide; NaN equals NaN."""
    assert equal is same(np.array([1.0, np.nan]), given)


def test_what_a_snippet_prints_and_warns_is_kept() -> None:
    """Output and warnings are part of the result and reach nobody else."""
    with warnings.catch_warnings(record=True) as outside:
        result = evaluate({"code": "print('hello')\nnp.log(np.zeros(1))\nnp.array(3.0).__int__()"})

    assert [] == outside
    assert "hello\n" == result["stdout"]
    assert ["RuntimeWarning"] == [w["category"] for w in result["warnings"]]
    assert not result["warnings"][0]["deprecated"]


def test_deprecations_are_marked() -> None:
    """A warning about what will change is told from one about numbers."""
    result = evaluate({"code": "import warnings\nwarnings.warn('old', DeprecationWarning)"})

    assert [("DeprecationWarning", True)] == [
        (w["category"], w["deprecated"]) for w in result["warnings"]
    ]


def test_what_is_drawn_is_measured() -> None:
    """The shape of each expression is given, None where it raises."""
    result = evaluate({"code": "a = np.ones((2, 3))", "drawn": ["a", "a[0]", "a + a[:, 0]"]})

    assert [[2, 3], [3], None] == [array and array["shape"] for array in result["drawn"]]


def test_elements_are_found_in_memory() -> None:
    """Each has its place in what the first array spans, unless the memory is other."""
    names = ["a[::-1]", "a[1:2]", "a[[1]]", "a.view(np.int8)", "np.ones(25)"]
    result = evaluate({"code": "a = np.arange(3)", "drawn": names})

    assert [[2, 1, 0], [1], [], [], []] == [array["places"] for array in result["drawn"] if array]
    assert [["2", "1", "0"], ["1"], ["1"]] == [a["cells"] for a in result["drawn"][:3] if a]


def test_threads_do_not_disturb_each_other() -> None:
    """Snippets that run at the same time keep their warnings apart."""
    results: list[list[str]] = [[] for _ in range(8)]

    def run(n: int) -> None:
        for _ in range(20):
            found = evaluate({"code": f"import warnings\nwarnings.warn('w{n}')"})["warnings"]
            results[n] += [w["message"] for w in found]

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [[f"w{n}"] * 20 for n in range(8)] == results


def test_it_runs_as_a_script_of_another_python() -> None:
    """JSON lines in, JSON lines out; a snippet's own output does not mix with them."""
    jobs: list[Job] = [
        {"code": "import sys\nsys.stdout.write('noise')", "expressions": {"x": "np.ones(2).shape"}},
        {"expressions": {"x": "1/0"}},
    ]
    done = subprocess.run(
        [sys.executable, "-I", module.__file__],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        check=True,
    )

    first, second = (json.loads(line)["expressions"]["x"] for line in done.stdout.splitlines())

    assert "(2,)" == first["text"]
    assert "ZeroDivisionError" == second["raises"]


def test_the_line_of_an_exception_is_the_snippets() -> None:
    """An exception deep in NumPy is told by the snippet's line."""
    code: Raised | None = evaluate({"code": "a = 1\n\nnp.reshape([1, 2], (3,))"})["code"]

    assert code is not None
    assert 3 == code["line"]


def test_sets_of_anything_print() -> None:
    """A set whose members have no order prints in a stable one."""
    assert "{'a', 1}" == canonical({1, "a"})
