"""Takes away what NumPy does wrong with empty arrays, where it reaches memory that is not theirs.

Found by calling everything that the gate lets through over memory filled in two ways:
`np.einsum` with a letter twice gives a view beyond an empty operand, and the inverse real
transforms read before one. Both are NumPy's (2.4 has them), and neither is of use here.
"""

import functools
from collections.abc import Callable, Sequence

import numpy as np

_INVERSE_REAL = ("irfft", "irfft2", "irfftn", "hfft")


def mend() -> None:
    """Have these functions refuse empty arrays, in this process and those forked from it."""
    setattr(np, "einsum", _refusing(np.einsum, _operands))  # noqa: B010  # its type is another
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


def _operands(arguments: Sequence[object]) -> Sequence[object]:
    """The arrays of `einsum("ij,j", a, b)`, or of `einsum(a, [0, 1], b, [1])`."""
    if arguments and isinstance(arguments[0], str):
        return arguments[1:]
    return arguments[: len(arguments) // 2 * 2 : 2]


def _first(arguments: Sequence[object]) -> Sequence[object]:
    return arguments[:1]
