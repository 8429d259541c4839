"""A family about the edges of bins, and about counting."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "the-last-bin-is-half-open": "The last bin holds its right edge too.",
    "bins-include-their-right-edge": "A bin holds its left edge; its right one begins the next.",
    "outsiders-fall-into-the-end-bins": "Values outside the edges are not counted.",
    "a-bin-has-one-edge": "n + 1 edges make n bins.",
    "digitize-counts-bins-from-zero": "0 is for what lies before the first edge.",
    "right-is-the-default": "By default a value at an edge belongs to what begins there.",
    "right-changes-nothing": "With `right=True` a value at an edge belongs to what ends there.",
    "digitize-gives-the-edge": "`digitize` gives the number of the bin, not a value.",
    "bincount-skips-what-is-missing": "A number that does not occur is counted too, as 0.",
    "bincount-starts-at-the-smallest": "The first count is that of 0.",
    "bincount-counts-from-one": "The counts begin with that of 0.",
    "minlength-is-a-maximum": "`minlength` adds zeros; it cuts nothing off.",
    "weights-are-counted": "With `weights`, the weights are added up instead of ones.",
}


class _Case(msgspec.Struct, frozen=True):
    """A call, its result, what people take it for, and how it comes about."""

    written: str
    code: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str
    docs: str


def _bins(rng: "np.random.Generator", level: int) -> Item:
    makers: tuple[Callable[[np.random.Generator], _Case], ...]
    makers = {1: (_bincount,), 2: (_histogram, _digitize, _bincount), 3: (_histogram, _digitize)}[
        level
    ]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.written}` give?",
        code=case.code,
        answer="r",
        wrong=wrong,
        hint="To which side does a value belong that lies on an edge, and what does 0 stand for?",
        rule="Bins hold their left edge and not their right one, except the last bin of "
        "`histogram`; `bincount` counts from 0.",
        why=(
            f"`r` is `{case.result.tolist()}`. {case.told}\n\n"
            "`histogram` with n + 1 edges has n bins, each from its left edge up to and without "
            "its right one. The last bin is closed, so that the largest value is counted when the "
            "edges come from the data. Values outside are left out without a word: compare the sum "
            "with `len`. `digitize` says for each value in which bin it lies, 0 for before the "
            "first edge and `len(edges)` for behind the last; nothing is closed there. "
            "`right=True` gives every edge to the bin that ends in it.\n\n"
            "`bincount` is for small whole numbers: position k of the result is how often k "
            "occurs, from 0 to the largest. `minlength` makes room for values that may be missing, "
            "and `weights` adds up values instead of counting."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.docs}.html",
        covers=(23,),
        follow_up=(
            FollowUp(
                "How do you count by group in one line?",
                "`np.bincount(group, minlength=n)`, and with `weights=values` you get sums.",
            ),
            FollowUp(
                "Which function counts values that are not small integers?",
                "`np.unique(a, return_counts=True)`, which sorts them first.",
            ),
        ),
    )


def _bincount(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = rng.integers(0, 6, int(rng.integers(5, 8)))
    if is_chosen(rng, 0.3):
        return _weighted(rng, a)
    least = int(rng.integers(3, 9)) if is_chosen(rng, 0.5) else 0
    result = np.bincount(a, minlength=least)

    def models() -> Iterator[Wrong]:
        _, counts = np.unique(a, return_counts=True)
        yield Wrong("bincount-skips-what-is-missing", listed(counts))
        bare = np.bincount(a - a.min())
        yield Wrong("bincount-starts-at-the-smallest", listed(bare))
        yield Wrong("bincount-counts-from-one", listed(result[1:]))
        if 0 < least < len(result):
            yield Wrong("minlength-is-a-maximum", listed(result[:least]))

    argument = f", minlength={least}" if least else ""
    told = (
        f"The largest number is {a.max()}, so the counts are those of 0 to {len(result) - 1}; 0 "
        f"occurs {_times(result[0])}, {a.max()} {_times(result[a.max()])}."
    )
    return _Case(
        f"np.bincount(a{argument})",
        f"a = np.array({a.tolist()})\nr = np.bincount(a{argument})",
        result,
        tuple(models()),
        told,
        "bincount",
    )


def _times(count: "np.integer") -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(int(count), f"{count} times")


def _weighted(rng: "np.random.Generator", a: "np.ndarray") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    groups = a[:5] % 4
    values = rng.integers(1, 10, len(groups))
    result = np.bincount(groups, weights=values)

    def models() -> Iterator[Wrong]:
        yield Wrong("weights-are-counted", listed(np.bincount(groups)))
        yield Wrong("bincount-skips-what-is-missing", listed(result[np.unique(groups)]))
        yield Wrong("bincount-counts-from-one", listed(result[1:]))

    told = (
        f"Position k is the sum of the values whose group is k: for group {groups[0]} it is "
        f"{result[groups[0]]:g}. The sums are floats."
    )
    return _Case(
        "np.bincount(groups, weights=values)",
        f"groups = np.array({groups.tolist()})\nvalues = np.array({values.tolist()})\n"
        "r = np.bincount(groups, weights=values)",
        result,
        tuple(models()),
        told,
        "bincount",
    )


def _edges(rng: "np.random.Generator") -> "np.ndarray":
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    return np.arange(4) * int(rng.integers(2, 6)) + int(rng.integers(0, 4))


def _values(rng: "np.random.Generator", edges: "np.ndarray", count: int) -> "np.ndarray":
    """Values of which some lie on edges, the last one among them, and some outside."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    inside = rng.integers(edges[0], edges[-1], count - 3)
    chosen = [edges[-1], edges[int(rng.integers(1, 3))], edges[-1] + int(rng.integers(1, 4))]
    return rng.permutation(np.concatenate([inside, chosen]))


def _histogram(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    edges = _edges(rng)
    a = _values(rng, edges, 7)
    result = np.histogram(a, edges)[0]
    closed_right = np.array([((a > low) & (a <= high)).sum() for low, high in pairwise(edges)])

    def models() -> Iterator[Wrong]:
        yield Wrong(
            "the-last-bin-is-half-open",
            listed(np.append(result[:-1], (a >= edges[-2]).sum() - (a >= edges[-1]).sum())),
        )
        yield Wrong("bins-include-their-right-edge", listed(closed_right))
        yield Wrong(
            "outsiders-fall-into-the-end-bins",
            listed(np.append(result[:-1], (a >= edges[-2]).sum())),
        )
        yield Wrong(
            "a-bin-has-one-edge",
            listed(
                np.append(
                    np.append(result[:-1], ((a >= edges[-2]) & (a < edges[-1])).sum()),
                    (a >= edges[-1]).sum(),
                )
            ),
        )

    told = (
        f"The bins are {edges[0]} to {edges[1]}, {edges[1]} to {edges[2]} and {edges[2]} to "
        f"{edges[3]}; {edges[3]} itself belongs to the last one, and {a.max()} to none."
    )
    return _Case(
        f"np.histogram(a, bins={edges.tolist()})[0]",
        f"a = np.array({a.tolist()})\nr = np.histogram(a, bins={edges.tolist()})[0]",
        result,
        tuple(models()),
        told,
        "histogram",
    )


def _digitize(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    edges = _edges(rng)
    a = _values(rng, edges, 5)
    right = is_chosen(rng, 0.4)
    result, other = np.digitize(a, edges, right=right), np.digitize(a, edges, right=not right)

    def models() -> Iterator[Wrong]:
        yield Wrong("right-changes-nothing" if right else "right-is-the-default", listed(other))
        yield Wrong("digitize-counts-bins-from-zero", listed(result - 1))
        yield Wrong("digitize-gives-the-edge", listed(edges[np.maximum(result - 1, 0)]))

    argument = ", right=True" if right else ""
    where = "ends" if right else "begins"
    told = (
        f"A value on an edge belongs to the bin that {where} there. Bin 1 {where} at "
        f"{edges[1] if right else edges[0]}, and what lies behind {edges[-1]} gets {len(edges)}."
    )
    return _Case(
        f"np.digitize(a, {edges.tolist()}{argument})",
        f"a = np.array({a.tolist()})\nr = np.digitize(a, {edges.tolist()}{argument})",
        result,
        tuple(models()),
        told,
        "digitize",
    )


hist_bin = Family(
    id="edges-of-bins",
    topic="sorting",
    level=2,
    kind="predict",
    title="Where `histogram`, `digitize` and `bincount` count a value",
    make=_bins,
    beliefs=tuple(_REASONS),
    covers=(23,),
)
