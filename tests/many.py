"""Many teams with a daily each, made at once."""

from datetime import time

from bot.schedule import Schedule
from bot.store import schedules
from bot.store.schedules import Plan
from bot.store.sqlite import Connection
from bot.upcoming import begin
from tests.fakes import PLATFORM, World

NINE = Schedule(time(9), "UTC", tuple(range(7)))


def furnish(world: World, channels: int, of_a_team: int = 1) -> None:
    """Give so many channels a daily at nine; they and their teams are `c1` and `t1` and so on."""

    def write(conn: Connection) -> None:
        for team in range(1, -(-channels // of_a_team) + 1):
            conn.execute("INSERT INTO tenants VALUES (?, ?, ?, 0)", (team, PLATFORM, f"t{team}"))
        for channel in range(1, channels + 1):
            conn.execute(
                "INSERT INTO channels VALUES (?, ?, ?, ?, 0, 0)",
                (channel, (channel - 1) // of_a_team + 1, PLATFORM, f"c{channel}"),
            )
            schedules.put(conn, begin(Plan(channel, NINE, "on", warned=True), world.now))

    world.database.write(write).result()
