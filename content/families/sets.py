"""Families about arrays as sets."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_SETS = {
    "sets-keep-the-order": "The result is sorted, whatever order the elements had.",
    "sets-keep-repetitions": "Each element is there once, however often it was given.",
    "the-difference-is-symmetric": "`setdiff1d(a, b)` has what is in `a` alone, not in `b` alone.",
    "the-difference-is-turned-round": "`setdiff1d(a, b)` takes `b` away from `a`.",
    "intersection-is-union": "`intersect1d` has what is in both; `union1d` what is in either.",
    "union-is-intersection": "`union1d` has what is in either; `intersect1d` what is in both.",
    "exclusive-or-is-union": "`setxor1d` leaves out what is in both.",
}


def _sets(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    ways = ("intersect1d", "setdiff1d", "union1d", "setxor1d")[: 2 if level == 1 else 4]
    for _ in range(TRIES):
        a, b = rng.integers(1, 9, 5), rng.integers(1, 9, 4)
        way = one_of(rng, ways)
        result = getattr(np, way)(a, b)
        wrong = options(listed(result), _set_models(way, a, b), _SETS)
        repeats = len(set(a.tolist())) < len(a)
        if enough(wrong) and repeats and 2 <= len(result) <= 6:  # noqa: PLR2004  # neither trivial nor long
            break
    return Item(
        topic="sorting",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()})\nb = np.array({b.tolist()})\nr = np.{way}(a, b)",
        answer="r",
        wrong=wrong,
        hint="Which elements belong to it, and how does NumPy write them down?",
        rule="NumPy's set functions return each element once, in sorted order.",
        why=_sets_told(way, a, b, result),
        docs="https://numpy.org/doc/stable/reference/routines.set.html",
        covers=(60,),
        follow_up=(
            FollowUp(
                "How do you keep the repetitions and the order?",
                "With a mask: `a[np.isin(a, b)]` or `a[~np.isin(a, b)]`.",
            ),
            FollowUp(
                "What may be passed to `np.isin`?",
                "Arrays and lists; a Python set counts as one object, and nothing is found.",
            ),
        ),
    )


def _set_models(way: str, a: "np.ndarray", b: "np.ndarray") -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    def once(values: "np.ndarray") -> "np.ndarray":
        return np.array([*dict.fromkeys(values.tolist())], dtype=int)

    kept = a[np.isin(a, b)] if way == "intersect1d" else a[~np.isin(a, b)]
    if way in {"union1d", "setxor1d"}:
        joined = np.concatenate([a, b])
        kept = joined if way == "union1d" else np.concatenate([kept, b[~np.isin(b, a)]])
    if way == "intersect1d":
        yield Wrong("intersection-is-union", listed(np.union1d(a, b)))
    elif way == "union1d":
        yield Wrong("union-is-intersection", listed(np.intersect1d(a, b)))
    elif way == "setdiff1d":
        yield Wrong("the-difference-is-turned-round", listed(np.setdiff1d(b, a)))
        yield Wrong("the-difference-is-symmetric", listed(np.setxor1d(a, b)))
    else:
        yield Wrong("exclusive-or-is-union", listed(np.union1d(a, b)))
    yield Wrong("sets-keep-the-order", listed(once(kept)))
    yield Wrong("sets-keep-repetitions", listed(np.sort(kept)))


def _sets_told(way: str, a: "np.ndarray", b: "np.ndarray", result: "np.ndarray") -> str:
    what = {
        "intersect1d": "what is in both arrays",
        "setdiff1d": "what is in `a` and not in `b`",
        "union1d": "what is in at least one of the arrays",
        "setxor1d": "what is in exactly one of the arrays",
    }[way]
    one, two = sorted(set(a.tolist())), sorted(set(b.tolist()))
    return (
        f"`r` is `{result.tolist()}`. As sets the arrays are `{one}` and `{two}`, and `{way}` "
        f"gives {what}.\n\n"
        "NumPy has no type for sets. These functions first make the elements unique, as "
        "`np.unique` does, and that sorts them: neither repetitions nor the order survive. Where "
        "both matter, work with a mask from `np.isin`, which has the length of the array and says "
        "for each element whether it is among the others.\n\n"
        "For a few look-ups of single values Python's `set` is the better tool; for arrays of "
        "numbers the sorted ones are faster and use less memory."
    )


set_operations = Family(
    id="set-operations",
    topic="sorting",
    level=1,
    kind="predict",
    title="Unions, intersections and differences of arrays",
    make=_sets,
    beliefs=tuple(_SETS),
    covers=(60,),
)
