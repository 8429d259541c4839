"""How the options of a concrete question are offered."""

from random import Random

from msgspec.structs import replace

from bot.model import PICKED, Question

_MOST_WRONG = 3
_FEWEST_WRONG = 2


def shuffled(question: Question, rng: Random) -> Question:
    """The question with its options in a new order; typed and open ones stay as they are."""
    if question.kind not in PICKED:
        return question
    return replace(question, choices=tuple(rng.sample(question.choices, k=len(question.choices))))


def as_choices(question: Question) -> Question | None:
    """A `predict` question as one-tap single choice, or None where its wrong answers are too few.

    The right answer comes first: shuffle before asking.
    """
    if question.kind != "predict":
        return None
    right = [choice for choice in question.choices if choice.right]
    wrong = {choice.text: choice for choice in question.choices if not choice.right}
    if len(right) != 1 or len(wrong) < _FEWEST_WRONG or right[0].text in wrong:
        return None
    offered = (*right, *list(wrong.values())[:_MOST_WRONG])
    return replace(question, kind="single", choices=offered, key=None)
