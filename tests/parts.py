"""Long tests in parts: `pytest` runs the first of them, `pytest -m proof` all others."""

import pytest


def in_parts(count: int) -> pytest.MarkDecorator:
    """Give a test its `part`, a slice that takes one in so many of what it goes through."""
    first, *others = (slice(start, None, count) for start in range(count))
    proofs = [pytest.param(one, marks=pytest.mark.proof) for one in others]
    return pytest.mark.parametrize(
        "part", [first, *proofs], ids=[f"{one.start + 1} of {count}" for one in (first, *others)]
    )
