"""The rules of wording: what an item may say, and how much of it a phone can show."""

import functools
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from bot.bank.problem import Fault
from bot.bank.structure import options
from bot.model import Question
from content.schema import Item, Option

_MOST = {"stem": 1500, "rule": 300, "why": 2500, "hint": 300, "model": 3000}
_MOST_OPTION, _MOST_ASK, _MOST_ANSWER, _MOST_POINT = 150, 300, 400, 200
_MOST_LINES, _MOST_COLUMNS, _MOST_WORDS = 24, 72, 60
_MOST_OF_TRUTH = 35
_LONGER, _MARGIN = 1.5, 15
_TITLES = 70

_BELIEF = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOCS = re.compile(r"https://numpy\.org/(?!doc/(?!stable/)|devdocs)\S+")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_I = re.IGNORECASE
_BANNED = (
    (re.compile(r"\b(all|none|both|neither|either) of the above\b", _I), "is no idea of its own"),
    (re.compile(r"\bboth [a-h] and [a-h]\b", _I), "depends on the order of the options"),
    (re.compile(r"\b(?i:option|choice|answer|answer is) [A-H]\b"), "depends on their order"),
    (
        re.compile(r"\b(first|second|third|fourth|last|previous|next) (option|choice)s?\b", _I),
        "depends on their order, which changes each time",
    ),
    (re.compile(r"\b(options?|choices?) (above|below)\b", _I), "depends on their order"),
    (
        re.compile(r"\b(obviously|simply|just|trivially|clearly|of course|needless to say)\b", _I),
        "tells those who did not know that they should have",
    ),
    (re.compile(r"\bas (we|you) all know\b|\bas everyone knows\b", _I), "belittles the reader"),
    (re.compile(r"\bNumpy\b"), "is spelled NumPy"),
)
_BLOCKS = {
    "paragraph_open", "paragraph_close", "inline", "fence",
    "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close",
    "list_item_open", "list_item_close",
}  # fmt: skip
_INLINE = {
    "text", "code_inline", "softbreak", "hardbreak", "text_special",
    "em_open", "em_close", "strong_open", "strong_close", "link_open", "link_close",
}  # fmt: skip
_PLAIN = {"paragraph_open", "paragraph_close", "inline"}
_MARKDOWN = MarkdownIt("commonmark")


def rules(item: Item) -> Iterator[Fault]:
    """Every fault in the wording of an item; runs nothing."""
    for name in ("stem", "rule", "why"):
        if not getattr(item, name).strip():
            yield Fault(name, "is empty", "Write it.")
    for path, text, most, plain in _prose(item):
        if len(text) > most:
            yield Fault(path, f"has {len(text)} characters", f"Keep it within {most}.")
        yield from _wording(path, text)
        yield from _markdown(path, text, plain=plain)
    yield from _links(item)
    yield from _snippet("code", item.code)
    for number in item.covers:
        if not 1 <= number <= _TITLES:
            yield Fault("covers", f"{number} is no title", f"Write numbers from 1 to {_TITLES}.")
    for path, option in options(item):
        yield from _option(item, path, option)
    if item.kind in ("single", "bug"):
        yield from _longest(item)


def shown_rules(question: Question) -> Iterator[Fault]:
    """Faults that show only when NumPy has computed the options."""
    right = sum(choice.right for choice in question.choices)
    wrong = len(question.choices) - right
    paths = [f"right[{n}]" for n in range(right)] + [f"wrong[{n}]" for n in range(wrong)]
    if question.kind == "predict":
        paths = ["answer", *paths[right:]]
    elif question.kind == "expression":
        paths = ["solution", *paths[right:]]
    for path, choice in zip(paths, question.choices, strict=True):
        if len(choice.text) > _MOST_OPTION:
            said = f"is shown with {len(choice.text)} characters"
            yield Fault(path, said, f"Choose one that prints within {_MOST_OPTION}.")


def _prose(item: Item) -> Iterator[tuple[str, str, int, bool]]:
    """Path, text, most characters, and whether it is a single plain paragraph."""
    for name, most in _MOST.items():
        yield name, getattr(item, name), most, name in ("rule", "hint")
    for path, option in options(item):
        yield f"{path}.text", option.text or "", _MOST_OPTION, True
        yield f"{path}.why", option.why, _MOST["rule"], True
    for n, further in enumerate(item.follow_up):
        yield f"follow_up[{n}].ask", further.ask, _MOST_ASK, True
        yield f"follow_up[{n}].answer", further.answer, _MOST_ANSWER, True
    for n, point in enumerate(item.points):
        yield f"points[{n}]", point, _MOST_POINT, True


def _wording(path: str, text: str) -> Iterator[Fault]:
    said = _CODE.sub("`", text)
    for pattern, reason in _BANNED:
        found = pattern.search(said)
        if found:
            yield Fault(path, f'"{found[0]}" {reason}', "Say it without these words.")


def _markdown(path: str, text: str, *, plain: bool) -> Iterator[Fault]:
    allowed = _PLAIN if plain else _BLOCKS
    for kind, target in _constructs(text):
        if kind == "link_open":
            if not target.startswith("https://"):
                yield Fault(path, f"links to `{target}`", "Link to https:// addresses only.")
        elif kind not in allowed and kind not in _INLINE:
            name = kind.removesuffix("_open").replace("_", " ")
            place = "a single paragraph" if plain else "paragraphs, lists, fenced code"
            remedy = f"Write {place}, inline code, emphasis and links; put < > * _ in backticks."
            yield Fault(path, f"holds Markdown that is not drawn everywhere ({name})", remedy)
            return
    if plain and "\n\n" in text.strip():
        yield Fault(path, "has more than one paragraph", "Write one.")


@functools.lru_cache(maxsize=4096)
def _constructs(text: str) -> tuple[tuple[str, str], ...]:
    """The kinds of Markdown in a text, with the target of links; closing marks left out."""
    found: dict[tuple[str, str], None] = {}
    for token in _MARKDOWN.parse(text):
        for part in (token, *(token.children or ())):
            if part.nesting >= 0:
                found[part.type, str(part.attrGet("href") or "")] = None
    return tuple(found)


def correction_rules(truth: str, docs: str) -> Iterator[Fault]:
    """Every fault of a misconception's correction: one short line, and the page that says so."""
    words = len(truth.split())
    if words > _MOST_OF_TRUTH:
        yield Fault("truth", f"has {words} words", f"Say it in {_MOST_OF_TRUTH} at most.")
    yield from _wording("truth", truth)
    yield from _markdown("truth", truth, plain=True)
    yield from _page(docs)


def _page(docs: str) -> Iterator[Fault]:
    if not _DOCS.fullmatch(docs):
        yield Fault(
            "docs",
            f"`{docs}` is no page of NumPy's current documentation",
            "Write an address that starts with https://numpy.org/doc/stable/ (or /neps/).",
        )


def _links(item: Item) -> Iterator[Fault]:
    yield from _page(item.docs)
    for path, option in options(item):
        if option.source is not None and not option.source.startswith("https://"):
            yield Fault(f"{path}.source", "is no https:// address", "Link the page that says so.")


def _snippet(path: str, code: str) -> Iterator[Fault]:
    lines = code.strip("\n").splitlines()
    if len(lines) > _MOST_LINES:
        yield Fault(path, f"has {len(lines)} lines", f"A phone shows {_MOST_LINES}: shorten it.")
    widest = max(map(len, lines), default=0)
    if widest > _MOST_COLUMNS:
        remedy = f"A phone shows {_MOST_COLUMNS}: break the line."
        yield Fault(path, f"has a line of {widest} columns", remedy)


def _option(item: Item, path: str, option: Option) -> Iterator[Fault]:
    wrong = path.startswith("wrong")
    if option.belief and not _BELIEF.fullmatch(option.belief):
        yield Fault(
            f"{path}.belief", f"`{option.belief}` is no name", "Write small words with hyphens."
        )
    if wrong and not option.belief:
        yield Fault(f"{path}.belief", "is missing", "Name what somebody who chooses this believes.")
    if wrong and not option.why.strip():
        yield Fault(f"{path}.why", "is missing", "Say to somebody who believes it why it is not.")
    if option.text is not None and not (option.holds or option.source):
        yield Fault(
            f"{path}.holds",
            "is missing",
            "Write a test that is true for the right option alone, or the `source` that says so.",
        )
    words = len(f"{option.why} {item.rule}".split())
    if words > _MOST_WORDS:
        said = f"makes a verdict of {words} words with `rule`"
        yield Fault(f"{path}.why", said, f"Keep the two within {_MOST_WORDS}.")


def _longest(item: Item) -> Iterator[Fault]:
    right = [len(option.text) for option in item.right if option.text]
    wrong = [len(option.text) for option in item.wrong if option.text]
    if not right or len(wrong) < len(item.wrong):
        return
    if right[0] > _LONGER * max(wrong) and right[0] - max(wrong) > _MARGIN:
        yield Fault("right[0].text", "gives itself away by its length", "Even the options out.")
