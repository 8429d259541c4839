"""Structured dtypes: fields with names, types, offsets, as NumPy prints them."""

import re
from collections.abc import Callable

import msgspec

from bot.grading.reader import read
from bot.grading.value import Group, Number, Text, UnreadableError, Value, Word

_PART = re.compile(r"'(names|formats|offsets|itemsize|aligned|titles)'\s*:\s*")
_DIGITS = re.compile(r"\d+")
_MOST_FIELDS = 64
_LENGTHS = 3
"""A field of three entries: its name, its type and the lengths of its axes."""


class _Field(msgspec.Struct, frozen=True):
    name: str
    type: str
    size: int
    align: int


def interpret(text: str, type_name: Callable[[str], str], *, align: bool = False) -> str:
    """The canonical name of a list of fields or of the dictionary form.

    `type_name` reads the type of one field. Raises UnreadableError.
    """
    if text.startswith("{"):
        return _from_parts(text, type_name)
    value = read(text)
    if isinstance(value, Group) and value.bracket == "(":
        field = _field(Group((Text("it"), *value.items), "("), type_name)
        return field.type
    if not isinstance(value, Group) or not 0 < len(value.items) <= _MOST_FIELDS:
        raise UnreadableError("I cannot read those fields.")
    fields = [_field(item, type_name) for item in value.items]
    return _canonical(fields, *_layout(fields, align=align))


def unnamed(types: list[str]) -> str:
    """The canonical name of fields that NumPy calls f0, f1 and so on."""
    fields = [_Field(f"f{at}", name, *_size(name)) for at, name in enumerate(types)]
    return _canonical(fields, *_layout(fields, align=False))


def shown(name: str) -> str:
    """The canonical name without the size at its end, which only tells layouts apart."""
    return name.rpartition(" of ")[0] if name.startswith("[") else name


def note(key: str, answer: str) -> str:
    """What differs between two structured dtypes, without saying how it should be."""
    names, types = (
        [re.findall(pattern, text) for text in (key, answer)]
        for pattern in (r"\('([^']*)', ", r"', '([^']*)'")
    )
    if len(names[0]) != len(names[1]):
        return "The number of fields is another."
    if names[0] != names[1]:
        return "The types fit, the field names do not." if types[0] == types[1] else ""
    if types[0] != types[1]:
        return "The field names are right, but not every type."
    return "The fields are right, but not where they lie: look at the alignment."


def _field(item: Value, type_name: Callable[[str], str]) -> _Field:
    if not isinstance(item, Group) or not 2 <= len(item.items) <= _LENGTHS:  # noqa: PLR2004 - name and type
        raise UnreadableError("A field is a name and a type, such as ('x', 'f8').")
    name, kind, *rest = item.items
    if not isinstance(name, Text):
        raise UnreadableError("Put the field names in quotes.")
    if isinstance(kind, Text | Word):
        found = type_name(kind.value if isinstance(kind, Text) else kind.name)
    elif isinstance(kind, Group) and kind.bracket == "[":
        nested = [_field(inner, type_name) for inner in kind.items]
        found = _canonical(nested, *_layout(nested, align=False))
    else:
        raise UnreadableError("I cannot read the type of a field.")
    size, align = _size(found)
    if rest:
        lengths = _lengths(rest[0])
        for length in lengths:
            size *= length
        found = f"{found} × {lengths}"
    return _Field(name.value, found, size, align)


def _lengths(value: Value) -> tuple[int, ...]:
    items = value.items if isinstance(value, Group) else (value,)
    numbers = [int(item.value) for item in items if isinstance(item, Number) and item.whole]
    if len(numbers) != len(items):
        raise UnreadableError("I cannot read the lengths of a field.")
    return tuple(numbers)


def _size(name: str) -> tuple[int, int]:
    """Bytes and alignment of a type."""
    if name.startswith("["):
        return int(name.rpartition(" ")[2]), 1
    digits = _DIGITS.search(name.partition("[")[0])
    count = int(digits[0]) if digits else 0
    plain = name.lstrip(">")
    if plain.startswith("U"):
        return 4 * count, 4
    if plain.startswith(("S", "V")):
        return count, 1
    size = {"bool": 1, "object": 8, "longdouble": 16, "clongdouble": 32}.get(plain, count // 8)
    return size, size // 2 if plain.startswith("complex") else max(size, 1)


def _layout(fields: list[_Field], *, align: bool) -> tuple[list[int], int]:
    """The offset of every field, and the size of the whole."""
    offsets, end, widest = [], 0, 1
    for field in fields:
        step = field.align if align else 1
        end += -end % step
        offsets.append(end)
        end += field.size
        widest = max(widest, step)
    return offsets, end + -end % widest


def _canonical(fields: list[_Field], offsets: list[int], size: int) -> str:
    inside = ", ".join(f"('{field.name}', '{field.type}')" for field in fields)
    packed = _layout(fields, align=False) == (offsets, size)
    where = "" if packed else f" at {', '.join(map(str, offsets))}"
    return f"[{inside}]{where} of {size}"


def _from_parts(text: str, type_name: Callable[[str], str]) -> str:
    pieces = _PART.split(text.strip("{} "))
    parts = {
        name: read(piece.strip().removesuffix(","))
        for name, piece in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    names, formats = parts.get("names"), parts.get("formats")
    if not isinstance(names, Group) or not isinstance(formats, Group):
        raise UnreadableError("I cannot read those fields.")
    if len(names.items) != len(formats.items) or len(names.items) > _MOST_FIELDS:
        raise UnreadableError("There are not as many names as formats.")
    fields = [
        _field(Group((name, kind), "("), type_name)
        for name, kind in zip(names.items, formats.items, strict=True)
    ]
    offsets, size = _layout(fields, align="aligned" in parts)
    if "offsets" in parts:
        offsets = list(_lengths(parts["offsets"]))
        size = max((at + field.size for at, field in zip(offsets, fields, strict=False)), default=0)
    if "itemsize" in parts:
        (size,) = _lengths(parts["itemsize"])
    return _canonical(fields, offsets, size)
