"""What a question file and a family's draft hold.

Both are one `Item`: a hand-written question is an Item read from TOML, a family is a
function that returns an Item. Nobody types a result: `answer`, computed options and
`holds` are Python expressions that NumPy evaluates after `code` has run.
"""

from typing import Literal, get_args

import msgspec

Kind = Literal["single", "several", "predict", "expression", "bug", "open"]
AnswerType = Literal["shape", "tuple", "dtype", "array", "number", "bool", "set", "error"]
Drawing = Literal["shapes", "axis 0", "axis 1", "cells", "memory", "tape"]
Level = Literal[1, 2, 3]

KINDS: tuple[Kind, ...] = get_args(Kind)
ANSWER_TYPES: tuple[AnswerType, ...] = get_args(AnswerType)

TOPICS: dict[str, str] = {
    "fundamentals": "Fundamentals and creation",
    "dtypes": "Dtypes, casting, promotion",
    "indexing": "Basic indexing and slicing",
    "fancy": "Fancy and boolean indexing, where",
    "memory": "Views, copies, memory layout",
    "shapes": "Shape manipulation and joining",
    "broadcasting": "Broadcasting",
    "ufuncs": "Ufuncs, vectorization, performance",
    "reductions": "Axes, reductions, statistics",
    "sorting": "Sorting, searching, sets, counting",
    "linalg": "Linear algebra and einsum",
    "random": "Random numbers and simulation",
    "floats": "NaN, floats, numerical stability",
    "data": "I/O, structured, strings, dates, masked",
    "applications": "Machine learning and signals",
    "ecosystem": "NumPy 2.x, array API, ecosystem",
}
"""Topic id (the folder's name) to its title, in the order a study guide reads them."""


class FollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an interviewer asks next, with a one-sentence answer (Markdown)."""

    ask: str
    answer: str


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing a member may answer.

    Exactly one of these says what is shown:

    - `text`: prose (Markdown). Carries `holds` or, where nothing can be run, `source`.
    - `show`: an expression shown as code, not as its result; `it` is its value in `holds`
      (None for a statement, the exception where it raises).
    - `answer`: an expression; its *result* is shown as NumPy prints it.
    - `raises`: the name of an exception class: "It raises ValueError".
    - `on`: a NumPy version; what the item's `answer` gave there, from the lock file.

    `holds` is an expression that is true for a right option and false for a wrong one;
    it may stand once on the item instead. `belief` names the misconception behind
    choosing (or, for a right option of several, missing) it; `why` speaks to that belief.
    Every wrong option has both.
    """

    text: str | None = None
    show: str | None = None
    answer: str | None = None
    raises: str | None = None
    on: str | None = None
    holds: str | None = None
    source: str | None = None
    belief: str = ""
    why: str = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question as its author writes it.

    `rule` is the one sentence of every verdict, `why` the whole explanation behind
    **Explain**; both are Markdown, as is `stem`. `code` is the snippet that members see
    and NumPy runs (with `np` imported); `setup` runs before it and is not shown.
    """

    topic: str
    level: Level
    kind: Kind
    stem: str
    rule: str
    why: str
    docs: str
    code: str = ""
    setup: str = ""
    hint: str = ""
    follow_up: tuple[FollowUp, ...] = ()
    covers: tuple[int, ...] = ()
    numpy: str = ">=2.0"
    picture: tuple[str, ...] = ()
    """Expressions that are drawn in the verdict, such as `("column", "row", "total")`."""
    drawing: Drawing = "shapes"
    """How they are drawn: their shapes lined up from the right; a table and what comes of it
    along an axis; their cells; or how each reads the memory of the first, or its beginning."""

    right: tuple[Option, ...] = ()
    """The right option of `single` and `bug`, the right options of `several`."""
    wrong: tuple[Option, ...] = ()
    """Wrong options; for `predict` what people type instead; for `expression` wrong solutions."""
    holds: str = ""
    """One test for every option, where options carry none of their own; sees `it`."""

    answer: str | None = None
    """`predict`: the expression whose value is asked. Also what `on` options look up."""
    type: AnswerType | None = None
    """`predict`: how a typed answer is read and compared."""
    raises: str | None = None
    """The exception class that `code` or `answer` raises, when that is meant; `predict`: the
    key."""

    solution: str = ""
    """`expression`: the reference solution over the names that `code` defines (the public
    example)."""
    also: tuple[str, ...] = ()
    """`expression`: at least three other right solutions, each its own way to the result."""
    steps: bool = False
    """`expression`: asks for a short `def solve(…)` of the names that `code` defines, in their
    order; `solution`, `also` and the wrong ones are such functions too."""
    only: tuple[str, ...] = ()
    """`expression`: a puzzle that takes nothing of NumPy and Python but these, such as
    `("np.arange", "np.where", ".T", "len")`, and operators."""
    exact: bool = False
    """`expression`: the dtype itself has to match, not only its kind."""
    inputs: str = ""
    """`expression`: statements that rebind those names to hidden inputs; sees `rng`, a seeded
    `numpy.random.Generator`, and `case`, 0 to 4, to vary them."""

    model: str = ""
    """`open`: the model answer (Markdown)."""
    points: tuple[str, ...] = ()
    """`open`: four to seven key points that the member ticks."""
    companion: str = ""
    """`open`: the id of the machine-graded question on the same subject."""
