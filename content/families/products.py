"""Families about products of matrices, by sign and by letters."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_STAR = {
    "star-is-the-matrix-product": "`*` multiplies element by element; `@` is the matrix product.",
    "at-multiplies-elements": "`@` is the matrix product; `*` multiplies element by element.",
    "a-power-is-repeated-at": "`**` works on each element; `np.linalg.matrix_power` repeats `@`.",
    "the-matrix-product-commutes": "Rows come from the left matrix, columns from the right one.",
    "columns-times-columns": "Each row of the left meets each column of the right, not each row.",
}


def _star(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        a, b = rng.integers(0, 5, (2, 2, 2))
        written = one_of(rng, ("a @ b", "a * b", "a ** 2", "a @ a.T")[: level + 1])
        result = {"a @ b": a @ b, "a * b": a * b, "a ** 2": a**2, "a @ a.T": a @ a.T}[written]
        wrong = options(listed(result), _star_models(written, a, b), _STAR)
        is_plain = any(np.array_equal(one, one.T) or not one.any() for one in (a, b))
        if enough(wrong) and not is_plain and len(set(result.ravel().tolist())) > 2:  # noqa: PLR2004  # not all zeros and ones
            break
    uses_b = "b" in written
    second = f"\nb = np.array({b.tolist()})" if uses_b else ""
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code=f"a = np.array({a.tolist()}){second}\nr = {written}",
        answer="r",
        wrong=wrong,
        hint="Does the sign work on single elements, or on rows and columns?",
        rule="`*` and `**` work element by element; `@` is the matrix product, rows of the left "
        "with columns of the right.",
        why=_star_told(written, a, b, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.matmul.html",
        covers=(9, 11),
        follow_up=(
            FollowUp(
                "How do you compute the tenth power of a matrix?",
                "`np.linalg.matrix_power(a, 10)`, which needs four products instead of nine.",
            ),
            FollowUp(
                "What is `v @ v` for a vector?",
                "A number: the sum of the squares of its elements.",
            ),
        ),
    )


def _star_models(written: str, a: "np.ndarray", b: "np.ndarray") -> Iterator[Wrong]:
    if written == "a @ b":
        yield Wrong("at-multiplies-elements", listed(a * b))
        yield Wrong("the-matrix-product-commutes", listed(b @ a))
        yield Wrong("columns-times-columns", listed(a @ b.T))
    elif written == "a * b":
        yield Wrong("star-is-the-matrix-product", listed(a @ b))
        yield Wrong("the-matrix-product-commutes", listed(b @ a))
    elif written == "a ** 2":
        yield Wrong("a-power-is-repeated-at", listed(a @ a))
        yield Wrong("star-is-the-matrix-product", listed(a @ a.T))
    else:
        yield Wrong("at-multiplies-elements", listed(a * a.T))
        yield Wrong("columns-times-columns", listed(a @ a))
        yield Wrong("the-matrix-product-commutes", listed(a.T @ a))


def _star_told(written: str, a: "np.ndarray", b: "np.ndarray", result: "np.ndarray") -> str:
    right = a.T if written == "a @ a.T" else b
    p, q = int(a[0, 0]), int(a[0, 1])
    top = f"{p} · {int(right[0, 0])} + {q} · {int(right[1, 0])} = {int(result[0, 0])}"
    told = {
        "a @ b": f"The element in the corner is the first row of `a` with the first column of `b`: "
        f"{top}.",
        "a @ a.T": f"The element in the corner is the first row of `a` with the first column of "
        f"`a.T`, which is that row again: {top}.",
        "a * b": f"Each element is a product of two that stand in the same place: "
        f"{p} · {int(b[0, 0])} = {int(result[0, 0])}.",
        "a ** 2": f"Each element is squared by itself: {q} becomes {int(result[0, 1])}.",
    }[written]
    return (
        f"`r` is `{result.tolist()}`. {told}\n\n"
        "In NumPy every arithmetic sign works element by element, with broadcasting, and `@` is "
        "the one exception: it stands for the matrix product. The order matters for `@`, since "
        "rows come from the left and columns from the right.\n\n"
        "In MATLAB `*` is the matrix product and `.*` the other one, and the old class `np.matrix` "
        "followed that. It is no longer recommended; write `a @ b` with arrays."
    )


star_or_at = Family(
    id="star-or-at",
    topic="linalg",
    level=1,
    kind="predict",
    title="Element by element, or the matrix product",
    make=_star,
    beliefs=tuple(_STAR),
    covers=(9, 11),
)

# --- einsum ---------------------------------------------------------------------------------

_EINSUM = {
    "the-letter-that-stays-is-summed": "The letters behind `->` stay; the others are summed over.",
    "einsum-keeps-what-is-repeated": "A letter that is missing behind `->` is summed over.",
    "a-repeated-letter-is-squared": "A letter twice in one operand walks along the diagonal.",
    "einsum-is-the-matrix-product": "Only the letters decide: nothing is summed that stays.",
    "the-order-of-letters-is-free": "The order of the letters behind `->` is that of the axes.",
}


def _einsum(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    one = ("ij->j", "ij->i", "ij->ji", "ii->i")
    two = ("i,j->ij", "ij,ij->i", "ij,j->i", "ij,jk->ik")
    for _ in range(TRIES):
        letters = one_of(rng, one if level == 1 else (*one[2:], *two) if level == 2 else two)  # noqa: PLR2004  # the middle level
        names, operands = _operands(rng, letters)
        result = np.einsum(letters, *operands)
        wrong = options(listed(result), _einsum_models(letters, operands), _EINSUM)
        if enough(wrong) and len(set(result.ravel().tolist())) > 1:
            break
    code = [
        f"{name} = np.array({operand.tolist()})"
        for name, operand in zip(names, operands, strict=True)
    ]
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="What is `r`?",
        code="\n".join([*code, f"r = np.einsum('{letters}', {', '.join(names)})"]),
        answer="r",
        wrong=wrong,
        hint="Which letters are missing behind `->`? Over those it is summed.",
        rule="In `np.einsum` each letter names an axis: letters behind `->` stay, in that order, "
        "and all others are summed over.",
        why=_einsum_told(letters, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.einsum.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "How do you write a batch of matrix products?",
                "`np.einsum('bij,bjk->bik', x, y)`, or shorter `x @ y`.",
            ),
            FollowUp(
                "What does `np.einsum('ii', a)` give?",
                "The trace: without `->` letters that occur twice are summed over.",
            ),
        ),
    )


def _operands(rng: "np.random.Generator", letters: str) -> "tuple[list[str], list[np.ndarray]]":
    """Names and arrays for each group of letters, small and not square where that may be."""
    size = {"i": 2, "j": 2 if "ii" in letters else 3, "k": 2}
    groups = letters.partition("->")[0].split(",")
    names = [*"ab"][: len(groups)]
    return names, [rng.integers(1, 6, [size[one] for one in group]) for group in groups]


def _einsum_models(letters: str, operands: "list[np.ndarray]") -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    given, _, kept = letters.partition("->")
    a = operands[0]
    if letters in {"ij->j", "ij->i"}:
        other = "i" if kept == "j" else "j"
        yield Wrong("the-letter-that-stays-is-summed", listed(np.einsum(f"ij->{other}", a)))
        yield Wrong("einsum-keeps-what-is-repeated", listed(a))
    elif letters == "ij->ji":
        yield Wrong("the-order-of-letters-is-free", listed(a))
        yield Wrong("the-letter-that-stays-is-summed", listed(a.sum(axis=0)))
    elif letters == "ii->i":
        yield Wrong("a-repeated-letter-is-squared", listed(np.diagonal(a) ** 2))
        yield Wrong("the-letter-that-stays-is-summed", listed(np.asarray(np.trace(a))))
        yield Wrong("einsum-keeps-what-is-repeated", listed(a))
    else:
        b = operands[1]
        union = "".join(sorted(set(given) - {","}))
        whole = np.einsum(f"{given}->{union}", a, b)
        if union != kept:
            yield Wrong("einsum-keeps-what-is-repeated", listed(whole))
        yield Wrong("the-letter-that-stays-is-summed", listed(np.asarray(whole.sum())))
        if letters == "i,j->ij":
            yield Wrong("the-order-of-letters-is-free", listed(whole.T))
        if letters == "ij,ij->i":
            yield Wrong("einsum-is-the-matrix-product", listed(a @ b.T))
        if letters == "ij,j->i":
            yield Wrong("einsum-is-the-matrix-product", listed(a * b))
        if letters == "ij,jk->ik":
            yield Wrong("the-order-of-letters-is-free", listed((a @ b).T))


def _einsum_told(letters: str, result: "np.ndarray") -> str:
    given, _, kept = letters.partition("->")
    gone = sorted(set(given) - set(kept) - {","})
    named = " and ".join(f"`{one}`" for one in gone)
    summed = f"it is summed over {named}" if gone else "nothing is summed"
    names = {
        "ij->j": "the sum of each column, `a.sum(axis=0)`",
        "ij->i": "the sum of each row, `a.sum(axis=1)`",
        "ij->ji": "the transpose, `a.T`",
        "ii->i": "the diagonal, `np.diagonal(a)`",
        "i,j->ij": "the table of all products, `np.outer(a, b)`",
        "ij,ij->i": "the product of each row with its counterpart, `(a * b).sum(axis=1)`",
        "ij,j->i": "the matrix times the vector, `a @ b`",
        "ij,jk->ik": "the matrix product, `a @ b`",
    }[letters]
    return (
        f"`r` is `{result.tolist()}`: {names}. The letters `{kept}` stay, and {summed}.\n\n"
        "Read an einsum from behind. The letters behind `->` are the axes of the result, in that "
        "order. Every combination of letters names one product of elements, one from each operand; "
        "products that agree in the letters that stay are added up. The same letter in two "
        "operands lets them walk together, and twice in one operand along the diagonal.\n\n"
        "So one line covers sums, transposes, diagonals, outer and matrix products, and a batch is "
        "one more letter. For the plain cases `@`, `sum` and `.T` are shorter to write and to read."
    )


einsum_value = Family(
    id="einsum-value",
    topic="linalg",
    level=3,
    kind="predict",
    title="What an einsum computes",
    make=_einsum,
    beliefs=tuple(_EINSUM),
    covers=(11,),
)
