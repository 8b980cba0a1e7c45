"""The audit log in; what happened to an object, newest first, out."""

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

from entra_emulator.portal.objects import NamedObject, named
from entra_emulator.portal.visit import Visit
from entra_emulator.tenant import Tenant

# How far back a page looks.
READ = 20_000


@dataclass(frozen=True)
class TrailEntry:
    """One record: when, what, on what, by whom."""

    at: str
    activity: str
    targets: list[NamedObject]
    by: NamedObject


def entries(
    visit: Visit,
    ids: Iterable[str] | None = None,
    limit: int = 10,
    *,
    every: bool = False,
    value: tuple[str, str] | None = None,
    by: AbstractSet[str] | None = None,
    known: AbstractSet[str] = frozenset(),
) -> list[TrailEntry]:
    """Return the last records that are about any of some objects, about every one of them, or about
    anything; with `value`, those alone in which a property of that name has it, and with `by` what these
    people did. Records whose ids are `known` are skipped.
    """
    wanted = None if ids is None else set(ids)
    least = len(wanted or ()) if every else 1
    records = (
        record
        for record in _newest(visit.tenant)
        if str(record.get("id")) not in known
        and (wanted is None or len(wanted & _ids(record)) >= least)
        and (value is None or _says(record, *value))
        and (by is None or str((record["initiatedBy"].get("user") or {}).get("id")) in by)
    )
    return [entry(visit, record) for record in islice(records, limit)]


def last_of(visit: Visit, ids: Iterable[str], *beginnings: str) -> TrailEntry | None:
    """Return the last record about every one of some objects whose activity begins with one of some words."""
    wanted = set(ids)
    records = (
        record
        for record in _newest(visit.tenant)
        if str(record["activityDisplayName"]).startswith(beginnings) and wanted <= _ids(record)
    )
    return next((entry(visit, record) for record in records), None)


def last_changes(tenant: Tenant) -> dict[str, str]:
    """Return when each object was last changed, as far back as a page looks."""
    found: dict[str, str] = {}
    for record in _newest(tenant):
        for target in record["targetResources"]:
            found.setdefault(str(target.get("id")), str(record["activityDateTime"]))
    return found


def _newest(tenant: Tenant) -> Iterable[Mapping[str, Any]]:
    return islice(reversed(tenant.audit), READ)


def _ids(record: Mapping[str, Any]) -> set[str]:
    return {str(target.get("id")) for target in record["targetResources"]}


def _says(record: Mapping[str, Any], name: str, value: str) -> bool:
    changes = (
        each for target in record["targetResources"] for each in target.get("modifiedProperties") or ()
    )
    text = json.dumps(value)
    return any(
        each["displayName"] == name and text in (each["oldValue"], each["newValue"]) for each in changes
    )


def entry(visit: Visit, record: Mapping[str, Any]) -> TrailEntry:
    """Write a record with the names of what it is about, and of who did it."""
    targets = [
        named(
            visit,
            str(target.get("id")),
            str(target.get("displayName") or target.get("userPrincipalName") or ""),
        )
        for target in record["targetResources"]
    ]
    return TrailEntry(
        str(record["activityDateTime"]),
        str(record["activityDisplayName"]).strip(),
        targets,
        _by(visit, record),
    )


def _by(visit: Visit, record: Mapping[str, Any]) -> NamedObject:
    user, app = record["initiatedBy"].get("user") or {}, record["initiatedBy"].get("app") or {}
    if user:
        return named(visit, str(user.get("id")), str(user.get("userPrincipalName") or ""))
    return named(visit, str(app.get("servicePrincipalId")), str(app.get("displayName") or ""))
