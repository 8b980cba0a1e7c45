"""Time as an argument: the system's clock, or one that a test moves by hand."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Protocol

# The months as of which Graph can answer: of the oldest recordings, and one after the newest.
EARLIEST, NEWEST = "2020-08", "9999-12"


class Clock(Protocol):
    """What the emulator asks about time."""

    def now(self) -> datetime:
        """Give the current time in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let the given time pass."""
        ...


class SystemClock:
    """The time of this machine, moved forward by an offset on request."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Give the machine's time plus the offset."""
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        """Move the emulator's time forward."""
        self.offset += timedelta(seconds=seconds)

    def back(self) -> None:
        """Go back to the machine's own time."""
        self.offset = timedelta()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until somebody moves it; sleeping moves it at once."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self.time = start

    def now(self) -> datetime:
        """Give the time that was set."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Move the time instead of waiting, and let other tasks run."""
        self.advance(seconds)
        await asyncio.sleep(0)


def seconds_stamp(moment: datetime) -> str:
    """Write a time as Graph does on reads: whole seconds and Z."""
    return f"{_whole_seconds(moment)}Z"


def fine_stamp(moment: datetime) -> str:
    """Write a time with fraction digits, trailing zeros trimmed, as Graph does on some writes."""
    whole = _whole_seconds(moment)
    fraction = f"{moment.microsecond:06d}".rstrip("0")
    return f"{whole}.{fraction}Z" if fraction else f"{whole}Z"


def is_stamp(text: str) -> bool:
    """Say whether a text is a day, or a moment, of the calendar: `2026-02-30` is none."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def in_utc(text: str) -> str:
    """Write a moment with an offset in UTC, its fraction of a second as it was sent, to seven digits.

    Raise ValueError if the moment is before year 1 or after year 9999 in UTC.
    """
    if text[-1] in "Zz":
        return text
    fraction = text[19:-6][:8] if text[19:20] == "." else ""
    return f"{_whole_seconds(read_stamp(text))}{fraction}Z"


def read_stamp(text: str) -> datetime:
    """Read an ISO time, to the microsecond; without an offset it is UTC.

    Raise ValueError if it is no time, or before year 1 or after year 9999 in UTC.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is outside of the calendar in UTC") from error


def _whole_seconds(moment: datetime) -> str:
    # `strftime` writes the year 1 as `1`, and not as `0001`, on Linux.
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def read_month(text: str) -> str:
    """Return a month as of which Graph can answer; ValueError says what is wrong with the text."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        message = f"{text} is not a month in the form YYYY-MM"
        raise ValueError(message)
    if text < EARLIEST:
        message = f"{text} is before {EARLIEST}, the month of the oldest recorded answers"
        raise ValueError(message)
    return text
