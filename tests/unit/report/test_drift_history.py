"""How many findings were open: a bar for each report, a piece of it for each level."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import UsageError
from entra_config.report import drift_history, drift_json
from entra_config.report.drift_history import Tally
from entra_config.risk import Risk
from tests.unit.report.drifts import CHECKED, sample


def picture(*counts: Mapping[Risk, int]) -> dict[str, Any]:
    """Return the picture of reports of one day after another."""
    made = [Tally(CHECKED + timedelta(days=day), each) for day, each in enumerate(counts)]
    found = drift_history.picture(made[::-1])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("counts", "bars"),
    [
        (({}, {}), []),
        (
            ({"high": 1, "low": 3}, {"medium": 2}),
            [
                ("high", "73.5", "75.0", "99.0", "21.0"),
                ("low", "73.5", "12.0", "99.0", "63.0"),
                ("medium", "271.5", "54.0", "99.0", "42.0"),
            ],
        ),
        (({}, {}, {"low": 1}), [("low", "321.0", "12.0", "66.0", "84.0")]),
    ],
)
def test_a_bar_is_as_high_as_its_findings_are_many(
    counts: tuple[Mapping[Risk, int], ...], bars: list[tuple[str, ...]]
) -> None:
    """The highest fills the picture, and a report without findings has none."""
    assert [tuple(each.values()) for each in picture(*counts)["bars"]] == bars


@pytest.mark.parametrize(
    ("counts", "axes"),
    [
        (({}, {}), [("96.0", "100.0", 0), ("12.0", "16.0", 1)]),
        (({"medium": 4}, {}), [("96.0", "100.0", 0), ("12.0", "16.0", 4)]),
    ],
)
def test_the_axis_has_nothing_and_the_most(
    counts: tuple[Mapping[Risk, int], ...], axes: list[tuple[str, str, int]]
) -> None:
    """Where nothing was ever open, it ends at one."""
    assert [tuple(each.values()) for each in picture(*counts)["axes"]] == axes


def test_the_days_stand_at_both_ends() -> None:
    """The first at the left, the last at the right; whoever cannot see it hears all of them."""
    shown = picture({"high": 1}, {}, {"low": 2})
    assert (shown["first"], shown["last"]) == ("20 Nov", "22 Nov")
    assert shown["said"] == "20 Nov: 1, 21 Nov: 0, 22 Nov: 2"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (({}, {}), "Now 0, in the report before 0."),
        (({"low": 1}, {"high": 1}), "Now 1, in the report before 1."),
        (
            ({"high": 1}, {"high": 2}, {"low": 1}),
            "Now 1, in the report before 2. The last one before with a high finding was of 2026-11-21.",
        ),
    ],
)
def test_words_say_what_was_before(counts: tuple[Mapping[Risk, int], ...], said: str) -> None:
    """The report of now is not one before."""
    assert picture(*counts)["words"] == f"High is at the bottom. {said}"


def test_one_report_is_no_history() -> None:
    """Two are."""
    assert drift_history.picture([Tally(CHECKED, {"high": 1})]) is None
    assert picture({}, {})["caption"] == "Open findings, last 2 reports"


WHOSE = ("myapp", "dev", "11111111-1111-1111-1111-111111111111")


@pytest.mark.parametrize("whose", [("x", *WHOSE[1:]), (WHOSE[0], "x", WHOSE[2]), (*WHOSE[:2], "x")])
def test_reports_of_one_project_environment_and_tenant_go_together(whose: tuple[str, str, str]) -> None:
    """Each of the three is compared."""
    reports = [(Path("a.json"), drift_json.document(sample()))]
    assert drift_history.tallies(reports, WHOSE) == [drift_history.of(sample())]
    with pytest.raises(UsageError) as error:
        drift_history.tallies(reports, whose)
    assert str(error.value) == (
        f"--history a.json: it is of myapp/dev in tenant {WHOSE[2]}, this is {whose[0]}/{whose[1]}"
    )
