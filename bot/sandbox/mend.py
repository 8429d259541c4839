"""Takes away what NumPy does wrong, where it reaches memory that is not an array's own.

Found by calling everything that the gate lets through over memory filled in two ways:
`np.einsum` with a letter twice gives a view beyond an empty operand, and the inverse real
transforms read before one. `np.repeat`, and `np.tile` with it, writes beyond its result where
the number of elements does not fit into 64 bits; the method of that name is not let through.
All are NumPy's (2.4 has them), and none is of use here.
"""

import functools
from collections.abc import Callable, Sequence

import numpy as np

_MOST = 2.0**32
"""Elements."""

_INVERSE_REAL = ("irfft", "irfft2", "irfftn", "hfft")


def mend() -> None:
    """Have these functions refuse what they fail on, in this process and those forked from it."""
    setattr(np, "einsum", _refusing(np.einsum, _operands))  # noqa: B010  # its type is another
    setattr(np, "repeat", _bounded_repeat(np.repeat))  # noqa: B010  # the same
    setattr(np, "tile", _bounded_tile(np.tile))  # noqa: B010  # the same
    for name in _INVERSE_REAL:
        setattr(np.fft, name, _refusing(getattr(np.fft, name), _first))


def _refusing(
    function: Callable[..., object], operands: Callable[[Sequence[object]], Sequence[object]]
) -> Callable[..., object]:
    @functools.wraps(function)
    def refusing(*arguments: object, **options: object) -> object:
        given = [*operands(arguments), *(options[name] for name in ("a",) if name in options)]
        if any(np.asarray(operand).size == 0 for operand in given):
            message = f"{function.__name__} of an empty array is not done here"
            raise ValueError(message)
        return function(*arguments, **options)

    return refusing


def _bounded_repeat(repeat: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(repeat)
    def bounded(a: object, repeats: object, axis: object = None) -> object:
        _check_room(float(np.abs(np.asarray(repeats, float)).sum()), a)
        return repeat(a, repeats, axis)

    return bounded


def _bounded_tile(tile: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(tile)
    def bounded(A: object, reps: object) -> object:  # noqa: N803  # NumPy's own name
        _check_room(float(np.maximum(np.abs(np.asarray(reps, float)), 1).prod()), A)
        return tile(A, reps)

    return bounded


def _check_room(times: float, a: object) -> None:
    """Refuse what has more elements than any job has memory for, long before they wrap round."""
    if times * max(np.asarray(a).size, 1) > _MOST:
        message = "so many elements have no room"
        raise MemoryError(message)


def _operands(arguments: Sequence[object]) -> Sequence[object]:
    """The arrays of `einsum("ij,j", a, b)`, or of `einsum(a, [0, 1], b, [1])`."""
    if arguments and isinstance(arguments[0], str):
        return arguments[1:]
    return arguments[: len(arguments) // 2 * 2 : 2]


def _first(arguments: Sequence[object]) -> Sequence[object]:
    return arguments[:1]
