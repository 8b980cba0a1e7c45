"""A client in; since when each of its consents is there, and who gave it, by the audit log, out."""

import json
from collections.abc import Mapping
from typing import Any

from entra_emulator.portal.trail import READ, TrailEntry, entry
from entra_emulator.portal.visit import Visit

# The API's object id, and of whom it is: nobody's for everybody's.
GivenKey = tuple[str, str]
_ADDED, _REMOVED = "Add delegated permission grant", "Remove delegated permission grant"


def consents_given(visit: Visit, client_id: str) -> dict[GivenKey, TrailEntry]:
    """Return the record that began each consent which a client has, as far back as a page looks.

    Graph does not record for whom a consent of one person is: one that somebody else gave has no record.
    """
    found: dict[GivenKey, Mapping[str, Any]] = {}
    added = set()
    for record in visit.tenant.audit[-READ:]:
        activity = record["activityDisplayName"]
        if activity not in {_ADDED, _REMOVED}:
            continue
        api, client = (str(target.get("id")) for target in record["targetResources"][:2])
        if client != client_id:
            continue
        key = (api, _whose(record))
        if activity == _ADDED:
            found.setdefault(key, record)
            added.add(record["correlationId"])
        elif record["correlationId"] not in added:
            # What was widened is recorded as removed, too.
            found.pop(key, None)
    return {key: entry(visit, record) for key, record in found.items()}


def key_of(grant: Mapping[str, Any]) -> GivenKey:
    """Return under which key a grant stands in what `consents_given` gives."""
    return str(grant["resourceId"]), str(grant.get("principalId") or "")


def _whose(record: Mapping[str, Any]) -> str:
    said = {each["displayName"]: each for each in record["targetResources"][0]["modifiedProperties"]}
    if _value(said.get("DelegatedPermissionGrant.ConsentType")) != "Principal":
        return ""
    actor = (record["initiatedBy"].get("user") or {}).get("id")
    return _value(said.get("DelegatedPermissionGrant.PrincipalId")) or str(actor or "unknown")


def _value(change: Mapping[str, Any] | None) -> str:
    text = (change or {}).get("newValue") or (change or {}).get("oldValue")
    return str(json.loads(text) or "") if text else ""
