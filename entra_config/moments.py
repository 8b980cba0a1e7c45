"""Read times in ISO 8601, as Microsoft Graph, files and command lines write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

Default = TypeVar("Default")


def parse_moment(text: str) -> datetime:
    """Return a time in UTC, which it is in if it names no zone; ValueError if it is not a time."""
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is outside the calendar") from error


def has_zone(text: str) -> bool:
    """Return True for a time that names its zone; ValueError if it is not a time."""
    return datetime.fromisoformat(text).tzinfo is not None


def read_moment(text: object, default: Default) -> datetime | Default:
    """Return a time as `parse_moment` does; `default` if there is none or it is not a time."""
    try:
        return parse_moment(str(text))
    except ValueError:
        return default
