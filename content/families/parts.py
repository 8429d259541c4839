"""What several families share: shapes by chance, and options from wrong models."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from content.schema import Option

if TYPE_CHECKING:
    import numpy as np

Shape = tuple[int, ...]

SHARE_OF_ERRORS = 0.33
"""So often a shape-or-error family asks for the error, lest "legal" be a good guess."""

FEWEST_WRONG, MOST_WRONG = 2, 4

TRIES = 300
"""So often parameters are drawn anew when they make a poor question; then the last ones serve."""


class Wrong(msgspec.Struct, frozen=True):
    """What a wrong model answers: a printed value, or the error it expects."""

    belief: str
    answer: str = ""
    raises: str = ""


def options(key: str, wrong: Iterable[Wrong], reasons: Mapping[str, str]) -> tuple[Option, ...]:
    """Wrong models as options: none equal to the key or to one before it.

    `key` is the printed right answer or the exception's name; `reasons` tells for each
    belief why it fails.
    """
    taken = {key}
    found: list[Option] = []
    for model in wrong:
        answer = model.raises or model.answer
        if answer in taken or len(found) == MOST_WRONG:
            continue
        taken.add(answer)
        found.append(
            Option(
                answer=model.answer or None,
                raises=model.raises or None,
                belief=model.belief,
                why=reasons[model.belief],
            )
        )
    return tuple(found)


def enough(wrong: Sequence[Option]) -> bool:
    """Whether two wrong options at least are there to choose from."""
    return len(wrong) >= FEWEST_WRONG


def shaped(belief: str, shape: Sequence[int] | None) -> Wrong:
    """A wrong model's shape; None where it expects a ValueError."""
    return Wrong(belief, raises="ValueError") if shape is None else Wrong(belief, str(tuple(shape)))


def listed(values: "np.ndarray") -> str:
    """An array as an expression."""
    return f"np.array({values.tolist()})"


def sizes(rng: "np.random.Generator", count: int, low: int = 2, high: int = 6) -> list[int]:
    """So many different sizes of axes, both ends included."""
    return [int(size) for size in rng.permutation(range(low, high + 1))[:count]]


def is_chosen(rng: "np.random.Generator", share: float) -> bool:
    """True in that share of the cases."""
    return bool(rng.random() < share)


def one_of(rng: "np.random.Generator", things: Sequence[str]) -> str:
    """One of some words."""
    return things[int(rng.integers(len(things)))]


def told(options: Iterable[Option]) -> str:
    """Shown options with their reasons, as a list; for an explanation."""
    return "\n".join(
        f"- `{option.show}`: {option.why}" if option.show else f"- {option.text} {option.why}"
        for option in options
    )


def lined_up(names: Sequence[str], shapes: Sequence[Shape]) -> str:
    """Shapes under each other with their last axes in line, as preformatted text."""
    width = max(map(len, names)) + 2
    depth = max(map(len, shapes))
    lines = []
    for name, shape in zip(names, shapes, strict=True):
        cells = [""] * (depth - len(shape)) + [str(size) for size in shape]
        lines.append(name.ljust(width) + " ".join(cell.rjust(2) for cell in cells))
    return "\n".join(["```", *lines, "```"])


def broadcast(*shapes: Shape) -> Shape | None:
    """The shape that shapes broadcast to; None where they do not fit."""
    depth = max(map(len, shapes))
    padded = [(1,) * (depth - len(shape)) + shape for shape in shapes]
    result = []
    for column in zip(*padded, strict=True):
        stretched = {size for size in column if size != 1}
        if len(stretched) > 1:
            return None
        result.append(stretched.pop() if stretched else 1)
    return tuple(result)
