"""A family about partitions: the k smallest or largest, without sorting."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from content.families.parts import TRIES, Wrong, enough, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "partition-puts-the-largest-first": "The smaller ones stand in front, the larger ones behind.",
    "partition-leaves-the-front": "The front is picked by size, not by position.",
    "k-counts-from-one": "Position k holds what would stand there if all were sorted, from 0 on.",
    "a-slice-includes-position-k": "The slice ends before position k.",
    "minus-k-is-the-kth-smallest": "A negative position counts from the end, as in a sorted array.",
    "argpartition-returns-values": "`argpartition` gives positions; `a[positions]` the values.",
    "partition-returns-positions": "`partition` gives values; `argpartition` their positions.",
    "position-k-keeps-its-element": "The element at position k is moved to where it belongs.",
}


class _Case(msgspec.Struct, frozen=True):
    """A question, the line that answers it, the result as text, and the mistaken ones."""

    asked: str
    line: str
    answer: str
    type: Literal["set", "number"]
    result: str
    wrong: tuple[Wrong, ...]
    told: str
    docs: str = "partition"


def _partition(rng: "np.random.Generator", level: int) -> Item:
    makers = {1: (_value, _front), 2: (_front, _value, _back), 3: (_back, _places, _value_at_end)}[
        level
    ]
    for _ in range(TRIES):
        a = rng.permutation(range(1, 60))[: int(rng.integers(6, 8))]
        k = int(rng.integers(2, 4))
        case = makers[int(rng.integers(len(makers)))](a, k)
        wrong = options(case.result, case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type=case.type,
        stem=case.asked,
        code=f"a = np.array({a.tolist()})\n{case.line}",
        answer=case.answer,
        wrong=wrong,
        hint="Sort the array in your head: what stands at that position, and what before it?",
        rule="`partition(a, k)` puts at position k what sorting would put there, the smaller ones "
        "before it and the larger ones behind.",
        why=(
            f"It is {case.result}. {case.told}\n\n"
            "A partition does a part of the work of sorting. One element is where it belongs, all "
            "before it are no larger, all behind it no smaller, and within these two groups the "
            "order is open: do not rely on it, it may differ between versions and machines. That "
            "is enough for the k smallest, the k largest, or a median, and takes time proportional "
            "to the length, where sorting takes n log n.\n\n"
            "`argpartition` does the same with positions, so that other arrays can be picked from "
            "alike. For a ranking sort the few that were picked: "
            "`top = a.argpartition(-3)[-3:]`, then `top[np.argsort(a[top])[::-1]]`."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        follow_up=(
            FollowUp(
                "How do you partition at several positions in one call?",
                "With a list: `np.partition(a, [1, 3])` puts both elements where they belong.",
            ),
            FollowUp(
                "Which function gives the position of the one largest element?",
                "`argmax`; a partition pays from the second one on.",
            ),
        ),
    )


def _set(values: "np.ndarray") -> str:
    """A set as an expression, in ascending order."""
    return f"{{{', '.join(map(str, sorted(values.tolist())))}}}"


def _front(a: "np.ndarray", k: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    models = (
        Wrong("partition-puts-the-largest-first", _set(ordered[-k:])),
        Wrong("partition-leaves-the-front", _set(a[:k])),
        Wrong("a-slice-includes-position-k", _set(ordered[: k + 1])),
        Wrong("partition-returns-positions", _set(np.argsort(a)[:k])),
    )
    return _Case(
        f"Which elements are in `np.partition(a, {k})[:{k}]`, in any order?",
        f"r = np.partition(a, {k})[:{k}]",
        "set(r.tolist())",
        "set",
        _set(ordered[:k]),
        models,
        f"Sorted, the array begins with {ordered[:k].tolist()}; these stand before position {k}.",
    )


def _back(a: "np.ndarray", k: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    models = (
        Wrong("minus-k-is-the-kth-smallest", _set(ordered[:k])),
        Wrong("partition-leaves-the-front", _set(a[-k:])),
        Wrong("a-slice-includes-position-k", _set(ordered[-k - 1 :])),
        Wrong("partition-returns-positions", _set(np.argsort(a)[-k:])),
    )
    return _Case(
        f"Which elements are in `np.partition(a, -{k})[-{k}:]`, in any order?",
        f"r = np.partition(a, -{k})[-{k}:]",
        "set(r.tolist())",
        "set",
        _set(ordered[-k:]),
        models,
        f"Sorted, the array ends with {ordered[-k:].tolist()}; these stand from position -{k} on.",
    )


def _places(a: "np.ndarray", k: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    order = np.argsort(a)
    models = (
        Wrong("argpartition-returns-values", _set(a[order[-k:]])),
        Wrong("minus-k-is-the-kth-smallest", _set(order[:k])),
        Wrong("partition-leaves-the-front", _set(np.arange(len(a))[-k:])),
        Wrong("a-slice-includes-position-k", _set(order[-k - 1 :])),
    )
    return _Case(
        f"Which numbers are in `np.argpartition(a, -{k})[-{k}:]`, in any order?",
        f"r = np.argpartition(a, -{k})[-{k}:]",
        "set(r.tolist())",
        "set",
        _set(order[-k:]),
        models,
        f"The {k} largest elements are {np.sort(a)[-k:].tolist()}, and these are the positions at "
        "which they stand.",
        "argpartition",
    )


def _value_models(a: "np.ndarray", k: int) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    yield Wrong("partition-puts-the-largest-first", str(int(ordered[::-1][k])))
    yield Wrong("k-counts-from-one", str(int(ordered[k - 1])))
    yield Wrong("position-k-keeps-its-element", str(int(a[k])))


def _value(a: "np.ndarray", k: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    return _Case(
        f"Which element is `np.partition(a, {k})[{k}]`?",
        f"r = np.partition(a, {k})[{k}]",
        "r",
        "number",
        str(int(ordered[k])),
        tuple(_value_models(a, k)),
        f"Sorted, the array is {ordered.tolist()}, and that stands at position {k}.",
    )


def _value_at_end(a: "np.ndarray", k: int) -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ordered = np.sort(a)
    models = (
        Wrong("minus-k-is-the-kth-smallest", str(int(ordered[k - 1]))),
        Wrong("k-counts-from-one", str(int(ordered[-k - 1]))),
        Wrong("position-k-keeps-its-element", str(int(a[-k]))),
    )
    return _Case(
        f"Which element is `np.partition(a, -{k})[-{k}]`?",
        f"r = np.partition(a, -{k})[-{k}]",
        "r",
        "number",
        str(int(ordered[-k])),
        models,
        f"Sorted, the array is {ordered.tolist()}, and that stands at position -{k}.",
    )


partition_topk = Family(
    id="partition-or-sort",
    topic="sorting",
    level=2,
    kind="predict",
    title="Which elements a partition brings to the front or the end",
    make=_partition,
    beliefs=tuple(_REASONS),
)
