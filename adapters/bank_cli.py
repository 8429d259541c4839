"""`numpy-bot bank`: what authors use to look at the questions and to prove them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters.bank_print import (
    LETTERS,
    counted,
    print_coverage,
    print_entries,
    print_json,
    print_mark,
    print_question,
    print_topics,
    say,
)
from adapters.environment import setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.bank.bank import Bank, Entry
    from bot.bank.check import Report
    from bot.model import Mark, Question

_TYPED = {"ignore_unknown_options": True}  # an answer such as -1 is no option


class _Refused(click.ClickException):
    """Something that was named does not exist, or cannot be done to it."""

    exit_code = 2


def _content(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--content",
        default=setting("NUMPY_BOT_CONTENT"),
        type=click.Path(path_type=Path),
        help="A folder with your team's own questions.",
    )(command)


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
_seed = click.option(
    "--seed", type=click.IntRange(min=0), default=0, help="Which instance of a family (0)."
)


@click.group(
    short_help="Show, check and try the questions.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def bank() -> None:
    """Look at the questions, check them, and try how answers are graded."""


@bank.command()
@click.argument("ids", nargs=-1)
@click.option(
    "--seeds", type=click.IntRange(min=1), default=25, help="Instances of each family (25)."
)
@click.option("--table", is_flag=True, help="Show what is there of what is wanted, by topic.")
@_json
@_content
def check(
    *, ids: tuple[str, ...], seeds: int, table: bool, as_json: bool, content: Path | None
) -> None:
    """Run every snippet and verify every claim, or those of IDS.

    Exit status 1 when something fails, or with --table when something is missing. With --json
    each failure is a line; the last line counts questions, families and failures, with the
    seconds taken and the NumPy version.
    """
    from bot.bank.check import check as run  # noqa: PLC0415 -- heavy
    from bot.bank.versions import running_numpy  # noqa: PLC0415 -- heavy

    found = _load(content)
    for ident in ids:
        if not _broken(found, ident):
            _entry(found, ident)
    number = len(ids) or len(found.entries)
    with click.progressbar(
        length=number,
        label="Checking",
        file=sys.stderr,
        hidden=as_json or not sys.stderr.isatty(),
        item_show_func=str,
    ) as bar:
        report = run(found, ids=ids, seeds=seeds, begins=lambda ident: bar.update(1, ident))
    version = running_numpy()
    for failure in report.failures:
        print_json(failure) if as_json else say(failure.sentence(), "red")
    is_short = table and _covered(found, report, as_json=as_json)
    if as_json:
        print_json(
            {
                "questions": report.questions,
                "families": report.families,
                "failures": len(report.failures),
                "seconds": round(report.seconds, 3),
                "numpy": version,
            }
        )
    else:
        for note in found.skipped.values():
            say(note, "dim")
        summary = counted(report.questions, report.families, len(report.failures))
        style = "bold red" if report.failures else "bold green"
        say(f"{summary} in {report.seconds:.1f} s on NumPy {version}.", style)
    if report.failures or is_short:
        click.get_current_context().exit(1)


def _covered(bank: Bank, report: Report, *, as_json: bool) -> bool:
    """Print what is there of what is wanted and how it looks; tells if something is missing."""
    from bot.bank.coverage import coverage  # noqa: PLC0415 -- only for the table

    whole = coverage(bank)
    if as_json:
        print_json(whole)
        for topic in report.topics:
            print_json(topic)
    else:
        print_coverage(whole)
        say("")
        print_topics(report.topics)
    return whole.is_short or any(topic.uncorrected for topic in report.topics)


@bank.command("list")
@click.option("--topic", help="Only this topic, such as broadcasting.")
@click.option("--kind", help="Only this kind, such as predict.")
@click.option("--level", type=click.IntRange(1, 3), help="Only this level, 1 to 3.")
@_json
@_content
def list_(
    *, topic: str | None, kind: str | None, level: int | None, as_json: bool, content: Path | None
) -> None:
    """List questions and families with their topic, level and kind."""
    from content.schema import KINDS, TOPICS  # noqa: PLC0415 -- heavy

    _known("topic", topic, TOPICS)
    _known("kind", kind, KINDS)
    entries = [
        entry
        for entry in _load(content).entries.values()
        if topic in (None, entry.topic)
        and kind in (None, entry.kind)
        and (level is None or level in entry.levels)
    ]
    if as_json:
        for entry in entries:
            print_json(entry)
    else:
        print_entries(entries)


@bank.command()
@click.argument("ident", metavar="ID")
@_seed
@_json
@_content
def show(*, ident: str, seed: int, as_json: bool, content: Path | None) -> None:
    """Show a question with its key, its options and the beliefs behind them.

    ID is a question's or a family's; options stand in the author's order, right ones first.
    """
    question = _question(_load(content), ident, seed)
    if as_json:
        print_json(question)
    else:
        print_question(question)


@bank.command()
@click.option(
    "--python",
    type=click.Path(),
    help="The Python to run the snippets with; it needs NumPy and nothing else (this one).",
)
@_json
@_content
def record(*, python: str | None, as_json: bool, content: Path | None) -> None:
    """Record what another NumPy version gives, for questions that show it.

    Writes content/versions.lock.json; commit it.
    """
    from bot.bank.record import record as run  # noqa: PLC0415 -- heavy
    from bot.errors import ContentError  # noqa: PLC0415 -- heavy

    try:
        version, results = run(_load(content), python or sys.executable)
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    for ident, text in results.items():
        if as_json:
            print_json({"id": ident, "numpy": version, "printed": text})
        else:
            say(f"{ident}: {text}")
    if not as_json:
        noun = "result" if len(results) == 1 else "results"
        say(f"Recorded {len(results)} {noun} of NumPy {version}.", "bold")


@bank.command("try", context_settings=_TYPED)
@click.argument("ident", metavar="ID")
@click.argument("answer")
@_seed
@_json
@_content
def try_(*, ident: str, answer: str, seed: int, as_json: bool, content: Path | None) -> None:
    """Grade ANSWER to the question ID as a member's answer is graded.

    For a question with options ANSWER is a letter, or several such as `a,c`, as `bank show`
    lists them; otherwise it is the typed text.
    """
    question = _question(_load(content), ident, seed)
    mark = _graded(question, answer)
    print_mark(mark, as_json=as_json)
    if mark.choice is not None and not as_json:
        choice = question.choices[mark.choice]
        say(f"{choice.belief}: {choice.why}" if choice.belief else question.rule, "dim")


@bank.command(context_settings=_TYPED)
@click.argument("kind", metavar="TYPE", required=False)
@click.argument("key", required=False)
@click.argument("answer", required=False)
@click.option("--stdin", is_flag=True, help="Read JSON objects with type, key and answer.")
@_json
def match(
    *, kind: str | None, key: str | None, answer: str | None, stdin: bool, as_json: bool
) -> None:
    """Grade a typed ANSWER against a KEY of TYPE, without any question.

    TYPE is shape, tuple, dtype, array, number, bool, set or error; KEY is the value as NumPy
    prints it, or an exception's name. With --stdin each line is an object with `type`, `key`
    and `answer`, and each line out one with `outcome` (right, wrong or unclear) and `note`.
    """
    if stdin:
        _stream()
        return
    if kind is None or key is None or answer is None:
        raise click.UsageError("Name TYPE, KEY and ANSWER, or use --stdin.")
    from bot.grading import grade_typed  # noqa: PLC0415 -- heavy
    from content.schema import ANSWER_TYPES  # noqa: PLC0415 -- heavy

    known = next((name for name in ANSWER_TYPES if name == kind), None)
    if known is None:
        raise _Refused(f"There is no type `{kind}`. The types are {', '.join(ANSWER_TYPES)}.")
    print_mark(grade_typed(known, key, answer), as_json=as_json)


def _stream() -> None:
    from bot.bank.match import answer_line  # noqa: PLC0415 -- heavy

    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        out.write(answer_line(line) + b"\n")
        out.flush()


def _load(content: Path | None) -> Bank:
    from bot.bank.bank import Bank  # noqa: PLC0415 -- heavy

    return Bank.load(content)


def _broken(found: Bank, ident: str) -> bool:
    return any(Path(problem.file).stem == ident for problem in found.problems)


def _entry(found: Bank, ident: str) -> Entry:
    entry = found.entries.get(ident)
    if entry is not None:
        return entry
    for problem in found.problems:
        if Path(problem.file).stem == ident:
            raise _Refused(problem.sentence())
    if ident in found.skipped:
        raise _Refused(f"{found.skipped[ident]}.")
    near = found.nearest(ident)
    hint = f"Did you mean `{near}`?" if near else "`numpy-bot bank list` shows all."
    raise _Refused(f"There is no question `{ident}`. {hint}")


def _question(found: Bank, ident: str, seed: int) -> Question:
    from bot.errors import ContentError  # noqa: PLC0415 -- heavy

    entry = _entry(found, ident)
    try:
        return found.question(ident, seed if entry.family else None)
    except ContentError as error:
        raise click.ClickException(str(error)) from error


def _known(name: str, given: str | None, known: Iterable[str]) -> None:
    if given is not None and given not in known:
        raise _Refused(f"There is no {name} `{given}`. Write one of {', '.join(known)}.")


def _graded(question: Question, answer: str) -> Mark:
    from bot.grading import grade  # noqa: PLC0415 -- heavy
    from bot.model import PICKED, Submission  # noqa: PLC0415 -- heavy

    if question.kind == "expression":
        from adapters.sandbox_cli import graded  # noqa: PLC0415 -- starts a process

        return graded(question, answer)
    if question.kind not in PICKED:
        return grade(question, Submission(text=answer))
    letters = answer.replace(",", " ").lower().split()
    known = LETTERS[: len(question.choices)]
    if not letters or any(len(letter) != 1 or letter not in known for letter in letters):
        raise _Refused(f"Answer with letters from {known[0]} to {known[-1]}, such as `a,c`.")
    picks = tuple(sorted({known.index(letter) for letter in letters}))
    return grade(question, Submission(picks=picks))
