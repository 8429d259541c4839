"""Verifies what an item claims against what NumPy gave. Each raises `Fault`."""

from bot.bank.evaluate import Raised, Result
from bot.bank.problem import Fault
from bot.bank.shown import Shown, told
from bot.bank.structure import options
from content.schema import Item


def raised_by(result: Result) -> Raised | None:
    """What the snippet raises, or the item's `answer` where the snippet itself does not."""
    answer = result["expressions"].get("answer")
    if result["code"] is None and answer is not None and "raises" in answer:
        return answer
    return result["code"]


def verify_run(item: Item, result: Result) -> None:
    """The snippet runs, or raises exactly what the item names."""
    setup, raised = result["setup"], raised_by(result)
    if setup:
        raise Fault("setup", told(setup), "Mend the set-up; it must run.")
    named = item.raises or next((o.raises for o in item.right if o.raises), None)
    where = "code" if result["code"] else "answer"
    if raised and raised["raises"] == "SyntaxError":
        raise Fault(where, told(raised), "Mend the syntax.")
    if raised and named is None:
        name = raised["raises"]
        raise Fault(where, told(raised), f'Mend it, or write raises = "{name}" if that is meant.')
    if named and raised is None:
        raise Fault("raises", f"says `{named}`, yet nothing is raised", "Mend it or the code.")
    if named and raised and raised["raises"] != named:
        raise Fault("raises", f"says `{named}`, yet it {told(raised)}", "Name that exception.")


def verify_claims(item: Item, result: Result) -> None:
    """Every `holds` is true for a right option and false for a wrong one."""
    raised = raised_by(result)
    for path, option in options(item):
        right = path.startswith("right")
        held = result["holds"].get(path)
        own = f"{path}.holds" if option.holds else path
        if isinstance(held, dict):
            raise Fault(own, f"the test {told(held)}", "Write a test that is True or False.")
        if held is not None and held != right:
            said = "does not hold" if right else "holds, although the option is wrong"
            raise Fault(own, said, "Mend the test, the option or the code.")
        if option.raises and not right and raised and item.kind != "predict":
            _verify_other(path, option.raises, raised)


def _verify_other(path: str, name: str, raised: Raised) -> None:
    if name == raised["raises"] or name in raised["parents"]:
        raise Fault(
            f"{path}.raises",
            f"`{name}` is {raised['raises']} or a parent of it, so it is right too",
            "Name an exception that is neither.",
        )


def verify_distinct(item: Item, shown: dict[str, Shown]) -> None:
    """No two options say or show the same."""
    seen: dict[str, str] = {}
    for path, _ in options(item):
        text = " ".join((shown[path].value or shown[path].text).split())
        if text in seen:
            raise Fault(path, f"`{text}` is the same as {seen[text]}", "Write another option.")
        seen[text] = path
        visible = " ".join(shown[path].text.split())
        if seen.setdefault(visible, path) != path:
            raise Fault(path, f"`{visible}` looks like {seen[visible]}", "Write another option.")
