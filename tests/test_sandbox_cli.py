"""`numpy-bot sandbox`: the self-test, and lines through the layers."""

import sys

import msgspec
import pytest
from click.testing import CliRunner, Result

from adapters import sandbox_cli
from adapters.cli import main
from bot.sandbox.job import Broken
from bot.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


def run(*arguments: str, lines: str = "") -> Result:
    """A command with lines on its standard input."""
    return CliRunner().invoke(main, ["sandbox", *arguments], input=lines)


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is printed for a submission."""

    outcome: str
    layer: str | None
    detail: str
    ms: float


def results(lines: str, *options: str) -> list[tuple[str, str | None, str]]:
    """What becomes of lines."""
    done = run("run", "--stdin", *options, lines=lines)
    assert 0 == done.exit_code, done.output
    found = [msgspec.json.decode(line, type=Line) for line in done.stdout.splitlines()]
    assert all(0 < one.ms < 5_000 for one in found)
    return [(one.outcome, one.layer, one.detail) for one in found]


def test_check_says_what_guards() -> None:
    """The self-test passed, and with which layers."""
    done = run("check")
    assert 0 == done.exit_code
    assert "Answers in code: the self-test passed" in done.output
    assert "seccomp" in done.output


def test_check_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And fails; `doctor` has the same line."""
    asked = [False, True, True]  # only `check` takes its time

    async def broken(_: Sandbox, *, quick: bool) -> None:
        assert quick == asked.pop(0)
        message = "libseccomp is missing; install it"
        raise Broken(message)

    monkeypatch.setattr(Sandbox, "_started", broken)
    done = run("check")
    assert 1 == done.exit_code
    assert "Answers in code are off: libseccomp is missing; install it" in done.output
    assert "are off" in CliRunner().invoke(main, ["doctor"]).output
    refused = run("run", "--stdin", lines="a\n")
    assert (2, "") == (refused.exit_code, refused.stdout)
    assert "Nothing can be run here: libseccomp is missing" in refused.stderr


def test_every_line_gets_a_line() -> None:
    """Refused by the gate, ended by a limit, an error, or a value."""
    lines = "a.sum()\nopen('x')\nn**n**n**n\nnp.zeros(10**10)\na @ a\n\nb[n]\n"
    refused, error = "`open` is not allowed", "ValueError: matmul"
    expected = [
        ("value", None, "66.0"),
        ("refused", "gate", refused),
        ("killed", "limits", "time"),
        ("killed", "limits", "memory"),
        ("error", None, error),
        ("refused", "gate", "There is nothing to run yet"),
        ("value", None, "4.0"),
    ]
    found = results(lines)
    assert [one[:2] for one in expected] == [one[:2] for one in found]
    assert all(two[2].startswith(one[2]) for one, two in zip(expected, found, strict=True))


def test_a_function_has_its_newlines_written_out() -> None:
    r"""`\n` stands for one, and the function takes `a`."""
    line = "def solve(a):\\n    b = a * 2\\n    return b[0, :2]\n"
    assert [("value", None, "[0. 2.]")] == results(line)
    assert [("value", None, "[0. 2.] (it changed a)")] == results(
        "def solve(a):\\n    a *= 2\\n    return a[0, :2]\n"
    )


def test_without_the_gate_the_jail_stops_them() -> None:
    """Python's own names are there, and lead nowhere."""
    lines = "open('/etc/hostname').read()\n__import__('os').fork()\n1 + 1\nnp\n"
    assert [
        ("error", "jail", "PermissionError: [Errno 13] Permission denied: '/etc/hostname'"),
        ("killed", "jail", "forbidden"),
        ("value", None, "2"),
        ("value", None, "a module"),
    ] == results(lines, "--no-gate")


def test_lines_are_read_from_standard_input_alone() -> None:
    """Nobody runs code by a slip."""
    assert "Missing option '--stdin'" in run("run").output
    assert sandbox_cli.sandbox.commands.keys() == {"check", "run"}


def test_an_author_tries_an_answer() -> None:
    """`bank try` grades code as a member's is graded."""

    def tried(text: str) -> str:
        return CliRunner().invoke(main, ["bank", "try", "make-it-a-column", text]).output

    assert "right\n" == tried("x[:, None]")
    assert tried("x.T").startswith("wrong\nOn the example its shape is (4,), and (4, 1) is asked")
    assert tried("x.T(").endswith("x.T(\n   ^\n")
