"""Rules of scopes, roles and authorized clients: the old and the new application in, a refusal out."""

import re
from typing import Any

from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import (
    ODataError,
    bad_request,
    duplicate_values,
    enabled_entitlement,
    invalid_value,
)
from entra_emulator.table import Row

MOST_PERMISSIONS = 700
MOST_ENTRIES = 1200
# 120 by the documentation, yet the portal took more (terraform-provider-azuread#1005).
_LONGEST_VALUE = 249
_VALUE = re.compile(
    r"[0-9A-Za-z:!#$%&'()*+,\-/;<=>?@\[\]^_`{|}~][0-9A-Za-z:!#$%&'()*+,\-./;<=>?@\[\]^_`{|}~]*"
)
_MEMBERS = {"User", "Application"}
# Clients of Microsoft's that people authorize where their tenant has no service principal of them yet.
_MICROSOFT = {
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",  # Azure CLI
    "04f0c124-f2bc-4f59-8241-bf6df9866bbd",  # Visual Studio
    "1950a258-227b-4e31-a9cf-717495945fc2",  # Azure PowerShell
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264",  # Teams
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",  # Teams in the browser
    "aebc6443-996d-45c2-90f0-388ff96faa56",  # VS Code
}


def check_permissions(call: Call, old: Row | None, new: Row) -> None:
    """Check scopes and roles: form, uniqueness, and what may not change while it is enabled."""
    scopes, roles = new["api"]["oauth2PermissionScopes"], new["appRoles"]
    for scope in scopes:
        if (
            not scope["id"]
            or not scope["value"]
            or not _is_value(scope["value"])
            or scope["type"] not in {"User", "Admin", None}
        ):
            raise invalid_value("api", "Application")
    for role in roles:
        members = role["allowedMemberTypes"]
        wrong = not role["id"] or (role["value"] and not _is_value(role["value"]))
        if wrong or not members or not set(members) <= _MEMBERS:
            raise invalid_value("appRoles", "Application")
    _check_doubles(scopes, "api.oauth2PermissionScopes")
    _check_doubles(roles, "appRoles")
    _check_shared(scopes, roles)
    if len(scopes) + len(roles) > MOST_PERMISSIONS or _entries(new) > MOST_ENTRIES:
        text = (
            "The size of the object has exceeded its limit. Please reduce the number of values and retry "
            "your request"
        )
        raise ODataError(403, "Directory_ResourceSizeExceeded", text)
    if old is not None and not call.graph.faults.plan.edits_while_enabled:
        _check_enabled(old["api"]["oauth2PermissionScopes"], scopes)
        _check_enabled(old["appRoles"], roles)


def check_authorized_clients(call: Call, old: Row | None, new: Row) -> None:
    """Check that authorized clients exist, and that their scopes were stored before this request."""
    entries = new["api"]["preAuthorizedApplications"]
    known = {entry["appId"] for entry in old["api"]["preAuthorizedApplications"]} if old else set()
    stored = {scope["id"] for scope in old["api"]["oauth2PermissionScopes"]} if old else set()
    if len({entry["appId"] for entry in entries}) != len(entries):
        raise duplicate_values()
    for entry in entries:
        if entry["appId"] not in known and not _exists(call, entry["appId"] or ""):
            text = (
                f"Property PreAuthorizedApplication references applications {entry['appId']} that cannot "
                "be found."
            )
            raise bad_request(text, "InvalidValue")
        if not stored.issuperset(entry["delegatedPermissionIds"]):
            # Also for a scope that this very request adds (microsoft-graph-docs#12675, #20177).
            target = "api.preAuthorizedApplications.delegatedPermissionIds"
            text = f"Property {target} has a Permission Id that cannot be found in the AppPermissions sets."
            raise bad_request(text, "InvalidValue", details=[{"target": target, "code": "InvalidValue"}])


def _exists(call: Call, app_id: str) -> bool:
    """Clients may be of this tenant, of another one, or Microsoft's own."""
    if app_id.casefold() in _MICROSOFT or call.view("applications").find("appId", app_id.casefold()):
        return True
    others = [tenant for tenant in call.graph.directory.tenants.values() if tenant is not call.tenant]
    if any(tenant.application_by_app_id(app_id) for tenant in others):
        return True
    principal = call.tenant.service_principal_by_app_id(app_id)
    return principal is not None and principal["appOwnerOrganizationId"] != call.tenant.tenant_id


def _is_value(value: str) -> bool:
    return len(value) <= _LONGEST_VALUE and _VALUE.fullmatch(value) is not None


def _check_doubles(items: list[Row], target: str) -> None:
    if len({item["id"].casefold() for item in items}) != len(items):
        raise duplicate_values()
    values = [item["value"].casefold() for item in items if item["value"]]
    if len(set(values)) != len(values):
        # microsoft-graph-docs#21667
        text = "Request contains a property with duplicate values."
        raise bad_request(text, "DuplicateValue", details=[{"code": "DuplicateValue", "target": target}])


def _check_shared(scopes: list[Row], roles: list[Row]) -> None:
    """Let a role and a scope share id and value if texts and state agree (terraform-provider-azuread#610)."""
    by_id = {role["id"].casefold(): role for role in roles}
    by_value = {role["value"].casefold(): role for role in roles if role["value"]}
    for scope in scopes:
        twin = by_id.get(scope["id"].casefold())
        same_value = by_value.get(scope["value"].casefold())
        if twin is None and same_value is None:
            continue
        agrees = (
            twin is not None
            and twin is same_value
            and twin["description"] == scope["adminConsentDescription"]
            and twin["displayName"] == scope["adminConsentDisplayName"]
            and twin["isEnabled"] == scope["isEnabled"]
        )
        if not agrees:
            raise duplicate_values()


def _check_enabled(before: list[Row], after: list[Row]) -> None:
    by_id = {item["id"]: item for item in after}
    for item in before:
        if not item["isEnabled"]:
            continue
        now = by_id.get(item["id"])
        # One that the collection merely leaves out counts as removed (msgraph-sdk-powershell#1054).
        if now is None or {**now, "isEnabled": True} != item:
            raise enabled_entitlement()


def _entries(app: Row) -> int:
    """Count what the manifest limit counts: the elements of all collections."""
    counted: list[Any] = [
        app["tags"],
        app["identifierUris"],
        app["appRoles"],
        app["keyCredentials"],
        app["passwordCredentials"],
    ]
    counted += [app[platform]["redirectUris"] for platform in ("web", "spa", "publicClient")]
    counted += [app["api"]["oauth2PermissionScopes"], app["api"]["knownClientApplications"]]
    counted += [entry["delegatedPermissionIds"] for entry in app["api"]["preAuthorizedApplications"]]
    counted += [resource["resourceAccess"] for resource in app["requiredResourceAccess"]]
    return sum(len(values) for values in counted)
