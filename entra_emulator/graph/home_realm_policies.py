"""Home realm discovery policies: kept, shown and given to service principals; with one realm, they decide
nothing at sign-in.
"""

import json
from typing import Any

from entra_emulator.graph import lookup, permissions, queries, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.home_realm_discovery_policy import HOME_REALM_POLICY
from entra_emulator.graph.errors import bad_request, invalid_value, missing_value
from entra_emulator.graph.given_policies import CONFLICT, SPELLED, GivenPolicies, log, only
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND, _RESOURCE, _NAME = "homeRealmDiscoveryPolicy", "Policy", "homeRealmDiscoveryPolicies"
_REQUIRED = ("definition", "displayName")
_WRITABLE = frozenset({"definition", "description", "displayName", "isOrganizationDefault"})
_POLICIES = GivenPolicies(_NAME, lambda tenant: tenant.policies)


def list_all(call: Call) -> CollectionResponse:
    """Answer GET /policies/homeRealmDiscoveryPolicies."""
    found = queries.page(call, HOME_REALM_POLICY.rules, call.view(_NAME, listing=True))
    return CollectionResponse(200, render.listed(call, _KIND, f"policies/{_NAME}", found))


def get(call: Call) -> CollectionResponse:
    """Answer GET /policies/homeRealmDiscoveryPolicies/{id}."""
    return CollectionResponse(
        200, render.entity(call, _KIND, _POLICIES.find(call), f"policies/{_NAME}/$entity")
    )


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
    log(call, "Add policy", "Add", new)
    return CollectionResponse(201, render.entity(call, _KIND, new, f"policies/{_NAME}/$entity"))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/homeRealmDiscoveryPolicies/{id}."""
    old = lookup.current(call, _NAME, _POLICIES.find(call))
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
        log(call, "Update policy", "Update", new)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /policies/homeRealmDiscoveryPolicies/{id}: it leaves what it was given to."""
    return _POLICIES.delete(call)


def applies_to(call: Call) -> CollectionResponse:
    """Answer GET …/appliesTo: the service principals that have it."""
    return _POLICIES.applies_to(call)


def list_of_object(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/homeRealmDiscoveryPolicies, and that of an application, which has
    none.
    """
    table = SPELLED[str(call.segments[0]).casefold()]
    row = lookup.find(call, table, call.params[0])
    ids = call.tenant.policies.targets(row["id"])
    found = queries.page(call, HOME_REALM_POLICY.rules, call.view(_NAME, listing=True), within=ids)
    return CollectionResponse(200, render.listed(call, _KIND, f"{table}('{row['id']}')/{_NAME}", found))


def assign(call: Call) -> CollectionResponse:
    """Answer POST /servicePrincipals/{id}/homeRealmDiscoveryPolicies/$ref: a service principal has at most
    one.
    """
    return _POLICIES.assign(call, "servicePrincipals", _principal(call))


def unassign(call: Call) -> CollectionResponse:
    """Answer DELETE /servicePrincipals/{id}/homeRealmDiscoveryPolicies/{id}/$ref."""
    return _POLICIES.unassign(call, "servicePrincipals", _principal(call))


def _principal(call: Call) -> Row:
    row = lookup.current(call, "servicePrincipals", lookup.find(call, "servicePrincipals", call.params[0]))
    permissions.require_ownership(call, row["id"])
    return row


def _read(call: Call) -> dict[str, Any]:
    return only(schema.check(_KIND, call.object_body(_KIND)), _WRITABLE)


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
        raise bad_request(CONFLICT)


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
