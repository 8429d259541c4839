"""Cards as Slack's blocks. Pure, and whatever a card says stays words.

Text goes into `rich_text` elements and plain text, where Slack reads no markup; the few
places that only take Slack's own markup (a date among small print, the text of a
notification) are escaped. So nothing that a member or an author writes can become a mention,
a link or broken formatting.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from adapters.looks import SIGNS, in_letters, one_line
from bot.cards.parts import LETTERS
from bot.events import (
    Block,
    Bullets,
    Button,
    Card,
    Code,
    Link,
    Name,
    Paragraph,
    Room,
    Run,
    Table,
    Text,
    When,
)
from bot.markup import instant, plain, words

Json = dict[str, Any]
"""A JSON object as Slack takes and gives it."""

MOST_HEADER = 150
MOST_ELEMENTS = 25
MOST_CONTEXT = 10
MOST_LABEL = 75
MOST_TEXT = 750
"""Characters of a notification's text: at most 5 bytes each when escaped, and Slack takes 4000."""

_STYLES = {"strong": "bold", "em": "italic", "code": "code"}

_DATE = "{date_short_pretty} at {time}"

_MARKUP = re.compile(r"[*_~`\n]")
"""What Slack's markup reads in a line and nobody can escape."""


def message(*cards: Card, key: str = "") -> Json:
    """What a message needs to show cards, the last one being its news; `key` marks it."""
    found = stacked(cards)
    if key:
        found[0] = {**found[0], "block_id": key}
    return {"text": notification(cards[-1]), "blocks": found}


def stacked(cards: Iterable[Card]) -> list[Json]:
    """The blocks of cards, one below the other."""
    found: list[Json] = []
    for card in cards:
        found += [{"type": "divider"}] if found else []
        found += blocks(card)
    return found


def notification(card: Card) -> str:
    """A card in plain words, for notifications and screen readers."""
    said = words(card) or "NumPy"
    return escaped(said if len(said) <= MOST_TEXT else f"{said[: MOST_TEXT - 1]}…")


def escaped(text: str) -> str:
    """Text in which Slack finds no mention, link or entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(card: Card) -> list[Json]:
    """The blocks of a card: its title, what it says, its buttons."""
    found: list[Json] = []
    if card.title:
        found.append({"type": "header", "text": plain_text(SIGNS.get(card.tone, "") + card.title)})
    found += [drawn for block in card.blocks for drawn in body(block)]
    found += _rows(card.buttons)
    return found or [_rich([_section((Text("…"),))])]


def body(block: Block) -> list[Json]:
    """One block of a card, or of what a form shows above its fields."""
    match block:
        case Paragraph(runs=runs, small=True) if context := _context(runs):
            return [context]
        case Paragraph(runs=runs):
            return [_rich([_section(runs)])] if plain(runs) else []
        case Code(text=text, language=language):
            return [_rich([_preformatted(text, language)])] if text else []
        case Bullets(items=items, mark="letter"):
            lines = [(Text(f"{LETTERS[n]}.  ", "strong"), *item) for n, item in enumerate(items)]
            return [_rich([_section(line) for line in lines])]
        case Bullets(items=items, mark=mark):
            style = "ordered" if mark == "number" else "bullet"
            sections = [_section(item) for item in items]
            return [_rich([{"type": "rich_text_list", "style": style, "elements": sections}])]
        case Table():
            return [_rich([_preformatted(in_letters(block), "")])]


def _rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def _section(runs: Iterable[Run]) -> Json:
    return {"type": "rich_text_section", "elements": [one for run in runs for one in _run(run)]}


def _run(run: Run) -> Iterator[Json]:
    match run:
        case Text(text=text, style=style):
            if text:
                yield _styled({"type": "text", "text": text}, _STYLES.get(style, ""))
        case Link(text=text, url=url) if url.startswith(("https://", "http://")):
            yield {"type": "link", "url": url, "text": text or url}
        case Link(text=text, url=url):
            yield {"type": "text", "text": text or url or "…"}
        case When(at=at):
            yield {
                "type": "date",
                "timestamp": int(at.timestamp()),
                "format": _DATE,
                "fallback": instant(run),
            }
        case Name(name=name):
            if name:
                yield _styled({"type": "text", "text": name}, "bold")
        case Room(id=ident):
            yield {"type": "channel", "channel_id": ident}


def _styled(element: Json, style: str) -> Json:
    return {**element, "style": {style: True}} if style else element


def _preformatted(text: str, language: str) -> Json:
    found: Json = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {**found, "language": language} if language else found


def _context(runs: Sequence[Run]) -> Json | None:
    """Small print; None for what has no place in it."""
    elements: list[Json] = []
    for is_plain, group in groupby(runs, key=lambda run: isinstance(run, Text | Name)):
        together = tuple(group)
        if not is_plain:
            elements += [_marked(run) for run in together if isinstance(run, When)]
        elif said := plain(together).strip():
            elements.append(_small(together, said))
    others = any(isinstance(run, Link | Room) for run in runs)
    if others or not 0 < len(elements) <= MOST_CONTEXT:
        return None
    return {"type": "context", "elements": elements}


def _small(runs: Sequence[Run], said: str) -> Json:
    """Words of small print, with code as code where Slack's markup can be trusted with it."""
    if any(_MARKUP.search(plain((run,))) for run in runs) or not _has_code(runs):
        return {"type": "plain_text", "text": said, "emoji": False}
    text = "".join(
        f"`{escaped(run.text)}`" if isinstance(run, Text) and run.style == "code"
        else escaped(plain((run,)))
        for run in runs
    )  # fmt: skip
    return {"type": "mrkdwn", "text": text.strip(), "verbatim": True}


def _has_code(runs: Sequence[Run]) -> bool:
    return any(isinstance(run, Text) and run.style == "code" for run in runs)


def _marked(when: When) -> Json:
    date = f"<!date^{int(when.at.timestamp())}^{_DATE}|{escaped(instant(when))}>"
    return {"type": "mrkdwn", "text": date, "verbatim": True}


def _rows(buttons: Sequence[Button]) -> Iterator[Json]:
    """Buttons in rows: the options of a question first, then what else one can do."""
    first_main = next((button for button in buttons if button.role == "main"), None)
    for choices in (True, False):
        row = [button for button in buttons if (button.role == "choice") is choices]
        for start in range(0, len(row), MOST_ELEMENTS):
            elements = [
                _button(button, is_first=button is first_main)
                for button in row[start : start + MOST_ELEMENTS]
            ]
            yield {"type": "actions", "elements": elements}


def _button(button: Button, *, is_first: bool) -> Json:
    found: Json = {
        "type": "button",
        "action_id": button.id,
        "text": plain_text(button.label, MOST_LABEL),
    }
    if is_first:
        found["style"] = "primary"
    elif button.role == "danger":
        found["style"] = "danger"
    return found


def plain_text(text: str, most: int = MOST_HEADER) -> Json:
    """Words that are shown as they are, cut to what the place holds."""
    text = one_line(text)
    cut = text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
    return {"type": "plain_text", "text": cut, "emoji": False}
