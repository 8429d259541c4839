"""A channel's schedule, for its managers."""

import logging
from datetime import timedelta
from itertools import islice

import msgspec

from bot import daily, planning
from bot.cards import guide
from bot.cards.plan import no_plan_card, plan_card, plan_form, preview_card
from bot.commands import Manage, parse_date
from bot.errors import DeliveryError, Refused, UserError
from bot.events import Card, FormSubmit, Invalid, Open, Reply, Show
from bot.model import Post
from bot.plans import parse_plan, with_field
from bot.ports import Address
from bot.quiz.desk import Desk, local_day
from bot.schedule import Schedule, closing, occurrences
from bot.scoring import daily_points
from bot.store import answers, boards, dailies, outbox, posts, runs, schedules
from bot.store.people import Visit
from bot.store.schedules import Plan
from bot.store.sqlite import Connection
from bot.upcoming import begin

log = logging.getLogger(__name__)

NO_CHANNEL = "A daily belongs to a channel; there is none in a private conversation."
CANNOT_ASK = "I could not ask who manages this channel. Please try again in a minute."
NOTHING_FITS = "No question fits this schedule. `/numpy schedule topics all levels all` takes all."
ANOTHER_ZONE = "Is that your time zone? **Change…** takes any other."
PREVIEWED = 10
LONGEST_PAUSE = timedelta(days=3660)


async def manage(desk: Desk, visit: Visit, asked: Manage) -> list[Reply]:
    """A schedule command."""
    refused = await _refusal(desk, visit)
    if refused:
        return [Show(guide.notice(refused))]
    plan = schedules.get(desk.database.read, visit.channel.id)
    if asked.action in {"form", "set"}:
        before = plan.schedule if plan else _offered(desk, visit)
        if asked.action == "form":
            return [Open(plan_form(before))]
        return await save(desk, visit, parse_plan(asked.rest, before))
    if plan is None:
        return [Show(no_plan_card())]
    match asked.action:
        case "preview":
            return [Show(_preview(desk, visit, plan, asked.rest))]
        case "pause":
            return await _pause(desk, visit, plan, asked.rest)
        case "resume":
            return await _put(desk, visit, plan, "The daily goes on")
        case "off":
            return await _stop(desk, visit, plan, "off")
        case "now":
            return await now(desk, visit, plan)
        case "repost":
            return await _repost(desk, visit)
    return await _void(desk, visit)


async def _refusal(desk: Desk, visit: Visit) -> str:
    """Why this member cannot manage this channel; empty when they can."""
    if visit.channel.direct:
        return NO_CHANNEL
    person = visit.member.platform_id
    if person in desk.settings.managers:
        return ""
    relay = desk.relays[visit.tenant.platform]
    plan = schedules.get(desk.database.read, visit.channel.id)
    if relay.open_setup and (plan is None or plan.set_by == visit.member.id):
        return ""
    tenant = visit.tenant.platform_id
    place = Address(tenant, visit.channel.platform_id)
    try:
        manages = await relay.is_manager(Address(tenant, person), place)
    except DeliveryError:
        return CANNOT_ASK
    return "" if manages else guide.NOT_A_MANAGER[relay.open_setup]


async def pressed(desk: Desk, visit: Visit, action: str, *, in_place: bool) -> list[Reply]:
    """A button on the schedule's card; `in_place` where the card is to show what holds now."""
    replies = await manage(desk, visit, Manage(action))
    return [
        Show(reply.card, "replace")
        if in_place and isinstance(reply, Show) and reply.card.tone != "notice"
        else reply
        for reply in replies
    ]


async def form(desk: Desk, visit: Visit) -> list[Reply]:
    """The schedule's form."""
    return await manage(desk, visit, Manage())


async def submitted(desk: Desk, visit: Visit, event: FormSubmit) -> list[Reply]:
    """The schedule's form came in; the first field that cannot be used is named."""
    refused = await _refusal(desk, visit)
    if refused:
        return [Show(guide.notice(refused))]
    plan = schedules.get(desk.database.read, visit.channel.id)
    schedule = plan.schedule if plan else _offered(desk, visit)
    for field in ("time", "zone", "days", "what", "closes"):
        text = "".join(event.fields.get(field, ())).strip()
        try:
            schedule = with_field(schedule, field, text)
        except UserError as error:
            return [Invalid(field, str(error))]
    return await save(desk, visit, schedule)


async def start(desk: Desk, visit: Visit) -> list[Reply]:
    """The one-press set-up: 09:00 from Monday to Friday."""
    refused = await _refusal(desk, visit)
    if refused:
        return [Show(guide.notice(refused))]
    return await save(desk, visit, _offered(desk, visit))


def _offered(desk: Desk, visit: Visit) -> Schedule:
    """The plan that a channel without one is offered: at nine where its first manager lives."""
    return daily.default_schedule(visit.channel.zone or visit.zone or desk.settings.timezone)


async def save(desk: Desk, visit: Visit, schedule: Schedule) -> list[Reply]:
    """Take a schedule into use; a new one is announced in the channel."""
    before = schedules.get(desk.database.read, visit.channel.id)
    keeper = before.set_by if before and before.set_by else visit.member.id
    plan = Plan(visit.channel.id, schedule, "on", set_by=keeper)
    replies = await _put(desk, visit, plan, "Saved", is_new=before is None)
    closed = await _closed_to_us(desk, visit)
    if closed:
        replies.append(Show(guide.notice(closed)))
    elif before is None:
        replies.append(Show(guide.announcement_card(visit.member, schedule), "public"))
    return replies


async def _closed_to_us(desk: Desk, visit: Visit) -> str:
    """Why nothing can be posted in this channel, as far as the platform tells; mostly empty."""
    place = Address(visit.tenant.platform_id, visit.channel.platform_id)
    try:
        await desk.relays[visit.tenant.platform].reach(place)
    except Refused as error:
        return f"I can't post here yet: {str(error).rstrip('.')}."
    except DeliveryError:
        return ""
    return ""


async def _put(
    desk: Desk, visit: Visit, plan: Plan, title: str, *, is_new: bool = False
) -> list[Reply]:
    """Switch a plan on from now; dates that have their daily are not asked again."""

    def put(conn: Connection) -> Plan:
        taken = dailies.dates(conn, visit.channel.id, visit.now.date() - timedelta(days=2))
        running = msgspec.structs.replace(plan, state="on", paused_until=None)
        begun = begin(running, visit.now, taken)
        schedules.put(conn, begun)
        return begun

    begun = await desk.database.awrite(put)
    is_guess = is_new and not visit.zone and plan.schedule.zone == desk.settings.timezone
    card = plan_card(
        begun,
        title,
        open_setup=desk.open_setup(visit),
        is_new=is_new,
        note=ANOTHER_ZONE if is_guess else "",
    )
    return [Show(card)]


async def _pause(desk: Desk, visit: Visit, plan: Plan, rest: str) -> list[Reply]:
    words = rest.casefold().removeprefix("until").strip()
    if not words:
        return await _stop(desk, visit, plan, "paused")
    until = parse_date(words)
    if until <= local_day(visit.now, plan.schedule.zone):
        message = f"{until.isoformat()} is not in the future. Name a day after today."
        raise UserError(message)
    if until - visit.now.date() > LONGEST_PAUSE:
        message = f"{until.isoformat()} is too far off. `/numpy schedule pause` alone sets no end."
        raise UserError(message)
    waiting = msgspec.structs.replace(plan, state="paused", paused_until=until)
    begun = begin(waiting, visit.now)
    await desk.database.awrite(lambda conn: schedules.put(conn, begun))
    return [Show(plan_card(begun, "Paused", open_setup=desk.open_setup(visit)))]


async def _stop(desk: Desk, visit: Visit, plan: Plan, state: schedules.State) -> list[Reply]:
    stopped = msgspec.structs.replace(
        plan, state=state, paused_until=None, next_date=None, next_post_at=None
    )
    await desk.database.awrite(lambda conn: schedules.put(conn, stopped))
    title = "Paused" if state == "paused" else "Switched off"
    return [Show(plan_card(stopped, title, open_setup=desk.open_setup(visit)))]


def _preview(desk: Desk, visit: Visit, plan: Plan, rest: str) -> Card:
    count = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 3 else PREVIEWED  # noqa: PLR2004  # two digits
    if plan.next_date is None:
        return plan_card(plan, open_setup=desk.open_setup(visit))
    coming = islice(occurrences(plan.schedule, plan.next_date), max(1, count))
    return preview_card(plan, [(at, closing(plan.schedule, day)) for day, at in coming])


async def now(desk: Desk, visit: Visit, plan: Plan) -> list[Reply]:
    """Post today's question early."""
    today = local_day(visit.now, plan.schedule.zone)
    post = await planning.add(desk, plan, today, visit.now)
    if post is None:
        is_taken = today in dailies.dates(desk.database.read, visit.channel.id, today)
        words = "Today's question is here already. `/numpy daily` shows it."
        return [Show(guide.notice(words if is_taken else NOTHING_FITS))]
    await desk.database.awrite(lambda conn: _pass_over(conn, visit, post))
    desk.wake()
    return [Show(guide.notice("Today's question is on its way."))]


def _pass_over(conn: Connection, visit: Visit, post: Post) -> None:
    """A plan whose next date has had its daily early goes on to the date after it."""
    # Read anew: a manager may have changed it while the question was being made.
    plan = schedules.get(conn, post.channel_id)
    if plan is not None and post.date is not None and plan.next_date == post.date:
        schedules.put(conn, begin(plan, visit.now, frozenset({post.date})))


async def post_now(desk: Desk, visit: Visit) -> list[Reply]:
    """The button that posts the first daily at once."""
    return await manage(desk, visit, Manage("now"))


async def _repost(desk: Desk, visit: Visit) -> list[Reply]:
    post = dailies.latest(desk.database.read, visit.channel.id)
    if (
        post is None
        or post.closed_at is not None
        or not await desk.database.awrite(
            lambda conn: outbox.requeue(conn, post.id, "question", visit.now)
        )
    ):
        words = "There is nothing to post again: no question's delivery failed or is in doubt."
        return [Show(guide.notice(words))]
    log.info("post %d is posted again", post.id, extra={"post": post.id})
    desk.wake()
    return [Show(guide.notice(f"Daily #{post.number} is on its way again."))]


async def _void(desk: Desk, visit: Visit) -> list[Reply]:
    post = dailies.latest(desk.database.read, visit.channel.id)
    if post is None or not await desk.database.awrite(lambda conn: withdraw(conn, post, visit)):
        return [Show(guide.notice("There is no question here to withdraw."))]
    log.warning("post %d is withdrawn", post.id, extra={"post": post.id})
    desk.wake()
    words = f"Daily #{post.number} is withdrawn: everyone who answered gets its full points."
    return [Show(guide.notice(words))]


def withdraw(conn: Connection, post: Post, visit: Visit) -> bool:
    """Withdraw a daily: full points for all who answered, no streak broken."""
    if not posts.void(conn, post.id, visit.now):
        return False
    boards.give_full_points(conn, post.id, daily_points(post.question.level, 1, hinted=False))
    boards.recompute(conn, post.tenant_id)
    runs.recompute(conn, post.channel_id)
    answers.clear_spent(conn, [post.id])
    answers.drop_recalls(conn, post)
    outbox.again(conn, post.id, "close", visit.tenant.platform, visit.now)
    return True
