"""A family about the shape of an einsum."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Shape, Wrong, enough, one_of, options, shaped
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "einsum-keeps-what-is-repeated": "Letters that don't stand behind the arrow are summed over.",
    "the-order-of-letters-is-free": "The order of the letters behind the arrow is that of the "
    "axes.",
    "the-letter-that-stays-is-summed": "The letters behind the arrow stay; the others are summed.",
    "implicit-output-keeps-the-order": "Without an arrow the axes come in alphabetical order.",
    "implicit-output-keeps-batches": "Without an arrow every letter that occurs twice is summed.",
    "einsum-needs-an-arrow": "Without an arrow, the letters that occur once stay.",
    "an-empty-output-is-an-error": "Nothing behind the arrow means that all is summed.",
    "a-sum-of-all-keeps-an-axis": "If all letters are summed, no axis is left.",
}
_LETTERS = {
    1: ("ij,jk->ik", "ij,jk->ki", "ij->ji", "ij->i", "ij->j", "i,j->ij", "i,j->ji", "ij,j->i",
        "ij,i->j", "ij,ij->", "ij,kj->ik"),
    2: ("bij,bjk->bik", "bij,bj->bi", "bij->bji", "ijk->kj", "bii->bi", "bii->b", "ij,kj->ki",
        "ijk,k->ji", "bi,bj->bij", "bi,bi->b", "ijk,jk->i", "bij,jk->bki", "ij,ij->"),
    3: ("ij,jk", "kj,ji", "ba", "bij,bjk", "cab", "ib,bj", "ca,ab", "ji,jk", "...ij->...ji",
        "...ij,...jk->...ik", "bhqd,bhkd->bhqk", "bij,bjk->ik", "nchw->nhwc", "ij,jk,kl->il"),
}  # fmt: skip


def _shape_of(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        letters = one_of(rng, _LETTERS[level])
        names = sorted(set(letters) - set(",->."))
        drawn = {name: int(size) for name, size in zip(names, _sizes(rng, len(names)), strict=True)}
        batch = int(rng.integers(7, 10))
        shapes = [_shape(group, drawn, batch) for group in letters.partition("->")[0].split(",")]
        result = np.einsum(letters, *(np.ones(shape, np.int8) for shape in shapes)).shape
        wrong = options(str(result), _models(letters, drawn, batch), _REASONS)
        if enough(wrong) and result not in shapes:
            break
    operands = "abc"[: len(shapes)]
    given = "\n".join(
        f"{name} = np.ones({shape})" for name, shape in zip(operands, shapes, strict=True)
    )
    return Item(
        topic="linalg",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What shape does the einsum `{letters}` give?",
        code=f"{given}\nr = np.einsum('{letters}', {', '.join(operands)})",
        answer="r.shape",
        wrong=wrong,
        hint="Write the size of every letter down. Which letters stay, and in which order?",
        rule="Each letter is an axis: those behind `->` stay, in that order, and the others are "
        "summed over; without `->` the letters that occur once stay, in alphabetical order.",
        why=_told(letters, drawn, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.einsum.html",
        covers=(11,),
        follow_up=(
            FollowUp(
                "What does `optimize=True` do?",
                "With three or more operands it looks for a cheap order of the products, which "
                "can save most of the work.",
            ),
            FollowUp(
                "Which error do sizes raise that don't agree?",
                "`ValueError`: one letter must stand for one size everywhere, or for 1.",
            ),
        ),
    )


def _sizes(rng: "np.random.Generator", count: int) -> list[int]:
    return [int(size) for size in rng.permutation(range(2, 9))[:count]]


def _shape(group: str, drawn: dict[str, int], batch: int) -> Shape:
    """The shape that letters stand for; an ellipsis for one axis."""
    return tuple(drawn.get(one, batch) for one in group.replace("...", "*"))


def _models(letters: str, drawn: dict[str, int], batch: int) -> Iterator[Wrong]:
    """What each misconception makes of the letters."""
    given, arrow, kept = letters.partition("->")
    ahead = (batch,) if "..." in letters else ()
    seen = list(dict.fromkeys(one for one in given if one in drawn))
    single = [one for one in seen if given.count(one) == 1]
    stays = [one for one in kept if one in drawn] if arrow else sorted(single)
    gone = [one for one in seen if one not in stays]

    def sized(names: list[str]) -> Shape:
        return (*ahead, *(drawn[one] for one in names))

    if not arrow:
        yield shaped("implicit-output-keeps-the-order", sized(single))
        yield shaped("einsum-needs-an-arrow", None)
        if given.startswith("b") and given.count("b") > 1:
            yield shaped("implicit-output-keeps-batches", sized(["b", *stays]))
        yield shaped("einsum-keeps-what-is-repeated", sized(seen))
        return
    if not stays:
        yield shaped("an-empty-output-is-an-error", None)
        yield shaped("a-sum-of-all-keeps-an-axis", (1,))
        yield shaped("einsum-keeps-what-is-repeated", sized(seen))
        return
    yield shaped("the-order-of-letters-is-free", sized([one for one in seen if one in stays]))
    if gone:
        yield shaped("einsum-keeps-what-is-repeated", sized(seen))
        yield shaped("the-letter-that-stays-is-summed", sized(gone))
    yield shaped("the-order-of-letters-is-free", sized(stays[::-1]))
    yield shaped("the-letter-that-stays-is-summed", sized(stays[:-1]))


def _told(letters: str, drawn: dict[str, int], result: Shape) -> str:
    given, arrow, kept = letters.partition("->")
    seen = list(dict.fromkeys(one for one in given if one in drawn))
    stays = (
        [one for one in kept if one in drawn]
        if arrow
        else sorted(one for one in seen if given.count(one) == 1)
    )
    gone = [f"`{one}`" for one in seen if one not in stays]
    if gone:
        summed = f"summed over: {', '.join(gone)}"
    elif any(group.count(one) > 1 for group in given.split(",") for one in group):
        summed = "nothing is summed: the letter that occurs twice walks along a diagonal"
    else:
        summed = "nothing is summed"
    sizes = ", ".join(f"`{one}` = {size}" for one, size in drawn.items())
    lead = " `...` stands for the first axis, which is kept." if "..." in letters else ""
    implied = (
        ""
        if arrow
        else (
            f" There is no arrow, so the letters that occur once stay, in alphabetical order: "
            f"`{''.join(stays)}`."
        )
    )
    return (
        f"The shape is `{result}`. The letters have the sizes {sizes}; {summed}.{implied}{lead}\n\n"
        "An einsum has one letter for each axis of each operand. A letter that occurs in several "
        "operands ties these axes together; twice in one operand, it walks along the diagonal. "
        "Behind the arrow stand the axes of the result, in the order in which they are written, "
        "and whatever is missing there is summed over. `...` stands for the axes without a "
        "letter, which broadcast.\n\n"
        "Without an arrow the result is implied: the letters that occur once, sorted by the "
        "alphabet. That makes `'ba'` a transpose and drops the batch of `'bij,bjk'`, so write the "
        "arrow whenever others will read it."
    )


einsum_shape = Family(
    id="einsum-shape",
    topic="linalg",
    level=3,
    kind="predict",
    title="The shape of an einsum",
    make=_shape_of,
    beliefs=tuple(_REASONS),
    covers=(11,),
)
