"""A family about the dtype that a list of mixed elements gets."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.families.parts import TRIES, Wrong, enough, one_of, options
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    import numpy as np

_INFER = {
    "the-first-element-decides": "All elements count, and the dtype has to hold every one.",
    "mixed-types-make-object": "Types that have a common dtype are promoted to it.",
    "text-in-a-list-becomes-numbers": "Numbers are turned into text, not text into numbers.",
    "none-becomes-nan": "`None` is a Python object like any other, so all are kept as objects.",
    "list-elements-are-weak": "In a list a Python number counts with its default dtype.",
    "mixed-types-raise": "`np.array` looks for a dtype that holds all of them, and finds one.",
}
_CHOICES = {
    "bool": ("True", "False"),
    "int": ("3", "-7", "20"),
    "float": ("2.5", "-0.5", "4.0"),
    "complex": ("2j", "1 + 1j"),
    "str": ("'a'", "'12'", "'NumPy'"),
    "none": ("None",),
    "int8": ("np.int8(5)", "np.int8(-9)"),
    "uint8": ("np.uint8(7)", "np.uint8(200)"),
    "float32": ("np.float32(1.5)", "np.float32(0.25)"),
}
_WIDEST = 50
"""So many characters of a list fit beside its name on a phone."""
_OWN = {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128"}
_PYTHON: dict[str, complex] = {"bool": True, "int": 1, "float": 1.0, "complex": 1j}
_SCALARS = ("int8", "uint8", "float32")
_MIXES = {
    1: (("bool", "int"), ("int", "float"), ("bool", "float"), ("bool", "int", "float")),
    2: (
        *(("int", "complex"), ("float", "complex"), ("int", "none"), ("float", "none")),
        *(("int", "str"), ("float", "str"), ("bool", "str"), ("bool", "int", "float")),
    ),
    3: (
        *(("int8", "int"), ("float32", "float"), ("float32", "int"), ("int8", "uint8")),
        *(("uint8", "float32"), ("int8", "float"), ("bool", "uint8"), ("int", "str", "float")),
        *(("uint8", "int"), ("float32", "complex"), ("bool", "float32")),
    ),
}


def _infer(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        mix = _MIXES[level][int(rng.integers(len(_MIXES[level])))]
        kinds = [*mix, *mix][: int(rng.integers(max(2, len(mix)), 5))]
        kinds = [kinds[int(place)] for place in rng.permutation(len(kinds))]
        written = [one_of(rng, _CHOICES[kind]) for kind in kinds]
        result = str(np.array([_value(text) for text in written]).dtype)
        wrong = options(_named(result), _infer_models(kinds, result), _INFER)
        shown = ", ".join(written)
        if enough(wrong) and len(shown) <= _WIDEST:
            break
    return Item(
        topic="dtypes",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="dtype",
        stem=f"Which dtype does `np.array([{shown}])` have?",
        code=f"a = np.array([{shown}])",
        answer="a.dtype",
        wrong=wrong,
        hint="Which dtype could hold every element of the list?",
        rule="`np.array` looks at all elements of a list and takes the dtype that their types "
        "promote to.",
        why=_infer_told(kinds, shown, result),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.array.html",
        covers=(4,),
        follow_up=(
            FollowUp(
                "How do you avoid surprises?",
                "Say what you mean: `np.array(values, dtype=np.float64)` raises where it cannot.",
            ),
            FollowUp(
                "How do gaps become numbers?",
                "With `dtype=float`, `None` becomes NaN: `np.array([1.5, None], dtype=float)`.",
            ),
        ),
    )


def _value(text: str) -> object:
    """What one of the written elements is, without evaluating text."""
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    if text.startswith("np."):
        name, _, number = text[3:-1].partition("(")
        return np.dtype(name).type(number)
    plain: dict[str, object] = {"True": True, "False": False, "None": None, "1 + 1j": 1 + 1j}
    if text in plain:
        return plain[text]
    if text.startswith("'"):
        return text[1:-1]
    if text.endswith("j"):
        return complex(text)
    return float(text) if "." in text else int(text)


def _infer_models(kinds: list[str], result: str) -> Iterator[Wrong]:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    numbers = [_OWN.get(kind, kind) for kind in kinds if kind not in {"str", "none"}]
    common = str(np.result_type(*numbers))
    strong = [kind for kind in kinds if kind in _SCALARS]
    if kinds[0] not in {"str", "none"}:
        yield Wrong("the-first-element-decides", _named(numbers[0]))
    if "str" in kinds:
        yield Wrong("text-in-a-list-becomes-numbers", _named(common))
    if "none" in kinds:
        yield Wrong("none-becomes-nan", _named("float64"))
    if strong and len(strong) < len(kinds):
        weak = [_PYTHON[kind] for kind in kinds if kind in _PYTHON]
        yield Wrong("list-elements-are-weak", _named(str(np.result_type(*strong, *weak))))
    if result != "object":
        yield Wrong("mixed-types-make-object", "np.dtype('O')")
    yield Wrong("mixed-types-raise", raises="TypeError")


def _infer_told(kinds: list[str], shown: str, result: str) -> str:
    if "none" in kinds:
        reason = (
            "`None` has no number dtype, so the only dtype for all of them is `object`: the array "
            "keeps references to Python objects, and its arithmetic runs in Python."
        )
    elif "str" in kinds:
        width = result[2:]
        reason = (
            f"Numbers and text have a common dtype, which is text: every number is written out, "
            f"and `{result}` has room for {width} characters, enough for any number of its type."
        )
    elif any(kind in _SCALARS for kind in kinds):
        reason = (
            "NumPy scalars count with their dtype. So do Python numbers in a list, with `int64`, "
            "`float64` or `complex128`: they are weak beside an array only, not here. The dtype is "
            "what all of these promote to."
        )
    else:
        reason = (
            "The order is `bool`, `int64`, `float64`, `complex128`: each can hold what stands "
            "before it, so the highest type in the list wins, wherever it stands."
        )
    return (
        f"`np.array([{shown}])` has the dtype `{result}`. {reason}\n\n"
        "`np.array` goes through the whole list before it makes anything. It collects the type "
        "of every element and promotes them, so one float among a million integers makes the "
        "array `float64`, and one string makes it text. Nothing is raised, which is why a stray "
        "`'12'` in a list of numbers is noticed late, at the first sum.\n\n"
        "Name the dtype where it matters: `dtype=np.float64` reads `'12'` as 12.0, and refuses "
        "what is not a number."
    )


def _named(dtype: str) -> str:
    return f"np.dtype('{dtype}')"


array_infer = Family(
    id="dtype-that-is-inferred",
    topic="dtypes",
    level=1,
    kind="predict",
    title="The dtype that `np.array` finds for a mixed list",
    make=_infer,
    beliefs=tuple(_INFER),
    covers=(4,),
)
