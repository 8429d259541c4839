"""Cards as Discord's layouts. Pure, and whatever a card says stays words.

A card becomes a container with the colour of its outcome, one text in Discord's Markdown, and
its buttons in rows. Every word that is not ours to mark up is escaped, so nothing that a member
or an author writes can become a mention, a link or broken formatting.
"""

from collections.abc import Iterator, Sequence
from zlib import crc32

import discord
from discord import ui

from adapters.discord_markup import Pen
from adapters.looks import SIGNS, one_line
from bot.events import Block, Bullets, Button, Card, Code, Paragraph, Tone

MOST_TEXT = 4000
"""Characters of all texts of a message together, as JavaScript counts them."""

MOST_IN_ROW = 5
MOST_BUTTONS = 25
MOST_LABEL = 80

COLOURS: dict[Tone, int] = {
    "question": 0x4DABCF,
    "right": 0x2DA44E,
    "partly": 0xD29922,
    "wrong": 0xCF222E,
    "notice": 0x8B949E,
    "plain": 0x4D77CF,
}

_CUT = "\n-# …"


def mark(key: str) -> int:
    """A number that marks a message, made of a delivery's key: it stands in the message unseen."""
    return crc32(key.encode()) & 0x7FFF_FFFF or 1


def layout(*cards: Card, key: str = "", command: int = 0) -> ui.LayoutView:
    """Cards one below the other, the last one being the news; `key` marks the message.

    `command` is Discord's id of `/numpy`, which lets a reader press the commands named in a card.
    """
    view = ui.LayoutView(timeout=None)
    texts = _fitting([pieces(card, Pen(command)) for card in cards])
    for number, (card, text) in enumerate(zip(cards, texts, strict=True)):
        ident = mark(key) if key and not number else None
        view.add_item(_container(card, text, ident))
    return view


def _container(card: Card, text: str, ident: int | None) -> ui.Container[ui.LayoutView]:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOURS[card.tone], id=ident)
    if text:
        box.add_item(ui.TextDisplay(text))
    if card.file is not None:
        box.add_item(ui.File(f"attachment://{card.file.name}"))
    for row in _rows(card.buttons):
        box.add_item(ui.ActionRow(*row))
    return box


def pieces(card: Card, pen: Pen) -> list[str]:
    """The title and the blocks of a card, each in Markdown and with its distance to the last."""
    found: list[str] = []
    if card.title:
        title = one_line(SIGNS.get(card.tone, "") + card.title)
        found.append(f"### {pen.escaped(title)}")
    found += body(card.blocks, pen)
    return found or ["…"]


def body(blocks: Sequence[Block], pen: Pen) -> list[str]:
    """Blocks in Markdown, each with its distance to the one before."""
    found: list[str] = []
    before: Block | None = None
    for block in blocks:
        text = pen.block(block)
        if text:
            found.append((_gap(before, block) if found else "") + text)
            before = block
    return found


def _gap(before: Block | None, block: Block) -> str:
    """An empty line between two that are read one after the other; code has its own."""
    both = (before, block)
    if isinstance(before, Paragraph) and isinstance(block, Bullets):
        return ""  # the line that announces a list
    if any(isinstance(one, Code) for one in both):
        return ""
    return "" if any(isinstance(one, Paragraph) and one.small for one in both) else "\n"


def _fitting(cards: Sequence[Sequence[str]]) -> list[str]:
    """The texts of cards as far as a message holds them; the last card comes first."""
    room, found = MOST_TEXT, list[str]()
    for parts in reversed(cards):
        text = fitting(parts, room - (len(cards) - 1 - len(found)))
        room -= _length(text)
        found.append(text)
    return found[::-1]


def fitting(parts: Sequence[str], room: int) -> str:
    """As many parts as there is room for; what is left out leaves a sign."""
    whole = "\n".join(parts)
    if _length(whole) <= room:
        return whole
    kept: list[str] = []
    for part in parts:
        if _length("\n".join([*kept, part])) + len(_CUT) > room:
            break
        kept.append(part)
    return "\n".join(kept) + _CUT if kept else "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _rows(buttons: Sequence[Button]) -> Iterator[list[ui.Button[ui.LayoutView]]]:
    """Buttons in rows: the options of a question first, then what else one can do."""
    first_main = next((button for button in buttons if button.role == "main"), None)
    for choices in (True, False):
        row = [button for button in buttons[:MOST_BUTTONS] if (button.role == "choice") is choices]
        for start in range(0, len(row), MOST_IN_ROW):
            yield [
                _button(button, is_first=button is first_main)
                for button in row[start : start + MOST_IN_ROW]
            ]


def _button(button: Button, *, is_first: bool) -> ui.Button[ui.LayoutView]:
    style = discord.ButtonStyle.secondary
    if is_first:
        style = discord.ButtonStyle.primary
    elif button.role == "danger":
        style = discord.ButtonStyle.danger
    return ui.Button(style=style, label=label(button.label, MOST_LABEL), custom_id=button.id)


def label(text: str, most: int) -> str:
    """Words that are shown as they are, in one line, cut to what the place holds."""
    text = one_line(text) or "…"
    while _length(text) > most:
        text = f"{text[: min(len(text), most) - 2].rstrip()}…"
    return text


def key_of(message: discord.Message) -> int:
    """The mark of a message; 0 where it has none."""
    first = message.components[0] if message.components else None
    return first.id or 0 if isinstance(first, discord.components.Container) else 0
