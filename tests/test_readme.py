"""The README says what is there, and what it shows works."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from adapters.cli import main
from bot.commands import COMMANDS, PLANS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

LEFT_OUT = ("pip ", "-m venv", "--python ")
"""Lines that make an environment, or need another one, are run by `.ci/run`, not here."""


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command below a group with its full name; groups are no commands."""
    context = click.Context(group)
    for word in group.list_commands(context):
        found = group.get_command(context, word)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, f"{name} {word}")
        else:
            yield f"{name} {word}", found


KNOWN = dict(commands(main, "numpy-bot"))


class Example:
    """A command of a ```console block, and the lines that are shown below it."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.shown: list[str] = []


def examples() -> list[Example]:
    """Give the README's examples in their order."""
    found: list[Example] = []
    for block in re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Example(line.removeprefix("$ ")))
            else:
                found[-1].shown.append(line)
    return found


def test_the_two_lines_that_set_it_up_stand_there() -> None:
    """Two lines that can be copied take a clone to the first question and to the tests."""
    setup = "    python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/numpy-bot play\n"
    tests = "    .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest\n"

    assert setup + tests in README


def test_every_command_is_in_the_table() -> None:
    """The table of commands has each command once, and no other."""
    assert sorted(KNOWN) == sorted(
        re.findall(r"^\| `(numpy-bot [a-z ]+)` \|", README, re.MULTILINE)
    )


def test_every_command_is_shown_in_use() -> None:
    """Each command has an example that can be copied; `run` stands in the steps to install it."""
    shown = " ".join(example.line for example in examples())
    missing = {name for name in KNOWN if f"{name} " not in f"{shown} "}

    assert {"numpy-bot run"} == missing


def test_every_option_that_is_named_exists() -> None:
    """What the table and the examples write after a command is one of its options."""
    rows = re.findall(r"^\| `(numpy-bot [a-z ]+)` \|(.*)$", README, re.MULTILINE)
    for name, text in [*rows, *((example.line, example.line) for example in examples())]:
        command = next(known for full, known in KNOWN.items() if full in name)
        options = {option for param in command.params for option in param.opts}
        assert set(re.findall(r"--[a-z-]+", text)) <= options, text


def test_every_chat_command_is_listed_as_the_help_lists_it() -> None:
    """The list of /numpy commands is the one that `/numpy help` shows."""
    listed = re.findall(r"^- `/numpy (.*)$", README, re.MULTILINE)

    assert [line.removeprefix("`") for line in COMMANDS.values()] == listed


def test_every_word_after_schedule_is_listed() -> None:
    """The list for managers is the one that `/numpy schedule help` shows."""
    listed = re.findall(r"^- (`schedule .*)$", README, re.MULTILINE)

    assert [*PLANS.values()] == listed


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are a POSIX shell's")
def test_every_example_runs(tmp_path: Path) -> None:
    """Each line of the console blocks ends with status 0, and prints what is shown below it."""
    here = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NUMPY_BOT_DB": str(tmp_path / "bot.db"),
        "HOME": str(tmp_path),
        "COLUMNS": "100",
    }
    run = [example for example in examples() if not any(part in example.line for part in LEFT_OUT)]
    assert run

    for example in run:
        assert "numpy-bot" in shlex.split(example.line)
        done = subprocess.run(
            ["/bin/sh", "-c", example.line],
            cwd=tmp_path,
            env=here,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert 0 == done.returncode, f"{example.line}\n{done.stdout}{done.stderr}"
        for line in example.shown:
            assert line in done.stdout.splitlines(), example.line


def test_every_link_leads_somewhere() -> None:
    """A link to a file of ours names one that is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert links
    assert [] == [link for link in links if not (ROOT / link).exists()]


def test_the_picture_of_the_layout_is_true() -> None:
    """Every module of the core and of the adapters is in the picture, and nothing else."""
    block = next(part for part in README.split("```") if part.startswith("\nbot/ "))
    folder, drawn = "", set[str]()
    for line in block.strip().splitlines():
        name = line.split()[0]
        folder = folder if line.startswith(" ") else name
        drawn.add(name if name == folder else folder + name)
    there = {"bot/", "adapters/", "content/", "tests/"}
    for top in ("bot", "adapters", "content"):
        for path in (ROOT / top).iterdir():
            if path.name.startswith("_") or path.suffix not in {"", ".py"}:
                continue
            if path.is_dir():
                there.add(f"{top}/{path.name}/")
            else:
                there.add(f"{top}/{path.name}")

    assert there == drawn
