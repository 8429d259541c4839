"""What Slack would refuse, and what we must not send, is found out before it is sent."""

from pathlib import Path

import pytest

from tests import slack_rules
from tests.slack_rules import SPECS, Json, manifest_problems, problems_of

HEADER: Json = {"type": "header", "text": {"type": "plain_text", "text": "Menu"}}
FORM: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Answer"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "Shape"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}, "150"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}, "<@U1>"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "a & b"}}, "not escaped"),
        ({"type": "context", "elements": []}, "0 elements"),
        ({"type": "nothing"}, "does not know"),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "broadcast", "range": "here"}],
                    }
                ],
            },
            "broadcast",
        ),
    ],
)
def test_rules_of_blocks(block: Json, problem: str) -> None:
    """A block that Slack would refuse, or that mentions somebody, is found out."""
    found = problems_of({"text": "x", "blocks": [block]}, "message")
    assert any(problem in text for text in found), found


def test_rules_of_surfaces() -> None:
    """Messages need a text, modals a title and a submit, and a date is the only markup."""
    date = {"text": "<!date^1772438400^{time}|noon> &amp;", "blocks": [HEADER]}
    assert [] == problems_of(date, "message")
    assert [] == problems_of(FORM, "modal")
    assert 1 == len(problems_of({"text": "", "blocks": [HEADER]}, "message"))
    assert 1 == len(problems_of({"text": "é" * 2001}, "message", update=True))
    assert problems_of(FORM | {"submit": None}, "modal")
    assert 1 == len(problems_of({"text": "x", "blocks": [HEADER] * 51}, "message"))


@pytest.mark.skipif(not SPECS.exists(), reason="the published schemas are not beside the checkout")
def test_rules_of_manifests() -> None:
    """A manifest without a name is found out."""
    assert [] == manifest_problems({"display_information": {"name": "Bot"}})
    assert manifest_problems({"display_information": {}})


def test_rules_without_the_schemas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the published schemas are absent, the rest is still checked."""
    monkeypatch.setattr(slack_rules, "SPECS", tmp_path)
    slack_rules._definitions.cache_clear()
    found = problems_of({"text": "x", "blocks": [HEADER, {"type": "nothing"}]}, "message")
    slack_rules._definitions.cache_clear()
    assert ["block 1 (nothing): slack_sdk does not know it"] == found
    assert manifest_problems({}) is None
