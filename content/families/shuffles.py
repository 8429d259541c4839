"""A family about shuffling along an axis."""

from typing import TYPE_CHECKING

from content.families.parts import TRIES, one_of, told
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_RIGHTS = (2, 3)
"""So many right options at least and at most; there are five in all."""


_SHUFFLE = {
    "shuffle-returns-the-array": "`shuffle` works in place and returns None.",
    "permutation-works-in-place": "`permutation` and `permuted` leave `a` as it is and return a "
    "new array.",
    "shuffle-copies-first": "`shuffle` rearranges `a` itself.",
    "permutation-shuffles-all-elements": "Whole slices are moved along the axis, unchanged within.",
    "permuted-moves-whole-slices": "`permuted` shuffles each slice along the axis by itself.",
    "axis-names-what-stays": "Elements move along the axis: the sums along it stay.",
    "shuffling-draws-with-replacement": "Elements change places; none is left out or doubled.",
}
_WAYS = {
    "rng.shuffle(a)": (1, "whole", 0),
    "rng.permutation(a)": (1, "whole", 0),
    "rng.permutation(a, axis=1)": (2, "whole", 1),
    "rng.shuffle(a, axis=1)": (2, "whole", 1),
    "rng.permuted(a, axis=1)": (2, "each", 1),
    "rng.permuted(a, axis=0)": (3, "each", 0),
    "rng.permuted(a)": (3, "flat", -1),
}
_SETUP = """
def certain(test):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        a = {array}
        old = a.copy()
        r = {call}
        new = a if r is None else r
        if not test(a, old, r, new):
            return False
    return True


def among(some, all_of_them):
    return set(map(tuple, some.tolist())) == set(map(tuple, all_of_them.tolist()))
"""


def _shuffle(rng: "np.random.Generator", level: int) -> Item:
    ways = [way for way, (least, _, _) in _WAYS.items() if least <= level]
    for _ in range(TRIES):
        call = one_of(rng, ways)
        rows, columns = (int(n) for n in rng.permutation((3, 4, 5, 6))[:2])
        array = f"np.arange({rows * columns}).reshape({rows}, {columns})"
        pool = _shuffle_pool(call)
        shuffled = [pool[int(place)] for place in rng.permutation(len(pool))]
        count = int(rng.integers(_RIGHTS[0], _RIGHTS[1] + 1))
        right = tuple(option for is_true, option in shuffled if is_true)[:count]
        wrong = tuple(option for is_true, option in shuffled if not is_true)[: 5 - len(right)]
        if len(right) >= _RIGHTS[0] and len(wrong) >= _RIGHTS[0] and rows * columns <= 24:  # noqa: PLR2004  # cells on a phone
            break
    return Item(
        topic="random",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem=f"What is certain after `{call}`, whatever is drawn?",
        setup=_SETUP.format(array=array, call=call),
        code=f"rng = np.random.default_rng()\na = {array}\nr = {call}",
        right=right,
        wrong=wrong,
        hint="Does it work in place? And do whole rows or columns move, or single elements?",
        rule="`shuffle` works in place and gives None, `permutation` and `permuted` give a new "
        "array; only `permuted` shuffles each slice by itself.",
        why=(
            f"These are certain:\n\n{told(right)}\n\nThese are not:\n\n{told(wrong)}\n\n"
            "`shuffle` and `permutation` take an axis and move whole slices along it: with "
            "`axis=0`, the default, rows change places and stay rows. `permuted` shuffles every "
            "slice along the axis independently, and without an axis it shuffles all elements. "
            "`shuffle` changes `a` and returns None; the other two return a new array.\n\n"
            "To shuffle two arrays alike, draw one order, `order = rng.permutation(len(x))`, and "
            "index both with it."
        ),
        docs="https://numpy.org/doc/stable/reference/random/generator.html#permutations",
        follow_up=(
            FollowUp(
                "How do you shuffle each row of `a` in place?",
                "With `rng.permuted(a, axis=1, out=a)`.",
            ),
            FollowUp(
                "What does `rng.permutation(5)` give?",
                "The numbers 0 to 4 in a random order: an integer stands for `np.arange`.",
            ),
        ),
    )


def _shuffle_pool(call: str) -> list[tuple[bool, Option]]:
    """What may be said of the call, and whether it is certain."""
    _, kind, axis = _WAYS[call]
    in_place, whole = "shuffle" in call, kind == "whole"
    moved = "permutation-shuffles-all-elements" if whole else "permuted-moves-whole-slices"
    kept = "shuffle-copies-first" if in_place else "permutation-works-in-place"
    mixed = "`permuted` without an axis moves elements across rows and columns."
    flat = mixed if kind == "flat" else ""
    rows = "np.array_equal(new.sum(axis=1), old.sum(axis=1))"
    columns = "np.array_equal(new.sum(axis=0), old.sum(axis=0))"
    sets = "np.array_equal(np.sort(new, axis=None), np.sort(old, axis=None))"
    claims = (
        ("`r` is `None`.", "r is None", in_place, "shuffle-returns-the-array", ""),
        ("`a` is unchanged.", "np.array_equal(a, old)", not in_place, kept, ""),
        (
            "Each old row is still a row.",
            "among(new, old)",
            whole and axis == 0,
            moved if axis == 0 or not whole else "axis-names-what-stays",
            flat,
        ),
        (
            "Each old column is still a column.",
            "among(new.T, old.T)",
            whole and axis == 1,
            moved if axis == 1 or not whole else "axis-names-what-stays",
            flat,
        ),
        ("Each row has its old sum.", rows, axis == 1, "axis-names-what-stays", flat),
        ("Each column has its old sum.", columns, axis == 0, "axis-names-what-stays", flat),
        ("Each number is there once.", sets, True, "shuffling-draws-with-replacement", ""),
    )
    return [
        (
            is_true,
            Option(
                text=text,
                holds=f"certain(lambda a, old, r, new: {test})",
                belief=belief,
                why=why or _SHUFFLE[belief],
            ),
        )
        for text, test, is_true, belief, why in claims
    ]


shuffling = Family(
    id="certain-after-shuffling",
    topic="random",
    level=2,
    kind="several",
    title="What shuffling along an axis leaves as it was",
    make=_shuffle,
    beliefs=tuple(_SHUFFLE),
)
