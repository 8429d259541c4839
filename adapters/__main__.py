"""Where `numpy-bot` starts: until there is something to tidy up, Ctrl-C just ends it."""

import os
import signal

from adapters import INTERRUPTED


def main() -> None:
    """Run the command that the arguments name."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from adapters.cli import main as command  # noqa: PLC0415  # what Ctrl-C may cut short

    signal.signal(signal.SIGINT, signal.default_int_handler)
    command(prog_name="numpy-bot")


if __name__ == "__main__":
    main()
