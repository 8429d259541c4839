"""A family about seeded generators."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, is_chosen, one_of, told
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_RIGHTS = (2, 3)
"""So many right options at least and at most; there are five in all."""


_STREAM = {
    "a-seed-repeats-the-call": "One generator goes on: its second draw differs from its first.",
    "same-seed-same-numbers-anywhere": "The seeds are equal, but these are different draws of "
    "their streams.",
    "seeds-make-no-difference": "Other seeds give other streams.",
    "seeded-generators-still-differ": "Equal seeds, and as many draws before: equal numbers.",
    "a-new-name-is-a-new-generator": "Both names are one generator, so its draws go on.",
    "a-child-repeats-its-parent": "A spawned child has a stream of its own.",
    "children-are-random": "Generators with equal seeds spawn children with equal streams.",
}


class _Draw(msgspec.Struct, frozen=True):
    """A variable: which generator it came from, of which stream, after how many draws."""

    name: str
    source: str
    stream: str
    place: int


def _stream(rng: "np.random.Generator", level: int) -> Item:
    for _ in range(TRIES):
        code, draws, shared = _stream_code(rng, level)
        pairs = [(one, two) for n, one in enumerate(draws) for two in draws[n + 1 :]]
        shuffled = [pairs[int(place)] for place in rng.permutation(len(pairs))]
        right = [_pair(*pair, shared) for pair in shuffled if _is_same(*pair)]
        wrong = [_pair(*pair, shared) for pair in shuffled if not _is_same(*pair)]
        count = min(len(right), int(rng.integers(_RIGHTS[0], _RIGHTS[1] + 1)))
        if count >= _RIGHTS[0]:
            break
    chosen, others = tuple(right[:count]), tuple(wrong[: 5 - count])
    return Item(
        topic="random",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem="Which of these arrays of random numbers are equal?",
        code=code,
        holds="it",
        right=chosen,
        wrong=others,
        hint="For each variable note the seed of its generator, and how many draws it had before.",
        rule="Two generators with the same seed give the same numbers as long as the same is drawn "
        "from both; each draw moves its own generator on.",
        why=(
            f"{len(chosen)} pairs are equal:\n\n{told(chosen)}\n\nThe others are not:\n\n"
            f"{told(others)}\n\n"
            "A generator is a stream and a place in it. The seed chooses the stream, and every "
            "draw moves the place on. So the same call on one generator gives new numbers, while "
            "two generators with one seed agree as long as the same draws are asked of them, in "
            "the same order. Neither looks at the other, nor at the global state behind "
            "`np.random.seed`, which serves the old functions alone.\n\n"
            "Make one generator at the start of a program, and pass it on to the functions that "
            "draw. For parallel workers use `rng.spawn(n)`, which gives independent streams."
        ),
        docs="https://numpy.org/doc/stable/reference/random/generator.html",
        follow_up=(
            FollowUp(
                "Why shouldn't a function call `default_rng(0)` inside?",
                "Each call would start the same stream again and give the same numbers.",
            ),
            FollowUp(
                "Does a seed give the same numbers on every NumPy?",
                "Not for sure: a `Generator` may change its streams between versions; "
                "`RandomState` is frozen.",
            ),
        ),
    )


def _stream_code(rng: "np.random.Generator", level: int) -> tuple[str, list[_Draw], frozenset[str]]:
    """A snippet, its draws, and the generators that have two names."""
    seed, other = (int(n) for n in rng.permutation(range(1, 60))[:2])
    second = seed if is_chosen(rng, 0.7) else other
    lines = [f"a = np.random.default_rng({seed})", f"b = np.random.default_rng({second})"]
    streams, owner = {"a": str(seed), "b": str(second)}, {"a": "a", "b": "b"}
    third = one_of(rng, ("new", "new", "alias", "spawn")[: level + 1])
    if third == "new":
        lines.append(f"c = np.random.default_rng({seed})")
        streams["c"], owner["c"] = str(seed), "c"
    elif third == "alias":
        lines.append("c = a")
        streams["c"], owner["c"] = str(seed), "a"
    else:
        lines += ["c = a.spawn(1)[0]", "d = b.spawn(1)[0]"]
        streams |= {"c": f"{seed} spawned", "d": f"{second} spawned"}
        owner |= {"c": "c", "d": "d"}
    places = dict.fromkeys(owner, 0)
    draws = []
    names = [*streams, *(one_of(rng, list(streams)) for _ in range(5 - len(streams)))]
    reseeded = int(rng.integers(1, 5)) if level > 1 and is_chosen(rng, 0.5) else 0
    for n, place in enumerate(rng.permutation(len(names))):
        if n and n == reseeded:
            lines.append(f"np.random.seed({seed})")
        source = names[int(place)]
        whole = owner[source]
        name = "vwxyz"[n]
        lines.append(f"{name} = {source}.random(3)")
        draws.append(_Draw(name, source, streams[source], places[whole]))
        places[whole] += 1
    shared = frozenset("ac") if third == "alias" else frozenset()
    return "\n".join(lines), draws, shared


def _is_same(one: _Draw, two: _Draw) -> bool:
    return (one.stream, one.place) == (two.stream, two.place)


def _pair(one: _Draw, two: _Draw, shared: frozenset[str]) -> Option:
    spawned = ["spawned" in draw.stream for draw in (one, two)]
    if _is_same(one, two):
        belief = "children-are-random" if all(spawned) else "seeded-generators-still-differ"
    elif one.source == two.source:
        belief = "a-seed-repeats-the-call"
    elif {one.source, two.source} == shared:
        belief = "a-new-name-is-a-new-generator"
    elif any(spawned) and not all(spawned):
        belief = "a-child-repeats-its-parent"
    elif one.stream == two.stream:
        belief = "same-seed-same-numbers-anywhere"
    else:
        belief = "seeds-make-no-difference"
    show = f"np.array_equal({one.name}, {two.name})"
    return Option(show=show, belief=belief, why=_STREAM[belief])


streams = Family(
    id="equal-random-numbers",
    topic="random",
    level=2,
    kind="several",
    title="Which seeded generators give the same numbers",
    make=_stream,
    beliefs=tuple(_STREAM),
)
