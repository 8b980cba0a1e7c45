"""Plans that somebody read in; an approval of them out, unless all together are over the fleet's limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import RefusedError, UsageError
from entra_config.manifest.tenants import reading
from entra_fleet.cli import approve
from entra_fleet.run.run_results import FleetResults, ReadResult
from tests.unit.fleet.fleet_made import ONE, TWO, Shards, result


@pytest.mark.parametrize(
    ("text", "hours"),
    [("30m", 0.5), ("1m", 1 / 60), ("24h", 24), ("1h", 1), ("3d", 72), ("30d", 720), ("720h", 720)],
)
def test_how_long_an_approval_lasts(text: str, hours: float) -> None:
    """Minutes, hours or days."""
    assert approve._hours(text) == pytest.approx(hours)


@pytest.mark.parametrize(
    "text", ["", "0h", "01h", "31d", "721h", "43201m", "1", "1w", "-1h", "99999m", "1h "]
)
def test_other_times_are_refused(text: str) -> None:
    """None that is longer than thirty days, and no word that could mean two."""
    with pytest.raises(UsageError, match=rf"^--for {text}: say minutes, hours or days"):
        approve._hours(text)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ((3, 2, 1), (4, 3, 2), ""),
        ((4, 2, 1), (4, 3, 2), "  8 people would lose something, and `limits.people` is 7"),
        ((3, 3, 1), (4, 3, 2), "  6 applications would lose something, and `limits.applications` is 5"),
        ((3, 2, 2), (4, 3, 2), "  4 applications would be deleted, and `limits.deleted` is 3"),
        (None, (0, 0, 0), "  nobody could count who loses something in 1 of these plans"),
    ],
)
def test_all_together_stay_within_the_limits(
    fleet_file: Path, shards: Shards, first: Any, second: Any, words: str
) -> None:
    """Of the fleet; who cannot be counted is too many."""
    names = ("people", "applications", "deleted")
    rows = [None if each is None else dict(zip(names, each, strict=True)) for each in (first, second)]
    chosen = [
        ReadResult(shards[name], result(name, loss=row), "")
        for name, row in zip((ONE, TWO), rows, strict=True)
    ]
    results = FleetResults(reading.read(fleet_file), "one", "plan", chosen)
    if not words:
        approve._check(results, chosen)
        return
    with pytest.raises(RefusedError) as refused:
        approve._check(results, chosen)
    assert str(refused.value).startswith(f"over the limits of {fleet_file}, and nothing is approved\n{words}")
