"""What is said of the bank as a whole: twins, the glossary, how keys look."""

from pathlib import Path

import pytest

from bot.bank.bank import Bank
from bot.bank.check import check
from bot.bank.load import Source, load
from bot.bank.survey import twins
from tests.bank_items import PREDICT, SINGLE, write
from tests.fakes import shipped_bank

TRUTH = 'truth = "{}"\ndocs = "https://numpy.org/doc/stable/user/basics.html"\n'
"""An entry of a glossary."""

PAGE = "https://numpy.org/doc/stable/user/basics.html"


def sources(folder: Path, **texts: str) -> dict[str, Source]:
    """Question files as if they came with the bot."""
    for name, text in texts.items():
        write(folder, name, text)
    loaded = load(folder)
    return {
        source.id: Source(source.id, source.item, source.file, source.path)
        for source in loaded.sources
        if str(folder) in source.file
    }


def told(folder: Path, glossary: str, **texts: str) -> list[tuple[str, str]]:
    """The field and message of what is wrong with files and their glossary."""
    (folder / "beliefs.toml").write_text(glossary)
    bank = Bank(sources(folder, **texts), {}, folders=(folder,))
    return [(problem.path, problem.message) for problem in check(bank).failures]


def glossary_of(*slugs: str, **truths: str) -> str:
    """A glossary that corrects each belief, some in certain words."""
    return "".join(f"[{slug}]\n{TRUTH.format(truths.get(slug, 'It is so.'))}" for slug in slugs)


def beliefs(folder: Path, **texts: str) -> tuple[str, ...]:
    """What the options of some files believe."""
    bank = Bank(sources(folder, **texts), {})
    return tuple(slug for entry in bank.entries.values() for slug in entry.beliefs)


def test_the_same_question_twice_is_told(tmp_path: Path) -> None:
    """Also where its title and a few words are others."""
    other = PREDICT.replace("What is the shape", "Tell the shape").replace("(3, 1)", "(5, 1)")
    found = sources(tmp_path, one=PREDICT, other=other, axes=SINGLE)
    near = [(one.id, two.id) for one, two, _ in twins(found.values())]
    assert [("one", "other")] == near


def test_the_shipped_questions_are_all_different() -> None:
    """No two of them have half of their phrases in common."""
    assert [] == [
        (one.id, other.id, share) for one, other, share in twins(shipped_bank().sources.values())
    ]


def test_a_glossary_that_fits_is_right(tmp_path: Path) -> None:
    """Each belief once, and nothing else."""
    slugs = beliefs(tmp_path, total=PREDICT, axes=SINGLE)
    assert slugs
    assert [] == told(tmp_path, glossary_of(*slugs), total=PREDICT, axes=SINGLE)


def test_a_belief_without_a_correction_is_told(tmp_path: Path) -> None:
    """With the file that names it."""
    first, *others = beliefs(tmp_path, total=PREDICT)
    wrong = told(tmp_path, glossary_of(*others), total=PREDICT)
    assert [("belief", f"`{first}` is not in beliefs.toml")] == wrong


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        (TRUTH.format("It is so."), "extra", "is named by no question or family"),
        ("truth = 3", "", "cannot be read"),
        ("[", "", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_glossary_is_told(
    tmp_path: Path, entry: str, path: str, message: str
) -> None:
    """An entry that nothing needs, and a file that is none."""
    slugs = beliefs(tmp_path, total=PREDICT)
    wrong = told(tmp_path, f"{glossary_of(*slugs)}[extra]\n{entry}", total=PREDICT)
    assert [(path, True)] == [(field, said.startswith(message)) for field, said in wrong]


@pytest.mark.parametrize(
    ("truth", "path", "message"),
    [
        ("so " * 36, "truth", "has 36 words"),
        ("Obviously so.", "truth", '"Obviously" tells those who did not know that they should'),
        ("# So", "truth", "holds Markdown that is not drawn everywhere"),
    ],
)
def test_a_correction_is_short_and_kind(
    tmp_path: Path, truth: str, path: str, message: str
) -> None:
    """It keeps the rules of everything that members read."""
    first, *others = beliefs(tmp_path, total=PREDICT)
    glossary = glossary_of(*others) + f"[{first}]\n{TRUTH.format(truth)}"
    ((field, said),) = told(tmp_path, glossary, total=PREDICT)
    assert (f"{first}.{path}", True) == (field, said.startswith(message))


def test_the_page_of_a_correction_is_numpys(tmp_path: Path) -> None:
    """And no other site's."""
    first, *others = beliefs(tmp_path, total=PREDICT)
    wrong = f"[{first}]\n{TRUTH.format('So.')}".replace(PAGE, "https://example.com/")
    ((field, _),) = told(tmp_path, glossary_of(*others) + wrong, total=PREDICT)
    assert f"{first}.docs" == field


def test_a_topic_report_counts_what_is_there(tmp_path: Path) -> None:
    """Levels, lengths of keys and errors of the questions that were checked."""
    bank = Bank(sources(tmp_path, total=PREDICT, axes=SINGLE), {})
    found = {topic.topic: topic for topic in check(bank).topics}
    broadcasting, shapes = found["broadcasting"], found["shapes"]
    assert (1, 0, 0) == (broadcasting.typed, broadcasting.errors, broadcasting.choices)
    assert (0, 1, 1) == (shapes.typed, shapes.choices, sum(shapes.levels.values()))
    assert not sum(found["floats"].levels.values())


def test_beliefs_without_a_correction_are_counted(tmp_path: Path) -> None:
    """Also where there is no glossary at all, or none that can be read."""
    bank = Bank(sources(tmp_path, total=PREDICT), {}, folders=(tmp_path,))
    found = {topic.topic: topic for topic in check(bank).topics}
    assert (2, 2) == (found["broadcasting"].beliefs, found["broadcasting"].uncorrected)
    (tmp_path / "beliefs.toml").write_text("[")
    report = check(Bank(bank.sources, {}, folders=(tmp_path,)))
    assert 2 == sum(topic.uncorrected for topic in report.topics)
    assert ["Give each belief a `truth` and a page of `docs`, both in quotes."] == [
        problem.remedy for problem in report.failures
    ]
