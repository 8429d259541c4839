"""Which keys do something now: what stands on buttons elsewhere is typed in a terminal."""

from bot.cards.parts import LETTERS
from bot.events import Bullets, Button, Card

SLOTS = {"explain": "1", "like": "2", "report": "3"}
"""Buttons that have the same number on every card, so that a hand can learn them."""

_QUESTION_KEYS = {
    "?": ("card:hint:", "? hint"),
    "!": ("replace:answer:", "! show the answer"),
    "w": ("card:explain:", "w why the last one?"),
    "s": ("replace:skip:", "s skip"),
}


def button(card: Card | None, start: str) -> Button | None:
    """The card's button whose id starts so."""
    buttons = card.buttons if card is not None else ()
    return next((button for button in buttons if button.id.startswith(start)), None)


def pressed(question: Card, key: str) -> Button | None:
    """The button of a question that a key stands for, where the question has it."""
    return button(question, _QUESTION_KEYS[key][0]) if key in _QUESTION_KEYS else None


def choices(question: Card) -> list[Button]:
    """The options of a question that one press answers."""
    return [button for button in question.buttons if button.role == "choice"]


def chosen(question: Card, line: str) -> Button | None:
    """The option that a line names, by its letter or in full."""
    offered = choices(question)
    letter = line.strip("() .").upper()
    if len(letter) == 1 and 0 <= LETTERS.find(letter) < len(offered):
        return offered[LETTERS.find(letter)]
    named = [one for one in offered if one.label.partition(". ")[2].strip() == line]
    return named[0] if len(named) == 1 else None


def numbered(card: Card | None) -> dict[str, Button]:
    """The buttons below a card that asks nothing, by the number that presses them."""
    if card is None or card.post_id is not None:
        return {}
    offered = [one for one in card.buttons if _verb(one) != "next"]
    fixed = {SLOTS[_verb(one)]: one for one in offered if _verb(one) in SLOTS}
    others = [one for one in offered if _verb(one) not in SLOTS]
    first = len(SLOTS) + 1 if fixed else 1
    return fixed | {str(number): one for number, one in enumerate(others, first)}


def legend(question: Card | None, menu: Card | None, *, covered: bool = False) -> list[str]:
    """The keys that do something now; `covered` when the question is no longer in view."""
    if question is not None and menu is None:
        has = [words for start, words in _QUESTION_KEYS.values() if button(question, start)]
        skip = [] if "s skip" in has else ["s skip"]
        again = ["Enter shows it again"] if covered else []
        several = ["AC picks A and C"] if _takes_several(question) else []
        return [*several, *has, *skip, *again, "q leave"]
    buttons = numbered(menu)
    opening = [number for number, one in buttons.items() if _opens(one)]
    keys = [f"{number} {one.label}" for number, one in buttons.items() if not _opens(one)]
    if opening:
        first, last = opening[0], opening[-1]
        keys.insert(0, f"{first} opens it" if first == last else f"{first}-{last} opens one")
    enter = "Enter next question" if question is None else "Enter back to the question"
    return [*keys, enter, "q leave"]


def _takes_several(question: Card) -> bool:
    """Whether several of its lettered options are typed as one answer."""
    lettered = any(isinstance(one, Bullets) and one.mark == "letter" for one in question.blocks)
    return lettered and not choices(question)


def _opens(one: Button) -> bool:
    """Whether it opens a topic or a question of the study guide, which the card lists."""
    return one.id.startswith(("card:topic:", "card:study:"))


def _verb(one: Button) -> str:
    return one.id.split(":")[1]
