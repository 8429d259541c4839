"""`numpy-bot slack`: what an operator needs to install the bot in Slack."""

import click


@click.group()
def slack() -> None:
    """Install the bot in a Slack workspace."""


@slack.command(short_help="Print the manifest to paste into Slack.")
@click.option("--url", help="Where Slack reaches the bot by HTTP; without it, Socket Mode.")
def manifest(url: str | None) -> None:
    """Print the manifest to paste into Slack's "Create New App", "From a manifest"."""
    from adapters.slack_manifest import for_http, text  # noqa: PLC0415  # with the command

    click.echo(text() if url is None else for_http(url), nl=False)
