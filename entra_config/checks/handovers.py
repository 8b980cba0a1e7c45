"""Changes in, the same out with what goes from one to another in this apply, and the moment in which
nobody has it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from entra_config.kinds import entitlement_stages
from entra_config.kinds.base import is_application
from entra_config.kinds.directory import Directory
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.identifier_uris import URIS, folded, passed_on
from entra_config.plan.model import Change, Create, Restore, Update
from entra_config.plan.steps import Phase
from entra_config.resource import Address


def noted(changes: Iterable[Change], directory: Directory) -> tuple[Change, ...]:
    """Return the changes with a note for each URI and each value that changes hands."""
    changes = tuple(changes)
    passed = passed_on(changes, directory)
    return tuple(_noted(change, passed) for change in changes)


def _noted(change: Change, passed: Mapping[str, Address]) -> Change:
    if not isinstance(change, Create | Update | Restore) or not is_application(change.after.address):
        return change
    notes = (*_uris(change, passed), *(_values(change) if isinstance(change, Update | Restore) else ()))
    return dataclasses.replace(change, notes=(*change.notes, *notes)) if notes else change


def _uris(change: Create | Update | Restore, passed: Mapping[str, Address]) -> Iterator[str]:
    for uri in sorted(folded(change.after.values.get(URIS) or ())):
        giver = passed.get(uri)
        if giver is not None and giver != change.after.address:
            yield (
                f"{uri} comes from {giver.key}, which lets go of it first: for a moment no application has it"
            )


def _values(change: Update | Restore) -> Iterator[str]:
    found = entitlement_stages.changes(change.before.values, change.after.values, (SCOPES, ROLES))
    late = {id_ for id_, phase in found[1].settled.items() if phase is Phase.REDUCE} if found else set()
    for path, what in ((ROLES, "role"), (SCOPES, "scope")):
        for entry in change.after.values.get(path) or ():
            if entry["id"] in late and entry.get("value"):
                gap = "the old one is taken off and removed first, and for a moment nobody has it"
                yield f"{what} {entry['value']} gets another id: {gap}"
