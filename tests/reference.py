"""What boards and streaks must be: worked out anew from the answers, the slow and plain way."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial

from bot.model import Standing
from bot.scoring import Period, Score, channel_board, period, rank, team_board
from bot.store import boards, runs
from bot.streaks import Streak, event_of, streak_of
from tests.fakes import World

PERIODS: tuple[Period, ...] = ("week", "month", "all")
TOTALS = ("channel_totals", "team_totals", "team_days")


def scores(world: World, tenant: int) -> list[Score]:
    """Every answer of a team that counts on a board."""
    return [
        Score(member, channel, date.fromisoformat(day), points, kind, direct=board == "team")
        for member, channel, day, points, kind, board in world.rows(
            "SELECT member_id, channel_id, day, points, kind, board FROM answers "
            "WHERE tenant_id = ? AND board != 'none'",
            tenant,
        )
    ]


def check_boards(world: World) -> None:
    """Every board of every period equals the one that is made from the answers alone."""
    today = world.now.date()
    for (tenant,) in world.rows("SELECT id FROM tenants"):
        found = scores(world, tenant)
        for name in PERIODS:
            first, last = period(name, today)
            check_board(world, "team", tenant, name, team_board(found, first, last))
            for (channel,) in world.rows("SELECT id FROM channels WHERE tenant_id = ?", tenant):
                board = channel_board(found, channel, first, last)
                check_board(world, "channel", channel, name, board)


def check_board(
    world: World, scope: boards.Scope, place: int, name: Period, points: Mapping[int, int]
) -> None:
    """One board, as each member of it sees it."""
    names = dict(world.rows("SELECT id, name FROM members WHERE NOT hidden"))
    expected = rank((ident, names[ident], n) for ident, n in points.items() if n and ident in names)
    span = boards.span(name, world.now.date())
    for member in (0, *names):
        ranking = boards.ranking(world.database.read, scope, place, span, member)
        assert expected[: boards.TOP] == ranking.top
        assert _line(expected, member) == ranking.own


def _line(board: tuple[Standing, ...], member: int) -> Standing | None:
    return next((line for line in board if line.member_id == member), None)


def check_recomputation(world: World) -> None:
    """Making all totals anew changes none of them."""
    before = [sorted(world.rows(f"SELECT * FROM {table}")) for table in TOTALS]
    for (tenant,) in world.rows("SELECT id FROM tenants"):
        world.database.write(partial(boards.recompute, tenant_id=tenant)).result()
    assert before == [sorted(world.rows(f"SELECT * FROM {table}")) for table in TOTALS]


def check_streaks(world: World) -> None:
    """Every member's streak in every channel equals the fold over all of its dailies."""
    for channel, member in world.rows("SELECT channel_id, member_id FROM streaks"):
        streak = runs.current(world.database.read, channel, member, world.now)
        assert streak_from_scratch(world, channel, member) == streak


def streak_from_scratch(world: World, channel: int, member: int) -> Streak:
    """The streak after all dailies of a channel that are decided now."""
    events = [
        event_of(
            answered=answer is not None,
            voided=voided is not None,
            opened=datetime.fromtimestamp(opened or closes, UTC),
            closes=datetime.fromtimestamp(closes, UTC),
            now=world.now,
        )
        for opened, closes, voided, answer in world.rows(
            "SELECT opened_at, closes_at, voided_at, a.id FROM posts p "
            "LEFT JOIN answers a ON a.post_id = p.id AND a.member_id = ? "
            "WHERE p.channel_id = ? AND p.kind = 'daily' ORDER BY date",
            member,
            channel,
        )
    ]
    return streak_of(event for event in events if event is not None)
