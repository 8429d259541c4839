"""The bot in a Slack workspace: what Slack sends goes to the core, its replies go back.

Every press and command is acknowledged at once and worked on in a task of its own; a form
is graded first, as only its acknowledgement can keep it open with a note or turn it into
the verdict.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from cachetools import TTLCache
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from adapters import slack_events
from adapters.slack_cards import Json
from adapters.slack_client import Login, SlackClient
from adapters.slack_events import Origin
from adapters.slack_forms import card_window, fields_of, form_window, input_named
from adapters.slack_homes import SlackHomes
from adapters.slack_people import SlackPeople
from adapters.slack_replies import SlackReplies, memo, shown_in_window
from adapters.slack_wire import SlackWire
from adapters.tasks import Tasks
from bot.app import BROKEN, Bot
from bot.cards import guide
from bot.events import (
    Command,
    FormSubmit,
    Invalid,
    Mention,
    Open,
    Person,
    Place,
    Press,
    Reply,
    Show,
)
from bot.markup import plain, runs

log = logging.getLogger(__name__)

PLATFORM = "slack"

FORM_PATIENCE = 2.0
"""Seconds in which a form is graded; Slack waits for three."""

DOUBLE_CLICK = 3.0

REMEMBERED = 900.0
"""Seconds for which a delivery is known again; Slack repeats one for five minutes."""

OVERTAKING = 0.3
"""Seconds that an acknowledgement has until its window is changed over another connection."""

ANY = re.compile(r".*", re.DOTALL)


class SlackApp:
    """One workspace's connection. `clock` is UTC, `timer` counts seconds.

    `ping` is how often, in seconds, a silent socket is looked at.
    """

    def __init__(
        self,
        client: SlackClient,
        people: SlackPeople,
        bot: Bot,
        *,
        clock: Callable[[], datetime],
        timer: Callable[[], float],
        ping: float = 5.0,
    ) -> None:
        self._client, self._people, self._bot = client, people, bot
        self._clock = clock
        self._wire = SlackWire(client, ping)
        self._replies = SlackReplies(client, timer)
        self._homes = SlackHomes(client, bot, timer)
        self._seen: TTLCache[str, bool] = TTLCache(20_000, REMEMBERED, timer=timer)
        self._forms: TTLCache[str, asyncio.Task[list[Reply]]] = TTLCache(
            2_000, REMEMBERED, timer=timer
        )
        self._clicked: TTLCache[str, bool] = TTLCache(5_000, DOUBLE_CLICK, timer=timer)
        self._tasks = Tasks("Slack")

    # --- the connection -------------------------------------------------------------------

    async def connect(self) -> None:
        """Log in and begin to listen; raises SettingError, or a DeliveryError to try again."""
        login = await self._client.open()
        way = await self._wire.open(self._app(login))
        log.info("Slack: @%s in %s (%s)", login.name, login.team_name, way)

    async def hang_up(self) -> None:
        """Listen no more, and finish what came in."""
        await self._wire.close()
        await self._tasks.end()
        await self._people.close()

    async def is_up(self) -> bool:
        """Whether Slack still reaches the bot."""
        return await self._wire.is_up()

    @property
    def busy(self) -> frozenset[asyncio.Task[Any]]:
        """What is being worked on."""
        return self._tasks.busy

    async def close(self) -> None:
        """Let go of everything; the relay can send nothing from now on."""
        await self.hang_up()
        await self._client.close()

    # --- what Slack sends -----------------------------------------------------------------

    def _app(self, login: Login) -> AsyncApp:
        settings = self._client.settings

        async def authorize(**_: object) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=login.enterprise or None,
                team_id=login.team,
                bot_user_id=login.user,
                bot_id=login.bot,
                bot_token=settings.bot_token,
            )

        app = AsyncApp(
            name="numpy-bot",
            logger=logging.getLogger("slack_bolt"),
            client=AsyncWebClient(base_url=settings.api_url, retry_handlers=[]),
            authorize=authorize,
            signing_secret=settings.signing_secret,
            # Our handlers return at once, so they need not be polled for their acknowledgement.
            process_before_response=True,
        )

        async def command(ack: AsyncAck, body: Json) -> None:
            self._take(slack_events.of_command(body, login), self._on_command, body, login)
            await ack()

        async def press(ack: AsyncAck, body: Json) -> None:
            if not self._is_double(body):
                self._take(slack_events.of_press(body, login), self._on_press, body, login)
            await ack()

        async def form(ack: AsyncAck, body: Json) -> None:
            await self._on_form(ack, slack_events.of_form(body, login), body, login)

        async def event(ack: AsyncAck, body: Json) -> None:
            self._take(slack_events.of_event(body, login), self._on_event, body, login)
            await ack()

        async def nothing(ack: AsyncAck) -> None:
            await ack()

        app.command(ANY)(command)
        app.action(ANY)(press)
        app.view_submission(ANY)(form)
        app.event("app_mention")(event)
        app.event("app_home_opened")(event)
        for other in (app.view_closed, app.shortcut, app.options, app.event):
            other(ANY)(nothing)
        return app

    def _take(
        self,
        origin: Origin,
        work: "Callable[[Origin, Json, Login, datetime], Coroutine[Any, Any, None]]",
        body: Json,
        login: Login,
    ) -> None:
        """Begin to work on something, unless it came before or comes from nobody."""
        if origin.once in self._seen or not origin.user:
            return
        if origin.once:
            self._seen[origin.once] = True
        self._tasks.begin(work(origin, body, login, self._clock()))

    def _is_double(self, body: Json) -> bool:
        """Whether a press is the second half of a double click; answers have their own word."""
        button, click = slack_events.button_of(body), slack_events.click_of(body)
        if button.startswith(("answer:", "form:")):
            return False
        is_double = click in self._clicked
        self._clicked[click] = True
        return is_double

    async def _on_command(self, origin: Origin, body: Json, login: Login, at: datetime) -> None:
        if not origin.channel:
            return
        event = Command(
            place=_place(origin, login),
            person=await self._person(origin),
            at=at,
            text=slack_events.typed(body),
        )
        await self._replies.show(origin, await self._bot.handle(event))
        await self._homes.refresh(origin.user, login, event.person, at)

    async def _on_press(self, origin: Origin, body: Json, login: Login, at: datetime) -> None:
        button = slack_events.button_of(body)
        if not origin.channel:
            await self._replies.show(origin, [Show(guide.notice(guide.EXPIRED))], pushes=False)
            return
        event = Press(
            place=_place(origin, login),
            person=await self._person(origin),
            at=at,
            button=button,
            message=origin.message,
        )
        replies = await self._bot.handle(event)
        await self._replies.show(origin, replies, pushes=button.startswith("card:"))
        await self._homes.refresh(origin.user, login, event.person, at)

    async def _on_event(self, origin: Origin, body: Json, login: Login, at: datetime) -> None:
        event = body["event"]
        if not origin.user or event.get("bot_id"):
            return
        person = await self._person(origin)
        if origin.is_home:
            if event.get("tab", "home") == "home" and not origin.guest:
                await self._homes.opened(origin, login, person, at)
            return
        text = slack_events.words_beside(str(event.get("text", "")))
        asked = Mention(place=_place(origin, login), person=person, at=at, text=text)
        await self._replies.show(origin, await self._bot.handle(asked))

    # --- forms ----------------------------------------------------------------------------

    async def _on_form(self, ack: AsyncAck, origin: Origin, body: Json, login: Login) -> None:
        """Answer a form with its acknowledgement, or in its place where that takes too long."""
        task = self._forms.get(origin.once)
        is_first = task is None
        if task is None:
            task = self._tasks.add(self._graded(origin, body, login, self._clock()))
            if origin.once:
                self._forms[origin.once] = task
        done, _ = await asyncio.wait([task], timeout=FORM_PATIENCE)
        if done:
            replies = task.result()
            await ack(_answer_to_form(origin, body["view"], replies))
            late = [reply for reply in replies if isinstance(reply, Show) and reply.to == "public"]
        else:
            waiting = card_window([guide.notice(guide.CHECKING)], memo(origin))
            await ack({"response_action": "update", "view": waiting})
            late = []
        if is_first and origin.user:
            self._tasks.begin(self._after_form(origin, task, late, login, was_late=not done))

    async def _graded(self, origin: Origin, body: Json, login: Login, at: datetime) -> list[Reply]:
        if not origin.channel or not origin.user:
            return [Show(guide.notice(guide.EXPIRED))]
        try:
            return await self._bot.handle(
                FormSubmit(
                    place=_place(origin, login),
                    person=await self._person(origin),
                    at=at,
                    form=str(body["view"].get("callback_id", "")),
                    fields=fields_of(body["view"]),
                )
            )
        except Exception:
            log.exception("a form could not be read")
            return [Show(guide.notice(BROKEN))]

    async def _person(self, origin: Origin) -> Person:
        return await self._people.person(origin.user, origin.handle, guest=origin.guest)

    async def _after_form(
        self,
        origin: Origin,
        task: "asyncio.Task[list[Reply]]",
        late: list[Show],
        login: Login,
        *,
        was_late: bool,
    ) -> None:
        replies: list[Reply] = [*late]
        if was_late:
            replies = [
                Show(guide.invalid_card(reply)) if isinstance(reply, Invalid) else reply
                for reply in await task
            ]
            await asyncio.sleep(OVERTAKING)
        await self._replies.show(origin, replies, pushes=False)
        await self._homes.refresh(origin.user, login, await self._person(origin), self._clock())


def _answer_to_form(origin: Origin, view: Json, replies: list[Reply]) -> Json | str:
    """What an acknowledgement makes of a form: a note in it, another form, or its verdict."""
    for reply in replies:
        if isinstance(reply, Invalid):
            note = "\n".join(filter(None, (plain(runs(reply.note)), reply.place)))
            return {
                "response_action": "errors",
                "errors": {input_named(view, reply.field): note},
            }
        if isinstance(reply, Open):
            return {"response_action": "update", "view": form_window(reply.form, memo(origin))}
    cards = shown_in_window(replies)
    if not cards:
        return ""
    return {"response_action": "update", "view": card_window(cards, memo(origin))}


def _place(origin: Origin, login: Login) -> Place:
    return Place(PLATFORM, login.team, origin.channel, direct=origin.is_direct)
