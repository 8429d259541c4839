"""What each topic is about: the study guide's words before the questions."""

import msgspec


class Overview(msgspec.Struct, frozen=True):
    """A few sentences on a topic (Markdown), and the page of the documentation to read first."""

    text: str
    docs: str


_USER = "https://numpy.org/doc/stable/user/"
_REFERENCE = "https://numpy.org/doc/stable/reference/"

OVERVIEWS: dict[str, Overview] = {
    "fundamentals": Overview(
        "An `ndarray` is one block of memory and a description of it: shape, dtype and strides. "
        "Interviews begin here: what an array has that a list has not, how arrays are made, and "
        "what `shape`, `ndim`, `size` and `len` say.",
        f"{_USER}absolute_beginners.html",
    ),
    "dtypes": Overview(
        "The dtype decides what fits into an element, how much memory it takes and what comes of "
        "an operation. Learn how two dtypes are promoted, what a cast loses, and how integers "
        "overflow without a word: that is where silent wrong results come from.",
        f"{_USER}basics.types.html",
    ),
    "indexing": Overview(
        "Integers, slices, `...` and `np.newaxis` select a regular part of an array, and the "
        "result is a view. An integer removes its axis, a slice keeps it. Interviewers ask for "
        "shapes, negative steps and what happens past the end.",
        f"{_USER}basics.indexing.html",
    ),
    "fancy": Overview(
        "A list, an array of integers or a Boolean mask selects anything at all, and the result "
        "is a copy. Index arrays are paired element by element, they do not span a grid. With "
        "`np.where`, `np.take_along_axis` and masks most loops over elements go away.",
        f"{_USER}basics.indexing.html#advanced-indexing",
    ),
    "memory": Overview(
        "A view shares memory, a copy has its own, and strides say how an index becomes an "
        "address. Whoever can tell which operation gives which writes code that neither changes "
        "its inputs by accident nor copies gigabytes for nothing.",
        f"{_USER}basics.copies.html",
    ),
    "shapes": Overview(
        "Reshaping keeps the order of the elements, transposing changes which axis is which, and "
        "joining needs to know along an axis that is there or along a new one. Most questions "
        "can be answered by writing the shapes down.",
        f"{_REFERENCE}routines.array-manipulation.html",
    ),
    "broadcasting": Overview(
        "Shapes are lined up from the last axis; sizes fit when they are equal or one of them is "
        "1. That one rule replaces most loops over pairs, and its silent cousin, a vector against "
        "a column, is the bug that interviewers have met themselves.",
        f"{_USER}basics.broadcasting.html",
    ),
    "ufuncs": Overview(
        "A ufunc works element by element in compiled code, broadcasts, and knows `out=`, "
        "`where=` and methods such as `reduce` and `accumulate`. This topic is about speed: what "
        "vectorizing gains, what it costs in temporaries, and when it is the wrong tool.",
        f"{_REFERENCE}ufuncs.html",
    ),
    "reductions": Overview(
        "`axis` names the axis that goes away, `keepdims` leaves it with size 1, and a tuple "
        "takes several. Know what mean, median, variance, percentiles, cumulative sums and "
        "correlation give, and which divisor `np.std` uses.",
        f"{_REFERENCE}routines.statistics.html",
    ),
    "sorting": Overview(
        "`argsort` gives positions and not ranks, `partition` promises less than `sort`, "
        "`searchsorted` has two sides, and `np.unique` can count. With these and `np.bincount` a "
        "group-by needs no loop.",
        f"{_REFERENCE}routines.sort.html",
    ),
    "linalg": Overview(
        "`@` and `*` are different products, and `@` works on stacks of matrices. Solve instead "
        "of inverting, ask for the condition instead of the determinant, and read `np.einsum` "
        "letter by letter: those are the marks of somebody who has done it.",
        f"{_REFERENCE}routines.linalg.html",
    ),
    "random": Overview(
        "A `Generator` from `np.random.default_rng` carries its own state and is passed on like "
        "any other argument. Interviews ask for reproducibility, for parallel streams, and for "
        "how the error of a simulation falls with its size.",
        f"{_REFERENCE}random/index.html",
    ),
    "floats": Overview(
        "Floats are a finite grid: results are rounded, large numbers swallow small ones, and "
        "NaN equals nothing, itself included. Learn to compare with a tolerance that you can "
        "defend, and to rewrite a formula before it overflows.",
        f"{_USER}misc.html",
    ),
    "data": Overview(
        "Arrays come from files and go back to them: `.npy`, text, memory maps. This topic also "
        "holds structured dtypes, strings, dates and masked arrays, and what each of them is the "
        "wrong choice for.",
        f"{_USER}basics.io.html",
    ),
    "applications": Overview(
        "Softmax, distances, a moving average, a training step: small programs that show whether "
        "somebody thinks in arrays. Write the shapes beside each line, subtract the maximum "
        "before `np.exp`, and keep what belongs together in one order.",
        "https://numpy.org/doc/stable/user/quickstart.html",
    ),
    "ecosystem": Overview(
        "NumPy 2 changed promotion, the printed form of scalars and the meaning of `copy=False`. "
        "Around it stand pandas, PyTorch, JAX, Numba and Cython, which share its memory where "
        "they can. Know what changed, and how arrays travel without a copy.",
        "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
    ),
}
"""Topic id to its overview."""
