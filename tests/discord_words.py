"""What texts and components of Discord say, and what in them would reach out to somebody."""

import re
from collections.abc import Iterator

from tests.discord_schema import Json

ROW, BUTTON, TEXT_INPUT, SECTION, TEXT = 1, 2, 4, 9, 10
THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 11, 12, 13, 14, 17, 18
STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 3, 21, 22, 23
SELECTS = {3, 5, 6, 7, 8}
V2 = {SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER}
LINK, PREMIUM = 5, 6

_MARKUP = re.compile(
    r"""
    \\[\s\S]                                          # what is escaped
    | ```[\s\S]*?```                                  # a block of code
    | (?<!`)(?P<ticks>`{1,2})(?!`)[\s\S]+?(?<!`)(?P=ticks)(?!`)  # a span of code
    | <\#\d+> | <t:-?\d+(:[a-zA-Z])?> | </[-_\w ]+:\d+>  # what mentions nobody
    | (?P<live>@everyone | @here | <(?:@[!&]?|\#|/|t:|id:|a?:\w)[^<>\n]*>)
    """,
    re.VERBOSE,
)


def mentions(text: str) -> Iterator[str]:
    """What in a text with markup Discord would read as a mention of somebody or something."""
    for found in _MARKUP.finditer(text):
        if found["live"]:
            yield f"a live mention: {found['live'][:80]}"


def walk(components: object) -> Iterator[Json]:
    """Every component within components, depth first."""
    for component in components if isinstance(components, list) else []:
        if isinstance(component, dict):
            yield component
            yield from walk(component.get("components"))
            yield from walk([component.get("accessory"), component.get("component")])


def displays(components: object) -> list[str]:
    """The contents of all text displays."""
    return [str(part.get("content") or "") for part in walk(components) if part.get("type") == TEXT]


def embed_texts(embed: Json) -> Iterator[tuple[str, str, int]]:
    """All texts of an embed: where it stands, what it says, and how long it may be."""
    yield "title", str(embed.get("title") or ""), 256
    yield "description", str(embed.get("description") or ""), 4096
    yield "footer", str((embed.get("footer") or {}).get("text") or ""), 2048
    yield "author", str((embed.get("author") or {}).get("name") or ""), 256
    for field in embed.get("fields") or []:
        yield "a field's name", str(field.get("name") or ""), 256
        yield "a field's value", str(field.get("value") or ""), 1024


def said(body: Json) -> Iterator[str]:
    """Every text of a message or modal that somebody reads, in order."""
    yield str(body.get("title") or "")
    yield str(body.get("content") or "")
    for embed in body.get("embeds") or []:
        yield from (text for _, text, _ in embed_texts(embed))
    for part in walk(body.get("components")):
        for key in ("content", "label", "description", "placeholder", "value"):
            # A button has no value to read, and a text input's is what stands in it.
            if isinstance(part.get(key), str):
                yield part[key]
        for option in part.get("options") or []:
            yield str(option.get("label") or "")
            yield str(option.get("description") or "")
        media = [part.get("media") or part, *(part.get("items") or [])]
        yield from (str(item["description"]) for item in media if _described(item, part))


def _described(item: Json, part: Json) -> bool:
    return item is not part and isinstance(item.get("description"), str)
