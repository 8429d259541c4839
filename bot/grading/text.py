"""Typed text made plain: one kind of quote, minus, space and bracket, no decoration."""

import re
import unicodedata

LONGEST = 10_000
"""Characters of an answer that are looked at; longer ones are not read at all."""

_SAME = {
    "-": "−–—‒‐‑➖",  # noqa: RUF001 - the dashes people's keyboards write for minus
    "+": "➕",  # noqa: RUF001 - and for plus
    "/": "÷⁄∕➗",  # noqa: RUF001 - the same for division
    "'": "‘’‚‛′",  # noqa: RUF001 - and for quotes
    '"': "“”„‟«»″",
    "*": "∗",  # noqa: RUF001 - and for times
    "×": "✕✖⨯хХ⨉",  # noqa: RUF001 - crosses and the Cyrillic letter that looks like one
    "[": "【〔",  # noqa: RUF001 - brackets of East Asian keyboards
    "]": "】〕",  # noqa: RUF001 - the same
    ",": "、",
    ".": "。",
    "…": "⋯",
    "→": "⇒⟶➔➜⟹",
}
_REPLACED = {ord(old): new for new, olds in _SAME.items() for old in olds}
_REFUSALS = frozenset("❌✗✘🚫⛔👎❓❔🤔🤷⁉‼⚠🔟💯")
_PLAIN_FORMS = ("<wide>", "<narrow>", "<small>", "<font>", "<noBreak>", "<vertical>")
_FIRST_PICTURE = 0x2600

_FENCE = re.compile(r"```(?:(?:python|py|pycon|ipython|numpy|text|txt)\b)?")
_GAP = re.compile(r" {9,}")  # shorter gaps may stand in a string
_PROMPT = re.compile(r"\A(?:>>>|>(?=\s)|In ?\[\d+\]:|Out ?\[\d+\]:)\s*")
_WRAPPERS = ("**", "||", "*")
_SUBJECT = (
    r"(?:answer|ans|result|res|output|out|values?|shape|dtype|d-?type|data type|type|strides?"
    r"|array|arr|tuple|set|number|returns?|gives|prints|becomes|yields|evaluates to"
    r"|a|b|c|x|z|r|s|v)"
)
_LINK = r"(?:is|are|would be|will be|should be|was|==?|:|-+>|=>|→)"
_SAID = r"(?:shape|strides|values?|elements|answer|result|returns|gives|prints)"
_MADE = r"(?:dtype|array|tuple|set)"
_PREFIX = re.compile(
    rf"(?:(?:the|my|its|it|this|a)\s+)?(?:(?:final|resulting|result|output|array)(?:'s)?\s+)?"
    rf"(?:{_SUBJECT}\s*{_LINK}(?![=\w])"
    rf"|{_SAID}(?=\s+\S|\s*[(\[{{])(?!\s*err)"
    rf"|{_MADE}(?=\s+[^\s(]|\s*\[)(?!\s*err)"  # array(...) is a call to read
    rf"|(?:[A-Za-z_]\w*\.)+(?:shape|dtype|strides|ndim|size)\s*{_LINK}(?!=))\s*",
    re.IGNORECASE,
)
_IT = re.compile(
    r"(?:(?:it|this|that) (?:is|will be|would be|should be)\b|it's\b|its\b(?=\s*[-\d(\[])"
    r"|(?:==?|-+>|=>|→|:)(?!=))\s*",
    re.IGNORECASE,
)


_NAME = re.compile(
    r"(?!(?:true|false|nan|inf|infinity|none|nat|scalar|no|not|never|\w*error)\b)[A-Za-z_]\w*\s*=(?!=)\s*",
    re.IGNORECASE,
)


class _Table(dict[int, str | int]):
    """A table for `str.translate` that decides about rare characters when it meets them."""

    def __missing__(self, code: int) -> str | int:
        return _plain(chr(code))


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    decimal = unicodedata.decimal(char, None)
    if decimal is not None:
        return str(decimal)
    if category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Zs", "Cc", "Cs"}:
        return " "
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u20e3":
        return ""
    if unicodedata.decomposition(char).startswith(_PLAIN_FORMS):
        form = unicodedata.normalize("NFKC", char)
        return "".join(chr(_REPLACED_CODES.get(ord(part), ord(part))) for part in form)
    if ord(char) >= _FIRST_PICTURE and category in {"So", "Sk"} and char not in _REFUSALS:
        return " "
    return char


_REPLACED_CODES = {old: ord(new) for old, new in _REPLACED.items()}
_TABLE = _Table({code: code for code in range(32, 127)})
_TABLE.update(_REPLACED)
_TABLE.update(dict.fromkeys((10, 11, 12, 13, 0x85), "\n"))
_TABLE.update({9: " "})


def clean(text: str) -> str:
    """The text in plain characters, without Markdown, prompts and blank lines.

    Full-width forms become ASCII, control characters become spaces, invisible ones and
    pictures vanish. Superscripts and fractions such as ½ stay, because they mean something.
    """
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = text.translate(_TABLE)
    text = _FENCE.sub("\n", text).replace("`", " ")
    text = _GAP.sub(" ", text)
    lines = (_PROMPT.sub("", line.strip(), count=1).strip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    for mark in _WRAPPERS:
        size = len(mark)
        if len(text) > 2 * size and text.startswith(mark) and text.endswith(mark):
            text = text[size:-size].strip()
    return text


def trim(text: str, ending: str = ".;!") -> str:
    """The text without punctuation at its end, unless it could mean something there."""
    text = text.strip()
    while text and text[-1] in ending and not text.endswith("..") and text[:-1].strip():
        text = text[:-1].rstrip()
    return text


def without_prefix(text: str, *, names: bool = False) -> str:
    """The text without an opening such as `shape =`, `The answer is` or `it's`.

    With `names` any name may stand before the `=`, unless it is a value itself.
    """
    for _ in range(3):
        match = _PREFIX.match(text) or _IT.match(text) or (_NAME.match(text) if names else None)
        if not match or match.end() >= len(text):
            break
        text = text[match.end() :].strip()
    return text


def unquoted(text: str) -> str:
    """The text without one pair of quotes around the whole of it."""
    quote = text[:1]
    if len(text) > 2 and quote in {"'", '"'} and text.endswith(quote) and text.count(quote) == 2:  # noqa: PLR2004 - a pair
        return text[1:-1].strip()
    return text
