"""What came of one tenant in; which kind of change it is, with its risk, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from entra_config.drift import risks
from entra_config.phrase import without_names
from entra_config.plan.model import Plan
from entra_config.report import change_text
from entra_config.report.plan_risk import Risks
from entra_config.risk import CLASSES, LEVELS
from entra_fleet.groups.classes import PlanKind, identified
from entra_fleet.report.document import (
    FleetChangePart,
    FleetCountPart,
    FleetKindPart,
    FleetLinePart,
    Level,
    Obstacle,
    TakenOutPart,
)

if TYPE_CHECKING:
    from entra_config.credentials.listing import ListedKey
    from entra_config.drift.model import Drift
    from entra_config.lint.model import Report
    from entra_fleet.groups.pinned import PinnedKind

SOON = timedelta(days=30)
ORDER: tuple[Level, ...] = (*LEVELS, "none")


def of_plan(plan: Plan, kind: PlanKind, after: str = "") -> FleetKindPart:
    """Return the kind of a plan; the risk is the highest of its changes, and of what it gives.

    `after` is the project that has to be applied first.
    """
    by_change = Risks(plan)
    levels: list[Level] = [by_change.risk(each) for each in (*plan.changes, *plan.following)]
    levels += [CLASSES[each.type].risk for each in plan.effects]
    taken = [TakenOutPart(place=str(each.place), said=each.said, value=each.value) for each in kind.taken]
    return FleetKindPart(
        id=kind.id,
        risk=_worst(levels),
        obstacle="after" if after else _obstacle(plan),
        after=after,
        headline=list(kind.headline),
        counts=[FleetCountPart(verb=each.verb, what=each.what, people=each.people) for each in kind.counts],
        taken_out=taken,
    )


def changes(plan: Plan) -> list[FleetChangePart]:
    """Return the changes of a plan as they are shown, without names of people."""
    return [
        FleetChangePart(
            risk=block.risk,
            following=block.following,
            lines=[FleetLinePart(text=list(each.spans), place=each.right) for each in block.lines],
        )
        for block in change_text.each_change(plan, names=False)
    ]


def _obstacle(plan: Plan) -> Obstacle:
    if plan.blocked:
        return "refused"
    if plan.held_back:
        return "heldBack"
    return "leftOut" if plan.refusals else ""


def of_drift(drift: Drift) -> FleetKindPart:
    """Return the kind of a drift: all that was found, as it is."""
    from entra_config.report import drift_json

    document = drift_json.document(drift)
    found = [
        [each.address, each.sign, each.rule, each.path, each.element, each.declared, each.live]
        for each in document.findings
    ]
    content = [found, [each.address for each in document.overdue], document.warnings]
    levels: list[Level] = [risks.risk(each) for each in drift.findings]
    headline = [without_names(each.sentence) for each in drift.findings]
    return _found(identified(content), _worst(levels), headline)


def of_lint(report: Report) -> FleetKindPart:
    """Return the kind of a lint report: the findings."""
    from entra_config.report.lint_sarif import fingerprints

    found = sorted(zip(fingerprints(report), (each.message for each in report.findings), strict=True))
    level: Level = "medium" if report.findings else "none"
    headline = [f"{each.rule}: {each.message}" for each in report.findings]
    return _found(identified([list(each) for each in found]), level, headline)


def of_tests(failing: list[str]) -> FleetKindPart:
    """Return the kind of what came of access tests: the names of those that failed."""
    level: Level = "medium" if failing else "none"
    return _found(identified(failing), level, [f"fails: {each}" for each in failing])


def of_credentials(found: Sequence[ListedKey], now: datetime) -> FleetKindPart:
    """Return the kind of what can sign in as ours: what nobody declared stands by its id."""
    rows, headline, levels = [], [], list[Level]()
    for each in found:
        undeclared = each.standing == "undeclared"
        end = "" if each.replaced else _ending(each.end, now)
        what = f"{each.application}: {each.type} {each.name}"
        name = [each.name, each.place, each.key_id] if undeclared else [each.name, each.place]
        rows.append([each.application, each.object, each.type, each.standing, each.due, end, *name])
        if undeclared or end or each.due:
            said = ["nobody declared it"] * undeclared + [end] * bool(end) + [each.due] * bool(each.due)
            headline.append(f"{what}: {', '.join(said)}")
            levels.append("high" if undeclared else "medium")
    return _found(identified(sorted(rows)), _worst(levels), headline)


def _ending(end: datetime | None, now: datetime) -> str:
    """Return whether something has ended or soon will; "" where it will not."""
    if end is None or end > now + SOON:
        return ""
    return "ended" if end <= now else f"ends within {SOON.days} days"


def of_lock(found: PinnedKind, *, left: bool) -> FleetKindPart:
    """Return the kind of what a lock file should hold; `left`: something of it is a person's to decide."""
    level: Level = "high" if found.young or left else "medium" if found.pins else "none"
    taken = [
        TakenOutPart(place=str(each.place), said=each.said, value=each.value) for each in found.kind.taken
    ]
    return FleetKindPart(
        id=found.kind.id,
        risk=level,
        obstacle=("leftOut" if found.pins else "refused") if left else "",
        after="",
        headline=list(found.kind.headline),
        counts=[],
        taken_out=taken,
    )


def _found(id_: str, risk: Level, headline: list[str]) -> FleetKindPart:
    """Return the kind of what was found and is not to be carried out: nothing stands in its way, and nothing
    is taken out.
    """
    return FleetKindPart(id=id_, risk=risk, obstacle="", after="", headline=headline, counts=[], taken_out=[])


def _worst(levels: Iterable[Level]) -> Level:
    return min(levels, key=ORDER.index, default="none")
