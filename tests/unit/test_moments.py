"""Times in ISO 8601 are read in one way, wherever they are from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entra_config.moments import parse_moment, read_moment

NOW = datetime(2026, 11, 20, 8, 30, 1, 123456, tzinfo=UTC)
SECOND = NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T08:30:01.1234567Z", NOW),
        ("2026-11-20T08:30:01.123456Z", NOW),
        ("2026-11-20T10:30:01.1234569+02:00", NOW),
        ("2026-11-20T08:30:01+00:00", SECOND),
        ("2026-11-20T08:30:01Z", SECOND),
        ("2026-11-20T08:30:01", SECOND),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc(text: str, moment: datetime) -> None:
    """Graph writes up to seven digits of a second: they are cut to six."""
    assert parse_moment(text) == moment
    assert parse_moment(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["soon", "", None, "0001-01-01T00:00:00+14:00"])
def test_what_is_not_a_time_gives_the_default(text: str | None) -> None:
    """A time that no calendar has is not one either."""
    assert read_moment(text, NOW) == NOW
    assert read_moment(text, None) is None
