"""A bank of made-up single choices, for tests of anything but the content."""

from functools import cache
from pathlib import Path

from bot.bank.bank import Bank
from bot.bank.load import Source
from content.schema import TOPICS, Option
from tests.bank_items import draft, wrong

COUNT = 48
"""Three questions a topic, one of each level."""


@cache
def small_bank(count: int = COUNT) -> Bank:
    """A bank of `count` single choices: all topics in turn, and within a topic all levels."""
    return Bank({source.id: source for source in map(_source, range(count))}, {})


def _source(number: int) -> Source:
    topics = list(TOPICS)
    item = draft(
        topic=topics[number % len(topics)],
        level=1 + number // len(topics) % 3,
        stem=f"What is `n` in question {number}?",
        code=f"n = {number}",
        right=(Option(answer="n"),),
        wrong=(wrong(answer="n + 1"), wrong(answer="-1 - n")),
        holds="it == n",
    )
    return Source(f"q-{number:02}", item, f"q-{number:02}.toml", Path())
