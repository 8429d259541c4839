"""Authors' Markdown to blocks and runs, through a real parser.

Understood: paragraphs, inline code, emphasis, links, lists and fenced code. Anything else
is shown as the words that it holds.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.events import Block, Bullets, Card, Code, Link, Paragraph, Run, Style, Table, Text

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
    style: Style = ""
    href = ""
    for token in tokens:
        match token.type:
            case "text":
                yield Link(token.content, href) if href else Text(token.content, style)
            case "code_inline":
                yield Text(token.content, "code")
            case "softbreak" | "hardbreak":
                yield Text(" ")
            case "link_open":
                href = str(token.attrs["href"])
            case "link_close":
                href = ""
            case "strong_open" | "em_open":
                style = _STYLES[token.type]
            case "strong_close" | "em_close":
                style = ""
            case _:
                yield Text(token.content)


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
    """A Markdown text as blocks."""
    if not _SPECIAL.intersection(text) and "\n" not in text:
        return (Paragraph(runs(text)),) if text else ()
    return tuple(_blocks(_parser().parse(text)))


def _blocks(tokens: Sequence["Token"]) -> Iterator[Block]:
    items: list[list[Run]] | None = None
    ordered = False
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                items, ordered = [], token.type.startswith("ordered")
            case "list_item_open" if items is not None:
                items.append([])
            case "bullet_list_close" | "ordered_list_close" if items is not None:
                yield Bullets(tuple(map(tuple, items)), "number" if ordered else "bullet")
                items = None
            case "inline":
                found = tuple(_merged(_runs(token.children or ())))
                if items:
                    items[-1].extend(found)
                else:
                    yield Paragraph(found)
            case "fence" | "code_block":
                python = token.info.strip() in {"python", "py"}
                yield Code(token.content.rstrip("\n"), "python" if python else "")
            case _:
                pass


def plain(parts: Sequence[Run]) -> str:
    """Runs as the words alone, for labels, search and screen readers."""
    return "".join(_words(part) for part in parts)


def _words(part: Run) -> str:
    match part:
        case Text(text=text) | Link(text=text):
            return text
        case _:
            return getattr(part, "name", "") or f"{part.at:%Y-%m-%d %H:%M} UTC"  # type: ignore[union-attr]  # the only one left is When


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
