"""The jail: a corpus of hostile lines through all layers, and through the jail alone."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.sandbox.gate import check
from bot.sandbox.job import Job, Killed, Outcome
from bot.sandbox.refusal import Refusal
from bot.sandbox.zygote import POOL
from tests.boxes import INPUTS, A, Box, alive, opened, stopped_by
from tests.hostile import LAYERS, THEIRS, Line, corpus
from tests.test_gate import rules_of

pyseccomp = pytest.importorskip("pyseccomp")

MARKER = Path("/tmp/npq_pwned")  # noqa: S108  # what hostile lines aim at

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox for all lines of a corpus."""
    with opened() as box:
        yield box


def test_there_is_a_corpus() -> None:
    """Hundreds of lines, of every class; those beside the repository are tried where they lie."""
    lines = corpus()
    assert len({line.source for line in lines}) > 400
    assert {"gate", "limits", "jail"} <= {layer for line in lines for layer in line.expect}


@pytest.mark.skipif(not THEIRS.is_file(), reason="there is no corpus beside the repository")
def test_the_other_corpus_is_read() -> None:
    """Its lines are among those that are tried."""
    assert sum(line.expect == {"verdict"} for line in corpus()) > 10


GROUPS = sorted({line.group for line in corpus()})


def outcomes(box: Box, lines: list[Line], *, gate: bool) -> list[Outcome]:
    """What becomes of lines that are run at the same time, each for somebody of their own."""

    async def run() -> list[Outcome]:
        jobs = [Job(line.source, [inputs_of(line)], line.steps, open=not gate) for line in lines]
        turns = (box.sandbox.run(job, number) for number, job in enumerate(jobs))
        return await asyncio.gather(*turns)

    return box.wait(run())


def inputs_of(line: Line) -> dict[str, object]:
    """The names that a line may use."""
    return {"a": A} if line.steps else INPUTS


def passes(line: Line) -> bool:
    """Whether the gate lets a line through."""
    try:
        check(line.source, rules_of(line))
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("group", GROUPS)
def test_a_line_is_stopped_by_its_layer_or_one_before(box: Box, group: str) -> None:
    """A line that may run gives a result that is only wrong, or raises."""
    lines = [line for line in corpus() if line.group == group]
    through = [line for line in lines if passes(line)]
    layers = dict(zip(through, map(stopped_by, outcomes(box, through, gate=True)), strict=True))
    for line in lines:
        layer = layers.get(line, "gate")
        if line.expect & {"verdict", "contain"}:
            assert layer in {"", "error", "gate"}, line.source
        else:
            last = max(map(LAYERS.index, line.expect))
            assert layer in LAYERS[: last + 1], line.source


@pytest.mark.parametrize("group", GROUPS)
def test_the_jail_alone_holds(box: Box, group: str) -> None:
    """With Python as it is nothing is written, nothing stays, nothing is told but numbers."""
    zygote = box.zygote
    lines = [line for line in corpus() if line.group == group]
    for line, outcome in zip(lines, outcomes(box, lines, gate=False), strict=True):
        if line.expect == {"jail"}:
            layer = stopped_by(outcome)
            assert layer in {"jail", "limits", "error"} or harmless(outcome), line.source
    assert not MARKER.exists()
    assert (zygote, True) == (box.zygote, alive(zygote))
    assert (A + 1).tolist() == box.value("(a + 1).tolist()")


def harmless(outcome: object) -> bool:
    """Whether a line gave no more than None."""
    return isinstance(outcome, tuple) and getattr(outcome[0], "value", 0) is None


def test_no_process_is_left(box: Box) -> None:
    """After all that, the zygote has its waiting children and no others."""
    for source in ("__import__('os').fork()", "9**9**9", "a"):
        box.run(source, gate=False)
    deadline = time.monotonic() + 3
    left, before = box.children(), set[int]()
    while (len(left) != POOL or left != before) and time.monotonic() < deadline:
        time.sleep(0.05)  # the last one is being buried, or the next one made
        left, before = box.children(), left
    assert POOL == len(left)


def test_what_builds_the_filter_is_not_where_answers_run(box: Box) -> None:
    """Nothing that starts programs or makes files lies in their memory, ready to be called."""
    heavy = ("pyseccomp", "subprocess", "tempfile", "shutil", "random", "ctypes.util")
    source = f"len({{*{heavy!r}}} & {{*__import__('sys').modules}})"
    assert 0 == box.value(source, gate=False)


def test_the_machine_s_memory_is_taken_back_from_answers_first(box: Box) -> None:
    """Where it runs out, the kernel ends one of these processes and not the bot."""
    for pid in (box.zygote, *box.children()):
        assert "1000" == Path(f"/proc/{pid}/oom_score_adj").read_text().strip()


def test_nothing_is_left_for_the_next_answer(box: Box) -> None:
    """Every answer meets NumPy and Python as they were."""
    for source in (
        "np.setbufsize(160)",
        "np.seterr(all='raise')",
        "setattr(np, 'sum', None)",
        "np.__dict__.clear()",
        "__import__('builtins').__dict__.clear()",
        "__import__('sys').modules.clear()",
        "a.fill(7)",
    ):
        box.run(source, gate=False)
    assert 66.0 == box.value("np.sum(a)")
    assert 8192 == box.value("np.getbufsize()", gate=False)


def test_no_answer_sees_another_s_memory(box: Box) -> None:
    """What was in one answer's inputs is nowhere in the memory of those after it."""
    secret = 8_675_309.0
    box.run("b * 1", b=np.full(100_000, secret))
    for _ in range(6):
        assert 0 == box.value(f"int((np.empty(12_000_000) == {secret}).sum())", gate=False)


def test_the_environment_and_the_arguments_hold_nothing(box: Box) -> None:
    """A jailed process knows neither the bot's settings nor its folders."""
    names = box.run("sorted(__import__('os').environ)", gate=False)
    assert "TOKEN" not in str(names)
    assert box.value("len(__import__('os').environ)", gate=False) in range(8)
    assert stopped_by(box.run("__import__('os').getcwd()", gate=False)) == "jail"


LIMITS = {
    "9**9**9": "time",
    "np.linalg.matrix_power(np.ones((1000, 1000)), 10**9)": "time",
    "sum(0 for _ in iter(int, 1))": "time",
    "np.zeros(10**9)": "memory",
    "[0] * 10**10": "memory",
    "list(range(10**8))": "memory",
}


@pytest.mark.parametrize("source", LIMITS)
def test_time_and_memory_are_bounded(box: Box, source: str) -> None:
    """Within a second it is over, whatever it does."""
    begun = time.perf_counter()
    assert Killed(LIMITS[source]) == box.run(source, gate=False)  # type: ignore[arg-type]
    assert time.perf_counter() - begun < 3


def test_a_sleeping_process_is_killed(box: Box) -> None:
    """One that waits, and so uses no time of the processor, is ended by the clock."""
    waiting = "__import__('threading').Lock().acquire() + __import__('threading').Lock().acquire()"
    source = f"[lock.acquire() for lock in [__import__('_thread').allocate_lock()] * 2], {waiting}"
    begun = time.perf_counter()
    assert Killed("time") == box.run(source, gate=False)
    assert time.perf_counter() - begun < 3


SELF_TEST = """
import asyncio
from bot.sandbox.sandbox import Sandbox
async def test():
    sandbox = Sandbox()
    await sandbox.open()
    print("Landlock", sandbox.landlock, "off:", sandbox.why_not)
    sandbox.close()
asyncio.run(test())
"""


def launched(prelude: str, python: str = sys.executable) -> str:
    """What the self-test says in a process that first does something to itself."""
    code = f"import asyncio, ctypes, resource, bot.sandbox.sandbox\n{prelude}\n{SELF_TEST}"
    command = [python, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def open_python() -> Iterator[str]:
    """A Python with what the sandbox needs that every user of the machine can run."""
    plain = f"/usr/bin/python3.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        venv = [plain, "-m", "venv", "--without-pip", folder]
        try:
            subprocess.run(venv, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip(f"there is no {plain} that makes environments")
        (site,) = Path(folder, "lib").glob("python*/site-packages")
        installed = Path(np.__file__).parents[1]
        packages = [*installed.glob("numpy*"), *installed.glob("msgspec*")]
        for package in (*packages, Path(__file__).parents[1] / "bot"):
            if package.is_dir():
                shutil.copytree(package, site / package.name)
        shutil.copy(pyseccomp.__file__, site)
        yield f"{folder}/bin/python"


CONTAINER = """
import pyseccomp as s
rules = s.SyscallFilter(s.ALLOW)
for name in ("unshare", "setns", "mount", "umount2", "pivot_root", "bpf", "ptrace", "keyctl",
             "add_key", "perf_event_open", "userfaultfd", "kexec_load", "init_module", "reboot",
             "process_vm_readv", "landlock_create_ruleset", "landlock_restrict_self"):
    rules.add_rule(s.ERRNO(1), name)
rules.add_rule(s.ERRNO(1), "clone", s.Arg(0, s.MASKED_EQ, 0x10000000, 0x10000000))
rules.add_rule(s.ERRNO(38), "clone3")
rules.load()
"""
"""About what a container's default profile forbids, and Landlock besides."""

NOBODY = "import os\nos.setgroups([])\nos.setgid(65534)\nos.setuid(65534)\n"


def test_it_works_under_a_container_s_profile() -> None:
    """Where namespaces are forbidden, and there is no Landlock, seccomp alone holds."""
    assert "Landlock 0 off:" == launched(CONTAINER)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(
    "prelude", ["", NOBODY, NOBODY + CONTAINER], ids=["root", "nobody", "both"]
)
def test_it_works_as_root_and_as_nobody(open_python: str, prelude: str) -> None:
    """Whoever runs the bot, in a container or not."""
    assert launched(prelude, open_python).endswith(" off:")


NO_SECCOMP = CONTAINER.replace(
    "rules.load()",
    "rules.add_rule(s.ERRNO(1), 'prctl', s.Arg(0, s.EQ, 22))\n"
    "rules.add_rule(s.ERRNO(1), 'seccomp')\n"
    "rules.load()",
)


def test_where_seccomp_is_refused_nothing_is_run() -> None:
    """The reason, and what to do, stand in one line."""
    said = launched(NO_SECCOMP)
    assert "this system lets no filter of system calls be made" in said
    assert "run the bot where seccomp is allowed" in said


def test_inputs_are_what_lines_expect() -> None:
    """The names of the corpora are there."""
    assert {"a", "b", "n"} == set(INPUTS)
