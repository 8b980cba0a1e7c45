"""Home realm discovery policies: kept, shown and given to service principals; with one realm, they decide
nothing at sign-in.
"""

import json
from typing import Any

from entra_config.emulator.graph import (
    audit,
    linked,
    lookup,
    permissions,
    queries,
    references,
    render,
    rules,
    schema,
)
from entra_config.emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_config.emulator.graph.errors import (
    bad_request,
    invalid_value,
    missing_value,
    not_found,
    reference_missing,
)
from entra_config.emulator.graph.routing import Route, Routes
from entra_config.emulator.table import Row

_KIND, _RESOURCE, _NAME = "homeRealmDiscoveryPolicy", "Policy", "homeRealmDiscoveryPolicies"
_COLLECTIONS = {f"policies/{_NAME}".casefold(): None}
_REQUIRED = ("definition", "displayName")
_WRITABLE = frozenset({"definition", "description", "displayName", "isOrganizationDefault"})
_CONFLICT = (
    "A conflicting object with one or more of the specified property values is present in the directory"
)


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /policies/homeRealmDiscoveryPolicies."""
    found = queries.page(call, rules.HOME_REALM_POLICY, call.view(_NAME, listing=True))
    return CollectionResponse(200, render.listed(call, _KIND, f"policies/{_NAME}", found))


def get(call: Call) -> CollectionResponse:
    """Answer GET /policies/homeRealmDiscoveryPolicies/{id}."""
    return CollectionResponse(200, render.entity(call, _KIND, _find(call), f"policies/{_NAME}/$entity"))


def create(call: Call) -> CollectionResponse:
    """Answer POST /policies/homeRealmDiscoveryPolicies."""
    sent = _read(call)
    for name in _REQUIRED:
        if not sent.get(name):
            raise missing_value(name, _RESOURCE)
    new: Row = {
        "id": call.graph.directory.ids.guid(),
        "deletedDateTime": None,
        "definition": sent["definition"],
        "description": sent.get("description"),
        "displayName": sent["displayName"],
        "isOrganizationDefault": bool(sent.get("isOrganizationDefault")),
    }
    _check(call, new)
    call.put(_NAME, new)
    _audit(call, "Add policy", "Add", new)
    return CollectionResponse(201, render.entity(call, _KIND, new, f"policies/{_NAME}/$entity"))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/homeRealmDiscoveryPolicies/{id}."""
    old = lookup.current(call, _NAME, _find(call))
    sent = _read(call)
    for name in _REQUIRED:
        if name in sent and not sent[name]:
            raise invalid_value(name, _RESOURCE)
    new = {
        **old,
        **sent,
        "isOrganizationDefault": bool(sent.get("isOrganizationDefault", old["isOrganizationDefault"])),
    }
    _check(call, new)
    if new != old:
        call.put(_NAME, new)
        _audit(call, "Update policy", "Update", new)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /policies/homeRealmDiscoveryPolicies/{id}: it leaves what it was given to."""
    row = lookup.current(call, _NAME, _find(call))
    call.remove(_NAME, row["id"])
    call.tenant.policies.drop(row["id"])
    _audit(call, "Delete policy", "Delete", row)
    return NO_CONTENT


def applies_to(call: Call) -> CollectionResponse:
    """Answer GET …/appliesTo: the service principals that have it."""
    return linked.answer(call, call.tenant.policies.sources(_find(call)["id"]))


def list_of_object(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/homeRealmDiscoveryPolicies, and that of an application, which has
    none.
    """
    table = "applications" if str(call.segments[0]).casefold() == "applications" else "servicePrincipals"
    row = lookup.find(call, table, call.params[0])
    ids = sorted(call.tenant.policies.targets(row["id"]))
    found = queries.page(call, rules.HOME_REALM_POLICY, call.view(_NAME, listing=True), within=ids)
    return CollectionResponse(200, render.listed(call, _KIND, f"{table}('{row['id']}')/{_NAME}", found))


def assign(call: Call) -> CollectionResponse:
    """Answer POST /servicePrincipals/{id}/homeRealmDiscoveryPolicies/$ref: a service principal has at most
    one.
    """
    principal = _principal(call)
    _, policy_id = references.key(call, references.link(call), _COLLECTIONS)
    policy = call.view(_NAME).get(policy_id.casefold())
    if policy is None:
        raise not_found(policy_id)
    if call.tenant.policies.targets(principal["id"]):
        # configure-authentication-for-federated-users documentation: only one can be active; the text is a
        # guess.
        raise bad_request(_CONFLICT)
    call.tenant.policies.add(principal["id"], policy["id"])
    _audit(call, "Add policy to service principal", "Assign", policy, principal)
    return NO_CONTENT


def unassign(call: Call) -> CollectionResponse:
    """Answer DELETE /servicePrincipals/{id}/homeRealmDiscoveryPolicies/{id}/$ref."""
    principal = _principal(call)
    policy = str(call.params[1]).casefold()
    if not call.tenant.policies.remove(principal["id"], policy):
        raise reference_missing(_NAME)
    row = call.tenant.tables[_NAME].get(policy)
    if row is not None:
        _audit(call, "Remove policy from service principal", "Unassign", row, principal)
    return NO_CONTENT


def _principal(call: Call) -> Row:
    row = lookup.current(call, "servicePrincipals", lookup.find(call, "servicePrincipals", call.params[0]))
    permissions.require_ownership(call, row["id"])
    return row


def _find(call: Call) -> Row:
    row = call.view(_NAME).get(str(call.params[0]).casefold())
    if row is None:
        raise not_found(str(call.params[0]))
    return row


def _read(call: Call) -> dict[str, Any]:
    sent = schema.check(_KIND, call.object_body(_KIND))
    for name in sent:
        if name not in _WRITABLE and sent[name] is not None:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    return {name: value for name, value in sent.items() if name in _WRITABLE}


def _check(call: Call, new: Row) -> None:
    """Refuse a definition that defines no such policy, and a second default: how Graph refuses either was
    not seen.
    """
    for text in new["definition"]:
        try:
            defined = json.loads(text)
        except ValueError:
            defined = None
        if not isinstance(defined, dict) or not isinstance(defined.get("HomeRealmDiscoveryPolicy"), dict):
            raise invalid_value("definition", _RESOURCE)
    others = (row for row in call.tenant.tables[_NAME] if row["id"] != new["id"])
    if new["isOrganizationDefault"] and any(row["isOrganizationDefault"] for row in others):
        raise bad_request(_CONFLICT)


def _audit(call: Call, activity: str, operation: str, policy: Row, principal: Row | None = None) -> None:
    targets = [audit.AuditTarget(policy["id"], "Policy", policy["displayName"])]
    if principal is not None:
        targets.insert(0, audit.AuditTarget(principal["id"], "ServicePrincipal", principal["displayName"]))
    audit.write(
        call, activity, operation, targets, app_id=principal["appId"] if principal is not None else ""
    )


_PATH, _OF_PRINCIPAL = f"policies/{_NAME}", f"servicePrincipals/*/{_NAME}"
ROUTES: Routes = {
    ("GET", _PATH): Route(list_all, permissions.POLICY_READ),
    ("POST", _PATH): Route(create, permissions.POLICY_WRITE),
    ("GET", f"{_PATH}/*"): Route(get, permissions.POLICY_READ),
    ("PATCH", f"{_PATH}/*"): Route(update, permissions.POLICY_WRITE),
    ("DELETE", f"{_PATH}/*"): Route(delete, permissions.POLICY_WRITE),
    ("GET", f"{_PATH}/*/appliesTo"): Route(applies_to, permissions.POLICY_READ),
    ("GET", _OF_PRINCIPAL): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT),
    ("GET", f"applications/*/{_NAME}"): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT),
    ("POST", f"{_OF_PRINCIPAL}/$ref"): Route(assign, permissions.POLICY_ASSIGN),
    ("DELETE", f"{_OF_PRINCIPAL}/*/$ref"): Route(unassign, permissions.POLICY_ASSIGN),
}
