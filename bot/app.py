"""The only door: an event comes in, replies go out."""

import logging
import re

from bot import commands
from bot.cards import guide
from bot.errors import BotError, StorageError, UserError
from bot.events import (
    Arrived,
    Command,
    Event,
    FormSubmit,
    HomeOpened,
    Invalid,
    Mention,
    Press,
    Reply,
    Show,
    Typing,
)
from bot.model import Post, Submission
from bot.quiz import answer, home, manage, practice, progress, recap, study, today
from bot.quiz.desk import Desk
from bot.quiz.session import Session, parse
from bot.store import outbox, people, posts
from bot.store.people import Visit
from content.schema import TOPICS

log = logging.getLogger(__name__)

NOT_STORED = "I could not store that just now, so nothing changed. Please try again in a minute."
BROKEN = "Something went wrong on my side, and nothing changed. It is in the log."
UNKNOWN_POST = "I don't know that question here. `/numpy quiz` or `/numpy daily` gives you one."

ABOUT_A_POST = ("form", "answer", "points", "hint", "explain", "like", "report", "reveal")
"""Buttons whose first argument names a post."""

ON_THE_QUESTION = re.compile(r"(?:answer:pick|form:answer|card:hint):([0-9]+)(?::|$)")
"""The buttons that stand on a question as long as it is open, with the number of its post."""


class Bot:
    """The core behind every platform; `handle` never raises.

    On the platforms in `greets` the first command in a channel also shows the first card.
    """

    def __init__(self, desk: Desk, greets: frozenset[str] = frozenset()) -> None:
        self.desk = desk
        self._greets = greets

    async def handle(self, event: Event | Arrived) -> list[Reply]:
        """Answer an event. What cannot be done comes back as a sentence."""
        try:
            if isinstance(event, Arrived):
                return await self._arrived(event)
            return await self._handle(event)
        except UserError as error:
            return [Show(guide.notice(str(error)))]
        except StorageError:
            log.exception("not stored")
            return _excuse(event, NOT_STORED)
        except BotError as error:
            log.exception("refused")
            return [Show(guide.notice(str(error)))]
        except Exception:
            log.exception("%s failed", type(event).__name__)
            return _excuse(event, BROKEN)

    async def _handle(self, event: Event) -> list[Reply]:
        database = self.desk.database
        if event.person.guest:
            return [Show(guide.notice(guide.GUEST))]
        if isinstance(event, HomeOpened) and not people.is_member(database.read, event):
            return [Show(home.first_page())]
        visit = people.find(database.read, event)
        if visit is None:
            visit = await database.awrite(lambda conn: people.enter(conn, event))
        match event:
            case Press():
                await self._proved(visit, event)
                return await self._press(visit, event)
            case Mention(text=text) if not text.strip():
                return self._greeting(visit) or self._card_for(visit)
            case Command(text=text) | Mention(text=text):
                try:
                    replies = await self._command(visit, text)
                except UserError as error:
                    replies = [Show(guide.notice(str(error)))]
                # Only now: a first command may have set up the channel's daily.
                return replies + self._greeting(visit)
            case HomeOpened():
                return await home.page(self.desk, visit)
            case FormSubmit():
                return await self._form(visit, event)
        return []

    async def suggest(self, event: Typing) -> list[str]:
        """What `learn` finds for what is typed so far; never raises."""
        try:
            if event.person.guest:
                return []
            visit = people.find(self.desk.database.read, event)
            return await study.suggest(self.desk, visit, event.text)
        except Exception:
            log.exception("nothing could be suggested")
            return []

    async def _arrived(self, event: Arrived) -> list[Reply]:
        """The first card, where nothing has ever happened."""
        is_new = await self.desk.database.awrite(lambda conn: people.meet(conn, event))
        return [Show(guide.welcome_card(), "public")] if is_new else []

    def _greeting(self, visit: Visit) -> list[Reply]:
        """The first card in a channel, on platforms where the first event brings it."""
        if visit.tenant.platform not in self._greets or visit.channel.direct or not visit.first:
            return []
        if people.is_in_use(self.desk.database.read, visit.channel.id):
            return []
        return [Show(guide.welcome_card(), "public")]

    def _card_for(self, visit: Visit) -> list[Reply]:
        """What a mention without words shows: the channel's daily, elsewhere the help."""
        if visit.channel.direct:
            return [Show(guide.help_card())]
        return today.daily(self.desk, visit)

    async def _command(self, visit: Visit, text: str) -> list[Reply]:
        desk = self.desk
        match commands.parse(text):
            case commands.Quiz() as asked:
                return await practice.start(desk, visit, asked)
            case commands.Daily():
                return today.daily(desk, visit)
            case commands.Leaderboard() as asked:
                return progress.leaderboard(desk, visit, asked)
            case commands.Me():
                return await progress.me(desk, visit)
            case commands.Review():
                return await progress.review(desk, visit)
            case commands.Learn() as asked:
                return await study.learn(desk, visit, asked)
            case commands.Manage(action="help"):
                return [Show(guide.schedule_help_card(open_setup=desk.open_setup(visit)))]
            case commands.Manage() as asked:
                return await manage.manage(desk, visit, asked)
            case commands.Privacy():
                return [Show(guide.privacy_card(hidden=visit.member.hidden, team=visit.team))]
            case commands.Help():
                return [Show(guide.help_card())]

    async def _press(self, visit: Visit, event: Press) -> list[Reply]:  # noqa: C901, PLR0911  # one line a button
        desk = self.desk
        effect, *parts = event.button.split(":")
        if effect == "form" and parts[:1] == ["answer"]:
            parts[0] = "form"
        match parts:
            case ["pick", post_id, index, session]:
                return await self._pick(visit, post_id, index, parse(session))
            case [verb, post_id, *rest] if verb in ABOUT_A_POST:
                return await self._about(visit, verb, post_id, "".join(rest[:1]))
            case ["skip", post_id, text]:
                post = self._post(visit, post_id)
                if post is not None and post.member_id == visit.member.id:
                    return await practice.skip(desk, visit, post, parse(text))
            case ["next", text] if following := parse(text):
                return await practice.following(desk, visit, following, replace=True)
            case ["quiz"]:
                return await practice.following(desk, visit, Session())
            case ["review"]:
                return await practice.following(desk, visit, Session(review=True))
            case ["topic", topic, page] if topic in TOPICS and _is_number(page):
                return await study.learn(desk, visit, commands.Learn(topic), int(page))
            case ["study", topic, place] if topic in TOPICS and _is_number(place):
                return await study.open_one(desk, visit, topic, int(place))
            case ["share", period, scope]:
                asked = commands.parse(f"leaderboard {period} {scope}")
                if isinstance(asked, commands.Leaderboard):
                    return progress.share(desk, visit, asked)
            case ["together"]:
                return await today.together(desk, visit)
            case ["start"]:
                return await manage.start(desk, visit)
            case ["plan"]:
                return await manage.form(desk, visit)
            case ["now"]:
                return await manage.post_now(desk, visit)
            case ["preview" | "pause" | "resume" as action]:
                return await manage.pressed(desk, visit, action, in_place=effect == "replace")
            case ["recap", since] if _is_number(since):
                return [Show(await recap.since(desk, visit, int(since)))]
            case ["export"]:
                return await progress.export(desk, visit)
            case ["hide", "0" | "1" as flag]:
                return await progress.hide(desk, visit, hidden=flag == "1")
            case ["forget"]:
                return [Show(guide.forget_card())]
            case ["forget", "yes"]:
                return await progress.forget(desk, visit)
        return [Show(guide.notice(guide.UNKNOWN_BUTTON))]

    async def _about(self, visit: Visit, verb: str, post_id: str, session: str) -> list[Reply]:
        """A button that names a post."""
        desk, post = self.desk, self._post(visit, post_id)
        if post is None:
            return [Show(guide.notice(UNKNOWN_POST))]
        match verb:
            case "form":
                return answer.form(desk, visit, post, session)
            case "answer":
                return await today.study_answer(desk, visit, post)
            case "points":
                return answer.form_ticks(desk, visit, post, session)
            case "hint":
                return await today.hint(desk, visit, post)
            case "explain":
                return await today.explain(desk, visit, post)
            case "like":
                return await practice.another(desk, visit, post)
            case "report":
                return await today.report(desk, visit, post)
        return await today.reveal(desk, visit, post)

    async def _proved(self, visit: Visit, event: Press) -> None:
        """A press on a public question whose delivery is in doubt proves where it stands."""
        found = ON_THE_QUESTION.match(event.button)
        post = self._post(visit, found[1]) if found and event.message else None
        if post is None or post.kind != "daily" or post.channel_id != visit.channel.id:
            return
        if outbox.in_doubt(self.desk.database.read, post.id):
            await self.desk.database.awrite(
                lambda conn: outbox.arrived(conn, post.id, event.message)
            )

    async def _pick(
        self, visit: Visit, post_id: str, index: str, session: Session | None
    ) -> list[Reply]:
        post = self._post(visit, post_id)
        if post is None or not _is_number(index):
            return [Show(guide.notice(UNKNOWN_POST))]
        submission = Submission("", (int(index),))
        replies = await answer.submit(self.desk, visit, post, submission, session)
        replies = [
            Show(guide.invalid_card(reply)) if isinstance(reply, Invalid) else reply
            for reply in replies
        ]
        if post.kind == "together":
            replies += today.counted(self.desk, visit, post)
        return replies

    async def _form(self, visit: Visit, event: FormSubmit) -> list[Reply]:
        match event.form.split(":")[1:]:
            case ["plan"]:
                return await manage.submitted(self.desk, visit, event)
            case ["answer" | "points" as verb, post_id, session]:
                post = self._post(visit, post_id)
                if post is None:
                    return [Show(guide.notice(UNKNOWN_POST))]
                if verb == "points":
                    return answer.tick(self.desk, visit, post, event, parse(session))
                submission = answer.submission_of(event)
                return await answer.submit(self.desk, visit, post, submission, parse(session))
        return [Show(guide.notice(guide.EXPIRED))]

    def _post(self, visit: Visit, post_id: str) -> Post | None:
        if not _is_number(post_id):
            return None
        return posts.get(self.desk.database.read, int(post_id), visit.tenant.id)


def _excuse(event: Event | Arrived, words: str) -> list[Reply]:
    """What could not be done, without taking a form away that somebody has filled in."""
    if isinstance(event, FormSubmit):
        return [Invalid(next(iter(event.fields), ""), words)]
    return [Show(guide.notice(words))]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004  # SQLite's integers
