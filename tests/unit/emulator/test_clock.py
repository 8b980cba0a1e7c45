"""Clocks that are moved, and times and lengths as they are written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from entra_emulator import clock
from entra_emulator.clock import ManualClock, SystemClock
from entra_emulator.durations import duration
from entra_emulator.shared_clock import SharedClock
from entra_emulator.state.state_files import CLOCK_FILE

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_clock_that_stands_still_until_it_is_moved() -> None:
    """From the first of 2026; who sleeps finds it moved."""
    manual = ManualClock()
    assert manual.now() == manual.now() == START
    manual.advance(1.5)
    asyncio.run(manual.sleep(2))
    assert manual.now() == START + timedelta(seconds=3.5)


def test_the_machine_s_clock_is_moved_and_put_back() -> None:
    """Moves add up, and are forgotten together; who sleeps moves nothing."""
    system = SystemClock()
    assert system.now().tzinfo is UTC
    system.advance(1e6)
    system.advance(1e6)
    asyncio.run(system.sleep(0))
    assert system.offset == timedelta(seconds=2e6)
    assert system.now() - datetime.now(UTC) > timedelta(seconds=1e6)
    system.back()
    assert system.offset == timedelta()


def test_a_shared_clock_writes_down_each_move(tmp_path: Path) -> None:
    """As seconds, and the beginning too; what an earlier process wrote is replaced."""
    file = tmp_path / CLOCK_FILE
    file.write_text("77")
    shared = SharedClock(tmp_path)
    written = [file.read_text()]
    shared.advance(60)
    written.append(file.read_text())
    shared.advance(0.5)
    written.append(file.read_text())
    assert shared.offset == timedelta(seconds=60.5)
    shared.back()
    written.append(file.read_text())
    assert written == ["0.0", "60.0", "60.5", "0.0"]
    assert shared.offset == timedelta()


@pytest.mark.parametrize(
    ("microsecond", "fine"),
    [(0, "05Z"), (120_000, "05.12Z"), (1, "05.000001Z"), (999_999, "05.999999Z")],
)
def test_stamps(microsecond: int, fine: str) -> None:
    """Whole seconds on reads, and on writes as much of a fraction as there is."""
    moment = datetime(2026, 2, 3, 4, 5, 5, microsecond, tzinfo=UTC)
    assert clock.seconds_stamp(moment) == "2026-02-03T04:05:05Z"
    assert clock.fine_stamp(moment) == f"2026-02-03T04:05:{fine}"


def test_years_have_four_digits() -> None:
    """As Graph reads them."""
    moment = datetime(2, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert clock.seconds_stamp(moment) == clock.fine_stamp(moment) == "0002-02-03T04:05:06Z"


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_utc_has_no_year_for(text: str) -> None:
    """An error like that of a text that is no time."""
    with pytest.raises(ValueError, match="is outside of the calendar in UTC"):
        clock.read_stamp(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03", datetime(2026, 2, 3, tzinfo=UTC)),
        ("2026-02-03T04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03T04:05:06.5", datetime(2026, 2, 3, 4, 5, 6, 500_000, tzinfo=UTC)),
        ("2026-02-03T04:05:06+02:00", datetime(2026, 2, 3, 2, 5, 6, tzinfo=UTC)),
        ("2026-02-30", None),
        ("soon", None),
        ("", None),
    ],
)
def test_reading_stamps(text: str, moment: datetime | None) -> None:
    """Without an offset a time is UTC; a day that no calendar has is none."""
    assert clock.is_stamp(text) is (moment is not None)
    if moment is not None:
        assert clock.read_stamp(text).utcoffset() == timedelta()
        assert clock.read_stamp(text) == moment.astimezone(timezone(timedelta(hours=5)))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P4DT12H30M5S", timedelta(days=4, hours=12, minutes=30, seconds=5)),
        ("P90D", timedelta(days=90)),
        ("PT0S", timedelta()),
        ("PT1.5S", timedelta(seconds=1)),
        ("PT2M", timedelta(minutes=2)),
        ("P", None),
        ("PT", None),
        ("P1Y", None),
        ("P1M", None),
        ("1D", None),
        ("P1D ", None),
        ("", None),
    ],
)
def test_durations(text: str, length: timedelta | None) -> None:
    """Days, hours, minutes and seconds; years and months have no length."""
    assert duration(text) == length
