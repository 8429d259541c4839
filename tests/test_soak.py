"""The soak's own sample; the hour is `python -m tests.soak`."""

from pathlib import Path

from tests.fakes import World
from tests.jumping import jump
from tests.small_bank import small_bank
from tests.soak import RATE, Soak


def test_half_a_minute_of_answers_leaves_a_small_log(tmp_path: Path) -> None:
    """At fifty answers a second neither memory nor the database's log grows."""
    with World(tmp_path, bank=small_bank()) as world:
        world.begin()
        jump(world)
        soak = Soak(world)
        world.run(soak.run(30))
        assert 30 * RATE == soak.lines[-1].answers
        assert "" == soak.fault()
        ((asked, left),) = world.rows(
            "SELECT count(*), sum(closed_at IS NOT NULL) FROM posts WHERE kind = 'practice'"
        )
        assert asked >= 30 * RATE
        assert 30 * RATE == left + world.rows("SELECT count(*) FROM answers")[0][0]
        assert "ok" == world.database.finding()
