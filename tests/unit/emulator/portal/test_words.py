"""Times, lengths, numbers and ids as the portal writes them, at each limit."""

from __future__ import annotations

import datetime as dt

import pytest

from entra_emulator.portal import words

NOW = dt.datetime(2026, 3, 5, 12, 0, tzinfo=dt.UTC)
DAY, YEAR = 86_400, 365 * 86_400


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (119, "1 min"),
        (120, "2 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (2 * 3600, "2 h"),
        (DAY - 1, "23 h"),
        (DAY, "1 day"),
        (2 * DAY, "2 days"),
        (YEAR - 1, "364 days"),
        (YEAR, "1 year"),
        (2 * YEAR, "2 years"),
    ],
)
def test_a_length_of_time_in_its_largest_unit(seconds: float, written: str) -> None:
    """Days and years have a plural, what is an abbreviation has none."""
    assert words.span(seconds) == written


@pytest.mark.parametrize(
    ("stamp", "machine", "written"),
    [
        ("", 0, "unknown"),
        ("never", 0, "never"),
        ("2026-03-05T11:02:03Z", 0, "11:02:03"),
        ("2026-03-05T00:00:00Z", 0, "00:00:00"),
        ("2026-03-04T23:59:59Z", 0, "2026-03-04"),
        ("2026-03-05T12:00:00Z", 0, "12:00:00"),
        ("2026-03-05T12:00:01Z", 0, "12:00:01 (clock moved on)"),
        ("2026-03-05T12:00:01Z", 1, "12:00:01"),
        ("2026-03-06T00:00:00Z", 0, "2026-03-06 (clock moved on)"),
    ],
)
def test_a_moment_of_today_is_a_time_and_any_other_a_day(stamp: str, machine: int, written: str) -> None:
    """What the machine's clock has not reached says that the emulator's was moved."""
    assert words.when(stamp, NOW, NOW + dt.timedelta(seconds=machine)) == written


def test_how_long_ago_and_how_long_still() -> None:
    """At its end something has ended; what is no time is unknown."""
    assert words.age("2026-03-05T11:59:00Z", NOW) == "1 min"
    assert words.age("never", NOW) == words.ends("never", NOW) == "unknown"
    assert words.ends("2026-03-05T12:00:01Z", NOW) == "2026-03-05, in 1 s"
    assert words.ends("2026-03-05T12:00:00Z", NOW) == "2026-03-05, ended 0 s ago"
    assert words.ends("2026-03-03T12:00:00Z", NOW) == "2026-03-03, ended 2 days ago"


def test_numbers_with_their_noun() -> None:
    """One alone is singular; thousands have their comma, and a narrow column has them in short."""
    assert [words.count(number, "role") for number in (0, 1, 2, 1200)] == [
        "0 roles",
        "1 role",
        "2 roles",
        "1,200 roles",
    ]
    assert [words.count(number, "person", "people") for number in (1, 2)] == ["1 person", "2 people"]
    assert [words.brief(number) for number in (999, 1000, 9_999, 10_000, 25_999)] == [
        "999",
        "1,000",
        "9,999",
        "10 k",
        "25 k",
    ]


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (f"/applications/{'a' * 36}/owners", "/applications/aaaaaaaa…/owners"),
        (f"/applications/{'a' * 31}", f"/applications/{'a' * 31}"),
        (f"/applications/{'a' * 32}", "/applications/aaaaaaaa…"),
        (f"/applications(appId='{'a' * 36}')", f"/applications(appId='{'a' * 36}')"),
        (f"/x/$filter={'a' * 36}", f"/x/$filter={'a' * 36}"),
    ],
)
def test_ids_of_a_path_are_short_and_what_says_something_is_whole(path: str, written: str) -> None:
    """An id has no quote and no dollar sign, and 32 characters at least."""
    assert words.short(path) == written
