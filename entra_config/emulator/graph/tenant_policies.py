"""What a tenant lets its people do, as its policies: read here, and chosen by the tenant's choices."""

from entra_config.emulator.graph import permissions
from entra_config.emulator.graph.call import Answer, Call
from entra_config.emulator.graph.routing import Route, Routes

_ASSIGNED = "ManagePermissionGrantsForSelf."
_GUEST = "10dae51f-b6af-4016-8d66-8c2a99b929b3"  # Guest User, the default of a tenant


def authorization(call: Call) -> Answer:
    """Answer GET /policies/authorizationPolicy (authorizationpolicy-get)."""
    choices = call.tenant.choices
    may_consent = choices.user_consent_policies if choices.users_may_consent else ()
    body = {
        "@odata.context": call.context("policies/authorizationPolicy/$entity"),
        "id": "authorizationPolicy",
        "allowInvitesFrom": "everyone",
        "allowedToSignUpEmailBasedSubscriptions": True,
        "allowedToUseSSPR": True,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "blockMsolPowerShell": False,
        "displayName": "Authorization Policy",
        "description": "Used to manage authorization related settings across the company.",
        "guestUserRoleId": _GUEST,
        "defaultUserRolePermissions": {
            "allowedToCreateApps": choices.users_may_register,
            "allowedToCreateSecurityGroups": True,
            "allowedToCreateTenants": True,
            "allowedToReadBitlockerKeysForOwnedDevice": True,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": [f"{_ASSIGNED}{name}" for name in may_consent],
        },
    }
    return Answer(200, body)


def consent_requests(call: Call) -> Answer:
    """Answer GET /policies/adminConsentRequestPolicy (adminconsentrequestpolicy-get); it has no id."""
    enabled = call.tenant.choices.users_may_ask_for_consent
    body = {
        "@odata.context": call.context("policies/adminConsentRequestPolicy/$entity"),
        "isEnabled": enabled,
        "version": 0,
        "notifyReviewers": enabled,
        "remindersEnabled": enabled,
        "requestDurationInDays": 30 if enabled else 0,
        "reviewers": [],
    }
    return Answer(200, body)


ROUTES: Routes = {
    ("GET", "policies/authorizationPolicy"): Route(authorization, permissions.TENANT_POLICY_READ),
    ("GET", "policies/adminConsentRequestPolicy"): Route(consent_requests, permissions.TENANT_POLICY_READ),
}
