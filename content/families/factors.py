"""Cases of factors of a matrix, for the family about the shapes of linear algebra."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import Shape, Wrong, is_chosen, one_of, shaped, sizes

if TYPE_CHECKING:
    import numpy as np


class Case(msgspec.Struct, frozen=True):
    """Shapes of the inputs, a line, the shape or the error, and what people expect."""

    inputs: tuple[Shape, ...]
    line: str
    result: Shape | str
    wrong: tuple[Wrong, ...]
    told: str
    function: str


def svd(rng: "np.random.Generator", level: int) -> Case:
    """One factor of an SVD, full or reduced; of a stack at the last level."""
    m, n, batch = sizes(rng, 3)
    ahead = (batch,) if level > 2 else ()  # noqa: PLR2004  # levels are 1 to 3
    k = min(m, n)
    full = is_chosen(rng, 0.5)
    part = one_of(rng, ("U", "S", "Vh"))
    square = {"U": (m, m), "S": (k,), "Vh": (n, n)}[part]
    thin = {"U": (m, k), "S": (k,), "Vh": (k, n)}[part]
    result = (*ahead, *(square if full else thin))
    other = (*ahead, *(thin if full else square))
    swapped = {"U": (n, n), "S": (k,), "Vh": (m, m)}[part]
    wrong = [
        shaped("the-svd-is-reduced-by-default" if full else "the-svd-is-always-full", other),
        Wrong("factors-need-a-square-matrix", raises="LinAlgError"),
        shaped("u-has-the-size-of-the-columns", (*ahead, *swapped)),
    ]
    if part == "S":
        wrong += [
            shaped("singular-values-are-a-matrix", (*ahead, k, k)),
            shaped("each-column-has-a-singular-value", (*ahead, max(m, n))),
        ]
    named = "" if full else ", full_matrices=False"
    what = {
        "U": f"the left factor has {'all ' if full else ''}{result[-1]} columns of {m} numbers",
        "S": f"there are {k} singular values, as many as the shorter side is long",
        "Vh": f"the right factor has {'all ' if full else ''}{result[-2:][0]} rows of {n} numbers",
    }[part]
    return Case(
        ((*ahead, m, n),),
        f"x = np.linalg.svd(a{named}).{part}",
        result,
        tuple(wrong),
        f"The shape is `{result}`: {what}.",
        "svd",
    )


def qr(rng: "np.random.Generator", level: int) -> Case:
    """One factor of a tall matrix; of a stack at the last level."""
    m, n, batch = sizes(rng, 3)
    ahead = (batch,) if level > 2 else ()  # noqa: PLR2004  # levels are 1 to 3
    m, n = max(m, n), min(m, n)
    part = one_of(rng, "QR")
    result, other, swapped = ((m, n), (m, m), (n, n)) if part == "Q" else ((n, n), (m, n), (m, m))
    return Case(
        ((*ahead, m, n),),
        f"x = np.linalg.qr(a).{part}",
        (*ahead, *result),
        (
            shaped("qr-is-complete-by-default", (*ahead, *other)),
            Wrong("factors-need-a-square-matrix", raises="LinAlgError"),
            shaped("q-has-the-size-of-the-columns", (*ahead, *swapped)),
        ),
        f"The shape is `{(*ahead, *result)}`: Q has {n} columns of {m} numbers, and R is square "
        f"with {n} rows.",
        "qr",
    )


def pinv(rng: "np.random.Generator", level: int) -> Case:
    """The pseudo-inverses of a stack."""
    del level
    m, n, batch = sizes(rng, 3)
    return Case(
        ((batch, m, n),),
        "x = np.linalg.pinv(a)",
        (batch, n, m),
        (
            shaped("pinv-keeps-the-shape", (batch, m, n)),
            Wrong("factors-need-a-square-matrix", raises="LinAlgError"),
            shaped("a-stack-has-one-result", (n, m)),
        ),
        f"The shape is `{(batch, n, m)}`: each pseudo-inverse leads from {m} numbers back to {n}.",
        "pinv",
    )
