"""App management policies: the tenant's default, those of single applications, and which applications have
them.
"""

from typing import Any

from entra_emulator import app_policies
from entra_emulator.app_policies import TABLE, UNIQUE
from entra_emulator.durations import duration
from entra_emulator.graph import audit, bodies, lookup, permissions, queries, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.app_management_policy import APP_MANAGEMENT_POLICY
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, invalid_value
from entra_emulator.graph.given_policies import SPELLED, GivenPolicies, log, only
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND, _DEFAULT, _RESOURCE = "appManagementPolicy", "tenantAppManagementPolicy", "Policy"
# What only the beta endpoint has of a policy.
_BETA = {"audiences", "certificateBasedApplicationConfigurationIds"}
_AUTHORITY = "trustedCertificateAuthority"
_POLICIES = GivenPolicies(TABLE, lambda tenant: tenant.app_policies)


def get_default(call: Call) -> CollectionResponse:
    """Answer GET /policies/defaultAppManagementPolicy."""
    row = _shown(call, app_policies.default(call.tenant.choices))
    return CollectionResponse(
        200, render.entity(call, _DEFAULT, row, "policies/defaultAppManagementPolicy/$entity")
    )


def update_default(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/defaultAppManagementPolicy: complex values merge, collections replace."""
    sent = _read(
        call, _DEFAULT, frozenset({"applicationRestrictions", "isEnabled", "servicePrincipalRestrictions"})
    )
    new = _merged(app_policies.default(call.tenant.choices), sent)
    uris = (new["applicationRestrictions"] or {}).get("identifierUris") or {}
    if UNIQUE in ((sent.get("applicationRestrictions") or {}).get("identifierUris") or {}):
        # What an administrator wrote is Microsoft's no more.
        uris[UNIQUE] = {**(uris[UNIQUE] or {}), "isStateSetByMicrosoft": False}
    on = ((uris.get(UNIQUE) or {}).get("state") or "enabled") == "enabled"
    policy = {
        name: new[name] for name in ("isEnabled", "applicationRestrictions", "servicePrincipalRestrictions")
    }
    chosen = {"identifierUriPolicy": "default" if on else "off", "defaultAppManagementPolicy": policy}
    call.tenant.choices = call.tenant.choices.changed(chosen)
    audit.write(call, "Update policy", "Update", [audit.AuditTarget(new["id"], "Policy", new["displayName"])])
    return NO_CONTENT


def _insert(call: Call, _body: Row) -> Row:
    sent = _read(call, _KIND, APP_MANAGEMENT_POLICY.writable)
    bodies.require(APP_MANAGEMENT_POLICY, sent, filled=True)
    given = {**sent, "isEnabled": bool(sent.get("isEnabled"))}
    given["restrictions"] = _merged({}, sent.get("restrictions") or {})
    new = APP_MANAGEMENT_POLICY.make(**{**given, "id": call.graph.directory.ids.guid()})
    call.put(TABLE, new)
    log(call, "Add policy", "Add", new)
    return new


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/appManagementPolicies/{id}."""
    old = lookup.current(call, TABLE, _POLICIES.find(call))
    new = _merged(old, _read(call, _KIND, APP_MANAGEMENT_POLICY.writable))
    if not new["displayName"]:
        raise invalid_value("displayName", _RESOURCE)
    call.put(TABLE, new)
    log(call, "Update policy", "Update", new)
    return NO_CONTENT


def list_of_object(call: Call) -> CollectionResponse:
    """Answer GET …/{id}/appManagementPolicies: one, or none."""
    table, row = _object(call)
    ids = call.tenant.app_policies.targets(row["id"])
    found = queries.page(call, APP_MANAGEMENT_POLICY.rules, call.view(TABLE, listing=True), within=ids)
    page = queries.Page([_shown(call, each) for each in found.rows], found.token, found.count)
    return CollectionResponse(200, render.listed(call, _KIND, f"{table}('{row['id']}')/{TABLE}", page))


def assign(call: Call) -> CollectionResponse:
    """Answer POST …/{id}/appManagementPolicies/$ref: only one can be assigned
    (appmanagementpolicy-post-appliesto).
    """
    return _POLICIES.assign(call, *_object(call))


def unassign(call: Call) -> CollectionResponse:
    """Answer DELETE …/{id}/appManagementPolicies/{id}/$ref."""
    return _POLICIES.unassign(call, *_object(call))


def _object(call: Call) -> tuple[str, Row]:
    table = SPELLED[str(call.segments[0]).casefold()]
    return table, lookup.find(call, table, call.params[0])


def _read(call: Call, kind: str, writable: frozenset[str]) -> dict[str, Any]:
    body = call.object_body(kind)
    if call.version != "beta" and _has_beta(body):
        raise bad_request("Unexpected contents in request body.")
    sent = schema.check(kind, body)
    written = only(sent, writable)
    _check(sent)
    return written


def _has_beta(value: Any) -> bool:
    if isinstance(value, dict):
        return any(name in _BETA or item == _AUTHORITY or _has_beta(item) for name, item in value.items())
    return isinstance(value, list) and any(map(_has_beta, value))


def _check(value: Any) -> None:
    """Refuse a lifetime that is no duration, and a restriction that stands twice in one list."""
    if isinstance(value, dict):
        longest = value.get("maxLifetime")
        if longest is not None and duration(longest) is None:
            raise bad_request("One or more property values specified are invalid.")
        for item in value.values():
            _check(item)
    elif isinstance(value, list):
        kinds: list[Any] = []
        for item in value:
            _check(item)
            match item:
                case {"restrictionType": kind}:
                    kinds.append(kind)
        if len(set(kinds)) != len(kinds):
            raise bad_request("Request contains a property with duplicate values.")


def _merged(old: Row, sent: Row) -> Row:
    new = dict(old)
    for name, value in sent.items():
        before = old.get(name)
        new[name] = (
            _merged(before if isinstance(before, dict) else {}, value) if isinstance(value, dict) else value
        )
    return new


def _shown(call: Call, row: Row) -> Row:
    return row if call.version == "beta" else _without_beta(row)


def _without_beta(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_beta(item) for name, item in value.items() if name not in _BETA}
    if isinstance(value, list):
        kept = (
            item
            for item in value
            if not (isinstance(item, dict) and item.get("restrictionType") == _AUTHORITY)
        )
        return [_without_beta(item) for item in kept]
    return value


_ENTITIES = EntitySet(
    entity=APP_MANAGEMENT_POLICY,
    folder="policies/",
    show=_shown,
    insert=_insert,
    remove=_POLICIES.remove,
)
_ONE = "policies/defaultAppManagementPolicy"
_READ, _WRITE, _ASSIGN = permissions.POLICY_READ, permissions.APP_POLICY_WRITE, permissions.APP_POLICY_ASSIGN
ROUTES: Routes = {
    ("GET", _ONE): Route(get_default, _READ),
    ("PATCH", _ONE): Route(update_default, _WRITE),
    **_ENTITIES.routes(_READ, create=_WRITE, delete=_WRITE, reads=("", "/*")),
    ("PATCH", f"{_ENTITIES.path}/*"): Route(update, _WRITE),
    ("GET", f"{_ENTITIES.path}/*/appliesTo"): Route(_POLICIES.applies_to, _READ),
    **{
        key: route
        for table in ("applications", "servicePrincipals")
        for key, route in (
            (("GET", f"{table}/*/{TABLE}"), Route(list_of_object, _READ)),
            (("POST", f"{table}/*/{TABLE}/$ref"), Route(assign, _ASSIGN)),
            (("DELETE", f"{table}/*/{TABLE}/*/$ref"), Route(unassign, _ASSIGN)),
        )
    },
}
