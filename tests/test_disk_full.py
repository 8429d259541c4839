"""A disk that is full at any write: nothing is confirmed that is not stored, and it recovers.

The whole run is that of the proof; `POINTS=200 pytest -m proof tests/test_disk_full.py` has more.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.filling import Seen

POINTS = int(os.environ.get("POINTS", "50"))
UNSHARED = ("unshare", "--map-root-user", "--mount")
"""How a process gets a disk of its own to mount."""


def can_mount() -> bool:
    """Whether this machine lets us have one."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        [*UNSHARED, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.parametrize("points", [5, pytest.param(POINTS, marks=pytest.mark.proof)])
def test_a_full_disk_loses_nothing_and_confirms_nothing(tmp_path: Path, points: int) -> None:
    """What was confirmed is stored, what was refused is not until there is room again."""
    if not can_mount():
        pytest.skip("this machine lets nobody mount a small disk (unshare --map-root-user --mount)")
    command = [*UNSHARED, sys.executable, "-m", "tests.filling", str(tmp_path), str(points)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert 0 == done.returncode, done.stderr.decode()[-2000:]
    seen = msgspec.json.decode(done.stdout, type=Seen)
    assert [] == seen.wrong
    assert points == seen.points
    assert 2 * 12 * points == seen.acknowledged
    assert min(seen.refused, seen.starts_failed, seen.ticks_failed, seen.backups_failed) > 0
