"""Proves the bank: runs every snippet and verifies every claim that a file makes.

Snippets run in worker processes that are killed when they take too long.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from bot.bank import registry
from bot.bank.bank import Bank, problem_of
from bot.bank.build import Origin, assemble, plan
from bot.bank.evaluate import Job, Result
from bot.bank.lock import Lock, digest
from bot.bank.problem import Fault, Problem
from bot.bank.rules import rules, shown_rules
from bot.bank.structure import options, structure
from bot.bank.survey import TopicReport, survey, whole
from bot.bank.versions import minor
from bot.bank.worker import Crashed, TooSlow, Worker
from bot.errors import ContentError
from bot.model import Question

if TYPE_CHECKING:
    from bot.bank.load import Source
    from content.families.registry import Family
    from content.schema import Item

SEEDS = 25
SECONDS = 5.0
_FAULTS_OF_A_FAMILY = 3
_LOCK = "versions.lock.json"


class Report(msgspec.Struct, frozen=True):
    """How many questions and families were checked, what failed, and how long it took.

    `topics` tell how the checked questions look, those aside that cannot be built.
    """

    questions: int
    families: int
    failures: tuple[Problem, ...]
    seconds: float
    topics: tuple[TopicReport, ...] = ()


def _nothing(_: str) -> None:
    """Nobody watches."""


def check(
    bank: Bank,
    *,
    ids: Collection[str] = (),
    seeds: int = SEEDS,
    limit: float = SECONDS,
    begins: Callable[[str], None] = _nothing,
) -> Report:
    """Check the bank, or the questions and families named by `ids`.

    Of each family the first `seeds` instances are made; a snippet may take `limit` seconds.
    `begins` is told of each question and family in turn. Twins, the glossary and the lock are
    looked at when everything is checked.
    """
    began = time.perf_counter()
    sources = [s for s in bank.sources.values() if not ids or s.id in ids]
    families = [f for f in bank.families.values() if not ids or f.id in ids]
    failures = [p for p in bank.problems if not ids or Path(p.file).stem in ids]
    lock, broken = _read_lock(bank)
    failures += broken
    made: list[Question] = []
    with _Pair(limit) as pair:
        for source in sources:
            begins(source.id)
            found = _question(source, pair, bank, lock, made)
            failures += [problem_of(source, fault) for fault in found]
        for family in families:
            begins(family.id)
            failures += islice(_family(family, pair, seeds), _FAULTS_OF_A_FAMILY)
    if not ids:
        failures += [*_orphans(bank, lock), *whole(bank)]
    seconds = time.perf_counter() - began
    return Report(len(sources), len(families), tuple(failures), seconds, survey(bank, made))


class _Pair:
    """Two processes that run the same job: what is not deterministic differs between them."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._workers = (Worker(limit=limit), Worker(limit=limit))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, job: Job) -> Result:
        """The result of one process. Raises `Fault` when there is none."""
        try:
            return self._workers[0].run(job)
        except (TooSlow, Crashed) as error:
            raise self._fault(error) from error

    def both(self, job: Job) -> tuple[Result, Result]:
        """The results of both. Raises `Fault` when one has none, or leaves files behind."""
        try:
            for worker in self._workers:
                worker.send(job)
            first, second = [worker.receive() for worker in self._workers]
        except (TooSlow, Crashed) as error:
            for worker in self._workers:
                worker.stop()  # or the other's answer would be taken for that of the next job
            raise self._fault(error) from error
        left = {name for worker in self._workers for name in worker.litter()}
        if left:
            said = f"leaves {', '.join(sorted(left))} behind"
            raise Fault("code", said, "Write to io.BytesIO() or io.StringIO() instead.")
        return first, second

    def _fault(self, error: Exception) -> Fault:
        if isinstance(error, TooSlow):
            return Fault("code", f"takes longer than {self._limit:g} s", "Make it smaller.")
        return Fault("code", "ends the process", "Take out what does.")


def _question(
    source: "Source", pair: _Pair, bank: Bank, lock: Lock, made: list[Question]
) -> Iterator[Fault]:
    """The faults of a question, which joins `made` when it can be built."""
    item = source.item
    yield from rules(item)
    yield from _companion(item, bank)
    yield from _title(source, bank)
    try:
        first, second = pair.both(plan(item))
        yield from _twice(first, second)
        yield from _deprecated(first)
        question = assemble(item, first, Origin(source.id), _recorded(source, lock))
    except Fault as fault:
        yield fault
        return
    made.append(question)
    yield from shown_rules(question)
    yield from _graded(question)
    yield from _sendable(item, question)
    yield from _locked(source, first, lock)


def _companion(item: "Item", bank: Bank) -> Iterator[Fault]:
    if item.kind != "open":
        return
    entry = bank.entries.get(item.companion)
    if entry is None:
        near = bank.nearest(item.companion)
        remedy = f"Did you mean `{near}`?" if near else "Name a question of the bank."
        yield Fault("companion", f"`{item.companion}` is no question", remedy)
    elif entry.kind == "open":
        yield Fault("companion", f"`{entry.id}` is open too", "Name one that NumPy grades.")


def _title(source: "Source", bank: Bank) -> Iterator[Fault]:
    """A member opens a question by its title, so no other may have the same."""
    own = bank.entries.get(source.id)
    for other in bank.entries.values():
        if own is not None and other.id < own.id and other.title == own.title:
            message = f"begins like `{other.id}`, and two with one title cannot be told apart"
            yield Fault("stem", message, "Say in the first paragraph what this one is about.")


def _twice(first: Result, second: Result) -> Iterator[Fault]:
    """Two runs print the same."""
    one, two = first["expressions"], second["expressions"]
    different = [name for name in one if _stable(one[name]) != _stable(two[name])]
    different += [name for name in first["holds"] if not _same_test(name, first, second)]
    if first["stdout"] != second["stdout"]:
        different.append("code")
    for name in different:
        yield Fault(name, "gives another result in a second run", "Seed the generator.")


def _stable(value: Mapping[str, object]) -> tuple[object, object]:
    return value.get("text"), value.get("raises")  # messages may hold addresses


def _same_test(name: str, first: Result, second: Result) -> bool:
    one, two = first["holds"][name], second["holds"][name]
    return isinstance(one, dict) or one == two


def _deprecated(result: Result) -> Iterator[Fault]:
    for warning in result["warnings"]:
        if warning["deprecated"]:
            said = f"gives a {warning['category']} ({warning['message'].splitlines()[0]})"
            remedy = (
                "Write what is current; where the old way is the point, silence it in `setup`"
                ' with warnings.simplefilter("ignore").'
            )
            yield Fault("code", said, remedy)


def _graded(question: Question) -> Iterator[Fault]:
    """The grader reads the key, and every form in which it is shown, as right."""
    from bot.grading import grade_typed  # noqa: PLC0415 -- brings its parser; not every check asks

    key = question.key
    if key is None:
        return
    shown = [choice.text for choice in question.choices if choice.right and choice.code]
    for text in dict.fromkeys((key.text, *shown)):
        outcome = grade_typed(key.type, key.text, text).outcome
        if outcome != "right":
            said = f"its own value `{text}` is graded {outcome} as `{key.type}`"
            yield Fault("answer", said, "Write another `type`, or ask something simpler.")


def _sendable(item: "Item", question: Question) -> Iterator[Fault]:
    """Every solution, the wrong ones too, is one that a member may send."""
    if item.kind != "expression":
        return
    from bot.grading.expression import rules_of  # noqa: PLC0415 -- as above
    from bot.sandbox.gate import check as let_through  # noqa: PLC0415 -- as above
    from bot.sandbox.refusal import Refusal  # noqa: PLC0415 -- as above

    sent = {"solution": item.solution}
    sent |= {f"also[{number}]": text for number, text in enumerate(item.also)}
    sent |= {f"{path}.answer": option.answer or "" for path, option in options(item)}
    for path, text in sent.items():
        try:
            let_through(text.strip(), rules_of(question))
        except Refusal as refusal:
            yield Fault(path, f"is refused ({refusal.message})", "Write it in another way.")


def _recorded(source: "Source", lock: Lock) -> dict[str, str]:
    return {v: found[source.id].printed for v, found in lock.items() if source.id in found}


def _locked(source: "Source", result: Result, lock: Lock) -> Iterator[Fault]:
    """What is recorded belongs to this snippet, and holds where its version runs."""
    from bot.bank.record import printed  # noqa: PLC0415 -- needed for the few that are recorded

    for path, option in options(source.item):
        if option.on is None:
            continue
        found = lock[option.on][source.id]
        running = minor(result["numpy"]) == option.on
        remedy = "Run `numpy-bot bank record` with a Python that has that NumPy."
        if found.snippet != digest(source.item):
            yield Fault(f"{path}.on", "was recorded for another snippet", remedy)
        elif running and found.printed != printed(result):
            said = f"recorded `{found.printed}`, and NumPy prints `{printed(result)}`"
            yield Fault(f"{path}.on", said, remedy)


def _read_lock(bank: Bank) -> tuple[Lock, list[Problem]]:
    try:
        return bank.lock(), []
    except ContentError as error:
        return {}, [Problem(_LOCK, 1, "", "cannot be read", f"{error}.")]


def _orphans(bank: Bank, lock: Lock) -> Iterator[Problem]:
    """Recorded results that no question asks for."""
    for version, found in lock.items():
        for ident in found:
            source = bank.sources.get(ident)
            asked = source and any(o.on == version for _, o in options(source.item))
            if not asked and ident not in bank.skipped:
                said = f"holds `{ident}` for NumPy {version}, which no option shows"
                yield Problem(_LOCK, 1, "", said, "Run `numpy-bot bank record` once more.")


def _family(family: "Family", pair: _Pair, seeds: int) -> Iterator[Problem]:
    file, line = registry.place(family)
    for seed in range(seeds):
        level = family.levels[seed % len(family.levels)] if family.levels else family.level
        for fault in _instance(family, seed, level, pair):
            path = f"{family.id}, seed {seed}, level {level}, {fault.path}"
            yield Problem(file, line, path, fault.message, fault.remedy)


def _instance(family: "Family", seed: int, level: int, pair: _Pair) -> Iterator[Fault]:
    try:
        item = registry.draft(family, seed, level)
        again = registry.draft(family, seed, level)
    except Exception as error:  # noqa: BLE001 -- a family may fail in any way
        yield Fault("make", f"raises {type(error).__name__} ({error})", "Mend the family.")
        return
    if item != again:
        yield Fault("make", "drafts another item for the same seed", "Draw from `rng` alone.")
    if item.topic != family.topic:
        yield Fault("topic", f"is `{item.topic}`", f"Write `{family.topic}`, as the family says.")
    for path, option in options(item):
        if option.belief and option.belief not in family.beliefs:
            said = f"`{option.belief}` is not among the family's beliefs"
            yield Fault(f"{path}.belief", said, "Add it to `beliefs` of the family.")
    yield from structure(item)
    yield from rules(item)
    try:
        result = pair.run(plan(item))
        yield from _deprecated(result)
        question = assemble(item, result, Origin(family.id, seed, family.version), {})
    except Fault as fault:
        yield fault
        return
    yield from shown_rules(question)
    yield from _graded(question)
