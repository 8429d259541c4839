"""The rules of wording and of what a phone can show."""

import pytest
from msgspec.structs import replace

from bot.bank.build import build
from bot.bank.rules import rules, shown_rules
from content.schema import FollowUp, Item, Option
from tests.bank_items import draft, predict, wrong

RIGHT = Option(text="It is a view.", holds="True")


def single(*wrongs: Option, right: Option = RIGHT, **fields: object) -> Item:
    """A single choice in prose."""
    two = (wrong(text="It is a copy.", holds="False"), wrong(text="It raises.", holds="False"))
    return replace(draft(right=(right,), wrong=wrongs or two), **fields)


def faults(item: Item) -> dict[str, str]:
    """Field to fault."""
    return {fault.path: f"{fault.message}. {fault.remedy}" for fault in rules(item)}


def test_a_good_item_has_no_fault() -> None:
    """Lists, fenced code, emphasis and links are fine where there is room for them."""
    lists = "One *two* **three** `a * b`.\n\n- a\n- b\n\n1. c\n\n"
    why = f"{lists}```python\na = 1\n```\n\n[x](https://numpy.org/)"

    assert {} == faults(single(why=why))


@pytest.mark.parametrize(
    ("fields", "path", "said"),
    [
        ({"stem": " "}, "stem", "is empty"),
        ({"rule": ""}, "rule", "is empty"),
        ({"stem": "x" * 1501}, "stem", "has 1501 characters. Keep it within 1500."),
        ({"rule": "x" * 301}, "rule", "within 300"),
        ({"hint": "x" * 301}, "hint", "within 300"),
        ({"why": "x" * 2501}, "why", "within 2500"),
        ({"code": "a = 1\n" * 25}, "code", "has 25 lines"),
        ({"code": "a" * 73}, "code", "has a line of 73 columns"),
        ({"covers": (71,)}, "covers", "71 is no title"),
        ({"docs": "https://example.com/"}, "docs", "https://numpy.org/doc/stable/"),
        ({"docs": "https://numpy.org/doc/1.26/user/"}, "docs", "no page"),
        ({"docs": "http://numpy.org/doc/stable/"}, "docs", "no page"),
        ({"stem": "# Which?"}, "stem", "heading"),
        ({"stem": "Which? <b>This</b>"}, "stem", "html inline"),
        ({"why": "| a |\n\n> b"}, "why", "blockquote"),
        ({"why": "![x](https://numpy.org/x.png)"}, "why", "image"),
        ({"why": "[x](javascript:alert)"}, "", ""),
        ({"why": "[x](http://numpy.org)"}, "why", "https:// addresses only"),
        ({"rule": "One.\n\nTwo."}, "rule", "more than one paragraph"),
        ({"rule": "- One"}, "rule", "list"),
        ({"why": "It is obviously so."}, "why", '"obviously"'),
        ({"why": "It just works."}, "why", '"just"'),
        ({"why": "Simply add."}, "why", '"Simply"'),
        ({"why": "As we all know."}, "why", "belittles"),
        ({"why": "None of the above."}, "why", "no idea of its own"),
        ({"why": "Both b and c hold."}, "why", "order"),
        ({"why": "The answer is A."}, "why", "order"),
        ({"why": "The first option is right."}, "why", "order"),
        ({"why": "Option B copies."}, "why", "order"),
        ({"why": "Numpy does."}, "why", "is spelled NumPy"),
        (
            {"follow_up": (FollowUp(ask="Why?", answer="x" * 401),)},
            "follow_up[0].answer",
            "within 400",
        ),
    ],
)
def test_wording_is_held_to_the_rules(fields: dict[str, object], path: str, said: str) -> None:
    """Each breach is told at its field, with what to write instead."""
    assert said in faults(replace(single(), **fields)).get(path, "")


@pytest.mark.parametrize(
    "why",
    [
        "Adjust it. A justified claim.",
        "Both `a` and `b` are views.",
        "```\nsimply just obviously\n```",
        "The answer is a view.",
        "`Numpy` is a typo.",
        "Write `<b>` and `a * b * c`.",
    ],
)
def test_good_wording_is_not_taken_for_bad(why: str) -> None:
    """Words inside words, names in backticks and code are left alone."""
    assert {} == faults(single(why=why))


@pytest.mark.parametrize(
    ("option", "path", "said"),
    [
        (wrong(text="No.", holds="False", belief=""), "wrong[0].belief", "is missing"),
        (wrong(text="No.", holds="False", belief="A Belief"), "wrong[0].belief", "is no name"),
        (wrong(text="No.", holds="False", why=""), "wrong[0].why", "is missing"),
        (wrong(text="No."), "wrong[0].holds", "is missing"),
        (wrong(text="No.", source="ftp://x"), "wrong[0].source", "is no https://"),
        (wrong(text="x" * 151, holds="False"), "wrong[0].text", "within 150"),
        (wrong(text="No.", holds="False", why="so " * 58), "wrong[0].why", "verdict of 61 words"),
        (wrong(text="A\n\nB", holds="False"), "wrong[0].text", "more than one paragraph"),
    ],
)
def test_a_wrong_option_says_what_it_must(option: Option, path: str, said: str) -> None:
    """Belief, reason and evidence are asked of every wrong option, in few words."""
    other = wrong(text="It is neither.", holds="False")

    assert said in faults(single(option, other))[path]


def test_the_key_does_not_stand_out() -> None:
    """A right option much longer than the others gives itself away."""
    long = replace(RIGHT, text="It is a view, because the strides alone describe it well.")

    assert "length" in faults(single(right=long))["right[0].text"]


@pytest.mark.parametrize(
    "fields", [{"answer": "'x' * 149"}, {"wrong": (wrong(answer="'x' * 149"),)}]
)
def test_what_numpy_prints_must_fit_too(fields: dict[str, object]) -> None:
    """A computed option longer than a phone shows is a fault of its expression."""
    item = draft(
        right=(Option(answer=str(fields.get("answer", "1"))),),
        wrong=(*fields.get("wrong", ()), wrong(answer="2"), wrong(answer="3")),  # type: ignore[misc]
    )

    (fault,) = shown_rules(build(item, source="x"))

    assert fault.path in ("right[0]", "wrong[0]")
    assert "151 characters" in fault.message


def test_the_paths_of_typed_answers_are_the_files() -> None:
    """For a typed question the key stands under `answer`."""
    question = build(predict(answer="tuple(range(80))", type="tuple"), source="x")

    assert ["answer"] == [fault.path for fault in shown_rules(question)]
