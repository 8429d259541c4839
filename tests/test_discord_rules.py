"""What the loopback Discord refuses, so that a test against it proves something."""

import pytest

from tests.discord_rules import CALLBACK, COMMANDS, CREATE, problems_of
from tests.discord_schema import OPENAPI, Json

NOBODY: Json = {"parse": []}


def box(*parts: Json, **more: object) -> Json:
    """A container."""
    return {"type": 17, "components": [*parts], **more}


def text(content: str = "words") -> Json:
    """A text display."""
    return {"type": 10, "content": content}


def button(ident: str = "a", label: str = "A", **more: object) -> Json:
    """A button."""
    return {"type": 2, "style": 2, "custom_id": ident, "label": label, **more}


def row(*parts: Json) -> Json:
    """A row."""
    return {"type": 1, "components": [*parts]}


def message(*parts: Json, **more: object) -> Json:
    """A message of Components V2."""
    return {"components": [*parts], "flags": 1 << 15, "allowed_mentions": NOBODY, **more}


def found(route: str, body: object, **more: object) -> list[str]:
    """What is wrong with a body."""
    method, path = route.split(" ", 1)
    return problems_of(method, path, body, **more)  # type: ignore[arg-type]  # as it takes them


def needs(word: str) -> None:
    """Skip what only Discord's own document knows, where that is not beside the checkout."""
    if not word and not OPENAPI.exists():
        pytest.skip("Discord's OpenAPI document is not there")


def test_a_message_as_it_should_be() -> None:
    """Nothing is wrong with it."""
    good = message(box(text(), row(button(), button("b", "B"))), nonce="npb-1-question")
    assert [] == found(CREATE, good)
    assert [] == found(CREATE, message(box(text("see <#1> <t:1:f> </numpy quiz:1> `@everyone`"))))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (message(box(text("x" * 4001))), ""),
        (message(box(text("x" * 2500)), box(text("x" * 2500))), "5000 characters"),
        (message(*[box(text())] * 21), "42 components"),
        (message(box(text(), row(button(), button()))), "custom_id 'a' occurs twice"),
        (message(box(text(), id=7), box(text(), id=7)), "id 7 occurs twice"),
        (message(box(row(*[button(str(n)) for n in range(6)]))), ""),
        (message(box(row(button(label="x" * 81)))), ""),
        (message(box(row(button("x" * 101)))), ""),
        (message(box(row(button(label=" ")))), "neither label nor emoji"),
        (message(box(text("hello @everyone"))), "live mention: @everyone"),
        (message(box(text("hello <@123>"))), "live mention: <@123>"),
        (message(box(text("hello <@&123>"))), "live mention"),
        (message(box(text(" "))), "says nothing"),
        (message(box(text()), content="x"), "content in a message of Components V2"),
        ({**message(box(text())), "flags": 0}, "without their flag"),
        ({**message(box(text())), "allowed_mentions": None}, "allowed_mentions is None"),
        ({"components": [box(text())], "flags": 1 << 15}, "allowed_mentions is None"),
        (message(box(text()), allowed_mentions={"parse": ["everyone"]}), "allowed_mentions"),
        (message(box(text()), nonce="x" * 26), ""),
        ({"content": "x" * 2001, "allowed_mentions": NOBODY}, "2001 characters"),
        ({"content": "", "allowed_mentions": NOBODY}, "an empty message"),
        (message(box({"type": 13, "file": {"url": "attachment://a.json"}})), "was not uploaded"),
        (message(box({"type": 99})), ""),
    ],
)
def test_what_discord_or_we_refuse(body: Json, word: str) -> None:
    """Too long, too many, twice, a ping, or of no known shape."""
    needs(word)
    problems = found(CREATE, body)
    assert 1 <= len(problems)
    assert word in problems[0]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"custom_id": "x", "title": "x" * 46, "components": [text()]}, ""),
        ({"custom_id": "x", "title": "T", "components": []}, ""),
        ({"custom_id": "x", "title": "T", "components": [text()] * 6}, "6 components"),
        ({"custom_id": "x", "title": "T", "components": [text("@here")]}, "live mention"),
    ],
)
def test_forms_that_are_refused(data: Json, word: str) -> None:
    """Long titles, too many fields, pings in their words."""
    needs(word)
    problems = found(CALLBACK, {"type": 9, "data": data})
    assert 1 <= len(problems)
    assert word in problems[0]


@pytest.mark.parametrize(
    ("choices", "word"),
    [
        ([{"name": str(n), "value": "x"} for n in range(26)], ""),
        ([{"name": "a", "value": "x"}, {"name": "a", "value": "y"}], "the same name"),
        ([{"name": "x" * 101, "value": "x"}], ""),
    ],
)
def test_suggestions_that_are_refused(choices: list[Json], word: str) -> None:
    """Too many, too long, or two of one name."""
    needs(word)
    problems = found(CALLBACK, {"type": 8, "data": {"choices": choices}})
    assert 1 <= len(problems)
    assert word in problems[0]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ({"name": "Upper", "description": "x"}, "cannot be named"),
        ({"name": "a", "description": ""}, ""),
        ({"name": "a", "description": "x" * 101}, ""),
        (
            {
                "name": "a",
                "description": "x",
                "options": [
                    {"name": "one", "description": "x", "type": 3},
                    {"name": "two", "description": "x", "type": 3, "required": True},
                ],
            },
            "required options come first",
        ),
    ],
)
def test_commands_that_are_refused(command: Json, word: str) -> None:
    """Their names, their descriptions, the order of their options."""
    needs(word)
    problems = found(min(COMMANDS), [command])
    assert 1 <= len(problems)
    assert word in problems[0]
