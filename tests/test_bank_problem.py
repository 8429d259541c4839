"""Where a fault stands in a question file."""

import pytest

from bot.bank.problem import Fault, Problem, locate
from tests.bank_items import PREDICT

INLINE = """\
stem = "why = 1"
code = '''
why = 2
[[wrong]]
'''
why = "..."
follow_up = [
  {ask = "One?", answer = "1"},
  {ask = "Two?", answer = "2"},
]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("topic", 1),
        ("why", 14),
        ("wrong[0]", 17),
        ("wrong[0].belief", 19),
        ("wrong[1].why", 25),
        ("wrong[1].source", 22),
        ("nowhere", 1),
    ],
)
def test_a_field_is_found_at_its_line(path: str, line: int) -> None:
    """A path leads to the line of its key, or of the table that should hold it."""
    assert line == locate(PREDICT, path)


@pytest.mark.parametrize(
    ("path", "line"), [("why", 6), ("follow_up[1].answer", 9), ("follow_up", 7)]
)
def test_code_and_inline_tables_do_not_mislead(path: str, line: int) -> None:
    """What a snippet assigns is no field, and inline tables are counted."""
    assert line == locate(INLINE, path)


def test_a_problem_reads_as_one_sentence() -> None:
    """Place, field, fault and remedy stand in one line."""
    problem = Problem("a.toml", 3, "wrong[0].why", "is missing", "Write it.")

    assert "a.toml:3: `wrong[0].why`: is missing. Write it." == problem.sentence() == str(problem)


def test_a_fault_becomes_a_problem_of_its_file() -> None:
    """A fault knows its field, and finds its line in the text."""
    fault = Fault("wrong[1]", "is odd", "Mend it.")

    assert Problem("p.toml", 22, "wrong[1]", "is odd", "Mend it.") == fault.at("p.toml", PREDICT)
    assert "`wrong[1]`: is odd. Mend it." == str(fault)
