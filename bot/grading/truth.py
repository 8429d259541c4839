"""Typed yes or no; in questions about memory, a view or a copy."""

import re

from bot.grading.marks import right, unclear, wrong
from bot.grading.reader import read
from bot.grading.text import trim, unquoted
from bot.grading.value import Group, Number, Truth, UnreadableError, bare
from bot.model import Mark

_YES = frozenset({"true", "yes", "y", "t", "yep", "yeah", "yup", "np.true_", "numpy.true_"})
_NO = frozenset({"false", "no", "n", "f", "nope", "nah", "np.false_", "numpy.false_"})
_NOT = frozenset({"not", "no", "never", "doesn't", "doesnt", "don't", "dont", "isn't", "aren't"})
_SHARING = frozenset({"share", "shares", "shared", "sharing", "same"})
_BELIEFS = {
    **dict.fromkeys((*_SHARING, "view", "views"), True),
    **dict.fromkeys(("copy", "copies", "separate", "independent"), False),
}
"""What is said about memory: whether it is shared."""
_FILLERS = frozenset(
    {
        *("it", "they", "is", "are", "a", "an", "the", "does", "do", "will", "make", "makes"),
        *("made", "return", "returns", "memory", "buffer", "data", "its", "it's", "this", "that"),
        "always",
    },
)
_CLAUSES = re.compile(r"[,;()\n]|\.\s|\s-+\s|:\s")
_ROW = re.compile(
    r"\(?\s*((?:(?:np\.|numpy\.)?(?:true|false)_?(?:\s*,\s*|\s+(?=\w)))+"
    r"(?:(?:np\.|numpy\.)?(?:true|false)_?)?)\s*\)?",
    re.IGNORECASE,
)
"""Booleans in a row, with or without round brackets."""
_MOST_WORDS = 12


def interpret(text: str) -> Truth | Group:
    """What the text says, or the group in which it says it.

    Raises UnreadableError for numbers, other words and contradictions.
    """
    text = trim(unquoted(trim(text, ".;!,")), ".;!,")
    row = _ROW.fullmatch(text)
    if row:
        text = f"[{row[1]}]"
    clauses = [clause.lower().split() for clause in _CLAUSES.split(text)]
    said = [_said(words) for words in clauses if words]
    answers = {answer for answer in said if answer is not None}
    if len(answers) == 1 and None not in said:
        return Truth(value=answers.pop())
    if len(answers) > 1 and "[" not in text:
        raise UnreadableError("I read both yes and no.")
    value = bare(read(text))
    if isinstance(value, Truth) or (isinstance(value, Group) and value.bracket):
        return value
    if isinstance(value, Number):
        raise UnreadableError("I read a number; here yes or no is asked.")
    raise UnreadableError("I cannot read a yes or a no there.")


def _said(words: list[str]) -> bool | None:
    """What one clause says; None when it holds other words or contradicts itself."""
    agrees = bool({"does", "do"} & set(words)) and set(words) <= _FILLERS
    words = ["yes"] if agrees else [word for word in words if word not in _FILLERS]
    said: list[bool] = []
    while words and len(words) <= _MOST_WORDS:
        word, *words = words
        belief = _BELIEFS.get(words[0]) if words else None
        if word in _NOT and belief is not None:
            if word == "no" and words[0] not in _SHARING:
                return None  # "no copy" may also be "no, a copy"
            said.append(not belief)
            words = words[1:]
        elif word in _BELIEFS:
            said.append(_BELIEFS[word])
        elif word in _NOT and (words and words[0] in _YES | _NO):
            return None
        elif word in _YES | _NO | _NOT:
            said.append(word in _YES)
        else:
            return None
    return said[0] if said and not words and len(set(said)) == 1 else None


def grade(key: Truth, text: str) -> Mark:
    """Grade a typed boolean."""
    answer = interpret(text)
    if isinstance(answer, Group):
        items = answer.items
        if len(items) != 1 or not isinstance(bare(items[0]), Truth):
            return unclear("One yes or no is asked.")
        return wrong("an array of one boolean", "One boolean is asked, not an array of one.")
    return right(str(answer.value)) if answer == key else wrong(str(answer.value))
