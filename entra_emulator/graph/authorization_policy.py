"""The authorization policy: what a tenant's people may do without a directory role, as its choices have
it.
"""

from typing import Any

from entra_emulator.graph import audit, permissions, render, schema
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request
from entra_emulator.graph.routing import Route, Routes

_KIND, _ID = "authorizationPolicy", "authorizationPolicy"
# How a permission grant policy that people have for themselves is written (authorizationpolicy-update
# documentation).
SELF = "ManagePermissionGrantsForSelf."
_CHOSEN = frozenset({"allowedToCreateApps", "permissionGrantPoliciesAssigned"})


def get(call: Call) -> CollectionResponse:
    """Answer GET /policies/authorizationPolicy."""
    return CollectionResponse(
        200, render.entity(call, _KIND, _row(call), "policies/authorizationPolicy/$entity")
    )


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /policies/authorizationPolicy: who registers applications, and what people consent to."""
    sent = schema.check(_KIND, call.object_body(_KIND))
    requested = sent.pop("defaultUserRolePermissions", None) or {}
    row = _row(call)
    for name, value in (
        *sent.items(),
        *((name, requested[name]) for name in requested if name not in _CHOSEN),
    ):
        shown = row["defaultUserRolePermissions"].get(name) if name in requested else row.get(name)
        if value not in (None, shown):
            # Kept as it is: nothing here would act by it.
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    chosen: dict[str, Any] = {}
    if "allowedToCreateApps" in requested:
        chosen["usersMayRegister"] = requested["allowedToCreateApps"]
    if "permissionGrantPoliciesAssigned" in requested:
        names = [
            name[len(SELF) :]
            for name in requested["permissionGrantPoliciesAssigned"]
            if name.startswith(SELF)
        ]
        chosen |= {"usersMayConsent": bool(names), **({"userConsentPolicies": names} if names else {})}
    try:
        call.tenant.choices = call.tenant.choices.changed(chosen)
    except ValueError as error:
        raise bad_request("One or more property values specified are invalid.") from error
    audit.write(
        call, "Update authorization policy", "Update", [audit.AuditTarget(_ID, "Policy", row["displayName"])]
    )
    return NO_CONTENT


def _row(call: Call) -> dict[str, Any]:
    choices = call.tenant.choices
    granted = [f"{SELF}{name}" for name in choices.user_consent_policies] if choices.users_may_consent else []
    return {
        "id": _ID,
        "allowInvitesFrom": "everyone",
        "allowedToSignUpEmailBasedSubscriptions": True,
        "allowedToUseSSPR": True,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowUserConsentForRiskyApps": None,
        "blockMsolPowerShell": False,
        "deletedDateTime": None,
        "description": "Used to manage authorization related settings across the company.",
        "displayName": "Authorization Policy",
        # "Guest user", the middle one of the three that there are.
        "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "defaultUserRolePermissions": {
            "allowedToCreateApps": choices.users_may_register,
            "allowedToCreateSecurityGroups": True,
            "allowedToCreateTenants": True,
            "allowedToReadBitlockerKeysForOwnedDevice": True,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": granted,
        },
    }


_PATH = "policies/authorizationPolicy"
ROUTES: Routes = {
    ("GET", _PATH): Route(get, permissions.AUTHORIZATION_READ),
    ("PATCH", _PATH): Route(update, permissions.AUTHORIZATION_WRITE),
}
