"""A family about arrays of text."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Wrong, enough, is_chosen, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "string-arrays-grow": "The width of a `<U` dtype is fixed; what is longer is cut.",
    "too-long-text-raises": "Text that is too long is cut without a word; nothing is raised.",
    "too-long-text-is-not-stored": "It is stored, as far as it fits.",
    "operations-keep-the-width": "An operation makes a new array, as wide as its result.",
    "only-too-long-elements-are-cut-whole": "Characters are kept up to the width.",
    "every-text-array-cuts": "`StringDType` keeps text of any length.",
    "text-has-no-arithmetic": "`+` joins text element by element since NumPy 2.0.",
    "the-last-characters-stay": "The first characters stay, as many as fit.",
}
_WORDS = (
    *("cat", "dog", "owl", "bee", "fox", "cow", "hen", "ant", "bat", "elk"),
    *("lion", "bear", "wolf", "deer", "goat", "frog"),
)
_LONG = ("elephant", "giraffe", "hamster", "buffalo", "penguin", "dolphin", "leopard", "octopus")


class _Case(msgspec.Struct, frozen=True):
    """Code that leaves text in `a`, and what people take it for."""

    code: str
    result: tuple[str, ...]
    wrong: tuple[Wrong, ...]
    told: str


def _text(rng: "np.random.Generator", level: int) -> Item:
    makers: tuple[Callable[[np.random.Generator], _Case], ...]
    makers = (_assigned, _cast, _joined, _any_length, _placed)[: level + 2]
    for _ in range(TRIES):
        case = makers[int(rng.integers(len(makers)))](rng)
        wrong = options(_listed(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="data",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="array",
        stem="Which words does the array `a` hold at the end?",
        code=case.code,
        answer="a",
        wrong=wrong,
        hint="Which dtype does the array have, and how many characters fit into it?",
        rule="A `<U` array has one width, that of its longest text when it was made; `StringDType` "
        "has none.",
        why=(
            f"`a` is `{[*case.result]}`. {case.told}\n\n"
            "`np.array` of words finds the longest one and makes a dtype such as `<U3`, in which "
            "every element takes three characters, shorter ones padded. Writing into the array "
            "never changes its dtype, so longer text is cut at the end, without an error or a "
            "warning. An operation that makes a new array, such as `+`, `np.strings.replace` or "
            "`np.concatenate`, gives it a width that its own results need.\n\n"
            "Where lengths vary, use `dtype=np.dtypes.StringDType()` (new in NumPy 2.0), which "
            "stores each text in full, or name a width that is enough: `dtype='U20'`."
        ),
        docs="https://numpy.org/doc/stable/user/basics.strings.html",
        follow_up=(
            FollowUp(
                "How do you widen an existing array of text?",
                "`a.astype('U20')` makes a copy with room for 20 characters each.",
            ),
            FollowUp(
                "How do you find out that a width is too small?",
                "Compare with the longest text: `max(map(len, words))`; NumPy gives no warning.",
            ),
        ),
    )


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return f"np.array({[*words]})"


def _drawn(rng: "np.random.Generator", count: int = 3) -> list[str]:
    return [_WORDS[int(place)] for place in rng.permutation(len(_WORDS))[:count]]


def _assigned(rng: "np.random.Generator") -> _Case:
    words, long = _drawn(rng), one_of(rng, _LONG)
    place, width = int(rng.integers(3)), max(map(len, words))

    def at(text: str) -> tuple[str, ...]:
        return (*words[:place], text, *words[place + 1 :])

    def models() -> Iterator[Wrong]:
        yield Wrong("string-arrays-grow", _listed(at(long)))
        yield Wrong("too-long-text-raises", raises="ValueError")
        yield Wrong("the-last-characters-stay", _listed(at(long[-width:])))
        yield Wrong("too-long-text-is-not-stored", _listed(words))

    return _Case(
        f"a = np.array({words})\na[{place}] = '{long}'",
        at(long[:width]),
        tuple(models()),
        f"The dtype is `<U{width}`, after the longest of the first words, so of '{long}' only "
        f"'{long[:width]}' fits.",
    )


def _cast(rng: "np.random.Generator") -> _Case:
    words = [*_drawn(rng, 2), one_of(rng, _LONG)]
    words = [words[int(place)] for place in rng.permutation(3)]
    width = int(rng.integers(2, 5))
    cut = tuple(word[:width] for word in words)

    def models() -> Iterator[Wrong]:
        yield Wrong("string-arrays-grow", _listed(words))
        yield Wrong("too-long-text-raises", raises="ValueError")
        yield Wrong("the-last-characters-stay", _listed([word[-width:] for word in words]))
        gone = ["" if len(word) > width else word for word in words]
        yield Wrong("only-too-long-elements-are-cut-whole", _listed(gone))

    made = f"a = np.array({words}, dtype='U{width}')"
    if is_chosen(rng, 0.5):
        made = f"a = np.array({words})\na = a.astype('U{width}')"
    return _Case(
        made,
        cut,
        tuple(models()),
        f"`U{width}` has room for {width} characters, and longer words are cut to these.",
    )


def _joined(rng: "np.random.Generator") -> _Case:
    words = _drawn(rng)
    width = max(map(len, words))
    more = one_of(rng, ("s", "ling", "-like", "land"))
    result = tuple(word + more for word in words)

    def models() -> Iterator[Wrong]:
        yield Wrong("operations-keep-the-width", _listed([word[:width] for word in result]))
        yield Wrong("text-has-no-arithmetic", raises="TypeError")

    return _Case(
        f"a = np.array({words})\na = a + '{more}'",
        result,
        tuple(models()),
        f"`a + '{more}'` makes a new array of `<U{width + len(more)}`, wide enough for both parts, "
        "and `a` then names that array.",
    )


def _any_length(rng: "np.random.Generator") -> _Case:
    words, long = _drawn(rng), one_of(rng, _LONG)
    place, width = int(rng.integers(3)), max(map(len, words))
    result = (*words[:place], long, *words[place + 1 :])

    def models() -> Iterator[Wrong]:
        cut = (*words[:place], long[:width], *words[place + 1 :])
        yield Wrong("every-text-array-cuts", _listed(cut))
        yield Wrong("too-long-text-raises", raises="ValueError")
        yield Wrong("too-long-text-is-not-stored", _listed(words))

    return _Case(
        f"a = np.array({words},\n"
        f"             dtype=np.dtypes.StringDType())\na[{place}] = '{long}'",
        result,
        tuple(models()),
        f"`StringDType` stores text of any length, so '{long}' stays whole.",
    )


def _placed(rng: "np.random.Generator") -> _Case:
    words, more = _drawn(rng), one_of(rng, ("!!", "ish", "ery"))
    width, place = max(map(len, words)), int(rng.integers(3))
    grown = words[place] + more
    result = (*words[:place], grown[:width], *words[place + 1 :])

    def models() -> Iterator[Wrong]:
        yield Wrong("string-arrays-grow", _listed((*words[:place], grown, *words[place + 1 :])))
        yield Wrong("too-long-text-raises", raises="ValueError")
        yield Wrong("too-long-text-is-not-stored", _listed(words))

    return _Case(
        f"a = np.array({words})\na[{place}] = a[{place}] + '{more}'",
        result,
        tuple(models()),
        f"The sum is '{grown}', and writing it back into `<U{width}` keeps its first {width} "
        "characters.",
    )


str_truncate = Family(
    id="text-that-is-too-long",
    topic="data",
    level=2,
    kind="predict",
    title="What becomes of text that is longer than its array",
    make=_text,
    beliefs=tuple(_REASONS),
)
