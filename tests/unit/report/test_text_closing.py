"""What stands below the changes of a plan: guards, warnings, refusals, totals, access and costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.graph.request import Request, Usage
from entra_config.plan.model import (
    AccessChange,
    Change,
    Create,
    Delete,
    Effect,
    Notice,
    Plan,
    Refusal,
    Release,
    Restore,
    Update,
    Withheld,
)
from entra_config.plan.steps import Phase, Step
from entra_config.report import text
from entra_config.report.lines import format_lines
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

API = Address("application", "api")
OWN = Resource(API, {})
HERE = Position("a.yaml", 3)


def page(*changes: Change, whole: bool = False, **more: Any) -> list[str]:
    """Return the lines below the changes, where there are any."""
    plan: Plan = replace(estates.plan(*changes), **more)
    found = format_lines(text.lines(plan, whole=whole)).splitlines()
    assert found[:2] == ["myapp/prod · contoso (1111…)", ""]
    return [" ".join(each.split()) for each in found[2:]]


def closing(*changes: Change, **more: Any) -> list[str]:
    """Return the lines from the totals on."""
    found = page(*changes, **more)
    return found[
        next(index for index, each in enumerate(found) if each.startswith(("Plan:", "No changes"))) :
    ]


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ({}, ["No changes: 0 unchanged."]),
        ({"unchanged": 4, "left_out": 1}, ["No changes: 4 unchanged. 1 change not selected."]),
        (
            {"warnings": (Notice("w", API, HERE), Notice("x"))},
            ["Warning: api: w a.yaml:3", "Warning: x", "", "No changes: 0 unchanged."],
        ),
        (
            {"refusals": (Refusal("many", "m", API, HERE), Refusal("", "n", blocks=False))},
            [
                "Refused: api: m a.yaml:3",
                "lift it with --allow many, or `policy.allow: [many]` in the manifest",
                "Skipped: n",
                "",
                "No changes: 0 unchanged.",
            ],
        ),
        (
            {"refusals": (Refusal("takeover", "m"),)},
            ["Refused: m", "lift it with --allow takeover", "", "No changes: 0 unchanged."],
        ),
        (
            {"effects": (Effect("guard", "g", API, HERE), Effect("owner", "o"), Effect("pin", "p"))},
            ["Guard: g a.yaml:3", "Pin: p", "", "No changes: 0 unchanged."],
        ),
        (
            {"withheld": (Withheld("h", "do", API, HERE), Withheld("i", "see"))},
            [
                "= api: h; do a.yaml:3",
                "= i; see",
                "",
                "Plan: 0 to add, 0 to change, 0 to remove, 0 unchanged.",
                "Withheld: 2.",
            ],
        ),
    ],
)
def test_what_is_said_beside_changes(more: dict[str, Any], lines: list[str]) -> None:
    """Guards and pins, warnings, refusals with what lifts them, and what waits; each part ends empty."""
    assert page(**more) == lines


def test_a_hint_stands_below_its_refusal() -> None:
    """In the column of its words."""
    found = format_lines(
        text.lines(replace(estates.plan(), refusals=(Refusal("takeover", "m"),)))
    ).splitlines()
    assert found[2:4] == ["Refused: m", "         lift it with --allow takeover"]
    waits = format_lines(text.lines(replace(estates.plan(), withheld=(Withheld("i", "see"),)))).splitlines()
    assert waits[2] == "  = i; see"


@pytest.mark.parametrize(
    ("changes", "totals"),
    [
        ((Create(OWN), Create(OWN)), "2 to add, 0 to change, 0 to remove"),
        ((Update(OWN, OWN), Update(OWN, OWN, adopts=True)), "0 to add, 1 to change, 0 to remove, 1 to adopt"),
        ((Delete(OWN), Release(OWN)), "0 to add, 0 to change, 1 to remove, 1 to release"),
        ((Restore(OWN, OWN), Restore(OWN, OWN)), "0 to add, 0 to change, 0 to remove, 2 to restore"),
    ],
)
def test_each_type_of_change_is_counted(changes: tuple[Change, ...], totals: str) -> None:
    """The rare ones only where there are any."""
    assert text.totals(estates.plan(*changes)) == totals
    assert closing(*changes, unchanged=3, left_out=2) == [
        f"Plan: {totals}, 3 unchanged. 2 changes not selected."
    ]


def gains(number: int) -> tuple[AccessChange, ...]:
    """Make so many gains, one of many people and a long name."""
    return tuple(
        AccessChange("api", f"R{each}", "gain", 1000 if each == 1 else each + 1, address=API)
        for each in range(number)
    )


def test_what_it_costs_is_told_where_all_is_wanted() -> None:
    """What reading took, and of a plan that does something, what applying takes."""
    steps = (Step("s", (API,), Phase.EDIT, Request("PATCH", "/x")),)
    assert page(whole=True, read=Usage(5, 2, 3))[-1] == "Read: 5 requests in 2 calls, depth 3."
    cost = page(Delete(OWN), whole=True, steps=steps, depth=4, read=Usage(1, 1, 1))[-1]
    assert cost == "Read: 1 request in 1 call, depth 1. Apply: 1 request, depth 4."
