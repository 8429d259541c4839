"""Grades answers to questions whose result is an error, or whose answer says so."""

from bot.grading.claims import Claim, interpret
from bot.grading.exception_names import PARENTS, VAGUE, is_a
from bot.grading.marks import right, unclear, wrong
from bot.grading.text import trim
from bot.grading.value import UnreadableError
from bot.model import Mark

_WARNS = "A warning is not an error: it raises."


def grade_value(key: Claim, answer: Claim) -> Mark:
    """Grade an error where a value could have been the answer: any error will do."""
    if not answer.raises:
        return wrong(str(answer), "It raises an error.")
    if _only_warns(key, answer):
        return wrong(str(answer), _WARNS)
    if key.name and answer.name and not is_a(key.name, answer.name):
        return right(str(answer), f"It does raise: {key.name}.")
    return right(str(answer))


def grade_class(key: Claim, text: str) -> Mark:
    """Grade an answer where the question is which exception is raised, if any."""
    answer = _any_claim(text)
    shown = str(answer)
    if not key.raises:
        if answer.raises:
            return wrong(shown, "It does not raise.")
        return right(shown)
    if not answer.raises:
        return wrong(shown, "It raises an error.")
    if _only_warns(key, answer):
        return wrong(shown, _WARNS)
    if not key.name:
        return right(shown)
    if not answer.name and answer.about_shapes and key.name == "ValueError":
        return right("shapes that do not fit")
    if not answer.name:
        return unclear("Name the class of the exception", "an error")
    if answer.name in VAGUE and key.name not in VAGUE:
        return wrong(shown, "Nearly everything is one: name the class that is raised.")
    if is_a(key.name, answer.name):
        return right(shown)
    if answer.name not in PARENTS:
        return unclear(f"I know no exception called {answer.name[:40]}")
    if key.name in PARENTS[answer.name]:
        return wrong(shown, "That is a special kind of what is raised.")
    return wrong(shown, "It does raise, but another exception.")


def _only_warns(key: Claim, answer: Claim) -> bool:
    """Whether the answer names a warning where an error is raised."""
    return is_a(answer.name, "Warning") and not is_a(key.name, "Warning")


def _any_claim(text: str) -> Claim:
    if trim(text).lower() in {"none", "nothing", "no", "null", "no exception", "nope"}:
        return Claim(raises=False)
    answer = interpret(text)
    if answer is None:
        raise UnreadableError("I cannot read the name of an exception there.")
    return answer
