"""Small items, question files and families for the tests of the bank."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from content.families.registry import Family
from content.schema import Item, Kind, Option

DOCS = "https://numpy.org/doc/stable/user/basics.broadcasting.html"

PREDICT = '''\
topic = "broadcasting"
level = 2
kind = "predict"
type = "shape"
stem = "What is the shape of the result?"
code = """
column = np.ones((3, 1))
row = np.ones(4)
total = column + row
"""
answer = "total.shape"
hint = "Line the shapes up from the right."
rule = "Shapes line up from the right, and ones stretch."
why = "The axes are compared from the last one on."
docs = "https://numpy.org/doc/stable/user/basics.broadcasting.html"

[[wrong]]
answer = "column.shape"
belief = "the-first-operand-wins"
why = "Neither operand decides alone."

[[wrong]]
answer = "(7, 1)"
belief = "shapes-are-added"
why = "Nothing is added up."
'''

SINGLE = """\
topic = "shapes"
level = 1
kind = "single"
stem = "Which line gives an array of shape (3, 2)?"
code = "a = np.arange(6).reshape(2, 3)"
holds = "it.shape == (3, 2)"
rule = "Transposing reverses the axes."
why = "The order of the axes is reversed."
docs = "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.T.html"

[[right]]
show = "a.T"

[[wrong]]
show = "a[::-1]"
belief = "reversing-swaps-axes"
why = "That reverses the rows."

[[wrong]]
show = "a.ravel()"
belief = "ravel-transposes"
why = "That makes one axis of two."
"""


def write(folder: Path, name: str, text: str) -> Path:
    """Put a question file into a folder."""
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def wrong(**fields: str | None) -> Option:
    """A wrong option that says what a wrong option must."""
    return replace(Option(belief="a-belief", why="It is not so."), **fields)


def draft(kind: Kind = "single", **fields: object) -> Item:
    """An item that lacks only what the test is about."""
    base = Item(
        topic="broadcasting", level=1, kind=kind, stem="Which?", rule="So it is.", why="Because.",
        docs=DOCS,
    )  # fmt: skip
    return replace(base, **fields)


def predict(**fields: object) -> Item:
    """A question for the shape of `a`, which is (2, 3)."""
    base = draft(
        "predict",
        code="a = np.ones((2, 3))",
        answer="a.shape",
        type="shape",
        wrong=(wrong(answer="(3, 2)"), wrong(answer="(6,)")),
    )
    return replace(base, **fields)


def lines(rng: np.random.Generator, level: int) -> Item:
    """A family: the shape of an array of `level` axes, each of another length."""
    shape = tuple(int(n) for n in rng.permutation(np.arange(2, 7))[: level + 1])
    wrongs = (wrong(answer=str(shape[::-1])), wrong(answer=str(shape[:1] * 2)))
    return predict(code=f"a = np.ones({shape})", level=level, wrong=wrongs)


def family(
    make: Callable[[np.random.Generator, int], Item] = lines, ident: str = "g-shape"
) -> Family:
    """A family around `make`."""
    return Family(
        id=ident, topic="broadcasting", level=1, kind="predict", version=3, title="Shapes",
        covers=(7,), beliefs=("a-belief",), make=make, levels=(1, 2, 3),
    )  # fmt: skip
