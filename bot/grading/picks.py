"""Grades picked choices."""

from bot.grading.marks import unclear
from bot.model import Choice, Mark


def grade_picks(
    choices: tuple[Choice, ...],
    picks: tuple[int, ...],
    several: bool,  # noqa: FBT001 - the third fact about a question, as plain as the first two
) -> Mark:
    """Grade the picked choices, given by position.

    One pick is right or wrong. Of `several`, every wrong tick takes back a right one; the
    outcome is "right" only when exactly the right choices are ticked. Picks that no form
    can send are unclear, and so is an empty form.
    """
    if not picks:
        return unclear("Tick at least one." if several else "Pick one of the choices.")
    if len(set(picks)) < len(picks) or not all(0 <= pick < len(choices) for pick in picks):
        return unclear("I do not know that choice: pick from the ones that are shown.")
    if not several:
        return _one(choices, picks)
    right = sum(choice.right for choice in choices)
    hits = sum(choices[pick].right for pick in picks)
    misses = len(picks) - hits
    share = max(0, hits - misses) / right if right else 0.0
    if hits == right and not misses:
        return Mark("right", share=1.0)
    note = _belief(choices, picks)
    return Mark("partly" if share else "wrong", share=share, note=note)


def _belief(choices: tuple[Choice, ...], picks: tuple[int, ...]) -> str:
    """What speaks to the first wrong tick, or else to the first right choice that was missed."""
    ticked = [choices[pick] for pick in sorted(picks) if not choices[pick].right]
    missed = [one for n, one in enumerate(choices) if one.right and n not in picks]
    for choice in (*ticked, *missed):
        if choice.why:
            named = choice.code and "\n" not in choice.text and "`" not in choice.text
            return f"`{choice.text}`: {choice.why}" if named else choice.why
    return ""


def _one(choices: tuple[Choice, ...], picks: tuple[int, ...]) -> Mark:
    if len(picks) > 1:
        return unclear("Pick one choice only.")
    (pick,) = picks
    if choices[pick].right:
        return Mark("right", share=1.0, choice=pick)
    return Mark("wrong", choice=pick)
