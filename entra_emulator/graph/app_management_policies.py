"""App management policies: the tenant's default, those of single applications, and which applications have
them.
"""

from typing import Any

from entra_emulator import app_policies
from entra_emulator.app_policies import UNIQUE
from entra_emulator.durations import duration
from entra_emulator.graph import audit, permissions, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.app_management_policy import APP_MANAGEMENT_POLICY
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request
from entra_emulator.graph.given_policies import GivenPolicies, only
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND, _DEFAULT = "appManagementPolicy", "tenantAppManagementPolicy"
# What only the beta endpoint has of a policy.
_BETA = {"audiences", "certificateBasedApplicationConfigurationIds"}
_AUTHORITY = "trustedCertificateAuthority"


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


def _merge(call: Call, old: Row, _body: Row) -> Row:
    return _merged(old, _read(call, _KIND, APP_MANAGEMENT_POLICY.writable))


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


_POLICIES = GivenPolicies(
    EntitySet(entity=APP_MANAGEMENT_POLICY, show=_shown, merge=_merge), lambda tenant: tenant.app_policies
)
_ONE = "policies/defaultAppManagementPolicy"
ROUTES: Routes = {
    ("GET", _ONE): Route(get_default, permissions.POLICY_READ),
    ("PATCH", _ONE): Route(update_default, permissions.APP_POLICY_WRITE),
    **_POLICIES.routes(
        permissions.POLICY_READ, permissions.APP_POLICY_ASSIGN, ("applications", "servicePrincipals")
    ),
}
