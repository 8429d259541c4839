"""Reads what an answer says about errors: that something raises, or that it does not."""

import re

import msgspec

from bot.grading.exception_names import PARENTS, class_of
from bot.grading.text import trim, unquoted
from bot.grading.value import UnreadableError


class Claim(msgspec.Struct, frozen=True):
    """What an answer says about errors.

    `name` is the class it names, if any; `about_shapes` says that shapes do not fit.
    """

    raises: bool
    name: str = ""
    about_shapes: bool = False

    def __str__(self) -> str:
        return (self.name or "an error") if self.raises else "no error"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLASS_NAME = "<class>"
"""Stands among the words for an exception that is named."""

_RAISING = _words(
    f"""{_CLASS_NAME} error errors err exception exceptions raise raises raised raising throw
    throws thrown throwing fail fails failed failing failure crash crashes crashed errored break
    breaks breaking"""
)
_IMPOSSIBLE = _words(
    """incompatible incompatibility mismatch mismatched mismatches mismatching invalid illegal
    impossible unbroadcastable nonbroadcastable misaligned disallowed forbidden unsupported
    singular"""
)
_POSSIBLE = _words(
    """broadcast broadcastable broadcasted broadcasting compatible match matches matching work
    works allowed possible legal valid align aligned fit fits run runs supported fine ok okay
    succeed succeeds combine combined added multiplied reshape reshaped defined permitted
    computed"""
)
_WORKS = _words("works run runs fine ok okay succeeds valid legal")
_NOT = _words(
    """no not never without cannot can't cant couldn't doesn't doesnt don't dont won't wont isn't
    isnt aren't arent unable none nothing"""
)
_FILLERS = _words(
    """it this that the a an is are will would be been being does do did can could shape shapes
    operand operands array arrays dimension dimensions dim dims size sizes axis axes together
    with of in for to python numpy np at all here there i get gets gives give you an operation
    expression code call result any some type lengths value values index casting cast type
    types dtype and because they these must
    matrix matrices length return returns out bounds range"""
)
_MARKER = re.compile(
    r"err\b|error|exception|warning|rais|throw|fail|crash|break|compatib|aligned|reshape"
    r"|bounds|dimensions|mismatch|broadcast|invalid"
    r"|illegal|impossible|traceback|zerodivision|linalg|misalign|disallowed|forbidden|singular"
    r"|unsupported|(?:not|n't|cannot|cant|dont|wont)\b|works|runs|fine|\bok",
    re.IGNORECASE,
)
_SHAPES = re.compile(r"incompat|mismatch|broadcast", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?::|\bbecause\b|\bsince\b|\bdue to\b|\bas\b|\s-+\s)\s*", re.IGNORECASE)
_MESSAGE = re.compile(
    r"(operands could not be broadcast|could not broadcast|cannot broadcast)\b"
    r"|(cannot reshape array|all the input array dimensions|singular matrix"
    r"|(?:index|axis) -?\d{1,9} is out of bounds|input operand \d has a mismatch"
    r"|shapes \([\d, ]{0,99}\) and \([\d, ]{0,99}\) not aligned)",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:raises?\s+)?([\w.]{1,80})\s*\((.*)\)", re.DOTALL | re.IGNORECASE)
_CLASS = re.compile(r"<class '([\w.]{1,80})'>")
_NAMED = re.compile(r"\b[A-Za-z_]{2,60}(?:Error|Exception|Warning)\b")
_WORD = re.compile(r"[A-Za-z_][\w.'-]*|[^\s\w]|\d+")
_CLAUSE = re.compile(r"[,;.!]\s+|[,;\n]")
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|unless|otherwise|else|either|possibly|probably|works|no error)\b"
    r"|\bor\b\s*(?:(?:it|the|a|an|is|just|shape|maybe)\s+)*"
    r"(?:[\[(\d]|no\b|not\b|nothing|true|false|works|error)",
    re.IGNORECASE,
)
_MOST_WORDS = 40
_MOST_JOINED = 3
_LONGEST_HEAD = 400


def interpret(text: str) -> Claim | None:
    """What the text says about errors; None where it is about something else.

    Raises UnreadableError where it says two things at once.
    """
    if not _MARKER.search(text):
        return None
    text = _unwrapped(text)
    message = _MESSAGE.match(text)
    if message and not _HEDGE.search(text) and not _NAMED.search(text):
        return Claim(raises=True, about_shapes=bool(message[1]))
    head, tail = _parts(text)
    if len(head) > _LONGEST_HEAD:
        return None
    claims = []
    for clause in _CLAUSE.split(head):
        if clause.strip():
            claim = _clause(clause)
            if claim is None:
                return None
            claims.append(claim)
    if not claims:
        return None
    return _joined(claims, tail)


def _unwrapped(text: str) -> str:
    """The line that matters: the last of a traceback, without brackets around all of it."""
    if text.startswith("Traceback"):
        text = text.rpartition("\n")[2]
    text = trim(unquoted(trim(text)))
    named = _CLASS.fullmatch(text)
    if named:
        return named[1]
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    return text


def _parts(text: str) -> tuple[str, str]:
    """The claim, and the message or the reason behind it."""
    call = _CALL.fullmatch(text)
    if call and class_of(call[1]):
        return call[1], "" if call[2][:1] in tuple("'\"") else call[2]
    if call and call[1].lower().rpartition(".")[2] in {"raises", "raise"}:
        return call[2], ""
    split = _TAIL.search(text)
    if not split:
        return text, ""
    head, tail = text[: split.start()], text[split.end() :]
    return head, tail


def _clause(clause: str) -> Claim | None:
    """What one clause claims, or None when it holds words of another kind."""
    words = _WORD.findall(re.sub(r"[()-]", " ", clause))
    if len(words) > _MOST_WORDS:
        return None
    names, rest = _names(words)
    known = _RAISING | _IMPOSSIBLE | _POSSIBLE | _NOT | _FILLERS
    unknown = [word for word in rest if word.lower() not in known]
    invented = [word for word in unknown if _NAMED.fullmatch(word)]
    if len(invented) < len(unknown):
        return None
    name = _one([*names, *invented])
    raises = _raises([_CLASS_NAME if word in invented else word.lower() for word in rest])
    if raises is None:
        return None
    if name and not raises:
        raise UnreadableError("I read which error it is not.")
    return Claim(raises, name, about_shapes=raises and not name and bool(_SHAPES.search(clause)))


def _names(words: list[str]) -> tuple[list[str], list[str]]:
    """The classes among the words, of up to three words each, and the words without them."""
    names: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        for count in range(min(_MOST_JOINED, len(words) - at), 0, -1):
            joined = words[at : at + count]
            found = class_of("".join(joined)) if _is_one_name(joined) else ""
            generic = count == 1 and words[at].lower() in _RAISING and words[at] != "Exception"
            if found and not generic:
                names.append(found)
                rest.append(_CLASS_NAME)
                at += count
                break
        else:
            rest.append(words[at])
            at += 1
    return names, rest


def _is_one_name(words: list[str]) -> bool:
    """Whether words may be one name: a module stands in front of the first one only."""
    return all("." not in word.strip(".") for word in words[1:])


def _raises(words: list[str]) -> bool | None:
    """Whether the words say that it raises; None when they say nothing about it.

    A "not" belongs to the next word that says something, or at the end to all of them.
    """
    raising = [at for at, word in enumerate(words) if word in _RAISING | _IMPOSSIBLE]
    possible = [at for at, word in enumerate(words) if word in _POSSIBLE]
    told = sorted(raising + possible)
    denied: set[int] = set()
    for at, word in enumerate(words):
        if word in _NOT:
            after = [other for other in told if other > at]
            denied.update(after[:1] or told)
    said = {denied.isdisjoint(raising)} if raising else set()
    said |= {at in denied for at in possible if at in denied or words[at] in _WORKS}
    if len(said) > 1:
        raise UnreadableError("I read that it raises and that it does not.")
    return said.pop() if said else None


def _one(names: list[str]) -> str:
    """The one class that is named, if any."""
    if len(set(names)) > 1:
        raise UnreadableError("I read more than one exception.")
    return names[0] if names else ""


def _most_specific(names: list[str]) -> str:
    """The one class among them of which the others are parents."""
    found = set(names)
    for name in found:
        if all(other == name or other in PARENTS.get(name, ()) for other in found):
            return name
    if not found:
        return ""
    raise UnreadableError("I read more than one exception.")


def _joined(claims: list[Claim], tail: str) -> Claim:
    if len({claim.raises for claim in claims}) > 1:
        raise UnreadableError("I read that it raises and that it does not.")
    names = [name] if (name := _one([claim.name for claim in claims if claim.name])) else []
    if tail:
        if not re.search(r"[A-Za-z]{3}", tail) or _HEDGE.search(tail) or tail.lower() in _NOT:
            raise UnreadableError("I read an error and something else.")
        names += [class_of(word) or word for word in _NAMED.findall(tail)]
        if not names:
            joined, _ = _names(_WORD.findall(tail)[:_MOST_JOINED])
            names = joined
    shapes = any(claim.about_shapes for claim in claims)
    return Claim(claims[0].raises, _most_specific(names), about_shapes=shapes)


def key_claim(text: str) -> Claim | None:
    """The key's class when the key is an error: `error`, a class name, "It raises ValueError"."""
    try:
        return interpret(text)
    except UnreadableError:
        return None
