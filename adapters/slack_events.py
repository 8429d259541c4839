"""What Slack sends, as where it happened and who did it. Pure; nothing in a payload is trusted.

A payload never says which workspace the bot works for: that comes from its own login.
"""

import re
from html import unescape

import msgspec

from adapters.slack_cards import Json
from adapters.slack_client import Login
from adapters.slack_forms import memo_of

_IDENT = re.compile(r"[A-Z0-9]{1,40}")
_PUBLIC_MENTION = re.compile(r"<[@#!][^>]*>")


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody did something, and the ways to answer it.

    `message` is the public message that was pressed on, or else it was a private one where
    `is_private`; `view` is the window, which is a member's home where `is_home`; `once` tells
    this delivery from any other.
    """

    user: str
    handle: str = ""
    guest: bool = False
    channel: str = ""
    thread: str = ""
    message: str = ""
    response_url: str = ""
    trigger: str = ""
    view: str = ""
    is_home: bool = False
    is_private: bool = False
    once: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether it was in a private conversation."""
        return self.channel.startswith("D")


def of_command(body: Json, login: Login) -> Origin:
    """Somebody typed a slash command."""
    return Origin(
        user=_ident(body, "user_id"),
        handle=_text(body, "user_name"),
        guest=_is_guest(login, _text(body, "team_id"), _text(body, "enterprise_id")),
        channel=_ident(body, "channel_id"),
        response_url=_text(body, "response_url"),
        trigger=_text(body, "trigger_id"),
        once=_text(body, "trigger_id"),
    )


def of_press(body: Json, login: Login) -> Origin:
    """Somebody pressed a button, on a message, in a window, or on their home."""
    user, container, view = _part(body, "user"), _part(body, "container"), _part(body, "view")
    action = _action(body)
    where = Origin(
        user=_ident(user, "id"),
        handle=_text(user, "username") or _text(user, "name"),
        guest=_is_guest(login, _team(body), _text(user, "enterprise_id")),
        response_url=_text(body, "response_url"),
        trigger=_text(body, "trigger_id"),
        # A form's inputs have no trigger of their own; an action's time is its own.
        once=_text(body, "trigger_id") + _text(action, "action_ts"),
    )
    if view:
        memo = memo_of(view)
        return msgspec.structs.replace(
            where,
            channel=memo.channel if memo else "",
            thread=memo.thread if memo else "",
            view=_text(view, "id"),
            is_home=view.get("type") == "home",
        )
    message, is_private = _text(container, "message_ts"), bool(container.get("is_ephemeral"))
    thread = _text(container, "thread_ts") or _text(_part(body, "message"), "thread_ts")
    return msgspec.structs.replace(
        where,
        channel=_ident(_part(body, "channel"), "id") or _ident(container, "channel_id"),
        thread=thread if thread != message else "",
        message="" if is_private else message,
        is_private=is_private,
    )


def of_form(body: Json, login: Login) -> Origin:
    """Somebody sent a form off."""
    view, memo = _part(body, "view"), memo_of(_part(body, "view"))
    return msgspec.structs.replace(
        of_press(body, login),
        channel=memo.channel if memo else "",
        thread=memo.thread if memo else "",
        view=_text(view, "id"),
        once=_text(body, "trigger_id") or _text(view, "hash"),
    )


def of_event(body: Json, login: Login) -> Origin:
    """Somebody named the bot, or opened their home."""
    event = _part(body, "event")
    return Origin(
        user=_ident(event, "user"),
        guest=_is_guest(login, _sender_team(body, event), ""),
        channel=_ident(event, "channel"),
        thread=_text(event, "thread_ts"),
        is_home=event.get("type") == "app_home_opened",
        once=_text(body, "event_id"),
    )


def _sender_team(body: Json, event: Json) -> str:
    """The workspace of whoever wrote a message; most channels have one workspace alone."""
    names = ("user_team", "source_team", "team" if body.get("is_ext_shared_channel") else "")
    return next(filter(None, (_text(event, name) for name in names)), "")


def words_beside(text: str) -> str:
    """What a message says beside the names in it, as it was typed."""
    return unescape(_PUBLIC_MENTION.sub(" ", text)).strip()


def typed(body: Json) -> str:
    """The words after a slash command, as they were typed."""
    return unescape(_text(body, "text"))


def button_of(body: Json) -> str:
    """The id of the button that was pressed."""
    return _text(_action(body), "action_id")


def click_of(body: Json) -> str:
    """Who pressed which button where."""
    container = _part(body, "container")
    where = _text(container, "message_ts") or _text(container, "view_id")
    return f"{_text(_part(body, 'user'), 'id')} {where} {button_of(body)}"


def _action(body: Json) -> Json:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return first if isinstance(first, dict) else {}


def _part(body: Json, name: str) -> Json:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def _text(body: Json, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""


def _ident(body: Json, name: str) -> str:
    """An id of Slack's; empty where there is none that could be."""
    found = _text(body, name)
    return found if _IDENT.fullmatch(found) else ""


def _team(body: Json) -> str:
    return _text(_part(body, "user"), "team_id") or _text(_part(body, "team"), "id")


def _is_guest(login: Login, team: str, enterprise: str) -> bool:
    """Whether somebody belongs to another company's workspace; one company may have several."""
    ours = not team or team in {login.team, login.enterprise}
    return not ours and not (enterprise and enterprise == login.enterprise)
