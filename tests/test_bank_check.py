"""`bank check`: every claim of every file is proved, and nothing can hang it."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bot.bank.bank import Bank
from bot.bank.check import Report, check
from bot.bank.load import load
from bot.bank.record import record
from bot.bank.worker import Crashed, TooSlow, Worker
from content.schema import Item
from tests.bank_items import PREDICT, SINGLE, family, lines, write


def checked(folder: Path, limit: float = 5.0, **texts: str) -> Report:
    """Check a bank of these files alone."""
    for name, text in texts.items():
        write(folder, name.replace("_", "-"), text)
    loaded = load(folder)
    sources = {s.id: s for s in loaded.sources if str(folder) in s.file}
    problems = tuple(p for p in loaded.problems if str(folder) in p.file)
    return check(Bank(sources, {}, problems, folders=(folder,)), limit=limit)


def said(report: Report) -> list[tuple[str, int, str]]:
    """File, line and field of each failure."""
    return [(Path(p.file).name, p.line, p.path) for p in report.failures]


def test_a_good_bank_passes(tmp_path: Path) -> None:
    """Questions that hold are counted and nothing else is said."""
    report = checked(tmp_path, total=PREDICT, axes=SINGLE)

    assert (2, 0, ()) == (report.questions, report.families, report.failures)
    assert report.seconds > 0


def test_every_broken_file_is_told(tmp_path: Path) -> None:
    """Files that cannot be read, that break a rule and that do not hold are all reported."""
    report = checked(
        tmp_path,
        bad="level =",
        wordy=PREDICT.replace("Neither operand", "Obviously, neither operand"),
        false=SINGLE.replace("a.ravel()", "a.T.copy()"),
        fine=SINGLE.replace("Which line", "Which of the lines"),
    )

    assert [
        ("bad.toml", 1, ""),
        ("false.toml", 19, "wrong[1]"),
        ("wordy.toml", 20, "wrong[0].why"),
    ] == sorted(said(report))
    assert 3 == report.questions


def test_two_questions_with_one_title_cannot_be_told_apart(tmp_path: Path) -> None:
    """A title opens one question, so the second with the same beginning is at fault."""
    report = checked(tmp_path, one=SINGLE, two=SINGLE)

    assert [("two.toml", 4, "stem")] == said(report)
    assert "`one`" in report.failures[0].message


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("while True: pass", "takes longer than 0.5 s"),
        ("sum(range(10**12))", "takes longer than 0.5 s"),
        ("import os; os._exit(3)", "ends the process"),
        ("open('left.txt', 'w').close()", "leaves left.txt behind"),
        ("import warnings; warnings.warn('x', DeprecationWarning)", "gives a Deprecation"),
    ],
)
def test_a_snippet_cannot_hang_or_litter(tmp_path: Path, code: str, message: str) -> None:
    """Endless loops, also in C, exits and files left behind fail; the next one is still run."""
    report = checked(
        tmp_path,
        limit=0.5,
        a=SINGLE.replace("reshape(2, 3)", f"reshape(2, 3)\\n{code}"),
        b=PREDICT.replace('"(7, 1)"', '"(3, 4)"'),
    )

    assert message in report.failures[0].message
    assert ("b.toml", 22, "wrong[1]") == said(report)[-1]


def test_a_long_snippet_is_told_once(tmp_path: Path) -> None:
    """What the file and the built question have in common is one fault."""
    code = "\\n".join(["reshape(2, 3)", *["b = 1"] * 30])

    report = checked(tmp_path, a=SINGLE.replace("reshape(2, 3)", code))

    assert ["code"] == [problem.path for problem in report.failures]


def test_what_differs_from_run_to_run_fails(tmp_path: Path) -> None:
    """A key that depends on the clock, a seed or an address is not deterministic."""
    text = PREDICT.replace("total.shape", "tuple(np.random.default_rng().integers(10**9, size=2))")

    report = checked(tmp_path, dice=text)

    assert ("dice.toml", 11, "answer") == said(report)[0]
    assert "Seed the generator." == report.failures[0].remedy


OPEN = """\
topic = "shapes"
level = 1
kind = "open"
stem = "What is a shape?"
rule = "A shape is a tuple."
why = "It counts each axis."
docs = "https://numpy.org/doc/stable/reference/arrays.ndarray.html"
model = "A tuple of lengths."
points = ["One", "Two", "Three", "Four"]
companion = "axes"
"""


@pytest.mark.parametrize(
    ("companion", "message"),
    [("axes", ""), ("axis", "Did you mean `axes`?"), ("talk", "is open too")],
)
def test_an_open_question_has_a_companion(tmp_path: Path, companion: str, message: str) -> None:
    """The companion exists and can be graded."""
    report = checked(tmp_path, axes=SINGLE, talk=OPEN.replace('"axes"', f'"{companion}"'))

    assert bool(message) is bool(report.failures)
    assert all(message in failure.sentence() for failure in report.failures)


def test_families_are_checked_instance_by_instance() -> None:
    """A family that holds passes with every seed."""
    report = check(Bank({}, {"g-shape": family()}), seeds=6)

    assert (0, 1, ()) == (report.questions, report.families, report.failures)


def moody(rng: np.random.Generator, level: int) -> Item:
    """Raises for some seeds."""
    if rng.integers(2):
        raise ValueError("no draw")
    return lines(rng, level)


def wandering(rng: np.random.Generator, level: int) -> Item:
    """Leaves its topic."""
    return replace(lines(rng, level), topic="shapes")


def random_hint(rng: np.random.Generator, level: int) -> Item:
    """Draws from elsewhere than its generator."""
    return replace(lines(rng, level), hint=str(np.random.default_rng().random()))


def untrue(rng: np.random.Generator, level: int) -> Item:
    """Asks for what raises."""
    return replace(lines(rng, level), answer="a.shap")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (moody, "raises ValueError (no draw)"),
        (wandering, "is `shapes`"),
        (random_hint, "drafts another item for the same seed"),
        (untrue, "raises AttributeError"),
    ],
)
def test_a_family_that_fails_names_seed_and_file(make: object, message: str) -> None:
    """A failure of a family can be replayed: it names family, seed, level and the code's line."""
    report = check(Bank({}, {"g-shape": family(make)}), seeds=8)  # type: ignore[arg-type]  # one of four

    assert 1 <= len(report.failures) <= 3
    first = report.failures[0]
    assert first.file.endswith("test_bank_check.py")
    assert first.path.startswith("g-shape, seed ")
    assert message in first.message


def test_chosen_ids_alone_are_checked(tmp_path: Path) -> None:
    """Naming ids leaves the rest out."""
    for name, text in {"axes": SINGLE, "bad": "level =", "total": PREDICT}.items():
        write(tmp_path, name, text)
    loaded = load(tmp_path)
    sources = {s.id: s for s in loaded.sources}
    bank = Bank(sources, {"g-shape": family()}, loaded.problems)

    assert (1, 0, 0) == (
        (found := check(bank, ids=("axes",))).questions, found.families, len(found.failures),
    )  # fmt: skip
    assert (0, 1, 0) == (
        (found := check(bank, ids=("g-shape",), seeds=1)).questions, found.families,
        len(found.failures),
    )  # fmt: skip
    assert ["bad.toml"] == [Path(p.file).name for p in check(bank, ids=("bad",)).failures]


def test_a_worker_starts_again_after_a_kill() -> None:
    """A job that takes too long ends its process; the next job gets another."""
    with Worker(limit=0.5) as worker:
        with pytest.raises(TooSlow):
            worker.run({"code": "while True: pass"})

        assert "hi\n" == worker.run({"code": "print('hi')"})["stdout"]


def test_a_python_that_does_not_start_is_told() -> None:
    """A wrong path is an error that names it."""
    with Worker("/no/such/python") as worker, pytest.raises(Crashed, match="/no/such/python"):
        worker.run({})


VERSIONS = """\
topic = "ecosystem"
level = 1
kind = "single"
stem = "What does it print?"
code = "x = np.float64(3)"
answer = "repr(x)"
rule = "Scalars say their type."
why = "Since NumPy 2.0 they do."
docs = "https://numpy.org/doc/stable/release/2.0.0-notes.html"

[[right]]
on = "VERSION"

[[wrong]]
answer = "'3'"
belief = "scalars-are-integers"
why = "It is a float."

[[wrong]]
answer = "'x'"
belief = "names-are-printed"
why = "It is a value."
""".replace("VERSION", ".".join(np.__version__.split(".")[:2]))


def test_recorded_results_are_proved(tmp_path: Path) -> None:
    """A result must be recorded, for this very snippet, and hold where its version runs."""
    assert [("versions.toml", 12, "right[0].on")] == said(checked(tmp_path, versions=VERSIONS))

    sources = {s.id: s for s in load(tmp_path).sources if s.id == "versions"}
    record(Bank(sources, {}, folders=(tmp_path,)))
    assert [] == said(checked(tmp_path, versions=VERSIONS))

    stale = checked(tmp_path, versions=VERSIONS.replace("np.float64(3)", "np.float64(4)"))
    assert ["was recorded for another snippet"] == [p.message for p in stale.failures]

    lock = tmp_path / "versions.lock.json"
    lock.write_text(lock.read_text().replace("3.0", "5.0"))
    false = checked(tmp_path, versions=VERSIONS)
    assert "recorded `'np.float64(5.0)'`, and NumPy prints" in false.failures[0].message

    (tmp_path / "versions.toml").unlink()
    assert ["versions.lock.json"] == [p.file for p in checked(tmp_path, axes=SINGLE).failures]
