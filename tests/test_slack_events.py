"""What Slack sends, as where it happened and who did it: nothing in a payload is trusted."""

from collections.abc import Callable

import pytest

from adapters.slack_cards import Json
from adapters.slack_client import Login
from adapters.slack_events import (
    Origin,
    button_of,
    of_command,
    of_event,
    of_form,
    of_press,
    typed,
    words_beside,
)
from tests.slack_payloads import (
    COMMAND,
    COMPANY,
    FORM,
    HOME,
    LOGIN,
    MENTION,
    PRESS,
    PRESS_IN_A_WINDOW,
    URL,
    changed,
)


def test_a_command() -> None:
    """It says who typed it where, and how to answer."""
    expected = Origin(
        user="UADA",
        handle="ada.k",
        channel="C1",
        response_url=URL,
        trigger="1.1.command",
        once="1.1.command",
    )
    assert expected == of_command(COMMAND, LOGIN)
    assert not of_command(COMMAND, LOGIN).is_direct
    assert of_command(changed(COMMAND, channel_id="DADA"), LOGIN).is_direct


def test_a_press_on_a_message() -> None:
    """It says which public message was pressed on."""
    expected = Origin(
        user="UADA",
        handle="ada.k",
        channel="C1",
        message="1772438400.000100",
        response_url=URL,
        trigger="1.1.press",
        once="1.1.press1772438401.5",
    )
    assert expected == of_press(PRESS, LOGIN)
    assert "answer:pick:1:0:" == button_of(PRESS)


def test_two_presses_are_two_deliveries() -> None:
    """What differs in time is no repetition; the same is the same."""
    later = changed(PRESS, actions=[{"action_id": "a", "action_ts": "1772438402.5"}])
    assert of_press(PRESS, LOGIN).once == of_press(dict(PRESS), LOGIN).once
    assert of_press(PRESS, LOGIN).once != of_press(later, LOGIN).once


def test_a_press_on_something_private_carries_no_message() -> None:
    """What only one person sees is never edited for all."""
    private = of_press(changed(PRESS, container={"is_ephemeral": True}), LOGIN)
    assert ("", "C1", URL) == (private.message, private.channel, private.response_url)


def test_a_press_in_a_thread() -> None:
    """A reply says in which thread it stands; a thread's first message stands in the channel."""
    root, reply = "1772438400.000100", "1772438500.000100"
    told = changed(PRESS, container={"message_ts": reply, "thread_ts": root})
    assert (root, reply) == (of_press(told, LOGIN).thread, of_press(told, LOGIN).message)
    beside = changed(PRESS, container={"message_ts": reply}, message={"thread_ts": root})
    assert root == of_press(beside, LOGIN).thread
    first = changed(PRESS, container={"thread_ts": root})
    assert ("", root) == (of_press(first, LOGIN).thread, of_press(first, LOGIN).message)


def test_a_press_in_a_window() -> None:
    """A window stands where its memo says, not where a payload says."""
    found = of_press(changed(PRESS_IN_A_WINDOW, channel={"id": "C666"}), LOGIN)
    assert ("C7", "1772438400.000100") == (found.channel, found.thread)
    assert ("V1", "", False) == (found.view, found.message, found.is_home)


def test_a_press_on_a_home() -> None:
    """A home is a window that stays."""
    body = changed(
        PRESS_IN_A_WINDOW, view={"type": "home", "private_metadata": '{"channel":"DADA"}'}
    )
    found = of_press(body, LOGIN)
    assert ("DADA", "V1", True, True) == (
        found.channel,
        found.view,
        found.is_home,
        found.is_direct,
    )


@pytest.mark.parametrize(
    "memo",
    [
        *("", "{}", "[]", "null", "C1", '{"channel":1}', '{"channel":"c1; DROP"}', "{" * 500),
        *('{"channel":""}', '{"channel":"C1","more":1}', '{"channel":"C1\\n"}', "\ud800"),
    ],
)
@pytest.mark.parametrize("of", [of_press, of_form])
def test_a_window_whose_memo_is_not_ours_stands_nowhere(
    of: Callable[[Json, Login], Origin], memo: str
) -> None:
    """An old or foreign window gives no channel to act in."""
    found = of(changed(PRESS_IN_A_WINDOW, view={"private_metadata": memo}), LOGIN)
    assert ("", "", "V1") == (found.channel, found.thread, found.view)


def test_a_form() -> None:
    """It stands where its window was opened, and the same one sent twice is known again."""
    found = of_form(FORM, LOGIN)
    assert ("UADA", "C7", "1772438400.000100", "V1") == (
        found.user,
        found.channel,
        found.thread,
        found.view,
    )
    assert "1.1.form" == found.once
    assert "hash1" == of_form(changed(FORM, trigger_id=None), LOGIN).once


def test_a_mention() -> None:
    """In a channel, or in a thread that goes on there; it has no way to answer but to write."""
    assert Origin(user="UADA", channel="C1", once="Ev1") == of_event(MENTION, LOGIN)
    inside = of_event(changed(MENTION, event={"thread_ts": "1.1"}), LOGIN)
    assert ("C1", "1.1") == (inside.channel, inside.thread)


def test_a_home_that_is_opened() -> None:
    """It is the member's own."""
    found = of_event(HOME, LOGIN)
    assert ("UADA", "DADA", True, "Ev2") == (
        found.user,
        found.channel,
        found.is_home,
        found.once,
    )


@pytest.mark.parametrize("login", [LOGIN, COMPANY])
@pytest.mark.parametrize(
    ("team", "enterprise", "guest"),
    [
        ("T1", "", {LOGIN: False, COMPANY: False}),
        ("", "", {LOGIN: False, COMPANY: False}),
        ("T2", "", {LOGIN: True, COMPANY: True}),
        ("T2", "E2", {LOGIN: True, COMPANY: True}),
        ("T2", "E1", {LOGIN: True, COMPANY: False}),
        ("E1", "", {LOGIN: True, COMPANY: False}),
    ],
)
def test_guests_are_known_by_team_and_enterprise(
    team: str, enterprise: str, guest: dict[Login, bool], login: Login
) -> None:
    """Another company's workspace is another team; a sister of ours in one company is not."""
    command = changed(COMMAND, team_id=team, enterprise_id=enterprise)
    user: Json = {"team_id": team, "enterprise_id": enterprise}
    assert guest[login] == of_command(command, login).guest
    assert guest[login] == of_press(changed(PRESS, user=user), login).guest
    assert guest[login] == of_form(changed(FORM, user=user), login).guest


def test_guests_name_the_bot_in_channels_that_two_teams_share() -> None:
    """An event says whose member it is about; without it, it is one of ours."""
    for name in ("user_team", "source_team"):
        assert of_event(changed(MENTION, event={name: "T2"}), LOGIN).guest
        assert not of_event(changed(MENTION, event={name: "T1"}), LOGIN).guest
    assert not of_event(MENTION, LOGIN).guest


def test_a_payload_does_not_say_which_workspace_is_ours() -> None:
    """Its own claim makes nobody a member."""
    body = changed(PRESS, team={"id": "T2"}, user={"team_id": "T2"}, enterprise={"id": "E2"})
    assert of_press(body, LOGIN).guest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@UBOT> quiz easy", "quiz easy"),
        ("quiz <@UBOT> easy", "quiz   easy"),
        ("<@UBOT>", ""),
        ("<@UBOT|numpy>daily", "daily"),
        ("<#C1|numpy> <!here> <!subteam^S1> me", "me"),
        ("<@UBOT> a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("<@UBOT> &lt;@U1&gt;", "<@U1>"),
        ("<@UBOT> &amp;lt;", "&lt;"),
        ("", ""),
        ("<@UBOT", "<@UBOT"),
    ],
)
def test_words_beside_a_mention(text: str, words: str) -> None:
    """Names are left out, and what Slack escaped is as it was typed, unescaped once."""
    assert words == words_beside(text)


def test_a_command_s_words_are_as_they_were_typed() -> None:
    """What Slack escapes is unescaped once."""
    assert "quiz <easy> &amp; 3" == typed(COMMAND)
