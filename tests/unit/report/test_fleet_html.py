"""A report on a fleet as a page: each shard in the numbers once, and bounded whatever the fleet is."""

from __future__ import annotations

import re

import pytest

from entra_config.report.fleet_document import FleetReportDocument
from entra_config.report.fleet_html import render
from tests.unit.report import fleets

LARGEST = 5_000_000  # bytes


def _squares(page: str) -> int:
    return len(re.findall(r"M\d+ \d+h8", page))


def test_each_shard_has_one_square_and_counts_once() -> None:
    """By wave and by what came of it; the words of a picture say the numbers."""
    page = render(fleets.sample())
    assert _squares(page) == 1002
    assert 'aria-label="Wave 2: 1 Held back, 95 Low"' in page
    assert 'aria-label="Wave 3: 1 Refused, 1 Medium, 891 Low, 1 Failed, 1 No result"' in page
    assert '<th scope="row" role="rowheader">All</th>' in page
    assert '<td role="cell" data-label="All">1,002</td>' in page
    assert "<b>`x`" not in page
    assert page.index("Held back") < page.index("996 shards")


@pytest.mark.parametrize(
    "report",
    [
        fleets.many(8000, 0),
        fleets.report([fleets.group([fleets.member(each, taken=30) for each in range(4000)], "low")]),
        fleets.report([], failed=[fleets.member(each, 1, "x" * 3000) for each in range(4000)]),
        fleets.report([fleets.group([fleets.member(1)], "low", headline=["y" * 900_000] * 20)] * 10),
    ],
)
def test_a_page_is_bounded_and_says_what_is_left_out(report: FleetReportDocument) -> None:
    """Many kinds, large ones, large lines, failures: under 5 MB, and every shard still has its square."""
    page = render(report)
    assert len(page.encode()) < LARGEST
    assert _squares(page) == len(report.failed) + sum(len(each.members) for each in report.groups)
    left = ("would be too large with the rest", "more, of no higher risk", "more</li>")
    assert any(each in page for each in left)


def test_a_kind_for_each_of_a_thousand_tenants_is_told() -> None:
    """Each with its command, the first ones with a report."""
    page = render(fleets.many(1000, 40_000))
    assert len(page.encode()) < LARGEST
    assert _squares(page) == 1000
    assert page.count("fleet approve DIR --class c-") == 1001
    assert 60 < page.count("<summary>The report of") < 100
    assert "--tenant t999<" in page
