"""App management policies: what a tenant's administrators restrict in, the restrictions that hold for one
application out.

whose                                              hold
a policy that is enabled and assigned to it        its restrictions, and of the default's none
else the tenant's default, where it is enabled     those of applications, or of service principals

(applicationAuthenticationMethodPolicy documentation.) Microsoft set the one on identifier URIs in 2025; the
tenant may switch it off (identifier-uri-restrictions documentation).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from entra_emulator.choices import Choices
from entra_emulator.clock import read_stamp
from entra_emulator.durations import duration
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]

TABLE = "appManagementPolicies"
DEFAULT_ID = "00000000-0000-0000-0000-000000000000"
UNIQUE, NON_DEFAULT = "uriAdditionWithoutUniqueTenantIdentifier", "nonDefaultUriAddition"
_SIDES = {"applications": "applicationRestrictions", "servicePrincipals": "servicePrincipalRestrictions"}


def default(choices: Choices) -> dict[str, Any]:
    """Give the tenant's default policy as Graph's beta endpoint has it; a new tenant's has the one
    restriction of Microsoft's.
    """
    chosen = choices.app_management_policy
    apps = dict(chosen.get("applicationRestrictions") or {})
    uris = dict(apps.get("identifierUris") or {})
    before = dict(
        uris.get(UNIQUE)
        or {"excludeAppsReceivingV2Tokens": True, "excludeSaml": True, "isStateSetByMicrosoft": True}
    )
    on = choices.identifier_uri_policy == "default"
    uris = {NON_DEFAULT: uris.get(NON_DEFAULT), UNIQUE: {**before, "state": "enabled" if on else "disabled"}}
    return {
        "id": DEFAULT_ID,
        "deletedDateTime": None,
        "description": (
            "Restricts how applications and service principals are configured, where no policy of theirs "
            "does."
        ),
        "displayName": "Default app management tenant policy",
        "isEnabled": bool(chosen.get("isEnabled", True)),
        "applicationRestrictions": {
            "passwordCredentials": list(apps.get("passwordCredentials") or ()),
            "keyCredentials": list(apps.get("keyCredentials") or ()),
            "identifierUris": uris,
            "audiences": apps.get("audiences"),
        },
        "servicePrincipalRestrictions": {
            name: list((chosen.get("servicePrincipalRestrictions") or {}).get(name) or ())
            for name in ("passwordCredentials", "keyCredentials")
        },
    }


def holding(tenant: Tenant, table: str, row: Row) -> tuple[str, dict[str, Any]]:
    """Give the id of the policy that holds for an object of a table, and its restrictions; none of a
    policy that is off.
    """
    for policy_id in sorted(tenant.app_policies.targets(row["id"])):
        policy = tenant.tables[TABLE].get(policy_id)
        if policy is not None and policy["isEnabled"]:
            restrictions = dict(policy["restrictions"] or {})
            of_applications = restrictions.pop("applicationRestrictions", None) or {}
            return policy_id, {**restrictions, **of_applications}
    policy = default(tenant.choices)
    return DEFAULT_ID, dict(policy[_SIDES[table]]) if policy["isEnabled"] else {}


def listed(restrictions: Row, name: str, kind: str, created: str) -> Row | None:
    """Give the restriction of a kind on passwords or keys where it holds for an object made at a time,
    else none.
    """
    found = next((each for each in restrictions.get(name) or () if each.get("restrictionType") == kind), None)
    return found if holds(found, created) else None


def holds(restriction: Row | None, created: str) -> bool:
    """Tell whether a restriction is on, and the object made at or after the moment from which it holds.

    One without a state is on, as before there were states (tenantAppManagementPolicy documentation of 2023).
    """
    if not restriction or restriction.get("state", "enabled") not in {"enabled", None}:
        return False
    since = restriction.get("restrictForAppsCreatedAfterDateTime")
    return since is None or read_stamp(created) >= read_stamp(since)


def too_long(restriction: Row | None, start: str, end: str) -> bool:
    """Tell whether a credential lives longer than a restriction lets it."""
    longest = duration((restriction or {}).get("maxLifetime") or "")
    # A day and a second is no longer than a day: clients count from their own clock.
    return longest is not None and read_stamp(end) - read_stamp(start) > longest + timedelta(minutes=1)
