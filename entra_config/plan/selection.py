"""A plan and target addresses in; the part of it that the targets need out."""

from __future__ import annotations

import dataclasses

from entra_config.errors import UsageError
from entra_config.plan.model import Change, Delete, Plan, Release, address_of
from entra_config.resource import Address


def only(plan: Plan, targets: tuple[str, ...]) -> Plan:
    """Return the plan of these addresses (`application.api` includes what belongs to it) and of what their steps need."""
    chosen = {address_of(change) for change in plan.changes if _targeted(change, targets)}
    if not chosen and plan.changes:
        named = ", ".join(targets)
        raise UsageError(
            f"no change has an address {named}; the plan has: {', '.join(sorted(map(str, map(address_of, plan.changes))))}"
        )
    steps = {step.id: step for step in plan.steps}
    wanted = [step.id for step in plan.steps if chosen & set(step.carries)]
    kept: set[str] = set()
    while wanted:
        id_ = wanted.pop()
        if id_ not in kept and id_ in steps:
            kept.add(id_)
            wanted.extend(steps[id_].needs)
    carried: set[Address] = chosen | {address for id_ in kept for address in steps[id_].carries}
    return dataclasses.replace(
        plan,
        changes=tuple(change for change in plan.changes if address_of(change) in carried),
        steps=tuple(step for step in plan.steps if step.id in kept),
    )


def _targeted(change: Change, targets: tuple[str, ...]) -> bool:
    side = change.before if isinstance(change, Delete | Release) else change.after
    names = {str(side.address), str(side.parent)}
    return any(target in names for target in targets)
