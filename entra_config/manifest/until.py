"""The day until which something holds in; when that is over, out: at 24:00 UTC of it, and never by itself.

One reading for all that may end: entries of the manifest, what is acknowledged, what lint is silent of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from entra_config.errors import Position

SOON = timedelta(days=14)
NEVER = date.max
EXAMPLE = "2027-06-30"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\S*[T:Zz+ ].*")


@dataclass(frozen=True, slots=True)
class Until:
    """The last day of one entry, and where it stands."""

    day: date
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """One entry of a manifest that ends: its last day, what it is in words, and where it stands."""

    day: date
    what: str
    position: Position | None = None


class DayError(ValueError):
    """A text that is no day; says what was expected."""


def parse(text: str) -> date:
    """Read a day; DayError says what else it would have to be."""
    if not _DAY.fullmatch(text):
        timed = ", without a time or zone: it ends at 24:00 UTC of it" if _TIMED.fullmatch(text) else ""
        raise DayError(f"a day such as {EXAMPLE}{timed}")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DayError(f"a day that the calendar has, such as {EXAMPLE}") from error


def over(day: date | None, at: datetime) -> bool:
    """Tell whether what holds until the end of a day is over at an instant; without a day it never is."""
    return day is not None and at.astimezone(UTC).date() > day


def end(day: date) -> datetime:
    """Return the first instant after a day."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def soon(day: date, at: datetime) -> bool:
    """Tell whether something that holds still ends within two weeks."""
    return not over(day, at) and end(day) - at <= SOON


def format_day(day: date) -> str:
    """Return a day as every report shows it."""
    return f"{day.day} {day:%b %Y}"


def format_end(end: datetime) -> str:
    """Return the last day of what ends at an instant: what ends at midnight does not hold on the day that
    begins.
    """
    return format_day((end.astimezone(UTC) - timedelta(microseconds=1)).date())


def wording(day: date) -> str:
    """Say until when something is held, and that it ends by an apply alone."""
    return f"until {format_day(day)}, ends when applied"
