"""A family about masked arrays."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "a-mask-says-what-counts": "`True` in the mask means left out; the others count.",
    "masked-values-count-as-zero": "A masked value adds nothing, and is not counted either.",
    "a-mask-changes-nothing": "Reductions of a masked array leave masked elements out.",
    "masked-values-count-as-the-fill-value": "The fill value stands for them in `filled` alone.",
    "len-leaves-masked-out": "`len` counts all elements; `count` leaves masked ones out.",
    "count-counts-all": "`count` leaves the masked elements out; `size` counts all.",
    "filled-removes-the-masked": "`filled` puts a value in their places and removes none.",
    "compressed-fills": "`compressed` removes the masked elements; `filled` replaces them.",
    "one-mask-wins": "In a sum of arrays everything is masked that is masked in either.",
    "positions-count-unmasked-alone": "`argmax` gives a position in the whole array.",
}


_LONGEST = 4
"""So many characters of a number at most, where it can have a fraction."""


class _Case(msgspec.Struct, frozen=True):
    """A line that makes a number `n` of masked array `m`, and what people expect."""

    line: str
    result: int | float
    wrong: tuple[Wrong, ...]
    told: str
    more: str = ""
    """A further line before it."""


def _masked(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    makers: tuple[Callable[[np.random.Generator, np.ndarray, np.ndarray], _Case], ...]
    makers = (_reduced, _counted, _filled, _position, _added)[: level + 2]
    for _ in range(TRIES):
        a = rng.permutation(range(1, 30))[:5]
        mask = np.isin(np.arange(5), rng.permutation(5)[: int(rng.integers(2, 4))])
        case = makers[int(rng.integers(len(makers)))](rng, a, mask)
        wrong = options(_number(case.result), case.wrong, _REASONS)
        if enough(wrong) and len(_number(case.result)) <= _LONGEST:
            break
    more = f"\n{case.more}" if case.more else ""
    return Item(
        topic="data",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="number",
        stem=f"What is `{case.line}` of a masked array?",
        code=(
            f"m = np.ma.masked_array({a.tolist()},\n"
            f"                       mask={mask.astype(int).tolist()}){more}\n"
            f"n = {case.line}"
        ),
        answer="n",
        wrong=wrong,
        hint="Which elements does the mask leave out, and does this function look at it?",
        rule="`True` or 1 in a mask marks an element as invalid: it is left out of sums, means and "
        "counts.",
        why=(
            f"`n` is {_number(case.result)}. {case.told}\n\n"
            "A masked array is data and a mask of the same shape. Where the mask is true, the "
            "element is missing: it adds nothing to a sum, does not count in a mean, and is never "
            "the largest. The data stay underneath, and `m.data` shows them. Operations pass the "
            "mask on: where either operand is masked, the result is masked.\n\n"
            "To get rid of the mask, choose: `m.compressed()` leaves the masked elements out, "
            "`m.filled(value)` puts a value in their places. Beware of plain functions that do not "
            "know masks: `np.asarray(m)` and `len(m)` look at the data alone."
        ),
        docs="https://numpy.org/doc/stable/reference/maskedarray.generic.html",
        covers=(37,),
        follow_up=(
            FollowUp(
                "How do you mask by a condition?",
                "`np.ma.masked_where(a > 20, a)`, or `np.ma.masked_equal(a, -1)` for one value.",
            ),
            FollowUp(
                "When is NaN enough instead?",
                "For floats with `nanmean` and its kin; integers and Booleans have no NaN.",
            ),
        ),
    )


def _number(value: float) -> str:
    """A number as NumPy prints it: a mean is a float, all else here an integer."""
    return str(value)


def _reduced(rng: "np.random.Generator", a: "np.ndarray", mask: "np.ndarray") -> _Case:
    name = one_of(rng, ("sum", "mean", "max", "min"))
    kept, gone = a[~mask], a[mask]
    result = getattr(kept, name)().item()

    def models() -> Iterator[Wrong]:
        yield Wrong("a-mask-says-what-counts", _number(getattr(gone, name)().item()))
        yield Wrong("a-mask-changes-nothing", _number(getattr(a, name)().item()))
        if name == "mean":
            yield Wrong("masked-values-count-as-zero", _number(kept.sum().item() / len(a)))
        if name == "min":
            yield Wrong("masked-values-count-as-zero", "0")
        if name == "sum":
            filled = int(kept.sum()) + 999_999 * len(gone)
            yield Wrong("masked-values-count-as-the-fill-value", str(filled))

    told = f"The elements that are not masked are {kept.tolist()}."
    wrong = tuple(models())
    if name == "mean" and any(len(model.answer) > _LONGEST for model in wrong):
        wrong = ()
    return _Case(f"m.{name}()", result, wrong, told)


def _counted(rng: "np.random.Generator", a: "np.ndarray", mask: "np.ndarray") -> _Case:
    kept, gone = int((~mask).sum()), int(mask.sum())
    models: tuple[Wrong, ...]
    if one_of(rng, ("count", "len")) == "len":
        models = (
            Wrong("len-leaves-masked-out", str(kept)),
            Wrong("a-mask-says-what-counts", str(gone)),
        )
        told = f"`len` knows no mask: there are {len(a)} places, {gone} of them masked."
        return _Case("len(m)", len(a), models, told)
    models = (
        Wrong("count-counts-all", str(len(a))),
        Wrong("a-mask-says-what-counts", str(gone)),
    )
    return _Case("m.count()", kept, models, f"{gone} of {len(a)} elements are masked.")


def _filled(rng: "np.random.Generator", a: "np.ndarray", mask: "np.ndarray") -> _Case:
    kept, gone = a[~mask], a[mask]
    total, whole = int(kept.sum()), int(a.sum())
    models: tuple[Wrong, ...]
    if one_of(rng, ("filled", "compressed")) == "compressed":
        models = (
            Wrong("compressed-fills", str(len(a))),
            Wrong("a-mask-says-what-counts", str(len(gone))),
        )
        told = f"The {len(gone)} masked elements are left out, so {len(kept)} stay."
        return _Case("len(m.compressed())", len(kept), models, told)
    value = int(rng.integers(1, 10))
    models = (
        Wrong("filled-removes-the-masked", str(total)),
        Wrong("a-mask-says-what-counts", str(int(gone.sum()) + value * len(kept))),
        Wrong("a-mask-changes-nothing", str(whole)),
    )
    told = (
        f"`filled({value})` is a plain array with {value} in the {len(gone)} masked places, and "
        f"the others, which add up to {total}, as they are."
    )
    return _Case(f"m.filled({value}).sum()", total + value * len(gone), models, told)


def _position(rng: "np.random.Generator", a: "np.ndarray", mask: "np.ndarray") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    name = one_of(rng, ("argmax", "argmin"))
    far = -1 if name == "argmax" else 99
    result = int(getattr(np.where(mask, far, a), name)())
    models = (
        Wrong("a-mask-changes-nothing", str(int(getattr(a, name)()))),
        Wrong("positions-count-unmasked-alone", str(int(getattr(a[~mask], name)()))),
        Wrong("a-mask-says-what-counts", str(int(getattr(np.where(mask, a, far), name)()))),
    )
    told = (
        f"Of the elements that are not masked, {a[~mask].tolist()}, the "
        f"{'largest' if name == 'argmax' else 'smallest'} is {a[result]}, and it stands at "
        f"position {result} of the whole array."
    )
    return _Case(f"m.{name}()", result, models, told)


def _added(rng: "np.random.Generator", a: "np.ndarray", mask: "np.ndarray") -> _Case:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    b = rng.permutation(range(1, 30))[:5]
    other = np.isin(np.arange(5), rng.permutation(5)[:1])
    either = mask | other
    both = a + b
    models = (
        Wrong("one-mask-wins", str(int(both[~mask].sum()))),
        Wrong("masked-values-count-as-zero", str(int(a[~mask].sum() + b[~other].sum()))),
        Wrong("a-mask-changes-nothing", str(int(both.sum()))),
        Wrong("a-mask-says-what-counts", str(int(both[either].sum()))),
    )
    more = (
        f"other = np.ma.masked_array({b.tolist()},\n"
        f"                           mask={other.astype(int).tolist()})"
    )
    told = (
        f"A sum is masked where either operand is. The other places hold {both[~either].tolist()}."
    )
    return _Case("(m + other).sum()", int(both[~either].sum()), models, told, more)


ma_masked = Family(
    id="what-a-mask-leaves-out",
    topic="data",
    level=2,
    kind="predict",
    title="Sums, counts and positions of a masked array",
    make=_masked,
    beliefs=tuple(_REASONS),
    covers=(37,),
)
