"""Grades a submission to a question of any kind."""

import msgspec

from bot.grading.picks import grade_picks
from bot.grading.typed import grade_typed
from bot.model import Mark, Question, Submission


def grade(question: Question, submission: Submission) -> Mark:
    """Grade what was typed or picked; the caller adds points and what the choice's `why` says.

    Open questions and expressions are not graded here: they are "noted".
    """
    if question.kind in {"open", "expression"}:
        return Mark("noted")
    if question.kind != "predict" or submission.picks:
        return grade_picks(question.choices, submission.picks, several=question.kind == "several")
    if question.key is None:
        return Mark("unclear", note="This question has no key; nothing was counted.")
    mark = grade_typed(question.key.type, question.key.text, submission.text)
    return msgspec.structs.replace(mark, choice=_choice(question, submission.text, mark))


def _choice(question: Question, text: str, mark: Mark) -> int | None:
    """The known answer that the text is: the right one, or a wrong one by value."""
    if mark.outcome not in {"right", "wrong"} or question.key is None:
        return None
    for position, choice in enumerate(question.choices):
        if choice.right != (mark.outcome == "right"):
            continue
        if choice.right:
            return position
        if grade_typed(question.key.type, choice.text, text).outcome == "right":
            return position
    return None
