"""What a person should know of changes: what a restore revives, an adoption takes over, and one application
passes to another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from entra_config.actual.found import Found
from entra_config.kinds import entitlement_stages
from entra_config.kinds.base import bears_owner, is_application
from entra_config.kinds.certificate_names import format_end_of
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.identifier_uris import URIS, folded, passed_on
from entra_config.manifest.model import Manifest
from entra_config.moments import read_moment
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Change, Create, Delete, Restore, Update, address_of
from entra_config.plan.steps import Phase
from entra_config.resource import Address, Resource, State


def released(manifest: Manifest, actual: State) -> frozenset[Address]:
    """Return what is released instead of deleted: all that belongs to an application under `removed:` with
    `destroy: false`.
    """
    going = {key for key, removed in manifest.removed.items() if not removed.destroy}
    return frozenset(
        resource.address for resource in actual if (resource.parent or resource.address).key in going
    )


def annotated(change: Change, found: Found, now: datetime) -> Change:
    """Return a change with what a person should know before saying yes."""
    match change:
        case Restore(before, after) if before.parent is None:
            return dataclasses.replace(change, notes=(*change.notes, *_revived(before, after, found, now)))
        case Restore(before):
            notes = [
                _age(before, now),
                "its roles and consents come back with it; who owns it and who holds its roles is read then",
            ]
            return dataclasses.replace(change, notes=(*change.notes, *notes))
        case Update(before, after) if before.parent is None:
            owner = found.directory.taken.get(after.address.key)
            adopts = owner is not None or (bears_owner(after.values) and not bears_owner(before.values))
            notes = (
                ["adopted: it gets the ownership tags; ids of its roles and scopes stay"] if adopts else []
            )
            if owner is not None:
                notes = [
                    f"taken over from {owner}: it gets our ownership tags; ids of its roles and scopes stay"
                ]
            notes += _reviving(before, after, found.directory)
            return dataclasses.replace(change, adopts=adopts, notes=(*change.notes, *notes))
        case Delete(before) if _of_others(before, found.directory):
            note = "another project may list it too: `additive: true` next to a role only adds holders"
            return dataclasses.replace(change, notes=(*change.notes, note))
        case Create(after) if address_of(change) in found.purges:
            note = f"the deleted '{after.display_name}' is purged first and cannot come back"
            return dataclasses.replace(change, notes=(*change.notes, note))
        case _:
            return change


def hand_over(changes: Iterable[Change], directory: Directory) -> tuple[Change, ...]:
    """Return the changes with a note for each URI and each value that changes hands."""
    changes = tuple(changes)
    passed = passed_on(changes, directory)
    return tuple(_hand_over(change, passed) for change in changes)


def _hand_over(change: Change, passed: Mapping[str, Address]) -> Change:
    if not isinstance(change, Create | Update | Restore) or not is_application(change.after.address):
        return change
    values = () if isinstance(change, Create) else _replaced_values(change)
    return dataclasses.replace(change, notes=(*change.notes, *_passed_uris(change, passed), *values))


def _passed_uris(change: Create | Update | Restore, passed: Mapping[str, Address]) -> Iterator[str]:
    for uri in sorted(folded(change.after.values.get(URIS) or ())):
        giver = passed.get(uri)
        if giver is not None and giver != change.after.address:
            yield (
                f"{uri} comes from {giver.key}, which lets go of it first: for a moment no application has it"
            )


def _replaced_values(change: Update | Restore) -> Iterator[str]:
    found = entitlement_stages.changes(change.before.values, change.after.values, (SCOPES, ROLES))
    late = {id_ for id_, phase in found[1].settled.items() if phase is Phase.REDUCE} if found else set()
    for path, what in ((ROLES, "role"), (SCOPES, "scope")):
        for entry in change.after.values.get(path) or ():
            if entry["id"] in late and entry.get("value"):
                gap = "the old one is taken off and removed first, and for a moment nobody has it"
                yield f"{what} {entry['value']} gets another id: {gap}"


def _of_others(before: Resource, directory: Directory) -> bool:
    """Tell whether a user or group loses a role of an application of others, where more than one project
    may say who has it.
    """
    facts = before.facts
    if not isinstance(facts, AssignmentFacts) or facts.principal_type not in {"user", "group"}:
        return False
    live = directory.live.get(facts.resource)
    return live is not None and live.subject.others


def _revived(before: Resource, after: Resource, found: Found, now: datetime) -> list[str]:
    body = found.directory.live[after.address.key].subject.application or {}
    notes = [_age(before, now)]
    notes += [who for key, who in found.deleters.items() if key == after.address.key]
    for entries, what in (("passwordCredentials", "secret"), ("keyCredentials", "certificate")):
        notes += [
            (
                f"{what} {entry.get('displayName') or entry['keyId']} comes back with it "
                f"({format_end_of(entry)})"
            )
            for entry in body.get(entries) or ()
        ]
    notes.append(
        "its owners and credentials are read next; its service principal is restored only if all of them "
        "are declared, and until then nobody gets a token as it"
    )
    return notes


def _age(before: Resource, now: datetime) -> str:
    age = now - read_moment(before.facts.deleted, now)
    number, unit = (age.days, "day") if age.days else (int(age.total_seconds() // 3600), "hour")
    return f"deleted {number} {unit}{'' if number == 1 else 's'} ago"


def _reviving(before: Resource, after: Resource, directory: Directory) -> list[str]:
    """Return what a role brings back that was removed while people held it: their assignments still name
    its id.
    """
    live = directory.live.get(after.address.key)
    there = {role["id"] for role in before.values.get(ROLES) or []}
    back = {
        role["id"]: role["value"] or role["displayName"]
        for role in after.values.get(ROLES) or []
        if role["id"] not in there
    }
    held = [entry for entry in (live.rows(HOLDERS) if live else ()) if entry.role in back]
    return [Phrase.of(f"{back[entry.role]} comes back, and ", _holder(entry), " with it") for entry in held]


def _holder(entry: RoleHolding) -> str | Person:
    return (
        Person(entry.principal_name, entry.principal)
        if entry.principal_type == "User"
        else entry.principal_name
    )
