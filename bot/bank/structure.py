"""Which fields each kind of question needs, and which it cannot have."""

from collections.abc import Iterator

from bot.bank.problem import Fault
from content.schema import TOPICS, Item, Option

_ONLY_FOR = {
    "type": ("predict",),
    "solution": ("expression",),
    "inputs": ("expression",),
    "also": ("expression",),
    "steps": ("expression",),
    "only": ("expression",),
    "exact": ("expression",),
    "model": ("open",),
    "points": ("open",),
    "companion": ("open",),
    "right": ("single", "bug", "several"),
    "wrong": ("single", "bug", "several", "predict", "expression"),
    "holds": ("single", "bug", "several"),
}
_SHOWN = ("text", "show", "answer", "raises", "on")
_FEWEST_OPTIONS, _MOST_OPTIONS = 4, 8
_FEWEST_POINTS, _MOST_POINTS = 4, 7
_FEWEST_WRONG = 2
_FEWEST_ALSO = 3


def structure(item: Item) -> Iterator[Fault]:
    """Every fault of an item that can be seen without running anything."""
    if item.topic not in TOPICS:
        yield Fault(
            "topic", f"`{item.topic}` is no topic", f"Write one of {', '.join(sorted(TOPICS))}."
        )
    for name, kinds in _ONLY_FOR.items():
        if getattr(item, name) and item.kind not in kinds:
            yield Fault(
                name, f"a question of kind `{item.kind}` has no `{name}`", "Take the field out."
            )
    yield from _BY_KIND[item.kind](item)
    for path, option in options(item):
        yield from _option(item, path, option)


def options(item: Item) -> Iterator[tuple[str, Option]]:
    """The options with their paths (`right[0]`), right ones first."""
    for n, option in enumerate(item.right):
        yield f"right[{n}]", option
    for n, option in enumerate(item.wrong):
        yield f"wrong[{n}]", option


def _single(item: Item) -> Iterator[Fault]:
    if len(item.right) != 1:
        yield Fault(
            "right",
            f"has {len(item.right)} right options",
            "Write exactly one [[right]], or make the kind `several`.",
        )
    if len(item.wrong) < _FEWEST_WRONG:
        yield Fault(
            "wrong",
            f"has {len(item.wrong)} wrong options",
            "Write two or three [[wrong]], each a belief that somebody holds.",
        )


def _several(item: Item) -> Iterator[Fault]:
    number = len(item.right) + len(item.wrong)
    if not item.right or (len(item.right) == 1 and len(item.wrong) < _FEWEST_WRONG):
        yield Fault(
            "right",
            "has too few options to tick",
            "Write two [[right]], or one [[right]] and two [[wrong]].",
        )
    elif not _FEWEST_OPTIONS <= number <= _MOST_OPTIONS:
        yield Fault("right", f"has {number} options in all", "Show four to eight.")


def _predict(item: Item) -> Iterator[Fault]:
    if item.answer is None and item.raises is None:
        yield Fault(
            "answer",
            "is missing",
            "Write the expression whose value is asked, or `raises` when the code raises.",
        )
    if item.type is None:
        yield Fault(
            "type",
            "is missing",
            "Write how the answer is read: shape, tuple, dtype, array, number, bool, set or error.",
        )
    elif item.type == "error" and item.raises is None:
        yield Fault("raises", "is missing", "Name the exception that is the answer.")
    if not item.wrong:
        yield Fault("wrong", "is missing", "Write what people answer instead, as [[wrong]].")


def _expression(item: Item) -> Iterator[Fault]:
    for name in ("solution", "inputs"):
        if not getattr(item, name):
            yield Fault(name, "is missing", "See the example of this kind in content/README.md.")
    if item.solution and item.steps != item.solution.lstrip().startswith("def solve("):
        remedy = (
            "Write `def solve(…)` of the names in `code` where `steps` is true, else no function."
        )
        yield Fault("steps", "does not fit the solution", remedy)
    if len({item.solution, *item.also}) <= _FEWEST_ALSO:
        yield Fault(
            "also",
            f"has {len(set(item.also) - {item.solution})} other right solutions",
            "Write at least three, each its own way to the result.",
        )
    if len(item.wrong) < _FEWEST_WRONG:
        yield Fault(
            "wrong",
            f"has {len(item.wrong)} wrong solutions",
            "Write at least two, each as the `answer` of a [[wrong]].",
        )


def _open(item: Item) -> Iterator[Fault]:
    for name in ("model", "companion"):
        if not getattr(item, name):
            yield Fault(name, "is missing", "See the example of this kind in content/README.md.")
    if not _FEWEST_POINTS <= len(item.points) <= _MOST_POINTS:
        yield Fault(
            "points", f"has {len(item.points)} key points", "Write four to seven atomic ones."
        )


_BY_KIND = {
    "single": _single,
    "bug": _single,
    "several": _several,
    "predict": _predict,
    "expression": _expression,
    "open": _open,
}


def _option(item: Item, path: str, option: Option) -> Iterator[Fault]:
    given = [name for name in _SHOWN if getattr(option, name) is not None]
    if len(given) != 1:
        said = " and ".join(f"`{name}`" for name in given) or "nothing"
        yield Fault(path, f"says {said}", f"Write exactly one of {', '.join(_SHOWN)}.")
        return
    shown = given[0]
    if not getattr(option, shown).strip():
        yield Fault(f"{path}.{shown}", "is empty", "Write what the option shows.")
    elif item.kind == "predict" and shown not in ("answer", "raises", "on"):
        yield Fault(
            f"{path}.{shown}",
            "cannot be compared with what a member types",
            "Write `answer`, an expression whose value is the wrong answer, or `raises`.",
        )
    elif item.kind == "expression" and shown != "answer":
        yield Fault(
            f"{path}.{shown}", "is no solution", "Write the wrong solution itself as `answer`."
        )
    elif shown == "show" and not (option.holds or item.holds):
        yield Fault(
            f"{path}.holds", "is missing", "Write a test of `it`, here or once on the item."
        )
    elif shown == "on" and item.answer is None:
        yield Fault(
            f"{path}.on", "has nothing to look up", "Write the item's `answer`, then run `record`."
        )
