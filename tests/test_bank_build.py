"""Items become questions: NumPy computes the key, every claim is verified."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.bank.build import build
from bot.bank.choices import as_choices, shuffled
from bot.bank.picture import draw
from bot.bank.problem import Fault
from bot.model import Choice, Key, Question
from content.schema import Item, Option
from tests.bank_items import draft, predict, wrong

SINGLE = draft(
    code="a = np.ones((2, 3))",
    holds="it.shape == (3, 2)",
    right=(Option(show="a.T"),),
    wrong=(wrong(show="a[::-1]"), wrong(show="a.reshape(9)")),
)


def made(item: Item, **recorded: str) -> Question:
    """The question of a hand-written item."""
    return build(item, source="x", recorded={k.replace("_", "."): v for k, v in recorded.items()})


def refused(item: Item) -> Fault:
    """Why there is no question of an item."""
    with pytest.raises(Fault) as caught:
        made(item)
    return caught.value


def test_numpy_computes_the_key() -> None:
    """A typed question knows its key, and the wrong answers with what is behind them."""
    question = made(predict())

    assert Key("shape", "(2, 3)") == question.key
    assert (
        Choice("(2, 3)", right=True, code=True),
        Choice("(3, 2)", right=False, code=True, belief="a-belief", why="It is not so."),
        Choice("(6,)", right=False, code=True, belief="a-belief", why="It is not so."),
    ) == question.choices
    assert (np.__version__, "x", None, False) == (
        question.numpy, question.source, question.seed, question.family,
    )  # fmt: skip


def test_an_exception_can_be_the_key() -> None:
    """Wrong answers are computed from what the snippet made before it raised."""
    item = predict(code="a = np.ones((2, 3))\nb = a + np.ones(2)", raises="ValueError")

    question = made(replace(item, answer="b.shape"))

    assert Key("shape", "ValueError", error=True) == question.key
    assert ["It raises `ValueError`", "(3, 2)", "(6,)"] == [c.text for c in question.choices]


def test_arrays_are_shown_as_print_does() -> None:
    """The key of an array is exact, its option is what people see."""
    item = predict(
        answer="np.array([1, 2], np.int8)", type="array", wrong=(wrong(answer="np.array([2, 1])"),)
    )

    question = made(item)

    assert Key("array", "array([1, 2], dtype=int8)") == question.key
    assert ["[1 2]", "[2 1]"] == [choice.text for choice in question.choices]


def test_options_keep_the_authors_order() -> None:
    """Expressions are shown as written, and the right one comes first."""
    question = made(SINGLE)

    assert [("a.T", True, True), ("a[::-1]", False, True), ("a.reshape(9)", False, True)] == [
        (choice.text, choice.right, choice.code) for choice in question.choices
    ]
    assert question.key is None


def test_prose_results_exceptions_and_records_are_shown() -> None:
    """Each way to say an option has its own look."""
    item = draft(
        answer="np.float64(3)",
        right=(Option(answer="np.float64(3)"),),
        wrong=(
            wrong(on="1.26"),
            wrong(on="1.25"),
            wrong(raises="TypeError"),
            wrong(text="It *depends*.", source="https://numpy.org/"),
        ),
    )

    question = made(item, **{"1_26": "np.float64(3.0)", "1_25": "raises ValueError"})

    assert [
        ("3.0", True),
        ("np.float64(3.0)", True),
        ("It raises `ValueError`", False),
        ("It raises `TypeError`", False),
        ("It *depends*.", False),
    ] == [(choice.text, choice.code) for choice in question.choices]


def test_several_verifies_every_option() -> None:
    """Of several options each right one holds and each wrong one does not."""
    item = replace(SINGLE, kind="several", right=(Option(show="a.T"), Option(show="a.T + 1")))

    assert [True, True, False, False] == [choice.right for choice in made(item).choices]
    assert "right[1]" == refused(replace(item, right=(Option(show="a.T"), Option(show="a")))).path


def test_an_open_question_brings_its_model() -> None:
    """Nothing is graded: model, points and companion are handed on."""
    question = made(draft("open", model="Say this.\n", points=("a", "b"), companion="y"))

    assert ("Say this.", ("a", "b"), "y", ()) == (
        question.model, question.points, question.companion, question.choices,
    )  # fmt: skip


EXPRESSION = draft(
    "expression",
    code="a = np.array([[1., 2.], [3., 5.]])",
    inputs="a = rng.normal(size=(case + 1, 3))",
    solution="a - a.mean(axis=0)",
    wrong=(wrong(answer="a - a.mean()"), wrong(answer="a - a.mean(axis=1, keepdims=True)")),
)


def test_an_expression_brings_its_solutions() -> None:
    """The reference comes first, wrong solutions follow with their beliefs."""
    question = made(EXPRESSION)

    assert "a - a.mean(axis=0)" == question.solution
    assert [True, False, False] == [choice.right for choice in question.choices]


@pytest.mark.parametrize(
    ("fields", "path", "said"),
    [
        ({"solution": "a - b"}, "solution", "NameError"),
        ({"solution": "np.random.default_rng().normal(size=3)"}, "solution", "another result"),
        ({"inputs": "a = bb"}, "inputs", "NameError"),
        ({"wrong": (wrong(answer="a - a.mean(0)"),)}, "wrong[0].answer", "equals the solution"),
        ({"wrong": (wrong(answer="a - aa"),)}, "wrong[0].answer", "NameError"),
    ],
)
def test_solutions_are_proved_on_hidden_inputs(
    fields: dict[str, object], path: str, said: str
) -> None:
    """A wrong solution differs somewhere, the reference runs and equals itself."""
    fault = refused(replace(EXPRESSION, **fields))

    assert path == fault.path
    assert said in fault.message


@pytest.mark.parametrize(
    ("item", "path", "said"),
    [
        (predict(setup="1/0"), "setup", "raises ZeroDivisionError in line 1"),
        (predict(code="a = np.ones(3) + np.ones(2)"), "code", 'raises = "ValueError"'),
        (predict(code="a = ("), "code", "SyntaxError"),
        (predict(answer="a.shap"), "answer", 'raises = "AttributeError"'),
        (predict(raises="ValueError"), "raises", "yet nothing is raised"),
        (predict(answer="a.sum(axis=5)", raises="ValueError"), "raises", "raises AxisError"),
        (predict(answer="a"), "answer", "of Python type ndarray"),
        (predict(wrong=(wrong(answer="a.shape"),)), "wrong[0]", "like the right answer"),
        (predict(wrong=(wrong(answer="[2, 3]"),)), "wrong[0]", "like the right answer"),
        (
            predict(wrong=(wrong(answer="(6,)"), wrong(answer="(6,)"))),
            "wrong[1]",
            "graded like wrong[0]",
        ),
        (predict(wrong=(wrong(answer="a.x"),)), "wrong[0].answer", "raises AttributeError"),
        (replace(SINGLE, right=(Option(show="a"),)), "right[0]", "does not hold"),
        (
            replace(SINGLE, wrong=(wrong(show="a.T", holds="a is not None"), wrong(show="a"))),
            "wrong[0].holds",
            "holds, although",
        ),
        (
            replace(SINGLE, wrong=(wrong(show="np.ones((2, 3))"), wrong(show="np.ones((2, 3))"))),
            "wrong[1]",
            "is the same as wrong[0]",
        ),
        (
            draft(
                right=(Option(answer="np.array([1, 2])"),),
                wrong=(wrong(answer="np.array([1, 2], np.int8)"), wrong(answer="3")),
            ),
            "wrong[0]",
            "looks like right[0]",
        ),
        (
            draft(
                code="np.ones(3).sum(axis=1)",
                right=(Option(raises="AxisError"),),
                wrong=(wrong(raises="IndexError"), wrong(answer="3")),
            ),
            "wrong[0].raises",
            "a parent of it",
        ),
        (
            draft(answer="1", right=(Option(answer="1"),), wrong=(wrong(on="1.26"),)),
            "wrong[0].on",
            "nothing is recorded for NumPy 1.26",
        ),
    ],
)
def test_what_does_not_hold_is_refused(item: Item, path: str, said: str) -> None:
    """A fault names its field, what is wrong, and the way out."""
    fault = refused(item)

    assert path == fault.path
    assert said in str(fault)


def test_a_family_may_meet_its_own_key() -> None:
    """Of a drafted instance, wrong models that give the key or each other are dropped."""
    item = predict(wrong=(wrong(answer="a.shape"), wrong(answer="(6,)"), wrong(answer="(6,)")))

    question = build(item, source="g", seed=7, version=2)

    assert ["(2, 3)", "(6,)"] == [choice.text for choice in question.choices]
    assert (7, 2, True) == (question.seed, question.version, question.family)


def _rng(seed: int) -> Random:
    return Random(seed)


@given(st.integers())
def test_shuffling_loses_nothing(seed: int) -> None:
    """Options are the same in another order; a seed gives the same order again."""
    question = made(SINGLE)

    one, two = (shuffled(question, _rng(seed)) for _ in range(2))

    assert one == two
    assert set(question.choices) == set(one.choices)
    assert question == replace(one, choices=question.choices)


def test_shuffling_reaches_every_position() -> None:
    """The right option stands everywhere about equally often."""
    rng = _rng(1)
    places = [
        [c.right for c in shuffled(made(SINGLE), rng).choices].index(True) for _ in range(900)
    ]

    assert all(240 <= places.count(place) <= 360 for place in range(3))


def test_typed_questions_are_not_shuffled() -> None:
    """The known answers of a typed question stay where they are."""
    assert made(predict()) == shuffled(made(predict()), _rng(3))


def test_a_typed_question_can_be_offered_as_choices() -> None:
    """With two wrong answers known, it becomes a single choice without a typed key."""
    question = made(predict())

    offered = as_choices(question)

    assert replace(question, kind="single", key=None) == offered


def test_too_few_known_answers_make_no_choices() -> None:
    """One wrong answer, or another kind of question, is no single choice."""
    assert as_choices(made(predict(wrong=(wrong(answer="(6,)"),)))) is None
    assert as_choices(made(SINGLE)) is None


def test_shapes_are_drawn_under_each_other() -> None:
    """The picture lines the axes up from the right."""
    item = predict(
        code="column = np.ones((3, 1))\nrow = np.ones(14)", answer="(column + row).shape"
    )
    item = replace(item, picture=("column", "row", "column + row", "row + np.ones(2)"))

    assert (
        "column            3 x  1\n"
        "row                   14\n"
        "column + row      3 x 14\n"
        "row + np.ones(2)  raises"
    ) == made(item).picture.replace("\N{MULTIPLICATION SIGN}", "x")


def test_no_picture_is_no_text() -> None:
    """Where nothing is to be drawn there is no picture."""
    assert "" == draw("shapes", (), ()) == made(predict()).picture
