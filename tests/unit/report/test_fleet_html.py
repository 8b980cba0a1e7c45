"""A report on a fleet as a page: each shard in the numbers once, and bounded whatever the fleet is."""

from __future__ import annotations

import re

import pytest

from entra_fleet.report.document import FleetReportDocument
from entra_fleet.report.html import render
from tests.unit.report import fleets

LARGEST = 5_000_000  # bytes


def _squares(page: str) -> int:
    return len(re.findall(r"M\d+ \d+h8", page))


@pytest.mark.parametrize(
    "report",
    [
        fleets.many(2500, 0),
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
    assert 50 < page.count("<summary>The report of") < 100
    assert "--tenant t999<" in page


def test_a_kind_opens_to_one_plan_and_to_its_members_with_a_column_for_each_variable() -> None:
    """As the single tenant's looks; who loses is told in all together, and of each tenant in its row; a
    hostile name is no markup.
    """
    page = render(fleets.sample(8), folder="out dir")
    assert "13 people lose api/Reader (t4 7, t3 6)" in page
    opened = page[page.index("The plan of t3/shop") :]
    assert '<span class="at">myapp/manifests/applications/api.yaml:3</span>' in opened
    assert "application api &quot;&lt;b&gt;`x`&quot;" in opened
    for name in ("${spaUrl}", "lose api/Reader", "Plan"):
        assert f'role="columnheader">{name}</th>' in opened
    row = opened[opened.index('role="rowheader">t4/shop') :].partition("</tr>")[0]
    assert "https://t4.example.com" in row
    assert 'data-label="lose api/Reader"><code>7</code>' in row
    assert "fleet approve &#x27;out dir&#x27; --class c-0002" in opened
    assert "<b>`x`" not in page


@pytest.mark.parametrize(
    ("size", "counts", "named"),
    [
        (1, True, "t1/shop"),
        (1, False, "t1/shop"),
        (3, False, "t1/shop, t2/shop"),
        (3, True, ""),
        (4, False, ""),
    ],
)
def test_a_kind_that_is_closed_names_few_members(size: int, counts: bool, named: str) -> None:
    """Where it tells how many people of several lose something, that says where."""
    members = [fleets.member(each) for each in range(1, size + 1)]
    more = {} if counts else {"counts": []}
    page = render(fleets.report([fleets.group(members, "low", **more)]))
    (few,) = re.findall(r'<span class="meta">([^<]*)</span></h3>', page)
    assert few.startswith(f" · {named}") if named else not few
