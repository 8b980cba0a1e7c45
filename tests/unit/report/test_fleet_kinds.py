"""Which kind of change what came of one tenant is: its risk, what stands in its way, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.cli import findings
from entra_config.cli.findings import Findings
from entra_config.errors import Position
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Delete, Plan, Refusal, Update, Withheld
from entra_config.resource import Address, Resource
from entra_fleet.groups.classes import Counted, PlanKind, TakenOut
from entra_fleet.groups.pinned import PinnedKind
from entra_fleet.report import kinds
from entra_fleet.report.document import FleetCountPart, FleetKindPart, NotComparedPart
from tests.unit.plan import estates

API = Address("application", "api")
OWN = Resource(API, {}, title="api")
HERE = Position("a.yaml", 3)
KIND = PlanKind("k-1", ("a", "b"), (TakenOut(HERE, "${x}", "y"),), (Counted("lose", "api/A", 3),))
TAKEN = [NotComparedPart(place=str(HERE), declared="${x}", value="y")]
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def part(**more: Any) -> FleetKindPart:
    """Make what is expected of a kind."""
    whole = {
        "id": "k-1",
        "risk": "none",
        "obstacle": "",
        "after": "",
        "headline": ["a", "b"],
        "counts": [],
        "not_compared": [],
    }
    return FleetKindPart(**{**whole, **more})


REFUSED, LEFT = Refusal("x", ""), Refusal("x", "", blocks=False)
LOW = Update(OWN, OWN)


@pytest.mark.parametrize(
    ("plan", "after", "obstacle"),
    [
        (estates.plan(LOW), "", ""),
        (replace(estates.plan(), refusals=(LEFT,)), "", "partlyRefused"),
        (replace(estates.plan(), refusals=(LEFT,), withheld=(Withheld("", ""),)), "", "withheld"),
        (replace(estates.plan(), refusals=(LEFT, REFUSED), withheld=(Withheld("", ""),)), "", "refused"),
        (replace(estates.plan(LOW), refusals=(REFUSED,)), "base", "after"),
    ],
)
def test_a_plan_has_one_obstacle(plan: Plan, after: str, obstacle: str) -> None:
    """A project that has to be applied first wins over what the plan itself has."""
    counts = [FleetCountPart(action="lose", what="api/A", people=3)]
    expected = part(risk="low", obstacle=obstacle, after=after, counts=counts, not_compared=TAKEN)
    assert kinds.of_plan(plan, "low", KIND, after) == expected


def test_changes_are_shown_without_names_of_people() -> None:
    """Each with its level, its lines and where they come from."""
    title = Phrase.of("api ← ", Person("'li@x'", "u1"))
    gone = Delete(replace(OWN, title=title, position=HERE))
    (first, second) = kinds.changes(findings.of_plan(replace(estates.plan(gone), following=(LOW,))))
    assert (first.risk, first.following, second.risk, second.following) == ("high", False, "low", True)
    (line,) = first.lines
    assert ("".join(words for words, _ in line.text), line.place) == (
        "  - application api ← a user (u1…)",
        "a.yaml:3",
    )


def test_findings_are_a_kind_without_an_obstacle() -> None:
    """Equal content is one kind, whatever the text is."""
    found = Findings(2, "high", ["a", "b"], [["x"]], "text", "unnamed")
    one = kinds.of_findings(found)
    assert one == part(id=one.id, risk="high")
    assert kinds.of_findings(replace(found, text="other")) == one
    assert kinds.of_findings(replace(found, content=[["y"]])).id != one.id


@pytest.mark.parametrize(
    ("young", "pins", "left", "risk", "obstacle"),
    [
        (False, 0, False, "none", ""),
        (False, 1, False, "medium", ""),
        (True, 1, False, "high", ""),
        (False, 1, True, "high", "partlyRefused"),
        (False, 0, True, "high", "refused"),
    ],
)
def test_pins_are_risky_where_something_is_young_or_left(  # the columns of a table
    young: bool, pins: int, left: bool, risk: str, obstacle: str
) -> None:
    """What is a person's to decide stands in the way."""
    found = kinds.of_lock(PinnedKind(KIND, young, pins), left=left)
    assert found == part(risk=risk, obstacle=obstacle, not_compared=TAKEN)
