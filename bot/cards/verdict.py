"""What a member learns after answering: verdict, explanation, closing."""

import msgspec

from bot.cards.parts import (
    LETTERS,
    choice_runs,
    heading,
    ident,
    lettered,
    many,
    prompt_of,
    sentence,
    shown_answer,
    small,
    text,
)
from bot.events import Block, Bullets, Button, Card, Code, Link, Name, Paragraph, Run, Text, Tone
from bot.markup import blocks, plain, runs
from bot.model import Mark, Post, Question
from bot.streaks import Streak

MOST_NAMES = 15
FEW_ANSWERS = 5
"""Under so many answers a closed daily shows only how many were right."""

PRIVACY_LINE = (
    "Stored about you: your id here, your name, your answers with times and points. "
    "`/numpy privacy` shows and deletes it, or takes you off the leaderboards."
)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a verdict tells.

    `streak` is None outside of dailies; `late` when the question had closed, so that nothing
    was stored; `first` is the first verdict ever, which says what is stored.
    """

    mark: Mark
    points: int = 0
    streak: Streak | None = None
    late: bool = False
    first: bool = False


def verdict_card(
    post: Post, verdict: Verdict, session: str = "", *, has_next: bool = False
) -> Card:
    """The private verdict, at most 60 words."""
    question, mark = post.question, verdict.mark
    body: list[Block] = []
    if verdict.late:
        body.append(text("This one had closed, so nothing was stored."))
    if verdict.streak is not None:
        body.append(text(_streak_line(verdict)))
    body.extend(_belief(question, mark))
    if mark.outcome != "right" and question.kind != "open":
        body.extend(shown_answer(question))
    body.append(Paragraph(runs(question.rule)))
    if question.picture:
        body.append(Code(question.picture, ""))
    if verdict.first:
        body.append(Paragraph(runs(PRIVACY_LINE), small=True))
    return Card(
        title=_title(verdict),
        blocks=tuple(body),
        buttons=after_buttons(post, session, has_next=has_next),
        tone=_TONES[mark.outcome],
    )


_TONES: dict[str, Tone] = {"right": "right", "partly": "partly", "wrong": "wrong"}


def _title(verdict: Verdict) -> str:
    word = {"right": "Right", "partly": "Partly right", "wrong": "Not quite"}
    earned = f" · +{many(verdict.points, 'point')}" if verdict.points else ""
    return word[verdict.mark.outcome] + earned


def _streak_line(verdict: Verdict) -> str:
    streak = verdict.streak or Streak()
    line = f"Streak {streak.current}"
    if streak.used:
        line += f", kept by {many(streak.used, 'freeze')}"
    if streak.current and streak.current == streak.best and streak.best > 1:
        line += ", your best"
    return f"{line}."


def _belief(question: Question, mark: Mark) -> list[Block]:
    """A sentence on what was chosen: the belief behind it, or what the grader noticed.

    For an answer in code it is both: what came out, and why.
    """
    if mark.outcome == "right":
        return [Paragraph(runs(mark.note))] if mark.note else []
    why = ""
    if mark.choice is not None and not question.choices[mark.choice].right:
        why = question.choices[mark.choice].why
    lines = [mark.note, why] if question.kind == "expression" else [why or mark.note]
    return [Paragraph(runs(line)) for line in lines if line]


def after_buttons(post: Post, session: str, *, has_next: bool) -> tuple[Button, ...]:
    """What one can do after a verdict."""
    buttons = [
        Button(ident("card", "explain", post.id), "Explain", "main"),
        Button(ident("card", "like", post.id), "Another like this"),
        Button(ident("card", "report", post.id), "Report"),
    ]
    if has_next:
        buttons.insert(0, Button(ident("replace", "next", session), "Next", "main"))
    return tuple(buttons)


def self_check_card(post: Post, session: str, *, has_next: bool, first: bool) -> Card:
    """After an open or expression question: the model answer to compare with one's own."""
    question = post.question
    body: list[Block] = []
    if question.kind == "expression":
        body.append(text("Code can't be run here. Compare yours with one way to write it:"))
        body.append(Code(question.solution))
    else:
        body += [*blocks(question.model)]
    body.append(small("No points here: you are your own judge. Your text was not stored."))
    if first:
        body.append(Paragraph(runs(PRIVACY_LINE), small=True))
    buttons = list(after_buttons(post, session, has_next=has_next))
    if question.points:
        tick = Button(ident("form", "points", post.id, session), "Tick my key points", "main")
        buttons.insert(0, tick)
    return Card(title="A model answer", blocks=tuple(body), buttons=tuple(buttons), tone="notice")


def ticked_card(post: Post, ticked: tuple[int, ...], session: str, *, has_next: bool) -> Card:
    """After ticking key points: which were missing."""
    points = post.question.points
    missing = [point for index, point in enumerate(points) if index not in ticked]
    title = f"You had {len(points) - len(missing)} of {len(points)} key points"
    body: list[Block] = []
    if missing:
        body = [text("Say these next time:"), Bullets(tuple(runs(point) for point in missing))]
    return Card(
        title=title,
        blocks=tuple(body),
        buttons=after_buttons(post, session, has_next=has_next),
        tone="notice",
    )


def explain_card(post: Post) -> Card:
    """The whole explanation, with the docs page and an interviewer's next questions."""
    question = post.question
    body: list[Block] = [*blocks(question.stem)]
    if question.code:
        body.append(Code(question.code))
    body.extend(shown_answer(question))
    if question.model:
        body.extend(blocks(question.model))
    body.extend(blocks(question.why))
    wrong = [choice for choice in question.choices if not choice.right and choice.why]
    if wrong:
        body.append(text("What else people answer:"))
        body.append(Bullets(tuple((*choice_runs(c), Text(" — "), *runs(c.why)) for c in wrong)))
    body.append(Paragraph((Text("Docs: "), Link(_page(question.docs), question.docs))))
    if question.follow_up:
        body.append(text("An interviewer may go on:"))
        items = tuple((*runs(f.ask), Text(" "), *runs(f.answer)) for f in question.follow_up)
        body.append(Bullets(items))
    body.append(small(origin(question)))
    buttons = (
        Button(ident("card", "like", post.id), "Another like this"),
        Button(ident("card", "report", post.id), "Report"),
    )
    return Card(
        title=f"Explained · {heading(prompt_of(question))}", blocks=tuple(body), buttons=buttons
    )


def _page(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html") or url


def origin(question: Question) -> str:
    """Where a question comes from, so that it can be replayed and disputed."""
    seed = "" if question.seed is None else f" · seed {question.seed}"
    return f"{question.source} v{question.version}{seed} · NumPy {question.numpy}"


class Split(msgspec.Struct, frozen=True):
    """How the answers to a post fell apart.

    `groups` is outcome, choice and number; `names` are those who got it right and are on
    the leaderboards.
    """

    answered: int
    right: int
    groups: tuple[tuple[str, int | None, int], ...] = ()
    names: tuple[tuple[int, str], ...] = ()


def closed_card(post: Post, split: Split, *, title: str, few: int = FEW_ANSWERS) -> Card:
    """A closed or revealed question: the answer, the split, and who got it."""
    question = post.question
    body: list[Block] = [*blocks(question.stem)]
    if question.code:
        body.append(Code(question.code))
    body.extend(shown_answer(question))
    if question.picture:
        body.append(Code(question.picture, ""))
    body.extend(_split_blocks(question, split, few))
    buttons = (
        Button(ident("card", "explain", post.id), "Explain", "main"),
        Button(ident("card", "like", post.id), "Practise one like this"),
    )
    return Card(title=title, blocks=tuple(body), buttons=buttons)


def _split_blocks(question: Question, split: Split, few: int) -> list[Block]:
    if not split.answered:
        return [text("Nobody answered.")]
    found: list[Block] = [text(f"{split.right} of {split.answered} got it.")]
    if split.answered < few:
        return found
    items = _groups(question, split)
    if items:
        found.append(Bullets(items))
    if split.names:
        named: list[Run] = [Text("Right: ")]
        for position, (member_id, name) in enumerate(split.names[:MOST_NAMES]):
            named += [Text(", ")] if position else []
            named.append(Name(member_id, name))
        more = len(split.names) - MOST_NAMES
        named += [Text(f" and {more} more")] if more > 0 else []
        found.append(Paragraph(tuple(named)))
    return found


def _groups(question: Question, split: Split) -> tuple[tuple[Run, ...], ...]:
    """The wrong answers by the belief behind them, the most frequent first."""
    items: list[tuple[Run, ...]] = []
    other = 0
    for outcome, choice, count in split.groups:
        if outcome == "right":
            continue
        if choice is None:
            other += count
            continue
        belief = question.choices[choice].belief.replace("-", " ")
        shown = choice_runs(question.choices[choice])
        tail = f" ({belief})" if belief else ""
        items.append((Text(f"{count} of {split.answered}: "), *shown, Text(tail)))
    if other:
        items.append((Text(f"{other} of {split.answered}: something else"),))
    return tuple(items)


def voided_card(post: Post) -> Card:
    """A withdrawn daily."""
    return Card(
        title=f"Daily #{post.number} was withdrawn",
        blocks=(
            text(
                "This question was faulty. Everyone who answered gets its full points, and "
                "nobody's streak breaks."
            ),
        ),
        tone="notice",
    )


def answered_card(
    post: Post, verdict: Verdict, picked: tuple[Run, ...], zone_line: Paragraph | None
) -> Card:
    """Today's verdict once more, for whoever answered already."""
    card = verdict_card(post, verdict)
    body = [block for block in (_said(picked), *card.blocks, zone_line) if block is not None]
    return msgspec.structs.replace(card, blocks=tuple(body))


def asked_card(post: Post, picked: tuple[Run, ...]) -> Card:
    """A question and what was answered, to stand above the verdict."""
    prompt = prompt_of(post.question)
    body: list[Block] = [*blocks(prompt.stem)]
    if prompt.code:
        body.append(Code(prompt.code))
    if prompt.options:
        body.append(lettered(prompt.options))
    if picked and post.question.kind == "expression":
        body += [text("Your answer:"), Code(plain(picked))]
    elif picked:
        body.append(_said(picked))
    return Card(title=heading(prompt), blocks=tuple(body))


def _said(picked: tuple[Run, ...]) -> Paragraph:
    return sentence("Your answer: ", *picked)


def picked_runs(question: Question, choice: int | None, typed: str) -> tuple[Run, ...]:
    """What a member answered; `typed` as it is stored."""
    if question.kind in {"single", "bug"} and choice is not None:
        return choice_runs(question.choices[choice])
    if question.kind == "several":
        typed = ", ".join(LETTERS[int(part)] for part in typed.split(",") if part.isdigit())
    return (Text(typed, "code", typed=True),) if typed else ()
