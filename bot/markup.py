"""Authors' Markdown to blocks and runs, through a real parser.

Understood: paragraphs, inline code, emphasis, links, lists and fenced code. Anything else
is shown as the words that it holds.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from bot.events import (
    Block,
    Bullets,
    Card,
    Code,
    Link,
    Name,
    Paragraph,
    Room,
    Run,
    Style,
    Table,
    Text,
    When,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  # 30 ms that a plain sentence spares

    return MarkdownIt("commonmark", {"html": False})


_STYLES: dict[str, Style] = {"strong_open": "strong", "em_open": "em"}
_SPECIAL = frozenset("\\`*_[]<>&!#|~")


@lru_cache(maxsize=2048)
def runs(text: str) -> tuple[Run, ...]:
    """One line of Markdown as runs."""
    if not _SPECIAL.intersection(text):
        return (Text(text),) if text else ()
    inline = _parser().parseInline(text)
    return tuple(_merged(_runs(inline[0].children or ())))


def _runs(tokens: Sequence["Token"]) -> Iterator[Run]:
    styles: list[Style] = []
    href = ""
    for token in tokens:
        style = styles[-1] if styles else ""
        match token.type:
            case "softbreak" | "hardbreak":
                yield Text(" ", style)
            case "link_open":
                href = str(token.attrs["href"])
            case "link_close":
                href = ""
            case "strong_open" | "em_open":
                styles.append(_STYLES[token.type])
            case "strong_close" | "em_close":
                styles.pop()
            case _ if href:
                yield Link(token.content, href)
            case "code_inline":
                yield Text(token.content, "code")
            case _:
                yield Text(token.content, style)


def _merged(parts: Iterator[Run]) -> Iterator[Run]:
    held: Text | None = None
    for part in parts:
        if isinstance(part, Text) and held is not None and held.style == part.style:
            held = Text(held.text + part.text, held.style)
            continue
        if held is not None and held.text:
            yield held
        held = part if isinstance(part, Text) else None
        if not isinstance(part, Text):
            yield part
    if held is not None and held.text:
        yield held


@lru_cache(maxsize=512)
def blocks(text: str) -> tuple[Block, ...]:
    """A Markdown text as blocks; a list in a list is shown as one list."""
    if text[:1].isalpha() and not _SPECIAL.intersection(text) and "\n" not in text:
        return (Paragraph(runs(text)),)
    return tuple(_blocks(_parser().parse(text)))


def _blocks(tokens: Sequence["Token"]) -> Iterator[Block]:
    items: list[list[Run]] = []
    depth = 0
    mark: Literal["bullet", "number"] = "bullet"
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if not depth:
                    mark = "number" if token.type.startswith("ordered") else "bullet"
                depth += 1
            case "list_item_open":
                items.append([])
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                if not depth:
                    yield from _list(items, mark)
                    items = []
            case "inline":
                found = _runs(token.children or ())
                if items:
                    items[-1] += [Text(" "), *found] if items[-1] else found
                else:
                    yield Paragraph(tuple(_merged(found)))
            case "fence" | "code_block":
                yield from _list(items, mark)
                items = []
                python = token.info.strip() in {"python", "py"}
                yield Code(token.content.rstrip("\n"), "python" if python else "")
            case _:
                pass


def _list(items: list[list[Run]], mark: Literal["bullet", "number"]) -> Iterator[Bullets]:
    """The items that say something as a list, if there are any."""
    found = tuple(tuple(_merged(iter(item))) for item in items if item)
    if found:
        yield Bullets(found, mark)


def quoted(text: str) -> str:
    """Words that somebody typed as Markdown's code, whatever they hold."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def as_typed(text: str) -> str:
    """Words that somebody typed as Markdown that shows just them."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def plain(parts: Sequence[Run]) -> str:
    """Runs as the words alone, for labels, search and screen readers."""
    return "".join(_words(part) for part in parts)


def _words(part: Run) -> str:
    match part:
        case Text(text=text) | Link(text=text):
            return text
        case Name(name=name):
            return name
        case Room(id=ident):
            return f"#{ident}"
        case When():
            return instant(part)


def instant(when: When) -> str:
    """An instant in the zone of its place, where the reader's own is not known."""
    if when.zone == "UTC":
        return f"{when.at:%a %d %b %H:%M} UTC"
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # a start in UTC never needs it

    return f"{when.at.astimezone(ZoneInfo(when.zone)):%a %d %b %H:%M} {when.zone}"


def words(card: Card) -> str:
    """A card in plain words: for notifications, screen readers and logs."""
    lines = [card.title]
    for block in card.blocks:
        match block:
            case Paragraph(runs=found):
                lines.append(plain(found))
            case Code(text=text):
                lines.append(text)
            case Bullets(items=items):
                lines.extend(f"- {plain(item)}" for item in items)
            case Table(rows=rows):
                lines.extend(" ".join(row) for row in rows)
    return "\n".join(filter(None, lines))
