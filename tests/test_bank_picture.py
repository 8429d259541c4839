"""The pictures in verdicts, drawn from the arrays that a snippet makes."""

import pytest

from bot.bank.evaluate import evaluate
from bot.bank.picture import draw
from bot.bank.problem import Fault
from content.schema import Drawing

TABLE = "a = np.array([[1, 2, 3], [40, 5, 6]])"
MEMORY = "a = np.arange(6, dtype=np.int64).reshape(2, 3)"


def drawn(drawing: Drawing, code: str, *names: str) -> str:
    """The picture of what some expressions give after `code`."""
    return draw(drawing, names, evaluate({"code": code, "drawn": list(names)})["drawn"])


@pytest.mark.parametrize(
    ("result", "below"),
    [
        ("a.sum(axis=0)", ["  41 7 9"]),
        ("a.max(axis=0, keepdims=True)", ["  40 5 6"]),
        ("a.cumsum(axis=0)", ["   1 2 3", "  41 7 9"]),
    ],
)
def test_what_comes_of_axis_0_stands_below(result: str, below: list[str]) -> None:
    """Whether the axis goes away, stays with one element, or stays whole."""
    above = ["a", "   1 2 3", "  40 5 6", "   ↓ ↓ ↓"]
    assert [*above, *below, result] == drawn("axis 0", TABLE, "a", result).splitlines()


@pytest.mark.parametrize(
    ("result", "beside"),
    [
        ("a.sum(axis=1)", [" 6", "51"]),
        ("a.sum(axis=1, keepdims=True)", [" 6", "51"]),
        ("np.sort(a, axis=1)", ["1 2  3", "5 6 40"]),
    ],
)
def test_what_comes_of_axis_1_stands_beside(result: str, beside: list[str]) -> None:
    """Each row leads to its own result."""
    rows = [f"   1 2 3 → {beside[0]}", f"  40 5 6 → {beside[1]}"]
    assert [f"a → {result}", *rows] == drawn("axis 1", TABLE, "a", result).splitlines()


def test_a_vector_is_a_row() -> None:
    """Its only axis leads across."""
    assert "x → np.diff(x)\n  1 4 9 → 3 5" == drawn(
        "axis 1", "x = np.array([1, 4, 9])", "x", "np.diff(x)"
    )


def test_cells_show_the_order() -> None:
    """Every array is a table under its name, a deeper one several with a gap between."""
    picture = drawn("cells", "a = np.arange(8)", "a", "a.reshape(2, 2, 2)", "a[0]")
    expected = [
        *("a", "  0 1 2 3 4 5 6 7"),
        *("a.reshape(2, 2, 2)", "  0 1", "  2 3", "", "  4 5", "  6 7"),
        *("a[0]", "  0"),
    ]
    assert expected == picture.splitlines()


def test_memory_shows_who_reads_what() -> None:
    """Under each cell of memory stands the position that an array reads from it."""
    names = ("a", "a.T", "a[:, ::2]", "a[::-1]", "a.T.ravel()")
    picture = drawn("memory", MEMORY, *names)
    expected = [
        *("in memory", "  0 1 2 3 4 5"),
        *("a: strides (24, 8)", "  0 1 2 3 4 5"),
        *("a.T: strides (8, 24)", "  0 2 4 1 3 5"),
        *("a[:, ::2]: strides (24, 16)", "  0 · 1 2 · 3"),
        *("a[::-1]: strides (-24, 8)", "  3 4 5 0 1 2"),
        *("a.T.ravel(): strides (8,)", "  memory of its own"),
    ]
    assert expected == picture.splitlines()


def test_a_tape_shows_the_beginning_of_a_longer_memory() -> None:
    """Its places have numbers, as the elements of a large array are rarely worth a look."""
    picture = drawn("tape", "a = np.zeros((4, 6), dtype=np.int8)", "a", "a[:, ::3]", "a + 1")
    expected = [
        *("place in memory", "   0  1  2  3  4  5  6  7  8  9 10 11  …"),
        *("a: strides (6, 1)", "   0  1  2  3  4  5  6  7  8  9 10 11  …"),
        *("a[:, ::3]: strides (6, 3)", "   0  ·  ·  1  ·  ·  2  ·  ·  3  ·  ·  …"),
        *("a + 1: strides (6, 1)", "  memory of its own"),
    ]
    assert expected == picture.splitlines()


def test_a_tape_of_a_short_memory_is_whole() -> None:
    """Nothing says that there is more."""
    picture = drawn("tape", "a = np.zeros(3, dtype=np.int16)", "a[::-1]")
    assert "place in memory\n  0 1 2\na[::-1]: strides (-2,)\n  2 1 0" == picture


def test_memory_that_is_read_twice() -> None:
    """All positions stand under the cell that they are read from."""
    picture = drawn("memory", "a = np.array([5, 6])", "a", "np.broadcast_to(a, (2, 2))")
    assert "  0/2 1/3" == picture.splitlines()[-1]


@pytest.mark.parametrize(
    ("drawing", "names"),
    [
        ("cells", ["a / b"]),
        ("cells", ["np.ones(25)"]),
        ("memory", ["np.ones(13)"]),
        ("memory", ["np.ones(0)"]),
        ("memory", ["np.broadcast_to(np.ones(3), (9, 3))"]),
        ("tape", ["np.ones(0)"]),
        ("tape", ["np.ones(513)"]),
        ("axis 0", ["a"]),
        ("axis 0", ["a[0]", "a[0].sum()"]),
        ("axis 0", ["a", "a.sum(axis=1)"]),
        ("axis 1", ["a", "a.sum(axis=0)"]),
        ("axis 1", ["np.ones((2, 13))", "a"]),
    ],
)
def test_what_does_not_fit_is_a_fault(drawing: Drawing, names: list[str]) -> None:
    """It names the field, the drawing and the way out."""
    with pytest.raises(Fault) as caught:
        drawn(drawing, TABLE, *names)
    assert ("picture", True) == (caught.value.path, f"drawn as `{drawing}`" in str(caught.value))
    assert caught.value.remedy.startswith("See `drawing` in content/README.md")
