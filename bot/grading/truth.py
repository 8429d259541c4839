"""Typed yes or no; in questions about memory, a view or a copy."""

import re

from bot.grading.marks import right, unclear, wrong
from bot.grading.reader import read
from bot.grading.text import trim, unquoted
from bot.grading.value import Group, Number, Truth, UnreadableError, bare
from bot.model import Mark

_YES = frozenset(
    {
        *("true", "yes", "y", "t", "yep", "yeah", "yup", "it does", "they do", "it is true"),
        *("view", "a view", "is a view", "it is a view", "it's a view", "not a copy", "no copy"),
        *("share", "shares", "shared", "it shares", "they share", "is shared", "memory is shared"),
        *("shares memory", "share memory", "shared memory", "it shares memory", "same memory"),
        *("they share memory", "the same memory", "np.true_", "numpy.true_", "always true"),
    },
)
_NO = frozenset(
    {
        *("false", "no", "n", "f", "nope", "nah", "it does not", "it doesn't", "they do not"),
        *("they don't", "it is false", "copy", "a copy", "is a copy", "it is a copy"),
        *("it's a copy", "not a view", "no view", "does not share", "doesn't share", "not shared"),
        *("does not share memory", "doesn't share memory", "do not share memory"),
        *("don't share memory", "no shared memory", "separate memory", "do not share"),
        *("don't share", "it does not share memory", "it doesn't share memory"),
        *("np.false_", "numpy.false_", "always false"),
    },
)
_PARTS = re.compile(r"[,;()\n]|\.\s|\s-+\s|:\s")


def interpret(text: str) -> Truth | Group:
    """What the text says, or the group in which it says it.

    Raises UnreadableError for numbers, other words and contradictions.
    """
    text = trim(unquoted(trim(text, ".;!,")), ".;!,")
    parts = [" ".join(part.lower().split()) for part in _PARTS.split(text)]
    said = {part in _YES for part in parts if part in _YES or part in _NO}
    if len(said) == 1 and all(part in _YES or part in _NO for part in parts if part):
        return Truth(value=said.pop())
    if len(said) > 1 and "[" not in text:
        raise UnreadableError("I read both yes and no.")
    value = bare(read(text))
    if isinstance(value, Truth) or (isinstance(value, Group) and value.bracket):
        return value
    if isinstance(value, Number):
        raise UnreadableError("I read a number; here yes or no is asked.")
    raise UnreadableError("I cannot read a yes or a no there.")


def grade(key: Truth, text: str) -> Mark:
    """Grade a typed boolean."""
    answer = interpret(text)
    if isinstance(answer, Group):
        items = answer.items
        if len(items) != 1 or not isinstance(bare(items[0]), Truth):
            return unclear("One yes or no is asked.")
        return wrong("an array of one boolean", "One boolean is asked, not an array of one.")
    return right(str(answer.value)) if answer == key else wrong(str(answer.value))
