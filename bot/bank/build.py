"""An item to a concrete question: NumPy computes the key, every claim is verified.

`plan` says what to run, `evaluate` runs it, `assemble` makes the question of the results;
`build` is the three in a row. The first and the last run nothing.
"""

from collections.abc import Iterator, Mapping

import msgspec

from bot.bank.evaluate import Job, Result, evaluate
from bot.bank.picture import draw
from bot.bank.problem import Fault
from bot.bank.shown import Shown, of_error, of_value, show, told
from bot.bank.structure import options
from bot.bank.verify import verify_claims, verify_distinct, verify_run
from bot.model import Choice, Key, Question
from content.schema import AnswerType, Item, Option

_VALUES: dict[AnswerType, tuple[str, ...]] = {
    "shape": ("tuple",),
    "tuple": ("tuple",),
    "dtype": ("dtype", "type", "str"),
    "array": ("ndarray", "list"),
    "number": ("int", "float", "complex", "str", "date", "datetime", "timedelta"),
    "bool": ("bool", "tuple", "list"),
    "set": ("set", "frozenset", "list", "tuple", "ndarray"),
    "error": (),
}
"""What the value of a key may be, by how its answer is read."""


class Origin(msgspec.Struct, frozen=True):
    """Where a question comes from; a `seed` says that a family drafted it."""

    source: str
    seed: int | None = None
    version: int = 1


def build(
    item: Item,
    *,
    source: str,
    seed: int | None = None,
    version: int = 1,
    recorded: Mapping[str, str] | None = None,
) -> Question:
    """Run an item and make the question of it; a `seed` says that a family drafted it.

    `recorded` is what the item's `answer` gave on other NumPy versions. The options come in
    the author's order, right ones first: shuffle before asking. Raises `Fault`, which names
    the field and the remedy. Slow, so not for the event loop.
    """
    origin = Origin(source, seed, version)
    return assemble(item, evaluate(plan(item)), origin, recorded or {})


def plan(item: Item) -> Job:
    """The job whose results `assemble` needs."""
    job: Job = {"setup": item.setup, "code": item.code, "expressions": {}, "holds": {}}
    if item.answer is not None:
        job["expressions"]["answer"] = item.answer
    if item.picture:
        job["drawn"] = list(item.picture)
    if item.kind == "expression":
        job["inputs"] = item.inputs
        job["solution"] = item.solution
        job["expressions"]["solution"] = item.solution
        job["solutions"] = {"solution": item.solution}
        job["solutions"] |= {f"also[{n}]": text for n, text in enumerate(item.also)}
        job["solutions"] |= {p: o.answer for p, o in options(item) if o.answer is not None}
        return job
    for path, option in options(item):
        if option.answer is not None:
            job["expressions"][path] = option.answer
        test = _test(item, option)
        if test:
            job["holds"][path] = {"it": option.show or option.answer or "", "test": test}
    return job


def _test(item: Item, option: Option) -> str:
    about_a_value = option.show is not None or option.answer is not None
    return option.holds or (item.holds if about_a_value else "") or ""


def assemble(item: Item, result: Result, origin: Origin, recorded: Mapping[str, str]) -> Question:
    """Make the question of an item and what running it gave. See `build`."""
    verify_run(item, result)
    verify_claims(item, result)
    shown = {path: show(path, o, result, recorded) for path, o in options(item)}
    key: Key | None = None
    if item.kind == "predict":
        key, choices = _predict(item, result, shown, strict=origin.seed is None)
    elif item.kind == "expression":
        choices = _solutions(item, result)
    else:
        verify_distinct(item, shown)
        choices = [_choice(shown[path], path, option) for path, option in options(item)]
    return Question(
        source=origin.source,
        version=origin.version,
        seed=origin.seed,
        topic=item.topic,
        level=item.level,
        kind=item.kind,
        stem=item.stem.strip(),
        code=item.code.strip("\n"),
        choices=tuple(choices),
        key=key,
        hint=item.hint.strip(),
        rule=item.rule.strip(),
        why=item.why.strip(),
        docs=item.docs,
        follow_up=item.follow_up,
        numpy=result["numpy"],
        picture=draw(item.drawing, item.picture, result["drawn"]),
        solution=item.solution.strip(),
        setup=item.setup if item.kind == "expression" else "",
        inputs=item.inputs,
        head=item.solution.strip().partition("\n")[0] if item.steps else "",
        only=item.only,
        exact=item.exact,
        model=item.model.strip(),
        points=item.points,
        companion=item.companion,
        family=origin.seed is not None,
    )


def _choice(shown: Shown, path: str, option: Option) -> Choice:
    return Choice(
        text=shown.text,
        right=path.startswith("right"),
        code=shown.code,
        belief=option.belief,
        why=option.why.strip(),
    )


def _predict(
    item: Item, result: Result, shown: dict[str, Shown], *, strict: bool
) -> tuple[Key, list[Choice]]:
    """The key and the known answers, right one first.

    A family's wrong models may meet the key or each other, and are then dropped; `strict`
    makes that a fault, for a person wrote them.
    """
    right = _key(item, result)
    kind = item.type or "error"
    key = Key(kind, right.value, right.error)
    known = [right]
    choices = [Choice(right.text, right=True, code=right.code)]
    for path, option in options(item):
        wrong = shown[path]
        # Grading takes a while; what a family's wrong models print is enough among themselves.
        twin = next(
            (
                n
                for n, other in enumerate(known)
                if (_equal(kind, other, wrong) if strict or n == 0 else other == wrong)
            ),
            None,
        )
        if twin is None:
            known.append(wrong)
            choices.append(_choice(wrong, path, option))
        elif strict:
            like = "the right answer" if twin == 0 else f"wrong[{twin - 1}]"
            raise Fault(path, f"`{wrong.value}` is graded like {like}", "Write another one.")
    return key, choices


def _equal(kind: AnswerType, known: Shown, given: Shown) -> bool:
    from bot.grading import grade_typed  # noqa: PLC0415 -- a bank without typed questions needs none

    if known.error != given.error:
        return False
    if known.value == given.value:
        return True
    return grade_typed(kind, known.value, given.value).outcome == "right"


def _key(item: Item, result: Result) -> Shown:
    if item.raises:
        return of_error(item.raises)
    value = result["expressions"]["answer"]
    if "raises" in value:  # checked before, by verify_run
        raise Fault("answer", told(value), "Mend the expression.")
    kind = item.type or "error"
    if value["type"] not in _VALUES[kind]:
        raise Fault(
            "answer",
            f"is of Python type {value['type']}, which no answer of type `{kind}` can be",
            "Write an expression of that type, or another `type`.",
        )
    return of_value(value)


def _solutions(item: Item, result: Result) -> list[Choice]:
    """The reference and the wrong solutions, after the hidden inputs have told them apart."""
    public = result["expressions"]["solution"]
    if "raises" in public:
        raise Fault("solution", told(public), "Mend it; it must run on the public example.")
    for path, cases in result["cases"].items():
        failed = next((case for case in cases if isinstance(case, dict)), None)
        if failed:
            where = f"{path}.answer" if path.startswith("wrong") else path
            where = "inputs" if path == "solution" else where
            raise Fault(where, told(failed), "Mend it; it must run on every hidden input.")
        if path == "solution" and not all(cases):
            raise Fault(path, "gives another result on the same input", "Make it deterministic.")
        if path.startswith("also") and not all(cases):
            raise Fault(path, "gives another result than the solution", "Mend it.")
        if path.startswith("wrong") and all(cases):
            raise Fault(
                f"{path}.answer",
                "equals the solution on every hidden input",
                "Vary `inputs` with `case` and `rng`, or write another wrong solution.",
            )
    return [Choice(item.solution.strip(), right=True, code=True), *_wrong_solutions(item)]


def _wrong_solutions(item: Item) -> Iterator[Choice]:
    for path, option in options(item):
        yield _choice(Shown((option.answer or "").strip(), code=True), path, option)
