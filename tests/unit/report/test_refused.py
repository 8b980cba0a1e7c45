"""What a page of a plan says of what is refused, left out, withheld or worth a warning: of whom it is."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from entra_config.plan.model import Notice, Plan, Refusal, Withheld
from entra_config.report import html
from entra_config.resource import Address
from tests.unit.report.plans import API, worked_example


def listed(plan: Plan, headline: str) -> list[str]:
    """Return the entries of a list of the page."""
    page = html.render(plan)
    part = page[page.index(f"<h2>{headline}") :].partition("</ul>")[0]
    return [unescape(each) for each in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]


@pytest.mark.parametrize(
    ("address", "whose"), [(API, "api: "), (Address("permissionGrant", "a/b"), "a/b: "), (None, "")]
)
def test_each_says_of_whom_it_is(address: Address | None, whose: str) -> None:
    """Where it is of anybody."""
    plan = replace(
        worked_example(),
        refusals=(
            Refusal("many", "too many", address),
            Refusal("", "for good", address),
            Refusal("", "not there", address, blocks=False),
        ),
        withheld=(Withheld("waits", "say so", API),),
        warnings=(Notice("look at it", address),),
    )
    assert listed(plan, "Refused") == [
        f"refused: {whose}too many Lifted by --allow many.",
        f"refused: {whose}for good",
        f"skipped: {whose}not there",
    ]
    assert listed(plan, "Withheld") == ["api: waits; say so"]
    assert listed(plan, "Warnings") == [f"{whose}look at it"]
