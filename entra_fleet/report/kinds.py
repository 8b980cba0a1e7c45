"""Return which group a tenant's plan, findings or pins belong to, with their risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.plan.model import Plan
from entra_config.risk import LEVELS
from entra_fleet.groups.classes import PlanKind, identified
from entra_fleet.report.document import (
    FleetChangePart,
    FleetCountPart,
    FleetKindPart,
    FleetLinePart,
    Level,
    NotComparedPart,
    Obstacle,
)

if TYPE_CHECKING:
    from entra_config.cli.findings import Findings, ReportedPlan
    from entra_fleet.groups.pinned import PinnedKind

ORDER: tuple[Level, ...] = (*LEVELS, "none")


def of_plan(plan: Plan, risk: Level, kind: PlanKind, after: str = "") -> FleetKindPart:
    """Return the kind of a plan; `after` is the project that has to be applied first."""
    taken = [
        NotComparedPart(place=str(each.place), declared=each.declared, value=each.value)
        for each in kind.taken
    ]
    return FleetKindPart(
        id=kind.id,
        risk=risk,
        obstacle="after" if after else _obstacle(plan),
        after=after,
        headline=list(kind.headline),
        counts=[
            FleetCountPart(action=each.action, what=each.what, people=each.people) for each in kind.counts
        ],
        not_compared=taken,
    )


def changes(reported: ReportedPlan) -> list[FleetChangePart]:
    """Return the changes of a plan as they are shown, without names of people."""
    return [
        FleetChangePart(
            risk=block.risk,
            following=block.following,
            lines=[FleetLinePart(text=list(each.spans), place=each.right) for each in block.lines],
        )
        for block in reported.changes
    ]


def _obstacle(plan: Plan) -> Obstacle:
    if plan.blocked:
        return "refused"
    if plan.withheld:
        return "withheld"
    return "partlyRefused" if plan.refusals else ""


def of_findings(found: Findings) -> FleetKindPart:
    """Return the kind of what a command found: no apply follows, so there is no obstacle."""
    return FleetKindPart(
        id=identified(found.content),
        risk=found.risk,
        obstacle="",
        after="",
        headline=found.headline,
        counts=[],
        not_compared=[],
    )


def of_lock(found: PinnedKind, *, left: bool) -> FleetKindPart:
    """Return the kind of what a lock file should hold; `left`: something of it is a person's to decide."""
    level: Level = "high" if found.young or left else "medium" if found.pins else "none"
    taken = [
        NotComparedPart(place=str(each.place), declared=each.declared, value=each.value)
        for each in found.kind.taken
    ]
    return FleetKindPart(
        id=found.kind.id,
        risk=level,
        obstacle=("partlyRefused" if found.pins else "refused") if left else "",
        after="",
        headline=list(found.kind.headline),
        counts=[],
        not_compared=taken,
    )
