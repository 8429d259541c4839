"""The `numpy-bot` command. Each command's work is imported when it is called."""

import errno
import importlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters import INTERRUPTED
from adapters.streams import clean, let_go, prepare
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.scoring import Period

_ELSEWHERE: Mapping[str, str] = {
    "bank": "adapters.bank_cli",
    "sandbox": "adapters.sandbox_cli",
    "schedule": "adapters.schedule_cli",
    "slack": "adapters.slack_cli",
}
"""Groups that live in their own file."""


class Failure(click.ClickException):
    """A sentence for the operator, and exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002  # click's signature
        """The sentence alone."""
        click.echo(clean(self.message), err=True)


class Door(click.Group):
    """The commands, and how they end: errors that a person can mend end as their sentence.

    Sub-groups are imported when they are called.
    """

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; no traceback for what is nobody's bug."""
        prepare()
        try:
            return super().invoke(ctx)
        except BotError as error:
            raise Failure(str(error)) from error
        except KeyboardInterrupt:
            # One more would turn the exit code into a signal while Python ends.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            let_go()
            return None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            let_go()
            raise Failure(f"Nothing more can be written ({error.strerror}).") from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, the lazy ones included."""
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name in _ELSEWHERE:
            found: click.Command = getattr(importlib.import_module(_ELSEWHERE[cmd_name]), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="numpy-study-bot", prog_name="numpy-bot")
def main() -> None:
    """One NumPy interview question a day for your team; `numpy-bot play` starts right here."""


def _level(_: click.Context, __: click.Parameter, value: str | None) -> int:
    from bot.commands import parse_level  # noqa: PLC0415  # with the command

    try:
        return 0 if value is None else parse_level(value)
    except BotError as error:
        raise click.BadParameter(str(error)) from error


def _topic(_: click.Context, __: click.Parameter, value: str | None) -> str:
    from bot.commands import parse_topic  # noqa: PLC0415  # with the command

    try:
        return "" if value is None else parse_topic(value)
    except BotError as error:
        raise click.BadParameter(str(error)) from error


_database = click.option(
    "--db",
    type=click.Path(path_type=Path),
    help="The database file, instead of NUMPY_BOT_DB.",
)


@main.command(short_help="Ask today's question, then practise.")
@click.option("--topic", callback=_topic, help="Practise one topic, such as broadcasting.")
@click.option("--level", callback=_level, help="Practise one level: easy, medium or hard.")
@click.option("--count", type=click.IntRange(1, 50), default=None, help="Stop after so many.")
@click.option("--seed", type=int, help="Draw practice questions from this seed.")
@_database
def play(topic: str, level: int, count: int | None, seed: int | None, db: Path | None) -> None:
    """Answer today's question and practise, right here in the terminal.

    Answer with a letter or by typing; ? is a hint, s skips, q leaves, and every
    /numpy command works. With a pipe on stdin each line is one answer.
    """
    from adapters import play as terminal  # noqa: PLC0415  # with the command
    from adapters.wiring import Notes, load_settings, open_database  # noqa: PLC0415  # the same
    from bot.commands import Quiz  # noqa: PLC0415  # the same

    notes = Notes()
    notes.start()
    settings = load_settings()
    with open_database(settings, db) as database:
        code = terminal.play(settings, database, Quiz(topic, level, count or 0), notes, seed)
    sys.exit(code)


@main.command(short_help="Start every platform that has tokens.")
@_database
def run(db: Path | None) -> None:
    """Start every platform that has tokens, and post the daily question.

    SIGTERM or Ctrl-C ends it cleanly.
    """
    from adapters.serve import serve  # noqa: PLC0415  # with the command

    serve(db)


@main.command(short_help="Print the leaderboards.")
@click.argument("period", type=click.Choice(["week", "month", "all"]), default="week")
@click.argument("scope", type=click.Choice(["channel", "team"]), default="channel")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_database
def leaderboard(period: "Period", scope: str, *, as_json: bool, db: Path | None) -> None:
    """Print the leaderboards: every channel's, or every team's."""
    from adapters.operate import leaderboards  # noqa: PLC0415  # with the command

    leaderboards(period, scope, db, as_json=as_json)


@main.command(short_help="Copy the database to a file.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@_database
def backup(file: Path, *, force: bool, db: Path | None) -> None:
    """Copy the database to FILE, also while the bot is running."""
    from adapters.operate import make_backup  # noqa: PLC0415  # with the command

    make_backup(file, db, force=force)


@main.command(short_help="Put a backup in the place of the database.")
@click.argument("file", type=click.Path(path_type=Path))
@_database
def restore(file: Path, *, db: Path | None) -> None:
    """Put the backup FILE in the place of the database, while the bot is stopped.

    The database from before is kept beside it, with the time in its name.
    """
    from adapters.operate import put_back  # noqa: PLC0415  # with the command

    put_back(file, db)


@main.command(short_help="Check settings, database, questions and platforms.")
@_database
def doctor(db: Path | None) -> None:
    """Check settings, database, questions and platforms, and say how to mend what is wrong."""
    from adapters.operate import diagnose  # noqa: PLC0415  # with the command

    sys.exit(diagnose(db))


if __name__ == "__main__":
    main()
