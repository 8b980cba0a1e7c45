"""Directory audit records: a write in, what the audit log says about it out."""

import json
from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from entra_emulator.clock import fine_stamp
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.properties import Entity, Reader
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

# Both names hold an en dash and end in a space.
CREATED_SECRETS = "Create application – Certificates and secrets management "
UPDATED_SECRETS = "Update application – Certificates and secrets management "
_INCLUDED = "Included Updated Properties"
# Seen with an empty list of what was updated (azure-docs#20199, #48560; UAL21).
_OFTEN_STUBS = frozenset({"Update application", "Update service principal"})

Change = dict[str, str | None]


@dataclass(frozen=True)
class AuditTarget:
    """One target of a record."""

    id: str
    type: str
    name: str | None = None
    user: str | None = None
    changes: list[Change] = field(default_factory=list)


def write(
    call: Call,
    activity: str,
    operation: str,
    targets: Iterable[AuditTarget],
    *,
    category: str = APPLICATION.category,
    app_id: str = "",
) -> None:
    """Add one record; all records of a call share its correlation id."""
    faults = call.graph.faults
    call.correlation_id = call.correlation_id or call.graph.directory.ids.guid()
    if activity in _OFTEN_STUBS and faults.audit_stub():
        targets = [_stub(target, named=faults.audit_stub_names()) for target in targets]
    details = (
        [{"key": "User-Agent", "value": call.headers["user-agent"]}] if "user-agent" in call.headers else []
    )
    if app_id:
        # The appId of the target, not of the caller.
        details.append({"key": "AppId", "value": app_id})
    record = {
        "id": record_id(call.graph.directory.ids.guid(), call.correlation_id),
        "category": category,
        "correlationId": call.correlation_id,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": fine_stamp(call.now + timedelta(seconds=faults.audit_apart())),
        "loggedByService": "Core Directory",
        "operationType": operation,
        "initiatedBy": _initiator(call),
        "targetResources": [shown(target) for target in targets],
        "additionalDetails": details,
    }
    keep(call.tenant, record)
    if faults.audit_repeat():
        # Some changes have two to four records that differ in nothing but id and time (ITM).
        again = fine_stamp(call.now + timedelta(seconds=faults.audit_apart()))
        twin = record_id(call.graph.directory.ids.guid(), call.correlation_id)
        keep(call.tenant, {**record, "id": twin, "activityDateTime": again})


def record(call: Call, entity: Entity, verb: str, row: Row, changed: Iterable[Change] = ()) -> None:
    """Add the record of an object that was added, updated or deleted, if the audit log has a name for its
    type.
    """
    if not entity.phrase:
        return
    user = row.get("userPrincipalName")
    listed = [*changed, principal_names(row)] if "servicePrincipalNames" in row else [*changed]
    target = AuditTarget(row["id"], entity.resource, None if user else row.get("displayName"), user, listed)
    operation = verb if verb in {"Add", "Update"} else "Delete"
    activity, app_id = f"{verb} {entity.phrase}", row.get("appId", "")
    write(call, activity, operation, [target], category=entity.category, app_id=app_id)


def record_id(noise: str, correlation: str) -> str:
    """Give a record its id: the correlation id stands in it."""
    noise = noise.replace("-", "")
    return f"Directory_{correlation}_{noise[:5].upper()}_{int(noise[5:12], 16)}"


def keep(tenant: Tenant, record: Row) -> None:
    """Add a record to a tenant's log, which is in the order of time."""
    log = tenant.audit
    if not log or _moment(log[-1]) <= _moment(record):
        log.append(record)
    else:
        insort(log, record, key=_moment)


def _moment(record: Row) -> str:
    """Give the time of a record as a text that sorts as time does: without its zone, a fraction makes it
    later.
    """
    return str(record["activityDateTime"])[:-1]


def attribute(name: str, old: Any, new: Any) -> Change:
    """Write an attribute of the object itself: JSON arrays as text on both sides."""
    return {"displayName": name, "oldValue": _array(old), "newValue": _array(new)}


def fact(name: str, value: Any, *, removed: bool = False) -> Change:
    """Write a fact about a link: a JSON scalar as text on one side."""
    text = json.dumps("" if value is None else str(value))
    return {"displayName": name, "oldValue": text if removed else None, "newValue": None if removed else text}


def included(names: Iterable[str]) -> Change:
    """Write the property that ends every attribute update."""
    return fact(_INCLUDED, ", ".join(names))


def principal_names(row: Row) -> Change:
    """Write the names of a service principal, which end its records."""
    return fact("TargetId.ServicePrincipalNames", ";".join(row["servicePrincipalNames"]))


def changes(old: Row | None, new: Row, attributes: Mapping[str, Reader]) -> list[Change]:
    """Compare two rows by audit attribute; without an old row, what is set. A type without audited attributes
    has no changes.
    """
    if not attributes:
        return []
    found = []
    for name, read in attributes.items():
        before, after = read(old) if old else None, read(new)
        if (before or None) != (after or None):
            found.append(attribute(name, before, after))
    return [*found, included(str(change["displayName"]) for change in found)]


def _stub(target: AuditTarget, *, named: bool) -> AuditTarget:
    """Take the values out of an update; `named` leaves the names of what was updated."""
    ends = [each for each in target.changes if str(each["displayName"]).startswith("TargetId.")]
    listed = [each for each in target.changes if each["displayName"] == _INCLUDED]
    return replace(target, changes=[*(listed if named else [included(())]), *ends])


def _array(value: Any) -> str:
    if value is None:
        return "[]"
    return json.dumps(
        value if isinstance(value, list) else [value], separators=(",", ":"), ensure_ascii=False
    )


def _initiator(call: Call) -> dict[str, Any]:
    caller = call.caller
    if caller.kind == "user":
        user = call.tenant.users.get(caller.oid)
        identity = {
            "id": caller.oid,
            "displayName": None,
            "userPrincipalName": user["userPrincipalName"] if user else None,
            "ipAddress": "127.0.0.1",
            "userType": None,
            "homeTenantId": None,
            "homeTenantName": None,
        }
        # A delegated call shows the user alone: the client application is not in the record.
        return {"user": identity, "app": None}
    principal = call.tenant.service_principals.get(caller.oid)
    app = {
        # Null in every record that was seen.
        "appId": None,
        "displayName": principal["displayName"] if principal else None,
        "servicePrincipalId": caller.oid,
        "servicePrincipalName": None,
    }
    return {"user": None, "app": app}


def shown(target: AuditTarget) -> dict[str, Any]:
    """Write a target as a record shows it."""
    return {
        "id": target.id,
        "displayName": target.name,
        "type": target.type,
        "userPrincipalName": target.user,
        "groupType": "azureAD" if target.type == "Group" else None,
        "modifiedProperties": target.changes,
    }


def _key_descriptions(row: Row) -> list[str]:
    certificates = [
        _key(item, "AsymmetricX509Cert", item.get("usage") or "Verify") for item in row["keyCredentials"]
    ]
    return certificates + [_key(item, "Password", "Verify") for item in row["passwordCredentials"]]


def _key(item: Row, kind: str, usage: str) -> str:
    # Neither secret nor dates.
    return (
        f"[KeyIdentifier={item['keyId']},KeyType={kind},KeyUsage={usage},DisplayName="
        f"{item['displayName'] or ''}]"
    )


# The attribute of applications and service principals that a change of secrets and certificates has.
KEYS: Mapping[str, Reader] = {"KeyDescription": _key_descriptions}
