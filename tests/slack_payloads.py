"""What Slack sends when somebody types, presses, fills in, names the bot or opens their home."""

import msgspec

from adapters.slack_cards import Json
from adapters.slack_client import Login

LOGIN = Login(team="T1", team_name="Test", user="UBOT", name="numpy", bot="BBOT")
COMPANY = msgspec.structs.replace(LOGIN, enterprise="E1")
"""A workspace of a company that has several."""

URL = "https://hooks.slack.com/commands/T1/1/x"

COMMAND: Json = {
    "token": "legacy",
    "team_id": "T1",
    "team_domain": "test",
    "channel_id": "C1",
    "channel_name": "numpy",
    "user_id": "UADA",
    "user_name": "ada.k",
    "command": "/numpy",
    "text": "quiz &lt;easy&gt; &amp;amp; 3",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
    "response_url": URL,
    "trigger_id": "1.1.command",
}
PRESS: Json = {
    "type": "block_actions",
    "user": {"id": "UADA", "username": "ada.k", "name": "ada", "team_id": "T1"},
    "team": {"id": "T1", "domain": "test"},
    "enterprise": None,
    "container": {
        "type": "message",
        "message_ts": "1772438400.000100",
        "channel_id": "C1",
        "is_ephemeral": False,
    },
    "channel": {"id": "C1", "name": "numpy"},
    "message": {"type": "message", "ts": "1772438400.000100", "text": "Daily #1"},
    "trigger_id": "1.1.press",
    "response_url": URL,
    "actions": [
        {"type": "button", "action_id": "answer:pick:1:0:", "action_ts": "1772438401.5"},
    ],
}
VIEW: Json = {
    "id": "V1",
    "type": "modal",
    "hash": "hash1",
    "private_metadata": '{"channel":"C7","thread":"1772438400.000100"}',
    "callback_id": "form:answer:1:",
    "blocks": [],
    "state": {"values": {}},
}
PRESS_IN_A_WINDOW: Json = {
    name: value for name, value in PRESS.items() if name not in {"channel", "message"}
} | {"container": {"type": "view", "view_id": "V1"}, "view": VIEW}
FORM: Json = {
    "type": "view_submission",
    "user": PRESS["user"],
    "team": PRESS["team"],
    "trigger_id": "1.1.form",
    "view": VIEW,
    "response_urls": [],
}
MENTION: Json = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {
        "type": "app_mention",
        "user": "UADA",
        "text": "<@UBOT> quiz easy",
        "ts": "1772438400.000200",
        "channel": "C1",
        "team": "T1",
    },
}
HOME: Json = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev2",
    "event": {"type": "app_home_opened", "user": "UADA", "channel": "DADA", "tab": "home"},
}


def changed(body: Json, **changes: Json | str | list[Json] | None) -> Json:
    """A payload with other parts; a part that is an object keeps what is not changed."""
    found = dict(body)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(body.get(name), dict)
        found[name] = {**body[name], **value} if both and isinstance(value, dict) else value
    return found
