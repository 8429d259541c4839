"""Instants and days as the database holds them."""

from datetime import UTC, date, datetime


def seconds(instant: datetime) -> int:
    """An instant as whole seconds since 1970."""
    return int(instant.timestamp())


def instant(stored: int | None) -> datetime | None:
    """A stored instant, in UTC."""
    return None if stored is None else datetime.fromtimestamp(stored, UTC)


def day(stored: str | None) -> date | None:
    """A stored ISO date."""
    return None if stored is None else date.fromisoformat(stored)
