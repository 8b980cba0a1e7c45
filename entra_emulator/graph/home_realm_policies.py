"""Home realm discovery policies: kept, shown and given to service principals; with one realm, they decide
nothing at sign-in.
"""

import json
from typing import Any

from entra_emulator.graph import bodies, lookup, permissions, queries, render, schema
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.entities.home_realm_discovery_policy import HOME_REALM_POLICY
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.graph.given_policies import CONFLICT, SPELLED, GivenPolicies, log, only
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_RESOURCE, _NAME = HOME_REALM_POLICY.resource, HOME_REALM_POLICY.table
_POLICIES = GivenPolicies(_NAME, lambda tenant: tenant.policies)


def _insert(call: Call, body: dict[str, Any]) -> Row:
    sent = _read(body)
    bodies.require(HOME_REALM_POLICY, sent, filled=True)
    new = HOME_REALM_POLICY.make(**{**sent, "id": call.graph.directory.ids.guid()})
    _check(call, new)
    call.put(_NAME, new)
    log(call, "Add policy", "Add", new)
    return new


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    sent = _read(body)
    for name in HOME_REALM_POLICY.required:
        if name in sent and not sent[name]:
            raise invalid_value(name, _RESOURCE)
    new = {**old, **sent}
    _check(call, new)
    return new


def _save(call: Call, _old: Row, new: Row) -> None:
    call.put(_NAME, new)
    log(call, "Update policy", "Update", new)


def list_of_object(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/homeRealmDiscoveryPolicies, and that of an application, which has
    none.
    """
    table = SPELLED[str(call.segments[0]).casefold()]
    row = lookup.find(call, table, call.params[0])
    ids = call.tenant.policies.targets(row["id"])
    found = queries.page(call, HOME_REALM_POLICY.rules, call.view(_NAME, listing=True), within=ids)
    return CollectionResponse(
        200, render.listed(call, HOME_REALM_POLICY.name, f"{table}('{row['id']}')/{_NAME}", found)
    )


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


def _read(body: dict[str, Any]) -> dict[str, Any]:
    sent = only(schema.check(HOME_REALM_POLICY.name, body), HOME_REALM_POLICY.writable)
    if "isOrganizationDefault" in sent:
        sent["isOrganizationDefault"] = bool(sent["isOrganizationDefault"])
    return sent


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


_ENTITIES = EntitySet(
    entity=HOME_REALM_POLICY,
    folder="policies/",
    insert=_insert,
    change=_change,
    save=_save,
    remove=_POLICIES.remove,
)
_OF_PRINCIPAL = f"servicePrincipals/*/{_NAME}"
ROUTES: Routes = {
    **_ENTITIES.routes(
        permissions.POLICY_READ,
        create=permissions.POLICY_WRITE,
        update=permissions.POLICY_WRITE,
        delete=permissions.POLICY_WRITE,
        reads=("", "/*"),
    ),
    ("GET", f"{_ENTITIES.path}/*/appliesTo"): Route(_POLICIES.applies_to, permissions.POLICY_READ),
    ("GET", _OF_PRINCIPAL): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT),
    ("GET", f"applications/*/{_NAME}"): Route(list_of_object, permissions.POLICY_READ_OF_OBJECT),
    ("POST", f"{_OF_PRINCIPAL}/$ref"): Route(assign, permissions.POLICY_ASSIGN),
    ("DELETE", f"{_OF_PRINCIPAL}/*/$ref"): Route(unassign, permissions.POLICY_ASSIGN),
}
