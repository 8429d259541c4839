"""Reads text into a value: numbers, strings, nested brackets, and what NumPy prints.

Everything is bounded (tokens, depth, digits, arithmetic), so that no text takes long.
"""

import re
from typing import NoReturn

import msgspec

from bot.grading.arithmetic import combine, literal, special
from bot.grading.value import (
    Complex,
    Group,
    Number,
    Text,
    Truth,
    Typed,
    UnreadableError,
    Value,
    Word,
    bare,
)

_MOST_TOKENS = 3_000
_DEEPEST = 32
_MOST_OPERATIONS = 200

_TOKEN = re.compile(
    r"""
    (?P<space>[ ]+)
  | (?P<line>\n)
  | (?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:[\d:.]+|T\d\d)?(?![\w-])|\d{4}-(?:0[1-9]|1[0-2])(?![\w.-]))
  | (?P<number>(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+
      |(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?:[jJiL](?!\w))?)
  | (?P<string>[bBuUrR]?(?:'(?:[^'\\\n]|\\.){0,200}'|"(?:[^"\\\n]|\\.){0,200}"))
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<dots>\.\.+|…)
  | (?P<sign>\*\*|//|--|.)
    """,
    re.VERBOSE,
)
_OPENING = {"(": ")", "[": "]", "{": "}"}
_MODULES = re.compile(
    r"(?:np|numpy|jnp|jax\.numpy|torch|tf|cp|cupy|xp|ma|math|cmath|builtins)\.(?:ma\.|types\.)?"
)
_ARRAYS = frozenset({"array", "asarray", "ndarray", "tensor", "matrix", "mat", "asanyarray"})
_MASKED = frozenset({"masked_array", "masked_values"})
_SEQUENCES = {"list": "[", "tuple": "(", "size": "(", "set": "{", "frozenset": "{"}
_SCALAR = re.compile(
    r"(?:float|u?int|complex)(?:\d{1,3})?_?|bool_?|str_?|bytes_?|half|single|double|longdouble"
    r"|u?intp|u?intc|u?byte|u?short|u?long|u?longlong|clongdouble|csingle|cdouble|decimal"
)
_NEVER = frozenset("'\"\\?!$&~^@#")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    start: int
    spaced: bool
    """Whether white space stands before it."""


def read(text: str, *, arithmetic: bool = False) -> Value:
    """The one value that the text spells.

    With `arithmetic`, + and - between numbers are worked out; without it only signs,
    complex numbers, fractions and powers are read. Rows may be lines, or end in `;`.

    Raises UnreadableError for anything else.
    """
    return _Reader(text, arithmetic=arithmetic).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    spaced = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "space":
            spaced = True
            continue
        text_here = match.group()
        if kind == "sign" and text_here in _NEVER:
            raise UnreadableError(f"I cannot read “{text_here}” there.")
        found.append(_Token(kind, text_here, match.start(), spaced))
        spaced = False
        if len(found) > _MOST_TOKENS:
            raise UnreadableError("That is too long to read.")
    found.append(_Token("end", "", len(text), spaced))
    return found


class _Reader:
    """A recursive-descent reader over one text."""

    def __init__(self, text: str, *, arithmetic: bool) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.operations = 0
        self.arithmetic = arithmetic

    # what stands here

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def here(self, *signs: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "sign" and token.text in signs

    def fail(self, token: _Token | None = None) -> NoReturn:
        token = token or self.token
        if token.kind == "dots":
            raise UnreadableError("Write every value, without dots.")
        if token.kind == "end":
            raise UnreadableError("Something is missing at the end.")
        if token.text in {")", "]", "}"}:
            raise UnreadableError("The brackets do not match.")
        raise UnreadableError(f"I cannot read “{token.text[:20].strip() or 'a line break'}” there.")

    # rows without brackets around them

    def whole(self) -> Value:
        rows: list[tuple[list[Value], str]] = []
        while True:
            items, comma = self.row(closing="")
            if items:
                rows.append((items, comma))
            token = self.token
            if token.kind == "end":
                break
            if token.kind != "line" and not self.here(";"):
                self.fail()
            self.at += 1
        if not rows:
            raise UnreadableError("There is nothing to read.")
        if len(rows) == 1:
            items, comma = rows[0]
            return items[0] if len(items) == 1 and not comma else Group(tuple(items))
        return _stacked(rows, "")

    def row(self, closing: str) -> tuple[list[Value], str]:
        """Values up to the end of the row; also "," if a comma ended it, else ""."""
        items: list[Value] = []
        commas = spaces = False
        comma = ""
        while True:
            if closing:
                self.skip_lines()
            token = self.token
            if token.kind in {"end", "line"} or self.here(";", closing or "\0"):
                break
            if self.here(","):
                if comma or not items:
                    raise UnreadableError("There is a comma too many.")
                comma, commas = ",", True
                self.at += 1
            else:
                if items and not comma:
                    if not self.apart():
                        self.fail()
                    spaces = True
                items.append(self.element())
                comma = ""
            if commas and spaces:
                raise UnreadableError(
                    "Commas and spaces are mixed: use one of them between values."
                )
        return items, comma

    def skip_lines(self) -> None:
        while self.token.kind == "line":
            self.at += 1

    def apart(self) -> bool:
        """Whether the next value may follow the last one without a comma."""
        token, last = self.token, self.tokens[self.at - 1]
        if token.spaced or last.kind == "line":
            return not (self.here("+", "-") and self.tokens[self.at + 1].spaced)
        return last.text in {")", "]", "}"} and token.text in _OPENING

    # one value

    def element(self) -> Value:
        left = self.product()
        while self.here("+", "-"):
            plus = self.token.text == "+"
            at = self.at
            lone = self.token.spaced and not self.tokens[at + 1].spaced
            if not ((self.arithmetic and not lone) or self.imaginary_next(left)):
                break
            self.at += 1
            right = self.product()
            if isinstance(left, Number) and isinstance(right, Complex):
                imag = right.imag if plus else combine("-", literal("0"), right.imag)
                left = Complex(left, imag)
                continue
            if not self.arithmetic:
                self.at = at
                break
            if isinstance(left, Complex) and isinstance(right, Number) and left.real.text == "0":
                left = Complex(right if plus else combine("-", literal("0"), right), left.imag)
                continue
            self.operate()
            left = self.combined("+" if plus else "-", left, right)
        return left

    def imaginary_next(self, left: Value) -> bool:
        token = self.tokens[self.at + 1]
        return isinstance(left, Number) and (
            (token.kind == "number" and token.text[-1] in "jJi")
            or (token.kind == "name" and token.text in {"nanj", "infj"})
        )

    def product(self) -> Value:
        left = self.factor()
        while self.here("*", "/", "×"):
            sign = self.token.text.replace("×", "*")
            self.operate()
            self.at += 1
            left = self.combined(sign, left, self.factor())
        return left

    def factor(self) -> Value:
        if self.here("+", "-"):
            minus = self.token.text == "-"
            self.at += 1
            if self.here("+", "-", "--"):
                self.fail()
            value = self.factor()
            return self.negative(value) if minus else value
        base = self.primary()
        if self.here("**"):
            self.operate()
            self.at += 1
            return self.combined("**", base, self.factor())
        return base

    def negative(self, value: Value) -> Value:
        zero = literal("0")
        match value:
            case Number():
                return combine("-", zero, value)
            case Complex(real, imag):
                return Complex(combine("-", zero, real), combine("-", zero, imag))
        self.fail()

    def operate(self) -> None:
        """Count an operator; there may be a few."""
        self.operations += 1
        if self.operations > _MOST_OPERATIONS:
            raise UnreadableError("That is too much arithmetic.")

    def combined(self, sign: str, left: Value, right: Value) -> Number:
        if not isinstance(left, Number) or not isinstance(right, Number):
            raise UnreadableError(f"I cannot work out “{sign}” there.")
        return combine(sign, left, right)

    def primary(self) -> Value:
        token = self.token
        self.at += 1
        if token.kind == "number":
            if token.text[-1] in "jJi":
                return Complex(literal("0"), literal(token.text[:-1]))
            return literal(token.text.rstrip("L"))
        if token.kind == "string":
            return _string(token.text)
        if token.kind == "date":
            return Text(token.text)
        if token.kind == "name":
            return self.name(token)
        if token.kind == "sign" and token.text in _OPENING:
            return self.group(token.text)
        if token.kind == "sign" and token.text == "--":
            return Word("masked")
        if token.kind == "sign" and token.text == "∞":
            return special("inf")
        if token.kind == "sign" and token.text == "π":
            return literal("3.141592653589793")
        self.fail(token)

    def group(self, opening: str) -> Value:
        """The values up to the closing bracket; `(x)` is x itself."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableError("The brackets are nested too deeply.")
        rows: list[tuple[list[Value], str]] = []
        while True:
            row = self.row(_OPENING[opening])
            if row[0]:
                rows.append(row)
            if self.here(_OPENING[opening]):
                break
            if not self.here(";"):
                raise UnreadableError("The brackets do not match.")
            self.at += 1
        self.at += 1
        self.depth -= 1
        if len(rows) > 1:
            return _stacked(rows, opening)
        items, comma = rows[0] if rows else ([], "")
        if opening == "(" and len(items) == 1 and not comma:
            return items[0]
        return Group(tuple(items), opening)

    # names and calls

    def name(self, token: _Token) -> Value:
        name = _MODULES.sub("", token.text)
        lower = name.lower()
        if self.here("(") and not self.token.spaced:
            return self.call(lower)
        if lower in {"true", "true_"}:
            return Truth(value=True)
        if lower in {"false", "false_"}:
            return Truth(value=False)
        if lower in {"nan", "inf", "infinity", "pinf", "ninf"}:
            return special({"infinity": "inf", "pinf": "inf", "ninf": "-inf"}.get(lower, lower))
        if lower in {"nanj", "infj"}:
            return Complex(literal("0"), special(lower[:3]))
        if lower == "pi":
            return literal("3.141592653589793")
        if token.text in {"np.e", "numpy.e", "math.e"}:
            return literal("2.718281828459045")
        return Word(token.text)

    def call(self, name: str) -> Value:
        start = self.token
        values, named = self.arguments()
        if name in _ARRAYS or name in _MASKED:
            return self.array(values, named, masked=name in _MASKED)
        if named:
            self.fail(start)
        if name == "print" and len(values) == 1:
            return values[0]
        if name in _SEQUENCES:
            bracket = _SEQUENCES[name]
            if not values:
                return Group((), bracket)
            inner = bare(values[0])
            if len(values) > 1 or not isinstance(inner, Group):
                self.fail(start)
            return Group(inner.items, bracket)
        if name in {"datetime64", "timedelta64"} and values:
            return _moment(values, self)
        if name in {"fraction", "complex"} and len(values) == 2:  # noqa: PLR2004 - two parts
            first, second = values
            if not isinstance(first, Number) or not isinstance(second, Number):
                self.fail(start)
            return combine("/", first, second) if name == "fraction" else Complex(first, second)
        if (_SCALAR.fullmatch(name) or name == "complex") and len(values) == 1:
            return _scalar(values[0], self)
        self.fail(start)

    def arguments(self) -> tuple[list[Value], dict[str, str]]:
        """Positional values and the raw text of `name=...` ones, up to the closing bracket."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableError("The brackets are nested too deeply.")
        self.at += 1
        values: list[Value] = []
        named: dict[str, str] = {}
        while True:
            self.skip_lines()
            if self.here(")"):
                break
            following = self.tokens[self.at + 1] if self.token.kind == "name" else None
            if following and following.text == "=" and following.kind == "sign":
                name = self.token.text
                self.at += 2
                if name == "data":
                    values.append(self.element())
                else:
                    named[name] = self.raw()
            elif len(values) == 1 and isinstance(bare(values[0]), Group | Text):
                named["dtype"] = self.raw()
            else:
                values.append(self.element())
            self.skip_lines()
            if self.here(","):
                self.at += 1
            elif not self.here(")"):
                self.fail()
        self.at += 1
        self.depth -= 1
        return values, named

    def raw(self) -> str:
        """The text of one argument, unread, however it is nested."""
        depth, start = 0, self.token.start
        while depth or not self.here(",", ")"):
            token = self.token
            if token.kind == "end":
                raise UnreadableError("The brackets do not match.")
            if token.kind == "sign":
                depth += (token.text in _OPENING) - (token.text in ")]}")
            self.at += 1
        return self.text[start : self.token.start].strip()

    def array(self, values: list[Value], named: dict[str, str], *, masked: bool) -> Value:
        if len(values) != 1 or ("mask" in named and not masked):
            self.fail()
        if masked and "True" in named.get("mask", "") and "--" not in self.text:
            raise UnreadableError("Write -- for what is masked.")
        shape: tuple[int, ...] | None = None
        if "shape" in named:
            shape = _lengths(read(named["shape"]))
        return Typed(bare(values[0]), named.get("dtype", ""), shape)


def _stacked(rows: list[tuple[list[Value], str]], bracket: str) -> Group:
    """Rows that lines or semicolons separate, as one group of rows."""
    if all(len(items) == 1 for items, _ in rows):
        singles = [bare(items[0]) for items, _ in rows]
        if all(isinstance(single, Group) for single in singles):
            return Group(tuple(singles), bracket)
        raise UnreadableError("One value a row can mean two things: put brackets around it.")
    if any(comma for _, comma in rows[:-1]):
        raise UnreadableError("A comma before a new line can mean two things: write the brackets.")
    return Group(tuple(Group(tuple(items), "[") for items, _ in rows), bracket)


def _string(text: str) -> Text:
    kind = text[0].lower() if text[0] not in "'\"" else ""
    inner = text[len(kind) + 1 : -1]
    if "\\" in inner:
        inner = _ESCAPE.sub(lambda found: _ESCAPED.get(found.group(1), found.group(1)), inner)
    return Text(inner, raw=kind == "b")


def _lengths(value: Value) -> tuple[int, ...]:
    items = value.items if isinstance(value, Group) else (value,)
    lengths = [item.value for item in items if isinstance(item, Number) and item.whole]
    if len(lengths) != len(items):
        raise UnreadableError("I cannot read the shape= there.")
    return tuple(int(length) for length in lengths)


def _scalar(value: Value, reader: _Reader) -> Value:
    """What stands in `np.float64(...)`; `float("nan")` and `int("3")` too."""
    value = bare(value)
    if isinstance(value, Group):
        reader.fail()
    if isinstance(value, Text) and not value.raw:
        word = value.value.strip().lower()
        sign, bare_word = word[:1] == "-", word.lstrip("+-")
        if bare_word in {"nan", "inf", "infinity"}:
            found = special(bare_word[:3])
            return combine("-", literal("0"), found) if sign else found
    return value


def _moment(values: list[Value], reader: _Reader) -> Value:
    """`datetime64('2024-01-01')` is its text, `timedelta64(2, 'D')` is "2 days"."""
    first = values[0]
    if isinstance(first, Text):
        return Text(first.value)
    unit = values[1] if len(values) > 1 else None
    if not isinstance(first, Number) or (unit and not isinstance(unit, Text)):
        reader.fail()
    if first.value.denominator != 1:
        reader.fail()
    count = first.value.numerator
    return Text(f"{count} {UNITS.get(unit.value, unit.value)}") if isinstance(unit, Text) else first


UNITS = {
    "Y": "years",
    "M": "months",
    "W": "weeks",
    "D": "days",
    "h": "hours",
    "m": "minutes",
    "s": "seconds",
    "ms": "milliseconds",
    "us": "microseconds",
    "ns": "nanoseconds",
}
"""NumPy's time units by code, as a timedelta64 prints them."""
