"""What several cards share: ids, letters, counted words and the look of a question."""

from collections.abc import Sequence

from bot.events import Block, Bullets, Code, Effect, Paragraph, Run, Text
from bot.markup import plain, runs
from bot.model import PICKED, Choice, Prompt, Question
from content.schema import TOPICS

LETTERS = "ABCDEFGHIJ"
LEVEL_WORDS = {1: "easy", 2: "medium", 3: "hard"}
SHORT = 40
"""Options up to this many characters stand on their buttons."""


def ident(effect: Effect, verb: str, *arguments: object) -> str:
    """The id of a button or form."""
    return ":".join((effect, verb, *map(str, arguments)))


def text(words: str) -> Paragraph:
    """A plain line."""
    return Paragraph((Text(words),))


def small(words: str) -> Paragraph:
    """A line that stands back."""
    return Paragraph((Text(words),), small=True)


def sentence(*parts: Run | str) -> Paragraph:
    """A line of Markdown pieces and runs."""
    found: list[Run] = []
    for part in parts:
        found.extend(runs(part) if isinstance(part, str) else (part,))
    return Paragraph(tuple(found))


def many(count: int, noun: str) -> str:
    """`1 point`, `7 points`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def ordinal(number: int) -> str:
    """`1st`, `12th`, `57th`."""
    last = 0 if number % 100 // 10 == 1 else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def prompt_of(question: Question) -> Prompt:
    """What a member may see of a question before answering."""
    is_choice = question.kind in PICKED
    return Prompt(
        topic=question.topic,
        level=question.level,
        kind=question.kind,
        type=question.key.type if question.key and not is_choice else None,
        stem=question.stem,
        code=question.code,
        options=tuple((c.text, c.code) for c in question.choices) if is_choice else (),
        has_hint=bool(question.hint),
        head=question.head,
        only=question.only,
    )


def option_runs(option: str, code: bool) -> tuple[Run, ...]:  # noqa: FBT001  # as in Prompt.options
    """An option as runs."""
    return (Text(option, "code"),) if code else runs(option)


def option_label(option: str, code: bool) -> str:  # noqa: FBT001  # as in Prompt.options
    """An option as the words of a button."""
    return plain(option_runs(option, code))


def are_short(options: Sequence[tuple[str, bool]]) -> bool:
    """Whether all options fit on their buttons."""
    return all(len(option_label(*option)) <= SHORT and "\n" not in option[0] for option in options)


def heading(prompt: Prompt) -> str:
    """Topic and level."""
    return f"{TOPICS[prompt.topic]} · {LEVEL_WORDS[prompt.level]}"


def lettered(options: Sequence[tuple[str, bool]]) -> Bullets:
    """Options as a lettered list."""
    return Bullets(tuple(option_runs(*option) for option in options), "letter")


def shown_answer(question: Question) -> tuple[Block, ...]:
    """The right answer, for whoever may see it."""
    right = [choice for choice in question.choices if choice.right]
    if question.kind == "expression":
        return (text("One way to write it:"), Code(question.solution))
    if not right:
        return ()
    if len(right) > 1 or question.kind == "several":
        return (text("These are right:"), Bullets(tuple(choice_runs(choice) for choice in right)))
    choice = right[0]
    if choice.code and "\n" in choice.text:
        return (text("The answer:"), Code(choice.text, ""))
    return (Paragraph((Text("The answer: "), *choice_runs(choice))),)


def choice_runs(choice: Choice) -> tuple[Run, ...]:
    """A choice as runs."""
    return option_runs(choice.text, choice.code)
