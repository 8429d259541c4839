"""Reads text into a value: numbers, strings, nested brackets, and what NumPy prints.

Everything is bounded (tokens, depth, digits, arithmetic), so that no text takes long.
"""

import re
from functools import lru_cache

from bot.grading import calls
from bot.grading.arithmetic import combine, literal, special
from bot.grading.tokens import Token, tokens
from bot.grading.value import (
    Complex,
    Group,
    Number,
    Text,
    Truth,
    UnreadableError,
    Value,
    Word,
    bare,
)
from bot.markup import as_typed

_DEEPEST = 32
_MOST_OPERATIONS = 200

_OPENING = {"(": ")", "[": "]", "{": "}"}
_MODULES = re.compile(
    r"(?:np|numpy|jnp|jax\.numpy|torch|tf|cp|cupy|xp|ma|math|cmath|builtins)\.(?:ma\.|types\.)?"
)
_PI, _E = "3.141592653589793", "2.718281828459045"
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def read(text: str, *, arithmetic: bool = False) -> Value:
    """The one value that the text spells.

    With `arithmetic`, + and - between numbers are worked out; without it only signs,
    complex numbers, fractions and powers are read. Rows may be lines, or end in `;`.

    Raises UnreadableError for anything else. A few texts are remembered, for a key is
    compared with every option.
    """
    return _read(text, arithmetic)


@lru_cache(maxsize=64)
def _read(text: str, arithmetic: bool) -> Value:  # noqa: FBT001 -- the cache's key
    return _Reader(text, arithmetic=arithmetic).whole()


class _Reader:
    """A recursive-descent reader over one text."""

    def __init__(self, text: str, *, arithmetic: bool) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0
        self.operations = 0
        self.arithmetic = arithmetic

    # what stands here

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def here(self, *signs: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "sign" and token.text in signs

    def problem(self, token: Token | None = None) -> UnreadableError:
        """What to say when the token, or else the next one, does not fit."""
        token = token or self.token
        if token.kind == "dots":
            return UnreadableError("Write every value, without dots.")
        if token.kind == "end":
            return UnreadableError("Something is missing at the end.")
        if token.text in {")", "]", "}"}:
            return UnreadableError("The brackets do not match.")
        return UnreadableError(
            f"I cannot read “{as_typed(token.text[:20]) or 'a line break'}” there."
        )

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
                raise self.problem()
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
                        raise self.problem()
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
                raise self.problem()
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
            case _:
                raise self.problem()

    def operate(self) -> None:
        """Count an operator; there may be a few."""
        self.operations += 1
        if self.operations > _MOST_OPERATIONS:
            raise UnreadableError("That is too much arithmetic.")

    def combined(self, sign: str, left: Value, right: Value) -> Number:
        if not isinstance(left, Number) or not isinstance(right, Number):
            raise UnreadableError(f"I cannot work out “{as_typed(sign)}” there.")
        return combine(sign, left, right)

    def primary(self) -> Value:
        token = self.token
        self.at += 1
        match token.kind, token.text:
            case "number", text if text[-1] in "jJi":
                return Complex(literal("0"), literal(text[:-1]))
            case "number", text:
                return literal(text.rstrip("L"))
            case "string", text:
                return _string(text)
            case "date", text:
                return Text(text)
            case "name", _:
                return self.name(token)
            case "sign", ("(" | "[" | "{") as opening:
                return self.group(opening)
            case "sign", "--":
                return Word("masked")
            case "sign", "∞":
                return special("inf")
            case "sign", "π":
                return literal(_PI)
            case _:
                raise self.problem(token)

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

    def name(self, token: Token) -> Value:
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
            return literal(_PI)
        if token.text in {"np.e", "numpy.e", "math.e"}:
            return literal(_E)
        return Word(token.text)

    def call(self, name: str) -> Value:
        values, named = self.arguments()
        return calls.call(name, values, named)

    def arguments(self) -> tuple[list[Value], dict[str, Value | str]]:
        """Positional values and the raw text of `name=...` ones, up to the closing bracket."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableError("The brackets are nested too deeply.")
        self.at += 1
        values: list[Value] = []
        named: dict[str, Value | str] = {}
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
                    named[name] = self.element() if name == "shape" else self.raw()
            elif len(values) == 1 and isinstance(bare(values[0]), Group | Text):
                named["dtype"] = self.raw()
            else:
                values.append(self.element())
            self.skip_lines()
            if self.here(","):
                self.at += 1
            elif not self.here(")"):
                raise self.problem()
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
