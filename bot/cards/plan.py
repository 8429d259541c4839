"""A channel's schedule, for its managers."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.parts import LEVEL_WORDS, ident, ordinal, sentence, small, text
from bot.events import Block, Bullets, Button, Card, Field, Form, Paragraph, Text, When
from bot.model import Standing
from bot.schedule import Schedule, days_text, time_text
from bot.store.schedules import Plan
from content.schema import TOPICS

KEEPERS = "Whoever set up the daily manages it, and so do this team's owners and admins."
"""Who manages a daily where any member may set one up."""

GRANTED = "Whoever may manage this channel or the whole server manages its daily."
"""Who manages a daily where the platform says who may."""

MOST_NAMED = 3
"""So many names stand on the line of the longest streak."""


def plan_words(schedule: Schedule) -> str:
    """A schedule in one line."""
    # Some of their titles have commas of their own.
    topics = "; ".join(TOPICS[topic] for topic in schedule.topics) or "all topics"
    levels = ", ".join(LEVEL_WORDS[level] for level in schedule.levels) or "all levels"
    hours = schedule.closes_hours
    closes = f"open for {hours} h" if hours else "open until the next one, 72 h at most"
    return (
        f"{time_text(schedule.time)} {schedule.zone}, {days_text(schedule.days)} · {topics} · "
        f"{levels} · {closes}"
    )


def plan_card(
    plan: Plan, changed: str = "", *, open_setup: bool, is_new: bool = False, note: str = ""
) -> Card:
    """The schedule as it stands, with a `note` on it.

    `open_setup` is whether any member could have set it up; a new one can be tried at once.
    """
    body: list[Block] = [text(plan_words(plan.schedule))]
    zone = plan.schedule.zone
    if plan.state == "on" and plan.next_post_at is not None:
        body.append(sentence("The next question comes ", When(plan.next_post_at, zone), "."))
    elif plan.state == "paused":
        until = f" until {plan.paused_until.isoformat()}" if plan.paused_until else ""
        body.append(sentence(f"Paused{until}. `/numpy schedule resume` goes on."))
    elif plan.state == "off":
        body.append(text("Off: no questions are posted here."))
    if note:
        body.append(sentence(note))
    if open_setup and plan.set_by is not None and plan.state != "off":
        body.append(small(KEEPERS))
    buttons = [Button(ident("form", "plan"), "Change…")]
    if plan.state == "on":
        buttons.append(Button(ident("card", "preview"), "Preview"))
        buttons.append(Button(ident("replace", "pause"), "Pause"))
    else:
        buttons.append(Button(ident("replace", "resume"), "Resume"))
    if is_new:
        buttons.insert(0, Button(ident("card", "now"), "Post the first one now", "main"))
    return Card(
        title=changed or "The daily in this channel", blocks=tuple(body), buttons=tuple(buttons)
    )


def no_plan_card() -> Card:
    """A channel without a schedule."""
    return Card(
        title="No daily here yet",
        blocks=(sentence("Set one up: `/numpy schedule 09:00 Europe/Berlin mon-fri`, or here:"),),
        buttons=(
            Button(ident("card", "start"), "Daily at 09:00, Mon-Fri", "main"),
            Button(ident("form", "plan"), "Change…"),
        ),
    )


def preview_card(plan: Plan, instants: Sequence[tuple[datetime, datetime]]) -> Card:
    """When the next dailies are posted and close: times, never questions."""
    zone = plan.schedule.zone
    items = tuple(
        (When(posted, zone), Text(" → closes "), When(closes, zone)) for posted, closes in instants
    )
    return Card(title="The next dailies", blocks=(Bullets(items, "number"),))


def plan_form(schedule: Schedule) -> Form:
    """The schedule as a form of five fields."""
    topics = ", ".join(schedule.topics) or "all"
    levels = ", ".join(LEVEL_WORDS[level] for level in schedule.levels) or "all"
    return Form(
        id=ident("form", "plan"),
        title="The daily",
        fields=(
            Field(name="time", label="Time", value=time_text(schedule.time), placeholder="09:00"),
            Field(name="zone", label="Time zone", value=schedule.zone, placeholder="Europe/Berlin"),
            Field(name="days", label="Days", value=days_text(schedule.days), placeholder="mon-fri"),
            Field(
                name="what",
                label="Topics; levels",
                value=f"{topics}; {levels}",
                placeholder="all; easy, medium",
            ),
            Field(
                name="closes",
                label="Hours open (4 to 72), or next",
                value=str(schedule.closes_hours or "next"),
                placeholder="next",
            ),
        ),
        submit="Save",
    )


def last_line(right: int, answered: int) -> Paragraph:
    """One line on the last daily."""
    if not answered:
        return small("Last one: nobody answered")
    return small(f"Last one: {right} of {answered} got it")


def week_blocks(
    podium: Sequence[Standing],
    longest: tuple[Sequence[str], int] | None,
    divisive: str,
) -> tuple[Block, ...]:
    """Last week in a few lines: podium, longest streak, the question that split the team."""
    if not podium:
        return ()
    placed = ", ".join(f"{ordinal(line.rank)} {line.name} ({line.points})" for line in podium)
    lines = [f"Last week: {placed}"]
    if longest and longest[1] > 1:
        names, length = longest
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        lines.append(f"Longest streak: {', '.join(names[:MOST_NAMED])}{more} ({length})")
    if divisive:
        lines.append(f"It split the team: {divisive}")
    return (Bullets(tuple((Text(line),) for line in lines)),)
