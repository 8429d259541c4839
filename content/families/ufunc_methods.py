"""A family about the methods of ufuncs: `reduce`, `accumulate`, `outer` and `reduceat`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, listed, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "accumulate-is-reduce": "`accumulate` keeps every step; `reduce` gives the last one alone.",
    "cumsum-starts-from-zero": "The first step is the first element itself.",
    "ufunc-methods-work-along-the-last-axis": "The methods work along axis 0 unless told "
    "otherwise.",
    "reduce-takes-all-axes": "`reduce` takes axis 0 by default; `np.sum` takes all axes.",
    "a-running-maximum-is-a-rolling-one": "Every element so far counts, not the last two.",
    "outer-always-multiplies": "`outer` applies the ufunc it belongs to.",
    "the-second-operand-gives-the-rows": "The first operand runs down, the second to the right.",
    "outer-pairs-elements": "`outer` takes every pair, not equal positions alone.",
    "reduceat-takes-the-cuts": "The first run begins at the first number given, not at 0.",
    "reduceat-drops-the-last-run": "The last run goes on to the end of the array.",
    "the-runs-share-their-ends": "A run stops before the start of the next one.",
    "reduceat-keeps-every-step": "Each run is reduced to one number; running results are not kept.",
}


class _Case(msgspec.Struct, frozen=True):
    """A call, its result, what people take it for, and how it comes about."""

    name: str
    code: str
    result: "np.ndarray"
    wrong: tuple[Wrong, ...]
    told: str


def _methods(rng: "np.random.Generator", level: int) -> Item:
    makers: tuple[Callable[[np.random.Generator], _Case], ...]
    makers = {1: (_accumulate, _outer), 2: (_accumulate, _outer, _axis), 3: (_axis, _reduceat)}[
        level
    ]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="ufuncs",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem=f"What does `{case.name}` give?",
        code=case.code,
        answer="r",
        wrong=wrong,
        hint="Which pairs of elements does the ufunc meet, and which of its results are kept?",
        rule="Of a ufunc, `reduce` keeps the end, `accumulate` every step, `outer` all pairs, and "
        "`reduceat` the end of each run.",
        why=(
            f"`r` is `{case.result.tolist()}`. {case.told}\n\n"
            "Every ufunc with two inputs and one output has these methods, so a loop with one "
            "operation is often a method already: `np.add.reduce` is what `sum` uses, "
            "`np.add.accumulate` is `cumsum`, `np.maximum.accumulate` gives the largest so far, "
            "and `np.multiply.outer` a table of products. They work along axis 0 unless `axis` "
            "says otherwise, where `np.sum` takes all axes.\n\n"
            "`reduceat` is for runs of unequal length, such as sums of groups in sorted data: it "
            "takes the positions at which the runs begin. `at` is the fifth method, for adding at "
            "repeated positions."
        ),
        docs=f"https://numpy.org/doc/stable/reference/generated/numpy.ufunc.{_method(case)}.html",
        covers=(10,),
        follow_up=(
            FollowUp(
                "Do ufuncs with one input have these methods?",
                "They have `at` alone: the others need two inputs, so `np.sqrt.reduce` raises "
                "`ValueError`.",
            ),
            FollowUp(
                "How do you get a table of differences of two vectors?",
                "`np.subtract.outer(x, y)`, or `x[:, None] - y` by broadcasting.",
            ),
        ),
    )


def _method(case: _Case) -> str:
    return case.name.rpartition(".")[2]


def _accumulate(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("add", "maximum", "minimum", "multiply"))
    ufunc: np.ufunc = getattr(np, name)
    high = 6 if name == "multiply" else 20
    a = rng.permutation(range(1, high))[: 4 if name == "multiply" else 5]
    result = ufunc.accumulate(a)

    def models() -> Iterator[Wrong]:
        yield Wrong("accumulate-is-reduce", f"np.array({int(ufunc.reduce(a))})")
        if name == "add":
            yield Wrong("cumsum-starts-from-zero", listed(np.append([0], result[:-1])))
        if name in {"maximum", "minimum"}:
            pairs = ufunc(a[1:], a[:-1])
            yield Wrong("a-running-maximum-is-a-rolling-one", listed(np.append(a[:1], pairs)))
        if name == "multiply":
            yield Wrong("cumsum-starts-from-zero", listed(np.append([1], result[:-1])))

    told = {
        "add": "Each element is the sum of all elements so far.",
        "multiply": "Each element is the product of all elements so far.",
        "maximum": "Each element is the largest one so far.",
        "minimum": "Each element is the smallest one so far.",
    }[name]
    code = f"a = np.array({a.tolist()})\nr = np.{name}.accumulate(a)"
    plain = np.array_equal(result, a) or len(set(result.tolist())) == 1
    return _Case(f"np.{name}.accumulate", code, result, () if plain else tuple(models()), told)


def _outer(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("add", "subtract", "multiply", "maximum"))
    ufunc: np.ufunc = getattr(np, name)
    n, m = (int(size) for size in rng.permutation(range(2, 5))[:2])
    x, y = rng.permutation(range(1, 15))[:n], rng.permutation(range(1, 15))[:m]
    result = ufunc.outer(x, y)

    def models() -> Iterator[Wrong]:
        if name != "multiply":
            yield Wrong("outer-always-multiplies", listed(np.outer(x, y)))
        yield Wrong("the-second-operand-gives-the-rows", listed(result.T))
        short = min(n, m)
        yield Wrong("outer-pairs-elements", listed(ufunc(x[:short], y[:short])))

    told = (
        f"Its element (i, j) is `np.{name}(x[i], y[j])`, so the {n} elements of `x` give the rows "
        f"and the {m} of `y` the columns; the first one comes from {x[0]} and {y[0]}."
    )
    code = f"x, y = np.array({x.tolist()}), np.array({y.tolist()})\nr = np.{name}.outer(x, y)"
    return _Case(f"np.{name}.outer", code, result, tuple(models()), told)


def _axis(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("add", "maximum", "minimum"))
    method = one_of(rng, ("reduce", "accumulate"))
    ufunc: np.ufunc = getattr(np, name)
    a = rng.permutation(range(1, 20))[:6].reshape(2, 3)
    call = ufunc.reduce if method == "reduce" else ufunc.accumulate
    result = call(a)

    def models() -> Iterator[Wrong]:
        yield Wrong("ufunc-methods-work-along-the-last-axis", listed(call(a, axis=1)))
        whole = ufunc.reduce(a, axis=None)
        if method == "reduce":
            yield Wrong("reduce-takes-all-axes", f"np.array({int(whole)})")
        else:
            yield Wrong("accumulate-is-reduce", listed(ufunc.reduce(a)))

    kept = "one number for each column" if method == "reduce" else "a table of the same shape"
    told = f"It works along axis 0, down the columns, which leaves {kept}."
    code = f"a = np.array({a.tolist()})\nr = np.{name}.{method}(a)"
    plain = np.array_equal(result, a)
    return _Case(f"np.{name}.{method}", code, result, () if plain else tuple(models()), told)


def _reduceat(rng: "np.random.Generator") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("add", "maximum", "minimum"))
    ufunc: np.ufunc = getattr(np, name)
    a = rng.permutation(range(1, 30))[: int(rng.integers(6, 9))]
    first = int(rng.integers(0, 2))
    starts = [first, *sorted(int(at) for at in rng.permutation(range(first + 2, len(a) - 1))[:2])]
    result = ufunc.reduceat(a, starts)
    runs = [a[low:high] for low, high in zip(starts, [*starts[1:], len(a)], strict=True)]

    def models() -> Iterator[Wrong]:
        if first:
            yield Wrong(
                "reduceat-takes-the-cuts", listed(np.append(ufunc.reduce(a[:first]), result))
            )
        yield Wrong("reduceat-drops-the-last-run", listed(result[:-1]))
        shared = [
            ufunc.reduce(a[low : high + 1])
            for low, high in zip(starts, [*starts[1:], len(a)], strict=True)
        ]
        yield Wrong("the-runs-share-their-ends", listed(np.array(shared)))
        yield Wrong(
            "reduceat-keeps-every-step",
            listed(np.concatenate([ufunc.accumulate(run) for run in runs])),
        )

    told = (
        f"The runs begin at {', '.join(map(str, starts))}, and each ends before the next one: "
        f"{', '.join(f'`{run.tolist()}`' for run in runs)}."
    )
    code = f"a = np.array({a.tolist()})\nr = np.{name}.reduceat(a, {starts})"
    return _Case(f"np.{name}.reduceat", code, result, tuple(models()), told)


ufunc_methods = Family(
    id="methods-of-a-ufunc",
    topic="ufuncs",
    level=2,
    kind="predict",
    title="What `reduce`, `accumulate`, `outer` and `reduceat` give",
    make=_methods,
    beliefs=tuple(_REASONS),
    covers=(10,),
)
