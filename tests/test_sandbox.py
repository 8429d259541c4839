"""The sandbox as the bot uses it: outcomes, failures, and everybody in turn."""

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.sandbox.client import Client, Ending
from bot.sandbox.jail import Lock, NoJail
from bot.sandbox.job import Broken, Busy, Job, Killed, Outcome, Raised, Run, Value
from bot.sandbox.messages import outcome_of
from bot.sandbox.process import Process
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.wire import Other
from bot.sandbox.zygote import MOST, START_SECONDS, Zygote
from tests.boxes import A, Box, alive, opened

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox for several tests."""
    with opened() as box:
        yield box


def test_an_expression_runs_on_every_case(box: Box) -> None:
    """One process computes all cases, each on inputs of its own."""
    cases = [{"a": np.full((2, 2), float(n)), "n": n} for n in range(5)]
    outcome = box.wait(box.sandbox.run(Job("a.sum() + n", cases), "m"))
    assert tuple(Value(5.0 * n) for n in range(5)) == outcome


def test_a_function_runs_with_its_inputs_in_their_order(box: Box) -> None:
    """`solve` is called once a case."""
    source = "def solve(a, n):\n    b = a * n\n    b[0] = 0\n    return b"
    job = Job(source, [{"a": np.ones(2), "n": 3}], steps=True)
    outcome = box.wait(box.sandbox.run(job, "m"))
    assert isinstance(outcome, tuple)
    assert [0, 3] == outcome[0].value.tolist()  # type: ignore[union-attr]


RESULTS = {
    "a": A,
    "a[::-1, ::2]": A[::-1, ::2],
    "a.T": A.T,
    "a[:0]": A[:0],
    "np.array(5)": np.array(5),
    "n": 3,
    "n > 2": True,
    "1.5": 1.5,
    "1 + 2j": 1 + 2j,
    "a.sum()": np.float64(66),
    "a.astype('f4')": A.astype("f4"),
    "np.array(['ab', 'c'])": np.array(["ab", "c"]),
    "np.datetime64('2026-01-31')": np.datetime64("2026-01-31"),
    "np.array(['2026-01-31'], 'M8[D]')": np.array(["2026-01-31"], "M8[D]"),
    "a.shape": (3, 4),
    "[1, (2, [3.5])]": [1, (2, [3.5])],
    "2 ** 100": 2**100,
    "np.array(['', 'a'])[0]": np.str_(""),
    "float('nan')": float("nan"),
}


@pytest.mark.parametrize("source", RESULTS)
def test_a_result_comes_back_as_it_was(box: Box, source: str) -> None:
    """Its type, dtype, shape and values."""
    value, expected = box.value(source, gate=False), RESULTS[source]
    assert type(expected) is type(value)
    if isinstance(expected, np.ndarray):
        assert (expected.dtype, expected.shape) == (value.dtype, value.shape)  # type: ignore[attr-defined]
    assert repr(expected) == repr(value)


def test_what_is_no_number_is_only_named(box: Box) -> None:
    """Nothing else is sent, whatever it is."""
    for source, kind in {
        "np": "a module",
        "len": "a builtin_function_or_method",
        "{1: 2}": "a dict",
        "np.array([None])": "an array of objects",
        "np.zeros(2, 'i4,f4')": "a structured array",
        "np.ma.array([1])": "a MaskedArray",
        "10 ** 5000": "a large number",
        "np.broadcast_to(1.0, (10**6, 10**6))": "an array of shape (1000000, 1000000)",
        "list(range(999))": "a list of many things",
    }.items():
        value = box.value(source, gate=False)
        assert isinstance(value, Other)
        assert kind == value.kind


def test_an_error_is_told_with_its_text(box: Box) -> None:
    """As the member would see it, cut short."""
    assert (Raised("ZeroDivisionError", "division by zero"),) == box.run("1 / 0")
    (raised,) = box.run("a @ a")  # type: ignore[misc]
    assert ("ValueError", True) == (raised.kind, "matmul" in raised.text)  # type: ignore[union-attr]


def test_a_changed_input_is_noticed(box: Box) -> None:
    """Also where the result is right."""
    (value,) = box.run("np.add(a, 1, a)")  # type: ignore[misc]
    assert "a" == value.changed  # type: ignore[union-attr]
    assert "" == box.run("a + 1")[0].changed  # type: ignore[index,union-attr]


def test_inputs_lie_in_memory_as_the_author_made_them(box: Box) -> None:
    """Strides go along: negative, with gaps, of no step at all."""
    for array in (A[::-1], A[:, ::2], A.T, np.broadcast_to(1.0, (2, 3)), A[:0], np.array(2.0)):
        assert array.strides == box.value("a.strides", a=array) or not array.size
        assert np.array_equal(array, box.value("a + 0", a=array))  # type: ignore[arg-type]


def test_a_structured_input_and_a_function_arrive(box: Box) -> None:
    """What the bank's questions give."""
    people = np.array([("Ann", 31), ("Bo", 12)], dtype=[("name", "U10"), ("age", "i4")])
    assert ["Ann"] == list(box.value("p['name'][p['age'] > 20]", p=people))  # type: ignore[call-overload]
    windows = np.lib.stride_tricks.sliding_window_view
    assert [[0, 1], [1, 2]] == box.value("w(x, 2).tolist()", w=windows, x=np.arange(3))


def test_an_input_that_cannot_be_one_is_refused(box: Box) -> None:
    """A question that needs it is a fault of its author."""
    for value in (np.array([None]), {1: 2}, object()):
        with pytest.raises(TypeError, match="an input cannot be"):
            box.run("x", x=value)


def test_a_reply_is_never_believed() -> None:
    """Whatever a process wrote, it is an outcome, or a crash."""
    for reply in (
        b"",
        b"\0\0\0\5[1,2]",
        b"\0\0\0\2{}",
        b"\xff" * 99,
        b"\0\0\0\4null",
        b"\0\0\0\x0212",
    ):
        assert Killed("crash") == outcome_of(Ending(reply), 1)
    assert Killed("forbidden") == outcome_of(Ending(b"", signal.SIGSYS), 1)
    assert Killed("crash") == outcome_of(Ending(b"", signal.SIGSEGV), 1)
    assert Killed("crash") == outcome_of(Ending(b"", signal.SIGKILL), 1)
    assert Killed("time") == outcome_of(Ending(b"", signal.SIGKILL, late=True), 1)


def kill_with_children(box: Box) -> None:
    """Kill the zygote, and see that nobody is left."""
    children = box.children()
    assert children
    os.kill(box.zygote, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.01)  # the kernel takes them down
    assert not any(map(alive, children))


def test_it_starts_again_when_its_process_is_killed() -> None:
    """The next answer is run by a new one; an answer under way is run once more."""
    with opened() as box:
        first = box.zygote
        kill_with_children(box)
        assert 66.0 == box.value("a.sum()")
        assert first != box.zygote

        async def killed_half_way() -> object:
            running = asyncio.create_task(box.sandbox.run(Job("a + 0", [{"a": A}]), "m"))
            await asyncio.sleep(0)
            os.kill(box.zygote, signal.SIGKILL)
            return await running

        assert isinstance(box.wait(killed_half_way()), tuple)


def test_its_children_die_with_it() -> None:
    """Killed without a chance to tidy up, it leaves nobody behind."""
    with opened() as box:
        box.value("a")
        kill_with_children(box)


def test_what_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is not tried again with every answer."""
    starts = []

    async def start(_: object) -> Client:
        starts.append(1)
        message = "there is no seccomp"
        raise Broken(message)

    monkeypatch.setattr(Client, "start", start)
    sandbox = Sandbox()
    asyncio.run(sandbox.open())
    assert ("there is no seccomp", False) == (sandbox.why_not, sandbox.proved)
    for _ in range(3):
        with pytest.raises(Broken, match="there is no seccomp"):
            asyncio.run(sandbox.run(Job("1", [{}]), "m"))
    assert 1 == len(starts)


def test_a_failed_self_test_keeps_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one line gets through, nobody's code is run."""
    from bot.sandbox import selftest  # noqa: PLC0415  # patched here alone

    monkeypatch.setattr(selftest, "hostile", lambda _: ("1 + 1",))
    sandbox = Sandbox()
    asyncio.run(sandbox.open(quick=True))
    assert "the self-test failed: `1 + 1` was let through" == sandbox.why_not
    monkeypatch.setattr(selftest, "GOOD", (("a + 1", 0),))
    asyncio.run(sandbox.open(quick=True))
    assert "the self-test failed: `a + 1` gave" in sandbox.why_not


def test_other_systems_are_told_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container or WSL2."""
    monkeypatch.setattr(sys, "platform", "darwin")
    sandbox = Sandbox()
    asyncio.run(sandbox.open())
    assert "run the bot in a container, or in WSL2" in sandbox.why_not


def waiting(sandbox: Sandbox) -> int:
    """The process that was begun and is not used yet; 0 for none."""
    return sandbox._begun.pid if sandbox._begun is not None else 0


def test_a_process_that_was_begun_is_the_one_that_is_used() -> None:
    """It gets ready while something else is done; once open, none is begun any more."""
    sandbox = Sandbox()
    sandbox.begin()
    begun = waiting(sandbox)

    async def used() -> tuple[int, Outcome]:
        await sandbox.open(quick=True)
        sandbox.begin()
        assert sandbox._client is not None
        try:
            return sandbox._client.process.pid, await sandbox.run(Job("a + 0", [{"a": A}]), "m")
        finally:
            sandbox.close()

    pid, outcome = asyncio.run(used())
    assert (begun, 0) == (pid, waiting(sandbox))
    assert isinstance(outcome, tuple)
    assert not alive(begun)


def test_a_process_that_was_begun_in_vain_is_ended() -> None:
    """Whoever leaves before the first answer leaves nothing behind, and begins nothing more."""
    sandbox = Sandbox()
    sandbox.begin()
    begun = waiting(sandbox)
    assert alive(begun)
    sandbox.close()
    assert not alive(begun)
    after = Sandbox()
    after.close()
    after.begin()
    assert 0 == waiting(after)


def test_closed_while_it_opens_it_leaves_no_process() -> None:
    """It does not come to life afterwards, and says that it was closed."""

    async def closed() -> tuple[str, bool]:
        sandbox = Sandbox()
        opening = asyncio.create_task(sandbox.open(quick=True))
        while sandbox._client is None and not opening.done():
            sandbox.close()
            await asyncio.sleep(0.01)
        return sandbox.why_not, sandbox._client is None

    assert ("it was closed", True) == asyncio.run(closed())


def test_a_failed_restart_is_tried_once_for_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited for another's attempt makes none of their own."""
    starts = []

    async def start(_: object) -> Client:
        starts.append(1)
        await asyncio.sleep(0.01)
        message = "there is no seccomp"
        raise Broken(message)

    monkeypatch.setattr(Client, "start", start)
    sandbox = Sandbox()

    async def all_of_them() -> list[object]:
        jobs = (sandbox.run(Job("1", [{}]), member) for member in range(2))
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    found = asyncio.run(all_of_them())
    assert [Broken, Broken] == [type(one) for one in found]
    assert 1 == len(starts)


def test_a_turn_that_has_lasted_takes_no_other_job(box: Box) -> None:
    """A slow answer is not run again to demonstrate its fault: somebody else waits."""

    def task(run: Run) -> tuple[Outcome, str]:
        first = run(Job("sum(iter(int, 1))", [{}], open=True))
        try:
            return first, str(run(Job("1", [{}])))
        except Broken as broken:
            return first, str(broken)

    first, then = box.wait(box.sandbox.turn("m", task))
    assert isinstance(first, Killed)
    assert "its turn is over" == then


def test_no_descriptor_left_is_no_crash(monkeypatch: pytest.MonkeyPatch, box: Box) -> None:
    """Nothing can be run then, and the process that runs answers is none the worse."""
    zygote = box.zygote

    def none(*_: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("bot.sandbox.process.socket.socketpair", none)
        with pytest.raises(Broken, match="Too many open files"):
            Process()
        assert isinstance(box.run("a"), tuple)  # which needs none
    assert zygote == box.zygote


def test_what_came_of_a_closed_descriptor_is_not_told_of_the_next_with_its_number() -> None:
    """Else a job that has just begun is ended for the one before it, which nobody waits for."""
    bots, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ended, end = os.pipe()
    given_up, other = os.pipe()
    with bots, theirs:
        zygote = Zygote(theirs, Lock(b""), b"")
        told: list[str] = []

        def reap() -> None:
            zygote._unwatch(given_up)
            os.dup2(theirs.fileno(), given_up)
            zygote._watch(given_up, lambda: told.append("the next"))
            told.append("its end")

        zygote._watch(ended, reap)
        zygote._watch(given_up, lambda: told.append("given up"))
        os.close(end)
        os.close(other)
        zygote._serve(0)
        assert ["its end"] == told
        for descriptor in (ended, given_up):
            os.close(descriptor)


def test_where_the_system_makes_no_process_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Jobs wait meanwhile; only where nothing can be made does it give up."""
    now = 100.0

    def none() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("bot.sandbox.zygote.os.fork", none)
    monkeypatch.setattr("bot.sandbox.zygote.time.monotonic", lambda: now)
    bots, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with bots, theirs:
        zygote = Zygote(theirs, Lock(b""), b"")
        assert zygote._lacks_one()
        zygote._fork()
        assert not zygote._lacks_one()  # for now
        now += 1
        assert zygote._lacks_one()
        now += START_SECONDS
        with pytest.raises(NoJail, match="makes no more processes"):
            zygote._fork()


def test_a_closed_sandbox_runs_nothing() -> None:
    """It says so, and leaves no process."""
    box = Box()
    zygote = box.zygote
    box.sandbox.close()
    with pytest.raises(Broken):
        box.run("a")
    assert not alive(zygote)
    box.close()


def test_closing_waits_for_no_answer() -> None:
    """What is being run is given up at once, and no thread is left behind."""

    async def closed_half_way(box: Box) -> float:
        endless = Job("sum(iter(int, 1))", [{}], open=True)
        running = asyncio.create_task(box.sandbox.run(endless, "m"))
        await asyncio.sleep(0.05)
        begun = time.perf_counter()
        box.sandbox.close()
        with pytest.raises(Broken):
            await running
        return time.perf_counter() - begun

    with opened() as box:
        assert box.wait(closed_half_way(box)) < 0.3
        box.sandbox._threads.shutdown(wait=True)


def test_a_task_is_done_in_a_thread_of_its_own(box: Box) -> None:
    """The event loop goes on while it prepares and compares; what it raises comes out."""

    def task(run: Run) -> tuple[str, Outcome]:
        return threading.current_thread().name, run(Job("a + 0", [{"a": A}]))

    name, outcome = box.wait(box.sandbox.turn("m", task))
    assert name.startswith("answers")
    assert isinstance(outcome, tuple)
    with pytest.raises(ZeroDivisionError):
        box.wait(box.sandbox.turn("m", lambda _: 1 // 0))
    assert 66.0 == box.value("a.sum()")


def test_one_member_cannot_keep_the_others_waiting(box: Box) -> None:
    """Whoever sends many is told to wait; everybody else has their turn in between."""

    async def together() -> tuple[list[object], list[float]]:
        begun = time.perf_counter()
        many = [box.sandbox.run(Job("9**9**9", [{}], open=True), "greedy") for _ in range(9)]
        greedy = asyncio.gather(*many, return_exceptions=True)
        await asyncio.sleep(0)
        waits = []
        for member in range(5):
            await box.sandbox.run(Job("a + 0", [{"a": A}]), member)
            waits.append(time.perf_counter() - begun)
        return list(await greedy), waits

    outcomes, waits = box.wait(together())
    assert (3, 6) == (
        sum(one == Killed("time") for one in outcomes),
        sum(isinstance(one, Busy) for one in outcomes),
    )
    assert max(waits) < 3  # all three of the greedy one are ended within a second each


def test_what_nobody_waits_for_is_ended(box: Box) -> None:
    """Runs that were given up take no more than a few processes, and hold nobody up."""

    async def given_up() -> int:
        most = 0
        for number in range(40):
            running = asyncio.create_task(box.sandbox.run(Job("9**9**9", [{}], open=True), number))
            await asyncio.sleep(0.002)
            running.cancel()
            most = max(most, len(box.children()))
        return most

    begun = time.perf_counter()
    assert box.wait(given_up()) <= MOST
    assert 66.0 == box.value("a.sum()")
    assert time.perf_counter() - begun < 2


def test_a_process_that_stays_after_its_reply_is_ended(box: Box) -> None:
    """It wrote what was asked for; what it would do afterwards is of no use to anybody."""
    reply = b'[{"value":["int","7"],"changed":[]}]'
    message = len(b"    " + reply).to_bytes(4, "big") + len(reply).to_bytes(4, "big") + reply
    stays = f"__import__('os').write(3, {message!r}) and sum(0 for _ in iter(int, 1))"
    begun = time.perf_counter()
    for _ in range(20):
        assert 7 == box.value(stays, gate=False)
    assert len(box.children()) <= MOST
    assert time.perf_counter() - begun < 2


def test_numpy_s_own_faults_are_out_of_reach(box: Box) -> None:
    """What reads or writes beyond an empty array is refused; the rest of it works."""
    for source in (
        "np.einsum('ii->i', np.zeros((90, 1)).T[:0])",
        "np.einsum(a[:0], [0, 0], [0])",
        "np.fft.irfft(b[:0], 6)",
        "np.fft.irfft(a=b[:0], n=6)",
        "np.fft.hfft(a[:, :0], 64)",
    ):
        (raised,) = box.run(source)  # type: ignore[misc]
        assert isinstance(raised, Raised)
        assert "of an empty array is not done here" in raised.text
    for source in (
        "np.repeat(a, 2**62)",
        "np.repeat(a=b, repeats=2**62)",
        "np.repeat(b, [2**62] * 4)",
        "np.tile(a, (1, 2**62))",
        "np.tile(A=b, reps=(2**62, 4))",
    ):
        assert Killed("memory") == box.run(source)
    assert 24 == box.value("np.repeat(a, 2, axis=1).size")
    assert 48 == box.value("np.tile(a, (2, 2)).size")
    assert 66.0 == box.value("np.einsum('ij->', a)")
    assert 66.0 == box.value("np.einsum(a, [0, 1], [])")
    assert [2, -1, 0.5, 4] == box.value("np.fft.irfft(np.fft.rfft(b)).round(6).tolist()")


def open_files(box: Box) -> int:
    """How many descriptors this process has, but for the lines to children that wait."""
    assert box.sandbox._client is not None
    return len(list(Path("/proc/self/fd").iterdir())) - box.sandbox._client._lines.qsize()


def test_whoever_gives_up_frees_the_turn(box: Box) -> None:
    """A wait that is cancelled, before or while it runs, holds nobody up."""

    async def given_up() -> None:
        for pause in (0, 0.02):
            running = [
                asyncio.create_task(box.sandbox.run(Job("9**9**9", [{}], open=True), member))
                for member in range(6)
            ]
            await asyncio.sleep(pause)
            for one in running:
                one.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    open_before = open_files(box)
    box.wait(given_up())
    assert 66.0 == box.value("a.sum()")
    assert open_before == open_files(box)
