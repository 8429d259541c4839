"""Help, the study guide, privacy, the first meeting, and short sentences."""

from collections.abc import Sequence

import msgspec

from bot.cards.parts import LEVEL_WORDS, ident, many, sentence, small, text
from bot.cards.plan import GRANTED, KEEPERS, plan_words
from bot.cards.verdict import origin
from bot.commands import COMMANDS, PLANS
from bot.events import (
    Block,
    Bullets,
    Button,
    Card,
    Code,
    File,
    Invalid,
    Link,
    Name,
    Paragraph,
    Room,
    Table,
    Text,
)
from bot.markup import blocks, runs
from bot.model import Member, Post
from bot.schedule import Schedule
from bot.store.people import Visit
from content.overviews import Overview
from content.schema import TOPICS

NAME = "NumPy study bot"
CLOSE = "Close"

UNKNOWN_BUTTON = "I don't know that button any more. Try `/numpy help`."

GUEST = (
    "You are here from another team, and I play with this channel's own team alone. Ask your own "
    "team to invite me."
)

SENT_APART = "I sent it to you as a direct message."
"""In place of a card whose file cannot stand where the card would."""

NOT_SENT = "I could not send you the file privately. Please try again in a minute."

NOT_A_MANAGER = {
    True: "Only whoever set up this channel's daily, and this team's owners and admins, can do "
    "that.",
    False: "Only those who may manage this channel, or the whole server, can do that.",
}
"""Where any member may set up a daily, and where the platform says who may."""

NOT_THERE = (
    "I could not answer you in the channel. Invite me there with `/invite`, or practise here: "
    "`/numpy quiz`."
)

NOT_SHOWN = "I could not show that. `/numpy daily` and `/numpy me` show what is stored."

NOT_OPEN = "That did not open. Please try again."

CHECKING = "Checking…"

EXPIRED = "That form has expired. Please open it again."

PAGE = 8
"""Questions on a page of the study guide."""


def notice(words: str) -> Card:
    """A short private sentence (Markdown)."""
    return Card(title="", blocks=(sentence(words),), tone="notice")


def invalid_card(invalid: Invalid, form: str = "") -> Card:
    """What is wrong with a form that could not stay open, and the way back to it, if any."""
    card = again_card(invalid.note, form) if form else notice(invalid.note)
    if not invalid.place:
        return card
    return msgspec.structs.replace(card, blocks=(*card.blocks, Code(invalid.place, "")))


def again_card(words: str, form: str, label: str = "Try again") -> Card:
    """A sentence about a form that could not stay open, and the way back to it."""
    return Card(
        title="", blocks=(sentence(words),), buttons=(Button(form, label, "main"),), tone="notice"
    )


def help_card() -> Card:
    """All commands and the rules of the game, short."""
    rules = (
        "The daily is worth 10 points times its level: easy 1, medium 2, hard 3.",
        "Practice is worth 2 points times its level at the first try, up to 6 points a day.",
        "A hint halves the points. A wrong answer costs nothing.",
        "Seven dailies in a row earn a freeze, which keeps your streak when you miss one.",
    )
    return Card(
        title=NAME,
        blocks=(
            text("One NumPy question a day, practice whenever you like."),
            Bullets(tuple(runs(f"`/numpy {line[1:]}") for line in COMMANDS.values())),
            text("How points work:"),
            Bullets(tuple((Text(rule),) for rule in rules)),
        ),
        buttons=(Button(ident("card", "quiz"), "Quiz me", "main"),),
    )


def schedule_help_card(*, open_setup: bool) -> Card:
    """What a channel's managers can do with its daily."""
    return Card(
        title="The daily of a channel",
        blocks=(
            sentence(
                "`/numpy schedule` alone shows a form. In words: `/numpy schedule 09:00 "
                "Europe/Berlin mon-fri levels easy,medium topics broadcasting closes 24h`, or "
                "any part of it."
            ),
            Bullets(tuple(runs(f"`/numpy {line[1:]}") for line in PLANS.values())),
            text(KEEPERS if open_setup else GRANTED),
        ),
        buttons=(Button(ident("form", "plan"), "Change…", "main"),),
    )


def welcome_card() -> Card:
    """The first card in a channel."""
    return Card(
        title="NumPy, one question a day",
        blocks=(
            text(
                "I post one NumPy interview question a day here. You answer privately and learn "
                "at once why you were right or wrong. Want to see how it feels?"
            ),
        ),
        buttons=(
            Button(ident("card", "together"), "Try one together", "main"),
            Button(ident("card", "start"), "Daily at 09:00, Mon-Fri"),
            Button(ident("form", "plan"), "Change…"),
        ),
    )


def topics_card(counts: Sequence[tuple[str, int]], withheld: int) -> Card:
    """The study guide's first page: its topics in reading order."""
    rows = tuple((TOPICS[topic], str(count)) for topic, count in counts)
    body: list[Block] = [
        sentence("Topics in the order to read them. `/numpy learn broadcasting` opens one; any"
             " other words search."),
        Table(("Topic", "Questions"), rows, right=(1,)),
    ]  # fmt: skip
    if withheld:
        body.append(small(f"{many(withheld, 'question')} held back: open as a daily right now."))
    return Card(
        title="Study guide",
        blocks=tuple(body),
        buttons=tuple(
            Button(ident("card", "topic", topic, 0), TOPICS[topic]) for topic, _ in counts
        ),
    )


class Line(msgspec.Struct, frozen=True):
    """A question of the study guide: its topic, its place in it, its level and title."""

    topic: str
    place: int
    level: int
    title: str


def questions_card(
    title: str,
    lines: Sequence[Line],
    page: int,
    more: tuple[str, ...],
    overview: Overview | None = None,
) -> Card:
    """A page of questions; the first one of a topic begins with what the topic is about.

    `more` is the id of the button to the next page, in parts; empty where there is only one.
    """
    shown = lines[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return Card(
            title=title, blocks=(text("Nothing found. Try fewer or other words."),), tone="notice"
        )
    items = tuple((*runs(line.title), Text(f" ({LEVEL_WORDS[line.level]})")) for line in shown)
    buttons = [
        Button(ident("card", "study", line.topic, line.place), str(number))
        for number, line in enumerate(shown, 1)
    ]
    if more and (page + 1) * PAGE < len(lines):
        buttons.append(Button(ident("replace", *more, page + 1), "More"))
    first, last = page * PAGE + 1, page * PAGE + len(shown)
    span = f"{first}-{last}" if first < last else f"{last}"
    return Card(
        title=title,
        blocks=(
            *_about(overview if page == 0 else None),
            Bullets(items, "number"),
            small(f"{span} of {len(lines)}. Press a number to open it."),
        ),
        buttons=tuple(buttons),
    )


def _about(overview: Overview | None) -> tuple[Block, ...]:
    if overview is None:
        return ()
    page = Link("a page of NumPy's documentation", overview.docs)
    return (Paragraph(runs(overview.text)), Paragraph((Text("Read first: "), page)))


def few_fresh_card(fresh: int) -> Card:
    """The manager is told once that questions will come again."""
    return Card(
        title="Questions are running out",
        blocks=(
            sentence(
                f"{many(fresh, 'question')} that this channel has not had fit its schedule. After "
                "that the oldest come again. More topics or levels help (`/numpy schedule`), and "
                "so do question files of your own."
            ),
        ),
        tone="notice",
    )


def trouble_card(number: int, channel: str, words: str) -> Card:
    """The manager is told of a daily in a channel whose delivery failed."""
    line = sentence(f"Daily #{number} of ", Room(channel), f" {words}.")
    return Card(title="The daily needs you", blocks=(line,), tone="notice")


def announcement_card(member: Member, schedule: Schedule) -> Card:
    """The channel is told who set up its daily."""
    return Card(
        title="A NumPy question a day",
        blocks=(
            Paragraph((Name(member.id, member.name), Text(" set up the daily of this channel:"))),
            text(plan_words(schedule)),
        ),
        tone="notice",
    )


def report_card(post: Post, visit: Visit) -> Card:
    """What a manager is told of a question that somebody reported where they were."""
    member, stem = visit.member, blocks(post.question.stem)
    where = () if visit.channel.direct else (Text(" in "), Room(visit.channel.platform_id))
    return Card(
        title="A question was reported",
        blocks=(
            Paragraph((Name(member.id, member.name), *where, Text(" doubts this question:"))),
            *stem,
            *((Code(post.question.code),) if post.question.code else ()),
            small(origin(post.question)),
            sentence(
                f"Look at it with `{_show_command(post)}`. If it is faulty and today's, "
                "`/numpy schedule void` in its channel gives everyone full points."
            ),
        ),
        tone="notice",
    )


def _show_command(post: Post) -> str:
    question = post.question
    seed = "" if question.seed is None else f" --seed {question.seed}"
    return f"numpy-bot bank show {question.source}{seed}"


def privacy_card(*, hidden: bool, team: bool) -> Card:
    """What is stored, and what one can do about it; `team` is whether there are boards."""
    stored = (
        "your user id here and your display name",
        "your answers, with their times and points, and the hints that you took",
        "what you practised, saw explained, missed and reported, and when it comes back",
        "your streaks, and the schedules that you set up",
    )
    body: list[Block] = [
        Bullets(tuple((Text(line),) for line in stored)),
        text("Never stored: messages, member lists, e-mail, the text of open answers."),
    ]
    buttons = [
        Button(ident("card", "export"), "Export"),
        Button(ident("card", "forget"), "Delete…", "danger"),
    ]
    if team:
        board = "Come back to the leaderboards" if hidden else "Leave the leaderboards"
        buttons.insert(1, Button(ident("replace", "hide", 0 if hidden else 1), board))
    else:
        words = (
            "This is about our private conversation alone. In a team's channel `/numpy privacy` "
            "tells what is stored there."
        )
        body.append(sentence(words))
    return Card(title="What is stored about you", blocks=tuple(body), buttons=tuple(buttons))


def export_card(data: bytes) -> Card:
    """Everything stored about a member, as a file."""
    return Card(
        title="Your data",
        blocks=(text("Everything that is stored about you, as JSON."),),
        file=File("numpy-bot-export.json", data),
    )


def forget_card() -> Card:
    """Ask before deleting."""
    return Card(
        title="Delete everything about you?",
        blocks=(
            text(
                "Your name, answer texts, hints and reviews are deleted. Your points and answers "
                "stay under a nameless member, so that the others' boards stay true. This cannot "
                "be undone."
            ),
        ),
        buttons=(Button(ident("replace", "forget", "yes"), "Delete", "danger"),),
        tone="notice",
    )
