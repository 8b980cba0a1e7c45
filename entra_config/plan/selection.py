"""A plan in; the part of it out that targets need, or that was announced before a restore."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from entra_config.errors import UsageError
from entra_config.plan.model import Change, Create, Delete, Plan, Release, Step, Update, address_of
from entra_config.resource import Address, Ref, resolve


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
        following=tuple(change for change in plan.following if change.after.parent in carried),
    )


def announced(first: Plan, later: Plan, known: Mapping[Ref, str]) -> Plan:
    """Return of a plan made after a restore only what the first plan announced; a step that does anything more is left out."""
    promised = {address_of(change): change.after for change in first.following}

    def kept(change: Change) -> bool:
        before = promised.get(address_of(change))
        if before is None or not isinstance(change, Create | Update):
            return False
        same = all(change.after.ids.get(name) == before.ids.get(name) for name in ("principalId", "appRoleId", "client"))
        return same and change.after.values == resolve(before.values, known)

    chosen = {address_of(change) for change in later.changes if kept(change)}
    steps: dict[str, Step] = {}
    for step in later.steps:
        if set(step.carries) <= chosen and step.needs <= steps.keys():
            steps[step.id] = step
    undone = {address for step in later.steps if step.id not in steps for address in step.carries}
    changes = tuple(change for change in later.changes if address_of(change) in chosen - undone)
    return dataclasses.replace(later, changes=changes, steps=tuple(steps.values()), following=())


def _targeted(change: Change, targets: tuple[str, ...]) -> bool:
    side = change.before if isinstance(change, Delete | Release) else change.after
    names = {str(side.address), str(side.parent)}
    return any(target in names for target in targets)
