"""The bank: every question and family by id, concrete questions on request."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.bank import registry
from bot.bank.beliefs import Glossary, read_beliefs
from bot.bank.load import Source, load, shipped_folder
from bot.bank.lock import Lock, Recorded, read_lock
from bot.bank.problem import Fault, Problem
from bot.bank.structure import options
from bot.bank.versions import DEFAULT, fits, running_numpy
from bot.errors import ContentError
from bot.model import Question
from content.schema import TOPICS, Item, Kind

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from content.families.registry import Family

SNIPPET_SECONDS = 3.0
"""How long the snippet of a team's own question may run."""

_ONE_TAP = ("single", "bug")
_NOT_DAILY = ("open",)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the picker and the study guide need to know of a question or family.

    `title` is Markdown. `one_tap`: a hand-written choice of one. `can_daily`: fit for a
    channel's daily. `beliefs` are the misconceptions that its options name. `origin` is the file.
    """

    id: str
    topic: str
    level: int
    levels: tuple[int, ...]
    kind: Kind
    family: bool = False
    version: int = 1
    title: str
    covers: tuple[int, ...] = ()
    companion: str = ""
    one_tap: bool = False
    can_daily: bool = True
    beliefs: tuple[str, ...] = ()
    origin: str = ""


class Bank:
    """All content that can be used, and what is wrong with the rest.

    `entries` are sorted by id, `skipped` says by id what the running NumPy leaves out and why,
    `sources` and `families` are what the entries stand for. `folders` hold what belongs to all of
    them: the glossary, and what other NumPy versions gave.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        families: Mapping[str, "Family"],
        problems: tuple[Problem, ...] = (),
        skipped: Mapping[str, str] | None = None,
        folders: tuple["Traversable", ...] = (),
    ) -> None:
        self.sources = sources
        self.families = families
        self.problems = problems
        self.skipped = skipped or {}
        self.folders = folders
        entries = [*map(_entry, sources.values()), *map(_family_entry, families.values())]
        self.entries = {entry.id: entry for entry in sorted(entries, key=_ident)}
        self._questions: dict[str, Question] = {}
        self._faulty: dict[str, str] = {}
        self._haystacks: dict[str, str] = {}
        self._lock: Lock | None = None
        self._beliefs: Glossary | None = None

    @classmethod
    def load(cls, extra: Path | None = None, numpy_version: str | None = None) -> "Bank":
        """Read the shipped content and a team's own folder; imports no NumPy.

        `numpy_version` is the version to serve, by default the one that runs.
        """
        loaded = load(extra)
        families, broken = registry.families()
        problems = [*loaded.problems, *broken]
        sources: dict[str, Source] = {}
        skipped: dict[str, str] = {}
        version = numpy_version
        for source in loaded.sources:
            if source.item.numpy != DEFAULT:
                version = version or running_numpy()
                try:
                    if not fits(source.item.numpy, version):
                        skipped[source.id] = _left_out(source, version)
                        continue
                except Fault as fault:
                    problems.append(problem_of(source, fault))
                    continue
            if source.id in families:
                said = f"the id `{source.id}` is taken by a family"
                problems.append(Problem(source.file, 1, "", said, "Rename the file."))
                continue
            sources[source.id] = source
        folders = (shipped_folder(),) if extra is None else (shipped_folder(), extra)
        return cls(sources, families, tuple(problems), skipped, folders)

    def item(self, ident: str) -> Item:
        """The hand-written item of that id. Raises `ContentError` when there is none."""
        source = self.sources.get(ident)
        if source is None:
            raise self._unknown(ident)
        return source.item

    def question(self, ident: str, seed: int | None = None, level: int | None = None) -> Question:
        """A concrete question: of a family the instance of `seed`, at the level nearest to `level`.

        Options stand in the author's order, right ones first. Slow where it is not cached:
        call it from a worker thread. Raises `ContentError` for an unknown id, a family
        without a seed, or content that does not hold.
        """
        if ident in self.families:
            return self._instance(self.families[ident], seed, level)
        if ident not in self._questions:
            if ident in self._faulty:
                raise ContentError(self._faulty[ident])
            self._questions[ident] = self._built(self.item(ident), ident)
        return self._questions[ident]

    def _built(self, item: Item, ident: str) -> Question:
        """A hand-written question after NumPy has run it; one that fails is not run again."""
        from bot.bank.build import Origin, assemble, build, plan  # noqa: PLC0415 -- imports NumPy

        source, recorded = self.sources[ident], self.recorded(ident)
        try:
            if source.shipped:
                return build(item, source=ident, recorded=recorded)
            from bot.bank.worker import run_once  # noqa: PLC0415 -- few have files of their own

            # A file that nobody has checked may never end; the process that runs it can be killed.
            return assemble(item, run_once(plan(item), SNIPPET_SECONDS), Origin(ident), recorded)
        except Fault as fault:
            self._faulty[ident] = problem_of(source, fault).sentence()
            raise ContentError(self._faulty[ident]) from fault

    def digest(self, ident: str) -> bytes:
        """A fingerprint of all that a hand-written question is made from.

        Its text, what other versions gave, the running NumPy, and the code that computes it.
        """
        made_from = (self.item(ident), self.recorded(ident), running_numpy())
        return blake2b(msgspec.json.encode(made_from), key=_code(), digest_size=16).digest()

    def recorded(self, ident: str) -> dict[str, str]:
        """What a question's `answer` printed on other NumPy versions, by version."""
        if not any(option.on for _, option in options(self.item(ident))):
            return {}
        return {
            version: results[ident].printed
            for version, results in self.lock().items()
            if ident in results
        }

    def lock(self) -> Lock:
        """The recorded results of the shipped content and of the team's own, together."""
        if self._lock is None:
            merged: dict[str, dict[str, Recorded]] = {}
            for folder in self.folders:
                for version, found in read_lock(folder).items():
                    merged.setdefault(version, {}).update(found)
            self._lock = merged
        return self._lock

    def beliefs(self) -> Glossary:
        """The glossaries of the shipped content and of the team's own, together.

        Slow the first time: call it from a worker thread.
        """
        if self._beliefs is None:
            self._beliefs = {
                slug: belief
                for folder in self.folders
                for slug, belief in read_beliefs(folder).items()
            }
        return self._beliefs

    def search(self, words: str) -> list[Entry]:
        """The entries that hold every word in id, stem or title, rule, or the topic's title."""
        wanted = _searched(words).split()
        if not self._haystacks:
            self._haystacks = {ident: self._text(entry) for ident, entry in self.entries.items()}
        return [
            self.entries[ident]
            for ident, text in self._haystacks.items()
            if all(word in text for word in wanted)
        ]

    def nearest(self, ident: str) -> str:
        """The known id that looks most like `ident`; empty when none does."""
        import difflib  # noqa: PLC0415 -- slow to import, rarely needed

        return next(iter(difflib.get_close_matches(ident, self.entries, n=1, cutoff=0.5)), "")

    def _instance(self, family: "Family", seed: int | None, level: int | None) -> Question:
        from bot.bank.build import build  # noqa: PLC0415 -- imports NumPy

        if seed is None or seed < 0:
            raise ContentError(f"`{family.id}` is a family: name a seed, a number from 0 up")
        try:
            item = registry.draft(family, seed, level)
            return build(item, source=family.id, seed=seed, version=family.version)
        except Exception as error:
            where = f"`{family.id}` with seed {seed} and level {level or family.level}"
            raise ContentError(f"{where}: {error}") from error

    def _text(self, entry: Entry) -> str:
        parts = [entry.id, entry.title, TOPICS.get(entry.topic, entry.topic)]
        if not entry.family:
            item = self.sources[entry.id].item
            parts += [item.stem, item.rule]
        return _searched("\n".join(parts))

    def _unknown(self, ident: str) -> ContentError:
        if ident in self.families:
            return ContentError(f"`{ident}` is a family and has no item: ask for an instance")
        near = self.nearest(ident)
        hint = f"Did you mean `{near}`?" if near else "`numpy-bot bank list` shows all."
        return ContentError(f"There is no question `{ident}`. {hint}")


def _searched(text: str) -> str:
    """Authors' Markdown and what somebody types, so that one can be found in the other."""
    return text.replace("`", "").casefold()


@cache
def _code() -> bytes:
    """A fingerprint of the code that makes questions."""
    here = Path(__file__).parent
    files = (*sorted(here.glob("*.py")), here.parent / "model.py")
    return blake2b(b"".join(file.read_bytes() for file in files), digest_size=32).digest()


def problem_of(source: Source, fault: Fault) -> Problem:
    """A fault of a source with the line of its file."""
    try:
        text = source.path.read_text(encoding="utf-8-sig")
    except OSError:
        text = ""  # gone since it was loaded; the field still says where
    return fault.at(source.file, text)


def _ident(entry: Entry) -> str:
    return entry.id


def _left_out(source: Source, version: str) -> str:
    return f"`{source.id}` needs NumPy {source.item.numpy}; this is {version}"


def _entry(source: Source) -> Entry:
    item = source.item
    beliefs = dict.fromkeys(option.belief for _, option in options(item) if option.belief)
    return Entry(
        id=source.id,
        topic=item.topic,
        level=item.level,
        levels=(item.level,),
        kind=item.kind,
        title=" ".join(item.stem.strip().partition("\n\n")[0].split()),
        covers=item.covers,
        companion=item.companion,
        one_tap=item.kind in _ONE_TAP,
        can_daily=item.kind not in _NOT_DAILY,
        beliefs=tuple(beliefs),
        origin=source.file,
    )


def _family_entry(family: "Family") -> Entry:
    return Entry(
        id=family.id,
        topic=family.topic,
        level=family.level,
        levels=family.levels,
        kind=family.kind,
        family=True,
        version=family.version,
        title=family.title,
        covers=family.covers,
        can_daily=family.kind not in _NOT_DAILY,
        beliefs=family.beliefs,
        origin=registry.place(family)[0],
    )
