"""A family about the shapes that linear algebra returns."""

from typing import TYPE_CHECKING

from content.families.factors import Case, pinv, qr, svd
from content.families.parts import (
    SHARE_OF_ERRORS,
    TRIES,
    Wrong,
    enough,
    is_chosen,
    one_of,
    options,
    shaped,
    sizes,
)
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "linalg-takes-one-matrix": "The functions work on stacks of matrices, in the last two axes.",
    "a-stack-has-one-result": "There is a result for each matrix of the stack.",
    "a-result-keeps-its-matrix-axes": "One number for each matrix: its two axes are gone.",
    "every-matrix-has-an-inverse": "Only a square matrix can have one.",
    "every-table-has-a-determinant": "Only a square matrix has one.",
    "every-matrix-has-eigenvalues": "Only a square matrix has them.",
    "an-inverse-is-transposed": "A matrix that is not square has no inverse; `pinv` is transposed.",
    "factors-need-a-square-matrix": "QR, SVD and `pinv` take a matrix of any shape.",
    "the-svd-is-reduced-by-default": "Its factors are square unless `full_matrices=False`.",
    "the-svd-is-always-full": "With `full_matrices=False` only as many columns or rows come as "
    "there are singular values.",
    "singular-values-are-a-matrix": "They come as a vector, not on a diagonal.",
    "u-has-the-size-of-the-columns": "`U` acts on the rows, `Vh` on the columns.",
    "qr-is-complete-by-default": "By default Q has only as many columns as `a`.",
    "q-has-the-size-of-the-columns": "Q has the rows of `a`, and R its columns.",
    "eigenvalues-are-a-matrix": "Eigenvalues come as a vector, vectors as a matrix.",
    "the-solution-is-a-column": "`b` with one axis gives `x` with one axis.",
    "solve-keeps-one-column": "There is a solution for each column of `b`.",
    "solve-cuts-to-fit": "`b` needs as many rows as `a`.",
    "the-norm-is-that-of-each-row": "Without `axis` it is one number for the whole table.",
    "the-norm-keeps-the-axis-named": "The axis named is the one that disappears.",
    "a-norm-needs-a-vector": "`norm` takes tables, and an `axis`.",
    "the-solution-is-an-inverse": "`solve` gives the solution, not the inverse.",
    "the-solution-is-transposed": "A solution stands in the column of its right-hand side.",
    "a-norm-is-one-number": "With `axis` there is a norm for each row or column left.",
    "there-is-one-eigenvector": "Each matrix has n eigenvectors, which are columns of a matrix.",
    "each-column-has-a-singular-value": "There are as many as the shorter side is long.",
    "pinv-keeps-the-shape": "A pseudo-inverse leads back, so its axes are swapped.",
}


def _linalg(rng: "np.random.Generator", level: int) -> Item:
    fails = is_chosen(rng, SHARE_OF_ERRORS)
    makers = {
        1: (_solve, _norm, _per_matrix),
        2: (svd, qr, _per_matrix, _solve),
        3: (svd, qr, _per_matrix, pinv),
    }[level]
    for _ in range(TRIES):
        case = _refused(rng, level) if fails else makers[int(rng.integers(len(makers)))](rng, level)
        wrong = options(str(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    given = "\n".join(
        f"{name} = rng.normal(size={shape})" for name, shape in zip("ab", case.inputs, strict=False)
    )
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What shape does `{case.line.partition(' = ')[2]}` give, or does it raise an error?",
        code=f"rng = np.random.default_rng(0)\n{given}\n{case.line}",
        answer="x.shape",
        raises=case.result if isinstance(case.result, str) else None,
        wrong=wrong,
        hint="Is it one matrix or a stack, must it be square, and what comes back for each?",
        rule="`np.linalg` works on the last two axes and repeats it for all axes before them; "
        "inverses, determinants and eigenvalues need square matrices.",
        why=(
            f"{case.told}\n\n"
            "An array with more than two axes is a stack: the functions of `np.linalg` treat its "
            "last two axes as matrices and keep the others. What comes back for each matrix "
            "depends on the question: a number for `det`, a vector for eigenvalues or singular "
            "values, a matrix for inverses and factors. A matrix that is not square where it has "
            "to be raises `LinAlgError`; shapes that do not fit together raise `ValueError`.\n\n"
            "For an m by n matrix with k the smaller of both, QR returns Q with k columns, and "
            "the SVD returns the full square factors unless `full_matrices=False`, which is what "
            "most computations need and may save a lot of memory."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.linalg.{case.function}.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "How do you solve many systems with one vector each?",
                "`np.linalg.solve(a, b[..., None])[..., 0]`: each vector becomes a column.",
            ),
            FollowUp(
                "Why is `solve` better than `inv(a) @ b`?",
                "It does less work and loses fewer digits.",
            ),
        ),
    )


def _solve(rng: "np.random.Generator", level: int) -> Case:
    n, k, batch = sizes(rng, 3)
    line = "x = np.linalg.solve(a, b)"
    if level > 1:
        return Case(
            ((batch, n, n), (batch, n, k)),
            line,
            (batch, n, k),
            (
                Wrong("linalg-takes-one-matrix", raises="LinAlgError"),
                shaped("a-stack-has-one-result", (n, k)),
                shaped("solve-keeps-one-column", (batch, n)),
            ),
            f"The shape is `{(batch, n, k)}`: {batch} systems with {k} right-hand sides each.",
            "solve",
        )
    if is_chosen(rng, 0.5):
        return Case(
            ((n, n), (n,)),
            line,
            (n,),
            (
                shaped("the-solution-is-a-column", (n, 1)),
                shaped("the-solution-is-an-inverse", (n, n)),
                Wrong("solve-cuts-to-fit", raises="ValueError"),
            ),
            f"The shape is `{(n,)}`: one number for each of the {n} unknowns.",
            "solve",
        )
    return Case(
        ((n, n), (n, k)),
        line,
        (n, k),
        (
            shaped("solve-keeps-one-column", (n,)),
            Wrong("solve-cuts-to-fit", raises="ValueError"),
            shaped("the-solution-is-transposed", (k, n)),
        ),
        f"The shape is `{(n, k)}`: {k} right-hand sides, each with a solution of {n} numbers.",
        "solve",
    )


def _norm(rng: "np.random.Generator", level: int) -> Case:
    del level
    n, m = sizes(rng, 2)
    axis = int(rng.integers(2))
    if is_chosen(rng, 0.4):
        return Case(
            ((n, m),),
            "x = np.linalg.norm(a)",
            (),
            (
                shaped("the-norm-is-that-of-each-row", (n,)),
                Wrong("a-norm-needs-a-vector", raises="LinAlgError"),
            ),
            "The shape is `()`: without `axis`, the norm of a table is one number.",
            "norm",
        )
    kept, gone = ((m, n), (n, m))[axis]
    return Case(
        ((n, m),),
        f"x = np.linalg.norm(a, axis={axis})",
        (kept,),
        (
            shaped("the-norm-keeps-the-axis-named", (gone,)),
            Wrong("a-norm-needs-a-vector", raises="LinAlgError"),
            shaped("a-norm-is-one-number", ()),
        ),
        f"The shape is `{(kept,)}`: the norm is taken along axis {axis}, which is gone.",
        "norm",
    )


def _per_matrix(rng: "np.random.Generator", level: int) -> Case:
    n, batch, more = sizes(rng, 3)
    ahead = (batch,) if level < 3 else (batch, more)  # noqa: PLR2004  # levels are 1 to 3
    name = one_of(rng, ("inv", "det", "eigvalsh", "eigh")[: level + 1])
    matrix, one = (*ahead, n, n), Wrong("linalg-takes-one-matrix", raises="LinAlgError")
    if name == "inv":
        return Case(
            (matrix,),
            "x = np.linalg.inv(a)",
            matrix,
            (one, shaped("a-stack-has-one-result", (n, n))),
            f"The shape is `{matrix}`: an inverse for each matrix of the stack.",
            name,
        )
    if name == "det":
        return Case(
            (matrix,),
            "x = np.linalg.det(a)",
            ahead,
            (
                one,
                shaped("a-stack-has-one-result", ()),
                shaped("a-result-keeps-its-matrix-axes", (*ahead, 1, 1)),
            ),
            f"The shape is `{ahead}`: a determinant for each matrix of the stack.",
            name,
        )
    if name == "eigvalsh":
        return Case(
            (matrix,),
            "x = np.linalg.eigvalsh(a)",
            (*ahead, n),
            (
                one,
                shaped("eigenvalues-are-a-matrix", matrix),
                shaped("a-stack-has-one-result", (n,)),
            ),
            f"The shape is `{(*ahead, n)}`: {n} eigenvalues for each matrix of the stack.",
            name,
        )
    return Case(
        (matrix,),
        "x = np.linalg.eigh(a).eigenvectors",
        matrix,
        (
            one,
            shaped("a-stack-has-one-result", (n, n)),
            shaped("there-is-one-eigenvector", (*ahead, n)),
        ),
        f"The shape is `{matrix}`: for each matrix {n} eigenvectors, which are its columns.",
        name,
    )


def _refused(rng: "np.random.Generator", level: int) -> Case:
    m, n, k, batch = sizes(rng, 4)
    ahead = (batch,) if level > 1 and is_chosen(rng, 0.5) else ()
    name = one_of(rng, ("inv", "solve", "det", "eigvalsh")[: level + 1])
    shape = (*ahead, m, n)
    if name == "solve":
        return Case(
            ((*ahead, m, m), (*ahead, n, k)),
            "x = np.linalg.solve(a, b)",
            "ValueError",
            (
                shaped("solve-cuts-to-fit", (*ahead, m, k)),
                shaped("solve-cuts-to-fit", (*ahead, n, k)),
                shaped("solve-keeps-one-column", (*ahead, m)),
            ),
            f"It raises `ValueError`: `a` has {m} rows and `b` has {n}.",
            name,
        )
    wrong = {
        "inv": (
            shaped("an-inverse-is-transposed", (*ahead, n, m)),
            shaped("every-matrix-has-an-inverse", shape),
        ),
        "det": (
            shaped("every-table-has-a-determinant", ahead),
            shaped("a-result-keeps-its-matrix-axes", (*ahead, 1, 1)),
        ),
        "eigvalsh": (
            shaped("every-matrix-has-eigenvalues", (*ahead, min(m, n))),
            shaped("every-matrix-has-eigenvalues", (*ahead, max(m, n))),
        ),
    }[name]
    return Case(
        (shape,),
        f"x = np.linalg.{name}(a)",
        "LinAlgError",
        wrong,
        f"It raises `LinAlgError`: the matrix is {m} by {n}, and `{name}` needs a square one.",
        name,
    )


linalg_shapes = Family(
    id="linalg-shapes",
    topic="linalg",
    level=2,
    kind="predict",
    title="The shapes that `np.linalg` returns, or an error",
    make=_linalg,
    beliefs=tuple(_REASONS),
    covers=(11,),
    may_fail=True,
)
