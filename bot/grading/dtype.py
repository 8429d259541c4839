"""Typed dtypes: NumPy's names and codes first, then how people say them."""

import re

from bot.grading import structured
from bot.grading.dtype_names import BY_BYTES, BY_LETTER, BY_NAME
from bot.grading.marks import right, wrong
from bot.grading.text import trim, unquoted
from bot.grading.value import UnreadableError
from bot.markup import as_typed
from bot.model import Mark

_BITS = {"i": "int", "u": "uint", "f": "float", "fp": "float", "c": "complex"}
_NO_ORDER = frozenset({"bool", "int8", "uint8", "object", "StringDType"})

_CODE = re.compile(r"([<>=|])?([A-Za-z?]\d{0,9})")
_SIZED = re.compile(r"[<=|]?([SUVa])\s?(\d{1,9})")
_WIDE = re.compile(r">([UV])(\d{1,9})")
_TIME = re.compile(
    r"([<>=|])?(?:(M8|datetime64)|(m8|timedelta64))\s?(?:\[\s*'?(\d{0,6}[A-Za-zμ]{1,7})'?\s*\])?"
)
_NAME_AND_BITS = re.compile(r"(u?int|float|complex)[\s_-]*(\d{1,3})(?:[\s-]*bits?)?", re.IGNORECASE)
_LETTER_AND_BITS = re.compile(r"(fp|[iufc])(\d{1,3})", re.IGNORECASE)
_BITS_AND_NAME = re.compile(
    r"(\d{1,3})[\s-]*bits?[\s-]*(signed |unsigned )?"
    r"(float|floating[\s-]point|int|integer|uint|complex)(?: numbers?)?",
    re.IGNORECASE,
)
_UNSIGNED = re.compile(
    r"unsigned[\s-]*(?:(\d{1,3})[\s-]*bits?[\s-]*int(?:eger)?|int(?:eger)?[\s-]*(\d{1,3}))",
    re.IGNORECASE,
)
_PRINTED_WIDTH = re.compile(r"(str|bytes)(\d{1,9})")
_CLASS = re.compile(r"<class '([\w.]{1,60})'>")
_CALL = re.compile(r"(?:(?:np|numpy)\.)?dtype\s?\((.*)\)", re.DOTALL)
_SUBSCRIPT = re.compile(r"(?:(?:np|numpy)\.)?dtype\[(.*)\]")
_LABEL = re.compile(r"(?:dtype|type)\s*(?:[=:]|is)\s*", re.IGNORECASE)
_MODULE = re.compile(
    r"(?:np|numpy|torch|tf|jnp|jax\.numpy|cp|cupy|xp|ml_dtypes|builtins)\.(?:dtypes\.)?"
)
_DTYPE_CLASS = re.compile(r"([A-Za-z]+\d*)DType(?:\(\))?")
_ORDERED = re.compile(
    r"(?:(big|little)[\s-]endian)[\s,]+(.+)|(.+?)[\s,]+(?:(big|little)[\s-]endian)"
)
_WORDS = re.compile(r"[\s/]+|[()]|,\s")
_FILLERS = frozenset(
    {"dtype", "type", "numpy", "np", "python", "array", "of", "the", "a", "an", "is", "it"},
)
_LONGEST = 400
_FEWEST_BITS = 16
_MOST_WORDS = 12


def interpret(text: str) -> str:
    """The dtype's canonical name: `float64`, `>int32`, `U3`, `datetime64[D]`, `[('a', 'int32')]`.

    Raises UnreadableError, also where two dtypes are named.
    """
    text = trim(text, ".;!,")
    found = _one(text)
    if found:
        return found
    return _only(text)


def _one(text: str) -> str:
    """The canonical name of a text that is one dtype, else an empty string."""
    align = False
    for _ in range(4):
        text = unquoted(text.strip())
        call = _CALL.fullmatch(text)
        if call:
            text = call[1].strip()
            aligned = re.search(r",\s*align\s?=\s?True$", text)
            if aligned:
                text, align = text[: aligned.start()], True
            continue
        inner = _CLASS.fullmatch(text) or _SUBSCRIPT.fullmatch(text)
        text = inner[1] if inner else _MODULE.sub("", _LABEL.sub("", text, count=1), count=1)
    if text[:1] in tuple("[{("):
        return structured.interpret(text, _field, align=align)
    if len(text) > _LONGEST:
        raise UnreadableError("That is too long for a dtype.")
    return _code(text) or _name(text) or _said(text)


def _field(text: str) -> str:
    found = _one(text)
    if not found:
        raise UnreadableError(f"“{as_typed(text[:20])}” is not a dtype.")
    return found


def _code(text: str) -> str:
    """NumPy's own codes; their letters are case-sensitive."""
    time = _TIME.fullmatch(text)
    if time:
        unit = "" if time[4] in {None, "generic"} else f"[{(time[4] or '').replace('μ', 'u')}]"
        big = ">" if time[1] == ">" else ""
        return big + ("datetime64" if time[2] else "timedelta64") + unit
    sized = _SIZED.fullmatch(text)
    if sized:
        return ("S" if sized[1] == "a" else sized[1]) + str(int(sized[2]))
    wide = _WIDE.fullmatch(text)
    if wide:
        return (">" if wide[1] == "U" else "") + wide[1] + str(int(wide[2]))
    width = _PRINTED_WIDTH.fullmatch(text)
    if width:
        each = {"str": 32, "bytes": 8}[width[1]]
        count, rest = divmod(int(width[2]), each)
        return "" if rest else f"{ {'str': 'U', 'bytes': 'S'}[width[1]] }{count}"
    code = _CODE.fullmatch(text)
    if not code:
        return ""
    found = BY_LETTER.get(code[2]) or BY_BYTES.get(code[2], "")
    if code[1] == ">" and found and found not in _NO_ORDER and not found.startswith(("S", "V")):
        return ">" + found
    return found


def _name(text: str) -> str:
    found = (
        BY_NAME.get(" ".join(text.lower().replace("-", " ").split()), "") if len(text) > 1 else ""
    )
    if found:
        return found
    of_class = _DTYPE_CLASS.fullmatch(text)
    if of_class:
        name = of_class[1].lower()
        return {**BY_NAME, "string": "StringDType"}.get(name, "")
    return ""


def _said(text: str) -> str:
    """How people say a dtype: `f32`, `int 32`, `32-bit float`, `big-endian float64`."""
    ordered = _ORDERED.fullmatch(text)
    if ordered:
        found = _one(ordered[2] or ordered[3])
        big = "big" in {ordered[1], ordered[4]}
        return ">" + found if big and found and found not in _NO_ORDER else found
    kind, bits = "", ""
    if match := _NAME_AND_BITS.fullmatch(text):
        kind, bits = match[1].lower(), match[2]
    elif (match := _LETTER_AND_BITS.fullmatch(text)) and _are_bits(match):
        kind, bits = _BITS[match[1].lower()], match[2]
    elif match := _UNSIGNED.fullmatch(text):
        kind, bits = "uint", match[1] or match[2]
    elif match := _BITS_AND_NAME.fullmatch(text):
        kind = match[3].lower().removesuffix("eger").replace("floating point", "float")
        kind = "float" if kind.startswith("float") else kind
        kind = "uint" if (match[2] or "").lower().startswith("unsigned") else kind
        bits = match[1]
    return BY_NAME.get(kind + bits, "") if bits else ""


def _are_bits(match: re.Match[str]) -> bool:
    """Whether the number cannot be meant as NumPy's count of bytes."""
    return match[0].lower() not in BY_BYTES and int(match[2]) >= _FEWEST_BITS


def _only(text: str) -> str:
    """The one dtype among words such as `an array of float64`."""
    found: list[str] = []
    words = _WORDS.split(text)
    if len(words) > _MOST_WORDS:
        raise UnreadableError("That is too long for a dtype.")
    for word in words:
        if not word or word.lower() in _FILLERS:
            continue
        name = _one(word) if len(word) > 1 or word == "?" else ""
        if not name:
            raise UnreadableError("I cannot read that as a dtype.")
        found.append(name)
    if not found:
        raise UnreadableError("I cannot read that as a dtype.")
    if len(set(found)) > 1:
        raise UnreadableError("I read more than one dtype.")
    return found[0]


def grade(key: str, text: str) -> Mark:
    """Grade a typed dtype against the key's canonical name."""
    answer = _fields_by_comma(text) if key[:1] == "[" else ""
    answer = answer or interpret(text)
    shown = structured.shown(answer)
    if key == answer:
        return right(shown)
    return wrong(shown, _note(key, answer, trim(text, ".;!,")))


def _fields_by_comma(text: str) -> str:
    """`i4,f8` is two fields to NumPy; elsewhere a comma would stand between two answers."""
    types = unquoted(_inside(text)).split(",")
    if len(types) == 1 or any(mark in text for mark in "[{"):
        return ""
    return structured.unnamed([_field(name.strip()) for name in types[:_LONGEST] if name.strip()])


def _inside(text: str) -> str:
    call = _CALL.fullmatch(text)
    return call[1] if call else text


def _note(key: str, answer: str, text: str) -> str:
    if key[:1] == "[" or answer[:1] == "[":
        return _structured_note(key, answer)
    if key.lstrip(">") == answer.lstrip(">"):
        return "The type is right, but not its byte order."
    for letter, kind in (("U", "strings"), ("S", "bytes")):
        if re.fullmatch(rf">?{letter}\d+", key) and re.fullmatch(rf">?{letter}\d+", answer):
            if answer.endswith("0"):
                return f"The kind is right; give the width of the {kind} too."
            return f"The kind is right, but not the width of the {kind}."
    if "64[" in key + answer and key.split("[", maxsplit=1)[0] == answer.split("[", maxsplit=1)[0]:
        return "The kind is right, but not the unit in brackets."
    read_as = _read_as(text, answer)
    if read_as and key not in read_as:
        return read_as
    kinds = [re.sub(r"\d|>|\[.*", "", name) for name in (key, answer)]
    if kinds[0] == kinds[1]:
        return "The kind is right, but not the size."
    if {"int", "uint"} == set(kinds):
        return "An integer it is; look at the sign again."
    return ""


def _read_as(text: str, answer: str) -> str:
    """What a short spelling means, where that may surprise."""
    word = unquoted(text)
    if word in {"int", "float", "complex"}:
        return f"In NumPy `{word}` is {answer}."
    if word.lstrip("<>=|") in BY_BYTES and word[-1].isdigit():
        return f"In NumPy's codes the number counts bytes: `{word}` is {answer}."
    if word in BY_LETTER:
        return f"In NumPy's codes `{word}` is {answer}."
    return ""


def _structured_note(key: str, answer: str) -> str:
    if key[:1] != "[":
        return "That is a structured dtype; here the dtype has no fields."
    if answer[:1] != "[":
        return "Here the dtype has fields: write their names and types."
    return structured.note(key, answer)
