"""What a round leaves to remember: the corrections of what a member fell for."""

from pathlib import Path

import pytest

from bot.bank.bank import Bank
from bot.events import Card
from bot.markup import words
from tests.fakes import World, button, card, shipped_bank

CHOICE = "len-of-an-array"
GLOSSARY = """\
[len-counts-all-elements]
truth = "`len` is the length of the first axis."
docs = "https://numpy.org/doc/stable/reference/arrays.ndarray.html"
"""


def bank(folder: Path, glossary: str) -> Bank:
    """A bank of one question with a glossary of its own."""
    (folder / "beliefs.toml").write_text(glossary)
    return Bank({CHOICE: shipped_bank().sources[CHOICE]}, {}, folders=(folder,))


def fall_for(world: World, belief: str) -> Card:
    """Answer the only question of a round as somebody does who believes that."""
    found = card(world.say("Bea", "quiz 1"))
    post = world.asked(found)
    choice = next(n for n, one in enumerate(post.question.choices) if one.belief == belief)
    session = found.buttons[-1].id.split(":")[3]
    verdict = card(world.press("Bea", f"answer:pick:{post.id}:{choice}:{session}"))
    return card(world.press("Bea", button(verdict, "Next")))


@pytest.mark.parametrize(
    ("belief", "remembered"),
    [("len-counts-all-elements", True), ("len-counts-the-axes", False), ("", False)],
)
def test_a_round_ends_with_what_to_remember(
    tmp_path: Path, belief: str, *, remembered: bool
) -> None:
    """Where the glossary has a correction of what was believed; right answers need none."""
    with World(tmp_path, bank=bank(tmp_path, GLOSSARY)) as world:
        recap = fall_for(world, belief)
        assert remembered == ("len is the length of the first axis." in words(recap))
        evening = card(world.press("Bea", "card:recap:0"))
        assert remembered == ("To remember:" in words(evening))


def test_a_glossary_that_cannot_be_read_spoils_no_recap(tmp_path: Path) -> None:
    """`numpy-bot bank check` says what is wrong with it."""
    with World(tmp_path, bank=bank(tmp_path, "[broken")) as world:
        recap = fall_for(world, "len-counts-all-elements")
        assert "0 of 1 answer right, 0 points." in words(recap)
        assert "To remember:" not in words(recap)
