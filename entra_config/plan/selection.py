"""A plan in; the part of it out that targets need, or that was announced before a restore."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from entra_config.errors import UsageError
from entra_config.manifest.reading.problems import listing, near
from entra_config.plan.model import Change, Create, Delete, Plan, Restore, Update, address_of, subject_of
from entra_config.plan.options import Options
from entra_config.plan.steps import Step
from entra_config.resource import Address, Ref, Resource, Value, resolve


def chosen(plan: Plan, options: Options, known: Iterable[Resource]) -> Plan:
    """Return the part of a plan that is asked for."""
    if options.approved is not None:
        return approved(plan, options.approved)
    if not options.targets:
        return plan
    known = list(known)
    if not options.saved:
        _check_targets(plan, options, known)
    if options.revert is not None:
        return exactly(plan, options.targets, known)
    return only(plan, options.targets, known)


def _check_targets(plan: Plan, options: Options, known: Iterable[Resource]) -> None:
    """Refuse an address that neither manifest nor tenant has, and offer those that may be meant."""
    there = {name for resource in known for name in _names(resource)} - {"None"}
    for target in options.targets:
        if target in there:
            continue
        alike = sorted(name for name in there if name.partition(".")[2] == target)
        changing = ", ".join(sorted(map(str, map(address_of, plan.changes)))) or "nothing"
        offered = f" Did you mean {listing(alike, 'or')}?" if alike else near(target, there)
        raise UsageError(
            f"{options.target_option} {target}: neither the manifest nor the tenant has such an address; "
            f"what changes: {changing}{f'.{offered}' if offered else ''}"
        )


def only(plan: Plan, targets: tuple[str, ...], known: Iterable[Resource]) -> Plan:
    """Return the plan of these addresses (`application.api` includes what belongs to it) and of what their
    steps need.

    A grant needs whatever takes from its client what somebody else could act as it with: that comes along.

    `known` is all that manifest and tenant have.
    """
    # What follows comes with what is restored for it.
    before = {_side(change).parent for change in plan.following if _targeted(change, targets)}
    chosen = {
        address_of(change)
        for change in plan.changes
        if _targeted(change, targets) or address_of(change) in before
    }
    return _cut(plan, chosen, [each for each in known if _names(each) & set(targets)])


def exactly(plan: Plan, targets: tuple[str, ...], known: Iterable[Resource]) -> Plan:
    """Return the plan of just these addresses, without what belongs to them, and of what their steps need.

    An object that was deleted comes back with its parts and links, which were deleted with it.
    """
    aimed = [change for change in plan.changes if str(address_of(change)) in targets]
    back = (address_of(change).key for change in aimed if isinstance(change, Create | Restore))
    # The key of a link names both of its ends, and is the key of no application.
    whole = frozenset(back) & frozenset().union(*(_side(change).keys for change in aimed))
    made = (change for change in plan.changes if isinstance(change, Create | Restore))
    parts = (change for change in made if _side(change).keys & whole)
    chosen = {address_of(change) for change in (*aimed, *parts)}
    return _cut(plan, chosen, [each for each in known if str(each.address) in targets], whole)


def approved(plan: Plan, addresses: frozenset[str]) -> Plan:
    """Return the part of a plan that changes what an approved plan was to change, and what its steps need."""
    chosen = {address_of(change) for change in plan.changes if str(address_of(change)) in addresses}
    return _cut(plan, chosen, [])


def _cut(
    plan: Plan,
    chosen: set[Address],
    targeted: Iterable[Resource],
    whole: frozenset[str] = frozenset(),
) -> Plan:
    """Return the part of a plan that does the chosen changes; `whole` are keys of which all comes that
    follows.
    """
    steps = _needed(plan, chosen)
    carried = chosen | {address for step in steps for address in step.carries}
    changes = tuple(change for change in plan.changes if address_of(change) in carried)
    touched = [_side(change) for change in changes] + list(targeted)
    applications = {(each.parent or each.address).key for each in touched}
    return dataclasses.replace(
        plan,
        changes=changes,
        steps=steps,
        # What is refused of an application that this plan does not touch is refused when somebody plans that.
        refusals=tuple(
            each for each in plan.refusals if each.address is None or each.address.key in applications
        ),
        following=tuple(
            change
            for change in plan.following
            if (_side(change).parent or _side(change).address) in carried or _side(change).keys & whole
        ),
        withheld=tuple(
            each for each in plan.withheld if each.address is None or each.address.key in applications
        ),
        depth=_depth(steps),
        left_out=len(plan.changes) - len(changes),
    )


def _needed(plan: Plan, chosen: set[Address]) -> tuple[Step, ...]:
    """Return all steps of the chosen changes and of those that they need: what is shown is done whole."""
    by_id = {step.id: step for step in plan.steps}
    carrying: dict[Address, set[str]] = {}
    for step in plan.steps:
        for address in step.carries:
            carrying.setdefault(address, set()).add(step.id)
    wanted = [id_ for address in chosen for id_ in carrying.get(address, ())]
    kept: set[str] = set()
    while wanted:
        id_ = wanted.pop()
        if id_ in kept:
            continue
        kept.add(id_)
        step = by_id[id_]
        wanted += step.needs
        wanted += [other for address in step.carries for other in carrying[address]]
    return tuple(dataclasses.replace(step, needs=step.needs & kept) for step in plan.steps if step.id in kept)


def _depth(steps: tuple[Step, ...]) -> int:
    depths: dict[str, int] = {}
    for step in steps:  # in an order that `needs` allows
        depths[step.id] = 1 + max((depths[need] for need in step.needs), default=0)
    return max(depths.values(), default=0)


def announced(first: Plan, later: Plan, known: Mapping[Ref, str]) -> Plan:
    """Return of a plan made after a restore only what the first plan announced; a step that does anything
    more is left out.
    """
    promised = {
        address_of(change): change.after for change in first.following if isinstance(change, Create | Update)
    }
    restored = {address_of(change): change.after for change in first.following if isinstance(change, Restore)}
    less = (change for change in first.following if isinstance(change, Update | Delete))
    leaving = {address_of(change): _taken(change) for change in less if change.before.parent is not None}

    def kept(change: Change) -> bool:
        match change:
            case Create(after) | Update(_, after) if _same(after, promised.get(address_of(change)), known):
                return True
            case Restore(_, after):
                return _same(after, restored.get(address_of(change)), known)
            case Update() | Delete():
                left = leaving.get(address_of(change))
                return left is not None and not _gives(change) and _within(_taken(change), left)
            case _:
                return False

    chosen = {address_of(change) for change in later.changes if kept(change)}
    steps: dict[str, Step] = {}
    for step in later.steps:
        if set(step.carries) <= chosen and step.needs <= steps.keys():
            steps[step.id] = step
    # What carries no change is there for the steps that need it.
    needed = frozenset[str]().union(*(step.needs for step in steps.values()))
    steps = {id_: step for id_, step in steps.items() if step.carries or id_ in needed}
    left_out = (step for step in later.steps if step.id not in steps)
    undone = {address for step in left_out for address in step.carries}
    changes = tuple(change for change in later.changes if address_of(change) in chosen - undone)
    return dataclasses.replace(later, changes=changes, steps=tuple(steps.values()), following=())


def restores(plan: Plan) -> frozenset[str]:
    """Return the keys of which a plan restores an object."""
    return frozenset(address_of(change).key for change in plan.changes if isinstance(change, Restore))


def live_already(first: Plan, later: Plan) -> tuple[Address, ...]:
    """Return the service principals that a plan found deleted, and a later one finds live although no plan
    restored them.
    """
    deleted = _still_deleted(later, later.changes)
    return tuple(address for address in _still_deleted(first) if address not in deleted)


def _still_deleted(plan: Plan, changes: Iterable[Change] = ()) -> dict[Address, None]:
    """Return the service principals that are deleted after a plan, and what `changes` restore."""
    restored = (change for change in (*changes, *plan.following) if isinstance(change, Restore))
    withheld = (each.address for each in plan.withheld if each.address is not None and each.deleted)
    return dict.fromkeys((*map(address_of, restored), *withheld))


def _same(after: Resource, promised: Resource | None, known: Mapping[Ref, str]) -> bool:
    """Tell whether a resource becomes what was announced."""
    if promised is None:
        return False
    return after.facts.same(promised.facts) and after.values == resolve(promised.values, known)


def _gives(change: Update | Delete) -> bool:
    return isinstance(change, Update) and not _within(change.after.values, change.before.values)


def _taken(change: Update | Delete) -> Mapping[str, Value]:
    """Return what a change takes of each list of a resource."""
    after = change.after.values if isinstance(change, Update) else {}
    return {
        path: [item for item in values if item not in after.get(path, ())]
        for path, values in change.before.values.items()
    }


def _within(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Tell whether all that is listed here is listed there too."""
    return all(set(values) <= set(other.get(path) or ()) for path, values in one.items())


def _targeted(change: Change, targets: tuple[str, ...]) -> bool:
    return bool(_names(_side(change)) & set(targets))


def _names(resource: Resource) -> set[str]:
    return {str(resource.address), str(resource.parent)}


def _side(change: Change) -> Resource:
    return subject_of(change)
