"""A family about what NumPy 2 changed.

What NumPy 1.26 gave is recorded beside each expression, as it was measured there; what NumPy 2
gives is computed.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import told
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "scalars-promote-by-value": "Up to 1.26 the value of a number decided; now its kind does.",
    "scalars-never-change-the-dtype": "Since 2.0 a NumPy scalar counts with its dtype.",
    "numpy-scalars-print-like-python": "The `repr` of a scalar names its type since 2.0.",
    "copy-false-means-if-needed": "`copy=False` means never since 2.0, and raises if it must copy.",
    "removed-names-still-work": "2.0 removed this name after years of warnings.",
    "array-api-names-are-old": "2.0 brought this spelling, which the array API standard asks for.",
    "sign-looks-at-the-real-part": "Since 2.0 the sign of a complex number is `z / abs(z)`.",
    "strings-are-read-as-numbers": "Since 2.0 a string is true when it is not empty.",
    "the-inverse-is-flat": "Since 2.0 the inverse has the shape of the input.",
    "functions-return-lists": "2.0 turned this list into a tuple.",
    "fft-is-always-double": "Since 2.0 an FFT of single precision stays single.",
    "a-constructor-wraps": "Since 2.0 a number that does not fit raises; 1.26 wrapped and warned.",
    "solve-takes-stacks-of-vectors": "Since 2.0 only a one-dimensional `b` is a vector.",
    "numpy-2-changed-array-arithmetic": "Arrays promoted like this before, too.",
    "numpy-2-changed-str": "Only the `repr` of scalars changed; `str` and `print` did not.",
    "numpy-2-changed-every-result": "This is the same in both versions.",
}


class _Row(msgspec.Struct, frozen=True):
    """An expression with places for numbers, and what `seen` of it was on NumPy 1.26."""

    show: str
    was: str
    belief: str
    level: int = 1


_CHANGED = (
    _Row("np.array([{n}], np.uint8) + {big}", "uint16 [{n_big}]", "scalars-promote-by-value"),
    _Row("np.array([{n}], np.int8) * {big}", "int16 [{nxbig}]", "scalars-promote-by-value"),
    _Row("np.float32({n}) + {half}", "float64 {n_half}", "scalars-promote-by-value", 2),
    _Row(
        "np.array([{n}], np.float32) + np.float64({half})",
        "float32 [{n_half}]",
        "scalars-never-change-the-dtype",
        2,
    ),
    _Row(
        "np.array([{n}], np.int8) + np.int64({m})",
        "int8 [{n_m}]",
        "scalars-never-change-the-dtype",
        2,
    ),
    _Row("repr(np.float64({half}))", "{half}", "numpy-scalars-print-like-python"),
    _Row("repr([np.int64({n})])", "[{n}]", "numpy-scalars-print-like-python"),
    _Row(
        "np.array([{half}, {n}.0], copy=False)",
        "float64 [{half}, {n}.0]",
        "copy-false-means-if-needed",
    ),
    _Row("np.ones({k}).ptp()", "float64 0.0", "removed-names-still-work"),
    _Row("np.float_({half})", "float64 {half}", "removed-names-still-work"),
    _Row("np.alltrue([{n}, {m}])", "bool True", "removed-names-still-work", 2),
    _Row("np.zeros(({k}, {n})).mT.shape", "AttributeError", "array-api-names-are-old", 2),
    _Row("np.concat([[{half}], [{n}.5]])", "AttributeError", "array-api-names-are-old", 2),
    _Row("np.bool({n})", "AttributeError", "array-api-names-are-old"),
    _Row("np.sign({x3} + {x4}j)", "complex128 (1+0j)", "sign-looks-at-the-real-part", 3),
    _Row("np.array(['{n}a', '']).astype(bool)", "ValueError", "strings-are-read-as-numbers", 3),
    _Row(
        "np.unique([[{n}, {m}], [{m}, {n}]], return_inverse=True)[1].shape",
        "(4,)",
        "the-inverse-is-flat",
        3,
    ),
    _Row("type(np.meshgrid([{n}], [{m}]))", "list", "functions-return-lists", 2),
    _Row("np.fft.fft(np.ones({k}, np.float32)).dtype", "complex128", "fft-is-always-double", 3),
    _Row("np.int8({over})", "int8 {wrapped}", "a-constructor-wraps", 2),
    _Row(
        "np.linalg.solve([np.eye({k})] * {k}, np.ones(({k}, {k}))).shape",
        "({k}, {k})",
        "solve-takes-stacks-of-vectors",
        3,
    ),
)
_SAME = (
    _Row(
        "np.array([{n}], np.uint8) + {m}",
        "uint8 [{n_m}]",
        "numpy-2-changed-array-arithmetic",
    ),
    _Row(
        "np.array([{n}], np.float32) + {half}",
        "float32 [{n_half}]",
        "numpy-2-changed-array-arithmetic",
    ),
    _Row(
        "np.array([{over}], np.uint8) + np.array([{over}], np.uint8)",
        "uint8 [{twice}]",
        "numpy-2-changed-array-arithmetic",
        2,
    ),
    _Row(
        "np.array([{n}], np.int16) / np.float32(2)",
        "float32 [{n_2}]",
        "numpy-2-changed-array-arithmetic",
        3,
    ),
    _Row("np.array([{n}], np.int8) < {big}", "bool [True]", "numpy-2-changed-array-arithmetic"),
    _Row(
        "np.float32({n}) + np.float64({half})",
        "float64 {n_half}",
        "scalars-promote-by-value",
        2,
    ),
    _Row("str(np.float64({half}))", "{half}", "numpy-2-changed-str"),
    _Row("f'{{np.float32({half})}}'", "{half}", "numpy-2-changed-str", 2),
    _Row("str(np.array([{half}, {n}]))", "{listed}", "numpy-2-changed-str", 2),
    _Row("np.round({half})", "float64 {rounded}", "numpy-2-changed-every-result"),
    _Row(
        "np.asarray([{half}, {n}.0])",
        "float64 [{half}, {n}.0]",
        "copy-false-means-if-needed",
    ),
    _Row("np.ptp([{n}.0, {half}])", "float64 {spread}", "removed-names-still-work", 2),
    _Row("type(np.split(np.ones({k}), {k}))", "list", "functions-return-lists", 3),
    _Row("np.unique([{n}, {m}, {n}]).shape", "(2,)", "the-inverse-is-flat", 3),
    _Row("np.sign(-{half})", "float64 -1.0", "sign-looks-at-the-real-part", 3),
    _Row("np.fft.fft(np.ones({k})).dtype", "complex128", "fft-is-always-double", 3),
    _Row("np.ones(({k}, {n})).mean(axis=1).shape", "({k},)", "numpy-2-changed-every-result"),
)
_SEEN = """
def seen(it):
    if isinstance(it, Exception):
        return type(it).__name__
    if isinstance(it, (np.ndarray, np.generic)):
        return f"{it.dtype} {it.tolist()}"
    return it.__name__ if isinstance(it, type) else str(it)
"""


def _versions(rng: "np.random.Generator", level: int) -> Item:
    count = int(rng.integers(2, 4))
    right = tuple(_option(row, rng, _REASONS) for row in _some(_CHANGED, count, rng, level))
    wrong = tuple(
        _option(row, rng, {**_REASONS, **_STAYED}) for row in _some(_SAME, 5 - count, rng, level)
    )
    return Item(
        topic="ecosystem",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="several",
        stem="Which of these give another result on NumPy 2 than on NumPy 1.26?",
        setup=_SEEN,
        right=right,
        wrong=wrong,
        hint="NumPy 2 changed scalars, names and a few functions. Which of them are here?",
        rule="NumPy 2 changed how scalars promote and print, what `copy=False` means, some names "
        "and some shapes; arrays work as before.",
        why=(
            f"These changed:\n\n{told(right)}\n\nThese did not:\n\n{told(wrong)}\n\n"
            "An error in one version and none in the other is a change too, and the welcome kind: "
            "it is found at once. The others are silent. Results change mostly where a NumPy "
            "scalar or a number out of range meets an array of a smaller dtype, so test code with "
            "`float32` and small integers. Names are found by `ruff check --select NPY201`."
        ),
        docs="https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
        follow_up=(
            FollowUp(
                "What do packages with compiled code need?",
                "They have to be built against NumPy 2, and then run on 1.x as well.",
            ),
            FollowUp(
                "How do you keep `repr` as it was, for doctests?",
                "`np.set_printoptions(legacy='1.25')` prints scalars without their type.",
            ),
        ),
    )


def _some(rows: tuple[_Row, ...], count: int, rng: "np.random.Generator", level: int) -> list[_Row]:
    pool = [row for row in rows if row.level <= level]
    return [pool[int(place)] for place in rng.permutation(len(pool))[:count]]


def _option(row: _Row, rng: "np.random.Generator", reasons: Mapping[str, str]) -> Option:
    n, m = (int(number) for number in rng.permutation(range(5, 60))[:2])
    k, over = int(rng.integers(2, 5)), int(rng.integers(130, 250))
    half, big = int(rng.integers(1, 9)) + 0.5, int(rng.integers(260, 400))
    numbers = {
        "n": n,
        "m": m,
        "k": k,
        "over": over,
        "half": half,
        "big": big,
        "n_m": n + m,
        "n_big": n + big,
        "nxbig": n * big,
        "n_half": n + half,
        "n_2": n / 2,
        "x3": 3 * k,
        "x4": 4 * k,
        "wrapped": over - 256,
        "twice": 2 * over - 256,
        "spread": abs(n - half),
        "rounded": float(round(half)),
        "listed": f"[{half} {n}. ]" if n < 10 else f"[ {half} {n}. ]",  # noqa: PLR2004  # two digits
    }
    was = row.was.format(**numbers)
    return Option(
        show=row.show.format(**numbers),
        holds=f"seen(it) != {was!r}",
        belief=row.belief,
        why=reasons[row.belief],
    )


_STAYED = {
    "scalars-promote-by-value": "Two NumPy scalars promoted by their dtypes before, too.",
    "copy-false-means-if-needed": "`asarray` copies if it must, in both versions.",
    "removed-names-still-work": "The function `np.ptp` stayed; only the method went.",
    "functions-return-lists": "`split` still gives a list.",
    "the-inverse-is-flat": "Only the shape of the inverse changed.",
    "sign-looks-at-the-real-part": "Only the sign of complex numbers changed.",
    "fft-is-always-double": "Double precision gives double precision, in both versions.",
}


v1_v2_diff = Family(
    id="changed-in-numpy-2",
    topic="ecosystem",
    level=2,
    kind="several",
    title="What gives another result on NumPy 2 than on 1.26",
    make=_versions,
    beliefs=tuple(_REASONS),
)
