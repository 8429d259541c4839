"""What one question lets its answers say."""

import msgspec

LONGEST = 600
"""Characters of a submission."""


class Rules(msgspec.Struct, frozen=True):
    """The names that an answer may use, beside NumPy's own.

    `inputs` are values; `functions` may only be called. `fields` are the names of structured
    inputs' fields, as strings. `only` leaves nothing of NumPy but what it lists (`np.where`,
    `.sum`, `len`); operators, indexing and the inputs are always there. `steps` asks for a
    function `solve` of the inputs, in their order, rather than for an expression.
    """

    inputs: tuple[str, ...] = ()
    functions: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    steps: bool = False
