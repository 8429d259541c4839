"""How the bank's questions and results look in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import msgspec

    from bot.bank.bank import Entry
    from bot.bank.coverage import Cell, Coverage
    from bot.bank.survey import TopicReport
    from bot.model import Mark, Question

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def print_mark(mark: Mark, *, as_json: bool) -> None:
    """Print how an answer was graded."""
    if as_json:
        print_json(mark)
        return
    say(mark.outcome, {"right": "bold green", "wrong": "bold red"}.get(mark.outcome, "bold"))
    if mark.understood:
        say(f"Understood as {mark.understood}")
    if mark.note:
        from bot.markup import plain, runs  # noqa: PLC0415  # with the command

        say(plain(runs(mark.note)))
    if mark.place:
        say(mark.place)


def print_question(question: Question) -> None:
    """Print all of a question, its key and its beliefs included."""
    seed = "" if question.seed is None else f", seed {question.seed}, version {question.version}"
    about = f"{question.topic}, level {question.level}, {question.kind}{seed}"
    say(f"{question.source} ({about})", "bold")
    say(f"\n{question.stem}")
    if question.code:
        say(_indented(question.code), "cyan")
    if question.key is not None:
        say(f"\nKey ({question.key.type}): {question.key.text}", "green")
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        mark = "right" if choice.right else "wrong"
        text = choice.text.replace("\n", "\n     ")
        say(f"\n  {letter}) {text}  [{mark}]", "green" if choice.right else "red")
        if choice.belief or choice.why:
            say(f"     {choice.belief}: {choice.why}", "dim")
    parts = (
        ("Hint", question.hint),
        ("Rule", question.rule),
        ("Picture", question.picture),
        ("Model", question.model),
        ("Points", "\n".join(f"- {point}" for point in question.points)),
        ("Why", question.why),
        ("Docs", question.docs),
    )
    for name, text in parts:
        if text:
            say(f"\n{name}", "bold")
            say(_indented(text))
    for further in question.follow_up:
        say(f"\n{further.ask}", "bold")
        say(_indented(further.answer))


def print_entries(entries: list[Entry]) -> None:
    """Print id, topic, level, kind and title in columns, one entry a line."""
    rows = [("id", "topic", "level", "kind", "title")]
    for entry in entries:
        level = "-".join(dict.fromkeys((str(min(entry.levels)), str(max(entry.levels)))))
        kind = f"{entry.kind} family" if entry.family else entry.kind
        rows.append((entry.id, entry.topic, level, kind, entry.title))
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for n, (*cells, title) in enumerate(rows):
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        say("  ".join((*padded, title)), "" if n else "bold")


def print_coverage(coverage: Coverage) -> None:
    """Print a table of what is there of what is wanted: red where something is missing."""
    from rich.table import Table  # noqa: PLC0415  # heavy
    from rich.text import Text  # noqa: PLC0415  # heavy

    from adapters.console import console  # noqa: PLC0415  # heavy
    from content.targets import LEVELS  # noqa: PLC0415  # heavy

    kinds = [*coverage.rows[0].kinds]
    table = Table("topic", *kinds, "all", "families", box=None, padding=(0, 1, 0, 0))

    def shown(cell: Cell) -> Text:
        return Text(f"{cell.there}/{cell.wanted}", "red" if cell.is_short else "green")

    for row in coverage.rows:
        cells = (*row.kinds.values(), row.questions, row.families)
        table.add_row(row.topic, *map(shown, cells))
    console().print(table)
    total = sum(coverage.levels.values()) or 1
    levels = ", ".join(
        f"level {level} {round(100 * count / total)} %" for level, count in coverage.levels.items()
    )
    wanted = ", ".join(f"{round(100 * share)} %" for share in LEVELS.values())
    say(f"\n{levels} (wanted: {wanted})", "red" if coverage.off else "")
    if coverage.titles:
        say(f"Titles that nothing covers: {', '.join(map(str, coverage.titles))}", "red")


def print_topics(topics: tuple[TopicReport, ...]) -> None:
    """Print how each topic's questions look, and all together."""
    from rich.table import Table  # noqa: PLC0415  # heavy

    from adapters.console import console  # noqa: PLC0415  # heavy

    heads = ("topic", "level 1", "2", "3", "key longest", "key an error", "beliefs", "titles")
    table = Table(*heads, box=None, padding=(0, 1, 0, 0))
    for one in topics:
        table.add_row(
            one.topic,
            *map(str, one.levels.values()),
            f"{one.longest} of {one.choices}",
            f"{one.errors} of {one.typed}",
            str(one.beliefs),
            " ".join(map(str, one.titles)),
        )
    console().print(table)
    longest, choices = sum(one.longest for one in topics), sum(one.choices for one in topics)
    errors, typed = sum(one.errors for one in topics), sum(one.typed for one in topics)
    say(
        f"\nThe right option is the longest in {_share(longest, choices)} of the choices of one "
        f"(a third by chance); {_share(errors, typed)} of the typed answers are errors."
    )
    uncorrected = sum(one.uncorrected for one in topics)
    if uncorrected:
        say(f"The glossary holds no correction of {uncorrected} beliefs.", "red")


def _share(part: int, of: int) -> str:
    return f"{100 * part / (of or 1):.0f} %"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def counted(questions: int, families: int, failures: int) -> str:
    """How many of each, in words."""

    def some(number: int, one: str, many: str) -> str:
        return f"{number} {one if number == 1 else many}"

    return (
        f"{some(failures, 'failure', 'failures')} in {some(questions, 'question', 'questions')}"
        f" and {some(families, 'family', 'families')}"
    )


def say(text: str, style: str = "") -> None:
    """Print a text as it is, in a style of rich."""
    from adapters.console import console  # noqa: PLC0415  # heavy

    # A question's own brackets are no markup, and nothing may break a file:line in two.
    console().print(text, style=style or None, soft_wrap=True)


def print_json(value: msgspec.Struct | dict[str, object]) -> None:
    """Print one line of JSON."""
    import msgspec  # noqa: PLC0415 -- heavy

    click.echo(msgspec.json.encode(value))
