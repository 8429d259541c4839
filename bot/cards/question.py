"""A question as it is asked, its form and its hint."""

from datetime import datetime

from bot.cards.parts import (
    LETTERS,
    are_short,
    heading,
    ident,
    lettered,
    option_label,
    prompt_of,
    sentence,
    small,
    text,
)
from bot.events import Block, Bullets, Button, Card, Code, Field, Form, Paragraph, Text, When
from bot.markup import blocks, plain, runs
from bot.model import Post, Prompt
from content.schema import AnswerType, Kind

EXAMPLES: dict[AnswerType, str] = {
    "shape": "a shape such as (70, 90), or error",
    "tuple": "a tuple such as (16, 4)",
    "dtype": "a dtype such as datetime64[D], or error",
    "array": "an array such as [-7 0 900], or error",
    "number": "a number such as 1234 or 0.567",
    "bool": "True or False, or error",
    "set": "the values in any order, such as 2, 5",
    "error": "an exception such as TypeError, or no error",
}
"""What a typed answer looks like; none of them is anybody's key."""

HOW: dict[Kind, str] = {
    "several": "Pick all that are right.",
    "open": "Answer in your own words, then compare with a model answer, for no points.",
}
"""What to do where the question alone does not tell."""

LONGEST_LABEL = 75
"""Characters of a tick box that every platform has room for."""


def ask(prompt: Prompt, post_id: int, session: str = "") -> tuple[tuple[Block, ...], list[Button]]:
    """Stem, code and options of a question, and the buttons that answer it."""
    body: list[Block] = [*blocks(prompt.stem)]
    if prompt.code:
        body.append(Code(prompt.code))
    buttons: list[Button] = []
    if prompt.kind in {"single", "bug"}:
        short = are_short(prompt.options)
        if not short:
            body.append(lettered(prompt.options))
        for index, option in enumerate(prompt.options):
            label = f"{LETTERS[index]}. {option_label(*option)}" if short else LETTERS[index]
            pick = ident("answer", "pick", post_id, index, session)
            buttons.append(Button(pick, label, "choice"))
    else:
        if prompt.options:
            body.append(lettered(prompt.options))
        if prompt.type:
            body.append(small(f"Type {EXAMPLES[prompt.type]}."))
        elif prompt.kind == "expression":
            body.append(Paragraph(runs(how_to_code(prompt)), small=True))
        elif prompt.kind in HOW:
            body.append(small(HOW[prompt.kind]))
        buttons.append(Button(ident("form", "answer", post_id, session), "Answer…", "main"))
    if prompt.has_hint:
        buttons.append(Button(ident("card", "hint", post_id), "Hint"))
    return tuple(body), buttons


def how_to_code(prompt: Prompt) -> str:
    """What an answer in code consists of, in Markdown."""
    if prompt.only:
        names = ", ".join(f"`{name}`" for name in prompt.only)
        return f"Type one expression of {names} and operators. It runs on other inputs too."
    if prompt.head:
        return f"Type `{prompt.head}` and its steps. The function runs on other inputs too."
    return "Type one expression. It runs on other inputs too, so it must hold in general."


def daily_card(
    post: Post, zone: str, answered: int, before: tuple[Block, ...] = (), why: int | None = None
) -> Card:
    """The channel's question of the day.

    `before` tells of the last one and, at the start of a week, of last week; `why` is the
    last one's post.
    """
    prompt = prompt_of(post.question)
    body, buttons = ask(prompt, post.id)
    if why is not None:
        buttons.append(Button(ident("card", "explain", why), "Last one: why?"))
    closes = () if post.closes_at is None else (Text(" · closes "), When(post.closes_at, zone))
    foot = Paragraph((Text(f"{answered} answered"), *closes), small=True)
    return Card(
        title=f"Daily #{post.number} · {heading(prompt)}",
        blocks=(*before, *body, foot),
        buttons=tuple(buttons),
        tone="question",
        post_id=post.id,
    )


def practice_card(post: Post, session: str, place: str, *, again: bool = False) -> Card:
    """A private practice question; `place` is where it stands in the round (`2 of 5`)."""
    prompt = prompt_of(post.question)
    body, buttons = ask(prompt, post.id, session)
    if again:
        body = (small("You have not answered this one yet."), *body)
    buttons.append(Button(ident("replace", "skip", post.id, session), "Skip"))
    where = f" · {place}" if place else ""
    return Card(
        title=f"Practice{where} · {heading(prompt)}",
        blocks=body,
        buttons=tuple(buttons),
        tone="question",
        post_id=post.id,
    )


def study_card(post: Post) -> Card:
    """A question of the study guide, with its detailed answer behind a press."""
    prompt = prompt_of(post.question)
    body, buttons = ask(prompt, post.id)
    return Card(
        title=f"Study guide · {heading(prompt)}",
        blocks=body,
        buttons=(*buttons, Button(ident("replace", "answer", post.id), "Show the answer", "main")),
        tone="question",
        post_id=post.id,
    )


def together_card(post: Post, answered: int) -> Card:
    """A public question without points, to try the bot."""
    prompt = prompt_of(post.question)
    body, buttons = ask(prompt, post.id)
    if answered:
        buttons.append(Button(ident("replace", "reveal", post.id), "Reveal", "main"))
    return Card(
        title=f"Try one together · {heading(prompt)}",
        blocks=(*body, small(f"{answered} answered · no points, this one is for fun")),
        buttons=tuple(buttons),
        tone="question",
        post_id=post.id,
    )


def answer_form(post: Post, session: str) -> Form:
    """The form behind **Answer…**: typed text, tick boxes, or lines of code or prose."""
    prompt = prompt_of(post.question)
    ask_for: tuple[Field, ...]
    if prompt.kind == "several":
        options = tuple(
            (str(index), f"{LETTERS[index]}. {option_label(*option)}")
            for index, option in enumerate(prompt.options)
        )
        ask_for = (Field(name="picks", label="Tick all that are right", kind="ticks",
                         options=options),)  # fmt: skip
    elif prompt.type:
        ask_for = (
            Field(
                name="text",
                label="Your answer",
                kind="lines" if prompt.type == "array" else "text",
                placeholder=EXAMPLES[prompt.type],
            ),
        )
    else:
        ask_for = (_written(prompt),)
    title = "Daily" if post.kind == "daily" else "Practice"
    body: list[Block] = [*blocks(prompt.stem)]
    if prompt.code:
        body.append(Code(prompt.code))
    if any(len(label) > LONGEST_LABEL for field in ask_for for _, label in field.options):
        body.append(lettered(prompt.options))  # whole, where a tick box has no room for it
    return Form(
        id=ident("form", "answer", post.id, session),
        title=f"{title}: your answer",
        fields=ask_for,
        blocks=tuple(body),
    )


def _written(prompt: Prompt) -> Field:
    """The field for code or prose; the first line of a function stands in it already."""
    if prompt.kind != "expression":
        return Field(name="text", label="Your answer, in your words", kind="prose")
    if prompt.head:
        begun = f"{prompt.head}\n    return "
        return Field(name="text", label="Your function", kind="prose", value=begun)
    return Field(name="text", label="Your expression", kind="lines")


def hint_card(post: Post, *, halves: bool) -> Card:
    """A hint; for a typed question also what the answer is one of."""
    question = post.question
    body: list[Block] = [*blocks(question.hint)]
    if question.kind == "predict" and len(question.choices) > 1:
        options = sorted({choice.text for choice in question.choices})
        body.append(text("It is one of these:"))
        body.append(Bullets(tuple((Text(option, "code"),) for option in options)))
    if halves:
        body.append(small("A hint halves the points of this question."))
    return Card(title="Hint", blocks=tuple(body))


def tick_form(post: Post, session: str) -> Form:
    """The key points of a model answer, to tick by oneself."""
    options = tuple(
        (str(index), plain(runs(point))) for index, point in enumerate(post.question.points)
    )
    return Form(
        id=ident("form", "points", post.id, session),
        title="Your key points",
        fields=(
            Field(
                name="picks",
                label="Tick the key points that you had",
                kind="ticks",
                options=options,
                required=False,
            ),
        ),
        submit="Done",
    )


def closes_line(closes_at: datetime, zone: str) -> Paragraph:
    """When an open daily closes."""
    return sentence("It closes ", When(closes_at, zone), ".")
