"""What is well and what is not about the bot on Slack."""

from collections.abc import Sequence

from adapters.slack_client import Login, SlackClient, ask
from adapters.slack_manifest import scopes
from adapters.slack_settings import SlackSettings
from bot.errors import BotError, Refused
from bot.store.places import Scheduled

Finding = tuple[bool, str]

HISTORY = frozenset({"channels:history", "groups:history"})

REINSTALL = "Add it in the app's settings under OAuth & Permissions, and reinstall the app."


async def findings(settings: SlackSettings, scheduled: Sequence[Scheduled]) -> list[Finding]:
    """Try the tokens, the scopes, and every channel that has a daily."""
    client = SlackClient(settings)
    try:
        return await _look(client, scheduled)
    finally:
        await client.close()


async def _look(client: SlackClient, scheduled: Sequence[Scheduled]) -> list[Finding]:
    try:
        login = await client.open()
    except BotError as error:
        return [(False, _named(error))]
    found = [(True, f"Slack: @{login.name} in {login.team_name}, SLACK_BOT_TOKEN works")]
    missing = sorted(scopes() - client.scopes)
    found += [(False, f"Slack: the scope {scope} is missing. {REINSTALL}") for scope in missing]
    if not missing:
        found.append((True, "Slack: all scopes are there"))
    found.append(await _way_in(client))
    if client.scopes >= HISTORY:  # or else nobody can look
        found += [await _channel(client, login, channel) for channel in scheduled]
    return found


def _named(error: BotError) -> str:
    said = str(error)
    return said if said.startswith("Slack") else f"Slack: {said}"


async def _way_in(client: SlackClient) -> Finding:
    settings = client.settings
    if not settings.app_token:
        return True, (
            f"Slack: by HTTP, which listens on {settings.host}:{settings.port}. Whether "
            "SLACK_SIGNING_SECRET is right shows with the first command"
        )
    try:
        await client.socket_address()
    except BotError as error:
        return False, _named(error)
    return True, "Slack: by Socket Mode, SLACK_APP_TOKEN works"


async def _channel(client: SlackClient, login: Login, channel: Scheduled) -> Finding:
    if channel.tenant != login.team:
        return False, (
            f"Slack: the daily of {channel.channel} belongs to the workspace {channel.tenant}, "
            f"but SLACK_BOT_TOKEN to {login.team}. Use a database of its own for each workspace."
        )
    try:
        await ask(client.patient.conversations_history(channel=channel.channel, limit=1))
    except Refused as error:
        return False, f"Slack: the daily of {channel.channel} cannot be posted: {error}."
    except BotError as error:
        return False, f"Slack: {channel.channel} could not be looked at: {error}."
    return True, f"Slack: the bot is in {channel.channel}, which has a daily"
