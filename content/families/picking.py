"""A family about functions that pick elements by position or by condition."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "take-goes-along-rows": "Without `axis`, `take` counts in the flattened table.",
    "take-uses-the-last-axis": "Without `axis`, no axis is chosen: the table is flattened.",
    "axis-one-picks-rows": "Along axis 1 the positions count columns.",
    "take-pairs-the-rows": "`take` applies all positions to every row.",
    "one-order-fits-all-rows": "Each row of the positions belongs to its own row of the table.",
    "take-along-gives-positions": "The elements at the positions come back, not the positions.",
    "take-along-picks-rows": "The positions count columns here, as `axis=1` says.",
    "put-leaves-the-array": "`put` writes into the array that it is given, and returns `None`.",
    "put-sorts-its-positions": "The first value goes to the first position given.",
    "put-moves-elements": "`put` overwrites elements; none is moved or added.",
    "choose-picks-whole-rows": "Each number chooses for its own place, not a whole array.",
    "choose-is-a-mask": "A number tells which array to read, 0 the first of them.",
    "choose-counts-from-one": "0 chooses the first array.",
    "the-last-condition-wins": "Where several conditions hold, the first one counts.",
    "select-adds-up-the-choices": "Only one choice is taken for each element.",
    "the-default-is-the-element": "Where no condition holds, `select` takes its default.",
}


class _Case(msgspec.Struct, frozen=True):
    """Code that makes `r`, what it is, and what people expect."""

    name: str
    code: str
    result: "np.ndarray"
    wrong: tuple[tuple[str, "np.ndarray"], ...]
    told: str


def _picked(rng: "np.random.Generator", level: int) -> Item:
    makers = {
        1: (_take, _put),
        2: (_take, _put, _select, _choose),
        3: (_take_along, _choose, _select),
    }[level]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        models = [Wrong(belief, listed(answer)) for belief, answer in case.wrong]
        wrong = options(listed(case.result), models, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="fancy",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `r` hold after `np.{case.name}`?",
        code=case.code,
        answer="r",
        wrong=wrong,
        hint="Is something read or written, and along which axis do the positions count?",
        rule="`take` without an axis, and `put`, count in the flattened array; `take_along_axis`, "
        "`choose` and `select` decide place by place.",
        why=(
            f"`r` is `{case.result.tolist()}`. {case.told}\n\n"
            "These functions say in a name what an index says in brackets. `np.take(a, p, axis=1)` "
            "is `a[:, p]`, with the same positions for each row, and without an axis it reads the "
            "flattened array. `np.take_along_axis` has positions of its own for each row, as "
            "`argsort` returns them. `np.put` writes: it changes the array in place and returns "
            "nothing. `np.choose` reads, place by place, from the array whose number stands there; "
            "`np.select` does so by conditions, of which the first true one counts.\n\n"
            "In new code, prefer brackets where they are as short, and `np.select` to a nest of "
            "`np.where` calls."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.{case.name}.html",
        covers=(18,),
        follow_up=(
            FollowUp(
                "What do `mode='wrap'` and `mode='clip'` of `np.take` do?",
                "They take positions out of range modulo the length, or cut them to the ends, "
                "instead of raising `IndexError`.",
            ),
            FollowUp(
                "How do you write with `argsort`-like positions?",
                "`np.put_along_axis(a, positions, values, axis=1)`, which works in place.",
            ),
        ),
    )


def _table(rng: "np.random.Generator", rows: int, columns: int) -> "np.ndarray":
    """Different small numbers in no order."""
    return rng.permutation(range(10, 60))[: rows * columns].reshape(rows, columns)


def _take(rng: "np.random.Generator") -> _Case:
    a = _table(rng, 2, 3)
    places = [int(place) for place in rng.permutation(2)]
    if is_chosen(rng, 0.5):
        places[1] = int(rng.integers(2))
    if is_chosen(rng, 0.5):
        return _Case(
            "take",
            f"a = np.array({a.tolist()})\nr = np.take(a, {places}, axis=1)",
            a[:, places],
            (
                ("axis-one-picks-rows", a[places]),
                ("take-goes-along-rows", a.ravel()[places]),
                ("take-pairs-the-rows", a[[0, 1], places]),
            ),
            f"Along axis 1 the positions {places} are columns, for every row alike.",
        )
    return _Case(
        "take",
        f"a = np.array({a.tolist()})\nr = np.take(a, {places})",
        a.ravel()[places],
        (
            ("take-goes-along-rows", a[places]),
            ("take-uses-the-last-axis", a[:, places]),
            ("take-pairs-the-rows", a[[0, 1], places]),
        ),
        f"No axis is named, so {places} are positions in `{a.ravel().tolist()}`.",
    )


def _take_along(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = _table(rng, 2, 3)
    order = np.argsort(a, axis=1) if is_chosen(rng, 0.4) else rng.permuted([[0, 1, 2]] * 2, axis=1)
    return _Case(
        "take_along_axis",
        f"a = np.array({a.tolist()})\np = np.array({order.tolist()})\n"
        "r = np.take_along_axis(a, p, axis=1)",
        np.take_along_axis(a, order, axis=1),
        (
            ("one-order-fits-all-rows", a[:, order[0]]),
            ("take-along-gives-positions", order),
            ("take-along-picks-rows", a[order[:, 0] % 2]),
        ),
        f"The first row is read at {order[0].tolist()}, the second at {order[1].tolist()}.",
    )


def _put(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    r = _table(rng, 1, 5)[0]
    places = [int(place) for place in rng.permutation(5)[:2]]
    values = [int(value) for value in rng.permutation(range(1, 10))[:2]]

    def written(where: list[int]) -> np.ndarray:
        changed: np.ndarray = r.copy()
        changed[where] = values
        return changed

    lengthened = np.insert(r, places, values)
    return _Case(
        "put",
        f"r = np.array({r.tolist()})\nnp.put(r, {places}, {values})",
        written(places),
        (
            ("put-leaves-the-array", r),
            ("put-sorts-its-positions", written(sorted(places))),
            ("put-moves-elements", lengthened),
        ),
        f"{values[0]} is written at position {places[0]} and {values[1]} at {places[1]}.",
    )


def _choose(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    length = int(rng.integers(3, 5))
    pool = _table(rng, 3, length)
    chosen = rng.integers(0, 3, length)
    chosen[:2] = rng.permutation(3)[:2]
    told = ", ".join(f"{value} of array {which}" for value, which in zip(
        pool[chosen, np.arange(length)], chosen, strict=True
    ))  # fmt: skip
    return _Case(
        "choose",
        "".join(
            f"{name} = np.array({row.tolist()})\n" for name, row in zip("xyz", pool, strict=True)
        )
        + f"p = np.array({chosen.tolist()})\nr = np.choose(p, [x, y, z])",
        pool[chosen, np.arange(length)],
        (
            ("choose-picks-whole-rows", pool[chosen]),
            ("choose-is-a-mask", pool[0] * (chosen > 0)),
            ("choose-counts-from-one", pool[(chosen - 1) % 3, np.arange(length)]),
        ),
        f"Place by place it reads {told}, counted from 0.",
    )


def _select(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    a = rng.permutation(range(1, 13))[: int(rng.integers(4, 6))]
    high, low = int(rng.integers(7, 10)), int(rng.integers(3, 6))
    first, second, default = (int(value) for value in rng.permutation(range(1, 10))[:3])
    rising = is_chosen(rng, 0.5)
    limits = (low, high) if rising else (high, low)
    conditions = [a > limits[0], a > limits[1]]
    result = np.select(conditions, [first, second], default)
    last = np.where(conditions[1], second, np.where(conditions[0], first, default))
    summed = conditions[0] * first + conditions[1] * second + (result == default) * default
    return _Case(
        "select",
        f"a = np.array({a.tolist()})\n"
        f"r = np.select([a > {limits[0]}, a > {limits[1]}],\n"
        f"              [{first}, {second}], {default})",
        result,
        (
            ("the-last-condition-wins", last),
            ("select-adds-up-the-choices", summed),
            ("the-default-is-the-element", np.select(conditions, [first, second], a)),
        ),
        f"Where `a > {limits[0]}` it is {first}; of the others, {second} where "
        f"`a > {limits[1]}`, and {default} elsewhere."
        + (
            " The first condition covers the second, which therefore never counts."
            if rising
            else ""
        ),
    )


take_choose_put = Family(
    id="take-choose-or-put",
    topic="fancy",
    level=2,
    kind="predict",
    title="Picking and writing with `take`, `put`, `choose` and `select`",
    make=_picked,
    beliefs=tuple(_REASONS),
    covers=(18,),
)
